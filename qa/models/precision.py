"""How a network's numbers are stored and multiplied: float32 as trained, or dynamic int8.

Int8 is written here operator by operator, not by ONNX Runtime's quantiser, because things that it can't do matter.
Activations get one scale for a whole text, so a few channels that tower above the rest cost all others their precision:

- After a GELU, one or two channels reach 25 where the others stay below 6. They take a way around, in float32.
- After a layer norm, channels differ tenfold. They are divided by a factor each, which the matrix takes up
  (SmoothQuant, Xiao et al. 2022).

Against float32 this makes 1 - cosine .0011, where plain dynamic int8 has .0051 (200 abstracts of SciFact), at equal
speed. Which channels, and which factors, is measured by ``qa.models.calibrate``. And no sum overflows on older
processors: see ``paired``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.models.bert import Floats, Linear
from qa.models.graph import MICROSOFT, Graph

AROUND = 2  # channels after each GELU that stay float32; more gain nothing
EASE = 0.6  # how much of a channel's peak goes into its factor, the rest being the matrix row's; .5 to .7 do as well
STEPS = 4  # factors are rounded to a quarter of an octave, so that a last bit of a measurement doesn't change the file
NOTHING = 1e-30  # below it a column is zeros: its scale would not be a normal number
_FLOAT = 1  # onnx.TensorProto.FLOAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """The largest magnitude of each channel, by the ``name`` that a layer has in the graph.

    ``normed``: of the values that go into ``projections`` and ``feed_forward``. ``gelu``: inside ``feed_forward``.
    """

    normed: Mapping[str, Floats]
    gelu: Mapping[str, Floats]


class Float32:
    """Weights as trained."""

    def table(self, graph: Graph, name: str, rows: Floats, ids: str) -> str:
        """Rows as they are."""
        return graph.node("Gather", [graph.constant(name, rows), ids])

    def linear(self, graph: Graph, name: str, values: str, layer: Linear) -> str:
        """A product and a sum."""
        product = graph.node("MatMul", [values, graph.constant(name, layer.matrix)])
        return graph.node("Add", [product, graph.constant(name + ".bias", layer.bias)])

    def projections(self, graph: Graph, name: str, values: str, layers: Sequence[Linear]) -> Sequence[str]:
        """Each by itself."""
        return [self.linear(graph, f"{name}.{place}", values, layer) for place, layer in enumerate(layers)]

    def feed_forward(self, graph: Graph, name: str, values: str, first: Linear, second: Linear) -> str:
        """Two products with a GELU between."""
        return self.linear(graph, name + ".second", self.widened(graph, name, values, first), second)

    def widened(self, graph: Graph, name: str, values: str, first: Linear) -> str:
        """The first half of ``feed_forward``, up to the GELU."""
        product = graph.node("MatMul", [values, graph.constant(name + ".first", first.matrix)])
        return _gelu(graph, name + ".first", product, first.bias)


class Int8:
    """Weights int8, symmetric, a scale for each column (tables: each row); activations uint8, scaled as they come."""

    def __init__(self, peaks: Peaks) -> None:
        self._peaks = peaks

    def table(self, graph: Graph, name: str, rows: Floats, ids: str) -> str:
        """Int8 rows and their scales, picked and multiplied."""
        integers, scales = quantised(rows.T)
        picked = graph.node("Gather", [graph.constant(name, integers.T), ids])
        scale = graph.node("Gather", [graph.constant(name + ".scale", scales[:, None]), ids])
        return graph.node("Mul", [graph.node("Cast", [picked], to=_FLOAT), scale])

    def linear(self, graph: Graph, name: str, values: str, layer: Linear) -> str:
        """A product with a bias, in one operator."""
        product = _product(graph, name, layer.matrix)
        inputs = [values, *product, "", graph.constant(name + ".bias", layer.bias)]
        return graph.node("DynamicQuantizeMatMul", inputs, domain=MICROSOFT)

    def projections(self, graph: Graph, name: str, values: str, layers: Sequence[Linear]) -> Sequence[str]:
        """The values are eased and quantised once for all."""
        factors = _factors(self._peaks.normed[name], np.concatenate([layer.matrix for layer in layers], axis=1))
        eased = _eased(graph, name, values, factors)
        levels, scale, zero = graph.nodes_of("DynamicQuantizeLinear", [eased], outputs=("", "", ""))
        found = []
        for place, layer in enumerate(layers):
            part = f"{name}.{place}"
            integers, scales = _product(graph, part, layer.matrix * factors[:, None])
            inputs = [levels, integers, scale, scales, zero, "", graph.constant(part + ".bias", layer.bias)]
            found.append(graph.node("MatMulIntegerToFloat", inputs, domain=MICROSOFT))
        return found

    def feed_forward(self, graph: Graph, name: str, values: str, first: Linear, second: Linear) -> str:
        """All but the towering channels in int8; those, in float32, are added at the end."""
        around = np.sort(np.argsort(-self._peaks.gelu[name], kind="stable")[:AROUND])
        factors = _factors(self._peaks.normed[name], first.matrix)
        matrix = _without(first.matrix * factors[:, None], around, axis=1)
        inputs = [_eased(graph, name, values, factors), *_product(graph, name + ".first", matrix)]
        product = graph.node("DynamicQuantizeMatMul", inputs, domain=MICROSOFT)
        wide = _gelu(graph, name + ".first", product, _without(first.bias, around, axis=0))
        rest = Linear(matrix=_without(second.matrix, around, axis=0), bias=second.bias)
        narrow = self.linear(graph, name + ".second", wide, rest)
        return graph.node("Add", [narrow, _around(graph, name + ".around", values, first, second, around)])


def quantised(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix as int8 in -127..127 and a scale for each column, such that ``integers * scales`` is near the matrix."""
    return _divided(matrix, np.abs(matrix).max(axis=0))


def paired(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """As ``quantised``, and what two neighbours (rows ``2i`` and ``2i + 1``) of one sign add up to is at most 128.

    A processor without VNNI adds two products of uint8 and int8 in 16 bits, and 255 * 128 is the most that fits.
    Without this bound, vectors of an older processor came out at cosines down to .989 of those of a newer one.
    """
    even = np.concatenate([matrix, np.zeros_like(matrix[: len(matrix) % 2])])
    sums = [np.maximum(side[0::2], 0) + np.maximum(side[1::2], 0) for side in (even, -even)]
    return _divided(matrix, np.max(sums, axis=(0, 1)))  # at most 127 here, 128 after both are rounded


def _divided(matrix: Floats, largest: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Integers such that what was ``largest`` in a column is 127, and the columns' scales."""
    scales = np.where(largest < NOTHING, np.float32(1), largest / np.float32(127)).astype(np.float32)
    return np.rint(matrix / scales).astype(np.int8), scales


def _product(graph: Graph, name: str, matrix: Floats) -> tuple[str, str]:
    """The names of a matrix's integers and scales."""
    integers, scales = paired(matrix)
    return graph.constant(name, integers), graph.constant(name + ".scale", scales)


def _factors(peaks: Floats, matrix: Floats) -> Floats:
    """A factor for each row of ``matrix``, to multiply it by and divide the values by; their mean is near 1."""
    rows = np.maximum(np.abs(matrix).max(axis=1).astype(np.float64), 1e-6)
    octaves = EASE * np.log2(np.maximum(peaks, 1e-6)) - (1 - EASE) * np.log2(rows)
    rounded: Floats = np.exp2(np.round((octaves - octaves.mean()) * STEPS) / STEPS).astype(np.float32)
    return rounded


def _eased(graph: Graph, name: str, values: str, factors: Floats) -> str:
    return graph.node("Mul", [values, graph.constant(name + ".ease", 1 / factors)])


def _around(graph: Graph, name: str, values: str, first: Linear, second: Linear, channels: NDArray[np.int64]) -> str:
    """What a few inner channels of a feed-forward pair contribute, in float32."""
    narrow = graph.node("MatMul", [values, graph.constant(name + ".first", first.matrix[:, channels])])
    narrow = _gelu(graph, name + ".first", narrow, first.bias[channels])
    return graph.node("MatMul", [narrow, graph.constant(name + ".second", second.matrix[channels])])


def _gelu(graph: Graph, name: str, values: str, bias: Floats) -> str:
    return graph.node("BiasGelu", [values, graph.constant(name + ".bias", bias)], domain=MICROSOFT)


def _without(values: Floats, places: NDArray[np.int64], *, axis: int) -> Floats:
    """A copy with zeros at ``places``: a channel without weights or bias stays 0 through a GELU."""
    kept = np.ones(values.shape[axis], dtype=np.float32)
    kept[places] = 0
    return values * (kept if axis == values.ndim - 1 else kept[:, None])
