"""A run with its scores, worked out anew from the records: a file of scores that lies about is never believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.corpus import Corpus, read_corpus
from eval.gold.store import available, read_set
from eval.results import ItemResult, Summary
from eval.run.folder import MANIFEST, Manifest, Run, read_run, runs_folder
from eval.score import score
from eval.summary import summarise
from eval.types import GoldSet, Item
from qa.errors import UsageError

#: What scoring leaves in a run's folder; ``eval.publish`` writes it.
SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRun:
    """A run, what it is of, and its scores. ``gold`` holds the items that were to be asked (a manifest may name a
    split or a limit) under the digest of the whole set; ``results`` are of these, in their order.
    """

    gold: GoldSet
    corpus: Corpus
    run: Run
    results: tuple[ItemResult, ...]
    summary: Summary


def load_scored(run_path: Path, *, gold: str | None = None, known: ScoredRun | None = None) -> ScoredRun:
    """The run at ``run_path`` (a folder, or a file of records), scored against the set that its manifest names, or
    ``gold``. ``known`` lends its corpus where that is the same.

    Raises ``UsageError`` where there is no such run or set, or gold or corpus aren't those that the run was made with.
    """
    run = read_run(run_path)
    whole = _gold(run, gold)
    _same("gold", run, run.manifest.gold_sha256 if run.manifest else None, whole.sha256, whole.name)
    root = Path(whole.corpus).resolve()
    corpus = known.corpus if known is not None and known.corpus.root == root else read_corpus(root)
    _same("corpus", run, run.manifest.corpus_sha256 if run.manifest else None, corpus.sha256, str(root))
    asked = replace(whole, items=tuple(_asked(whole.items, run.manifest)))
    results = score(asked, corpus, run.records)
    system = run.manifest.system.name if run.manifest else run_path.name
    summary = summarise(asked, corpus, run.records, results, system=system)
    return ScoredRun(gold=asked, corpus=corpus, run=run, results=results, summary=summary)


def _gold(run: Run, reference: str | None) -> GoldSet:
    if reference is not None:
        return read_set(reference)
    if run.manifest is None:
        raise UsageError(
            "eval.no_gold",
            f"{str(run.path)!r} doesn't say which set it is of",
            remedy=f"--gold SET ({', '.join(available())}, or a folder)",
        )
    folder = run.manifest.folder
    # A copy of a shipped set keeps its name: what a run is of is where it was read, unless that is gone.
    if folder and Path(folder).is_dir():
        return read_set(folder)
    if run.manifest.set in available():
        return read_set(run.manifest.set)
    raise UsageError(
        "eval.no_gold",
        f"{str(run.path)!r} is of the set {run.manifest.set!r}, neither shipped nor in {folder!r}",
        remedy="--gold FOLDER",
    )


def _same(what: str, run: Run, then: str | None, now: str, name: str) -> None:
    if then is not None and then != now:
        raise UsageError(
            f"eval.other_{what}",
            f"{str(run.path)!r} was made with the {what} {then[:12]}..., {name!r} is {now[:12]}... today",
            remedy=f"qa eval run {run.manifest.set if run.manifest else 'SET'}, or --gold FOLDER with what it was then",
        )


def _asked(items: Sequence[Item], manifest: Manifest | None) -> Sequence[Item]:
    """The items that a run was to ask: the first so many of a split."""
    if manifest is None:
        return items
    return [item for item in items if manifest.split in (None, item.split.value)][: manifest.limit]


def run_or_latest(path: Path | None) -> Path:
    """The run that is named, or the latest one; raises ``UsageError`` where there is none."""
    return path or latest(runs_folder())


def latest(runs: Path) -> Path:
    """The run in the folder ``runs`` that was asked or scored last; raises ``UsageError`` where there is none."""
    found = []
    for path in runs.glob(f"*/{MANIFEST}"):
        written = [one.stat().st_mtime_ns for one in (path, path.with_name(SUMMARY)) if one.exists()]
        found.append((max(written), path.parent))
    if not found:
        raise UsageError("run.missing", f"there is no run in {str(runs)!r}", remedy="qa eval run SET")
    return max(found)[1]
