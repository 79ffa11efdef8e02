"""Span arithmetic against sets of characters, coverage at its edge, and what counts as a valid citation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from citation_cases import CORPUS, cite, cite_at, corpus_of, place
from hypothesis import given
from hypothesis import strategies as st

from eval.corpus import read_corpus
from eval.metrics.metric import Place
from eval.metrics.spans import (
    Extent,
    common,
    complete,
    covered,
    extent,
    inside,
    is_valid,
    size,
    together,
    without,
)
from eval.types import RunCitation, RunSpan
from qa.text import find_quote
from qa.types import Span

NEWSROOM = Path(__file__).resolve().parent.parent / "eval" / "corpora" / "newsroom"

stretches = st.lists(
    st.builds(
        lambda article, start, end: RunSpan(article=article, start=start, end=end),
        st.sampled_from("ab"),
        st.integers(-3, 30),
        st.integers(-3, 30),
    ),
    max_size=12,
)


def characters(spans: list[RunSpan]) -> set[tuple[str, int]]:
    """The oracle: every character by itself."""
    return {(span.article, at) for span in spans for at in range(span.start, span.end)}


def spelled(a: Extent) -> set[tuple[str, int]]:
    """The characters of an extent, which must be in order, without empty or touching spans or empty articles."""
    for spans in a.values():
        assert spans
        assert all(span.start < span.end for span in spans)
        assert all(one.end < other.start for one, other in pairwise(spans))
    found = {(article, at) for article, spans in a.items() for span in spans for at in range(span.start, span.end)}
    assert len(found) == size(a)
    return found


@given(stretches, stretches)
def test_arithmetic_is_that_of_sets_of_characters(one: list[RunSpan], other: list[RunSpan]) -> None:
    a, b = extent(one), extent(other)
    assert spelled(a) == characters(one)
    assert spelled(together(a, b)) == characters(one) | characters(other)
    assert spelled(common(a, b)) == characters(one) & characters(other)
    assert spelled(without(a, b)) == characters(one) - characters(other)


def test_spans_that_touch_become_one() -> None:
    touching = [RunSpan(article="a", start=4, end=9), RunSpan(article="a", start=0, end=4)]
    assert extent(touching) == {"a": (Span(0, 9),)}


@given(stretches, stretches)
def test_the_parts_inside_are_those_of_sets_of_characters(one: list[RunSpan], other: list[RunSpan]) -> None:
    for span in one:
        parts = inside(span, extent(other))
        found = {(span.article, at) for part in parts for at in range(part.start, part.end)}
        assert found == characters([span]) & characters(other)


def test_many_spans_take_little_time() -> None:
    # 20,000 spans: anything quadratic would need 4e8 steps.
    a = extent(RunSpan(article="a", start=3 * i, end=3 * i + 2) for i in range(20_000))
    b = extent(RunSpan(article="a", start=3 * i + 1, end=3 * i + 3) for i in range(20_000))
    began = process_time()
    assert size(common(a, b)) == size(without(a, b)) == 20_000
    assert size(together(a, b)) == 60_000
    assert process_time() - began < 5


# --- coverage


@given(st.text(alphabet="x \n", min_size=1, max_size=20), stretches, st.data())
def test_coverage_counts_what_is_not_white_space(text: str, spans: list[RunSpan], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    wanted = {("a", at) for at in range(start, end) if not text[at].isspace()}
    held = len(wanted & characters(spans))
    expected = bool(wanted) and 5 * held >= 4 * len(wanted)
    assert covered(Place(article="a", start=start, end=end), extent(spans), corpus_of({"a": text})) is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 9, True),
        (0, 7, True),  # 4 of 5 letters; with the spaces it would be 7 of 9, .78
        (2, 9, True),
        (0, 6, False),  # 3 of 5
        (3, 9, False),
    ],
)
def test_coverage_leaves_white_space_out(start: int, end: int, expected: bool) -> None:
    corpus = corpus_of({"x": "a b c d e"})
    held = extent([RunSpan(article="x", start=start, end=end)])
    assert covered(Place(article="x", start=0, end=9), held, corpus) is expected


def test_exactly_four_fifths_are_enough() -> None:
    corpus = corpus_of({"x": "abcde"})
    whole = Place(article="x", start=0, end=5)
    assert covered(whole, extent([RunSpan(article="x", start=1, end=5)]), corpus)
    assert not covered(whole, extent([RunSpan(article="x", start=2, end=5)]), corpus)
    # Two pieces count together, another article's don't.
    pieces = [RunSpan(article="x", start=0, end=2), RunSpan(article="x", start=3, end=5)]
    assert covered(whole, extent(pieces), corpus)
    assert not covered(whole, extent([RunSpan(article="y", start=0, end=5)]), corpus)


def test_a_set_is_complete_when_every_span_is() -> None:
    both = [place("a", 0), place("b", 4)]
    assert complete(both, extent([place("a", 0, 2), place("b", 4)]), CORPUS)
    assert not complete(both, extent([place("a", 0, 2)]), CORPUS)
    assert not complete([], extent([place("a", 0)]), CORPUS)


# --- validity


@pytest.mark.parametrize(
    ("citation", "why"),
    [
        (RunCitation(article="z", start=0, end=3, quote="Sen"), "no such article"),
        (RunCitation(article="a", start=1, end=4, quote="Sen"), "shifted by one"),
        (RunCitation(article="a", start=0, end=4, quote="Sen"), "longer than its quote"),
        (RunCitation(article="a", start=0, end=2, quote="Sen"), "shorter than its quote"),
        (RunCitation(article="a", start=0, end=3, quote="sen"), "another case"),
        (RunCitation(article="a", start=0, end=0, quote=""), "empty"),
        (RunCitation(article="a", start=3, end=0, quote=""), "reversed"),
        (RunCitation(article="a", start=-4, end=-1, quote="t 9"), "counted from the end"),
        (RunCitation(article="a", start=-199, end=3, quote="Sen"), "the same slice by a negative start"),
        (RunCitation(article="a", start=190, end=205, quote="a, part 9."), "past the end, where slicing forgives"),
        (RunCitation(article="a", start=300, end=303, quote=""), "past the end"),
    ],
)
def test_invalid(citation: RunCitation, why: str) -> None:
    assert not is_valid(citation, CORPUS), why


def test_offsets_are_code_points() -> None:
    corpus = corpus_of({"x": "🙂é\u0301 ok"})
    assert is_valid(RunCitation(article="x", start=4, end=6, quote="ok"), corpus)
    assert not is_valid(RunCitation(article="x", start=5, end=7, quote="ok"), corpus)  # in UTF-16 units
    assert is_valid(cite("a", 9), CORPUS)  # up to the last character
    assert is_valid(cite_at("a", 198, 199), CORPUS)


def test_a_quote_of_the_newsroom_is_valid_where_it_stands_and_nowhere_else() -> None:
    corpus = read_corpus(NEWSROOM)
    name = "courier/budget-fiscal-2026.md"
    sentence = corpus[name].sentences[-1]
    quote = corpus[name].text[sentence.start : sentence.end]
    assert [span.start for span in find_quote(corpus[name].text, quote)] == [sentence.start]
    for shift in range(-3, 4):
        shifted = RunCitation(article=name, start=sentence.start + shift, end=sentence.end + shift, quote=quote)
        assert is_valid(shifted, corpus) is (shift == 0)
