"""The share of an answer's statements that their citations support, after ALCE, with the denominator mended.

ALCE asks an NLI model whether the cited passages entail a statement; here gold spans decide. Its means skip nothing
that was said, but an answer that isn't given says nothing. Here

- an item that should be answered and isn't scores 0;
- a statement without citations isn't supported, nor is an answer that isn't split into statements;
- no statement in answer to a question without an answer is supported, whatever it cites; where none was given, the
  metric doesn't apply.
"""

from __future__ import annotations

from collections.abc import Iterable

from eval.metrics.metric import Case, Metric, if_evidence
from eval.metrics.spans import covered, extent, gold, inside, is_valid
from eval.types import Item, NotApplicable, RunCitation, Score, Scored

#: A citation lies in gold with at least this share of its characters.
INSIDE = 0.5


def supported(case: Case, citations: Iterable[RunCitation]) -> bool:
    """Whether ``citations`` support the statement that they stand with.

    The valid ones do where they together cover a gold or acceptable span, or one of them lies for at least half of its
    characters inside such spans. More citations never support less, as more passages never entail less.
    """
    valid = [citation for citation in citations if is_valid(citation, case.corpus)]
    shown, allowed = extent(valid), gold(case)
    places = (*(place for alternative in case.evidence for place in alternative), *case.acceptable)
    if any(covered(place, shown, case.corpus) for place in places):
        return True
    return any(
        sum(span.end - span.start for span in inside(citation, allowed)) / (citation.end - citation.start) >= INSIDE
        for citation in valid
    )


def about(item: Item) -> str:
    """Says something about items whose answer has gold spans, and about those without an answer."""
    return if_evidence(item) if item.answerable else ""


def _score(case: Case) -> Score:
    record = case.answer
    if not case.item.answerable:
        return Scored(0.0) if record.answered else NotApplicable("rightly, nothing was stated")
    if not record.answered or not record.claims:
        return Scored(0.0)
    return Scored(sum(supported(case, claim.citations) for claim in record.claims) / len(record.claims))


METRIC = Metric(
    name="citation_recall",
    definition="Of the statements of an answer, the share whose valid citations cover a gold or acceptable span, or "
    "lie in such by half; 0 where there should be an answer and is none, and for an answer that there shouldn't be.",
    source="Gao et al. 2023, Enabling Large Language Models to Generate Text with Citations (ALCE): citation recall, "
    "support decided by gold spans, unanswered items counted",
    about=about,
    score=_score,
    needs_spans=True,
)
