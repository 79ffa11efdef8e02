"""CPU seconds that can be compared with each other in a busy process."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def cpu_seconds(work: Callable[[], object], *, tries: int = 3) -> float:
    """The least CPU time in seconds that ``work`` took in several tries.

    The garbage collector is off meanwhile: in a process that holds thousands of tests, one full collection takes
    tenths of a second, and it falls on whichever try happens to be running.
    """
    spent = []
    for _ in range(tries):
        gc.collect()
        gc.disable()
        try:
            started = time.process_time()
            work()
            spent.append(time.process_time() - started)
        finally:
            gc.enable()
    return min(spent)
