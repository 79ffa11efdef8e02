"""The failure waterfall: for an item that isn't right and proved, the first stage that lost the evidence.

Found by span arithmetic alone, in the order in which a question passes the stages; what a run doesn't report (hits,
what was read) is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable

from eval.metrics.metric import Case
from eval.metrics.right import is_right
from eval.metrics.spans import complete, extent, fully_cited
from eval.results import Blame
from eval.types import Ended, RunSpan


def blame(case: Case) -> Blame:
    """The one blame of an item; ``NONE`` where it is right.

    An item with spans is right if the answer is right and an evidence set is cited completely; one without spans if
    the answer is right. Without spans the articles that gold holds relevant stand for the evidence.
    """
    if case.record is None or case.record.ended is Ended.ERROR:
        return Blame.HARNESS
    if not case.item.answerable:
        return Blame.FALSE_ANSWER if case.record.answered else Blame.NONE
    proved = fully_cited(case) if case.item.evidence else True
    if proved and is_right(case):
        return Blame.NONE
    return _lost(case) or _unused(case, proved)


def _lost(case: Case) -> Blame | None:
    """The stage before answering that lost the evidence, if one did."""
    wanted = _articles(case)
    if wanted is not None and not wanted:
        return Blame.NOT_IN_CORPUS
    hits, read = case.answer.retrieved, case.answer.read
    if hits is not None and wanted is not None and wanted.isdisjoint(hit.article for hit in hits):
        return Blame.ARTICLE_NOT_RETRIEVED
    if hits is not None and not _holds_one(hits, case):
        return Blame.EVIDENCE_NOT_RETRIEVED
    if read is not None and not _holds_one(read, case):
        return Blame.DROPPED
    return None


def _unused(case: Case, proved: bool) -> Blame:
    """What answering made of evidence that it had."""
    if not case.answer.answered:
        return Blame.OVER_REFUSED
    return Blame.WRONG if proved else Blame.NOT_CITED


def _articles(case: Case) -> frozenset[str] | None:
    """The articles of the corpus with evidence; None where gold names none."""
    if case.item.evidence:
        return frozenset(place.article for alternative in case.evidence for place in alternative)
    relevant = [article for article, grade in case.item.relevant.items() if grade > 0]
    return frozenset(article for article in relevant if article in case.corpus) if relevant else None


def _holds_one(spans: Iterable[RunSpan], case: Case) -> bool:
    """Whether ``spans`` cover an evidence set completely; true where gold has no spans."""
    held = extent(spans)
    return not case.item.evidence or any(complete(alternative, held, case.corpus) for alternative in case.evidence)
