"""Logs in the format of llm.c. Nothing is trained: the values are made up."""

import math
import random

README = """\
NOT made by llm.c, which needs a GPU: written by `Tests/InteropTests/Python/make-fixtures.py` to the format that
`train_gpt2.cu` prints (`stdout.log`) and `llmc/logger.h` writes (`main.log`). The values are made up.

Both are of one run, stopped after step 230 and started again from its checkpoint at 200 (`-y 1`), which appends
to `main.log`. `main.log` counts steps from 0 and gives the rate in six decimals; stdout counts from 1.
`main.log` alone does not tell the batch or the model: the table in stdout does.
"""

TOTAL, WARMUP, PEAK = 400, 40, 6e-4
RULE = "+-----------------------+----------------------------------------------------+"


def rate(step):
    if step < WARMUP:
        return PEAK * (step + 1) / WARMUP
    return PEAK / 2 * (1 + math.cos(math.pi * (step - WARMUP) / (TOTAL - WARMUP)))


def loss(step, noise):
    return 3.4 + 7.5 * (1 + step / 10) ** -0.7 + noise.gauss(0, 0.02)


def table(resumed):
    rows = [
        ("train data pattern", "dev/data/fineweb10B/fineweb_train_*.bin"),
        ("val data pattern", "dev/data/fineweb10B/fineweb_val_*.bin"), ("output log dir", "log124M"),
        ("checkpoint_every", 200), ("resume", int(resumed)), ("micro batch size B", 64), ("sequence length T", 1024),
        ("total batch size", 524288), ("LR scheduler", "cosine"), ("learning rate (LR)", f"{PEAK:e}"),
        ("warmup iterations", WARMUP), ("final LR fraction", f"{0:e}"), ("weight decay", f"{0.1:e}"),
        ("skip update lossz", f"{0:f}"), ("skip update gradz", f"{0:f}"), ("max_steps", TOTAL),
        ("val_loss_every", 100), ("val_max_steps", 20), ("sample_every", 20000), ("genT", 64),
        ("overfit_single_batch", 0), ("use_master_weights", "enabled"), ("gelu_fusion", 0), ("recompute", 1),
        None, ("device", "NVIDIA A100-SXM4-80GB"), ("peak TFlops", "312.0"), ("precision", "BF16"), None,
        ("weight init method", "intermediate checkpoint" if resumed else "d12"), ("max_sequence_length T", 1024),
        ("vocab_size V", 50257), ("padded_vocab_size Vp", 50304), ("num_layers L", 12), ("num_heads NH", 12),
        ("channels C", 768), ("num_parameters", 124475904), None, ("train_num_batches", TOTAL),
        ("val_num_batches", 20), None, ("run hellaswag", "yes"), None, ("num_processes", 1), ("zero_stage", 0)]
    lines = ["Multi-GPU support is disabled. Using a single GPU.", RULE,
             "| Parameter             | Value                                              |", RULE]
    lines += [RULE if row is None else f"| {row[0]:<21} | {row[1]!s:<50} |" for row in rows]
    return lines + [RULE, "num_parameters: 124475904 => bytes: 248951808",
                    "allocated 237 MiB for model parameters",
                    "batch_size B=64 * seq_len T=1024 * num_processes=1 and total_batch_size=524288",
                    "=> setting grad_accum_steps=8"]


def run(first, last, noise, stdout, main):
    for step in range(first, last + 1):
        if step % 100 == 0 or step == TOTAL:
            value = loss(step, noise) + 0.03
            stdout.append(f"val loss {value:f}")
            main.append(f"s:{step} tel:{value:.4f}")
            if step > 0:
                right = 2500 + step
                stdout.append("".join(f"evaluating HellaSwag: {batch}/79\r" for batch in range(0, 79, 10))
                              + f"HellaSwag: {right}/10042 = {right / 10042:f}")
                main.append(f"s:{step} eval:{right / 10042:.4f}")
        if step == TOTAL:
            break
        value, norm = loss(step, noise), 0.5 + noise.random()
        scores = ("+nan", "+nan") if step - first < 128 else (f"{noise.gauss(0, 1):+.2f}", f"{noise.gauss(0, 1):+.2f}")
        stdout.append(f"step {step + 1:4d}/{TOTAL} | loss {value:7.6f} ({scores[0]}z)| norm {norm:6.4f} "
                      f"({scores[1]}z)| lr {rate(step):.2e} | {2980 + noise.random():.2f} ms | "
                      f"{44.5:.1f}% bf16 MFU | {175900 + noise.randrange(99)} tok/s")
        main.append(f"s:{step} trl:{value:.4f} lr:{rate(step):.6f} norm:{norm:.2f}")
        if (step + 1) % 200 == 0:
            stdout.append("Writing model to log124M/model_%08d.bin" % (step + 1))


def make(folder):
    kept, noise = folder / "llmc", random.Random(1)
    kept.mkdir()
    stdout, main = table(False), []
    run(0, 230, noise, stdout, main)
    stdout += table(True)
    run(200, TOTAL, noise, stdout, main)
    stdout.append("total average iteration time: 2981.234567 ms")
    (kept / "stdout.log").write_text("\n".join(stdout) + "\n")
    (kept / "main.log").write_text("\n".join(main) + "\n")
    (kept / "README.md").write_text(README)
