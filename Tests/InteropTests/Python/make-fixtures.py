"""Makes the logs that the importers are tested on, each with the tool that people log with.

    Scripts/install-trackers
    .venv/bin/python Tests/InteropTests/Python/make-fixtures.py Tests/InteropTests/Fixtures [TOOL ...]

Replaces the folder of each tool; one that is not installed is left as it is, with the reason, and the exit
status is 3. Paths, names of users and of machines are kept out. The logs of trainers that need a GPU are
written to their format.
The TOOL `sweep`, which runs the sweep of Examples/wandb-sweep for some minutes, is made only when named.
"""

import importlib
import shutil
import sys
import tempfile
from pathlib import Path

TOOLS = ["wandb", "tensorboard", "mlflow", "huggingface", "lightning", "megatron", "torchtitan",
         "nanogpt", "llmc"]
NOT_INSTALLED = 3


def main(output, tools):
    status = 0
    for tool in tools or TOOLS:
        try:
            made = importlib.import_module(f"fixture_{tool}")
        except ImportError as error:
            print(f"skipped {tool}: {error}", file=sys.stderr)
            status = NOT_INSTALLED
            continue
        with tempfile.TemporaryDirectory() as folder:
            made.make(Path(folder))
            for part in sorted(Path(folder).iterdir()):
                shutil.rmtree(output / part.name, ignore_errors=True)
                shutil.copytree(part, output / part.name)
                size = sum(file.stat().st_size for file in part.rglob("*") if file.is_file())
                print(f"{part.name}: {size:,} bytes")
    return status


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
