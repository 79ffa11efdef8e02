"""Measuring: CPU seconds and peak memory of child processes, CPU seconds of a piece of code, medians."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Child:
    """What a child process cost: user and system CPU seconds, peak resident memory in bytes, its exit code."""

    seconds: float
    peak: int
    code: int


def run_child(command: Sequence[str], *, environment: dict[str, str] | None = None) -> Child:
    """Run ``command`` with its output thrown away and say what it cost."""
    process = subprocess.Popen(
        list(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Child(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, process.returncode)


def median_child(command: Sequence[str], *, n: int, environment: dict[str, str] | None = None) -> Child:
    """The run with the median CPU seconds of ``n``, after one that warms the disk's cache."""
    run_child(command, environment=environment)
    runs = sorted((run_child(command, environment=environment) for _ in range(n)), key=lambda run: run.seconds)
    return runs[n // 2]


@contextmanager
def cpu() -> Iterator[Callable[[], float]]:
    """A clock of this process's CPU seconds (all threads); call it after the block for what the block took."""
    started = time.process_time()
    taken: list[float] = []
    yield lambda: taken[0]
    taken.append(time.process_time() - started)


def percentile_ms(run: Callable[[str], object], inputs: Sequence[str]) -> float:
    """The median wall-clock milliseconds of ``run`` over ``inputs``, after three to warm up."""
    for item in inputs[:3]:
        run(item)
    taken = []
    for item in inputs:
        started = time.perf_counter()
        run(item)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def peak_memory() -> int:
    """This process's peak resident memory in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
