"""Answers from verbatim extracts: hits in, an ``Answer`` out whose every citation was read back from the ledger.

Order of things: what the question names must be somewhere; sentences are judged; too little, and it abstains; else
the best are cited. What documents say is data here: nothing in them is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from qa.types import Answer, Claim, Filters, Question, Status, Support

#: How many hits an answer wants to choose from.
HITS = 24


def answer(
    retrieved: Retrieved, *, ledger: Ledger, scorer: Scorer, k: int = 5, filters: Filters | None = None
) -> Answer:
    """The answer to ``retrieved.question`` from its hits, at most ``k`` claims; abstains with a report where they
    don't support one.

    ``provenance`` is left to the caller, who knows what else made the answer.
    """
    question = retrieved.question
    missing = [must for must in retrieved.nowhere if not _word_by_word(must, retrieved)]
    judged = _judge(ledger, retrieved, question, scorer)
    reason = _why_not(retrieved, missing, judged, filtered=filters is not None and filters.active)
    if reason:
        report = absence(
            ledger, retrieved, reason=reason, closest=_closest(ledger, retrieved, judged, scorer), filters=filters
        )
        return Answer(question=question, status=Status.ABSTAINED, absence=report)
    shown = ordered(question, pieces(question, judged.scored, k=k))
    return seal(
        ledger,
        Answer(
            question=question,
            status=Status.ANSWERED,
            claims=tuple(map(_claim, shown)),
            notes=_notes(question, shown, retrieved),
        ),
    )


def _notes(question: Question, shown: Sequence[Piece], retrieved: Retrieved) -> tuple[str, ...]:
    return (
        *ambiguities(question, shown),
        *corrections(shown, retrieved.hits),
        *newer(question, shown, retrieved.hits),
    )


def _judge(ledger: Ledger, retrieved: Retrieved, question: Question, scorer: Scorer) -> Judgement:
    found = candidates_of(ledger, question, retrieved.hits)
    return scorer.judge(question, found, rarity=rarity_of(ledger, question, passages=retrieved.passages))


def _word_by_word(must: Must, retrieved: Retrieved) -> bool:
    """Whether an article found has every word of a longer name, if not in this order: "Law School of Harvard"."""
    words = name_words(must.text)
    if must.quoted or len(words) < 2:
        return False
    texts = {hit.article.id: f"{hit.article.title}\n{hit.article.text}" for hit in retrieved.hits}
    return any(set(words) <= set(name_words(text)) for text in texts.values())


def _why_not(retrieved: Retrieved, missing: Sequence[Must], judged: Judgement, *, filtered: bool) -> str:
    """Why the question stays unanswered, in one sentence; empty where it doesn't."""
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
        if asks_for_speaker(retrieved.question):
            return f"nothing said by {speaker_of(retrieved.question)} was found in the passages nearest to the question"
        if retrieved.question.years:
            years = " or ".join(map(str, retrieved.question.years[:3]))
            return f"nothing found speaks of {years}"
        return f"nothing in {searched} comes close to the question"
    if not judged.answered:
        return "no sentence found answers it; the closest ones speak of something else"
    return ""


def _closest(ledger: Ledger, retrieved: Retrieved, judged: Judgement, scorer: Scorer) -> tuple[Scored, ...]:
    """The closest sentences for the report: those judged, or any of the hits where none of them could have answered."""
    if judged.scored:
        return judged.scored
    loose = replace(retrieved.question, kind="other", years=())
    return _judge(ledger, retrieved, loose, scorer).scored


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
