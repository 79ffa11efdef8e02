"""The verdict on one claim: whole sentences of the evidence are supported; any other claim passes every check, or not.

Each check is a module of its own and fails closed: quotations first, then ``_WHOLE``, then ``_PAIRED``. What only some
words' absence speaks against may be a paraphrase, which the reader decides where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from qa.answer.support.attribution import attribution
from qa.answer.support.binding import binding
from qa.answer.support.cited import Piece, pieces
from qa.answer.support.comparing import comparing
from qa.answer.support.coverage import coverage, missing_share, said_anything
from qa.answer.support.dates import dates
from qa.answer.support.direction import direction, prefixed
from qa.answer.support.modality import modality
from qa.answer.support.names import names
from qa.answer.support.numbers import numbers
from qa.answer.support.objects import objects
from qa.answer.support.offices import offices
from qa.answer.support.pair import Pair, pairs
from qa.answer.support.paraphrase import MISSING_SHARE, PARAPHRASED, RELATED, Reads, paraphrase
from qa.answer.support.polarity import disowned, left_out, polarity, unheard
from qa.answer.support.quoted import quotes
from qa.answer.support.reading import Line, lines
from qa.answer.support.replaced import replaced
from qa.answer.support.roles import roles
from qa.answer.support.verdict import Evidence, Failure, Reason, Verdict, fails
from qa.types import Support

#: Code points; a longer claim is no claim that a person can check.
LONGEST = 2_000
_MARKS = re.compile(r"[\s\"']+")
#: What the evidence as a whole must have.
_WHOLE = (
    numbers,  # every number with its unit, what it counts and how exact it is
    dates,  # every date and time, as coarse or coarser
    names,  # every proper name
    offices,  # nobody has another's office
    binding,  # figures, dates and names that belong together
    replaced,  # no name or number in another's place
    unheard,  # no denial where nothing is denied
    left_out,  # nor where the verb is left out
    coverage,  # the content words; alone in not being sure: the reader may know better
)
#: What must agree between a sentence of the claim and the one of the evidence that it's taken from.
_PAIRED = (
    polarity,  # what is denied stays denied
    disowned,  # what is quoted to be called wrong isn't said
    modality,  # plans, possibilities and conditions stay such; the tense
    attribution,  # what somebody says stays theirs, and it's the right one who speaks
    direction,  # no opposite word, no preposition turned, no "all" for "some"
    prefixed,  # no "legal" for "illegal"
    roles,  # who does it and to whom, and whose it is
    comparing,  # the sides of "than", "before" and "after"
    objects,  # what goes with which verb and which preposition
)


def judge(claim: str, evidence: Sequence[Evidence], *, reader: Reads | None = None, strict: bool = False) -> Verdict:
    """Whether ``claim`` follows from the cited ``evidence``, and if not, why not. ``strict``: a claim in other words
    than its evidence only where the reader is sure of it.

    Linear in the length of each text; sentences of the claim are compared with all sentences of the evidence.
    """
    cited = pieces(evidence)
    if _verbatim(claim, cited):
        return Verdict(support=Support.SUPPORTED, verbatim=True)
    fault = _unfit(claim, cited)
    if fault is not None:
        return Verdict(support=Support.UNSUPPORTED, reasons=(fault,))
    said = lines(claim)
    whole = (reason for check in _WHOLE for reason in check(said, cited))
    reasons = tuple(dict.fromkeys(chain(quotes(claim, cited), whole, _paired(said, cited))))
    support = _worst(reasons)
    if not _only_wording(reasons):
        return Verdict(support=support, reasons=reasons)
    sure = paraphrase(claim, evidence, reader=reader)
    if sure is not None and _paraphrases(sure, said, cited, reasons, strict=strict):
        return Verdict(support=Support.SUPPORTED, paraphrase=sure)
    return Verdict(support=support, reasons=reasons, paraphrase=sure)


def _only_wording(reasons: Sequence[Reason]) -> bool:
    """Whether all that speaks against the claim may come of its wording."""
    return bool(reasons) and all(reason.wording for reason in reasons)


def _paraphrases(
    sure: float, said: Sequence[Line], cited: Sequence[Piece], reasons: Sequence[Reason], *, strict: bool
) -> bool:
    """Whether a claim in other words says the same: the reader is sure of it; or it's of the same thing, for all that
    the reader sees, and little of it is in no form in the evidence.
    """
    if sure >= PARAPHRASED and all(reason.failure is Failure.COVERAGE for reason in reasons):
        return True
    return not strict and sure >= RELATED and missing_share(said, cited) <= MISSING_SHARE


def _unfit(claim: str, cited: Sequence[Piece]) -> Reason | None:
    """Why a claim isn't looked at any further; nothing where it is."""
    if not any(piece.lines for piece in cited):
        return fails(Failure.EVIDENCE, "", "it cites nothing")
    if len(claim) > LONGEST:
        return fails(Failure.LENGTH, claim[:40], f"it has more than {LONGEST} characters")
    return None if said_anything(lines(claim)) else fails(Failure.EMPTY, claim.strip()[:40], "it says nothing")


def _worst(reasons: Sequence[Reason]) -> Support:
    if not reasons:
        return Support.SUPPORTED
    worst = any(reason.support is Support.UNSUPPORTED for reason in reasons)
    return Support.UNSUPPORTED if worst else Support.PARTLY


# --- verbatim


def _verbatim(claim: str, cited: Sequence[Piece]) -> bool:
    """Whether the claim is whole sentences of the evidence, each as it stands but for quote marks, spaces and case."""
    if not any(letter.isalnum() for letter in claim):
        return False
    there = {_loose(line.text) for piece in cited for line in piece.lines}
    whole = {_loose(" ".join(line.text for line in piece.lines)) for piece in cited}
    mine = [_loose(line.text) for line in lines(claim)]
    return all(line in there for line in mine) or " ".join(mine) in whole


def _loose(text: str) -> str:
    return _MARKS.sub(" ", text.replace("'", "")).casefold().strip(" .!")


# --- sentence for sentence


def _paired(said: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """The objections of ``_PAIRED``. A sentence of the evidence to which something is objected doesn't count where
    another one has the same words of the claim and nothing is objected to it. One that only tells who or what is spoken
    of (the one before "It will not open ...") has no say in what is said of it, where others have.
    """
    for line in said:
        beside = pairs(line, cited)
        telling = [pair for pair in beside if not pair.only_subject]
        judged = [(pair, list(_objections(pair))) for pair in (telling or beside)]
        clean = [pair.stems for pair, objections in judged if not objections]
        for pair, objections in judged:
            if objections and not any(pair.stems <= other for other in clean):
                yield from objections


def _objections(pair: Pair) -> Iterator[Reason]:
    if not pair.places:
        return
    for check in _PAIRED:
        yield from check(pair)
