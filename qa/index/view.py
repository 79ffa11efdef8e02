"""A published generation opened for reading, without a write to it and without a lock shared with anybody.

Opening a Chroma folder writes to its SQLite file (a row in ``acquire_write``, each time), so that two processes there
may wait for one another, and one that dies may leave a journal. So a reader gets a private temporary folder: a copy
of that file (1.4 MB for 10k passages) and links to the graph's files, which Chroma reads into memory and doesn't
write unless rows are changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from qa.index.seal import FileSeal
from qa.index.store import SQLITE_FILE, Store

_PREFIX = "qa-view-"
#: Locked as long as the process lives, so that what a killed one left can be told from what is in use.
_ALIVE = "alive"
#: A folder younger than this, in seconds, may not have its lock yet.
_YOUNG = 60


class View:
    """A ``Store`` over a private folder, which goes when this is closed or the process ends."""

    def __init__(self, store: Store, cleaning: contextlib.ExitStack) -> None:
        self.store = store
        self._cleaning = cleaning

    @classmethod
    def open(cls, generation: Path, files: Iterable[FileSeal], *, inside: Path | None = None) -> Self:
        """Open the sealed ``files`` of a generation; raises ``StoreFailed`` or ``OSError``.

        The private folder is made ``inside`` another, by default the system's for temporary files.
        """
        parent = Path(tempfile.gettempdir()) if inside is None else inside
        _sweep(parent)
        with contextlib.ExitStack() as stack:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True))
            )
            alive = stack.enter_context((folder / _ALIVE).open("wb"))
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
            _fill(folder, generation, files)
            store = Store.open(folder)
            stack.callback(store.close)
            return cls(store, stack.pop_all())

    def close(self) -> None:
        """Close Chroma and delete the folder."""
        self._cleaning.close()


def _fill(folder: Path, generation: Path, files: Iterable[FileSeal]) -> None:
    for file in files:
        source, target = generation / file.path, folder / file.path
        target.parent.mkdir(exist_ok=True)
        if file.path == SQLITE_FILE:
            shutil.copyfile(source, target)
        elif target.parent != folder:
            target.symlink_to(source.absolute())


def _sweep(parent: Path) -> None:
    """Delete folders of ours that a killed process left in ``parent``."""
    for folder in parent.glob(f"{_PREFIX}*"):
        # Whatever is odd about one of them (another user's, gone meanwhile), it isn't ours to delete.
        with contextlib.suppress(OSError):
            found = folder.stat()
            if found.st_uid != os.getuid() or time.time() - found.st_mtime < _YOUNG:
                continue
            with (folder / _ALIVE).open("rb") as alive:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
