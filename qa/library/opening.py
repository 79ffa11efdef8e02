"""Opening an index that must exist, to change it: for every command but ``add``, which makes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import IndexMissing
from qa.ledger.faults import storage_faults
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.ledger.writer import Writer
from qa.library.lock import WAIT, index_lock


def require_index(index: Path) -> None:
    """Raise ``IndexMissing`` where the folder ``index`` holds no ledger."""
    if not (index / LEDGER_FILE).exists():
        raise IndexMissing("index.missing", f"there is no index at {str(index)!r}", remedy="qa add FOLDER")


@contextmanager
def open_to_change(
    index: Path, *, wait: float = WAIT, on_wait: Callable[[str], None] | None = None
) -> Iterator[Writer]:
    """A writer on the ledger in the folder ``index``, under the lock, with the disk's faults raised as ours."""
    require_index(index)
    with storage_faults(index), index_lock(index, wait=wait, on_wait=on_wait), Ledger.open_to_write(index) as ledger:
        yield Writer(ledger)
