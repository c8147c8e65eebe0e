"""Measures what it costs to look at the weights, as a share of a training step.

    make bench-telemetry

Runs that are looked at in every step and runs that are never looked at take turns, so that what else
the machine does falls on both. Their last losses must be equal. Writes
Benchmarks/results/telemetry.json.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from engine import HERE, SIZES, VERNIER, write_text

# Enough for some seconds of each, and for a mean over steps.
STEPS = {"d64 L2": 60, "d128 L4": 16, "d256 L6": 6}
BATCHES = [2048, 8192]
ROUNDS = 5
# Where a run's file says nothing it is looked at forty times, but never more often than this.
LEAST_TOKENS = 16_384
MOST = 0.03


def seconds_per_token(folder, size, batch, telemetry):
    shape = ", ".join(f"{key}: {value}" for key, value in SIZES[size].items())
    tokens = batch * STEPS[size] * 8192 // batch
    file = folder / "run.yaml"
    file.write_text(f"""\
version: 1
corpus: {{kind: bytes, path: train.txt, validation: valid.txt}}
model: {{family: llama, {shape}, vocabulary: 256, sequence_length: 256}}
tokens: {tokens}
batch_tokens: {batch}
learning_rate: 1e-3
schedule: {{warmup_tokens: 0}}
validation: {{tokens: 256, every: {tokens}}}
checkpoint: {{every: {tokens}}}
telemetry: {telemetry}
""")
    with tempfile.TemporaryDirectory() as output:
        result = subprocess.run(
            [VERNIER, "train", file, "--format", "json", "--output", Path(output) / "run"],
            capture_output=True, text=True, check=True)
    answer = json.loads(result.stdout)
    return 1 / answer["tokens_per_second"], answer["loss"]


def main():
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_text(folder)
        for size in SIZES:
            for batch in BATCHES:
                ratios = []
                for _ in range(ROUNDS):
                    plain, plain_loss = seconds_per_token(folder, size, batch, "none")
                    looked, loss = seconds_per_token(folder, size, batch, f"{{every: {batch}}}")
                    if loss != plain_loss:
                        sys.exit(f"looking changed the loss: {loss}, not {plain_loss}")
                    ratios.append(looked / plain)
                cost = statistics.median(ratios) - 1
                share = cost * min(1, batch / LEAST_TOKENS)
                results.append({
                    "size": size, "batch_tokens": batch, "share_of_step_per_look": cost,
                    "share_of_time_at_most": share, "ratios": ratios,
                })
                print(f"{size}, {batch} tokens a step: one look costs {cost:.1%} of a step, "
                      f"{share:.2%} of the time of a run that is looked at every {LEAST_TOKENS} "
                      "tokens, the most where nothing is said", flush=True)
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/telemetry.json").write_text(json.dumps(results, indent=1) + "\n")
    if max(result["share_of_time_at_most"] for result in results) > MOST:
        sys.exit(f"more than {MOST:.0%}")


if __name__ == "__main__":
    main()
