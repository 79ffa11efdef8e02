"""Passages: which sentences stand together, and how large they get."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.passages import TARGET, passages, sizes
from qa.ingest.segment import segment
from qa.types import PassageSpan, Role, SentenceSpan


def laid_out(lengths: list[int], roles: list[Role] | None = None) -> tuple[str, list[SentenceSpan]]:
    """Sentences of the lengths given, a space between; ``roles`` are body where none are given."""
    text, found = "", []
    for number, length in enumerate(lengths):
        role = roles[number] if roles else Role.BODY
        found.append(SentenceSpan(start=len(text), end=len(text) + length, role=role))
        text += "W" + "o" * (length - 2) + ". " if length > 1 else "W "
    return text, found


def ranges(found: list[PassageSpan]) -> list[tuple[int, int]]:
    return [(passage.first, passage.last) for passage in found]


def test_short_texts_are_one_passage() -> None:
    text, sentences = laid_out([100, 100, 100])
    assert ranges(passages(text, sentences, [0, 1, 2])) == [(0, 3)]


def test_borders_prefer_paragraphs() -> None:
    text, sentences = laid_out([100] * 12)
    assert ranges(passages(text, sentences, [0] * 5 + [1] * 7)) == [(0, 5), (5, 12)]
    assert ranges(passages(text, sentences, [0] * 6 + [1] * 6)) == [(0, 6), (6, 12)]


def test_a_small_tail_joins_its_neighbour() -> None:
    text, sentences = laid_out([180, 180, 180, 60])
    assert ranges(passages(text, sentences, [0, 0, 0, 1])) == [(0, 4)]


def test_a_long_sentence_stands_alone() -> None:
    text, sentences = laid_out([500, 2000, 500])
    assert ranges(passages(text, sentences, [0, 0, 0])) == [(0, 1), (1, 2), (2, 3)]


def test_nothing_spans_what_is_no_body() -> None:
    roles = [Role.HEADLINE, Role.BODY, Role.BODY, Role.JUNK, Role.BODY, Role.CAPTION, Role.CAPTION, Role.BODY]
    text, sentences = laid_out([50] * 8, roles)
    assert ranges(passages(text, sentences, list(range(8)))) == [(1, 3), (4, 5), (7, 8)]
    assert passages(text, sentences[:1], [0]) == []


def test_a_quote_and_who_said_it_stay_together() -> None:
    filler = "The lamps of the harbour were lit one after the other while the crowd on the quay grew and grew. " * 5
    quote = '"We waited for the boat until the last lamp went out, and then we walked the whole way home in the dark."'
    cue = (
        "Orla Finch made this remark to the harbour guard on the first of May, and nobody has asked her about it since."
    )
    text = "\n\n".join([filler.strip(), quote, cue, filler.strip()])
    found = segment(text)
    with_quote = [passage for passage in found.passages if passage.start <= text.index(quote) < passage.end]
    assert cue in text[with_quote[0].start : with_quote[0].end]


@pytest.mark.parametrize("target", [200, TARGET, 1000])
def test_the_size_follows_the_target(target: int) -> None:
    text = "\n\n".join(
        f"Boat {number} left the harbour of Tarn before the storm came in from the west." for number in range(400)
    )
    lengths = [passage.end - passage.start for passage in segment(text, target=target).passages]
    assert target * 0.7 < sum(lengths) / len(lengths) < target * 1.3
    assert max(lengths) <= sizes(target).largest


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 1200) | st.integers(1, 200), st.sampled_from(Role), st.booleans()), max_size=60),
    st.integers(50, 1500),
)
def test_every_body_sentence_is_in_exactly_one_passage(drawn: list[tuple[int, Role, bool]], target: int) -> None:
    roles = [role if other else Role.BODY for _, role, other in drawn]
    text, sentences = laid_out([length for length, _, _ in drawn], roles)
    paragraphs = [sum(new for _, _, new in drawn[: number + 1]) for number in range(len(drawn))]
    found = passages(text, sentences, paragraphs, target=target)
    inside = [number for passage in found for number in range(passage.first, passage.last)]
    assert inside == [number for number, role in enumerate(roles) if role is Role.BODY]
    for passage in found:
        assert (passage.start, passage.end) == (sentences[passage.first].start, sentences[passage.last - 1].end)
        assert passage.last - passage.first == 1 or passage.end - passage.start <= sizes(target).largest
