"""``qa list``: the articles of the index."""

from __future__ import annotations

import typer

from qa.cli.options import Index, Json, Since, Source, Until, filters
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("list", help="List the articles of the index, newest first.")(run)


def run(
    index: Index = None, as_json: Json = False, source: Source = None, since: Since = None, until: Until = None
) -> int:
    """One line an article: id, date, source, title, where it came from."""
    from qa.app import Reading
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled

    with Reading.open(index) as reading:
        found = list(reading.ledger.summaries(filters(source, since, until)))
    if as_json:
        print_json({"articles": found})
        return Exit.DONE if found else Exit.NEGATIVE
    console = stdout()
    for article in found:
        when = article.published.isoformat() if article.published else "undated   "
        show(
            console,
            styled(
                (article.article_id, "bold"),
                f"  {when}  ",
                (article.source or "-", "cyan"),
                f"  {article.title}  ",
                (article.identity, "dim"),
            ),
        )
    return Exit.DONE if found else Exit.NEGATIVE
