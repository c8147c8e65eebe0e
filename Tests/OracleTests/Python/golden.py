"""Writes what PyTorch finds for small models, in double, for `GoldenTests` to compare with.

    .venv/bin/python Tests/OracleTests/Python/golden.py > Tests/ProxyModelsTests/Golden/decoder.json

Weights and tokens follow formulas, so that the file holds results only.
"""

import json

import torch

from decoder import losses

SHARED = {
    "width": 12, "layers": 2, "heads": 4, "kv_heads": 4, "head_width": 4, "ffn_width": 10,
    "vocabulary": 11, "sequence_length": 70, "tied": False, "qk_norm": False,
}
MODELS = [
    SHARED,
    {**SHARED, "kv_heads": 2, "qk_norm": True},
    {**SHARED, "kv_heads": 1, "tied": True, "head_width": 6},
    {**SHARED, "kv_heads": 2, "attention_softcap": 1.5, "output_softcap": 4.0},
]


def shapes(model):
    queries, keys = model["heads"] * model["head_width"], model["kv_heads"] * model["head_width"]
    width, inner = model["width"], model["ffn_width"]
    found = {"embedding": (model["vocabulary"], width)}
    for layer in range(model["layers"]):
        path = f"blocks.{layer}.attention"
        found[f"{path}.norm"] = (width,)
        found[f"{path}.query"] = (queries, width)
        found[f"{path}.key"] = found[f"{path}.value"] = (keys, width)
        if model["qk_norm"]:
            found[f"{path}.queryNorm"] = found[f"{path}.keyNorm"] = (model["head_width"],)
        found[f"{path}.output"] = (width, queries)
        path = f"blocks.{layer}.feedForward"
        found[f"{path}.norm"] = (width,)
        found[f"{path}.gate"] = found[f"{path}.up"] = (inner, width)
        found[f"{path}.down"] = (width, inner)
    found["norm"] = (width,)
    if not model["tied"]:
        found["output"] = (model["vocabulary"], width)
    return found


def result(model):
    weights, multipliers = {}, {}
    for number, (path, shape) in enumerate(shapes(model).items()):
        count = torch.Size(shape).numel()
        phase = torch.arange(count, dtype=torch.float64)
        values = 0.6 * torch.sin(0.7 * phase + number)
        weights[path] = (1 + values if "orm" in path else values).reshape(shape).requires_grad_()
        multipliers[path] = 0.8 + 0.01 * number
    settings = {
        "multipliers": multipliers, "residual_branch": 0.7, "attention_scale": 0.4,
        "tied_output": 1.3,
    }
    length = model["sequence_length"]
    sequences = torch.tensor(
        [[(5 * t * t + 3 * t + row) % model["vocabulary"] for t in range(length + 1)]
         for row in range(2)])
    cross_entropy, log_partition = losses(model, settings, weights, sequences)
    (cross_entropy + 0.01 * log_partition).backward()
    gradients = {}
    for path, weight in weights.items():
        gradient = weight.grad.flatten()
        wave = torch.cos(0.3 * torch.arange(len(gradient), dtype=torch.float64))
        gradients[path] = {"norm": gradient.norm().item(), "wave": gradient.dot(wave).item()}
    return {"model": model, "loss": cross_entropy.item(), "log_partition": log_partition.item(),
            "gradients": gradients}


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    print(json.dumps([result(model) for model in MODELS], indent=1))
