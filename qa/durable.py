"""Writing so that a power cut leaves the old or the new: fsync of files and folders, replacement by rename."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Make ``content`` the file at ``path`` in one step; what stood there before goes once this is on the disk.

    A ``private`` file is its owner's alone to read, from its first byte on.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    if private:
        temporary.unlink(missing_ok=True)  # a mode holds for files that are made, not for those left by a crash
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Put every file and folder under ``folder``, and the folder itself, on the disk."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Put one file or folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
