"""A BERT encoder as an ONNX graph, in float32 or int8; heads are the caller's.

``encoder`` builds everything from token ids to the last hidden state for one text: no batch, no padding and so no
attention mask, because one text a call is as fast as batches and its int8 scales then depend on nothing but itself.
``mean_pooled`` is the embedder's head. Another head (an answer span, say) is a few nodes after ``encoder``.

What makes a model float32 or int8 is the ``Precision`` passed in (``qa.models.precision``); the network is the same.
Layer norms are plain ones: ONNX Runtime's fused skip-and-norm is 15 times slower on a CPU than adding and normalising.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.models.graph import MICROSOFT, Graph

Floats = NDArray[np.float32]
SEP = 102  # the token between segments, in the vocabulary that all BERTs without case share
_FLOAT, _INT32, _BOOL = 1, 6, 9  # of onnx.TensorProto
EPSILON = 1e-12  # of every layer norm, as the model was trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a BERT that its weights don't say by themselves. ``tokens`` is the longest input the graph takes.
    With ``segments``, what follows the first [SEP] is of the second segment; else all is of the first.
    """

    layers: int = 6
    heads: int = 12
    tokens: int = 256
    segments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A linear layer: ``values @ matrix + bias``, the matrix being ``(inputs, outputs)``."""

    matrix: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """Named float32 tensors of a checkpoint; a ``bert.`` prefix on every name is allowed for."""

    tensors: Mapping[str, NDArray[Any]]

    def __getitem__(self, name: str) -> Floats:
        found = self.tensors.get(name)
        if found is None:
            found = self.tensors["bert." + name]
        return found.astype(np.float32)

    def linear(self, name: str) -> Linear:
        """A linear layer; checkpoints store its matrix transposed."""
        return Linear(matrix=np.ascontiguousarray(self[name + ".weight"].T), bias=self[name + ".bias"])


class Precision(Protocol):
    """How tables and matrices are stored and multiplied. A ``name`` is unique in its graph."""

    def table(self, graph: Graph, name: str, rows: Floats, ids: str) -> str:
        """The rows of a table that ``ids`` names."""
        ...

    def linear(self, graph: Graph, name: str, values: str, layer: Linear) -> str:
        """``values @ matrix + bias``."""
        ...

    def projections(self, graph: Graph, name: str, values: str, layers: Sequence[Linear]) -> Sequence[str]:
        """Several linear layers of the same values, which are a layer norm's."""
        ...

    def feed_forward(self, graph: Graph, name: str, values: str, first: Linear, second: Linear) -> str:
        """``second(gelu(first(values)))``, the values being a layer norm's."""
        ...


def encoder(graph: Graph, weights: Weights, shape: Shape, precision: Precision, *, ids: str, output: str) -> str:
    """From token ids ``(1, tokens)`` to the last hidden state ``(1, tokens, width)``, named ``output``."""
    hidden = _embedded(graph, weights, shape, precision, ids=ids)
    for number in range(shape.layers):
        last = number == shape.layers - 1
        hidden = _layer(graph, weights, shape, precision, number, hidden, output=output if last else "")
    return hidden


def mean_pooled(graph: Graph, hidden: str, *, output: str) -> str:
    """The mean over the tokens of ``hidden``, scaled to length 1: ``(1, width)``, named ``output``."""
    mean = graph.node("ReduceMean", [hidden], axes=[1], keepdims=0)
    return graph.node("LpNormalization", [mean], output=output, axis=-1, p=2)


def _embedded(graph: Graph, weights: Weights, shape: Shape, precision: Precision, *, ids: str) -> str:
    """Word + position + segment embeddings, normalised; the first segment's is added in here."""
    words = precision.table(graph, "words", weights["embeddings.word_embeddings.weight"], ids)
    places = weights["embeddings.position_embeddings.weight"][: shape.tokens]
    segments = weights["embeddings.token_type_embeddings.weight"]
    places = places + segments[0]
    length = graph.node("Slice", [graph.node("Shape", [ids]), graph.integers(1), graph.integers(2)])
    placed = graph.node("Slice", [graph.constant("places", places), graph.integers(0), length, graph.integers(0)])
    if shape.segments:
        words = graph.node("Add", [words, _second_segment(graph, segments[1] - segments[0], ids)])
    return _added(graph, weights, "embeddings.LayerNorm", words, placed)


def _second_segment(graph: Graph, difference: Floats, ids: str) -> str:
    """What the second segment adds to the first's embedding after the first [SEP]: ``(1, tokens, width)``."""
    separators = graph.node("Cast", [graph.node("Equal", [ids, graph.integers(SEP)])], to=_INT32)
    seen = graph.node("CumSum", [separators, graph.integers(1)], exclusive=1)
    second = graph.node("Cast", [graph.node("Cast", [seen], to=_BOOL)], to=_FLOAT)
    rows = graph.node("Unsqueeze", [second, graph.integers(2)])
    return graph.node("Mul", [rows, graph.constant("second_segment", difference)])


def _layer(
    graph: Graph, weights: Weights, shape: Shape, precision: Precision, number: int, hidden: str, *, output: str
) -> str:
    """One transformer layer: attention, then the feed-forward pair, each added to its input and normalised."""
    base = f"encoder.layer.{number}."
    parts = [weights.linear(f"{base}attention.self.{part}") for part in ("query", "key", "value")]
    asked = precision.projections(graph, base + "attention", hidden, parts)
    heard = graph.node("MultiHeadAttention", asked, domain=MICROSOFT, num_heads=shape.heads)
    mixed = precision.linear(graph, base + "mix", heard, weights.linear(base + "attention.output.dense"))
    middle = _added(graph, weights, base + "attention.output.LayerNorm", mixed, hidden)
    first, second = weights.linear(base + "intermediate.dense"), weights.linear(base + "output.dense")
    thought = precision.feed_forward(graph, base + "feed", middle, first, second)
    return _added(graph, weights, base + "output.LayerNorm", thought, middle, output=output)


def _added(graph: Graph, weights: Weights, norm: str, values: str, others: str, *, output: str = "") -> str:
    """The sum of two values, normalised by the layer norm of that name."""
    constants = [graph.constant(norm + part, weights[norm + part]) for part in (".weight", ".bias")]
    total = graph.node("Add", [values, others])
    return graph.node("LayerNormalization", [total, *constants], output=output, epsilon=EPSILON, axis=-1)
