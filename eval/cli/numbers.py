"""A run's numbers for people: each with what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.cli.columns import columns, line, number

if TYPE_CHECKING:
    from rich.console import Console

    from eval.results import Mean, Reliance, Summary

_HEAD = ("metric", "mean", "95 % interval", "scored", "of", "failed", "worst", "best")


def show_summary(summary: Summary) -> None:
    """Print a summary: what was run, every mean that applies with its denominators, and what went wrong where."""
    from qa.cli.terminal import show, stdout, styled

    console = stdout()
    show(console, styled((summary.set, "bold"), "  ", (summary.system, "dim")))
    counts = f"{summary.items} items, {summary.answerable} with an answer; {summary.answered} answered"
    lacking = {
        "missing from the run": len(summary.missing),
        "failed": len(summary.errors),
        "records of no item": len(summary.unknown),
        "gold spans that don't stand any more": len(summary.quarantined),
        "gold spans found elsewhere": summary.moved,
    }
    show(console, "; ".join([counts, *(f"{count} {what}" for what, count in lacking.items() if count)]))
    line(console, "")
    rows = [_row(mean) for mean in summary.means if mean.applicable]
    for text in columns([_HEAD, *rows]):
        line(console, styled((text, "bold" if text.startswith("grounded") else "")))
    line(console, "")
    blamed = [(what, count) for what, count in summary.blames.items() if count]
    for text in columns([(what, str(count)) for what, count in blamed]):
        line(console, text)
    if summary.reliance is not None and summary.reliance.aurc is not None:
        _show_reliance(console, summary.reliance)
    if summary.unhidden:
        named = ", ".join(summary.unhidden[:5]) + (", ..." if len(summary.unhidden) > 5 else "")
        show(console, f"answered with the evidence hidden: {len(summary.unhidden)} ({named})")


def _row(mean: Mean) -> tuple[str, ...]:
    interval = "-" if mean.low is None else f"{mean.low:.3f}-{number(mean.high)}"
    counts = (str(mean.scored), str(mean.applicable), str(mean.failed))
    return mean.metric, number(mean.value), interval, *counts, number(mean.worst), number(mean.best)


def _show_reliance(console: Console, reliance: Reliance) -> None:
    from qa.cli.terminal import show

    areas = f"risk-coverage area {number(reliance.aurc)} ({number(reliance.excess_aurc)} above the best order's)"
    covered = ", ".join(f"{coverage:.3f} at {risk}" for risk, coverage in reliance.coverage_at.items())
    without = f"; {reliance.without} of {reliance.answers} answers have no confidence" if reliance.without else ""
    show(console, f"{areas}; coverage at a risk: {covered}; ECE {number(reliance.calibration_error)}{without}")
