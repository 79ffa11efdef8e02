"""Whether a claim keeps what its evidence leaves open: plans, possibilities, conditions, wishes; and its tense."""

from __future__ import annotations

from collections.abc import Iterator

from qa.answer.support.figures import figures
from qa.answer.support.lexicon import lexicon, root
from qa.answer.support.markers import modalities
from qa.answer.support.negation import negated, negations
from qa.answer.support.pair import Pair
from qa.answer.support.reading import BE, HAVE, Line
from qa.answer.support.scopes import Scope
from qa.answer.support.sides import clause, is_verbal
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.support.words import is_past
from qa.retrieve.words import AUXILIARIES
from qa.statements.verbs import look_up

#: For each kind of marker in the evidence, those with which a claim says no more.
KEEPS = {
    "future": frozenset(("future", "expected", "intended", "committed", "possible", "infinitive")),
    "committed": frozenset(("committed", "intended", "possible", "infinitive", "obliged")),
    "intended": frozenset(("intended", "considered", "possible", "infinitive")),
    "expected": frozenset(("expected", "possible")),
    "attempted": frozenset(("attempted",)),
    "urged": frozenset(("urged",)),
    "obliged": frozenset(("obliged",)),
    "possible": frozenset(("possible",)),
    "conditional": frozenset(("conditional", "possible", "condition")),
    "condition": frozenset(("condition", "possible")),
    "considered": frozenset(("considered", "possible")),
    "alleged": frozenset(("alleged", "possible", "expected")),
    "asked": frozenset(("asked",)),
    "privative": frozenset(("privative",)),
    "almost": frozenset(("almost",)),
    "refused": frozenset(("refused",)),
    "infinitive": frozenset(
        ("infinitive", "intended", "committed", "attempted", "urged", "obliged", "considered", "possible", "expected")
    ),
}
#: What these leave open is said of verbs and predicates; a noun of the claim says nothing of whether it is so.
_OF_VERBS = frozenset(("future", "intended", "committed", "expected", "possible", "obliged", "infinitive", "urged"))
#: Plans and promises that a claim must not add.
_FIRM = frozenset(("future", "intended", "committed", "attempted"))
#: Of these also the noun or the passive tells: "no cuts were planned", "a promise of".
_NOUNS = ("intended", "committed", "expected")
#: Other words for "if".
_CONDITIONAL = frozenset(("any", "whoever", "whenever", "otherwise", "case", "condition", "depending", "depends"))
_INSTEAD = frozenset(("instead", "rather"))
_ARTICLES = frozenset(("a", "an", "the"))
#: Of two kinds neither of which keeps the other, these say so much more that the claim isn't supported at all.
_STRONG = frozenset(("", "future", "obliged"))


def modality(pair: Pair) -> Iterator[Reason]:
    """What the evidence leaves open and the claim doesn't; or the claim leaves open otherwise."""
    for scope in modalities(pair.line):
        reason = _dropped(pair, scope)
        if reason is not None:
            yield reason
            return
    for scope in modalities(pair.claim):
        reason = _added(pair, scope)
        if reason is not None:
            yield reason
            return
    yield from _tense(pair)


def _kinds(line: Line, at: int) -> frozenset[str]:
    kinds = {scope.kind for scope in modalities(line) if at in scope or _same_clause(line, scope.place, at)}
    said = bool(line.reports) or any(look_up(word.low) is not None for word in line.words)
    if said and kinds & {"future", "conditional"} and any(word.low == "would" for word in line.words):
        kinds |= {"future", "conditional"}  # what somebody said would be: either may be meant
    first, last = clause(line, at)
    if any(line.stem(step) == root("require") for step in range(first, last)):
        kinds.add("obliged")
    kinds |= {kind for kind in _NOUNS for step in range(first, last) if line.stem(step) in _governing(kind)}
    return frozenset(kinds)


def _governing(kind: str) -> frozenset[str]:
    return lexicon().modality[f"to_{kind}"]


def _same_clause(line: Line, place: int, at: int) -> bool:
    """Whether a marker stands after the word in its clause, or in the one that goes on with "of which"."""
    of_which = line.low(at + 1) == "of" and line.low(at + 2) in ("which", "whom", "them", "it")
    apart = line.segments[place] - line.segments[at]
    return place > at and (apart == 0 or (apart == 1 and of_which))


def _set_apart(line: Line, at: int) -> bool:
    """Whether a claim denies the word by "rather than" or "instead of"."""
    return any(scope.kind == "not" and line.low(scope.place) in _INSTEAD and at in scope for scope in negations(line))


def _predicated(line: Line, at: int) -> bool:
    """Whether a word is used as a verb or stands after one that helps it: "was safe", "cut 300 jobs"."""
    if line.low(at).endswith("ing") and not _helper(line, at):
        return False  # "monthly reporting", "by selling"
    return _is_verb(line, at) or is_verbal(line, at) or (_helper(line, at) != "" and line.low(at - 1) != "to")


def _dropped(pair: Pair, scope: Scope) -> Reason | None:
    governed = list(pair.under(scope))
    if scope.kind == "privative":
        governed = [(mine, theirs) for mine, theirs in governed if mine not in pair.named]
    if scope.kind == "infinitive" or (scope.kind == "asked" and not scope.whole):
        governed = [(mine, theirs) for mine, theirs in governed if _is_verb(pair.claim, mine)][:1]
    if not governed:
        return None
    if _kinds(pair.claim, governed[0][0]) & KEEPS[scope.kind]:
        return None
    mine = next((mine for mine, _ in governed if _is_verb(pair.claim, mine)), governed[0][0])
    if not pair.tells(mine) or _is_counted(pair.claim, mine) or _set_apart(pair.claim, mine):
        return None
    if scope.kind in _OF_VERBS and not any(_predicated(pair.claim, mine) for mine, _ in governed):
        return None
    if scope.kind == "condition" and any(word.low in _CONDITIONAL for word in pair.claim.words):
        return None
    kinds = _kinds(pair.claim, mine)
    if scope.kind == "refused" and negated(pair.claim, mine):
        return None
    if kinds & KEEPS[scope.kind] or (scope.kind == "future" and _progressive(pair.claim, mine)):
        return None
    if scope.kind == "privative" and scope.place in pair.back:
        return None
    seen = pair.line.said(scope.place, min(scope.place + 4, len(pair.line.words)))
    said = pair.claim.words[mine].text
    text = f"{said!r} isn't said as a fact: {seen!r}" if not kinds else f"{said!r} is said otherwise: {seen!r}"
    if kinds and not kinds & _STRONG:
        return doubts(Failure.MODALITY, said, text)
    able = pair.line.low(scope.place) == "can" and _present(pair.claim, mine)  # "lends" for "can lend"
    numbers = [mine for mine, _ in governed if pair.claim.words[mine].kind == "number"]
    thought = scope.kind in ("alleged", "expected")  # the estimate told as the cost
    loose = thought and any(not _kinds(pair.claim, number) & KEEPS[scope.kind] for number in numbers)
    elsewhere = (
        not kinds and not loose and (able or _kept_elsewhere(pair.claim, scope) or not _predicated(pair.claim, mine))
    )
    return fails(Failure.MODALITY, said, text, wording=elsewhere)


def _kept_elsewhere(line: Line, scope: Scope) -> bool:
    """Whether a claim leaves something open as the evidence does, though not where the words of both meet."""
    kinds = KEEPS[scope.kind] - {"infinitive"}
    stems = {stem for kind in _NOUNS if kind in kinds for stem in _governing(kind)}
    return any(other.kind in kinds for other in modalities(line)) or any(word.stem in stems for word in line.words)


def _added(pair: Pair, scope: Scope) -> Reason | None:
    """A plan or a duty where the evidence has neither; that something may be is less than that it is."""
    if scope.kind in ("possible", "infinitive", "expected", "alleged"):
        return None
    governed = list(pair.over(scope))
    if scope.kind == "privative" or not governed:
        return None
    _, theirs = governed[0]
    if not pair.leads(scope.first, scope.last):
        return None
    if _kinds(pair.line, theirs) or _present(pair.line, theirs) or _headline(pair.line, theirs):
        return None
    words = pair.claim.said(scope.place, min(scope.place + 3, len(pair.claim.words)))
    text = f"{words!r}: the evidence doesn't say so of {pair.line.words[theirs].text!r}"
    firm = scope.kind in _FIRM and _past(pair.line, theirs)
    make = fails if scope.kind == "obliged" else weakens if firm else doubts
    return make(Failure.MODALITY, words, text)


# --- tense


def _tense(pair: Pair) -> Iterator[Reason]:
    """What was, told as what is; what is under way, told as done."""
    for mine, theirs in pair.places.items():
        if _is_counted(pair.claim, mine) or pair.claim.low(mine - 1) in _ARTICLES:
            continue
        if mine in pair.named or _reported(pair.claim, mine) or _reported(pair.line, theirs):
            continue
        now, then = _present(pair.claim, mine), _present(pair.line, theirs)
        past, used = _past(pair.line, theirs), _used(pair.line, theirs)
        if (now and past and not then) or (used and not _used(pair.claim, mine) and not _past(pair.claim, mine)):
            words = pair.claim.words[mine].text
            yield doubts(
                Failure.TENSE, words, f"{words!r}: the evidence has {pair.line.words[theirs].text!r}, in the past"
            )
            return
        done = _past(pair.claim, mine) and not pair.claim.low(mine).endswith("ing")
        if _progressive(pair.line, theirs) and done and not _modal(pair.claim, mine):
            words = pair.claim.words[mine].text
            yield doubts(Failure.TENSE, words, f"{words!r}: the evidence has it under way, not done")
            return


def _reported(line: Line, at: int) -> bool:
    return any(report.first <= at < report.last for report in line.reports)


def _helper(line: Line, at: int) -> str:
    """The helper verb that a word is under: the nearest before it with no other content word between."""
    for step in range(at - 1, max(-1, at - 5), -1):
        word = line.words[step]
        if word.low in AUXILIARIES and word.low not in ("won", "re", "ve", "ll", "be", "been", "being"):
            return word.low
        if word.content and not word.low.endswith("ly"):
            return ""
    return ""


def _progressive(line: Line, at: int) -> bool:
    return line.low(at).endswith("ing") and _helper(line, at) in ("is", "are", "am")


def _present(line: Line, at: int) -> bool:
    """Whether a word is a verb or a predicate of the present, as far as its form and its helper tell."""
    helper = _helper(line, at)
    if helper:
        return helper in ("is", "are", "am", "has", "have", "do", "does") and not is_past(line.low(at))
    low = line.low(at)
    ends = low.endswith("s") and not low.endswith("ss") and not line.words[at].capital
    return ends and _after_subject(line, at)


def _past(line: Line, at: int) -> bool:
    helper = _helper(line, at)
    if helper in ("was", "were", "had", "did"):
        return True
    if helper in HAVE:
        return is_past(line.low(at))
    return not helper and is_past(line.low(at)) and _after_subject(line, at)


def _used(line: Line, at: int) -> bool:
    """ "used to run"; what "is used to run" something is a tool."""
    return line.low(at - 1) == "to" and line.low(at - 2) == "used" and line.low(at - 3) not in BE


def _after_subject(line: Line, at: int) -> bool:
    """Whether a name, a noun or a pronoun stands right before: then the word may be its verb."""
    before = line.words[at - 1] if at else None
    return before is not None and (
        before.capital or before.content or before.low in ("it", "he", "she", "they", "who", "which")
    )


def _is_counted(line: Line, at: int) -> bool:
    """Whether a word is what a figure counts ("120 new hires"): a noun, whatever its form."""
    return any(line.stem(at) in figure.nouns and figure.last <= at < figure.last + 4 for figure in figures(line))


def _modal(line: Line, at: int) -> bool:
    return bool(_kinds(line, at))


def _headline(line: Line, at: int) -> bool:
    return line.low(at - 1) == "to"


def _is_verb(line: Line, at: int) -> bool:
    """Whether the claim uses the word as a verb, by its ending or its helper; after "to" it's no fact anyway."""
    low = line.low(at)
    if line.low(at - 1) == "to" or line.low(at - 1) in _ARTICLES or _is_counted(line, at):
        return False
    return is_past(low) or low.endswith("ing") or _helper(line, at) not in ("", *BE, *HAVE) or _present(line, at)
