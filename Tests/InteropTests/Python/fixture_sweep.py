"""The sweep of `Examples/wandb-sweep/sweep.py`; takes some minutes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import torch
import wandb

SWEEP = Path(__file__).resolve().parents[3] / "Examples" / "wandb-sweep" / "sweep.py"
POINTS = 16
QUIET = {
    "WANDB_MODE": "offline", "WANDB_CONSOLE": "off", "WANDB_DISABLE_CODE": "true", "WANDB_DISABLE_GIT": "true",
    "WANDB_HOST": "machine", "WANDB_USERNAME": "user", "WANDB_X_DISABLE_META": "true",
    "WANDB_X_DISABLE_STATS": "true", "WANDB_X_DISABLE_MACHINE_INFO": "true", "WANDB_X_SAVE_REQUIREMENTS": "false",
    "WANDB_ERROR_REPORTING": "false",
}
README = """\
The 45 runs of `Examples/wandb-sweep/sweep.py --points {points}` with wandb {wandb}, torch {torch} and numpy {numpy},
made by `Tests/InteropTests/Python/make-fixtures.py Tests/InteropTests/Fixtures sweep`. What wandb notes of the
machine is switched off, and only the `.wandb` files are kept. What the sweep printed:

```
{printed}
```
"""


def make(folder):
    kept, raw = folder / "wandb-sweep", folder / "raw"
    kept.mkdir()
    raw.mkdir()
    printed = subprocess.run([sys.executable, SWEEP, "--points", str(POINTS)], cwd=raw, env={**os.environ, **QUIET},
                             stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    for run in sorted((raw / "wandb").glob("offline-run-*")):
        identifier = run.name.rsplit("-", 1)[1]
        place = kept / f"offline-run-20240102_030405-{identifier}"
        place.mkdir()
        shutil.copy(run / f"run-{identifier}.wandb", place)
    shutil.rmtree(raw)
    (kept / "README.md").write_text(README.format(
        points=POINTS, wandb=wandb.__version__, torch=torch.__version__, numpy=numpy.__version__,
        printed="\n".join(printed[:-1])))
