"""One writer at a time: the lock file of an index. Readers take no lock.

The lock is the kernel's (``flock``, through filelock), so it goes with the process that held it, however that ended.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qa.errors import IndexLocked
from qa.ledger.faults import bad_folder, named

LOCK_FILE = "lock"
#: Seconds that a writer waits for another by default.
WAIT = 30.0
_POLL = 0.05


@contextmanager
def index_lock(index: Path, *, wait: float = WAIT, on_wait: Callable[[str], None] | None = None) -> Iterator[bool]:
    """Hold the lock of the index in the folder ``index`` (made where it isn't there); yields whether it had to be
    waited for.

    ``on_wait`` is called once, with a sentence, where another process holds it. Raises ``UsageError`` where something
    else is in the folder's place, ``IndexLocked`` after ``wait`` seconds.
    """
    from filelock import FileLock, Timeout

    try:
        index.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise bad_folder(index, "there is something that is no folder") from None
    except FileNotFoundError:  # where the system makes the folders itself, as under /proc
        raise bad_folder(index, "no folder can be made there") from None
    _refuse_folder(index / LOCK_FILE)
    lock = FileLock(index / LOCK_FILE)
    waited = False
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waited = True
        if wait > 0 and on_wait is not None:
            on_wait(f"waiting for {_holder(index)}, which is writing {named(index)}")
        try:
            lock.acquire(timeout=max(wait, 0), poll_interval=_POLL)
        except Timeout:
            raise _locked(index, wait) from None
    try:
        # The file may be locked and yet refuse to be written (a full disk); the number is only for the message above.
        with suppress(OSError):
            (index / LOCK_FILE).write_text(f"{os.getpid()}\n")
        yield waited
    finally:
        lock.release()


def _refuse_folder(path: Path) -> None:
    """A lock that is a folder would be waited for: filelock takes its EACCES or EISDIR for a holder."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def _holder(index: Path) -> str:
    try:
        pid = (index / LOCK_FILE).read_text().strip()
    except OSError:
        pid = ""
    return f"process {pid}" if pid.isdecimal() else "another process"


def _locked(index: Path, wait: float) -> IndexLocked:
    after = f" (waited {wait:g} s)" if wait > 0 else ""
    return IndexLocked(
        "index.locked",
        f"{_holder(index)} is writing the index {named(index)}{after}",
        remedy="run the same command again when it has ended",
    )
