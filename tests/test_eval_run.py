"""Runs: each question has its record whatever a system does, in any number of processes, interrupted anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from run_engines import SYSTEM, ScriptedSetup, gold, item

from eval.run.code import code_digest
from eval.run.folder import ITEMS, MANIFEST, Manifest, Run, RunFolder, folder_for, read_run
from eval.run.records import to_line
from eval.run.runner import begin, default_jobs, hidden_articles, run, tasks_of
from eval.types import Ended, RunRecord, Split
from qa.errors import UsageError

CHILD = Path(__file__).with_name("run_engines.py")
MANIFEST_OF = Manifest(
    set="s",
    gold_sha256="5" * 64,
    corpus_sha256="c" * 64,
    system=SYSTEM,
    twins=True,
    started="2026-01-01T00:00:00+00:00",
)


def answers(folder: Path) -> dict[str, str]:
    """What a run recorded, without times."""
    return {id: record.error or record.answer for id, record in read_run(folder).records.items()}


def record(number: int) -> RunRecord:
    return RunRecord(id=f"q{number}", ended=Ended.ANSWERED, answer=f"ä{number}")


# --- the folder


def test_a_run_is_a_manifest_and_a_line_a_record(tmp_path: Path) -> None:
    with RunFolder.open(tmp_path / "new" / "run", MANIFEST_OF) as folder:
        for number in (2, 1):
            folder.append(record(number))
    assert json.loads((tmp_path / "new" / "run" / MANIFEST).read_text())["system"]["engine"] == "scripted"
    assert (tmp_path / "new" / "run" / ITEMS).read_bytes() == to_line(record(2)) + to_line(record(1))
    found = read_run(tmp_path / "new" / "run")
    assert found == Run(path=tmp_path / "new" / "run", manifest=MANIFEST_OF, records={"q1": record(1), "q2": record(2)})
    assert list(found.records) == ["q1", "q2"]


def test_cut_off_at_any_byte_it_goes_on(tmp_path: Path) -> None:
    whole = b"".join(to_line(record(number)) for number in range(3))
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    with RunFolder.open(tmp_path, MANIFEST_OF):
        pass
    for cut in range(len(whole) + 1):
        (tmp_path / ITEMS).write_bytes(whole[:cut])
        left = sum(end <= cut for end in ends)
        seen = read_run(tmp_path)
        assert list(seen.records) == [f"q{number}" for number in range(left)]
        assert bool(seen.warnings) == (cut not in (0, *ends))
        with RunFolder.open(tmp_path, MANIFEST_OF) as folder:
            assert list(folder.records) == list(seen.records)
            for number in range(left, 3):
                folder.append(record(number))
        assert (tmp_path / ITEMS).read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [
        {"gold_sha256": "6" * 64},
        {"corpus_sha256": "d" * 64},
        {"system": replace(SYSTEM, threshold=0.5)},
        {"limit": 3},
        {"split": "test"},
        {"twins": False},
        {"set": "other"},
    ],
)
def test_another_run_is_never_mixed_in(tmp_path: Path, change: dict[str, object]) -> None:
    with RunFolder.open(tmp_path, MANIFEST_OF) as folder:
        folder.append(record(1))
    other = replace(MANIFEST_OF, **change)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as refused, RunFolder.open(tmp_path, other):
        pass
    assert refused.value.id == "run.other"
    assert next(iter(change)) in refused.value.message
    assert list(read_run(tmp_path).records) == ["q1"]
    with RunFolder.open(tmp_path, replace(MANIFEST_OF, jobs=3, started="later")) as folder:
        assert list(folder.records) == ["q1"]


def test_two_do_not_write_one_run(tmp_path: Path) -> None:
    with RunFolder.open(tmp_path, MANIFEST_OF):
        with pytest.raises(UsageError) as refused, RunFolder.open(tmp_path, MANIFEST_OF):
            pass
        assert refused.value.id == "run.busy"
    with RunFolder.open(tmp_path, MANIFEST_OF):
        pass


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ITEMS).write_text('{"id": "a", "answer": "mine"}\n')
    with pytest.raises(UsageError) as refused, RunFolder.open(tmp_path, MANIFEST_OF):
        pass
    assert refused.value.id == "run.not_a_run"
    assert read_run(tmp_path).records["a"].answer == "mine"


def test_what_others_wrote_is_a_run(tmp_path: Path) -> None:
    file = tmp_path / "theirs.jsonl"
    file.write_text('{"id": "a", "answer": "x", "model": 1}\n{"id": "b", "answer": ""}')
    found = read_run(file)
    assert (found.manifest, list(found.records)) == (None, ["a", "b"])
    assert found.warnings == ("1 fields 'model' aren't of the format and are left out",)
    file.write_text('{"id": "a", "answer": "x"}\n{"id": "b", "ans')
    with pytest.raises(UsageError, match="line 2"):
        read_run(file)


@pytest.mark.parametrize(
    ("content", "id"),
    [(None, "run.missing"), ("{", "run.manifest"), ("[]", "run.manifest"), ('{"format": 2}', "run.manifest")],
)
def test_no_run_is_said_so(tmp_path: Path, content: str | None, id: str) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(UsageError) as refused:
        read_run(tmp_path)
    assert refused.value.id == id
    assert str(tmp_path) in refused.value.message


def test_where_a_run_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QA_RUNS", str(tmp_path))
    place = folder_for(MANIFEST_OF)
    assert place.parent == tmp_path
    assert place.name.startswith("s-scripted-")
    assert folder_for(replace(MANIFEST_OF, jobs=7, started="later")) == place
    changes = ({"limit": 3}, {"twins": False}, {"split": "test"}, {"gold_sha256": "6" * 64})
    others = [replace(MANIFEST_OF, **change) for change in changes]  # type: ignore[arg-type]
    others += [replace(MANIFEST_OF, system=replace(SYSTEM, code="changed"))]
    assert len({folder_for(one) for one in (*others, MANIFEST_OF)}) == 6
    monkeypatch.delenv("QA_RUNS")
    assert folder_for(MANIFEST_OF).parent == Path("qa-runs")


def test_code_that_changed_is_another_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("eval.run.code.files", lambda _package: tmp_path)
    (tmp_path / "answer").mkdir()
    (tmp_path / "cli").mkdir()
    digests = [code_digest.__wrapped__()]
    for name in ("answer/order.py", "answer/scorer.toml", "types.py"):
        for content in ("x", "y"):
            (tmp_path / name).write_text(content)
            digests.append(code_digest.__wrapped__())
    assert len(set(digests)) == len(digests) == 7
    for name in ("cli/ask.py", "answer/order.pyc"):
        (tmp_path / name).write_text("x")
    assert code_digest.__wrapped__() == digests[-1]


# --- what is asked


def test_twins_hide_all_that_proves_the_answer() -> None:
    one = replace(item(0), hide=("c.md",), acceptable=(replace(item(0).evidence[0][0], article="d.md"),))
    assert hidden_articles(one) == {"a0.md", "b0.md", "c.md", "d.md"}
    tasks = tasks_of([one, item(1), item(2), replace(item(3), evidence=())])
    assert [task.id for task in tasks] == ["q000", "q001", "q002", "q003", "q000~hidden", "q001~hidden"]
    assert tasks[0].hide == frozenset()
    assert tasks[4].hide == hidden_articles(one)


def test_a_part_of_a_set_can_be_asked() -> None:
    items = [item(number, split=Split.TEST if number % 2 else Split.CALIBRATION) for number in range(6)]
    assert [task.id for task in tasks_of(items, twins=False, split=Split.TEST)] == ["q001", "q003", "q005"]
    assert [task.id for task in tasks_of(items, twins=False, limit=2)] == ["q000", "q001"]
    assert [task.id for task in tasks_of(items, twins=False, split=Split.TEST, limit=1)] == ["q001"]


# --- running

ITEMS_RUN = [item(number) for number in range(12)]


def test_the_records_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    setup = ScriptedSetup(acts={4: "raise"})
    run(gold(ITEMS_RUN), tmp_path / "1", engine=setup, manifest=begin(gold(ITEMS_RUN), engine=setup, jobs=1))
    run(
        gold(ITEMS_RUN),
        tmp_path / "3",
        engine=setup,
        jobs=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert answers(tmp_path / "1") == answers(tmp_path / "3")
    found = answers(tmp_path / "3")
    assert len(found) == 12 + 8
    assert found["q000"] == "0"
    assert found["q000~hidden"] == "0 without a0.md, b0.md"
    assert found["q004"] == "ValueError: no answer to 4"
    assert seen == [(done, 20) for done in range(21)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_is_a_record_and_the_rest_goes_on(tmp_path: Path, jobs: int) -> None:
    setup = ScriptedSetup(acts={0: "raise", 1: "malformed", 2: "exit", 3: "abstain"})
    run(gold(ITEMS_RUN), tmp_path, engine=setup, jobs=jobs, twins=False)
    records = read_run(tmp_path).records
    assert len(records) == 12
    assert {id: one.error for id, one in records.items() if one.ended is Ended.ERROR} == {
        "q000": "ValueError: no answer to 0",
        "q001": "the record is malformed: 'confidence' isn't a number: nan",
        "q002": "SystemExit: 3",
    }
    assert records["q003"].ended is Ended.ABSTAINED


def test_a_process_that_dies_takes_nobodys_work_with_it(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    setup = ScriptedSetup(acts={1: "die", 3: "kill", 5: "die once"}, notes=tmp_path / "notes")
    run(gold(ITEMS_RUN), tmp_path / "run", engine=setup, jobs=2, twins=False)
    records = read_run(tmp_path / "run").records
    assert len(records) == 12
    assert {id: one.error for id, one in records.items() if one.ended is Ended.ERROR} == {
        "q001": "the process exited with 7",
        "q003": "the process died: SIGKILL",
    }
    assert records["q005"].answer == "5"
    asked = [path.name.partition(".")[0] for path in (tmp_path / "notes").iterdir()]
    assert {number: asked.count(f"q{number:03}") for number in range(6)} == {0: 1, 1: 2, 2: 1, 3: 2, 4: 1, 5: 2}


@pytest.mark.parametrize(("broken", "why"), [("raise", "no such index"), ("die", "exited with 9")])
def test_an_engine_that_cannot_be_opened_ends_the_run(tmp_path: Path, broken: str, why: str) -> None:
    with pytest.raises(RuntimeError, match=why):
        run(gold(ITEMS_RUN), tmp_path, engine=ScriptedSetup(broken=broken), jobs=2)
    assert read_run(tmp_path).records == {}


def test_what_is_recorded_is_not_asked_again(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    setup = ScriptedSetup(acts={0: "raise"}, notes=tmp_path / "notes")
    run(gold(ITEMS_RUN), tmp_path / "run", engine=setup, jobs=1)
    whole = answers(tmp_path / "run")
    lines = (tmp_path / "run" / ITEMS).read_bytes().splitlines(keepends=True)
    (tmp_path / "run" / ITEMS).write_bytes(b"".join(lines[:9]) + lines[9][:-5])
    for note in (tmp_path / "notes").iterdir():
        note.unlink()
    run(gold(ITEMS_RUN), tmp_path / "run", engine=setup, jobs=2)
    assert answers(tmp_path / "run") == whole
    assert len(list((tmp_path / "notes").iterdir())) == 11
    run(gold(ITEMS_RUN), tmp_path / "run", engine=ScriptedSetup(broken="raise"), jobs=1)


def test_processes_are_as_many_as_cores_at_most_four() -> None:
    assert 1 <= default_jobs() <= 4


# --- interrupted


def started(folder: Path, jobs: int) -> subprocess.Popen[str]:
    """A run of forty items, .05 seconds each, that has recorded three of them; in a process group of its own."""
    path = os.pathsep.join([str(CHILD.parent), str(CHILD.parent.parent)])
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(folder), str(jobs), "0.05"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("3 "):
            return child
    raise AssertionError(child.communicate()[1])


def left_in(group: int) -> bool:
    """Whether any process of a group is alive."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_it_ends_at_once_and_goes_on_later(tmp_path: Path, jobs: int, number: signal.Signals) -> None:
    child = started(tmp_path, jobs)
    began = time.monotonic()
    os.killpg(child.pid, number) if number is signal.SIGINT else child.kill()  # as a terminal does, as the system does
    _, errors = child.communicate(timeout=20)
    assert child.returncode == -number  # Python ends by the signal where nobody catches KeyboardInterrupt
    assert errors.count("Traceback") == (number is signal.SIGINT), errors
    assert "run_engines.py" in errors or number is signal.SIGKILL
    while left_in(child.pid):
        assert time.monotonic() - began < 5
        time.sleep(0.02)
    assert time.monotonic() - began < 5
    before = set(answers(tmp_path))
    assert 3 <= len(before) < 40
    run(gold([item(number) for number in range(40)]), tmp_path, engine=ScriptedSetup(), jobs=2, twins=False)
    assert answers(tmp_path) == {f"q{number:03}": str(number) for number in range(40)}
