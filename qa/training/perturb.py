"""Turns a question that a passage answers into one that it doesn't: another name, year, number, topic, or the contrary.

What comes out reads like a question that somebody may ask, since it is wrong in one thing only. A few of them are still
answered by the passage, where what was changed didn't matter; people who write such questions miss some, too.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

from qa.training.items import Item, Passage

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][\w’'&-]*(?: (?:of |the |de |van |von )?[A-Z][\w’'&-]*)*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?![\w.,]?\d)")
_BEFORE = re.compile(r"(\w+) $")
_ASKED = re.compile(
    r"(?:what|who|which|how many)(?: [a-z]+)? (is|are|was|were|can|will|could|should|would)\b", re.IGNORECASE
)
_PLACE_WORDS = frozenset({"in", "at", "from", "to", "near"})
_RARE = 0.002  # a word that so small a share of questions has is about something
_TRIES = 8


class Perturber:
    """Knows the names and topics of a collection of passages and questions, from which wrong ones are taken."""

    def __init__(self, items: Sequence[Item]) -> None:
        passages = {id(item.passage): item.passage for item in items}.values()
        self._names: dict[str, tuple[str, ...]] = {}
        places: dict[str, Counter[str]] = defaultdict(Counter)
        for one in passages:
            found = names(one.text)
            self._names[one.text] = tuple(dict.fromkeys(name for name, _ in found))
            for name, before in found:
                places[name][_kind(before)] += 1
        self._pool: dict[str, list[str]] = defaultdict(list)
        for name, kinds in places.items():
            self._pool[kinds.most_common(1)[0][0]].append(name)
        counts = Counter(word for item in items for word in set(_words(item.question)))
        self._rare = frozenset(word for word, count in counts.items() if count < _RARE * len(items) and len(word) > 3)
        topics: dict[str, set[str]] = defaultdict(set)
        for item in items:
            for before, word in pairwise(_words(item.question)):
                if word in self._rare:
                    topics[before].add(word)
        self._topics = {before: sorted(words) for before, words in topics.items()}

    def perturb(self, item: Item, rng: random.Random) -> Item | None:
        """The item with a question that its passage doesn't answer, or None where none of the ways applies."""
        ways = [
            self._name,
            self._name,
            self._name,
            self._year,
            self._number,
            self._contrary,
            self._negated,
            self._topic,
        ]
        rng.shuffle(ways)
        for way in ways:
            question = way(item, rng)
            if question and question.casefold() != item.question.casefold():
                made = way.__name__.strip("_")
                return Item(source=item.source, question=question, passage=item.passage, answers=(), made=made)
        return None

    def _name(self, item: Item, rng: random.Random) -> str:
        """Another name in the place of one: from the same passage, or one that is used alike elsewhere."""
        question, text = item.question, item.passage.text
        there = names(question)
        if not there:
            return ""
        name, before = rng.choice(there)
        if item.passage.title and name in item.passage.title and rng.random() < 0.5:
            return ""  # the title's name is often dispensable
        answers = item.texts()
        near = [
            other for other in self._names.get(text, ())
            if other not in question
            and not any(other.casefold() in answer or answer in other.casefold() for answer in answers)
            and not (set(other.split()) & set(name.split()))
        ]  # fmt: skip
        if near and rng.random() < 0.5:
            return _replaced(question, name, rng.choice(near))
        pool = self._pool[_kind(before)]
        for _ in range(_TRIES):
            other = rng.choice(pool) if pool else ""
            if other and other not in text and not set(other.split()) & set(name.split()):
                return _replaced(question, name, other)
        return ""

    def _year(self, item: Item, rng: random.Random) -> str:
        found = _YEAR.search(item.question)
        if not found:
            return ""
        others = [year for year in _YEAR.findall(item.passage.text) if year != found[0] and year not in item.texts()]
        year = (
            rng.choice(others)
            if others and rng.random() < 0.5
            else str(int(found[0]) + rng.choice((-9, -2, -1, 1, 3, 8)))
        )
        return _replaced(item.question, found[0], year)

    def _number(self, item: Item, rng: random.Random) -> str:
        found = _NUMBER.search(item.question)
        if not found:
            return ""
        other = str(int(found[0]) + rng.choice((1, 2, 3, 5, 10)))
        return "" if other in item.passage.text else _replaced(item.question, found[0], other)

    def _contrary(self, item: Item, rng: random.Random) -> str:
        if item.source == "torque":
            return ""  # something happened before and after everything
        there = [word for word in _WORD.findall(item.question) if word.casefold() in contraries()]
        if not there:
            return ""
        word = rng.choice(there)
        return _replaced(item.question, word, rng.choice(contraries()[word.casefold()]))

    def _negated(self, item: Item, rng: random.Random) -> str:
        """ "What is" to "what is not"; not every one, since that is easily told."""
        found = _ASKED.match(item.question)
        if not found or rng.random() < 0.5 or re.search(r"\bnot\b|n't", item.question):
            return ""
        return _replaced(item.question, found[1], negations().get(found[1].casefold(), found[1]))

    def _topic(self, item: Item, rng: random.Random) -> str:
        """Another topic in the place of a telling word: one that follows the same word in another question."""
        inside = frozenset(_words(item.passage.text))
        there = [pair for pair in pairwise(_words(item.question)) if pair[1] in self._rare and pair[1] in inside]
        if not there:
            return ""
        before, word = rng.choice(there)
        pool = self._topics[before]
        for _ in range(_TRIES):
            other = rng.choice(pool)
            if other not in inside and other[-2:] == word[-2:]:
                return _replaced(item.question, word, other)
        for _ in range(_TRIES):
            other = rng.choice(pool)
            if other not in inside:
                return _replaced(item.question, word, other)
        return ""


def names(text: str) -> list[tuple[str, str]]:
    """The names in a text that don't begin a sentence, each with the word before it."""
    found = []
    for one in _NAME.finditer(text):
        before = _BEFORE.search(text[: one.start()][-20:])
        if one[0] not in no_names() and len(one[0]) > 2:
            found.append((one[0], before[1].casefold() if before else ""))
    return found


def without_evidence(item: Item) -> Item | None:
    """The item with a passage from which the sentences that answer were taken out; None where the rest still may."""
    text, answers = item.passage.text, item.texts()
    kept = [
        (start, end)
        for start, end in item.passage.sentences
        if not any(begin < end and stop > start for begin, stop in item.answers)
    ]
    rest = " ".join(text[start:end] for start, end in kept)
    if len(rest) < 80 or any(answer in rest.casefold() for answer in answers):
        return None
    return Item(
        source=item.source, question=item.question, passage=rejoined(item.passage, kept), answers=(), made="removed"
    )


def rejoined(one: Passage, kept: Iterable[tuple[int, int]]) -> Passage:
    """A passage of some of another's sentences, put together with spaces."""
    parts, sentences, begin = [], [], 0
    for start, end in kept:
        parts.append(one.text[start:end])
        sentences.append((begin, begin + end - start))
        begin += end - start + 1
    return Passage(text=" ".join(parts), title=one.title, group=one.group, sentences=tuple(sentences))


@lru_cache(maxsize=1)
def contraries() -> dict[str, list[str]]:
    """For each word those that say the contrary or ask for another thing."""
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in _lexicon()["pairs"]:
        found[one].append(other)
        found[other].append(one)
    return dict(found)


@lru_cache(maxsize=1)
def negations() -> dict[str, str]:
    """For each auxiliary its negated form."""
    return {pair[0]: pair[1] for pair in _lexicon()["negated"]}


@lru_cache(maxsize=1)
def no_names() -> frozenset[str]:
    """Words with a capital that name nobody."""
    return frozenset(_lexicon()["no_names"])


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, list[Any]]:
    lexicon: dict[str, list[Any]] = tomllib.loads(
        resources.files(__package__).joinpath("perturb.toml").read_text(encoding="utf-8")
    )
    return lexicon


def _kind(before: str) -> str:
    return "place" if before in _PLACE_WORDS else before if before in {"of", "the", "by", "with"} else "other"


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _replaced(question: str, word: str, other: str) -> str:
    """The question with one word or name exchanged, once, and its first letter as it was."""
    changed = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: other, question, count=1, flags=re.IGNORECASE)
    return changed[0].upper() + changed[1:] if question[:1].isupper() else changed
