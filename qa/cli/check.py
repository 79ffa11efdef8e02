"""``qa check`` and ``qa rebuild``: whether the index is sound, and mending it."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.engine import BaseUrl, Embedder, say_where_sent
from qa.cli.options import Index, Json
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("check", help="Check the index against itself; --repair mends it from the ledger.")(run)
    app.command("rebuild", help="Embed everything again, with this version's model or another.")(rebuild)


def run(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what was found.")] = False,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where all is sound (or mended), 13 where something isn't."""
    from qa import app as house
    from qa.cli.output import print_json
    from qa.cli.progress import Bar
    from qa.cli.terminal import show, stdout, styled

    with Bar("checking") as bar:
        report = house.check(index, repair=repair, progress=bar.update)
    code = Exit.DONE if report.sound else Exit.INDEX_DAMAGED
    if as_json:
        print_json({"sound": report.sound, "report": report})
        return code
    console = stdout()
    for finding in report.findings:
        show(console, styled((finding.id, "bold red"), f"  {finding.message}"))
    for line in report.repaired:
        show(console, styled(("mended", "bold green"), f"  {line}"))
    for finding in report.remaining if repair else ():
        show(console, styled(("not mended", "bold red"), f"  {finding.message}"))
    if report.sound:
        show(console, "the index is sound")
    elif not repair and not any(finding.id == "index.lost" for finding in report.findings):
        show(console, "try: qa check --repair")
    return code


def rebuild(embedder: Embedder = None, base_url: BaseUrl = None, index: Index = None) -> int:
    """Replace every vector; the articles stay as they are."""
    from qa import app as house
    from qa.cli.progress import Bar
    from qa.cli.terminal import show, stdout

    with Bar("embedding") as bar:
        house.rebuild(
            index,
            progress=bar.update,
            embedder=embedder or None,
            url=base_url or None,
            on_endpoint=say_where_sent,
        )
    show(stdout(), "rebuilt")
    return Exit.DONE
