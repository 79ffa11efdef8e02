"""What a network does on questions, measured fast and in PyTorch; what counts is measured on the exported model by
``python -m eval.bench reader``.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.models.reader.spans import best_spans
from qa.training.batches import Encoded
from qa.training.loop import logits
from qa.training.mixture import Example
from qa.training.network import ReaderNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """``forced``: mean F1 of the best span where there's an answer; AUROC of three scores for "has an answer";
    ``whole``: F1 at the best threshold of the mean of both scores (an upper bound); ``sentence``: the share of best
    sentences that are evidence.
    """

    n: int
    forced: float
    margin_auroc: float
    answerable_auroc: float
    both_auroc: float
    whole: float
    sentence: float

    def __str__(self) -> str:
        return (
            f"n {self.n} forced F1 {self.forced:.3f} AUROC margin {self.margin_auroc:.3f} answerable"
            f" {self.answerable_auroc:.3f} both {self.both_auroc:.3f} whole F1 <= {self.whole:.3f}"
            f" best sentence {self.sentence:.3f}"
        )


def measure(network: ReaderNetwork, examples: Sequence[Example], found: Sequence[Encoded]) -> Quick:
    """All of ``Quick`` on these examples."""
    forced, margins, answerables, labels, sentences = [], [], [], [], []
    for place, pointers, answerable in logits(network, found):
        item, one = examples[place].item, found[place]
        spans = best_spans(pointers[:, 0], pointers[:, 1], first=one.window.first, count=1)
        start, end, margin = spans[0] if spans else (0, 0, -9.0)
        offsets = one.window.offsets
        text = item.passage.text[offsets[start][0] : offsets[end][1]] if spans else ""
        golds = [item.passage.text[a:b] for a, b in item.answers]
        forced.append(max((f1(text, gold) for gold in golds), default=0.0))
        labels.append(bool(golds))
        margins.append(margin)
        answerables.append(answerable)
        if golds and any(one.evidence):
            scores = [pointers[a:b, 2].mean() if a < b else -99.0 for a, b in one.sentences]
            sentences.append(float(one.evidence[int(np.argmax(scores))] > 0))
    both = list(np.add(margins, answerables))
    has = np.array(labels)
    return Quick(
        n=len(labels),
        forced=float(np.mean(np.array(forced)[has])) if has.any() else 0.0,
        margin_auroc=auroc(margins, labels),
        answerable_auroc=auroc(answerables, labels),
        both_auroc=auroc(both, labels),
        whole=_whole(both, forced, labels),
        sentence=float(np.mean(sentences)) if sentences else 0.0,
    )


def _whole(scores: Sequence[float], forced: Sequence[float], labels: Sequence[bool]) -> float:
    """The best mean F1 over all thresholds."""
    order = np.argsort(-np.array(scores), kind="stable")
    gains = [forced[place] if labels[place] else -1.0 for place in order]
    nothing = sum(1 for label in labels if not label)
    return float(max(0.0, np.cumsum(gains).max()) + nothing) / max(1, len(labels))


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a positive scores higher than a negative; .5 where one kind is missing."""
    values, has = np.array(scores), np.array(labels)
    positives, negatives = values[has], np.sort(values[~has])
    if not len(positives) or not len(negatives):
        return 0.5
    below = np.searchsorted(negatives, positives, side="left") + np.searchsorted(negatives, positives, side="right")
    return float(below.mean() / 2 / len(negatives))


def f1(predicted: str, gold: str) -> float:
    """SQuAD's token F1."""
    one, other = _tokens(predicted), _tokens(gold)
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else float(not one and not other)


def _tokens(text: str) -> list[str]:
    plain = "".join(mark for mark in text.lower() if mark not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", plain).split()
