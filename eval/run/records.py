"""The records of a run as JSON: the format in which any system can hand in its answers.

A file of records is UTF-8, one JSON object a line, one line a question (and one more for each of its hidden twins, if
the system was run with the evidence hidden). A minimal one, of a system that abstained on the second::

    {"id": "tram-01", "answer": "1.12 billion crowns"}
    {"id": "tram-02", "answer": ""}

============== ======================== ================================================================================
field          type                     meaning
============== ======================== ================================================================================
``id``         string, required         the item's id; the id with ``~hidden`` appended is its hidden twin
``ended``      string                   ``"answered"``, ``"partly"``, ``"abstained"`` or ``"error"``
``answer``     string                   all that was shown as the answer
``short``      string                   the short answer inside, where the system points one out
``claims``     array of objects         the statements of the answer (below)
``retrieved``  array of spans, or null  what was found, best first; leave it out where it isn't known
``read``       array of spans, or null  what was looked at to answer; leave it out where it isn't known
``confidence`` number 0..1, or null     how likely the answer is right; for abstentions too, where there is one
``seconds``    object of numbers >= 0   time taken, by stage
``tokens``     integer >= 0             tokens that a model used
``error``      string                   what failed, where ``ended`` is ``"error"``
============== ======================== ================================================================================

One of ``answer`` and ``ended`` must be there. Without ``ended``, an ``answer`` that is empty or blank is an abstention
and any other answers; without ``answer``, it is the claims' texts, a line each. What is said while abstaining
(``"ended": "abstained", "answer": "I don't know"``) is no answer.

* A claim: ``text`` (required), ``citations``, ``speaker`` (string), ``earlier`` (boolean: marked as overtaken).
* A citation: ``article``, ``start``, ``end``, ``quote``, all required.
* A span: ``article``, ``start``, ``end``, all required; ``score`` (number; higher is better).

Articles are named by their path in the corpus (``courier/budget.md``, ``wire.jsonl#ID``). Offsets are Unicode code
points, 0-based, end exclusive, into the article's text as ``qa show`` prints it. None of these is believed: a citation
whose text isn't its quote is an invalid one, not a malformed record. Fields of other names are left out, and counted
in a warning.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from eval.types import Ended, RunCitation, RunClaim, RunRecord, RunSpan
from qa.answer.record import plain
from qa.errors import UsageError

_T = TypeVar("_T")
_Object = Mapping[str, object]
#: Beyond this an integer isn't one in everyone's JSON.
_LARGEST = 2**53


class Malformed(ValueError):
    """What is read isn't a record; the message says why, without saying where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Records by id, sorted; ``ignored`` counts the fields that aren't of the format, by name."""

    records: Mapping[str, RunRecord]
    ignored: Mapping[str, int]


def to_document(record: RunRecord) -> dict[str, object]:
    """The JSON object of a record; what is empty or unknown is left out."""
    empty = RunRecord(id=record.id, ended=record.ended)
    document: dict[str, object] = {"id": record.id, "ended": record.ended.value}
    for name in (field.name for field in fields(record)):
        if getattr(record, name) != getattr(empty, name):
            document[name] = plain(getattr(record, name))
    return document


def to_line(record: RunRecord) -> bytes:
    """The line of a record, with its line end. What has no UTF-8 (half a surrogate pair) is written as ``?``."""
    text = json.dumps(to_document(record), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace") + b"\n"


def to_record(document: object) -> RunRecord:
    """The record of a JSON object; raises ``Malformed``."""
    return _record(_Reader(), document)


def read_records(content: bytes, *, name: str) -> Records:
    """The records of a file's content; raises ``UsageError`` (``run.malformed``) with the line, ``name`` being the
    file's.
    """
    reader = _Reader()
    found: dict[str, RunRecord] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _record(reader, _parsed(line))
            if record.id in lines:
                raise Malformed(f"{record.id!r:.80} is there already, in line {lines[record.id]}")
        except Malformed as error:
            raise UsageError(
                "run.malformed", f"{name!r}, line {number}: {error}", remedy="see eval/run/records.py"
            ) from None
        found[record.id], lines[record.id] = record, number
    return Records(records=dict(sorted(found.items())), ignored=dict(sorted(reader.ignored.items())))


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line.decode(), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Malformed("it isn't UTF-8") from None
    except RecursionError:
        raise Malformed("it is nested too deeply") from None
    except Malformed:
        raise
    except ValueError as error:
        raise Malformed(f"it isn't JSON: {error}") from None


def _no_constant(name: str) -> None:
    raise Malformed(f"{name} isn't JSON")


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(f"{name!r:.40} is there twice")
        found[name] = value
    return found


def _record(reader: _Reader, document: object) -> RunRecord:
    item = reader.fields_of(document, "a record", RunRecord)
    if "answer" not in item and "ended" not in item:
        raise Malformed("it has neither 'answer' nor 'ended'")
    claims = reader.array(item, "claims", reader.claim) or ()
    answer = reader.string(item, "answer", "\n".join(claim.text for claim in claims))
    record = RunRecord(
        id=reader.name(item, "id"),
        ended=reader.ended(item, answer),
        answer=answer,
        short=reader.string(item, "short", ""),
        claims=claims,
        retrieved=reader.array(item, "retrieved", reader.span),
        read=reader.array(item, "read", reader.span),
        confidence=reader.confidence(item),
        seconds=reader.seconds(item),
        tokens=reader.integer(item, "tokens", default=0, least=0),
        error=reader.string(item, "error", ""),
    )
    if record.answered and not answer.strip():
        raise Malformed(f"it ended {record.ended.value!r} without an answer")
    return record


class _Reader:
    """Reads fields, each of its type or ``Malformed``; counts those that the format doesn't have."""

    def __init__(self) -> None:
        self.ignored: Counter[str] = Counter()

    def fields_of(self, value: object, what: str, kind: type) -> _Object:
        if not isinstance(value, dict):
            raise Malformed(f"{what} isn't an object: {value!r:.40}")
        known = {field.name for field in fields(kind)}
        self.ignored.update(name[:40] for name in value if name not in known)
        return value

    def string(self, item: _Object, field: str, default: str | None = None) -> str:
        value = item.get(field, default)
        if not isinstance(value, str):
            raise _wrong(item, field, "a string")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed(f"{field!r} has half a surrogate pair in it") from None
        return value

    def name(self, item: _Object, field: str) -> str:
        value = self.string(item, field)
        if not value.strip():
            raise Malformed(f"{field!r} is empty")
        return value

    def integer(self, item: _Object, field: str, *, default: int | None = None, least: int = -_LARGEST) -> int:
        value = item.get(field, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
            raise _wrong(item, field, f"an integer of at least {least}" if least >= 0 else "an integer")
        return value

    def number(self, item: _Object, field: str, default: float | None = None) -> float:
        value = item.get(field, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e300:
            raise _wrong(item, field, "a number")
        return float(value)

    def array(self, item: _Object, field: str, read: Callable[[object], _T]) -> tuple[_T, ...] | None:
        value = item.get(field)
        if value is None:
            return None
        if not isinstance(value, list):
            raise _wrong(item, field, "an array")
        return tuple(read(one) for one in value)

    def span(self, value: object) -> RunSpan:
        item = self.fields_of(value, "a span", RunSpan)
        return RunSpan(
            article=self.name(item, "article"),
            start=self.integer(item, "start"),
            end=self.integer(item, "end"),
            score=self.number(item, "score", 0.0),
        )

    def claim(self, value: object) -> RunClaim:
        item = self.fields_of(value, "a claim", RunClaim)
        earlier = item.get("earlier", False)
        if not isinstance(earlier, bool):
            raise _wrong(item, "earlier", "a boolean")
        return RunClaim(
            text=self.string(item, "text"),
            citations=self.array(item, "citations", self.citation) or (),
            speaker=self.string(item, "speaker", ""),
            earlier=earlier,
        )

    def citation(self, value: object) -> RunCitation:
        item = self.fields_of(value, "a citation", RunCitation)
        return RunCitation(
            article=self.name(item, "article"),
            start=self.integer(item, "start"),
            end=self.integer(item, "end"),
            quote=self.string(item, "quote"),
        )

    def ended(self, item: _Object, answer: str) -> Ended:
        if "ended" not in item:
            return Ended.ANSWERED if answer.strip() else Ended.ABSTAINED
        try:
            return Ended(self.string(item, "ended"))
        except ValueError as error:
            if isinstance(error, Malformed):
                raise
            raise _wrong(item, "ended", f"one of {', '.join(Ended)}") from None

    def confidence(self, item: _Object) -> float | None:
        if item.get("confidence") is None:
            return None
        value = self.number(item, "confidence")
        if not 0.0 <= value <= 1.0:
            raise _wrong(item, "confidence", "between 0 and 1")
        return value

    def seconds(self, item: _Object) -> dict[str, float]:
        value = item.get("seconds", {})
        if not isinstance(value, dict):
            raise _wrong(item, "seconds", "an object")
        found = {stage: self.number(value, stage) for stage in value}
        if any(taken < 0 for taken in found.values()):
            raise _wrong(item, "seconds", "numbers of at least 0")
        return found


def _wrong(item: _Object, field: str, what: str) -> Malformed:
    return Malformed(f"{field!r} isn't {what}: {item[field]!r:.40}" if field in item else f"it has no {field!r}")
