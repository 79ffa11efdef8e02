"""Makes the model that comes with ``qa`` from the official weights: ``python -m qa.models.export --help``.

The same input gives the same bytes. It needs the ``export`` extra (onnx, safetensors); running the model doesn't. What
the network looks like is in ``qa.models.bert``; this module reads the weights, and writes a folder with a card.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from qa.models.bert import Precision, Shape, Weights, encoder, mean_pooled
from qa.models.calibrate import peaks
from qa.models.fingerprint import CARD
from qa.models.graph import Graph, Port
from qa.models.precision import Float32, Int8

SOURCE = "sentence-transformers/all-MiniLM-L6-v2"
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
COMMAND = "python -m qa.models.export --weights model.safetensors --tokenizer tokenizer.json --out DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The bytes of an exported model."""

    model: bytes
    tokenizer: bytes
    card: bytes


class WrongWeights(ValueError):
    """The weights given aren't those that the shipped model is made from."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Export as the command line says; 1 where the weights are other ones."""
    options = _parser().parse_args(arguments)
    try:
        files = export(options.weights, options.tokenizer, fp32=options.fp32)
    except WrongWeights as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write(files, options.out)
    sys.stdout.write(files.card.decode())
    return 0


def export(weights: Path, tokenizer: Path, *, fp32: bool = False) -> Files:
    """Build the model, its tokenizer and its card from the official weights; raises ``WrongWeights`` for any others."""
    content = weights.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SOURCE_SHA256:
        raise WrongWeights(f"{str(weights)!r} has sha256 {digest}, not {SOURCE_SHA256} of {SOURCE}")
    shape = Shape()
    checkpoint = _weights(content)
    precision = Float32() if fp32 else Int8(peaks(checkpoint, shape))
    model = embedder_graph(checkpoint, shape, precision)
    settled = settled_tokenizer(tokenizer.read_bytes())
    return Files(model=model, tokenizer=settled, card=_card(model, settled, shape, fp32=fp32).encode())


def write(files: Files, folder: Path) -> None:
    """Write an exported model into ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(files.model)
    (folder / "tokenizer.json").write_bytes(files.tokenizer)
    (folder / CARD).write_bytes(files.card)


def embedder_graph(weights: Weights, shape: Shape, precision: Precision) -> bytes:
    """The embedder as ONNX: ``ids`` of one text ``(1, tokens)`` in, its ``vector`` ``(1, width)`` of length 1 out."""
    graph = Graph()
    hidden = encoder(graph, weights, shape, precision, ids="ids", output="hidden")
    mean_pooled(graph, hidden, output="vector")
    width = weights["embeddings.LayerNorm.bias"].shape[0]
    model = graph.model(
        name="all-MiniLM-L6-v2",
        inputs=[Port(name="ids", dtype=np.int64, shape=(1, "tokens"))],
        outputs=[Port(name="vector", dtype=np.float32, shape=(1, width))],
    )
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def settled_tokenizer(content: bytes) -> bytes:
    """A ``tokenizer.json`` without padding and truncation: the published file pads and cuts at 128, silently."""
    table = json.loads(content)
    table["padding"] = None
    table["truncation"] = None
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _weights(content: bytes) -> Weights:
    from safetensors.numpy import load

    return Weights(load(content))


def _card(model: bytes, tokenizer: bytes, shape: Shape, *, fp32: bool) -> str:
    """The folder's ``model.toml``."""
    kind = "fp32" if fp32 else "int8"
    return f"""\
name = "all-MiniLM-L6-v2-{kind}"
dimension = 384
normalised = true
max_tokens = {shape.tokens}

[files]
"model.onnx" = "{hashlib.sha256(model).hexdigest()}"
"tokenizer.json" = "{hashlib.sha256(tokenizer).hexdigest()}"

[made]
source = "{SOURCE}"
weights_sha256 = "{SOURCE_SHA256}"
command = "{COMMAND}{" --fp32" if fp32 else ""}"
onnx = "{version("onnx")}"
onnxruntime = "{version("onnxruntime")}"
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa.models.export", description="Make the embedder from its weights."
    )
    parser.add_argument("--weights", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json that comes with it")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--fp32", action="store_true", help="keep the weights as trained (90 MB) instead of int8")
    return parser


if __name__ == "__main__":
    sys.exit(main())
