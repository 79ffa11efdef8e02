"""What the scripted systems say: the oracle's answer in other words, by other people, at other lengths.

What they cite with it is right; see :mod:`eval.selftest.citing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.selftest.ground import Facts
from eval.selftest.oracle import answered, cite, figure, oracle, ranked, says
from eval.types import Ended, RunClaim, RunRecord

#: A word of no article, and what glues a wording into a longer token.
NONSENSE, GLUE = "zzyxq", "7"


def retold(facts: Facts, change: Callable[[RunClaim], RunClaim]) -> RunRecord:
    """The oracle's answer with each claim changed."""
    record = oracle(facts)
    claims = tuple(map(change, record.claims))
    return replace(record, claims=claims, answer="\n".join(claim.text for claim in claims))


def stylist(facts: Facts) -> RunRecord:
    """The same words to any reader: in capitals, with an article and a full stop; the speaker with a title."""
    record = retold(
        facts,
        lambda claim: replace(
            claim,
            text=f"The {_capitals(claim.text)}.",
            speaker=f"Mayor {_capitals(claim.speaker)}" * bool(claim.speaker),
        ),
    )
    return replace(record, ended=Ended.PARTLY, short=f"The {_capitals(record.short)}." if record.short else "")


def _capitals(text: str) -> str:
    """ASCII alone: of others the capitals aren't as many."""
    return "".join(char.upper() if char.isascii() else char for char in text)


def wordy(facts: Facts) -> RunRecord:
    record = oracle(facts)
    return replace(record, short=f"{record.short} {NONSENSE}")


def gluer(facts: Facts) -> RunRecord:
    item = facts.item
    words = [*(part.text for part in item.answers), *(nugget.text for nugget in item.nuggets)]
    claims = [replace(oracle(facts).claims[0], text=f"{GLUE}{word}{GLUE}") for word in words]
    record = answered(facts, claims, retrieved=ranked(facts.spans), read=ranked(facts.spans))
    return replace(record, short=f"{GLUE}{record.short}{GLUE}" if record.short else "")


def terse(facts: Facts) -> RunRecord:
    item = facts.item
    vital = tuple(nugget for nugget in item.nuggets if nugget.vital)
    return oracle(
        replace(facts, item=replace(item, answers=item.answers[:1], values=item.values[:1], nuggets=vital[:1]))
    )


def quoter(facts: Facts) -> RunRecord:
    speaker = facts.item.speaker
    claims = [RunClaim(text=span.quote, citations=(cite(span),), speaker=speaker) for span in facts.first]
    return answered(facts, claims, retrieved=ranked(facts.spans), read=ranked(facts.spans))


def outdated(facts: Facts) -> RunRecord:
    stale = RunClaim(text=facts.item.forbidden[0])
    record = oracle(facts)
    claims = (stale, *record.claims)
    answer = "\n".join(claim.text for claim in claims)
    return replace(record, claims=claims, answer=answer, short=stale.text if record.short else "")


def historian(facts: Facts) -> RunRecord:
    record = outdated(facts)
    claims = (replace(record.claims[0], earlier=True), *record.claims[1:])
    return replace(record, claims=claims, short=oracle(facts).short)


def wrong_speaker(facts: Facts) -> RunRecord:
    other = f"{NONSENSE.title()} {facts.item.speaker.split()[-1]}"
    return retold(facts, lambda claim: replace(claim, speaker=other))


def hearsay(facts: Facts) -> RunRecord:
    """Adds, without a citation, words of somebody whose name may be the speaker's, and older ones of a namesake."""
    record = oracle(facts)
    surname = facts.item.speaker.split()[-1]
    more = (
        RunClaim(text=f"{NONSENSE}.", speaker=surname),
        RunClaim(text=f"{NONSENSE}.", speaker=f"{NONSENSE.title()} {surname}", earlier=True),
    )
    return replace(record, claims=(*record.claims, *more))


def namesake(facts: Facts) -> RunRecord:
    """Adds, without a citation, words of somebody else of the same surname."""
    record = oracle(facts)
    other = RunClaim(text=f"{NONSENSE}.", speaker=f"{NONSENSE.title()} {facts.item.speaker.split()[-1]}")
    return replace(record, claims=(*record.claims, other))


def misattributor(facts: Facts) -> RunRecord:
    """Says everything again, as said by a stranger."""
    record = oracle(facts)
    again = [replace(claim, speaker=f"{NONSENSE.title()} {NONSENSE.title()}") for claim in record.claims]
    return replace(record, claims=(*record.claims, *again))


def bare(facts: Facts) -> RunRecord:
    """An answer as any program could hand it in: a line of text, and nothing else."""
    item = facts.item
    *texts, last = says(item) if item.values and not item.answers else says(replace(item, values=()))
    line = f"{', '.join(texts)} and {last}" if texts else last
    shown = f"{line} ({item.speaker})" if item.speaker else line
    return replace(answered(facts, [], retrieved=None, read=None), answer=shown, confidence=None)


def calculator(facts: Facts) -> RunRecord:
    """Says figures as a machine prints them, and nothing else."""
    line = "; ".join(map(figure, facts.item.values))
    return replace(retold(facts, lambda claim: replace(claim, text=line)), short=line)
