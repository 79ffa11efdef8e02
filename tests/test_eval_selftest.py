"""The self-test: green as it stands, red for every defect that a metric could have, and exact about what it expects."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import eval.metrics.density
import eval.metrics.retrieval
import eval.score
import eval.selftest.check
import eval.selftest.whole
import eval.summary
from eval.cli import selftest as command
from eval.gold.check import check as check_gold
from eval.gold.lint import lint
from eval.metrics import shown, spans
from eval.metrics.all import METRICS, metric
from eval.metrics.metric import Case, Metric, apply, names
from eval.metrics.shown import claims, named, prediction
from eval.metrics.spans import cited, common, complete, covered, extent, gold, is_valid, size
from eval.metrics.speaker import name_tokens
from eval.metrics.supporting_facts import facts, sentences
from eval.metrics.tokens import fold, occurs
from eval.results import Blame, Mean, Summary
from eval.selftest.check import Report, check, examine, shipped
from eval.selftest.expected import SCOPE
from eval.selftest.ground import Facts, ground
from eval.selftest.outcome import Finding
from eval.selftest.play import Played
from eval.selftest.systems import SYSTEMS
from eval.selftest.table import TABLE
from eval.types import NotApplicable, Score, Scored, Unscored, Why
from eval.waterfall import blame
from qa.errors import UsageError

Scorer = Callable[[Case], Score]


@pytest.fixture(scope="module")
def report() -> Report:
    """The self-test as it stands."""
    return examine()


def known(name: str) -> Metric:
    found = metric(name)
    assert found is not None
    return found


# --- green ------------------------------------------------------------------------------------------------------------


def test_it_is_green(report: Report) -> None:
    assert report.all_findings == ()


@pytest.mark.parametrize("name", ["smoke", pytest.param("newsroom", marks=pytest.mark.slow)])
def test_it_is_green_on_the_sets_that_are_shipped(name: str) -> None:
    assert check(ground(name)) == ()


def test_every_metric_has_a_scope_and_every_system_a_row() -> None:
    assert set(SCOPE) == set(names(METRICS))
    assert set(TABLE) == {system.name for system in SYSTEMS}


def test_every_metric_sees_failures() -> None:
    crasher = next(system for system in SYSTEMS if system.name == "crasher")
    failed = [one.item for one in Played(crasher, shipped()).judged if one.touched]
    assert [name for name, about in SCOPE.items() if not any(map(about, failed))] == []


def test_every_system_touches_something_and_every_stage_is_blamed() -> None:
    blamed: set[Blame | None] = set()
    for system in SYSTEMS:
        judged = Played(system, shipped()).judged
        assert any(one.touched for one in judged), system.name
        blamed |= {one.blame for one in judged}
    assert blamed == set(Blame)


# Of the 30 items 11 have no answer, 18 an answer with spans, one an answer and graded articles; 29 of them count for
# the headline. Every third item by id (10) fails; of every fourth (8: 0, 4, ..., 28) those are missing that aren't a
# third (8 and 20 are): 6. Each of 30 items counts for right, so (30 - 16) / 30 are.
BY_HAND = [
    ("oracle", "grounded_accuracy", 1.0),
    ("oracle", "false_answer", 0.0),
    ("null", "grounded_accuracy", 11 / 29),
    ("null", "right", 11 / 30),
    ("null", "over_refusal", 1.0),
    ("always_answer", "grounded_accuracy", 0.0),
    ("always_answer", "false_answer", 1.0),
    ("always_answer", "twin_abstains", 0.0),
    ("offset_by_one", "grounded_accuracy", 11 / 29),
    ("offset_by_one", "citation_validity", 1 / 19),  # the one without spans cites as the oracle does
    ("offset_by_one_requoted", "citation_validity", 1.0),
    ("outdated", "forbidden_fact", 1.0),
    ("wrong_speaker", "speaker", 0.0),
    ("crasher", "right", 14 / 30),
    ("late", "rr_at_10", 1 / 2),
    # Halcyon and Salt and Thunder: 2 of 2 named, of the three jurors and the two of strike-pay one each.
    ("terse", "list_f1", (2 / 3 + 2 / 4 + 2 / 3) / 3),
]


@pytest.mark.parametrize(("system", "name", "value"), BY_HAND)
def test_values_worked_out_by_hand(report: Report, system: str, name: str, value: float) -> None:
    means = {row.system: {mean.metric: mean for mean in row.means} for row in report.rows}
    assert means[system][name].value == pytest.approx(value)


def test_bounds_of_what_cant_be_scored(report: Report) -> None:
    # Of 18 items with spans those at places 1, 4, 7, ... among all lose their evidence: 8.
    row = next(row for row in report.rows if row.system == "quarantined")
    mean = next(mean for mean in row.means if mean.metric == "char_recall")
    assert (mean.value, mean.scored, mean.applicable, mean.failed) == (1.0, 10, 18, 0)
    assert (mean.worst, mean.best) == (pytest.approx(10 / 18), 1.0)


# --- the set ----------------------------------------------------------------------------------------------------------


def test_the_set_is_clean() -> None:
    stood = shipped()
    assert [one for one in lint(stood.gold) if one.severity == "error"] == []
    checked = check_gold(stood.gold, stood.corpus)
    assert (checked.placed, checked.moved, checked.refreshed, checked.quarantined) == (0, 0, 0, 0)


FEATURES: list[Callable[[Facts], bool]] = [
    lambda one: len(one.item.answers) == 1 and bool(one.item.answers[0].aliases),
    lambda one: len(one.item.answers) > 2,
    lambda one: bool(one.item.values) and not one.item.answers,
    lambda one: {nugget.vital for nugget in one.item.nuggets} == {True, False},
    lambda one: any(phrase in span.quote for phrase in one.item.forbidden for span in one.first),  # a correction
    lambda one: bool(one.item.forbidden and one.item.nuggets),
    lambda one: bool(one.item.speaker),
    lambda one: len({span.quote for span in one.spans}) == 1 and len({span.article for span in one.spans}) == 2,
    lambda one: bool(one.item.acceptable),
    lambda one: len(one.first) > 1 and len({span.article for span in one.first}) == 1,
    lambda one: len({span.article for span in one.first}) > 1,
    lambda one: any(800 < span.start < len(one.corpus[span.article].text) - 800 for span in one.first),
    lambda one: any(one.corpus[span.article].text.count(span.quote) > 1 for span in one.first),
    lambda one: any(ord(char) > 0xFFFF for span in one.first for char in one.corpus[span.article].text[: span.start]),
    lambda one: any("\u0301" in span.quote for span in one.first),  # "ó" is two code points
    lambda one: set(one.item.relevant.values()) == {0, 1, 2},
    lambda one: one.item.filters.source is not None and one.item.filters.since is not None,
    lambda one: bool(one.item.hide),
]


@pytest.mark.parametrize("number", range(len(FEATURES)))
def test_the_set_has_every_feature(number: int) -> None:
    assert any(FEATURES[number](one) for one in shipped().facts)


def test_the_set_has_every_reason_of_no_answer() -> None:
    assert {one.item.why for one in shipped().facts if not one.item.answerable} == set(Why)


# --- defects ----------------------------------------------------------------------------------------------------------


def _any_span(case: Case) -> Score:
    found = extent(case.answer.retrieved or ())
    return Scored(float(any(covered(place, found, case.corpus) for one in case.evidence for place in one)))


def _validity(case: Case) -> Score:
    if not case.answer.answered:
        return NotApplicable("no answer was given")
    return Scored(float(any(citation.quote for citation in case.answer.citations)))


def _char_recall(case: Case) -> Score:
    shown = cited(case)
    return Scored(max(size(common(shown, extent(one))) for one in case.evidence) / size(shown) if shown else 0.0)


def _false_answer(case: Case) -> Score:
    return Scored(1.0) if case.answer.answered else NotApplicable("no answer was given")


def _exact_match(case: Case) -> Score:
    golds = case.item.answers[0].wordings if case.item.answerable else ("",)
    return Scored(float(prediction(case.answer).lower().rstrip(".") in {gold.lower() for gold in golds}))


def _citation_precision(case: Case) -> Score:
    shown, articles = case.answer.citations, gold(case).keys()
    if not case.item.answerable:
        return known("citation_precision").score(case)
    right = sum(one.article in articles and is_valid(one, case.corpus) for one in shown)
    return Scored(right / len(shown) if shown else 0.0)


def _iou(case: Case) -> Score:
    return Scored(max(size(common(cited(case), extent(one))) / size(extent(one)) for one in case.evidence))


def _speaker(case: Case) -> Score:
    surname = case.item.speaker.split()[-1]
    shown = [claim for claim in claims(case.answer) if claim.citations or not case.answer.claims]
    return Scored(float(any(name_tokens(surname) <= name_tokens(claim.speaker or claim.text) for claim in shown)))


def _forbidden_even_if_earlier(case: Case) -> Score:
    said = [claim.text for claim in claims(case.answer)]
    return Scored(float(any(occurs(phrase, text) for phrase in case.item.forbidden for text in said)))


def _complete_at_once(case: Case) -> Score:
    if case.answer.retrieved is None:
        return Unscored("no hits")
    return Scored(float(any(complete(one, extent(case.answer.retrieved), case.corpus) for one in case.evidence)))


def _first_set_only(case: Case) -> Score:
    shown = cited(case)
    return Scored(size(common(shown, extent(case.evidence[0]))) / size(shown) if shown else 0.0)


def _list_recall(case: Case) -> Score:
    said = tuple(claim.text for claim in claims(case.answer))
    return Scored(sum(named(part, said) for part in case.item.answers) / len(case.item.answers))


def _right_without_values(case: Case) -> Score:
    return known("right").score(replace(case, item=replace(case.item, values=(), answers=case.item.answers[:1])))


def _facts_in_the_best_set_only(case: Case) -> Score:
    shown = sentences(cited(case), case.corpus)
    return Scored(max(facts(shown, sentences(extent(one), case.corpus)).f1 for one in case.evidence))


@dataclass
class Unsteady:
    """A metric that gives every second item that it sees the worst."""

    seen: int = 0

    def __call__(self, case: Case) -> Score:
        self.seen += 1
        return Scored(float(self.seen % 2))


METRIC_DEFECTS: list[tuple[str, str, Scorer]] = [
    ("believes the quotes of a run", "citation_validity", _validity),
    ("divides by what is cited", "char_recall", _char_recall),
    ("counts answered items only", "false_answer", _false_answer),
    ("leaves articles in", "exact_match", _exact_match),
    ("any place in the right article", "citation_precision", _citation_precision),
    ("intersection over gold", "char_iou", _iou),
    ("any span is complete evidence", "evidence_complete", _any_span),
    ("doesn't look at the twin", "twin_abstains", lambda case: Scored(1.0)),
    ("ignores the mark of what is earlier", "forbidden_fact", _forbidden_even_if_earlier),
    ("knows people by surname", "speaker", _speaker),
    ("divides zero by zero", "token_f1", lambda case: Scored(math.nan)),
    ("ignores the budget", "evidence_complete_at_1000", _complete_at_once),
    ("knows one evidence set", "char_precision", _first_set_only),
    ("doesn't see what is too much", "list_f1", _list_recall),
    ("doesn't look at figures", "right", _right_without_values),
    ("doesn't look at citations", "grounded_accuracy", known("right").score),
    ("holds acceptable sentences against an answer", "supporting_fact_f1", _facts_in_the_best_set_only),
    ("depends on what was seen before", "contains", Unsteady()),
]


@pytest.mark.parametrize(("name", "scorer"), [pytest.param(*rest, id=id) for id, *rest in METRIC_DEFECTS])
def test_a_defective_metric_turns_it_red(name: str, scorer: Scorer) -> None:
    found = check(metrics=[replace(known(name), score=scorer)])
    assert name in {finding.metric for finding in found}


def _no_missing(one: Metric, case: Case) -> Score:
    return NotApplicable("not there") if case.record is None else apply(one, case)


def _no_bounds(*args: Any) -> Mean:
    made = _MEAN(*args)
    return replace(made, worst=made.value, best=made.value)


def _forgetful(*args: Any, **options: Any) -> Summary:
    return replace(_SUMMARISE(*args, **options), missing=())


_MEAN, _SUMMARISE = eval.summary.mean, eval.summary.summarise

#: What it is, the metric that is checked, the finding that names it, and what is put into which module.
SHARED_DEFECTS: list[tuple[str, str, str, object, str, object]] = [
    ("drops what is missing", "right", "right", eval.score, "apply", _no_missing),
    ("finds wordings inside words", "contains", "contains", shown, "occurs", lambda a, b: fold(a) in fold(b)),
    ("forgets what can't be scored", "char_f1", "char_f1", eval.summary, "mean", _no_bounds),
    ("ranks in the order listed", "rr_at_10", "rr_at_10", eval.metrics.retrieval, "ranked", list),
    ("takes hits in the order listed", "density_at_1000", "density_at_1000", eval.metrics.density, "ranked", list),
    ("judges what is said while abstaining", "contains", "contains", shown, "claims", lambda record: record.claims),
    (
        "judges what is cited while abstaining",
        "char_f1",
        "char_f1",
        spans,
        "citations",
        lambda case: case.answer.citations,
    ),
    ("counts a span as held from its first character on", "evidence_complete", "blame", spans, "COVERED", 0.0),
    ("says nothing of missing items", "right", "summary: missing", eval.selftest.whole, "summarise", _forgetful),
    (
        "takes any confidence for sure",
        "grounded_accuracy",
        "risk: area",
        eval.selftest.whole,
        "aurc",
        lambda steps: 0.0,
    ),
]


@pytest.mark.parametrize(
    ("name", "finding", "module", "attribute", "change"), [pytest.param(*rest, id=id) for id, *rest in SHARED_DEFECTS]
)
def test_a_defect_in_what_metrics_share_turns_it_red(
    name: str, finding: str, module: object, attribute: str, change: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, attribute, change)
    assert finding in {one.metric for one in check(metrics=[known(name)])}


MISLABELLED = [
    (Blame.NOT_CITED, Blame.WRONG),
    (Blame.OVER_REFUSED, Blame.NONE),
    (Blame.ARTICLE_NOT_RETRIEVED, Blame.EVIDENCE_NOT_RETRIEVED),
    (Blame.DROPPED, Blame.OVER_REFUSED),
    (Blame.HARNESS, Blame.FALSE_ANSWER),
    (Blame.NOT_IN_CORPUS, Blame.ARTICLE_NOT_RETRIEVED),
]


@pytest.mark.parametrize(("right", "wrong"), MISLABELLED)
def test_a_wrong_blame_turns_it_red(right: Blame, wrong: Blame) -> None:
    def mislabel(case: Case) -> Blame:
        found = blame(case)
        return wrong if found is right else found

    found = check(metrics=[known("right")], blamed=mislabel)
    assert {(one.metric, one.wanted, one.got) for one in found if one.item} == {("blame", right.value, wrong.value)}


def _turned(one: Metric) -> Scorer:
    def score(case: Case) -> Score:
        found = one.score(case)
        return Scored(1 - found.value) if isinstance(found, Scored) else found

    return score


#: What could be done to any metric.
ANY_METRIC: dict[str, Callable[[Metric], Metric]] = {
    "always best": lambda one: replace(one, score=lambda case: Scored(one.best)),
    "always worst": lambda one: replace(one, score=lambda case: Scored(one.worst)),
    "never applies": lambda one: replace(one, score=lambda case: NotApplicable("never")),
    "turned over": lambda one: replace(one, score=_turned(one)),
    "another best": lambda one: replace(one, higher_is_better=not one.higher_is_better),
    "a little less": lambda one: replace(one, binary=False, score=lambda case: _less(one.score(case))),
    "binary or not": lambda one: replace(one, binary=not one.binary),
}


def _less(score: Score) -> Score:
    return Scored(score.value * 0.999) if isinstance(score, Scored) and score.value else score


@pytest.mark.parametrize("defect", ANY_METRIC)
def test_what_could_be_done_to_any_metric_turns_it_red_for_each(defect: str) -> None:
    found = check(metrics=[ANY_METRIC[defect](one) for one in METRICS])
    silent = set(names(METRICS)) - {finding.metric for finding in found}
    assert silent == set()


# --- the table itself -------------------------------------------------------------------------------------------------


def test_a_metric_without_an_expectation_turns_it_red() -> None:
    new = replace(known("right"), name="brand_new")
    assert check(metrics=[*METRICS[:2], new]) == (Finding(metric="brand_new", wanted="an expectation"),)


def test_a_metric_that_nothing_tells_from_the_oracle_turns_it_red(monkeypatch: pytest.MonkeyPatch) -> None:
    # Best whatever is done: every system is as good as the oracle, which is what holds where nothing else is declared.
    monkeypatch.setitem(SCOPE, "brand_new", lambda item: not item.answerable)
    new = replace(known("false_answer"), name="brand_new", higher_is_better=True, score=lambda case: Scored(1.0))
    systems = [one for one in SYSTEMS if one.name != "crasher"]  # who fails is worse by any metric
    monkeypatch.setattr(eval.selftest.check, "_players", lambda stood: [Played(one, stood) for one in systems])
    assert check(metrics=[new]) == (Finding(metric="brand_new", wanted="a system that it tells from the oracle"),)


def test_a_finding_says_where_what_and_how_often() -> None:
    found = check(metrics=[replace(known("exact_match"), score=_exact_match)])
    assert [str(one) for one in found if one.system == "stylist"] == [
        "stylist, exact_match, light-keeper: wanted 1, got 0 (and 12 more items)"
    ]


# --- other sets -------------------------------------------------------------------------------------------------------


def test_it_is_green_on_a_set_without_spans(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.md").write_text(
        "The mill stood by the river. It burnt down in 1911.\n", encoding="utf-8"
    )
    (tmp_path / "set.toml").write_text('name = "plain"\ncorpus = "texts"\n', encoding="utf-8")
    _write(tmp_path, [_item("a", answers=[{"text": "1911"}]), _item("b", answerable=False, why="not-in-corpus")])
    assert check(ground(tmp_path)) == ()


def test_a_span_that_isnt_where_it_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.md").write_text("It burnt down in 1911.\n", encoding="utf-8")
    (tmp_path / "set.toml").write_text('name = "unplaced"\ncorpus = "texts"\n', encoding="utf-8")
    span = {"article": "one.md", "quote": "It burnt down in 1911."}
    _write(tmp_path, [_item("a", answers=[{"text": "1911"}], evidence=[[span]])])
    with pytest.raises(UsageError) as caught:
        ground(tmp_path)
    assert caught.value.id == "selftest.unplaced"
    assert caught.value.remedy == f"qa eval gold check {tmp_path} --write"


def _item(id: str, **more: object) -> dict[str, object]:
    fixed = {"id": id, "question": f"{id}?", "type": "other", "categories": [], "cluster": id, "split": "test"}
    return {**fixed, "answerable": True, **more}


def _write(folder: Path, items: list[dict[str, object]]) -> None:
    (folder / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


# --- the command ------------------------------------------------------------------------------------------------------


def _run(*args: str) -> tuple[int, str]:
    app = typer.Typer(callback=lambda: None)
    command.register(app)
    ran = CliRunner().invoke(app, ["selftest", *args], standalone_mode=False, catch_exceptions=False)
    return ran.return_value, ran.stdout


def test_the_command_prints_a_row_for_each_system() -> None:
    code, out = _run()
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["system", *(one.name for one in SYSTEMS), "green"]
    assert f"30 items: {len(SYSTEMS)} systems by {len(METRICS)} metrics" in out
    assert out.endswith(" 0 not as declared\n")


def test_the_command_is_red_and_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(known("speaker"), score=_speaker)
    monkeypatch.setattr(eval.selftest.check, "examine", lambda stood: examine(stood, metrics=[broken]))
    code, out = _run()
    assert code == 1
    assert "not as declared: wrong_speaker, speaker, hearing-dyke: wanted 0, got 1 (and 2 more items)\n" in out
    assert out.splitlines()[-1].startswith("RED")


def test_json_has_every_mean(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval.selftest.check, "examine", lambda stood: report)
    code, out = _run("--json")
    document = json.loads(out)
    assert (code, document["green"], document["report"]["findings"]) == (0, True, [])
    assert {row["system"]: len(row["means"]) for row in document["report"]["rows"]} == {
        one.name: len(METRICS) for one in SYSTEMS
    }
