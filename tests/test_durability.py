"""Processes killed at any moment, two at once, readers beside a writer: nothing is lost, nothing is there twice,
always answering.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from crash_child import HashEmbedder, contents, write_articles

from qa.errors import IndexLocked, IndexMissing
from qa.index import exact
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from qa.ledger.lexical import search
from qa.library.add import add
from qa.library.check import check
from qa.library.lock import index_lock
from qa.models.embedder import MiniLM

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parent.parent
ARTICLES = 30
#: What a killed run may leave; the next one mends it. Anything else is damage.
BEHIND = {"generation.behind", "generation.none", "generation.leftover"}
#: System calls that put something on the disk, or take something off it.
CALLS = ("fsync", "fdatasync", "rename", "unlink", "unlinkat", "rmdir", "ftruncate")


class Forks:
    """Processes that run ``crash_child`` with everything imported."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, str(CHILD), "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    def start(self, *arguments: object, paused: bool = False) -> int:
        """Start a process; its id."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps([paused, *map(str, arguments)]) + "\n")
        self._server.stdin.flush()
        return self._read()

    def end(self) -> int:
        """Wait for the process; its exit code, negative for a signal."""
        status = self._read()
        return -(status & 0x7F) if status & 0x7F else status >> 8

    def run(self, *arguments: object) -> int:
        """Start a process and wait."""
        self.start(*arguments)
        return self.end()

    def close(self) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def _read(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    made = Forks()
    yield made
    made.close()


class Scene:
    """Articles to add, an index to begin from, and what an undisturbed run makes of both."""

    def __init__(self, folder: Path, *, grown: bool, articles: int = ARTICLES) -> None:
        self.sources = folder / "sources"
        self.before = folder / "before"
        self.index = folder / "index"
        write_articles(self.sources, articles)
        self.before.mkdir()
        if grown:
            self._add(self.before)
            write_articles(self.sources, articles + 5, edition=2)
            (self.sources / "article-0001.txt").unlink()
        self.reset()
        self._add(self.index)
        self.expected = contents(self.index)

    def reset(self) -> None:
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.before, self.index)

    def survives(self) -> None:
        """What must hold after a kill: sound, answering, and finished by the same command."""
        assert {finding.id for finding in self._check()} <= BEHIND
        answers(self.index)
        self._add(self.index)
        assert contents(self.index) == self.expected
        assert not self._check()

    def _add(self, index: Path) -> None:
        add(index, [str(self.sources)], embedder=HashEmbedder(), sync=True)

    def _check(self) -> tuple[object, ...]:
        try:
            return check(self.index, embedder=HashEmbedder).findings
        except IndexMissing:
            return ()


def answers(index: Path) -> None:
    """Whatever is in the index is found, in full text and by vector, and is what the ledger says."""
    try:
        ledger = Ledger.open(index)
    except IndexMissing:
        return
    with ledger, ledger.snapshot():
        keys = ledger.keys()
        assert len(ledger.vectors(keys)[0]) == len(keys)
        lexical = search(ledger, '"council" OR "crowns"', limit=10)
        assert len(lexical) == min(10, len(keys))
        vector = HashEmbedder().embed("the council and the ferry")
        dense = DenseIndex.open(index, ledger)
        found = dense.search(vector, limit=10)
        dense.close()
        assert not found.damage
        wanted = exact.search(ledger, vector, limit=10) if keys else ()
        assert [hit.cosine for hit in found.hits] == pytest.approx([hit.cosine for hit in wanted], abs=1e-5)
        for passage in ledger.passages([hit.key for hit in found.hits]).values():
            article = ledger.article(passage.article_id)
            assert article is not None
            assert article.text[passage.start : passage.end].strip()


@pytest.fixture(scope="module", params=["empty", "grown"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"), grown=request.param == "grown")


# --- killed at a random moment


def kill_randomly(scene: Scene, forks: Forks, *, times: int, seed: int) -> int:
    """Kill ``times`` runs, each after a random while (and up to three times before it may finish); how many were
    hit at work.
    """
    dice = random.Random(seed)
    length = duration(scene, forks)
    hits = 0
    for _ in range(times):
        scene.reset()
        for _ in range(dice.randint(1, 3)):
            pid = forks.start("sync", scene.index, scene.sources)
            time.sleep(dice.uniform(0, length))
            kill(pid)
            hits += forks.end() == -signal.SIGKILL
        scene.survives()
    return hits


def duration(scene: Scene, forks: Forks) -> float:
    """Seconds of an undisturbed run; the first of a server waits for its imports, so the second is timed."""
    seconds = 0.0
    for _ in range(2):
        scene.reset()
        started = time.monotonic()
        assert forks.run("sync", scene.index, scene.sources) == 0
        seconds = time.monotonic() - started
    return seconds


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_kill_at_random_moments(scene: Scene, forks: Forks) -> None:
    assert kill_randomly(scene, forks, times=4, seed=1) > 0


@pytest.mark.slow
def test_kill_at_200_random_moments(scene: Scene, forks: Forks) -> None:
    assert kill_randomly(scene, forks, times=100, seed=2) >= 50


def test_kill_while_the_real_model_embeds(tmp_path: Path, forks: Forks) -> None:
    model = MiniLM.load()
    write_articles(tmp_path / "a", 8)
    add(tmp_path / "whole", [str(tmp_path / "a")], embedder=model)
    for wait in (0.2, 0.7):
        pid = forks.start("real-sync", tmp_path / "i", tmp_path / "a")
        time.sleep(wait)
        kill(pid)
        forks.end()
    assert forks.run("real-sync", tmp_path / "i", tmp_path / "a") == 0
    assert contents(tmp_path / "i") == contents(tmp_path / "whole")
    assert check(tmp_path / "i", embedder=lambda: model).sound


# --- killed at each call that changes the disk


def watched(forks: Forks, scene: Scene, inject: Sequence[str], log: Path) -> int:
    """Run ``sync`` on the scene under strace with these options; its exit code."""
    pid = forks.start("sync", scene.index, scene.sources, paused=True)
    hung = threading.Timer(120, kill, [pid])
    hung.start()
    try:
        # It must have stopped itself before strace attaches, else it does so after it was told to go on.
        until_stopped(pid)
        command = ["strace", "-f", "-p", str(pid), "-o", str(log), *inject]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            said = strace.stderr.readline()
            attached = "attached" in said
            os.kill(pid, signal.SIGCONT if attached else signal.SIGKILL)
            code = forks.end()
            strace.stderr.read()
    finally:
        hung.cancel()
    if not attached:
        pytest.skip(f"strace may not attach here: {said.strip()}")
    return code


def until_stopped(pid: int) -> None:
    stat = Path(f"/proc/{pid}/stat")
    while stat.read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.001)


def calls_made(forks: Forks, scene: Scene, log: Path) -> dict[str, int]:
    """How often each call is made in an undisturbed run, at most, by one thread (strace counts by thread)."""
    scene.reset()
    assert watched(forks, scene, ["-e", "trace=" + ",".join(CALLS)], log) == 0
    counts: dict[tuple[str, str], int] = {}
    for line in log.read_text(errors="replace").splitlines():
        thread, _, rest = line.partition(" ")
        name = rest.strip().partition("(")[0]
        if name in CALLS:
            counts[thread, name] = counts.get((thread, name), 0) + 1
    return {call: max((n for (_, name), n in counts.items() if name == call), default=0) for call in CALLS}


def kill_at(scene: Scene, forks: Forks, call: str, number: int, log: Path) -> bool:
    """Kill at the ``number``-th ``call``; whether it came to that."""
    scene.reset()
    code = watched(forks, scene, ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"], log)
    scene.survives()
    return code == -signal.SIGKILL


needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace isn't installed")


@needs_strace
def test_kill_at_some_calls_that_change_the_disk(scene: Scene, forks: Forks, tmp_path: Path) -> None:
    made = calls_made(forks, scene, tmp_path / "log")
    assert made["fsync"] > 5, made
    assert made["rename"] >= 2, made
    points = [("rename", 1), ("rename", 2), ("fsync", made["fsync"] // 2), ("unlink", 1)]
    assert all(kill_at(scene, forks, call, number, tmp_path / "log") for call, number in points)


@needs_strace
@pytest.mark.slow
def test_kill_at_every_call_that_changes_the_disk(scene: Scene, forks: Forks, tmp_path: Path) -> None:
    made = calls_made(forks, scene, tmp_path / "log")
    points = [(call, number) for call, count in made.items() for number in range(1, count + 1)]
    killed = sum(kill_at(scene, forks, call, number, tmp_path / "log") for call, number in points)
    # Chroma's threads share their work differently each time, so its last calls aren't always reached.
    assert killed >= 0.8 * len(points), (killed, made)


# --- killed between two steps


def test_killed_after_the_commit_publishes_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(tmp_path / "a", 5)
    with monkeypatch.context() as patch:
        patch.setattr("qa.index.generation.publish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            add(tmp_path / "i", [str(tmp_path / "a")], embedder=HashEmbedder())
    assert [finding.id for finding in check(tmp_path / "i", embedder=HashEmbedder).findings] == ["generation.none"]
    answers(tmp_path / "i")
    done = add(tmp_path / "i", [str(tmp_path / "a")], embedder=HashEmbedder())
    assert (done.new, done.unchanged, done.embedded) == (0, 5, 0)
    assert check(tmp_path / "i", embedder=HashEmbedder).sound


def test_vectors_of_a_killed_run_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(tmp_path / "a", 5)
    monkeypatch.setattr("qa.library.embedding.SAVE_SECONDS", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr("qa.ledger.writer.Writer.store", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            add(tmp_path / "i", [str(tmp_path / "a")], embedder=HashEmbedder())
    done = add(tmp_path / "i", [str(tmp_path / "a")], embedder=HashEmbedder())
    assert (done.new, done.embedded) == (5, 0)


def test_ctrl_c_ends_soon_and_keeps_what_was_committed(tmp_path: Path, forks: Forks) -> None:
    write_articles(tmp_path / "a", 400)
    pid = forks.start("add", tmp_path / "i", tmp_path / "a")
    until = time.monotonic() + 30
    while committed(tmp_path / "i") == 0 and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(pid, signal.SIGINT)
    asked = time.monotonic()
    assert forks.end() == 130
    assert time.monotonic() - asked < 3  # the promise is one second; machines of tests are busy
    kept = committed(tmp_path / "i")
    assert kept > 0
    done = add(tmp_path / "i", [str(tmp_path / "a")], embedder=HashEmbedder())
    assert done.new + kept == 400


def committed(index: Path) -> int:
    try:
        with Ledger.open(index) as ledger:
            return len(ledger.article_ids())
    except IndexMissing:
        return 0


# --- two writers, and readers beside one


def test_two_writers_at_once_both_get_everything_in(tmp_path: Path, forks: Forks) -> None:
    write_articles(tmp_path / "a", 20)
    write_articles(tmp_path / "b", 20, first=20)
    others = Forks()
    try:
        forks.start("add", tmp_path / "i", tmp_path / "a")
        others.start("add", tmp_path / "i", tmp_path / "b")
        assert (forks.end(), others.end()) == (0, 0)
    finally:
        others.close()
    assert len(contents(tmp_path / "i")) == 40
    assert check(tmp_path / "i", embedder=HashEmbedder).sound


def test_a_writer_that_may_not_wait_is_told_who_writes(tmp_path: Path, forks: Forks) -> None:
    write_articles(tmp_path / "a", 2)
    said: list[str] = []
    with index_lock(tmp_path / "i"):
        assert forks.run("now-add", tmp_path / "i", tmp_path / "a") == 11
        with (
            pytest.raises(IndexLocked, match=f"process {os.getpid()} is writing"),
            index_lock(tmp_path / "i", wait=0.1, on_wait=said.append),
        ):
            pass
    assert said == [f"waiting for process {os.getpid()}, which is writing {str(tmp_path / 'i')!r}"]
    assert forks.run("now-add", tmp_path / "i", tmp_path / "a") == 0


def test_readers_beside_a_writer_see_whole_articles(tmp_path: Path, forks: Forks) -> None:
    write_articles(tmp_path / "a", 60)
    assert forks.run("sync", tmp_path / "i", tmp_path / "a") == 0
    write_articles(tmp_path / "a", 200, edition=2)
    forks.start("sync", tmp_path / "i", tmp_path / "a")
    seen = set()
    with Ledger.open(tmp_path / "i") as ledger:
        dense = DenseIndex.open(tmp_path / "i", ledger)
        until = time.monotonic() + 60
        while len(seen | {0}) < 200 and 200 not in seen and time.monotonic() < until:
            seen.add(look(ledger, dense))
        dense.close()
    assert forks.end() == 0
    assert 200 in seen
    assert len(seen) > 1, "the writer was too quick to be watched"


def look(ledger: Ledger, dense: DenseIndex) -> int:
    """Read one consistent moment; how many articles it had."""
    with ledger.snapshot():
        counts = ledger.stats()
        keys = ledger.keys()
        assert counts.passages == len(keys) == len(ledger.vectors(keys)[0])
        assert counts.articles == len(ledger.article_ids())
    found = dense.search(HashEmbedder().embed("the council and the ferry"), limit=10)
    assert not found.damage
    assert len(found.hits) == 10
    return counts.articles
