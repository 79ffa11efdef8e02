"""Citations against gold spans, worked by hand; sentences are 19 characters long and begin at multiples of 20."""

from __future__ import annotations

import pytest
from citation_cases import ABSTAINED, CORPUS, case, cite, cite_at, corpus_of, place, record
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    char_f1,
    char_precision,
    char_recall,
    citation_precision,
    citation_recall,
    duplicates,
    iou,
    joint_f1,
    supporting_facts,
    validity,
)
from eval.metrics.metric import Case, Metric, apply
from eval.types import Ended, NotApplicable, RunCitation, RunClaim, RunRecord, Scored, Unscored

#: Sentences 0 and 2 of a prove the answer (38 characters), or sentence 1 of b (19); sentence 5 of a is acceptable.
EVIDENCE = ((place("a", 0), place("a", 2)), (place("b", 1),))
ACCEPTABLE = (place("a", 5),)
#: Claims sentence 7 of c, with words that don't stand there (19 characters).
WRONG = RunCitation(article="c", start=140, end=159, quote="Sentence x, part 7.")
SENTENCE_F1, SENTENCE_EM = supporting_facts.METRICS


def gold(given: RunRecord | None) -> Case:
    return case(EVIDENCE, given, acceptable=ACCEPTABLE)


def values(given: RunRecord) -> dict[str, float]:
    """The character and sentence metrics of an answer."""
    metrics = (char_precision.METRIC, char_recall.METRIC, char_f1.METRIC, iou.METRIC, SENTENCE_F1, SENTENCE_EM)
    scores = {metric.name: apply(metric, gold(given)) for metric in metrics}
    return {name: score.value for name, score in scores.items() if isinstance(score, Scored) and not score.failed}


def expect(p: float, r: float, f1: float, iou: float, sp_f1: float, sp_em: float) -> object:
    names = ("char_precision", "char_recall", "char_f1", "char_iou", "supporting_fact_f1", "supporting_fact_em")
    return pytest.approx(dict(zip(names, (p, r, f1, iou, sp_f1, sp_em), strict=True)), rel=1e-12)


# --- characters and sentences


def test_half_of_a_set_and_something_else() -> None:
    # 38 characters cited, 19 of them gold: P 1/2; of the first set's 38, 19: R 1/2. Union 19 + 19 + 19: IoU 1/3.
    # Sentences: 2 cited, 2 wanted, 1 common.
    assert values(record([cite("a", 0), cite("a", 3)])) == expect(1 / 2, 1 / 2, 1 / 2, 1 / 3, 1 / 2, 0)


def test_one_alternative_is_enough() -> None:
    assert values(record([cite("b", 1)])) == expect(1, 1, 1, 1, 1, 1)
    assert values(record([cite("a", 0)], [cite("a", 2)])) == expect(1, 1, 1, 1, 1, 1)


def test_acceptable_spans_and_other_sets_neither_help_nor_hurt() -> None:
    everything = [cite("a", 0), cite("a", 2), cite("b", 1), cite("a", 5)]
    assert values(record(everything)) == expect(1, 1, 1, 1, 1, 1)
    # An acceptable span alone may be cited (precision), but proves nothing.
    assert values(record([cite("a", 5)])) == expect(1, 0, 0, 0, 0, 0)
    # Beside half a set it changes nothing but precision: 38 of 38 instead of 19 of 19.
    assert (
        values(record([cite("a", 0)]))
        == values(record([cite("a", 0), cite("a", 5)]))
        == expect(1, 1 / 2, 2 / 3, 1 / 2, 2 / 3, 0)
    )


def test_an_invalid_citation_counts_as_so_much_wrong() -> None:
    # A whole set (38) and 19 characters that are only claimed: P 38/57, R 1, F1 2(2/3)/(5/3), IoU 38/57.
    # Sentences: 2 right ones and a wrong one: P 2/3, R 1.
    shown = record([cite("a", 0), cite("a", 2), WRONG])
    assert values(shown) == expect(2 / 3, 1, 4 / 5, 2 / 3, 4 / 5, 0)
    # Shown twice it is still one, as a valid one would be.
    assert values(record([cite("a", 0), cite("a", 2), WRONG], [WRONG, cite("a", 0)])) == values(shown)


@pytest.mark.parametrize(
    ("citation", "claims"),
    [
        (RunCitation(article="c", start=0, end=0, quote=""), 1),
        (RunCitation(article="c", start=9, end=0, quote="short"), 5),
        (RunCitation(article="c", start=0, end=300, quote="short"), 300),
        (RunCitation(article="nowhere", start=0, end=2, quote="four words of it"), 16),
    ],
)
def test_what_an_invalid_citation_claims(citation: RunCitation, claims: int) -> None:
    score = apply(char_precision.METRIC, gold(record([cite("b", 1), citation])))
    assert score == Scored(pytest.approx(19 / (19 + claims), rel=1e-12))


def test_a_sentence_is_cited_by_one_character_of_it() -> None:
    # Ten characters from the middle of sentence 0 to the first of 1: sentences 0 and 1; gold is 0 and 2.
    touching = cite_at("a", 11, 21)
    assert values(record([touching]))["supporting_fact_f1"] == pytest.approx(1 / 2)
    # Up to the space between them, or from the one before it: sentence 0, or 2, alone. P 1, R 1/2.
    assert values(record([cite_at("a", 11, 20)]))["supporting_fact_f1"] == pytest.approx(2 / 3)
    assert values(record([cite_at("a", 39, 45)]))["supporting_fact_f1"] == pytest.approx(2 / 3)


def test_nothing_cited_scores_nothing() -> None:
    for empty in (ABSTAINED, record(), record([]), record([cite("b", 1)], ended=Ended.ABSTAINED)):
        assert values(empty) == expect(0, 0, 0, 0, 0, 0)
    for metric in (char_precision.METRIC, char_recall.METRIC, char_f1.METRIC, iou.METRIC, SENTENCE_F1, SENTENCE_EM):
        missing = apply(metric, gold(None))
        assert isinstance(missing, Scored)
        assert (missing.value, missing.failed) == (0.0, "missing from the run")


def test_without_gold_spans_nothing_is_said() -> None:
    for metric in (char_precision.METRIC, char_recall.METRIC, char_f1.METRIC, iou.METRIC, SENTENCE_F1, SENTENCE_EM):
        assert apply(metric, case((), record([cite("a", 0)]))) == NotApplicable("gold has no evidence spans")
        unanswerable = case((), record([cite("a", 0)]), answerable=False)
        assert apply(metric, unanswerable) == NotApplicable("the question has no answer")


# --- validity, duplicates


def test_validity() -> None:
    score = validity.METRIC.score
    assert score(gold(record([cite("a", 0), cite("c", 1), WRONG], [WRONG]))) == Scored(0.5)
    assert score(gold(record([cite("a", 0)], [cite("c", 3)]))) == Scored(1.0)
    assert score(gold(record([]))) == score(gold(record())) == Scored(0.0)
    assert score(gold(record([cite("a", 0)], ended=Ended.PARTLY))) == Scored(1.0)
    assert score(gold(ABSTAINED)) == NotApplicable("no answer was given")
    # A false answer's citations are judged as well; a question missing from the run counts as worst.
    assert apply(validity.METRIC, case((), record([WRONG]), answerable=False)) == Scored(0.0)
    assert apply(validity.METRIC, gold(None)) == Scored(0.0, "missing from the run")


def test_duplicates_are_the_same_words_from_different_articles() -> None:
    corpus = corpus_of({"x": "“Yes,” she said.", "y": '"yes,"  she said.', "z": "No, he said."})

    def score(*citations: RunCitation) -> object:
        return apply(duplicates.METRIC, case((), record(citations), corpus=corpus))

    x, y, z = (cite_at(name, 0, len(corpus[name].text), corpus=corpus) for name in "xyz")
    assert score(x, y) == Scored(0.0)
    assert score(x, z) == score(x, x) == score(z) == Scored(1.0)
    assert score() == NotApplicable("nothing is cited")
    assert apply(duplicates.METRIC, case((), ABSTAINED)) == NotApplicable("no answer was given")


# --- after ALCE


def alce(given: RunRecord, evidence: object = EVIDENCE) -> tuple[object, object]:
    """Citation recall and precision."""
    one = case(evidence, given, acceptable=ACCEPTABLE)
    found = [apply(metric, one) for metric in (citation_recall.METRIC, citation_precision.METRIC)]
    return tuple(score.value if isinstance(score, Scored) else score for score in found)


def test_statements_with_and_without_support() -> None:
    # Three statements: proved, cited wrongly, not cited: recall 1/3; of two citations one counts.
    assert alce(record([cite("a", 0)], [cite("c", 3)], [])) == (pytest.approx(1 / 3), 0.5)
    # An acceptable span supports too.
    assert alce(record([cite("a", 5)])) == (1.0, 1.0)
    # What is only claimed supports nothing.
    assert alce(record([WRONG])) == (0.0, 0.0)


def test_an_irrelevant_citation_is_one_without_which_the_rest_still_supports() -> None:
    assert alce(record([cite("a", 0), cite("c", 3)])) == (1.0, 0.5)
    assert alce(record([cite("a", 0), WRONG, cite("a", 2)])) == (1.0, pytest.approx(2 / 3))
    # Twice the same: each supports alone.
    assert alce(record([cite("a", 0), cite("a", 0)])) == (1.0, 1.0)


def test_citations_that_support_only_together_both_count() -> None:
    # The gold span is [60, 99). [20, 80) holds 20 of its 39 characters and is 60 long, [80, 140) holds 19 of them:
    # neither covers 80 %, neither lies in it by half; together they hold all of it.
    evidence = ((place("b", 3, 4),),)
    left, right = cite_at("b", 20, 80), cite_at("b", 80, 140)
    assert alce(record([left]), evidence) == alce(record([right]), evidence) == (0.0, 0.0)
    assert alce(record([left, right]), evidence) == (1.0, 1.0)
    assert alce(record([left, right, cite("c", 0)]), evidence) == (1.0, pytest.approx(2 / 3))
    # Standing with different statements they support neither.
    assert alce(record([left], [right]), evidence) == (0.0, 0.0)


def test_half_inside_is_enough() -> None:
    # [60, 99) is gold. [34, 86): 26 of 52 inside; [33, 86): 26 of 53. Neither covers 80 % of it.
    evidence = ((place("a", 3, 4),),)
    assert alce(record([cite_at("a", 34, 86)]), evidence) == (1.0, 1.0)
    assert alce(record([cite_at("a", 33, 86)]), evidence) == (0.0, 0.0)


def test_the_denominators_count_what_wasnt_answered() -> None:
    assert alce(ABSTAINED) == (0.0, 0.0)
    assert alce(record([cite("b", 1)], ended=Ended.ABSTAINED)) == (0.0, 0.0)
    assert alce(record()) == (0.0, 0.0)  # an answer that isn't split into statements
    assert alce(record([])) == (0.0, 0.0)
    assert alce(record([cite("a", 0)]), ()) == (NotApplicable("gold has no evidence spans"),) * 2


def test_nothing_supports_an_answer_to_a_question_that_has_none() -> None:
    def both(given: RunRecord) -> tuple[object, object]:
        one = case((), given, acceptable=(place("a", 5),), answerable=False)
        return apply(citation_recall.METRIC, one), apply(citation_precision.METRIC, one)

    assert both(record([cite("a", 5)])) == (Scored(0.0), Scored(0.0))
    assert both(record([])) == (Scored(0.0), NotApplicable("rightly, nothing is cited"))
    silent = (NotApplicable("rightly, nothing was stated"), NotApplicable("rightly, nothing is cited"))
    assert both(ABSTAINED) == silent


# --- whatever a run says

ALL: tuple[Metric, ...] = (
    char_precision.METRIC,
    char_recall.METRIC,
    char_f1.METRIC,
    iou.METRIC,
    SENTENCE_F1,
    SENTENCE_EM,
    *joint_f1.METRICS,
    validity.METRIC,
    duplicates.METRIC,
    citation_recall.METRIC,
    citation_precision.METRIC,
)
valid = st.builds(
    lambda article, start, length: cite_at(article, start, min(start + length, 199)),
    st.sampled_from("abc"),
    st.integers(0, 198),
    st.integers(1, 60),
)
hostile = st.builds(
    lambda article, start, end, quote: RunCitation(article=article, start=start, end=end, quote=quote),
    st.sampled_from(["a", "z", ""]),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**9), 10**9),
    st.sampled_from(["", "Sentence", "x" * 50]),
)
statements = st.lists(st.lists(st.one_of(valid, hostile), max_size=4), max_size=3)


@given(statements, st.booleans(), st.sampled_from(Ended))
def test_every_record_has_a_score(shown: list[list[RunCitation]], answerable: bool, ended: Ended) -> None:
    given = record(*shown, ended=ended)
    one = case(EVIDENCE if answerable else (), given, acceptable=ACCEPTABLE, answerable=answerable)
    for metric in ALL:
        assert not isinstance(apply(metric, one), Unscored)


@given(statements, valid)
def test_one_more_valid_citation_never_costs_recall(shown: list[list[RunCitation]], more: RunCitation) -> None:
    before = record(*shown, [])
    claims = (*before.claims[:-1], RunClaim(text="Oslo.", citations=(more,)))
    after = record(claims=claims)
    for metric in (char_recall.METRIC, citation_recall.METRIC):
        one, other = apply(metric, gold(before)), apply(metric, gold(after))
        assert isinstance(one, Scored)
        assert isinstance(other, Scored)
        assert other.value >= one.value


@given(st.lists(valid, min_size=1, max_size=5))
def test_characters_agree_with_sets_of_characters(shown: list[RunCitation]) -> None:
    cited = {(one.article, at) for one in shown for at in range(one.start, one.end)}
    sets = [{(at.article, i) for at in alternative for i in range(at.start, at.end)} for alternative in EVIDENCE]
    allowed = set.union(*sets, {(at.article, i) for at in ACCEPTABLE for i in range(at.start, at.end)})
    p = len(cited & allowed) / len(cited)
    r = max(len(cited & one) / len(one) for one in sets)
    jaccard = max(len(cited & one) / len((cited - (allowed - one)) | one) for one in sets)
    found = values(record(shown))
    assert found["char_precision"] == pytest.approx(p, rel=1e-12)
    assert found["char_recall"] == pytest.approx(r, rel=1e-12)
    assert found["char_f1"] == pytest.approx(2 * p * r / (p + r) if p + r else 0, rel=1e-12)
    assert found["char_iou"] == pytest.approx(jaccard, rel=1e-12)


def test_the_sentences_are_where_the_tests_take_them_to_be() -> None:
    for name in "abc":
        assert [(one.start, one.end) for one in CORPUS[name].sentences] == [(20 * i, 20 * i + 19) for i in range(10)]
