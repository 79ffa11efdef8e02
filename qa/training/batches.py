"""Examples as arrays: encoded, with their targets, and put together in batches of about equal size."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.models.reader.encoding import Encoder, Window
from qa.models.reader.passage import ReaderPassage
from qa.training.items import Item
from qa.training.mixture import Example

TOKENS_A_BATCH = 3072
_POOL = 64  # batches that are filled from one pool sorted by length


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as tokens: ``starts`` and ``ends`` are (token, share) pairs that sum to 1, the first token being "no
    answer"; ``sentences`` are token ranges, ``evidence`` how many of the annotators point into each.
    """

    window: Window
    starts: tuple[tuple[int, float], ...]
    ends: tuple[tuple[int, float], ...]
    sentences: tuple[tuple[int, int], ...]
    evidence: tuple[float, ...]

    @property
    def answerable(self) -> float:
        """1 where the window has an answer."""
        return 1.0 - dict(self.starts).get(0, 0.0)


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of one batch; shapes ``(examples, tokens)``, for sentences ``(examples, sentences)``."""

    ids: NDArray[np.int64]
    segments: NDArray[np.int64]
    real: NDArray[np.bool_]
    text: NDArray[np.bool_]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    answerable: NDArray[np.float32]
    pooling: NDArray[np.float32]
    evidence: NDArray[np.float32]
    sentences: NDArray[np.bool_]


def encoded(encoder: Encoder, example: Example, rng: random.Random) -> Encoded:
    """One window of an example: one with an answer where there is one."""
    item = example.item
    passage = ReaderPassage(head=example.head, text=item.passage.text, sentences=item.passage.sentences)
    windows = list(encoder.windows(item.question, passage))
    found = [targets(window, item) for window in windows]
    answering = [one for one in found if one.answerable]
    return rng.choice(answering or found)


def targets(window: Window, item: Item) -> Encoded:
    """A window with what an ideal reader says of it."""
    pairs = Counter(pair for answer in item.answers for pair in [_tokens(window, *answer)] if pair)
    total = sum(pairs.values())
    ranges = window.sentence_tokens(item.passage.sentences)
    if not total:
        return Encoded(window, ((0, 1.0),), ((0, 1.0),), ranges, (0.0,) * len(ranges))
    starts, ends, evidence = Counter[int](), Counter[int](), [0.0] * len(ranges)
    for (start, end), count in pairs.items():
        starts[start] += count
        ends[end] += count
        for place, (first, last) in enumerate(ranges):
            if start < last and end >= first and first < last:
                evidence[place] += count / total
    shares = [tuple(sorted((place, n / total) for place, n in found.items())) for found in (starts, ends)]
    return Encoded(window, shares[0], shares[1], ranges, tuple(min(1.0, share) for share in evidence))


def _tokens(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """The first and last token of a span, where all of it is in the window."""
    inside = [place for place, (begin, stop) in enumerate(window.offsets) if begin < end and stop > start]
    if not inside or window.offsets[inside[0]][0] > start + 1 or window.offsets[inside[-1]][1] < end - 2:
        return None
    return window.first + inside[0], window.first + inside[-1]


def batches(found: Sequence[Encoded], rng: random.Random) -> Iterator[list[int]]:
    """Numbers of examples, in batches of about ``TOKENS_A_BATCH`` tokens of padded length, in random order."""
    order = list(range(len(found)))
    rng.shuffle(order)
    average = sum(len(one.window.ids) for one in found) / max(1, len(found))
    pool = max(1, int(_POOL * TOKENS_A_BATCH / max(1.0, average)))
    for begin in range(0, len(order), pool):
        chunk = sorted(order[begin : begin + pool], key=lambda place: len(found[place].window.ids))
        made: list[list[int]] = [[]]
        for place in chunk:
            if made[-1] and len(found[place].window.ids) * (len(made[-1]) + 1) > TOKENS_A_BATCH:
                made.append([])
            made[-1].append(place)
        rng.shuffle(made)
        yield from made


def batch(chosen: Sequence[Encoded]) -> Batch:
    """The arrays of some examples, padded to the longest."""
    size, length = len(chosen), max(len(one.window.ids) for one in chosen)
    most = max(1, max(len(one.sentences) for one in chosen))
    made = Batch(
        ids=np.zeros((size, length), dtype=np.int64),
        segments=np.zeros((size, length), dtype=np.int64),
        real=np.zeros((size, length), dtype=np.bool_),
        text=np.zeros((size, length), dtype=np.bool_),
        starts=np.zeros((size, length), dtype=np.float32),
        ends=np.zeros((size, length), dtype=np.float32),
        answerable=np.array([one.answerable for one in chosen], dtype=np.float32),
        pooling=np.zeros((size, most, length), dtype=np.float32),
        evidence=np.zeros((size, most), dtype=np.float32),
        sentences=np.zeros((size, most), dtype=np.bool_),
    )
    for row, one in enumerate(chosen):
        _fill(made, row, one)
    return made


def _fill(made: Batch, row: int, one: Encoded) -> None:
    window = one.window
    made.ids[row, : len(window.ids)] = window.ids
    made.segments[row, : len(window.ids)] = window.segments
    made.real[row, : len(window.ids)] = True
    made.text[row, 0] = True
    made.text[row, window.first : len(window.ids) - 1] = True
    for place, share in one.starts:
        made.starts[row, place] = share
    for place, share in one.ends:
        made.ends[row, place] = share
    for number, ((first, last), share) in enumerate(zip(one.sentences, one.evidence, strict=True)):
        if first < last:
            made.pooling[row, number, first:last] = 1.0 / (last - first)
            made.evidence[row, number] = share
            made.sentences[row, number] = True
