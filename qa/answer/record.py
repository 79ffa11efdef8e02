"""An answer as a JSON document and back: what ``qa ask --json`` prints and ``qa verify`` reads.

The document is the dataclasses of ``qa.types`` field by field, dates as ISO strings, with ``schema``
beside. Reading is strict: what is read may have been written by anyone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from qa.errors import UsageError
from qa.types import Answer, Citation, Span

SCHEMA = 1
#: No article is that long; a larger offset isn't one (SQLite and slices would take it, people's tools might not).
_LARGEST_OFFSET = 2**40


def to_record(answer: Answer) -> dict[str, object]:
    """The JSON document of an answer."""
    document = plain(answer)
    assert isinstance(document, dict)
    return {"schema": SCHEMA, **document}


def plain(value: object) -> object:
    """``value`` as JSON's own types: dataclasses are objects, dates ISO strings, enums values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def read_record(text: str) -> tuple[Citation, ...]:
    """The citations of a saved answer, in the order in which they were shown; raises ``UsageError`` for anything
    else.
    """
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"it isn't JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") is True or document.get("schema") != SCHEMA:
        raise _malformed(f'it has no "schema": {SCHEMA}')
    found: list[Citation] = []
    for claim in _list(document, "claims"):
        if not isinstance(claim, dict):
            raise _malformed("a claim isn't an object")
        found.extend(_citation(item) for item in _list(claim, "citations"))
    return tuple(found)


def _citation(item: object) -> Citation:
    if not isinstance(item, dict):
        raise _malformed("a citation isn't an object")
    start, end = _offset(item, "start"), _offset(item, "end")
    if start >= end:
        raise _malformed(f"a citation ends at {end} and starts at {start}")
    return Citation(
        article_id=_text(item, "article_id"),
        version=_offset(item, "version"),
        start=start,
        end=end,
        quote=_text(item, "quote"),
        prefix=_text(item, "prefix", ""),
        suffix=_text(item, "suffix", ""),
        title=_text(item, "title", ""),
        source=_text(item, "source", ""),
        url=_text(item, "url", ""),
        published=_day(item),
        highlight=_highlight(item, start, end),
        copies=_copies(item),
    )


def _copies(item: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(_text({"copies": copy}, "copies") for copy in _list(item, "copies"))


def _highlight(item: Mapping[str, object], start: int, end: int) -> Span | None:
    inside = item.get("highlight")
    if inside is None:
        return None
    if not isinstance(inside, dict):
        raise _malformed("a highlight isn't an object")
    span = Span(_offset(inside, "start"), _offset(inside, "end"))
    if not start <= span.start < span.end <= end:
        raise _malformed(f"the highlight {span.start}-{span.end} isn't inside {start}-{end}")
    return span


def _day(item: Mapping[str, object]) -> date | None:
    if item.get("published") is None:
        return None
    value = _text(item, "published")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _malformed(f"not a date: {value!r:.40}") from None


def _list(item: Mapping[str, object], name: str) -> list[object]:
    value = item.get(name, [])
    if not isinstance(value, list):
        raise _malformed(f"{name!r} isn't an array")
    return value


def _text(item: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = item.get(name, default)
    if not isinstance(value, str):
        raise _malformed(f"{name!r} isn't a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _malformed(f"{name!r} has half a surrogate pair in it") from None
    return value


def _offset(item: Mapping[str, object], name: str) -> int:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST_OFFSET:
        raise _malformed(f"{name!r} isn't an offset: {value!r:.40}")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} isn't JSON")


def _malformed(why: str) -> UsageError:
    return UsageError(
        "verify.not_an_answer", f"this isn't an answer of qa: {why}", remedy="qa ask QUESTION --json > ANSWER.json"
    )
