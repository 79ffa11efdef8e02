"""How an article is laid out: where its sections begin, which lines are an interviewer's questions and which are the
answers, and who the article is mainly about.

Who a pronoun means is decided in ``references``, who gives the answers in ``speech``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from qa.statements.figures import Figure
from qa.statements.tokens import Line, Reading

_ASKED = re.compile(r"(?:\*\*|__|Q[:.])")
_DECORATION = " *_\"'”’\n"
_HEADLINE_WORTH = 2  # paragraphs that naming a person in the article's first headline counts for


def starts_section(reading: Reading, line: Line) -> bool:
    """Whether a subheading: a headline that isn't an interviewer's question in bold."""
    return line.headline and not (_ASKED.match(_text(reading, (line,))) and _is_question(reading, (line,)))


def answers(reading: Reading) -> list[tuple[int, int]]:
    """Character ranges of interview answers: the paragraphs after a question that are quotes and nothing else."""
    found: list[tuple[int, int]] = []
    start = end = -1
    asked = False
    for paragraph in _paragraphs(reading):
        if asked and _is_quote(reading, paragraph):
            end = reading.tokens[paragraph[-1].last - 1].end
            start = reading.tokens[paragraph[0].first].start if start < 0 else start
            continue
        if start >= 0:
            found.append((start, end))
        start = -1
        asked = _is_asked(reading, paragraph)
    return [*found, (start, end)] if start >= 0 else found


def main_figure(reading: Reading, figures: Sequence[Figure], gender: str) -> Figure | None:
    """The person of this gender who is named in far more paragraphs than any other that may be of it.

    Paragraphs rather than names: somebody who is heard once at length is named often, but in one place. Names inside
    quotes don't count.
    """
    fitting = (figure for figure in figures if (figure.gender or figure.usual) in ("", gender))
    ranked = sorted(((_presence(reading, figure), figure) for figure in fitting), key=lambda pair: -pair[0])
    if not ranked or not is_clear(count for count, _ in ranked[:2]):
        return None
    return ranked[0][1]


def is_clear(counts: Iterable[int]) -> bool:
    """Whether the first of two counts, the second may be missing, is so much larger that there's no doubt."""
    first, second = (*counts, 0, 0)[:2]
    return first >= 2 and first > 2 * second


def _presence(reading: Reading, figure: Figure) -> int:
    named = [place for place in figure.places if place.kind == "name"]
    body = {
        reading.lines[place.line].paragraph
        for place in named
        if not reading.lines[place.line].headline and not reading.quoted[place.first]
    }
    titled = any(place.line == 0 and reading.lines[0].headline for place in named)
    return len(body) + _HEADLINE_WORTH * titled


def _paragraphs(reading: Reading) -> Iterator[tuple[Line, ...]]:
    lines = (line for line in reading.lines if line.last > line.first)
    for _, group in groupby(lines, key=lambda line: (line.paragraph, line.headline)):
        yield tuple(group)


def _is_asked(reading: Reading, paragraph: Sequence[Line]) -> bool:
    """A line in bold, after "Q:" or set as a headline, that ends with a question mark."""
    return _is_question(reading, paragraph) and (
        paragraph[0].headline or _ASKED.match(_text(reading, paragraph[:1])) is not None
    )


def _is_question(reading: Reading, paragraph: Sequence[Line]) -> bool:
    return _text(reading, paragraph[-1:]).rstrip(_DECORATION).endswith("?")


def _is_quote(reading: Reading, paragraph: Sequence[Line]) -> bool:
    return not paragraph[0].headline and all(reading.quoted[paragraph[0].first : paragraph[-1].last])


def _text(reading: Reading, lines: Sequence[Line]) -> str:
    return reading.text[reading.tokens[lines[0].first].start : reading.tokens[lines[-1].last - 1].end]
