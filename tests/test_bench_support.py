"""``python -m eval.bench.support``: claims of a tiny made-up SciFact, judged with a reader whose answers are known."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval.bench.support import (
    CONTRADICT,
    NEAR,
    NEVER,
    SUPPORT,
    Item,
    Judged,
    chosen,
    halves,
    items,
    judged,
    main,
    point,
)
from eval.bench.support import report as lines_of
from qa.answer.support import Evidence, Verdict
from qa.types import Support

ABSTRACT = "Kelp grows fast in cold water. Divers counted 40 urchins on the reef. The reef lost half of its kelp."


def rows(path: Path, *made: object) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "scifact"
    made.mkdir()
    rows(made / "corpus.jsonl", {"_id": "7", "title": "Kelp and urchins", "text": ABSTRACT})
    claims = [
        ("1", "Divers counted 40 urchins.", SUPPORT, [1]),
        ("2", "Divers counted 50 urchins.", CONTRADICT, [1]),
        ("3", "Kelp grows fast.", SUPPORT, [9]),
    ]
    rows(
        made / "queries.jsonl",
        *(
            {"_id": name, "text": text, "metadata": {"7": [{"sentences": places, "label": label}]}}
            for name, text, label, places in claims
        ),
        {"_id": "4", "text": "Not asked in training.", "metadata": {"7": [{"sentences": [0], "label": SUPPORT}]}},
    )
    asked = "".join(f"{name}\t7\t1\n" for name, *_ in claims)
    (made / "train.tsv").write_text("query-id\tcorpus-id\tscore\n" + asked, encoding="utf-8")
    return made


def scored(claim_id: str, label: str, score: float) -> Judged:
    item = Item(claim_id=claim_id, claim="c", label=label, evidence=(Evidence(text="e"),))
    return Judged(item=item, verdict=Verdict(support=Support.PARTLY, paraphrase=score), score=score)


def test_the_cited_sentences_are_the_evidence_and_what_is_beyond_is_counted(folder: Path) -> None:
    found, lost = items(folder)
    assert [(one.claim_id, one.label, one.evidence[0].text) for one in found] == [
        ("1", SUPPORT, "Divers counted 40 urchins on the reef."),
        ("1", NEAR, "Kelp grows fast in cold water."),
        ("2", CONTRADICT, "Divers counted 40 urchins on the reef."),
        ("3", NEAR, "Kelp grows fast in cold water."),
    ]
    assert lost == 1


def test_the_checks_alone_are_the_threshold_that_nothing_reaches(folder: Path) -> None:
    every = judged(items(folder)[0])
    found = point(every, NEVER)
    assert (found.precision, found.recall, found.n) == (1.0, 1.0, 2)


def test_the_rule_takes_the_highest_recall_that_is_precise_enough() -> None:
    right = [scored(str(at), SUPPORT, float(at)) for at in range(10)]
    wrong = [scored("w", CONTRADICT, 3.5)]
    assert chosen([*right, *wrong]) == point([*right, *wrong], 4.0)
    assert point([*right, *wrong], 4.0).recall == 0.6
    assert point([*right, *wrong], 0.0).precision == 10 / 11


def test_where_no_threshold_is_precise_enough_it_is_never() -> None:
    best = chosen([scored("1", SUPPORT, 1.0), scored("2", CONTRADICT, 2.0)])
    assert best.threshold == NEVER
    assert math.isnan(best.precision)


def test_all_of_one_claim_is_in_one_half() -> None:
    every = [scored(str(at % 20), SUPPORT, 0.0) for at in range(40)]
    one, other = ({judged.item.claim_id for judged in half} for half in halves(every))
    assert one
    assert other
    assert not one & other
    assert len(one | other) == 20


def test_a_run_with_a_reader_prints_thresholds_and_both_halves() -> None:
    every = [scored(str(at), SUPPORT, 2.0) for at in range(8)] + [scored("w", CONTRADICT, -2.0)]
    lines = list(lines_of(every, named="with r", read=True))
    assert any("AUROC 1.000" in line for line in lines)
    assert any("the reader decides 9 of 9" in line for line in lines)
    assert lines[-2].startswith("  chosen on one half      2.00")
    assert lines[-1].startswith("    and on the other")


def test_the_command_prints_shares_and_n(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_DATA", str(folder.parent))
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "1 cited sets left out" in printed
    assert [line.split() for line in printed.splitlines() if "SUPPORT" in line] == [
        ["SUPPORT", "1.000", "0.000", "0.000", "1"]
    ]
    assert main(["--sample", "1", "--reader", str(folder)]) != 0  # no reader there


def test_without_data_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_DATA", str(tmp_path))
    assert main([]) == 2
    assert "set QA_DATA" in capsys.readouterr().err
