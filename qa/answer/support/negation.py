"""What a sentence denies: by "not" and its like, and by verbs after which a thing doesn't come to be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from qa.answer.support.lexicon import lexicon, root
from qa.answer.support.names import names_in
from qa.answer.support.reading import Line
from qa.answer.support.scopes import REACH, Scope, clause_end, complement_end, is_passive, segment_end
from qa.answer.support.words import is_past
from qa.retrieve.words import PREPOSITIONS
from qa.statements import vocabulary as v
from qa.statements.verbs import look_up

_SOME = v.words("a the last past next first these those every his her its their")
_DETERMINERS = v.words("the a an its his her their this that these those")
_OBJECTS = v.words("them it him her us me you this that these those which whom")
_DROPPED = v.words("its his her their the all any plans charges")
_ALL = frozenset(("everything", "all", "nothing", "nobody", "everybody"))
_COMPARED = frozenset(("fewer", "less", "more", "later", "earlier", "longer"))
_INSTEAD = frozenset(("instead of", "rather than", "other than", "apart from", "anything but"))
_SETTING_APART = frozenset(("without", "except", "excluding", "unlike"))


@lru_cache(maxsize=2_048)
def negations(line: Line) -> tuple[Scope, ...]:
    """The negations of a sentence, each with the words that it denies."""
    return tuple(scope for at in range(len(line.words)) for scope in _negation(line, at) if scope.last > scope.first)


def negated(line: Line, at: int) -> bool:
    """Whether the word at ``at`` is denied; what is denied twice isn't."""
    return sum(at in scope for scope in negations(line)) % 2 == 1


def _negation(line: Line, at: int) -> Iterator[Scope]:
    words, low = lexicon().negation, line.low(at)
    if low in words["words"] or (low in ("few", "little") and _denies(line, at)):
        yield from _word(line, at)
    elif low == "but" and line.low(at - 1) in _ALL:
        yield Scope("not", at, at + 1, segment_end(line, at))
    elif f"{low} {line.low(at + 1)}" in _INSTEAD:
        yield Scope("not", at, at + 2, segment_end(line, at + 2))
    elif low in words["adjectives"] and line.low(at + 1) in ("of", "from") and _lacks(line, at):
        yield Scope("not", at, at + 2, complement_end(line, at + 2))
    elif low in words["behind"] and line.low(at - 1) == "in":
        yield Scope("not", at, max(0, at - REACH), at - 1)
    elif (low == "yet" and line.low(at + 1) == "to") or _far_from(line, at):
        yield Scope("not", at, at + 2, complement_end(line, at + 2))
    elif line.words[at].kind == "word" and not any(name.first <= at < name.last for name in names_in(line)):
        yield from _verb(line, at)


def _lacks(line: Line, at: int) -> bool:
    """Whether an adjective denies what comes after its "of": "short of water", but not "stopped short of", which is a
    verb's, nor "just short of 5 km", which is a hedge.
    """
    verb = at > 0 and f"{line.stem(at - 1)}-{line.low(at)}" in lexicon().negation["verbs"]
    counts = at + 2 < len(line.words) and line.words[at + 2].kind == "number"
    return not verb and not counts


def _far_from(line: Line, at: int) -> bool:
    """ "far from safe", "far from being": a distance has an article or a name after it."""
    following = line.words[at + 2] if at + 2 < len(line.words) else None
    plain = following is not None and (following.content or following.low == "being") and not following.capital
    return plain and line.low(at) == "far" and line.low(at + 1) == "from"


def _denies(line: Line, at: int) -> bool:
    """Whether "few" is "hardly any": not "a few", "the next few weeks"."""
    return line.low(at - 1) not in _SOME and line.low(at + 1) not in lexicon().units.times


def _word(line: Line, at: int) -> Iterator[Scope]:
    words, low, following = lexicon().negation, line.low(at), line.low(at + 1)
    if (low == "not" and (following in words["void_after"] or line.low(at - 1) == "or")) or (
        low == "no" and (following in (".", "doubt", "matter") or line.low(at - 1) == "or")
    ):
        return
    if low == "no" and following in _COMPARED and line.low(at + 2) == "than":
        return  # "no fewer than"
    if low == "not" and following == "even" and any(line.low(step) in words["words"] for step in range(at)):
        return  # "nobody was hired, not even here"
    if low == "nor" and any(line.low(step) == "neither" for step in range(max(0, at - REACH), at)):
        return
    first = at + 1
    if following == "longer":
        yield Scope("not", at, at + 2, complement_end(line, at + 2))
    elif low in _SETTING_APART and following in ("to", "that", "for"):
        return  # "except to say"
    elif low in _SETTING_APART and following in _OBJECTS:
        yield Scope("not", at, first, first + 1)  # "without them you have ..."
    elif low in _SETTING_APART:
        yield Scope("not", at, first, segment_end(line, first))
    elif low in words["whole"]:
        yield Scope("not", at, first, clause_end(line, first), whole=True)
    else:
        yield Scope("not", at, first, complement_end(line, first))


def _verb(line: Line, at: int) -> Iterator[Scope]:
    """ "refused to", "ruled out", "a ban on": what follows doesn't come to be; in the passive what stands before."""
    verbs = lexicon().negation["verbs"]
    first = at + 1
    if line.low(at) in ("decline", "declines") and line.low(first) != "to":
        return  # "a decline of 5 percent"
    if line.stem(at) not in verbs:
        if f"{line.stem(at)}-{line.stem(at + 1)}" not in verbs:
            return
        first = at + 2
    if is_past(line.low(at)) and is_passive(line, at) and line.low(first) not in ("to", "from"):
        begin = at - 1
        while begin and line.segments[begin - 1] == line.segments[at - 1]:
            begin -= 1
        yield Scope("verb", at, begin, at)
        return
    following, before = line.low(first), line.words[at - 1] if at else None
    noun = line.stem(at) in lexicon().negation["nouns"] and line.low(at).endswith("s")
    noun = noun and before is not None and before.content and not before.capital
    noun = noun and following not in ("the", "a", "an", "its", "their", "all", "any")
    if line.low(at - 1) in _DETERMINERS and following not in ("to", "from", "on", "of", "that"):
        return  # "the ban applies to buses"
    if line.stem(at) == root("drop") and line.low(first) not in _DROPPED:
        return  # "prices dropped 5 percent"; "dropped its demand" is another matter
    if line.stem(at) == root("dismiss") and "as" in (line.low(step) for step in range(first, first + REACH // 10)):
        return  # "dismissed the offer as too low"
    said = look_up(line.low(at)) is not None  # "denied in a letter that ..."
    governs = following not in PREPOSITIONS or following in ("to", "from", "on", "of") or said
    if following != "," and not noun and governs:
        yield Scope("verb", at, first, complement_end(line, first))
