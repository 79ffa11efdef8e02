"""Which error of the system or of SQLite is which error of ours: a full or failing disk, a lock, a damaged file.

Used where the ledger is opened and, through ``storage_faults``, around everything that writes an index.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import IndexDamaged, IndexLocked, QaError, StorageFault, UsageError

KEPT = "what was added before this is kept; nothing is half-written"
BUSY_REMEDY = "wait for the other program, then run it again"
#: Characters of a path that a message shows.
_LONGEST = 120

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_FAILING = frozenset({errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOTDIR})

#: Something in the index folder is gone or of another kind. Anywhere else these speak of a bug, or of a source.
_MISPLACED = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY})

_SQL_FULL = frozenset({sqlite3.SQLITE_FULL})
_SQL_REFUSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_SQL_FAILING = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_SQL_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQL_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


@contextmanager
def storage_faults(index: Path, *, writing: bool = False) -> Iterator[None]:
    """Raise what the disk does to the index in the folder ``index`` as a ``QaError``; bugs pass through as they are.

    ``writing``: whether what is done inside changes the index, and may have before it failed.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        fault = as_fault(error, index, writing=writing)
        if fault is None:
            raise
        raise fault from error


def named(path: Path) -> str:
    """``path`` in quotes for a message, cut in its middle where it's endless."""
    shown = repr(str(path))
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST // 2]}...{shown[-_LONGEST // 2 :]}"


def bad_folder(index: Path, why: str) -> UsageError:
    """What ``--index`` names can't be a folder."""
    return UsageError("index.bad_folder", f"{named(index)} can't be an index folder: {why}", remedy="--index FOLDER")


def as_fault(error: sqlite3.Error | OSError, index: Path, *, writing: bool = False) -> QaError | None:
    """The error to raise for ``error``, or ``None`` where it doesn't speak of storage (a bug, then)."""
    return _of_sqlite(error, index, writing) if isinstance(error, sqlite3.Error) else _of_system(error, index)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is malformed, or holds a text that isn't UTF-8 (ours all are)."""
    return _primary(error) in _SQL_DAMAGED or "Could not decode to UTF-8" in str(error)


def _of_sqlite(error: sqlite3.Error, index: Path, writing: bool) -> QaError | None:
    code = _primary(error)
    if code in _SQL_FULL:
        return full(index, str(error))
    if code in _SQL_REFUSED:
        return refused(index, str(error))
    if code in _SQL_FAILING:
        return failing(index, str(error))
    if code in _SQL_BUSY:
        return IndexLocked(
            "index.busy",
            f"another process keeps the ledger of {named(index)} busy",
            state=KEPT if writing else "nothing was changed",
            remedy=BUSY_REMEDY,
        )
    if is_damage(error):
        return damaged(index, said(error))
    return None


def _of_system(error: OSError, index: Path) -> QaError | None:
    # Where two names are in play, the second is the place that something was to take.
    path = error.filename2 or error.filename
    place = Path(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else None
    shown = f"{error.strerror or error}: {named(place)}" if place else str(error.strerror or error)
    if error.errno in _FULL:
        return full(index, shown)
    if error.errno in _REFUSED:
        return refused(index, shown)
    if error.errno == errno.ENAMETOOLONG:
        return bad_folder(index, "its name is too long")
    if error.errno in _MISPLACED and place is not None and place.is_relative_to(index):
        return misplaced(index, shown)
    if error.errno in _FAILING:
        return failing(index, shown)
    return None


def said(error: sqlite3.Error) -> str:
    """What SQLite says, without the text of an article that it may repeat."""
    return str(error).partition(" with text ")[0]


def _primary(error: sqlite3.Error) -> int:
    # The low byte of an extended code is the primary one. Errors that Python raises itself carry none.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def full(index: Path, seen: str) -> StorageFault:
    """The disk (or a quota) is full."""
    return StorageFault(
        "storage.full",
        f"no room left while writing the index {named(index)} ({seen})",
        state=KEPT,
        remedy="make room, then run the same command again",
    )


def refused(index: Path, seen: str) -> StorageFault:
    """The folder or the file system may not be written."""
    return StorageFault(
        "storage.read_only",
        f"the index {named(index)} may not be written ({seen})",
        state=KEPT,
        remedy="allow writing there, or name another folder with --index",
    )


def failing(index: Path, seen: str) -> StorageFault:
    """The disk answers with errors."""
    return StorageFault(
        "storage.failing",
        f"the disk failed under the index {named(index)} ({seen})",
        state=KEPT,
        remedy="look at the disk, then run qa check",
    )


def misplaced(index: Path, seen: str) -> StorageFault:
    """Something of the index is gone, or a folder stands where a file should."""
    return StorageFault(
        "storage.misplaced",
        f"something in the index {named(index)} is missing, or of another kind than it should be ({seen})",
        state=KEPT,
        remedy="move what is in the way elsewhere, then run qa check --repair",
    )


def damaged(index: Path, seen: str) -> IndexDamaged:
    """The ledger's file is malformed."""
    return IndexDamaged(
        "index.damaged",
        f"the ledger of {named(index)} is damaged ({seen})",
        state="nothing was changed by this",
        remedy="qa check --repair",
    )
