"""``--strict`` and ``--lenient``: what they do to a threshold, where they come from, and what people are told."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran
from hypothesis import given
from hypothesis import strategies as st
from test_terminal import spawn

from qa.answer.record import read_record
from qa.app import TOO_STRICT, Reading
from qa.cli.asking import LESS_SURE
from qa.config import (
    STEP,
    Abstention,
    Strictness,
    read_abstention,
    read_strictness,
    threshold_in_force,
    write_abstention,
)
from qa.errors import UsageError
from qa.types import Filters, Status

Qa = Callable[..., Ran]
STRICT, NORMAL, LENIENT = Strictness.STRICT, Strictness.NORMAL, Strictness.LENIENT
#: Far enough from both ends for neighbours to have different floats.
INSIDE = st.floats(min_value=1e-12, max_value=1 - 1e-9)
ANY = st.floats(min_value=0, max_value=1)


# --- the step --------------------------------------------------------------------------------------------------------


def log_odds(share: float) -> float:
    return math.log(share) - math.log1p(-share)


def test_a_half_becomes_seven_tenths_and_three() -> None:
    assert round(STRICT.moved(0.5), 2) == 0.7
    assert round(LENIENT.moved(0.5), 2) == 0.3


@given(INSIDE)
def test_a_threshold_moves_by_the_step_in_log_odds(threshold: float) -> None:
    for strictness, step in ((STRICT, STEP), (LENIENT, -STEP)):
        moved = log_odds(strictness.moved(threshold)) - log_odds(threshold)
        assert math.isclose(moved, step, abs_tol=1e-5)


@given(INSIDE)
def test_normal_lies_between(threshold: float) -> None:
    assert 0 < LENIENT.moved(threshold) < threshold < STRICT.moved(threshold) < 1


@given(INSIDE)
def test_strict_and_lenient_undo_each_other(threshold: float) -> None:
    assert math.isclose(LENIENT.moved(STRICT.moved(threshold)), threshold, rel_tol=1e-9)
    assert math.isclose(STRICT.moved(LENIENT.moved(threshold)), threshold, rel_tol=1e-9)


@given(ANY, ANY)
def test_of_two_thresholds_the_higher_stays_the_higher(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for strictness in Strictness:
        assert strictness.moved(low) <= strictness.moved(high) * (1 + 1e-12)


@given(ANY)
def test_a_threshold_stays_one_and_normal_leaves_it_as_it_is(threshold: float) -> None:
    assert 0 <= LENIENT.moved(threshold) <= threshold <= STRICT.moved(threshold) <= 1
    assert NORMAL.moved(threshold) == threshold


@pytest.mark.parametrize("strictness", list(Strictness))
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_the_ends_stay(strictness: Strictness, end: float) -> None:
    assert strictness.moved(end) == end


# --- the configuration -----------------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file of the test's own, which isn't there yet."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("QA_CONFIG", str(path))
    return path


def calibrated(threshold: float, scorer: str = "s") -> Abstention:
    return Abstention(threshold=threshold, scorer=scorer, max_risk=0.1, confidence_level=0.9, gold="g@1", items=9)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", NORMAL),
        ('[model]\nstrictness = "strict"\n', NORMAL),
        ("[abstention]\n", NORMAL),
        ('[abstention]\nstrictness = "strict"\n', STRICT),
        ('[abstention]\nstrictness = "normal"\n', NORMAL),
        ('abstention.strictness = "lenient"\n', LENIENT),
    ],
)
def test_it_may_stand_alone(config: Path, content: str, expected: Strictness) -> None:
    assert read_strictness() is NORMAL
    config.write_text(content)
    assert read_strictness() is expected
    assert read_abstention() is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [('"very"', "'very'"), ('"Strict"', "'Strict'"), ('""', "''"), ("true", "True"), ("1", "1"), ('["strict"]', "['")],
)
def test_what_it_cannot_be_is_refused(config: Path, value: str, shown: str) -> None:
    config.write_text(f"[abstention]\nstrictness = {value}\n")
    with pytest.raises(UsageError) as refused:
        threshold_in_force(0.5, scorer="s", strictness=LENIENT)
    assert refused.value.id == "config.malformed"
    assert f"'abstention.strictness' is not 'strict', 'normal' or 'lenient': {shown}" in refused.value.message
    assert str(config) in refused.value.message


def test_a_word_misspelled_is_not_passed_over(config: Path) -> None:
    config.write_text('[abstention]\nstrictnes = "strict"\n')
    with pytest.raises(UsageError, match=r"'abstention\.threshold' is missing"):
        threshold_in_force(0.5, scorer="s")


@pytest.mark.parametrize(
    "content",
    [
        '# mine\n[abstention]\nstrictness = "lenient"  # for now\n',
        'abstention.strictness = "lenient"  # for now\n',
        'abstention = { strictness = "lenient" }  # for now\n',
    ],
)
def test_calibrating_leaves_it_alone(config: Path, content: str) -> None:
    config.write_text(content)
    for threshold in (0.25, 0.75):
        write_abstention(calibrated(threshold))
        assert read_abstention() == calibrated(threshold)
        assert read_strictness() is LENIENT
    assert "# for now" in config.read_text()


def test_calibrating_does_not_write_it(config: Path) -> None:
    write_abstention(calibrated(0.5))
    assert "strictness" not in config.read_text()


@pytest.mark.parametrize("flag", [None, *Strictness])
@pytest.mark.parametrize("default", [None, *Strictness])
@pytest.mark.parametrize("scorer", [None, "s", "another"])
def test_what_is_in_force(
    config: Path, flag: Strictness | None, default: Strictness | None, scorer: str | None
) -> None:
    config.write_text(f'[abstention]\nstrictness = "{default}"\n' if default else "")
    if scorer:
        write_abstention(calibrated(0.25, scorer))
    in_force = threshold_in_force(0.5, scorer="s", strictness=flag)
    normal = 0.25 if scorer == "s" else 0.5
    assert (in_force.normal, in_force.threshold) == (normal, (flag or default or NORMAL).moved(normal))
    assert bool(in_force.warnings) == (scorer == "another")
    forced = threshold_in_force(0.5, scorer="s", strictness=flag, given=0.125)
    assert (forced.normal, forced.threshold) == (0.125, (flag or NORMAL).moved(0.125))
    assert forced.warnings == ()


@given(ANY, ANY)
def test_a_threshold_is_moved_past_a_confidence_in_one_way_at_most(threshold: float, confidence: float) -> None:
    for strictness in Strictness:
        in_force = threshold_in_force(0.5, scorer="s", strictness=strictness, given=threshold)
        usual, now = confidence >= threshold, confidence >= in_force.threshold
        assert in_force.stretched_to(confidence) == (now and not usual)
        assert in_force.withholds(confidence) == (usual and not now)
        assert not in_force.stretched_to(None)
        assert not in_force.withholds(None)


# --- what it does ----------------------------------------------------------------------------------------------------

ASKED = "How much will the Harbour Line cost?"
NOBODY = "What did Napoleon Bonaparte say about the Harbour Line?"


@pytest.fixture
def near(config: Path, newsroom: Path) -> Callable[[float], float]:
    """Writes a configuration in which the question's confidence is so many steps above the threshold; returns it."""
    with Reading(newsroom, threshold=0.0) as reading:
        asked = reading.ask(ASKED, k=5, filters=Filters())
    confidence, scorer = asked.confidence, asked.in_force.scorer
    assert asked.answer.status is Status.ANSWERED
    assert confidence is not None
    assert 0 < confidence < 1

    def write(steps: float) -> float:
        threshold = 1 / (1 + math.exp(steps * STEP - log_odds(confidence)))
        write_abstention(calibrated(threshold, scorer))
        return threshold

    return write


@pytest.fixture
def ask(config: Path, newsroom: Path, qa: Qa) -> Qa:
    """``qa ask`` with that configuration."""

    def run(*args: str, question: str = ASKED) -> Ran:
        return qa("ask", "--index", newsroom, question, *args, env={"QA_CONFIG": str(config)})

    return run


def test_strict_withholds_an_answer_and_says_so(near: Callable[[float], float], ask: Qa) -> None:
    threshold = near(0.5)
    usual, strict, lenient = ask(), ask("--strict"), ask("--lenient")
    assert (usual.code, usual.err) == (0, "")
    assert (lenient.code, lenient.out, lenient.err) == (0, usual.out, "")
    assert (strict.code, strict.err) == (1, "")
    head, *rest = strict.out.splitlines()
    assert head == f"No answer in these articles: {TOO_STRICT}; asking without 'strict' shows it"
    assert "  closest passages, which may not answer:" in rest
    record = ask("--strict", "--json").json
    assert record["absence"]["reason"] in head
    assert threshold <= record["confidence"] < record["threshold"]
    assert math.isclose(record["threshold"], STRICT.moved(threshold))


def test_lenient_answers_and_says_that_it_is_less_sure(near: Callable[[float], float], ask: Qa) -> None:
    threshold = near(-0.5)
    lenient = ask("--lenient")
    assert (lenient.code, lenient.err) == (0, f"qa: {LESS_SURE}\n")
    assert LESS_SURE not in lenient.out
    assert "; 'qa ask --lenient ...' shows what may answer" in ask().out
    for refused in (ask(), ask("--strict")):
        assert (refused.code, refused.err) == (1, "")
        assert TOO_STRICT not in refused.out
        assert "closest passages, which may not answer:" in refused.out
    as_json = ask("--lenient", "--json")
    assert as_json.json["threshold"] <= as_json.json["confidence"] < threshold
    assert len(read_record(as_json.out)) == len(as_json.json["claims"]) > 0


def test_the_configuration_says_what_is_usual_and_options_win(
    near: Callable[[float], float], ask: Qa, config: Path
) -> None:
    config.write_text('[abstention]\nstrictness = "strict"\n')
    near(0.5)
    assert TOO_STRICT in ask().out
    assert ask("--lenient").code == 0


def test_what_is_sure_enough_is_shown_as_ever(near: Callable[[float], float], ask: Qa) -> None:
    near(1.5)
    strict = ask("--strict")
    assert (strict.code, strict.err, strict.out) == (0, "", ask().out)


def test_what_has_no_answer_is_not_blamed_on_strict(ask: Qa) -> None:
    strict = ask("--strict", question=NOBODY)
    assert (strict.code, strict.err) == (1, "")
    assert "'Napoleon Bonaparte' is nowhere" in strict.out


def test_a_malformed_one_is_refused_whatever_the_options(config: Path, ask: Qa) -> None:
    config.write_text('[abstention]\nstrictness = "very"\n')
    ran = ask("--strict")
    assert (ran.code, ran.out) == (2, "")
    assert "(config.malformed)" in ran.err


def test_a_run_that_gives_a_threshold_is_not_moved_by_the_configuration(
    near: Callable[[float], float], config: Path, newsroom: Path
) -> None:
    config.write_text('[abstention]\nstrictness = "strict"\n')
    threshold = near(0.5)
    with Reading(newsroom, threshold=threshold) as reading:
        assert reading.abstention.threshold == threshold
        assert reading.ask(ASKED, k=5, filters=Filters()).answer.status is Status.ANSWERED


def test_it_can_be_changed_while_the_index_is_open(near: Callable[[float], float], newsroom: Path) -> None:
    near(0.5)
    with Reading(newsroom) as reading:
        for strictness, status in ((STRICT, Status.ABSTAINED), (NORMAL, Status.ANSWERED), (STRICT, Status.ABSTAINED)):
            reading.settle(strictness)
            asked = reading.ask(ASKED, k=5, filters=Filters())
            assert (asked.answer.status, asked.in_force.withholds(asked.confidence)) == (
                status,
                strictness is STRICT,
            )


def test_the_prompt_begins_as_it_was_started_and_can_change(
    near: Callable[[float], float], config: Path, newsroom: Path, tmp_path: Path
) -> None:
    near(0.5)
    child = spawn(tmp_path, "ask", "--strict", "--index", newsroom, QA_CONFIG=str(config))
    try:
        child.expect("qa>")
        child.sendline(ASKED)
        child.expect(r"':normal'\s+shows\s+it")
        child.expect("may not answer")
        child.expect("qa>")
        child.sendline(":normal")
        child.expect("as sure as usual")
        child.expect("qa>")
        child.sendline(ASKED)
        child.expect(r"\[1\]")
        child.expect("qa>")
        near(-0.5)
        child.sendline(":lenient")
        child.expect("less sure than usual")
        child.expect("qa>")
        child.sendline(ASKED)
        child.expect("answered only because of 'lenient'")
        child.expect(r"\[1\]")
        child.expect("qa>")
        child.sendline(":strict")
        child.expect("surer than usual")
    finally:
        child.close(force=True)
