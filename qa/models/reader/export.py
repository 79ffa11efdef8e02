"""Makes the reader's model file from trained weights: ``python -m qa.models.reader.export --weights FILE --out DIR``.

The same weights give the same bytes. It needs the ``export`` extra; the encoder is ``qa.models.bert``'s, the heads are
here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import tomlkit

from qa.models.bert import Precision, Shape, Weights, encoder
from qa.models.calibrate import peaks
from qa.models.fingerprint import CARD, shipped_folder
from qa.models.graph import Graph, Port
from qa.models.precision import Float32, Int8
from qa.models.reader.encoding import TOKENS

NAME = "qa-reader-minilm"


def main(arguments: Sequence[str] | None = None) -> int:
    """Export as the command line says."""
    options = _parser().parse_args(arguments)
    made = json.loads(options.made.read_text(encoding="utf-8")) if options.made else {}
    card = export(options.weights, options.out, fp32=options.fp32, made=made)
    sys.stdout.write(card)
    return 0


def export(weights: Path, folder: Path, *, fp32: bool = False, made: dict[str, object] | None = None) -> str:
    """Write ``model.onnx`` and its card into ``folder``; returns the card. ``made`` tells how the weights were."""
    from safetensors.numpy import load

    content = weights.read_bytes()
    shape = Shape(tokens=TOKENS, segments=True)
    checkpoint = Weights(load(content))
    model = reader_graph(checkpoint, shape, Float32() if fp32 else Int8(peaks(checkpoint, shape)))
    card = _card(model, hashlib.sha256(content).hexdigest(), fp32=fp32, made=made or {})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    (folder / CARD).write_text(card, encoding="utf-8")
    return card


def reader_graph(weights: Weights, shape: Shape, precision: Precision) -> bytes:
    """The reader as ONNX: ``ids`` ``(1, tokens)`` in; ``pointers`` ``(1, tokens, 3)``, each token's start, end and
    evidence, and ``answerable`` ``(1, 1)`` out, all logits.
    """
    graph = Graph()
    hidden = encoder(graph, weights, shape, precision, ids="ids", output="hidden")
    _head(graph, weights, "pointer", hidden, output="pointers")
    first = graph.node("Gather", [hidden, graph.integers(0)], axis=1)
    _head(graph, weights, "answerable", graph.node("Squeeze", [first, graph.integers(1)]), output="answerable")
    model = graph.model(
        name=NAME,
        inputs=[Port(name="ids", dtype=np.int64, shape=(1, "tokens"))],
        outputs=[
            Port(name="pointers", dtype=np.float32, shape=(1, "tokens", 3)),
            Port(name="answerable", dtype=np.float32, shape=(1, 1)),
        ],
    )
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _head(graph: Graph, weights: Weights, name: str, values: str, *, output: str) -> str:
    layer = weights.linear(name)
    product = graph.node("MatMul", [values, graph.constant(f"{name}.matrix", layer.matrix)])
    return graph.node("Add", [product, graph.constant(f"{name}.bias", layer.bias)], output=output)


def _card(model: bytes, weights: str, *, fp32: bool, made: dict[str, object]) -> str:
    """The folder's ``model.toml``. The tokenizer is the embedder's."""
    kind = "fp32" if fp32 else "int8"
    tokenizer = hashlib.sha256((shipped_folder() / "tokenizer.json").read_bytes()).hexdigest()
    runs = "".join(f"{key} = {_toml(value)}\n" for key, value in made.items() if not isinstance(value, dict))
    tables = "".join(
        f"\n[made.{key}]\n" + "".join(f'"{name}" = {_toml(one)}\n' for name, one in value.items())
        for key, value in made.items()
        if isinstance(value, dict)
    )
    return f"""\
name = "{NAME}-{kind}"
dimension = 384
normalised = false
max_tokens = {TOKENS}

[files]
"model.onnx" = "{hashlib.sha256(model).hexdigest()}"
"tokenizer.json" = "{tokenizer}"

[made]
weights_sha256 = "{weights}"
onnx = "{version("onnx")}"
onnxruntime = "{version("onnxruntime")}"
{runs}{tables}"""


def _toml(value: object) -> str:
    """A string, number or list as TOML writes it."""
    return tomlkit.item(value).as_string()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa.models.reader.export", description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="weights.safetensors of a training run")
    parser.add_argument("--made", type=Path, help="the run's made.json, kept in the card")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--fp32", action="store_true", help="keep the weights as trained instead of int8")
    return parser


if __name__ == "__main__":
    sys.exit(main())
