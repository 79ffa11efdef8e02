"""A run in numbers: means with their denominators, by category too, and what is missing, failed or unknown.

A summary depends on records and gold alone: a run that was interrupted and resumed gives the same, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from eval.confidence import judged, reliance
from eval.corpus import Corpus
from eval.gold.anchor import anchor_item
from eval.metrics.all import METRICS
from eval.metrics.grounded import METRIC as GROUNDED
from eval.metrics.metric import Metric
from eval.results import Blame, Group, ItemResult, Mean, Summary
from eval.run.records import to_document
from eval.stats import cluster_interval
from eval.types import HIDDEN, Ended, GoldSet, Item, NotApplicable, RunRecord, Scored, Unscored


def summarise(
    gold: GoldSet,
    corpus: Corpus,
    records: Mapping[str, RunRecord],
    results: Sequence[ItemResult],
    *,
    system: str,
    metrics: Sequence[Metric] = METRICS,
) -> Summary:
    """The summary of ``results``, which are of ``gold.items`` in their order."""
    present = {item.id: records[item.id] for item in gold.items if item.id in records}
    known = {item.id + suffix for item in gold.items for suffix in ("", HIDDEN)}
    anchored = [anchor_item(item, corpus) for item in gold.items]
    return Summary(
        set=gold.name,
        system=system,
        gold_sha256=gold.sha256,
        corpus_sha256=corpus.sha256,
        records_sha256=records_digest(records.values()),
        items=len(gold.items),
        answerable=sum(item.answerable for item in gold.items),
        answered=sum(record.answered for record in present.values()),
        missing=tuple(item.id for item in gold.items if item.id not in present),
        errors=tuple(id for id, record in present.items() if record.ended is Ended.ERROR),
        unknown=tuple(sorted(set(records) - known)),
        quarantined=tuple(sorted({span for one in anchored for span in one.quarantined})),
        moved=sum(one.moved for one in anchored),
        means=means(gold.items, results, metrics=metrics),
        groups=groups(gold.items, results, metrics=metrics),
        blames={blame.value: sum(result.blame is blame for result in results) for blame in Blame},
        unhidden=tuple(
            item.id for item in gold.items if (twin := records.get(item.id + HIDDEN)) is not None and twin.answered
        ),
        reliance=reliance(judged(records, results, headline=GROUNDED.name)),
    )


def records_digest(records: Iterable[RunRecord]) -> str:
    """The digest of what a run recorded, times left out."""
    digest = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.id):
        document = {name: value for name, value in to_document(record).items() if name != "seconds"}
        digest.update(json.dumps(document, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def means(
    items: Sequence[Item], results: Sequence[ItemResult], *, metrics: Sequence[Metric] = METRICS
) -> tuple[Mean, ...]:
    """The mean of each metric over ``results``, which are of ``items`` in their order."""
    return tuple(mean(metric, items, results) for metric in metrics)


def mean(metric: Metric, items: Sequence[Item], results: Sequence[ItemResult]) -> Mean:
    """The mean of one metric; what couldn't be scored widens ``worst`` and ``best`` and is never dropped."""
    values, clusters, failed, unscored = [], [], 0, 0
    for item, result in zip(items, results, strict=True):
        match result.scores[metric.name]:
            case Scored(value, reason):
                values.append(value)
                clusters.append(item.cluster)
                failed += bool(reason)
            case Unscored():
                unscored += 1
            case NotApplicable():
                pass
    applicable = len(values) + unscored
    interval = cluster_interval(values, clusters) if values else None
    return Mean(
        metric=metric.name,
        value=sum(values) / len(values) if values else None,
        scored=len(values),
        applicable=applicable,
        failed=failed,
        worst=(sum(values) + unscored * metric.worst) / applicable if applicable else None,
        best=(sum(values) + unscored * metric.best) / applicable if applicable else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def groups(
    items: Sequence[Item], results: Sequence[ItemResult], *, metrics: Sequence[Metric] = METRICS
) -> tuple[Group, ...]:
    """The means by split, type, category and reason of having no answer, each part sorted by name."""
    kinds: dict[str, Callable[[Item], Iterable[str]]] = {
        "split": lambda item: (item.split,),
        "type": lambda item: (item.type,),
        "category": lambda item: item.categories,
        "why": lambda item: (item.why,) if item.why else (),
    }
    found = []
    for kind, names_of in kinds.items():
        for name in sorted({name for item in items for name in names_of(item)}):
            part = [(item, result) for item, result in zip(items, results, strict=True) if name in names_of(item)]
            inside = means([item for item, _ in part], [result for _, result in part], metrics=metrics)
            found.append(Group(kind=kind, name=str(name), items=len(part), means=inside))
    return tuple(found)
