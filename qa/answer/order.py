"""In which order pieces are shown, and what is said about that: people apart, the newest figure first, a correction
before all.

Which pieces there are is decided in ``pieces``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.answer.notices import is_correction
from qa.answer.pieces import CHANGING, Piece, odds
from qa.answer.words import content_stems
from qa.statements.naming import covers, name_parts
from qa.statements.people import matches
from qa.types import Article, Citation, Hit, Question

#: Pieces whose odds are at least this share of the best one's are told apart by date, not by score.
_AS_GOOD = 0.5
#: Among so many of the first hits an article is looked for that overtakes those cited; so many are named.
_NEAR, _OVERTAKING = 8, 2
_FIGURES = frozenset({"quantity", "when"})


def ordered(question: Question, found: Sequence[Piece]) -> list[Piece]:
    """The pieces as they are shown, older figures marked by a reason that starts with "earlier"."""
    groups = _groups(question, found)
    marked = [_marked(question, group) for group in groups]
    return [piece for group in marked for piece in group]


def ambiguities(question: Question, found: Sequence[Piece]) -> tuple[str, ...]:
    """A note for each name of the question that several of the people shown bear."""
    notes = []
    for asked in question.people:
        bearers: list[str] = []
        for name in _people_shown(found, asked):
            if not any(_same_person(name, other) for other in bearers):
                bearers.append(name)
        if len(bearers) > 1:
            names = ", ".join(bearers[:-1]) + f" or {bearers[-1]}"
            notes.append(f"{asked!r} may mean {names}; what each says stands apart")
    return tuple(notes)


def newer(question: Question, cited: Sequence[Citation], hits: Sequence[Hit]) -> tuple[str, ...]:
    """A note for each article near the question that isn't cited and newer than what is shown first: that may have
    been overtaken.

    Only for questions whose answer changes with time, and that don't say which time they mean. An article is near
    where it is among the first hits, meets as many of the question's names as any, and has one of them, or a word
    asked about, in its title.
    """
    if question.kind not in (*CHANGING, "statement") or question.years or not cited:
        return ()
    there, first = {citation.article_id for citation in cited}, cited[0].published or date.min
    most = max((len(hit.musts) for hit in hits), default=0)
    asked = {stem for text in (*question.names, *question.terms) for stem in content_stems([text])}
    overtaking = {
        hit.article.id: hit.article
        for hit in hits[:_NEAR]
        if _published(hit.article) > first
        and hit.article.id not in there
        and not is_correction(hit.article)  # which has a note of its own
        and len(hit.musts) == most
        and asked & set(content_stems([hit.article.title]))
    }
    return tuple(
        f"this may be out of date; newer, and not cited: {article.title!r} ({article.published}); qa show {article.id}"
        for article in sorted(overtaking.values(), key=_published, reverse=True)[:_OVERTAKING]
    )


def corrections(cited: Sequence[Citation], hits: Sequence[Hit]) -> tuple[str, ...]:
    """A note for each correction near the question that isn't cited."""
    there = {citation.article_id for citation in cited}
    most = max((len(hit.musts) for hit in hits), default=0)
    near = {hit.article.id: hit.article for hit in hits[:_NEAR] if len(hit.musts) == most}
    return tuple(
        f"a correction, and not cited: {article.title!r} ({article.published or 'undated'}); qa show {article.id}"
        for article in near.values()
        if article.id not in there and is_correction(article)
    )


def _published(article: Article) -> date:
    return article.published or date.min


def _people_shown(found: Sequence[Piece], asked: str) -> list[str]:
    names = []
    for piece in found:
        meant = [meant.person for number in range(piece.first, piece.last + 1) for meant in piece.view.meant(number)]
        said = {piece.speaker.name} if piece.speaker else set()
        persons = [person for person in piece.view.people if person.name in said] or meant
        names += [person.name for person in persons if matches(asked, person)]
    return names


def _same_person(one: str, other: str) -> bool:
    """Full names of one person: equal, or one a form of the other. A surname alone is nobody's but its own
    article's.
    """
    a, b = name_parts(one), name_parts(other)
    if a == b:
        return True
    return len(a) > 1 and len(b) > 1 and (covers(a, b) or covers(b, a))


def _groups(question: Question, found: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by person for statements (each person's together, the best person first); all in one group otherwise."""
    if question.kind != "statement":
        return [list(found)] if found else []
    groups: list[tuple[str, list[Piece]]] = []
    for piece in sorted(found, key=lambda piece: -piece.score):
        name = piece.speaker.name if piece.speaker else ""
        for known, group in groups:
            if name and known and _same_person(name, known):
                group.append(piece)
                break
        else:
            groups.append((name, [piece]))
    return [group for _, group in groups]


def _marked(question: Question, group: list[Piece]) -> list[Piece]:
    best = max(odds(piece.score) for piece in group)
    dated = question.kind in (*CHANGING, "statement") and not question.years
    good = [piece for piece in group if dated and odds(piece.score) >= _AS_GOOD * best]
    rest = [piece for piece in group if not any(piece is one for one in good)]
    if not dated:
        good = [piece for piece in group if is_correction(piece.view.article)]
        rest = [piece for piece in group if not is_correction(piece.view.article)]
        return [*_by_article(question, good), *_by_article(question, rest)]
    if len({piece.view.article.id for piece in good}) < 2:
        good, rest = [], list(group)
    return [*_by_date(question, good), *_by_article(question, rest)]


def _by_date(question: Question, good: Sequence[Piece]) -> list[Piece]:
    """Corrections, then the newest first; figures of older articles are marked."""
    newest_first = sorted(_by_article(question, good), key=lambda piece: -_day(piece).toordinal())
    placed = sorted(newest_first, key=lambda piece: not is_correction(piece.view.article))
    if question.kind not in _FIGURES or not placed:
        return placed
    return [placed[0], *(_earlier(piece, placed[0]) for piece in placed[1:])]


def _earlier(piece: Piece, first: Piece) -> Piece:
    published, newest = piece.view.article.published, first.view.article.published
    if published is None or newest is None or published >= newest or _short(piece) == _short(first):
        return piece
    return replace(piece, reasons=(*piece.reasons, f"earlier: {published.isoformat()}"))


def _short(piece: Piece) -> str:
    """The short answer in a piece, to tell whether it's another one."""
    return piece.highlight.of(piece.view.article.text).casefold() if piece.highlight else ""


def _day(piece: Piece) -> date:
    return _published(piece.view.article)


def _by_article(question: Question, group: Sequence[Piece]) -> list[Piece]:
    """The best article first; inside it what was said in reading order, anything else best first."""
    best: dict[str, float] = {}
    for piece in group:
        best[piece.view.article.id] = max(best.get(piece.view.article.id, 0.0), piece.score)
    spoken = question.kind == "statement"
    return sorted(
        group,
        key=lambda piece: (
            -best[piece.view.article.id],
            piece.view.article.identity,
            piece.first if spoken else -piece.score,
        ),
    )
