"""Runs an engine over a gold set into a run's folder. What the records are worth is said elsewhere, later.

The records don't depend on the number of processes nor on interruptions; their order in the file does, and doesn't
matter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from eval.run.engine import Setup
from eval.run.folder import Manifest, RunFolder
from eval.run.pool import spread
from eval.run.worker import Task, answered
from eval.types import HIDDEN, GoldSet, Item, RunRecord, Split

Progress = Callable[[int, int], None]
#: More processes than this by default would be somebody else's cores.
_MOST_JOBS = 4


def begin(
    gold: GoldSet,
    *,
    engine: Setup,
    jobs: int | None = None,
    twins: bool = True,
    limit: int | None = None,
    split: Split | None = None,
) -> Manifest:
    """What a run of ``engine`` over ``gold`` is: of the first ``limit`` items of ``split``, by default of all.

    With ``twins`` each answerable item is asked once more with its evidence hidden. ``jobs`` processes work at a
    time (by default one a core, at most 4); one means this process.
    """
    return Manifest(
        set=gold.name,
        folder=gold.folder,
        gold_sha256=gold.sha256,
        corpus_sha256=engine.corpus_sha256,
        system=engine.system,
        twins=twins,
        limit=limit,
        split=split.value if split else None,
        jobs=jobs or default_jobs(),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def run(
    gold: GoldSet,
    folder: Path,
    *,
    engine: Setup,
    manifest: Manifest | None = None,
    jobs: int | None = None,
    twins: bool = True,
    limit: int | None = None,
    split: Split | None = None,
    progress: Progress | None = None,
) -> None:
    """Ask what ``manifest`` says (made of the other options by ``begin`` where it isn't given), and record what comes,
    each in a line of the run in ``folder``; what has a record there already isn't asked again.

    ``progress`` is called with (done, total).
    """
    manifest = manifest or begin(gold, engine=engine, jobs=jobs, twins=twins, limit=limit, split=split)
    tell = progress or (lambda _done, _total: None)
    tasks = tasks_of(
        gold.items,
        twins=manifest.twins,
        limit=manifest.limit,
        split=Split(manifest.split) if manifest.split else None,
    )
    with RunFolder.open(folder, manifest) as opened:
        left = [task for task in tasks if task.id not in opened.records]
        before = len(tasks) - len(left)
        tell(before, len(tasks))
        with closing(_records(left, engine, manifest.jobs)) as records:  # however this ends, no process is left behind
            for done, record in enumerate(records, start=before + 1):
                opened.append(record)
                tell(done, len(tasks))


def default_jobs() -> int:
    """As many processes as this one may use cores, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_JOBS)


def tasks_of(
    items: Sequence[Item], *, twins: bool = True, limit: int | None = None, split: Split | None = None
) -> list[Task]:
    """What is to be asked, in order: the items, then the hidden twins of those that have one."""
    chosen = [item for item in items if split is None or item.split is split][:limit]
    tasks = [Task(id=item.id, item=item) for item in chosen]
    if twins:
        tasks += [
            Task(id=item.id + HIDDEN, item=item, hide=hidden)
            for item in chosen
            if item.answerable and (hidden := hidden_articles(item))
        ]
    return tasks


def hidden_articles(item: Item) -> frozenset[str]:
    """The articles without which an item can't be answered: of all its evidence, and of what may be cited beside."""
    spans = [*(span for alternative in item.evidence for span in alternative), *item.acceptable]
    return frozenset({span.article for span in spans} | set(item.hide))


def _records(tasks: Sequence[Task], engine: Setup, jobs: int) -> Generator[RunRecord]:
    if not tasks:
        return
    if jobs > 1:
        yield from spread(tasks, engine, jobs=jobs)
        return
    with engine.open() as opened:
        for task in tasks:
            yield answered(opened, task)
