"""``qa eval show``: one item of a run in the terminal, gold beside answer; without an item, those that failed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from eval.results import ItemResult
    from eval.scored import ScoredRun
    from eval.types import Item, RunRecord


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("show", help="Show items of a run: question, gold, answer, scores and what is to blame.")(run)


def run(
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ITEM]...", help="Items by id (default: a list of those that failed).", show_default=False
        ),
    ] = None,
    path: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="The run (default: the latest).", show_default=False)
    ] = None,
    gold: Annotated[str | None, typer.Option(metavar="SET", help="The set, where a run doesn't name it.")] = None,
    as_json: Json = False,
) -> int:
    """Exit 0; an item that the set doesn't have is a usage error."""
    from eval.scored import load_scored, run_or_latest
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout

    scored = load_scored(run_or_latest(path), gold=gold)
    results = {result.id: result for result in scored.results}
    unknown = [one for one in items or () if one not in results]
    if unknown:
        raise UsageError("eval.no_item", f"{scored.gold.name!r} has no item {unknown[0]!r}", remedy="qa eval show")
    known = {item.id: item for item in scored.gold.items}
    if as_json:
        wanted = items or list(results)
        print_json(
            [{"item": known[one], "record": scored.run.records.get(one), "result": results[one]} for one in wanted]
        )
    elif items:
        for one in items:
            _show(stdout(), scored, known[one], results[one])
    else:
        _list(stdout(), scored)
    return Exit.DONE


def _list(console: Console, scored: ScoredRun) -> None:
    from eval.cli.columns import columns, line
    from eval.results import Blame

    failed = [
        (result.blame.value, item.id, item.question)
        for item, result in zip(scored.gold.items, scored.results, strict=True)
        if result.blame is not Blame.NONE
    ]
    for text in columns(sorted(failed), left=3) if failed else ("no item failed",):
        line(console, text)


def _show(console: Console, scored: ScoredRun, item: Item, result: ItemResult) -> None:
    from qa.cli.terminal import show, styled

    record = scored.run.records.get(item.id)
    show(console, styled((item.question, "bold"), "  ", (item.id, "dim")))
    show(console, styled(("blame: ", "dim"), str(result.blame.value)))
    _show_gold(console, item)
    if record is None:
        show(console, styled(("run: ", "dim"), "has no record of it"))
    else:
        _show_record(console, scored, record)
    _show_scores(console, result)
    console.print()


def _show_gold(console: Console, item: Item) -> None:
    from qa.cli.terminal import show, styled

    said = [part.text for part in item.answers] + [nugget.text for nugget in item.nuggets if nugget.vital]
    show(console, styled(("gold: ", "dim"), "; ".join(said) if item.answerable else f"no answer ({item.why})"))
    for number, alternative in enumerate(item.evidence, 1):
        for span in alternative:
            where = f"{number}. {span.article}:{span.start}-{span.end}  "
            show(console, styled((where, "dim"), (span.quote, "green")), indent=2)
    if item.note:
        show(console, styled(("note: ", "dim"), item.note))


def _show_record(console: Console, scored: ScoredRun, record: RunRecord) -> None:
    from eval.metrics.spans import is_valid
    from qa.cli.terminal import show, styled

    sure = "" if record.confidence is None else f", confidence {record.confidence:.2f}"
    show(console, styled(("run: ", "dim"), f"{record.ended.value}{sure}", f" {record.error}"))
    for claim in record.claims:
        speaker = f"{claim.speaker}: " if claim.speaker else ""
        show(console, styled((speaker, "bold"), claim.text, (" (earlier)" if claim.earlier else "", "dim")), indent=2)
        for one in claim.citations:
            sound = is_valid(one, scored.corpus)
            mark = ("", "") if sound else ("  NOT WHAT STANDS THERE", "bold red")
            show(console, styled((f"{one.article}:{one.start}-{one.end}", "dim"), mark), indent=4)
    if record.answer and not record.claims:
        show(console, record.answer, indent=2)


def _show_scores(console: Console, result: ItemResult) -> None:
    from eval.cli.columns import columns, line
    from eval.types import Scored, Unscored

    rows = []
    for name, score in result.scores.items():
        if isinstance(score, Scored):
            rows.append((name, f"{score.value:.3f}", score.failed))
        elif isinstance(score, Unscored):
            rows.append((name, "unscored", score.reason))
    for text in columns(rows, left=3):
        line(console, f"  {text}")
