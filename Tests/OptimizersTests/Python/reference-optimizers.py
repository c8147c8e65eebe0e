"""Prints what published implementations of optimizers do to one small problem, as one JSON document.

    .venv/bin/python Tests/OptimizersTests/Python/reference-optimizers.py > reference.json
    .venv/bin/python Tests/OptimizersTests/Python/reference-optimizers.py --golden > Golden/optimizers.json

The second is what the tests have where there is no Python: the first and the last step, and of what is
observed only weights and distances.

Scripts/install-optimizers puts the packages in .venv; methods whose package cannot be imported are listed
under `missing` with the reason. The document:

    problem   `tensors`: for each a `shape`, `initial` weights and one row of `gradients` for each step, row
              by row as PyTorch lays them out (fan-out first); `losses`: the loss told to methods that ask
    cases     for each: `optimizer`, `name`, `reference` (class or source), `package`, `version`, `settings`,
              `tensors` that take part, `learning_rates` of the steps, `weights` after each of `steps`,
              `rounding` (largest difference to the same run in double precision), `observed` (what else
              the method keeps, for each step) and `observed_rounding` (its largest relative difference)
    missing   `package` and `reason`

Weights are float32 results. Orthogonalization, which the references run in bfloat16, is run in float32 by
`full_precision`. A case whose package is `closed form` is computed here from the formula of the source it
names: no package has MuonH, and pip finds none with Dion or with AdamH as a whole.
"""

import contextlib
import importlib
import importlib.metadata
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

# The problem

SHAPES = {"wide": (4, 6), "tall": (6, 4), "vector": (5,)}
MATRICES = ("wide", "tall")
STEPS = 5
# A warm-up and a decay, so that a method that ignores or remembers the learning rate shows it.
SCHEDULE = [0.5, 1.0, 1.0, 0.75, 0.25]
LOSSES = [2.0, 1.75, 1.5, 1.375, 1.25]


def elements(name):
    """The place of each element among those of all tensors."""
    start = 0
    for other, shape in SHAPES.items():
        if other == name:
            return range(start, start + math.prod(shape))
        start += math.prod(shape)


def initial(name):
    """Weights that float32 holds exactly, none of them zero."""
    return [((7 * i * i + 3 * i + 5) % 61 - 30) / 64 + 1 / 128 for i in elements(name)]


def gradient(name, step):
    """A gradient that float32 holds exactly: what all steps share, and what is this step's own."""
    def shared(i):
        return (7 * i * i + 3 * i) % 23 - 11

    def own(i):
        return (5 * i * i + 11 * i * step + 3 * step * step + 1) % 29 - 14

    return [(2 * shared(i) + own(i)) / 64 + 1 / 128 for i in elements(name)]


# Running a case

@dataclass
class Case:
    """One method with one set of settings, and how its reference is made."""

    optimizer: str
    name: str
    reference: str
    settings: dict
    #: Makes the PyTorch optimizer of the named weights, or of a closed form the update of one tensor.
    make: Callable
    tensors: tuple = tuple(SHAPES)
    package: str = "torch"
    asks_for_loss: bool = False
    #: What to print after each step beside the weights.
    observe: Callable = field(default=lambda optimizer, weights: {})

    @property
    def learning_rates(self):
        return [self.settings["learning_rate"] * factor for factor in SCHEDULE]


def run(case, dtype):
    """Weights after each step, and what was observed."""
    weights = {name: torch.nn.Parameter(torch.tensor(initial(name), dtype=dtype).view(SHAPES[name]))
               for name in case.tensors}
    optimizer = case.make(weights)
    path, observed = {name: [] for name in weights}, []
    for step, learning_rate in enumerate(case.learning_rates):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        for name, weight in weights.items():
            weight.grad = torch.tensor(gradient(name, step), dtype=dtype).view(SHAPES[name])
        loss = {"loss": torch.tensor(LOSSES[step], dtype=dtype)} if case.asks_for_loss else {}
        optimizer.step(**loss)
        for name, weight in weights.items():
            path[name].append(numbers(weight))
        observed.append(case.observe(optimizer, weights))
    return path, observed


def run_closed_form(case, dtype):
    weights = {name: np.array(initial(name), dtype).reshape(SHAPES[name]) for name in case.tensors}
    updates = {name: case.make(name, weight) for name, weight in weights.items()}
    path, observed = {name: [] for name in weights}, []
    for step, learning_rate in enumerate(case.learning_rates):
        for name in weights:
            given = np.array(gradient(name, step), dtype).reshape(SHAPES[name])
            weights[name] = updates[name](weights[name], given, learning_rate)
            path[name].append(numbers(weights[name]))
        observed.append(case.observe(updates, weights))
    return path, observed


def numbers(values):
    if isinstance(values, torch.Tensor):
        return values.detach().double().flatten().tolist()
    return np.asarray(values, np.float64).flatten().tolist()


def flat(values):
    """The numbers within lists and dictionaries, in order."""
    if isinstance(values, dict):
        values = values.values()
    elif isinstance(values, (int, float)):
        return [values]
    return [number for value in values for number in flat(value)]


@contextlib.contextmanager
def full_precision(dtype):
    """Keeps the references' Newton-Schulz iterations in the precision of the weights, not in bfloat16."""
    bfloat16 = torch.Tensor.bfloat16
    torch.Tensor.bfloat16 = torch.Tensor.clone
    matrix = sys.modules.get("pytorch_optimizer.optimizer.utils.matrix")
    if matrix:
        iteration = matrix.zero_power_via_newton_schulz_5
        defaults = iteration.__defaults__
        iteration.__defaults__ = tuple(dtype if value is torch.bfloat16 else value for value in defaults)
    try:
        yield
    finally:
        torch.Tensor.bfloat16 = bfloat16
        if matrix:
            iteration.__defaults__ = defaults


def printed(case):
    """The case as the document holds it."""
    if case.package == "closed form":
        weights, observed = run_closed_form(case, np.float32)
        exact, exactly_observed = run_closed_form(case, np.float64)
    else:
        with full_precision(torch.float32):
            weights, observed = run(case, torch.float32)
        with full_precision(torch.float64):
            exact, exactly_observed = run(case, torch.float64)
    rounding = max(abs(one - other) for name in weights
                   for one, other in zip(flat(weights[name]), flat(exact[name])))
    observed_rounding = max((abs(one - other) / abs(other)
                             for one, other in zip(flat(observed), flat(exactly_observed)) if other),
                            default=0.0)
    version = None if case.package == "closed form" else importlib.metadata.version(case.package)
    return {
        "optimizer": case.optimizer, "name": case.name, "reference": case.reference,
        "package": case.package, "version": version, "settings": case.settings,
        "tensors": list(case.tensors), "learning_rates": case.learning_rates,
        "weights": weights, "rounding": rounding, "observed": observed,
        "observed_rounding": observed_rounding,
        "steps": list(range(1, STEPS + 1)),
    }


# References in PyTorch itself

def adamw(module):
    def settings(**others):
        return {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8,
                "weight_decay": 0.1, "decay": "decoupled"} | others

    def case(name, make, settings, weight_decay=None):
        def build(weights):
            return make(weights.values(), lr=settings["learning_rate"], eps=settings["epsilon"],
                        betas=(settings["beta1"], settings["beta2"]),
                        weight_decay=settings["weight_decay"] if weight_decay is None else weight_decay)
        return Case("adamw", name, f"torch.optim.{make.__name__}", settings, build)

    independent = settings(decay="independent", weight_decay=0.02)
    return [
        case("decoupled decay", torch.optim.AdamW, settings()),
        case("coupled decay", torch.optim.Adam, settings(decay="coupled", beta1=0.8, beta2=0.999)),
        # Shrinks by the decay times the schedule's factor, which is PyTorch's with the decay over the peak.
        case("independent decay", torch.optim.AdamW, independent,
             weight_decay=independent["weight_decay"] / independent["learning_rate"]),
        case("large epsilon", torch.optim.AdamW, settings(epsilon=0.1, weight_decay=0.0)),
    ]


def sgd(module):
    def case(name, **others):
        settings = {"learning_rate": 0.1, "momentum": 0.9, "dampening": 0.0, "nesterov": False,
                    "weight_decay": 0.0, "decay": "coupled"} | others

        def build(weights):
            return torch.optim.SGD(
                weights.values(), lr=settings["learning_rate"], momentum=settings["momentum"],
                dampening=settings["dampening"], nesterov=settings["nesterov"],
                weight_decay=settings["weight_decay"])
        return Case("sgd", name, "torch.optim.SGD", settings, build)

    return [case("momentum"), case("without momentum", momentum=0.0),
            case("Nesterov momentum", nesterov=True, weight_decay=0.1),
            case("dampening", dampening=0.9, weight_decay=0.1)]


def sgd_decoupled(module):
    settings = {"learning_rate": 0.1, "momentum": 0.9, "dampening": 0.0, "nesterov": False,
                "weight_decay": 0.1, "decay": "decoupled"}

    def build(weights):
        return module.SGDW(weights.values(), lr=settings["learning_rate"], weight_decouple=True,
                           momentum=settings["momentum"], weight_decay=settings["weight_decay"])
    return [Case("sgd", "decoupled decay", "pytorch_optimizer.SGDW", settings, build,
                 package="pytorch_optimizer")]


def adafactor(module):
    """PyTorch's own: caps the learning rate by 1 / sqrt(step) and decays by the bare learning rate."""
    def case(name, **others):
        settings = {"learning_rate": 0.02, "beta2_decay": -0.8, "epsilon1": None, "epsilon2": 1e-3,
                    "clip": 1.0, "weight_decay": 0.1, "capped": True, "scaled": True} | others

        def build(weights):
            return torch.optim.Adafactor(
                weights.values(), lr=settings["learning_rate"], beta2_decay=settings["beta2_decay"],
                eps=(settings["epsilon1"], settings["epsilon2"]), d=settings["clip"],
                weight_decay=settings["weight_decay"])
        return Case("adafactor", name, "torch.optim.Adafactor", settings, build)

    return [case("PyTorch"), case("PyTorch, capped learning rate", learning_rate=0.9),
            case("PyTorch, small weights", epsilon2=1.0, weight_decay=0.0)]


def adafactor_transformers(module):
    def case(name, **others):
        settings = {"learning_rate": 0.02, "beta2_decay": -0.8, "epsilon1": 1e-30, "epsilon2": 1e-3,
                    "clip": 1.0, "weight_decay": 0.1, "beta1": None, "scaled": True} | others

        def build(weights):
            return module.Adafactor(
                weights.values(), lr=settings["learning_rate"], decay_rate=settings["beta2_decay"],
                eps=(settings["epsilon1"], settings["epsilon2"]), clip_threshold=settings["clip"],
                weight_decay=settings["weight_decay"], beta1=settings["beta1"],
                scale_parameter=settings["scaled"], relative_step=False)
        return Case("adafactor", name, "transformers.optimization.Adafactor", settings, build,
                    package="transformers")

    return [case("transformers"), case("transformers, unscaled", scaled=False),
            case("transformers, momentum", beta1=0.9, scaled=False)]


def muon(module):
    def case(name, scale, **others):
        settings = {"learning_rate": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.1,
                    "scale": scale, "epsilon": 1e-7, "newton_schulz_steps": 5} | others
        adjust = {"original": "original", "moonlight": "match_rms_adamw"}[scale]

        def build(weights):
            return torch.optim.Muon(
                weights.values(), lr=settings["learning_rate"], momentum=settings["momentum"],
                nesterov=settings["nesterov"], weight_decay=settings["weight_decay"],
                adjust_lr_fn=adjust)
        return Case("muon", name, "torch.optim.Muon", settings, build, tensors=MATRICES)

    return [case("original scale", "original"), case("Moonlight scale", "moonlight"),
            case("without Nesterov momentum", "original", nesterov=False, weight_decay=0.0)]


# References in packages of their own

def muon_of_keller_jordan(module):
    settings = {"learning_rate": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.1,
                "scale": "original", "epsilon": 1e-7, "newton_schulz_steps": 5}

    def build(weights):
        return module.SingleDeviceMuon(
            list(weights.values()), lr=settings["learning_rate"], momentum=settings["momentum"],
            weight_decay=settings["weight_decay"])
    return [Case("muon", "Keller Jordan's own", "muon.SingleDeviceMuon", settings, build,
                 tensors=MATRICES, package="muon-optimizer")]


def adam_atan2(module):
    def case(name, **others):
        settings = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.99, "a": 1.27, "b": 1.0,
                    "weight_decay": 0.1, "decay": "decoupled"} | others

        def build(weights):
            return module.AdamAtan2(
                list(weights.values()), lr=settings["learning_rate"], a=settings["a"], b=settings["b"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                decoupled_wd=settings["decay"] == "independent")
        return Case("adam-atan2", name, "adam_atan2_pytorch.AdamAtan2", settings, build,
                    package="adam-atan2-pytorch")

    return [case("decoupled decay"), case("independent decay", weight_decay=0.02, decay="independent"),
            case("other constants", a=1.0, b=0.5, weight_decay=0.0)]


def lion(module):
    def case(name, **others):
        settings = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.1,
                    "decay": "decoupled"} | others

        def build(weights):
            return module.Lion(
                list(weights.values()), lr=settings["learning_rate"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                decoupled_weight_decay=settings["decay"] == "independent")
        return Case("lion", name, "lion_pytorch.Lion", settings, build, package="lion-pytorch")

    return [case("decoupled decay"), case("independent decay", weight_decay=0.02, decay="independent"),
            case("equal betas", beta1=0.95, beta2=0.95)]


def normuon(module):
    """Row-wise second moments after orthogonalization; `scale` names how the norm is set again."""
    def case(name, **others):
        settings = {"learning_rate": 0.02, "momentum": 0.95, "nesterov": True, "beta2": 0.95,
                    "weight_decay": 0.1, "scale": "original", "epsilon": 1e-10,
                    "newton_schulz_steps": 5} | others

        def build(weights):
            return module.NorMuon(
                [{"params": list(weights.values()), "use_muon": True, "lr": settings["learning_rate"],
                  "weight_decay": settings["weight_decay"]}],
                momentum=settings["momentum"], beta2=settings["beta2"], nesterov=settings["nesterov"],
                update_scale="match_rms" if settings["scale"] == "rms 0.2" else "preserve_norm",
                use_adjusted_lr=settings["scale"] == "moonlight", eps=settings["epsilon"])
        return Case("normuon", name, "pytorch_optimizer.NorMuon", settings, build, tensors=MATRICES,
                    package="pytorch_optimizer")

    return [case("official scale"), case("Moonlight scale", scale="moonlight"),
            case("root mean square of the paper", scale="rms 0.2", beta2=0.9),
            case("large epsilon", epsilon=0.1, weight_decay=0.0)]


def scion(module):
    """A step towards the point of a norm ball that the averaged gradient points away from."""
    norms = {"auto": 1, "spectral": 2, "sign": 4, "bias": 5, "column": 6, "row": 7}

    def case(name, norm, tensors, optimizer="scion", **others):
        settings = {"learning_rate": 0.1, "momentum": 0.9, "norm": norm, "radius": 1.0,
                    "constrained": True, "weight_decay": 0.0, "options": {}} | others

        def build(weights):
            return module.SCION(
                weights.values(), lr=settings["learning_rate"], momentum=1 - settings["momentum"],
                constraint=settings["constrained"], norm_type=norms[norm], scale=settings["radius"],
                norm_kwargs=settings["options"], weight_decay=settings["weight_decay"])
        return Case(optimizer, name, "pytorch_optimizer.SCION", settings, build, tensors=tensors,
                    package="pytorch_optimizer")

    return [
        case("norm chosen by shape", "auto", tuple(SHAPES), radius=3.0),
        case("spectral norm, unconstrained", "spectral", MATRICES, constrained=False),
        case("spectral norm, decay in place of the constraint", "spectral", MATRICES,
             constrained=False, weight_decay=0.5),
        case("spectral norm, at least one", "spectral", MATRICES, options={"max_scale": True}),
        case("sign", "sign", MATRICES, radius=10.0),
        case("sign of an input", "sign", MATRICES, options={"normalize": False}),
        case("columns", "column", MATRICES),
        case("rows of an embedding", "column", MATRICES, options={"transpose": True}),
        case("rows", "row", MATRICES),
        case("spectral scale", "spectral", MATRICES, optimizer="muon", constrained=False,
             learning_rate=0.02, momentum=0.95, weight_decay=0.1),
    ]


def schedule_free(module):
    """Weights are the points at which gradients are taken (y); `evaluation` are their averages (x)."""
    def case(name, make, observe, **others):
        settings = {"learning_rate": 0.02, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8,
                    "weight_decay": 0.1, "warmup_steps": 0, "r": 0.0, "weight_power": 2.0} | others

        def build(weights):
            optimizer = make(
                weights.values(), lr=settings["learning_rate"], eps=settings["epsilon"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                warmup_steps=settings["warmup_steps"], r=settings["r"],
                weight_lr_power=settings["weight_power"], foreach=False)
            optimizer.train()
            return optimizer
        return Case("schedule-free-adamw", name, f"schedulefree.{make.__name__}", settings, build,
                    package="schedulefree", observe=observe)

    def kept(optimizer, weights):
        state = {name: optimizer.state[weight] for name, weight in weights.items()}
        return {"evaluation": {name: numbers(state[name]["x"]) for name in weights},
                "z": {name: numbers(state[name]["z"]) for name in weights}}

    def averaged(optimizer, weights):
        beta1 = optimizer.param_groups[0]["betas"][0]
        return {"evaluation": {name: numbers(weight.lerp(optimizer.state[weight]["z"], 1 - 1 / beta1))
                               for name, weight in weights.items()}}

    plain, simple = module.AdamWScheduleFree, module.AdamWScheduleFreeReference
    return [case("all sequences kept", simple, kept), case("average not kept", plain, averaged),
            case("warm-up", simple, kept, warmup_steps=3),
            case("weighted average", simple, kept, r=1.0, weight_power=1.0, weight_decay=0.0),
            case("large epsilon", simple, kept, epsilon=0.1)]


def d_adaptation(module):
    def case(name, **others):
        settings = {"learning_rate": 1.0, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8,
                    "weight_decay": 0.0, "decay": "decoupled", "bias_corrected": False, "d0": 1e-6,
                    "growth_rate": None} | others

        def build(weights):
            return module.DAdaptAdam(
                weights.values(), lr=settings["learning_rate"], eps=settings["epsilon"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                decouple=settings["decay"] == "decoupled", d0=settings["d0"],
                use_bias_correction=settings["bias_corrected"],
                growth_rate=settings["growth_rate"] or float("inf"))

        def observe(optimizer, weights):
            group = optimizer.param_groups[0]
            return {"d": group["d"], "numerator": group["numerator_weighted"]}
        return Case("d-adaptation", name, "dadaptation.DAdaptAdam", settings, build,
                    package="dadaptation", observe=observe)

    return [case("small first estimate"), case("decoupled decay", d0=0.01, weight_decay=0.1),
            case("coupled decay", d0=0.01, weight_decay=0.1, decay="coupled"),
            case("bias correction and bounded growth", d0=0.001, bias_corrected=True, growth_rate=1.5),
            case("large epsilon", d0=0.01, epsilon=0.1)]


def prodigy(module):
    def case(name, **others):
        settings = {"learning_rate": 1.0, "beta1": 0.9, "beta2": 0.99, "beta3": None, "epsilon": 1e-8,
                    "weight_decay": 0.0, "decay": "decoupled", "bias_corrected": False,
                    "safeguard_warmup": False, "d0": 1e-6, "d_coefficient": 1.0,
                    "growth_rate": None} | others

        def build(weights):
            return module.Prodigy(
                weights.values(), lr=settings["learning_rate"], eps=settings["epsilon"],
                betas=(settings["beta1"], settings["beta2"]), beta3=settings["beta3"],
                weight_decay=settings["weight_decay"], decouple=settings["decay"] == "decoupled",
                use_bias_correction=settings["bias_corrected"], d0=settings["d0"],
                safeguard_warmup=settings["safeguard_warmup"], d_coef=settings["d_coefficient"],
                growth_rate=settings["growth_rate"] or float("inf"))

        def observe(optimizer, weights):
            group = optimizer.param_groups[0]
            return {"d": group["d"], "d_hat": group["d_hat"], "numerator": group["d_numerator"]}
        return Case("prodigy", name, "prodigyopt.Prodigy", settings, build, package="prodigyopt",
                    observe=observe)

    return [case("small first estimate"), case("decoupled decay", d0=0.01, weight_decay=0.1),
            case("coupled decay", d0=0.01, weight_decay=0.1, decay="coupled"),
            case("bias correction and warm-up guarded", d0=0.01, bias_corrected=True,
                 safeguard_warmup=True, d_coefficient=2.0, beta3=0.9),
            case("bounded growth", d0=0.01, growth_rate=1.1),
            case("large epsilon", d0=0.01, epsilon=0.1)]


def adam_mini(module):
    """`blocks`: into how many equal runs of its elements each tensor is split, one second moment for each;
    with `rows_of_heads`, how many heads a tensor's rows are those of, and all else has its usual blocks."""
    def case(name, names, blocks, undecayed, dim, heads, epsilon=1e-8, rows_of_heads=None):
        settings = {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.95, "epsilon": epsilon,
                    "weight_decay": 0.1, "blocks": blocks, "undecayed": undecayed}
        if rows_of_heads:
            settings["heads"] = rows_of_heads

        def build(weights):
            return module.Adam_mini(
                [(names[tensor], weight) for tensor, weight in weights.items()],
                lr=settings["learning_rate"], eps=settings["epsilon"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                dim=dim, n_heads=heads, verbose=False)
        return Case("adam-mini", name, "adam_mini.Adam_mini", settings, build, package="adam-mini")

    return [
        # Queries and keys by head (dim * dim / heads elements), others by row, a norm as a whole.
        case("heads, rows and a whole", {"wide": "wq", "tall": "mlp.up", "vector": "norm"},
             {"wide": 2, "tall": 6, "vector": 1}, ["vector"], dim=6, heads=3),
        # The same as a model has it: two heads of two rows, and two of three rows; values go by row.
        case("heads of queries, rows of values",
             {"wide": "attention.wq", "tall": "attention.wv", "vector": "attention.norm"},
             {"wide": 2, "tall": 6, "vector": 1}, ["vector"], dim=6, heads=3, rows_of_heads={"wide": 2}),
        case("heads of queries and keys, a row of the output each",
             {"wide": "attention.wo", "tall": "attention.wk", "vector": "norm"},
             {"wide": 4, "tall": 2, "vector": 1}, ["vector"], dim=6, heads=3, rows_of_heads={"tall": 2}),
        case("rows, heads and elements", {"wide": "embed", "tall": "wk", "vector": "bias"},
             {"wide": 4, "tall": 3, "vector": 5}, ["vector"], dim=4, heads=2),
        case("wholes, large epsilon", {"wide": "a", "tall": "b", "vector": "c"},
             {"wide": 1, "tall": 1, "vector": 1}, [], dim=4, heads=2, epsilon=0.1),
    ]


def sgd_sai(module):
    """The scale of a tensor is the norm over the standard deviation of its first gradient, for ever."""
    def case(name, **others):
        settings = {"learning_rate": 0.01, "momentum": 0.9, "epsilon": 1e-8, "weight_decay": 0.1} | others

        def build(weights):
            return module.SGD_sai(
                weights.values(), lr=settings["learning_rate"], momentum=settings["momentum"],
                eps=settings["epsilon"], weight_decay=settings["weight_decay"])

        def observe(optimizer, weights):
            return {"signal_to_noise": {name: optimizer.state[weight]["gsnr"].item()
                                        for name, weight in weights.items()}}
        return Case("sgd-sai", name, "sgd_sai.SGD_sai", settings, build, package="sgd-sai",
                    observe=observe)

    return [case("decoupled decay"), case("large epsilon", epsilon=0.1, momentum=0.5)]


def momo(module):
    def observe(optimizer, weights):
        return {"loss_average": float(optimizer.loss_avg), "lower_bound": float(optimizer.lb)}

    def plain(name, **others):
        settings = {"learning_rate": 1.0, "beta": 0.9, "weight_decay": 0.0, "lower_bound": 0.0,
                    "bias_corrected": False, "estimates_lower_bound": False} | others

        def build(weights):
            return module.Momo(
                weights.values(), lr=settings["learning_rate"], beta=settings["beta"],
                weight_decay=settings["weight_decay"], lb=settings["lower_bound"],
                bias_correction=settings["bias_corrected"],
                use_fstar=settings["estimates_lower_bound"])
        return Case("momo", name, "momo.Momo", settings, build, package="momo-opt",
                    asks_for_loss=True, observe=observe)

    def adam(name, **others):
        settings = {"learning_rate": 0.5, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
                    "weight_decay": 0.0, "decay": "proximal", "lower_bound": 0.0,
                    "estimates_lower_bound": False} | others

        def build(weights):
            return module.MomoAdam(
                weights.values(), lr=settings["learning_rate"], eps=settings["epsilon"],
                betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weight_decay"],
                divide=settings["decay"] == "proximal", lb=settings["lower_bound"],
                use_fstar=settings["estimates_lower_bound"])
        return Case("momo-adam", name, "momo.MomoAdam", settings, build, package="momo-opt",
                    asks_for_loss=True, observe=observe)

    return [
        plain("adapted"), plain("capped", learning_rate=0.05),
        plain("proximal decay", weight_decay=0.1, lower_bound=0.5),
        plain("bias correction", bias_corrected=True, weight_decay=0.1),
        plain("lower bound estimated", estimates_lower_bound=True, lower_bound=0.25),
        adam("adapted"), adam("capped", learning_rate=0.01), adam("large epsilon", epsilon=0.1),
        adam("proximal decay", weight_decay=0.1, lower_bound=0.5),
        adam("decoupled decay", weight_decay=0.1, decay="decoupled"),
        adam("lower bound estimated", estimates_lower_bound=True, lower_bound=0.25),
    ]


def adamh(module):
    """The parts of HeavyBall that make Adam on the hyperball; its epsilon is a least denominator."""
    chainable = importlib.import_module("heavyball.chainable")
    importlib.import_module("heavyball.utils").compile_mode = None

    class AdamH(chainable.BaseOpt):
        def __init__(self, params, lr, betas, eps, weight_decay=0, warmup_steps=0, multi_tensor=True,
                     storage_dtype="float32", caution=False, **kwargs):
            params, defaults = chainable._build_defaults(locals())
            super().__init__(params, defaults,
                             fns=(chainable.scale_by_adam, chainable.update_by_hyperball))

    def case(name, **others):
        settings = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8} | others

        def build(weights):
            dtype = str(weights["wide"].dtype).removeprefix("torch.")
            return AdamH(list(weights.values()), settings["learning_rate"], eps=settings["epsilon"],
                         betas=(settings["beta1"], settings["beta2"]), storage_dtype=dtype)
        return Case("adamh", name, "heavyball.chainable: scale_by_adam, update_by_hyperball", settings,
                    build, tensors=MATRICES, package="heavyball", observe=norms)

    return [case("HeavyBall"), case("HeavyBall, without momentum", beta1=0.0)]


def norms(_, weights):
    return {"norm": {name: math.sqrt(sum(value**2 for value in numbers(weight)))
                     for name, weight in weights.items()}}


# Closed forms, where no package has the method

def newton_schulz(matrix, steps=5, epsilon=1e-7):
    """The quintic iteration of kellerjordan.github.io/posts/muon, along the shorter side."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (np.linalg.norm(x) + epsilon)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


def muon_direction(settings):
    """Newton-Schulz of the (Nesterov) averaged gradient."""
    average = 0

    def direction(gradient):
        nonlocal average
        momentum = settings["momentum"]
        average = momentum * average + (1 - momentum) * gradient
        ahead = momentum * average + (1 - momentum) * gradient if settings["nesterov"] else average
        return newton_schulz(ahead, settings["newton_schulz_steps"], settings["epsilon"])
    return direction


def adam_direction(settings):
    """The bias-corrected average over the root of the bias-corrected mean square."""
    average, square, step = 0, 0, 0

    def direction(gradient):
        nonlocal average, square, step
        step += 1
        average = settings["beta1"] * average + (1 - settings["beta1"]) * gradient
        square = settings["beta2"] * square + (1 - settings["beta2"]) * gradient**2
        corrected = square / (1 - settings["beta2"]**step)
        return average / (1 - settings["beta1"]**step) / (np.sqrt(corrected) + settings["epsilon"])
    return direction


def on_hyperball(direction):
    """`W <- R N(W - eta R N(u))` with N(x) = x / ||x||, R = ||W_0||: Algorithm 1 of arXiv 2606.16899."""
    def make(name, weight):
        radius, update = np.linalg.norm(weight), direction()

        def step(weight, gradient, learning_rate):
            u = update(gradient)
            moved = weight - learning_rate * radius * u / max(np.linalg.norm(u), 1e-10)
            return moved * radius / np.linalg.norm(moved)
        return step
    return make


def hyperball_closed_forms():
    adam = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8}
    muon = {"learning_rate": 0.1, "momentum": 0.95, "nesterov": True, "epsilon": 1e-7,
            "newton_schulz_steps": 5}
    source = "hyperball, arXiv 2606.16899 and marin-community/marin levanter/optim/"
    return [
        Case("adamh", "closed form", source + "adamh.py", adam,
             on_hyperball(lambda: adam_direction(adam)), MATRICES, "closed form", observe=norms),
        Case("muonh", "closed form", source + "muonh.py", muon,
             on_hyperball(lambda: muon_direction(muon)), MATRICES, "closed form", observe=norms),
    ]


def muon_closed_forms():
    """Named scales of Muon's orthogonal update, for a matrix of fan-out rows and fan-in columns."""
    scales = {"original": lambda rows, columns: math.sqrt(max(1, rows / columns)),
              "moonlight": lambda rows, columns: 0.2 * math.sqrt(max(rows, columns)),
              "spectral": lambda rows, columns: math.sqrt(rows / columns),
              "unscaled": lambda rows, columns: 1.0}

    def case(scale):
        settings = {"learning_rate": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.1,
                    "scale": scale, "epsilon": 1e-7, "newton_schulz_steps": 5}

        def make(name, weight):
            direction, factor = muon_direction(settings), scales[scale](*weight.shape)

            def step(weight, gradient, learning_rate):
                update = factor * direction(gradient)
                return weight * (1 - learning_rate * settings["weight_decay"]) - learning_rate * update
            return step
        return Case("muon", f"{scale} scale, closed form",
                    "kellerjordan.github.io/posts/muon, arXiv 2502.16982, arXiv 2310.17813", settings,
                    make, MATRICES, "closed form")
    return [case(scale) for scale in scales]


def dion_closed_forms():
    """Dion, arXiv 2504.05295, as microsoft/dion has it in dion/dion_simple.py; `basis` is where Q starts."""
    def basis(name, rank):
        rows = min(SHAPES[name])
        # Of full rank: where it is not, what QR puts in the columns left over is arbitrary.
        return [[((5 * i * i * j + 9 * i * j + 4 * j * j + 3 * i + 2) % 19 - 9) / 16 + 1 / 32
                 for j in range(rank)] for i in range(rows)]

    def case(name, rank, **others):
        settings = {"learning_rate": 0.02, "momentum": 0.95, "weight_decay": 0.1, "epsilon": 1e-8,
                    "rank": rank, "basis": {tensor: basis(tensor, rank) for tensor in MATRICES}} | others

        def make(tensor, weight):
            rows, columns = weight.shape
            wide = rows < columns
            right = np.array(settings["basis"][tensor], weight.dtype)
            momentum = np.zeros_like(weight)

            def step(weight, gradient, learning_rate):
                nonlocal right, momentum
                momentum = momentum + gradient
                tall = momentum.T if wide else momentum
                left, _ = np.linalg.qr(tall @ right)
                projected = tall.T @ left
                taken = left @ projected.T
                momentum = momentum - (1 - settings["momentum"]) * (taken.T if wide else taken)
                right = projected / (np.linalg.norm(projected, axis=0) + settings["epsilon"])
                update = left @ right.T
                shrunk = weight * (1 - learning_rate * settings["weight_decay"])
                scale = learning_rate * math.sqrt(rows / columns)
                return shrunk - scale * (update.T if wide else update)
            return step
        return Case("dion", name, "arXiv 2504.05295, microsoft/dion dion_simple.py", settings, make,
                    MATRICES, "closed form")
    return [case("low rank", 2), case("full rank", 4, weight_decay=0.0)]


# The document

#: What is asked of pip, what is imported, and the cases.
REFERENCES = [
    ("torch", "torch", adamw), ("torch", "torch", sgd), ("torch", "torch", adafactor),
    ("torch", "torch", muon), ("pytorch_optimizer", "pytorch_optimizer", sgd_decoupled),
    ("transformers", "transformers.optimization", adafactor_transformers),
    ("muon-optimizer", "muon", muon_of_keller_jordan),
    ("adam-atan2-pytorch", "adam_atan2_pytorch", adam_atan2), ("lion-pytorch", "lion_pytorch", lion),
    ("pytorch_optimizer", "pytorch_optimizer", normuon), ("heavyball", "heavyball", adamh),
    ("pytorch_optimizer", "pytorch_optimizer", scion), ("schedulefree", "schedulefree", schedule_free),
    ("dadaptation", "dadaptation", d_adaptation), ("prodigyopt", "prodigyopt", prodigy),
    ("adam-mini", "adam_mini", adam_mini), ("sgd-sai", "sgd_sai", sgd_sai), ("momo-opt", "momo", momo),
]
CLOSED_FORMS = [hyperball_closed_forms, muon_closed_forms, dion_closed_forms]


def document():
    cases, missing = [], []
    for package, module, make in REFERENCES:
        try:
            cases += make(importlib.import_module(module))
        except (ImportError, AttributeError) as error:
            missing.append({"package": package, "cases": make.__name__, "reason": str(error)})
    cases += [case for make in CLOSED_FORMS for case in make()]
    return {
        "problem": {
            "tensors": {name: {"shape": shape, "initial": initial(name),
                               "gradients": [gradient(name, step) for step in range(STEPS)]}
                        for name, shape in SHAPES.items()},
            "losses": LOSSES,
        },
        "cases": [printed(case) for case in cases],
        "missing": missing,
    }


def shortened(value):
    """Numbers with as many digits as tell a float32 from its neighbours."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [shortened(one) for one in value]
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    return value


def golden(document):
    """What the tests keep: the first and the last step."""
    for case in document["cases"]:
        case["steps"] = [1, STEPS]
        case["weights"] = {name: [rows[0], rows[-1]] for name, rows in case["weights"].items()}
        kept = [case["observed"][0], case["observed"][-1]] if case["observed"] else []
        case["observed"] = [{key: one[key] for key in ("d", "evaluation") if key in one} for one in kept]
    return shortened(document)


if __name__ == "__main__":
    torch.set_num_threads(1)
    with contextlib.redirect_stdout(sys.stderr):  # several references print as they work
        found = document()
    if sys.argv[1:] == ["--golden"]:
        json.dump(golden(found), sys.stdout, separators=(",", ":"))
    else:
        json.dump(found, sys.stdout)
