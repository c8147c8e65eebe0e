"""Measures how fast logs are read: by the readers of the tools that write them, and by `vernier import`.

    make bench-readers
    .venv/bin/python Benchmarks/readers.py [--megabytes 200] [--rounds 3] [--folder DIR] [--vernier PROGRAM]

Makes an event file of TensorBoard, a `.wandb` file and twice as large a log of Megatron-LM, each with right
checksums; those that are in DIR already are used again. Each reader, `vernier import --dry-run` and `vernier
import` are timed in turn, each in a process of its own, and the table has the medians of a core's time, which
other programs slow down least. The dry run is what the readers do and more: it starts, fits the last loss, checks
the curve and makes the record; the import writes the curve into a study besides. Readers in Python, whose speed is
the same for every size, get a log a tenth as large, and are timed after their imports; they only read. `values`
counts what they keep.
"""

import argparse
import json
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

PYTHON_SHARE = 10


def crc32c_table():
    """Of CRC-32C, for a byte at a time."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C = crc32c_table()


def masked(data):
    """The checksum that event files hold."""
    value = 0xFFFFFFFF
    for byte in data:
        value = CRC32C[(value ^ byte) & 0xFF] ^ value >> 8
    value ^= 0xFFFFFFFF
    return (value >> 15 | value << 17) + 0xA282EAD8 & 0xFFFFFFFF


def varint(value):
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def loss(step):
    return 2.5 + 5 * (step + 1) ** -0.4 + 0.05 * (step * 7919 % 1009 / 1009 - 0.5)


# Large inputs

def write_events(file, size):
    """Six scalars a step, one an event, as `add_scalar` writes them."""
    def record(event):
        length = struct.pack("<Q", len(event))
        return length + struct.pack("<I", masked(length)) + event + struct.pack("<I", masked(event))

    with file.open("wb") as output:
        output.write(record(b"\x09" + struct.pack("<d", 1.7e9) + field(3, b"brain.Event:2")))
        step = 0
        while output.tell() < size:
            values = {"train/loss": loss(step), "train/lr": 3e-3, "train/tokens": 32768 * (step + 1),
                      "grad_norm": 0.4, "throughput/tokens_per_second": 1e5, "memory/max": 70.5}
            for tag, value in values.items():
                summary = field(1, field(1, tag.encode()) + b"\x15" + struct.pack("<f", value))
                output.write(record(b"\x09" + struct.pack("<d", 1.7e9 + step) + b"\x10" + varint(step)
                                    + field(5, summary)))
            step += 1


class WandbWriter:
    """The framing of `.wandb` files: records in chunks that end with blocks of 32,768 bytes."""

    BLOCK = 32768

    def __init__(self, output):
        self.output, self.place = output, 7
        output.write(b":W&B" + struct.pack("<HB", 0xBEE1, 0))

    def add(self, data):
        first = True
        while first or data:
            room = self.BLOCK - self.place
            if room < 7:
                self.output.write(bytes(room))
                self.place, room = 0, self.BLOCK
            part, data = data[:room - 7], data[room - 7:]
            kind = bytes([(1 if first else 4) if not data else (2 if first else 3)])
            self.output.write(struct.pack("<IH", zlib.crc32(kind + part), len(part)) + kind + part)
            self.place = (self.place + 7 + len(part)) % self.BLOCK
            first = False


def write_wandb(file, size):
    """A record of history for each step, and one of the summary, as wandb writes them."""
    def item(name, value):
        return field(2, name.encode()) + field(16, json.dumps(value).encode())

    config = {"model": {"width": 512, "layers": 8}, "optimizer": {"lr": 3e-3}, "batch_size": 64}
    with file.open("wb") as output:
        writer, step = WandbWriter(output), 0
        updates = b"".join(field(1, field(1, key.encode()) + field(16, json.dumps(value).encode()))
                           for key, value in config.items())
        writer.add(b"\x08\x01" + field(17, field(1, b"large001") + field(3, b"sweep") + field(4, updates)))
        while output.tell() < size:
            values = {"train/loss": loss(step), "train/lr": 3e-3, "train/tokens": 32768 * (step + 1),
                      "grad_norm": 0.4, "_timestamp": 1.7e9 + step, "_runtime": 1.25 * step, "_step": step}
            items = [item(name, value) for name, value in values.items()]
            history = b"".join(field(1, one) for one in items) + field(2, b"\x08" + varint(step))
            writer.add(b"\x08" + varint(2 * step + 2) + field(2, history))
            summary = b"".join(field(1, one) for one in items)
            writer.add(b"\x08" + varint(2 * step + 3) + field(3, summary))
            step += 1
        writer.add(b"\x08" + varint(2 * step + 2) + field(18, b"\x10\x01"))


def write_megatron(file, size):
    with file.open("w") as output:
        output.write("------------------------ arguments ------------------------\n")
        for name, value in (("global_batch_size", 128), ("hidden_size", 512), ("lr", 0.003), ("num_layers", 8),
                            ("seq_length", 2048), ("train_iters", 10_000_000)):
            output.write(f"  {name} {'.' * (48 - len(name))} {value}\n")
        output.write("-------------------- end of arguments ---------------------\n")
        step = 0
        while output.tell() < size:
            lines = []
            for step in range(step + 1, step + 2001):
                lines.append(
                    f" [2026-01-02 03:04:05.678901] iteration {step:8d}/10000000 | consumed samples: {128 * step:12d} | "
                    f"elapsed time per iteration (ms): 870.5 | throughput per GPU (TFLOP/s/GPU): 312.4 | learning rate: "
                    f"{3e-3:.6E} | global batch size:   128 | lm loss: {loss(step):.6E} | loss scale: 1.0 | grad norm: "
                    f"0.512 | number of skipped iterations:   0 | number of nan iterations:   0 |\n")
            output.writelines(lines)


# The tools' own readers

def read_events(file):
    """TensorBoard's loader, and the number in each event."""
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
    kept = 0
    for event in LegacyEventFileLoader(str(file)).Load():
        for value in event.summary.value:
            if value.HasField("simple_value"):
                kept += value.simple_value == value.simple_value
    return kept


def accumulate_events(file):
    """TensorBoard's accumulator of series, told to keep all."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    kinds = ["compressedHistograms", "images", "audio", "scalars", "histograms", "tensors"]
    read = EventAccumulator(str(file), size_guidance=dict.fromkeys(kinds, 0)).Reload()
    return sum(len(read.Scalars(tag)) for tag in read.Tags()["scalars"])


def read_wandb(file):
    """wandb's datastore and protocol buffers, and each value from its JSON."""
    sys.path.insert(0, os.path.join(sys.prefix, "wandb-datastore"))
    from datastore import DataStore
    from wandb.proto import wandb_internal_pb2
    store, kept = DataStore(), 0
    store.open_for_scan(str(file))
    while (data := store.scan_data()) is not None:
        record = wandb_internal_pb2.Record.FromString(data)
        if record.WhichOneof("record_type") == "history":
            for item in record.history.item:
                json.loads(item.value_json)
                kept += 1
    return kept


ITERATION = re.compile(r"iteration\s+(\d+)/\s*\d+ \|")


def read_megatron(file):
    """Python that splits the lines of iterations: Megatron-LM has no reader of its own."""
    kept = 0
    with file.open() as lines:
        for line in lines:
            if ITERATION.search(line):
                for part in line.split("|")[1:]:
                    name, colon, value = part.rpartition(":")
                    if colon:
                        float(value)
                        kept += 1
    return kept


# Measuring

LOGS = {
    "tensorboard": ("events.out.tfevents.1700000000.machine", 1, write_events,
                    {"LegacyEventFileLoader": read_events, "EventAccumulator": accumulate_events}),
    "wandb": ("run-large001.wandb", 1, write_wandb, {"wandb's DataStore": read_wandb}),
    "megatron": ("megatron.log", 2, write_megatron, {"Python, split": read_megatron}),
}


def read_speed(reader, file, small):
    """Megabytes a second of a core's time of a reader in Python, and the values it kept."""
    command = [sys.executable, __file__, "--read", reader.__name__, str(small), str(file)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    core, kept = json.loads(result.stdout.splitlines()[-1])
    return file.stat().st_size / 1e6 / core, kept


# What the logs do not tell, and a record needs.
GIVEN = ["--set", "params_total=124M", "--set", "batch_tokens=32768"]


def import_speed(program, file, dry):
    """Megabytes a second of a core's time of `vernier import`, and the most memory it had, in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        where = ["--dry-run"] if dry else ["--study", f"{folder}/study"]
        command = [program, "import", str(file), *where, *GIVEN]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=messages)
    kilobytes = 1024 if sys.platform == "darwin" else 1
    size = file.stat().st_size / 1e6
    return size / (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / kilobytes / 1000


def made(folder, kind, size):
    """A log of about that many bytes, which is used again where it is there already."""
    name, factor, write, _ = LOGS[kind]
    file = folder / str(size) / name
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        write(unfinished, size * factor)
        unfinished.rename(file)
    return file


def compare(options, folder, kind, reader):
    """Medians of a reader, of the dry run and of the import, timed in turn."""
    size = options.megabytes * 1_000_000
    small, tenth = made(folder, kind, 1000), made(folder, kind, size // PYTHON_SHARE)
    large = made(folder, kind, size)
    theirs, reads, imports = [], [], []
    for _ in range(options.rounds):
        theirs.append(read_speed(reader, tenth, small))
        reads.append(import_speed(options.vernier, large, dry=True))
        imports.append(import_speed(options.vernier, large, dry=False))
    speeds = [statistics.median(one[0] for one in side) for side in (theirs, reads, imports)]
    ratio = statistics.median(our[0] / their[0] for their, our in zip(theirs, reads))
    return large.stat().st_size / 1e6, theirs[0][1], *speeds, ratio, max(one[1] for one in imports)


def measure(options, folder):
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; MB per second of a core's time, medians of "
          f"{options.rounds}")
    print(f"{'log':<12} {'reader':<22} {'values':>10} {'reader':>8} {'dry run':>8} {'import':>8} {'ratio':>7} "
          f"{'of MB':>7} {'memory':>7}")
    for kind in options.only or LOGS:
        for title, reader in LOGS[kind][3].items():
            try:
                size, values, *speeds, ratio, memory = compare(options, folder, kind, reader)
            except subprocess.CalledProcessError as error:
                reason = (error.stderr or str(error)).strip().splitlines()[-1]
                print(f"{kind:<12} {title:<22} skipped: {reason}")
                continue
            columns = " ".join(f"{speed:8.1f}" for speed in speeds)
            print(f"{kind:<12} {title:<22} {values:10,} {columns} {ratio:7.1f} {size:7.0f} {memory:7.0f}", flush=True)


def main():
    if sys.argv[1:2] == ["--read"]:
        reader, small, file = globals()[sys.argv[2]], Path(sys.argv[3]), Path(sys.argv[4])
        reader(small)
        worked = time.process_time()
        kept = reader(file)
        print(json.dumps([time.process_time() - worked, kept]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the logs are made and kept; a temporary one otherwise")
    parser.add_argument("--only", nargs="+", choices=LOGS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vernier", default=".build/release/vernier")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        measure(options, options.folder)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(options, Path(folder))


if __name__ == "__main__":
    main()
