"""Event files of TensorBoard: scalars, tensors of every layout, and a run that was resumed."""

import math
import struct
from unittest import mock

import numpy
import tensorboard
import torch
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util
from torch.utils.tensorboard import SummaryWriter

START = 1_704_164_645.0
README = """\
Event files that tensorboard {tensorboard} and torch {torch} wrote, made by
`Tests/InteropTests/Python/make-fixtures.py`; the files are renamed, since their names hold that of the machine.

- `scalars`: `SummaryWriter.add_scalar` (`simple_value`), every tag by step and by samples as Megatron logs,
  text, NaN and Infinity.
- `tensors`: scalars as 0-d tensors: torch's `new_style` in float32 and float64, and written with tensorboard's
  event writer in `float_val`, `double_val`, `half_val`, `int_val`, `int64_val` and `tensor_content`, of float32,
  float64, float16, bfloat16 (which tensorboard's own reader fails on), int32 and int64; a vector that is no
  scalar; a histogram.
- `resumed`: two files of one run. The second repeats steps 60 to 79 and begins with a session that purges
  them (`purge_step`).
- `repeated`: two files of one run that repeat steps with no purge.
"""


def clock():
    """A time that does not depend on when the files are made."""
    return mock.patch("time.time", lambda: START)


def loss(step):
    return 2.5 + 5 * (step + 1) ** -0.4 + 0.02 * math.sin(7.0 * step)


def rename(folder, first=0):
    """Gives the newest files names without a machine and without a process."""
    named = len(list(folder.glob("*.machine.*")))
    for number, file in enumerate(sorted(set(folder.glob("*tfevents*")) - set(folder.glob("*.machine.*")))):
        file.rename(folder / f"events.out.tfevents.{int(START) + 600 * (named + number)}.machine.1.{named + number}")


def scalars(folder):
    writer = SummaryWriter(str(folder))
    writer.add_text("arguments", "| lr | 3e-3 |\n| width | 256 |\n\nsecond *paragraph*")
    for step in range(120):
        samples = 32 * (step + 1)
        for tag, value in (("lm loss", loss(step)), ("learning-rate", 3e-3 * (1 - step / 120)),
                           ("grad-norm", math.nan if step == 70 else math.inf if step == 71 else 0.5)):
            writer.add_scalar(tag, value, step, walltime=START + step)
            writer.add_scalar(f"{tag} vs samples", value, samples, walltime=START + step)
        if step % 40 == 39:
            writer.add_scalar("lm loss validation", loss(step) + 0.05, step, walltime=START + step)
    writer.add_scalar("batch-size", 32, -1)
    writer.close()
    rename(folder)


def proto(name, value):
    """One number as a tensor; the layout is in the name."""
    kind, _, layout = name.partition("/")
    types = {"float32": ("DT_FLOAT", "<f", "float_val"), "float64": ("DT_DOUBLE", "<d", "double_val"),
             "float16": ("DT_HALF", "<e", "half_val"), "bfloat16": ("DT_BFLOAT16", None, "half_val"),
             "int32": ("DT_INT32", "<i", "int_val"), "int64": ("DT_INT64", "<q", "int64_val")}
    dtype, format, field = types[kind]
    made = TensorProto(dtype=dtype, tensor_shape=TensorShapeProto())
    number = round(value) if kind.startswith("int") else value
    content = struct.pack("<f", number)[2:] if format is None else struct.pack(format, number)
    if layout == "content":
        made.tensor_content = content
    elif field == "half_val":
        made.half_val.append(int.from_bytes(content, "little"))
    else:
        getattr(made, field).append(number)
    return made


def tensors(folder):
    writer = SummaryWriter(str(folder))
    for step in range(30):
        writer.add_scalar("new_style", loss(step), step, new_style=True)
        writer.add_scalar("new_style_double", loss(step), step, new_style=True, double_precision=True)
    writer.add_histogram("weights", numpy.arange(8.0), 0)
    writer.close()
    rename(folder)

    own = EventFileWriter(str(folder))
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"),
                               data_class="DATA_CLASS_SCALAR")
    kinds = ["float32", "float64", "float16", "bfloat16", "int32", "int64"]
    for step in range(20):
        event = Event(wall_time=START + step, step=step)
        for name in (f"{kind}/{layout}" for kind in kinds for layout in ("values", "content")):
            event.summary.value.append(Summary.Value(
                tag=name, tensor=proto(name, loss(step)), metadata=metadata if step == 0 else None))
        event.summary.value.append(Summary.Value(
            tag="vector", tensor=tensor_util.make_tensor_proto(numpy.float32([step, 1, 2]))))
        own.add_event(event)
    own.close()
    rename(folder)


def resumed(folder, purge):
    for first, last, restart in ((0, 80, None), (60, 140, 60 if purge else None)):
        writer = SummaryWriter(str(folder), purge_step=restart)
        for step in range(first, last):
            writer.add_scalar("train/loss", loss(step) + (0.001 if first else 0), step, walltime=START + first + step)
            writer.add_scalar("train/lr", 3e-3 * (1 - step / 140), step, walltime=START + first + step)
        writer.close()
        rename(folder)


def make(folder):
    kept = folder / "tensorboard"
    with clock():
        scalars(kept / "scalars")
        tensors(kept / "tensors")
        resumed(kept / "resumed", purge=True)
        resumed(kept / "repeated", purge=False)
    versions = {"tensorboard": tensorboard.__version__, "torch": torch.__version__}
    (kept / "README.md").write_text(README.format(**versions))
