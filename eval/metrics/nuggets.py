"""The pieces of information that an answer gives of those that gold lists; shared by the nugget metrics."""

from __future__ import annotations

from dataclasses import dataclass

from eval.metrics.metric import Case
from eval.metrics.shown import claims, named, texts
from eval.types import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuggets:
    """How many nuggets an answer gives, and its length in characters other than white space."""

    vital: int
    okay: int
    all_vital: int
    length: int


def count(case: Case) -> Nuggets:
    """The nuggets given, each in any of its wordings, on token boundaries."""
    said = texts(case)
    found = [nugget.vital for nugget in case.item.nuggets if named(nugget, said)]
    return Nuggets(
        vital=sum(found),
        okay=len(found) - sum(found),
        all_vital=sum(nugget.vital for nugget in case.item.nuggets),
        length=sum(len("".join(claim.text.split())) for claim in claims(case.answer)),
    )


def if_vital(item: Item) -> str:
    """Says something about answerable items with a vital nugget: TREC's recall is over these alone."""
    if not item.answerable:
        return "the question has no answer"
    return "" if any(nugget.vital for nugget in item.nuggets) else "gold has no vital nugget"
