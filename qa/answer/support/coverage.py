"""Which content words of a claim its evidence has, by their stems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.answer.support.cited import Piece, all_lines
from qa.answer.support.figures import figures
from qa.answer.support.lexicon import lexicon, root
from qa.answer.support.markers import modalities
from qa.answer.support.modality import KEEPS
from qa.answer.support.names import names_in
from qa.answer.support.reading import Line
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, doubts, fails
from qa.answer.words import rarity_in_english
from qa.statements import vocabulary as v

#: Where at least this share of what a sentence of the claim says is missing, it isn't supported at all.
MISSING = 0.5
_SHOWN = 6
_USUAL = 0.1  # the weight of the most usual words
#: Words that belong to figures and dates: their own checks look at what they say.
_MEASURING = v.words(
    "about around nearly almost roughly approximately some least than more less fewer over under up "
    "estimated total aged age old year years"
)


def coverage(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """The content words that are missing, if any."""
    there = _stems(cited)
    kept = _kept(cited)
    missing: list[str] = []
    severe = False
    for line in claim:
        wanted = list(_content(line, kept))
        lacking = [at for at in wanted if line.stem(at) not in there]
        checked = len(names_in(line)) + len(figures(line)) + len(times(line))
        severe = severe or (bool(lacking) and len(lacking) >= MISSING * (len(wanted) + checked))
        missing += [line.words[at].text for at in lacking]
    if missing:
        shown = list(dict.fromkeys(missing))
        words = ", ".join(shown[:_SHOWN])
        text = f"not in the evidence: {words}" + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")
        yield fails(Failure.COVERAGE, words, text, wording=True) if severe else doubts(Failure.COVERAGE, words, text)


def missing_share(claim: Sequence[Line], cited: Sequence[Piece]) -> float:
    """How much of what the claim says its evidence has in no form, 0 to 1, of the sentence where it's most.

    Rare words tell more than usual ones ("people", "took"); figures, dates and the names that stand in the evidence
    itself tell as much as the rarest. Names alone don't make a sentence the evidence of another.
    """
    there, kept = _stems(cited), _kept(cited)
    lows = {word.low for line in all_lines(cited) for word in line.words}
    worst = 0.0
    for line in claim:
        weights = {at: _weight(line.low(at)) for at in _content(line, kept)}
        lacking = sum(weight for at, weight in weights.items() if line.stem(at) not in there)
        shared = sum(weights.values()) - lacking + len(figures(line)) + len(times(line))
        named = sum(not lows.isdisjoint(name.parts) for name in names_in(line))
        worst = max(worst, lacking / (lacking + shared + named) if shared else float(bool(lacking)))
    return worst


@lru_cache(maxsize=8_192)
def _weight(low: str) -> float:
    return max(rarity_in_english([low]).values(), default=_USUAL)


def _kept(cited: Sequence[Piece]) -> frozenset[str]:
    """The kinds of marker that keep what the evidence leaves open."""
    return frozenset(keeps for line in all_lines(cited) for scope in modalities(line) for keeps in KEEPS[scope.kind])


def said_anything(claim: Sequence[Line]) -> bool:
    """Whether a claim has any content: a word, a number, a name."""
    named = any(name.sure for line in claim for name in names_in(line))
    return named or any(word.telling for line in claim for word in line.words)


def _stems(cited: Sequence[Piece]) -> frozenset[str]:
    stems = {word.stem for line in all_lines(cited) for word in line.words}
    for piece in cited:
        for line in piece.title:
            stems |= {line.stem(at) for name in names_in(line) for at in range(name.first, name.last)}
        stems |= {root(part.strip(".,")) for name in piece.meant for part in name.casefold().split()}
    same = lexicon().same
    return frozenset(
        stems | {word for low in stems for other in same.get(low, ()) for word in map(root, other.split())}
    )


def _content(line: Line, kept: frozenset[str]) -> Iterator[int]:
    """The places of words that must be the evidence's: not of figures, dates or names, which have checks of their own,
    no verb that only says "said", and none that only makes a plan of what the evidence has as one (``kept``).
    """
    checked = {at for figure in figures(line) for at in range(figure.first, figure.last)}
    checked |= {at for time in times(line) for at in range(time.first, time.last)}
    checked |= {at for name in names_in(line) if name.sure for at in range(name.first, name.last)}
    checked |= {report.place for report in line.reports if root(report.verb) in lexicon().neutral}
    checked |= {scope.by for scope in modalities(line) if scope.kind in kept}
    figured = bool(figures(line))
    for at, word in enumerate(line.words):
        if not word.content or at in checked or (figured and word.low in _MEASURING):
            continue
        if word.low == "according" and line.low(at + 1) == "to":
            continue
        yield at
