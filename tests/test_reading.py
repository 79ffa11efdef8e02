"""What the reader gets of an article, and what its words become: ranges in the article, numbers for the scorer."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from answer_corpus import ToyReader, candidates, view
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.features import NAMES, READ_NAMES, Measurer
from qa.answer.reading import Page, head_of, sentences_read
from qa.answer.words import Rarity
from qa.models.reader.passage import Found, Pointed, head
from qa.retrieve.question import read_question
from qa.types import Span

SPEECH = (
    "Petra Holm, an engineer, inspected the bridge on Monday.\n\n"
    'She said the cables are worn. "We need steel," she said.\n\nMayor Ivo Brandt said the ferry will run.'
)
JUNKED = "The Orla bridge will close.\n\nLike Us on Facebook\n\nThe ferry 🚢 of Łódź will run. It carries 40 cars."
LEAST, MOST = -2.5, 2.5


# --- what stands in front


@pytest.mark.parametrize(
    ("title", "people", "published", "written"),
    [
        ("Bridge", ["Petra Holm", "Ivo Brandt"], date(2025, 3, 1), "Bridge · Petra Holm, Ivo Brandt · 1 March 2025"),
        ("Bridge", [], None, "Bridge"),
        ("", ["Petra Holm"], None, "Petra Holm"),
        ("", [], date(1999, 12, 31), "31 December 1999"),
        ("", [], None, ""),
    ],
)
def test_a_head(title: str, people: list[str], published: date | None, written: str) -> None:
    assert head(title, people, published) == written


@pytest.mark.parametrize(
    ("numbers", "people"),
    [
        ((0,), ""),  # she is named there
        ((1,), "Petra Holm"),
        ((2,), "Petra Holm"),  # who speaks in it, from context
        ((1, 2, 3), "Petra Holm"),
        ((0, 1, 2), ""),
        ((3,), ""),
    ],
)
def test_who_is_meant_without_being_named_stands_in_front(numbers: tuple[int, ...], people: str) -> None:
    one = view(SPEECH, "Bridge", published=date(2025, 5, 2))
    assert head_of(one, numbers) == " · ".join(part for part in ("Bridge", people, "2 May 2025") if part)


# --- a page


def test_a_page_is_the_article_from_its_first_to_its_last_sentence() -> None:
    one = view(JUNKED, "Bridge")
    numbers = tuple(found.number for found in candidates(one))
    assert [one.text(number) for number in numbers] == [
        "The Orla bridge will close.", "The ferry 🚢 of Łódź will run.", "It carries 40 cars.",
    ]  # fmt: skip
    page = Page(one, numbers)
    made = page.passage()
    assert (page.start, made.text, made.head) == (0, JUNKED, "Bridge")
    assert [made.text[start:end] for start, end in made.sentences] == [one.text(number) for number in numbers]
    later = Page(one, numbers[1:])
    assert later.start == JUNKED.index("The ferry")
    assert later.passage().text == JUNKED[later.start :]
    assert [later.passage().text[a:b] for a, b in later.passage().sentences] == [one.text(n) for n in numbers[1:]]


WORDS = st.sampled_from(
    ["Ann", "said", "rain", "fell.", "“It", "ended,”", "e\u0301", "👩‍👩‍👧‍👦", "1931.", "\n\n", "\u202e", "Łódź!"]
)


@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join), st.sets(st.integers(0, 30)))
def test_the_sentences_of_any_page_slice_its_text(text: str, chosen: set[int]) -> None:
    one = view(text)
    numbers = tuple(number for number in range(len(one.sentences)) if number in chosen)
    if not numbers:
        return
    page = Page(one, numbers)
    made = page.passage()
    assert [made.text[start:end] for start, end in made.sentences] == [one.text(number) for number in numbers]
    assert text[page.start :].startswith(made.text)
    assert all(before[1] <= after[0] for before, after in pairwise(made.sentences))


# --- what is made of a reading


def found(*spans: Pointed, evidence: tuple[float, ...], answerable: float = 0.0) -> Found:
    return Found(answerable=answerable, spans=spans, evidence=evidence, cut=False)


def page_of(text: str, *, skip: int = 0) -> Page:
    one = view(text)
    return Page(one, tuple(found.number for found in candidates(one))[skip:])


def test_what_is_said_of_each_sentence_by_hand() -> None:
    page = page_of("Rain fell. The ferry sank at nine. Nobody knew why.", skip=1)
    text = page.passage().text
    nine = text.index("at nine")
    sank = Pointed(start=text.index("sank"), end=text.index("sank") + 4, margin=1.0)
    at_nine = Pointed(start=nine, end=nine + 7, margin=6.0)
    read = sentences_read(page, found(at_nine, sank, evidence=(4.0, -1.0), answerable=2.0))
    assert list(read) == list(page.numbers)
    first, second = read.values()
    assert first.values == (1.0, 1.5, 1.0, 0.5)  # log-odds are divided by four
    assert second.values == (-0.25, LEAST, 0.0, 0.5)
    assert first.span is not None
    assert first.span.of(page.view.article.text) == "at nine"  # offsets of the article, not of the page
    assert second.span is None


def test_the_best_span_elsewhere_is_not_a_sentences_best() -> None:
    page = page_of("The ferry sank. Nobody knew why.")
    why = page.passage().text.index("why")
    spans = Pointed(start=why, end=why + 3, margin=2.0), Pointed(start=4, end=9, margin=1.0)
    read = sentences_read(page, found(*spans, evidence=(0.0, 0.0)))
    assert [one.values[2] for one in read.values()] == [0.0, 1.0]
    assert [one.span and one.span.of(page.view.article.text) for one in read.values()] == ["ferry", "why"]


def test_no_span_at_all() -> None:
    page = page_of("The ferry sank.")
    (read,) = sentences_read(page, found(evidence=(0.0,))).values()
    assert (read.values, read.span) == ((0.0, LEAST, 0.0, 0.0), None)


def test_a_span_that_runs_on_ends_with_its_sentence() -> None:
    page = page_of("The ferry sank. Nobody knew why.")
    text = page.passage().text
    whole = Pointed(start=text.index("sank"), end=len(text), margin=3.0)
    first, second = sentences_read(page, found(whole, evidence=(0.0, 0.0))).values()
    assert first.span is not None
    assert first.span.of(text) == "sank."
    assert second.span is None


def test_a_span_between_the_sentences_belongs_to_none() -> None:
    page = page_of(JUNKED)
    place = page.passage().text.index("Facebook")
    spans = Pointed(start=place, end=place + 8, margin=9.0), Pointed(start=4, end=8, margin=1.0)
    read = list(sentences_read(page, found(*spans, evidence=(0.0,) * 3)).values())
    assert [one.span and one.span.of(JUNKED) for one in read] == ["Orla", None, None]
    assert [one.values[2] for one in read] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("margin", "words", "shown"), [(5.0, 3, True), (-50.0, 3, False), (5.0, 90, False)])
def test_a_weak_or_long_answer_is_not_shown_as_the_short_one(margin: float, words: int, shown: bool) -> None:
    text = f"It was {'word ' * words}in all."
    page = page_of(text)
    (read,) = sentences_read(page, found(Pointed(start=7, end=6 + 5 * words, margin=margin), evidence=(0.0,))).values()
    assert (read.span is not None) == shown
    assert read.values[1] == max(LEAST, margin / 4)


ODDS = st.floats(-1e6, 1e6)


@given(
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 200), ODDS), max_size=5),
    st.lists(ODDS, min_size=31, max_size=31),
)
def test_any_reading_gives_small_numbers_and_spans_inside(
    text: str, places: list[tuple[int, int, float]], odds: list[float]
) -> None:
    page = page_of(text)
    if not page.numbers:
        return
    made = page.passage()
    spans = [
        Pointed(start=start, end=min(start + length, len(made.text)), margin=margin)
        for start, length, margin in places
        if start < len(made.text)
    ]
    reading = found(*spans, evidence=tuple(odds[: len(page.numbers)]), answerable=odds[-1])
    for number, read in sentences_read(page, reading).items():
        sentence = page.view.sentences[number]
        assert all(LEAST <= value <= MOST for value in read.values)
        if read.span is not None:
            assert sentence.start <= read.span.start < read.span.end <= sentence.end


def test_a_reader_and_a_page_fit_together() -> None:
    """From an article to a highlight, with the toy: what isn't asked with is pointed at."""
    one = view("Petra Holm inspected the bridge of Orla on Monday. Rain fell in the night.")
    page = Page(one, (0, 1))
    question = read_question("Who inspected the bridge of Orla on Monday?")
    read = sentences_read(page, ToyReader().read(question.text, page.passage()))
    assert read[0].span is not None
    assert read[0].span.of(one.article.text) == "Petra Holm"
    measured = [
        Measurer(question, Rarity(2)).measure(found).with_reading(read[found.number]) for found in candidates(one)
    ]
    assert [len(found.values) for found in measured] == [len(NAMES)] * 2
    assert measured[0].value(READ_NAMES[0]) > measured[1].value(READ_NAMES[0])
    assert measured[0].pointed == Span(0, 10)
