"""Whether a sentence has the kind of thing that a question asks for (a figure, a date, a place, a person), and where.

Grammar and closed classes only; whether that thing is the right one is the scorer's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answer.expressions import (
    ASKED,
    BECAUSE,
    COUNTED,
    DATE,
    FIGURE,
    MONEY,
    RELATIVE,
    VAGUE,
    definitions,
    found,
)
from qa.answer.view import ArticleView
from qa.answer.words import Token, tokens
from qa.retrieve.words import is_function_word
from qa.statements.roles import is_head
from qa.statements.vocabulary import COUNTRIES, HONORIFICS, MONTHS_AND_DAYS, NATIONALITIES, PLACES
from qa.types import Question, Span

#: Kinds of question whose answer is a thing that can be seen in a sentence.
STRICT = frozenset({"quantity", "when", "where", "who"})


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the best expression in a sentence fits the question's kind (0 to 1), and where it stands in the
    article.
    """

    strength: float
    span: Span | None = None


_NONE = Fit(0.0)
#: A figure right before the thing that is counted.
_COUNTS = 0.9
_PLACE_LEAD = frozenset(
    ("in", "at", "near", "from", "outside", "inside", "across", "throughout", "around", "between", "off", "to", "into")
) | {"of", "on"}


def fit(question: Question, view: ArticleView, number: int, *, wanted: frozenset[str]) -> Fit:
    """How sentence ``number`` of ``view`` fits. ``wanted`` are the stems of the question; what it says itself is no
    answer.
    """
    span = view.sentences[number]
    expressions = sorted(_expressions(question, view, number), key=lambda item: -item[0])
    fresh = [(strength, place) for strength, place in expressions if not _is_echo(view, place, wanted)]
    if not fresh:
        return _NONE
    best = fresh[0][0]
    anchors = _anchors(question, view, number, wanted)
    near = min(
        (place for strength, place in fresh if strength == best),
        key=lambda place: _distance(place, anchors, span.start),
    )
    return Fit(best, near)


def _anchors(question: Question, view: ArticleView, number: int, wanted: frozenset[str]) -> list[int]:
    """Where the words of the question stand that aren't names; those of names where there is no other."""
    there = [token for token in view.tokens(number) if token.stem in wanted and not is_function_word(token.low)]
    names = {token.stem for name in question.names for token in tokens(name)}
    return [token.start for token in there if token.stem not in names] or [token.start for token in there]


def _expressions(question: Question, view: ArticleView, number: int) -> Iterator[tuple[float, Span]]:
    text, span = view.article.text, view.sentences[number]
    if question.kind == "quantity":
        yield from _quantities(question.text, text, span.start, span.end)
    elif question.kind == "when":
        strict = re.search(r"\byear\b", question.text, re.IGNORECASE) is not None
        yield from ((1.0, place) for place in found(DATE, text, span.start, span.end))
        yield from ((0.3 if strict else 0.6, place) for place in found(RELATIVE, text, span.start, span.end))
    elif question.kind == "where":
        yield from _places(view, number)
    elif question.kind == "who":
        yield from _persons(question, view, number)
    elif question.kind == "definition":
        yield from _definitions(question, text, span.start, span.end)
    elif question.kind == "why":
        yield from ((1.0, place) for place in found(BECAUSE, text, span.start, span.end))


def _is_echo(view: ArticleView, place: Span, wanted: frozenset[str]) -> bool:
    """Whether every word of an expression stands in the question: "310 jobs" doesn't answer "Why 310 jobs?"."""
    words = tokens(view.article.text, place.start, place.end)
    return bool(words) and all(word.stem in wanted for word in words)


def _distance(place: Span, anchors: Sequence[int], start: int) -> float:
    if not anchors:
        return float(place.start - start)
    return min(min(abs(anchor - place.start), abs(anchor - place.end)) for anchor in anchors)


# --- figures


def _quantities(question: str, text: str, start: int, end: int) -> Iterator[tuple[float, Span]]:
    how_many = re.match(r"how many", question, re.IGNORECASE)
    for asked, pattern in ASKED:
        if asked.search(question) and not (pattern is MONEY and how_many):
            yield from ((1.0, place) for place in found(pattern, text, start, end))
    dates = list(found(DATE, text, start, end))
    for place in found(FIGURE, text, start, end):
        if place.of(text).casefold() in VAGUE and _counts(question, text, place, end) < _COUNTS:
            continue
        if not any(date.start <= place.start < date.end for date in dates):
            yield _counts(question, text, place, end), place


def _counts(question: str, text: str, place: Span, end: int) -> float:
    """A bare figure: full strength right before the thing that is counted."""
    match = COUNTED.search(question)
    if match is None:
        return 0.5
    counted = {token.stem for token in tokens(match.group(1)) if not is_function_word(token.low)}
    after = [token.stem for token in tokens(text, place.end, min(end, place.end + 40))[:4]]
    return _COUNTS if counted & set(after) else 0.5


# --- places and persons


def _runs(view: ArticleView, number: int) -> Iterator[list[Token]]:
    """Runs of capitalised words in a sentence (its first word counts only inside a longer run, or as a known place)."""
    text, run = view.article.text, list[Token]()
    words = view.tokens(number)
    for place, word in enumerate(words):
        capital = text[word.start].isupper() and not (place == 0 and is_function_word(word.low))
        joined = bool(run) and text[run[-1].end : word.start] in (" ", "-", ". ", "'", "’")
        if run and not (capital and joined):
            yield run
            run = []
        if capital:
            run.append(word)
    if run:
        yield run


def _places(view: ArticleView, number: int) -> Iterator[tuple[float, Span]]:
    text, words = view.article.text, view.tokens(number)
    index = {word.start: place for place, word in enumerate(words)}
    people = [(mention.start, mention.end) for person in view.people for mention in person.mentions]
    for run in _runs(view, number):
        lows = [word.low for word in run]
        if all(low in MONTHS_AND_DAYS or low in HONORIFICS or is_head(low) for low in lows):
            continue
        if any(start < run[-1].end and run[0].start < end for start, end in people):
            continue
        span = Span(run[0].start, run[-1].end)
        if text[span.end : span.end + 2].strip()[:1].isdigit():  # a currency, or the name of a product
            continue
        if any(low in COUNTRIES or low in PLACES for low in lows):
            yield 1.0, span
            continue
        before = [words[place].low for place in range(max(0, index[run[0].start] - 5), index[run[0].start])]
        led = bool(before) and (
            before[-1] in _PLACE_LEAD
            or (len(before) > 1 and before[-1] in ("the", "s") and any(b in _PLACE_LEAD for b in before))
        )
        yield (0.8 if led else 0.4), span


def _persons(question: Question, view: ArticleView, number: int) -> Iterator[tuple[float, Span]]:
    span = view.sentences[number]
    named = set()
    for person in view.people:
        for mention in person.mentions:
            if span.start <= mention.start < span.end and mention.kind == "name":
                named.add(mention.start)
                yield 1.0, Span(mention.start, mention.end)
    for run in _runs(view, number):
        lows = [word.low for word in run]
        if run[0].start in named or all(low in MONTHS_AND_DAYS or low in NATIONALITIES for low in lows):
            continue
        yield 0.5, Span(run[0].start, run[-1].end)


# --- definitions


def _definitions(question: Question, text: str, start: int, end: int) -> Iterator[tuple[float, Span]]:
    """The best definition of the question's term in a sentence; the whole sentence is the answer then."""
    wanted = question.names or question.terms
    if not wanted:
        return
    for strength, pattern in definitions(max(wanted, key=len)):
        if pattern.search(text, start, end):
            yield strength, Span(start, end)
            return
