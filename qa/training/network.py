"""The reader's network in PyTorch: BERT's encoder with its tensors' published names, and a layer of heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, INNER, HEADS, LAYERS = 384, 1536, 12, 6
EPSILON = 1e-12
NEVER = -1e4  # added to the score of what must not be chosen


class Embeddings(nn.Module):
    """Words, places and segments, normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(30522, WIDTH)
        self.position_embeddings = nn.Embedding(512, WIDTH)
        self.token_type_embeddings = nn.Embedding(2, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, ids: Tensor, segments: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]]
        return self.LayerNorm(self.word_embeddings(ids) + places + self.token_type_embeddings(segments))


class SelfAttention(nn.Module):
    """The three projections."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = hidden.shape
        parts = [
            layer(hidden).view(batch, length, HEADS, -1).transpose(1, 2) for layer in (self.query, self.key, self.value)
        ]
        query, key, value = parts
        # Written out: for heads this narrow it trains twice as fast on a CPU as the fused operator.
        weights = (query * (query.shape[-1] ** -0.5)) @ key.transpose(-1, -2) + mask
        mixed = weights.softmax(-1).to(value.dtype) @ value
        return mixed.transpose(1, 2).reshape(batch, length, WIDTH)


class Added(nn.Module):
    """A linear layer whose result is added to what came before, and normalised."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, values: Tensor, before: Tensor) -> Tensor:
        return self.LayerNorm(before + self.dense(values))


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.ModuleDict({"self": SelfAttention(), "output": Added(WIDTH)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, INNER)})
        self.output = Added(INNER)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        middle = self.attention["output"](self.attention["self"](hidden, mask), hidden)
        return self.output(functional.gelu(self.intermediate["dense"](middle)), middle)


class ReaderNetwork(nn.Module):
    """Token ids and segments ``(batch, tokens)`` in, logits out.

    Of each token: start, end, evidence, ``(batch, tokens, 3)``; of the passage: whether it answers, ``(batch,)``. The
    first token's start and end say that there's no answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})
        self.pointer = nn.Linear(WIDTH, 3)
        self.answerable = nn.Linear(WIDTH, 1)

    def forward(self, ids: Tensor, segments: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        mask = (~real)[:, None, None, :].to(torch.float32) * NEVER
        hidden = self.embeddings(ids, segments)
        if torch.is_autocast_enabled("cpu"):
            mask = mask.to(torch.bfloat16)
        for layer in self.encoder["layer"]:
            hidden = layer(hidden, mask)
        hidden = hidden.float()
        with torch.autocast(hidden.device.type, enabled=False):
            return self.pointer(hidden), self.answerable(hidden[:, 0])[:, 0]


def started_from(tensors: Mapping[str, Any]) -> ReaderNetwork:
    """A network with the encoder of a checkpoint, and heads that say nothing yet."""
    network = ReaderNetwork()
    wanted = network.state_dict()
    taken = {name: torch.as_tensor(tensors[name]) for name in wanted if name in tensors}
    missing = [name for name in wanted if name not in taken and not name.startswith(("pointer", "answerable"))]
    if missing:
        raise ValueError(f"the checkpoint lacks {missing[0]!r}")
    network.load_state_dict(taken, strict=False)
    for head in (network.pointer, network.answerable):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    network.embeddings.word_embeddings.weight.requires_grad = False  # 12 of 23 million, and they know words already
    return network
