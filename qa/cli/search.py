"""``qa search``: the passages that a question finds, with their scores and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Index, Json, Since, Source, Until, filters
from qa.cli.options import question as checked
from qa.errors import Exit

if TYPE_CHECKING:
    from qa.retrieve.retriever import Retrieved
    from qa.types import Hit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("search", help="Show the passages that a question finds, with their scores and why.")(run)


def run(
    question: Annotated[str, typer.Argument(help="A question or some words.")],
    k: Annotated[int, typer.Option("--k", metavar="N", min=1, max=1000, help="How many passages.")] = 10,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where something was found, 1 where nothing was."""
    from qa.app import Reading
    from qa.cli.output import print_json
    from qa.cli.terminal import note

    text = checked(question)
    with Reading.open(index) as reading:
        found = reading.search(text, k=k, filters=filters(source, since, until))
    for warning in found.warnings:
        note(f"qa: {warning}")
    if as_json:
        print_json({"question": question, "hits": [_record(hit) for hit in found.hits]})
    else:
        _show(found)
    return Exit.DONE if found.hits else Exit.NEGATIVE


def _record(hit: Hit) -> object:
    from qa.answer.record import plain

    document = plain(hit)
    assert isinstance(document, dict)
    # The whole article would drown the hit; its metadata and the passage's own text are what a reader wants.
    document["article"] = {key: value for key, value in document["article"].items() if key != "text"}
    return document | {"text": hit.text}


def _show(found: Retrieved) -> None:
    from qa.cli.terminal import one_line, show, stdout, styled
    from qa.retrieve.why import why

    console = stdout()
    if not found.hits:
        show(console, "nothing was found")
    for number, hit in enumerate(found.hits, start=1):
        article = hit.article
        when = article.published.isoformat() if article.published else "undated"
        place = f"{article.id}:{hit.passage.start}-{hit.passage.end}"
        show(
            console,
            styled((f"{number}. ", "bold"), (article.title, "bold"), f"  {article.source}, {when}  ", (place, "dim")),
        )
        show(console, styled(one_line(hit.text)), indent=3)
        show(console, styled((why(hit), "dim")), indent=3)
