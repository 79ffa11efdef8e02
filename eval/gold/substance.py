"""What an item asks and accepts, apart from where its spans stand today and what reviewers noted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from hashlib import sha256

from eval.gold.schema import to_document
from eval.types import Item

#: Lists whose order says nothing.
_SETS = ("categories", "answers", "values", "nuggets", "forbidden", "evidence", "acceptable", "hide")


def substance(item: Item) -> dict[str, object]:
    """The item's document without notes, positions and context of spans; what is a set is sorted."""
    document = {name: value for name, value in to_document(item).items() if name != "note"}
    document["evidence"] = [_in_order(_span(span.article, span.quote) for span in spans) for spans in item.evidence]
    document["acceptable"] = [_span(span.article, span.quote) for span in item.acceptable]
    document["answers"] = [_wordings(part.text, part.aliases) for part in item.answers]
    document["nuggets"] = [{**_wordings(nugget.text, nugget.aliases), "vital": nugget.vital} for nugget in item.nuggets]
    for name in _SETS:
        value = document.get(name)
        if isinstance(value, list):
            document[name] = _in_order(value)
    return {name: value for name, value in document.items() if value or isinstance(value, bool)}


def digest(items: Iterable[Item]) -> str:
    """The digest of a set's substance: the same items in another order, or re-anchored, give the same."""
    lines = sorted(_canonical(substance(item)) for item in items)
    return sha256("\n".join(lines).encode()).hexdigest()


def _span(article: str, quote: str) -> dict[str, str]:
    return {"article": article, "quote": quote}


def _wordings(text: str, aliases: Iterable[str]) -> dict[str, object]:
    return {"text": text, "aliases": sorted(aliases)}


def _in_order(values: Iterable[object]) -> list[object]:
    order: Callable[[object], str] = _canonical
    return sorted(values, key=order)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
