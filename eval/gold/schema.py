"""Gold items as JSON documents and back; ``item.schema.json`` says what one may look like.

How items lie in files is in :mod:`eval.gold.store`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.types import AnswerPart, GoldSpan, Item, ItemFilters, Nugget, Split, Value, Why
from qa.errors import UsageError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

SCHEMA = Path(__file__).with_name("item.schema.json")
_REQUIRED = frozenset({"id", "question", "type", "categories", "cluster", "split", "answerable"})
#: Characters of a message about a value that repeats the value.
_LONGEST = 240


def to_item(document: object) -> Item:
    """The item of a document; raises ``UsageError`` where it isn't one."""
    found = _problems(document)
    if found or not isinstance(document, Mapping):
        raise UsageError("gold.bad_item", "; ".join(found) or "an item is a JSON object")
    read: Mapping[str, Any] = document
    filters = read.get("filters", {})
    return Item(
        id=read["id"],
        question=read["question"],
        type=read["type"],
        categories=tuple(read["categories"]),
        cluster=read["cluster"],
        split=Split(read["split"]),
        answerable=read["answerable"],
        why=Why(read["why"]) if "why" in read else None,
        answers=tuple(AnswerPart(**_with_aliases(part)) for part in read.get("answers", ())),
        values=tuple(map(_value, read.get("values", ()))),
        nuggets=tuple(Nugget(**_with_aliases(nugget)) for nugget in read.get("nuggets", ())),
        forbidden=tuple(read.get("forbidden", ())),
        evidence=tuple(tuple(map(_span, spans)) for spans in read.get("evidence", ())),
        acceptable=tuple(map(_span, read.get("acceptable", ()))),
        relevant={article: int(grade) for article, grade in read.get("relevant", {}).items()},
        speaker=read.get("speaker", ""),
        filters=ItemFilters(
            source=filters.get("source"),
            since=date.fromisoformat(filters["since"]) if "since" in filters else None,
            until=date.fromisoformat(filters["until"]) if "until" in filters else None,
        ),
        hide=tuple(read.get("hide", ())),
        note=read.get("note", ""),
    )


def to_document(item: Item) -> dict[str, object]:
    """The document of an item, empty fields left out; a span without a position has none."""
    filters = item.filters
    document: dict[str, object] = {
        "id": item.id,
        "question": item.question,
        "type": item.type,
        "categories": list(item.categories),
        "cluster": item.cluster,
        "split": item.split.value,
        "answerable": item.answerable,
        "why": item.why.value if item.why else "",
        "answers": [_filled(text=part.text, aliases=list(part.aliases)) for part in item.answers],
        "values": [
            _filled(kind=value.kind, value=value.value, unit=value.unit, tolerance=value.tolerance)
            for value in item.values
        ],
        "nuggets": [
            _filled(text=nugget.text, aliases=list(nugget.aliases), vital=nugget.vital) for nugget in item.nuggets
        ],
        "forbidden": list(item.forbidden),
        "evidence": [[_span_document(span) for span in spans] for spans in item.evidence],
        "acceptable": [_span_document(span) for span in item.acceptable],
        "relevant": dict(item.relevant),
        "speaker": item.speaker,
        "filters": _filled(
            source=filters.source,
            since=filters.since and filters.since.isoformat(),
            until=filters.until and filters.until.isoformat(),
        ),
        "hide": list(item.hide),
        "note": item.note,
    }
    return {name: value for name, value in document.items() if value or name in _REQUIRED}


def _with_aliases(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "aliases": tuple(fields.get("aliases", ()))}


def _value(fields: Mapping[str, Any]) -> Value:
    return Value(**{**fields, "tolerance": float(fields.get("tolerance", 0))})


def _span(fields: Mapping[str, Any]) -> GoldSpan:
    # JSON Schema counts 10.0 among the integers.
    return GoldSpan(**{**fields, "start": int(fields.get("start", 0)), "end": int(fields.get("end", 0))})


def _span_document(span: GoldSpan) -> dict[str, object]:
    position = {"start": span.start, "end": span.end} if span.end else {}
    context = _filled(prefix=span.prefix, suffix=span.suffix, sha256=span.sha256)
    return {"article": span.article, **position, "quote": span.quote, **context}


def _filled(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _problems(document: object) -> tuple[str, ...]:
    """What is wrong with the document of an item, in words (``"evidence[0][1]: 'quote' is missing"``)."""
    found = [_message(error) for error in sorted(_validator().iter_errors(document), key=lambda error: error.json_path)]
    if not found and isinstance(document, Mapping):
        found = [f"{where}: {why}" for where, span in _spans(document) if (why := _contradiction(span))]
    return tuple(found)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _message(error: ValidationError) -> str:
    where = error.json_path.removeprefix("$").removeprefix(".") or "the item"
    if error.validator == "not":  # nothing is allowed there
        return f"{where}: only an item with{'out' if where == 'why' else ''} an answer has that"
    if error.validator == "required":
        missing = [name for name in _names(error.validator_value) if name not in _names(error.instance)]
        return f"{where}: {', '.join(map(repr, missing))} {'is' if len(missing) == 1 else 'are'} missing"
    message = "it is blank" if error.validator_value == "\\S" else error.message
    return f"{where}: {message if len(message) <= _LONGEST else message[:_LONGEST] + ' ...'}"


def _names(value: object) -> list[str]:
    """The names in a list of them, or those of an object's fields."""
    return [str(name) for name in value] if isinstance(value, list | dict) else []


def _spans(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each span of a document that the schema allows, with where it is."""
    sets = enumerate(document.get("evidence", ()))
    found = [(f"evidence[{i}][{j}]", span) for i, spans in sets for j, span in enumerate(spans)]
    return found + [(f"acceptable[{i}]", span) for i, span in enumerate(document.get("acceptable", ()))]


def _contradiction(span: Mapping[str, Any]) -> str:
    if "end" in span and span["end"] - span["start"] != len(span["quote"]):
        return f"{span['start']}-{span['end']} isn't as long as its quote of {len(span['quote'])} characters"
    return ""
