"""The decoder of `LlamaModel` in PyTorch, written from the papers and not from the Swift."""

import math

import torch
import torch.nn.functional as F


def rms_norm(x, gain, epsilon=1e-5):
    return gain * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)


def rotate(x, base=10000.0):
    """x: [B, T, heads, H]; channel i is paired with i + H/2."""
    length, width = x.shape[1], x.shape[3]
    frequency = base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * frequency
    cosine = torch.cos(angle).to(x.dtype)[None, :, None]
    sine = torch.sin(angle).to(x.dtype)[None, :, None]
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], dim=-1)


def soft_cap(x, cap):
    """arXiv 2408.00118, section 2; no cap is no change."""
    return x if cap is None else cap * torch.tanh(x / cap)


def logits(model, settings, weights, tokens):
    """tokens: [B, T]; settings: the multipliers of every parameter and the three of no parameter."""

    def linear(x, path):
        return settings["multipliers"][path] * F.linear(x, weights[path])

    def norm(x, path):
        return settings["multipliers"][path] * rms_norm(x, weights[path])

    batch, length = tokens.shape
    heads, groups, width = model["heads"], model["kv_heads"], model["head_width"]
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    stream = settings["multipliers"]["embedding"] * weights["embedding"][tokens]
    for layer in range(model["layers"]):
        path = f"blocks.{layer}.attention"
        x = norm(stream, f"{path}.norm")
        query = linear(x, f"{path}.query").view(batch, length, heads, width)
        key = linear(x, f"{path}.key").view(batch, length, groups, width)
        value = linear(x, f"{path}.value").view(batch, length, groups, width)
        if model["qk_norm"]:
            query = norm(query, f"{path}.queryNorm")
            key = norm(key, f"{path}.keyNorm")
        query, key = rotate(query), rotate(key)
        key = key.repeat_interleave(heads // groups, dim=2)
        value = value.repeat_interleave(heads // groups, dim=2)
        scores = settings["attention_scale"] * torch.einsum("bthd,bshd->bhts", query, key)
        scores = soft_cap(scores, model.get("attention_softcap"))
        shares = scores.masked_fill(hidden, -math.inf).softmax(-1)
        x = torch.einsum("bhts,bshd->bthd", shares, value).reshape(batch, length, heads * width)
        stream = stream + settings["residual_branch"] * linear(x, f"{path}.output")

        path = f"blocks.{layer}.feedForward"
        x = norm(stream, f"{path}.norm")
        x = F.silu(linear(x, f"{path}.gate")) * linear(x, f"{path}.up")
        stream = stream + settings["residual_branch"] * linear(x, f"{path}.down")
    x = norm(stream, "norm")
    if model["tied"]:
        found = settings["tied_output"] * F.linear(x, weights["embedding"])
    else:
        found = linear(x, "output")
    return soft_cap(found, model.get("output_softcap"))


def losses(model, settings, weights, sequences):
    """The mean cross-entropy in nats and the mean squared log partition; sequences: [B, T + 1]."""
    output = logits(model, settings, weights, sequences[:, :-1])
    cross_entropy = F.cross_entropy(output.flatten(0, 1), sequences[:, 1:].flatten())
    return cross_entropy, output.logsumexp(-1).pow(2).mean()
