"""Whether a claim affirms what its evidence affirms and denies what it denies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.support.cited import Piece, all_lines
from qa.answer.support.lexicon import lexicon
from qa.answer.support.negation import negated, negations
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line
from qa.answer.support.scopes import Scope
from qa.answer.support.speakers import is_quoted
from qa.answer.support.verdict import Failure, Reason, fails
from qa.retrieve.words import AUXILIARIES

#: Before these and at the end nothing is left of a clause.
_NOTHING = frozenset((",", ".", ";", ":", '"', ")", "?", "!", ""))
_INSTEAD = frozenset(("instead", "rather"))


def polarity(pair: Pair) -> Iterator[Reason]:
    """What one of the two denies and the other doesn't."""
    for scope in negations(pair.line):
        governed = [(mine, theirs) for mine, theirs in pair.under(scope) if pair.tells(mine)]
        if _differs(pair, scope, governed):
            words = pair.line.said(scope.place, min(scope.place + 3, len(pair.line.words)))
            yield fails(
                Failure.NEGATION,
                words,
                f"the evidence denies it: {words!r}",
                wording=_as_often(pair) or _is_instead(pair.line, scope),
            )
            return
    for scope in negations(pair.claim):
        if not pair.heads(scope.first, scope.last) or _same_marker(pair, scope) or _put_instead(pair, scope):
            continue
        if _differs(pair, scope, list(pair.over(scope))):
            words = pair.claim.said(scope.place, min(scope.place + 3, len(pair.claim.words)))
            other = _is_instead(pair.claim, scope)
            yield fails(Failure.NEGATION, words, f"{words!r} denies what the evidence doesn't deny", wording=other)
            return


def disowned(pair: Pair) -> Iterator[Reason]:
    """What the evidence only quotes, to say that it's wrong: a correction has the words that it corrects."""
    inside = [is_quoted(pair.line, theirs) for mine, theirs in pair.places.items() if pair.claim.words[mine].content]
    if not inside or not all(inside):
        return
    wrong = lexicon().negation["disowned"]
    outside = (word for at, word in enumerate(pair.line.words) if word.stem in wrong and not is_quoted(pair.line, at))
    said = next(outside, None)
    if said is not None and not any(word.stem in wrong for word in pair.claim.words):
        yield fails(Failure.NEGATION, said.text, f"the evidence quotes it to say {said.text!r} of it")


def left_out(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """A verb that is left out and denied by only one of the two: "as others don't", "as others do"."""
    there = {(before, low): denied for line in all_lines(cited) for before, low, denied in _ends(line)}
    for line in claim:
        for before, low, denied in _ends(line):
            if there.get((before, low), denied) != denied:
                words = f"{before} {low}{' not' if denied else ''}"
                yield fails(Failure.NEGATION, words, f"{words!r}: one of the two denies it")


def _ends(line: Line) -> Iterator[tuple[str, str, bool]]:
    """The auxiliaries after which nothing comes: the root of the word before, the auxiliary, whether it's denied."""
    for at, word in enumerate(line.words):
        denied = line.low(at + 1) == "not"
        if at and word.low in AUXILIARIES and line.low(at + 1 + denied) in _NOTHING:
            yield line.stem(at - 1), word.low, denied


def unheard(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """A claim that denies something where its evidence denies nothing at all."""
    words, verbs = lexicon().negation["words"], lexicon().negation["verbs"]
    there = [word for line in all_lines(cited) for word in line.words]
    if any(word.low in words or word.stem in verbs or word.low in ("few", "little") for word in there):
        return
    if any(negations(line) for line in all_lines(cited)):
        return
    for line in claim:
        for at, word in enumerate(line.words):
            if word.low in words and not (word.low == "no" and line.low(at + 1) in (".", ",", "")):
                seen = line.said(at, min(at + 3, len(line.words)))
                yield fails(Failure.NEGATION, seen, f"{seen!r} denies; the evidence denies nothing")
                return


def _is_instead(line: Line, scope: Scope) -> bool:
    return line.low(scope.place) in _INSTEAD


def _as_often(pair: Pair) -> bool:
    """Whether the claim denies as many things as the evidence: then it may be the same ones in other words."""
    mine = len(negations(pair.claim))
    return mine > 0 and mine == len(negations(pair.line))


def _same_marker(pair: Pair, scope: Scope) -> bool:
    """Whether the evidence has the verb that denies, too ("blocked"), and denies it or doesn't, as the claim does."""
    theirs = pair.places.get(scope.place)
    return (
        scope.kind == "verb" and theirs is not None and negated(pair.claim, scope.place) == negated(pair.line, theirs)
    )


def _put_instead(pair: Pair, scope: Scope) -> bool:
    """Whether what the claim has as "rather than" and "instead of" is what something else is instead of."""
    return _is_instead(pair.claim, scope) and any(
        word.low in _INSTEAD for line in pair.piece.lines for word in line.words
    )


def _differs(pair: Pair, scope: Scope, governed: list[tuple[int, int]]) -> bool:
    """Whether the first word governed that both have is denied by only one; of a marker of the whole clause
    ("no workers were hurt", "the workers weren't hurt"), whether all such words are.
    """
    if not governed:
        return False
    differing = [negated(pair.claim, mine) != negated(pair.line, theirs) for mine, theirs in governed]
    return all(differing) if scope.whole else differing[0]
