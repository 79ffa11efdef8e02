"""Comparing two runs: hand-worked differences, the verdicts' borders, what is refused, and how often it is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from eval_runs import (
    FAILED,
    RIGHT,
    SILENT,
    WRONG,
    Quays,
    Said,
    a_metric,
    evaluate,
    keeper,
    quays,
    record,
    some_items,
    some_results,
    together,
)

from eval.compare import Comparison, Difference, LeftOut, Verdict, compare, holm
from eval.metrics.metric import Metric
from eval.results import Blame
from eval.run.records import to_line
from eval.types import Split
from qa.errors import UsageError

Values = Sequence[float | str | None]
Eval = Callable[..., Said]
SIX = list("abcdef")


def headline(
    a: Values, b: Values, clusters: Sequence[str] | None = None, *, metric: Metric | None = None, margin: float = 0.02
) -> Difference:
    """The comparison by one metric, of items in clusters of their own unless told."""
    items = some_items(clusters or [str(number) for number in range(len(a))])
    return compare(items, some_results(a), some_results(b), metrics=[metric or a_metric()], margin=margin).headline


# --- differences -----------------------------------------------------------------------------------------------------


def test_a_difference_by_hand() -> None:
    # A has 3 of 6, B 4 of 6: the 3rd and 4th were fixed, the 2nd broken; of 3 changed 1 broke: 2 * (1 + 3) / 2^3 = 1.
    found = headline([1, 1, 0, 0, 1, 0], [1, 0, 1, 1, 1, 0])
    assert (found.pairs, found.clusters, found.a, found.b) == (6, 6, 3 / 6, 4 / 6)
    assert found.difference == pytest.approx(1 / 6)
    assert [pair.id for pair in found.fixed] == ["i2", "i3"]
    assert [pair.id for pair in found.broken] == ["i1"]
    assert (found.p, found.p_adjusted) == (1.0, 1.0)
    broken = found.broken[0]
    assert (broken.question, broken.a, broken.b) == ("Question 1?", 1.0, 0.0)
    assert (broken.blame_a, broken.blame_b) == (Blame.NONE, Blame.OVER_REFUSED)


def test_where_less_is_better_a_gain_is_still_positive() -> None:
    found = headline([1, 1, 0, 0, 1, 0], [1, 0, 1, 1, 1, 0], metric=a_metric(higher=False))
    assert found.difference == pytest.approx(-1 / 6)
    assert (found.a, found.b) == (3 / 6, 4 / 6)
    assert [pair.id for pair in found.fixed] == ["i1"]
    assert [pair.id for pair in found.broken] == ["i2", "i3"]


def test_items_without_two_values_are_left_out_and_counted() -> None:
    found = headline([1, None, "lost: x", 1, None, "lost: x", 0], [0, None, 1, "lost: y", 1, "lost: z", None])
    assert found.pairs == 1
    assert found.left_out == (
        LeftOut(reason="in A: it was not answered", items=1),
        LeftOut(reason="in A: unscored: lost", items=1),
        LeftOut(reason="in B: it was not answered", items=1),
        LeftOut(reason="in B: unscored: lost", items=1),
        LeftOut(reason="it was not answered", items=1),
        LeftOut(reason="unscored: lost", items=1),
    )


def test_the_last_bits_of_a_sum_are_no_difference() -> None:
    found = headline([0.1 + 0.2] * 6, [0.3] * 6, metric=a_metric(binary=False))
    assert found.difference == 0.0
    assert not found.fixed + found.broken
    assert found.verdict is Verdict.NOT_WORSE


def test_without_a_pair_nothing_is_said() -> None:
    found = compare(some_items(SIX), some_results([None] * 6), some_results([1] * 6), metrics=[a_metric()])
    assert found.headline.difference is None
    assert found.headline.p is None
    assert found.headline.verdict is Verdict.INCONCLUSIVE
    assert any("says nothing here" in note for note in found.notes)


# --- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gains", "margin", "verdict"),
    [
        ([-0.25] * 6, 0.5, Verdict.WORSE),  # even where the loss is within the margin: it is there for sure
        ([0.25] * 6, 0.02, Verdict.BETTER),
        ([0.0] * 6, 0.02, Verdict.NOT_WORSE),
        ([0.01, -0.01] * 6, 0.02, Verdict.NOT_WORSE),  # no mean of these lies below -0.01
        ([0.01, -0.01] * 6, 0.001, Verdict.INCONCLUSIVE),
        ([0.5, -0.5] * 6, 0.02, Verdict.INCONCLUSIVE),
    ],
)
def test_the_verdict_is_that_of_interval_and_margin(gains: list[float], margin: float, verdict: Verdict) -> None:
    found = headline([0.5] * len(gains), [0.5 + gain for gain in gains], metric=a_metric(binary=False), margin=margin)
    assert found.verdict is verdict
    assert found.low is not None
    assert f"{found.low:+.3f}" in found.reason


def test_a_loss_of_the_margin_itself_is_not_ruled_out() -> None:
    gains = [0.01, -0.01] * 6
    low = headline([0.5] * 12, [0.5 + gain for gain in gains], metric=a_metric(binary=False)).low
    assert low is not None
    for margin, verdict in ((-low, Verdict.INCONCLUSIVE), (-low * 1.01, Verdict.NOT_WORSE)):
        found = headline([0.5] * 12, [0.5 + gain for gain in gains], metric=a_metric(binary=False), margin=margin)
        assert found.verdict is verdict


def test_few_clusters_leave_it_to_mcnemar_or_open() -> None:
    # 8 broken and none fixed: 2 / 2^8 = .0078; 3 broken: 2 / 2^3 = .25.
    four = [str(number % 4) for number in range(8)]
    assert headline([1] * 8, [0] * 8, four).verdict is Verdict.WORSE
    assert headline([0] * 8, [1] * 8, four).verdict is Verdict.BETTER
    few = headline([1] * 8, [0] * 3 + [1] * 5, four)
    assert (few.low, few.high, few.smallest, few.verdict) == (None, None, None, Verdict.INCONCLUSIVE)
    assert "4 clusters, fewer than 5" in few.reason
    assert headline([1] * 8, [0] * 8, four, metric=a_metric(binary=False)).verdict is Verdict.INCONCLUSIVE


def test_what_could_have_been_seen() -> None:
    # Nothing changed in 6 clusters: a change in a share p of clusters shows in 8 of 10 cases if (1 - p)^6 = .2.
    assert headline([1] * 6, [1] * 6).smallest == pytest.approx(1 - 0.2 ** (1 / 6))
    # Single items as clusters, half fixed and half broken: the standard error is 1/sqrt(400), times z(.975) + z(.8).
    found = headline([0, 1] * 200, [1, 0] * 200)
    assert found.smallest == pytest.approx(2.8016 / 20, rel=0.1)


# --- several metrics -------------------------------------------------------------------------------------------------


def test_holm_by_hand() -> None:
    # Sorted: .01 * 3, .03 * 2, .04 * 1, which may not be below the one before.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def several(names: Sequence[str] = ()) -> Comparison:
    metrics = [a_metric("other"), a_metric("grounded_accuracy"), a_metric("graded", binary=False), a_metric("empty")]
    values: dict[str, tuple[Values, Values]] = {
        "grounded_accuracy": ([1] * 10, [0] * 5 + [1] * 5),
        "other": ([0] * 10, [1] * 7 + [0] * 3),
        "graded": ([0.5] * 10, [0.5] * 10),
        "empty": ([None] * 10, [None] * 10),
    }
    sides = [together([some_results(pair[side], metric=name) for name, pair in values.items()]) for side in (0, 1)]
    return compare(some_items([str(n) for n in range(10)]), *sides, metrics=metrics, names=names)


def test_several_metrics_are_several_chances() -> None:
    found = several()
    assert [one.metric for one in found.differences] == ["grounded_accuracy", "other", "graded"]
    # 5 broken: 2/2^5 = .0625; 7 fixed: 2/2^7 = .015625, the smaller one, so times 2.
    first, second, third = found.differences
    assert (first.p, first.p_adjusted) == (pytest.approx(0.0625), pytest.approx(0.0625))
    assert (second.p, second.p_adjusted) == (pytest.approx(0.015625), pytest.approx(0.03125))
    assert (third.p, third.p_adjusted) == (None, None)
    assert any("3 chances" in note for note in found.notes)


def test_the_headline_stands_first_whatever_is_asked_for() -> None:
    assert [one.metric for one in several(["empty"]).differences] == ["grounded_accuracy", "empty"]
    assert several(["grounded_accuracy"]).notes == ()
    with pytest.raises(UsageError, match="'acuracy' is no metric"):
        several(["acuracy"])


@pytest.mark.parametrize("margin", [-0.1, 1.0, math.nan, math.inf])
def test_a_margin_is_a_share(margin: float) -> None:
    with pytest.raises(UsageError, match="margin"):
        headline([1] * 6, [1] * 6, margin=margin)


# --- how often it is wrong -------------------------------------------------------------------------------------------


def simulated(runs: int, *, loss: float) -> dict[Verdict, int]:
    """Verdicts on two systems whose right items depend on the same difficulty: 200 items in 40 clusters that share a
    fifth of the luck. Both are right in 6 of 10 items, B in ``loss`` fewer.
    """
    generator = np.random.default_rng(7)
    clusters = np.arange(200) % 40
    items = some_items([str(number) for number in clusters])
    # Quantiles of the standard normal: P(z < .2533) = .6, P(z < -.2533) = .4.
    cuts = (0.2533, 0.2533 if not loss else -0.2533)
    count = dict.fromkeys(Verdict, 0)
    for _ in range(runs):
        difficulty = generator.normal(size=200)
        sides = []
        for cut in cuts:
            luck = math.sqrt(0.2) * generator.normal(size=40)[clusters] + math.sqrt(0.8) * generator.normal(size=200)
            sides.append((math.sqrt(0.5) * difficulty + math.sqrt(0.5) * luck < cut).astype(float).tolist())
        count[compare(items, *map(some_results, sides), metrics=[a_metric()]).headline.verdict] += 1
    return count


def test_equal_systems_are_seldom_called_worse() -> None:
    count = simulated(400, loss=0.0)
    assert count[Verdict.WORSE] <= 20
    assert count[Verdict.BETTER] <= 20
    assert count[Verdict.INCONCLUSIVE] > 0


def test_a_real_loss_is_seen() -> None:
    assert simulated(100, loss=0.2)[Verdict.WORSE] >= 80


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Quays:
    return quays(tmp_path_factory.mktemp("harbour") / "gold")


@pytest.fixture
def qa_eval(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Eval:
    return lambda *args: evaluate(capsys, monkeypatch, *args)


def test_a_worse_run_exits_1_and_says_what_broke(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    b = harbour.run(tmp_path / "b", {**harbour.all(SILENT), "quay-0": RIGHT, "quay-8": WRONG})
    ran = qa_eval("compare", a, b, "--gold", harbour.folder)
    # Answerable 1 to 7 refused, unanswerable 8 answered: 8 of 10 broken, 2 / 2^8 = .008.
    assert ran.code == 1, ran.err
    assert "worse: grounded_accuracy" in ran.out
    assert "broken  quay-1  1.00 -> 0.00  right -> over-refused  Who keeps quay 1?" in ran.out
    assert "broken  quay-8  1.00 -> 0.00  right -> false answer" in ran.out
    assert "p 0.008" in ran.out
    back = qa_eval("compare", b, a, "--gold", harbour.folder, "--json")
    assert back.code == 0
    first = back.json["comparison"]["differences"][0]
    assert (first["verdict"], first["a"], first["b"], len(first["fixed"])) == ("better", 0.2, 1.0, 8)


def test_the_same_run_twice_is_not_worse_and_said_to_be_the_same(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    ran = qa_eval("compare", a, a, "--gold", harbour.folder)
    assert ran.code == 0
    assert "recorded the same" in ran.out
    assert "not worse: grounded_accuracy" in ran.out


def test_missing_and_failed_questions_count_as_wrong(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    b = harbour.run(tmp_path / "b", {"quay-0": RIGHT, "quay-1": FAILED})
    ran = qa_eval("compare", a, b, "--gold", harbour.folder, "--json")
    assert ran.code == 1
    assert ran.json["comparison"]["differences"][0]["b"] == 0.1
    assert "B: 8 questions missing, 1 failed of 10; they count as wrong" in ran.json["notes"]


def test_a_metric_asked_for_is_listed_too(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    b = harbour.run(tmp_path / "b", {**harbour.all(RIGHT), "quay-9": WRONG})
    ran = qa_eval("compare", a, b, "--gold", harbour.folder, "--metric", "false_answer")
    assert ran.code == 0, ran.err
    assert "false_answer (less is better)" in ran.out
    assert ran.out.count("broken  quay-9") == 2
    assert "8 left out: the question has an answer" in ran.out
    assert "2 metrics are 2 chances" in ran.out


def test_a_bare_file_of_records_is_a_run(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    b = tmp_path / "theirs.jsonl"
    b.write_bytes(b"".join(to_line(record(item, RIGHT)) for item in harbour.gold.items))
    assert qa_eval("compare", a, b, "--gold", harbour.folder).code == 0
    refused = qa_eval("compare", b, b)
    assert refused.code == 2
    assert "eval.no_gold" in refused.err
    assert "--gold" in refused.err


def test_runs_over_other_items_or_other_gold_are_refused(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    half = harbour.run(tmp_path / "half", harbour.all(RIGHT), split=Split.TEST)
    refused = qa_eval("compare", a, half, "--gold", harbour.folder)
    assert (refused.code, "compare.other_items" in refused.err) == (2, True)
    assert "A asked 10 items and B 5, 5 of them the same" in refused.err
    other = quays(tmp_path / "other", answerable=7, unanswerable=3)
    b = other.run(tmp_path / "b", other.all(RIGHT))
    refused = qa_eval("compare", a, b, "--gold", harbour.folder)
    assert (refused.code, "eval.other_gold" in refused.err) == (2, True)
    assert harbour.gold.sha256[:12] in refused.err
    assert other.gold.sha256[:12] in refused.err


def test_runs_with_the_same_limit_are_compared_over_it(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    three = {item.id: RIGHT for item in harbour.gold.items[:3]}
    a = harbour.run(tmp_path / "a", three, limit=3)
    ran = qa_eval("compare", a, a, "--gold", harbour.folder, "--json")
    assert ran.code == 0, ran.err
    first = ran.json["comparison"]["differences"][0]
    assert (first["pairs"], first["b"], ran.json["a"]["missing"]) == (3, 1.0, 0)


def test_a_corpus_that_changed_is_refused(tmp_path: Path, qa_eval: Eval) -> None:
    mine = quays(tmp_path / "gold")
    a = mine.run(tmp_path / "a", mine.all(RIGHT))
    article = mine.folder / "corpus" / "quay-3.md"
    article.write_text(article.read_text(encoding="utf-8").replace(keeper(3), "Nobody Known"), encoding="utf-8")
    refused = qa_eval("compare", a, a, "--gold", mine.folder)
    assert (refused.code, "eval.other_corpus" in refused.err) == (2, True)
    assert mine.corpus_sha256[:12] in refused.err
    assert "try: qa eval run quays" in refused.err


def test_a_forged_summary_is_not_looked_at(harbour: Quays, tmp_path: Path, qa_eval: Eval) -> None:
    a = harbour.run(tmp_path / "a", harbour.all(RIGHT))
    b = harbour.run(tmp_path / "b", harbour.all(WRONG))
    (b / "summary.json").write_text('{"means": [{"metric": "grounded_accuracy", "value": 1.0}]}', encoding="utf-8")
    assert qa_eval("compare", a, b, "--gold", harbour.folder).code == 1
