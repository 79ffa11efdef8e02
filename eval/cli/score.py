"""``qa eval score`` and ``qa eval report``: the numbers of a run that is there, worked out anew from its records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit

Run = Annotated[
    Path | None,
    typer.Argument(
        metavar="RUN", help="A run's folder, or a file of records (default: the latest run).", show_default=False
    ),
]
Gold = Annotated[str | None, typer.Option(metavar="SET", help="The set, where a run doesn't name it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("score", help="Score a run anew: its own, or a file of records that any system wrote.")(score)
    app.command("report", help="Write a run's report: one HTML file that opens without a network.")(report)


def score(run: Run = None, gold: Gold = None, as_json: Json = False) -> int:
    """The files of a run's folder are written anew; of a file of records only the numbers are printed."""
    from eval.cli.numbers import show_summary
    from eval.publish import publish
    from eval.scored import load_scored, run_or_latest
    from qa.cli.output import print_json
    from qa.cli.terminal import note

    path = run_or_latest(run)
    scored = load_scored(path, gold=gold)
    for warning in scored.run.warnings:
        note(f"qa: {warning}")
    if path.is_dir():
        publish(scored, path)
    if as_json:
        print_json(scored.summary)
    else:
        show_summary(scored.summary)
    return Exit.DONE


def report(
    run: Run = None,
    gold: Gold = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to (default: report.html in the run's folder).")
    ] = None,
) -> int:
    """Prints where the report is."""
    from eval.publish import REPORT, gate_lines, report_of
    from eval.report.build import write_report
    from eval.scored import load_scored, run_or_latest
    from qa.cli.terminal import show, stdout

    path = run_or_latest(run)
    scored = load_scored(path, gold=gold)
    target = out or (path if path.is_dir() else path.parent) / REPORT
    write_report(target, report_of(scored, gate_lines(scored)))
    show(stdout(), str(target))
    return Exit.DONE
