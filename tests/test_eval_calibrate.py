"""Choosing a threshold: hand-worked bounds, what is refused, and that the risk is kept as often as it says."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Ran
from eval_runs import (
    FAILED,
    RIGHT,
    SILENT,
    SYSTEM,
    WRONG,
    Quays,
    Said,
    evaluate,
    quays,
    record,
    some_items,
    some_results,
)

from eval.calibrate import (
    Calibration,
    Sample,
    Shown,
    calibrate,
    flawless_answers,
    needed_answers,
    point,
    sample,
    shortfall,
)
from eval.stats import upper_bound
from eval.types import Ended, Item, RunRecord, Split
from qa.errors import UsageError

FORCED = replace(SYSTEM, threshold=0.0)


def shown(*answers: tuple[float, str]) -> tuple[Shown, ...]:
    """Answers of clusters of their own: for each confidence a string of ``+`` (right) and ``-`` (wrong)."""
    flat = [(confidence, mark == "-") for confidence, marks in answers for mark in marks]
    return tuple(Shown(confidence=one, wrong=wrong, cluster=str(n)) for n, (one, wrong) in enumerate(flat))


def of(*answers: tuple[float, str], silent: int = 0, split: str = "calibration") -> Sample:
    made = shown(*answers)
    return Sample(split=split, items=len(made) + silent, silent=silent, failed=0, unjudged=0, answers=made)


def chosen(*answers: tuple[float, str], max_risk: float = 0.1, test: Sample | None = None) -> Calibration:
    tuned = of(*answers)
    return calibrate(tuned, test or of(*answers, split="test"), max_risk=max_risk)


# --- choosing --------------------------------------------------------------------------------------------------------


def test_the_fewest_flawless_answers_by_hand() -> None:
    # .9^28 = .0523, .9^29 = .0471; .98^149 = .0493, .98^148 = .0503.
    assert flawless_answers(0.1, tail=0.05) == 29
    assert flawless_answers(0.02, tail=0.05) == 149
    assert needed_answers(0.0, 0.1, tail=0.05) == 29
    assert upper_bound(0, 29, tail=0.05) <= 0.1 < upper_bound(0, 28, tail=0.05)


def test_one_confidence_is_one_threshold_with_the_whole_error() -> None:
    found = chosen((0.7, "+" * 29))
    assert found.tests == 1
    assert found.chosen is not None
    assert (found.chosen.threshold, found.chosen.answered, found.chosen.wrong) == (0.7, 29, 0)
    assert found.chosen.bound == pytest.approx(1 - 0.05 ** (1 / 29))
    assert chosen((0.7, "+" * 28)).chosen is None


def test_the_error_is_shared_among_the_thresholds_looked_at() -> None:
    # Three confidences: 4 outcomes, 2 looks, each at .025: .9^35 = .0250 (just above), .9^36 = .0225.
    three = ((0.9, "+" * 34), (0.8, "+"), (0.7, "-" * 40))
    found = chosen(*three)
    assert (found.tests, found.chosen) == (2, None)
    found = chosen((0.9, "+" * 34), (0.8, "++"), (0.7, "-" * 40))
    assert found.chosen is not None
    assert found.chosen.threshold == 0.8
    assert found.chosen.tail == pytest.approx(0.025)


def test_the_smallest_threshold_that_is_certified() -> None:
    # 400 flawless answers from .5 on; below, wrong ones: any of these would break a risk of 2 %.
    good = [(0.5 + n / 1000, "++") for n in range(200)]
    bad = [(0.1 + n / 1000, "-") for n in range(200)]
    found = chosen(*bad, *good, max_risk=0.02)
    assert found.chosen is not None
    # A few wrong ones at the very border are allowed: 400 answers with 1 or 2 wrong may pass, with 9 they can't.
    assert 0.29 < found.chosen.threshold <= 0.5
    assert found.chosen.bound <= 0.02
    below = max(one.confidence for one in of(*bad, *good).answers if one.confidence < found.chosen.threshold)
    assert point(of(*bad, *good), below, tail=found.chosen.tail).bound > 0.02


def test_equal_confidences_stand_or_fall_together() -> None:
    mixed = of((0.9, "+" * 40 + "-" * 10))
    at = point(mixed, 0.9, tail=0.05)
    assert (at.answered, at.wrong, at.risk) == (50, 10, 0.2)
    assert calibrate(mixed, mixed, max_risk=0.1).chosen is None
    assert point(mixed, math.nextafter(0.9, 1), tail=0.05).answered == 0


def test_silence_lowers_coverage_and_not_risk() -> None:
    quiet = of((0.9, "+" * 30), silent=30)
    at = point(quiet, 0.9, tail=0.05)
    assert (at.coverage, at.risk) == (0.5, 0.0)


def test_stories_are_counted() -> None:
    answers = tuple(Shown(confidence=0.9, wrong=False, cluster=name) for name in "aaabbc")
    at = point(replace(of((0.9, "+")), items=6, answers=answers), 0.5, tail=0.05)
    # Sizes 3, 2, 1: 36 / 14.
    assert (at.clusters, at.effective) == (3, pytest.approx(36 / 14))


# --- what is lacking, and what stands against it ---------------------------------------------------------------------


def test_a_risk_that_the_items_cannot_certify_is_refused_with_the_number_that_could() -> None:
    found = chosen((0.7, "+" * 19 + "-"), max_risk=0.1)
    assert (found.chosen, found.proof, found.proved) == (None, None, False)
    assert found.nearest is not None
    assert found.nearest.risk == 0.05
    lacking = shortfall(found.nearest, 0.1)
    assert lacking.flawless == 29
    assert lacking.needed is not None
    n = lacking.needed
    assert upper_bound(math.ceil(0.05 * n), n, tail=0.05) <= 0.1
    assert upper_bound(math.ceil(0.05 * (n - 1)), n - 1, tail=0.05) > 0.1
    assert lacking.needed_items == n
    half = calibrate(of((0.7, "+" * 19 + "-"), silent=20), of((0.7, "+")), max_risk=0.1).nearest
    assert half is not None
    assert shortfall(half, 0.1).needed_items == 2 * n


def test_where_the_risk_seen_is_too_high_no_number_would_do() -> None:
    nearest = chosen((0.7, "+" * 8 + "--"), max_risk=0.1).nearest
    assert nearest is not None
    lacking = shortfall(nearest, 0.1)
    assert (lacking.needed, lacking.needed_items, lacking.flawless) == (None, None, 29)
    assert needed_answers(0.0999, 0.1, tail=0.05) is None  # more than anybody writes


def test_test_has_the_last_word() -> None:
    tuned = of((0.7, "+" * 50))
    refuted = calibrate(tuned, of((0.7, "+" * 8 + "--"), split="test"), max_risk=0.1)
    assert refuted.chosen is not None
    assert refuted.proof is not None
    assert (refuted.proof.risk, refuted.proved) == (0.2, False)
    assert calibrate(tuned, of((0.7, "+" * 9 + "-"), split="test"), max_risk=0.1).proved
    # No answer of test reaches the threshold: nothing is proved.
    assert not calibrate(tuned, of((0.6, "+" * 10), split="test"), max_risk=0.1).proved


@pytest.mark.parametrize(
    ("max_risk", "level", "id"),
    [
        (0.0, 0.95, "calibrate.bad_risk"),
        (1.0, 0.95, "calibrate.bad_risk"),
        (math.nan, 0.95, "calibrate.bad_risk"),
        (0.1, 1.0, "calibrate.bad_level"),
        (0.1, 0.4, "calibrate.bad_level"),
        (0.1, math.nan, "calibrate.bad_level"),
    ],
)
def test_shares_that_are_none(max_risk: float, level: float, id: str) -> None:
    with pytest.raises(UsageError) as caught:
        calibrate(of((0.7, "+")), of((0.7, "+")), max_risk=max_risk, confidence_level=level)
    assert caught.value.id == id


def test_a_split_without_items_or_answers_is_refused() -> None:
    some, none = of((0.7, "+")), of(silent=3)
    for tuned, test, id in (
        (some, of(), "calibrate.no_split"),
        (of(), some, "calibrate.no_split"),
        (none, some, "calibrate.no_answers"),
    ):
        with pytest.raises(UsageError) as caught:
            calibrate(tuned, test, max_risk=0.1)
        assert caught.value.id == id


# --- samples ---------------------------------------------------------------------------------------------------------


def a_sample(values: Sequence[float | str | None], ended: Sequence[Ended], confidence: float | None = 0.5) -> Sample:
    items = some_items([str(number) for number in range(len(values))])
    records = {
        item.id: RunRecord(id=item.id, ended=end, answer="x", confidence=confidence)
        for item, end in zip(items, ended, strict=True)
    }
    return sample(Split.TEST, items, some_results(values), records)


def test_every_answer_that_is_not_known_to_be_right_is_wrong() -> None:
    ends = [Ended.ANSWERED, Ended.PARTLY, Ended.ANSWERED, Ended.ABSTAINED, Ended.ERROR, Ended.ANSWERED]
    made = a_sample([1, 0, "lost", 0, 0, None], ends)
    assert [one.wrong for one in made.answers] == [False, True, True]
    assert (made.items, made.silent, made.failed, made.unjudged) == (5, 2, 1, 1)


@pytest.mark.parametrize("confidence", [None, math.nan, 1.5])
def test_an_answer_without_a_confidence_is_refused(confidence: float | None) -> None:
    with pytest.raises(UsageError, match="nothing to calibrate"):
        a_sample([1], [Ended.ANSWERED], confidence)


def test_a_question_that_is_not_in_the_run_is_refused() -> None:
    with pytest.raises(UsageError, match="isn't in the run"):
        sample(Split.TEST, some_items("a"), some_results([1]), {})


# --- whether the promise holds ---------------------------------------------------------------------------------------


def violations(items: int, risk: Callable[[float], float], least: float, *, runs: int = 300) -> tuple[int, int]:
    """How often the true risk of the chosen threshold exceeds .2, and how often one was chosen. Confidences are
    uniform in hundredths, an answer of confidence ``c`` is wrong with a chance of ``risk(c)``; ``least`` is the
    smallest threshold whose true risk is .2 or less.
    """
    generator = np.random.default_rng(11)
    over = certified = 0
    test = of((1.0, "+"))
    for _ in range(runs):
        confidences = generator.integers(0, 101, size=items) / 100
        wrong = generator.uniform(size=items) < np.vectorize(risk)(confidences)
        answers = tuple(
            Shown(confidence=float(one), wrong=bool(bad), cluster=str(n))
            for n, (one, bad) in enumerate(zip(confidences, wrong, strict=True))
        )
        found = calibrate(replace(of((1.0, "+")), items=items, answers=answers), test, max_risk=0.2)
        if found.chosen is not None:
            certified += 1
            over += found.chosen.threshold < least
    return over, certified


def test_the_true_risk_is_seldom_above_the_one_allowed() -> None:
    # .6 below .5 and .02 from there on: from t < .5 on (.6 * (.5 - t) + .02 * .5) / (1 - t), which is .2 at t = .275.
    over, certified = violations(120, lambda c: 0.6 if c < 0.5 else 0.02, 0.275)
    assert certified > 250
    assert over <= 26  # 5 % of 300 are 15; 3 standard deviations more


def test_a_system_that_is_always_too_often_wrong_is_seldom_certified() -> None:
    # Confidence says nothing, and .21 are wrong everywhere: every certificate is false.
    over, certified = violations(80, lambda _c: 0.21, 2.0, runs=100)
    assert over == certified <= 11  # 5 + 3 * sqrt(100 * .05 * .95)


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Quays:
    return quays(tmp_path_factory.mktemp("harbour") / "gold", answerable=80, unanswerable=8)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("QA_CONFIG", str(path))
    return path


@pytest.fixture
def tuned(
    harbour: Quays, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    return lambda *args: evaluate(capsys, monkeypatch, "calibrate", harbour.folder, *args)


def sure(item: Item) -> float:
    """40 answerable items of each split are sure, the others aren't."""
    return 0.75 if item.answerable else 0.25


def test_a_threshold_is_chosen_proved_and_written(
    harbour: Quays, tmp_path: Path, config: Path, tuned: Callable[..., Said]
) -> None:
    config.write_text('# mine\n[other]\nkey = "kept"\n', encoding="utf-8")
    became = {**harbour.all(RIGHT), **{item.id: WRONG for item in harbour.gold.items if not item.answerable}}
    run = harbour.run(tmp_path / "run", became, confidence=sure, system=FORCED)
    dry = tuned("--max-risk", "0.1", "--run", run, "--dry-run")
    assert dry.code == 0, dry.err
    assert "nothing was written" in dry.out
    assert "abstention" not in config.read_text(encoding="utf-8")
    ran = tuned("--max-risk", "0.1", "--run", run)
    assert ran.code == 0
    # Two confidences: 2 looks, each at .025, over 40 flawless answers: 1 - .025^(1/40) = .0881. On test one: .0722.
    assert "threshold 0.75" in ran.out
    assert "40 of 44 answered (coverage 0.909), 0 wrong (risk 0.000), at most 0.088 (95% sure, 2 thresholds" in ran.out
    assert "on test: 40 of 44 answered (coverage 0.909), 0 wrong (risk 0.000), at most 0.072" in ran.out
    assert "these 40 are of 40 stories, worth 40.0" in ran.out
    written = tomllib.loads(config.read_text(encoding="utf-8"))
    assert written["other"] == {"key": "kept"}
    assert written["abstention"] == {
        "threshold": 0.75,
        "scorer": SYSTEM.scorer,
        "max_risk": 0.1,
        "confidence_level": 0.95,
        "gold": f"quays@{harbour.gold.sha256[:12]}",
        "items": 44,
    }


def test_what_cannot_be_certified_is_refused(
    harbour: Quays, tmp_path: Path, config: Path, tuned: Callable[..., Said]
) -> None:
    run = harbour.run(tmp_path / "run", harbour.all(RIGHT), confidence=sure, system=FORCED)
    ran = tuned("--max-risk", "0.05", "--run", run)
    assert (ran.code, config.exists()) == (1, False)
    # .95^58 = .0510, .95^59 = .0485.
    assert "59 answers would if none were wrong" in ran.out
    assert "at that risk 59 answers would, which are about 65 questions" in ran.out
    wrong = harbour.run(tmp_path / "wrong", harbour.all(WRONG), confidence=sure, system=FORCED)
    ran = tuned("--max-risk", "0.2", "--run", wrong)
    assert (ran.code, config.exists()) == (1, False)
    assert "no number of items would: the risk seen is 1.000" in ran.out


def test_what_test_contradicts_is_not_written(
    harbour: Quays, tmp_path: Path, config: Path, tuned: Callable[..., Said]
) -> None:
    became = {item.id: RIGHT if item.split is Split.CALIBRATION else WRONG for item in harbour.gold.items}
    run = harbour.run(tmp_path / "run", became, confidence=sure, system=FORCED)
    ran = tuned("--max-risk", "0.1", "--run", run, "--json")
    assert (ran.code, config.exists()) == (1, False)
    assert (ran.json["proved"], ran.json["written"]) == (False, None)
    assert ran.json["calibration"]["chosen"]["wrong"] == 0
    assert ran.json["calibration"]["proof"]["wrong"] == 40
    assert "refused: on test the risk is 1.000, allowed are 0.1" in tuned("--max-risk", "0.1", "--run", run).out


def test_a_run_that_was_not_forced_is_refused(
    harbour: Quays, tmp_path: Path, config: Path, tuned: Callable[..., Said]
) -> None:
    every = harbour.all(RIGHT)
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_text(json.dumps({"id": "quay-0", "answer": "x", "confidence": 0.5}) + "\n", encoding="utf-8")
    for run, said in (
        (harbour.run(tmp_path / "usual", every, confidence=sure), "its threshold is 0.5"),
        (harbour.run(tmp_path / "half", every, confidence=sure, system=FORCED, split=Split.TEST), "only a part"),
        (harbour.run(tmp_path / "none", every, system=replace(FORCED, scorer="")), "gives no confidence"),
        (theirs, "no manifest"),
    ):
        ran = tuned("--max-risk", "0.1", "--run", run)
        assert (ran.code, "calibrate.not_forced" in ran.err) == (2, True)
        assert said in ran.err
    part = harbour.run(tmp_path / "part", {"quay-0": RIGHT, "quay-1": FAILED}, confidence=sure, system=FORCED)
    assert "calibrate.incomplete" in tuned("--max-risk", "0.1", "--run", part).err
    mute = harbour.run(tmp_path / "mute", harbour.all(SILENT), system=FORCED)
    assert "calibrate.no_answers" in tuned("--max-risk", "0.1", "--run", mute).err
    assert not config.exists()


def test_a_run_is_made_and_used_again(tmp_path: Path, qa: Callable[..., Ran]) -> None:
    small = quays(tmp_path / "gold", answerable=6, unanswerable=2)
    env = {name: str(tmp_path / name) for name in ("QA_EVAL_CACHE", "QA_RUNS", "QA_CONFIG")}
    ran = qa("eval", "calibrate", small.folder, "--max-risk", "0.9", "--json", env=env)
    assert ran.code in (0, 1), ran.err
    (folder,) = (tmp_path / "QA_RUNS" / "forced").iterdir()
    records = (folder / "items.jsonl").read_bytes()
    assert records.count(b"\n") == 8
    assert record(small.gold.items[0], RIGHT).id.encode() in records
    assert json.loads((folder / "manifest.json").read_bytes())["system"]["threshold"] == 0
    again = qa("eval", "calibrate", small.folder, "--max-risk", "0.9", "--json", env=env)
    assert again.json["calibration"] == ran.json["calibration"]
    assert (folder / "items.jsonl").read_bytes() == records
