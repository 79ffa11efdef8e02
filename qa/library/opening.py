"""Opening an index that must exist, to change it: for every command but ``add``, which makes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import IndexDamaged, IndexMissing, StorageFault
from qa.ledger.faults import named, storage_faults
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.ledger.writer import Writer
from qa.library.lock import WAIT, index_lock


def require_index(index: Path) -> None:
    """Raise ``IndexMissing`` where the folder ``index`` holds no ledger, ``StorageFault`` where nobody may look."""
    try:
        there = (index / LEDGER_FILE).exists()
    except PermissionError:
        raise StorageFault("index.no_permission", f"the index {named(index)} may not be read") from None
    if not there:
        raise IndexMissing("index.missing", f"there is no index at {named(index)}", remedy="qa add FOLDER")


def what_is_lost(index: Path) -> str:
    """A sentence where the ledger was emptied beside a generation with rows; else empty.

    To be asked before the ledger is opened: that would make an empty one of it, a sound index without articles.
    """
    from qa.index.manifest import GENERATIONS, current

    if (index / LEDGER_FILE).stat().st_size:
        return ""
    try:
        published = current(index)
        rows = published.count if published else 0
    except IndexDamaged:  # as good as rows: something was published, and has folders
        rows = any((index / GENERATIONS).iterdir()) if (index / GENERATIONS).is_dir() else 0
    if not rows:
        return ""  # a run that was killed before it had stored anything
    return (
        f"the ledger of {named(index)} is empty beside a vector index with rows: its articles are lost; restore"
        " it from a backup, or move the folder away, then qa add the sources again"
    )


@contextmanager
def open_to_change(
    index: Path, *, wait: float = WAIT, on_wait: Callable[[str], None] | None = None
) -> Iterator[Writer]:
    """A writer on the ledger in the folder ``index``, under the lock, with the disk's faults raised as ours."""
    with storage_faults(index, writing=True):
        require_index(index)
        with index_lock(index, wait=wait, on_wait=on_wait):
            lost = what_is_lost(index)
            if lost:
                raise IndexDamaged("index.lost", lost)
            with Ledger.open_to_write(index) as ledger:
                yield Writer(ledger)
