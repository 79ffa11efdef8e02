"""F1 over the members of a list question's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.metrics.metric import Case, Metric
from eval.metrics.shown import claims, if_parts, named, texts
from eval.metrics.tokens import fold, occurrences
from eval.types import AnswerPart, Item, RunRecord, Score, Scored

#: What stands between members that are written in one line, in folded text.
_SEPARATORS = re.compile(r"[;•·]|,(?: (?:and|or)\b)?(?!\S)|\b(?:and|or)\b|&")
_BULLET = re.compile(r"\s*(?:[-*•·–]|\d{1,3}[.)])\s+")


def members(record: RunRecord, parts: tuple[AnswerPart, ...]) -> tuple[str, ...]:
    """What an answer lists: its claims, or where it has none its text, cut at lines, commas, semicolons, "and", "or".

    A separator inside a wording of a part ("Bell, Book and Candle") doesn't cut.
    """
    if not record.answered:
        return ()
    if record.claims:
        return tuple(claim.text for claim in record.claims)
    lines = (_BULLET.sub("", line, count=1) for line in claims(record)[0].text.splitlines())
    return tuple(member for line in lines for member in _cut(fold(line), parts))


def _cut(line: str, parts: tuple[AnswerPart, ...]) -> Iterator[str]:
    kept = [span for part in parts for wording in part.wordings for span in occurrences(wording, line)]
    start = 0
    for match in _SEPARATORS.finditer(line):
        if any(span.start < match.end() and match.start() < span.end for span in kept):
            continue
        yield from filter(None, [line[start : match.start()].strip()])
        start = match.end()
    yield from filter(None, [line[start:].strip()])


def _score(case: Case) -> Score:
    parts, listed = case.item.answers, members(case.answer, case.item.answers)
    said = texts(case)
    recall = sum(named(part, said) for part in parts) / len(parts)
    right = sum(any(named(part, (member,)) for part in parts) for member in listed)
    if not recall or not right:
        return Scored(0.0)
    precision = right / len(listed)
    return Scored(2 * precision * recall / (precision + recall))


def _about(item: Item) -> str:
    return if_parts(item) or ("" if len(item.answers) > 1 else "the answer is no list")


METRIC = Metric(
    name="list_f1",
    definition="F1 of the share of parts that the answer names and the share of its members that name a part; members "
    "are the claims, or without claims what stands between lines, commas, semicolons, 'and' and 'or'.",
    source="after Voorhees 2004, Overview of the TREC 2004 Question Answering Track (list questions: instance "
    "precision and recall); there every repeated instance counts as wrong, here as right",
    about=_about,
    score=_score,
)
