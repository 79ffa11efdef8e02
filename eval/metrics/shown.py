"""What of a record is its answer, for the metrics that read it: the texts, the prediction, the facts given.

An abstention shows no answer, whatever else its record holds.
"""

from __future__ import annotations

from eval.metrics.metric import Case
from eval.metrics.spans import covered, extent, is_valid
from eval.metrics.tokens import occurs
from eval.types import AnswerPart, Item, Nugget, RunClaim, RunRecord


def prediction(record: RunRecord) -> str:
    """The answer as short as the system gives it: what SQuAD's measures are taken of."""
    return (record.short or record.answer) if record.answered else ""


def claims(record: RunRecord) -> tuple[RunClaim, ...]:
    """The claims shown; an answer that has none is one claim without citations."""
    if not record.answered:
        return ()
    return record.claims or (RunClaim(text=record.answer or record.short),)


def texts(case: Case) -> tuple[str, ...]:
    """All that the answer says, claim by claim; nothing is ever found across two of them.

    What it marks as earlier it doesn't say of today: that is neither wrong nor right.
    """
    return tuple(text for claim in claims(case.answer) if not claim.earlier for text in said_by(claim, case.item))


def said_by(claim: RunClaim, item: Item) -> tuple[str, ...]:
    """What one claim says: its text, and where the question is who said something, the speaker shown beside it."""
    return tuple(text for text in (claim.text, claim.speaker if item.speaker else "") if text)


def named(part: AnswerPart | Nugget, said: tuple[str, ...]) -> bool:
    """Whether any wording of ``part`` stands in one of the texts, on token boundaries."""
    return any(occurs(wording, text) for wording in part.wordings for text in said)


# --- what must not be given -------------------------------------------------------------------------------------------


def forbidden_given(case: Case) -> tuple[str, ...]:
    """The forbidden facts that the answer gives: in a claim that isn't marked as earlier."""
    shown = claims(case.answer)
    return tuple(phrase for phrase in case.item.forbidden if any(gives(phrase, claim, case) for claim in shown))


def gives(phrase: str, claim: RunClaim, case: Case) -> bool:
    """Whether ``claim`` gives a forbidden fact as valid today.

    It doesn't where it is marked as earlier, nor where it cites a gold span in whose own words the phrase stands: "is
    Cr 230 million, not Cr 320 million" can't be quoted without it. Whom a claim names as its speaker is never excused.
    """
    if claim.earlier or not any(occurs(phrase, text) for text in said_by(claim, case.item)):
        return False
    if not occurs(phrase, claim.text):
        return True
    return not any(occurs(phrase, quote) for quote in gold_quotes(claim, case))


def gold_quotes(claim: RunClaim, case: Case) -> tuple[str, ...]:
    """The texts of the gold spans, acceptable ones too, that the claim's valid citations cover."""
    places = (*(place for alternative in case.evidence for place in alternative), *case.acceptable)
    held = extent(citation for citation in claim.citations if is_valid(citation, case.corpus))
    return tuple(
        place.span.of(case.corpus[place.article].text) for place in places if covered(place, held, case.corpus)
    )


# --- reasons for not applying -----------------------------------------------------------------------------------------


def if_parts(item: Item) -> str:
    """Says something about answerable items whose answer gold words."""
    if not item.answerable:
        return "the question has no answer"
    return "" if item.answers else "gold words no answer"


def if_one_part(item: Item) -> str:
    """Says something about items with an answer of one part, and about those that have none."""
    if not item.answerable:
        return ""
    return if_parts(item) or ("" if len(item.answers) == 1 else "the answer has several parts")


def if_forbidden(item: Item) -> str:
    """Says something about items that list forbidden facts."""
    return "" if item.forbidden else "gold forbids nothing"
