"""From hits to the sentences that may answer: body sentences of the passages found, with their articles read once.

Which of them answer is the scorer's to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.features import Candidate
from qa.answer.notices import gives_orders
from qa.answer.speech import said_by, speech_asked
from qa.answer.view import ArticleView, view_of
from qa.answer.words import Rarity, contains, content_stems, name_words, rarity_in_english
from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.types import Hit, Question, Span

#: What someone says about a thing often runs on: so many sentences around a passage are looked at for the same speaker.
_RUNS_ON = 2
_NEUTRAL = 0.3
_LAST_YEAR = re.compile(r"\b(?:last|previous|past) year\b|\ba year (?:ago|earlier)\b", re.IGNORECASE)
#: A word in so many passages tells nothing more precise by being counted on.
_COMMON = 5_000


def candidates_of(ledger: Ledger, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """The body sentences of ``hits``, each once, in the hits' order; for statements also what the person asked about
    says right before and after.
    """
    views: dict[str, ArticleView] = {}
    found: dict[tuple[str, int], Candidate] = {}
    people = frozenset(question.people)
    most = max((len(people & set(hit.musts)) for hit in hits), default=0)
    for hit in hits:
        # Where one article has the people whom the question names, others that lack one are about somebody else.
        if len(people & set(hit.musts)) < most or not in_years(question, hit):
            continue
        if hit.article.id not in views:
            views[hit.article.id] = view_of(ledger, hit.article)
        for candidate in _of_hit(views[hit.article.id], question, hit):
            found.setdefault(candidate.key, candidate)
    return _naming(question, list(found.values()))


def _naming(question: Question, found: list[Candidate]) -> list[Candidate]:
    """For a question that asks for nothing but who or what somebody is: the sentences that name them, if any do."""
    if question.terms or not question.names or question.kind == "statement":
        return found
    wanted = [name_words(name) for name in question.names]
    naming = [one for one in found if all(contains(_words(one), words) for words in wanted)]
    return naming or found


def _words(candidate: Candidate) -> list[str]:
    return [token.low for token in candidate.view.tokens(candidate.number)]


def in_years(question: Question, hit: Hit) -> bool:
    """Whether a passage may speak of the years that a question is about: it names one, or was published then (or
    undated).
    """
    if not question.years or hit.article.published is None:
        return True
    published = hit.article.published.year
    text = f"{hit.article.title}\n{hit.text}"
    return (
        published in question.years
        or any(str(year) in text for year in question.years)
        or (published - 1 in question.years and _LAST_YEAR.search(text) is not None)
    )


def asks_for_speaker(question: Question) -> bool:
    """Whether only what a certain source said can answer."""
    asked = speech_asked(question)
    return asked is not None and not asked.anyone


def _of_hit(view: ArticleView, question: Question, hit: Hit) -> list[Candidate]:
    passage = Span(hit.passage.start, hit.passage.end)
    inside = view.numbers_in(passage)
    numbers = list(inside)
    if asks_for_speaker(question):
        around = range(max(0, inside.start - _RUNS_ON), inside.stop + _RUNS_ON)
        numbers = [number for number in around if number in inside or _says(view, question, number)]
    cosine = _NEUTRAL if hit.cosine is None else hit.cosine
    return [
        Candidate(view=view, number=number, passage=passage, passage_cosine=cosine, copies=hit.copies)
        for number in numbers
        if view.is_body(number) and not gives_orders(view.text(number))
    ]


def _says(view: ArticleView, question: Question, number: int) -> bool:
    return any(said_by(question, view, statement) for statement in view.said(number))


def rarity_of(ledger: Ledger, question: Question, *, passages: int, without: frozenset[str] = frozenset()) -> Rarity:
    """How rare the question's words are among the ledger's passages (but for those of the articles ``without``), by
    stem (the most frequent form counts).
    """
    counts: dict[str, int] = {}
    for term in question.terms:
        for stem in content_stems([term]):
            count = lexical.occurs_in(ledger, lexical.phrase(term), at_most=_COMMON, without=without)
            counts[stem] = max(counts.get(stem, 0), count)
    return Rarity(max(passages, 1), counts, rarity_in_english(question.terms))
