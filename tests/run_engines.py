"""Scripted systems for the tests of runs, picklable so that they run in processes of their own. No test is in here.

Run as ``python run_engines.py FOLDER JOBS SECONDS``, it runs a slow one over forty items, to be interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eval.run.folder import System
from eval.types import Ended, GoldSet, GoldSpan, Item, RunRecord, Split, Why

SYSTEM = System(engine="scripted", qa_version="0", embedder="none", k=1)


def item(number: int, *, split: Split = Split.TEST) -> Item:
    """Every third has no answer; of the others the evidence is in two articles."""
    answerable = number % 3 != 2
    spans = [GoldSpan(article=f"{name}{number}.md", start=0, end=1, quote="x") for name in ("a", "b")]
    return Item(
        id=f"q{number:03}", question=f"What is {number}?", type="fact", categories=("c",), cluster=f"s{number}",
        split=split, answerable=answerable, why=None if answerable else Why.NOT_IN_CORPUS,
        evidence=((spans[0],), (spans[1],)) if answerable else (),
    )  # fmt: skip


def gold(items: Sequence[Item], *, sha256: str = "5" * 64) -> GoldSet:
    """A set of ``items``."""
    return GoldSet(
        name="scripted", description="", corpus="/c", categories={"c": ""}, items=tuple(items), sha256=sha256
    )


@dataclass
class Scripted:
    """Does with the question ``What is N?`` what ``acts`` says of N, and answers all others with N.

    ``"raise"``, ``"exit"`` (sys.exit), ``"die"`` (os._exit), ``"kill"`` (SIGKILL), ``"die once"``, ``"malformed"``,
    ``"abstain"``. What was asked is noted in ``notes``, one file a call.
    """

    acts: dict[int, str]
    notes: Path | None
    seconds: float

    def answer(self, item: Item, *, hide: frozenset[str]) -> RunRecord:
        """As the script says."""
        number = int(item.id[1:])
        before = self._note(item.id + ("~hidden" if hide else ""))
        time.sleep(self.seconds)
        match self.acts.get(number, ""):
            case "raise":
                raise ValueError(f"no answer to {number}")
            case "exit":
                sys.exit(3)
            case "die":
                os._exit(7)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "die once" if before == 0:
                os._exit(7)
            case "malformed":
                return RunRecord(id="", ended=Ended.ANSWERED, confidence=float("nan"))
            case "abstain":
                return RunRecord(id="", ended=Ended.ABSTAINED)
        hidden = f" without {', '.join(sorted(hide))}" if hide else ""
        return RunRecord(id="wrong", ended=Ended.ANSWERED, answer=f"{number}{hidden}", seconds={"t": time.time()})

    def _note(self, id: str) -> int:
        """How often the question was asked before."""
        if self.notes is None:
            return 0
        before = len(list(self.notes.glob(f"{id}.*")))
        (self.notes / f"{id}.{os.getpid()}-{time.time_ns()}").touch()
        return before


@dataclass(frozen=True, kw_only=True)
class ScriptedSetup:
    """``broken``: it can't be opened (``"raise"``, or the process dies: ``"die"``)."""

    acts: dict[int, str] = field(default_factory=dict)
    notes: Path | None = None
    seconds: float = 0.0
    broken: str = ""
    system: System = SYSTEM
    corpus_sha256: str = "c" * 64

    @contextmanager
    def open(self) -> Iterator[Scripted]:
        """The system."""
        if self.broken == "raise":
            raise OSError("no such index")
        if self.broken == "die":
            os._exit(9)
        yield Scripted(self.acts, self.notes, self.seconds)


def main(folder: str, jobs: str, seconds: str) -> None:
    """What the tests interrupt."""
    from eval.run.runner import run

    def say(done: int, total: int) -> None:
        sys.stdout.write(f"{done} {total}\n")
        sys.stdout.flush()

    items = [item(number) for number in range(40)]
    setup = ScriptedSetup(seconds=float(seconds))
    run(gold(items), Path(folder), engine=setup, jobs=int(jobs), twins=False, progress=say)


if __name__ == "__main__":
    main(*sys.argv[1:])
