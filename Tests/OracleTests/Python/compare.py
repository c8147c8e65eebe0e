"""Repeats in PyTorch what Vernier did, and prints how far apart the two are.

The folder given holds `case.json` (model, settings, batches, optimizer) and three safetensors files:
`before` (weights), `gradients` (of the first batch, not clipped) and `after` (weights after a step of
AdamW on each batch).
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from decoder import losses


def main(folder):
    case = json.loads((folder / "case.json").read_text())
    weights = {path: tensor.requires_grad_()
               for path, tensor in load_file(folder / "before.safetensors").items()}
    gradients = load_file(folder / "gradients.safetensors")
    after = load_file(folder / "after.safetensors")
    optimizer = torch.optim.AdamW(
        [{"params": [weights[path]], "lr": own["learning_rate"], "peak": own["learning_rate"],
          "weight_decay": own["weight_decay"], "eps": own["epsilon"]}
         for path, own in case["parameters"].items()],
        betas=tuple(case["betas"]))
    found = {"losses": [], "norms": []}
    for step, batch in enumerate(case["batches"]):
        optimizer.zero_grad()
        cross_entropy, log_partition = losses(
            case["model"], case["settings"], weights, torch.tensor(batch))
        (cross_entropy + case["z_weight"] * log_partition).backward()
        if step == 0:
            exact = torch.cat([weights[path].grad.flatten() for path in gradients])
            given = torch.cat([tensor.flatten() for tensor in gradients.values()])
            found["gradient_error"] = ((given - exact).norm() / exact.norm()).item()
        norm = torch.nn.utils.clip_grad_norm_(weights.values(), case["clip"])
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * case["factors"][step]
        optimizer.step()
        found["losses"].append(cross_entropy.item())
        found["norms"].append(norm.item())
    exact = torch.cat([weights[path].detach().flatten() for path in after])
    given = torch.cat([tensor.flatten() for tensor in after.values()])
    found["weight_error"] = ((given - exact).norm() / exact.norm()).item()
    print(json.dumps(found))


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(Path(sys.argv[1]))
