"""Questions measured: each becomes a row of features by the scorer's own code, with vectors cached on disk.

Where the questions come from is ``scorer_data``'s; what is done with rows is ``scorer``'s.
"""

from __future__ import annotations

import hashlib
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.bench.scorer_data import Corpus, Item, load, made_unanswerable
from qa.answer.features import Measured, Measurer
from qa.answer.scorer import COMPARED, ReaderScorer, answerable_values, pages_of
from qa.answer.topics import Topics
from qa.answer.view import ArticleView
from qa.models.embedder import MiniLM
from qa.models.reader.passage import Found, ReaderPassage
from qa.models.reader.reader import Reader

Array = NDArray[np.float64]
FOLDS = 5
#: Sets whose articles are cut out of one another: a search's other finds would hold the evidence.
OVERLAPPING = frozenset({"qamr"})


@dataclass(frozen=True, slots=True)
class Row:
    """One question measured: features of its candidates, which of them answer, and the sentences' cosines."""

    item: Item
    features: Array
    gold: NDArray[np.bool_]
    measured: tuple[Measured, ...]
    cosines: Array

    @property
    def answerable(self) -> bool:
        """Whether any candidate answers."""
        return bool(self.gold.any())

    @property
    def source(self) -> str:
        """The data set."""
        return self.item.source

    @property
    def kind(self) -> tuple[str, str]:
        """The data set, and ``"yes"`` or how the question came to have no answer."""
        return self.source, "yes" if self.answerable else self.item.made or "own"

    @property
    def fold(self) -> int:
        """Which fold the row's group is held out in."""
        return hashlib.sha256(self.item.group.encode()).digest()[0] % FOLDS


class Vectors(Topics):
    """The embedder with a cache on disk: what was embedded once is never again."""

    def __init__(self, cache: Path | None) -> None:
        super().__init__(MiniLM.load())
        self._cache = cache / "vectors.npz" if cache else None
        if self._cache is not None and self._cache.exists():
            with np.load(self._cache) as stored:
                self._vectors = dict(zip(map(bytes.fromhex, stored["keys"]), stored["vectors"], strict=True))

    def vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Vectors of ``texts``; nothing is ever forgotten."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        self._vectors.update(zip(missing, self._embedder.embed_many(list(missing.values())), strict=True))
        return [self._vectors[key] for key in keys]

    def save(self) -> None:
        """Write the cache."""
        if self._cache is not None:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            keys = np.array([key.hex() for key in self._vectors])
            np.savez(self._cache, keys=keys, vectors=np.array(list(self._vectors.values())))


class RememberingReader:
    """A reader that keeps on disk what it read."""

    def __init__(self, reader: Reader, cache: Path | None) -> None:
        self._reader = reader
        self.fingerprint = reader.fingerprint
        self._cache = cache / f"read-{reader.fingerprint.sha256[:12]}.pickle" if cache else None
        self._known: dict[bytes, Found] = {}
        if self._cache is not None and self._cache.exists():
            self._known = pickle.loads(self._cache.read_bytes())

    def read(self, question: str, passage: ReaderPassage) -> Found:
        """As the reader."""
        return next(self.read_many(question, [passage]))

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        """As the reader; what is known isn't read."""
        keys = [hashlib.sha256(repr((question, passage)).encode("utf-8", "replace")).digest() for passage in passages]
        missing = {key: one for key, one in zip(keys, passages, strict=True) if key not in self._known}
        self._known.update(zip(missing, self._reader.read_many(question, list(missing.values())), strict=True))
        yield from (self._known[key] for key in keys)

    def save(self) -> None:
        """Write the cache."""
        if self._cache is not None:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            self._cache.write_bytes(pickle.dumps(self._known))


class Measuring:
    """Makes rows of items: the scorer's own code on every passage of an item, however many."""

    def __init__(self, reader: Reader, cache: Path | None) -> None:
        self.embedding = Vectors(cache)
        self.reader = RememberingReader(reader, cache)
        self._scorer = ReaderScorer(MiniLM.load(), self.reader)

    def row(self, item: Item, corpus: Corpus) -> Row | None:
        """All features of one item; ``None`` where it has no candidate."""
        candidates = item.candidates()
        if not candidates:
            return None
        vectors = self.embedding.vectors
        asked = vectors([item.question.text])[0]
        texts = [f"{c.view.article.title}\n{c.passage.of(c.view.article.text)}".strip() for c in candidates]
        near = {text: float(vector @ asked) for text, vector in zip(texts, vectors(texts), strict=True)}
        placed = [replace(c, passage_cosine=near[text]) for c, text in zip(candidates, texts, strict=True)]
        measurer = Measurer(item.question, corpus.rarity(item.question))
        measured = self._scorer.measured(item.question, pages_of(placed), measurer)
        sentences = vectors([one.candidate.view.text(one.candidate.number) for one in measured])
        return Row(
            item,
            np.array([one.values for one in measured]),
            np.array([item.is_gold(one.candidate) for one in measured]),
            tuple(measured),
            np.array([float(vector @ asked) for vector in sentences]),
        )

    def save(self) -> None:
        """Write both caches."""
        self.embedding.save()
        self.reader.save()


def rows_of(source: str, measuring: Measuring, *, limit: int, made: float) -> Iterator[Row]:
    """The rows of one data set. With ``made``, half of them among what a search finds beside, and for that share of
    the answerable
    questions each unanswerable ones: evidence removed, a name swapped, only the search's other finds left.
    """
    items, corpus = load(source, limit=limit)
    if made and source not in OVERLAPPING:
        shelf = Shelf(items, measuring.embedding)
        rng = random.Random(19)
        items += list(made_unanswerable(items, corpus, share=made))
        items = [shelf.among_others(item) if rng.random() < 0.5 else item for item in items]
        items += [shelf.elsewhere(item) for item in items if item.gold and rng.random() < made]
    for item in items:
        row = measuring.row(item, corpus)
        if row is not None:
            yield row


class Shelf:
    """All articles of a data set with their vectors, to find what a search would put beside the evidence."""

    def __init__(self, items: Sequence[Item], embedding: Vectors) -> None:
        self._embedding = embedding
        self._views = list({id(one): one for item in items for one in item.views}.values())
        texts = [f"{one.article.title}\n{one.article.text[:1_000]}".strip() for one in self._views]
        self._matrix = np.array(embedding.vectors(texts))

    def among_others(self, item: Item) -> Item:
        """The item with two to three articles beside its own."""
        return replace(item, views=(*item.views, *self._others(item, 3)))

    def elsewhere(self, item: Item) -> Item:
        """The item without its own articles."""
        return replace(item, views=tuple(self._others(item, 4)), gold=frozenset(), made="elsewhere")

    def _others(self, item: Item, count: int) -> list[ArticleView]:
        own = {one.article.id for one in item.views}
        found = []
        for place in np.argsort(-(self._matrix @ self._embedding.vectors([item.question.text])[0])):
            one = self._views[int(place)]
            low = one.article.text.casefold()
            if one.article.id not in own and not any(answer in low for answer in item.answers):
                found.append(one)
            if len(found) == count:
                break
        return found


def together(row: Row, logits: Array) -> tuple[float, ...]:
    """What the second regression sees of a row."""
    order = np.argsort(-logits, kind="stable")
    ranked = [(float(logits[at]), row.measured[at]) for at in order]
    return answerable_values(ranked, [float(row.cosines[at]) for at in order[:COMPARED]])
