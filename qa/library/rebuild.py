"""``rebuild``: every passage embedded again with another model, while the old vectors go on answering.

Articles that an earlier version of qa read are cut again from their stored text; ``qa add`` also reads their sources.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.ledger.ledger import Known, Ledger
from qa.ledger.writer import Analysis, Writer, embedded_text
from qa.library.analyse import analyse, embedded_texts, stored_analysis
from qa.library.embedding import embed_missing, save_vectors
from qa.library.finish import finish
from qa.library.lock import WAIT
from qa.library.opening import open_to_change
from qa.library.recipe import recipe
from qa.types import Article, Fingerprint

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

#: Texts taken in hand at once: enough that a commit costs little beside embedding them.
_TEXTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildReport:
    """What ``rebuild`` did. ``embedded`` counts texts; those that a killed run had done aren't done again."""

    before: Fingerprint | None
    after: Fingerprint
    passages: int
    embedded: int
    seconds: float


def rebuild(
    index: Path,
    *,
    embedder: Embedder,
    wait: float = WAIT,
    progress: Callable[[int, int], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> RebuildReport:
    """Bring the index in the folder ``index`` over to ``embedder``.

    Until all is embedded, nothing that answers is changed.
    """
    started = time.monotonic()
    with open_to_change(index, wait=wait, on_wait=on_wait) as writer:
        before = writer.ledger.model
        embedded = _embed_all(writer, embedder, progress)
        with writer.transaction():
            for known, article, analysis in _outdated(writer.ledger):
                writer.reanalyse(known, article, analysis)
            if before != embedder.fingerprint:
                writer.use_model(embedder.fingerprint)
                writer.forget_vectors()
        finish(index, writer)
        passages = len(writer.ledger.keys())
    return RebuildReport(
        before=before,
        after=embedder.fingerprint,
        passages=passages,
        embedded=embedded,
        seconds=time.monotonic() - started,
    )


def _embed_all(writer: Writer, embedder: Embedder, progress: Callable[[int, int], None] | None) -> int:
    with writer.transaction():
        model = writer.add_model(embedder.fingerprint)
    articles = writer.ledger.article_ids()
    counts: list[int] = []
    texts: dict[bytes, str] = {}
    for _, article, analysis in _outdated(writer.ledger):
        new = dict(embedded_texts(article, analysis.segmentation.passages))
        save_vectors(writer, embed_missing(writer, new, embedder, model=model, on_embedded=counts.append), model=model)
    for number, article_id in enumerate(articles, start=1):
        texts |= texts_of(writer.ledger, article_id)
        if len(texts) < _TEXTS and number < len(articles):
            continue
        made = embed_missing(writer, texts, embedder, model=model, on_embedded=counts.append)
        save_vectors(writer, made, model=model)
        texts = {}
        if progress is not None:
            progress(number, len(articles))
    return sum(counts)


def _outdated(ledger: Ledger) -> Iterator[tuple[Known, Article, Analysis]]:
    """Articles that another version of qa read, whose stored text this one cuts, or finds statements in, otherwise."""
    now = recipe()
    for article_id in ledger.article_ids():
        article = ledger.article(article_id)
        known = ledger.known(article.identity) if article is not None else None
        if article is None or known is None or known.recipe == now:
            continue
        analysis = analyse(article)
        if stored_analysis(ledger, article_id) != analysis:
            yield known, article, analysis


def texts_of(ledger: Ledger, article_id: str) -> dict[bytes, str]:
    """What is embedded of an article's stored passages, by the digests that the ledger has for them."""
    article = ledger.article(article_id)
    if article is None:
        return {}
    passages = ledger.passages_of(article_id)
    texts = (embedded_text(article, passage.start, passage.end) for passage in passages)
    return dict(zip(ledger.vector_shas(article_id), texts, strict=True))
