"""Puts hits in the order in which they answer: the fused score, and what the reader says of each passage.

Whether any of them answers is ``qa.answer``'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from qa.models.reader.passage import Found, ReaderPassage, head
from qa.models.reader.reader import Reader
from qa.types import Hit

#: So many of the first hits are read; those behind them stay where they are.
READ = 12
#: What a passage that surely answers gains, on the scale of fused scores: of those that order one half of SciFact's
#: training questions as well as the best does, the largest (``python -m eval.bench reader --only scifact``).
WEIGHT = 0.2


def rerank(
    question: str, hits: Sequence[Hit], reader: Reader, *, read: int = READ, weight: float = WEIGHT
) -> tuple[Hit, ...]:
    """All hits, the first ``read`` of them by their score and ``weight`` times ``rerank``, what the reader says (0..1);
    equals stay as found.
    """
    first = hits[:read]
    found = reader.read_many(question, [passage_of(hit) for hit in first])
    said = [replace(hit, rerank=answers(one)) for hit, one in zip(first, found, strict=True)]
    return (*sorted(said, key=lambda hit: -(hit.score + weight * (hit.rerank or 0.0))), *hits[read:])


def passage_of(hit: Hit) -> ReaderPassage:
    """A hit's passage with its article's title and date in front."""
    article = hit.article
    return ReaderPassage(
        head=head(article.title, (), article.published), text=hit.text, sentences=((0, len(hit.text)),)
    )


def answers(found: Found) -> float:
    """How likely a passage answers, 0..1, by both of the reader's ways to say so."""
    margin = found.spans[0].margin if found.spans else found.answerable
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, (found.answerable + margin) / 2))))
