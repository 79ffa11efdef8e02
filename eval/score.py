"""Scoring a run: each item of the gold against its record, by every metric. Needs no index and no model.

Nothing that a record says about texts is believed: quotes and offsets are checked against the corpus as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.corpus import Corpus
from eval.gold.anchor import anchor_item
from eval.metrics.all import METRICS
from eval.metrics.metric import Case, Metric, apply
from eval.results import Blame, ItemResult
from eval.types import HIDDEN, GoldSet, Item, NotApplicable, RunRecord, Score, Scored, Unscored
from eval.waterfall import blame


def score(
    gold: GoldSet,
    corpus: Corpus,
    records: Mapping[str, RunRecord],
    *,
    metrics: Sequence[Metric] = METRICS,
    blamed: Callable[[Case], Blame] = blame,
) -> tuple[ItemResult, ...]:
    """The results of all items of ``gold``, in its order; items that ``records`` lack count as wrong."""
    return tuple(_result(case, metrics, blamed) for case in cases(gold.items, corpus, records))


def cases(items: Iterable[Item], corpus: Corpus, records: Mapping[str, RunRecord]) -> Iterator[Case]:
    """Each item with its records and with its spans where they stand in ``corpus`` today."""
    twins = any(id.endswith(HIDDEN) for id in records)
    for item in items:
        anchored = anchor_item(item, corpus)
        yield Case(
            item=item,
            record=records.get(item.id),
            corpus=corpus,
            evidence=anchored.evidence,
            acceptable=anchored.acceptable,
            quarantined=anchored.quarantined,
            twin=records.get(item.id + HIDDEN),
            twins=twins,
        )


def _result(case: Case, metrics: Sequence[Metric], blamed: Callable[[Case], Blame]) -> ItemResult:
    scores = {metric.name: apply(metric, case) for metric in metrics}
    return ItemResult(id=case.item.id, scores=scores, blame=blamed(case))


def write_scores(path: Path, results: Iterable[ItemResult]) -> None:
    """One JSON object a line: the item's id, its blame, and for each metric a number or why there is none."""
    lines = (
        {"id": one.id, "blame": one.blame, "scores": {name: _plain(score) for name, score in one.scores.items()}}
        for one in results
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _plain(score: Score) -> object:
    match score:
        case Scored(value, ""):
            return value
        case Scored(value, failed):
            return {"value": value, "failed": failed}
        case Unscored(reason):
            return {"unscored": reason}
        case NotApplicable(reason):
            return {"not_applicable": reason}
