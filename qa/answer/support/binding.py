"""Whether figures and dates of a claim belong to what the evidence gives them to: "300 in Leeds and 500 in York"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.answer.support.cited import Piece
from qa.answer.support.figures import figures
from qa.answer.support.names import names_in
from qa.answer.support.reading import Line
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, fails, weakens
from qa.retrieve.words import PREPOSITIONS
from qa.statements.naming import name_parts

_MOST = 64  # places of one item that are looked at
_CUTS = frozenset((";", "while", "but", "whereas", "compared", "against", "versus", "then"))


@dataclass(frozen=True, slots=True)
class _Item:
    """A figure or a time: what kind it is, what it is, and where it stands. ``reaching``: a time from or up to which
    something holds ("since 2016").
    """

    kind: str
    value: str
    first: int
    last: int
    reaching: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes two items one."""
        return self.kind, self.value


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A part of a sentence with its items. ``subjects`` are the last words of names that stand plainly before the item,
    ``places`` of those after a preposition; ``words`` are stems of its other content words.
    """

    items: tuple[_Item, ...]
    subjects: frozenset[str]
    places: frozenset[str]
    words: frozenset[str]
    shared: frozenset[str]  # of ``words`` and ``subjects``: what stands before the item, or is counted
    lead: frozenset[str]  # of ``words``: what stands before the item
    aside: bool  # it follows a comma: "5,000 people, 300 of them in Leeds"


def binding(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """Figures and dates given to another than in the evidence."""
    for line in claim:
        for mine in _chunks(line):
            found = (_bound(line, mine, item, cited) or _other_time(line, mine, item, cited) for item in mine.items)
            reason = next((reason for reason in found if reason is not None), None)
            if reason is not None:
                yield reason
                return
        yield from _across(line, cited)


def _bound(line: Line, mine: _Chunk, item: _Item, cited: Sequence[Piece]) -> Reason | None:
    words = line.said(item.first, item.last)
    objections: list[Reason] = []
    for piece in cited:
        chunks = [chunk for other in piece.lines for chunk in _chunks(other)]
        here = [chunk for chunk in chunks if _holds(chunk, item)]
        others = (chunk for chunk in chunks if not _holds(chunk, item))
        rivals = [chunk for chunk in others if any(other.kind == item.kind for other in chunk.items)]
        for chunk in here[:_MOST]:
            fault = next((fault for rival in rivals[:_MOST] if (fault := _belongs_to_other(mine, chunk, rival))), "")
            if not fault:
                return None
            text = f"{words!r} is of something else in the evidence, not of {fault!r}"
            objections.append(fails(Failure.BINDING, words, text))
    return objections[0] if objections else None


def _other_time(line: Line, mine: _Chunk, item: _Item, cited: Sequence[Piece]) -> Reason | None:
    """A figure told of a time that the evidence gives to another figure: "2.8 percent in October from 3.0 in May"."""
    chunks = [chunk for piece in cited for other in piece.lines for chunk in _chunks(other)]
    for other in mine.items:
        if item.kind == other.kind or other.kind != "time" or other.reaching:
            continue
        with_item = [chunk for chunk in chunks if _holds(chunk, item)]
        timed = all(any(one.kind == "time" for one in chunk.items) for chunk in with_item)
        if not with_item or not timed or any(_holds(chunk, other) for chunk in with_item):
            continue
        if any(_holds(chunk, other) for chunk in chunks):
            words = line.said(item.first, item.last)
            when = line.said(other.first, other.last)
            return fails(Failure.BINDING, words, f"{words!r} is of another time in the evidence, not of {when!r}")
    return None


def _holds(chunk: _Chunk, item: _Item) -> bool:
    return any(item.key == other.key for other in chunk.items)


def _belongs_to_other(mine: _Chunk, own: _Chunk, rival: _Chunk) -> str:
    """What of the claim's part shows that its item was taken from ``own`` and its words from ``rival``."""
    names = mine.subjects | mine.places
    all_own = own.subjects | own.places
    for kind, theirs, owned in (("places", rival.places, own.places), ("subjects", rival.subjects, own.subjects)):
        taken = (names & theirs) - all_own
        if taken and not owned & names and (owned or (kind == "places" and rival.aside)):
            return min(taken)
    if own.words and rival.words and not own.words & mine.words:
        taken = (mine.words & rival.words) - own.words - (rival.shared if not own.shared else frozenset())
        if taken and len(taken) == len(mine.words):
            return min(taken)
    return _other_kind(mine, own, rival)


def _other_kind(mine: _Chunk, own: _Chunk, rival: _Chunk) -> str:
    """ "sheep" of "sheep farmers lost 3 and dairy farmers 5": of one thing two kinds, and the claim has the other."""
    taken = (mine.lead & rival.lead) - own.lead
    contrasted = mine.lead & own.lead & rival.lead and own.lead - mine.lead - rival.lead
    return min(taken) if taken and contrasted else ""


@lru_cache(maxsize=1_024)
def _chunks(line: Line) -> tuple[_Chunk, ...]:
    """The parts of a sentence, cut where a new item of the same kind has something of its own."""
    items = _items(line)
    edges = _edges(line, items)
    found = []
    for first, last in zip([0, *edges], [*edges, len(line.words)], strict=True):
        inside = tuple(item for item in items if first <= item.first < last)
        if inside:
            found.append(_chunk(line, first, last, inside))
    return tuple(found)


def _items(line: Line) -> list[_Item]:
    found = [
        _Item(one.unit or "number", f"{one.value.normalize()}-{one.high}", one.first, one.last)
        for one in figures(line)
        if not one.loose and one.unit != "ordinal"
    ]
    found += [
        _Item("time", f"{t.year}-{t.month}-{t.day}-{t.shift}-{t.unit}", t.first, t.last, t.place in ("since", "until"))
        for t in times(line)
    ]
    return sorted(found, key=lambda item: item.first)


def _edges(line: Line, items: Sequence[_Item]) -> list[int]:
    """Between two items of a kind: at the conjunction, comma or semicolon there."""
    edges = []
    for one, two in pairwise(items):
        if one.kind != two.kind:
            other = next((item for item in items if item.first > one.last and item.kind == one.kind), None)
            if other is None:
                continue
            two = other
        between = range(one.last, two.first)
        cut = [at for at in between if line.low(at) in _CUTS or line.low(at) in ("and", "from")]
        if (
            not cut
            and line.low(two.first - 1) == "to"
            and any(item.kind == "time" for item in items if item.first in between)
        ):
            cut = [two.first - 1]  # "from 3 percent in October to 2 percent in November"
        cut = cut or [at for at in between if line.low(at) == ","]
        if cut and cut[0] not in edges and cut[0] < two.first:
            edges.append(cut[0])
    return sorted(edges)


def _chunk(line: Line, first: int, last: int, items: tuple[_Item, ...]) -> _Chunk:
    said = (report for report in line.reports if first <= report.first <= items[0].first < report.last)
    first = max((report.first for report in said), default=first)  # who says it isn't what it's of
    names = [name for name in names_in(line) if first <= name.first < last]
    placed = {name.parts[-1] for name in names if _after_preposition(line, name.first, first)}
    after = range(items[0].last, last)
    nouns = {line.stem(at) for at in after if line.words[at].content and _after_preposition(line, at, first)}
    subjects = {name.parts[-1] for name in names if name.first < items[0].first} - placed
    named = {at for name in names for at in range(name.first, name.last)}
    in_items = {at for item in items for at in range(item.first, item.last)}
    content = [at for at in range(first, last) if line.words[at].content and at not in named and at not in in_items]
    counted = range(items[0].last, min(items[0].last + 3, last))
    shared = [at for at in content if at < items[0].first or at in counted]
    elliptic = not any(at < items[0].first for at in content) and not subjects
    return _Chunk(
        lead=frozenset(line.stem(at) for at in content if at < items[0].first),
        aside=line.low(first) == ",",
        items=items,
        subjects=frozenset(subjects),
        places=frozenset(placed | nouns),
        words=frozenset(line.stem(at) for at in content),
        shared=frozenset() if elliptic else frozenset(line.stem(at) for at in shared),
    )


def _after_preposition(line: Line, at: int, first: int) -> bool:
    step = at - 1
    while step >= first and line.low(step) in ("the", "a", "an", "its"):
        step -= 1
    return step >= first and line.low(step) in PREPOSITIONS


# --- over several articles


def _across(line: Line, cited: Sequence[Piece]) -> Iterator[Reason]:
    """A figure and a name of one sentence that only meet across sentences of different articles."""
    if len({piece.article for piece in cited}) < 2:
        return
    held: dict[str, tuple[set[tuple[str, str]], set[str]]] = {}
    for piece in cited:
        items, words = held.setdefault(piece.article, (set(), set()))
        items.update(item.key for other in piece.lines for item in _items(other))
        words.update(word.low for other in (*piece.lines, *piece.title) for word in other.words)
        words.update(part for name in piece.meant for part in name_parts(name))
    names = [name for name in names_in(line) if name.sure]
    for item in _items(line):
        having = [words for items, words in held.values() if item.key in items]
        apart = next((name for name in names if not any(name.parts[-1] in words for words in having)), None)
        if having and apart is not None:
            number = line.said(item.first, item.last)
            text = f"{number!r} and {apart.text!r} only come together from different articles"
            yield weakens(Failure.BINDING, number, text)
            return
