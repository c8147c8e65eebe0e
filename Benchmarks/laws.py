"""Measures fits: their time, their memory, and how far noise in the losses moves their answer.

    make bench-laws

The table of the Step Law, beside this folder in ../shared, is measured where it is there; else one of
the same form is simulated. Writes Benchmarks/results/laws.json. Fails when a limit is missed.
"""

import contextlib
import copy
import csv
import importlib
import json
import math
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
VERNIER = HERE.parent / ".build/release/vernier"
SHARED = HERE.parent.parent / "shared"
STEP_LAW = SHARED / "data/steplaw/dense_lr_bs_loss.csv"
SCORER = SHARED / "scripts/score_heldout.py"
COLUMNS = "params=N,tokens=D,learning_rate=lr,loss=smooth loss,batch_tokens=bs*2048"
FIT_SECONDS = 3
RECOMMEND_SECONDS = 0.05
# A fit that takes longer counts as one that does not finish.
LONGEST_SECONDS = 600
FITS = 5
RECOMMENDATIONS = 60
# In nats: what another seed or another text does to a loss.
JITTER = 0.001
JITTERED_FITS = 12


def spaced(low, high, count):
    """As many numbers, evenly spaced in their logs."""
    return [low * (high / low) ** (place / (count - 1)) for place in range(count)]


def rise(z):
    """How far log loss rises where the log rate is off by z: faster on the right than on the left."""
    left, right, depth = 0.5, 1.2, 0.02
    return depth * (math.expm1(-left * z) / left + math.expm1(right * z) / right) / (left + right)


def simulate(path, sizes, horizons, batches, rates):
    """Writes a table of the Step Law's columns whose optima follow a power law."""
    chance = random.Random(0)
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["N", "D", "bs", "lr", "smooth loss"])
        for params in spaced(5e7, 1e9, sizes):
            for tokens in spaced(1e9, 1e11, horizons):
                least = 1.7 + 400 / params**0.34 + 400 / tokens**0.28
                best_batch = 200 * math.sqrt(tokens / 1e10)
                for batch in (round(batch) for batch in spaced(32, 1024, batches)):
                    off = math.log(batch / best_batch)
                    optimum = 2e-3 * (params / 3e8) ** -0.5 * (tokens / 1e10) ** 0.2 * math.exp(0.3 * off)
                    for rate in spaced(1.25e-4, 3.2e-2, rates):
                        z = math.log(rate / optimum)
                        loss = least * math.exp(rise(z) + 0.005 * off * off + chance.gauss(0, 1e-3))
                        # Far above the optimum a run diverges, and its loss is left empty.
                        table.writerow([params, tokens, batch, rate, loss if z < math.log(8) else ""])


def vernier(*arguments):
    """Seconds and peak memory in MiB of one call, start-up included."""
    command = [str(argument) for argument in (VERNIER, *arguments)]
    with tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = os.posix_spawn(command[0], command, os.environ, file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)])
        watch = threading.Timer(LONGEST_SECONDS, os.kill, (process, signal.SIGKILL))
        watch.start()
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - begin
        watch.cancel()
        if status:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed after {seconds:.1f} s, of {LONGEST_SECONDS} at most\n"
                     + errors.read())
    # Linux counts in KiB, macOS in bytes.
    return seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def fit(table, law):
    return vernier("fit", table, "--map", COLUMNS, "--output", law)


def median_of(count, call):
    calls = [call() for _ in range(count)]
    return statistics.median(seconds for seconds, _ in calls), max(memory for _, memory in calls)


def row(name, seconds, memory, limit=None):
    return {"name": name, "seconds": round(seconds, 4), "peak_memory_mib": round(memory),
            "limit_seconds": limit}


def measure_fits(folder):
    """The public table, a recommendation from its law, and a table fifty times as long."""
    table, law = STEP_LAW, folder / "law.json"
    name = "fit of the Step Law's 1,911 runs"
    if not STEP_LAW.exists():
        print(f"{STEP_LAW} is not there, so that a table of its form is simulated")
        table, name = folder / "small.csv", "fit of 1,920 simulated runs"
        simulate(table, sizes=4, horizons=4, batches=10, rates=12)
    yield row(name, *median_of(FITS, lambda: fit(table, law)), FIT_SECONDS)

    def recommend():
        return vernier("recommend", "--law", law, "--params", "7e9", "--tokens", "1e12")

    recommend()
    yield row("recommend", *median_of(RECOMMENDATIONS, recommend), RECOMMEND_SECONDS)
    large = folder / "large.csv"
    simulate(large, sizes=20, horizons=50, batches=10, rates=10)
    yield row("fit of 100,000 simulated runs", *fit(large, folder / "large.json"))


def scorer():
    """The scorer of public sweeps as a module, or why there is none."""
    if not SCORER.exists():
        return None, f"{SCORER} is not there"
    sys.path.insert(0, str(SCORER.parent))
    try:
        return importlib.import_module(SCORER.stem), None
    except ImportError as error:
        return None, f"{error.name} is not installed: make python-tools installs it"


@contextlib.contextmanager
def silenced_errors():
    """Drops what called programs write to standard error: the same warnings with every fit."""
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def measure_jitter():
    """How far noise in the training losses moves the gap of the scorer's split A1."""
    score, reason = scorer()
    if not score:
        return {"skipped": reason}
    _, cells = score.step_law()
    half = len(cells) // 2
    train, test = cells[:half], cells[half:]
    predict = score.program(str(VERNIER))
    chance = random.Random(0)

    def jittered(cell):
        cell = copy.copy(cell)
        cell.rows = cell.rows.assign(y=[y + chance.gauss(0, JITTER) for y in cell.rows["y"]])
        return cell

    def gap(train):
        return score.score(predict, [(train, test)])["gap"]

    with silenced_errors():
        plain = gap(train)
        gaps = [gap([jittered(cell) for cell in train]) for _ in range(JITTERED_FITS)]
    return {"plain_gap_percent": plain, "mean_gap_percent": statistics.mean(gaps),
            "deviation": statistics.stdev(gaps), "gaps_percent": gaps}


def main():
    with tempfile.TemporaryDirectory() as name:
        rows = []
        for measured in measure_fits(Path(name)):
            limit = measured["limit_seconds"]
            rows.append(measured)
            print(f"{measured['name']:34s}{1000 * measured['seconds']:9.0f} ms"
                  + (f" of {1000 * limit:5.0f} at most" if limit else " " * 17)
                  + f"{measured['peak_memory_mib']:7d} MiB", flush=True)
    jitter = measure_jitter()
    if "skipped" in jitter:
        print(f"gap under noise: not measured, for {jitter['skipped']}")
    else:
        print(f"gap of split A1 {jitter['plain_gap_percent']:.4f} %; with noise of {JITTER} nats in the "
              f"losses {jitter['mean_gap_percent']:.4f} % on average, deviation {jitter['deviation']:.4f}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/laws.json").write_text(json.dumps({"fits": rows, "jitter": jitter}, indent=1) + "\n")
    missed = [measured["name"] for measured in rows
              if measured["limit_seconds"] and measured["seconds"] > measured["limit_seconds"]]
    if missed:
        sys.exit(f"slower than its limit: {', '.join(missed)}")


if __name__ == "__main__":
    os.chdir(HERE.parent)
    main()
