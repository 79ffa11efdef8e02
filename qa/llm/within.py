"""Runs what may block for ever in a thread of its own, and waits for it no longer than a deadline.

A read's timeout begins anew with every byte, a name's resolution has none, and a stream of comments never reaches who
reads it: only waiting elsewhere bounds them all. Whoever waits can be interrupted; the thread is told to stop, and
never keeps the process alive.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar, cast

from qa.llm.model import Deadline

_R = TypeVar("_R")


class TimeIsUp(Exception):
    """The deadline passed before the work was done."""


@dataclass(frozen=True, slots=True)
class _Ended:
    value: object = None
    error: BaseException | None = None


class Worker:
    """What the work sees of who waits: ``say`` hands over a piece; ``stopped`` says that nobody waits any more."""

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[str | _Ended] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._close: Callable[[], object] | None = None

    @property
    def stopped(self) -> bool:
        """Whether the work is in vain."""
        return self._stop.is_set()

    def closes(self, close: Callable[[], object]) -> None:
        """Have ``close`` called when nobody waits any more: what is still read then fails at its next byte."""
        self._close = close

    def say(self, piece: str) -> None:
        """Hand a piece over."""
        self._pieces.put(piece)

    def _run(self, work: Callable[[Worker], object]) -> None:
        try:
            self._pieces.put(_Ended(value=work(self)))
        except BaseException as error:  # raised again where it is waited for
            self._pieces.put(_Ended(error=error))

    def _wait(self, deadline: Deadline) -> str | _Ended:
        try:
            return self._pieces.get(timeout=deadline.left) if deadline.left else self._pieces.get_nowait()
        except queue.Empty:
            raise TimeIsUp from None

    def _abandon(self) -> None:
        self._stop.set()
        if self._close is not None:
            with suppress(Exception):  # another thread may be reading from it, and the error is that one's
                self._close()


def within(deadline: Deadline, work: Callable[[Worker], _R]) -> Generator[str, None, _R]:
    """The pieces that ``work`` hands over as they come, and its result; raises what it raises, or ``TimeIsUp``."""
    worker = Worker()
    threading.Thread(target=worker._run, args=(work,), name="qa-endpoint", daemon=True).start()
    try:
        while not isinstance(piece := worker._wait(deadline), _Ended):
            yield piece
    except BaseException:  # the deadline, an interrupt, or who reads the pieces wants no more
        worker._abandon()
        raise
    if piece.error is not None:
        raise piece.error
    return cast(_R, piece.value)
