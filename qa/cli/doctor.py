"""``qa doctor``: whether all that answers need is there, and what to do where it isn't."""

from __future__ import annotations

import typer

from qa.cli.engine import BaseUrl, Model
from qa.cli.options import Index, Json
from qa.errors import Exit


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("doctor", help="Try everything that answers need, and say what to do about what fails.")(run)


def run(base_url: BaseUrl = None, model: Model = None, index: Index = None, as_json: Json = False) -> int:
    """Exit 0 where all is well, else the code of the first thing that isn't."""
    from qa.app.doctor import examine
    from qa.cli.failure import as_document
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled
    from qa.config.endpoint import Given

    console, code, found = stdout(), int(Exit.DONE), []
    for one in examine(index, Given(url=base_url or None, model=model or None)):
        found.append(one)
        code = code or (int(one.error.code) if one.error else 0)
        if as_json:
            continue
        if one.error is None:
            show(console, styled(("ok      ", "green"), (f"{one.what}: ", "bold"), one.found))
            continue
        show(
            console,
            styled(("failed  ", "bold red"), (f"{one.what}: ", "bold"), f"{one.error.message} ({one.error.id})"),
        )
        if one.error.remedy:
            show(console, styled(f"try: {one.error.remedy}"), indent=8)
    if as_json:
        print_json(
            [
                {"what": one.what, "found": one.found, "error": as_document(one.error) if one.error else None}
                for one in found
            ]
        )
    return code
