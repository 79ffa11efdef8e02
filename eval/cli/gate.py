"""``qa eval gate``: a run against the floors and ceilings of its set; ``--pin`` writes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from eval.gate import Gated
    from eval.pins import Wish
    from eval.scored import ScoredRun

Many = list[str] | None
#: So many items of a metric that isn't met are listed.
_LISTED = 10


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("gate", help="Hold a run against the bounds of its set; --pin writes these.")(run)


def run(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="RUN", help="Runs (default: the latest one).", show_default=False),
    ] = None,
    pin: Annotated[bool, typer.Option("--pin", help="Write the bounds: the run's numbers, never lower.")] = False,
    metric: Annotated[Many, typer.Option(metavar="NAME", help="With --pin: gate this metric too.")] = None,
    slack: Annotated[float, typer.Option(help="With --pin: leave so much between number and bound.")] = 0.0,
    lower: Annotated[Many, typer.Option(metavar="NAME", help="With --pin: this bound may be lowered.")] = None,
    because: Annotated[str, typer.Option(metavar="REASON", help="Why; it is kept in the file.")] = "",
    gold: Annotated[str | None, typer.Option(metavar="SET", help="The set, where a run doesn't name it.")] = None,
    gates: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The bounds (default: the set's own).",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where all bounds are met, 1 where one isn't, 2 for gold or bounds that can't be used, 3 where a run isn't
    whole (then nothing is decided). Of several runs 2 comes before 3, 3 before 1, 1 before 0.
    """
    from eval.pins import Wish
    from eval.run.folder import runs_folder
    from eval.scored import latest

    wish = Wish(add=metric or (), slack=slack, lower=lower or (), because=because)
    paths = runs or [latest(runs_folder())]
    if pin:
        if len(paths) != 1:
            raise UsageError("gate.one_run", f"bounds are pinned to one run, not to {len(paths)}")
        return _pin(paths[0], wish, gold=gold, gates=gates, as_json=as_json)
    if wish != Wish():
        raise UsageError("gate.not_pinning", "--metric, --slack, --lower and --because are for --pin")
    return _check(paths, gold=gold, gates=gates, as_json=as_json)


def _check(paths: list[Path], *, gold: str | None, gates: Path | None, as_json: bool) -> int:
    from eval.gate import State, check
    from eval.gatefile import gates_of, read_gates
    from eval.metrics.all import METRICS
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout

    gated = [
        (path, check(read_gates(gates or gates_of(scored.gold)), scored, metrics=METRICS))
        for path, scored in _loaded(paths, gold)
    ]
    states = {one.state for _, one in gated}
    code = next(state for state in (State.INCOMPLETE, State.NOT_MET, State.MET) if state in states)
    if as_json:
        print_json({"exit": int(code), "runs": [{"run": str(path), "gate": one} for path, one in gated]})
    else:
        for path, one in gated:
            _show(stdout(), path, one)
    return int(code)


def _loaded(paths: list[Path], gold: str | None) -> list[tuple[Path, ScoredRun]]:
    from eval.scored import load_scored

    found: list[tuple[Path, ScoredRun]] = []
    for path in paths:
        found.append((path, load_scored(path, gold=gold, known=found[-1][1] if found else None)))
    return found


def _show(console: Console, path: Path, gated: Gated) -> None:
    from eval.cli.columns import columns, line, number
    from eval.gate import State
    from qa.cli.terminal import show, styled

    show(console, styled((gated.set, "bold"), f"  {path}  ", (gated.system, "dim")))
    head = ("", "metric", "wanted", "got", "scored", "of")
    rows = [
        (
            "met" if one.met else "NOT MET",
            one.metric,
            f"{'>=' if one.bound == 'floor' else '<='} {one.wanted:.4f}",
            number(one.got, ".4f"),
            str(one.scored),
            str(one.applicable),
        )
        for one in gated.lines
    ]
    for text in columns([head, *rows], left=2):
        line(console, styled((text, "bold red" if text.startswith("NOT") else "")))
    for metric, items in gated.failing.items():
        show(console, styled((metric, "bold"), f": {len(items)} items"))
        for item in items[:_LISTED]:
            said = f"{item.id}  {number(item.value, '.2f')}  {item.blame}  "
            show(console, styled(said, (item.question, "dim")), indent=2)
        if len(items) > _LISTED:
            show(console, f"... and {len(items) - _LISTED} more (--json lists all)", indent=2)
    for lack in gated.lacking:
        show(console, styled(("not whole: ", "bold yellow"), lack))
    words = {State.MET: "the gate is met", State.NOT_MET: "the gate is not met"}
    show(console, styled((words.get(gated.state, "the run isn't whole: nothing is decided"), "bold")))


def _pin(path: Path, wish: Wish, *, gold: str | None, gates: Path | None, as_json: bool) -> int:
    from datetime import UTC, datetime

    from eval.gate import unfinished
    from eval.gatefile import gates_of, read_gates, write_gate
    from eval.metrics.all import METRICS
    from eval.pins import pin
    from eval.scored import load_scored
    from qa.cli.output import print_json
    from qa.cli.terminal import note, show, stdout

    scored = load_scored(path, gold=gold)
    gates = gates or gates_of(scored.gold)
    old = read_gates(gates).get(scored.summary.set) if gates.exists() else None
    pinned = pin(old, scored.summary, wish, metrics=METRICS, today=datetime.now(UTC).date())
    lacking = unfinished(scored, METRICS, gated={*pinned.gate.floors, *pinned.gate.ceilings})
    if lacking:
        if as_json:
            print_json({"exit": int(Exit.SKIPPED), "lacking": lacking})
        for lack in lacking:
            note(f"not whole: {lack}")
        note("the run isn't whole: nothing was changed")
        return Exit.SKIPPED
    write_gate(gates, pinned.gate)
    if as_json:
        print_json({"file": str(gates), "gate": pinned.gate, "changes": pinned.changes})
        return Exit.DONE
    for change in pinned.changes:
        before, after = ("none" if value is None else f"{value:.4f}" for value in (change.before, change.after))
        moved = after if change.what in ("new", "kept") else f"{before} -> {after}"
        show(stdout(), f"{change.what:<8} {change.metric} {moved}")
    show(stdout(), f"{gates}: {len(pinned.changes)} bounds of {scored.summary.set!r}")
    return Exit.DONE
