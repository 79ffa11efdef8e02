"""Reads passages with the reader: what stands in front of each, in which order, and what it says of each sentence.

Which sentences answer, all told, is ``scorer``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.view import ArticleView
from qa.models.reader.passage import Found, Pointed, ReaderPassage, head
from qa.types import Span

#: Log-odds are divided by this and cut at ``_MOST``: what is beyond is as good as certain, either way.
_SCALE, _MOST = 4.0, 2.5
#: An answer that is weaker than this against none isn't shown as the short answer; nor is a longer one (code points).
_SHOWN, _LONGEST = -2.0, 120


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """What the reader says of a sentence: ``values`` are those of ``features.READ_NAMES``, each between -2.5 and 2.5;
    ``span`` is the answer that it points at inside, in offsets of the article.
    """

    values: tuple[float, float, float, float]
    span: Span | None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an article as the reader gets it: from the first of some sentences to the last, and what's between."""

    view: ArticleView
    numbers: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where it begins in the article."""
        return self.view.sentences[self.numbers[0]].start

    def passage(self) -> ReaderPassage:
        """What the reader reads."""
        spans = [self.view.sentences[number] for number in self.numbers]
        start = self.start
        return ReaderPassage(
            head=head_of(self.view, self.numbers),
            text=self.view.article.text[start : spans[-1].end],
            sentences=tuple((span.start - start, span.end - start) for span in spans),
        )


def head_of(view: ArticleView, numbers: Sequence[int]) -> str:
    """What stands in front of some sentences: the title, who is meant there without being named, and the date."""
    named, meant = set(), []
    for number in numbers:
        for one in view.meant(number):
            if one.kind == "name":
                named.add(one.person.name)
            else:
                meant.append(one.person.name)
        meant += [one.speaker for one in view.said(number) if one.inferred]
    people = [name for name in dict.fromkeys(meant) if name not in named]
    return head(view.article.title, people, view.article.published)


def sentences_read(page: Page, found: Found) -> dict[int, SentenceRead]:
    """What the reader says of each sentence of a page, by the sentence's number."""
    best = found.spans[0] if found.spans else None
    start, read = page.start, {}
    for place, number in enumerate(page.numbers):
        sentence = page.view.sentences[number]
        inside = [one for one in found.spans if _in(one, start, sentence.start, sentence.end)]
        pointed = inside[0] if inside else None
        read[number] = SentenceRead(
            values=(
                _squeezed(found.evidence[place]),
                _squeezed(pointed.margin) if pointed else -_MOST,
                float(pointed is not None and pointed is best),
                _squeezed(found.answerable),
            ),
            span=_short(pointed, start, sentence.start, sentence.end) if pointed else None,
        )
    return read


def _in(one: Pointed, start: int, begin: int, end: int) -> bool:
    """Whether a span of a page that begins at ``start`` begins in a sentence."""
    return begin <= start + one.start < end


def _short(one: Pointed, start: int, begin: int, end: int) -> Span | None:
    span = Span(max(begin, start + one.start), min(end, start + one.end))
    return span if one.margin >= _SHOWN and 0 < span.end - span.start <= _LONGEST else None


def _squeezed(logit: float) -> float:
    return max(-_MOST, min(_MOST, logit / _SCALE))
