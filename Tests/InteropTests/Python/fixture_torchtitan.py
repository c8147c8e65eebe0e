"""Logs in the format of torchtitan's stdout. Nothing is trained: the values are made up."""

import json
import math
import random

README = """\
NOT made by torchtitan, which needs a GPU: written by `Tests/InteropTests/Python/make-fixtures.py` to the format
that its `components/metrics.py`, `components/optimizer` and `trainer.py` print (2026-08; `plain.log`: 2025). The
values are made up.

- `coloured.log`: ANSI codes, its settings as JSON, a line for each group of the optimizer, validation every 50
  steps.
- `plain.log`: behind torchrun's label of the rank and without colours, no `tflops`; started again from step
  100 after step 120, so that steps repeat; from step 180 the loss is nan.
"""

COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36",
           "reset": "39", "orange": "38;2;180;60;0", "turquoise": "38;2;54;234;195"}
SETTINGS = {
    "model": {"name": "llama3", "flavor": "debugmodel", "hf_assets_path": "./tests/assets/tokenizer"},
    "optimizer": {"name": "AdamW", "lr": 0.0008, "beta1": 0.9, "beta2": 0.95, "eps": 1e-08, "weight_decay": 0.1},
    "lr_scheduler": {"warmup_steps": 20, "decay_ratio": 0.8, "decay_type": "linear", "min_lr_factor": 0.0},
    "training": {"dataset": "c4", "local_batch_size": 8, "global_batch_size": 64, "seq_len": 2048,
                 "max_norm": 1.0, "steps": 200, "seed": 1},
    "validation": {"enable": True, "freq": 50, "steps": 10},
}


def colour(name, coloured):
    return f"\033[{COLOURS[name]}m" if coloured else ""


def loss(step, noise):
    return 2.9 + 5.3 * (1 + step / 8) ** -0.6 + noise.gauss(0, 0.01)


class Log:
    def __init__(self, coloured, label="", seed=1):
        self.lines, self.coloured, self.label = [], coloured, label
        self.noise, self.milliseconds = random.Random(seed), 5_678

    def info(self, message, level="INFO"):
        self.milliseconds += 731
        seconds = self.milliseconds // 1000
        time = f"2026-01-02 03:{4 + seconds // 60:02d}:{seconds % 60:02d},{self.milliseconds % 1000:03d}"
        self.lines.append(f"{self.label}[titan] {time} - root - {level} - {message}")

    def step(self, step, value, tflops=True):
        paint = lambda name: colour(name, self.coloured)
        speed = 12_345 + self.noise.randrange(100)
        message = (f"{paint('red')}step: {step:2}  {paint('green')}loss: {value:7.4f}  "
                   f"{paint('orange')}grad_norm: {0.5 + self.noise.random():7.4f}  "
                   f"{paint('turquoise')}memory: {12.34:5.2f}GiB({15.43:.2f}%)  {paint('blue')}tps: {speed:,}  ")
        if tflops:
            message += f"{paint('cyan')}tflops: {100.25:,.2f}  "
        self.info(message + f"{paint('magenta')}mfu: {32.1:.2f}%{paint('reset')}")

    def validate(self, step, value):
        paint = lambda name: colour(name, self.coloured)
        self.info(f"{paint('yellow')}validate step: {step:2}  {paint('green')}loss: {value:7.4f}  "
                  f"{paint('turquoise')}memory: {12.34:5.2f}GiB({15.43:.2f}%)  "
                  f"{paint('blue')}tps: {23_456:,}{paint('reset')}")


def coloured():
    log = Log(True)
    log.info("Running with configs: " + json.dumps(SETTINGS, indent=2))
    log.info("Building device mesh with parallelism: pp=1, dp_replicate=1, dp_shard=8, cp=1, tp=1, ep=1")
    log.info("CUDA capacity: NVIDIA H100 80GB HBM3 with 79.11GiB memory")
    log.info(f"{colour('blue', True)}Model llama3 debugmodel {colour('red', True)}size: 6,163,712 total "
             f"parameters{colour('reset', True)}")
    log.info("Applied FSDP to the model")
    log.info("Optimizer AdamW (model_part=0): 1 params [tok_embeddings\\.weight] {'lr': 0.0016, 'betas': (0.9, 0.95), "
             "'eps': 1e-08, 'weight_decay': 0.0, 'foreach': None, 'fused': True}")
    log.info("Optimizer AdamW (model_part=0): 55 params [.*] {'lr': 0.0008, 'betas': (0.9, 0.95), 'eps': 1e-08, "
             "'weight_decay': 0.1, 'foreach': None, 'fused': True}")
    log.info("Peak FLOPS used for computing MFU: 9.890e+14")
    log.info("CUDA memory usage for model: 0.01GiB(0.01%)")
    log.info("Trainer is initialized with 16384 tokens per DP rank, 131072 tokens per train step, gradient "
             "accumulation steps 1, maximum context length 2048, total steps 200 (warmup 20)")
    log.info("Training starts at step 1")
    for step in [1, *range(10, 201, 10)]:
        log.step(step, loss(step, log.noise))
        if step % 50 == 0:
            log.validate(step, loss(step, log.noise) + 0.04)
    log.info("Sleeping 2 seconds for other ranks to complete")
    log.info("Training completed")
    log.info("Process group destroyed")
    return log.lines


def plain():
    log = Log(False, "[rank0]:", 2)

    def start(step):
        log.info("Starting job: Llama 3 debug training")
        log.info("Building llama3 debugmodel with TransformerModelArgs(_enforced='This field is used to enforce all "
                 "fields have defaults.', dim=256, n_layers=6, n_heads=16, n_kv_heads=None, vocab_size=2256, "
                 "multiple_of=256, ffn_dim_multiplier=None, norm_eps=1e-05, rope_theta=500000, max_seq_len=2048)")
        log.info("Model llama3 debugmodel size: 6,163,712 total parameters")
        if step > 0:
            log.info(f"Loading the checkpoint from outputs/checkpoint/step-{step}.")
            log.info("Finished loading the checkpoint in 0.50 seconds.")
        log.info("Trainer is initialized with local batch size 8, global batch size 64, gradient accumulation steps 1, "
                 "sequence length 2048, total steps 200 (warmup 20)")
        log.info(f"Training starts at step {step + 1}")

    def steps(numbers):
        for step in numbers:
            log.step(step, loss(step, log.noise) if step < 180 else math.nan, tflops=False)
            if step % 100 == 0:
                log.info(f"Saving the checkpoint at step {step}." if step < 200
                         else "Saving the checkpoint (or staging if async is enabled).")

    start(0)
    steps([1, *range(10, 121, 10)])
    log.info("Received signal 15", "WARNING")
    start(100)
    steps(range(110, 201, 10))
    log.info("Training completed")
    return log.lines


def make(folder):
    kept = folder / "torchtitan"
    kept.mkdir()
    for name, lines in (("coloured", coloured()), ("plain", plain())):
        (kept / f"{name}.log").write_text("\n".join(lines) + "\n")
    (kept / "README.md").write_text(README)
