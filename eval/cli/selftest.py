"""``qa eval selftest``: scripted systems with known scores; red where a metric doesn't tell them apart as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit

if TYPE_CHECKING:
    from rich.console import Console

    from eval.selftest.check import Report, Row

#: The metrics that the table shows; all are checked.
_SHOWN = (
    "grounded_accuracy",
    "false_answer",
    "right",
    "citation_validity",
    "char_f1",
    "evidence_complete",
    "twin_abstains",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("selftest", help="Check the metrics themselves, by scripted systems whose scores are known.")(run)


def run(
    set_: Annotated[
        str | None,
        typer.Argument(metavar="[SET]", help="A set that is shipped, or the folder of one (default: one made for it)."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where every metric gives every system what is declared, 1 where one doesn't."""
    from eval.selftest.check import examine
    from eval.selftest.ground import ground
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout

    report = examine(ground(set_) if set_ is not None else None)
    if as_json:
        print_json({"green": not report.all_findings, "report": report})
    else:
        _show(stdout(), report)
    return Exit.NEGATIVE if report.all_findings else Exit.DONE


def _show(console: Console, report: Report) -> None:
    from eval.cli.columns import columns, line
    from qa.cli.terminal import show, styled

    head = ("system", "items", "exact", *_SHOWN, "wrong")
    for text in columns([head, *map(_cells, report.rows)]):
        line(console, text)
    for finding in report.all_findings:
        show(console, styled(("not as declared: ", "bold red"), str(finding)))
    exact = sum(row.exact for row in report.rows)
    size = f"{report.set}, {report.items} items: {len(report.rows)} systems by {len(report.metrics)} metrics"
    verdict = ("RED", "bold red") if report.all_findings else ("green", "bold green")
    show(
        console,
        styled(verdict, f"  {size}, {exact:,} scores known exactly, {len(report.all_findings)} not as declared"),
    )


def _cells(row: Row) -> tuple[str, ...]:
    from eval.cli.columns import number

    values = {mean.metric: mean.value for mean in row.means}
    shown = (number(values.get(name)) for name in _SHOWN)
    return (row.system, str(row.touched), f"{row.exact:,}", *shown, str(len(row.findings)))
