"""Scores the fit on more ways to split the public sweeps than ../shared/scripts/score_heldout.py has.

    make bench-heldout

A fit that was tuned to one set of splits shows it here: along params and along tokens, at one batch size,
with a third of the learning rates, with last losses in place of smoothed ones, on a table of three rates a
cell that the scorer leaves out. The protocol and the reference methods are the scorer's. Prints; judges
nothing.
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
VERNIER = HERE.parent / ".build/release/vernier"
SHARED = HERE.parent.parent / "shared"


def halves(cells):
    return [(cells[: len(cells) // 2], cells[len(cells) // 2 :])]


def located(cells):
    return [cell for cell in cells if not cell.edge]


def along_params(cells, places):
    sizes = sorted({cell.N for cell in cells})
    return [
        ([c for c in cells if c.N <= sizes[k]], [c for c in cells if c.N > sizes[k]]) for k in places
    ]


def along_tokens(cells):
    cut = np.median([cell.D for cell in cells])
    return [([c for c in cells if c.D <= cut], [c for c in cells if c.D > cut])]


def rolling(cells, step):
    return [(cells[:k], cells[k:]) for k in range(8, len(cells) - step, step)]


def splits(scorer, pandas):
    def read(file, *columns):
        return scorer.table(pandas.read_csv(SHARED / "data" / file), *columns)

    step_law, cells = scorer.step_law()
    last = read("steplaw/dense_lr_bs_loss.csv", "N", "D", "lr", "loss", "bs", 2048)
    half = len(cells) // 2
    small = {(cell.N, cell.D) for cell in cells[:half]}
    yield "Step Law along params", along_params(cells, (1, 2, 3))
    yield "Step Law along tokens", along_tokens(cells)
    yield "Step Law from last losses", [
        ([c for c in located(scorer.cells(last)) if (c.N, c.D) in small], cells[half:])
    ]
    for batch in (64, 256, 1024):
        of_batch = located(scorer.cells(step_law[step_law.bs == batch * 2048]))
        yield f"Step Law at {batch} sequences", halves([c for c in of_batch if len(c.lr) >= 5])
    thirds = [
        [scorer.Cell(c.N, c.D, c.rows[c.rows.lr.isin(set(c.lr[k::3]))]) for c in cells[:half]]
        for k in range(3)
    ]
    yield "Step Law, a third of the rates", [(located(third), cells[half:]) for third in thirds]

    euro = read(
        "oellm/loss_post_annealing_50M_to_600M.csv", "N", "D", "lr", "loss", "gbsz", 4096
    )
    cells = [cell for cell in located(scorer.cells(euro)) if len(cell.lr) >= 4]
    sizes = sorted({cell.N for cell in cells})
    yield "OpenEuroLLM, two sizes to the third", [
        ([c for c in cells if c.N <= sizes[1]], [c for c in cells if c.N == sizes[2]])
    ]
    yield "OpenEuroLLM, two sizes to the fourth", [
        ([c for c in cells if c.N <= sizes[1]], [c for c in cells if c.N == sizes[3]])
    ]
    yield "OpenEuroLLM along tokens", along_tokens(cells)
    for batch in (128, 256, 512):
        of_batch = located(scorer.cells(euro[euro.bs == batch * 4096]))
        yield f"OpenEuroLLM at {batch} sequences", halves([c for c in of_batch if len(c.lr) >= 3])
    slices = scorer.slices(euro, 3)
    yield "OpenEuroLLM at a given batch", [
        ([c for c in slices if c.N < 4e8], [c for c in slices if c.N > 4e8])
    ]

    for name, file, columns in [
        (
            "Misfitting",
            "misfitting/scaling_results_last_ckpt_only.csv",
            ("N", "train_tokens", "peak_lr", "loss"),
        ),
        ("Misfitting, sheet", "misfitting/sheet_lr_rows.csv", ("N", "D", "lr", "C4 Eval Loss")),
    ]:
        cells = located(scorer.cells(read(file, *columns, 512, 2048)))
        count = len({cell.N for cell in cells})
        yield f"{name}, by compute", halves(cells)
        yield f"{name} along tokens", along_tokens(cells)
        yield f"{name} along params", along_params(cells, range(2, count - 1, 2))
        yield f"{name}, rolling", rolling(cells, 4)


def main():
    sys.path.insert(0, str(SHARED / "scripts"))
    try:
        import pandas
        import score_heldout as scorer
    except ImportError as error:
        print(f"nothing is scored, for {error.name} is not here: make python-tools installs the "
              "libraries, and the public sweeps belong into ../shared")
        return 0
    if not VERNIER.exists():
        print(f"{VERNIER.relative_to(HERE.parent)} is missing: make build")
        return 1
    fit = scorer.program(str(VERNIER))
    print(f"{'':36s} {'gap %':>7s} {'vertex':>7s} {'argmin':>7s}   inside  octaves")
    inside = held = 0
    ratios = []
    for name, pairs in splits(scorer, pandas):
        result = scorer.score(fit, pairs)
        references = [scorer.score(scorer.reference(method), pairs)["gap"]
                      for method in ("vertex", "argmin")]
        inside += result["inside"]
        held += result["cells"]
        ratios.append(np.log(max(result["gap"], 1e-3) / max(min(references), 1e-3)))
        print(f"{name:36s} {result['gap']:7.3f} {references[0]:7.3f} {references[1]:7.3f}"
              f"   {result['inside']:3d}/{result['cells']:<3d} {result['octaves']:6.2f}", flush=True)
    print(f"geometric mean of gap over that of the better reference {np.exp(np.mean(ratios)):.2f}; "
          f"intervals hold {inside} of {held} vertices")
    return 0


if __name__ == "__main__":
    sys.exit(main())
