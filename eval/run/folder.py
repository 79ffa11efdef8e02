"""A run's folder: what was run (``manifest.json``), and the records (``items.jsonl``), appended as they come.

A run that was cut off in any way goes on where it stopped: a record is a whole line or not there. What other systems
wrote is read here too; the format of a record is ``records``'s.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from eval.run.records import read_records, to_line
from eval.types import RunRecord
from qa.durable import replace_file
from qa.errors import StorageFault, UsageError

MANIFEST = "manifest.json"
ITEMS = "items.jsonl"
LOCK = "run.lock"
FORMAT = 1
#: Names the folder of runs.
RUNS_VARIABLE = "QA_RUNS"
#: Seconds between two times that records are put on the disk; a killed process loses none, a power cut these.
_SYNCED = 1.0
#: What may differ between the beginning of a run and its resumption.
_FREE = frozenset({"started", "jobs", "folder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What was measured. ``code`` is the digest of its sources, ``scorer`` of what makes confidences (empty where there
    is none), ``threshold`` the confidence from which on it answers, ``k`` how many claims (or passages) it gives at
    most.
    """

    engine: str
    qa_version: str
    code: str = ""
    embedder: str
    scorer: str = ""
    threshold: float | None = None
    k: int

    @property
    def name(self) -> str:
        """All of it in one line, for people."""
        code = f" ({self.code})" if self.code else ""
        parts = [f"{self.engine} of qa {self.qa_version}{code}", self.embedder, f"k {self.k}"]
        parts += [f"scorer {self.scorer[:8]}"] if self.scorer else []
        parts += [f"threshold {self.threshold:g}"] if self.threshold is not None else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a run is of. ``limit`` items at most of ``split`` (None: of all) were asked, with their hidden ``twins`` or
    without; ``started`` is a UTC time, ``folder`` where the set was.
    """

    format: int = FORMAT
    set: str
    folder: str = ""
    gold_sha256: str
    corpus_sha256: str
    system: System
    twins: bool
    limit: int | None = None
    split: str | None = None
    jobs: int = 1
    started: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it was read: its records by id, sorted. ``manifest`` is None where only records were handed in.

    ``warnings`` are for people: what was left out of it.
    """

    path: Path
    manifest: Manifest | None
    records: Mapping[str, RunRecord]
    warnings: tuple[str, ...] = ()


def folder_for(manifest: Manifest) -> Path:
    """Where a run is kept if nobody says: below ``QA_RUNS`` (or ``qa-runs``), under a name for all that it is of, so
    that the same command goes on with it, and another one never does. One that answers whatever it can is kept
    apart: nobody uses ``qa`` like that, so it is never the latest run.
    """
    fixed = {name: value for name, value in asdict(manifest).items() if name not in _FREE}
    key = hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:8]
    runs = runs_folder() / "forced" if manifest.system.threshold == 0 else runs_folder()
    return runs / f"{manifest.set}-{manifest.system.engine}-{key}"


def runs_folder() -> Path:
    """Where runs are kept: ``QA_RUNS``, else ``qa-runs`` in the current folder. It need not exist."""
    return Path(os.environ.get(RUNS_VARIABLE) or "qa-runs")


def read_run(path: str | Path) -> Run:
    """The run in a folder, or in a file of records that anyone wrote; raises ``UsageError`` (``run.*``)."""
    path = Path(path)
    manifest = _manifest(path / MANIFEST) if path.is_dir() else None
    items = path / ITEMS if path.is_dir() else path
    try:
        content = items.read_bytes()
    except FileNotFoundError:
        if manifest is None:
            raise UsageError("run.missing", f"there is no run at {str(path)!r}", remedy="qa eval run SET") from None
        content = b""
    except OSError as error:
        raise UsageError("run.unreadable", f"{str(items)!r} can't be read: {error.strerror or error}") from error
    whole = _whole(content) if manifest is not None else content
    found = read_records(whole, name=str(items))
    warnings = [
        f"{count} fields {name!r} aren't of the format and are left out" for name, count in found.ignored.items()
    ]
    if len(whole) < len(content):
        warnings.append("the last record was cut off and is left out; the run isn't finished")
    return Run(path=path, manifest=manifest, records=found.records, warnings=tuple(warnings))


class RunFolder:
    """A run that is being written, by this process alone."""

    def __init__(self, path: Path, records: Mapping[str, RunRecord], descriptor: int) -> None:
        self.path = path
        self.records = dict(records)
        self._descriptor = descriptor
        self._synced = time.monotonic()

    @classmethod
    @contextmanager
    def open(cls, path: Path, manifest: Manifest) -> Iterator[Self]:
        """Begin a run in the folder ``path``, or go on with the one in it.

        Raises ``UsageError``: ``run.other`` where it is of something else, ``run.busy`` where another process writes
        it, ``run.not_a_run`` where the folder holds other things; ``StorageFault`` where it can't be written.
        """
        with ExitStack() as stack:
            with _disk(path):
                path.mkdir(parents=True, exist_ok=True)
                stack.enter_context(_locked(path))
                _begin(path, manifest)
                records = _resumed(path / ITEMS)
                descriptor = os.open(path / ITEMS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
                stack.callback(os.close, descriptor)
            yield cls(path, records, descriptor)
            with _disk(path):
                os.fsync(descriptor)

    def append(self, record: RunRecord) -> None:
        """Add the record of a question that has none yet."""
        line = memoryview(to_line(record))
        with _disk(self.path):
            while line:
                line = line[os.write(self._descriptor, line) :]
            if time.monotonic() - self._synced >= _SYNCED:
                os.fsync(self._descriptor)
                self._synced = time.monotonic()
        self.records[record.id] = record


def _begin(path: Path, manifest: Manifest) -> None:
    there = _manifest(path / MANIFEST)
    if there is None:
        others = sorted({entry.name for entry in path.iterdir()} - {LOCK, f"{MANIFEST}.tmp"})
        if others:
            raise UsageError(
                "run.not_a_run", f"{str(path)!r} holds {others[0]!r} and no {MANIFEST!r}", remedy="--out NEW_FOLDER"
            )
        replace_file(path / MANIFEST, json.dumps(asdict(manifest), indent=1).encode() + b"\n")
        return
    for name in (field.name for field in fields(Manifest) if field.name not in _FREE):
        before, now = getattr(there, name), getattr(manifest, name)
        if before != now:
            shown = [value.name if isinstance(value, System) else repr(value) for value in (before, now)]
            raise UsageError(
                "run.other",
                f"the run in {str(path)!r} is another one: its {name} is {shown[0]}, now it is {shown[1]}",
                remedy="--out NEW_FOLDER",
            )


def _resumed(items: Path) -> Mapping[str, RunRecord]:
    """The records that are there; a line that was cut off is taken out."""
    try:
        content = items.read_bytes()
    except FileNotFoundError:
        return {}
    whole = _whole(content)
    found = read_records(whole, name=str(items)).records
    if len(whole) < len(content):
        os.truncate(items, len(whole))
    return found


def _whole(content: bytes) -> bytes:
    """The lines that were written to their ends."""
    return content[: content.rfind(b"\n") + 1]


def _manifest(path: Path) -> Manifest | None:
    try:
        document = json.loads(path.read_bytes())
        if document["format"] == FORMAT:
            return Manifest(**{**document, "system": System(**document["system"])})
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UsageError("run.manifest", f"{str(path)!r} isn't a run's manifest: {error}") from error
    except OSError as error:
        raise UsageError("run.unreadable", f"{str(path)!r} can't be read: {error.strerror or error}") from error
    raise UsageError("run.manifest", f"{str(path)!r} is of format {document['format']!r:.20}; this qa knows {FORMAT}")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        lock = FileLock(path / LOCK).acquire(timeout=0)
    except Timeout:
        raise UsageError(
            "run.busy", f"another process is writing the run in {str(path)!r}", remedy="--out NEW_FOLDER"
        ) from None
    with lock:
        yield


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """What the disk does to the run is said as such; the records written before it stay."""
    try:
        yield
    except OSError as error:
        raise StorageFault(
            "storage.run",
            f"the run in {str(path)!r} can't be written: {error.strerror or error}",
            state="the records written so far are kept",
            remedy="the same command goes on with it",
        ) from error
