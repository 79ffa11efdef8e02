"""Attributions in brat's stand-off files: who is said to have said what, by character spans of a text.

Lines of other kinds (notes, relations) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.importers.reading import Record, read_bytes, shown
from qa.errors import UsageError
from qa.types import Span

_RANGE = re.compile(r"(\d{1,12}) (\d{1,12})")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source's words, its content's spans (at least one), and the line that says so. ``source`` may be empty."""

    record: Record
    source: str
    content: tuple[Span, ...]


def read_attributions(path: Path, text: str) -> tuple[Attribution, ...]:
    """The attributions of ``text`` that have content, in the file's order; an empty file has none."""
    try:
        lines = read_bytes(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UsageError("import.not_utf8", f"{str(path)!r} isn't UTF-8 text: byte {error.start}") from error
    records = [Record(path, f"line {number}", {"line": line.rstrip("\r")}) for number, line in enumerate(lines, 1)]
    spans: dict[str, tuple[Span, ...]] = {}
    for record in (one for one in records if str(one.fields["line"]).startswith("T")):
        id, found = _bound(record, text)
        if id in spans:
            raise record.wrong(f"{id} is given twice", id="import.duplicate_id")
        spans[id] = found
    events = (_event(record, text, spans) for record in records if str(record.fields["line"]).startswith("E"))
    return tuple(found for found in events if found.content)


def _bound(record: Record, text: str) -> tuple[str, tuple[Span, ...]]:
    """The id and the spans of ``T1<tab>Source 10 20;25 30<tab>words``."""
    id, _, rest = record.text("line").partition("\t")
    kind, _, words = rest.partition("\t")
    ranges = [_RANGE.fullmatch(one) for one in kind.partition(" ")[2].split(";")]
    spans = tuple(Span(int(found[1]), int(found[2])) for found in ranges if found)
    if len(spans) < len(ranges) or not words.strip():
        raise record.wrong("it isn't an id, a name, positions and words")
    if any(span.start >= span.end or span.end > len(text) for span in spans):
        raise record.wrong(f"its span is outside of the text of {len(text)} characters", id="import.bad_span")
    there = " ".join(span.of(text) for span in spans)
    if there.split() != words.split():
        raise record.wrong(f"{shown(words)} doesn't stand there, but {shown(there)}", id="import.bad_span")
    return id, spans


def _event(record: Record, text: str, spans: dict[str, tuple[Span, ...]]) -> Attribution:
    """The attribution of ``E1<tab>Attribution:T4 Content:T3 Source:T1``; what it names and isn't there, it lacks."""
    found: dict[str, list[Span]] = {"Content": [], "Source": []}
    for role, id in _arguments(record):
        # Some files name a span that they don't have.
        found.setdefault(role.rstrip("0123456789"), []).extend(spans.get(id, ()))
    source = " ".join(span.of(text) for span in found["Source"])
    return Attribution(record, " ".join(source.split()), tuple(found["Content"]))


def _arguments(record: Record) -> Iterator[tuple[str, str]]:
    _, _, arguments = record.text("line").partition("\t")
    if not arguments.strip():
        raise record.wrong("it isn't an id and what has a part in it")
    for argument in arguments.split():
        role, colon, id = argument.partition(":")
        if not colon:
            raise record.wrong(f"{shown(argument)} isn't a role and an id")
        yield role, id
