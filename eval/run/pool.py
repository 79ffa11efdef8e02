"""Tasks spread over processes that are started afresh (spawn), none of which takes another's work with it.

A task whose process died is tried once more, alone, when all others are done; then its death is its record.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait

from eval.run.engine import Setup
from eval.run.worker import READY, Task, failed, serve
from eval.types import RunRecord

#: A process that dies so often in a row before it is ready will never be.
_DEATHS = 3
#: Seconds that a process that was told to stop may take.
_PATIENCE = 5.0


def spread(tasks: Sequence[Task], setup: Setup, *, jobs: int) -> Iterator[RunRecord]:
    """The record of each task, as they come. Closing the iterator ends all processes at once."""
    killers: list[Task] = []
    with _pool(setup, jobs=min(jobs, len(tasks))) as pool:
        for task, record, _ in pool.results(tasks):
            if record is None:
                killers.append(task)
            else:
                yield record
    for task in killers:
        with _pool(setup, jobs=1) as pool:
            for _, record, death in pool.results([task]):
                yield record if record is not None else failed(task, death)


@contextmanager
def _pool(setup: Setup, *, jobs: int) -> Iterator[_Pool]:
    # A process that is started afresh would look for modules in the current folder first, and run what lies there.
    os.environ["PYTHONSAFEPATH"] = "1"
    pool = _Pool(setup, jobs)
    try:
        yield pool
    except BaseException:
        pool.kill()
        raise
    else:
        pool.stop()


class _Pool:
    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._deaths = 0

    def results(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, RunRecord | None, str]]:
        """Each task with its record, or without one and how its process died."""
        waiting = deque(tasks)
        while waiting or any(worker.task for worker in self._workers):
            while len(self._workers) < self._jobs and len(self._workers) < len(waiting) + self._busy():
                self._workers.append(_Worker(self._setup))
            for worker in self._with_news():
                message = worker.receive()
                if message is None:
                    yield from self._died(worker)
                    continue
                self._deaths = 0
                if isinstance(message, str) and message != READY:
                    raise RuntimeError(f"the engine can't be opened in a process of its own: {message}")
                if isinstance(message, RunRecord) and worker.task is not None:
                    done, worker.task = worker.task, None
                    yield done, message, ""
                if waiting:
                    worker.give(waiting.popleft())

    def _busy(self) -> int:
        return sum(worker.task is not None for worker in self._workers)

    def _with_news(self) -> list[_Worker]:
        ready = set(map(id, wait([worker.connection for worker in self._workers])))
        return [worker for worker in self._workers if id(worker.connection) in ready]

    def _died(self, worker: _Worker) -> Iterator[tuple[Task, None, str]]:
        self._workers.remove(worker)
        death = worker.death()
        if worker.task is not None:
            yield worker.task, None, death
            return
        self._deaths += 1
        if self._deaths >= _DEATHS:
            raise RuntimeError(f"the engine can't be opened in a process of its own: {death}")

    def stop(self) -> None:
        """End all processes, which have nothing to do."""
        for worker in self._workers:
            worker.stop()

    def kill(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.kill()


class _Worker:
    """A process with a pipe to it. ``task`` is what it is at."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, child = context.Pipe()
        self.task: Task | None = None
        self._process = context.Process(target=serve, args=(child, setup), daemon=True)
        with _uninterrupted():
            self._process.start()
        child.close()  # so that its death closes the pipe

    def give(self, task: Task) -> None:
        """Send a task; where the process is dead by now, that is the next news of it."""
        self.task = task
        try:
            self.connection.send(task)
        except OSError:
            return

    def receive(self) -> RunRecord | str | None:
        """What it sent, or ``None`` where it died."""
        try:
            message: RunRecord | str = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def death(self) -> str:
        """How the process ended."""
        self._process.join(_PATIENCE)
        code = self._process.exitcode
        self.kill()
        if code is None:
            return "the process closed its pipe"
        return f"the process died: {signal.Signals(-code).name}" if code < 0 else f"the process exited with {code}"

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        try:
            self.connection.send(None)
            self._process.join(_PATIENCE)
        except OSError:
            pass
        self.kill()

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started inside is deaf to Ctrl-C from its first instruction on: a terminal sends it to every process,
    and one that is just importing would print a traceback. For this process it comes at the end.
    """
    resource_tracker.ensure_running()  # starting it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
