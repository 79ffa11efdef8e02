"""Whether what a claim puts between quotation marks stands in its evidence, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answer.support.cited import Piece
from qa.answer.support.verdict import Failure, Reason, fails
from qa.statements.quotes import find_quotes
from qa.text import find_quote
from qa.types import SentenceSpan

_MARKS = " \t\n\"'“”„‘’‚«»「」`.,;:!?"
#: What a quotation leaves out or puts in: three dots, words in brackets.
_GAPS = re.compile(r"\.\s?\.\s?\.|…|\[[^\[\]]{0,80}\]")


def quotes(claim: str, cited: Sequence[Piece]) -> Iterator[Reason]:
    """The quotations of a claim that its evidence doesn't have."""
    for quote in find_quotes(claim, (SentenceSpan(start=0, end=len(claim)),)):
        words = claim[quote.start : quote.end].strip(_MARKS)
        parts = [part for part in (piece.strip(_MARKS) for piece in _GAPS.split(words)) if part]
        if parts and not any(_has(piece.evidence.text, parts) for piece in cited):
            yield fails(Failure.QUOTE, words, f"{words!r} isn't quoted from the evidence")


def _has(text: str, parts: Sequence[str]) -> bool:
    """Whether the parts stand in the text one after the other, none inside a longer word."""
    reached = 0
    for part in parts:
        spans = (
            span for span in find_quote(text, part) if span.start >= reached and _whole(text, span.start, span.end)
        )
        found = min(spans, key=lambda span: span.start, default=None)
        if found is None:
            return False
        reached = found.end
    return True


def _whole(text: str, start: int, end: int) -> bool:
    return not (text[max(0, start - 1) : start].isalnum() and text[start].isalnum()) and not (
        text[end : end + 1].isalnum() and text[end - 1].isalnum()
    )
