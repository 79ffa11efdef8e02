"""All that somebody is reported to have said: every statement of theirs, those about a topic apart, with the counts.

Who speaks in each article is ``qa.statements``'s. Here the bearers of a name are told apart, never merged on a surname,
and what several articles print in the same words is counted once.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa.answer.citations import cite
from qa.answer.notices import gives_orders
from qa.answer.speech import is_described
from qa.answer.topics import FARTHER, Topics
from qa.answer.view import ArticleView, view_of
from qa.answer.weights import Weights, shipped_weights, sigmoid
from qa.answer.words import Rarity, contains, content_stems, name_words, rarity_in_english, tokens
from qa.errors import UsageError
from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.duplicates import SAME, SHORTEST_SHARE, Print, print_of, same
from qa.retrieve.words import LEGAL_FORMS
from qa.statements.naming import covers, fold, name_parts
from qa.types import Article, Citation, Filters, Statement

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

#: A statement is about a topic where that is more likely than not.
ABOUT = 0.5
_COMMON = 5_000  # passages
_LONGEST_NAME = 6  # words; longer sources are descriptions
_BEGINNINGS = frozenset(("the", "a", "an", "its", "his", "her", "their", "our"))
_WHOSE = re.compile(r"\s(?:of|for|from|at)\s")
_PRONOUNS = frozenset(("he", "she", "him", "her", "they", "it"))
_CLOSEST = 2  # statements
_SIMILAR, _ALIKE = 3, 0.75  # names, and how much of a word of theirs is the same
_SHARED = SAME * SHORTEST_SHARE
_SHORTEST_COPY = 5  # words; shorter ones are said often


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One thing said: the sentences it stands in, and for each who says it and how that is known. ``about`` is the
    probability that it's about the topic, ``None`` without one. The citation's ``copies`` are other articles that print
    it.
    """

    citation: Citation
    statements: tuple[Statement, ...]
    about: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """One of those whom the name may mean: all their statements are counted (copies once), ``listed`` are those about
    the topic, newest first, undated ones last; ``closest`` the nearest to it where none is.
    """

    name: str
    statements: int
    articles: int
    listed: tuple[Stated, ...]
    closest: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the bearers of a name said. Of the articles in which one speaks, ``outside`` counts those that aren't of the
    source or in the window asked for, ``undated`` those of which that isn't known; ``unresolved`` are the statements of
    a "he" or "she" who isn't known in the others. ``similar`` are speakers spelled nearly so, where nobody bears it.
    """

    who: str
    about: str
    bearers: tuple[Bearer, ...]
    outside: int = 0
    undated: int = 0
    unresolved: int = 0
    similar: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything is listed."""
        return any(bearer.listed for bearer in self.bearers)


def said(
    ledger: Ledger, who: str, *, about: str, filters: Filters, embedder: Embedder, weights: Weights | None = None
) -> Said:
    """Every statement of whoever bears the name ``who``, those about ``about`` listed (all, where that is empty).

    Raises ``UsageError`` for a topic without a word that tells something.
    """
    if about.strip() and not content_stems([about]):
        raise UsageError("said.bad_topic", f"a topic needs a word that tells something; {about.strip()!r} has none")
    found = _Found(ledger, who, filters)
    topic = _Topic(ledger, about, embedder, weights or shipped_weights()) if about.strip() else None
    everything = [one for group in found.groups.values() for one in group]
    scores = iter(topic.probabilities(everything) if topic is not None else [None] * len(everything))
    bearers = [_bearer(group, [next(scores) for _ in group]) for group in found.groups.values()]
    return Said(
        who=who,
        about=about.strip(),
        bearers=tuple(sorted(bearers, key=lambda one: (-len(one.listed), -one.statements, one.name))),
        outside=found.outside,
        undated=found.undated,
        unresolved=found.unresolved,
        similar=() if bearers or found.outside or found.undated else tuple(_similar(who, ledger.speakers())),
    )


def _similar(who: str, speakers: Sequence[str]) -> Iterator[str]:
    by_part: dict[str, list[str]] = defaultdict(list)
    for speaker in speakers:
        for part in name_parts(speaker) if speaker[:1].isupper() else ():
            by_part[part].append(speaker)
    close = (get_close_matches(part, by_part, n=_SIMILAR, cutoff=_ALIKE) for part in name_parts(who))
    yield from list(dict.fromkeys(speaker for parts in close for part in parts for speaker in by_part[part]))[:_SIMILAR]


@dataclass(frozen=True, slots=True)
class _One:
    """A statement and the sentences in which it goes on."""

    view: ArticleView
    run: list[Statement]
    copies: list[str] = field(default_factory=list)

    @property
    def article(self) -> Article:
        return self.view.article

    @property
    def words(self) -> str:
        """What was said."""
        return " ".join(piece.of(self.article.text) for one in self.run for piece in one.content)

    def goes_on(self, statement: Statement) -> bool:
        """Whether the quotation goes on in the next sentence of its paragraph."""
        last, view = self.run[-1], self.view
        if statement.sentence != last.sentence + 1 or statement.speaker != last.speaker:
            return False
        between = view.article.text[view.sentences[last.sentence].end : view.sentences[statement.sentence].start]
        return "\n\n" not in between and statement.inferred and statement.kind == "direct" and last.kind != "indirect"


class _Found:
    """The statements of a name's bearers: in groups, one for each full name."""

    def __init__(self, ledger: Ledger, who: str, filters: Filters) -> None:
        self.groups: dict[tuple[str, ...], list[_One]] = {}
        self.undated = self.outside = self.unresolved = 0
        meant = [speaker for speaker in ledger.speakers() if is_meant(who, speaker)]
        inside = frozenset(ledger.article_ids(filters=filters))
        dated = filters.since is not None or filters.until is not None
        groups: dict[tuple[str, ...], list[_One]] = defaultdict(list)
        description = frozenset(content_stems([who])) if _is_description(who) else frozenset[str]()
        words = (lexical.phrase(token.low) for token in tokens(who) if token.low not in _BEGINNINGS)
        having = lexical.articles_with(ledger, lexical.all_of(words)) if description else []
        for id in sorted({*having, *ledger.articles_of_speakers(meant)}):
            article = ledger.article(id)
            if article is None or id in filters.without:
                continue
            view = view_of(ledger, article)
            holders = {person.name for person in view.people if is_described(description, person, article.text)}
            theirs = {statement.speaker for statement in view.statements} & {*meant, *holders}
            if not theirs:
                continue
            if id not in inside:
                unknown = dated and article.published is None
                self.undated += unknown
                self.outside += not unknown
                continue
            for statement in view.statements:
                self.unresolved += fold(statement.speaker) in _PRONOUNS
                if statement.speaker not in theirs or gives_orders(view.text(statement.sentence)):
                    continue
                ones = groups[key_of(statement.speaker, article.id)]
                if ones and ones[-1].view is view and ones[-1].goes_on(statement):
                    ones[-1].run.append(statement)
                else:
                    ones.append(_One(view, [statement]))
        self.groups = {key: list(_without_copies(ones)) for key, ones in groups.items()}


def is_meant(who: str, speaker: str) -> bool:
    """Whether ``who`` can mean a speaker: by a form of their name, or by words of a description ("the mayor")."""
    if fold(speaker) in _PRONOUNS:
        return False
    words = [token.low for token in tokens(speaker)]
    if _is_description(who):
        head = speaker if _WHOSE.search(who) else _WHOSE.split(speaker)[0]  # a spokesman for the mayor isn't the mayor
        wanted = set(content_stems([who]))
        return bool(wanted) and wanted <= set(content_stems([head]))
    if len(words) <= _LONGEST_NAME and _first(speaker) not in _BEGINNINGS:
        return covers(name_parts(who), name_parts(speaker)) or contains(words, name_words(who))
    return contains(words, name_words(who))


def _is_description(who: str) -> bool:
    """Whether somebody is described rather than named: "the mayor"."""
    return _first(who) in _BEGINNINGS


def _first(name: str) -> str:
    return (fold(name).split() or [""])[0]


def key_of(speaker: str, article: str) -> tuple[str, ...]:
    """What two names of one bearer have in common: its folded words, without titles and legal forms. A description
    ("the mayor") is somebody's of its article only.
    """
    if _first(speaker) in _BEGINNINGS or not any(letter.isupper() for letter in speaker):
        return (fold(speaker), article)
    parts = tuple(part for part in name_parts(speaker) if part.strip(".") not in LEGAL_FORMS)
    return parts or (fold(speaker),)


def _without_copies(ones: Iterable[_One]) -> Iterator[_One]:
    """Each thing said once, from the earliest article that has it; the others are its copies.

    Copies share more than ``_SHARED`` of the shingles of either, so one of the rarest of the rest is common to both
    (prefix filtering, Chaudhuri et al. 2006): phrases that everybody uses bring nothing together.
    """
    ordered = sorted(ones, key=lambda one: (one.article.published or date.max, one.article.id, one.run[0].start))
    prints = [print_of(one.words) for one in ordered]
    frequency = Counter(shingle for found in prints for shingle in found.shingles)
    kept: list[tuple[_One, Print]] = []
    by_shingle: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for one, found in zip(ordered, prints, strict=True):
        rarest = sorted(found.shingles, key=lambda shingle: (frequency[shingle], shingle))
        telling = rarest[: len(rarest) - math.ceil(_SHARED * len(rarest)) + 1]
        near = sorted({place for shingle in telling for place in by_shingle[shingle]})
        twin = next((kept[place][0] for place in near if _is_copy(one, found, *kept[place])), None)
        if twin is not None:
            twin.copies.append(one.article.id)
            continue
        for shingle in telling:
            by_shingle[shingle].append(len(kept))
        kept.append((one, found))
    yield from (one for one, _ in kept)


def _is_copy(one: _One, mine: Print, other: _One, theirs: Print) -> bool:
    if one.article.id == other.article.id or one.article.id in other.copies:
        return False
    return len(mine.words) >= _SHORTEST_COPY and same(mine, theirs)


def _bearer(ones: Sequence[_One], scores: Sequence[float | None]) -> Bearer:
    names = [one.run[0].speaker for one in ones]
    everything = [
        Stated(citation=_citation(one), statements=tuple(one.run), about=score)
        for one, score in zip(ones, scores, strict=True)
    ]
    listed = [one for one in everything if one.about is None or one.about >= ABOUT]
    nearest = sorted(everything, key=lambda one: -(one.about or 0.0))[:_CLOSEST]
    articles = {id for one in ones for id in (one.article.id, *one.copies)}
    return Bearer(
        name=max(sorted(set(names)), key=names.count),
        statements=len(ones),
        articles=len(articles),
        listed=tuple(sorted(listed, key=_newest_first)),
        closest=() if listed else tuple(nearest),
    )


def _newest_first(one: Stated) -> tuple[bool, int, str, int]:
    day = one.citation.published
    return day is None, -(day or date.min).toordinal(), one.citation.article_id, one.citation.start


def _citation(one: _One) -> Citation:
    first, last = (one.view.sentences[statement.sentence] for statement in (one.run[0], one.run[-1]))
    return cite(one.article, first.start, last.end, copies=tuple(dict.fromkeys(one.copies)))


class _Topic:
    """How near what is said is to a topic: its words in the sentence and beside it, and similarity."""

    def __init__(self, ledger: Ledger, about: str, embedder: Embedder, weights: Weights) -> None:
        self._about, self._weights = about, weights
        self._topics = Topics(embedder)
        self._terms = content_stems([about])
        words = [token.low for token in tokens(about)]
        counts = {
            stem: lexical.occurs_in(ledger, lexical.phrase(word), at_most=_COMMON)
            for word in words
            for stem in content_stems([word])
        }
        self._rarity = Rarity(max(ledger.stats().passages, 1), counts, rarity_in_english(words))

    def probabilities(self, ones: Sequence[_One]) -> list[float]:
        """For each statement the probability that it's about the topic."""
        parts = [(one.view, statement) for one in ones for statement in one.run]
        said = [" ".join(piece.of(view.article.text) for piece in statement.content) for view, statement in parts]
        topic, *vectors = self._topics.vectors([self._about, *said])
        shares = [self._shares(view, statement.sentence) for view, statement in parts]
        cosines = [float(vector @ topic) for vector in vectors]
        nearest = max((cosine for cosine, (here, _) in zip(cosines, shares, strict=True) if here), default=-1.0)
        odds = iter(
            # What has no word of the topic must be as near to it as what has, as in an answer's statements.
            self._weights.statement_logit((here, around, cosine)) - (0.0 if here or cosine >= nearest else FARTHER)
            for (here, around), cosine in zip(shares, cosines, strict=True)
        )
        return [sigmoid(max([next(odds) for _ in one.run])) for one in ones]

    def _shares(self, view: ArticleView, number: int) -> tuple[float, float]:
        """How much of the topic stands in a sentence, and in it with its neighbours."""
        here = frozenset(token.stem for token in view.tokens(number))
        near = (other for other in (number - 1, number + 1) if view.is_body(other))
        around = here | {token.stem for other in near for token in view.tokens(other)}
        return self._rarity.share(self._terms, here), self._rarity.share(self._terms, around)
