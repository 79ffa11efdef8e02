"""``qa eval compare``: whether run B is better or worse than run A, item by item."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from eval.compare import Comparison, Difference, Pair
    from eval.scored import ScoredRun

_COLUMNS = (
    "metric",
    "items",
    "A",
    "B",
    "B - A",
    "95 % interval",
    "p (Holm)",
    "fixed",
    "broken",
    "detectable",
    "verdict",
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("compare", help="Compare two runs over the same items, pair by pair: worse, not worse, or unclear.")(
        run
    )


def run(
    a: Annotated[Path, typer.Argument(metavar="A", help="The run to compare with: a folder, or a file of records.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The run that may be better or worse.")],
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="Beside the headline only this; may be repeated."),
    ] = None,
    margin: Annotated[float, typer.Option(help="A loss smaller than this is none.")] = 0.02,
    gold: Annotated[str | None, typer.Option(metavar="SET", help="The set, where a run doesn't name it.")] = None,
    as_json: Json = False,
) -> int:
    """Exit 1 where B is worse in grounded accuracy, else 0 (which isn't to say that it is better)."""
    from eval.compare import Verdict, compare
    from eval.metrics.all import METRICS
    from eval.scored import load_scored
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout

    one = load_scored(a, gold=gold)
    other = load_scored(b, gold=gold, known=one)
    _comparable(one, other)
    found = compare(one.gold.items, one.results, other.results, metrics=METRICS, names=metric or (), margin=margin)
    notes = (*found.notes, *_notes(one, other))
    if as_json:
        runs = {"a": _about(a, one), "b": _about(b, other)}
        print_json({"set": one.gold.name, **runs, "comparison": found, "notes": notes})
    else:
        _show(stdout(), (a, one), (b, other), found, listed={found.headline.metric, *(metric or ())}, notes=notes)
    return Exit.NEGATIVE if found.headline.verdict is Verdict.WORSE else Exit.DONE


def _comparable(one: ScoredRun, other: ScoredRun) -> None:
    """Raises ``UsageError`` where the two runs aren't over the same items of the same data."""
    for what, a, b in (
        ("gold", one.summary.gold_sha256, other.summary.gold_sha256),
        ("corpus", one.summary.corpus_sha256, other.summary.corpus_sha256),
    ):
        if a != b:
            raise UsageError(
                f"compare.other_{what}",
                f"the runs are over different {what}: A {one.gold.name!r} ({a[:12]}...), "
                f"B {other.gold.name!r} ({b[:12]}...)",
                remedy=f"qa eval run {one.gold.name}",
            )
    a_ids, b_ids = ({item.id for item in run.gold.items} for run in (one, other))
    if a_ids != b_ids:
        raise UsageError(
            "compare.other_items",
            f"A asked {len(a_ids)} items and B {len(b_ids)}, {len(a_ids & b_ids)} of them the same",
            remedy="run both with the same --split and --limit",
        )


def _notes(one: ScoredRun, other: ScoredRun) -> list[str]:
    notes = []
    for side, scored in (("A", one), ("B", other)):
        summary = scored.summary
        if summary.missing or summary.errors:
            lost = f"{len(summary.missing)} questions missing, {len(summary.errors)} failed"
            notes.append(f"{side}: {lost} of {summary.items}; they count as wrong")
        notes += [f"{side}: {warning}" for warning in scored.run.warnings]
    if one.summary.records_sha256 == other.summary.records_sha256:
        notes.append("A and B recorded the same, word for word")
    return notes


def _about(path: Path, scored: ScoredRun) -> dict[str, object]:
    summary = scored.summary
    return {
        "run": str(path),
        "system": summary.system,
        "items": summary.items,
        "missing": len(summary.missing),
        "errors": len(summary.errors),
        "records_sha256": summary.records_sha256,
    }


# --- for people ------------------------------------------------------------------------------------------------------


def _show(
    console: Console,
    a: tuple[Path, ScoredRun],
    b: tuple[Path, ScoredRun],
    found: Comparison,
    *,
    listed: set[str],
    notes: Sequence[str],
) -> None:
    from eval.cli.columns import columns, line
    from qa.cli.terminal import show, styled

    for side, (path, scored) in (("A", a), ("B", b)):
        show(console, styled((f"{side} ", "bold"), f"{path}  ", (scored.summary.system, "dim")))
    head, *rows = columns([_COLUMNS, *map(_cells, found.differences)])
    line(console, styled((head, "bold")))
    for row in rows:
        line(console, row)
    for one in found.differences:
        if one.metric in listed:
            _show_metric(console, one)
    for note in notes:
        show(console, styled(("note: ", "bold"), note))
    show(console, styled((f"{found.headline.verdict}", "bold"), f": {found.headline.metric}, {found.headline.reason}"))


def _cells(one: Difference) -> tuple[str, ...]:
    from eval.cli.columns import number

    interval = "-" if one.low is None or one.high is None else f"{one.low:+.3f} to {one.high:+.3f}"
    name = one.metric if one.higher_is_better else f"{one.metric} (less is better)"
    return (
        name,
        str(one.pairs),
        number(one.a),
        number(one.b),
        number(one.difference, "+.3f"),
        interval,
        number(one.p_adjusted),
        str(len(one.fixed)),
        str(len(one.broken)),
        number(one.smallest),
        one.verdict.value,
    )


def _show_metric(console: Console, one: Difference) -> None:
    from qa.cli.terminal import show, styled

    show(console)
    test = "" if one.p is None else f"; McNemar's exact p {one.p:.3f}"
    show(console, styled((one.metric, "bold"), f": {one.pairs} items of {one.clusters} clusters{test}"))
    for left in one.left_out:
        show(console, styled(f"{left.items} left out: {left.reason}"), indent=2)
    for label, style, pairs in (("fixed", "green", one.fixed), ("broken", "red", one.broken)):
        for pair in pairs:
            show(console, styled((f"{label:<8}", style), *_pair(pair)), indent=2)


def _pair(pair: Pair) -> list[tuple[str, str] | str]:
    values = f"{pair.a:.2f} -> {pair.b:.2f}"
    return [pair.id, f"  {values}  {pair.blame_a} -> {pair.blame_b}  ", (pair.question, "dim")]
