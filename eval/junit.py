"""A scored run as a JUnit file, which continuous integration shows: a test case for each item and each gate.

Everything foreign passes ``safe_text``: XML 1.0 has no control characters, not even escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

from eval.metrics.grounded import METRIC as HEADLINE
from eval.results import Blame, GateLine, ItemResult, Summary
from eval.types import NotApplicable, Score, Scored, Unscored
from qa.text import safe_text


def write_junit(path: Path, summary: Summary, results: Sequence[ItemResult], gates: Sequence[GateLine]) -> None:
    """Write one test suite: its name is the set's, its cases the items in order, then the gates.

    An item is skipped where the headline is unscored, else failed where anything is to blame; a gate fails where it
    isn't met. Holds no times: the same results give the same bytes.
    """
    cases = [*(_item(summary.set, result) for result in results), *(_gate(summary.set, gate) for gate in gates)]
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    shown = {name: str(count) for name, count in counts.items()}
    root = Element("testsuites", {"name": "qa eval", **shown})
    suite = SubElement(root, "testsuite", {"name": safe_text(summary.set), **shown})
    properties = SubElement(suite, "properties")
    for name in ("system", "gold_sha256", "corpus_sha256", "records_sha256"):
        SubElement(properties, "property", {"name": name, "value": safe_text(getattr(summary, name))})
    suite.extend(cases)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _item(suite: str, result: ItemResult) -> Element:
    case = Element("testcase", {"classname": safe_text(suite), "name": safe_text(result.id)})
    headline = result.scores.get(HEADLINE.name)
    if isinstance(headline, Unscored):
        SubElement(case, "skipped", {"message": safe_text(headline.reason)})
    elif result.blame is not Blame.NONE:
        failure = SubElement(case, "failure", {"message": result.blame.value, "type": "blame"})
        failure.text = safe_text("\n".join(_scores(result)), keep_newlines=True)
    return case


def _gate(suite: str, gate: GateLine) -> Element:
    name = f"{gate.metric} {'>=' if gate.bound == 'floor' else '<='} {gate.wanted:.4f}"
    case = Element("testcase", {"classname": safe_text(f"{suite}.gates"), "name": safe_text(name)})
    if not gate.met:
        SubElement(case, "failure", {"message": safe_text(gate.text or "not met"), "type": "gate"})
    return case


def _scores(result: ItemResult) -> list[str]:
    return [f"{name}: {_said(score)}" for name, score in result.scores.items() if not isinstance(score, NotApplicable)]


def _said(score: Score) -> str:
    match score:
        case Scored(value, failed):
            return f"{value:.4f}" + (f" ({failed})" if failed else "")
        case Unscored(reason) | NotApplicable(reason):
            return f"none: {reason}"
