"""Prints what a tool's own reader finds in its logs, a JSON line for each series and each run's settings.

    .venv/bin/python Tests/InteropTests/Python/read-logs.py KIND PATH

KIND is wandb, tensorboard, tensorboard-file, mlflow, huggingface or lightning. PATH is what the importer gets: a
file or a folder, searched; for mlflow a folder of runs, a database or a `.sql` dump of one.

    {"run": ..., "metric": ..., "steps": [...], "values": [...]}
    {"run": ..., "settings": {...}}

Values are in the order of the reader and none is left out; NaN and infinities are the strings nan, inf, -inf.
`tensorboard` is what TensorBoard shows of a folder, with what a restart purges left out; `tensorboard-file`
every event of each file. The exit status is 3 where the tool cannot be imported.
"""

import csv
import json
import math
import os
import shutil
import sqlite3
import struct
import sys
import tempfile
from pathlib import Path


def plain(value):
    """The value with what JSON cannot say as text."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


class Output:
    def __init__(self):
        self.series = {}

    def add(self, run, metric, step, value):
        steps, values = self.series.setdefault((run, metric), ([], []))
        steps.append(step)
        values.append(plain(value))

    def settings(self, run, settings):
        print(json.dumps({"run": run, "settings": plain(settings)}, sort_keys=True))

    def finish(self):
        for (run, metric), (steps, values) in self.series.items():
            print(json.dumps({"run": run, "metric": metric, "steps": steps, "values": values}))


def files(path, pattern):
    return [path] if path.is_file() else sorted(path.rglob(pattern))


def wandb(path, output):
    sys.path.insert(0, os.path.join(sys.prefix, "wandb-datastore"))
    from datastore import DataStore
    from wandb.proto import wandb_internal_pb2

    def place(settings, item):
        names = list(item.nested_key) or [item.key]
        for name in names[:-1]:
            settings = settings.setdefault(name, {})
        settings[names[-1]] = json.loads(item.value_json)

    for file in files(path, "*.wandb"):
        run, found = file.stem.removeprefix("run-"), {"config": {}, "summary": {}, "exit_code": None}
        store = DataStore()
        store.open_for_scan(str(file))
        while True:
            try:
                data = store.scan_data()
            except AssertionError:  # cut off
                break
            if data is None:
                break
            record = wandb_internal_pb2.Record.FromString(data)
            kind = record.WhichOneof("record_type")
            if kind == "history":
                step = record.history.step.num
                for item in record.history.item:
                    name = ".".join(item.nested_key) or item.key
                    output.add(run, name, step, json.loads(item.value_json))
            elif kind == "run":
                found["name"], found["project"] = record.run.display_name, record.run.project
                for item in record.run.config.update:
                    place(found["config"], item)
            elif kind == "config":
                for item in record.config.update:
                    place(found["config"], item)
            elif kind == "summary":
                for item in record.summary.update:
                    place(found["summary"], item)
            elif kind == "exit":
                found["exit_code"] = record.exit.exit_code
        output.settings(run, found)


def event_files(path):
    return [file for file in files(path, "*tfevents*") if file.is_file()]


def number(tensor):
    """The number in a tensor of no dimension, else nothing."""
    from tensorboard.compat.proto import types_pb2
    from tensorboard.util import tensor_util
    if tensor.dtype == types_pb2.DT_BFLOAT16:  # which tensorboard's own reader fails on
        bits = tensor.half_val[0] if tensor.half_val else int.from_bytes(tensor.tensor_content, "little")
        return struct.unpack("<f", struct.pack("<I", bits << 16))[0]
    array = tensor_util.make_ndarray(tensor)
    return float(array) if array.ndim == 0 and array.dtype.kind not in "OSU" else None


def tensorboard(path, output):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    everything = dict.fromkeys(
        ["compressedHistograms", "images", "audio", "scalars", "histograms", "tensors"], 0)
    for folder in sorted({file.parent for file in event_files(path)}):
        accumulator = EventAccumulator(str(folder), size_guidance=everything).Reload()
        run = "." if folder == path else str(folder.relative_to(path))
        for tag in accumulator.Tags()["scalars"]:
            for event in accumulator.Scalars(tag):
                output.add(run, tag, event.step, event.value)
        for tag in accumulator.Tags()["tensors"]:
            for event in accumulator.Tensors(tag):
                value = number(event.tensor_proto)
                if value is not None:
                    output.add(run, tag, event.step, value)


def tensorboard_file(path, output):
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    for file in event_files(path):
        run = file.name if path.is_file() else str(file.relative_to(path))
        for event in LegacyEventFileLoader(str(file)).Load():
            for value in event.summary.value:
                kind = value.WhichOneof("value")
                if kind == "simple_value":
                    output.add(run, value.tag, event.step, value.simple_value)
                elif kind == "tensor" and number(value.tensor) is not None:
                    output.add(run, value.tag, event.step, number(value.tensor))


def mlflow(path, output):
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    from mlflow.entities import ViewType
    from mlflow.tracking import MlflowClient

    def read(client):
        experiments = client.search_experiments(view_type=ViewType.ALL)
        for run in client.search_runs([one.experiment_id for one in experiments], run_view_type=ViewType.ACTIVE_ONLY):
            identifier = run.info.run_id
            output.settings(identifier, {"params": run.data.params, "tags": run.data.tags,
                                         "status": run.info.status, "name": run.info.run_name})
            for metric in sorted(run.data.metrics):
                for point in client.get_metric_history(identifier, metric):
                    output.add(identifier, metric, point.step, point.value)

    if path.is_dir():
        with tempfile.TemporaryDirectory() as folder:  # since it makes folders of its own
            store = Path(folder) / "mlruns"
            shutil.copytree(path, store)
            for run in store.glob("*/*/meta.yaml"):  # git keeps no empty folders, and mlflow asks for this one
                (run.parent / "artifacts").mkdir(exist_ok=True)
            return read(MlflowClient(store.as_uri()))
    if path.suffix != ".sql":
        return read(MlflowClient(f"sqlite:///{path.resolve()}"))
    with tempfile.TemporaryDirectory() as folder:
        uri = f"sqlite:///{folder}/mlflow.db"
        client = MlflowClient(uri)  # makes the tables
        with sqlite3.connect(Path(folder) / "mlflow.db") as database:
            rows = [line for line in statements(path.read_text()) if line.startswith("INSERT")]
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute("DELETE FROM experiments")
            for row in rows:
                database.execute(row)
        read(client)


def statements(text):
    """The statements of a dump; texts in it may hold line ends."""
    part = ""
    for line in text.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part.strip()
            part = ""


def huggingface(path, output):
    for file in files(path, "trainer_state.json"):
        run = "." if path.is_file() else str(file.parent.relative_to(path))
        state = json.loads(file.read_text())
        history = state.pop("log_history")
        config = file.parent / "config.json"
        whole = {}
        for entry in history:
            if "train_loss" in entry:  # what train() returns: means of the whole run
                whole = {name: value for name, value in entry.items() if name.startswith("train_")}
                continue
            for metric, value in entry.items():
                if metric != "step":
                    output.add(run, metric, entry["step"], value)
        output.settings(run, {"state": state, "whole": whole,
                              "config": json.loads(config.read_text()) if config.exists() else None})


def lightning(path, output):
    import yaml
    for file in files(path, "metrics.csv"):
        run = "." if path.is_file() else str(file.parent.relative_to(path))
        settings = file.parent / "hparams.yaml"
        if settings.exists():
            output.settings(run, {"hparams": yaml.safe_load(settings.read_text())})
        with file.open(newline="") as rows:
            for row in csv.DictReader(rows):
                for metric, value in row.items():
                    if metric != "step" and value != "":
                        output.add(run, metric, int(row["step"]), float(value))


NOT_INSTALLED = 3

READERS = {"wandb": wandb, "tensorboard": tensorboard, "tensorboard-file": tensorboard_file, "mlflow": mlflow,
           "huggingface": huggingface, "lightning": lightning}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in READERS:
        sys.exit(__doc__)
    printed = Output()
    try:
        READERS[sys.argv[1]](Path(sys.argv[2]), printed)
    except ImportError as error:
        print(f"skipped {sys.argv[1]}: {error}", file=sys.stderr)
        sys.exit(NOT_INSTALLED)
    printed.finish()
