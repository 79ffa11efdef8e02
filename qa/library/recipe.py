"""The recipe of an article: a digest of the code that read and cut it, so that an upgrade looks at every article again.

A digest rather than a number that somebody must remember to raise. What comes out the same is then only noted (nothing
is embedded), so reading once too often is cheap, and once too seldom would leave old mistakes in the corpus.
"""

from __future__ import annotations

import hashlib
import inspect
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable

from qa.ledger.writer import embedded_text

_ROOMS = ("qa.ingest", "qa.statements")
_KINDS = (".py", ".toml", ".txt")


@cache
def recipe() -> str:
    """16 hexadecimal digits that change with the reader, the segmenter, what finds people and statements, and what
    is embedded.
    """
    digest = hashlib.sha256(f"trafilatura {metadata.version('trafilatura')}".encode())
    digest.update(inspect.getsource(embedded_text).encode())
    for room in _ROOMS:
        for name, content in sorted(_sources(files(room))):
            digest.update(f"\n{room} {name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _sources(folder: Traversable) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(_KINDS)]
