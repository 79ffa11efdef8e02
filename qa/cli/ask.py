"""``qa ask``: a question's answer with its citations, or why there is none; without a question, a prompt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.engine import BaseUrl, DeadlineOption, Engine, EngineOption, Model, endpoint, tell
from qa.cli.options import Index, Json, Lenient, Since, Source, Strict, Until, filters, strictness
from qa.cli.options import question as checked
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from qa.app import Reading
    from qa.config.endpoint import Endpoint
    from qa.types import Filters


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("ask", help="Answer a question from the articles, with citations; without one, prompt for questions.")(
        run
    )


def run(
    question: Annotated[str | None, typer.Argument(help="The question; none on a terminal: a prompt.")] = None,
    k: Annotated[int, typer.Option("--k", metavar="N", min=1, max=100, help="At most so many statements.")] = 5,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that somebody said, with the counts (qa said).")
    ] = False,
    strict: Strict = False,
    lenient: Lenient = False,
    engine: EngineOption = Engine.AUTO,
    model: Model = None,
    base_url: BaseUrl = None,
    deadline: DeadlineOption = None,
    show_prompt: Annotated[bool, typer.Option("--show-prompt", help="Print what is sent to the model first.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how much would be sent, and send nothing.")] = False,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where the question was answered, 1 where the articles don't support an answer."""
    from qa.app import Reading

    wanted, sure = filters(source, since, until), strictness(strict=strict, lenient=lenient)
    asked_for = Engine.LLM if dry_run or show_prompt else engine
    found = endpoint(asked_for, model=model, base_url=base_url, deadline=deadline)
    if question is None:
        if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError(
                "ask.no_question", "there is no question", remedy='qa ask "What did Zhang say about hiring?"'
            )
        from qa.cli.interactive import converse

        with Reading.open(index, strictness=sure) as reading:
            tell(reading.index, found, asked_for=engine is Engine.EXTRACT)
            return converse(reading, k=k, filters=wanted, endpoint=found)
    text = checked(question)
    if everything:
        from qa.cli.said import present

        with Reading.open(index) as reading:
            return present(reading.said_of(text, filters=wanted), oldest_first=False, as_json=as_json)
    with Reading.open(index, strictness=sure) as reading:
        tell(reading.index, found, asked_for=engine is Engine.EXTRACT or dry_run)
        if found is None:
            return _once(reading, text, k=k, wanted=wanted, as_json=as_json)
        return _written(
            reading, found, text, k=k, wanted=wanted, as_json=as_json, show_prompt=show_prompt, dry_run=dry_run
        )


def _written(
    reading: Reading,
    found: Endpoint,
    question: str,
    *,
    k: int,
    wanted: Filters,
    as_json: bool,
    show_prompt: bool,
    dry_run: bool,
) -> int:
    from qa.app.writing import Writer
    from qa.cli import writing

    with Writer(reading, found) as writer:
        if show_prompt:
            writing.show_prompt(writer.prepared(question, filters=wanted))
        if dry_run:
            writing.dry_run(writer.prepared(question, filters=wanted))
            return Exit.DONE
        answer = writing.write_json if as_json else writing.write
        return writing.code(answer(writer, question, k=k, filters=wanted))


def _once(reading: Reading, question: str, *, k: int, wanted: Filters, as_json: bool) -> int:
    from qa.answer.record import to_record
    from qa.cli.asking import ask
    from qa.cli.output import print_json
    from qa.cli.render import show_answer
    from qa.cli.terminal import stdout
    from qa.types import Status

    asked = ask(
        reading, question, k=k, filters=wanted, usual="asking without 'strict'", lenient="'qa ask --lenient ...'"
    )
    confidence, in_force = asked.confidence, asked.in_force
    if as_json:
        print_json({**to_record(asked.answer), "confidence": confidence, "threshold": in_force.threshold})
    else:
        show_answer(stdout(), asked.answer)
    return Exit.NEGATIVE if asked.answer.status is Status.ABSTAINED else Exit.DONE
