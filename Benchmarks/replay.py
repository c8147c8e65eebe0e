"""Replays the choice of runs on the public Step Law sweep: what each way to spend a budget comes to.

    make bench-replay [SEEDS=20]        (after make python-tools)

The world is the table: a run costs 6 N D operations and gives the loss that stands there. Runs are bought
from the training half of the scorer's split A1; the score is that split's gap on the other half, in percent
of loss above each held-out cell's best. Against `vernier plan` stand random choice, successive halving over
the cells as rungs, Optuna's TPE (one study a cell, over as many of the cheapest cells as get ten trials, or
all of it in one cell), and coarse even sub-grids.

Every rival's runs are read twice, as `vernier plan` reads its own and as the rate of its best run in the
largest cell bought, and the better mean of the two counts, so that the choice of runs is all that differs.
The table has no repeated runs, so each seed adds to all losses the noise that a basin fit finds in them;
the gap is scored on the table as it is. Writes results/replay.json and Documentation/replay.svg.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
VERNIER = HERE.parent / ".build/release/vernier"
SHARED = HERE.parent.parent / "shared"
BUDGETS = [0.003, 0.01, 0.03, 0.1, 0.3]
NOISE = 7e-4
# Results are looked at when this much more has been spent, as a share of what was before.
ROUND, FIRST_ROUND = 0.2, 0.0006
COLUMNS = ["params", "tokens", "batch_tokens", "learning_rate"]


class World:
    def __init__(self, scorer):
        cells = scorer.step_law()[1]
        half = len(cells) // 2
        self.held_out = cells[half:]
        runs = pd.concat([cell.rows.assign(cell=i) for i, cell in enumerate(cells[:half])])
        runs = runs.rename(
            columns=dict(N="params", D="tokens", bs="batch_tokens", lr="learning_rate", y="loss")
        )
        self.runs = runs.reset_index(drop=True)
        self.cost = 6.0 * self.runs.params * self.runs.tokens
        self.total = float(self.cost.sum())
        self.order = sorted(set(self.runs.cell), key=lambda c: self.cost[self.runs.cell == c].iloc[0])
        self.rates = sorted(set(self.runs.learning_rate))
        self.batches = sorted(set(self.runs.batch_tokens))

    def cell(self, place):
        return self.runs.index[self.runs.cell == place]

    def price(self, place):
        return float(self.cost[self.cell(place)[0]])

    def losses(self, seed):
        noise = np.random.default_rng([7, seed]).normal(size=len(self.runs)) * NOISE
        return self.runs.loss * np.exp(noise if seed is not None else 0)

    def gap(self, rates):
        return float(np.mean([cell.gap(rate) for cell, rate in zip(self.held_out, rates)]))


class Reader:
    """Asks `vernier plan` what runs say, and what to buy next."""

    def __init__(self, world, folder):
        self.world = world
        self.folder = Path(folder)
        pd.DataFrame(
            dict(params=[c.N for c in world.held_out], tokens=[c.D for c in world.held_out])
        ).to_csv(self.folder / "targets.csv", index=False)
        world.runs[COLUMNS].to_csv(self.folder / "candidates.csv", index=False)

    def plan(self, bought, losses, budget=0.0, spend=None):
        command = [VERNIER, "plan"]
        if len(bought):
            self.world.runs.loc[bought, COLUMNS].assign(loss=losses[bought]).to_csv(
                self.folder / "runs.csv", index=False
            )
            command.append(self.folder / "runs.csv")
        command += ["--targets", self.folder / "targets.csv", "--candidates", self.folder / "candidates.csv"]
        if budget > 0:
            command += ["--budget", repr(budget), "--least-gain", "0", "--most-runs", "100000"]
        if spend:
            command += ["--round", repr(spend)]
        done = subprocess.run(command + ["--format", "json"], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)

    def gap(self, bought, losses):
        if not len(bought):
            return self.world.gap([np.sqrt(self.world.rates[0] * self.world.rates[-1])] * len(self.world.held_out))
        answer = self.plan(bought, losses)
        return self.world.gap([target["learning_rate"] for target in answer["targets"]])

    def best_run_gap(self, bought, losses):
        finite = [i for i in bought if losses[i] < 20]
        if not finite:
            return self.gap([], losses)
        top = max(self.world.cost[i] for i in finite)
        best = min((i for i in finite if self.world.cost[i] == top), key=lambda i: losses[i])
        return self.world.gap([self.world.runs.learning_rate[best]] * len(self.world.held_out))


def planned(world, reader, seed, budget, losses):
    """The runs that `vernier plan` buys in rounds, and the gap after each share of the grid's cost."""
    keys = {
        tuple(row): i
        for i, row in zip(world.runs.index, world.runs[COLUMNS].round(9).itertuples(index=False, name=None))
    }
    bought, path = [], []
    while True:
        spent = float(world.cost[bought].sum())
        left = budget * world.total - spent
        answer = reader.plan(bought, losses, left, min(max(FIRST_ROUND * world.total, ROUND * spent), left))
        if spent:
            path.append((spent / world.total, world.gap([t["learning_rate"] for t in answer["targets"]])))
        if not answer["runs"]:
            return path
        for run in answer["runs"]:
            bought.append(keys[tuple(round(float(run[name]), 9) for name in COLUMNS)])


def at_random(world, seed, budget, losses):
    left, chosen = budget * world.total, []
    for i in np.random.default_rng(seed).permutation(len(world.runs)):
        if world.cost[i] <= left:
            chosen.append(int(i))
            left -= world.cost[i]
    return chosen


def halved(world, seed, budget, losses, keep=3):
    """Successive halving: a third of the settings goes on to the next larger cell."""
    settings = [(r, b) for r in world.rates for b in world.batches]
    order = np.random.default_rng(seed).permutation(len(settings))
    grid = {c: {(world.runs.learning_rate[i], world.runs.batch_tokens[i]): i for i in world.cell(c)} for c in world.order}

    def nearest(cell, setting):
        return grid[cell][
            min(grid[cell], key=lambda s: abs(np.log(s[0] / setting[0])) + abs(np.log(s[1] / setting[1])))
        ]

    best = []
    for count in range(1, len(settings) + 1):
        current, chosen = [settings[i] for i in order[:count]], set()
        for cell in world.order:
            found = {s: nearest(cell, s) for s in current}
            chosen |= set(found.values())
            if len(current) < keep:
                break
            current = sorted(current, key=lambda s: losses[found[s]])[: max(1, len(current) // keep)]
        if world.cost[sorted(chosen)].sum() > budget * world.total:
            break
        best = sorted(chosen)
    return best


def coarse(world, seed, budget, losses):
    """The even sub-grid over most cells, and among those the densest, that the budget buys."""
    random = np.random.default_rng(seed)
    options = []
    for rate_step in (1, 2, 3, 4):
        for batch_step in (1, 2, 3, 4, 5):
            for cells in range(1, len(world.order) + 1):
                rates = set(world.rates[random.integers(rate_step) :: rate_step])
                batches = [
                    set(sorted(set(world.runs.batch_tokens[world.cell(c)]))[random.integers(batch_step) :: batch_step])
                    for c in world.order[:cells]
                ]
                chosen = [
                    i
                    for cell, some in zip(world.order, batches)
                    for i in world.cell(cell)
                    if world.runs.learning_rate[i] in rates and world.runs.batch_tokens[i] in some
                ]
                cost = world.cost[chosen].sum()
                if cost <= budget * world.total:
                    options.append((cells, cost, chosen))
    return max(options, key=lambda option: option[:2])[2] if options else []


def estimated(world, seed, budget, losses, everywhere):
    """Optuna's TPE over learning rate and batch size."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    money = budget * world.total
    if everywhere:
        used = world.order[:1]
        for count in range(2, len(world.order) + 1):
            if 10 * sum(map(world.price, world.order[:count])) <= money:
                used = world.order[:count]
    else:
        used = [c for c in world.order if 10 * world.price(c) <= money][-1:] or world.order[:1]
    trials = int(money / sum(map(world.price, used)))
    chosen = []
    for cell in used:
        runs = {(world.runs.learning_rate[i], world.runs.batch_tokens[i]): i for i in world.cell(cell)}
        rates, batches = (sorted({key[k] for key in runs}) for k in (0, 1))
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True))
        seen, asked = set(), 0
        while len(seen) < min(trials, len(runs)) and asked < 4 * trials + 20:
            asked += 1
            trial = study.ask()
            key = (
                rates[trial.suggest_int("rate", 0, len(rates) - 1)],
                batches[trial.suggest_int("batch", 0, len(batches) - 1)],
            )
            if key in runs:
                seen.add(runs[key])
            study.tell(trial, min(losses[runs[key]], 20.0) if key in runs else 20.0)
        chosen += sorted(seen)
    return chosen


RIVALS = {
    "random": at_random,
    "successive halving": halved,
    "TPE, all cells": lambda *a: estimated(*a, everywhere=True),
    "TPE, one cell": lambda *a: estimated(*a, everywhere=False),
    "coarse sub-grids": coarse,
}


def summary(values):
    values = np.asarray(values)
    return values.mean(0), values.std(0, ddof=1) / np.sqrt(len(values))


def main():
    if not (SHARED / "data/steplaw").exists():
        raise SystemExit("skipped: ../shared/data/steplaw is not here")
    sys.path.insert(0, str(SHARED / "scripts"))
    import score_heldout

    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    world = World(score_heldout)
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(world, folder)
        print(f"grid {len(world.runs)} runs, {world.total:.3g} FLOPs, seeds {len(seeds)}")
        full = [reader.gap(list(world.runs.index), world.losses(s)) for s in seeds]
        print(f"whole grid: gap {np.mean(full):.4f} %")
        table, paths = {}, []
        ours = []
        for seed in seeds:
            found = [planned(world, reader, seed, budget, world.losses(seed)) for budget in BUDGETS]
            ours.append([path[-1][1] for path in found])
            paths.append(found[-1])
        table["vernier plan"] = summary(ours)
        show("vernier plan", *table["vernier plan"])
        for name, choose in RIVALS.items():
            readings = ([], [])
            for seed in seeds:
                losses = world.losses(seed)
                bought = [choose(world, seed, budget, losses) for budget in BUDGETS]
                readings[0].append([reader.gap(b, losses) for b in bought])
                readings[1].append([reader.best_run_gap(b, losses) for b in bought])
            both = [summary(r) for r in readings]
            better = np.argmin([b[0] for b in both], axis=0)
            table[name] = tuple(
                np.array([both[k][part][i] for i, k in enumerate(better)]) for part in (0, 1)
            )
            show(name, *table[name])
            show("  read by best run", *both[1])
        verdict(table)
        close(world, paths, np.mean(full))
    save(world, table, len(seeds))


def show(name, means, errors):
    cells = "  ".join(f"{m:.4f} +- {e:.4f}" for m, e in zip(means, errors))
    print(f"{name:20s} {cells}   mean {means.mean():.4f}", flush=True)


def verdict(table):
    ours, error = table["vernier plan"]
    rivals = {name: value for name, value in table.items() if name != "vernier plan"}
    for i, budget in enumerate(BUDGETS):
        name = min(rivals, key=lambda n: rivals[n][0][i])
        best, best_error = (rivals[name][k][i] for k in (0, 1))
        above = (ours[i] - best) / np.hypot(error[i], best_error)
        print(f"{100 * budget:g} %: {ours[i]:.4f} beside {best:.4f} of {name}: {above:+.1f} standard errors")
    for name, (means, _) in rivals.items():
        print(f"mean over log budget: {100 * (1 - ours.mean() / means.mean()):.0f} % below {name}")


def close(world, paths, full):
    """The least spending from which on the mean gap stays within 0.01 points of the whole grid's."""
    shares = np.geomspace(BUDGETS[0], BUDGETS[-1], 60)
    means = []
    for share in shares:
        at = [[gap for spent, gap in path if spent <= share * 1.0001] for path in paths]
        means.append(np.mean([gaps[-1] if gaps else np.nan for gaps in at]))
    within = np.array(means) <= full + 0.01
    for i, share in enumerate(shares):
        if within[i:].all():
            print(f"within 0.01 points of the whole grid from {share * world.total:.2g} FLOPs, {100 * share:.1f} % of it")
            return
    print("never within 0.01 points of the whole grid")


def save(world, table, seeds):
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "replay.json").write_text(
        json.dumps(
            {
                "budgets": BUDGETS,
                "seeds": seeds,
                "gap_percent": {n: {"mean": list(m), "standard_error": list(e)} for n, (m, e) in table.items()},
            },
            indent=1,
        )
    )
    (HERE.parent / "Documentation/replay.svg").write_text(drawing(table))


COLORS = {
    "vernier plan": "#0b6e4f",
    "random": "#8a6d00",
    "successive halving": "#3d3d9e",
    "TPE, all cells": "#a3423c",
    "TPE, one cell": "#c98a86",
    "coarse sub-grids": "#5b5b5b",
}


def drawing(table):
    """Gap against budget, both in logs, with a standard error either way."""
    left, top, width, height = 70, 20, 520, 320
    low, high = 0.005, 0.5

    def x(budget):
        return left + width * np.log(budget / BUDGETS[0]) / np.log(BUDGETS[-1] / BUDGETS[0])

    def y(gap):
        return top + height * np.log(high / np.clip(gap, low, high)) / np.log(high / low)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 400" font-family="sans-serif" font-size="13">',
        '<rect width="780" height="400" fill="#fff"/>',
    ]
    for gap in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5):
        parts.append(
            f'<path d="M{left} {y(gap):.1f}h{width}" stroke="#ddd"/>'
            f'<text x="{left - 8}" y="{y(gap) + 4:.1f}" text-anchor="end">{gap:g}</text>'
        )
    for budget in BUDGETS:
        parts.append(
            f'<text x="{x(budget):.1f}" y="{top + height + 20}" text-anchor="middle">{100 * budget:g} %</text>'
        )
    parts.append(
        f'<text x="{left + width / 2}" y="{top + height + 44}" text-anchor="middle">budget, share of the grid\'s FLOPs</text>'
        f'<text transform="translate(18 {top + height / 2}) rotate(-90)" text-anchor="middle">gap, % of loss</text>'
    )
    for place, (name, (means, errors)) in enumerate(table.items()):
        color = COLORS[name]
        points = " ".join(f"{x(b):.1f},{y(m):.1f}" for b, m in zip(BUDGETS, means))
        weight = 3 if name == "vernier plan" else 1.5
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{weight}"/>')
        for budget, mean, error in zip(BUDGETS, means, errors):
            parts.append(
                f'<path d="M{x(budget):.1f} {y(mean - error):.1f}V{y(mean + error):.1f}" stroke="{color}"/>'
                f'<circle cx="{x(budget):.1f}" cy="{y(mean):.1f}" r="3.5" fill="{color}"/>'
            )
        parts.append(
            f'<path d="M{left + width + 20} {top + 14 + 22 * place}h22" stroke="{color}" stroke-width="{weight}"/>'
            f'<text x="{left + width + 48}" y="{top + 18 + 22 * place}">{name}</text>'
        )
    return "\n".join(parts + ["</svg>\n"])


if __name__ == "__main__":
    main()
