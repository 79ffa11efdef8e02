"""JUnit files: what is a failure, what is skipped, and XML that any parser takes."""

from __future__ import annotations

from pathlib import Path

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.junit import write_junit
from eval.results import Blame, GateLine, ItemResult, Summary
from eval.types import NotApplicable, Scored, Unscored


def summary(name: str, system: str = "scripted") -> Summary:
    return Summary(
        set=name,
        system=system,
        gold_sha256="a" * 64,
        corpus_sha256="b" * 64,
        records_sha256="c" * 64,
        items=4,
        answerable=2,
        answered=2,
        missing=(),
        errors=(),
        unknown=(),
        quarantined=(),
        moved=0,
        means=(),
        groups=(),
        blames={},
        unhidden=(),
    )


def gate(metric: str, *, met: bool, text: str = "") -> GateLine:
    return GateLine(metric=metric, bound="floor", wanted=0.5, got=0.25, met=met, text=text)


RESULTS = (
    ItemResult(id="right", scores={"grounded_accuracy": Scored(1.0)}, blame=Blame.NONE),
    ItemResult(
        id="wrong",
        scores={
            "grounded_accuracy": Scored(0.0, failed="missing from the run"),
            "char_recall": Scored(0.25),
            "evidence_recall": Unscored("the run reports no hits"),
            "false_answer": NotApplicable("the question has an answer"),
        },
        blame=Blame.HARNESS,
    ),
    ItemResult(
        id="unscored", scores={"grounded_accuracy": Unscored("no evidence set stands")}, blame=Blame.NOT_IN_CORPUS
    ),
    # No spans in gold: the headline doesn't apply, the blame still tells.
    ItemResult(id="spanless", scores={"grounded_accuracy": NotApplicable("no spans")}, blame=Blame.WRONG),
)
GATES = (gate("right", met=True), gate("char_recall", met=False, text="char_recall 0.2500, wanted >= 0.5000"))


def test_items_and_gates_are_cases(tmp_path: Path) -> None:
    write_junit(tmp_path / "junit.xml", summary("set"), RESULTS, GATES)
    root = lxml.etree.parse(tmp_path / "junit.xml").getroot()
    (suite,) = root
    counts = {"tests": "6", "failures": "3", "errors": "0", "skipped": "1"}
    assert dict(root.attrib) == {"name": "qa eval", **counts}
    assert dict(suite.attrib) == {"name": "set", **counts}
    cases = suite.findall("testcase")
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("set", "right"),
        ("set", "wrong"),
        ("set", "unscored"),
        ("set", "spanless"),
        ("set.gates", "right >= 0.5000"),
        ("set.gates", "char_recall >= 0.5000"),
    ]
    assert [[(child.tag, child.get("message")) for child in case] for case in cases] == [
        [],
        [("failure", "harness error")],
        [("skipped", "no evidence set stands")],
        [("failure", "cited but answer wrong")],
        [],
        [("failure", "char_recall 0.2500, wanted >= 0.5000")],
    ]
    assert suite.xpath("properties/property[@name='system']/@value") == ["scripted"]


def test_a_failure_lists_the_scores_that_apply(tmp_path: Path) -> None:
    write_junit(tmp_path / "junit.xml", summary("set"), RESULTS[1:2], ())
    (text,) = lxml.etree.parse(tmp_path / "junit.xml").xpath("//failure/text()")
    assert text == (
        "grounded_accuracy: 0.0000 (missing from the run)\n"
        "char_recall: 0.2500\n"
        "evidence_recall: none: the run reports no hits"
    )


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        write_junit(tmp_path / name, summary("set"), RESULTS, GATES)
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("junit")


@given(st.text(st.characters(), max_size=60))
def test_any_text_gives_xml_that_parses(folder: Path, text: str) -> None:
    hostile = f"]]></failure><testcase/>&\x00\ud800{text}"
    results = [
        ItemResult(id=hostile, scores={"m": Scored(0.0, failed=hostile)}, blame=Blame.FALSE_ANSWER),
        ItemResult(id=text, scores={"grounded_accuracy": Unscored(hostile)}, blame=Blame.NONE),
    ]
    path = folder / "junit.xml"
    write_junit(path, summary(hostile, system=hostile), results, [gate(hostile, met=False, text=hostile)])
    root = lxml.etree.parse(path).getroot()
    assert [element.tag for element in root.iter()] == [
        "testsuites", "testsuite", "properties", "property", "property", "property", "property",
        "testcase", "failure", "testcase", "skipped", "testcase", "failure",
    ]  # fmt: skip
    assert root[0].get("name", "").startswith("]]></failure><testcase/>&␀\\ud800")
