"""Predicts public loss curves across schedules, as the authors of the multi-power law did theirs.

    make bench-curves

Fits ../shared/data/multipowerlaw's cosine-24k, constant-24k and the two-stage curve that drops to 9e-5 with
`vernier curves`, predicts the other six curves of each model, and prints the means of their errors beside those
that the authors publish for the same split (arXiv 2503.12811, github.com/thu-yao-01-luo/MultiPowerLaw).
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
VERNIER = HERE.parent / ".build/release/vernier"
CURVES = HERE.parent.parent / "shared/data/multipowerlaw"

FITTED = "cosine_24000,constant_24000,wsdcon_9"
FIGURES = ["determination", "mean_absolute", "root_mean_square", "mean_relative", "worst_relative"]
PUBLISHED = {
    "25": (0.9988, 0.00376, 0.00465, 0.00110, 0.00409),
    "100": (0.9983, 0.00435, 0.00592, 0.00142, 0.00583),
    "400": (0.9978, 0.00484, 0.00730, 0.00168, 0.00995),
}


def found(size, law):
    files = sorted(str(file) for file in (CURVES / f"csv_{size}").glob("*.csv"))
    options = ["--fit", FITTED, "--warmup-steps", "2160", "--law", law, "--format", "json"]
    result = subprocess.run(
        [VERNIER, "curves", *files, *options], check=True, capture_output=True, text=True
    )
    return json.loads(result.stdout)


def row(name, *values):
    return f"| {name} | " + " | ".join(f"{value:.4f}" if value > 0.5 else f"{value:.5f}" for value in values) + " |"


def main():
    if not CURVES.is_dir():
        print(f"skipped: there is no {CURVES}")
        return 0
    print("| model and law | R² | mean error | RMS error | mean relative | worst relative |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    finals = []
    for size, published in PUBLISHED.items():
        print(row(f"{size}M, published constants", *published))
        for law in ("multi-power", "annealing"):
            result = found(size, law)
            accuracy = result["held_out_accuracy"]
            print(row(f"{size}M, {law} law fitted here", *(accuracy[name] for name in FIGURES)))
            if law == "multi-power":
                finals.append((size, [c for c in result["curves"] if c["use"] == "predicted"]))
    names = [curve["name"] for curve in finals[0][1]]
    print("\nFinal loss, predicted less measured (multi-power law):\n")
    print("| model | " + " | ".join(names) + " |")
    print("| --- |" + " ---: |" * len(names))
    for size, curves in finals:
        errors = [c["predicted_final_loss"]["value"] - c["final_loss"] for c in curves]
        print(f"| {size}M | " + " | ".join(f"{error:+.4f}" for error in errors) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
