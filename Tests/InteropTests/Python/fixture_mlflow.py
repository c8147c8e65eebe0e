"""Two runs of MLflow in a store of files and in SQLite."""

import math
import os
import random
import re
import shutil
import sqlite3
import uuid
from pathlib import Path
from unittest import mock

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # no longer the default; people have folders of it

import mlflow
from mlflow.entities import Metric
from mlflow.tracking import MlflowClient

START = 1_704_164_645_000
TABLES = ["experiments", "runs", "metrics", "latest_metrics", "params", "tags", "experiment_tags"]
README = """\
The same two runs, as mlflow {version} writes them, made by `Tests/InteropTests/Python/make-fixtures.py`.

- `mlruns`: the store of files.
- `mlflow.sql`: the tables of its SQLite store that hold runs, dumped: `sqlite3 mlflow.db < mlflow.sql` gives
  them back. The whole database is too large to keep.

One run finished, one failed with losses of NaN and Infinity. Params and metrics have `/` in their names;
a metric repeats steps, as resumed runs do. A third run is deleted.
"""

PARAMS = {"model/width": 256, "model/layers": 4, "lr": 3e-3, "optimizer": "adamw", "batch_size": 64,
          "sequence_length": 512, "weight_decay": 0.1, "params_total": 19_529_984,
          "note": "two\nlines and größe", "empty": ""}


def fill(client, location, chance):
    experiment = client.create_experiment("sweep", artifact_location=location, tags={"team": "small"})
    for name, steps, status in (("finished", 120, "FINISHED"), ("diverged", 60, "FAILED"),
                                ("removed", 5, "FINISHED")):
        chance.seed(name)
        run = client.create_run(experiment, start_time=START, run_name=name, tags={"seed": "1"})
        identifier = run.info.run_id
        for key, value in PARAMS.items():
            client.log_param(identifier, key, value)
        logged = []
        for step in range(steps):
            loss = 2.5 + 5 * (step + 1) ** -0.4
            if name == "diverged" and step >= 50:
                loss = math.inf if step < 55 else math.nan
            time = START + 1000 * step
            logged += [Metric("train/loss", loss, time, step), Metric("lr", 3e-3 * (1 - step / 120), time, step)]
            if step % 30 == 29:
                logged.append(Metric("val/loss", loss + 0.05, time, step))
        for step in range(40, 50):  # as after a restart
            logged.append(Metric("tokens", 32768 * (step + 1), START + 1000 * (200 + step), step))
        logged += [Metric("tokens", 32768 * (step + 1), START + 1000 * step, step) for step in range(0, 60)]
        client.log_batch(identifier, metrics=logged)
        client.set_terminated(identifier, status=status, end_time=START + 1000 * steps)
        if name == "removed":
            client.delete_run(identifier)


def identifiers(chance):
    """The same names of runs each time, in each store."""
    return mock.patch("uuid.uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))


def statements(database):
    """What makes the tables that hold runs, and their rows, without what refers to other tables."""
    yield "BEGIN TRANSACTION;"
    for table in TABLES:
        made, = database.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone()
        yield made + ";"
        columns = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
        quoted = " || ',' || ".join(f"quote(\"{column}\")" for column in columns)
        for values, in database.execute(f"SELECT {quoted} FROM {table}"):
            yield f"INSERT INTO \"{table}\" VALUES({values});"
    yield "COMMIT;"


def make(folder):
    kept, raw = folder / "mlflow", folder / "raw"
    kept.mkdir()
    raw.mkdir()
    chance = random.Random(1)
    try:
        with identifiers(chance):
            fill(MlflowClient((kept / "mlruns").as_uri()), "s3://store/sweep", chance)
        with identifiers(chance):
            fill(MlflowClient(f"sqlite:///{raw / 'mlflow.db'}"), "s3://store/sweep", chance)
        with sqlite3.connect(raw / "mlflow.db") as database:
            dump = "\n".join(statements(database)) + "\n"
        (kept / "mlflow.sql").write_text(dump.replace(f"{Path.cwd()}/", ""))
    finally:
        shutil.rmtree(raw)
    here = re.escape(str(folder))
    for file in kept.rglob("meta.yaml"):
        file.write_text(re.sub(rf"(file://)?{here}/mlflow/", "", file.read_text()))
    (kept / "README.md").write_text(README.format(version=mlflow.__version__))
