"""Gold spans found in a corpus as it stands today: by position where the article is unchanged, else by their quote.

Where it can't be told which of several equal sentences is meant, a span is quarantined, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from eval.corpus import Corpus, Text
from eval.metrics.metric import Place
from eval.types import GoldSpan, Item
from qa.text import find_quote, normalise
from qa.types import Span

#: Code points of a quote that a reason repeats.
_SHOWN = 60
#: Code points around a quote that are compared with its recorded context (32 are recorded).
_WINDOW = 64


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where a span stands. ``moved``: not where its position says, or only nearly in its words."""

    place: Place
    moved: bool


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Why a span can't be found."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredItem:
    """An item's spans where they stand today; an alternative with a span that can't be found is left out of
    ``evidence``, ``quarantined`` says which and why.
    """

    evidence: tuple[tuple[Place, ...], ...]
    acceptable: tuple[Place, ...]
    quarantined: tuple[str, ...]
    moved: int


def anchor(span: GoldSpan, corpus: Corpus) -> Anchored | Quarantined:
    """Where ``span`` stands in ``corpus``.

    In the text that it was made for, at its position if its quote is there. Otherwise at the occurrence of its quote
    (exact, else as normalised) whose surroundings agree best with the recorded ones; of equals at the one that stands
    at the recorded position, and nowhere if none does.
    """
    text = corpus.get(span.article)
    if text is None:
        return Quarantined("the corpus has no such article")
    recorded = Span(span.start, span.end)
    if text.sha256 == span.sha256 and recorded.of(text.text) == span.quote:
        return Anchored(_place(span.article, recorded), moved=False)
    found = _occurrences(text, span)
    if not found:
        return Quarantined("its quote isn't in the article any more" if span.end else "its quote isn't in the article")
    chosen = _best(text, span, found)
    if chosen is None:
        return Quarantined(f"its quote stands {len(found)} times in the article, and its context doesn't say which")
    exact = chosen.of(text.text) == span.quote
    return Anchored(_place(span.article, chosen), moved=not exact or bool(span.end and chosen != recorded))


def anchor_item(item: Item, corpus: Corpus) -> AnchoredItem:
    """All spans of ``item`` where they stand in ``corpus``."""
    evidence = [[(span, anchor(span, corpus)) for span in spans] for spans in item.evidence]
    acceptable = [(span, anchor(span, corpus)) for span in item.acceptable]
    every = [one for spans in (*evidence, acceptable) for one in spans]
    return AnchoredItem(
        evidence=tuple(_places(spans) for spans in evidence if len(_places(spans)) == len(spans)),
        acceptable=_places(acceptable),
        quarantined=tuple(
            f"{item.id}: {span.article}: {found.reason}: {span.quote[:_SHOWN]!r}"
            for span, found in every
            if isinstance(found, Quarantined)
        ),
        moved=sum(isinstance(found, Anchored) and found.moved for _, found in every),
    )


def _places(spans: Sequence[tuple[GoldSpan, Anchored | Quarantined]]) -> tuple[Place, ...]:
    return tuple(found.place for _, found in spans if isinstance(found, Anchored))


def _place(article: str, span: Span) -> Place:
    return Place(article=article, start=span.start, end=span.end)


def _occurrences(text: Text, span: GoldSpan) -> list[Span]:
    """Where the quote stands, exactly if it does, leaving out where it would begin or end inside a word."""
    found = find_quote(text.text, span.quote, prefix=span.prefix, suffix=span.suffix)
    exact = [one for one in found if one.of(text.text) == span.quote]
    return [one for one in exact or found if not _cuts_word(text.text, one, span)]


def _cuts_word(text: str, found: Span, span: GoldSpan) -> bool:
    """Whether ``found`` begins or ends inside a word where the recorded span didn't ("no." in "casino.")."""
    begins = _joined(text[max(0, found.start - 1) : found.start + 1]) and bool(span.prefix)
    ends = _joined(text[found.end - 1 : found.end + 1]) and bool(span.suffix)
    return (begins and not _joined(span.prefix[-1:] + span.quote[:1])) or (
        ends and not _joined(span.quote[-1:] + span.suffix[:1])
    )


def _joined(pair: str) -> bool:
    return len(pair) == 2 and pair.isalnum()


def _best(text: Text, span: GoldSpan, found: Sequence[Span]) -> Span | None:
    """The one of ``found`` that agrees best with what stood around the span; None where that is several."""
    agreement = {one: _agreement(text.text, one, span) for one in found}
    most = max(agreement.values())
    best = [one for one in found if agreement[one] == most]
    here = [one for one in best if one == Span(span.start, span.end)]
    return best[0] if len(best) == 1 else here[0] if here else None


def _agreement(text: str, found: Span, span: GoldSpan) -> tuple[int, int]:
    """How many characters next to ``found`` are as recorded: as normalised, and exactly."""
    before, after = text[max(0, found.start - _WINDOW) : found.start], text[found.end : found.end + _WINDOW]
    left = _common(normalise(before).text[::-1], normalise(span.prefix).text[::-1])
    right = _common(normalise(after).text, normalise(span.suffix).text)
    return left + right, _common(before[::-1], span.prefix[::-1]) + _common(after, span.suffix)


def _common(a: str, b: str) -> int:
    """The length of what both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
