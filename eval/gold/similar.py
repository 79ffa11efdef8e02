"""Questions that ask nearly the same: pairs by the overlap of their words, without comparing every pair."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from qa.text import normalise

#: Share of common words (Jaccard) from which two questions are looked at together.
NEAR = 0.85
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions by their keys, the earlier one first, and the share of words that they have in common.

    ``equal``: the same words in the same order.
    """

    first: str
    second: str
    overlap: float
    equal: bool


def words(text: str) -> tuple[str, ...]:
    """The words of ``text``, whatever their case and punctuation."""
    return tuple(_WORD.findall(normalise(text).text))


def near_equal(questions: Mapping[str, str], *, threshold: float = NEAR) -> tuple[Pair, ...]:
    """The pairs of ``questions`` that share at least ``threshold`` of their words and all of their numbers.

    Two sets of words that overlap that much share one of their rarest words (prefix filtering: Chaudhuri, Ganti and
    Kaushik, "A primitive operator for similarity joins in data cleaning", 2006), so only such pairs are compared.
    """
    cut = {key: words(text) for key, text in questions.items()}
    frequency = Counter(word for found in cut.values() for word in set(found))
    by_word: dict[str, list[str]] = defaultdict(list)
    pairs = []
    for key, found in cut.items():
        rarest = sorted(set(found), key=lambda word: (frequency[word], word))
        rarest = rarest[: len(rarest) - math.ceil(threshold * len(rarest)) + 1]
        for other in sorted({other for word in rarest for other in by_word[word]}):
            if pair := _pair(other, key, cut, threshold):
                pairs.append(pair)
        for word in rarest:
            by_word[word].append(key)
    return tuple(pairs)


def _pair(first: str, second: str, cut: Mapping[str, tuple[str, ...]], threshold: float) -> Pair | None:
    a, b = set(cut[first]), set(cut[second])
    overlap = len(a & b) / len(a | b)
    if overlap < threshold or _numbers(a) != _numbers(b):
        return None
    return Pair(first, second, overlap, cut[first] == cut[second])


def _numbers(found: set[str]) -> set[str]:
    return {word for word in found if any(char.isdigit() for char in word)}
