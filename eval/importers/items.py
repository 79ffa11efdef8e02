"""What the items of all formats are made of: ids, splits, kinds of question, evidence by whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from eval.corpus import Text
from eval.gold.check import placed
from eval.importers.reading import Record, shown
from eval.types import AnswerPart, GoldSpan, Split

Spans = tuple[GoldSpan, ...]

_UNFIT = re.compile(r"[^A-Za-z0-9._:-]")
_LONGEST_ID, _LONGEST_QUESTION = 180, 4_000
_KINDS = (
    ("quantity", r"how (?:many|much|long|old|far|tall|large|big|high|often)\b|what (?:percent|number|amount)"),
    ("when", r"when\b|(?:what|which) (?:year|date|day|month|decade|century)\b"),
    ("who", r"who(?:m|se)?\b"),
    ("where", r"where\b|(?:what|which) (?:city|country|place)\b"),
    ("why", r"why\b"),
)
_ASKS = re.compile("|".join(rf"(?P<{kind}>\b(?:{words}))" for kind, words in _KINDS), re.IGNORECASE)


class Ids:
    """The ids of a set's items, each once."""

    def __init__(self) -> None:
        self._where: dict[str, str] = {}

    def take(self, record: Record, wanted: str) -> str:
        """``wanted`` as an item's id; where it has characters that an id can't, it ends in its digest."""
        id = wanted
        if _UNFIT.search(wanted) or len(wanted) > _LONGEST_ID:
            id = f"{_UNFIT.sub('-', wanted)[:_LONGEST_ID]}-{digest_of(wanted)}"
        if id in self._where:
            raise record.wrong(f"the id {shown(wanted)} is that of {self._where[id]}", id="import.duplicate_id")
        self._where[id] = record.where
        return id


def digest_of(text: str) -> str:
    """Eight hexadecimal digits of ``text``."""
    return sha256(text.encode()).hexdigest()[:8]


def split_of(cluster: str) -> Split:
    """The split of a cluster, by its hash: about half of the clusters each."""
    return Split.CALIBRATION if sha256(cluster.encode()).digest()[0] < 128 else Split.TEST


def kind_of(question: str) -> str:
    """What a question asks for, by its first question word; ``"other"`` where that doesn't say."""
    found = _ASKS.search(question)
    return found.lastgroup or "other" if found else "other"


def question_of(record: Record, name: str) -> str:
    """A question."""
    question = record.text(name).strip()
    if len(question) > _LONGEST_QUESTION:
        raise record.wrong(f"{name!r} is longer than {_LONGEST_QUESTION} characters")
    return question


def part_of(wordings: Iterable[str]) -> AnswerPart:
    """What must be named, in any of ``wordings`` (at least one)."""
    text, *aliases = dict.fromkeys(wordings)
    return AnswerPart(text=text, aliases=tuple(aliases))


def sentences_over(text: Text, start: int, end: int) -> Spans:
    """The whole sentences of ``text`` that have a part of ``[start, end)``."""
    return tuple(placed(text, one.start, one.end) for one in text.sentences if one.start < end and one.end > start)


def minimal(alternatives: Iterable[Spans]) -> tuple[Spans, ...]:
    """The evidence sets in order, each once, without those that hold all of another one."""
    sets = list(dict.fromkeys(filter(None, alternatives)))
    keys = [frozenset((span.article, span.start) for span in spans) for spans in sets]
    return tuple(spans for spans, key in zip(sets, keys, strict=True) if not any(other < key for other in keys))


def proof(alternatives: Sequence[Spans]) -> tuple[tuple[Spans, ...], Spans]:
    """The ``minimal`` evidence sets, and what stands only in the others: acceptable, since people chose it too."""
    evidence = minimal(alternatives)
    needed = {span for spans in evidence for span in spans}
    every = dict.fromkeys(span for spans in alternatives for span in spans)
    return evidence, tuple(span for span in every if span not in needed)


def used(descriptions: dict[str, str], names: Sequence[str] | Iterator[str]) -> dict[str, str]:
    """The descriptions of the categories that occur."""
    found = set(names)
    return {name: text for name, text in descriptions.items() if name in found}
