"""Measures how large each channel of a network gets, for ``qa.models.precision.Int8``.

It runs the float32 network on random token ids, so no text is needed, and the same weights give the same peaks.
Channels that tower above others do so whatever the words: their peaks come out as from real articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.models.bert import SEP, Floats, Linear, Shape, Weights, encoder
from qa.models.graph import Graph, Port
from qa.models.precision import Float32, Peaks
from qa.models.runtime import onnxruntime

TEXTS = 64
LENGTH = 128
FIRST_WORD = 1000  # ids before it are markers, unused entries and single characters
CLS = 101
ASKED = 14  # where texts have two segments, the first has so many tokens


class Tapped(Float32):
    """Float32 that remembers under which names the values to be measured go through the graph."""

    def __init__(self) -> None:
        self.normed: dict[str, str] = {}
        self.gelu: dict[str, str] = {}

    def projections(self, graph: Graph, name: str, values: str, layers: Sequence[Linear]) -> Sequence[str]:
        """As float32; notes its input."""
        self.normed[name] = values
        return super().projections(graph, name, values, layers)

    def feed_forward(self, graph: Graph, name: str, values: str, first: Linear, second: Linear) -> str:
        """As float32; notes its input."""
        self.normed[name] = values
        return super().feed_forward(graph, name, values, first, second)

    def widened(self, graph: Graph, name: str, values: str, first: Linear) -> str:
        """As float32; notes its output."""
        self.gelu[name] = super().widened(graph, name, values, first)
        return self.gelu[name]


def peaks(weights: Weights, shape: Shape) -> Peaks:
    """The peaks of every channel that ``Int8`` asks about, over ``TEXTS`` texts of random words."""
    tapped = Tapped()
    graph = Graph()
    encoder(graph, weights, shape, tapped, ids="ids", output="hidden")
    words = len(weights["embeddings.word_embeddings.weight"])
    measured = _measured(graph, [*tapped.normed.values(), *tapped.gelu.values()], words=words, shape=shape)
    return Peaks(
        normed={name: measured[values] for name, values in tapped.normed.items()},
        gelu={name: measured[values] for name, values in tapped.gelu.items()},
    )


def _measured(graph: Graph, names: list[str], *, words: int, shape: Shape) -> dict[str, Floats]:
    """The largest magnitude of each channel of the values called ``names``, by name."""
    model = graph.model(
        name="calibration",
        inputs=[Port(name="ids", dtype=np.int64, shape=(1, "tokens"))],
        outputs=[Port(name=name, dtype=np.float32, shape=(1, "tokens", "width")) for name in names],
    )
    session = onnxruntime().InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = [
        [np.abs(values[0]).max(axis=0) for values in session.run(names, {"ids": ids})]
        for ids in _texts(words, min(LENGTH, shape.tokens), segments=shape.segments)
    ]
    return {name: np.max(column, axis=0) for name, column in zip(names, zip(*found, strict=True), strict=True)}


def _texts(words: int, length: int, *, segments: bool) -> Iterator[NDArray[np.int64]]:
    """Texts of random word ids between the two markers, and a third one early on where there are segments."""
    random = np.random.default_rng(0)
    for _ in range(TEXTS):
        inner = random.integers(FIRST_WORD, words, size=length - 2)
        if segments:
            inner[min(ASKED, len(inner) - 1)] = SEP
        yield np.concatenate([[CLS], inner, [SEP]])[None].astype(np.int64)
