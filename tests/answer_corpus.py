"""Articles in a ledger without a vector index, for what is tested of ``qa.answer``. No test is in here.

Embedder and reader are toys: they go by the words that two texts share, and cost nothing. Where meaning matters tests
take the real ones.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answer.considered import Considered, Written, consider
from qa.answer.extract import HITS, write
from qa.answer.features import Candidate
from qa.answer.scorer import ReaderScorer, Scorer
from qa.answer.view import ArticleView
from qa.answer.words import Token, content_stems, tokens
from qa.index.dense import DenseIndex
from qa.ingest.segment import segment
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Writer, article_id
from qa.library.analyse import analyse, embedded_texts
from qa.models.embedder import Embedder
from qa.models.reader.passage import Found, Pointed, ReaderPassage
from qa.models.reader.reader import SPANS, Reader
from qa.retrieve.retriever import Retrieved, Retriever
from qa.retrieve.words import is_function_word
from qa.statements.people import find_people
from qa.statements.speech import find_statements
from qa.types import Answer, Article, Draft, Filters, Fingerprint, Span

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


class ToyReader:
    """A reader that goes by shared word stems: a sentence answers as far as it has the question's words, and the answer
    in it is the longest run of its other words. Deterministic, and of no understanding.
    """

    fingerprint = Fingerprint(name="toy-reader", sha256="1" * 64, dimension=1, normalised=False)

    def read(self, question: str, passage: ReaderPassage) -> Found:
        """What the passage says to the question: log-odds are -4 (no word of it is there) to 4 (all are)."""
        wanted = content_stems([question])
        cut = [tokens(passage.text, start, end) for start, end in passage.sentences]
        evidence = tuple(_odds(wanted, words) for words in cut)
        pointed = [
            Pointed(start=run[0].start, end=run[-1].end, margin=odds)
            for odds, words in zip(evidence, cut, strict=True)
            for run in [_longest_run(wanted, words)]
            if run
        ]
        whole = _odds(wanted, [*tokens(passage.head), *tokens(passage.text)])
        pointed.sort(key=lambda one: -one.margin)
        return Found(answerable=whole, spans=tuple(pointed[:SPANS]), evidence=evidence, cut=False)

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        """``read`` of each passage."""
        return (self.read(question, passage) for passage in passages)


def _odds(wanted: Sequence[str], words: Sequence[Token]) -> float:
    there = {token.stem for token in words}
    return 8 * sum(stem in there for stem in wanted) / max(1, len(wanted)) - 4


def _longest_run(wanted: Sequence[str], words: Sequence[Token]) -> list[Token]:
    """The longest run of words that are content and not the question's, the first of equals; else the first word."""
    best: list[Token] = []
    run: list[Token] = []
    for token in words:
        run = [] if token.stem in wanted or is_function_word(token.low) else [*run, token]
        best = run if len(run) > len(best) else best
    return best or list(words[:1])


def view(text: str, title: str = "", *, published: date | None = None) -> ArticleView:
    """An article taken apart, without a ledger."""
    cut = segment(text, title=title)
    people = tuple(find_people(text, cut.sentences))
    digest = hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()
    article = Article(
        id=digest[:12], version=1, identity="a", title=title, source="", url="", author="", published=published,
        text=text, sha256=digest,
    )  # fmt: skip
    return ArticleView(article, cut.sentences, people, tuple(find_statements(text, cut.sentences, people)))


def candidates(one: ArticleView, passage: Span | None = None) -> list[Candidate]:
    """The body sentences of a passage (default: the whole article)."""
    whole = passage or Span(0, len(one.article.text))
    return [Candidate(one, number, whole, 0.4) for number in one.numbers_in(whole) if one.is_body(number)]


class Shelf:
    """An index folder whose articles are analysed and stored as ``qa add`` does it; ``ask`` goes the way of ``qa
    ask``.
    """

    def __init__(self, index: Path, *, embedder: Embedder | None = None, reader: Reader | None = None) -> None:
        index.mkdir(parents=True, exist_ok=True)
        self.index = index
        self.embedder: Embedder = embedder or Toy()
        self.reader: Reader = reader or ToyReader()
        self.ledger = Ledger.open_to_write(index)
        self.writer = Writer(self.ledger)
        with self.writer.transaction():
            self.writer.use_model(self.embedder.fingerprint)
        self.scorer: Scorer = ReaderScorer(self.embedder, self.reader)
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
        return write(self.found(question, filters), ledger=self.ledger, scorer=self.scorer, k=k, filters=filters)

    def found(self, question: str, filters: Filters | None = None) -> Retrieved:
        """The hits of ``question``."""
        without = filters.without if filters else frozenset()
        return self._retriever.search(self._retriever.read(question, without=without), k=HITS, filters=filters)

    def considered(self, question: str) -> Considered:
        """What is settled before an answer to ``question`` is written."""
        return consider(self.found(question), self.ledger, self.scorer, None)

    def quotes(self, question: str, *, k: int = 5, filters: Filters | None = None) -> list[str]:
        """What the answer cites, in order; empty where it abstains."""
        return [c.quote for claim in self.ask(question, k=k, filters=filters).claims for c in claim.citations]

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()
