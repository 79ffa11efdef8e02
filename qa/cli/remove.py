"""``qa remove``: take articles out of the index, or erase them."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.options import Index, Json
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("remove", help="Take articles out of what is searched; old answers can still be verified.")(run)


def run(
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Ids, paths, file names or titles.")],
    purge: Annotated[bool, typer.Option("--purge", help="Erase the text itself; old answers then say so.")] = False,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Remove each article named, or none of them where one can't be found."""
    from qa import app as house
    from qa.cli.output import print_json
    from qa.cli.terminal import note, show, stdout

    done = house.remove(index, articles, purge=purge)
    if as_json:
        print_json(done)
        return Exit.DONE
    word = "erased" if purge else "removed"
    already = f", {len(done.already)} had been removed before" if done.already else ""
    show(stdout(), f"{len(done.removed)} {word}{already}")
    for trace in done.traces:
        note(f"a file that a repair set aside may still hold the text, it's yours to delete: {trace}")
    if done.pending:
        note("another process is reading; the erased text leaves the disk with the next command that writes")
    return Exit.DONE
