"""How an answer that a model writes comes onto a terminal: claim by claim, each verified before; then what is said
beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.cli.failure import as_document, report
from qa.cli.output import print_json
from qa.cli.render import Page
from qa.cli.terminal import note, stdout
from qa.errors import Exit, QaError
from qa.types import Answer, Status

if TYPE_CHECKING:
    from qa.app import Asked
    from qa.app.writing import Prepared, Writer
    from qa.types import Filters

#: What stays where an answer breaks off.
_STANDS = "what was printed is verified; the answer is incomplete"


def write(writer: Writer, question: str, *, k: int, filters: Filters) -> Asked:
    """Print the answer as it comes, and what is said beside it on stderr; an error where it breaks off is printed."""
    page = Page(stdout())
    running = writer.ask(question, k=k, filters=filters)
    try:
        while True:
            page.claim(next(running))
    except StopIteration as ended:
        asked: Asked = ended.value
    page.beside(asked.answer)
    _beside(asked)
    if asked.fault is not None:
        report(_broken_off(asked.fault), as_json=False)
    return asked


def write_json(writer: Writer, question: str, *, k: int, filters: Filters) -> Asked:
    """Print the whole answer as one document; where it broke off, with the error."""
    from qa.answer.record import to_record
    from qa.llm.model import whole

    asked = whole(writer.ask(question, k=k, filters=filters))
    document = {**to_record(asked.answer), "confidence": asked.confidence, "threshold": asked.in_force.threshold}
    if asked.fault is not None:
        document["error"] = as_document(_broken_off(asked.fault))
    print_json(document)
    return asked


def code(asked: Asked) -> int:
    """The exit code of an answer that a model wrote."""
    if asked.fault is not None:
        return asked.fault.code
    return Exit.NEGATIVE if asked.answer.status is Status.ABSTAINED else Exit.DONE


def show_prompt(prepared: Prepared) -> None:
    """The conversation that would be sent, on stderr."""
    if prepared.asked is None:
        note("qa: nothing would be sent: nothing found comes near an answer")
        return
    for message in prepared.asked.messages:
        note(f"--- {message.role}")
        for line in message.content.splitlines():
            note(line)
    note("---")


def dry_run(prepared: Prepared) -> None:
    """What would be sent, in figures, on stdout."""
    from qa.cli.terminal import show

    if prepared.asked is None:
        show(stdout(), "nothing would be sent: nothing found comes near an answer")
        return
    shown = prepared.asked.shown
    cut = f"; {shown.cut} more didn't fit" if shown.cut else ""
    many = f"{len(shown.by_id)} sentences of {len(shown.passages)} passages{cut}"
    show(stdout(), f"about {prepared.asked.tokens} tokens would be sent (counted high): {many}")


def _beside(asked: Asked) -> None:
    for warning in asked.warnings:
        note(f"qa: {warning}")
    rejected = len(asked.answer.rejected)
    if rejected:
        statements = "1 statement" if rejected == 1 else f"{rejected} statements"
        note(f"qa: {statements} of the model {'was' if rejected == 1 else 'were'} not borne out and not shown (--json)")
    note(f"qa: {_effort(asked.answer)}")


def _effort(answer: Answer) -> str:
    made = answer.provenance
    assert made is not None
    seconds = f"{sum(made.seconds.values()):.1f} s"
    if not made.prompt_tokens and not made.completion_tokens:
        return f"{made.model}, {seconds}"
    price = f", {made.price:g} {made.currency}".rstrip() if made.price is not None else ""
    return f"{made.model}, {made.prompt_tokens}+{made.completion_tokens} tokens, {seconds}{price}"


def _broken_off(fault: QaError) -> QaError:
    return type(fault)(fault.id, fault.message, state=_STANDS, remedy=fault.remedy)
