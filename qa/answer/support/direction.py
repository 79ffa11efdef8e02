"""Whether a claim goes the same way as its evidence: no opposite word, no preposition turned, no "all" for "some"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qa.answer.support.align import align, nearest
from qa.answer.support.lexicon import lexicon
from qa.answer.support.names import names_in
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.support.words import Word
from qa.statements import vocabulary as v

_OVER = v.words("the a an its their his her about nearly some any all many several this that these those")
#: The strength of quantifiers; what isn't here is neither more nor less than the evidence's.
_STRENGTH = {"many": 1, "most": 2, "all": 3}
_NO_QUANTIFIER = frozenset(("at", "above", "how", "not", "as", "too", "so"))
_MARGIN = 0.05  # "refused to approve": of two opposites side by side neither stands for the other
_EXCEPT = frozenset(("except", "excluding", "bar", "apart", "excepting"))
_NEAR = 7  # words
_BEST = v.words("best worst leading top main biggest richest")


def direction(pair: Pair) -> Iterator[Reason]:
    """Opposites: of words, of prepositions before the same word."""
    reason = _opposite(pair) or _turned(pair)
    if reason is not None:
        yield reason
        return
    yield from _quantifiers(pair)


# --- words


def _opposite(pair: Pair) -> Reason | None:
    antonyms = lexicon().antonyms
    for at, word in enumerate(pair.claim.words):
        if word.kind != "word" or at in pair.named or not antonyms.known(word.low):
            continue
        if _particle(pair.claim, at) or pair.claim.low(at - 1) == "at":  # "at most" is a figure's
            continue
        opposed = [
            place
            for place, other in enumerate(pair.line.words)
            if _opposed(word, other) and not _particle(pair.line, place) and pair.line.low(place - 1) != "at"
        ]
        same = [place for place, other in enumerate(pair.line.words) if _same(word, other)]
        if not same:  # a word that the claim has too, beside this one, isn't told the other way round
            opposed = [place for place in opposed if pair.back.get(place, (at,)) == (at,)]
        if not opposed or _has_opposite(pair, at):
            continue
        nearest_same = max((_fit(pair, at, place) for place in same), default=pair.likeness.get(at, -1.0))
        place = max(opposed, key=lambda place: (_fit(pair, at, place), -place))
        lone = not same and at not in pair.likeness and len(pair.places) > 1
        if _fit(pair, at, place) > max(nearest_same + (_MARGIN if same else 0.0), 0.0) or lone:
            text = f"{word.text!r}: the evidence has {pair.line.words[place].text!r}"
            return fails(Failure.DIRECTION, word.text, text, wording=word.stem in ("remain", "remains"))
    return None


def _particle(line: Line, at: int) -> bool:
    """Whether "up" or "down" only belongs to a verb that doesn't move: "gave up", "shut down"."""
    return line.low(at) in ("up", "down") and line.stem(at - 1) in lexicon().phrasal


def _fit(pair: Pair, at: int, place: int) -> float:
    return align(pair.claim, pair.line).rank(at, place)


def _opposed(word: Word, other: Word) -> bool:
    return (
        other.kind == "word" and not (other.capital and other.start) and lexicon().antonyms.opposed(word.low, other.low)
    )


def _same(word: Word, other: Word) -> bool:
    return word.stem == other.stem and not lexicon().antonyms.opposed(word.low, other.low)


def _has_opposite(pair: Pair, at: int) -> bool:
    """Whether the claim has both words, as the evidence does: then neither stands for the other."""
    mine = pair.claim.words[at]
    theirs = {word.stem for word in pair.line.words}
    return mine.stem in theirs and any(_opposed(mine, word) for word in pair.claim.words)


def prefixed(pair: Pair) -> Iterator[Reason]:
    """ "legal" for "illegal": a word of the claim that stands in the evidence only with a negating prefix, or the
    reverse.
    """
    theirs = {word.low for word in pair.line.words}
    stems = {word.stem for word in pair.line.words}
    for word in pair.claim.words:
        if not word.content or word.stem in stems or len(word.low) < 4:
            continue
        for prefix in lexicon().prefixes:
            bare = word.low.removeprefix(prefix)
            if prefix + word.low in theirs or (bare != word.low and len(bare) > 3 and bare in theirs):
                yield fails(Failure.DIRECTION, word.text, f"{word.text!r} is the opposite of the evidence's word")
                return


# --- prepositions


def _turned(pair: Pair) -> Reason | None:
    """ "from Leeds to York" for "from York to Leeds", "for" for "against"."""
    prepositions = lexicon().prepositions
    for mine, theirs in pair.places.items():
        if (mine in pair.named) and _name_at(pair.claim, mine) != _name_at(pair.line, theirs):
            continue
        one, other = _before(pair.claim, mine), _before(pair.line, theirs)
        if one and other and prepositions.known(one) and prepositions.opposed(one, other):
            seen = f"{other} {pair.line.words[theirs].text}"
            words = f"{one} {pair.claim.words[mine].text}"
            return fails(Failure.DIRECTION, words, f"{words!r}: the evidence has {seen!r}")
    return None


def _name_at(line: Line, at: int) -> str:
    """The last word of the name of which the word at ``at`` is a part."""
    return next((name.parts[-1] for name in names_in(line) if name.first <= at < name.last), "")


def _before(line: Line, at: int) -> str:
    """The word before a noun phrase that ends at ``at``, over articles and the other words of its name."""
    first = next((name.first for name in names_in(line) if name.first <= at < name.last), at)
    place = nearest(line, first, -1, lambda step: line.low(step) not in _OVER)
    return line.low(place) if place is not None else ""


# --- quantifiers


def _quantifiers(pair: Pair) -> Iterator[Reason]:
    """ "all" or "most" where the evidence has less, "only" where it has none, "the largest" for one of them."""
    classes = lexicon().quantifiers
    theirs = {_class(pair.line, at) for at in range(len(pair.line.words))} - {""}
    strongest = max((_STRENGTH.get(kind, 0) for kind in theirs), default=0)
    for at, word in enumerate(pair.claim.words):
        kind = classes.get(word.low, "")
        if not kind or kind in theirs or kind != _class(pair.claim, at) or not _taken(pair, at):
            continue
        if word.low == "both" and _two(pair, at):
            continue
        if kind == "only":
            yield doubts(Failure.QUANTIFIER, word.text, f"{word.text!r} isn't in the evidence")
        elif _STRENGTH[kind] > strongest and (kind != "many" or not _figure_follows(pair.line)):
            make = fails if kind != "many" else weakens
            yield make(Failure.QUANTIFIER, word.text, f"{word.text!r} is more than the evidence has")
    yield from _superlatives(pair)


def _two(pair: Pair, at: int) -> bool:
    """Whether "both" stands for two that the evidence has: two names or things joined by "and", or a "two"."""
    near = {pair.claim.low(step) for step in range(at + 1, at + _NEAR)}
    return "and" in near or any(word.low in ("two", "2") for word in pair.line.words)


def _taken(pair: Pair, at: int) -> bool:
    """Whether what is quantified is taken from this sentence: the next content word, or the last one before."""
    around = (nearest(pair.claim, at, step, lambda place: pair.claim.words[place].content) for step in (1, -1))
    return next((place in pair.places for place in around if place is not None), False)


def _class(line: Line, at: int) -> str:
    """What the word at ``at`` quantifies; "almost all" and "all but one" are most, "at all" is nothing."""
    low, before = line.low(at), line.low(at - 1)
    kind = lexicon().quantifiers.get(low, "")
    if low in ("most", "all", "many", "much") and before in _NO_QUANTIFIER:
        return ""
    if before == "after" and line.low(at + 1) == ",":
        return ""  # "after all,"
    if (low == "most" and before == "the") or (low == "only" and before == "not"):
        return ""
    return "most" if kind == "all" and _save_some(line, at) else kind


def _save_some(line: Line, at: int) -> bool:
    """ "almost all", "all but one", "all vehicles except buses"."""
    after = [line.low(step) for step in range(at + 1, at + _NEAR)]
    return line.low(at - 1) in ("almost", "nearly") or after[0] == "but" or any(low in _EXCEPT for low in after)


def _superlatives(pair: Pair) -> Iterator[Reason]:
    """ "the largest" where the evidence has one of the largest, or the second largest."""
    for mine, theirs in pair.places.items():
        low = pair.claim.low(mine)
        if not (low.endswith("est") or low in _BEST) or low != pair.line.low(theirs):
            continue
        if _among(pair.line, theirs) and not _among(pair.claim, mine):
            seen = pair.line.said(max(0, theirs - 3), theirs + 1)
            yield fails(Failure.QUANTIFIER, pair.claim.words[mine].text, f"{low!r}: the evidence has {seen!r}")
            return


def _among(line: Line, at: int) -> bool:
    """Whether a superlative is of several, or not of the first place."""
    before = [line.low(step) for step in range(max(0, at - 7), at)]
    numbers = lexicon().numbers
    return (
        "among" in before
        or any(both == ("one", "of") for both in pairwise(before))
        or any(low in numbers.ordinals and low != "first" for low in before[-2:])
    )


def _figure_follows(line: Line) -> bool:
    return any(word.kind == "number" for word in line.words)
