"""Whether a person has the office that a claim gives them: "Mayor Anna Petrov", "Kalle Berg, the head of the union"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.support.cited import Piece
from qa.answer.support.names import Name, names_in
from qa.answer.support.reading import Line
from qa.answer.support.verdict import Failure, Reason, fails
from qa.statements.naming import covers, name_parts
from qa.statements.roles import is_head

_WITHIN = 4  # words of an apposition: ", the union's new head"

#: Words for whoever leads something: an article has several, and may say of them only that they do.
_LEADERS = frozenset({"boss", "chief", "director", "executive", "head", "leader", "manager"})


def offices(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """The offices that the articles give to somebody else than the claim does."""
    for line in claim:
        for name in names_in(line):
            parts = name_parts(name.text)
            for head in _heads(line, name) if any(len(part) > 1 for part in parts) else ():
                others = [holder for piece in cited for holder in _holders(piece, head)]
                if others and not any(covers(parts, name_parts(one)) for one in others):
                    text = f"{name.text!r} is called {head!r}; in the article that's {others[0]!r}"
                    yield fails(Failure.SPEAKER, name.text, text)


def _heads(line: Line, name: Name) -> Iterator[str]:
    """The offices in front of a name, and of the apposition after it."""
    yield from (low for at in range(name.first, name.last - 1) if is_head(low := line.low(at)))
    if name.first and is_head(line.low(name.first - 1)):
        yield line.low(name.first - 1)
    if name.last < len(line.words) and line.low(name.last) == ",":
        for at in range(name.last + 1, min(name.last + 1 + _WITHIN, len(line.words))):
            if line.words[at].kind == "sign" or line.words[at].capital:
                return
            if is_head(line.low(at)):
                of_next = at + 1 < len(line.words) and line.words[at + 1].capital  # ", personnel chief Anna Berg"
                yield from () if of_next else (line.low(at),)
                return


def _holders(piece: Piece, head: str) -> list[str]:
    """Who has the office ``head`` in the article; nobody where it's a word for many."""
    return [holder for holder, heads in piece.evidence.offices if head in heads - _LEADERS]
