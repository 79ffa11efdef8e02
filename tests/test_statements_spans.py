"""Where the words of a statement stand: pieces of what was said, the cue, and who says it as written."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_statements import PIECES, statements

from eval.bench.attributed import measure

POLNEAR = Path(os.environ.get("QA_DATA", Path(__file__).parents[2] / "shared" / "data")) / "polnear" / "data" / "dev"


def parts(text: str) -> list[tuple[list[str], str, str]]:
    """Of each statement the pieces of what was said, the cue and the source as written."""
    return [
        (
            [piece.of(text) for piece in s.content],
            s.cue.of(text) if s.cue else "",
            s.source.of(text) if s.source else "",
        )
        for s in statements(text)
    ]


@pytest.mark.parametrize(
    ("text", "content", "cue", "source"),
    [
        ('"The yard is full," said Karl Jensen.', ['"The yard is full,"'], "said", "Karl Jensen"),
        (
            '"The yard is full," Karl Jensen said on Monday, "and nobody will help."',
            ['"The yard is full,"', '"and nobody will help."'],
            "said",
            "Karl Jensen",
        ),
        ("The yard, Karl Jensen said, is full.", ["The yard", "is full"], "said", "Karl Jensen"),
        ("Karl Jensen told reporters that the yard was full.", ["the yard was full"], "told", "Karl Jensen"),
        ("According to Karl Jensen, the yard is full.", ["the yard is full"], "According", "Karl Jensen"),
        (
            "Karl Jensen, the harbour master, said that the yard was full.",
            ["the yard was full"],
            "said",
            "Karl Jensen, the harbour master",
        ),
        (
            '"The yard is full," said Karl Jensen, the harbour master of Lund.',
            ['"The yard is full,"'],
            "said",
            "Karl Jensen, the harbour master of Lund",
        ),
        ("Two weeks ago the company said that the yard was full.", ["the yard was full"], "said", "the company"),
        ("Shortly after Karl Jensen said that the yard was full.", ["the yard was full"], "said", "Karl Jensen"),
        (
            "Her challenger, Karl Jensen, said that the yard was full.",
            ["the yard was full"],
            "said",
            "Her challenger, Karl Jensen",
        ),
        ("The vote came after Karl Jensen said that the yard was full.", ["the yard was full"], "said", "Karl Jensen"),
        ("LUND — The harbour board said that the yard was full.", ["the yard was full"], "said", "The harbour board"),
        ("At the end of the day Karl Jensen said that it was full.", ["it was full"], "said", "Karl Jensen"),
        ("The company on Monday said that the yard was full.", ["the yard was full"], "said", "The company"),
    ],
)
def test_the_parts_of_a_statement(text: str, content: list[str], cue: str, source: str) -> None:
    assert parts(text) == [(content, cue, source)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Karl Jensen said that the yard was full.", ["name"]),
        ("Karl Jensen runs the yard. He said that it was full.", ["pronoun"]),
        ("The company said that the yard was full.", ["written"]),
        ('"The yard is full," Karl Jensen said. "Nobody will help us with it."', ["name", "before"]),
        ('"The yard is full again today. Nobody will help us," Karl Jensen said.', ["name", "name"]),
        ('"The yard is full again today." "Nobody will help us," Karl Jensen said.', ["after", "name"]),
        ('Karl Jensen put it this way:\n\n"The yard is full again today."', ["announced"]),
        ('"The yard is full again today." - Karl Jensen\n\nKarl Jensen left.', ["signed"]),
    ],
)
def test_why_the_speaker_is_known(text: str, why: list[str]) -> None:
    assert [statement.why for statement in statements(text)] == why


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A spokesperson, Odalys Ferrin, said that the yard was full.", "Odalys Ferrin"),
        ("A spokesperson for the port, Odalys Ferrin, denied that the yard was full.", "Odalys Ferrin"),
        ("The harbour's manager for the region, Ms. Odalys Ferrin, said that it was full.", "Odalys Ferrin"),
        ("Her rival, Odalys Ferrin, said that the yard was full.", "Odalys Ferrin"),
        (
            "The project director, Joost van der Vliet, accepted it but rejected the charge that it was late.",
            "Joost van der Vliet",
        ),
        ("“The marks are the tune,” said Akíntọ́lá, a teacher in Lund.", "Akíntọ́lá"),
        ("Zhang Meilin said that the yard was full.", "Zhang Meilin"),
        ("The city's transit board said that the yard was full.", "The city's transit board"),
    ],
)
def test_whom_a_description_names(text: str, speaker: str) -> None:
    assert [statement.speaker for statement in statements(text)] == [speaker]


def test_an_office_that_is_only_hoped_for_is_nobodys() -> None:
    text = (
        "Anna Berg, the rival, said that she would stop work if she was elected mayor. "
        "The mayor said that the work would go on."
    )
    assert [statement.speaker for statement in statements(text)] == ["Anna Berg", "The mayor"]


def test_a_name_inside_a_quotation_is_not_who_says_it() -> None:
    text = "The union met on Monday. “I have seen Maria Lind’s numbers,” she said. “They are wrong.”"
    assert "Maria Lind" not in [statement.speaker for statement in statements(text)]


def test_whoever_says_that_she_does_it_is_she() -> None:
    text = (
        "Maria Lind called it the best news for years. Nguyễn Thị Hạnh, the union's secretary, said she was happy. "
        '"A number is not a contract," she said.'
    )
    assert [statement.speaker for statement in statements(text)][-1] == "Nguyễn Thị Hạnh"


def test_a_day_is_nobody() -> None:
    assert statements("Those affected will be told by September 30 and will leave in May.") == ()


def test_the_later_sentences_of_a_quotation_know_where_their_speaker_stands() -> None:
    text = '"The yard is full," said Karl Jensen. "Nobody will help us with it."'
    first, second = statements(text)
    assert (second.source, second.cue) == (first.source, first.cue)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_pieces_are_in_order_inside_their_statement(text: str) -> None:
    for statement in statements(text):
        pieces = statement.content
        assert pieces
        assert (pieces[0].start, pieces[-1].end) == (statement.start, statement.end)
        assert all(piece.start < piece.end for piece in pieces)
        assert all(one.end <= two.start for one, two in pairwise(pieces))
        for span in (statement.cue, statement.source):
            assert span is None or 0 <= span.start < span.end <= len(text)


@pytest.mark.skipif(not POLNEAR.is_dir(), reason="QA_DATA has no polnear")
def test_attributions_of_real_news_are_found() -> None:
    parts = measure(POLNEAR, "score").kinds["all"]
    assert parts.gold > 600
    assert parts.precision >= 0.80
    assert parts.recall >= 0.80
    assert parts.exact_sources / parts.gold_sources >= 0.65
