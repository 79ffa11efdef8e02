"""How far a marker (a negation, a modal, a plan) governs the words after it, as far as words and commas tell."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer.support.reading import BE, HAVE, SUBJECTS, Line, begins_clause
from qa.answer.support.words import is_past
from qa.retrieve.words import AUXILIARIES
from qa.statements import vocabulary as v
from qa.statements.verbs import look_up

ENDS = frozenset(".;:()?!—")
CLAUSES = v.words("but although though while whereas because except which who whose when where since")
CONDITIONS = frozenset(("if", "unless"))
_WITH_THAT = v.words(
    "true clear sure certain likely possible evidence proof sign fact it mean meant "
    "suggestion claim rumour rumours rumor report allegation idea assurance promise"
)
REACH = 60  # words: nothing governs further


@dataclass(frozen=True, slots=True)
class Scope:
    """The words ``[first, last)`` that the marker at ``place`` governs, and how (``kind``).

    ``whole``: it governs all of its clause, subject and verb alike ("no workers were hurt"). ``by`` is the place of the
    word that an infinitive hangs on ("plans to"), -1 where there is none.
    """

    kind: str
    place: int
    first: int
    last: int
    whole: bool = False
    by: int = -1

    def __contains__(self, at: int) -> bool:
        return self.first <= at < self.last


def complement_end(line: Line, first: int) -> int:
    """The end of a verb's complement that begins at ``first``: punctuation, a conjunction, or the next finite verb."""
    content = subordinate = False
    for at in range(first, min(first + REACH, len(line.words))):
        word = line.words[at]
        if word.kind == "sign" and word.low in ENDS:
            return at
        if word.low == "that" and (not content or any(_takes_that(line, near) for near in range(max(0, at - 5), at))):
            subordinate = True
        if content and look_up(line.low(at - 1)) is not None and word.low in SUBJECTS:
            subordinate = True  # "would not say it is easy"
        if word.low == "," and not _goes_on(line, first, at):
            return at
        if (word.low in CLAUSES or word.low in CONDITIONS) and at > first:  # "has not since left"
            return at
        if word.low == "and" and begins_clause(line.words, at + 1):
            return at
        if content and not subordinate and _finite(line, at):
            return at
        content = content or (word.content and not word.low.endswith("ly"))
    return min(first + REACH, len(line.words))


def _goes_on(line: Line, first: int, comma: int) -> bool:
    """Whether what is governed goes on after a comma: "did not, however, close", "did not hire, fire or promote"."""
    if not any(line.words[at].content for at in range(first, comma)):
        return True
    if any(line.words[at].low == "," for at in range(first, comma)) and comma - first < 4:
        return True
    following = line.words[comma + 1] if comma + 1 < len(line.words) else None
    if following is None or following.capital or not following.content:
        return False
    return any(line.low(at) == "or" for at in range(comma + 1, min(comma + 8, len(line.words))))


def _finite(line: Line, at: int) -> bool:
    """Whether a verb of another clause stands here: a helper, or a past tense that no helper makes a participle."""
    low = line.low(at)
    before = line.low(at - 1)
    if low in AUXILIARIES and low not in ("be", "been", "being", "have", "do", "won", "re", "ve", "ll"):
        return before not in ("to",) and low not in HAVE - {"has", "had"}
    if low in SUBJECTS and low not in ("it", "that", "this", "there", "we", "you", "they", "i", "he", "she"):
        return True
    participle = any(line.low(step) in BE | HAVE for step in range(max(0, at - 3), at))
    return line.words[at].kind == "word" and is_past(low) and not participle and line.words[at - 1].kind != "sign"


def _takes_that(line: Line, at: int) -> bool:
    """Whether a clause with "that" is the complement of this word: "say that", "true that", not "the plant that"."""
    return look_up(line.low(at)) is not None or line.low(at) in _WITH_THAT


def clause_end(line: Line, first: int) -> int:
    """The end of the whole clause, verbs and all."""
    for at in range(first, min(first + REACH, len(line.words))):
        low = line.low(at)
        if (line.words[at].kind == "sign" and (low in ENDS or low == ",")) or low in CLAUSES - {"who", "which"}:
            return at
        if low == "and" and begins_clause(line.words, at + 1):
            return at
    return min(first + REACH, len(line.words))


def segment_end(line: Line, first: int) -> int:
    """The end of the clause that the word at ``first`` is in, as ``Line.segments`` numbers them."""
    at = first
    while at < len(line.words) and line.segments[at] == line.segments[min(first, len(line.words) - 1)]:
        at += 1
    return at


def phrase_end(line: Line, first: int) -> int:
    """The end of a noun phrase's words: up to three content words, none a verb."""
    at, kept = first, 0
    while at < len(line.words) and kept < 3:
        word = line.words[at]
        if word.low == "-":
            at += 1
            continue
        if not word.content or (kept and (word.capital or is_past(word.low))):
            break
        kept += 1
        at += 1
    return at


def is_passive(line: Line, at: int) -> bool:
    """Whether a form of "be" stands shortly before the participle at ``at``, no sign between."""
    for step in range(at - 1, max(-1, at - 4), -1):
        if line.words[step].kind == "sign":
            return False
        if line.low(step) in BE:
            return True
    return False
