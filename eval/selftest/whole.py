"""What a run is said to be as a whole: its summary, and what its confidences are worth, against closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from eval.compare import HEADLINE
from eval.confidence import judged
from eval.metrics.risk import aurc, calibration_error, coverage_at, excess_aurc, reliability, risk_coverage
from eval.results import Blame, Group
from eval.selftest.outcome import Finding, near
from eval.selftest.play import Held
from eval.summary import records_digest, summarise
from eval.types import HIDDEN, Ended, Item, RunRecord, Scored

#: A record of no item, which every summary must name.
STRAY = RunRecord(id="nobody-asked-this", ended=Ended.ABSTAINED)
#: The systems whose summary is looked at, and those whose answers are all as sure as they should be, or as they
#: shouldn't.
SUMMARISED = ("always_answer", "crasher", "quarantined")
SURE, UNSURE = ("oracle", "halves"), ("liar_confidence",)


# --- the summary ------------------------------------------------------------------------------------------------------


def summary(held: Held) -> Iterator[Finding]:
    """Counts and lists that follow from who did what."""
    if held.name not in SUMMARISED:
        return
    played = held.played
    records = {**played.records, STRAY.id: STRAY}
    got = summarise(played.gold, played.ground.corpus, records, held.results, system=held.name, metrics=held.metrics)
    for name, wanted in _counts(held).items():
        if wanted != getattr(got, name):
            yield Finding(
                system=held.name, metric=f"summary: {name}", wanted=f"{wanted!r}", got=f"{getattr(got, name)!r}"
            )
    damaged = sum(len(spans) for one in played.judged if one.item != one.facts.item for spans in one.item.evidence)
    if len(got.quarantined) != damaged:
        yield Finding(
            system=held.name, metric="summary: quarantined", wanted=f"{damaged} spans", got=f"{len(got.quarantined)}"
        )
    blames = [one.blame for one in played.judged]
    if None not in blames:
        counted = {blame.value: blames.count(blame) for blame in Blame}
        if counted != got.blames:
            yield Finding(system=held.name, metric="blame", wanted=f"{counted}", got=f"{dict(got.blames)}")
    yield from _groups(held, got.groups)
    if got.records_sha256 != records_digest(replace(one, seconds={"all": 1.0}) for one in records.values()):
        yield Finding(system=held.name, metric="summary: records", wanted="a digest without times", got="one with them")
    if got.means != held.means:
        yield Finding(system=held.name, metric="summary: means", wanted="the means of the scores", got="others")


def _groups(held: Held, groups: Sequence[Group]) -> Iterator[Finding]:
    """The parts of the set: how many items each has, and that its means are these items' own."""
    kinds: dict[str, Callable[[Item], Sequence[str]]] = {
        "split": lambda item: [item.split],
        "type": lambda item: [item.type],
        "category": lambda item: item.categories,
        "why": lambda item: [item.why] if item.why else [],
    }
    items = held.played.gold.items
    named = {(kind, str(name)) for kind, names in kinds.items() for item in items for name in names(item)}
    if {(group.kind, group.name) for group in groups} != named:
        yield Finding(system=held.name, metric="summary: groups", wanted=f"{len(named)} groups", got=f"{len(groups)}")
    for group in groups:
        inside = [at for at, item in enumerate(items) if group.name in kinds[group.kind](item)]
        if group.items != len(inside):
            yield Finding(
                system=held.name, metric=f"summary: {group.name}", wanted=f"{len(inside)} items", got=f"{group.items}"
            )
        for mean in group.means:
            scores = [held.results[at].scores[mean.metric] for at in inside]
            values = [score.value for score in scores if isinstance(score, Scored)]
            value = math.fsum(values) / len(values) if values else None
            if not near(mean.value, value):
                yield Finding(
                    system=held.name, metric=mean.metric, wanted=f"{value} of {group.name}", got=f"{mean.value}"
                )


def _counts(held: Held) -> dict[str, object]:
    items, records = held.played.gold.items, held.played.records
    mine = {item.id: records[item.id] for item in items if item.id in records}
    twins = {item.id: records[item.id + HIDDEN] for item in items if item.id + HIDDEN in records}
    return {
        "items": len(items),
        "answerable": sum(item.answerable for item in items),
        "answered": sum(one.ended is Ended.ANSWERED for one in mine.values()),
        "missing": tuple(item.id for item in items if item.id not in mine),
        "errors": tuple(id for id, one in mine.items() if one.ended is Ended.ERROR),
        "unknown": (STRAY.id,),
        "moved": 0,
        "unhidden": tuple(id for id, one in twins.items() if one.ended is Ended.ANSWERED),
    }


# --- confidence -------------------------------------------------------------------------------------------------------


def risk(held: Held) -> Iterator[Finding]:
    """The area under the risk-coverage curve where answers are sure at 1 or 0 and nowhere between.

    Of n answers, w are wrong. Wrong ones last, all n-w right ones have no risk and each wrong one the risk w/n: the
    area is (w/n)^2. Wrong ones first, each of these has the risk 1 and each right one w/n: (w + (n-w) w/n) / n. The
    best there is brings in one wrong answer after the other: 1/n sum of j/(n-w+j).
    """
    if held.name not in (*SURE, *UNSURE) or HEADLINE not in held.wanted:
        return
    answers = [
        (one.record.confidence, wanted.value)
        for one, wanted in zip(held.played.judged, held.wanted[HEADLINE], strict=True)
        if wanted.scored and one.record is not None and one.record.answered
    ]
    n, w = len(answers), sum(right != 1.0 for _, right in answers)
    if not n:
        return
    last = held.name in SURE
    area = (w / n) ** 2 if last else (w + (n - w) * w / n) / n
    best = math.fsum(j / (n - w + j) for j in range(1, w + 1)) / n
    found = judged(held.played.records, held.results, headline=HEADLINE)
    steps = risk_coverage(found)
    for name, wanted_value, got in (
        ("risk: area", area, aurc(steps)),
        ("risk: excess area", area - best, excess_aurc(steps)),
        ("risk: coverage at none", (n - w) / n if last else float(not w), coverage_at(steps, 0.0)),
        ("risk: coverage at all", 1.0, coverage_at(steps, 1.0)),
        ("risk: calibration error", 0.0 if last else 1.0, calibration_error(reliability(found))),
    ):
        if not near(wanted_value, got):
            yield Finding(system=held.name, metric=name, wanted=f"{wanted_value:.6g}", got=f"{got}")
