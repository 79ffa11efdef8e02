"""``check``: whether ledger, generation and their agreement are sound; ``--repair`` mends what can be mended.

What is looked at is in ``qa.library.audit`` (ledger) and ``qa.index.check`` (generation), mending in
``qa.library.mend``; here is the order.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged
from qa.ledger.connection import connect_to_write
from qa.ledger.faults import is_damage, named, storage_faults
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.ledger.salvage import NothingSalvaged, salvage, swap
from qa.ledger.writer import Writer
from qa.library.analyse import analyse
from qa.library.audit import audit_articles, audit_file, audit_vectors
from qa.library.findings import Finding
from qa.library.finish import finish
from qa.library.lock import WAIT, index_lock
from qa.library.mend import mend_articles, mend_indexes, mend_vectors
from qa.library.opening import require_index, what_is_lost

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

#: What a run that was killed leaves, and any later one mends without building everything anew.
_FALLEN_BEHIND = frozenset({"generation.behind", "generation.none", "generation.leftover"})

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What was found, what was done about it (a sentence each), and what is still there after that (``remaining``)."""

    findings: tuple[Finding, ...]
    repaired: tuple[str, ...]
    remaining: tuple[Finding, ...]
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong now."""
        return not self.remaining


def check(
    index: Path,
    *,
    repair: bool = False,
    embedder: Callable[[], Embedder],
    wait: float = WAIT,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> CheckReport:
    """Look at everything in the folder ``index``, under the lock; where it may only be read, at what reading can tell.

    ``embedder`` makes the embedder; it's called only where a repair has to embed. Raises ``IndexMissing``,
    ``IndexLocked``, ``StorageFault``; what is damaged is in the report and no error.
    """
    started = time.monotonic()
    with storage_faults(index, writing=repair):
        require_index(index)
        if not repair and not os.access(index, os.W_OK):
            return _report(_look_without_writing(index, progress), started)
        with index_lock(index, wait=wait, on_wait=on_wait):
            found = _look(index, progress)
            if not (repair and found) or _is_lost(found):
                return _report(found, started)
            repaired = _repair(index, found, embedder, progress)
            return _report(found, started, repaired=repaired, remaining=_look(index, progress))


def _report(
    found: list[Finding], started: float, *, repaired: list[str] | None = None, remaining: list[Finding] | None = None
) -> CheckReport:
    return CheckReport(
        findings=tuple(found),
        repaired=tuple(repaired or ()),
        remaining=tuple(found if remaining is None else remaining),
        seconds=time.monotonic() - started,
    )


def _is_lost(found: list[Finding]) -> bool:
    """Whether there is nothing to mend from, so that nothing may be touched."""
    return any(finding.id == "index.lost" for finding in found)


def _look_without_writing(index: Path, progress: Progress | None) -> list[Finding]:
    lost = what_is_lost(index)
    if lost:
        return [Finding(id="index.lost", message=lost)]
    with Ledger.open(index) as ledger:
        return _findings(index, ledger, may_write=False, progress=progress)


def _look(index: Path, progress: Progress | None) -> list[Finding]:
    lost = what_is_lost(index)
    if lost:
        return [Finding(id="index.lost", message=lost)]
    try:
        with Ledger.open_to_write(index) as ledger:
            return _findings(index, ledger, may_write=True, progress=progress)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return [Finding(id="ledger.malformed", message=str(error))]


def _findings(index: Path, ledger: Ledger, *, may_write: bool, progress: Progress | None) -> list[Finding]:
    found = audit_file(ledger, may_write=may_write)
    if any(finding.id == "ledger.malformed" for finding in found):
        return found  # nothing that is read from it can be relied on
    found.extend(audit_articles(ledger, progress=progress))
    found.extend(audit_vectors(ledger))
    return found + _generation_findings(index, ledger)


def _generation_findings(index: Path, ledger: Ledger) -> list[Finding]:
    from qa.index.check import inspect

    return [Finding(id=problem.id, message=problem.message) for problem in inspect(index, ledger, full=True)]


def _repair(
    index: Path, found: list[Finding], embedder: Callable[[], Embedder], progress: Progress | None
) -> list[str]:
    done = []
    if any(finding.id == "ledger.malformed" for finding in found):
        done.append(_mend_file(index))
        found = _look(index, None)
    with Ledger.open_to_write(index) as ledger:
        writer = Writer(ledger)
        done.extend(mend_articles(writer, index, found))
        done.extend(mend_vectors(writer, embedder, progress=progress))
        done.extend(_mend_generation(index, writer, found))
    return done


def _mend_file(index: Path) -> str:
    path = index / LEDGER_FILE
    try:
        with Ledger.open_to_write(index) as ledger:
            if mend_indexes(ledger):
                return "the ledger's indexes were made again"
    except sqlite3.DatabaseError:
        pass  # it can't even be opened
    fresh = path.with_name("ledger.salvage.sqlite")
    _delete(fresh)
    try:
        came = salvage(path, fresh)
    except (NothingSalvaged, sqlite3.DatabaseError) as error:
        _delete(fresh)
        raise IndexDamaged(
            "index.lost",
            f"no text can be read of the ledger of {named(index)}",
            remedy="move the folder away, then qa add the sources again",
        ) from error
    _cut_all(fresh)
    kept = swap(path, fresh)
    unnamed = f", {came.unnamed} of articles whose source is unknown now" if came.unnamed else ""
    salvaged = f"{came.versions} texts{unnamed} and {came.vectors} vectors were salvaged"
    return f"{salvaged}; the damaged ledger is kept as {str(kept)!r}"


def _cut_all(path: Path) -> None:
    """Sentences, passages and the rest for a salvaged ledger's texts."""
    with Ledger(connect_to_write(path), path) as ledger:
        writer = Writer(ledger)
        for article in (ledger.article(article_id) for article_id in ledger.article_ids()):
            known = ledger.known(article.identity) if article else None
            if article is not None and known is not None:
                with writer.transaction():
                    writer.reanalyse(known, article, analyse(article))
        writer.checkpoint()


def _delete(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _mend_generation(index: Path, writer: Writer, found: list[Finding]) -> list[str]:
    from qa.index.check import inspect

    now = {problem.id for problem in inspect(index, writer.ledger, full=False)}
    seen = {finding.id for finding in found} | now
    rebuild = any(id.startswith(("generation.", "vector.")) and id not in _FALLEN_BEHIND for id in seen)
    finish(index, writer, rebuild=rebuild)
    if rebuild:
        return ["the vector index was built again from the ledger's vectors"]
    return ["the vector index was brought up to the ledger"] if now else []
