"""Seals: what each file of a generation was when it was published, so that a damaged one is never handed to Chroma.

Chroma's HNSW loader trusts its files: a flipped byte in a header ends the process with SIGSEGV. So files are compared
*before* they're opened. Everything is hashed, except that a file of more than 32 MiB is trusted where its size,
inode, mtime and ctime are those of publishing. (SHA-256 runs at 1.8 GB a CPU second on a CPU with SHA instructions:
all files of 10k passages take 11 ms; of 100k, 110 ms in full and 15 ms with the one large file trusted.) A restored
backup has other times and is hashed in full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TRUSTED_ABOVE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeal:
    """One file: ``path`` is relative to the generation's folder, with slashes; times are in nanoseconds."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str


def seal(folder: Path) -> tuple[FileSeal, ...]:
    """Seals of all files under ``folder``, in the order of their paths."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(_seal(folder, path) for path in files)


def broken_seal(folder: Path, seals: Iterable[FileSeal], *, full: bool) -> str:
    """What differs between the files and their ``seals``, or empty where nothing does. ``full`` trusts no time."""
    for expected in seals:
        try:
            difference = _difference(folder / expected.path, expected, full=full)
        except FileNotFoundError:
            difference = "is gone"
        except OSError as error:
            difference = f"can't be read ({error.strerror})"
        if difference:
            return f"{expected.path!r} {difference}"
    return ""


def _difference(path: Path, expected: FileSeal, *, full: bool) -> str:
    found = path.stat()
    if found.st_size != expected.size:
        return f"has {found.st_size} bytes instead of {expected.size}"
    stamps = (found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    untouched = stamps == (expected.mtime_ns, expected.ctime_ns, expected.inode)
    if untouched and not full and expected.size > TRUSTED_ABOVE:
        return ""
    return "" if _sha256(path) == expected.sha256 else "has changed"


def _seal(folder: Path, path: Path) -> FileSeal:
    found = path.stat()
    return FileSeal(
        path=path.relative_to(folder).as_posix(),
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
        inode=found.st_ino,
        sha256=_sha256(path),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
