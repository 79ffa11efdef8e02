"""Dense search: the passages nearest to a question's vector, from the published generation where it can be believed.

An answer is complete and right whatever state the generation is in: passages newer than it are searched exactly, dead
ones are dropped, every cosine is recomputed from the ledger, and where anything disagrees exact search answers and
``damage`` says why.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from qa.errors import IndexDamaged
from qa.index import exact
from qa.index.exact import TOLERANCE, DenseHit
from qa.index.manifest import POINTER_FILE, Manifest, current
from qa.index.seal import broken_seal
from qa.index.store import SETTINGS, StoreFailed, imported_version
from qa.index.view import View
from qa.ledger.ledger import Ledger
from qa.types import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DenseHit", "DenseIndex", "DenseResult"]

#: With more dead rows than this among the neighbours, asking Chroma for enough is no longer quicker than exact search.
MOST_DEAD = 500
#: A writer may publish and sweep while a generation is being opened; then the next one is tried.
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseResult:
    """The nearest passages, nearest first.

    ``exact``: every vector was compared. ``damage``: what is wrong with the published generation; empty where nothing
    is known to be.
    """

    hits: tuple[DenseHit, ...]
    exact: bool
    damage: str


class _Damage(Exception):
    """The published generation contradicts itself or the ledger."""


class DenseIndex:
    """Searches one index. Not for use by two threads at once.

    Chroma is imported and opened by the first search that needs it. Cold, that is .76 CPU seconds for 10k passages (.65
    of them Chroma's import) and .94 for 100k; warm, a search for 50 takes 4 to 8 ms and 12 to 15 ms.
    """

    def __init__(self, index: Path, ledger: Ledger) -> None:
        self._index = index
        self._ledger = ledger
        self._stamp: tuple[int, ...] | None = None
        self._manifest: Manifest | None = None
        self._view: View | None = None
        self._damage = ""
        # Whoever may not write here can't repair it either: no temporary files, nothing but the ledger.
        self._writable = os.access(index, os.W_OK)

    @classmethod
    def open(cls, index: Path, ledger: Ledger) -> Self:
        """The vector index in the folder ``index``; never raises, whatever state it's in."""
        return cls(index, ledger)

    def close(self) -> None:
        """Let go of Chroma."""
        view, self._view = self._view, None
        if view is not None:
            with contextlib.suppress(StoreFailed):
                view.close()

    def search(
        self,
        vector: NDArray[np.float32],
        *,
        limit: int,
        filters: Filters | None = None,
        among: Collection[str] | None = None,
    ) -> DenseResult:
        """The ``limit`` live passages nearest to ``vector``.

        Of the articles that ``filters`` let through and that are ``among`` these ids; with either, the search is exact.
        """
        if limit <= 0:
            return DenseResult(hits=(), exact=True, damage="")
        if among is not None or (filters is not None and filters.active):
            with self._ledger.snapshot():
                keys = exact.subset(self._ledger, filters, among)
                return DenseResult(
                    hits=exact.search(self._ledger, vector, limit=limit, keys=keys), exact=True, damage=self._damage
                )
        self._refresh()
        with self._ledger.snapshot():
            hits = self._from_generation(vector, limit)
            if hits is not None:
                return DenseResult(hits=hits, exact=False, damage="")
            return DenseResult(hits=exact.search(self._ledger, vector, limit=limit), exact=True, damage=self._damage)

    # --- which generation

    def _refresh(self) -> None:
        """Take up a generation that was published since, and open it."""
        for _ in range(_TRIES):
            stamp = self._pointer_stamp()
            if stamp == self._stamp and self._stamp is not None:
                return
            self.close()
            # Noted at the end only: an interruption before leaves the next search to try again.
            self._stamp, self._damage, self._manifest = None, "", None
            if not self._writable:
                return
            try:
                self._manifest = current(self._index)
                if self._manifest is not None:
                    self._view = self._opened(self._manifest)
            except (IndexDamaged, _Damage) as error:
                self._damage = str(error)
            if self._pointer_stamp() == stamp:
                self._stamp = stamp
                return

    def _pointer_stamp(self) -> tuple[int, ...] | None:
        try:
            found = (self._index / POINTER_FILE).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _opened(self, manifest: Manifest) -> View | None:
        """The generation, opened and counted; ``None`` where it can't be of use and nothing is wrong with it."""
        if not manifest.count or manifest.missing or manifest.settings != SETTINGS:
            return None
        folder = manifest.folder(self._index)
        broken = broken_seal(folder, manifest.files, full=False)
        if broken:
            raise _Damage(f"generation {manifest.name}: {broken}")
        try:
            if manifest.chroma != imported_version(folder):
                return None
            view = View.open(folder, manifest.files)
        except OSError:
            return None  # no room for temporary files
        except StoreFailed as error:
            raise _Damage(f"generation {manifest.name} can't be opened: {error}") from error
        with contextlib.ExitStack() as stack:
            stack.callback(view.close)
            _check_count(view, manifest)
            stack.pop_all()
        return view

    # --- what it answers

    def _from_generation(self, vector: NDArray[np.float32], limit: int) -> tuple[DenseHit, ...] | None:
        """The answer by way of Chroma, or ``None``; ``_damage`` is set where that means one."""
        if self._view is None or self._manifest is None:
            return None
        try:
            return self._ask(self._view, self._manifest, vector, limit)
        except (_Damage, StoreFailed) as error:
            self.close()
            # Where another was published meanwhile, this one was swept under our hands; the next search takes up that.
            if self._pointer_stamp() == self._stamp:
                self._damage = f"generation {self._manifest.name}: {error}"
            return None

    def _ask(
        self, view: View, manifest: Manifest, vector: NDArray[np.float32], limit: int
    ) -> tuple[DenseHit, ...] | None:
        ledger = self._ledger
        if manifest.ledger_id != ledger.id:
            raise _Damage("it was built from another ledger")
        if manifest.model != (ledger.model.id if ledger.model else "") or manifest.epoch > ledger.epoch:
            return None
        behind = manifest.epoch != ledger.epoch
        dead = self._dead(manifest) if behind else 0
        if dead > MOST_DEAD:
            return None
        hits = self._verified(view, vector, min(limit + dead, manifest.count), complete=not behind)
        if len(hits) < min(limit, manifest.count - dead):
            return None  # a graph with deleted rows may not reach all others
        if behind:
            hits.extend(exact.search(ledger, vector, limit=limit, keys=ledger.keys(above=manifest.last_key)))
        return tuple(exact.nearest(hits, limit))

    def _dead(self, manifest: Manifest) -> int:
        query = "SELECT count(*) FROM passages WHERE key <= ?"
        live = int(self._ledger.connection.execute(query, (manifest.last_key,)).fetchone()[0])
        if live > manifest.count:
            raise _Damage(f"it has {manifest.count} rows, but {live} passages are older than it")
        return manifest.count - live

    def _verified(self, view: View, vector: NDArray[np.float32], wanted: int, *, complete: bool) -> list[DenseHit]:
        """Chroma's neighbours that are live, with cosines from the ledger. ``complete``: none of them may be dead."""
        rows = view.store.query(vector, wanted)
        claimed = {row.key: row.cosine for row in rows}
        keys, vectors = self._ledger.vectors(list(claimed))
        if complete and len(keys) != len(rows):
            raise _Damage(f"{len(rows) - len(keys)} of its rows are unknown to the ledger")
        hits = []
        for key, cosine in zip(keys, exact.cosines(vectors, vector).tolist() if keys else (), strict=True):
            if not abs(cosine - claimed[key]) <= TOLERANCE:
                raise _Damage(f"passage {key} has a similarity of {claimed[key]:.4f} in it, {cosine:.4f} by the ledger")
            hits.append(DenseHit(key=key, cosine=cosine))
        return hits


def _check_count(view: View, manifest: Manifest) -> None:
    try:
        count = view.store.count()
    except StoreFailed as error:
        raise _Damage(f"generation {manifest.name} can't be read: {error}") from error
    if count != manifest.count:
        raise _Damage(f"generation {manifest.name} has {count} rows instead of {manifest.count}")
