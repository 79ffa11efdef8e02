"""Topics and statements, to learn when something said is about what was asked: words taken out of what people said.

Made from the news pages of the development data (MIT, article-extraction-benchmark). The questions are in
``scorer_data``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.bench.scorer_data import FILES, data_folder, view
from qa.answer.view import ArticleView
from qa.answer.words import Token, rarity_in_english, tokens
from qa.retrieve.words import is_function_word
from qa.statements.verbs import look_up
from qa.types import Statement


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of one to three words and something said. ``here``, ``around``: which part of the words stands in the
    sentence, or
    in it and its neighbours. ``about``: whether that was the statement that the words were taken from (they may
    have been cut out).
    """

    topic: str
    said: str
    here: float
    around: float
    about: bool
    kind: str
    article: int


def topics() -> list[Topic]:
    """Topics taken from statements in news articles, with the statement that they came from (whole, or with some or
    all of the words
    cut out) and with other statements. What is left when a word is cut out still says what it was about: that is
    what is learned.
    """
    articles = json.loads((data_folder() / FILES["aeb"]).read_text(encoding="utf-8"))
    views = [view(articles[key].get("articleBody") or "", "") for key in sorted(articles)]
    said = [(place, one) for place, there in enumerate(views) for one in there.statements]
    said = [(place, one) for place, one in said if _LEAST <= len(tokens(_said(views[place], one))) <= _MOST]
    rng = random.Random(23)
    found: list[Topic] = []
    for place, statement in said:
        words = _topical(_said(views[place], statement))
        for size in (1, 1, 2, 3):
            if len(words) > size:
                found += _of_topic(views, said, place, statement, rng.sample(words, size), rng)
    return found


_LEAST, _MOST = 6, 60
_RARE = 0.45
_APART = 2  # sentences; nearer ones are often about the same


def _said(one: ArticleView, statement: Statement) -> str:
    return one.article.text[statement.start : statement.end]


def _topical(text: str) -> list[Token]:
    """Words that somebody may ask about: in small letters, not too common, no verb of saying."""
    return [
        word
        for word in tokens(text)
        if len(word.low) > 3 and word.low.isalpha() and text[word.start].islower() and not is_function_word(word.low)
        if look_up(word.low) is None and rarity_in_english([word.low]).get(word.stem, 0.0) >= _RARE
    ]


def _of_topic(
    views: Sequence[ArticleView],
    said: Sequence[tuple[int, Statement]],
    place: int,
    statement: Statement,
    words: Sequence[Token],
    rng: random.Random,
) -> Iterator[Topic]:
    topic = " ".join(word.low for word in words)
    stems = frozenset(word.stem for word in words)

    def pair(at: int, one: Statement, *, text: str, there: frozenset[str], about: bool, kind: str) -> Topic:
        near = _stems(views[at], one.sentence - 1) | _stems(views[at], one.sentence + 1)
        share = len(stems & there) / len(stems)
        return Topic(topic, text, share, max(share, len(stems & (there | near)) / len(stems)), about, kind, at)

    whole = _said(views[place], statement)
    yield pair(place, statement, text=whole, there=stems, about=True, kind="its own")
    gone = stems if rng.random() < 0.5 else frozenset(rng.sample(sorted(stems), max(1, len(stems) - 1)))
    label = "its own, all words cut" if gone == stems else "its own, some words cut"
    yield pair(place, statement, text=_without(whole, gone), there=stems - gone, about=True, kind=label)
    others = [one for at, one in said if at == place and abs(one.sentence - statement.sentence) > _APART]
    if others:
        other = rng.choice(others)
        there = stems & _stems(views[place], other.sentence)
        if there != stems:
            yield pair(
                place, other, text=_said(views[place], other), there=there, about=False, kind="another of the article"
            )
    at, other = rng.choice(said)
    there = stems & _stems(views[at], other.sentence)
    if at != place and there != stems:
        yield pair(at, other, text=_said(views[at], other), there=there, about=False, kind="of another article")


def _without(text: str, gone: frozenset[str]) -> str:
    kept, last = [], 0
    for word in tokens(text):
        if word.stem in gone:
            kept.append(text[last : word.start])
            last = word.end
    return " ".join("".join([*kept, text[last:]]).split())


def _stems(one: ArticleView, number: int) -> frozenset[str]:
    inside = 0 <= number < len(one.sentences)
    return frozenset(token.stem for token in one.tokens(number)) if inside else frozenset()
