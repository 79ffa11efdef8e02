"""The gate: what meets a bound, what decides nothing, what is refused, and that nothing is lowered silently."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tomlkit
from conftest import Ran
from eval_runs import FAILED, RIGHT, SILENT, WRONG, Quays, Said, a_metric, evaluate, quays, some_items, some_results
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gate import failing, fitting, lines
from eval.gatefile import Gate, Lowered, read_gates, write_gate
from eval.pins import Pinned, Wish, pin
from eval.results import Blame, Mean, Summary
from eval.run.records import to_line
from eval.types import HIDDEN, Ended, RunRecord, Split
from qa.errors import UsageError

Eval = Callable[..., Said]
METRICS = (a_metric(), a_metric("false_answer", higher=False), a_metric("right"), a_metric("char_f1", binary=False))
TODAY = date(2025, 3, 31)
LOWERED = Lowered(metric="right", before=0.7, after=0.6, reason="the gold is stricter", date="2025-03-01")
GATE = Gate(
    set="quays",
    gold="g" * 64,
    corpus="c" * 64,
    floors={"grounded_accuracy": 0.6, "right": 0.6},
    ceilings={"false_answer": 0.1},
    lowered=(LOWERED,),
)


def summary(numbers: Mapping[str, float | None], *, unscored: int = 0) -> Summary:
    """A summary of 10 items, ``unscored`` of which count as wrong in the worst bounds."""
    means = []
    for name, value in numbers.items():
        lost = value is not None and unscored
        bad = 1.0 if name == "false_answer" else 0.0
        worst = None if value is None else (value * (10 - unscored) + bad * unscored) / 10
        made = Mean(metric=name, value=value, scored=10 - unscored, applicable=10, failed=0, worst=worst, best=value)
        means.append(made if not lost else replace(made, best=1.0))
    return Summary(
        set="quays",
        system="scripted",
        gold_sha256="g" * 64,
        corpus_sha256="c" * 64,
        records_sha256="r" * 64,
        items=10,
        answerable=8,
        answered=8,
        missing=(),
        errors=(),
        unknown=(),
        quarantined=(),
        moved=0,
        means=tuple(means),
        groups=(),
        blames={},
        unhidden=(),
    )


def met(gate: Gate, summary: Summary) -> dict[str, bool]:
    return {line.metric: line.met for line in lines(gate, summary)}


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_floors_and_ceilings_are_met_at_their_very_number() -> None:
    at = summary({"grounded_accuracy": 0.6, "right": 0.59, "false_answer": 0.1})
    assert met(GATE, at) == {"grounded_accuracy": True, "right": False, "false_answer": True}
    assert met(GATE, summary({"grounded_accuracy": 0.6, "right": 0.6, "false_answer": 0.11}))["false_answer"] is False
    # 0.1 + 0.5 and 3 * 0.2 aren't the same to the last bit.
    assert met(GATE, summary({"grounded_accuracy": math.nextafter(0.6, 0), "right": 0.6, "false_answer": 0.1}))[
        "grounded_accuracy"
    ]


def test_what_is_not_met_stands_first() -> None:
    found = lines(GATE, summary({"grounded_accuracy": 0.9, "right": 0.2, "false_answer": 0.0}))
    assert [line.metric for line in found] == ["right", "false_answer", "grounded_accuracy"]
    assert (found[0].wanted, found[0].got, found[0].scored, found[0].applicable) == (0.6, 0.2, 10, 10)
    assert found[0].text == "right 0.2000, wanted >= 0.6000 (10 of 10 items scored)"
    assert found[1].bound == "ceiling"


def test_no_number_and_nan_meet_nothing() -> None:
    nothing = summary({"grounded_accuracy": None, "right": math.nan})  # false_answer isn't even there
    assert met(GATE, nothing) == {"grounded_accuracy": False, "right": False, "false_answer": False}
    assert met(replace(GATE, floors={"right": 0.0}, ceilings={"false_answer": 1.0}), nothing) == {
        "right": False,
        "false_answer": False,
    }


def test_unscored_items_count_as_wrong() -> None:
    # .6 over 8 of 10 is .48 if the other two are wrong; a tenth of false answers over 8 of 10 is .28.
    pulled = summary({"grounded_accuracy": 0.6, "right": 0.8, "false_answer": 0.1}, unscored=2)
    assert met(GATE, pulled) == {"grounded_accuracy": False, "right": True, "false_answer": False}
    assert {line.metric: line.got for line in lines(GATE, pulled)} == {
        "grounded_accuracy": pytest.approx(0.48),
        "right": pytest.approx(0.64),
        "false_answer": pytest.approx(0.28),
    }


def test_the_items_behind_a_bound_worst_first() -> None:
    items, results = some_items("abcde"), some_results([0.5, 1, 0.25, "lost", None])
    found = failing(a_metric(), items, results)
    assert [(one.id, one.value) for one in found] == [("i3", None), ("i2", 0.25), ("i0", 0.5)]
    assert found[1].blame is Blame.OVER_REFUSED
    less = failing(a_metric(higher=False), items, results)
    assert [(one.id, one.value) for one in less] == [("i1", 1.0), ("i3", None), ("i0", 0.5), ("i2", 0.25)]


@pytest.mark.parametrize(
    ("gate", "id"),
    [
        (replace(GATE, set="other"), "gate.no_gate"),
        (replace(GATE, gold="h" * 64), "gate.other_gold"),
        (replace(GATE, corpus="d" * 64), "gate.other_corpus"),
        (replace(GATE, floors={"rihgt": 0.5}), "gate.bad_metric"),
        (replace(GATE, floors={"false_answer": 0.5}), "gate.bad_metric"),
        (replace(GATE, ceilings={"right": 0.5}), "gate.bad_metric"),
    ],
)
def test_a_gate_that_is_not_for_this_run_is_refused(gate: Gate, id: str) -> None:
    with pytest.raises(UsageError) as caught:
        fitting({gate.set: gate}, summary({}), METRICS)
    assert caught.value.id == id
    assert "--pin" in caught.value.remedy


# --- the file --------------------------------------------------------------------------------------------------------

SHARES = st.floats(0, 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
NAMED_SHARES = st.dictionaries(st.sampled_from(["a", "b", "c d", "e.f", "é"]), SHARES, min_size=1)


@settings(max_examples=40, deadline=None)
@given(
    name=TEXTS,
    floors=NAMED_SHARES,
    ceilings=st.dictionaries(st.just("z"), SHARES),
    lowered=st.lists(st.tuples(TEXTS, SHARES, st.none() | SHARES, TEXTS), max_size=3),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    floors: dict[str, float],
    ceilings: dict[str, float],
    lowered: list[tuple[str, float, float | None, str]],
) -> None:
    path = tmp_path_factory.mktemp("gates") / "gates.toml"
    history = tuple(
        Lowered(metric=metric, before=before, after=after, reason=reason, date="2025-03-01")
        for metric, before, after, reason in lowered
    )
    gate = Gate(set=name, gold="g", corpus="c", floors=floors, ceilings=ceilings, lowered=history)
    write_gate(path, GATE)
    write_gate(path, gate)
    assert read_gates(path) == {GATE.set: GATE, name: gate}


def test_other_tables_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    write_gate(path, GATE)
    path.write_text("# ours\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    write_gate(path, replace(GATE, set="smoke"))
    write_gate(path, replace(GATE, floors={"right": 0.9}))
    assert path.read_text(encoding="utf-8").startswith("# ours\n# Floors and ceilings")
    assert read_gates(path) == {"quays": replace(GATE, floors={"right": 0.9}), "smoke": replace(GATE, set="smoke")}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("where", "value", "id"),
    [
        (("floors", "right"), 0.59, "gate.edited"),
        (("floors", "char_f1"), 0.1, "gate.edited"),
        (("ceilings", "false_answer"), 0.2, "gate.edited"),
        (("gold",), "x" * 64, "gate.edited"),
        (("corpus",), "x" * 64, "gate.edited"),
        (("digest",), "x" * 64, "gate.edited"),
        (("lowered",), [], "gate.edited"),
        (("lowered", 0, "reason"), "none of your business", "gate.edited"),
        (("lowered", 0, "from"), 0.6, "gate.edited"),
        (("lowered", 0, "date"), "2025-03-02", "gate.edited"),
        (("floors", "right"), math.nan, "gate.bad_file"),
        (("floors", "right"), 1.01, "gate.bad_file"),
        (("floors", "right"), -0.01, "gate.bad_file"),
        (("floors", "right"), True, "gate.bad_file"),
        (("floors", "right"), "0.6", "gate.bad_file"),
        (("floors",), 0.6, "gate.bad_file"),
        (("gold",), 7, "gate.bad_file"),
        (("note",), "hello", "gate.bad_file"),
        (("lowered",), "no list", "gate.bad_file"),
        (("lowered", 0, "date"), "March", "gate.bad_file"),
        (("lowered", 0, "why"), "unknown field", "gate.bad_file"),
    ],
)
def test_an_edit_by_hand_is_refused(tmp_path: Path, where: tuple[str | int, ...], value: object, id: str) -> None:
    path = tmp_path / "gates.toml"
    write_gate(path, GATE)
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    *outer, last = where
    inner = document["quays"]
    for step in outer:
        inner = inner[step]
    inner[last] = value
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_gates(path)
    assert caught.value.id == id
    assert str(path) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["quays = 1", "[quays", "[quays]\ngold='g'\ncorpus='c'\ndigest='d'\n", "[quays]\ndigest='d'\n", "\xff"]
)
def test_what_is_no_file_of_bounds_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"gates\.toml"):
        read_gates(path)


def test_a_reordered_file_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    write_gate(path, GATE)
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    document["quays"]["floors"] = dict(reversed(document["quays"]["floors"].items()))
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    assert read_gates(path) == {"quays": GATE}


# --- pinning ---------------------------------------------------------------------------------------------------------


def pinned(numbers: Mapping[str, float | None], old: Gate | None = GATE, **wish: object) -> Pinned:
    return pin(old, summary(numbers), Wish(**wish), metrics=METRICS, today=TODAY)  # type: ignore[arg-type]


def changes(made: Pinned) -> dict[str, str]:
    return {change.metric: change.what for change in made.changes}


def test_a_new_set_is_gated_by_the_numbers_that_it_has() -> None:
    made = pinned({"grounded_accuracy": 2 / 3, "false_answer": 1 / 3, "right": None, "char_f1": 0.5}, None)
    # Rounded to the easy side, so that the run itself passes.
    assert (made.gate.floors, made.gate.ceilings) == ({"grounded_accuracy": 0.6666}, {"false_answer": 0.3334})
    assert (made.gate.set, made.gate.gold, made.gate.corpus) == ("quays", "g" * 64, "c" * 64)
    chosen = pinned({"grounded_accuracy": 0.5, "char_f1": 0.5}, None, add=["char_f1"])
    assert chosen.gate.floors == {"char_f1": 0.5}


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 3))
def test_a_run_meets_what_was_pinned_to_it(right: int, of: int, unscored: int) -> None:
    share = min(right, of) / of
    numbers = summary({"grounded_accuracy": share, "false_answer": share}, unscored=unscored)
    made = pin(None, numbers, Wish(), metrics=METRICS, today=TODAY)
    assert all(line.met for line in lines(made.gate, numbers))


def test_bounds_rise_by_themselves() -> None:
    made = pinned({"grounded_accuracy": 0.7, "right": 0.6, "false_answer": 0.05})
    assert made.gate.floors == {"grounded_accuracy": 0.7, "right": 0.6}
    assert made.gate.ceilings == {"false_answer": 0.05}
    assert made.gate.lowered == (LOWERED,)
    assert changes(made) == {"grounded_accuracy": "raised", "right": "kept", "false_answer": "raised"}


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ({"grounded_accuracy": 0.59, "right": 0.6, "false_answer": 0.1}, "grounded_accuracy"),
        ({"grounded_accuracy": 0.6, "right": 0.6, "false_answer": 0.11}, "false_answer"),
        ({"grounded_accuracy": 0.6, "right": None, "false_answer": 0.1}, "right"),
        ({"grounded_accuracy": 0.6, "right": math.nan, "false_answer": 0.1}, "right"),
    ],
)
def test_nothing_is_lowered_silently(numbers: Mapping[str, float | None], name: str) -> None:
    with pytest.raises(UsageError) as caught:
        pinned(numbers)
    assert caught.value.id == "gate.lower"
    assert name in caught.value.message
    assert f"--lower {name} --because" in caught.value.remedy


def test_a_bound_is_lowered_for_a_reason_that_is_kept() -> None:
    numbers = {"grounded_accuracy": 0.55, "right": 0.9, "false_answer": 0.1}
    made = pinned(numbers, lower=["grounded_accuracy"], because="the corpus has\nmore copies")
    assert made.gate.floors == {"grounded_accuracy": 0.55, "right": 0.9}
    entry = Lowered(
        metric="grounded_accuracy", before=0.6, after=0.55, reason="the corpus has more copies", date="2025-03-31"
    )
    assert made.gate.lowered == (LOWERED, entry)
    assert made.gate.digest != replace(made.gate, lowered=(LOWERED,)).digest
    with pytest.raises(UsageError, match="right is pinned"):
        pinned({**numbers, "right": 0.1}, lower=["grounded_accuracy"], because="that one only")


def test_a_bound_without_a_number_is_taken_away_for_a_reason() -> None:
    old = replace(GATE, floors={**GATE.floors, "gone": 0.3})
    numbers = {"grounded_accuracy": 0.6, "right": 0.6, "false_answer": 0.1}
    with pytest.raises(UsageError, match=r"gone is pinned at 0\.3 and the run has no number"):
        pinned(numbers, old)
    made = pinned(numbers, old, lower=["gone"], because="the metric was renamed")
    assert made.gate.floors == GATE.floors
    assert made.gate.lowered[-1].after is None
    assert changes(made)["gone"] == "removed"


def test_slack_is_left_below_and_never_lowers() -> None:
    numbers = {"grounded_accuracy": 0.65, "right": 0.61, "false_answer": 0.0}
    made = pinned(numbers, slack=0.02)
    # .65 - .02 raises .6; .61 - .02 would lower .6, which the run meets: it is kept; 0 + .02 raises (lowers) .1.
    assert made.gate.floors == {"grounded_accuracy": 0.63, "right": 0.6}
    assert made.gate.ceilings == {"false_answer": 0.02}
    assert pinned({"grounded_accuracy": 0.01}, None, slack=0.02).gate.floors == {"grounded_accuracy": 0.0}
    wide = pinned(numbers, slack=0.02, lower=["right"], because="it varies")
    assert wide.gate.floors["right"] == 0.59


def test_other_gold_is_pinned_anew_and_keeps_its_bounds() -> None:
    old = replace(GATE, gold="h" * 64, corpus="d" * 64)
    made = pinned({"grounded_accuracy": 0.6, "right": 0.7, "false_answer": 0.1}, old)
    assert (made.gate.gold, made.gate.corpus) == ("g" * 64, "c" * 64)
    assert made.gate.floors == {"grounded_accuracy": 0.6, "right": 0.7}
    with pytest.raises(UsageError, match="nothing is lowered silently"):
        pinned({"grounded_accuracy": 0.5, "right": 0.7, "false_answer": 0.1}, old)


@pytest.mark.parametrize(
    ("wish", "id"),
    [
        ({"lower": ["right"]}, "gate.no_reason"),
        ({"lower": ["right"], "because": " "}, "gate.no_reason"),
        ({"because": "no bound"}, "gate.no_reason"),
        ({"lower": ["char_f1"], "because": "it has none"}, "gate.no_bound"),
        ({"add": ["rihgt"]}, "gate.no_metric"),
        ({"add": ["char_f1"]}, "gate.lower"),  # known, but this run has no number for it
        ({"slack": -0.1}, "gate.bad_slack"),
        ({"slack": math.nan}, "gate.bad_slack"),
    ],
)
def test_wishes_that_are_none(wish: dict[str, object], id: str) -> None:
    with pytest.raises(UsageError) as caught:
        pinned({"grounded_accuracy": 0.6, "right": 0.6, "false_answer": 0.1}, **wish)
    assert caught.value.id == id


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Quays:
    return quays(tmp_path_factory.mktemp("harbour") / "gold")


@pytest.fixture
def gate(harbour: Quays, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Eval:
    """``qa eval gate ... `` with bounds pinned to a run that is right in all but one item."""
    gates, good = tmp_path / "gates.toml", harbour.run(tmp_path / "good", almost(harbour), twins=True)

    def run(*args: str | Path) -> Said:
        return evaluate(capsys, monkeypatch, "gate", *args, "--gold", harbour.folder, "--gates", gates)

    assert run("--pin", good).code == 0
    return run


def almost(harbour: Quays) -> dict[str, str]:
    return {**harbour.all(RIGHT), "quay-3": SILENT}


def rows(out: str) -> list[str]:
    """The lines, columns apart by one space."""
    return [" ".join(line.split()) for line in out.splitlines()]


def test_met(gate: Eval, tmp_path: Path) -> None:
    ran = gate(tmp_path / "good")
    assert (ran.code, ran.err) == (0, "")
    assert "NOT MET" not in ran.out
    assert "met grounded_accuracy >= 0.9000 0.9000 10 10" in rows(ran.out)
    assert ran.out.endswith("the gate is met\n")


def test_not_met_says_which_items(gate: Eval, harbour: Quays, tmp_path: Path) -> None:
    worse = harbour.run(tmp_path / "worse", {**almost(harbour), "quay-9": WRONG, "quay-4": FAILED}, twins=True)
    ran = gate(worse)
    assert ran.code == 1
    assert "NOT MET false_answer <= 0.0000 0.5000 2 2" in rows(ran.out)
    assert "  quay-9  1.00  false answer  Who keeps quay 9?\n" in ran.out
    assert "  quay-4  0.00  harness error" in ran.out
    first = gate(worse, "--json").json["runs"][0]["gate"]
    assert [line["met"] for line in first["lines"]] == sorted(line["met"] for line in first["lines"])
    assert {one["id"] for one in first["failing"]["grounded_accuracy"]} == {"quay-3", "quay-4", "quay-9"}


@pytest.mark.parametrize("became", [RIGHT, WRONG])
def test_a_run_that_is_not_whole_decides_nothing(gate: Eval, harbour: Quays, tmp_path: Path, became: str) -> None:
    some = {id: became for id in harbour.all(RIGHT) if id != "quay-5"}
    for name, options, said in (
        ("missing", {}, "1 of 10 questions aren't in it: quay-5"),
        ("limited", {"limit": 3}, "only 3 items were asked (--limit)"),
        ("split", {"split": Split.TEST}, "only the items of the split 'test' were asked"),
    ):
        ran = gate(harbour.run(tmp_path / name, some, twins=True, **options))
        assert ran.code == 3, name
        assert said in ran.out
        assert ran.out.endswith("the run isn't whole: nothing is decided\n")


def test_twins_that_are_gated_must_be_there(gate: Eval, harbour: Quays, tmp_path: Path) -> None:
    bare = gate(harbour.run(tmp_path / "bare", almost(harbour)))
    assert bare.code == 3
    assert "8 of 8 questions weren't asked with the evidence hidden: quay-0, quay-1, quay-2, ..." in bare.out
    half = harbour.run(tmp_path / "half", almost(harbour), twins=True)
    kept = (half / "items.jsonl").read_bytes().splitlines(keepends=True)
    (half / "items.jsonl").write_bytes(b"".join(line for line in kept if b"quay-2~hidden" not in line))
    assert "1 of 8 questions weren't asked with the evidence hidden: quay-2" in gate(half).out
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_bytes(b"".join(kept))
    assert gate(theirs).code == 0
    theirs.write_bytes(to_line(RunRecord(id="quay-0" + HIDDEN, ended=Ended.ABSTAINED)))
    assert gate(theirs).code == 3


def test_of_several_runs_the_worst_code_counts(gate: Eval, harbour: Quays, tmp_path: Path) -> None:
    good = tmp_path / "good"
    worse = harbour.run(tmp_path / "worse", harbour.all(SILENT), twins=True)
    part = harbour.run(tmp_path / "part", {"quay-0": RIGHT}, twins=True)
    assert gate(good, worse).code == 1
    assert gate(good, worse, part).code == 3
    assert gate(good, worse, part, tmp_path / "nowhere").code == 2
    assert gate(good, good).code == 0


def test_the_latest_run_is_taken(gate: Eval, harbour: Quays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_RUNS", str(tmp_path / "runs"))
    assert "there is no run" in gate().err
    harbour.run(tmp_path / "runs" / "z-first", almost(harbour), twins=True)
    assert gate().code == 0
    harbour.run(tmp_path / "runs" / "a-later", harbour.all(SILENT), twins=True)
    assert gate().code == 1


def test_a_file_edited_by_hand_comes_before_all_else(gate: Eval, harbour: Quays, tmp_path: Path) -> None:
    gates = tmp_path / "gates.toml"
    text = gates.read_text(encoding="utf-8")
    gates.write_text(text.replace("grounded_accuracy = 0.9", "grounded_accuracy = 0.1"), encoding="utf-8")
    part = harbour.run(tmp_path / "part", {"quay-0": RIGHT}, twins=True)
    for args in ((tmp_path / "good",), (part,), ("--pin", tmp_path / "good")):
        ran = gate(*args)
        assert (ran.code, "gate.edited" in ran.err) == (2, True)
    gates.unlink()
    assert "gate.no_file" in gate(part).err


def test_pinning_says_what_it_did_and_keeps_the_file_where_it_may_not(
    gate: Eval, harbour: Quays, tmp_path: Path
) -> None:
    gates = tmp_path / "gates.toml"
    before = gates.read_bytes()
    best = harbour.run(tmp_path / "best", harbour.all(RIGHT), twins=True)
    worse = harbour.run(tmp_path / "worse", {**almost(harbour), "quay-4": SILENT}, twins=True)
    part = harbour.run(tmp_path / "part", {"quay-0": RIGHT}, twins=True)
    for args, code in (
        (("--pin", worse), 2),
        (("--pin", part, "--lower", "grounded_accuracy", "--because", "x"), 2),
        (("--pin", best, worse), 2),
        (("--lower", "right", "--because", "without --pin", best), 2),
    ):
        assert gate(*args).code == code, args
        assert gates.read_bytes() == before
    ran = gate("--pin", best)
    assert ran.code == 0, ran.err
    assert "raised   grounded_accuracy 0.9000 -> 1.0000" in ran.out
    assert gate(tmp_path / "good").code == 1
    options = ["--lower", "grounded_accuracy", "--lower", "right", "--lower", "over_refusal"]
    options += ["--lower", "citation_recall", "--lower", "citation_precision", "--because", "quay 3 was flooded"]
    ran = gate("--pin", tmp_path / "good", *options)
    assert ran.code == 0, ran.err
    history = read_gates(gates)["quays"].lowered
    assert {(one.metric, one.before, one.after) for one in history} >= {("grounded_accuracy", 1.0, 0.9)}
    assert {one.date for one in history} == {datetime.now(UTC).date().isoformat()}
    assert gate(tmp_path / "good").code == 0


def test_a_run_that_is_not_whole_is_no_measure(harbour: Quays, tmp_path: Path, gate: Eval) -> None:
    gates = tmp_path / "gates.toml"
    gates.unlink()
    part = harbour.run(tmp_path / "part", {id: RIGHT for id in harbour.all(RIGHT) if id != "quay-5"}, twins=True)
    ran = gate("--pin", part)
    assert (ran.code, gates.exists()) == (3, False)
    assert "quay-5" in ran.err
    assert gate("--pin", part, "--json").json["exit"] == 3


def test_the_program_exits_with_these_codes(harbour: Quays, tmp_path: Path, qa: Callable[..., Ran]) -> None:
    options = ["--gold", harbour.folder, "--gates", tmp_path / "gates.toml"]
    good = harbour.run(tmp_path / "good", almost(harbour))
    worse = harbour.run(tmp_path / "worse", harbour.all(WRONG))
    part = harbour.run(tmp_path / "part", {"quay-0": RIGHT})
    assert qa("eval", "gate", good, *options).code == 2
    assert qa("eval", "gate", "--pin", good, *options, "--metric", "grounded_accuracy").code == 0
    assert qa("eval", "gate", good, *options, env={"NO_COLOR": "1"}).code == 0
    assert qa("eval", "gate", worse, *options).code == 1
    assert qa("eval", "gate", part, *options, "--json").json["exit"] == 3
