"""What is published: the manifest of the live generation, kept in the pointer file ``CURRENT`` with a digest of itself.

The manifest *is* the pointer: one rename publishes both, so they can't disagree. Making generations is in
``generation``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.durable import replace_file
from qa.errors import IndexDamaged
from qa.index.seal import FileSeal

POINTER_FILE = "CURRENT"
GENERATIONS = "generations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A generation: what of which ledger it holds, and how its files looked.

    ``epoch`` is the ledger's when it was built; ``count`` passages are in it, ``last_key`` is the greatest key that
    the ledger had given to a live passage; ``missing`` live passages had no vector yet. ``dead`` rows are deleted,
    but their place isn't free.
    """

    name: str
    ledger_id: str
    epoch: int
    model: str
    count: int
    missing: int
    last_key: int
    dead: int
    chroma: str
    settings: str
    files: tuple[FileSeal, ...]

    def folder(self, index: Path) -> Path:
        """Where its files are."""
        return index / GENERATIONS / self.name


def current(index: Path) -> Manifest | None:
    """The published generation, or ``None`` before the first; raises ``IndexDamaged`` where the pointer is broken."""
    try:
        content = (index / POINTER_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _broken(index, error.strerror or str(error)) from error
    body, _, digest = content.rstrip(b"\n").rpartition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise _broken(index, "its digest doesn't fit")
    try:
        return _parse(body)
    except (TypeError, KeyError, ValueError) as error:
        raise _broken(index, "it was written by another version of qa") from error


def point_to(index: Path, manifest: Manifest) -> None:
    """Publish ``manifest``, atomically."""
    body = json.dumps(asdict(manifest), indent=1).encode()
    replace_file(index / POINTER_FILE, body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n")


def _parse(body: bytes) -> Manifest:
    values = json.loads(body)
    files = tuple(FileSeal(**file) for file in values.pop("files"))
    return Manifest(files=files, **values)


def _broken(index: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        "generation.pointer", f"{str(index / POINTER_FILE)!r} can't be used: {why}", remedy="qa check --repair"
    )
