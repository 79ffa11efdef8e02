"""What a scored run leaves in its folder, for people and for machines. Only ``latency.json`` and the report hold times:
the other files of two runs with the same answers are the same, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.gate import lines
from eval.gatefile import gates_of, read_gates
from eval.junit import write_junit
from eval.latency import latencies, tokens
from eval.metrics.all import METRICS
from eval.report.build import Report, write_report
from eval.results import GateLine
from eval.score import write_scores
from eval.scored import SUMMARY, ScoredRun
from qa.answer.record import plain
from qa.durable import replace_file

SCORES, LATENCY, JUNIT, REPORT = "scores.jsonl", "latency.json", "junit.xml", "report.html"


def publish(scored: ScoredRun, folder: Path) -> None:
    """Write all of it into ``folder``, which must be there; what was written of an earlier scoring is replaced."""
    found = gate_lines(scored)
    write_scores(folder / SCORES, scored.results)
    _write(folder / SUMMARY, scored.summary)
    records = tuple(scored.run.records.values())
    _write(folder / LATENCY, {"stages": latencies(records), "tokens": tokens(records)})
    write_junit(folder / JUNIT, scored.summary, scored.results, found)
    write_report(folder / REPORT, report_of(scored, found))


def report_of(scored: ScoredRun, gates: Sequence[GateLine]) -> Report:
    """All that the HTML report is made of."""
    records = tuple(scored.run.records.values())
    manifest = scored.run.manifest
    system = plain(manifest.system) if manifest else {}
    versions = {name: str(value) for name, value in system.items()} if isinstance(system, dict) else {}
    return Report(
        gold=scored.gold,
        corpus=scored.corpus,
        records=scored.run.records,
        results=scored.results,
        summary=scored.summary,
        metrics=METRICS,
        gates=gates,
        latencies=latencies(records),
        tokens=tokens(records),
        versions={**versions, **({"started": manifest.started} if manifest else {})},
    )


def gate_lines(scored: ScoredRun) -> tuple[GateLine, ...]:
    """How the run stands against the bounds of its set, if they are for this gold; none where there are none."""
    path = gates_of(scored.gold)
    pinned = read_gates(path).get(scored.summary.set) if path.exists() else None
    if pinned is None or pinned.gold != scored.gold.sha256:
        return ()
    return lines(pinned, scored.summary)


def _write(path: Path, value: object) -> None:
    replace_file(path, json.dumps(plain(value), indent=1, ensure_ascii=False).encode() + b"\n")
