"""Runs the two searches, full-text and dense, and gathers what they found with all raw scores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.query import expression_of, telling_words, words_to_find
from qa.types import Filters, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.index.dense import DenseResult

#: Candidates that each search gives.
POOL = 100
#: More favoured articles than this aren't searched on their own: they are common enough to be among everyone's
#: candidates.
_MOST_FAVOURED = 400


class Dense(Protocol):
    """What searches vectors: ``qa.index.dense.DenseIndex``."""

    def search(
        self,
        vector: NDArray[np.float32],
        *,
        limit: int,
        filters: Filters | None = None,
        among: Sequence[str] | None = None,
    ) -> DenseResult:
        """The passages whose vectors are nearest, best first; ``among`` are ids of the only articles searched."""
        ...


class Clock:
    """Adds up seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Live passages by key, with their raw scores. Ranks count from 1, in the search of everything. Every one has a
    cosine.
    """

    passages: Mapping[int, Passage]
    bm25: Mapping[int, float]
    lexical_rank: Mapping[int, int]
    cosine: Mapping[int, float]
    dense_rank: Mapping[int, int]


class Search:
    """The searches for one question."""

    def __init__(
        self,
        ledger: Ledger,
        dense: Dense,
        vector: NDArray[np.float32],
        *,
        filters: Filters | None,
        limit: int,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._dense = dense
        self._vector = vector
        self._filters = filters
        self._limit = limit
        self._clock = clock
        self._expression = ""
        self._bm25: dict[int, float] = {}
        self._cosine: dict[int, float] = {}
        self._lexical_rank: dict[int, int] = {}
        self._dense_rank: dict[int, int] = {}
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the index said of itself, each once."""
        return tuple(self._warnings)

    def everywhere(self, text: str) -> None:
        """Search all that the filters let through for the question ``text``."""
        with self._clock("lexical"):
            without = self._filters.without if self._filters else frozenset()
            _, passages = lexical.searched(self._ledger, filters=Filters(without=without))
            words = telling_words(self._ledger, words_to_find(text), passages=passages, without=without)
            self._expression = expression_of(words)
        self._run(None)
        self._lexical_rank = {key: rank for rank, key in enumerate(self._bm25, start=1)}
        self._dense_rank = {key: rank for rank, key in enumerate(self._cosine, start=1)}

    def among(self, articles: frozenset[str], *, at_least: int) -> None:
        """Search in ``articles`` alone, unless there are none or many, or ``at_least`` passages of theirs were found
        by both searches.
        """
        if not 0 < len(articles) <= _MOST_FAVOURED:
            return
        passages = self._ledger.passages(self._bm25.keys() & self._cosine.keys())
        if sum(passage.article_id in articles for passage in passages.values()) < at_least:
            self._run(sorted(articles))

    def candidates(self) -> Candidates:
        """All that was found, as far as it is live, with the cosines that are still missing."""
        with self._clock("dense"):
            self._fill_cosines()
        passages = self._ledger.passages(sorted(self._bm25.keys() | self._cosine.keys()))
        return Candidates(
            passages=passages,
            bm25=self._bm25,
            lexical_rank=self._lexical_rank,
            cosine=self._cosine,
            dense_rank=self._dense_rank,
        )

    def _run(self, among: Sequence[str] | None) -> None:
        with self._clock("lexical"):
            for hit in lexical.search(
                self._ledger, self._expression, limit=self._limit, filters=self._filters, among=among
            ):
                self._bm25.setdefault(hit.key, hit.bm25)
        with self._clock("dense"):
            result = self._dense.search(self._vector, limit=self._limit, filters=self._filters, among=among)
            for found in result.hits:
                self._cosine.setdefault(found.key, found.cosine)
            if result.damage:
                self._warnings.setdefault(str(result.damage))

    def _fill_cosines(self) -> None:
        missing = sorted(self._bm25.keys() - self._cosine.keys())
        keys, vectors = self._ledger.vectors(missing)
        if keys:
            cosines = vectors @ self._vector
            self._cosine.update(zip(keys, (float(value) for value in cosines), strict=True))
