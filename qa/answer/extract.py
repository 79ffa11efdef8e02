"""Answers from verbatim extracts: hits in, an ``Answer`` out whose every citation was read back from the ledger.

Whether to answer is settled in ``considered``; here the best sentences are cited. What documents say is data: nothing
in them is followed.
"""

from __future__ import annotations

from qa.answer.citations import cite, seal
from qa.answer.considered import Written, consider, notes
from qa.answer.order import ambiguities, ordered
from qa.answer.pieces import Piece, pieces
from qa.answer.scorer import Scorer
from qa.ledger.ledger import Ledger
from qa.retrieve.retriever import Retrieved
from qa.types import Answer, Claim, Filters, Status, Support

#: How many hits an answer wants to choose from.
HITS = 24


def write(
    retrieved: Retrieved, *, ledger: Ledger, scorer: Scorer, k: int = 5, filters: Filters | None = None
) -> Written:
    """The answer to ``retrieved.question`` from its hits, at most ``k`` claims; abstains with a report where they
    don't support one.

    ``provenance`` is left to the caller, who knows what else made the answer.
    """
    found = consider(retrieved, ledger, scorer, filters)
    if found.obstacle or not found.judged.answered:
        return found.abstained()
    shown = ordered(found.question, pieces(found.question, found.judged.scored, k=k))
    claims = tuple(map(_claim, shown))
    made = Answer(
        question=found.question,
        status=Status.ANSWERED,
        claims=claims,
        notes=(*ambiguities(found.question, shown), *notes(found, claims)),
    )
    sealed = seal(ledger, made)
    return Written(answer=sealed, read=found.read, confidence=found.confidence if sealed.claims else 0.0)


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
