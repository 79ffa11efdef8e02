"""What the reader reads and what it says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPassage:
    """A passage to be read. ``head`` (title, date, who is meant) is read but never pointed into; ``sentences`` are
    ranges [start, end) in ``text``, in code points, in order, not overlapping.
    """

    head: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A span [start, end) of the passage's text as an answer; ``margin`` is its log-odds against "no answer here"."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the reader says of one passage.

    ``answerable``: log-odds that the passage answers the question, by a head of its own. ``spans``: best first, at most
    5, no two overlapping; empty only where the text has no word. ``evidence``: for each sentence the log-odds that it
    helps to answer. ``cut``: the passage was longer than one reading, and was read in overlapping windows.
    """

    answerable: float
    spans: tuple[Pointed, ...]
    evidence: tuple[float, ...]
    cut: bool


def head(title: str, people: Sequence[str], published: date | None) -> str:
    """What stands in front of a text: its title, who is meant in it without being named, and its date."""
    day = f"{published.day} {published:%B %Y}" if published else ""
    return " · ".join(part for part in (title, ", ".join(people), day) if part)
