"""An article taken apart for the ledger: sentences, passages, people, statements, and what is embedded of each passage.

The parts are ``qa.ingest``'s and ``qa.statements``'; here they are put together, and compared with what is stored.
"""

from __future__ import annotations

import hashlib

from qa.ledger.ledger import Ledger
from qa.ledger.writer import Analysis, embedded_text
from qa.types import Article, Draft, PassageSpan, Segmentation, SentenceSpan


def analyse(draft: Draft | Article) -> Analysis:
    """All that is stored beside the text of ``draft``."""
    from qa.ingest.segment import segment
    from qa.statements.people import find_people
    from qa.statements.speech import find_statements

    cut = segment(draft.text, title=draft.title)
    people = tuple(find_people(draft.text, cut.sentences))
    statements = tuple(find_statements(draft.text, cut.sentences, people))
    shas = tuple(sha for sha, _ in embedded_texts(draft, cut.passages))
    return Analysis(segmentation=cut, people=people, statements=statements, vector_shas=shas)


def embedded_texts(draft: Draft | Article, passages: tuple[PassageSpan, ...]) -> list[tuple[bytes, str]]:
    """For each passage the text that is embedded and its digest, in order.

    The digest is what a vector is stored under.
    """
    texts = [embedded_text(draft, passage.start, passage.end) for passage in passages]
    return [(hashlib.sha256(text.encode()).digest(), text) for text in texts]


def stored_analysis(ledger: Ledger, article_id: str) -> Analysis:
    """What the ledger holds of an article's live version, in the form that ``analyse`` gives."""
    return Analysis(
        segmentation=Segmentation(
            sentences=tuple(
                SentenceSpan(start=sentence.start, end=sentence.end, role=sentence.role)
                for sentence in ledger.sentences(article_id)
            ),
            passages=tuple(
                PassageSpan(start=passage.start, end=passage.end, first=passage.first, last=passage.last)
                for passage in ledger.passages_of(article_id)
            ),
        ),
        people=ledger.people(article_id),
        statements=ledger.statements(article_id),
        vector_shas=ledger.vector_shas(article_id),
    )


def same_article(stored: Article, draft: Draft) -> bool:
    """Whether ``draft`` says nothing new: the same text and the same metadata from the same places."""
    return (
        stored.text == draft.text
        and stored.title == draft.title
        and stored.source == draft.source
        and stored.url == draft.url
        and stored.author == draft.author
        and stored.published == draft.published
        and dict(stored.origins) == dict(draft.origins)
    )
