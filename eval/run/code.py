"""The digest of the code under test: a run that was begun before a change isn't gone on with after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_KINDS = (".py", ".toml", ".txt")
#: Faces: what they do changes no answer.
_LEFT_OUT = frozenset({"cli", "server", "__pycache__"})


@cache
def code_digest() -> str:
    """16 hexadecimal digits that change with any source of ``qa`` that an answer may depend on."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources(files("qa"), "")):
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in _LEFT_OUT:
            yield from _sources(entry, f"{path}{entry.name}/")
        elif entry.is_file() and entry.name.endswith(_KINDS):
            yield path + entry.name, entry.read_bytes()
