"""Articles in a ledger without a vector index, for what is tested of ``qa.answer``. No test is in here.

The embedder is a toy: equal words give near vectors, and it costs nothing. Where meaning matters tests take the
real one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answer.extract import HITS, Written, write
from qa.answer.scorer import Scorer, SimilarityScorer
from qa.answer.words import tokens
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Writer, article_id
from qa.library.analyse import analyse, embedded_texts
from qa.models.embedder import Embedder
from qa.retrieve.retriever import Retriever
from qa.types import Answer, Draft, Filters, Fingerprint

DIMENSION = 64


class Toy:
    """An embedder of hashed word stems: deterministic, of length 1, and of no understanding."""

    fingerprint = Fingerprint(name="toy", sha256="0" * 64, dimension=DIMENSION, normalised=True)

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of one text."""
        vector = np.full(DIMENSION, 1e-3, dtype=np.float32)
        for token in tokens(text):
            vector[zlib.crc32(token.stem.encode("utf-8", "replace")) % DIMENSION] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The vectors of many texts."""
        return map(self.embed, texts)


class Shelf:
    """An index folder whose articles are analysed and stored as ``qa add`` does it; ``ask`` goes the way of ``qa
    ask``.
    """

    def __init__(self, index: Path, *, embedder: Embedder | None = None) -> None:
        index.mkdir(parents=True, exist_ok=True)
        self.index = index
        self.embedder: Embedder = embedder or Toy()
        self.ledger = Ledger.open_to_write(index)
        self.writer = Writer(self.ledger)
        with self.writer.transaction():
            self.writer.use_model(self.embedder.fingerprint)
        self.scorer: Scorer = SimilarityScorer(self.embedder)
        self._retriever = Retriever(self.ledger, DenseIndex.open(index, self.ledger), self.embedder)

    def put(
        self, text: str, *, name: str = "a", title: str = "", source: str = "", published: date | None = None
    ) -> str:
        """Store an article, or its next version; returns its id."""
        draft = Draft(identity=name, text=text, title=title, source=source, published=published)
        analysis = analyse(draft)
        texts = embedded_texts(draft, analysis.segmentation.passages)
        with self.writer.transaction():
            self.writer.put_vectors((sha, self.embedder.embed(embedded)) for sha, embedded in texts)
            return self.writer.store(draft, analysis, recipe="test", known=self.ledger.known(name))

    def remove(self, name: str, *, purge: bool = False) -> None:
        """Take an article out."""
        with self.writer.transaction():
            (self.writer.purge if purge else self.writer.remove)(article_id(name))

    def ask(self, question: str, *, k: int = 5, filters: Filters | None = None) -> Answer:
        """The answer to ``question``."""
        return self.write(question, k=k, filters=filters).answer

    def write(self, question: str, *, k: int = 5, filters: Filters | None = None) -> Written:
        """The answer to ``question`` and how it came about."""
        without = filters.without if filters else frozenset()
        retrieved = self._retriever.search(self._retriever.read(question, without=without), k=HITS, filters=filters)
        return write(retrieved, ledger=self.ledger, scorer=self.scorer, k=k, filters=filters)

    def quotes(self, question: str, *, k: int = 5, filters: Filters | None = None) -> list[str]:
        """What the answer cites, in order; empty where it abstains."""
        return [c.quote for claim in self.ask(question, k=k, filters=filters).claims for c in claim.citations]

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()
