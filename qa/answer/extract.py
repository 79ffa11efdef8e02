"""Answers from verbatim extracts: hits in, an ``Answer`` out whose every citation was read back from the ledger.

Order of things: what the question names must be somewhere; sentences are judged; too little, and it abstains; else
the best are cited. What documents say is data here: nothing in them is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.answer.absence import absence
from qa.answer.candidates import asks_for_speaker, candidates_of, rarity_of
from qa.answer.citations import cite, seal
from qa.answer.order import ambiguities, corrections, newer, ordered
from qa.answer.pieces import Piece, pieces
from qa.answer.scorer import Judgement, Scored, Scorer
from qa.answer.speech import speaker_of, topic_words, unnamed_speaker
from qa.answer.words import name_words
from qa.ledger.ledger import Ledger
from qa.retrieve.musts import Must
from qa.retrieve.retriever import Retrieved
from qa.types import Answer, Claim, Filters, Question, Span, Status, Support

#: How many hits an answer wants to choose from.
HITS = 24


class Read(NamedTuple):
    """A sentence that was judged: its article's id, and where it stands there."""

    article_id: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An answer and how it came about: the sentences judged, best first, and the confidence in 0..1.

    It is answered where the confidence reaches the scorer's threshold. Where something else stands against an answer
    (a name is nowhere, say), the confidence is 0, and no threshold makes it one.
    """

    answer: Answer
    read: tuple[Read, ...]
    confidence: float


def write(
    retrieved: Retrieved, *, ledger: Ledger, scorer: Scorer, k: int = 5, filters: Filters | None = None
) -> Written:
    """The answer to ``retrieved.question`` from its hits, at most ``k`` claims; abstains with a report where they
    don't support one.

    ``provenance`` is left to the caller, who knows what else made the answer.
    """
    question, without = retrieved.question, filters.without if filters else frozenset()
    judged = _judge(ledger, retrieved, question, scorer, without)
    read = tuple(Read(one.candidate.view.article.id, one.candidate.span) for one in judged.scored)
    obstacle = _obstacle(retrieved, judged, filtered=filters is not None and filters.narrows)
    if obstacle or not judged.answered:
        report = absence(
            ledger,
            retrieved,
            reason=obstacle or _why_not(retrieved, judged),
            closest=_closest(ledger, retrieved, judged, scorer, without),
            filters=filters,
        )
        abstained = Answer(question=question, status=Status.ABSTAINED, absence=report)
        return Written(answer=abstained, read=read, confidence=0.0 if obstacle else judged.confidence)
    shown = ordered(question, pieces(question, judged.scored, k=k))
    made = Answer(
        question=question,
        status=Status.ANSWERED,
        claims=tuple(map(_claim, shown)),
        notes=_notes(question, shown, retrieved),
    )
    sealed = seal(ledger, made)
    return Written(answer=sealed, read=read, confidence=judged.confidence if sealed.claims else 0.0)


def _notes(question: Question, shown: Sequence[Piece], retrieved: Retrieved) -> tuple[str, ...]:
    return (
        *ambiguities(question, shown),
        *corrections(shown, retrieved.hits),
        *newer(question, shown, retrieved.hits),
    )


def _judge(
    ledger: Ledger, retrieved: Retrieved, question: Question, scorer: Scorer, without: frozenset[str]
) -> Judgement:
    found = candidates_of(ledger, question, retrieved.hits)
    rarity = rarity_of(ledger, question, passages=retrieved.passages, without=without)
    return scorer.judge(question, found, rarity=rarity)


def _word_by_word(must: Must, retrieved: Retrieved) -> bool:
    """Whether an article found has every word of a longer name, if not in this order: "Law School of Harvard"."""
    words = name_words(must.text)
    if must.quoted or len(words) < 2:
        return False
    texts = {hit.article.id: f"{hit.article.title}\n{hit.article.text}" for hit in retrieved.hits}
    return any(set(words) <= set(name_words(text)) for text in texts.values())


def _obstacle(retrieved: Retrieved, judged: Judgement, *, filtered: bool) -> str:
    """Why the question can't be answered, however likely a sentence is, in one sentence; empty where it can."""
    missing = [must for must in retrieved.nowhere if not _word_by_word(must, retrieved)]
    searched = f"the {retrieved.articles} articles searched" if retrieved.articles != 1 else "the one article searched"
    if not retrieved.articles:
        return "no article passes the filters" if filtered else "there is no article to search"
    if missing:
        names = " and ".join(repr(must.text) for must in missing)
        return f"{names} {'is' if len(missing) == 1 else 'are'} nowhere in {searched}"
    pronoun = unnamed_speaker(retrieved.question)
    if pronoun:
        return f"the question doesn't say who {pronoun!r} is"
    if not (topic_words(retrieved.question) or retrieved.question.names or retrieved.question.quoted):
        return "the question has no word in it to look for"
    if not judged.scored:
        if retrieved.question.years:
            years = " or ".join(map(str, retrieved.question.years[:3]))
            return f"nothing found speaks of {years}"
        return f"nothing in {searched} comes close to the question"
    return ""


def _why_not(retrieved: Retrieved, judged: Judgement) -> str:
    """What is said where sentences were judged and none answers."""
    said = any(reason.startswith("said by") for one in judged.scored for reason in one.reasons)
    if asks_for_speaker(retrieved.question) and not said:
        return f"nothing said by {speaker_of(retrieved.question)} was found in the passages nearest to the question"
    return "no sentence found answers it; the closest ones speak of something else"


def _closest(
    ledger: Ledger, retrieved: Retrieved, judged: Judgement, scorer: Scorer, without: frozenset[str]
) -> tuple[Scored, ...]:
    """The closest sentences for the report: those judged, or any of the hits where none of them could have answered."""
    if judged.scored:
        return judged.scored
    loose = replace(retrieved.question, kind="other", years=())
    return _judge(ledger, retrieved, loose, scorer, without).scored


def _claim(piece: Piece) -> Claim:
    span = piece.span
    citation = cite(piece.view.article, span.start, span.end, highlight=piece.highlight, copies=piece.copies)
    return Claim(
        text=citation.quote,
        citations=(citation,),
        support=Support.SUPPORTED,
        reasons=piece.reasons,
        speaker=piece.speaker,
        score=round(piece.score, 4),
    )
