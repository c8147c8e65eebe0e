"""Measures how long steps of optimizers take, beside PyTorch's on one thread where it is installed.

    .venv/bin/python Benchmarks/optimizers.py [--vernier PROGRAM] [--without NAME]

Both move one matrix of 1024 by 1024 in float; the table has nanoseconds a parameter and step, the least of
some rounds, and how many times as long PyTorch takes. Muon of PyTorch computes its matrices in bfloat16,
for which a processor without such products takes minutes: `--without muon` leaves it out.
"""

import argparse
import json
import subprocess
import time

SIDE, STEPS, ROUNDS = 1024, 5, 3


def pytorch():
    """By our names: how to make PyTorch's optimizer of a matrix."""
    import torch
    torch.set_num_threads(1)
    optim = torch.optim
    made = {
        "adamw": lambda weights: optim.AdamW(weights, lr=1e-3),
        "adafactor": lambda weights: optim.Adafactor(weights, lr=1e-3),
        "sgd": lambda weights: optim.SGD(weights, lr=1e-3, momentum=0.9),
    }
    if hasattr(optim, "Muon"):
        made["muon"] = lambda weights: optim.Muon(weights, lr=1e-3)
    return made


def nanoseconds(make):
    """The least over some rounds of the mean of some steps."""
    import torch
    weight = torch.nn.Parameter(torch.randn(SIDE, SIDE) / 32)
    weight.grad = torch.randn(SIDE, SIDE) / 32
    optimizer = make([weight])
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(STEPS):
            optimizer.step()
        least = min(least, time.perf_counter() - start)
    return 1e9 * least / STEPS / SIDE ** 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vernier", default=".build/release/vernier")
    parser.add_argument("--without", action="append", default=[], help="of PyTorch's; may be repeated")
    options = parser.parse_args()
    try:
        references = {name: make for name, make in pytorch().items() if name not in options.without}
    except ImportError:
        references = {}
        print("PyTorch is not installed; Scripts/install-pytorch puts it in .venv")
    command = [options.vernier, "optimizers", "--time", "--format", "json"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"{'optimizer':<22} {'vernier':>8} {'PyTorch':>8} {'times':>6}")
    for rule in found:
        ours = rule["nanoseconds_per_parameter"]
        line = f"{rule['name']:<22} {ours:8.2f}"
        if make := references.get(rule["name"]):
            theirs = nanoseconds(make)
            line += f" {theirs:8.2f} {theirs / ours:6.1f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
