"""Measuring: CPU seconds and peak memory of child processes, CPU seconds of a piece of code, medians."""

from __future__ import annotations

import json
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


#: Starts the command from a small process: a child begins with the peak memory of the process that it was started from.
_LAUNCHER = """
import json, os, sys
null = os.open(os.devnull, os.O_WRONLY)
out = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=out), 0)
print(json.dumps([usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]))
"""


def run_child(command: Sequence[str]) -> Child:
    """Run ``command`` (a path and its arguments) with its output thrown away and say what it cost."""
    launcher = [sys.executable, "-S", "-c", _LAUNCHER, *command]
    said = subprocess.run(launcher, stdout=subprocess.PIPE, check=True)
    seconds, peak, code = json.loads(said.stdout)
    return Child(seconds, peak * (1 if sys.platform == "darwin" else 1024), code)


def median_child(command: Sequence[str], *, n: int) -> Child:
    """The run with the median CPU seconds of ``n``, after one that warms the disk's cache."""
    run_child(command)
    runs = sorted((run_child(command) for _ in range(n)), key=lambda run: run.seconds)
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
