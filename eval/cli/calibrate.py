"""``qa eval calibrate``: from which confidence on ``qa ask`` answers, chosen and proved on gold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from eval.calibrate import Calibration, Point, Sample
    from eval.run.folder import Run
    from eval.scored import ScoredRun
    from qa.config import Abstention


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("calibrate", help="Choose the confidence from which on to answer, for a risk that is allowed.")(run)


def run(
    set_: Annotated[str, typer.Argument(metavar="SET", help="A set that is shipped, or the folder of one.")],
    max_risk: Annotated[float, typer.Option("--max-risk", metavar="R", help="The share of answers that may be wrong.")],
    confidence: Annotated[float, typer.Option(help="How sure to be of that (0.5 to 1).")] = 0.95,
    forced: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="A run with the threshold 0 (default: one is made).")
    ] = None,
    write: Annotated[bool, typer.Option("--write/--dry-run", help="Put the threshold into qa's configuration.")] = True,
    as_json: Json = False,
) -> int:
    """Exit 0 where a threshold is certified and stands on test; else 1, and nothing is written."""
    from eval.calibrate import calibrate, sample, shortfall
    from eval.run.folder import read_run
    from eval.scored import load_scored
    from eval.types import Split
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout
    from qa.config import write_abstention

    path = forced or _force(set_)
    scorer = forced_scorer(read_run(path))
    scored = load_scored(path, gold=set_)
    tuned, test = (
        sample(split, scored.gold.items, scored.results, scored.run.records)
        for split in (Split.CALIBRATION, Split.TEST)
    )
    found = calibrate(tuned, test, max_risk=max_risk, confidence_level=confidence)
    written = str(write_abstention(_abstention(found, scored, scorer, tuned))) if write and found.proved else None
    if as_json:
        lacking = shortfall(found.nearest, max_risk) if found.nearest else None
        outcome = {"proved": found.proved, "written": written, "calibration": found, "shortfall": lacking}
        print_json({"set": scored.gold.name, **outcome})
    else:
        _show(stdout(), found, tuned, test, written)
    return Exit.DONE if found.proved else Exit.NEGATIVE


def forced_scorer(run: Run) -> str:
    """The digest of the scorer of a run in which everything was answered that could be; ``UsageError`` for others."""
    manifest = run.manifest
    if manifest is None:
        why = "it has no manifest that says so"
    elif manifest.system.threshold != 0:
        why = f"its threshold is {manifest.system.threshold!r}"
    elif manifest.limit is not None or manifest.split is not None:
        why = "only a part of the items was asked"
    elif not manifest.system.scorer:
        why = "its engine gives no confidence"
    else:
        return manifest.system.scorer
    raise UsageError(
        "calibrate.not_forced",
        f"{str(run.path)!r} isn't a run over the whole set with the threshold 0: {why}",
        remedy="leave --run out: such a run is made then",
    )


def _force(set_: str) -> Path:
    """The folder of a run of ``qa ask`` with the threshold 0: made, or gone on with where it was begun."""
    from eval.corpus import read_corpus
    from eval.gold.store import read_set
    from eval.run.engine import extract
    from eval.run.folder import folder_for
    from eval.run.runner import begin
    from eval.run.runner import run as record
    from qa.cli.progress import Bar

    gold = read_set(set_)
    with Bar("indexing") as bar:
        engine = extract(read_corpus(Path(gold.corpus)), threshold=0.0, progress=bar.update)
    manifest = begin(gold, engine=engine, twins=False)
    folder = folder_for(manifest)
    with Bar("asking") as bar:
        record(gold, folder, engine=engine, manifest=manifest, progress=bar.update)
    return folder


def _abstention(found: Calibration, scored: ScoredRun, scorer: str, tuned: Sample) -> Abstention:
    from qa.config import Abstention

    assert found.chosen is not None, "only a threshold that was chosen is written"
    return Abstention(
        threshold=found.chosen.threshold,
        scorer=scorer,
        max_risk=found.max_risk,
        confidence_level=found.confidence_level,
        gold=f"{scored.gold.name}@{scored.gold.sha256[:12]}",
        items=tuned.items,
    )


# --- for people ------------------------------------------------------------------------------------------------------


def _show(console: Console, found: Calibration, tuned: Sample, test: Sample, written: str | None) -> None:
    from qa.cli.terminal import show, styled

    for one in (tuned, test):
        text = f"{one.split}: {one.items} questions, {len(one.answers)} answered if everything may be"
        text += f", {one.failed} failed" if one.failed else ""
        text += f" ({one.unjudged} more can't be judged)" if one.unjudged else ""
        show(console, text)
    if found.chosen is None or found.proof is None:
        _show_shortfall(console, found)
        return
    level = f"{found.confidence_level:.0%}"
    show(console, styled(("threshold ", "bold"), (repr(found.chosen.threshold), "bold green")))
    looked = f"{level} sure, {found.tests} thresholds looked at"
    show(console, f"on calibration: {_point(found.chosen)} ({looked})", indent=2)
    show(console, f"on test: {_point(found.proof)} ({level} sure)", indent=2)
    show(console, _clusters(found.chosen), indent=2)
    if not found.proved:
        risk = f"{found.proof.risk:.3f}" if found.proof.answered else "unknown, with no answer there"
        show(console, styled(("refused: ", "bold red"), f"on test the risk is {risk}, allowed are {found.max_risk:g}"))
    elif found.proof.bound > found.max_risk:
        show(console, "test alone is too small to certify the risk; it doesn't contradict it", indent=2)
    show(console, f"written to {written}" if written else "nothing was written")


def _point(point: Point) -> str:
    return (
        f"{point.answered} of {point.items} answered (coverage {point.coverage:.3f}), {point.wrong} wrong "
        f"(risk {point.risk:.3f}), at most {point.bound:.3f}"
    )


def _clusters(point: Point) -> str:
    return (
        f"answers of one story aren't independent, and the bound takes them as such: these {point.answered} are of "
        f"{point.clusters} stories, worth {point.effective:.1f} independent ones at the least"
    )


def _show_shortfall(console: Console, found: Calibration) -> None:
    from eval.calibrate import MOST, shortfall
    from qa.cli.terminal import show, styled

    nearest = found.nearest
    assert nearest is not None, "without a threshold that is certified there is a nearest one"
    missing = shortfall(nearest, found.max_risk)
    sure = f"a risk of {found.max_risk:g} can't be certified at {found.confidence_level:.0%}"
    show(console, styled(("refused: ", "bold red"), sure))
    show(console, f"nearest: from a confidence of {nearest.threshold:.4f} on, {_point(nearest)}", indent=2)
    if nearest.risk >= found.max_risk:
        show(console, f"no number of items would: the risk seen is {nearest.risk:.3f}", indent=2)
    elif missing.needed is None or missing.needed_items is None:
        show(console, f"at that risk it would take more than {MOST:,} answers", indent=2)
    else:
        text = f"at that risk {missing.needed} answers would, which are about {missing.needed_items} questions"
        show(console, text, indent=2)
    show(console, f"{missing.flawless} answers would if none were wrong", indent=2)
    show(console, _clusters(nearest), indent=2)
    show(console, "nothing was written")
