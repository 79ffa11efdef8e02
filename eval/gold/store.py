"""Gold sets in folders: ``set.toml`` says what a set is, ``items.jsonl`` holds its items, one a line.

What an item may look like is in :mod:`eval.gold.schema`. Reading is strict, since anyone may have written a file; a
file is replaced in one step.
"""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from eval.gold.schema import to_document, to_item
from eval.gold.substance import digest
from eval.types import GoldSet, Item
from qa.durable import replace_file
from qa.errors import StorageFault, UsageError

__all__ = [
    "CORPUS",
    "HEADER",
    "SETS",
    "Problem",
    "Read",
    "available",
    "digest",
    "find",
    "load",
    "read_set",
    "write_imported",
    "write_set",
]

#: Where the sets lie that are shipped.
SETS = Path(__file__).parent
#: What a set is, and its items, one a line.
HEADER, ITEMS = "set.toml", "items.jsonl"
#: The articles of an imported set, beside its items.
CORPUS = "corpus.jsonl"
_TEXTS = ("name", "description", "corpus", "licence", "source")
#: A name becomes part of folders' names.
_NAME = re.compile(r"\w[\w. -]{0,79}")
#: Line ends to other programs, though not to JSON Lines.
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


class Imported(Protocol):
    """A set made from someone else's files: its items, and its articles as lines of ``corpus.jsonl``."""

    @property
    def gold(self) -> GoldSet:
        """The set; where its corpus will be is not its business."""

    @property
    def articles(self) -> Sequence[Mapping[str, object]]:
        """``{"id", "title", "text", "source", "published"}``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (from 1) of ``items.jsonl``."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A set as far as it can be read: ``gold`` holds the items that are sound, ``problems`` are the other lines."""

    folder: Path
    gold: GoldSet
    problems: tuple[Problem, ...]


def available() -> tuple[str, ...]:
    """The names of the sets that are shipped."""
    return tuple(sorted(path.parent.name for path in SETS.glob(f"*/{HEADER}")))


def read_set(reference: str | Path) -> GoldSet:
    """The set of that name, or in that folder; raises ``UsageError`` at anything that isn't as it should be."""
    read = load(reference)
    if read.problems:
        first, more = read.problems[0], len(read.problems) - 1
        others = f" (and {more} more)" if more else ""
        raise UsageError(
            "gold.bad_items",
            f"{read.folder / ITEMS}, line {first.line}: {first.message}{others}",
            remedy=f"qa eval gold lint {reference}",
        )
    return read.gold


def load(reference: str | Path) -> Read:
    """The set of that name, or in that folder, with what is wrong with its lines; raises ``UsageError`` where there
    is none, or ``set.toml`` can't be used.
    """
    folder = find(reference)
    header = _header(folder)
    items: dict[str, Item] = {}
    lines: dict[str, int] = {}
    found: list[Problem] = []
    for number, raw in enumerate(_bytes(folder / ITEMS).split(b"\n"), 1):
        item = _line(raw) if raw.strip() else None
        if isinstance(item, str):
            found.append(Problem(number, item))
        elif item is not None and item.id in items:
            found.append(Problem(number, f"the id {item.id!r} is that of line {lines[item.id]}"))
        elif item is not None:
            items[item.id], lines[item.id] = item, number
    made = tuple(items.values())
    return Read(
        folder=folder, gold=replace(header, items=made, sha256=digest(made), folder=str(folder)), problems=tuple(found)
    )


def find(reference: str | Path) -> Path:
    """The absolute folder of the set of that name, or of that folder; raises ``UsageError`` where there is no set."""
    if str(reference) in available():
        return SETS / str(reference)
    folder = Path(reference).absolute()
    if not (folder / HEADER).is_file():
        names = ", ".join(available()) or "none"
        raise UsageError(
            "gold.no_set", f"{str(reference)!r} is neither a set that is shipped ({names}) nor a folder with {HEADER}"
        )
    return folder


def write_set(folder: Path, gold: GoldSet) -> None:
    """Make ``folder`` hold ``gold``; comments in its ``set.toml`` stay. Raises ``StorageFault`` where it can't."""
    folder = folder.absolute()
    lines = [json.dumps(to_document(item), ensure_ascii=False).translate(_LINE_ENDS) + "\n" for item in gold.items]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        header = _header_text(folder, gold)
        replace_file(folder / ITEMS, "".join(lines).encode())
        replace_file(folder / HEADER, header.encode())
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_imported(folder: Path, imported: Imported) -> GoldSet:
    """Make ``folder`` hold an imported set and its articles, and return the set as it is there."""
    folder = folder.absolute()
    lines = [json.dumps(article, ensure_ascii=False, allow_nan=False) + "\n" for article in imported.articles]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / CORPUS, "".join(lines).encode())
    except OSError as error:
        raise _unwritable(folder, error) from error
    write_set(folder, replace(imported.gold, corpus=str(folder / CORPUS)))
    return read_set(folder)


def _unwritable(folder: Path, error: OSError) -> StorageFault:
    state = "what stood there before still does"
    return StorageFault("gold.unwritable", f"{str(folder)!r} can't be written: {error.strerror}", state=state)


# --- set.toml ---------------------------------------------------------------------------------------------------------


def _header(folder: Path) -> GoldSet:
    """The set without its items."""
    path = folder / HEADER
    try:
        document = tomllib.loads(_bytes(path).decode())
    except UnicodeDecodeError as error:
        raise _bad_header(path, "it isn't UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad_header(path, f"it isn't TOML: {error}") from error
    if unknown := sorted(set(document) - {*_TEXTS, "twins", "categories"}):
        raise _bad_header(path, f"it has an unknown field {unknown[0]!r}")
    texts = {name: document.get(name, "") for name in _TEXTS}
    for name, value in texts.items():
        if not isinstance(value, str) or (name in ("name", "corpus") and not value.strip()):
            raise _bad_header(path, f"{name!r} isn't a text" if name in document else f"it has no {name!r}")
    if not _NAME.fullmatch(texts["name"]):
        raise _bad_header(path, f"{texts['name']!r:.80} isn't a name: 1 to 80 letters, digits, dots, dashes, spaces")
    twins, categories = document.get("twins", True), document.get("categories", {})
    if not isinstance(twins, bool):
        raise _bad_header(path, "'twins' is neither true nor false")
    if not isinstance(categories, dict) or not all(isinstance(text, str) for text in categories.values()):
        raise _bad_header(path, "[categories] isn't a table of texts")
    texts["corpus"] = _resolved(folder, texts["corpus"])
    return GoldSet(**texts, categories=categories, twins=twins, items=(), sha256=digest(()))


def _resolved(folder: Path, corpus: str) -> str:
    return os.path.normpath(folder / corpus)


def _bad_header(path: Path, message: str) -> UsageError:
    return UsageError("gold.bad_set", f"{path}: {message}")


def _header_text(folder: Path, gold: GoldSet) -> str:
    """``set.toml`` for ``gold``: the one that is there, with what differs replaced."""
    import tomlkit

    path = folder / HEADER
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    corpus = str(document.get("corpus", ""))
    if not corpus or _resolved(folder, corpus) != os.path.normpath(gold.corpus):
        corpus = Path(os.path.relpath(gold.corpus, folder)).as_posix()
    wanted: dict[str, object] = {name: getattr(gold, name) for name in _TEXTS}
    wanted |= {"corpus": corpus, "twins": gold.twins, "categories": dict(gold.categories)}
    for name, value in wanted.items():
        if name in document and document.unwrap()[name] == value:
            continue
        if name in document or value not in ("", {}, True):  # what is left out is the default
            document[name] = value
    return tomlkit.dumps(document)


# --- items.jsonl ------------------------------------------------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(
            "gold.no_items", f"{str(path)!r} isn't there", remedy="an empty file makes a new set"
        ) from error
    except OSError as error:
        raise UsageError("gold.unreadable", f"{str(path)!r} can't be read: {error.strerror}") from error


def _line(raw: bytes) -> Item | str:
    """The item of a line, or what is wrong with it."""
    try:
        document = json.loads(raw.decode(), object_pairs_hook=_fields, parse_constant=_no_constant, parse_float=_finite)
        json.dumps(document, ensure_ascii=False).encode()
        return to_item(document)
    except UsageError as error:
        return error.message
    except UnicodeEncodeError:
        return "half of a surrogate pair is no text"
    except UnicodeDecodeError as error:
        return f"it isn't UTF-8 text: byte {error.start}"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        return f"it isn't an item: {error}" if isinstance(error, _Refused) else f"it isn't JSON: {error}"


class _Refused(ValueError):
    """JSON to other readers, but not what anybody meant."""


def _fields(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise _Refused(f"{name!r} is given twice")
        fields[name] = value
    return fields


def _no_constant(name: str) -> float:
    raise _Refused(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _Refused(f"{digits} is too large")
    return value
