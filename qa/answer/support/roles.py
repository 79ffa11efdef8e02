"""Whether who does it and to whom is the same: doer and object around one verb, and what belongs to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from qa.answer.support.align import nearest
from qa.answer.support.lexicon import lexicon
from qa.answer.support.names import names_in
from qa.answer.support.pair import Pair
from qa.answer.support.reading import BE, Line, owns
from qa.answer.support.scopes import is_passive
from qa.answer.support.sides import Sides, clause, is_verbal, sides, subject
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.statements.roles import is_head
from qa.statements.vocabulary import COUNTRIES

_OF_ANOTHER = frozenset(("with", "by", "from", "to", "for", "against"))
_LEADING = frozenset(("for", "to", "from"))
_TURNING = frozenset(("before", "after"))
_CHANGED = "who and whom have changed places"
_MOST = 16  # neighbours of one word that are compared


def roles(pair: Pair) -> Iterator[Reason]:
    """A verb of both with another doer or with its sides changed; an owner of another's thing; neighbours exchanged."""
    for mine, theirs in pair.places.items():
        if mine in pair.named or pair.claim.stem(mine) in lexicon().symmetric:
            continue
        if not (is_verbal(pair.claim, mine) and is_verbal(pair.line, theirs)):
            continue
        reason = _fault(pair, mine, theirs) or _other_subject(pair, mine, theirs)
        if reason is not None:
            yield reason
            return
    reason = _owner(pair) or _exchanged(pair) or _title(pair) or _led(pair)
    if reason is not None:
        yield reason


def _fault(pair: Pair, mine: int, theirs: int) -> Reason | None:
    one, other = sides(pair.claim, mine), sides(pair.line, theirs)
    fault = _other_sides(pair, one, other)
    if not fault and _undone(pair, mine, theirs, one, other):
        fault = "it isn't done to that but by it"
    if not fault and _not_both(pair, theirs, one, other):
        fault = "only one of them does it"
    words = pair.claim.words[mine].text
    return fails(Failure.ROLES, words, f"{fault} around {words!r}", wording=fault != _CHANGED) if fault else None


def _undone(pair: Pair, mine: int, theirs: int, one: Sides, other: Sides) -> bool:
    """Whether a claim has it done to who does it: "the pilot was blamed" for "the airline was blamed by the pilot"."""
    whom, by = one.done_to_nouns, other.nouns
    if one.doing or one.nouns or not whom or not is_passive(pair.claim, mine):
        return False
    return is_passive(pair.line, theirs) and whom <= by and not whom & other.done_to_nouns


def _other_sides(pair: Pair, one: Sides, other: Sides) -> str:
    if _swapped(one, other):
        return _CHANGED
    if _nouns_swapped(one, other):
        return "what does it and to what have changed places"
    if one.whom and other.whom and not one.doing and _strangers(pair, one.whom, other.whom):
        return "it's somebody else to whom it happens"
    if one.whom and one.whom <= other.whose:
        return "it isn't itself but something of its to which it happens"
    if not one.doing or one.doing & other.doing:
        return ""
    if one.doing <= other.owners:
        return "it isn't itself but something of its that does it"
    elsewhere = {part for name in names_in(pair.line) for part in name.parts}
    if other.doing and (one.doing <= elsewhere or _strangers(pair, one.doing, other.doing)):
        return "somebody else does it"
    return ""


def _strangers(pair: Pair, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a claim's names are nowhere in the sentence, and others' are in their place: a verb taken from one
    sentence and who does it from another. Countries have several names, and a first word may be none.
    """
    mine, theirs = (
        {part for name in names_in(line) if name.sure for part in name.parts} for line in (pair.claim, pair.line)
    )
    known = one <= mine and other <= theirs and not (one | other) & COUNTRIES
    elsewhere = {part for name in names_in(pair.line) for part in name.parts}
    return known and one.isdisjoint(elsewhere) and not _short_for(one, other)


def _short_for(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one of the names may be the other's initials: "CPA" for "Competition and Prices Authority"."""
    return any(
        len(short) > 1 and set(short) <= {part[:1] for part in long}
        for shorts, long in ((one, other), (other, one))
        for short in shorts
    )


def _not_both(pair: Pair, theirs: int, one: Sides, other: Sides) -> bool:
    """ "backed by Leeds and York" where the evidence has both but only one of them do it, in its only such verb."""
    if not other.doing or [word.stem for word in pair.line.words].count(pair.line.stem(theirs)) > 1:
        return False
    elsewhere = {part for name in names_in(pair.line) for part in name.parts} - other.doing
    doing = [name for name in names_in(pair.claim) if one.doing.issuperset(name.parts)]
    return any(
        first.last + 1 == last.first
        and pair.claim.low(first.last) == "and"
        and elsewhere.issuperset(first.parts) != elsewhere.issuperset(last.parts)
        for first, last in pairwise(doing)
    )


def _other_subject(pair: Pair, mine: int, theirs: int) -> Reason | None:
    """The noun that does it, where the evidence has another one do it and this one elsewhere ("profit rose" for
    "revenue rose, but profit fell"), or only as whose it is, or after a preposition ("critics of the dam won").
    """
    subjects = _subjects(pair, mine, theirs)
    if subjects is None:
        return None
    one, other = subjects
    words, head = pair.claim.words[one].text, pair.line.words[other].text
    first, _ = clause(pair.line, theirs)
    same = [at for at in range(first, theirs) if pair.line.stem(at) == pair.claim.stem(one)]
    if all(owns(pair.line, at) for at in same):
        return fails(Failure.ROLES, words, f"{head!r} does it, not {words!r}", wording=True)
    if min(same) > other and not _counts(pair.line, other):
        return doubts(Failure.ROLES, words, f"{head!r} does it in the evidence, not plainly {words!r}")
    return None


def _subjects(pair: Pair, mine: int, theirs: int) -> tuple[int, int] | None:
    """The subjects of a verb of both where they are two nouns and no names. That "A came before B" is "B came after A"
    is left to ``comparing``.
    """
    turned, other_way = ({word.low for word in line.words} & _TURNING for line in (pair.claim, pair.line))
    if is_passive(pair.claim, mine) != is_passive(pair.line, theirs) or (turned and other_way and turned != other_way):
        return None
    if "to" in (pair.claim.low(mine - 1), pair.line.low(theirs - 1)):
        return None  # what stands before an infinitive is what it hangs on
    one, other = subject(pair.claim, mine), subject(pair.line, theirs)
    if one is None or other is None or one in pair.named or one not in pair.places:
        return None
    return (one, other) if pair.claim.stem(one) != pair.line.stem(other) else None


def _counts(line: Line, at: int) -> bool:
    """Whether a noun only says how many there are of what follows: "a group of workers", "none of the workers"."""
    words = lexicon()
    return line.low(at) in words.containers | words.numbers.vague | words.negation["words"]


def _swapped(one: Sides, other: Sides) -> bool:
    doing = bool(one.doing & other.done_to) and not one.doing & other.doing
    done_to = bool((one.done_to - one.doing) & other.doing) and not one.done_to & other.done_to
    return doing or done_to


def _nouns_swapped(one: Sides, other: Sides) -> bool:
    return (
        bool(one.nouns & other.done_to_nouns)
        and bool(one.done_to_nouns & other.nouns)
        and not one.nouns & other.nouns
        and not one.done_to_nouns & other.done_to_nouns
    )


def _title(pair: Pair) -> Reason | None:
    """ "founder Hugo Leclerc", "Leclerc is the founder" where the evidence only has him meet "with its founder", or
    run "for mayor".
    """
    starts = {name.first for name in names_in(pair.claim)}
    for mine, theirs in pair.places.items():
        if not is_head(pair.claim.low(mine)) or pair.line.words[theirs].capital:
            continue
        if mine + 1 not in starts and not _is_predicate(pair.claim, mine):
            continue
        following = pair.line.words[theirs + 1] if theirs + 1 < len(pair.line.words) else None
        if following is not None and (following.capital or following.low == ","):
            continue
        before = {pair.line.low(at) for at in range(theirs - 3, theirs)}
        if before & _OF_ANOTHER and "as" not in before:
            words = pair.claim.said(mine, mine + 2)
            return weakens(Failure.ROLES, words, f"{words!r}: the evidence doesn't give that office to the name")
    return None


def _is_predicate(line: Line, at: int) -> bool:
    """ "is the founder", "was mayor"."""
    place = nearest(line, at, -1, lambda step: line.low(step) not in ("the", "a", "an", "its"))
    return place is not None and line.low(place) in BE


def _led(pair: Pair) -> Reason | None:
    """ "left for Leeds" where the evidence has "left Leeds", or the reverse: right after a verb a name with and without
    a preposition that makes it another thing.
    """
    for mine, theirs in pair.places.items():
        joints = [line.low(at + 1) for line, at in ((pair.claim, mine), (pair.line, theirs))]
        if joints[0] == joints[1] or not any(joint in _LEADING for joint in joints):
            continue
        starts = [at + 1 + (joint in _LEADING) for at, joint in zip((mine, theirs), joints, strict=True)]
        if pair.places.get(starts[0]) == starts[1] and starts[0] in pair.named and is_verbal(pair.claim, mine):
            words = pair.claim.said(mine, starts[0] + 1)
            return fails(Failure.ROLES, words, f"{words!r}: the evidence has {pair.line.said(theirs, starts[1] + 1)!r}")
    return None


# --- what belongs to whom


def _owner(pair: Pair) -> Reason | None:
    """ "Norvik's profit" where the evidence has only Tarnwell's."""
    theirs = _owners(pair.line)
    for thing, owners in _owners(pair.claim).items():
        there = theirs.get(thing, frozenset())
        if there and not owners & there:
            words = f"{' and '.join(sorted(owners))}'s {thing}"
            return fails(Failure.ROLES, words, f"in the evidence that belongs to {' and '.join(sorted(there))}")
    return None


def _owners(line: Line) -> Mapping[str, frozenset[str]]:
    """For each thing (its stem) the names whose it is said to be."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names_in(line):
        clitic = line.words[name.last] if name.last < len(line.words) else None
        if clitic is None or not clitic.glued or clitic.low not in ("'s", "'"):
            continue
        thing = nearest(line, name.last, 1, lambda at: line.words[at].content)
        if thing is not None:
            found[line.stem(thing)].add(name.parts[-1])
    return {thing: frozenset(owners) for thing, owners in found.items()}


# --- neighbours


def _exchanged(pair: Pair) -> Reason | None:
    """ "close York and open Leeds" for "close Leeds and open York": two words that have changed their neighbours."""
    mine, theirs = _beside(pair.claim), _beside(pair.line)
    named = {part for name in names_in(pair.claim) for part in name.parts}
    before: dict[str, set[str]] = defaultdict(set)
    for one, others in theirs.items():
        for other in others:
            before[other].add(one)
    for one, others in mine.items():
        for other in sorted(others - theirs.get(one, set())):
            for their_one in sorted(before.get(other, set()) - (named if one in named else set()))[:_MOST]:
                crossed = mine.get(their_one, set()) - theirs.get(their_one, set())
                if crossed & theirs.get(one, set()):
                    text = f"{one!r} and {their_one!r} have changed what they go with"
                    return fails(Failure.ROLES, one, text, wording=True)
    return None


def _beside(line: Line) -> Mapping[str, set[str]]:
    """For each content word, number or code (its stem) those that come next, in the same clause."""
    found: dict[str, set[str]] = defaultdict(set)
    telling = [at for at, word in enumerate(line.words) if word.telling]
    for one, other in pairwise(telling):
        if line.segments[one] == line.segments[other] and other - one <= 4 and line.stem(one) != line.stem(other):
            found[line.stem(one)].add(line.stem(other))
    return found
