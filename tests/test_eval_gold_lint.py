"""What lint says about gold: each rule fires at what it is for, and at nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold.findings import Level
from eval.gold.lint import lint
from eval.gold.similar import near_equal, words
from eval.types import AnswerPart, GoldSet, GoldSpan, Item, ItemFilters, Nugget, Split, Value, Why


def span(quote: str, article: str = "a.md") -> GoldSpan:
    return GoldSpan(article=article, start=0, end=0, quote=quote)


TOLL = Item(
    id="toll",
    question="How many people died in the flood?",
    type="quantity",
    categories=("local",),
    cluster="flood",
    split=Split.TEST,
    answerable=True,
    answers=(AnswerPart(text="eleven", aliases=("11",)),),
    forbidden=("nine", "seven"),
    evidence=((span("Eleven people died."),), (span("The flood took 11 lives."),)),
)
NOBODY = Item(
    id="nobody",
    question="Who warned the people of Hask?",
    type="who",
    categories=("near-miss",),
    cluster="flood",
    split=Split.TEST,
    answerable=False,
    why=Why.NOT_IN_CORPUS,
)


def set_of(*items: Item, categories: tuple[str, ...] | None = None) -> GoldSet:
    used = tuple(dict.fromkeys(name for item in items for name in item.categories))
    described = dict.fromkeys(used if categories is None else categories, "x")
    return GoldSet(name="s", description="", corpus="/c", categories=described, items=items, sha256="")


def rules(gold: GoldSet) -> list[tuple[str, str]]:
    return [(finding.rule, finding.item) for finding in lint(gold)]


def test_a_sound_set_gives_no_findings() -> None:
    assert rules(set_of(TOLL, NOBODY)) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"evidence": ()}, "evidence.none"),
        ({"answers": ()}, "answer.none"),
        ({"answers": (), "nuggets": (Nugget(text="eleven"),)}, "answer.none"),
        ({"categories": ("who-said-it",)}, "speaker.none"),
        ({"forbidden": ("eleven",)}, "forbidden.in_wording"),
        ({"forbidden": ("11",)}, "forbidden.in_wording"),
        ({"nuggets": (Nugget(text="not nine any more"),)}, "forbidden.in_wording"),
        ({"evidence": (*TOLL.evidence, (span("Nine people died."),))}, "answer.unproved"),
        ({"evidence": ((span("Some 1,11 died."),),)}, "answer.unproved"),
        ({"answers": (*TOLL.answers, AnswerPart(text="in Hask"))}, "answer.unproved"),
        ({"nuggets": (Nugget(text="died", vital=True),)}, "nugget.unproved"),
        ({"evidence": (*TOLL.evidence, (*TOLL.evidence[0], span("It rained.")))}, "evidence.redundant"),
        ({"evidence": (TOLL.evidence[0], TOLL.evidence[0])}, "evidence.redundant"),
        ({"values": (Value(kind="money", value="much", unit="Cr"),)}, "value.fault"),
        ({"values": (Value(kind="money", value="11", unit="Cr"),)}, "value.unproved"),
        ({"filters": ItemFilters(since=date(2025, 2, 1), until=date(2025, 1, 1))}, "filters.window"),
    ],
)
def test_an_item_that_isnt_sound_is_told(fields: dict[str, Any], rule: str) -> None:
    # The other item keeps the set one that has spans and says what is right.
    other = replace(TOLL, id="other", question="How high did the river rise?")
    assert {(rule, "toll")} == set(rules(set_of(replace(TOLL, **fields), other, NOBODY)))


@pytest.mark.parametrize(
    "fields",
    [
        {"speaker": "Anke Müller", "categories": ("who-said-it",)},
        {"forbidden": ("1",)},  # no token of "11"
        {"nuggets": (Nugget(text="in the night"),)},  # okay, not vital: evidence need not say it
        {"answers": (AnswerPart(text="eleven dead"),), "values": (Value(kind="number", value="11"),)},
        {"answers": (AnswerPart(text="Müller"),), "speaker": "Anke Müller"},
        {"evidence": (), "relevant": {"a.md": 1}},
    ],
)
def test_what_is_allowed_isnt_told(fields: dict[str, Any]) -> None:
    assert rules(set_of(replace(TOLL, **fields), NOBODY)) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Value(kind="number", value="11"), []),
        (Value(kind="number", value="12"), ["value.unproved"]),
        (Value(kind="number", value="12", tolerance=1), []),
        (Value(kind="number", value="1,000"), ["value.fault"]),
        (Value(kind="date", value="June 2027"), ["value.fault"]),
        (Value(kind="duration", value="95"), ["value.fault"]),
    ],
)
def test_values_can_be_read_and_stand_in_each_evidence_set(value: Value, found: list[str]) -> None:
    item = replace(TOLL, values=(value,), evidence=TOLL.evidence[:1])
    assert [rule for rule, _ in rules(set_of(item, NOBODY))] == found


def test_a_set_without_spans_or_without_answers_is_measured_by_what_it_has() -> None:
    bare = replace(TOLL, evidence=())
    more = replace(bare, id="more", question="Where was it?")
    assert rules(set_of(bare, more, NOBODY)) == []
    ranked = replace(TOLL, answers=(), forbidden=(), evidence=(), relevant={"a.md": 2})
    assert rules(set_of(ranked, NOBODY)) == []
    assert rules(set_of(replace(ranked, relevant={"a.md": 0}), NOBODY)) == [("evidence.none", "toll")]


def test_categories_are_described_and_used() -> None:
    assert rules(set_of(TOLL, NOBODY, categories=("local", "near-miss", "sport"))) == [("category.unused", "")]
    assert rules(set_of(TOLL, NOBODY, categories=("local",))) == [("category.unknown", "nobody")]
    assert rules(set_of(TOLL, replace(NOBODY, categories=()))) == [("category.none", "nobody")]


def test_a_story_in_both_splits_is_a_leak() -> None:
    leaked = replace(NOBODY, split=Split.CALIBRATION)
    findings = lint(set_of(TOLL, leaked))
    assert [(finding.rule, finding.level) for finding in findings] == [("split.leak", Level.ERROR)]
    assert findings[0].message == "the cluster 'flood' is in both splits (toll in test, nobody in calibration)"
    assert rules(set_of(TOLL, replace(leaked, cluster="other"))) == []


def test_a_sentence_that_is_evidence_in_both_splits_is_a_warning() -> None:
    twin = replace(TOLL, id="twin", question="What was the toll?", cluster="other", split=Split.CALIBRATION)
    findings = lint(set_of(TOLL, replace(twin, evidence=TOLL.evidence[1:]), NOBODY))
    assert [(finding.rule, finding.level) for finding in findings] == [("split.evidence", Level.WARNING)]
    assert "'The flood took 11 lives.' is evidence in both splits (toll in test, twin in calibration)" in str(findings)
    elsewhere = ((span("Eleven people died.", "b.md"),),)
    assert rules(set_of(TOLL, replace(twin, evidence=elsewhere), NOBODY)) == []


def test_too_few_unanswerable_questions_are_a_warning() -> None:
    topics = ("rain", "mud", "help", "siren", "bridge", "mill", "boat")
    seven = [replace(TOLL, id=topic, question=f"What of the {topic}?") for topic in topics]
    three = [replace(NOBODY, id=f"no-{topic}", question=f"Who did {topic}?") for topic in topics[:3]]
    # 3 of 10 are 30 %; 2 of 9 are 22 %.
    assert rules(set_of(*seven, *three)) == []
    findings = lint(set_of(*seven, *three[:2]))
    assert [(finding.rule, finding.level) for finding in findings] == [("share.unanswerable", Level.WARNING)]
    assert "2 of 9 items (22%)" in findings[0].message


def test_an_empty_set_is_an_error() -> None:
    assert rules(set_of()) == [("set.empty", "")]


# --- questions --------------------------------------------------------------------------------------------------------


def test_questions_that_are_the_same_but_for_case_and_marks_are_an_error() -> None:
    again = replace(NOBODY, id="again", question="how many people died in the flood")
    assert rules(set_of(TOLL, again)) == [("question.twice", "again")]
    # Asked of another window it is another question.
    assert rules(set_of(TOLL, replace(again, filters=ItemFilters(since=date(2025, 1, 1))))) == []


def test_questions_that_are_nearly_the_same_are_a_warning_that_names_the_splits() -> None:
    # 6 of 7 words: how many people died in flood.
    near = replace(NOBODY, id="near", question="How many people died in flood", split=Split.CALIBRATION, cluster="x")
    findings = lint(set_of(TOLL, near))
    assert [(finding.rule, finding.item, finding.level) for finding in findings] == [
        ("question.similar", "near", Level.WARNING)
    ]
    assert "other split" in findings[0].message


def test_questions_of_different_years_arent_near() -> None:
    questions = {
        "a": "How many jobs did the maker of robots in Brannock cut in 2024?",
        "b": "How many jobs did the maker of robots in Brannock cut in 2025?",
    }
    assert near_equal(questions) == ()
    assert len(near_equal({**questions, "c": questions["a"].upper()})) == 1


@given(st.lists(st.lists(st.sampled_from(list("abcdefgh1")), max_size=9).map(" ".join), max_size=12))
def test_no_pair_is_overlooked(texts: list[str]) -> None:
    questions = {str(number): text for number, text in enumerate(texts)}
    expected = set()
    for first, second in itertools.combinations(questions, 2):
        a, b = set(words(questions[first])), set(words(questions[second]))
        if a and b and len(a & b) / len(a | b) >= 0.6 and ("1" in a) == ("1" in b):
            expected.add((first, second))
    assert {(pair.first, pair.second) for pair in near_equal(questions, threshold=0.6)} == expected
