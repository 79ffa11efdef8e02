"""``qa said``: everything that somebody is reported to have said, about a topic or at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Index, Json, Since, Source, Until, filters
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from qa.answer.said import Bearer, Said, Stated

_LONGEST = 200


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("said", help="Show every statement of a person or body, about a topic or at all.")(run)


def run(
    who: Annotated[str, typer.Argument(metavar="NAME", help="Who speaks: a name, or part of one.")],
    about: Annotated[str, typer.Option("--about", metavar="TOPIC", help="Only what is about TOPIC.")] = "",
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="From the oldest to the newest.")] = False,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where something was found, 1 where nothing was."""
    from qa.app import Reading

    if not who.strip() or len(who) > _LONGEST or len(about) > _LONGEST:
        raise UsageError("said.bad_name", f"a name and a topic have 1 to {_LONGEST} characters")
    with Reading.open(index) as reading:
        found = reading.said(who.strip(), about=about, filters=filters(source, since, until))
    return present(found, oldest_first=oldest_first, as_json=as_json)


def present(found: Said, *, oldest_first: bool, as_json: bool) -> int:
    """Show what was found, and beside it what a reader has to know; the command's exit code."""
    from qa.cli.output import print_json
    from qa.cli.terminal import note

    if as_json:
        print_json(_record(found, oldest_first=oldest_first))
    else:
        _show(found, oldest_first=oldest_first)
        for line in _notes(found):
            note(f"qa: {line}")
    return Exit.DONE if found.found else Exit.NEGATIVE


def _notes(found: Said) -> list[str]:
    """What a reader has to know to judge how whole the list is."""
    notes = []
    if len(found.bearers) > 1:
        names = [bearer.name for bearer in found.bearers]
        notes.append(f"{found.who!r} may mean {', '.join(names[:-1])} or {names[-1]}; what each says stands apart")
    if found.outside:
        articles = "article" if found.outside == 1 else "articles"
        notes.append(f"{found.outside} {articles} in which they speak lie outside --source, --since and --until")
    if found.undated:
        articles = "article" if found.undated == 1 else "articles"
        notes.append(f"{found.undated} {articles} without a date left out")
    if found.unresolved:
        several = "s" if found.unresolved > 1 else ""
        notes.append(f"{found.unresolved} statement{several} of a 'he', 'she' or 'it' in these articles may be theirs")
    return notes


def _record(found: Said, *, oldest_first: bool) -> object:
    from qa.answer.record import plain

    document = plain(found)
    assert isinstance(document, dict)
    for bearer in document["bearers"]:
        bearer["listed"] = bearer["listed"][::-1] if oldest_first else bearer["listed"]
    return document


def _show(found: Said, *, oldest_first: bool) -> None:
    from qa.cli.terminal import show, stdout, styled

    console = stdout()
    if not found.bearers:
        similar = f"; similar: {', '.join(found.similar)}" if found.similar else ""
        where = " there" if found.outside or found.undated else ""
        nobody = f"nobody called {found.who!r} is reported to have said anything{where}"
        show(console, styled((nobody, "bold yellow"), similar))
    for bearer in found.bearers:
        show(console, styled((bearer.name, "bold"), f": {_count(bearer, found.about)}"))
        for one in bearer.listed[::-1] if oldest_first else bearer.listed:
            _one(console, one)
        if bearer.closest:
            show(console, "closest, which may be about something else:", indent=2)
        for one in bearer.closest:
            _one(console, one)


def _count(bearer: Bearer, about: str) -> str:
    statements = "statement" if bearer.statements == 1 else "statements"
    articles = "article" if bearer.articles == 1 else "articles"
    all = f"{bearer.statements} {statements} in {bearer.articles} {articles}"
    return f"{len(bearer.listed)} of {all} on {about!r}" if about else all


#: How a speaker is known who isn't named beside the words that report.
_WHY = {
    "pronoun": "speaker from a pronoun",
    "role": "speaker from a description",
    "subject": "speaker from the sentence's subject",
    "before": "speaker from the quotation before",
    "after": "speaker from the quotation after",
    "announced": "speaker from the words before the quotation",
    "interview": "speaker from the interview",
}


def _one(console: Console, one: Stated) -> None:
    from qa.cli.render import where
    from qa.cli.terminal import one_line, show, show_beside, styled

    citation = one.citation
    day = citation.published.isoformat() if citation.published else "undated"
    show_beside(console, f"  {day}", styled(one_line(citation.quote)), indent=14)
    first = one.statements[0]
    why = _WHY.get(first.why, "") if first.inferred else ""
    show(console, styled((where(citation), "dim"), (f" | {why}" if why else "", "yellow")), indent=14)
