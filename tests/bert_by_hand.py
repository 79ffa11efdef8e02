"""Networks of random weights, small enough to compute in plain numpy beside their graphs. No test is in here."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.models.bert import Floats, Shape, Weights

WIDTH, INNER, WORDS, PLACES = 16, 32, 1200, 40
SHAPE = Shape(layers=2, heads=4, tokens=24)
TOWER = 5  # the inner channel that is made to tower above the others
SEP = 102

_PARTS = ("query", "key", "value")


def small_bert(
    shape: Shape = SHAPE, *, width: int = WIDTH, inner: int = INNER, words: int = WORDS, places: int = PLACES
) -> Weights:
    """A BERT of random weights, always the same ones."""
    random = np.random.default_rng(7)

    def draw(*size: int) -> Floats:
        return random.normal(0, 0.3, size).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": draw(words, width),
        "embeddings.position_embeddings.weight": draw(places, width),
        "embeddings.token_type_embeddings.weight": draw(2, width),
    }
    norms, linears = ["embeddings.LayerNorm"], {}
    for number in range(shape.layers):
        base = f"encoder.layer.{number}."
        norms += [base + "attention.output.LayerNorm", base + "output.LayerNorm"]
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            linears[base + "attention." + part] = (width, width)
        linears[base + "intermediate.dense"] = (inner, width)
        linears[base + "output.dense"] = (width, inner)
    for name in norms:
        tensors |= {name + ".weight": 1 + draw(width), name + ".bias": draw(width)}
    for name, size in linears.items():
        tensors |= {name + ".weight": draw(*size), name + ".bias": draw(size[0])}
    tensors["encoder.layer.0.intermediate.dense.bias"][TOWER] = 60
    tensors["encoder.layer.0.output.dense.weight"][:, TOWER] /= 60
    return Weights(tensors)


def with_heads(weights: Weights) -> Weights:
    """The same with the reader's two heads, of random weights too."""
    random = np.random.default_rng(11)
    width = weights["embeddings.LayerNorm.bias"].shape[0]
    heads = {
        "pointer.weight": random.normal(0, 1, (3, width)).astype(np.float32),
        "pointer.bias": random.normal(0, 1, 3).astype(np.float32),
        "answerable.weight": random.normal(0, 1, (1, width)).astype(np.float32),
        "answerable.bias": random.normal(0, 1, 1).astype(np.float32),
    }
    return Weights({**weights.tensors, **heads})


def hidden(weights: Weights, ids: Sequence[int], shape: Shape = SHAPE) -> NDArray[np.float64]:
    """The last hidden state ``(tokens, width)`` in plain numpy and float64: the oracle."""
    places = weights["embeddings.position_embeddings.weight"][: len(ids)]
    values = weights["embeddings.word_embeddings.weight"][list(ids)].astype(np.float64) + places
    first = list(ids).index(SEP) if shape.segments and SEP in ids else len(ids)
    segments = [int(place > first) for place in range(len(ids))]
    values = values + weights["embeddings.token_type_embeddings.weight"][segments]
    values = norm(weights, "embeddings.LayerNorm", values)
    for number in range(shape.layers):
        base = f"encoder.layer.{number}."
        mixed = _attention(weights, base + "attention.self.", values, shape.heads)
        heard = linear(weights, base + "attention.output.dense", mixed)
        values = norm(weights, base + "attention.output.LayerNorm", values + heard)
        wide = linear(weights, base + "intermediate.dense", values)
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        values = norm(weights, base + "output.LayerNorm", values + linear(weights, base + "output.dense", wide))
    return values


def linear(weights: Weights, name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A linear layer."""
    return np.asarray(values @ weights[name + ".weight"].T + weights[name + ".bias"])


def norm(weights: Weights, name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A layer norm."""
    centred = values - values.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(scaled * weights[name + ".weight"] + weights[name + ".bias"])


def _attention(weights: Weights, base: str, values: NDArray[np.float64], heads: int) -> NDArray[np.float64]:
    query, key, value = (np.split(linear(weights, base + part, values), heads, axis=1) for part in _PARTS)
    found = []
    for asked, offered, held in zip(query, key, value, strict=True):
        scores = np.exp(asked @ offered.T / math.sqrt(values.shape[1] / heads))
        found.append(scores / scores.sum(axis=1, keepdims=True) @ held)
    return np.concatenate(found, axis=1)
