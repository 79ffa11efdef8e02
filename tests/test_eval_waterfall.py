"""One blame for each failure: a case made by hand for each, and every combination against sets of characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from citation_cases import ABSTAINED, CORPUS, case, cite, hit, item, place, record
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import grounded
from eval.metrics.metric import Case, Place, apply
from eval.results import Blame
from eval.types import Ended, RunCitation, RunRecord, RunSpan, Scored
from eval.waterfall import blame

EVIDENCE = ((place("a", 0), place("a", 2)), (place("b", 1),))
PROVED = [cite("b", 1)]
FAILED = RunRecord(id="q", ended=Ended.ERROR, error="boom")
SHIFTED = RunCitation(article="b", start=21, end=40, quote="Sentence b, part 1.")
ALL = (hit("a", 0, 9), hit("b", 0, 9))

BY_HAND: list[tuple[Case, Blame]] = [
    (case(EVIDENCE, record(PROVED, retrieved=ALL, read=ALL)), Blame.NONE),
    (case(EVIDENCE, record(PROVED)), Blame.NONE),
    (case(EVIDENCE, record(PROVED, retrieved=())), Blame.NONE),  # right is right, whatever it reports
    (case((), ABSTAINED, answerable=False), Blame.NONE),
    (case(EVIDENCE, None), Blame.HARNESS),
    (case(EVIDENCE, FAILED), Blame.HARNESS),
    (case((), None, answerable=False), Blame.HARNESS),
    (case((), FAILED, answerable=False), Blame.HARNESS),
    (case((), record(PROVED), answerable=False), Blame.FALSE_ANSWER),
    (Case(item=item(EVIDENCE), record=ABSTAINED, corpus=CORPUS, quarantined=("gone",)), Blame.NOT_IN_CORPUS),
    (case(EVIDENCE, record(retrieved=(hit("c", 0, 9),))), Blame.ARTICLE_NOT_RETRIEVED),
    (case(EVIDENCE, replace(ABSTAINED, retrieved=())), Blame.ARTICLE_NOT_RETRIEVED),
    (case(EVIDENCE, record(retrieved=(hit("a", 0), hit("b", 2)))), Blame.EVIDENCE_NOT_RETRIEVED),
    (case(EVIDENCE, record(retrieved=ALL, read=(hit("a", 0), hit("b", 0)))), Blame.DROPPED),
    (case(EVIDENCE, record(read=())), Blame.DROPPED),
    (case(EVIDENCE, replace(ABSTAINED, retrieved=ALL, read=ALL)), Blame.OVER_REFUSED),
    (case(EVIDENCE, ABSTAINED), Blame.OVER_REFUSED),
    (case(EVIDENCE, record([cite("a", 0)], retrieved=ALL, read=ALL)), Blame.NOT_CITED),
    (case(EVIDENCE, record([SHIFTED], answer="Bergen.")), Blame.NOT_CITED),
    (case(EVIDENCE, record(PROVED, answer="Bergen.", retrieved=ALL, read=ALL)), Blame.WRONG),
]


@pytest.mark.parametrize(("one", "expected"), BY_HAND)
def test_by_hand(one: Case, expected: Blame) -> None:
    assert blame(one) is expected


def test_every_blame_has_a_case_made_by_hand() -> None:
    assert {expected for _, expected in BY_HAND} == set(Blame)


def test_the_first_stage_that_lost_the_evidence_is_blamed() -> None:
    # Everything goes wrong at once; mended from the front, the blame moves on stage by stage.
    worst = record([SHIFTED], answer="Bergen.", retrieved=(hit("c", 0),), read=())
    seen = [blame(case(EVIDENCE, worst))]
    for mended in (
        {"retrieved": (hit("b", 5),)},
        {"retrieved": ALL},
        {"read": ALL},
        {"claims": record(PROVED, answer="Bergen.").claims},
        {"claims": record(PROVED).claims},
    ):
        worst = replace(worst, **mended)
        seen.append(blame(case(EVIDENCE, worst)))
    assert seen == [
        Blame.ARTICLE_NOT_RETRIEVED,
        Blame.EVIDENCE_NOT_RETRIEVED,
        Blame.DROPPED,
        Blame.NOT_CITED,
        Blame.WRONG,
        Blame.NONE,
    ]


def test_without_spans_the_answer_alone_decides() -> None:
    assert blame(case((), record())) is Blame.NONE
    assert blame(case((), record(answer="Bergen."))) is Blame.WRONG
    assert blame(case((), record(answer="Bergen.", retrieved=(), read=()))) is Blame.WRONG
    assert blame(case((), ABSTAINED)) is Blame.OVER_REFUSED
    # Where gold doesn't say what is right, an answer is no failure.
    assert blame(case((), record(), answers=())) is Blame.NONE


def test_without_spans_relevant_articles_stand_for_the_evidence() -> None:
    def with_relevant(given: RunRecord, **grades: int) -> Blame:
        return blame(case((), given, relevant=grades))

    wrong = record(answer="Bergen.", retrieved=(hit("a", 0),))
    assert with_relevant(wrong, a=1, b=2) is Blame.WRONG
    assert with_relevant(wrong, a=0, b=2) is Blame.ARTICLE_NOT_RETRIEVED
    assert with_relevant(wrong, a=0, z=1) is Blame.NOT_IN_CORPUS
    assert with_relevant(wrong, a=0) is Blame.WRONG
    assert with_relevant(record(answer="Bergen."), b=2) is Blame.WRONG


# --- every combination

places = st.builds(
    lambda article, at, more: place(article, at, at + more), st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 1)
)
alternatives = st.lists(st.lists(places, min_size=1, max_size=2), max_size=2)
hits = st.none() | st.lists(
    st.builds(
        lambda article, at, more: hit(article, at, at + more),
        st.sampled_from("abc"),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    max_size=4,
).map(tuple)
citations = st.lists(
    st.builds(
        lambda article, at, more: cite(article, at, at + more),
        st.sampled_from("ab"),
        st.integers(0, 3),
        st.integers(0, 3),
    )
    | st.just(SHIFTED),
    max_size=3,
)
records = st.none() | st.builds(
    lambda ended, answer, cited, retrieved, read: record(
        cited, ended=ended, answer=answer, retrieved=retrieved, read=read
    ),
    st.sampled_from(Ended),
    st.sampled_from(["Oslo.", "Bergen."]),
    citations,
    hits,
    hits,
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case: of its alternatives only some may stand in the corpus."""
    answerable = draw(st.integers(0, 3)) > 0
    evidence = draw(alternatives) if answerable else []
    standing = [one for one in evidence if draw(st.integers(0, 4))]
    gold = item(evidence, answerable=answerable)
    return Case(item=gold, record=draw(records), corpus=CORPUS, evidence=tuple(map(tuple, standing)))


def holds(spans: Sequence[RunSpan | RunCitation], sets: Sequence[Sequence[Place]]) -> bool:
    """The oracle: whether any set is covered, character by character."""
    held = {(one.article, at) for one in spans for at in range(one.start, one.end)}

    def covered(one: Place) -> bool:
        text = CORPUS[one.article].text
        letters = [(one.article, at) for at in range(one.start, one.end) if not text[at].isspace()]
        return 5 * sum(letter in held for letter in letters) >= 4 * len(letters)

    return any(all(covered(one) for one in alternative) for alternative in sets)


def conditions(one: Case) -> list[tuple[bool, Blame]]:
    """Each blame with what must hold for it, earlier ones not holding."""
    given = one.record
    if given is None or given.ended is Ended.ERROR:
        return [(True, Blame.HARNESS)]
    if not one.item.answerable:
        return [(given.answered, Blame.FALSE_ANSWER), (True, Blame.NONE)]
    has_spans, sets = bool(one.item.evidence), one.evidence
    articles = {place.article for alternative in sets for place in alternative}
    cited = not has_spans or holds([citation for citation in given.citations if citation != SHIFTED], sets)
    lost = [
        (not sets, Blame.NOT_IN_CORPUS),
        (
            given.retrieved is not None and not articles & {hit.article for hit in given.retrieved or ()},
            Blame.ARTICLE_NOT_RETRIEVED,
        ),
        (given.retrieved is not None and not holds(given.retrieved or (), sets), Blame.EVIDENCE_NOT_RETRIEVED),
        (given.read is not None and not holds(given.read or (), sets), Blame.DROPPED),
    ]
    return [
        (given.answered and given.answer == "Oslo." and cited, Blame.NONE),
        *(lost if has_spans else ()),
        (not given.answered, Blame.OVER_REFUSED),
        (not cited, Blame.NOT_CITED),
        (True, Blame.WRONG),
    ]


@settings(max_examples=400)
@given(cases())
def test_every_case_has_one_blame(one: Case) -> None:
    found = blame(one)
    assert found is next(expected for holds, expected in conditions(one) if holds)
    score = apply(grounded.METRIC, one)
    if isinstance(score, Scored):
        assert (found is Blame.NONE) == (score.value == 1.0)
