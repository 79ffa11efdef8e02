"""Whether what goes with a verb or a preposition is the same: "guilty of fraud but cleared of bribery".

No parser: a verb's object is the last word of the noun phrase after it, a preposition's head the content word before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from qa.answer.support.align import nearest
from qa.answer.support.lexicon import lexicon
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line
from qa.answer.support.sides import is_verbal
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, fails
from qa.answer.support.words import Word
from qa.retrieve.words import PREPOSITIONS
from qa.statements import vocabulary as v
from qa.statements.verbs import look_up

_OPENING = v.words("the a an its their his her our this that these those some any more about")
_JOINTS = PREPOSITIONS - {"to"}  # "to" leads verbs more often than things
_MOST = 16

#: For a preposition ("" for a verb's own object): for each head the objects, and for each object the heads.
_Links = Mapping[str, Mapping[str, frozenset[str]]]


def objects(pair: Pair) -> Iterator[Reason]:
    """What the claim gives to a verb or a noun that the evidence gives to another, and that one something else."""
    mine, theirs = _links(pair.claim)[0], _links(pair.line)
    stems = {word.stem for word in pair.claim.words}
    for joint, heads in mine.items():
        there, owners = theirs[0].get(joint, {}), theirs[1].get(joint, {})
        for head, found in heads.items():
            for thing in sorted(found - there.get(head, frozenset()))[:_MOST]:
                others = owners.get(thing, frozenset()) - stems
                if there.get(head) and others:
                    mine_, whose = _written(pair.claim, thing), _written(pair.line, min(others))
                    text = f"{mine_!r} goes with {whose!r} in the evidence, not with {_written(pair.claim, head)!r}"
                    yield fails(Failure.ROLES, mine_, text)
                    return


def _written(line: Line, stem: str) -> str:
    return next((word.text for word in line.words if word.stem == stem), stem)


@lru_cache(maxsize=1_024)
def _links(line: Line) -> tuple[_Links, _Links]:
    things: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    owners: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    dated = {at for time in times(line) for at in range(time.first, time.last)}
    for at, word in enumerate(line.words):
        joint = word.low if word.low in _JOINTS else ""
        head: int | None = at
        if joint:
            head = nearest(line, at, -1, lambda place: line.words[place].content)
        elif not (word.content and is_verbal(line, at)) or look_up(word.low) is not None:
            continue
        thing = _object(line, at + 1, dated)
        if head is None or thing is None or line.segments[head] != line.segments[at] or head in dated:
            continue
        if any(line.words[step].kind == "number" for step in range(head, at)):
            continue  # "300 in Leeds and 500 in York": what is counted isn't said twice
        things[joint][line.stem(head)].add(line.stem(thing))
        owners[joint][line.stem(thing)].add(line.stem(head))
    return _frozen(things), _frozen(owners)


def _frozen(found: Mapping[str, Mapping[str, set[str]]]) -> _Links:
    return {joint: {one: frozenset(others) for one, others in links.items()} for joint, links in found.items()}


def _is_number(word: Word) -> bool:
    return word.kind == "number" or word.low in lexicon().numbers.small


def _object(line: Line, at: int, dated: set[int]) -> int | None:
    """The last word of the noun phrase that begins at ``at``; none where something else begins."""
    while line.low(at) in _OPENING or (at < len(line.words) and _is_number(line.words[at])):
        at += 1
    last = None
    while at < len(line.words) and line.words[at].content and at not in dated and not line.low(at).endswith("ing"):
        last, at = at, at + 1 + (line.low(at + 1) == "'s")
    return last
