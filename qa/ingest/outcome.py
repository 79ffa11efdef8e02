"""What reading a source gives: items that can be loaded as articles, and skips with their reasons.

How sources are found is in :mod:`qa.ingest.sources`, how they are read in :mod:`qa.ingest.read`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa.types import Draft

MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that isn't added, and why.

    ``reason`` is one of a small set of phrases, so that skips can be counted by it (``"not JSON"``); ``detail`` says
    the rest (``"line 7"``). ``file`` is the identity of the file it happened in. ``hides``: it can't be told which
    articles are behind it (a line that can't be read, a file without rights), so ``--sync`` must not take any of
    ``file`` for gone.
    """

    identity: str
    reason: str
    detail: str = ""
    file: str = ""
    hides: bool = False

    @property
    def why(self) -> str:
        """Reason and detail in words, for one line of output."""
        return f"{self.reason} ({self.detail})" if self.detail else self.reason


@dataclass(frozen=True, slots=True)
class Item:
    """An article that can be loaded. ``raw_sha256`` is of its bytes: equal to the stored one, it needs no ``load()``.

    ``file`` is the identity of the file that holds it (``identity`` itself, but for a line of a JSONL file), ``root``
    the canonical path of the folder that it was found under, empty where the file was named itself.
    """

    identity: str
    raw_sha256: str
    load: Callable[[], Draft | Skip]
    file: str
    root: str = ""


def too_large(identity: str, *, limit: int, detail: str = "", hides: bool = False, file: str = "") -> Skip:
    """The skip of an article of more than ``limit`` bytes."""
    shown = f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit} bytes"
    return Skip(identity, f"larger than {shown}", detail, file or identity, hides)
