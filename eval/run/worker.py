"""A process that answers tasks with an engine of its own, one at a time, until it is told to stop or its pipe closes.

Whatever an engine does, a task has a record: an exception becomes one here; the death of the process is seen by
``pool``.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from eval.run.engine import Engine, Setup
from eval.run.records import Malformed, to_document, to_record
from eval.types import Ended, Item, RunRecord
from qa.errors import Exit

#: Characters of an error that are kept.
_LONGEST = 500
#: Sent once the engine is open; any other string says why it can't be.
READY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question to ask: the item, and the articles that are hidden for it. ``id`` is the record's."""

    id: str
    item: Item
    hide: frozenset[str] = frozenset()


def answered(engine: Engine, task: Task) -> RunRecord:
    """The record of a task; an exception of the engine is one, and so is what isn't a record of the format."""
    try:
        record = replace(engine.answer(task.item, hide=task.hide), id=task.id)
        return to_record(to_document(record))
    except Malformed as error:
        return failed(task, f"the record is malformed: {error}")
    except (Exception, SystemExit) as error:  # the system under test may fail in any way; that is measured
        if isinstance(error, SystemExit) and error.code == Exit.TERMINATED:
            raise  # a signal ends the run; the system did nothing wrong
        return failed(task, f"{type(error).__name__}: {error}")


def failed(task: Task, message: str) -> RunRecord:
    """The record of a task that the system failed on."""
    safe = message.encode("utf-8", "replace").decode()
    return RunRecord(id=task.id, ended=Ended.ERROR, error=safe[:_LONGEST])


def serve(connection: Connection, setup: Setup) -> None:
    """Answer the tasks that come through ``connection`` until it is closed, or None comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's, which ends this process
    sys.stdout = sys.stderr  # the parent's stdout is a document
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with ExitStack() as stack, suppress(EOFError, BrokenPipeError, ConnectionResetError):  # when the parent is gone
        try:
            engine = stack.enter_context(setup.open())
        except Exception as error:  # any: the parent raises it
            connection.send(f"{type(error).__name__}: {error}")
            return
        connection.send(READY)
        while (task := connection.recv()) is not None:
            connection.send(answered(engine, task))
