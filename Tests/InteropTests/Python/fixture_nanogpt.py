"""Logs in the format of nanoGPT's stdout. Nothing is trained: the values are made up."""

import random

README = """\
NOT made by nanoGPT: written by `Tests/InteropTests/Python/make-fixtures.py` to the format that its `train.py`,
`configurator.py` and `model.py` print. The values are made up.

- `train.log`: a configuration file, which nanoGPT prints, and overrides; the learning rate is in these alone.
  `step` lines are means over `eval_iters` batches, `iter` lines the loss of the last micro-batch.
- `resumed.log`: started again from the checkpoint at step 250, after iteration 310.
"""

CONFIGURATION = '''\
# a small model of characters
out_dir = 'out'
dataset = 'shakespeare_char'
eval_interval, eval_iters = 250, 200
log_interval = 10
gradient_accumulation_steps = 1
batch_size = 64
block_size = 256  # characters
n_layer = 6
n_head = 6
n_embd = 384
learning_rate = 1e-3
weight_decay = 1e-1
max_iters = 5000
lr_decay_iters = 5000
min_lr = 1e-4 # floor
beta2 = 0.99
warmup_iters = 100
'''


def loss(step, noise):
    return 1.3 + 2.9 * (1 + step / 30) ** -0.6 + noise.gauss(0, 0.01)


def start(overrides, resumed=False):
    lines = ["Overriding config with config/train_small.py:", *CONFIGURATION.splitlines(), ""]
    lines += [f"Overriding: {name} = {value}" for name, value in overrides]
    lines += ["tokens per iteration will be: 16,384",
              "found vocab_size = 65 (inside data/shakespeare_char/meta.pkl)",
              "Resuming training from out" if resumed else "Initializing a new model from scratch",
              "number of parameters: 10.65M",
              "num decayed parameter tensors: 26, with 10,740,096 parameters",
              "num non-decayed parameter tensors: 13, with 4,992 parameters",
              "using fused AdamW: True", "compiling the model... (takes a ~minute)"]
    return lines


def steps(first, last, noise):
    for step in range(first, last + 1):
        if step % 250 == 0:
            value = loss(step, noise)
            yield f"step {step}: train loss {value:.4f}, val loss {value + 0.05 + step / 20000:.4f}"
            if step > 0:
                yield "saving checkpoint to out"
        if step % 10 == 0:
            share = -100 if step - first < 5 else 17.4 + noise.random()
            yield f"iter {step}: loss {loss(step, noise):.4f}, time {35 + noise.random():.2f}ms, mfu {share:.2f}%"


def make(folder):
    kept, noise = folder / "nanogpt", random.Random(1)
    kept.mkdir()
    overrides = [("max_iters", 1000), ("lr_decay_iters", 1000), ("learning_rate", 0.002)]
    train = start(overrides) + list(steps(0, 1000, noise))
    again = start(overrides) + list(steps(0, 310, noise))
    again += start([*overrides, ("init_from", "resume")], resumed=True) + list(steps(250, 1000, noise))
    for name, lines in (("train", train), ("resumed", again)):
        (kept / f"{name}.log").write_text("\n".join(lines) + "\n")
    (kept / "README.md").write_text(README)
