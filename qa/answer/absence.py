"""What is said where nothing is answered: what was searched, what of the question is there, and what comes closest.

Deciding to abstain is ``extract``'s; here the report is made, without a word that isn't counted or cited.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.citations import cite
from qa.answer.scorer import Scored
from qa.answer.speech import topic_words
from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.retriever import Retrieved
from qa.types import Absence, Citation, Filters, NameCount

_CLOSEST = 3


def absence(
    ledger: Ledger, retrieved: Retrieved, *, reason: str, closest: Sequence[Scored] = (), filters: Filters | None = None
) -> Absence:
    """The report for a question that stays unanswered; ``closest`` are judged sentences, best first."""
    topic = tuple(dict.fromkeys(topic_words(retrieved.question)))
    speaking = (
        lexical.articles_with(ledger, lexical.all_of(map(lexical.phrase, topic)), filters=filters) if topic else []
    )
    stats = ledger.stats(filters)
    return Absence(
        reason=reason,
        articles=retrieved.articles,
        passages=retrieved.passages,
        names=tuple(
            NameCount(name=must.text, articles=len(must.articles), similar=must.similar) for must in retrieved.musts
        ),
        topic=topic,
        topic_articles=len(speaking),
        closest=_citations(closest),
        earliest=stats.earliest,
        latest=stats.latest,
        undated=stats.undated,
    )


def _citations(scored: Sequence[Scored]) -> tuple[Citation, ...]:
    """The best sentences, each text once."""
    kept: dict[str, Citation] = {}
    for one in scored:
        span = one.candidate.span
        citation = cite(one.candidate.view.article, span.start, span.end)
        kept.setdefault(citation.quote, citation)
        if len(kept) == _CLOSEST:
            break
    return tuple(kept.values())
