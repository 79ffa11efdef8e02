"""From a question's hits to an answer that a model wrote: what stands against one is settled first, each claim is
verified before it is handed on, and what can't be read is asked for once more.

Nobody is asked to answer without evidence. A reply that breaks off leaves what was handed on, and says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from qa.answer.citations import seal
from qa.answer.considered import Considered, Written, notes
from qa.answer.support.paraphrase import Reads
from qa.answer.writer.claims import checked
from qa.answer.writer.messages import Asked, asking, mending
from qa.answer.writer.reply import BadReply, Incoming, Replied, Said, read_reply, schema
from qa.errors import ModelUnusable, QaError
from qa.llm.model import Deadline, Message, Model, Reply
from qa.types import Answer, Claim, Status, Support

#: Below this confidence of the reader's no model is asked: nothing found comes near an answer. On the calibration split
#: of ``newsroom`` that stops 1 of 63 questions with an answer and 4 of 32 without; .2 would stop 3 and 6.
GO_ON = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a model writes: the deadline of all its requests together, the context in tokens, what ids
    derive from, the day on which it is asked, how many claims are shown at most, and whether ``strict``
    (``judge``'s) holds.
    """

    deadline: Deadline
    context: int
    secret: bytes
    today: date
    k: int = 5
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An answer that a model wrote, with what it took. ``fault`` is why it is incomplete, where it is."""

    written: Written
    asked: Asked | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    fault: QaError | None = None


@dataclass
class _Draft:
    """What has come so far."""

    shown: list[Claim] = field(default_factory=list)
    rejected: list[Claim] = field(default_factory=list)
    handled: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


def may_ask(found: Considered) -> bool:
    """Whether there is anything to show a model: no evidence, no question."""
    return not found.obstacle and bool(found.candidates) and found.judged.confidence >= GO_ON


def compose(found: Considered, *, model: Model, reader: Reads | None, terms: Terms) -> Generator[Claim, None, Composed]:
    """Hands on each claim once it is verified, and in the end the answer.

    Raises what ``Model.write`` raises, and ``ModelUnusable`` for a reply that can't be read twice over, where no claim
    was handed on before; afterwards the answer is incomplete, and ``fault`` says why.
    """
    if not may_ask(found):
        return Composed(written=found.abstained())
    asked = asking(found, secret=terms.secret, context=terms.context, today=terms.today)
    draft = _Draft()
    fault: QaError | None = None
    try:
        yield from _replied(found, asked, draft, model=model, reader=reader, terms=terms)
    except QaError as error:
        if not draft.shown:
            raise
        fault = error
    return Composed(
        written=_answer(found, draft, complete=fault is None),
        asked=asked,
        prompt_tokens=draft.prompt_tokens,
        completion_tokens=draft.completion_tokens,
        fault=fault,
    )


def _replied(
    found: Considered, asked: Asked, draft: _Draft, *, model: Model, reader: Reads | None, terms: Terms
) -> Iterator[Claim]:
    """The verified claims of the reply, or of a second one where the first can't be read."""
    messages: tuple[Message, ...] = asked.messages
    for attempt in (1, 2):
        incoming, said = (
            Incoming(),
            model.write(messages, schema=schema(list(asked.shown.by_id)), deadline=terms.deadline),
        )
        draft.handled = 0
        try:
            while True:
                yield from _verified(incoming.feed(next(said)), found, asked, draft, reader, terms)
        except StopIteration as ended:
            reply: Reply = ended.value
        draft.prompt_tokens += reply.prompt_tokens
        draft.completion_tokens += reply.completion_tokens
        try:
            replied: Replied = read_reply(reply.text)
        except BadReply as bad:
            if attempt == 2 or draft.shown:
                raise _unreadable(model, bad) from None
            messages = mending(asked, reply.text, str(bad))
            draft.rejected.clear()
            continue
        yield from _verified(replied.claims[draft.handled :], found, asked, draft, reader, terms)
        return


def _verified(
    said: list[Said] | tuple[Said, ...],
    found: Considered,
    asked: Asked,
    draft: _Draft,
    reader: Reads | None,
    terms: Terms,
) -> Iterator[Claim]:
    """Those of the claims that may be shown; the others are kept with their reasons."""
    for one in said:
        draft.handled += 1
        claim = checked(one, asked.shown, ledger=found.ledger, reader=reader, strict=terms.strict)
        if claim.support is not Support.SUPPORTED:
            draft.rejected.append(claim)
        elif any(_same(claim, other) for other in draft.shown):
            draft.rejected.append(_turned_down(claim, "it was said before"))
        elif len(draft.shown) >= terms.k:
            draft.rejected.append(_turned_down(claim, f"{terms.k} claims are shown at most"))
        else:
            draft.shown.append(claim)
            yield claim


def _same(one: Claim, other: Claim) -> bool:
    return one.text.casefold().split() == other.text.casefold().split()


def _turned_down(claim: Claim, why: str) -> Claim:
    return replace(claim, support=Support.UNSUPPORTED, reasons=(*claim.reasons, why))


def _answer(found: Considered, draft: _Draft, *, complete: bool) -> Written:
    if not draft.shown:
        return found.abstained(_why_none(draft), rejected=tuple(draft.rejected))
    made = Answer(
        question=found.question,
        status=Status.ANSWERED,
        claims=tuple(draft.shown),
        rejected=tuple(draft.rejected),
        notes=notes(found, draft.shown),
        complete=complete,
    )
    return Written(answer=seal(found.ledger, made), read=found.read, confidence=found.confidence)


def _why_none(draft: _Draft) -> str:
    if not draft.rejected:
        return "the model found no answer in the sentences that it was shown"
    if len(draft.rejected) == 1:
        return "what the model said isn't borne out by what it cites"
    return f"none of the model's {len(draft.rejected)} statements is borne out by what it cites"


def _unreadable(model: Model, bad: BadReply) -> ModelUnusable:
    return ModelUnusable(
        "model.unreadable",
        f"the reply of the model {model.name!r:.60} isn't what was asked for, twice over: {bad}",
        remedy="another --model, or --engine extract",
    )
