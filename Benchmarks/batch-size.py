#!/usr/bin/env python3
"""Batch sizes and weight decay on public sweeps.

    make build && .venv/bin/python Benchmarks/batch-size.py

Prints what Documentation/batch-size.md quotes. The tables are not ours to ship: they are read from
../shared/data, and where that is absent nothing is measured. Needs nothing but Python; some seconds.
"""
import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
# file, column of params, tokens, rate, batch in sequences, tokens of a sequence, loss
SWEEPS = {
    "Step Law": ("steplaw/dense_lr_bs_loss.csv", "N", "D", "lr", "bs", 2048, "smooth loss"),
    "OpenEuroLLM": ("oellm/loss_post_annealing_50M_to_600M.csv", "N", "D", "lr", "gbsz", 4096, "loss"),
}
# Marin does not say its sequence length in the table; its paper trains on sequences of 4,096 tokens.
MARIN_SEQUENCE = 4096


def analysis(program, folder, name, *options):
    path, params, tokens, rate, batch, length, loss = SWEEPS[name]
    runs = Path(folder) / "runs.csv"
    with open(DATA / path) as source, open(runs, "w") as target:
        writer = csv.writer(target)
        writer.writerow(["params", "tokens", "learning_rate", "batch_tokens", "loss"])
        for row in csv.DictReader(source):
            writer.writerow(
                [row[params], row[tokens], row[rate], int(float(row[batch])) * length, row[loss]])
    result = subprocess.run([program, "batch", runs, *options, "--format", "json"],
                            check=True, capture_output=True, text=True)
    return json.loads(result.stdout)


def words(estimate, digits=3):
    return "{:.{d}f} ({:.{d}f} to {:.{d}f})".format(
        estimate["value"], estimate["lower"], estimate["upper"], d=digits)


def thousands(estimate):
    return "{:.0f}k ({:.0f} to {:.0f})".format(*(estimate[k] / 1e3 for k in ["value", "lower", "upper"]))


def show(name, answer):
    print(f"## {name}")
    located = [c for c in answer["cells"] if c["status"] == "located"]
    law = answer["law"]
    print(f"best batch located in {len(located)} of {len(answer['cells'])} cells: {law['formula']}")
    for quantity in ["params", "tokens"]:
        print(f"  exponent of {quantity}: {words(law['exponents'][quantity])}")
    print("  cost of 0.5x, 2x, 4x:", *("%.2f %%" % answer["penalty_percent_at"][k] for k in ["0.5", "2", "4"]))
    if name == "Step Law":
        off = [math.log(c["batch_tokens"]["value"] / (0.58 * c["tokens"] ** 0.571)) for c in located]
        inside = [c["batch_tokens"]["lower"] <= 0.58 * c["tokens"] ** 0.571 <= c["batch_tokens"]["upper"]
                  for c in located]
        print("  0.58 D^0.571 against the cells: mean factor %.2f, spread %.2f, inside the interval %d of %d"
              % (math.exp(-sum(off) / len(off)), math.exp((sum(o * o for o in off) / len(off)) ** 0.5),
                 sum(inside), len(inside)))
    for key in ["fewest_tokens_law", "critical_law"]:
        found = answer[key]
        print(f"  {key}: {thousands(found['batch_tokens'])} at {found['tokens']:.3g} tokens, exponent "
              f"{words(found['exponent'])}, {found['losses']} losses of {found['sizes']} sizes")
    crossing = [l for l in answer["losses"] if l["smallest_batch_cost"]["lower"] > 1.05]
    print(f"  curves cross at {len(crossing)} of {len(answer['losses'])} losses, the smallest batch takes up to "
          f"{max(l['smallest_batch_cost']['value'] for l in answer['losses']):.2f} times the fewest tokens")
    for relation, trial in answer["relations"].items():
        if isinstance(trial, dict):
            print(f"  left-out batches by {relation}: factor {math.exp(trial['error']):.3f}, above the best "
                  f"{math.exp(trial['error_above_best']):.3f}")
    coupling = answer["coupling"]
    for part in ["all", "below_best", "above_best", "far_above_best"]:
        slope = coupling[part]
        print(f"  rate against batch, {part}: {words(slope['exponent'])} rules {slope['rules']} "
              f"({slope['slices']} slices)")
    ramp = answer["ramp"]
    if ramp:
        print("  ramp:", ", ".join("%.3g from %.3g" % (s["batch_tokens"], s["from_tokens"]) for s in ramp["stages"]),
              "lead %.2f" % ramp["lead"])
        for key in ["against_best", "against_last", "against_first"]:
            other = ramp[key]
            print("    %s (%.3g): %.2f times the steps, %+.1f %% tokens' worth, %+.3f %% of loss" % (
                key, other["batch_tokens"], other["steps_ratio"], 100 * (other["tokens_ratio"] - 1),
                other["loss_gain_percent"]))


def marin():
    print("## Marin, one factor varied")
    rows = list(csv.DictReader(open(DATA / "marin_adamw" / "adamw_ablations.csv")))
    for label in dict.fromkeys(row["run_label"] for row in rows):
        group = [row for row in rows if row["run_label"] == label]
        base = next(row for row in group if row["varied"] == "none")
        ratio = 20 * int(base["chinchilla"])
        tokens = int(base["size"][:-1]) * 1e6 * ratio

        def timescale(rate, decay, batch):
            return batch * MARIN_SEQUENCE / (rate * decay * tokens) if decay else math.inf

        setting = [float(base[k]) for k in ["base_lr", "base_wd", "base_batch"]]
        print("%s: %d tokens a parameter, best timescale %.3f" % (label, ratio, timescale(*setting)))
        for row in group:
            place = ["learning_rate", "weight_decay", "train_batch_size"].index(row["varied"]) \
                if row["varied"] != "none" else None
            if place is None or place == 2:
                continue
            other = list(setting)
            other[place] = float(row["value"])
            loss, least = float(row["loss"]), float(base["loss"])
            print("  %s %g: timescale %.3f, %s" % (
                row["varied"], other[place], timescale(*other),
                "diverged" if loss > 6 else "%+.2f %% of loss" % (100 * (loss / least - 1))))


def main():
    if not DATA.is_dir():
        sys.exit(print(f"Skipped: {DATA} is missing"))
    program = ROOT / ".build" / "release" / "vernier"
    with tempfile.TemporaryDirectory() as folder:
        show("Step Law", analysis(program, folder, "Step Law", "--params", "1B", "--tokens", "100B"))
        show("OpenEuroLLM", analysis(program, folder, "OpenEuroLLM", "--params", "600M", "--tokens", "300B"))
    marin()


main()
