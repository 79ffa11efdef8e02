"""The ground that the scripted systems stand on: a gold set and its corpus, seen item by item.

Characters are plain sets of (article, offset), counted from what gold itself says: slow, short, and nothing of the
scorer's span arithmetic is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from eval.corpus import Corpus, Text, read_corpus
from eval.gold.store import read_set
from eval.types import GoldSet, GoldSpan, Item
from qa.errors import UsageError

#: The set that is shipped for this, every feature of an item in it.
OWN = Path(__file__).parent / "gold"

Characters = frozenset[tuple[str, int]]


class Stretch(Protocol):
    """Whatever names a range ``[start, end)`` of an article."""

    @property
    def article(self) -> str:
        """The article's name."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the last."""


def characters(stretches: Iterable[Stretch]) -> Characters:
    """Every character in any of ``stretches``."""
    return frozenset((one.article, at) for one in stretches for at in range(one.start, one.end))


@dataclass(frozen=True, eq=False)
class Ground:
    """A set whose spans all stand where they say. ``own``: it is the shipped one, on which every expectation is
    exact.
    """

    gold: GoldSet
    corpus: Corpus
    own: bool = False

    @cached_property
    def facts(self) -> tuple[Facts, ...]:
        """The items, by their ids: what a system does depends on no order of theirs."""
        ordered = sorted(self.gold.items, key=lambda item: item.id)
        return tuple(Facts(item, number, self) for number, item in enumerate(ordered))


@dataclass(frozen=True)
class Facts:
    """An item, its place (from 0) among all by their ids, and the ground that it is of."""

    item: Item
    number: int
    ground: Ground

    @property
    def corpus(self) -> Corpus:
        """The corpus."""
        return self.ground.corpus

    @property
    def proved(self) -> bool:
        """Whether the item has an answer with gold spans."""
        return self.item.answerable and bool(self.item.evidence)

    @property
    def first(self) -> tuple[GoldSpan, ...]:
        """The evidence set that the oracle cites."""
        return self.item.evidence[0] if self.item.evidence else ()

    @cached_property
    def spans(self) -> tuple[GoldSpan, ...]:
        """The spans of all evidence sets, those of the first one first."""
        return tuple(span for spans in self.item.evidence for span in spans)

    @cached_property
    def allowed(self) -> Characters:
        """The characters that may be cited."""
        return characters((*self.spans, *self.item.acceptable))

    @cached_property
    def relevant(self) -> dict[str, int]:
        """The relevant articles with their grades, the highest first, else in the order of the evidence."""
        grades = self.item.relevant or {span.article: 1 for span in self.spans}
        return {name: grade for name, grade in sorted(grades.items(), key=lambda one: -one[1]) if grade > 0}

    @cached_property
    def elsewhere(self) -> tuple[Text, ...]:
        """The articles without gold for this item, beginning with another one for each item."""
        gold = {article for article, _ in self.allowed} | set(self.item.relevant)
        names = sorted(self.corpus)
        turned = names[self.number % len(names) :] + names[: self.number % len(names)]
        return tuple(self.corpus[name] for name in turned if name not in gold)


def own() -> Ground:
    """The shipped set."""
    return _checked(Ground(*_read(OWN), own=True))


def ground(reference: str | Path) -> Ground:
    """The set of that name, or in that folder; raises ``UsageError`` where a span doesn't stand where it says."""
    return _checked(Ground(*_read(reference)), reference)


def _read(reference: str | Path) -> tuple[GoldSet, Corpus]:
    gold = read_set(reference)
    return gold, read_corpus(Path(gold.corpus))


def _checked(made: Ground, reference: str | Path = OWN) -> Ground:
    for one in made.facts:
        for span in (*one.spans, *one.item.acceptable):
            text = made.corpus.get(span.article)
            if text is None or not span.quote or text.text[span.start : span.end] != span.quote:
                raise UsageError(
                    "selftest.unplaced",
                    f"{one.item.id!r}: {span.quote[:60]!r} doesn't stand at {span.start} in {span.article!r}",
                    remedy=f"qa eval gold check {reference} --write",
                )
    if not made.facts:
        raise UsageError("selftest.no_items", f"{str(reference)!r} has no items")
    return made
