"""``qa eval`` as its users meet it: the program as a process, on the shipped sets and on files that others wrote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import QA, Ran

from eval.gold.store import read_set
from eval.metrics.all import METRICS

FILES = {"manifest.json", "items.jsonl", "scores.jsonl", "summary.json", "latency.json", "junit.xml", "report.html"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where runs, cached indexes and the configuration of these tests lie."""
    return tmp_path_factory.mktemp("eval")


@pytest.fixture
def evaluate(qa: Callable[..., Ran], home: Path) -> Callable[..., Ran]:
    return lambda *args, **options: qa("eval", *args, env=places(home), **options)


def places(home: Path) -> dict[str, str]:
    return {"QA_RUNS": str(home / "runs"), "QA_EVAL_CACHE": str(home / "cache"), "QA_CONFIG": str(home / "config")}


@pytest.fixture(scope="module")
def smoke(home: Path) -> Path:
    """A finished run of the set ``smoke``."""
    ran = subprocess.run(
        [str(QA), "eval", "run", "smoke"],
        env={**os.environ, **places(home)},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert b"grounded_accuracy" in ran.stdout
    (folder,) = (home / "runs").glob("smoke-*")
    return folder


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_all_its_files(smoke: Path) -> None:
    assert {path.name for path in smoke.iterdir()} >= FILES
    gold = read_set("smoke")
    records = lines(smoke / "items.jsonl")
    twins = sum(item.answerable for item in gold.items)
    assert len(records) == len(gold.items) + twins
    assert len(lines(smoke / "scores.jsonl")) == len(gold.items)
    summary = json.loads((smoke / "summary.json").read_text())
    assert summary["gold_sha256"] == gold.sha256
    assert [mean["metric"] for mean in summary["means"]] == [metric.name for metric in METRICS]
    assert sum(summary["blames"].values()) == len(gold.items)


def test_the_same_command_asks_nothing_anew(smoke: Path, evaluate: Callable[..., Ran]) -> None:
    before = (smoke / "items.jsonl").read_bytes()
    again = evaluate("run", "smoke", "--json")
    assert again.code == 0
    assert (smoke / "items.jsonl").read_bytes() == before
    assert again.json == json.loads((smoke / "summary.json").read_text())


def test_the_gate_of_smoke_is_met(smoke: Path, evaluate: Callable[..., Ran]) -> None:
    gated = evaluate("gate", smoke)
    assert gated.code == 0, gated.out
    assert "the gate is met" in gated.out
    assert evaluate("gate").code == 0  # the latest run


def test_a_run_that_lacks_questions_is_not_whole(smoke: Path, evaluate: Callable[..., Ran], tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "manifest.json").write_bytes((smoke / "manifest.json").read_bytes())
    (cut / "items.jsonl").write_text("".join((smoke / "items.jsonl").read_text().splitlines(keepends=True)[:-3]))
    gated = evaluate("gate", cut)
    assert gated.code == 3
    assert "not whole" in gated.out


def stop(home: Path, folder: Path, number: signal.Signals, *, jobs: str) -> int:
    """The exit code of a run of ``smoke`` into ``folder`` that got the signal after its first record."""
    command = [str(QA), "eval", "run", "smoke", "--jobs", jobs, "--out", str(folder)]
    process = subprocess.Popen(command, env={**os.environ, **places(home)}, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (folder / "items.jsonl").exists() or not (folder / "items.jsonl").read_bytes():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(number)
        return process.wait(10)
    finally:
        process.kill()
        process.wait()


def test_an_interrupted_run_goes_on_to_the_same_summary(
    smoke: Path, evaluate: Callable[..., Ran], home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    assert stop(home, folder, signal.SIGINT, jobs="1") == 130
    assert 0 < len(lines(folder / "items.jsonl")) < 50
    assert evaluate("run", "smoke", "--out", folder).code == 0
    assert (folder / "summary.json").read_bytes() == (smoke / "summary.json").read_bytes()
    assert (folder / "scores.jsonl").read_bytes() == (smoke / "scores.jsonl").read_bytes()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminated_run_blames_no_question(home: Path, tmp_path: Path, jobs: str) -> None:
    assert stop(home, tmp_path / "run", signal.SIGTERM, jobs=jobs) == 143
    assert all(line["ended"] != "error" for line in lines(tmp_path / "run" / "items.jsonl"))


def test_modules_in_the_current_folder_are_not_run(evaluate: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "pickle.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    ran = evaluate("run", "smoke", "--jobs", "2", "--limit", "2", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert not (tmp_path / "ran").exists()


def test_a_file_that_anyone_wrote_is_scored(evaluate: Callable[..., Ran], tmp_path: Path) -> None:
    gold = read_set("smoke")
    answerable = [item for item in gold.items if item.answerable]
    told = [{"id": item.id, "answer": ""} for item in gold.items if not item.answerable]
    told += [{"id": item.id, "answer": "I believe that it was the lamp-lighter."} for item in answerable[:-1]]
    path = tmp_path / "theirs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*told, {"id": "nobody-asked", "answer": "x"}]))
    refused = evaluate("score", path)
    assert refused.code == 2
    assert "--gold" in refused.err
    scored = evaluate("score", path, "--gold", "smoke", "--json").json
    means = {mean["metric"]: mean for mean in scored["means"]}
    assert means["grounded_accuracy"]["value"] == pytest.approx((30 - len(answerable)) / 30)
    assert (means["grounded_accuracy"]["scored"], means["grounded_accuracy"]["failed"]) == (30, 1)
    assert scored["missing"] == [answerable[-1].id]
    assert scored["unknown"] == ["nobody-asked"]
    assert means["citation_validity"]["value"] == 0.0
    recall = means["evidence_recall"]  # the file doesn't say what was retrieved: only the missing item has a value
    assert (recall["scored"], recall["applicable"]) == (1, len(answerable))
    assert (recall["worst"], recall["best"]) == (0.0, pytest.approx((len(answerable) - 1) / len(answerable)))


def test_items_are_shown(smoke: Path, evaluate: Callable[..., Ran]) -> None:
    gold = read_set("smoke")
    item = next(item for item in gold.items if item.evidence)
    shown = evaluate("show", item.id, "--run", smoke)
    assert shown.code == 0
    assert item.question in shown.out
    assert item.evidence[0][0].quote.split("\n")[0][:40] in shown.out
    assert "grounded_accuracy" in shown.out
    listed = evaluate("show", "--run", smoke)
    assert "false answer" in listed.out or "over-refused" in listed.out
    one = evaluate("show", item.id, "--run", smoke, "--json").json
    assert one[0]["item"]["id"] == item.id
    assert evaluate("show", "no-such-item", "--run", smoke).code == 2


def test_the_report_is_written_where_it_is_wanted(smoke: Path, evaluate: Callable[..., Ran], tmp_path: Path) -> None:
    written = evaluate("report", smoke, "--out", tmp_path / "page.html")
    assert written.out.strip() == str(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == (smoke / "report.html").read_bytes()


def test_a_run_compared_with_itself_is_not_worse(smoke: Path, evaluate: Callable[..., Ran]) -> None:
    compared = evaluate("compare", smoke, smoke)
    assert compared.code == 0
    assert "not worse" in compared.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("run", "no-such-set"), "no-such-set"),
        (("run", "smoke", "--split", "train"), "train"),
        (("run", "smoke", "--engine", "oracle"), "oracle"),
        (("run", "squad2:/no/such/file.json"), "/no/such/file.json"),
        (("score", "/no/such/run"), "/no/such/run"),
        (("nonsense",), "nonsense"),
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(
    evaluate: Callable[..., Ran], args: tuple[str, ...], said: str
) -> None:
    ran = evaluate(*args)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 5


def test_help_without_a_command_keeps_its_lines(evaluate: Callable[..., Ran]) -> None:
    ran = evaluate()
    assert ran.code == 2
    assert "\n  gate " in ran.err
    assert "\n  lint " in evaluate("gold", "--help").out


def test_qa_does_not_import_the_suite_for_itself() -> None:
    script = "import sys; sys.argv = ['qa', '--version']\nimport atexit\n"
    script += "atexit.register(lambda: print(sorted(name for name in sys.modules if name.split('.')[0] == 'eval')))\n"
    script += "from qa.cli.entry import main; main()"
    ran = subprocess.run([QA.with_name("python"), "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1] == "[]"
