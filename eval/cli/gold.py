"""``qa eval gold``: the gold sets, checked, counted, compared, added to and imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.types import Split, Why
from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.gold.findings import Finding
    from eval.gold.new import Wanted
    from eval.gold.stats import Row, Stats

app = typer.Typer(
    name="gold",
    help="The gold sets: check, count, compare, add to and import them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Set = Annotated[str, typer.Argument(metavar="SET", help="A set that is shipped, or the folder of one.")]
Many = list[str] | None
_COLUMNS = ("part", "name", "items", "answerable", "unanswerable", "calibration", "test")
_STYLES = {"error": "bold red", "warning": "yellow"}


@app.command()
def lint(set_: Set, as_json: Json = False) -> int:
    """Check a set in itself.

    Schema, ids, splits, categories, answers that their own evidence doesn't say. Exit 2 where the gold is invalid.
    """
    from eval.gold.findings import error
    from eval.gold.lint import lint as find
    from eval.gold.store import load

    read = load(set_)
    bad = [error("schema", f"line {problem.line}: {problem.message}") for problem in read.problems]
    return _say_findings(read.gold.name, len(read.gold.items), [*bad, *find(read.gold)], {}, as_json=as_json)


@app.command()
def check(
    set_: Set,
    write: Annotated[bool, typer.Option("--write", help="Record where each span stands today.")] = False,
    as_json: Json = False,
) -> int:
    """Check a set against its corpus.

    Every span stands there, in whole sentences of prose, and copies of it are known. Exit 2 where the gold is invalid.
    """
    from eval.corpus import read_corpus
    from eval.gold.check import check as compare
    from eval.gold.store import find, read_set, write_set

    gold = read_set(set_)
    checked = compare(gold, read_corpus(Path(gold.corpus)))
    if write and checked.changed:
        write_set(find(set_), checked.gold)
    counts = {name: getattr(checked, name) for name in ("exact", "placed", "moved", "refreshed", "quarantined")}
    mended = ("span.unplaced", "span.moved", "span.wrong") if write else ()
    findings = [finding for finding in checked.findings if finding.rule not in mended]
    return _say_findings(gold.name, len(gold.items), findings, counts, as_json=as_json)


@app.command()
def stats(set_: Set, as_json: Json = False) -> int:
    """Count the items of a set, by split, type, category and story."""
    from eval.gold.stats import stats as count
    from eval.gold.store import read_set
    from qa.cli.output import print_json

    counted = count(read_set(set_))
    if as_json:
        print_json(counted)
    else:
        _show_stats(counted)
    return Exit.DONE


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A set that is shipped, or the folder of one.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The other one.")],
    as_json: Json = False,
) -> int:
    """Compare two sets.

    Exit 0 where both ask and accept the same, wherever the spans stand, else 1.
    """
    from eval.gold.diff import diff as compare
    from eval.gold.store import read_set
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled

    found = compare(read_set(old), read_set(new))
    if as_json:
        print_json({"same": found.same, "difference": found})
        return Exit.DONE if found.same else Exit.NEGATIVE
    console = stdout()
    changed = [(one.id, ", ".join(one.fields)) for one in found.changed]
    for label, style, items in (
        ("added", "green", [(id, "") for id in found.added]),
        ("removed", "red", [(id, "") for id in found.removed]),
        ("changed", "yellow", changed),
        ("re-anchored", "dim", [(id, "") for id in found.reanchored]),
        ("noted", "dim", [(id, "") for id in found.noted]),
    ):
        for id, fields in items:
            show(console, styled((f"{label:<11}", style), f"  {id}", (f"  {fields}" if fields else "", "dim")))
    if found.same:
        show(console, "the same in substance")
    return Exit.DONE if found.same else Exit.NEGATIVE


@app.command()
def new(
    set_: Set,
    question: Annotated[str, typer.Option(help="The question, as somebody would type it.")],
    id: Annotated[str, typer.Option(help="The item's id (default: the question's first words).")] = "",
    type: Annotated[str, typer.Option(help="who, where, when, quantity, statement, why, ...")] = "other",
    category: Annotated[Many, typer.Option(metavar="TEXT", help="A category of set.toml.")] = None,
    cluster: Annotated[str, typer.Option(help="The story (default: one of its own).")] = "",
    split: Annotated[Split | None, typer.Option(help="Needed where the cluster is new.")] = None,
    unanswerable: Annotated[Why | None, typer.Option(help="Why there is no answer.")] = None,
    answer: Annotated[Many, typer.Option(metavar="TEXT", help="A part of the answer: WORDING|WORDING.")] = None,
    value: Annotated[Many, typer.Option(metavar="TEXT", help="A figure: KIND:VALUE:UNIT:TOLERANCE.")] = None,
    vital: Annotated[Many, typer.Option(metavar="TEXT", help="A vital nugget: WORDING|WORDING.")] = None,
    nugget: Annotated[Many, typer.Option(metavar="TEXT", help="Another nugget.")] = None,
    forbidden: Annotated[Many, typer.Option(metavar="TEXT", help="What must not be given as the answer.")] = None,
    article: Annotated[
        Many, typer.Option(metavar="TEXT", help="The article of the quotes: one for all or one for each.")
    ] = None,
    quote: Annotated[
        Many, typer.Option(metavar="TEXT", help="A sentence that proves the answer, together with other --quote.")
    ] = None,
    alternative: Annotated[
        Many, typer.Option(metavar="TEXT", help="QUOTE or ARTICLE::QUOTE that proves it as well.")
    ] = None,
    acceptable: Annotated[
        Many, typer.Option(metavar="TEXT", help="QUOTE or ARTICLE::QUOTE that may be cited beside.")
    ] = None,
    hide: Annotated[Many, typer.Option(metavar="TEXT", help="Another article that would answer it.")] = None,
    speaker: Annotated[str, typer.Option(help="Who must be named as having said it.")] = "",
    note: Annotated[str, typer.Option(help="For reviewers.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the item, leave the set as it is.")] = False,
    as_json: Json = False,
) -> int:
    """Add an item, its quotes found in the corpus.

    Refused where lint or check would complain. Options that take TEXT may be repeated.
    """
    from eval.gold.new import Wanted

    wanted = Wanted(
        question=question,
        id=id,
        type=type,
        categories=category or (),
        cluster=cluster,
        split=split,
        unanswerable=unanswerable,
        answers=answer or (),
        values=value or (),
        vital=vital or (),
        nuggets=nugget or (),
        forbidden=forbidden or (),
        articles=article or (),
        quotes=quote or (),
        alternatives=alternative or (),
        acceptable=acceptable or (),
        hide=hide or (),
        speaker=speaker,
        note=note,
    )
    return _add(set_, wanted, dry_run=dry_run, as_json=as_json)


@app.command("import")
def import_(
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="What PATH is; an unknown one lists them.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file or folder in that format.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The new set's folder.")],
    corpus: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The articles, for a format that brings none.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Make a set, with its articles, of other files."""
    from eval.corpus import read_corpus
    from eval.gold.check import check as compare
    from eval.importers.formats import format_of, write
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("gold.exists", f"{str(out)!r} is there already and isn't an empty folder")
    gold = write(out, format_of(format).convert(path, corpus))
    articles = read_corpus(Path(gold.corpus))
    checked = compare(gold, articles)
    counts = {
        "items": len(gold.items),
        "unanswerable": sum(not item.answerable for item in gold.items),
        "articles": len(articles),
        "quarantined": checked.quarantined,
    }
    if as_json:
        print_json({"set": gold.name, "folder": str(out), **counts})
    else:
        show(stdout(), f"{out}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return Exit.DONE


def _add(set_: str, wanted: Wanted, *, dry_run: bool, as_json: bool) -> int:
    from eval.corpus import read_corpus
    from eval.gold.new import make
    from eval.gold.schema import to_document
    from eval.gold.store import find, read_set, write_set
    from qa.cli.output import print_json
    from qa.cli.terminal import note, show, stdout, styled

    gold = read_set(set_)
    made = make(wanted, gold, read_corpus(Path(gold.corpus)))
    for finding in made.warnings:
        note(f"warning: {finding.message}")
    if not dry_run:
        write_set(find(set_), made.gold)
    if dry_run or as_json:
        print_json(to_document(made.item))
    else:
        show(stdout(), styled("added ", (made.item.id, "bold"), f"; {gold.name} has {len(made.gold.items)} items"))
    return Exit.DONE


def _say_findings(name: str, items: int, findings: Sequence[Finding], counts: dict[str, int], *, as_json: bool) -> int:
    """Print what was found; exit code 2 where the gold is invalid."""
    from eval.gold.findings import errors
    from qa.cli.output import print_json
    from qa.cli.terminal import show, stdout, styled

    bad = len(errors(findings))
    code = Exit.USAGE if bad else Exit.DONE
    if as_json:
        totals = {"set": name, "items": items, "errors": bad, "warnings": len(findings) - bad}
        print_json({**totals, **({"spans": counts} if counts else {}), "findings": findings})
        return code
    console = stdout()
    for one in findings:
        item = f"{one.item}: " if one.item else ""
        show(console, styled((f"{one.level:<7}", _STYLES[one.level]), f"  {item}{one.message} ", (one.rule, "dim")))
    spans = f"; spans: {', '.join(f'{count} {state}' for state, count in counts.items())}" if counts else ""
    show(console, styled(f"{name}: {items} items; errors: {bad}, warnings: {len(findings) - bad}{spans}"))
    return code


def _show_stats(counted: Stats) -> None:
    """A table on a terminal, aligned lines elsewhere."""
    from rich.table import Table

    from qa.cli.terminal import show, stdout, styled

    console = stdout()
    total = f"{counted.set}: {counted.clusters} clusters, {counted.alternatives} evidence sets, {counted.spans} spans"
    show(console, styled(total))
    if not console.is_terminal:
        for cells in (_COLUMNS, *map(_cells, counted.rows)):
            show(console, styled(f"{cells[0]:<9}{cells[1]:<28}" + "".join(f"{cell:>13}" for cell in cells[2:])))
        return
    table = Table(box=None)
    for number, name in enumerate(_COLUMNS):
        table.add_column(name, justify="left" if number < 2 else "right")
    last = ""
    for row in counted.rows:
        if row.kind != last:
            table.add_section()
        table.add_row(*map(styled, ("" if row.kind == last else row.kind, *_cells(row)[1:])))
        last = row.kind
    console.print(table)


def _cells(row: Row) -> tuple[str, ...]:
    numbers = (row.items, row.answerable, row.unanswerable, row.calibration, row.test)
    return row.kind, row.name, *map(str, numbers)
