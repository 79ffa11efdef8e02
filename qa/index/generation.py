"""Generations: built beside the live one, sealed, and published by one rename. The caller holds the index's lock.

A generation is never changed once it is published; the next one is a copy with the difference, or is built anew from
the ledger's vectors. A crash at any point leaves the old one answering, and the next ``publish`` starts over and
sweeps. Searching is in ``dense``.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.durable import sync, sync_tree
from qa.errors import IndexDamaged, StorageFault
from qa.index.exact import TOLERANCE, cosines
from qa.index.manifest import GENERATIONS, POINTER_FILE, Manifest, current, point_to
from qa.index.rows import LiveRows, Row, live_rows, read_rows, write_rows
from qa.index.seal import broken_seal, seal
from qa.index.store import BATCH, FEWEST, SETTINGS, Store, StoreFailed, chroma_version, vacuum
from qa.index.view import View
from qa.ledger.faults import failing, full
from qa.ledger.ledger import Ledger

__all__ = ["Manifest", "Progress", "current", "discard", "publish", "sweep"]

#: Called with (done, total), in passages.
Progress = Callable[[int, int], None]

#: Up to so many passages, building anew is as quick as copying and changing, and leaves a better graph.
SMALL = 500
_BUILDING = ".building"
#: With less free than this, in bytes, a failure of Chroma's is put down to the disk being full.
_LITTLE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How the next generation comes about: from ``base`` or, where that is ``None``, from nothing."""

    base: Manifest | None
    add: tuple[Row, ...]
    delete: tuple[Row, ...]

    @property
    def changes(self) -> int:
        return len(self.add) + len(self.delete)


def publish(index: Path, ledger: Ledger, *, progress: Progress | None = None, rebuild: bool = False) -> Manifest:
    """Bring the published generation up to the ledger and return it; does nothing where it already is.

    ``rebuild`` builds anew whatever there is. Raises ``StorageFault`` where Chroma or the disk fails; the old
    generation then stays.
    """
    base = None if rebuild else _sound(index)
    if base is not None and _agrees(base, ledger):
        sweep(index)
        return base
    sweep(index)
    try:
        with ledger.snapshot():
            manifest = _build_or_rebuild(index, ledger, base, progress)
    except StoreFailed as error:
        raise _fault(index, error) from error
    finally:
        _clear_building(index)
    point_to(index, manifest)
    sweep(index)
    return manifest


def sweep(index: Path) -> None:
    """Delete half-built and superseded generations (readers have theirs in memory); none if the pointer is broken."""
    try:
        live = current(index)
    except IndexDamaged:
        return
    (index / f"{POINTER_FILE}.tmp").unlink(missing_ok=True)
    folder = index / GENERATIONS
    if folder.is_dir():
        for path in folder.iterdir():
            if live is None or path.name != live.name:
                shutil.rmtree(path)


def discard(index: Path) -> None:
    """Delete every generation, the live one too: what was purged from the ledger mustn't stay in a graph's files."""
    (index / POINTER_FILE).unlink(missing_ok=True)
    sync(index)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(index / GENERATIONS)


def _sound(index: Path) -> Manifest | None:
    """The published generation, where its files are what they were and this Chroma would build it the same way."""
    try:
        manifest = current(index)
    except IndexDamaged:
        return None
    if manifest is None or manifest.settings != SETTINGS or manifest.chroma != chroma_version():
        return None
    return None if broken_seal(manifest.folder(index), manifest.files, full=False) else manifest


def _agrees(manifest: Manifest, ledger: Ledger) -> bool:
    return _of_same(manifest, ledger) and manifest.epoch == ledger.epoch and not manifest.missing


def _of_same(manifest: Manifest, ledger: Ledger) -> bool:
    return manifest.ledger_id == ledger.id and manifest.model == _model(ledger)


def _model(ledger: Ledger) -> str:
    return ledger.model.id if ledger.model else ""


def _build_or_rebuild(index: Path, ledger: Ledger, base: Manifest | None, progress: Progress | None) -> Manifest:
    if base is not None:
        # A base may be sound by its seals and yet be more than Chroma can go on with.
        with contextlib.suppress(StoreFailed):
            return _build(index, ledger, base, progress)
        _clear_building(index)
    return _build(index, ledger, None, progress)


def _build(index: Path, ledger: Ledger, base: Manifest | None, progress: Progress | None) -> Manifest:
    live = live_rows(ledger)
    if base is not None and not _of_same(base, ledger):
        base = None
    plan = _plan(index, base, live)
    if plan.base is not None and not plan.changes:
        return replace(plan.base, epoch=ledger.epoch, missing=live.missing, last_key=live.last_key)
    name = f"{ledger.epoch:08}-{secrets.token_hex(4)}"
    folder = index / GENERATIONS / name
    building = folder.with_name(name + _BUILDING)
    building.mkdir(parents=True)
    if live.rows:
        _fill(index, building, plan, ledger, progress)
        write_rows(building, live.rows)
    sync_tree(building)
    manifest = Manifest(
        name=name,
        ledger_id=ledger.id,
        epoch=ledger.epoch,
        model=_model(ledger),
        count=len(live.rows),
        missing=live.missing,
        last_key=live.last_key,
        dead=plan.base.dead + len(plan.delete) if plan.base else 0,
        chroma=chroma_version(),
        settings=SETTINGS,
        files=seal(building),
    )
    _prove(building, manifest, ledger)
    building.rename(folder)
    sync(folder.parent)
    sync(index)
    return manifest


def _plan(index: Path, base: Manifest | None, live: LiveRows) -> _Plan:
    anew = _Plan(base=None, add=live.rows, delete=())
    if base is None or not base.count or len(live.rows) <= SMALL:
        return anew
    held, wanted = read_rows(base.folder(index)), set(live.rows)
    delete = tuple(sorted(held - wanted))
    add = tuple(row for row in live.rows if row not in held)
    places = base.count + base.dead + len(add)
    # Deleted rows keep their place in the graph: it grows, and its answers get worse. And doubling isn't worth a copy.
    if (base.dead + len(delete)) * 3 >= places or len(add) >= base.count:
        return anew
    return _Plan(base=base, add=add, delete=delete)


def _fill(index: Path, building: Path, plan: _Plan, ledger: Ledger, progress: Progress | None) -> None:
    if plan.base is None:
        store = Store.create(building, changes=plan.changes)
    else:
        shutil.copytree(plan.base.folder(index), building, dirs_exist_ok=True, copy_function=shutil.copyfile)
        store = Store.open_to_change(building, changes=plan.changes)
    with contextlib.closing(store):
        _change(store, plan, ledger, progress)
    vacuum(building)


def _change(store: Store, plan: _Plan, ledger: Ledger, progress: Progress | None) -> None:
    for batch in _batches(plan.delete):
        store.delete([key for key, _ in batch])
    done = 0
    for batch in _batches(plan.add):
        keys, vectors = ledger.vectors([key for key, _ in batch])
        store.add(keys, vectors)
        done += len(keys)
        if progress is not None:
            progress(done, len(plan.add))
    if plan.changes < FEWEST:
        (key, *_), (vector, *_) = ledger.vectors(ledger.keys()[:1])
        store.flush(key, vector)


def _batches(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


def _prove(building: Path, manifest: Manifest, ledger: Ledger) -> None:
    """Open what was built as a reader will: it counts right, it answers truly, and no file changes by that."""
    if not manifest.count:
        return
    _, vectors = ledger.vectors([manifest.last_key])
    with contextlib.closing(View.open(building, manifest.files, inside=building.parent)) as view:
        if view.store.count() != manifest.count:
            raise StoreFailed(f"{view.store.count()} rows were written instead of {manifest.count}")
        for vector in vectors:
            (nearest,) = view.store.query(vector, 1)
            _, found = ledger.vectors([nearest.key])
            if abs(cosines(found, vector)[0] - nearest.cosine) > TOLERANCE:
                raise StoreFailed(f"passage {nearest.key} was written with another vector than its own")
    changed = broken_seal(building, manifest.files, full=False)
    if changed:
        raise StoreFailed(f"reading it changed a file: {changed}")


def _clear_building(index: Path) -> None:
    for path in (index / GENERATIONS).glob(f"*{_BUILDING}"):
        shutil.rmtree(path, ignore_errors=True)


def _fault(index: Path, error: StoreFailed) -> StorageFault:
    # Chroma reports a full disk as an error of its own, and rarely in these words.
    seen = f"the vector index can't be built: {error}"
    is_full = "full" in str(error) or shutil.disk_usage(index).free < _LITTLE
    return full(index, seen) if is_full else failing(index, seen)
