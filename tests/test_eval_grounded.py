"""The headline, and the twins with their evidence hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from citation_cases import ABSTAINED, case, cite, place, record

from eval.metrics import grounded, twins
from eval.metrics.metric import Case, apply
from eval.metrics.spans import READ
from eval.types import Ended, NotApplicable, RunCitation, RunRecord, Score, Scored, Unscored, Value

EVIDENCE = ((place("a", 0), place("a", 2)), (place("b", 1),))
WRONG = RunCitation(article="b", start=20, end=39, quote="Sentence b, part 2.")
PROVED = [cite("b", 1)]


def grounded_of(given: RunRecord | None, **more: object) -> Score:
    return apply(grounded.METRIC, case(EVIDENCE, given, **more))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (record(PROVED), 1.0),
        (record([cite("a", 0)], [cite("a", 2)]), 1.0),  # one set, cited over two statements
        (record([cite("c", 5), WRONG, *PROVED]), 1.0),  # how precisely is another metric's
        (record(PROVED, ended=Ended.PARTLY), 1.0),
        (record(PROVED, answer="Bergen."), 0.0),  # proved and wrong
        (record([cite("a", 0)]), 0.0),  # right, half a set
        (record([cite("a", 0), cite("c", 2)]), 0.0),
        (record([WRONG]), 0.0),  # right, with words that don't stand there
        (record([]), 0.0),
        (record(), 0.0),
        (ABSTAINED, 0.0),
        (record(PROVED, ended=Ended.ABSTAINED), 0.0),  # what an abstention holds isn't shown
    ],
)
def test_answerable(given: RunRecord, expected: float) -> None:
    assert grounded_of(given) == Scored(expected)


def test_unanswerable() -> None:
    def score(given: RunRecord | None) -> Score:
        return apply(grounded.METRIC, case((), given, answerable=False))

    assert score(ABSTAINED) == Scored(1.0)
    assert score(record(PROVED)) == score(record(PROVED, ended=Ended.PARTLY)) == score(record()) == Scored(0.0)
    assert score(None) == Scored(0.0, "missing from the run")
    assert score(replace(ABSTAINED, ended=Ended.ERROR, error="boom")) == Scored(0.0, "the system failed: boom")


def test_what_it_says_nothing_about() -> None:
    assert apply(grounded.METRIC, case((), record(PROVED))) == NotApplicable("gold has no evidence spans")
    assert grounded_of(record(PROVED), answers=()) == NotApplicable("gold doesn't say what a right answer contains")
    whole = case(EVIDENCE, record(PROVED))
    lost = Case(item=whole.item, record=whole.record, corpus=whole.corpus, quarantined=("q: gone",))
    assert isinstance(apply(grounded.METRIC, lost), Unscored)
    # Gold that can't be compared with is no reason to call an answer wrong.
    assert isinstance(grounded_of(record(PROVED), values=(Value(kind="number", value="many"),)), Unscored)


# --- twins


def twin(given: RunRecord | None, **more: object) -> Score:
    return apply(twins.METRIC, case(EVIDENCE, record(PROVED), twin=given, **more))


def test_a_twin_should_fall_silent() -> None:
    assert twin(ABSTAINED) == Scored(1.0)
    assert twin(record()) == twin(record(ended=Ended.PARTLY)) == Scored(0.0)
    # A system that fails isn't silent by judgement.
    assert twin(replace(ABSTAINED, ended=Ended.ERROR, error="boom")) == Scored(0.0, "the system failed: boom")
    assert twin(None) == NotApplicable("the run has no hidden twins")
    # Who was silent before can't turn to silence.
    silent = case(EVIDENCE, ABSTAINED, twin=ABSTAINED)
    assert apply(twins.METRIC, silent) == NotApplicable("it was silent with the evidence, too")


def test_twins_are_of_items_with_evidence() -> None:
    assert twin(ABSTAINED, answerable=False) == NotApplicable("the question has no answer")
    assert apply(twins.METRIC, case((), record(), twin=ABSTAINED)) == NotApplicable("gold has no evidence spans")


# --- what cheats


def test_a_proof_lies_in_what_somebody_reads() -> None:
    # cite("c", 0) is read over and over until 2,000 characters are gone; the proof that comes then isn't found.
    filler = cite("c", 0)
    times = READ // (filler.end - filler.start)
    assert grounded_of(record([filler] * (times - 2), PROVED)) == Scored(1.0)
    assert grounded_of(record([filler] * (times + 1), PROVED)) == Scored(0.0)


def test_an_answer_marked_as_earlier_is_not_the_answer() -> None:
    given = record(PROVED)
    marked = replace(given, claims=tuple(replace(claim, earlier=True) for claim in given.claims))
    assert grounded_of(given) == Scored(1.0)
    assert grounded_of(marked) == Scored(0.0)
