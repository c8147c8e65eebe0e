"""Measures training in tokens per second, beside PyTorch where it is installed.

    make bench

One run on one core and two runs on two cores take turns, so that what else the machine does falls on
both. Writes Benchmarks/results/engine.json.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VERNIER = HERE.parent / ".build/release/vernier"
SIZES = {
    "d64 L2": {"width": 64, "layers": 2, "heads": 4, "ffn_width": 192},
    "d128 L4": {"width": 128, "layers": 4, "heads": 4, "ffn_width": 384},
    "d256 L6": {"width": 256, "layers": 6, "heads": 8, "ffn_width": 704},
}
# Steps that take some seconds on one core.
STEPS = {"d64 L2": 80, "d128 L4": 16, "d256 L6": 5}
BATCH = 8192
ROUNDS = 5


def write_text(folder):
    """Bytes of chance: the content does not matter to the speed."""
    random.seed(0)
    for name, count in (("train.txt", 2_000_000), ("valid.txt", 10_000)):
        (folder / name).write_bytes(bytes(random.choices(range(1, 256), k=count)))


def run_file(folder, size, seed):
    shape = ", ".join(f"{key}: {value}" for key, value in SIZES[size].items())
    tokens = BATCH * STEPS[size]
    file = folder / f"run-{seed}.yaml"
    file.write_text(f"""\
version: 1
corpus: {{kind: bytes, path: train.txt, validation: valid.txt}}
model: {{family: llama, {shape}, vocabulary: 256, sequence_length: 256}}
tokens: {tokens}
learning_rate: 1e-3
seed: {seed}
schedule: {{warmup_tokens: 0}}
validation: {{tokens: 256, every: {tokens}}}
checkpoint: {{every: {tokens}}}
""")
    return file


def vernier(size, workers):
    """The summed speed of as many runs at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_text(folder)
        runs = [
            subprocess.Popen(
                [VERNIER, "train", run_file(folder, size, seed), "--format", "json",
                 "--output", folder / f"run-{seed}"],
                stdout=subprocess.PIPE, text=True)
            for seed in range(workers)
        ]
        outputs = [run.communicate()[0] for run in runs]
        if any(run.returncode for run in runs):
            sys.exit("a run failed")
        return sum(json.loads(output)["tokens_per_second"] for output in outputs)


def pytorch(size, workers, threads, mode):
    shape = json.dumps(SIZES[size])
    runs = [
        subprocess.Popen(
            [sys.executable, HERE / "pytorch_step.py", shape, str(threads), mode],
            stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    outputs = [run.communicate()[0] for run in runs]
    if any(run.returncode for run in runs):
        return None
    return sum(float(output) for output in outputs)


def has_pytorch():
    return subprocess.run(
        [sys.executable, "-c", "import torch"], capture_output=True).returncode == 0


def main():
    with_pytorch = has_pytorch()
    if not with_pytorch:
        print("PyTorch is not installed here, so there is nothing beside: make test-python installs it")
    results = []
    for size in SIZES:
        rounds = [(vernier(size, 1), vernier(size, 2)) for _ in range(ROUNDS)]
        one, two = (statistics.median(column) for column in zip(*rounds))
        gain = statistics.median(pair[1] / pair[0] for pair in rounds)
        row = {"size": size, "precision": "float32", "vernier": round(two),
               "vernier_one_worker": round(one), "gain_of_second_worker": round(gain, 2),
               "best": round(max(pair[1] for pair in rounds))}
        if with_pytorch:
            found = {
                f"{mode}, {workers} x {threads} threads": pytorch(size, workers, threads, mode)
                for mode in ("eager", "compile") for workers, threads in ((2, 1), (1, 2))
            }
            speeds = {key: speed for key, speed in found.items() if speed}
            best = max(speeds, key=speeds.get)
            row |= {"pytorch": round(speeds[best]), "pytorch_arrangement": best,
                    "ratio": round(two / speeds[best], 2)}
        results.append(row)
        print(json.dumps(row))
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/engine.json").write_text(json.dumps(results, indent=1) + "\n")
    for row in results:
        # Workers share nothing, so that less means that a library has taken the other's core.
        if row["gain_of_second_worker"] < 1.8:
            sys.exit(f"{row['size']}: two workers do {row['gain_of_second_worker']} times the work of "
                     "one, less than 1.8; is something else running?")


if __name__ == "__main__":
    os.chdir(HERE.parent)
    main()
