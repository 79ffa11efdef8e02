"""What the scorer's judgements are worth: top 1 and 3, AUROC, over-refusals and false answers, by data set and kind
of question.

Judging by folds is ``scorer``'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.bench.reader_table import auroc
from eval.bench.scorer_rows import OVERLAPPING, Array, Row, together
from qa.answer.weights import Weights

#: Even odds that there is an answer.
_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its sentences' scores and its answerable score, by one method."""

    row: Row
    sentences: Array
    answerable: float


Method = Callable[[Row], Judged]


def by_similarity(row: Row) -> Judged:
    """The floor: cosine of question and sentence, and the highest of them."""
    return Judged(row, row.cosines, float(row.cosines.max()))


def by_weights(weights: Weights) -> Method:
    """The scorer with ``weights``."""

    def judge(row: Row) -> Judged:
        logits = row.features @ np.array(weights.sentence) + weights.sentence_bias
        return Judged(row, logits, 1 / (1 + float(np.exp(-weights.answerable_logit(together(row, logits))))))

    return judge


def top(judged: Sequence[Judged], depth: int) -> float:
    """Share of answerable questions with a sentence that answers among the best ``depth``."""
    hits = [
        bool(one.row.gold[np.argsort(-one.sentences, kind="stable")[:depth]].any())
        for one in judged
        if one.row.answerable
    ]
    return float(np.mean(hits)) if hits else float("nan")


def scores(judged: Sequence[Judged]) -> list[float]:
    """Their answerable scores."""
    return [one.answerable for one in judged]


def table(judged: Sequence[Judged]) -> list[str]:
    """One line for each data set (and way of making unanswerable questions): n, top 1 and 3, AUROC, errors of
    ``answered``.
    """
    by: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by[one.row.source].append(one)
    lines = []
    for source, all_of in sorted(by.items()):
        own = [one for one in all_of if not one.row.item.made]
        yes = [one for one in own if one.row.answerable]
        line = f"{source:9} n {len(own):5} answerable {len(yes):5}  top1 {top(own, 1):.3f} top3 {top(own, 3):.3f}"
        for label, no in (
            ("own", [one for one in own if not one.row.answerable]),
            ("entity", [one for one in all_of if one.row.item.made == "entity"]),
            ("removed", [one for one in all_of if one.row.item.made == "removed"]),
            ("elsewhere", [one for one in all_of if one.row.item.made == "elsewhere"]),
        ):
            if no:
                false = np.mean([answered(one) for one in no])
                line += f" | {label} n {len(no)} AUROC {auroc(scores(yes), scores(no)):.3f} false answers {false:.2f}"
        line += f" | over-refusals {np.mean([not answered(one) for one in yes]):.2f}" if yes else ""
        lines.append(line)
    return lines


def thresholds(judged: Sequence[Judged]) -> list[str]:
    """What answering costs at the shipped threshold and beside it: over-refusals and false answers, as means over
    the kinds of
    questions of all sets (those with 30 or more; QAMR's are too odd to decide anything).
    """
    by: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        by[one.row.kind].append(one)
    kinds = {kind: these for kind, these in by.items() if len(these) >= 30 and kind[0] not in OVERLAPPING}
    lines = []
    for shift in (-0.15, -0.1, -0.05, 0.0, 0.05, 0.1):
        shares = {kind: float(np.mean([answered(one, shift) for one in these])) for kind, these in kinds.items()}
        refused = [1 - share for kind, share in shares.items() if kind[1] == "yes"]
        false = [share for kind, share in shares.items() if kind[1] != "yes"]
        lines.append(
            f"threshold {_EVEN + shift:.2f}: over-refusals {np.mean(refused):.3f} (mean of {len(refused)} sets),"
            f" false answers {np.mean(false):.3f} (mean of {len(false)} kinds)"
        )
    return lines


def answered(one: Judged, shift: float = 0.0) -> bool:
    """Whether ``qa ask`` would answer if its threshold stood ``shift`` higher."""
    return one.answerable >= _EVEN + shift
