"""Where the program begins: nothing heavy is imported before an interrupt can be answered."""

from __future__ import annotations

import _thread
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run ``qa``; a Ctrl-C while it is still being loaded ends it quietly with 130."""
    try:
        sys.unraisablehook = again
        from qa.cli.main import main as run
    except KeyboardInterrupt:
        os._exit(130)
    run()


def again(unraisable: sys.UnraisableHookArgs) -> None:
    """Deliver an interrupt again that fell where Python can only print it (a callback of the import lock, a
    finaliser); what else is raised there is printed as usual.
    """
    if unraisable.exc_type is KeyboardInterrupt:
        # From another thread: raised in here, it would only be printed once more.
        _thread.start_new_thread(_thread.interrupt_main, ())
    else:
        sys.__unraisablehook__(unraisable)
