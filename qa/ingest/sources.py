"""Which files the paths of a command mean: files, folders, globs, ``-``. Nothing is read here, only listed.

Folders are walked in order of name, without hidden entries and without following symlinks to folders, so no loop can
trap it; a symlink to a file is followed only inside the folder that was named. A folder that can't be listed is a skip
that hides articles (see :class:`qa.ingest.outcome.Skip`): it must never look like an empty one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.errors import UsageError
from qa.ingest.outcome import Skip

#: What an index folder holds of its own. It may lie among the articles, or be their folder.
_OF_INDEX = re.compile(r"ledger\..*|lock|CURRENT.*|generations|lost", re.DOTALL)
_MAGIC = re.compile(r"[*?\[]")


class Kind(StrEnum):
    """How a file is read. ``UNKNOWN`` is told from its content."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    UNKNOWN = "unknown"


_KINDS = {
    ".txt": Kind.TEXT, ".text": Kind.TEXT, ".md": Kind.TEXT, ".markdown": Kind.TEXT,
    ".html": Kind.HTML, ".htm": Kind.HTML, ".xhtml": Kind.HTML,
    ".jsonl": Kind.JSONL, ".ndjson": Kind.JSONL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read (``path`` None: standard input). ``root``: the folder it was found in, empty if named itself."""

    identity: str
    path: Path | None
    kind: Kind
    root: str = ""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that was named, by its canonical path, and the folders in it (or itself) that couldn't be listed."""

    path: str
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything that paths mean: each file once, in order; what was skipped; the folders walked."""

    sources: tuple[Source, ...]
    skips: tuple[Skip, ...]
    roots: tuple[Root, ...]


def discover(paths: Sequence[str]) -> Discovery:
    """List what ``paths`` mean. Raises ``UsageError`` (``add.no_such_path``) if one isn't there, before listing any."""
    named = [(path, _expand(path)) for path in paths]
    found = _Found()
    for path, glob in named:
        if path == "-":
            found.add(Source("stdin", None, Kind.UNKNOWN))
        elif glob is not None:
            _add_matches(glob, found)
        else:
            _add_named(path, found)
    return Discovery(tuple(found.sources.values()), tuple(found.skips), tuple(found.roots))


def canonical(path: str | Path) -> str:
    """The identity of a file: its real path with ``/``, and bytes that aren't UTF-8 written as ``\\xff``."""
    real = os.path.realpath(path)
    return os.fsencode(real).decode("utf-8", "backslashreplace").replace(os.sep, "/")


@dataclass(frozen=True, slots=True)
class _Glob:
    pattern: str
    base: str
    regex: re.Pattern[str]
    suffix: str


class _Found:
    """What has been found so far; a file that is reached twice counts once."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.skips: list[Skip] = []
        self.roots: list[Root] = []

    def add(self, source: Source) -> None:
        self.sources.setdefault(source.identity, source)

    def skip(self, path: str | Path, reason: str, detail: str = "", *, hides: bool = False) -> None:
        identity = canonical(Path(path).parent) + "/" + _shown(Path(path).name)
        self.skips.append(Skip(identity, reason, detail, identity, hides))


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _expand(path: str) -> _Glob | None:
    """None for a path that is there (or ``-``), a glob for a pattern that isn't a path itself; else a usage error."""
    if path == "-":
        return None
    try:
        os.lstat(path)
    except PermissionError:
        return None
    except (OSError, ValueError) as error:
        glob = _glob(path) if _MAGIC.search(path) and "\x00" not in path else None
        if glob is not None and not _missing(glob.base):
            return glob
        raise UsageError("add.no_such_path", f"there is no file or folder {path!r}", remedy="check the path") from error
    return None


def _missing(folder: str) -> bool:
    """Whether a folder isn't there; one that can't be looked at is (and is a skip later)."""
    try:
        return not stat.S_ISDIR(Path(folder).stat().st_mode)
    except PermissionError:
        return False
    except OSError:
        return True


def _glob(pattern: str) -> _Glob:
    parts = Path(pattern).parts
    first = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    base = str(Path(*parts[:first])) if first else "."
    regex = re.compile("".join(_part_regex(part, last=part is parts[-1]) for part in parts[first:]))
    return _Glob(pattern, base, regex, Path(parts[-1]).suffix.lower())


def _part_regex(part: str, *, last: bool) -> str:
    """The regex of one part of a pattern, as a shell reads it: no ``*`` or ``?`` reaches into another folder."""
    if part == "**":
        return ".*" if last else "(?:[^/]+/)*"
    pieces: list[str] = []
    at = 0
    while at < len(part):
        char = part[at]
        close = part.find("]", at + 2) if char == "[" else -1
        if close > 0:
            inside = part[at + 1 : close].replace("\\", r"\\").replace("[", r"\[")
            pieces.append("[" + ("^" + inside[1:] if inside[0] in "!^" else inside) + "]")
            at = close
        else:
            pieces.append({"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char))
        at += 1
    return "".join(pieces) + ("" if last else "/")


def _add_matches(glob: _Glob, found: _Found) -> None:
    base = os.path.realpath(glob.base)
    before = len(found.sources) + len(found.skips)
    matched = False
    for entry, skip in _walk(base, base):
        if skip is not None:
            found.skips.append(skip)
        if entry is None or not _matches(glob, os.path.relpath(entry.path, base).replace(os.sep, "/")):
            continue
        matched = True
        _add_entry(entry, found, root="", top=base, wanted=glob.suffix)
    if not matched and len(found.sources) + len(found.skips) == before:
        raise UsageError("add.no_such_path", f"no file matches {glob.pattern!r}", remedy="check the pattern")


def _matches(glob: _Glob, path: str) -> bool:
    """Whether a glob means a file: by its own path, or by that of a folder that it is in."""
    parts = path.split("/")
    return any(glob.regex.fullmatch("/".join(parts[:end])) for end in range(len(parts), 0, -1))


def _add_named(path: str, found: _Found) -> None:
    real = os.path.realpath(path)
    try:
        mode = Path(real).stat().st_mode
    except OSError as error:
        found.skip(path, os_reason(error), hides=True)
        return
    if stat.S_ISDIR(mode):
        _add_folder(real, found)
    elif stat.S_ISREG(mode):
        kind = _KINDS.get(Path(path).suffix.lower(), Kind.UNKNOWN)
        found.add(Source(canonical(real), Path(real), kind))
    else:
        found.skip(path, "not a regular file", "use - for standard input")


def _add_folder(folder: str, found: _Found) -> None:
    unreadable: list[str] = []
    root = canonical(folder)
    for entry, skip in _walk(folder, folder):
        if skip is not None:
            found.skips.append(skip)
            unreadable.append(skip.identity)
        elif entry is not None:
            _add_entry(entry, found, root=root, top=folder)
    found.roots.append(Root(root, tuple(unreadable)))


def _walk(folder: str, top: str) -> Iterator[tuple[os.DirEntry[str] | None, Skip | None]]:
    """Entries that aren't folders, depth first in order of name; or a skip for a folder that can't be listed."""
    pending: list[os.DirEntry[str] | str] = [folder]
    while pending:
        here = pending.pop()
        if not isinstance(here, str) and not here.is_dir(follow_symlinks=False):
            yield here, None
            continue
        path = here if isinstance(here, str) else here.path
        try:
            with os.scandir(path) as listing:
                entries = _outside_index(entry for entry in listing if not entry.name.startswith("."))
        except OSError as error:
            identity = canonical(path)
            yield None, Skip(identity, os_reason(error), "folder", identity, hides=True)
            continue
        pending.extend(reversed(entries))


def _outside_index(listing: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """A folder's entries in order of name, without those of an index in it: they're no articles, nor worth a word,
    and the texts that a repair set aside must not come back as new ones.
    """
    entries = sorted(listing, key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    if "ledger.sqlite" in names and not names.isdisjoint({"lock", "CURRENT"}):
        return [entry for entry in entries if not _OF_INDEX.fullmatch(entry.name)]
    return entries


def _add_entry(entry: os.DirEntry[str], found: _Found, *, root: str, top: str, wanted: str = "") -> None:
    """Add a file of a folder. ``wanted`` is a suffix that a glob spells out, which makes an unknown type welcome."""
    path = entry.path
    if entry.is_symlink():
        path = os.path.realpath(path)
        problem = _symlink_problem(path, top)
        if problem:
            found.skip(entry.path, problem)
            return
        if Path(path).is_dir():
            return  # inside the folder, so it is walked where it stands
    elif not entry.is_file(follow_symlinks=False):
        found.skip(path, "not a regular file")
        return
    suffix = Path(entry.name).suffix.lower()
    kind = _KINDS.get(suffix)
    if kind is None and not (wanted and suffix == wanted):
        found.skip(
            entry.path, f"unsupported type {suffix}" if suffix else "unsupported type", "" if suffix else "no suffix"
        )
        return
    found.add(Source(_inside(entry, path), Path(path), kind or Kind.UNKNOWN, root))


def _inside(entry: os.DirEntry[str], path: str) -> str:
    """The identity of an entry; without a symlink the walk's own path is canonical and costs no system call."""
    if entry.is_symlink() or not path.isascii() or os.sep != "/":
        return canonical(path)
    return path


def _symlink_problem(target: str, top: str) -> str:
    if not Path(target).is_relative_to(top):
        return "symlink out of the folder"
    try:
        mode = Path(target).stat().st_mode
    except OSError:
        return "broken symlink"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "not a regular file"


def os_reason(error: OSError) -> str:
    """A short phrase for why the system doesn't let a file or folder be read."""
    if isinstance(error, PermissionError):
        return "no permission"
    if isinstance(error, FileNotFoundError):
        return "gone before it was read"
    return "can't be read"
