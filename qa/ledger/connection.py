"""How the ledger's file is opened: to write, to read beside a writer, or where the folder may only be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import quote

from qa.errors import IndexLocked, IndexMismatch, IndexMissing, StorageFault
from qa.ledger.faults import BUSY_REMEDY, as_fault, named
from qa.ledger.schema import MIGRATIONS, PAGE, check_version, migrate

#: Another process may hold SQLite's own lock for a moment (a checkpoint); ours is the lock file, so this is short.
BUSY_SECONDS = 5.0
#: How often a copy of a ledger that is being written is tried.
_COPIES = 20


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open, create and migrate the ledger at ``path``. The caller holds the index's lock."""
    connection = _connect(f"file:{quote(os.fsencode(path))}?mode=rwc")
    try:
        connection.execute(f"PRAGMA page_size = {PAGE}")  # of a new file; others keep theirs
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, *, older: bool = False) -> sqlite3.Connection:
    """Open the ledger at ``path`` for reading; raises ``IndexMissing`` where there is none, and ``IndexMismatch`` for
    one of an earlier schema, unless ``older`` ones will do.

    In a folder that may not be written, SQLite can't make the WAL's shared memory file. Without a WAL the file is then
    opened as immutable; with one (a writer died, or is at work under another user) a private copy is opened, because
    the file alone may be torn.
    """
    try:
        if not path.exists():
            raise IndexMissing("index.missing", f"there is no index at {named(path.parent)}", remedy="qa add FOLDER")
        connection = _open_to_read(path)
        version = check_version(connection)
        if version == 0:
            connection.close()
            raise IndexMissing("index.missing", f"the index at {named(path.parent)} is empty", remedy="qa add FOLDER")
        if version < len(MIGRATIONS) and not older:
            connection.close()
            raise IndexMismatch(
                "index.older",
                f"the ledger has schema {version}; this qa reads {len(MIGRATIONS)}",
                state="nothing was changed",
                remedy="qa rebuild",
            )
    except (sqlite3.Error, OSError) as error:
        raise _unreadable(path, error) from error
    return connection


def _open_to_read(path: Path) -> sqlite3.Connection:
    try:
        return _try(f"file:{quote(os.fsencode(path))}?mode=ro")
    except sqlite3.OperationalError:
        if os.access(path.parent, os.W_OK) or not os.access(path, os.R_OK):
            raise
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        return _copy(path, wal)
    return _try(f"file:{quote(os.fsencode(path))}?immutable=1")


def _copy(path: Path, wal: Path) -> sqlite3.Connection:
    """The ledger with its WAL, in memory.

    A writer at work meanwhile changes one file or the other: then it's copied again.
    """
    with tempfile.TemporaryDirectory(prefix="qa-ledger-") as folder:
        copy = Path(folder) / path.name
        for _ in range(_COPIES):
            before = _state(path, wal)
            shutil.copyfile(path, copy)
            shutil.copyfile(wal, copy.with_name(wal.name))
            if _state(path, wal) == before:
                break
        else:
            raise IndexLocked("index.busy", f"{named(path)} is being written all the time", remedy=BUSY_REMEDY)
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        source = _try(f"file:{quote(os.fsencode(copy))}?mode=rw")
        source.backup(memory)
        source.close()
        return memory


def _state(*paths: Path) -> list[tuple[int, int, int]]:
    return [(found.st_ino, found.st_size, found.st_mtime_ns) for found in (path.stat() for path in paths)]


def _try(uri: str) -> sqlite3.Connection:
    connection = _connect(uri)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _connect(uri: str) -> sqlite3.Connection:
    # Transactions are explicit (isolation_level None): Python's implicit ones begin too late for a read-then-write.
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)


def _unreadable(path: Path, error: sqlite3.Error | OSError) -> Exception:
    # access, not exists(): that one raises where a folder above may not be entered or a name is too long.
    if isinstance(error, PermissionError) or (os.access(path, os.F_OK) and not os.access(path, os.R_OK)):
        return StorageFault("index.no_permission", f"{named(path)} may not be read")
    return as_fault(error, path.parent) or error
