"""What can be measured of a sentence as an answer to a question: numbers for the scorer, words for people.

Each feature is between -1 and 1 or so, and none is about what particular articles speak of. Their weights are the
scorer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from qa.answer.fit import STRICT, Fit, fit
from qa.answer.reading import SentenceRead
from qa.answer.speech import said_by, topic_words
from qa.answer.view import ArticleView, Meant
from qa.answer.words import Rarity, contains, content_stems, name_words, tokens
from qa.retrieve.words import NEGATIONS
from qa.statements.people import matches
from qa.types import Question, Span, Statement

#: The order of ``Measured.values``; a trained model names them, so that a change here is noticed at load.
NAMES = (
    "evidence", "pointed", "pointed_best", "answers", "passage_cosine", "terms_sentence", "terms_around",
    "terms_passage", "terms_title", "rarest_missing", "names_sentence", "names_around", "names_passage",
    "names_missing", "no_names", "figures_missing", "fit_strength", "fit_none", "no_kind", "why_fit", "definition_fit",
    "said_by", "said_by_other", "pairs", "negation", "is_question", "length", "first",
)  # fmt: skip
#: Those that the reader says; the others are cheap.
READ_NAMES = ("evidence", "pointed", "pointed_best", "answers")

_PLACES = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body sentence (``number`` in ``view``) that may answer, with the passage it stands in and that passage's
    cosine.
    """

    view: ArticleView
    number: int
    passage: Span
    passage_cosine: float
    copies: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """Where the sentence stands in its article."""
        sentence = self.view.sentences[self.number]
        return Span(sentence.start, sentence.end)

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from other candidates."""
        return self.view.article.id, self.number


@dataclass(frozen=True, slots=True)
class Measured:
    """The features of one candidate, its best expression, what a person may be told, and the short answer inside that
    the reader points at (offsets of the article).
    """

    candidate: Candidate
    values: tuple[float, ...]
    fit: Fit
    reasons: tuple[str, ...]
    pointed: Span | None = None

    def with_reading(self, read: SentenceRead) -> Measured:
        """The same with what the reader says of the sentence and its passage."""
        values = list(self.values)
        for name, value in zip(READ_NAMES, read.values, strict=True):
            values[_PLACES[name]] = value
        return replace(self, values=tuple(values), pointed=read.span)

    def value(self, name: str) -> float:
        """The feature of that name."""
        return self.values[_PLACES[name]]


class Measurer:
    """One question against many sentences: what of the question is worked out once."""

    def __init__(self, question: Question, rarity: Rarity) -> None:
        self.question = question
        self.rarity = rarity
        self.terms = content_stems(topic_words(question))
        self.names = tuple(words for words in map(name_words, (*question.names, *question.quoted)) if words)
        self.figures = frozenset(
            token.low for token in tokens(question.text) if token.low.isdigit() and len(token.low) > 1
        )
        words = [token.stem for token in tokens(question.text)]
        self.wanted = frozenset(words)
        self.pairs = frozenset(pairwise(words))
        self.negated = bool(NEGATIONS & {token.low for token in tokens(question.text)})
        self._articles: dict[tuple[str, tuple[str, ...]], float] = {}
        self._passages: dict[tuple[str, int, int], frozenset[str]] = {}

    def measure(self, candidate: Candidate) -> Measured:
        """All features of one candidate but the reader's, which are 0 until ``with_reading``."""
        view, number = candidate.view, candidate.number
        here = _Here(candidate)
        found = fit(self.question, view, number, wanted=self.wanted)
        names = [self._name(name, here) for name in self.names]
        said, other = self._speaker(view, number)
        kind = self.question.kind
        strict = kind in STRICT
        stems = here.stems
        missing = [
            self.rarity.of(term)
            for term in self.terms
            if term not in here.passage_stems and term not in here.title_stems
        ]
        values = {
            **dict.fromkeys(READ_NAMES, 0.0),
            "passage_cosine": candidate.passage_cosine,
            "terms_sentence": self.rarity.share(self.terms, stems),
            "terms_around": self.rarity.share(self.terms, stems | here.around_stems),
            "terms_passage": self.rarity.share(self.terms, here.passage_stems),
            "terms_title": self.rarity.share(self.terms, here.title_stems) if self.terms else 0.0,
            "rarest_missing": max(missing, default=0.0),
            "names_sentence": _mean([name[0] for name in names]),
            "names_around": _mean([name[1] for name in names]),
            "names_passage": _mean([name[2] for name in names]),
            "names_missing": _mean([1.0 - name[3] for name in names]),
            "no_names": float(not names),
            "figures_missing": float(bool(self.figures) and not self.figures & here.passage_lows),
            "fit_strength": found.strength if strict else 0.0,
            "fit_none": float(strict and not found.strength),
            "no_kind": float(not strict),
            "why_fit": found.strength if kind == "why" else 0.0,
            "definition_fit": found.strength if kind == "definition" else 0.0,
            "said_by": float(said is not None),
            "said_by_other": float(other),
            "pairs": self._pairs(view, number),
            "negation": float(self.negated != bool(NEGATIONS & here.lows)),
            "is_question": float(view.text(number).rstrip("\"'”’ ").endswith("?")),
            "length": min(len(stems), 40) / 40,
            "first": float(candidate.span.start == candidate.passage.start),
        }
        return Measured(candidate, tuple(values[name] for name in NAMES), found, self._reasons(here, found, said))

    def _name(self, name: tuple[str, ...], here: _Here) -> tuple[float, float, float, float]:
        """How much of a name stands in the sentence, with its neighbours, in the passage, in the article."""
        sentence = max(_presence(name, here.low_list), float(any(_means(name, meant) for meant in here.meant)))
        around = max(
            sentence, _presence(name, here.around_lows), float(any(_means(name, meant) for meant in here.around_meant))
        )
        passage = max(around, _presence(name, here.passage_list))
        return sentence, around, passage, max(passage, self._in_article(name, here.candidate.view))

    def _in_article(self, name: tuple[str, ...], view: ArticleView) -> float:
        """As ``_presence`` in all of an article: worked out once, since articles can be long."""
        key = (view.article.id, name)
        if key not in self._articles:
            self._articles[key] = _presence(name, view.words)
        return self._articles[key]

    def _speaker(self, view: ArticleView, number: int) -> tuple[Statement | None, bool]:
        """The statement in the sentence by a person whom the question names, and whether only others speak in it."""
        said = view.said(number)
        mine = next((statement for statement in said if said_by(self.question, view, statement)), None)
        return mine, mine is None and bool(said)

    def _pairs(self, view: ArticleView, number: int) -> float:
        stems = [token.stem for token in view.tokens(number)]
        there = frozenset(pairwise(stems))
        return len(self.pairs & there) / len(self.pairs) if self.pairs else 0.0

    def _reasons(self, here: _Here, found: Fit, said: Statement | None) -> tuple[str, ...]:
        reasons = []
        if said is not None:
            reasons.append(f"said by {said.speaker}" + (" (from context)" if said.inferred else ""))
        for name in self.names:
            meant = next((meant for meant in here.meant if _means(name, meant)), None)
            if meant is not None and not (said is not None and meant.person.name == said.speaker):
                reasons.append(f"names {meant.person.name}" + (f" ({meant.words})" if meant.kind != "name" else ""))
            elif meant is None and contains(here.low_list, name):
                reasons.append(f"names {' '.join(name)}")
        if found.span is not None and self.question.kind in STRICT:
            reasons.append(f"has a {_THING[self.question.kind]}: {found.span.of(here.candidate.view.article.text)}")
        shared = list(dict.fromkeys(token.low for token in here.tokens if token.stem in set(self.terms)))
        if shared:
            reasons.append(f"terms: {', '.join(shared)}")
        return tuple(reasons)


_THING = {"quantity": "figure", "when": "time", "where": "place", "who": "name"}


class _Here:
    """The words of a candidate, of its neighbours and of its passage."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        view, number = candidate.view, candidate.number
        self.tokens = view.tokens(number)
        self.low_list = [token.low for token in self.tokens]
        self.lows = frozenset(self.low_list)
        self.stems = frozenset(token.stem for token in self.tokens)
        self.meant = view.meant(number)
        near = [other for other in (number - 1, number + 1) if view.is_body(other)]
        self.around_tokens = [token for other in near for token in view.tokens(other)]
        self.around_lows = [token.low for token in self.around_tokens]
        self.around_stems = frozenset(token.stem for token in self.around_tokens)
        self.around_meant = [meant for other in near for meant in view.meant(other)]
        self.title_stems = frozenset(token.stem for token in view.head)

    @cached_property
    def _passage(self) -> list[tuple[str, str]]:
        view, passage = self.candidate.view, self.candidate.passage
        inside = [number for number in view.numbers_in(passage) if view.is_body(number)]
        return [(token.low, token.stem) for number in inside for token in view.tokens(number)]

    @cached_property
    def passage_list(self) -> list[str]:
        return [low for low, _ in self._passage]

    @cached_property
    def passage_lows(self) -> frozenset[str]:
        return frozenset(self.passage_list)

    @cached_property
    def passage_stems(self) -> frozenset[str]:
        return frozenset(stem for _, stem in self._passage)


def _means(name: Sequence[str], meant: Meant) -> bool:
    return matches(" ".join(name), meant.person)


def _presence(name: Sequence[str], words: Sequence[str]) -> float:
    """1 where the name stands in the words, half the share of its words that do otherwise."""
    if contains(words, name):
        return 1.0
    if len(name) == 1:
        return 0.0
    there = frozenset(words)
    return 0.5 * sum(word in there for word in name) / len(name)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
