"""The only place where real objects are built: from options to ledger, vector index, embedder, retriever and scorer.

Faces call the functions here and render what they return. What is slow to build is built when it is first needed.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa import __version__
from qa.app import embedders
from qa.config import InForce, Strictness, index_folder, read_strictness, threshold_in_force
from qa.errors import IndexDamaged, QaError, UsageError
from qa.ledger.faults import storage_faults
from qa.ledger.ledger import Ledger, Stats
from qa.ledger.writer import embedded_text
from qa.types import Answer, Article, Filters, Hit, Provenance

if TYPE_CHECKING:
    from qa.answer.considered import Read
    from qa.answer.said import Said
    from qa.answer.scorer import Scorer
    from qa.index.dense import DenseIndex
    from qa.library.add import AddReport
    from qa.library.check import CheckReport
    from qa.library.remove import RemoveReport
    from qa.models.embedder import Embedder
    from qa.models.reader.reader import Reader
    from qa.retrieve.retriever import Retrieved, Retriever

Progress = Callable[[int, int], None]

#: Why nothing is answered where only ``strict`` stands against an answer.
TOO_STRICT = "the one found isn't as sure as 'strict' wants it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer, and what the person should be told about the index or the configuration beside it.

    For who measures: what was ``retrieved``, the sentences ``read`` to answer (best first), and the ``confidence``
    in 0..1 (None where the engine has none), which an answer has from the threshold ``in_force`` on. ``fault`` is why
    an answer is incomplete.
    """

    answer: Answer
    warnings: tuple[str, ...]
    retrieved: Retrieved
    read: tuple[Read, ...]
    confidence: float | None
    in_force: InForce
    fault: QaError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What an index is: where, how much, made with what; ``generation`` describes the published vector index."""

    index: str
    counts: Stats
    embedder: str
    generation: str


class Reading:
    """An index opened for questions, by one thread at a time. Needs no right to write; closes what it opened.

    ``threshold`` is the confidence from which on a question is answered; by default what was calibrated for this
    machine (``qa.config``), else what comes with ``qa``. With 0 it is answered wherever anything could be one.
    ``strictness`` moves it; by default as the configuration says, but a threshold that is given isn't moved unasked.
    """

    def __init__(self, index: Path, *, threshold: float | None = None, strictness: Strictness | None = None) -> None:
        self.index = index
        self._wanted = threshold
        self._strictness = strictness
        self.ledger = Ledger.open(index)

    @classmethod
    def open(cls, option: str | None, *, strictness: Strictness | None = None) -> Self:
        """Open the index that ``--index`` names (or the default); raises ``IndexMissing`` where there is none."""
        return cls(index_folder(option), strictness=strictness)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "dense" in self.__dict__:
            self.dense.close()
        self.ledger.close()
        if isinstance(error, sqlite3.Error):
            with storage_faults(self.index):
                raise error

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder that made this index: ours, or an endpoint's (see ``qa.app.embedders.of_index``)."""
        return embedders.of_index(self.ledger.model)

    @cached_property
    def own_embedder(self) -> Embedder:
        """The embedder that comes with ``qa``, with which the scorer compares whatever made the index."""
        return embedders.own() if embedders.where(self.embedder) else self.embedder

    @cached_property
    def dense(self) -> DenseIndex:
        """The published vector index."""
        from qa.index.dense import DenseIndex

        return DenseIndex.open(self.index, self.ledger)

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages."""
        from qa.retrieve.retriever import Retriever

        embedder = self.embedder  # first: it opens the libraries that an interrupt must not tear
        return Retriever(self.ledger, self.dense, embedder)

    @cached_property
    def scorer(self) -> Scorer:
        """Says which sentences answer."""
        from qa.answer.scorer import ReaderScorer

        return ReaderScorer(self.own_embedder, self.reader, threshold=self.abstention.threshold)

    @cached_property
    def reader(self) -> Reader:
        """Reads passages against a question; raises ``ModelUnusable`` where its file is missing or damaged."""
        from qa.models.reader.reader import MiniLMReader

        return MiniLMReader.load()

    @cached_property
    def abstention(self) -> InForce:
        """Below which confidence nothing is answered; raises ``UsageError`` where the configuration is malformed."""
        from qa.answer.scorer import scorer_digest
        from qa.answer.weights import shipped_weights

        digest = scorer_digest(self.own_embedder.fingerprint, self.reader.fingerprint)
        shipped = shipped_weights().threshold
        return threshold_in_force(shipped, scorer=digest, given=self._wanted, strictness=self._strictness)

    @property
    def strict(self) -> bool:
        """Whether only answers that are surer than usual are wanted."""
        return (self._strictness or read_strictness()) is Strictness.STRICT

    def settle(self, strictness: Strictness) -> None:
        """From now on, answers have to be as sure as ``strictness`` says."""
        self._strictness = strictness
        for name in ("abstention", "scorer"):  # what holds a threshold is made anew
            self.__dict__.pop(name, None)

    def search(self, text: str, *, k: int, filters: Filters) -> Retrieved:
        """The ``k`` best passages for a question, the first of them in the order in which they answer it."""
        from qa.retrieve.rerank import READ, rerank

        with storage_faults(self.index), self.ledger.snapshot():
            found = self.retrieve(text, k=max(k, READ), filters=filters)
        return replace(found, hits=rerank(text, found.hits, self.reader)[:k])

    def retrieve(self, text: str, *, k: int, filters: Filters) -> Retrieved:
        """The ``k`` best passages, in the order in which search alone has them."""
        found = self.retriever.search(self.retriever.read(text, without=filters.without), k=k, filters=filters)
        return replace(found, hits=tuple(self._with_own_cosines(text, found.hits)))

    def _with_own_cosines(self, text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """The hits as the scorer was trained to see them: another model's cosines mean other things."""
        own = self.own_embedder
        if own is self.embedder or not hits:
            yield from hits
            return
        articles = {hit.passage.article_id: self.ledger.article(hit.passage.article_id) for hit in hits}
        texts = []
        for hit in hits:
            article = articles[hit.passage.article_id]
            assert article is not None  # one snapshot
            texts.append(embedded_text(article, hit.passage.start, hit.passage.end))
        asked = own.embed(text)
        for hit, vector in zip(hits, own.embed_many(texts), strict=True):
            yield replace(hit, cosine=float(vector @ asked))

    def said(self, who: str, *, about: str, filters: Filters) -> Said:
        """Every statement of whoever bears the name ``who``, those about ``about`` listed."""
        from qa.answer.said import said

        with storage_faults(self.index), self.ledger.snapshot():
            return said(self.ledger, who, about=about, filters=filters, embedder=self.own_embedder)

    def said_of(self, text: str, *, filters: Filters) -> Said:
        """Every statement that a question of what somebody said asks for; raises ``UsageError`` for another one."""
        from qa.answer.speech import speech_asked

        with storage_faults(self.index), self.ledger.snapshot():
            asked = speech_asked(self.retriever.read(text, without=filters.without))
        if asked is None or asked.anyone:
            raise UsageError(
                "ask.all",
                "--all lists what somebody said, and the question doesn't ask what a person or body said",
                remedy='qa ask --all "What did Zhang say about hiring?"',
            )
        return self.said(" ".join(asked.names[:1]) or asked.words, about=asked.topic, filters=filters)

    def ask(self, text: str, *, k: int, filters: Filters) -> Asked:
        """The answer to a question, each citation re-read from the ledger."""
        from qa.answer.extract import HITS, write

        scorer = self.scorer
        with storage_faults(self.index), self.ledger.snapshot():
            started = perf_counter()
            retrieved = self.retrieve(text, k=HITS, filters=filters)
            found = perf_counter()
            written = write(retrieved, ledger=self.ledger, scorer=scorer, k=k, filters=filters)
            seconds = {"retrieve": found - started, "answer": perf_counter() - found}
        in_force, absence = self.abstention, written.answer.absence
        if absence is not None and in_force.withholds(written.confidence):
            absence = replace(absence, reason=TOO_STRICT)
        return Asked(
            answer=replace(written.answer, absence=absence, provenance=self.provenance(seconds)),
            warnings=(*retrieved.warnings, *in_force.warnings),
            retrieved=retrieved,
            read=written.read,
            confidence=written.confidence,
            in_force=in_force,
        )

    def provenance(self, seconds: dict[str, float]) -> Provenance:
        """What made an answer of this index, by extracts."""
        return Provenance(
            engine="extract",
            qa_version=__version__,
            embedder=self.embedder.fingerprint.id,
            reader=self.reader.fingerprint.id,
            ledger_epoch=self.ledger.epoch,
            seconds={stage: round(taken, 4) for stage, taken in seconds.items()},
        )

    def find(self, reference: str, version: int | None = None) -> Article | None:
        """The article that ``reference`` names; raises ``UsageError`` where it may mean several, or has no such
        version.
        """
        found = self.ledger.find(reference)
        if len(found) > 1:
            raise UsageError(
                "article.ambiguous",
                f"{reference!r} may mean {len(found)} articles: {', '.join(found[:5])}",
                remedy="qa list",
            )
        if not found:
            return None
        article = self.ledger.article(found[0], version)
        if article is None:
            raise UsageError("article.no_such_version", f"{reference!r} has no version {version}")
        return article

    def status(self) -> IndexStatus:
        """What the index holds and what it was made with."""
        model = self.ledger.model
        return IndexStatus(
            index=str(self.index),
            counts=self.ledger.stats(),
            embedder=model.id if model else "none yet",
            generation=_generation(self.index),
        )


def _generation(index: Path) -> str:
    from qa.index.generation import current

    try:
        manifest = current(index)
    except IndexDamaged as error:
        return f"damaged: {error.message} (qa check --repair)"
    return f"generation {manifest.name}, {manifest.count} vectors" if manifest else "no generation"


def add(
    option: str | None,
    paths: Sequence[str],
    *,
    sync: bool,
    wait: float,
    max_bytes: int,
    progress: Progress,
    on_wait: Callable[[str], None],
    embedder: str | None = None,
    url: str | None = None,
    on_endpoint: Callable[[str], None] | None = None,
) -> AddReport:
    """Read articles into the index (see ``qa.library.add``). ``embedder`` is a model of the endpoint at ``url``
    (default: the one that is set), or ``embedders.OWN``; ``on_endpoint`` is told the host that texts are sent to.
    """
    from qa.library.add import add as add_to

    index = index_folder(option)
    made = _told(embedders.chosen(embedder, index, url=url), on_endpoint)
    return add_to(
        index,
        paths,
        embedder=made,
        sync=sync,
        wait=wait,
        max_bytes=max_bytes,
        stdin=sys.stdin.buffer,
        progress=progress,
        on_wait=on_wait,
    )


def remove(option: str | None, references: Sequence[str], *, purge: bool) -> RemoveReport:
    """Take articles out of the index (see ``qa.library.remove``)."""
    from qa.library.remove import remove as remove_from

    return remove_from(index_folder(option), references, purge=purge)


def check(option: str | None, *, repair: bool, progress: Progress) -> CheckReport:
    """Check an index, and mend it (see ``qa.library.check``)."""
    from qa.library.check import check as check_index

    index = index_folder(option)
    # Asked for only where something is to be embedded; an index of unknown make is mended with our own.
    return check_index(index, repair=repair, embedder=lambda: _mending(index), progress=progress)


def rebuild(
    option: str | None,
    *,
    progress: Progress,
    embedder: str | None = None,
    url: str | None = None,
    on_endpoint: Callable[[str], None] | None = None,
) -> None:
    """Embed everything again: with the model that ``embedder`` names (see ``add``), else with that of the endpoint that
    made the index, else with this version's own.
    """
    from qa.library.opening import require_index
    from qa.library.rebuild import rebuild as rebuild_index

    index = index_folder(option)
    require_index(index)
    made = _told(embedders.renewed(embedder, index, url=url), on_endpoint)
    rebuild_index(index, embedder=made, progress=progress)


def _told(embedder: Embedder, on_endpoint: Callable[[str], None] | None) -> Embedder:
    """The embedder, after saying where it sends texts."""
    host = embedders.where(embedder)
    if host and on_endpoint is not None:
        on_endpoint(host)
    return embedder


def _mending(index: Path) -> Embedder:
    from qa.llm.embedder import is_endpoint

    try:
        made_with = embedders.model_of_index(index)
    except IndexDamaged:  # that is what is being mended
        made_with = None
    foreign = made_with is not None and is_endpoint(made_with)
    return embedders.chosen(None, index) if foreign else embedders.own()
