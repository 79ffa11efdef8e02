"""Articles on their way into the ledger: decided one by one, embedded and committed a batch at a time.

A batch is one transaction: its articles are there with their vectors, or none of them is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.ingest.outcome import Item, Skip
from qa.ledger.ledger import Known
from qa.ledger.writer import Analysis, Writer
from qa.library.analyse import analyse, embedded_texts, same_article, stored_analysis
from qa.library.embedding import embed_missing
from qa.types import Draft

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

#: A batch is committed once it has this many articles, characters of text, or seconds of age.
_ARTICLES = 64
_CHARACTERS = 4_000_000
_SECONDS = 2.0


class Outcome(StrEnum):
    """What became of an article. ``REFRESHED``: the same text, cut differently by a newer version of qa."""

    NEW = "new"
    CHANGED = "changed"
    REFRESHED = "refreshed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    outcome: Outcome
    draft: Draft
    known: Known | None
    analysis: Analysis


class Batch:
    """Collects articles and commits them. ``done`` counts what was committed (or needed no commit), by outcome."""

    def __init__(self, writer: Writer, embedder: Embedder, *, recipe: str) -> None:
        self.done: dict[Outcome, int] = dict.fromkeys(Outcome, 0)
        self.embedded = 0
        self._writer = writer
        self._ledger = writer.ledger
        self._embedder = embedder
        self._recipe = recipe
        self._waiting: dict[str, _Decided] = {}
        self._characters = 0
        self._since = 0.0

    def take(self, item: Item) -> Skip | None:
        """Take ``item`` in, committing when the batch is full; returns why it can't be, where it can't."""
        if item.identity in self._waiting:
            self.commit()
        known = self._ledger.known(item.identity)
        if known and not known.removed and (known.raw_sha256, known.recipe) == (item.raw_sha256, self._recipe):
            self.done[Outcome.UNCHANGED] += 1
            return None
        draft = item.load()
        if isinstance(draft, Skip):
            return draft
        self._wait(self._decide(draft, known))
        if self._full():
            self.commit()
        return None

    def commit(self) -> None:
        """Embed what is new and commit everything that waits."""
        if not self._waiting:
            return
        waiting = list(self._waiting.values())
        texts = {sha: text for one in waiting for sha, text in _texts(one)}
        vectors = embed_missing(self._writer, texts, self._embedder, on_embedded=self._count)
        with self._writer.transaction():
            self._writer.put_vectors(vectors)
            for one in waiting:
                self._apply(one)
        for one in waiting:
            self.done[one.outcome] += 1
        self._waiting, self._characters = {}, 0

    def _decide(self, draft: Draft, known: Known | None) -> _Decided:
        analysis = analyse(draft)
        outcome = Outcome.NEW
        if known and not known.removed:
            stored = self._ledger.article(known.article_id)
            if stored is None or not same_article(stored, draft):
                outcome = Outcome.CHANGED
            elif stored_analysis(self._ledger, known.article_id) == analysis:
                outcome = Outcome.UNCHANGED
            else:
                outcome = Outcome.REFRESHED
        return _Decided(outcome=outcome, draft=draft, known=known, analysis=analysis)

    def _apply(self, one: _Decided) -> None:
        if one.known is not None and one.known.identity != one.draft.identity:
            self._writer.rename(one.known, one.draft.identity)
        if one.known is not None and one.outcome in (Outcome.UNCHANGED, Outcome.REFRESHED):
            if one.outcome is Outcome.REFRESHED:
                self._writer.reanalyse(one.known, one.draft, one.analysis)
            self._writer.touch(one.known, raw_sha256=one.draft.raw_sha256, recipe=self._recipe)
            return
        self._writer.store(one.draft, one.analysis, recipe=self._recipe, known=one.known)

    def _wait(self, one: _Decided) -> None:
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting[one.draft.identity] = one
        self._characters += len(one.draft.text)

    def _full(self) -> bool:
        return (
            len(self._waiting) >= _ARTICLES
            or self._characters >= _CHARACTERS
            or time.monotonic() - self._since >= _SECONDS
        )

    def _count(self, passages: int) -> None:
        self.embedded += passages


def _texts(one: _Decided) -> list[tuple[bytes, str]]:
    return [] if one.outcome is Outcome.UNCHANGED else embedded_texts(one.draft, one.analysis.segmentation.passages)
