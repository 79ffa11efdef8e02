"""The seam to the reader: how sure it is that the evidence says what a claim says in other words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qa.answer.support.verdict import Evidence
from qa.models.reader.passage import Found, ReaderPassage

#: Log-odds from which a paraphrase counts as supported, where all other checks find nothing. To be chosen again for
#: each reader by ``python -m eval.bench.support --reader DIR``, which chose this for the shipped one: on the half of
#: SciFact's claims that it wasn't chosen on, precision 1.0 at a recall of .033 (n 440).
PARAPHRASED = 1.35
#: Log-odds below which the evidence is of something else, and how much of a claim (``coverage.missing_share``) may be
#: in other words than the evidence's. Chosen on claims that aren't the bench's: .33, .4 and .55 let pass .59, .65 and
#: .71 of 243 true ones, .40, .41 and .45 of 200 that a careful writer made false, of SciFact's contradicted claims .04,
#: .07 and .14 (n 339).
RELATED, MISSING_SHARE = -4.0, 0.4


class Reads(Protocol):
    """What is asked of a reader: ``qa.models.reader``'s."""

    def read(self, question: str, passage: ReaderPassage) -> Found:
        """Read ``passage`` for ``question``."""
        ...


def paraphrase(claim: str, evidence: Sequence[Evidence], *, reader: Reads | None) -> float | None:
    """Log-odds that the evidence bears the claim out, the claim read as a question; ``None`` without a reader.

    All pieces are read together, in their order: the lower of "this answers it" and the best sentence's "this is
    evidence".
    """
    if reader is None or not evidence:
        return None
    found = reader.read(claim, _passage(evidence))
    return min(found.answerable, max(found.evidence, default=found.answerable))


def _passage(evidence: Sequence[Evidence]) -> ReaderPassage:
    heads = dict.fromkeys(part for one in evidence for part in _head(one) if part)
    text, sentences = "", []
    for one in evidence:
        text += " " if text else ""
        sentences.append((len(text), len(text) + len(one.text)))
        text += one.text
    return ReaderPassage(head=". ".join(heads), text=text, sentences=tuple(sentences))


def _head(one: Evidence) -> tuple[str, ...]:
    """Title, date, and who is meant, as they stand in front of a passage."""
    people = dict.fromkeys((*one.people, *([one.speaker.name] if one.speaker else [])))
    return one.title, one.published.isoformat() if one.published else "", ", ".join(people)
