"""The systems under test: an engine answers one item and says what it did. Nothing is judged here.

What is run is described by a ``Setup``, which can be sent to another process and opened there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.corpus import Corpus
from eval.run.code import code_digest
from eval.run.folder import System
from eval.run.index import Progress, corpus_index, names_of
from eval.types import Ended, Item, RunCitation, RunClaim, RunRecord, RunSpan
from qa import __version__
from qa.answer.considered import Read
from qa.app import Asked, Reading
from qa.types import Claim, Filters, Hit

#: So many passages are asked for where only retrieval is measured.
RETRIEVED = 100
#: So many claims at most, as ``qa ask`` gives.
CLAIMS = 5


class Engine(Protocol):
    """A system under test. The same item gives the same record, whatever was asked before; times apart."""

    def answer(self, item: Item, *, hide: frozenset[str]) -> RunRecord:
        """What it does with the item's question, as if the articles ``hide`` weren't in the corpus.

        May raise anything: that is recorded as the item's error.
        """
        ...


class Setup(Protocol):
    """An engine and all that it needs, in a form that can be pickled."""

    @property
    def system(self) -> System:
        """What it is; goes into the manifest."""
        ...

    @property
    def corpus_sha256(self) -> str:
        """The digest of the corpus that it answers from."""
        ...

    def open(self) -> AbstractContextManager[Engine]:
        """The engine, in the process that uses it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSetup:
    """``qa ask`` without a language model, over an index of the corpus. Made by ``extract``."""

    index: Path
    root: Path
    system: System
    corpus_sha256: str
    warnings: tuple[str, ...] = ()

    @contextmanager
    def open(self) -> Iterator[ExtractEngine]:
        """The engine over the index."""
        with Reading(self.index, threshold=self.system.threshold) as reading:
            yield ExtractEngine(reading, root=self.root, k=self.system.k)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveSetup:
    """``qa search`` alone, for sets that grade articles. Made by ``retrieve``."""

    index: Path
    root: Path
    system: System
    corpus_sha256: str

    @contextmanager
    def open(self) -> Iterator[RetrieveEngine]:
        """The engine over the index."""
        with Reading(self.index) as reading:
            yield RetrieveEngine(reading, root=self.root, k=self.system.k)


def extract(
    corpus: Corpus,
    *,
    k: int = CLAIMS,
    threshold: float | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> ExtractSetup:
    """``qa ask`` as it is configured here (``threshold`` apart, if one is given; 0 answers wherever it can), over the
    corpus, which is indexed first where the cache has no index of it.
    """
    index = corpus_index(corpus.root, corpus.sha256, cache=cache, progress=progress)
    with Reading(index, threshold=threshold) as reading:
        in_force = reading.abstention
        embedder = reading.embedder.fingerprint.id
    system = System(
        engine="extract",
        qa_version=__version__,
        code=code_digest(),
        embedder=embedder,
        scorer=in_force.scorer,
        threshold=in_force.threshold,
        k=k,
    )
    return ExtractSetup(
        index=index, root=corpus.root, system=system, corpus_sha256=corpus.sha256, warnings=in_force.warnings
    )


def retrieve(
    corpus: Corpus, *, k: int = RETRIEVED, cache: Path | None = None, progress: Progress | None = None
) -> RetrieveSetup:
    """``qa search`` over the corpus, which is indexed first where the cache has no index of it."""
    index = corpus_index(corpus.root, corpus.sha256, cache=cache, progress=progress)
    with Reading(index) as reading:
        system = System(
            engine="retrieve", qa_version=__version__, code=code_digest(), embedder=reading.embedder.fingerprint.id, k=k
        )
    return RetrieveSetup(index=index, root=corpus.root, system=system, corpus_sha256=corpus.sha256)


class _Named:
    """An open index whose articles go by their names in the corpus."""

    def __init__(self, reading: Reading, *, root: Path) -> None:
        self.reading = reading
        self._ids = names_of(reading.ledger, root)
        self._names = {article_id: name for name, article_id in self._ids.items()}

    def filters(self, item: Item, hide: frozenset[str]) -> Filters:
        """The item's filters; what is to be hidden and isn't there is hidden already."""
        return Filters(
            source=item.filters.source,
            since=item.filters.since,
            until=item.filters.until,
            without=frozenset(self._ids[name] for name in hide if name in self._ids),
        )

    def hits(self, hits: Sequence[Hit]) -> tuple[RunSpan, ...]:
        return tuple(
            RunSpan(article=self._names[hit.article.id], start=hit.passage.start, end=hit.passage.end, score=hit.score)
            for hit in hits
        )

    def read(self, read: Sequence[Read]) -> tuple[RunSpan, ...]:
        return tuple(
            RunSpan(article=self._names[one.article_id], start=one.span.start, end=one.span.end) for one in read
        )

    def claim(self, claim: Claim) -> RunClaim:
        citations = tuple(
            RunCitation(article=self._names[one.article_id], start=one.start, end=one.end, quote=one.quote)
            for one in claim.citations
        )
        return RunClaim(
            text=claim.text,
            citations=citations,
            speaker=claim.speaker.name if claim.speaker else "",
            earlier=any(reason.startswith("earlier") for reason in claim.reasons),
        )


class ExtractEngine:
    """Answers as ``qa ask`` does, with verbatim extracts."""

    def __init__(self, reading: Reading, *, root: Path, k: int) -> None:
        self._named = _Named(reading, root=root)
        self._k = k

    def answer(self, item: Item, *, hide: frozenset[str]) -> RunRecord:
        """The product's answer with all that measuring needs."""
        filters = self._named.filters(item, hide)
        asked = self._named.reading.ask(item.question, k=self._k, filters=filters)
        claims = asked.answer.claims
        provenance = asked.answer.provenance
        return RunRecord(
            id=item.id,
            ended=Ended(asked.answer.status),
            answer="\n".join(claim.text for claim in claims),
            short=_short(asked),
            claims=tuple(map(self._named.claim, claims)),
            retrieved=self._named.hits(asked.retrieved.hits),
            read=self._named.read(asked.read),
            confidence=asked.confidence,
            seconds=dict(provenance.seconds) if provenance else {},
            tokens=provenance.tokens if provenance else 0,
        )


def _short(asked: Asked) -> str:
    """The first short answer that is pointed out inside a citation."""
    for claim in asked.answer.claims:
        for citation in claim.citations:
            if citation.highlight is not None:
                inside = slice(citation.highlight.start - citation.start, citation.highlight.end - citation.start)
                return citation.quote[inside]
    return ""


class RetrieveEngine:
    """Finds as ``qa search`` does, and answers nothing."""

    def __init__(self, reading: Reading, *, root: Path, k: int) -> None:
        self._named = _Named(reading, root=root)
        self._k = k

    def answer(self, item: Item, *, hide: frozenset[str]) -> RunRecord:
        """What is found for the item's question."""
        filters = self._named.filters(item, hide)
        found = self._named.reading.search(item.question, k=self._k, filters=filters)
        return RunRecord(
            id=item.id,
            ended=Ended.ABSTAINED,
            retrieved=self._named.hits(found.hits),
            seconds={"retrieve": round(sum(found.seconds.values()), 4)},
        )
