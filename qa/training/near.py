"""For each question, the passages nearest to it that don't answer it: what our own retrieval would bring beside the
right one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.models.embedder import MiniLM
from qa.training.items import Item, Passage

_RANKS = 12  # so many of the nearest are chosen from
_WIDTH = 384  # of a vector
_SHORT = 6  # an answer of fewer letters may stand anywhere


class Near:
    """The passages of some items, to be searched by similarity. Vectors are kept in ``cache``."""

    def __init__(self, items: Sequence[Item], cache: Path) -> None:
        self._passages = list({id(item.passage): item.passage for item in items}.values())
        self._cache = cache
        self._vectors = self._embedded([f"{one.title}\n{one.text}" for one in self._passages])

    def negatives(self, items: Sequence[Item]) -> list[list[Passage]]:
        """For each item up to ``_RANKS`` passages, nearest first, that have none of its answers and aren't its own."""
        questions = self._embedded([item.question for item in items])
        found = []
        for item, vector in zip(items, questions, strict=True):
            order = np.argsort(-(self._vectors @ vector), kind="stable")[: 2 * _RANKS]
            found.append(
                [self._passages[place] for place in order if self._wrong(item, self._passages[place])][:_RANKS]
            )
        return found

    @staticmethod
    def _wrong(item: Item, other: Passage) -> bool:
        text = other.text.casefold()
        if other.text == item.passage.text or item.passage.text in other.text or other.text in item.passage.text:
            return False
        telling = [answer for answer in item.texts() if len(answer) >= _SHORT] or item.texts()
        return not any(answer in text for answer in telling)

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        key = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        path = self._cache / f"vectors-{key}.npy"
        if path.exists():
            kept: NDArray[np.float32] = np.load(path)
            return kept
        vectors = np.array(list(MiniLM.load().embed_many(texts)), dtype=np.float32).reshape(len(texts), _WIDTH)
        self._cache.mkdir(parents=True, exist_ok=True)
        np.save(path, vectors)
        return vectors
