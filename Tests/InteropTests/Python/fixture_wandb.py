"""Offline runs of Weights & Biases: one that finished, one that failed, one that was killed."""

import math
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import wandb

README = """\
Offline runs that wandb {version} wrote, made by `Tests/InteropTests/Python/make-fixtures.py`.

- `finished01`: 140 steps in more than three blocks, so that records lie across blocks; nested settings, a
  nested metric, text, booleans, a step that is skipped, validation on some steps. Exit code 0.
- `diverged01`: losses of Infinity and NaN; values in both of wandb's forms, as with
  `x_history_value_encoding="json,typed"`, which is not the default; a setting of 65,600 characters, so that a
  record fills a whole block. Exit code 1.
- `crashed001`: killed while it ran: no exit record, and the last record may be cut off.

Kept of each is the `.wandb` file; wandb writes its other files when it uploads. What wandb notes of the machine, the
user, git, the code and the console is switched off.
"""

CONFIG = {
    "model": {"family": "llama", "width": 256, "layers": 4, "heads": 4, "vocabulary": 32000,
              "tied": False, "rope": {"base": 10000.0}},
    "optimizer": {"name": "adamw", "lr": 3e-3, "betas": [0.9, 0.95], "weight_decay": 0.1, "eps": 1e-8},
    "schedule": {"kind": "cosine", "warmup_steps": 40, "min_lr": 3e-4},
    "batch_size": 64, "sequence_length": 512, "seed": 1, "params_total": 19_529_984, "steps": 140,
    "note": "größe \u2713 \"quoted\"\n", "resume_from": None,
}


def start(folder, identifier, **settings):
    return wandb.init(
        mode="offline", dir=str(folder), project="sweep", id=identifier, name=identifier, entity="lab",
        tags=["small", "fixture"], config=CONFIG,
        settings=wandb.Settings(
            silent=True, console="off", save_code=False, disable_code=True, disable_git=True,
            disable_job_creation=True, host="machine", username="user", email="", x_disable_meta=True,
            x_disable_stats=True, x_disable_machine_info=True, x_save_requirements=False,
            program="train.py", x_executable="python", x_transaction_log_flush_interval=0.2,
            **settings))


def rate(step):
    warmup, steps, peak, floor = 40, 140, 3e-3, 3e-4
    if step < warmup:
        return peak * (step + 1) / warmup
    return floor + (peak - floor) / 2 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


def metrics(step, noise):
    loss = 3.2 + 7 * (step + 1) ** -0.5 + noise.gauss(0, 0.02)
    return {"train/loss": loss, "train/lr": rate(step), "train/tokens": (step + 1) * 64 * 512,
            "grad_norm": 0.3 + noise.random(), "optim": {"group0": {"lr": rate(step)},
                                                         "group1": {"lr": rate(step) / 2}}}


def finished(folder):
    run, noise = start(folder, "finished01"), random.Random(1)
    run.define_metric("val/*", step_metric="train/tokens", summary="min")
    for step in range(140):
        if step == 120:
            continue
        logged = metrics(step, noise)
        logged["phase"] = "warmup" if step < 40 else "decay"
        logged["clipped"] = logged["grad_norm"] > 1
        if step % 50 == 49:
            run.log({"val/loss": logged["train/loss"] + 0.05, "val/ppl": None}, step=step, commit=False)
        run.log(logged, step=step)
    run.summary["final/val_loss"] = 3.551
    run.summary["best"] = {"step": 139, "loss": 3.55}
    run.finish(exit_code=0)


def diverged(folder):
    run, noise = start(folder, "diverged01", x_history_value_encoding="json,typed"), random.Random(2)
    run.config.update({"optimizer": {**CONFIG["optimizer"], "lr": 3e-2}}, allow_val_change=True)
    run.config.update({"vocabulary_file": "abcdefgh" * 8200})
    for step in range(40):
        logged = metrics(step, noise)
        if step >= 30:
            logged["train/loss"] = math.inf if step < 35 else math.nan
            logged["grad_norm"] = -math.inf if step == 30 else math.nan
        run.log({**logged, "phase": "warmup", "clipped": step > 20, "skipped": None, "counts": [1, 2, step]})
    run.finish(exit_code=1)


def crashed(folder):
    run, noise = start(folder, "crashed001"), random.Random(3)
    for step in range(40):
        run.log(metrics(step, noise))
    time.sleep(2)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def make(folder):
    raw, kept = folder / "raw", folder / "wandb"
    environment = {**os.environ, "WANDB_ERROR_REPORTING": "false", "WANDB_MODE": "offline"}
    for part in ("finished", "diverged", "crashed"):
        raw.mkdir(exist_ok=True)
        ended = subprocess.run([sys.executable, __file__, part, raw], start_new_session=True,
                               env=environment, stdout=subprocess.DEVNULL)
        if (ended.returncode != 0) != (part == "crashed"):
            sys.exit(f"wandb's run {part} ended with {ended.returncode}")
    for run in sorted((raw / "wandb").glob("offline-run-*")):
        name = "offline-run-20240102_030405-" + run.name.rsplit("-", 1)[1]
        (kept / name).mkdir(parents=True)
        for file in run.glob("*.wandb"):
            shutil.copy(file, kept / name)
    shutil.rmtree(raw)
    (kept / "README.md").write_text(README.format(version=wandb.__version__))


if __name__ == "__main__":
    {"finished": finished, "diverged": diverged, "crashed": crashed}[sys.argv[1]](Path(sys.argv[2]))
