"""``qa add``: read articles into the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.engine import BaseUrl, Embedder, say_where_sent
from qa.cli.options import Index, Json
from qa.errors import Exit

if TYPE_CHECKING:
    from qa.library.add import AddReport

#: How many skipped inputs are named one by one; all of them are in ``--json``.
_NAMED = 10


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("add", help="Read articles (.txt, .md, .html, .jsonl; files, folders, globs, '-') into the index.")(run)


def run(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders or globs; '-' is standard input.")
    ],
    sync: Annotated[
        bool, typer.Option("--sync", help="Also remove articles whose file left a folder named here.")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for another writer.")
    ] = 30.0,
    max_mb: Annotated[
        float, typer.Option("--max-mb", metavar="MB", min=0.001, max=100_000, help="Largest article that is read.")
    ] = 10.0,
    embedder: Embedder = None,
    base_url: BaseUrl = None,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 when all was read, 3 when something was skipped."""
    from qa import app as house
    from qa.cli.output import print_json
    from qa.cli.progress import Bar
    from qa.cli.terminal import note

    with Bar("adding") as bar:
        report = house.add(
            index,
            paths,
            sync=sync,
            wait=wait,
            max_bytes=int(max_mb * 1_000_000),
            progress=bar.update,
            on_wait=note,
            embedder=embedder or None,
            url=base_url or None,
            on_endpoint=say_where_sent,
        )
    if as_json:
        print_json(report)
    else:
        _show(report)
    return Exit.SKIPPED if report.skipped else Exit.DONE


def _show(report: AddReport) -> None:
    from collections import Counter

    from qa.cli.terminal import note, show, stdout

    parts = [f"{report.new} new", f"{report.changed} changed", f"{report.unchanged} unchanged"]
    if report.refreshed:
        parts.append(f"{report.refreshed} read anew by this version of qa")
    if report.removed:
        parts.append(f"{report.removed} removed")
    if report.skipped:
        reasons = Counter(skip.reason for skip in report.skipped).most_common()
        parts.append(f"{len(report.skipped)} skipped ({', '.join(f'{count} {reason}' for reason, count in reasons)})")
    show(stdout(), ", ".join(parts))
    for skip in report.skipped[:_NAMED]:
        note(f"skipped {skip.identity}: {skip.why}")
    if len(report.skipped) > _NAMED:
        note(f"... and {len(report.skipped) - _NAMED} more (all of them with --json)")
