"""Span arithmetic: characters of articles as merged spans, what of them a record validly cites, and what gold covers.

All is counted in code points, except coverage, which leaves white space out: sentence cutters differ at edges. What a
single metric makes of it isn't here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from eval.corpus import Corpus
from eval.metrics.metric import Case, Place, both, if_answerable, if_evidence
from eval.types import RunCitation
from qa.types import Span

#: A gold span is covered by spans that hold this share of its characters other than white space.
COVERED = 0.8
#: So many characters of citations are read before a proof is given up: some dozen sentences, about 500 tokens.
READ = 2_000

#: Characters of articles: by article's name its spans in order, none empty, no two overlapping or touching.
Extent = Mapping[str, tuple[Span, ...]]

#: Says something about items that have an answer with gold spans.
if_proved = both(if_answerable, if_evidence)


class Stretch(Protocol):
    """Whatever names a range ``[start, end)`` of an article: a place, a hit, a citation."""

    @property
    def article(self) -> str:
        """The article's name."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the last."""


# --- arithmetic ------------------------------------------------------------------------------------------------------


def extent(stretches: Iterable[Stretch]) -> Extent:
    """The characters in any of ``stretches``. Takes n log n time; empty and reversed ranges hold none."""
    found: dict[str, list[Span]] = {}
    for stretch in stretches:
        if stretch.start < stretch.end:
            found.setdefault(stretch.article, []).append(Span(stretch.start, stretch.end))
    return {article: _merged(spans) for article, spans in found.items()}


def together(*extents: Extent) -> Extent:
    """The characters in any of ``extents``."""
    found: dict[str, list[Span]] = {}
    for one in extents:
        for article, spans in one.items():
            found.setdefault(article, []).extend(spans)
    return {article: _merged(spans) for article, spans in found.items()}


def common(a: Extent, b: Extent) -> Extent:
    """The characters in both. Linear."""
    found = {article: _common(spans, b[article]) for article, spans in a.items() if article in b}
    return {article: spans for article, spans in found.items() if spans}


def without(a: Extent, b: Extent) -> Extent:
    """The characters in ``a`` that aren't in ``b``. Linear."""
    found = {article: _without(spans, b.get(article, ())) for article, spans in a.items()}
    return {article: spans for article, spans in found.items() if spans}


def size(a: Extent) -> int:
    """How many characters these are."""
    return sum(span.end - span.start for spans in a.values() for span in spans)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _common(a: Sequence[Span], b: Sequence[Span]) -> tuple[Span, ...]:
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            found.append(Span(start, end))
        if a[i].end < b[j].end:
            i += 1
        else:
            j += 1
    return tuple(found)


def _without(a: Sequence[Span], b: Sequence[Span]) -> tuple[Span, ...]:
    found, j = [], 0
    for span in a:
        start = span.start
        while j < len(b) and b[j].end <= start:
            j += 1
        k = j
        while k < len(b) and b[k].start < span.end:
            if start < b[k].start:
                found.append(Span(start, b[k].start))
            start = b[k].end
            k += 1
        if start < span.end:
            found.append(Span(start, span.end))
        j = max(j, k - 1)  # the last may reach into the next span of ``a``
    return tuple(found)


def inside(place: Stretch, a: Extent) -> tuple[Span, ...]:
    """The parts of ``place`` that are in ``a``."""
    spans = a.get(place.article, ())
    first = bisect_right(spans, place.start, key=lambda span: span.end)
    last = bisect_left(spans, place.end, key=lambda span: span.start)
    return _common((Span(place.start, place.end),), spans[first:last]) if first < last else ()


# --- coverage --------------------------------------------------------------------------------------------------------


def covered(place: Place, a: Extent, corpus: Corpus) -> bool:
    """Whether ``a`` holds at least ``COVERED`` of the characters of ``place`` that aren't white space."""
    text = corpus[place.article].text
    whole = _visible(place.span.of(text))
    held = sum(_visible(span.of(text)) for span in inside(place, a))
    return whole > 0 and held / whole >= COVERED


def complete(alternative: Sequence[Place], a: Extent, corpus: Corpus) -> bool:
    """Whether ``a`` covers every span of an evidence set."""
    return bool(alternative) and all(covered(place, a, corpus) for place in alternative)


def _visible(text: str) -> int:
    return sum(map(len, text.split()))


# --- what a case cites, and what gold holds --------------------------------------------------------------------------


def is_valid(citation: RunCitation, corpus: Corpus) -> bool:
    """Whether the words that a citation claims stand exactly where it says, in an article of the corpus."""
    text = corpus.get(citation.article)
    if text is None or not 0 <= citation.start < citation.end <= len(text.text):
        return False
    return text.text[citation.start : citation.end] == citation.quote


def citations(case: Case) -> tuple[RunCitation, ...]:
    """All citations shown with an answer; none where there is no answer."""
    return case.answer.citations if case.answer.answered else ()


def cited(case: Case) -> Extent:
    """The characters that the answer validly cites."""
    return extent(citation for citation in citations(case) if is_valid(citation, case.corpus))


def invalid(case: Case) -> frozenset[RunCitation]:
    """The citations that aren't valid, each once."""
    return frozenset(citation for citation in citations(case) if not is_valid(citation, case.corpus))


def claimed(case: Case) -> int:
    """How many characters the invalid citations claim: by offsets or by quote, whichever is more; at least 1 each."""
    return sum(max(one.end - one.start, len(one.quote), 1) for one in invalid(case))


def gold(case: Case) -> Extent:
    """The characters of all evidence sets and acceptable spans: what may be cited."""
    return together(*map(extent, case.evidence), extent(case.acceptable))


def fully_cited(case: Case) -> bool:
    """Whether the first ``READ`` characters of the valid citations cover every span of one evidence set.

    Who is shown a proof has to find it: citing whole articles isn't one. A character cited twice is read twice.
    """
    shown, left = [], READ
    for one in citations(case):
        if left > 0 and is_valid(one, case.corpus):
            shown.append(replace(one, end=min(one.end, one.start + left)))
            left -= one.end - one.start
    return any(complete(alternative, extent(shown), case.corpus) for alternative in case.evidence)
