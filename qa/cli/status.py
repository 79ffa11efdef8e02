"""``qa status``: what is in the index and what it was made with."""

from __future__ import annotations

import typer

from qa.cli.options import Index, Json
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("status", help="Say what is in the index, where it is and what it was made with.")(run)


def run(index: Index = None, as_json: Json = False) -> int:
    """Counts, dates, model and vector index of the index."""
    from qa.app import Reading
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled

    with Reading.open(index) as reading:
        status = reading.status()
    if as_json:
        print_json(status)
        return Exit.DONE
    counts, console = status.counts, stdout()
    dates = f"{counts.earliest} to {counts.latest}" if counts.earliest else "none"
    for label, value in (
        ("index", status.index),
        (
            "articles",
            f"{counts.articles} ({counts.undated} undated, {counts.removed} removed, {counts.sources} sources)",
        ),
        ("passages", f"{counts.passages} of {counts.sentences} sentences, {counts.characters} characters"),
        ("dates", dates),
        ("embedder", status.embedder),
        ("vectors", status.generation),
    ):
        show(console, styled((f"{label:<9}", "bold"), f" {value}"))
    return Exit.DONE
