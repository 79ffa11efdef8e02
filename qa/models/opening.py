"""Opens a model's files: checks each one's sha256 against its card, and starts ONNX Runtime on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ModelUnusable
from qa.models.fingerprint import REINSTALL
from qa.models.runtime import onnxruntime, uninterrupted

if TYPE_CHECKING:
    import onnxruntime as ort
    from tokenizers import Tokenizer


def check(path: Path, digest: str) -> None:
    """Compare a file's sha256 with what its card says (16 ms for a model); raises ``ModelUnusable``."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"{str(path)!r} can't be read: {error.strerror}"
        raise ModelUnusable("model.missing", message, remedy=REINSTALL) from error
    if found != digest:
        raise ModelUnusable("model.damaged", f"{str(path)!r} is not the file that its card names", remedy=REINSTALL)


def session(model: Path) -> ort.InferenceSession:
    """A session that uses one core a call and never spins while idle (spinning halves the speed of a busy machine)."""
    ort = onnxruntime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The graph is written with fused operators already: more than basic rewriting costs time and gains nothing.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3  # warnings would land on the user's terminal
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with uninterrupted():
        return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def speaks(session: ort.InferenceSession, *, takes: Collection[str], gives: Collection[str]) -> None:
    """Check that a network has the inputs and outputs that it is used with; raises ``ValueError``."""
    inputs, outputs = ({one.name for one in ends} for ends in (session.get_inputs(), session.get_outputs()))
    if inputs != set(takes) or not set(gives) <= outputs:
        raise ValueError(f"it takes {sorted(inputs)} and gives {sorted(outputs)}: another model's network")


def tokenizer(path: Path, *, tokens: int | None) -> Tokenizer:
    """A tokenizer that doesn't pad, and cuts only where ``tokens`` says so."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(path))
    found.no_padding()
    if tokens is None:
        found.no_truncation()
    else:
        found.enable_truncation(tokens)
    return found


def damaged(folder: Path, error: Exception) -> ModelUnusable:
    """What to raise where the libraries can't open files whose digests are right."""
    return ModelUnusable("model.damaged", f"{str(folder)!r} can't be opened: {error}", remedy=REINSTALL)
