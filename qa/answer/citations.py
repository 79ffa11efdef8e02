"""Where citations are cut out of articles: the one place that makes them, and the check before any leaves the house."""

from __future__ import annotations

from dataclasses import replace

from qa.ledger.ledger import Ledger
from qa.types import Answer, Article, Citation, Claim, Span, Status, Support

#: Code points of context kept on each side of a quote, to find it again in a changed article.
CONTEXT = 32


def cite(
    article: Article, start: int, end: int, *, highlight: Span | None = None, copies: tuple[str, ...] = ()
) -> Citation:
    """The citation of ``article.text[start:end]``; raises ``ValueError`` for a span that isn't one of the text's."""
    if not 0 <= start < end <= len(article.text):
        raise ValueError(f"no span of a text of {len(article.text)}: {start}-{end}")
    if highlight is not None and not start <= highlight.start < highlight.end <= end:
        raise ValueError(f"the highlight {highlight!r} isn't inside {start}-{end}")
    return Citation(
        article_id=article.id,
        version=article.version,
        start=start,
        end=end,
        quote=article.text[start:end],
        prefix=article.text[max(0, start - CONTEXT) : start],
        suffix=article.text[end : end + CONTEXT],
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        highlight=highlight,
        copies=copies,
    )


def is_exact(ledger: Ledger, citation: Citation) -> bool:
    """Whether the stored version of the article says exactly this, there."""
    article = ledger.article(citation.article_id, citation.version)
    return article is not None and says(article, citation)


def says(article: Article, citation: Citation) -> bool:
    """Whether the text of ``article`` is the quote at the citation's offsets, which must be a span of it."""
    inside = 0 <= citation.start < citation.end <= len(article.text)
    return inside and article.text[citation.start : citation.end] == citation.quote


def seal(ledger: Ledger, answer: Answer) -> Answer:
    """``answer`` with every claim re-read from the ledger: one with a citation that isn't exact is rejected, never
    shown.
    """
    sound: list[Claim] = []
    rejected = list(answer.rejected)
    for claim in answer.claims:
        if claim.citations and all(is_exact(ledger, citation) for citation in claim.citations):
            sound.append(claim)
        else:
            reason = "a citation isn't exact in the ledger"
            rejected.append(replace(claim, support=Support.UNSUPPORTED, reasons=(*claim.reasons, reason)))
    status = answer.status if sound else Status.ABSTAINED
    return replace(answer, claims=tuple(sound), rejected=tuple(rejected), status=status)
