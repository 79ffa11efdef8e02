"""What a sentence leaves open: plans, possibilities, conditions, wishes, rumours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from qa.answer.support.lexicon import lexicon
from qa.answer.support.reading import BE, Line
from qa.answer.support.scopes import (
    CLAUSES,
    CONDITIONS,
    ENDS,
    REACH,
    Scope,
    clause_end,
    complement_end,
    is_passive,
    phrase_end,
)
from qa.answer.support.words import is_past
from qa.retrieve.words import PREPOSITIONS, is_function_word


@lru_cache(maxsize=2_048)
def modalities(line: Line) -> tuple[Scope, ...]:
    """What a sentence doesn't say to be so: plans, possibilities, wishes, conditions, rumours."""
    found = [scope for at in range(len(line.words)) for scope in _modal(line, at) if scope.last > scope.first]
    if line.asks:
        found.append(Scope("asked", len(line.words) - 1, 0, len(line.words), whole=True))
    return tuple(found)


def _modal(line: Line, at: int) -> Iterator[Scope]:
    words, word = lexicon().modality, line.words[at]
    if word.kind != "word":
        return
    low = word.low
    for kind in ("future", "possible", "conditional", "obliged"):
        if low in words[kind] and not word.capital and low not in ("possible",):
            yield from _auxiliary(line, at, kind)
            return
    if low in ("able", "unable") and line.low(at + 1) == "to":
        yield Scope("possible", at, at + 1, complement_end(line, at + 2))
    elif low in words["likely"] and line.low(at + 1) != "to":
        yield Scope("expected", at, at + 1, complement_end(line, at + 1))
    elif low in words["alleged"]:
        yield Scope("alleged", at, at + 1, complement_end(line, at + 1))
    elif low in words["condition"] or _inverted(line, at):
        yield from _condition(line, at)
    elif low == "whether":
        yield Scope("asked", at, at + 1, clause_end(line, at + 1))
    elif low == "to":
        yield from _infinitive(line, at)
    elif word.stem in words["considered"] and _takes_object(line, at):
        yield Scope("considered", at, at + 1, complement_end(line, at + 1))
    elif word.stem in words["accused"] and (joint := _accused_of(line, at)):
        yield Scope("alleged", at, joint + 1, complement_end(line, joint + 1))
    elif low in words["fiction"] and _inside(line, at):
        yield Scope("alleged", at, at + 1, len(line.words), whole=True)
    elif low in words["privative"] and _before_noun(line, at):
        yield Scope("privative", at, at + 1, phrase_end(line, at + 1))
    elif (low in ("almost", "nearly") and is_past(line.low(at + 1))) or _on_the_verge(line, at):
        yield Scope("almost", at, at + 1, complement_end(line, at + 1))
    rumour = word.stem in words["rumoured"] and line.low(at + 1) in ("that", "of", "about", "over")
    if rumour and not (low in ("report", "reports") and line.low(at + 1) in ("about", "over")):
        first = at + 1 + (line.low(at + 1) != "that")
        yield Scope("alleged", at, first, complement_end(line, first))
    elif low in words["estimated"] and line.low(at + 1) in ("of", "that", "for"):
        yield Scope("expected", at, at + 1, complement_end(line, at + 1))
    elif low in ("talks", "talk") and line.low(at - 1) == "in":
        yield Scope("considered", at, at + 1, complement_end(line, at + 1))


def _auxiliary(line: Line, at: int, kind: str) -> Iterator[Scope]:
    if kind == "conditional" and _backshifted(line, at):
        kind = "future"
    first = at + 1
    if line.low(at) == "ought" and line.low(at + 1) == "to":
        first = at + 2
    yield Scope(kind, at, first, complement_end(line, first))


def _backshifted(line: Line, at: int) -> bool:
    """Whether "would" is "will" as somebody said it: inside reported speech, with no condition in the sentence."""
    said = any(report.first <= at < report.last and report.kind == "said" for report in line.reports)
    return said and not any(word.low in CONDITIONS for word in line.words)


def _on_the_verge(line: Line, at: int) -> bool:
    """ "close to selling", "on the brink of war"."""
    low, following = line.low(at), line.low(at + 1)
    close = low in ("close", "closer", "near") and following == "to" and line.low(at + 2).endswith("ing")
    return close or (low in ("verge", "brink") and following == "of")


def _inverted(line: Line, at: int) -> bool:
    """ "Had Norvik closed, ...", "Should it close, ...": a condition without "if"."""
    return at == 0 and line.low(at) in ("had", "should", "were") and not line.asks


def _condition(line: Line, at: int) -> Iterator[Scope]:
    """ "if": both its own clause and the one it stands with. "asked if" is a question, which reports know."""
    asked = any(report.kind == "asked" and report.first == at for report in line.reports)
    if asked or (line.low(at) in ("provided", "providing") and line.low(at + 1) not in ("that", "it", "the", "they")):
        return
    end = at + 1
    while end < len(line.words) and line.low(end) not in (",", ".", ";"):
        end += 1
    starts = at == 0 or line.low(at - 1) in (",", '"', "that", ":") or line.low(at - 1) == "and"
    if starts and line.low(end) == ",":
        stop = end + 1
        while stop < len(line.words) and line.low(stop) not in (",", ";"):
            stop += 1
        yield Scope("condition", at, at + 1, stop, whole=True)
        return
    begin = at
    while begin and line.low(begin - 1) not in (",", ";", ":") and at - begin < REACH:
        begin -= 1
    yield Scope("condition", at, begin, end, whole=True)


def _infinitive(line: Line, at: int) -> Iterator[Scope]:
    """ "to" and a verb: planned, expected, tried, urged; nothing where the governing verb says that it was done."""
    following = line.words[at + 1] if at + 1 < len(line.words) else None
    if following is None or following.kind != "word" or following.capital or not _may_be_verb(line, at + 1):
        return
    kind, by = _governor(line, at)
    if kind:
        yield Scope(kind, at, at + 1, complement_end(line, at + 1), by=by)


def _may_be_verb(line: Line, at: int) -> bool:
    low = line.low(at)
    if low in ("be", "have", "do", "get"):
        return True
    if low.endswith("ly"):
        return _may_be_verb(line, at + 1)
    return not is_function_word(low) and not low.endswith(("ing", "ed")) and low not in PREPOSITIONS


_GOVERNORS = ("intended", "committed", "expected", "attempted", "urged", "obliged", "possible", "alleged")


def _governor(line: Line, at: int) -> tuple[str, int]:
    """What kind of thing an infinitive is, and the word that makes it so: the nearest before that governs one, over
    its object.
    """
    before = line.low(at - 1)
    if before in BE or before == "going" or (before == "about" and line.low(at - 2) in BE):
        return "future", -1  # "is to close", "is going to close"
    if before in ("used", "had"):
        return "", -1  # "had to close": it did
    for step in range(at - 1, max(-1, at - 8), -1):
        word = line.words[step]
        if word.low in ENDS or word.low in CLAUSES or word.low == ",":
            break
        if word.kind != "word":
            continue
        kind = _governs(line, step, at)
        if kind is not None:
            return kind, step
        if is_past(word.low) and step < at - 3:
            break
    return "infinitive", -1


def _governs(line: Line, step: int, at: int) -> str | None:
    """What the word at ``step`` makes of the infinitive at ``at``; nothing if it doesn't govern one."""
    words, stem = lexicon().modality, line.stem(step)
    if stem in words["to_done"] and step >= at - 5:
        return ""
    if stem in lexicon().negation["verbs"] and step >= at - 2:
        return "refused"
    for kind in _GOVERNORS:
        if stem not in words[f"to_{kind}"] or (kind == "alleged" and not is_passive(line, step) and step < at - 1):
            continue
        over_object = kind == "intended" and step < at - 2 and not is_passive(line, step)
        return "urged" if over_object else kind  # "wants Norvik to close"
    return None


def _accused_of(line: Line, at: int) -> int:
    """Where the "of" or "with" stands after which is what somebody is accused of; 0 where it's no accusation."""
    return next((step for step in range(at + 1, at + 6) if line.low(step) in ("of", "with", "over")), 0)


def _takes_object(line: Line, at: int) -> bool:
    """Whether a verb of considering has something that is considered: "considers closing", "weighed a sale"."""
    following = line.low(at + 1)
    if following in ("of", "for"):  # "dreams of winning", "applied for the post"
        following = line.low(at + 2)
    return following in ("a", "an", "the", "its", "their", "whether", "how", "if") or following.endswith("ing")


def _inside(line: Line, at: int) -> bool:
    """ "In the novel, the mayor ...": what follows is so in there."""
    before = {line.low(step) for step in range(max(0, at - 4), at)}
    return at <= 4 and "in" in before and line.low(at + 1) == ","


def _before_noun(line: Line, at: int) -> bool:
    """Whether an adjective stands before its noun: not "is likely to", not "the deputy said"."""
    word = line.words[at + 1] if at + 1 < len(line.words) else None
    if word is not None and word.low == "-":
        word = line.words[at + 2] if at + 2 < len(line.words) else None
    return (
        word is not None
        and word.content
        and not (is_past(word.low) and line.low(at) in ("deputy", "vice", "assistant"))
    )
