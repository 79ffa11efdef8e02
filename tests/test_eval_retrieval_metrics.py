"""Rankings against ir-measures and by hand; evidence found, read, and found within a budget of characters."""

from __future__ import annotations

import random
import sys
from math import log2

import pytest
from citation_cases import ABSTAINED, case, corpus_of, hit, place, record
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import density, evidence_complete, evidence_read, evidence_recall, retrieval
from eval.metrics.metric import Case, Metric, Place, apply
from eval.types import NotApplicable, RunSpan, Score, Scored, Unscored
from qa.errors import UsageError

EVIDENCE = ((place("a", 0), place("a", 2)), (place("b", 1),))
RANKING = {metric.name: metric for metric in retrieval.METRICS}
BUDGETED = {metric.name: metric for metric in density.METRICS}


def found(*hits: RunSpan, metric: Metric, evidence: object = EVIDENCE, **more: object) -> Score:
    return apply(metric, case(evidence, record(retrieved=hits), **more))


def ranked(articles: str, grades: dict[str, int]) -> dict[str, float]:
    """The ranking metrics where articles of one letter were found in this order."""
    hits = tuple(RunSpan(article=article, start=0, end=5) for article in articles)
    scores = {name: found(*hits, metric=metric, evidence=(), relevant=grades) for name, metric in RANKING.items()}
    return {name: score.value for name, score in scores.items() if isinstance(score, Scored)}


# --- rankings


def test_rankings_by_hand() -> None:
    # Relevant a, b, c; found x a y b: gains at ranks 2 and 4 of an ideal at ranks 1 to 3.
    ndcg = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert ranked("xayb", {"a": 1, "b": 1, "c": 1}) == pytest.approx(
        {"ndcg_at_10": ndcg, "recall_at_10": 2 / 3, "rr_at_10": 1 / 2, "success_at_5": 1.0}
    )
    # Grades are gains: b (1) before a (2); an article graded 0 is as irrelevant as one that isn't graded.
    ndcg = (1 + 2 / log2(3)) / (2 + 1 / log2(3))
    assert ranked("ba", {"a": 2, "b": 1, "x": 0}) == pytest.approx(
        {"ndcg_at_10": ndcg, "recall_at_10": 1.0, "rr_at_10": 1.0, "success_at_5": 1.0}
    )


@pytest.mark.parametrize(
    ("rank", "rr", "success"), [(5, 1 / 5, 1.0), (6, 1 / 6, 0.0), (10, 1 / 10, 0.0), (11, 0.0, 0.0)]
)
def test_cut_offs(rank: int, rr: float, success: float) -> None:
    scores = ranked("abcdefghijklmnop"[: rank - 1] + "z" + "uvw", {"z": 1})
    expected = {"rr_at_10": rr, "success_at_5": success, "recall_at_10": float(rank <= 10)}
    assert {name: scores[name] for name in expected} == pytest.approx(expected)
    assert scores["ndcg_at_10"] == pytest.approx(1 / log2(rank + 1) if rank <= 10 else 0.0)


def test_nothing_found_scores_nothing() -> None:
    assert ranked("", {"a": 1}) == dict.fromkeys(RANKING, 0.0)


def test_an_article_stands_where_it_first_appears_and_scores_order() -> None:
    hits = (hit("a", 0, score=0.2), hit("b", 1, score=0.9), hit("a", 4, score=0.5), hit("b", 2, score=0.1))
    one = case(EVIDENCE, record(retrieved=hits))
    assert retrieval.ranking(one) == ("b", "a")
    unscored = tuple(RunSpan(article=article, start=0, end=1) for article in "cabca")
    assert retrieval.ranking(case(EVIDENCE, record(retrieved=unscored))) == ("c", "a", "b")


def test_articles_of_every_set_are_relevant_unless_gold_grades_them() -> None:
    assert retrieval.relevant(case(EVIDENCE)) == {"a": 1, "b": 1}
    assert retrieval.relevant(case(EVIDENCE, relevant={"c": 2})) == {"c": 2}
    # So a system that shows one of two copies reaches half of recall, and all of the reciprocal rank.
    assert found(hit("b", 1), metric=RANKING["recall_at_10"]) == Scored(0.5)
    assert found(hit("b", 1), metric=RANKING["rr_at_10"]) == Scored(1.0)


def test_a_whole_run_agrees_with_ir_measures() -> None:
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    chance = random.Random(3)
    names = {nDCG @ 10: "ndcg_at_10", R @ 10: "recall_at_10", RR @ 10: "rr_at_10", Success @ 5: "success_at_5"}
    judged, run, cases = [], [], {}
    for number in range(200):
        id, articles = f"q{number}", [f"n{i}" for i in range(30)]
        grades = {article: chance.choice((0, 1, 1, 2, 3)) for article in chance.sample(articles, 6)} | {"n0": 1}
        scores = {article: chance.random() for article in chance.sample(articles, chance.randint(0, 25))}
        judged += [ir_measures.Qrel(id, article, grade) for article, grade in grades.items()]
        run += [ir_measures.ScoredDoc(id, article, score) for article, score in scores.items()]
        hits = [RunSpan(article=article, start=0, end=5, score=score) for article, score in scores.items()]
        worse = [RunSpan(article=one.article, start=9, end=12, score=one.score / 2) for one in hits]
        cases[id] = case((), record(retrieved=(*worse, *hits)), relevant=grades)
    official = {(one.query_id, names[one.measure]): one.value for one in ir_measures.iter_calc(names, judged, run)}
    ours = {(id, name): apply(metric, one) for id, one in cases.items() for name, metric in RANKING.items()}
    assert len(official) == 800
    assert {key: score.value for key, score in ours.items() if isinstance(score, Scored)} == official


def test_what_rankings_say_nothing_about() -> None:
    for metric in RANKING.values():
        assert apply(metric, case(EVIDENCE, record())) == Unscored("the run reports no hits")
        nothing = NotApplicable("gold doesn't say which articles are relevant")
        assert found(metric=metric, evidence=()) == found(metric=metric, evidence=(), relevant={"a": 0}) == nothing
        assert found(metric=metric, evidence=(), answerable=False) == NotApplicable("the question has no answer")
        assert apply(metric, case(EVIDENCE, None)) == Scored(0.0, "missing from the run")
        # Found counts, whatever was made of it.
        silent = case(EVIDENCE, record(retrieved=(hit("b", 1), hit("a", 0)), ended=ABSTAINED.ended))
        assert apply(metric, silent) == Scored(1.0)
        lost = Case(item=case(EVIDENCE).item, record=record(retrieved=()), corpus=corpus_of({}))
        assert apply(metric, lost) == Unscored("no relevant article stands in the corpus any more")


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    retrieval.measured.cache_clear()
    with pytest.raises(UsageError) as raised:
        found(hit("a", 0), metric=RANKING["rr_at_10"])
    assert (raised.value.id, raised.value.remedy) == ("eval.extra_missing", "pip install 'cited-qa[eval]'")


# --- evidence found and read


@pytest.mark.parametrize(
    ("hits", "recall", "complete"),
    [
        ([], 0.0, 0.0),
        ([hit("c", 0, 9)], 0.0, 0.0),
        ([hit("a", 0)], 0.5, 0.0),
        ([hit("a", 0, 1)], 0.5, 0.0),
        ([hit("a", 0), hit("a", 1, 2)], 1.0, 1.0),
        ([hit("a", 0, 9)], 1.0, 1.0),
        ([hit("a", 0), hit("b", 1)], 1.0, 1.0),  # the other set
        # 14 of the 16 letters of "Sentence a, part 0." are .88; 12 of them, .75, do not cover it.
        ([RunSpan(article="a", start=0, end=17), hit("a", 2)], 1.0, 1.0),
        ([RunSpan(article="a", start=0, end=14), hit("a", 2)], 0.5, 0.0),
    ],
)
def test_evidence_found(hits: list[RunSpan], recall: float, complete: float) -> None:
    assert found(*hits, metric=evidence_recall.METRIC) == Scored(recall)
    assert found(*hits, metric=evidence_complete.METRIC) == Scored(complete)
    read = case(EVIDENCE, record(read=tuple(hits), retrieved=()))
    assert apply(evidence_read.METRIC, read) == Scored(complete)


def test_what_a_run_doesnt_report_is_unscored() -> None:
    silent = case(EVIDENCE, record())
    for metric in (evidence_recall.METRIC, evidence_complete.METRIC, *density.METRICS):
        assert apply(metric, silent) == Unscored("the run reports no hits")
        assert apply(metric, case(())) == NotApplicable("gold has no evidence spans")
    assert apply(evidence_read.METRIC, silent) == Unscored("the run doesn't report what was read")


# --- budgets

#: Gold is [900, 1000) of an article of 6,000 characters, or [0, 50) of its copy.
LONG = corpus_of({"long": "x" * 6_000, "copy": "x" * 500})
GOLD = ((Place(article="long", start=900, end=1_000),), (Place(article="copy", start=0, end=50),))


def budgeted(*spans: tuple[str, int, int]) -> dict[str, float]:
    hits = tuple(RunSpan(article=article, start=start, end=end) for article, start, end in spans)
    scores = {name: found(*hits, metric=metric, evidence=GOLD, corpus=LONG) for name, metric in BUDGETED.items()}
    return {name: score.value for name, score in scores.items() if isinstance(score, Scored)}


def expect(densities: tuple[float, float, float], complete: tuple[int, int, int]) -> object:
    budgets = (1_000, 2_000, 4_000)
    named = {f"density_at_{budget}": value for budget, value in zip(budgets, densities, strict=True)}
    named |= {f"evidence_complete_at_{budget}": float(one) for budget, one in zip(budgets, complete, strict=True)}
    return pytest.approx(named)


def test_density_is_the_share_of_gold_in_what_is_read_first() -> None:
    # 950 characters before the gold's last 50: within 1,000 characters 50 of 100 gold ones; then all of them.
    assert budgeted(("long", 1_000, 1_950), ("long", 950, 1_000), ("long", 900, 5_000)) == expect(
        (50 / 1_000, 100 / 2_000, 100 / 4_000), (0, 1, 1)
    )


def test_the_last_hit_is_cut_at_the_budget() -> None:
    # 920 characters, then the gold: 80 of its 100 characters fit into 1,000, which is enough; with 921, 79 aren't.
    assert budgeted(("long", 2_000, 2_920), ("long", 900, 1_000))["evidence_complete_at_1000"] == 1.0
    cut = budgeted(("long", 2_000, 2_921), ("long", 900, 1_000))
    assert (cut["density_at_1000"], cut["evidence_complete_at_1000"]) == (79 / 1_000, 0.0)


def test_fewer_characters_than_the_budget_are_not_diluted() -> None:
    assert budgeted(("copy", 0, 200)) == expect((1 / 4,) * 3, (1, 1, 1))
    assert budgeted() == expect((0, 0, 0), (0, 0, 0))


def test_finding_again_is_waste_and_what_doesnt_exist_takes_room() -> None:
    assert budgeted(("copy", 0, 50), ("copy", 0, 50)) == expect((1 / 2,) * 3, (1, 1, 1))
    # Past its end an article has nothing to read: 100 characters, 450 to 500 and 0 to 50.
    assert budgeted(("copy", 450, 9_999), ("copy", -70, 50)) == expect((50 / 100,) * 3, (1, 1, 1))
    assert budgeted(("nowhere", 0, 1_500), ("copy", 0, 50)) == expect((0, 50 / 1_550, 50 / 1_550), (0, 1, 1))


spans = st.tuples(st.sampled_from(["long", "copy", "nowhere"]), st.integers(-50, 6_100), st.integers(-50, 6_100))


@settings(max_examples=60)
@given(st.lists(spans, max_size=6))
def test_budgets_against_characters_one_by_one(hits: list[tuple[str, int, int]]) -> None:
    read = [
        (article, at)
        for article, start, end in hits
        for at in range(max(start, 0), min(end, len(LONG[article].text)) if article in LONG else end)
    ]
    gold = {(one.article, at) for (one,) in GOLD for at in range(one.start, one.end)}
    heads = [read[:budget] for budget in (1_000, 2_000, 4_000)]
    held = [gold & set(head) for head in heads]
    shares = tuple(len(some) / len(head) if head else 0.0 for some, head in zip(held, heads, strict=True))
    complete = tuple(
        any(5 * sum(article == one.article for article, _ in some) >= 4 * (one.end - one.start) for (one,) in GOLD)
        for some in held
    )
    assert budgeted(*hits) == expect(shares, complete)
