"""How sure one can be of an answer: the scorer's probabilities as confidences, by Platt's method (1999).

Every question of ``newsroom``'s calibration split is answered where anything could be an answer; an answer is right
where the suite's headline says so, and wrong where there was nothing to answer. A slope and a shift of the log-odds are
fitted to that, with Platt's targets, which keep a small sample from being certain.

The threshold is where answering and abstaining are worth the same: a right answer 1, a wrong one -``COST``, abstaining
1 where there is no answer and else 0. Both chances are fitted alike. The test split has no part in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tomlkit
from numpy.typing import NDArray

from eval.bench.reader_kit import Kit
from eval.bench.reader_news import scored
from eval.compare import HEADLINE
from eval.results import ItemResult
from eval.types import Scored, Split
from qa.answer.scorer import ReaderScorer
from qa.answer.weights import shipped_weights

Array = NDArray[np.float64]
#: What a wrong answer costs, where a right one is worth 1: it's worse than none.
COST = 0.1
#: The set whose calibration split says what is right.
SET = "newsroom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Log-odds of an answer that is shown to be right: ``slope`` times the scorer's, plus ``shift``; from ``answers``
    of which ``right`` were right. Answered is from a confidence of ``threshold`` on.
    """

    slope: float
    shift: float
    threshold: float
    answers: int
    right: int


def calibrated(kit: Kit) -> Confidence:
    """The confidence fitted with the shipped weights and the reader of ``kit``."""
    assert kit.reader is not None
    plain = replace(shipped_weights(), slope=1.0, shift=0.0)
    reader, embedder = kit.reader, kit.embedder
    forced = replace(
        kit,
        threshold=0.0,
        scorer=lambda threshold: ReaderScorer(embedder, reader, weights=plain, threshold=threshold),
    )
    found = scored(forced, Split.CALIBRATION, name=SET)
    answerable = {item.id: item.answerable for item in found.gold.items}
    shown = [one for one in found.results if found.run.records[one.id].answered]
    logits = np.array([_logit(found.run.records[one.id].confidence or 0.0) for one in shown])
    right = np.array([_is_right(one) for one in shown])
    nothing = np.array([not answerable[one.id] for one in shown])
    slope, shift = platt(logits, right)
    threshold = break_even((slope, shift), platt(logits, nothing))
    return Confidence(slope=slope, shift=shift, threshold=threshold, answers=len(shown), right=int(right.sum()))


def _is_right(result: ItemResult) -> bool:
    score = result.scores.get(HEADLINE)
    return isinstance(score, Scored) and score.value == 1.0


def platt(logits: Array, labels: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift by Newton's method; raises ``ValueError`` where all or none of the labels are true."""
    yes, no = int(labels.sum()), int((~labels).sum())
    if not yes or not no:
        raise ValueError("nothing can be fitted where all labels are the same")
    targets = np.where(labels, (yes + 1) / (yes + 2), 1 / (no + 2))
    inputs = np.stack([logits, np.ones_like(logits)], axis=1)
    beta = np.array([0.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(inputs @ beta, -30, 30)))
        curve = (inputs * (p * (1 - p))[:, None]).T @ inputs + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, inputs.T @ (p - targets))
        beta -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0]), float(beta[1])


def break_even(right: tuple[float, float], nothing: tuple[float, float]) -> float:
    """The confidence from which on an answer is worth more than an abstention, to two digits, where both chances are
    a slope and a shift each; raises ``ValueError`` where one doesn't rise while the other falls.
    """
    if not right[0] > 0 > nothing[0]:
        raise ValueError("surer answers aren't more often right: there is no threshold")
    logits = np.linspace(-20.0, 20.0, 40_001)
    chance, without = (1 / (1 + np.exp(-(slope * logits + shift))) for slope, shift in (right, nothing))
    worth = chance - COST * (1 - chance) - without
    return round(float(chance[np.argmax(worth >= 0)]), 2)


def write(path: Path, found: Confidence) -> None:
    """Put it into the file of the weights, which keeps all else."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    table = tomlkit.table()
    table["method"] = f"Platt, on the calibration split of {SET}"
    table["slope"], table["shift"] = round(found.slope, 5), round(found.shift, 5)
    table["threshold"] = found.threshold
    table["answers"], table["right"] = found.answers, found.right
    document["confidence"] = table
    path.write_text(document.as_string(), encoding="utf-8")


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(inside / (1 - inside))
