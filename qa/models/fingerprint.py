"""What identifies an embedder: the model's name, its file's digest, and what its vectors look like.

Light on purpose: reading a fingerprint needs neither numpy nor ONNX Runtime, so that ``qa status`` and the check of an
index cost nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.errors import ModelUnusable
from qa.types import Fingerprint

CARD = "model.toml"
REINSTALL = "pip install --force-reinstall --no-deps cited-qa"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a model's folder says of itself in ``model.toml``. ``tokens`` is the longest input."""

    fingerprint: Fingerprint
    tokens: int
    tokenizer_sha256: str


def shipped_folder() -> Path:
    """Where the embedder that comes with ``qa`` lies."""
    return Path(__file__).parent / "minilm"


def read_card(folder: Path) -> Card:
    """Read ``model.toml`` of a model's folder; raises ``ModelUnusable`` where it's missing or not a card."""
    path = folder / CARD
    try:
        return _card(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        message = f"there is no readable model at {str(folder)!r}: {error.strerror or error}"
        raise ModelUnusable("model.missing", message, remedy=REINSTALL) from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        message = f"{str(path)!r} is not a model's card: {error}"
        raise ModelUnusable("model.damaged", message, remedy=REINSTALL) from error


def fingerprint_of_shipped() -> Fingerprint:
    """The fingerprint of the embedder that comes with ``qa``, as its card says (files are checked when loaded)."""
    return read_card(shipped_folder()).fingerprint


def _card(table: dict[str, object]) -> Card:
    """A card from its parsed TOML; a missing key or a value of another type is a ``KeyError`` or ``TypeError``."""
    files = _of(table, "files", dict)
    model = Fingerprint(
        name=_of(table, "name", str),
        sha256=_of(files, "model.onnx", str),
        dimension=_count(table, "dimension", least=1, most=65_536),
        normalised=_of(table, "normalised", bool),
    )
    digest = _of(files, "tokenizer.json", str)
    tokens = _count(table, "max_tokens", least=256, most=512)  # the network knows no more positions
    return Card(fingerprint=model, tokens=tokens, tokenizer_sha256=digest)


def _count(table: dict[str, object], key: str, *, least: int, most: int) -> int:
    value = _of(table, key, int)
    if isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{key!r} is {value!s:.20}, not from {least} to {most}")
    return value


def _of(table: dict[str, object], key: str, kind: type[_T]) -> _T:
    value = table[key]
    if not isinstance(value, kind):
        raise TypeError(f"{key!r} is {value!r}, not of type {kind.__name__}")
    return value
