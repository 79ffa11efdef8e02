"""Whether an answer names the one who said it, and nobody who merely shares a name."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, if_answerable
from eval.metrics.shown import claims
from eval.metrics.spans import covered, extent, is_valid
from eval.metrics.tokens import fold, occurs, words
from eval.metrics.units import listed
from eval.types import Item, RunClaim, Score, Scored

_TITLES = frozenset(listed("mr mrs ms miss mx dr prof professor sir dame lord lady judge madam"))


def name_tokens(name: str) -> frozenset[str]:
    """The words of a name, folded, without forms of address."""
    return frozenset(map(fold, words(name))) - _TITLES


def names(claim: RunClaim, speaker: str) -> bool:
    """Whether a claim names ``speaker`` in full: all words of the name are in the speaker shown, or where none is, the
    name stands in its text.
    """
    if not claim.speaker:
        return occurs(speaker, claim.text)
    return bool(name_tokens(speaker)) and name_tokens(speaker) <= name_tokens(claim.speaker)


def is_namesake(said_by: str, speaker: str) -> bool:
    """Whether ``said_by`` is somebody else who shares a name with ``speaker``; "Zhang" alone is nobody else."""
    wanted, shown = name_tokens(speaker), name_tokens(said_by)
    particles = {fold(word) for word in words(speaker) if word[0].islower()}
    return bool((wanted & shown) - particles) and not wanted <= shown and not shown <= wanted


def _score(case: Case) -> Score:
    shown, speaker = claims(case.answer), case.item.speaker
    if any(is_namesake(claim.speaker, speaker) for claim in shown if not claim.earlier):
        return Scored(0.0)
    if case.answer.claims and case.evidence:
        shown = tuple(claim for claim in shown if _cites_evidence(claim, case))
    return Scored(float(bool(shown) and all(names(claim, speaker) for claim in shown)))


def _cites_evidence(claim: RunClaim, case: Case) -> bool:
    held = extent(citation for citation in claim.citations if is_valid(citation, case.corpus))
    return any(covered(place, held, case.corpus) for alternative in case.evidence for place in alternative)


def _about(item: Item) -> str:
    return if_answerable(item) or ("" if item.speaker else "nobody is to be named as the speaker")


METRIC = Metric(
    name="speaker",
    definition="1 where at least one claim cites a gold span, every claim that does names its speaker in full, and no "
    "claim is by somebody else who shares a name; an answer without claims must name the speaker in its text. Where "
    "gold has no spans, every claim must.",
    source="own; the speaker's side of attribution (Newell et al. 2018, PolNeAR: source)",
    about=_about,
    score=_score,
    binary=True,
)
