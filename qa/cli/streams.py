"""Standard streams as a program finds them: closed, full, or of an encoding that can't hold the text."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper


def prepare() -> None:
    """Give a closed stream somewhere to go, and make what an encoding can't hold visible instead of fatal."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write to stderr; where that can't be written there is nobody to tell."""
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def finish() -> OSError | None:
    """Flush stdout; an error (the disk behind it is full, say) is returned, and nothing is left to fail at exit."""
    try:
        sys.stdout.flush()
    except ValueError:
        return None
    except OSError as error:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error
    return None
