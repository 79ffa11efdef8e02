"""Who stands on which side of a verb, as far as the order of words and the passive tell; no parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.support.markers import modalities
from qa.answer.support.names import Name, names_in
from qa.answer.support.reading import BE, SUBJECTS, Line, owns
from qa.answer.support.times import times
from qa.answer.support.words import is_past
from qa.retrieve.words import AUXILIARIES, PREPOSITIONS
from qa.statements import vocabulary as v
from qa.statements.roles import is_head

_REACH = 25  # words
_CONJUNCTIONS = frozenset(("after", "as", "before", "since", "than", "until", "like"))
_OPENS_NOUN = v.words("the a an its his her their this that these those no more about all some")
_ARTICLES = v.words("the a an its his her their")
_WHO = frozenset(("who", "which", ","))
_RELATIVE = frozenset(("which", "who", "whose", "that", "where", "whom"))


@dataclass(frozen=True, slots=True)
class Sides:
    """Who does it and whom it's done to: the words of names that are no other noun's, and stems of nouns.

    ``owners`` are the names before the verb that only say whose it is ("Norvik's rival"), ``whose`` those on the side
    to which it's done; ``whom`` are the names there that are neither owners nor after a preposition.
    """

    doing: frozenset[str]
    done_to: frozenset[str]
    owners: frozenset[str]
    nouns: frozenset[str]
    done_to_nouns: frozenset[str]
    whom: frozenset[str] = frozenset()
    whose: frozenset[str] = frozenset()


def sides(line: Line, at: int) -> Sides:
    """What stands on the two sides of the verb at ``at``; a passive's agent is on the doing side."""
    first, last = clause(line, at)
    left = list(_names(line, first, at)) and list(_names(line, _list_start(line, first), at))
    if not left and line.low(first) in ("who", "which"):  # "Second was Baek, who had beaten her"
        left = [
            name
            for name in names_in(line)
            if name.last in (first, first - 1) and line.low(name.last) in ("who", ",", "which")
        ]
    relative = line.low(first) == "whose"
    carried = [] if left or relative else list(_carried(line, first, at))
    left = left or carried
    copula = next((step for step in range(at + 1, last) if line.low(step) in ("is", "was", "are", "were")), last)
    right = list(_names(line, at + 1, copula))
    nouns, other_nouns = nouns_in(line, first, at), nouns_in(line, at + 1, last)
    helper = _helped(line, at)
    bare = is_past(line.low(at)) and line.low(helper) in BE - {"am"}
    reach = 6 if bare else 2
    by = next((step for step in range(at + 1, min(at + reach, last)) if line.low(step) == "by"), None)
    everybody = frozenset(_parts(line, left))
    owners = everybody - frozenset(_parts(line, left, heads=True))
    if relative:
        owners |= frozenset(_parts(line, [name for name in names_in(line) if name.last < first][-1:]))
    if is_past(line.low(at)) and by is not None:
        heads = frozenset(_parts(line, list(_names(line, by, last)), heads=True, over=by))
        between = frozenset(_parts(line, list(_names(line, at + 1, by))))
        return Sides(heads, everybody | between, owners, nouns_in(line, by, last), nouns, everybody - owners, owners)
    if is_past(line.low(at)) and any(line.low(step) in AUXILIARIES for step in range(first, helper)):
        return _NOBODY  # "is a ratio used in": no verb of the clause
    if bare:
        return Sides(frozenset(), everybody, owners, frozenset(), nouns, everybody - owners, owners)
    doing = everybody - owners
    if carried and line.low(at - 1) == ",":  # "Norvik, founded in 1923, closed": the participle may be passive
        right = [*right, *carried]
    done_to, whom = frozenset(_parts(line, right)), frozenset(_parts(line, right, heads=True))
    whose = frozenset(part for name in right if owns(line, name.last - 1) for part in name.parts) - whom
    return Sides(doing, done_to, owners, nouns, other_nouns, whom, whose)


_NOBODY = Sides(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


def _helped(line: Line, at: int) -> int:
    """The place before a verb, over "not", adverbs and "been"."""
    before = at - 1
    while before > 0 and (line.low(before) in ("not", "been", "being") or line.low(before).endswith("ly")):
        before -= 1
    return before


def _list_start(line: Line, first: int) -> int:
    """Where a list of names that ends in the clause at ``first`` begins: "Norvik, Tarnwell and Brillon closed"."""
    named = {place for name in names_in(line) for place in range(name.first, name.last)}
    begin = first
    while begin and (begin - 1 in named or (line.low(begin - 1) in (",", "and") and begin in named | {first})):
        begin -= 1
    return begin if begin in named else first


def is_verbal(line: Line, at: int) -> bool:
    """Whether a word is used as a verb, as far as its form and the word before it tell."""
    low = line.low(at)
    if (low.endswith("ing") and line.low(at + 1) == "of") or (at and line.low(at - 1) == "-" and line.words[at].glued):
        return False  # "the closing of", "Leeds-based"
    if is_past(low) or low.endswith("ing"):
        return not line.words[at].capital
    if low.endswith("s") and not low.endswith("ss"):
        return not line.words[at].capital and _has_object(line, at)
    if at and line.words[at].content and _after_noun(line, at):
        return True  # "Lind beat Moreau", "the bus hit the lorry"
    return line.low(_helped(line, at)) in AUXILIARIES | {"to"} or any(scope.first == at for scope in modalities(line))


def _has_object(line: Line, at: int) -> bool:
    """Whether an article, a name, a number or an owner follows: "makes the boats", not "the boats in"."""
    following = line.words[at + 1] if at + 1 < len(line.words) else None
    return following is not None and (following.capital or following.kind == "number" or following.low in _OPENS_NOUN)


def _after_noun(line: Line, at: int) -> bool:
    """Whether a name stands before and an object after; or another noun before and an article or an owner after."""
    before = line.words[at - 1]
    if before.capital:
        return _has_object(line, at)
    noun = before.content and not before.low.endswith("ly") and not is_past(before.low)
    return noun and line.low(at + 1) in _ARTICLES and not any(time.first <= at < time.last for time in times(line))


def clause(line: Line, at: int) -> tuple[int, int]:
    """The clause of the word at ``at``: its words ``[first, last)``."""
    first, last = at, at + 1
    while first and line.segments[first - 1] == line.segments[at]:
        first -= 1
    while last < len(line.words) and line.segments[last] == line.segments[at]:
        last += 1
    return first, last


def subject(line: Line, at: int) -> int | None:
    """The noun that the verb at ``at`` has as its subject in its own clause: the last word of the last noun phrase
    before it that no preposition leads.
    """
    first, _ = clause(line, at)
    led, last, found = False, None, None
    for step in range(first, at):
        word = line.words[step]
        if word.content and not word.low.endswith("ly"):
            last = step
            found = found if led else step
        elif word.kind != "clitic":
            led = word.low in PREPOSITIONS or (led and last is None and word.low in _OPENS_NOUN)
            last = None
    return found


def nouns_in(line: Line, first: int, last: int) -> frozenset[str]:
    """Stems of the content words but for verbs in the past and adverbs, in the reach of a clause."""
    found = (line.words[at] for at in range(max(first, last - _REACH), last))
    return frozenset(w.stem for w in found if w.content and not is_past(w.low) and not w.low.endswith("ly"))


def _names(line: Line, first: int, last: int) -> Iterator[Name]:
    return (name for name in names_in(line) if first <= name.first and name.last <= last)


def _parts(line: Line, names: list[Name], *, heads: bool = False, over: int = -1) -> Iterator[str]:
    """The words of names, without what stands after "of" in them; ``heads``: no owners, none after a preposition (but
    the one at ``over``).
    """
    for name in names:
        if heads and (owns(line, name.last - 1) or _after_preposition(line, name.first, over)):
            continue
        yield from name.parts[: name.parts.index("of")] if "of" in name.parts else name.parts


def _after_preposition(line: Line, at: int, over: int) -> bool:
    step = at - 1
    while step >= 0 and (
        line.low(step) in ("the", "a", "an") or line.words[step].kind == "number" or is_head(line.low(step))
    ):
        step -= 1  # "the wife of senator Bo Krantz"
    opens = step == 0 or line.segments[step - 1] != line.segments[step]
    conjunction = line.low(step) in _CONJUNCTIONS and opens  # "after Norvik closed"
    return step >= 0 and step != over and line.low(step) in PREPOSITIONS and not conjunction


def _carried(line: Line, first: int, at: int) -> Iterator[Name]:
    """The names of the subject that earlier clauses name, where nothing stands between the clause's beginning and its
    verb. Clauses that begin with a relative pronoun or a participle are passed over.
    """
    own = [line.words[step] for step in range(first, at)]
    if any((word.content and not word.low.endswith("ly")) or word.low in SUBJECTS - _RELATIVE for word in own):
        return
    begin = max((report.first for report in line.reports if report.first <= first < report.last), default=0)
    number = line.segments[begin]
    while number < line.segments[first]:
        places = [step for step in range(begin, first) if line.segments[step] == number]
        opening = next((line.low(step) for step in places if line.words[step].kind == "word"), "")
        if places and opening not in _RELATIVE and not is_past(opening) and not opening.endswith("ing"):
            verb = next((step for step in places if is_verbal(line, step)), places[-1] + 1)
            yield from _names(line, places[0], verb)
        number += 1
