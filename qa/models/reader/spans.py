"""From the logits of starts and ends to spans of tokens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST = 48  # tokens of an answer
_STARTS = 20  # so many of the likeliest starts and ends are paired


def best_spans(
    starts: NDArray[np.float32], ends: NDArray[np.float32], *, first: int, count: int
) -> list[tuple[int, int, float]]:
    """The ``count`` best spans of text tokens, as (first token, last token, log-odds against no answer), best first and
    not overlapping. Text tokens are those from ``first`` to the one before the last; they are counted from 0.

    ``starts`` and ``ends`` are one window's, the first token's meaning "no answer" (BERT's way with SQuAD 2.0, Devlin
    et al. 2019).
    """
    begin, stop = starts[first:-1], ends[first:-1]
    if not len(begin):
        return []
    likely = np.argsort(-begin, kind="stable")[:_STARTS], np.argsort(-stop, kind="stable")[:_STARTS]
    pairs = begin[likely[0]][:, None] + stop[likely[1]][None, :]
    lengths = likely[1][None, :] - likely[0][:, None]
    pairs = np.where((lengths >= 0) & (lengths < LONGEST), pairs, -np.inf)
    nothing = float(starts[0] + ends[0])
    found: list[tuple[int, int, float]] = []
    for flat in np.argsort(-pairs, axis=None, kind="stable"):
        row, column = divmod(int(flat), pairs.shape[1])
        if pairs[row, column] == -np.inf or len(found) == count:
            break
        start, end = int(likely[0][row]), int(likely[1][column])
        if all(end < other[0] or start > other[1] for other in found):
            found.append((start, end, float(pairs[row, column]) - nothing))
    if not found:  # no likely start has a likely end behind it
        place = int(np.argmax(begin + stop))
        found.append((place, place, float(begin[place] + stop[place]) - nothing))
    return found
