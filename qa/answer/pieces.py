"""From judged sentences to pieces of evidence: the tail cut off, what is said twice kept once, neighbours joined.

A piece becomes one claim with one citation; in which order they are shown is ``order``'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answer.notices import is_correction
from qa.answer.scorer import STATEMENT, Scored
from qa.answer.speech import said_by, speaker_of, speech_asked
from qa.answer.view import ArticleView
from qa.retrieve.duplicates import Print, print_of, same
from qa.text import normalise
from qa.types import Question, Span, Speaker, Statement

#: A sentence is shown beside the best one where its odds are at least this share of the best one's: of the first
#: ``_SEVERAL``, since what answers is often said in several, and of those behind them.
TAIL, TAIL_BEHIND = 0.05, 0.4
_SEVERAL = 3
#: A later article may say that things have changed; it's shown beside an older, plainer one at this share of its odds.
TAIL_NEWER = 0.15
#: Where even the best sentence is no likelier than this, few are shown: many weak ones don't make a strong one.
_WEAK, _FEW = 0.25, 2
#: Outlets print an agency's text within so many days.
_DAYS = 3


#: Kinds of question whose answer may be another thing next month.
CHANGING = frozenset({"quantity", "when", "who"})
#: Kinds whose answer is a few words: a sentence without a short answer in it is shown only out of the best one's
#: article, which may say more about it.
_POINTED = CHANGING | {"where"}

#: Code points; a longer quotation is shown by its sentence.
_LONGEST_QUOTE = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive sentences ``[first, last]`` of one article that are cited together."""

    view: ArticleView
    first: int
    last: int
    score: float
    highlight: Span | None
    reasons: tuple[str, ...]
    speaker: Speaker | None
    copies: tuple[str, ...]

    @property
    def span(self) -> Span:
        """From the beginning of the first sentence to the end of the last."""
        return Span(self.view.sentences[self.first].start, self.view.sentences[self.last].end)


def pieces(question: Question, scored: Sequence[Scored], *, k: int) -> list[Piece]:
    """At most ``k`` pieces, best first. ``scored`` is best first."""
    found = [_piece(question, one) for one in _without_tail(question, scored)]
    if question.kind == "statement":
        found = [_whole_quote(piece) for piece in found]
    kept = _joined(_distinct([_corrected(piece) for piece in found]))
    best_first = sorted(kept, key=lambda piece: _rank(question, piece))
    if best_first and best_first[0].score < _WEAK:
        return best_first[: min(k, _FEW)]
    return _in_turn(best_first)[:k] if question.kind == "statement" else best_first[:k]


def _rank(question: Question, piece: Piece) -> tuple[float, int]:
    """Best first. Statements about equally near to the topic: the newest first."""
    published = piece.view.article.published
    if question.kind == "statement" and published is not None:
        return -round(piece.score, 1), -published.toordinal()
    return -piece.score, 0


def _in_turn(found: Sequence[Piece]) -> list[Piece]:
    """The best of each speaker, then the second of each, and so on: of two people of one name neither crowds out the
    other.
    """
    turns: dict[str, int] = defaultdict(int)
    placed = []
    for piece in found:
        name = piece.speaker.name if piece.speaker else ""
        placed.append((turns[name], piece))
        turns[name] += 1
    return [piece for _, piece in sorted(placed, key=lambda pair: pair[0])]


def _without_tail(question: Question, scored: Sequence[Scored]) -> list[Scored]:
    if not scored:
        return []
    if question.kind == "statement":
        # The best is shown however unlikely: whether to answer is settled by now.
        return [one for one in scored if one.probability >= min(STATEMENT, scored[0].probability)]
    best, published = odds(scored[0].probability), _published(scored[0])
    changing = question.kind in CHANGING and not question.years
    kept: list[Scored] = []
    for one in scored:
        day = _published(one)
        newer = changing and published is not None and day is not None and day > published and one.highlight is not None
        share = TAIL if len(kept) < _SEVERAL else TAIL_NEWER if newer else TAIL_BEHIND
        beside = one.candidate.view.article.id == scored[0].candidate.view.article.id
        fits = question.kind not in _POINTED or one.highlight is not None or beside
        if fits and odds(one.probability) >= share * best:
            kept.append(one)
    return kept


def _published(one: Scored) -> date | None:
    return one.candidate.view.article.published


def odds(probability: float) -> float:
    """How many times likelier than not."""
    return probability / max(1e-9, 1.0 - probability)


def _piece(question: Question, one: Scored) -> Piece:
    candidate = one.candidate
    return Piece(
        view=candidate.view,
        first=candidate.number,
        last=candidate.number,
        score=one.probability,
        highlight=one.highlight if one.highlight != candidate.span else None,
        reasons=one.reasons,
        speaker=_speaker(question, candidate.view, candidate.number),
        copies=candidate.copies,
    )


def _corrected(piece: Piece) -> Piece:
    """In a correction, what was wrong is often followed by what is right: the rest of the line belongs to it."""
    view, following = piece.view, piece.last + 1
    if not is_correction(view.article):
        return piece
    return replace(piece, last=following, highlight=None) if _same_line(view, piece.last, following) else piece


def _whole_quote(piece: Piece) -> Piece:
    """A quotation of several sentences is shown whole, if it isn't long: half of one may say the opposite."""
    view, text = piece.view, piece.view.article.text
    start = text.rfind("\n", 0, piece.span.start) + 1
    first, last = piece.first, piece.last
    while _in_quote(text[start : view.sentences[first].start]) and _same_line(view, first - 1, first):
        first -= 1
    while _in_quote(text[start : view.sentences[last].end]) and _same_line(view, last, last + 1):
        last += 1
    whole = replace(piece, first=first, last=last)
    return whole if whole.span.end - whole.span.start <= _LONGEST_QUOTE else piece


def _in_quote(before: str) -> bool:
    """Whether the text of a line so far leaves a quotation open."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _same_line(view: ArticleView, one: int, other: int) -> bool:
    if not (view.is_body(one) and view.is_body(other)):
        return False
    return "\n" not in view.article.text[view.sentences[one].end : view.sentences[other].start]


def _speaker(question: Question, view: ArticleView, number: int) -> Speaker | None:
    """Who says this sentence: the one asked about, else a person, if it's only one. "The city" as a source is left
    to the quote.
    """
    said = view.said(number)
    mine: list[Statement] = (
        [one for one in said if said_by(question, view, one)] if question.kind == "statement" else []
    )
    persons = [one for one in said if any(person.name == one.speaker for person in view.people)]
    chosen = mine[0] if mine else persons[0] if len(persons) == 1 and len(said) == 1 else None
    if chosen is None:
        return None
    # Asked for by office and found by it, a source has words around it ("In it the minister"): the question's are
    # plainer.
    # One asked for by name stays as written: there may be two of that name.
    asked = speech_asked(question)
    by_office = asked is not None and not asked.names and chosen not in persons
    name = speaker_of(question) if by_office else chosen.speaker
    return Speaker(name=name, inferred=chosen.inferred)


def _distinct(found: Sequence[Piece]) -> list[Piece]:
    """The same sentence in several articles is one piece; the articles of the others are its copies."""
    kept: list[tuple[Piece, str, Print]] = []
    for piece in found:
        quote = piece.span.of(piece.view.article.text)
        plain, shingles = normalise(quote).text, print_of(quote)
        for place, (first, text, other) in enumerate(kept):
            if plain == text or (_syndicated(first, piece) and same(shingles, other)):
                kept[place] = (_with_copy(first, piece), text, other)
                break
        else:
            kept.append((piece, plain, shingles))
    return [piece for piece, _, _ in kept]


def _syndicated(one: Piece, other: Piece) -> bool:
    """Whether two articles came out within days of each other: what is repeated months later is news that it still
    holds.
    """
    days = [piece.view.article.published for piece in (one, other)]
    apart = (days[0] - days[1]).days if days[0] and days[1] else 0
    return one.view.article.id != other.view.article.id and abs(apart) <= _DAYS


def _with_copy(first: Piece, piece: Piece) -> Piece:
    copies = dict.fromkeys((*first.copies, piece.view.article.id, *piece.copies))
    copies.pop(first.view.article.id, None)
    return replace(first, copies=tuple(copies))


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one article and one speaker, with nothing but white space between them, become one piece."""
    joined: list[Piece] = []
    for piece in sorted(found, key=lambda piece: (piece.view.article.identity, piece.first)):
        before = joined[-1] if joined else None
        if before is not None and _continues(before, piece):
            joined[-1] = _join(before, piece)
        else:
            joined.append(piece)
    return joined


def _continues(one: Piece, other: Piece) -> bool:
    names = [piece.speaker.name if piece.speaker else None for piece in (one, other)]
    return one.view.article.id == other.view.article.id and other.first <= one.last + 1 and names[0] == names[1]


def _join(one: Piece, other: Piece) -> Piece:
    better = one if one.score >= other.score else other
    speaker = one.speaker
    if speaker is not None and other.speaker is not None:
        speaker = Speaker(name=speaker.name, inferred=speaker.inferred and other.speaker.inferred)
    return replace(
        better,
        first=one.first,
        last=max(one.last, other.last),
        reasons=tuple(dict.fromkeys((*better.reasons, *one.reasons, *other.reasons))),
        speaker=speaker,
        copies=tuple(dict.fromkeys((*one.copies, *other.copies))),
    )
