"""Inspecting the published generation: its pointer, its files, and its agreement with the ledger.

Nothing is changed here; ``generation.publish(..., rebuild=True)`` repairs whatever is found.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexDamaged
from qa.index import exact
from qa.index.manifest import GENERATIONS, Manifest, current
from qa.index.rows import LiveRows, live_rows, read_rows
from qa.index.seal import broken_seal
from qa.index.store import BATCH, SETTINGS, Store, StoreFailed, chroma_version
from qa.index.view import View
from qa.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that isn't as it should be; ``repairable`` by building a generation from the ledger's vectors."""

    id: str
    message: str
    repairable: bool = True


def inspect(index: Path, ledger: Ledger, *, full: bool) -> tuple[Finding, ...]:
    """What is wrong with the vector index in the folder ``index``; empty where all is sound.

    ``full`` also hashes every file, whatever its times say, and compares every vector with the ledger's.
    """
    with ledger.snapshot():
        return tuple(_findings(index, ledger, full=full))


def _findings(index: Path, ledger: Ledger, *, full: bool) -> Iterator[Finding]:
    try:
        manifest = current(index)
    except IndexDamaged as error:
        yield Finding(id=error.id, message=error.message)
        return
    yield from _leftovers(index, manifest)
    live = live_rows(ledger)
    if manifest is None:
        if live.rows:
            yield Finding(id="generation.none", message=f"no generation is published for {len(live.rows)} passages")
        return
    yield from _disagreements(manifest, ledger, live)
    folder = manifest.folder(index)
    broken = broken_seal(folder, manifest.files, full=full)
    if broken:
        yield Finding(id="generation.file_changed", message=f"generation {manifest.name}: {broken}")
    elif manifest.count:
        yield from _contents(folder, manifest, ledger, live, full=full)


def _leftovers(index: Path, manifest: Manifest | None) -> Iterator[Finding]:
    folder = index / GENERATIONS
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if manifest is None or name != manifest.name:
            yield Finding(id="generation.leftover", message=f"{name!r} is half-built or superseded")


def _disagreements(manifest: Manifest, ledger: Ledger, live: LiveRows) -> Iterator[Finding]:
    model = ledger.model.id if ledger.model else ""
    if manifest.ledger_id != ledger.id:
        yield Finding(id="generation.foreign", message=f"generation {manifest.name} was built from another ledger")
    elif manifest.model != model:
        yield Finding(
            id="generation.other_model", message=f"generation {manifest.name} is of {manifest.model!r}, not {model!r}"
        )
    elif (manifest.chroma, manifest.settings) != (chroma_version(), SETTINGS):
        made = f"Chroma {manifest.chroma}, {manifest.settings}"
        yield Finding(id="generation.outdated", message=f"generation {manifest.name} was built with {made}")
    elif manifest.epoch != ledger.epoch:
        side = "behind" if manifest.epoch < ledger.epoch else "ahead of"
        yield Finding(id="generation.behind", message=f"generation {manifest.name} is {side} the ledger")
    elif manifest.count != len(live.rows) or manifest.missing != live.missing:
        message = f"generation {manifest.name} has {manifest.count} passages, the ledger {len(live.rows)}"
        yield Finding(id="generation.count", message=message)


def _contents(folder: Path, manifest: Manifest, ledger: Ledger, live: LiveRows, *, full: bool) -> Iterator[Finding]:
    rows = read_rows(folder)
    if manifest.epoch == ledger.epoch and rows != set(live.rows):
        yield Finding(id="generation.rows", message=f"generation {manifest.name} doesn't list the ledger's passages")
    try:
        with contextlib.closing(View.open(folder, manifest.files)) as view:
            count = view.store.count()
            if count != manifest.count:
                message = f"generation {manifest.name} has {count} rows instead of {manifest.count}"
                yield Finding(id="generation.count", message=message)
            wrong = _wrong_vectors(view.store, ledger, sorted(key for key, _ in rows)) if full else 0
            if wrong:
                yield Finding(
                    id="generation.vectors",
                    message=f"{wrong} vectors of generation {manifest.name} aren't the ledger's",
                )
    except StoreFailed as error:
        yield Finding(id="generation.unreadable", message=f"generation {manifest.name} can't be opened: {error}")


def _wrong_vectors(store: Store, ledger: Ledger, keys: list[int]) -> int:
    wrong = 0
    for start in range(0, len(keys), BATCH):
        live, expected = ledger.vectors(keys[start : start + BATCH])
        if not live:  # none of them is the ledger's any more; Chroma refuses to be asked for nothing
            continue
        found = store.vectors(live)
        for key, vector in zip(live, expected, strict=True):
            same = key in found and exact.cosines(found[key].reshape(1, -1), vector)[0] >= 1 - exact.TOLERANCE
            wrong += not same and bool(vector.any())
    return wrong
