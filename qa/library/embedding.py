"""Embedding what has no vector yet, saving as it goes: however long an article is, a kill loses seconds of work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qa.errors import IndexMismatch
from qa.ledger.writer import Writer
from qa.types import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.models.embedder import Embedder

#: Seconds of embedding that may be lost to a kill.
SAVE_SECONDS = 2.0

Pending = list[tuple[bytes, "NDArray[np.float32]"]]


def adopt(writer: Writer, fingerprint: Fingerprint) -> None:
    """Make ``fingerprint`` the model of a ledger that has no passages yet; else raise ``IndexMismatch`` where it's
    another.
    """
    model = writer.ledger.model
    if model == fingerprint:
        return
    if model is not None and writer.ledger.keys():
        raise mismatch(model, fingerprint)
    with writer.transaction():
        writer.use_model(fingerprint)


def mismatch(indexed: Fingerprint, given: Fingerprint) -> IndexMismatch:
    """The error for an index whose vectors another model made."""
    return IndexMismatch(
        "index.model_mismatch",
        f"the index was made with the model {indexed.id!r}, this is {given.id!r}",
        remedy="qa rebuild",
    )


def embed_missing(
    writer: Writer,
    texts: Mapping[bytes, str],
    embedder: Embedder,
    *,
    model: int | None = None,
    on_embedded: Callable[[int], None] | None = None,
) -> Pending:
    """Embed those of ``texts`` (by digest) that have no vector yet. Saves every two seconds; the rest is returned,
    unsaved.

    The rest is for the caller's own transaction, so that a small batch costs one commit and not two.
    """
    missing = writer.ledger.missing_vectors(texts, model=model)
    made: Pending = []
    saved = time.monotonic()
    for sha, vector in zip(missing, embedder.embed_many([texts[sha] for sha in missing]), strict=True):
        made.append((sha, vector))
        if on_embedded is not None:
            on_embedded(1)
        if time.monotonic() - saved >= SAVE_SECONDS:
            save_vectors(writer, made, model=model)
            made, saved = [], time.monotonic()
    return made


def save_vectors(writer: Writer, made: Pending, *, model: int | None = None) -> None:
    """Store vectors in a transaction of their own. Until a passage uses them they do no harm."""
    with writer.transaction():
        writer.put_vectors(made, model=model)
