"""Writes ONNX graphs node by node; knows nothing of any model.

What a network looks like is said over it, in ``qa.models.bert``. The ``onnx`` package is imported inside functions: it
is needed to export a model, never to run one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

MICROSOFT = "com.microsoft"  # ONNX Runtime's own operators: fused attention, layer norms, integer matrix products
OPSET = 17
IR_VERSION = 9  # the oldest that opset 17 can have, so that older runtimes open the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An input or output of a graph: its name, element type and shape (a string names a free dimension)."""

    name: str
    dtype: type[np.generic]
    shape: tuple[int | str, ...]


@dataclass(slots=True)
class Graph:
    """A graph in the making. Names are given in order of creation, so the same calls write the same bytes."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Store a tensor under ``name`` and return the name; a second one of that name is a ``ValueError``."""
        from onnx import numpy_helper

        if name in self.constants:
            raise ValueError(f"the graph already has a constant {name!r}")
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        """The name of a constant list of int64, shared by all who ask for the same values."""
        name = "ints_" + "_".join(str(value) for value in values).replace("-", "m")
        if name not in self.constants:
            self.constant(name, np.array(values, dtype=np.int64))
        return name

    def node(self, op: str, inputs: Sequence[str], *, output: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name. An empty input name is an input left out."""
        return self.nodes_of(op, inputs, outputs=(output,), domain=domain, **attributes)[0]

    def nodes_of(
        self, op: str, inputs: Sequence[str], *, outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> tuple[str, ...]:
        """Add a node with several outputs and return their names; an empty name is filled in."""
        from onnx import helper

        label = f"{op}_{len(self.nodes)}"
        names = tuple(output or f"{label}.{place}" for place, output in enumerate(outputs))
        self.nodes.append(helper.make_node(op, inputs, names, name=label, domain=domain, **attributes))
        return names

    def model(self, *, name: str, inputs: Sequence[Port], outputs: Sequence[Port]) -> onnx.ModelProto:
        """The finished model."""
        from onnx import helper

        graph = helper.make_graph(
            self.nodes, name, [_value(port) for port in inputs], [_value(port) for port in outputs],
            list(self.constants.values()),
        )  # fmt: skip
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="qa.models.export")


def _value(port: Port) -> onnx.ValueInfoProto:
    from onnx import helper

    dtype = helper.np_dtype_to_tensor_dtype(np.dtype(port.dtype))
    return helper.make_tensor_value_info(port.name, dtype, list(port.shape))
