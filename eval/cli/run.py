"""``qa eval run``: asks a set's questions, records what comes, scores it. The same command goes on after a kill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from eval.corpus import Corpus
    from eval.run.engine import Setup
    from eval.types import GoldSet, Split

_SETS = "A shipped set, a set's folder, or FORMAT:PATH for other people's data (qa eval gold import --help)."


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("run", help="Ask a set's questions, record and score the answers; again: go on where it stopped.")(run)


def run(
    gold: Annotated[str, typer.Argument(metavar="SET", help=_SETS)],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run's folder (default: a new one below QA_RUNS or qa-runs).")
    ] = None,
    engine: Annotated[str, typer.Option(help="extract (as 'qa ask' answers) or retrieve (as 'qa search' finds).")] = (
        "extract"
    ),
    k: Annotated[int | None, typer.Option("--k", min=1, help="At most so many statements, or passages.")] = None,
    forced: Annotated[bool, typer.Option("--forced", help="Answer wherever anything is found, for calibrating.")] = (
        False
    ),
    twins: Annotated[
        bool | None,
        typer.Option("--twins/--no-twins", help="Ask again with the evidence hidden (default: as the set says)."),
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only calibration, or only test.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many items.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes (default: one a core, at most 4).")] = None,
    as_json: Json = False,
) -> int:
    """Exit 0 whatever the scores are: saying whether they are good enough is the gate's."""
    from eval.corpus import read_corpus
    from eval.gold.store import read_set
    from eval.importers.cached import imported_set
    from eval.run.folder import folder_for
    from eval.run.runner import begin, run
    from qa.cli.progress import Bar

    wanted = _split(split)
    read = read_set(imported_set(gold) if _is_import(gold) else gold)
    corpus = read_corpus(Path(read.corpus))
    setup = _setup(engine, corpus, k=k, forced=forced)
    run_twins = read.twins if twins is None else twins
    manifest = begin(read, engine=setup, jobs=jobs, twins=run_twins, limit=limit, split=wanted)
    folder = out or folder_for(manifest)
    with Bar(f"asking {read.name}") as bar:
        run(read, folder, engine=setup, manifest=manifest, progress=bar.update)
    return _scored(folder, read, as_json=as_json)


def _is_import(reference: str) -> bool:
    from eval.importers.formats import FORMATS

    return reference.partition(":")[0] in FORMATS and ":" in reference


def _split(name: str | None) -> Split | None:
    from eval.types import Split

    if name is None:
        return None
    try:
        return Split(name)
    except ValueError:
        raise UsageError("usage.split", f"there is no split {name!r}: calibration or test") from None


def _setup(engine: str, corpus: Corpus, *, k: int | None, forced: bool) -> Setup:
    from eval.run.engine import CLAIMS, RETRIEVED, extract, retrieve
    from qa.cli.progress import Bar
    from qa.cli.terminal import note

    with Bar("indexing") as bar:
        if engine == "retrieve" and not forced:
            return retrieve(corpus, k=k or RETRIEVED, progress=bar.update)
        if engine == "extract":
            made = extract(corpus, k=k or CLAIMS, threshold=0.0 if forced else None, progress=bar.update)
            for warning in made.warnings:
                note(f"qa: {warning}")
            return made
    raise UsageError("usage.engine", f"there is no engine {engine!r}{' that can be forced' if forced else ''}")


def _scored(folder: Path, gold: GoldSet, *, as_json: bool) -> int:
    from eval.cli.numbers import show_summary
    from eval.publish import REPORT, publish
    from eval.scored import load_scored
    from qa.cli.output import print_json
    from qa.cli.terminal import note

    scored = load_scored(folder)
    publish(scored, folder)
    if as_json:
        print_json(scored.summary)
    else:
        show_summary(scored.summary)
    note(f"{folder / REPORT}")
    return Exit.DONE
