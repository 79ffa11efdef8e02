"""The classes of words in ``lexicon.toml`` as they are looked up: by form, by stem, or in either."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from qa.answer.words import stem


@dataclass(frozen=True, slots=True)
class Antonyms:
    """``sides`` are for each key its (pair, side); a key is a stem, or a form where the stems of a pair agree."""

    sides: Mapping[str, tuple[tuple[int, int], ...]]

    def opposed(self, low: str, other: str) -> bool:
        """Whether the two words stand on different sides of a pair."""
        theirs = self._of(other)
        if root(low) == root(other):
            theirs = self.sides.get(other, ())
            return any((pair, 1 - side) in theirs for pair, side in self.sides.get(low, ()))
        return any((pair, 1 - side) in theirs for pair, side in self._of(low))

    def known(self, low: str) -> bool:
        """Whether the word has an antonym here."""
        return bool(self._of(low))

    def _of(self, low: str) -> tuple[tuple[int, int], ...]:
        return (*self.sides.get(low, ()), *self.sides.get("~" + root(low), ()))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number words and what they are; ``fractions`` are denominators."""

    small: Mapping[str, int]
    tens: Mapping[str, int]
    ordinals: Mapping[str, int]
    ordinal_tens: Mapping[str, int]
    fractions: Mapping[str, int]
    scales: Mapping[str, int]
    vague: frozenset[str]


@dataclass(frozen=True, slots=True)
class Units:
    """Units by spelling. ``money`` and ``measures`` give the canonical name, ``times`` the family and the factor."""

    signs: Mapping[str, str]
    before: Mapping[str, str]
    money: Mapping[str, str]
    measures: Mapping[str, str]
    dollars: Mapping[str, str]
    times: Mapping[str, tuple[str, Decimal]]
    percent: frozenset[str]
    points: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of it. ``modality`` and ``reports`` map words or stems to their class; ``hedges`` are phrases with theirs."""

    antonyms: Antonyms
    prepositions: Antonyms
    prefixes: tuple[str, ...]
    symmetric: frozenset[str]
    phrasal: frozenset[str]
    negation: Mapping[str, frozenset[str]]
    modality: Mapping[str, frozenset[str]]
    reports: Mapping[str, str]
    neutral: frozenset[str]
    containers: frozenset[str]
    people: frozenset[str]
    bodies: frozenset[str]
    quantifiers: Mapping[str, str]
    hedges: tuple[tuple[tuple[str, ...], str], ...]
    numbers: Numbers
    units: Units
    same: Mapping[str, frozenset[str]] = field(default_factory=dict)


@lru_cache(maxsize=16_384)
def root(low: str) -> str:
    """What the forms of a word share, its nouns included: the stem's stem ("considering", "considers"), then the verb
    that a noun is made of ("closure", "close").
    """
    bare = _bare(low)
    return _families().get(bare, bare)


@lru_cache(maxsize=1)
def _families() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for family in _data()["families"]["verbs"]:
        first, *others = family.split()
        found.update((_bare(word), _bare(first)) for word in others)
    return found


def _bare(word: str) -> str:
    shorter = stem(word)
    while shorter != word:
        word, shorter = shorter, stem(shorter)
    return word


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("qa.answer.support").joinpath("lexicon.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon; read once."""
    data = _data()
    verbal = {name for name in data["modality"] if name.startswith("to_")} | {"considered", "rumoured", "accused"}
    modality = {name: _set(words, stems=name in verbal) for name, words in data["modality"].items()}
    negation = {name: _set(words, stems=name in ("verbs", "disowned")) for name, words in data["negation"].items()}
    reports = {word: name for name, words in data["reports"].items() if name != "neutral" for word in words.split()}
    hedges = [(tuple(phrase.split()), name) for name, phrases in data["hedges"].items() for phrase in phrases]
    return Lexicon(
        antonyms=_antonyms(data["antonyms"]["pairs"]),
        prepositions=Antonyms(_by_form(data["antonyms"]["prepositions"])),
        prefixes=tuple(data["antonyms"]["prefixes"].split()),
        symmetric=_set(data["antonyms"]["symmetric"], stems=True),
        phrasal=_set(data["antonyms"]["phrasal"], stems=True),
        negation=negation,
        modality=modality,
        reports=reports,
        neutral=_set(data["reports"]["neutral"], stems=True),
        containers=_set(data["containers"]["words"], stems=False),
        bodies=_set(data["counted"]["bodies"], stems=False),
        people=_set(data["counted"]["people"], stems=True),
        quantifiers={word: name for name, words in data["quantifiers"].items() for word in words.split()},
        hedges=tuple(sorted(hedges, key=lambda hedge: (-len(hedge[0]), hedge))),
        numbers=_numbers(data["numbers"]),
        units=_units(data["units"], data["times"]),
        same=_same(data["names"]),
    )


def _set(words: str, *, stems: bool) -> frozenset[str]:
    """Words as written, or their roots; of a phrase ("rule-out") the roots of its parts."""
    return frozenset("-".join(map(root, word.split("-"))) if stems else word for word in words.split())


def _antonyms(pairs: Sequence[Sequence[str]]) -> Antonyms:
    sides: dict[str, list[tuple[int, int]]] = {}
    for pair, both in enumerate(pairs):
        stems = [{root(word) for word in side.split()} for side in both]
        shared = stems[0] & stems[1]
        for side, words in enumerate(both):
            for word in words.split():
                key = word if root(word) in shared else "~" + root(word)
                sides.setdefault(key, []).append((pair, side))
    return Antonyms({key: tuple(dict.fromkeys(found)) for key, found in sides.items()})


def _by_form(pairs: Sequence[Sequence[str]]) -> dict[str, tuple[tuple[int, int], ...]]:
    return {
        word: ((pair, side),) for pair, both in enumerate(pairs) for side, ws in enumerate(both) for word in ws.split()
    }


def _numbers(data: Mapping[str, Any]) -> Numbers:
    return Numbers(
        small={word: n for n, word in enumerate(data["small"].split())},
        tens={word: 10 * n for n, word in enumerate(data["tens"].split(), 2)},
        ordinals={word: n for n, word in enumerate(data["ordinals"].split())},
        ordinal_tens={word: 10 * n for n, word in enumerate(data["ordinal_tens"].split(), 2)},
        fractions={word: n for n, words in enumerate(data["fractions"], 2) for word in words.split()}
        | {"fourth": 4, "fourths": 4},
        scales=data["scales"] | {f"{word}s": n for word, n in data["scales"].items() if len(word) > 4},
        vague=frozenset(data["vague"].split()),
    )


def _units(data: Mapping[str, Any], times: Mapping[str, Any]) -> Units:
    spelled = {
        name: (family, Decimal(factor)) for family in ("seconds", "months") for name, factor in times[family].items()
    }
    plural = {f"{name}s": unit for name, unit in spelled.items()}
    other = {spelling: spelled[name] for spelling, name in times["spellings"].items()}
    return Units(
        signs=data["signs"],
        before=data["before"],
        money=dict(_spellings(data["money"])),
        measures=dict(_spellings(data["measures"])),
        dollars=data["dollars"],
        times=spelled | plural | other,
        percent=frozenset(data["percent"].split()),
        points=frozenset(data["points"].split()),
    )


def _spellings(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, words in table.items():
        for word in words.split():
            yield word, name


def _same(data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """For each name (lower case) the others that it may stand for."""
    found: dict[str, set[str]] = {}
    for group in data["same"]:
        for name in group.split("|"):
            found.setdefault(name, set()).update(set(group.split("|")) - {name})
    for entry in data["of"].replace("\n", "|").split("|"):
        people, _, country = entry.partition(" ")
        for one in (country, *found.get(country, ())):
            found.setdefault(people, set()).add(one)
            found.setdefault(one, set()).add(people)
    return {name: frozenset(others) for name, others in found.items()}
