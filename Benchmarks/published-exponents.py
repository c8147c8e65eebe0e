#!/usr/bin/env python3
"""The exponents that the public Step Law table gives, by method, subset, noise and resampling unit.

    make build python-tools && .venv/bin/python Benchmarks/published-exponents.py
    .venv/bin/python Benchmarks/published-exponents.py --only methods    # one table

Prints what Documentation/published-exponents.md quotes. The table is not ours to ship: it is read from
../shared/data/steplaw, and where that is absent nothing is measured. One process, some minutes. A law is
ln LR = c + a ln N + b ln D; `a + b` is its exponent at a constant number of tokens per parameter.
"""
import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
try:
    import numpy as np
    import pandas as pd
    from scipy.interpolate import PchipInterpolator
except ImportError as error:
    sys.exit(print(f"Skipped: {error.name} is missing (make python-tools)"))

ROOT = Path(__file__).resolve().parent.parent
SMOOTH, RAW = "smooth loss", "loss"
CELL = ["N", "D"]
SEQUENCE = 2048
# The mean intercept in the authors' bootstrap file, and its mean exponents.
PUBLISHED = np.array([0.58631, -0.71292, 0.30749])
EXPONENTS = ["params", "tokens"]


# --- reading -----------------------------------------------------------------------------------

def same_rates(rates, tolerance=0.02):
    """The printed values of one grid point differ in the last digit; the lowest stands for all."""
    names, name = {}, None
    for rate in sorted(set(rates)):
        if name is None or rate / name - 1 > tolerance:
            name = rate
        names[rate] = name
    return names


def read(data):
    table = pd.read_csv(f"{data}/steplaw/dense_lr_bs_loss.csv")
    table["lr"] = table["lr"].map(same_rates(table["lr"]))
    published = pd.read_csv(f"{data}/steplaw/1004_fitted_lr_bs_scaling_model_parameters.csv")
    return table, published


# --- optima of cells, without the tool ---------------------------------------------------------

def vertex(lr, loss, half):
    """The vertex of the parabola through the `half` points on each side of the least loss."""
    i = int(np.argmin(loss))
    low, high = max(0, i - half), min(len(lr), i + half + 1)
    x, y = np.log(lr[low:high]), loss[low:high]
    if high - low < 3:
        return np.log(lr[i])
    c2, c1, _ = np.polyfit(x - x.mean(), y, 2)
    v = x.mean() - c1 / (2 * c2) if c2 > 0 else np.inf
    return v if x[0] <= v <= x[-1] else np.log(lr[i])


def envelope(rows, loss):
    e = rows.groupby("lr")[loss].min().sort_index()
    return e.index.to_numpy(float), e.to_numpy(float)


def best_slice(rows, loss):
    batch = rows.loc[rows[loss].idxmin(), "bs"]
    return envelope(rows[rows["bs"] == batch], loss)


def surface(rows, loss, share=0.01):
    """The ln LR of the minimum of a quadratic in (ln LR, ln batch) through all runs within `share`."""
    q = rows[rows[loss] / rows[loss].min() - 1 < share]
    x, z = np.log(q["lr"]), np.log(q["bs"])
    mx, mz = x.mean(), z.mean()
    x, z = (x - mx).to_numpy(), (z - mz).to_numpy()
    X = np.c_[np.ones(len(q)), x, z, x * x, x * z, z * z]
    _, c1, c2, c11, c12, c22 = np.linalg.lstsq(X, q[loss].to_numpy(), rcond=None)[0]
    H = np.array([[2 * c11, c12], [c12, 2 * c22]])
    if np.linalg.eigvalsh(H)[0] <= 0:
        return np.nan
    at = np.linalg.solve(H, -np.array([c1, c2]))[0]
    return mx + at if x.min() <= at <= x.max() else np.nan


OPTIMUM = {
    "argmin over (LR, batch), which is the envelope's argmin":
        lambda r, l: np.log(r.loc[r[l].idxmin(), "lr"]),
    "envelope, vertex, 1 point a side": lambda r, l: vertex(*envelope(r, l), 1),
    "envelope, vertex, 2 points a side": lambda r, l: vertex(*envelope(r, l), 2),
    "envelope, vertex, 3 points a side": lambda r, l: vertex(*envelope(r, l), 3),
    "envelope, vertex, 4 points a side": lambda r, l: vertex(*envelope(r, l), 4),
    "slice of the best batch, vertex, 2 points a side": lambda r, l: vertex(*best_slice(r, l), 2),
    "quadratic in (LR, batch), runs within 1 %": surface,
}
ARGMIN, V1, V2, V3, V4, SLICE, SURFACE = OPTIMUM


def optima(table, how, loss=SMOOTH):
    rows = [(n, d, OPTIMUM[how](g, loss)) for (n, d), g in table.groupby(CELL)]
    return pd.DataFrame(rows, columns=["N", "D", "x"]).dropna()


def near(table, loss=SMOOTH, share=0.0025):
    """All runs within `share` of the least loss of their cell: the rule in the authors' fit_tool.py."""
    q = table[table[loss] / table.groupby(CELL)[loss].transform("min") - 1 < share]
    return pd.DataFrame(dict(N=q["N"], D=q["D"], x=np.log(q["lr"])))


def law(points, weights=None):
    X = np.c_[np.ones(len(points)), np.log(points["N"]), np.log(points["D"])]
    y = points["x"].to_numpy()
    w = np.ones(len(y)) if weights is None else np.sqrt(np.asarray(weights))
    return np.linalg.lstsq(X * w[:, None], y * w, rcond=None)[0]


def errors(points):
    """Standard errors of an ordinary least-squares law, from its residuals."""
    X = np.c_[np.ones(len(points)), np.log(points["N"]), np.log(points["D"])]
    y = points["x"].to_numpy()
    r = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    s2 = r @ r / (len(y) - 3)
    return np.sqrt(np.diag(s2 * np.linalg.inv(X.T @ X))), np.sqrt(s2)


# --- the tool ----------------------------------------------------------------------------------

class Tool:
    def __init__(self, path, data):
        self.path, self.data, self.name = path, data, None

    def fit(self, table, loss=SMOOTH, draws=1000, batch=True):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "runs.csv")
            table.to_csv(file, index=False)
            fields = f"params=N,tokens=D,learning_rate=lr,loss={loss}" + (
                f",batch_tokens=bs*{SEQUENCE}" if batch else "")
            out = subprocess.run(
                [self.path, "fit", file, "--map", fields, "--draws", str(draws), "--format", "json"],
                check=True, capture_output=True, text=True).stdout
        return json.loads(out)

    def recommend(self, table, targets):
        with tempfile.TemporaryDirectory() as folder:
            file, law_file, goals = (os.path.join(folder, n) for n in ("runs.csv", "law.json", "targets.csv"))
            table.to_csv(file, index=False)
            pd.DataFrame(targets, columns=["params", "tokens"]).to_csv(goals, index=False)
            fields = f"params=N,tokens=D,learning_rate=lr,loss={SMOOTH},batch_tokens=bs*{SEQUENCE}"
            quiet = dict(check=True, capture_output=True, text=True)
            subprocess.run([self.path, "fit", file, "--map", fields, "--output", law_file], **quiet)
            out = subprocess.run([self.path, "recommend", "--law", law_file, "--targets", goals, "--format", "csv"],
                                 **quiet).stdout
        return pd.read_csv(io.StringIO(out)).to_dict("records")

    def version(self):
        if self.name is None:
            number = subprocess.run([self.path, "--version"], capture_output=True, text=True).stdout.strip()
            self.name = f"{number}, law format {self.fit(read(self.data)[0], draws=100)['version']}"
        return self.name


def exponent(fitted, term, of="rate"):
    """A coefficient by its name; not a number where the law has no such term."""
    if term not in fitted[of]["terms"]:
        return np.nan
    return fitted[of]["coefficients"][fitted[of]["terms"].index(term)]["value"]


def exponents(fitted, of="rate"):
    """The exponents of N and D at the law's centre."""
    return [exponent(fitted, "params", of), exponent(fitted, "tokens", of)]


def drawn(values):
    """A law file holds draws as a text of whole numbers, in millionths."""
    return np.array(values.split(), float) / 1e6


def quantities(term):
    """`params_times_tokens` is params and tokens, `batch_squared` batch and batch, `constant` none."""
    if term == "constant":
        return []
    if term.endswith("_squared"):
        return [term.removesuffix("_squared")] * 2
    return term.split("_times_")


def predicted(fitted, n, d):
    """ln LR by the law at the best batch size, all its terms included."""
    centre = fitted["rate"]["centre"]
    logs = dict(params=np.log(n / centre["params"]), tokens=np.log(d / centre["tokens"]))
    return sum(c["value"] * np.prod([logs[q] for q in quantities(t)])
               for t, c in zip(fitted["rate"]["terms"], fitted["rate"]["coefficients"]))


def slope(fitted, term, batch):
    """The exponent of `term` in the law at a given batch size, at the centre of N and D."""
    z = np.log(batch / fitted["rate_at_batch"]["centre"]["batch_tokens"])
    mixed = exponent(fitted, f"batch_times_{term}", "rate_at_batch")
    return exponent(fitted, term, "rate_at_batch") + (0 if np.isnan(mixed) else mixed * z)


def interval(fitted, term, of="rate"):
    if term not in fitted[of]["terms"]:
        return "no such term"
    c = fitted[of]["coefficients"][fitted[of]["terms"].index(term)]
    return f"{c['lower']:.3f} to {c['upper']:.3f}"


def sites(fitted):
    """The tool's own optima of cells, with the standard errors that their 90 % intervals give."""
    rows = []
    for c in fitted["cells"]:
        o = c.get("optimum")
        if o and c.get("status", "located") == "located":
            s = (np.log(o["upper"]) - np.log(o["lower"])) / (2 * 1.6449)
            rows.append((c["params"], c["tokens"], np.log(o["value"]), s))
    return pd.DataFrame(rows, columns=["N", "D", "x", "s"])


def rise(basin, z):
    p, q = basin["shape"]["left"], basin["shape"]["right"]
    return basin["depth"] * (np.expm1(-p * z) / p + np.expm1(q * z) / q) / (p + q)


# --- printing ----------------------------------------------------------------------------------

def show(title, head, rows, note=None):
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        cells = [v if isinstance(v, str) else f"{v:d}" if isinstance(v, (int, np.integer))
                 else "" if np.isnan(v) else f"{v:.3f}"
                 for v in row]
        print("| " + " | ".join(cells) + " |")
    if note:
        print("\n" + note)


def pair(beta):
    return [beta[1], beta[2], beta[1] + beta[2]]


def size(v):
    return f"{v / 1e12:.3g}T" if v >= 1e12 else f"{v / 1e9:.3g}B" if v >= 1e9 else f"{v / 1e6:.0f}M"


# --- the tables --------------------------------------------------------------------------------

def design(table, tool, published):
    rows = []
    for (n, d), g in table.groupby(CELL):
        e = g.groupby("lr")[SMOOTH].min()
        i = int(np.argmin(e.to_numpy()))
        rows.append([f"{size(n)} on {size(d)}", f"{d / n:.0f}", len(g), g["lr"].nunique(),
                     f"{i} below, {len(e) - 1 - i} above", g["bs"].nunique(),
                     len(near(g)), f"{g[SMOOTH].min():.3f}"])
    show("design: the cells", ["cell", "tokens per parameter", "runs", "LRs", "LRs beside the best one",
                               "batch sizes", "runs within 0.25 %", "least loss"], rows)
    shapes = table.groupby("N")[["h", "ffnh", "numl"]].agg(lambda v: ", ".join(map(str, sorted(set(v)))))
    show("design: the shapes of the sizes", ["size", "width", "feed-forward width", "layers"],
         [[size(n), *row] for n, row in zip(shapes.index, shapes.to_numpy().tolist())])
    cells = table[CELL].drop_duplicates()
    ratio = cells["D"] / cells["N"]
    rows = []
    for name, keep in (("all cells", ratio > 0), ("those of at most 100 tokens per parameter", ratio < 100)):
        x = np.log(cells[keep])
        rows.append([name, int(keep.sum()), x["N"].nunique(), np.corrcoef(x["N"], x["D"])[0, 1],
                     x["N"].std(ddof=0), x["D"].std(ddof=0)])
    show("design: ln N against ln D", ["cells", "number", "sizes", "correlation", "sd of ln N", "sd of ln D"], rows)


def methods(table, tool, published):
    rows = []
    for loss in (SMOOTH, RAW):
        for how in OPTIMUM:
            o = optima(table, how, loss)
            se, residual = errors(o)
            rows.append([how, loss, len(o), *pair(law(o)), se[1], se[2], residual])
        for share in (0.001, 0.0025, 0.005, 0.01):
            q = near(table, loss, share)
            se, residual = errors(q)
            rows.append([f"all runs within {100 * share:g} % of the cell's least", loss, len(q),
                         *pair(law(q)), se[1], se[2], residual])
    show("methods: without the tool", ["method", "loss column", "points", "N", "D", "N + D", "se N", "se D",
                                       "residual sd, nats"], rows,
         "Published: N -0.713, D 0.307, N + D -0.405. se: of ordinary least squares, points as independent.")

    rows = []
    for loss in (SMOOTH, RAW):
        f = tool.fit(table, loss)
        s = sites(f)
        rows.append(["at the best batch", loss, len(s), *pair([0, *exponents(f)]),
                     interval(f, "params"), interval(f, "tokens")])
        rows.append(["its cells, least squares", loss, len(s), *pair(law(s)), "", ""])
        rows.append(["its cells, weighted by 1/s^2", loss, len(s), *pair(law(s, 1 / s["s"]**2)), "", ""])
        c = exponents(f, "rate_at_batch")
        k, kd = exponent(f, "batch", "rate_at_batch"), exponent(f, "batch_times_tokens", "rate_at_batch")
        centre = f["rate_at_batch"]["centre"]["batch_tokens"]
        mixed = "none" if np.isnan(kd) else f"{kd:.3f}"
        rows.append([f"at a given batch of {centre / 1000:.0f}k tokens (B {k:.3f}, B D {mixed})", loss, len(s),
                     *pair([0, *c]), interval(f, "params", "rate_at_batch"), interval(f, "tokens", "rate_at_batch")])
        b = exponents(f, "batch")
        rows.append([f"the same, put on B* = N^{b[0]:.3f} D^{b[1]:.3f}, first order", loss, len(s),
                     *pair([0, c[0] + k * b[0], c[1] + k * b[1]]), "", ""])
        bends = [f"{t} {exponent(f, t):+.3f}" for t in f["rate"]["terms"] if len(quantities(t)) == 2]
        if bends:
            print(f"\nSecond-order terms at the best batch, {loss}: {', '.join(bends)}.")
    show(f"methods: vernier {tool.version()}",
         ["law", "loss column", "cells", "N", "D", "N + D", "90 % of N", "90 % of D"], rows)


def batches(table, tool, published):
    """One law for each batch size alone."""
    rows = []
    whole = tool.fit(table)
    for batch, g in table.groupby("bs"):
        if len(g[CELL].drop_duplicates()) < 12:
            continue
        f = tool.fit(g, batch=False)
        o = pd.DataFrame([(n, d, vertex(*envelope(h, SMOOTH), 2)) for (n, d), h in g.groupby(CELL)],
                         columns=["N", "D", "x"])
        rows.append([f"{batch * SEQUENCE / 1000:.0f}k", slope(whole, "params", batch * SEQUENCE),
                     slope(whole, "tokens", batch * SEQUENCE), len(sites(f)), *exponents(f),
                     interval(f, "params"), interval(f, "tokens"), len(o), *law(o)[1:]])
    show(f"batches: the runs of one batch size alone (vernier {tool.version()}; vertex with 2 points a side)",
         ["batch, tokens", "law at a given batch: N", "D", "of this batch only: cells located", "vernier N", "D", "90 % of N", "90 % of D", "cells", "vertex N", "D"], rows)

    points = pd.DataFrame(
        [(c["params"], c["tokens"], s["batch_tokens"], np.log(s["optimum"]["value"]))
         for c in whole["cells"] for s in c["slices"] if s["status"] == "located"], columns=["N", "D", "B", "x"])
    n, d, b = (np.log(points[k]) - np.log(points[k]).mean() for k in "NDB")
    forms = {"N, D, B": [], "and B D": [b * d], "and B D, B N, B^2, D^2": [b * d, b * n, b * b, d * d]}
    rows = []
    for name, more in forms.items():
        X = np.c_[tuple([np.ones(len(points)), n, d, b, *more])]
        beta = np.linalg.lstsq(X, points["x"], rcond=None)[0]
        r = points["x"] - X @ beta
        rows.append([name, len(points), *beta[1:4], f"{beta[4]:.3f}" if more else "",
                     np.sqrt(r @ r / (len(r) - X.shape[1]))])
    show(f"batches: least squares on the optima of vernier's slices (version {tool.version()})",
         ["terms", "slices", "N", "D", "B", "B D", "residual sd, nats"], rows)


def intervals(table, tool, published):
    f = tool.fit(table)
    draws = f["rate"]["draws"]
    a, b = (drawn(draws["coefficients"][f["rate"]["terms"].index(t)]) for t in EXPONENTS)
    spread = drawn(draws["size_deviations"])
    rows = [["all", len(a), a.std(), b.std()]]
    for v in sorted(set(spread)):
        k = spread == v
        if k.sum() >= 20:
            rows.append([f"{v:g}", int(k.sum()), a[k].std(), b[k].std()])
    show(f"intervals: draws of vernier {tool.version()}, by the spread of size offsets",
         ["spread of offsets, nats", "draws", "sd of N", "sd of D"], rows)
    rows = []
    for of, name in (("rate", "at the best batch"), ("rate_at_batch", "at a given batch")):
        for term in EXPONENTS:
            i = f[of]["terms"].index(term)
            rows.append([f"{name}, {term}", exponent(f, term, of), interval(f, term, of),
                         drawn(f[of]["draws"]["coefficients"][i]).std()])
    named = table.assign(trunk=table["exp_name"])
    g = tool.fit(named)
    for term in EXPONENTS:
        i = g["rate"]["terms"].index(term)
        rows.append([f"at the best batch, {term}, each run named as its own trunk", exponent(g, term),
                     interval(g, term), drawn(g["rate"]["draws"]["coefficients"][i]).std()])
    show(f"intervals: vernier {tool.version()}",
         ["exponent", "value", "90 %", "sd of draws"], rows)
    z = PUBLISHED[1:] - np.array([a.mean(), b.mean()])
    print(f"\nThe published pair lies at a squared distance of {z @ np.linalg.solve(np.cov(a, b), z):.2f} from "
          f"vernier's (90 % of the draws lie within 4.61); correlation of a and b {np.corrcoef(a, b)[0, 1]:.2f}.")
    centre = f["rate"]["centre"]
    level = PUBLISHED @ [1, np.log(centre["params"]), np.log(centre["tokens"])]
    print(f"At {size(centre['params'])} on {size(centre['tokens'])}: vernier {np.exp(exponent(f, 'constant')):.2e}, "
          f"published {np.exp(level):.2e}.")
    offsets = f["rate"]["size_offsets"]
    show("intervals: the offsets of sizes", ["size", "offset, nats"],
         [[size(n), o] for n, o in zip(f["rate"]["sizes"], offsets)])

    rng = np.random.default_rng(0)
    pool = near(table)
    rows = [["published file, 1,000 draws", "unknown", published["lr_coefN"].mean(), published["lr_coefD"].mean(),
             published["lr_coefN"].std(), published["lr_coefD"].std(),
             published["lr_coefN"].corr(published["lr_coefD"]), ""]]

    def add(name, points, groups):
        """Bootstrap by whole groups; each group is drawn as one."""
        members = [np.flatnonzero(groups == g) for g in sorted(set(groups))]
        X = np.c_[np.ones(len(points)), np.log(points["N"]), np.log(points["D"])]
        y, found = points["x"].to_numpy(), []
        sizes_of = points["N"].to_numpy()
        while len(found) < 1000:
            i = np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])
            if len(set(sizes_of[i])) >= 2 and np.linalg.matrix_rank(X[i]) == 3:
                found.append(np.linalg.lstsq(X[i], y[i], rcond=None)[0])
        c = np.array(found)
        beta = law(points)
        rows.append([name, str(len(members)), beta[1], beta[2], c[:, 1].std(), c[:, 2].std(),
                     np.corrcoef(c[:, 1], c[:, 2])[0, 1], jackknife(points)])

    def jackknife(points):
        """The standard error of N from leaving out one size at a time."""
        v = np.array([law(points[points["N"] != n])[1] for n in sorted(set(points["N"]))])
        return np.sqrt((len(v) - 1) / len(v) * ((v - v.mean())**2).sum())

    def ids(points, keys):
        return points.groupby(keys).ngroup().to_numpy() if keys else np.arange(len(points))

    add("runs within 0.25 %, resampled run by run", pool, ids(pool, None))
    add("the same, cell by cell", pool, ids(pool, CELL))
    add("the same, size by size", pool, ids(pool, ["N"]))
    for how in (V2,):
        o = optima(table, how)
        add(f"{how}, cell by cell", o, ids(o, CELL))
        add(f"{how}, size by size", o, ids(o, ["N"]))
    s = sites(f)
    add("vernier's cells, cell by cell", s, ids(s, CELL))
    add("vernier's cells, size by size", s, ids(s, ["N"]))
    show("intervals: what is resampled", ["fit", "units", "N", "D", "sd of N", "sd of D", "correlation",
                                             "jackknife se of N, by size"], rows)
    mean = pool.groupby(CELL, as_index=False)["x"].mean()
    beta = law(mean)
    print(f"\nRuns within 0.25 %, each cell counted once: N {beta[1]:.3f}, D {beta[2]:.3f}.")


def subsets(table, tool, published):
    ratio = table["D"] / table["N"]
    cases = [("all 17 cells", ratio > 0)]
    cases += [(f"without {size(n)}", table["N"] != n) for n in sorted(table["N"].unique())]
    cases += [("without 19 tokens per parameter", ratio > 25),
              ("without 53", (ratio < 40) | (ratio > 60)),
              ("without 93", (ratio < 80) | (ratio > 100)),
              ("without 116 and more (50B, 80B, 100B)", ratio < 100),
              ("without 1.07B on 56.9B (5 LRs)", (table["N"] < 1e9) | (table["D"] < 5e10)),
              ("without 1.07B on 56.9B and 429M on 40B (11 LRs)",
               ((table["N"] < 1e9) | (table["D"] < 5e10)) & ~((table["N"] == 429260800) & (table["D"] == 4e10))),
              ("without 215M on 100B (1 LR above the best)", (table["N"] > 2.2e8) | (table["D"] < 5e10)),
              ("D up to 30B", table["D"] < 3e10),
              ("D from 20B", table["D"] >= 2e10)]
    rows = []
    for name, keep in cases:
        t = table[keep]
        f = tool.fit(t)
        v, g, m = law(optima(t, V2)), law(near(t)), law(optima(t, ARGMIN))
        a, b = exponents(f)
        rows.append([name, len(t[CELL].drop_duplicates()), f"{a:.3f}", f"{b:.3f}", interval(f, "params"),
                     interval(f, "tokens"), f"{v[1]:.3f}", f"{v[2]:.3f}", f"{g[1]:.3f}", f"{g[2]:.3f}",
                     f"{m[1]:.3f}", f"{m[2]:.3f}"])
    show(f"subsets (vernier {tool.version()})",
         ["cells used", "cells", "vernier N", "D", "90 % of N", "90 % of D", "vertex N", "D",
          "within 0.25 % N", "D", "argmin N", "D"], rows)

    rows = []
    for name, o in ((V2, optima(table, V2)), ("vernier's cells", sites(tool.fit(table))),
                    ("runs within 0.25 %, cell means", near(table).groupby(CELL, as_index=False)["x"].mean())):
        n, d, y = (v - v.mean() for v in (np.log(o["N"]), np.log(o["D"]), o["x"]))
        row = [name]
        for term in (n * n, d * d, n * d):
            X = np.c_[np.ones(len(o)), n, d, term]
            beta = np.linalg.lstsq(X, y, rcond=None)[0]
            r = y - X @ beta
            se = np.sqrt(r @ r / (len(y) - 4) * np.linalg.inv(X.T @ X)[3, 3])
            row.append(f"{beta[3]:+.3f} (t {beta[3] / se:.1f})")
        rows.append(row)
    show("subsets: one second-order term added to least squares", ["optima", "(ln N)^2", "(ln D)^2", "ln N ln D"], rows)


def smaller(table, tool, published):
    """What cells of two smaller models would do: sizes and horizons are assumed, not known."""
    sizes_, ratios = (60e6, 120e6), (18.6, 53, 93)
    extra = pd.DataFrame([(n, n * r) for n in sizes_ for r in ratios], columns=CELL)
    rows = []
    for name, base in ((V2, optima(table, V2)), ("vernier's cells", sites(tool.fit(table))[["N", "D", "x"]]),
                       ("runs within 0.25 %, cell means", near(table).groupby(CELL, as_index=False)["x"].mean())):
        own = law(base)
        rows.append([name, "none", len(base), *pair(own), errors(base)[0][1]])
        for label, beta in (("on the published law", PUBLISHED), ("on this fit's own law", own)):
            e = extra.copy()
            e["x"] = beta[0] + beta[1] * np.log(e["N"]) + beta[2] * np.log(e["D"])
            both = pd.concat([base, e])
            rows.append([name, label, len(both), *pair(law(both)), errors(both)[0][1]])
        for shift in (-0.2, 0.2):
            e = extra.copy()
            e["x"] = own[0] + own[1] * np.log(e["N"]) + own[2] * np.log(e["D"]) + shift
            rows.append([name, f"own law, their optima {shift:+.1f} nats", len(base) + len(e),
                         *pair(law(pd.concat([base, e]))), ""])
    show("smaller: six invented cells of 60M and 120M added (least squares)",
         ["optima", "where the added cells lie", "cells", "N", "D", "N + D", "se N"], rows)


def noise(table, tool, published):
    repeats = 20
    rows = []
    base = tool.fit(table)
    print(f"\nvernier's own estimate of the noise of one loss: {100 * base['basin']['noise']:.3f} % of it.")
    for sd in (0.001, 0.003):
        found = {}
        for k in range(repeats):
            rng = np.random.default_rng(k)
            t = table.copy()
            t[SMOOTH] += rng.normal(0, sd, len(t))
            for how in (ARGMIN, V1, V2, V4, SURFACE):
                found.setdefault(how, []).append(law(optima(t, how))[1:])
            found.setdefault("all runs within 0.25 %", []).append(law(near(t))[1:])
            f = tool.fit(t, draws=100)
            found.setdefault("vernier, best batch", []).append(exponents(f))
            found.setdefault("vernier, given batch", []).append(exponents(f, "rate_at_batch"))
        for name, values in found.items():
            v = np.array(values)
            rows.append([name, f"{sd:g}", *v.mean(0), *v.std(0, ddof=1)])
    show(f"noise: {repeats} refits with normal noise added to each loss (vernier {tool.version()})",
         ["method", "noise, nats", "mean N", "mean D", "sd of N", "sd of D"], rows)


def skew(table, tool, published):
    basin = tool.fit(table)["basin"]
    step = np.log(2) / 2
    rows = []
    reference = optima(table, V1)
    for half in (1, 2, 3, 4, 5):
        shifts = []
        for phase in np.linspace(-0.5, 0.5, 21):
            x = (np.arange(-8, 9) + phase) * step
            shifts.append(vertex(np.exp(x), np.exp(rise(basin, x)), half))
        o = pd.DataFrame([(n, d, vertex(*envelope(g, SMOOTH), half)) for (n, d), g in table.groupby(CELL)],
                         columns=["N", "D", "x"])
        moved = o["x"].to_numpy() - reference["x"].to_numpy()
        rows.append([str(half), f"{half * step:.2f}", np.mean(shifts), np.mean(moved), np.std(moved), *pair(law(o))])
    s = basin["shape"]
    show(f"skew: the vertex against the width of its window (basin of vernier {tool.version()}: left power "
         f"{s['left']:.2f}, right power {s['right']:.2f})",
         ["points a side", "half width, nats", "shift in the fitted basin", "mean shift in the table",
          "sd of shift between cells", "N", "D", "N + D"], rows,
         "Shifts in nats of LR: of the fitted basin against its true optimum, of the table against one point a side.")


def penalty(table, tool, published):
    f = tool.fit(table)
    basin = f["basin"]
    laws = {"published": PUBLISHED, "vernier, best batch": f, V2: law(optima(table, V2)),
            ARGMIN: law(optima(table, ARGMIN)), "all runs within 0.25 %": law(near(table))}

    def at(beta, n, d):
        if beta is f:
            return predicted(f, n, d)
        return beta[0] + beta[1] * np.log(n) + beta[2] * np.log(d)
    targets = [(1073741824, 56.9e9), (1e9, 100e9), (7e9, 140e9), (7e9, 1e12)]
    rows = [[f"{size(r['params'])} on {size(r['tokens'])}", f"{r['learning_rate']:.2e}", f"{r['optimum']:.2e}",
             f"{r['lower']:.2e} to {r['upper']:.2e}"] for r in tool.recommend(table, targets)]
    show(f"penalty: what vernier {tool.version()} recommends", ["target", "LR to use", "optimum", "90 %"], rows)
    rows = []
    for name, beta in laws.items():
        row = [name]
        for n, d in targets:
            x, y = at(beta, n, d), at(laws["vernier, best batch"], n, d)
            row.append(f"{np.exp(x):.2e} ({100 * np.expm1(rise(basin, x - y)):.3f} %)")
        rows.append(row)
    show(f"penalty: the LR of each law, and its loss penalty if vernier's optimum (version {tool.version()}) were the true one",
         ["law"] + [f"{size(n)} on {size(d)}" for n, d in targets], rows)

    # The same two exponent pairs about one centre, so that only the exponents differ.
    c = f["rate"]["centre"]
    rows = []
    a, b = exponents(f)
    for n, d in targets:
        z = (PUBLISHED[1] - a) * np.log(n / c["params"]) + (PUBLISHED[2] - b) * np.log(d / c["tokens"])
        rows.append([f"{size(n)} on {size(d)}", f"{np.exp(z):.3f}", f"{100 * np.expm1(rise(basin, z)):.4f}",
                     f"{100 * np.expm1(rise(basin, -z)):.4f}"])
    show("penalty: published exponents against vernier's (no second-order terms), both through vernier's centre "
         f"({size(c['params'])} on {size(c['tokens'])})",
         ["target", "ratio of LRs", "penalty % if vernier is right", "penalty % if published is right"], rows)

    rows = []
    for name, beta in laws.items():
        gaps = []
        for (n, d), g in table.groupby(CELL):
            x, y = envelope(g, SMOOTH)
            e = PchipInterpolator(np.log(x), np.minimum(y, 3 * y.min()))(np.clip(at(beta, n, d), np.log(x[0]), np.log(x[-1])))
            gaps.append(100 * (float(e) / y.min() - 1))
        rows.append([name, np.mean(gaps), np.max(gaps), gaps[-1]])
    show("penalty: measured, by each law's own LR on the envelopes of the 17 cells (in sample but for the published law)",
         ["law", "mean %", "worst %", "1.07B on 56.9B %"], rows)
    rows = []
    for name, low, high in (("up to 20", 0, 20), ("50 to 60", 50, 60), ("90 to 120", 90, 120), ("298 and 466", 200, 500)):
        r, b, c, gap = [], [], [], []
        for (n, d), g in table.groupby(CELL):
            if low < d / n < high:
                q = g[g[SMOOTH] / g[SMOOTH].min() - 1 < 0.0025]
                x, z = np.log(q["lr"]), np.log(q["bs"])
                r.append(np.exp(x.max() - x.min()))
                b.append(np.exp(z.max() - z.min()))
                c.append(len(q))
                gap.append(x.mean() - vertex(*envelope(g, SMOOTH), 2))
        rows.append([name, len(r), np.mean(c), np.mean(r), np.mean(b), np.mean(gap)])
    show("penalty: the runs within 0.25 % of a cell's least loss, by tokens per parameter",
         ["tokens per parameter", "cells", "runs a cell", "LRs span a factor", "batch sizes span a factor",
          "mean ln LR less the vertex"], rows)
    flat = []
    for (n, d), g in table.groupby(CELL):
        x, y = envelope(g, SMOOTH)
        fine = np.linspace(np.log(x[0]), np.log(x[-1]), 2001)
        e = PchipInterpolator(np.log(x), y)(fine)
        inside = fine[e <= 1.001 * y.min()]
        flat.append(np.exp(inside.max() - inside.min()))
    print(f"\nLRs within 0.1 % of a cell's least loss span a factor {np.median(flat):.2f} (median of 17 cells), "
          f"{np.min(flat):.2f} to {np.max(flat):.2f}.")


TABLES = dict(design=design, methods=methods, batches=batches, intervals=intervals, subsets=subsets, smaller=smaller,
              noise=noise, skew=skew, penalty=penalty)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--vernier", default=ROOT / ".build/release/vernier", help="the program")
    p.add_argument("--data", default=ROOT.parent / "shared/data", help="the folder that holds steplaw/")
    p.add_argument("--only", choices=TABLES, action="append", help="one table (may be repeated)")
    a = p.parse_args()
    for path, what in ((Path(a.vernier), "the program is not built"),
                       (Path(a.data) / "steplaw", "the public Step Law table is not here")):
        if not path.exists():
            sys.exit(print(f"Skipped: {what} ({path})"))
    table, published = read(a.data)
    tool = Tool(a.vernier, a.data)
    for name in a.only or TABLES:
        TABLES[name](table, tool, published)


if __name__ == "__main__":
    main()
