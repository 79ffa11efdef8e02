"""The report of a scored run as one HTML file that opens from disk: no network, no script needed, nothing foreign
trusted.

All text passes ``safe_text`` and is escaped; a content security policy lets only our own style sheet and script
through, by their digests. What is in the sections is worked out here and in ``browser`` and ``charts``; the templates
only write it down.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.confidence import judged
from eval.corpus import Corpus
from eval.latency import StageLatency, Tokens
from eval.metrics.grounded import METRIC as GROUNDED
from eval.metrics.metric import Metric
from eval.report.browser import MOST_CITATIONS, Entry, entries
from eval.report.charts import Plot, waterfall
from eval.report.confidence import confidence
from eval.results import Blame, GateLine, Group, ItemResult, Summary
from eval.types import HIDDEN, GoldSet, RunRecord, Score, Scored, Unscored
from qa.text import safe_text

HEADLINE = GROUNDED.name
#: The page shows at most so many items, those that failed first.
MOST_ITEMS = 1_000
#: Metrics that tables by part have a column for, as far as the summary has them.
KEY = (HEADLINE, "right", "false_answer", "over_refusal", "evidence_complete", "char_recall", "char_precision")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a report is made of. ``results`` are of ``gold.items`` in their order; ``metrics`` define the means of
    ``summary``. ``versions`` names what made the run (engine, models, prompts, index), each with its version.
    """

    gold: GoldSet
    corpus: Corpus
    records: Mapping[str, RunRecord]
    results: Sequence[ItemResult]
    summary: Summary
    metrics: Sequence[Metric]
    gates: Sequence[GateLine] = ()
    latencies: Sequence[StageLatency] = ()
    tokens: Tokens | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Twin:
    """An item that was answered although its evidence was hidden; ``shown`` says whether the page has the item."""

    id: str
    number: int
    question: str
    answer: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """How many twins the run has, and those that were answered."""

    run: int
    answered: tuple[Twin, ...]


def write_report(path: Path, report: Report) -> None:
    """Write the page; the same report gives the same bytes."""
    path.write_text(render(report), encoding="utf-8", newline="\n")


def render(report: Report) -> str:
    """The page."""
    style, script = _own("report.css", "</style"), _own("report.js", "</script")
    found = entries(report.gold, report.corpus, report.records, report.results, most=MOST_ITEMS)
    return (
        _environment()
        .get_template("template.html")
        .render(
            policy=_policy(style, script),
            style=style,
            script=script,
            **_run(report),
            **_numbers(report),
            **_items(report, found),
            twins=_twins(report, {entry.number for entry in found}),
        )
    )


# --- what the sections say --------------------------------------------------------------------------------------------


def _run(report: Report) -> dict[str, object]:
    return {
        "summary": report.summary,
        "gold": report.gold,
        "articles": len(report.corpus),
        "versions": report.versions,
        "gates": report.gates,
        "unmet": sum(not gate.met for gate in report.gates),
        "latencies": report.latencies,
        "tokens": report.tokens,
    }


def _numbers(report: Report) -> dict[str, object]:
    summary = report.summary
    used = [mean for mean in summary.means if mean.applicable]
    kinds: dict[str, list[Group]] = {}
    for group in summary.groups:
        kinds.setdefault(group.kind, []).append(group)
    return {
        "headline": summary.mean(HEADLINE),
        "means": used,
        "unused": [mean.metric for mean in summary.means if not mean.applicable],
        "definitions": {metric.name: metric for metric in report.metrics},
        "right": summary.blames.get(Blame.NONE.value, 0),
        "bars": waterfall(summary.blames),
        "kinds": list(kinds.items()),
        "key": [name for name in KEY if name in {mean.metric for mean in used}],
        "categories": report.gold.categories,
        "confidence": confidence(judged(report.records, report.results, headline=HEADLINE)),
        "unit_plot": Plot(),
    }


def _items(report: Report, found: Sequence[Entry]) -> dict[str, object]:
    blames = list(Blame)
    counts = {blame: sum(entry.result.blame is blame for entry in found) for blame in blames}
    options: dict[str, dict[str, int]] = {"split": {}, "type": {}, "category": {}}
    for kind, group in ((group.kind, group) for group in report.summary.groups if group.kind in options):
        options[kind][group.name] = sum(map(len, options.values()))
    rows = []
    for entry in found:
        item = entry.item
        named = (("split", item.split), ("type", item.type), *(("category", name) for name in item.categories))
        numbers = [options[kind][name] for kind, name in named if name in options[kind]]
        rows.append((entry, blames.index(entry.result.blame), numbers))
    return {
        "items": rows,
        "left_out": len(found) < len(report.results),
        "failed": len(found) - counts[Blame.NONE],
        "chips": [(blames.index(blame), counts[blame]) for blame in (*blames[1:], Blame.NONE) if counts[blame]],
        "chip_names": [blame.value for blame in blames],
        "options": [
            (kind, [(number, name) for name, number in names.items()]) for kind, names in options.items() if names
        ],
        "most": MOST_CITATIONS,
    }


def _twins(report: Report, shown: set[int]) -> Twins:
    unhidden = set(report.summary.unhidden)
    answered = []
    for number, item in enumerate(report.gold.items, 1):
        record = report.records.get(item.id + HIDDEN)
        if item.id in unhidden and record is not None:
            answered.append(Twin(item.id, number, item.question, record.answer, number in shown))
    return Twins(sum(item.id + HIDDEN in report.records for item in report.gold.items), tuple(answered))


# --- writing it down --------------------------------------------------------------------------------------------------


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "clip": _clip,
        "decimals": lambda value, places: f"{value:.{places}f}",
        "mean_of": lambda group, name: next((one for one in group.means if one.metric == name), None),
        "number": lambda value: "–" if value is None else f"{value:.3f}",
        "score": _score,
        "thousands": lambda value: f"{value:,}",
        "words": lambda name: name.replace("_", " "),
    }
    return environment


def _shown(value: object) -> object:
    """Whatever a template prints; jinja escapes it after this. Only our own pieces of the page are ``Markup``."""
    assert value is not None, "a template printed nothing"
    return value if isinstance(value, Markup | int | float) else safe_text(str(value), keep_newlines=True)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… (and {len(text) - most:,} more characters)"


def _score(score: Score) -> str:
    match score:
        case Scored(value, failed):
            return f"{value:.3f}" + (f" ({_clip(failed, 120)})" if failed else "")
        case Unscored(reason):
            return f"unscored ({_clip(reason, 120)})"
    return "not applicable"


def _own(name: str, forbidden: str) -> Markup:
    """A file of this package as it stands between its tags."""
    text = (_HERE / name).read_text(encoding="utf-8")
    assert forbidden not in text.lower(), f"{name} would end its own element"
    return Markup(text)


def _policy(style: str, script: str) -> str:
    """The content security policy that lets these two through and nothing else."""
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
