"""A learning-rate sweep of small language models in PyTorch, logged with Weights & Biases, offline.

    pip install torch numpy wandb
    python sweep.py                  # 45 runs: 3 sizes, 3 horizons, 5 learning rates

Writes `wandb/offline-run-*` in the folder it is started in, and prints the losses. The text is made up,
from a language in which the last three tokens decide the odds of the next: no run reads anything twice.
"""

import argparse
import math
import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
import torch
import torch.nn.functional as F
import wandb

WIDTHS = [32, 64, 128]
STEPS = [200, 400, 800]
FACTORS = [0.25, 0.5, 1, 2, 4]  # of a rate that falls as one over the width
CONTEXT, VOCABULARY, LENGTH, BATCH = 3, 64, 32, 8
WARMUP_STEPS, WEIGHT_DECAY, SEED = 20, 0.1, 0
VALIDATION_BATCHES = 64


def text(count, seed):
    """Tokens [count], from streams written side by side: the last three tokens add up to the odds of the next."""
    language, chance = np.random.default_rng(1), np.random.default_rng(seed)
    streams = 64
    tables = []
    for strength in (1.6, 1.1, 0.8):
        left, right = (np.linalg.qr(language.normal(size=(VOCABULARY, VOCABULARY)))[0] for _ in range(2))
        table = left * np.arange(1, VOCABULARY + 1) ** -0.5 @ right
        tables.append(strength * table / table.std())
    tokens = chance.integers(0, VOCABULARY, size=(CONTEXT + 1 + count // streams, streams))
    for place in range(CONTEXT, len(tokens)):
        logits = sum(table[tokens[place - 1 - back]] for back, table in enumerate(tables))
        heights = np.exp(logits).cumsum(1)
        tokens[place] = (heights < heights[:, -1:] * chance.random((streams, 1))).sum(1)
    return torch.from_numpy(tokens[CONTEXT:].T.reshape(-1)[:count].copy())


class Model(torch.nn.Module):
    """Predicts each token from the few before it (Bengio et al. 2003)."""

    def __init__(self, width):
        super().__init__()
        self.tokens = torch.nn.Embedding(VOCABULARY, width)
        self.up = torch.nn.Linear(CONTEXT * width, 2 * width, bias=False)
        self.down = torch.nn.Linear(2 * width, width, bias=False)
        self.output = torch.nn.Linear(width, VOCABULARY, bias=False)

    def loss(self, batch):
        """The mean cross-entropy in nats; batch: [B, T + CONTEXT]."""
        seen = self.tokens(batch).unfold(1, CONTEXT, 1)[:, :-1].flatten(2)
        hidden = self.down(F.gelu(self.up(seen)))
        return F.cross_entropy(self.output(hidden).flatten(0, 1), batch[:, CONTEXT:].flatten())


def factor(step, steps):
    """The learning rate over its peak: linear warm-up, then a cosine to zero."""
    if step < WARMUP_STEPS:
        return (step + 1) / WARMUP_STEPS
    return (1 + math.cos(math.pi * (step - WARMUP_STEPS) / (steps - WARMUP_STEPS))) / 2


def batches(count, seed):
    return text(count * BATCH * (LENGTH + CONTEXT), seed).view(count, BATCH, LENGTH + CONTEXT)


def rates(width):
    return [0.512 / width * factor for factor in FACTORS]


def train(width, steps, rate, points):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Model(width)
    run = wandb.init(
        project="sweep", name=f"width{width}-steps{steps}-lr{rate:g}", id=f"w{width}s{steps}r{rates(width).index(rate)}",
        mode="offline", config={
            "params_total": sum(parameter.numel() for parameter in model.parameters()),
            "width": width, "layers": 1, "context": CONTEXT, "vocabulary": VOCABULARY,
            "sequence_length": LENGTH, "batch_size": BATCH, "steps": steps, "lr": rate,
            "weight_decay": WEIGHT_DECAY, "optimizer": "adamw", "betas": [0.9, 0.95], "seed": SEED,
            "schedule": {"kind": "cosine", "warmup_steps": WARMUP_STEPS, "min_lr": 0.0}})
    # A summary of each metric would double the files.
    run.define_metric("*", summary="none")
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=WEIGHT_DECAY,
                                  fused=True)
    every, losses = max(steps // points, 1), []
    for step, batch in enumerate(batches(steps, seed=SEED + 1)):
        for group in optimizer.param_groups:
            group["lr"] = rate * factor(step, steps)
        optimizer.zero_grad()
        loss = model.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % every == 0:
            run.log({"train/loss": sum(losses) / len(losses), "train/lr": optimizer.param_groups[0]["lr"],
                     "train/tokens": (step + 1) * BATCH * LENGTH}, step=step + 1)
            losses.clear()
    with torch.no_grad():
        validation = [model.loss(batch).item() for batch in batches(VALIDATION_BATCHES, seed=SEED + 2)]
    final = sum(validation) / len(validation)
    run.log({"val/loss": final}, step=steps)
    run.finish()
    return final


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=30, help="how often a run logs")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="runs at once")
    options = parser.parse_args()
    os.environ.setdefault("WANDB_SILENT", "true")
    began = time.monotonic()
    runs = [(width, steps, rate) for width, steps in product(WIDTHS, STEPS) for rate in rates(width)]
    with ProcessPoolExecutor(options.workers) as pool:
        # The longest first, so that no worker is left with one at the end.
        order = sorted(runs, key=lambda run: -run[0] * run[1])
        futures = {run: pool.submit(train, *run, options.points) for run in order}
        losses = {run: future.result() for run, future in futures.items()}
    print("width steps   loss at each learning rate, * the least of a row")
    for width, steps in product(WIDTHS, STEPS):
        row = {rate: losses[width, steps, rate] for rate in rates(width)}
        cells = (f"{rate:g}: {loss:.4f}{'*' if loss == min(row.values()) else ' '}" for rate, loss in row.items())
        print(f"{width:5d} {steps:5d}   " + "  ".join(cells))
    print(f"{len(runs)} runs in {time.monotonic() - began:.0f} s; they are in {os.path.join(os.getcwd(), 'wandb')}")


if __name__ == "__main__":
    main()
