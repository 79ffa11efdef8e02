"""Opens the libraries that run models: without their telemetry, and without being torn by a signal halfway.

ONNX Runtime's Linux build gathers usage events (a device id and a database below the home folder, sent to its makers)
unless ``ORT_DISABLE_TELEMETRY`` is set before it is imported; nothing may leave the machine here, so it always is.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType


def onnxruntime() -> ModuleType:
    """The module ``onnxruntime``, imported with its telemetry off. The only way in which it is imported here."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    with uninterrupted():
        import numpy  # noqa: F401 - torn in two it can't be imported again
        import onnxruntime
        import tokenizers  # noqa: F401
    module: ModuleType = onnxruntime
    return module


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A Ctrl-C or a SIGTERM inside takes effect at the end: what it breaks off looks like a broken installation."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        wanted.append(number)

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if wanted:
        signal.raise_signal(wanted[0])
