"""``add``: sources become articles of the ledger, then a published generation. The one way in.

Order: the lock; what is unchanged is passed by; the rest is committed in batches; what left a synced folder is removed;
the generation is published. Each step is whole or not there, and the same command run again does what is left to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.outcome import MAX_BYTES, Skip
from qa.ingest.read import read_all
from qa.ingest.sources import Discovery, Kind, discover
from qa.ledger.faults import storage_faults
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Writer
from qa.library.batch import Batch, Outcome
from qa.library.departed import Departed
from qa.library.embedding import adopt
from qa.library.finish import finish
from qa.library.lock import WAIT, index_lock
from qa.library.recipe import recipe

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

#: Called with (done, total), in sources and then in passages published; a total of 0 means that it isn't known.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What ``add`` did, in articles.

    ``refreshed``: the same text, cut anew by a newer qa. ``embedded`` counts passages.
    """

    new: int
    changed: int
    refreshed: int
    unchanged: int
    removed: int
    skipped: tuple[Skip, ...]
    embedded: int
    seconds: float


def add(
    index: Path,
    paths: Sequence[str],
    *,
    embedder: Embedder,
    sync: bool = False,
    wait: float = WAIT,
    max_bytes: int = MAX_BYTES,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> AddReport:
    """Bring the articles of ``paths`` into the index in the folder ``index``, which is made where it isn't there.

    Raises ``UsageError`` (a path isn't there), ``IndexLocked``, ``IndexMismatch``, ``StorageFault``, ``IndexDamaged``;
    what was committed before stays in each case.
    """
    started = time.monotonic()
    discovery = discover(paths)
    with storage_faults(index, writing=True), index_lock(index, wait=wait, on_wait=on_wait) as waited:
        if waited:  # the listing is as old as the wait
            discovery = discover(paths)
        with Ledger.open_to_write(index) as ledger:
            run = _Run(Writer(ledger), embedder, discovery, progress)
            run.read(stdin=stdin, max_bytes=max_bytes)
            removed = run.remove_departed() if sync else 0
            finish(index, run.writer, progress=progress)
    return run.report(removed=removed, seconds=time.monotonic() - started)


class _Run:
    """One run of ``add`` on an open ledger."""

    def __init__(self, writer: Writer, embedder: Embedder, discovery: Discovery, progress: Progress | None) -> None:
        adopt(writer, embedder.fingerprint)
        self.writer = writer
        self._batch = Batch(writer, embedder, recipe=recipe())
        self._departed = Departed(discovery)
        self._skipped: list[Skip] = []
        self._discovery = discovery
        self._progress = progress
        self._total = _total(discovery)

    def read(self, *, stdin: BinaryIO | None, max_bytes: int) -> None:
        outcomes = read_all(self._discovery, stdin=stdin, max_bytes=max_bytes)
        for number, outcome in enumerate(outcomes, start=1):
            self._departed.note(outcome)
            skip = outcome if isinstance(outcome, Skip) else self._batch.take(outcome)
            if skip is not None:
                self._skipped.append(skip)
            if self._progress is not None:
                self._progress(number, self._total)
        self._batch.commit()

    def remove_departed(self) -> int:
        gone = self._departed.article_ids(self.writer.ledger)
        if gone:
            with self.writer.transaction():
                for article_id in gone:
                    self.writer.remove(article_id)
        return len(gone)

    def report(self, *, removed: int, seconds: float) -> AddReport:
        done = self._batch.done
        return AddReport(
            new=done[Outcome.NEW],
            changed=done[Outcome.CHANGED],
            refreshed=done[Outcome.REFRESHED],
            unchanged=done[Outcome.UNCHANGED],
            removed=removed,
            skipped=tuple(self._skipped),
            embedded=self._batch.embedded,
            seconds=seconds,
        )


def _total(discovery: Discovery) -> int:
    one_each = all(source.kind in (Kind.TEXT, Kind.HTML) for source in discovery.sources)
    return len(discovery.sources) + len(discovery.skips) if one_each else 0
