"""Other people's files, read strictly: whatever is wrong with one is a ``UsageError`` with the file and the place in
it.

What the fields of a format mean is the business of the format's own module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UsageError
from qa.ingest.decode import storable

#: Characters of a value that a message repeats.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object (or a line of another kind) and where it stands: ``"line 3"``, ``"data[0].paragraphs[2]"``.

    Texts are given as they can be stored (LF line ends, no half characters), but for :meth:`raw`.
    """

    path: Path
    where: str
    fields: Mapping[str, object]

    def wrong(self, message: str, *, id: str = "import.bad_record") -> UsageError:
        """The error that ``message`` is, with the place."""
        return UsageError(id, f"{str(self.path)!r}, {self.where}: {message}")

    def raw(self, name: str) -> str:
        """A text with something in it, exactly as it is in the file."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise self.wrong(f"{name!r} isn't a text" if name in self.fields else f"it has no {name!r}")
        if not value.strip():
            raise self.wrong(f"{name!r} is blank")
        return value

    def text(self, name: str) -> str:
        """A text with something in it."""
        return storable(self.raw(name))

    def optional(self, name: str) -> str:
        """A text, empty where it is missing, null or blank."""
        value = self.fields.get(name)
        return "" if value is None or (isinstance(value, str) and not value.strip()) else self.text(name)

    def id(self, name: str) -> str:
        """What names a record: a text or a whole number."""
        value = self.fields.get(name)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text(name).strip()

    def integer(self, name: str) -> int:
        """A whole number."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{name!r} isn't a whole number" if name in self.fields else f"it has no {name!r}")
        return value

    def flag(self, name: str) -> bool | None:
        """True or false; None where it is missing."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"{name!r} is neither true nor false")
        return value

    def list(self, name: str) -> list[object]:
        """A list of anything."""
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise self.wrong(f"{name!r} isn't a list" if name in self.fields else f"it has no {name!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, each with something in it."""
        values = self.list(name)
        return tuple(Record(self.path, self.where, {f"{name}[{i}]": v}).text(f"{name}[{i}]") for i, v in _each(values))

    def records(self, name: str) -> Iterator[Record]:
        """A list of objects."""
        inside = "" if self.where == "the file" else f"{self.where}, " if " " in self.where else f"{self.where}."
        for number, value in _each(self.list(name)):
            yield _record(self.path, f"{inside}{name}[{number}]", value)


def shown(value: str) -> str:
    """``value`` as a message repeats it."""
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "...")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError("import.unreadable", f"{str(path)!r} can't be read: {reason}") from error


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, without a byte order mark; not a blank one."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("import.not_utf8", f"{str(path)!r} isn't UTF-8 text: byte {error.start}") from error
    if not text.strip():
        raise UsageError("import.empty", f"{str(path)!r} is empty")
    return text


def read_json(path: Path) -> Record:
    """The one JSON object of a file."""
    return _record(path, "the file", _parsed(read_text(path), path, "the file"))


def read_json_lines(path: Path) -> Iterator[Record]:
    """The JSON objects of a file with one a line; blank lines are passed over."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            where = f"line {number}"
            yield _record(path, where, _parsed(line, path, where))


def _parsed(text: str, path: Path, where: str) -> object:
    place = Record(path, where, {})
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = f"column {error.colno}" if where != "the file" else f"line {error.lineno}, column {error.colno}"
        raise place.wrong(f"it isn't JSON: {error.msg} ({at})", id="import.not_json") from error
    except RecursionError as error:
        raise place.wrong("it is nested too deeply", id="import.not_json") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise place.wrong(f"it isn't JSON that can be read: {error}", id="import.not_json") from error


def _record(path: Path, where: str, value: object) -> Record:
    if not isinstance(value, dict):
        raise Record(path, where, {}).wrong("it isn't a JSON object")
    return Record(path, where, value)


def _each(values: list[object]) -> Iterator[tuple[int, object]]:
    yield from enumerate(values)
