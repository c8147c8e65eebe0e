"""Prints the tokens per second of PyTorch on a training step like Vernier's.

    pytorch_step.py SHAPE_JSON THREADS eager|compile

Fused attention and AdamW, no checks: what a PyTorch user would run on a CPU.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY, LENGTH, BATCH = 256, 256, 32


class Block(nn.Module):
    def __init__(self, width, heads, ffn_width):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.RMSNorm(width), nn.RMSNorm(width)])
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * ffn_width, bias=False)
        self.down = nn.Linear(ffn_width, width, bias=False)

    def forward(self, x, cosine, sine):
        batch, length, width = x.shape
        shape = (batch, length, self.heads, width // self.heads)
        query, key, value = (
            part.view(shape).transpose(1, 2)
            for part in self.qkv(self.norms[0](x)).chunk(3, dim=-1))

        def rotate(y):
            a, b = y.chunk(2, dim=-1)
            return torch.cat([a * cosine - b * sine, b * cosine + a * sine], dim=-1)

        y = F.scaled_dot_product_attention(rotate(query), rotate(key), value, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.norms[1](x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Decoder(nn.Module):
    def __init__(self, width, layers, heads, ffn_width):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, width)
        self.blocks = nn.ModuleList([Block(width, heads, ffn_width) for _ in range(layers)])
        self.norm = nn.RMSNorm(width)
        self.output = nn.Linear(width, VOCABULARY, bias=False)
        frequency = 10000 ** (-torch.arange(0, width // heads, 2) / (width // heads))
        angle = torch.arange(LENGTH)[:, None] * frequency
        self.register_buffer("cosine", torch.cos(angle))
        self.register_buffer("sine", torch.sin(angle))

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cosine, self.sine)
        return F.cross_entropy(self.output(self.norm(x)).flatten(0, 1), targets.flatten())


def main(shape, threads, mode):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Decoder(**shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    text = torch.randint(VOCABULARY, (BATCH, LENGTH + 1))
    loss = torch.compile(model) if mode == "compile" else model

    def step():
        optimizer.zero_grad()
        loss(text[:, :-1], text[:, 1:]).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    step()
    speeds = []
    for _ in range(3):
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < 3:
            step()
            steps += 1
        speeds.append(steps * BATCH * LENGTH / (time.perf_counter() - start))
    print(sorted(speeds)[1])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
