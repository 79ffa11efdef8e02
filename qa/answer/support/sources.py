"""Who a report names as its source, and whether two such descriptions can be of one."""

from __future__ import annotations

from qa.answer.support.lexicon import root
from qa.answer.support.names import names_in
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line, lines, owns
from qa.answer.support.reports import Report
from qa.answer.words import contains
from qa.statements.naming import covers, fold, name_parts

#: Pronouns that may be a source, with the gender that they tell.
PRONOUNS = {"he": "m", "she": "f", "they": "", "it": "", "we": "", "i": "", "who": "", "you": ""}


def cue(line: Line, report: Report) -> range:
    """The verb of a report and to whom it's said: "told a press conference that"."""
    last = report.place + 1
    while last < len(line.words) and last != report.first and line.low(last) not in (",", ".", ";", '"'):
        last += 1
    return range(report.place, last) if report.place >= 0 else range(0)


def place_of(line: Line, report: Report) -> range:
    """Where the source of a report is written, in words."""
    start = line.text.find(report.source) if report.source else -1
    inside = [at for at, word in enumerate(line.words) if start <= word.start < start + len(report.source)]
    return range(inside[0], inside[-1] + 1) if inside and start >= 0 else range(0)


def apposed(line: Line, report: Report) -> list[str]:
    """The name that stands beside a source between commas: "the fire chief, Omar Castell, warned", "Omar Castell, the
    fire chief, warned".
    """
    source = place_of(line, report)
    first, last = source.start, source.stop
    while last and len(line.low(last + 1)) < 5 and line.low(last + 2) == ".":
        last += 2  # "the arbiter, Dr. R. A. Fenwick"
    names = [name for name in names_in(line) if name.sure]
    after = [name.text for name in names if line.low(source.stop) == "," and name.first == last + 1]
    before = [name.text for name in names if first and line.low(first - 1) == "," and name.last == first - 1]
    return [*after, *before]


def is_named(source: str) -> bool:
    """Whether a source is or has a proper name, and isn't a description alone."""
    found = [name for line in lines(source) for name in names_in(line)]
    plain = all(name.sure or name.first or name.last > 1 or len(source.split()) == 1 for name in found)
    return bool(found) and plain and not source.lower().startswith(("the ", "a ", "an ", "its "))


def name_of(source: str) -> tuple[str, ...]:
    """The folded words of the last proper name in a source ("the company's chief executive, Maria Berg"), but for one
    that only says whose somebody is.
    """
    found = [name for line in lines(source) for name in names_in(line) if name.sure and not owns(line, name.last - 1)]
    return found[-1].parts if found else ()


def content_of(source: str, *, owners: bool = True) -> set[str]:
    """The stems of a source's words, with or without those that only say whose somebody is."""
    read = [(line, at) for line in lines(source) for at in range(len(line.words)) if line.words[at].content]
    return {line.stem(at) for line, at in read if owners or not owns(line, at)}


def _near(pair: Pair) -> set[str]:
    """The stems of the names that stand before the evidence: whose "the company's" may be."""
    return {root(part) for name in pair.piece.evidence.near for part in name_parts(name)}


def holds_office(source: str, name: str, pair: Pair) -> bool:
    """Whether the claim's source is a description ("its director") that the article gives to the evidence's name."""
    if name_of(source):
        return False
    heads = {word.low for line in lines(source) for word in line.words}
    return any(heads & offices for holder, offices in pair.piece.evidence.offices if fold(holder) == fold(name))


def same(source: str, name: str, pair: Pair) -> bool:
    """Whether the claim's source and a name of the evidence are one: all of one's words are the other's."""
    mine, theirs = name_of(source), name_of(name)
    if fold(source) == fold(name):
        return True
    if mine and not theirs:
        return False
    if not mine:
        heads = content_of(source, owners=False)
        return (
            bool(heads)
            and heads <= content_of(name, owners=False)
            and content_of(source) <= content_of(name) | _near(pair)
        )
    if covers(mine, theirs) or contains(theirs, mine):
        return True
    if contains(mine, theirs) or covers(theirs, mine):
        known = {part for person in pair.piece.meant for part in name_parts(person)}
        known |= {word.low for line in (*pair.piece.lines, *pair.piece.title) for word in line.words}
        return set(mine) <= known
    return False
