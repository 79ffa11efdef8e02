"""What the measuring commands have in common: numbers on the command line, and one line where something is missing."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable

from qa.errors import QaError


def count(text: str) -> int:
    """A whole number, at least 0."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is less than 0")
    return value


def share(text: str) -> float:
    """A number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't from 0 to 1")
    return value


def finite(text: str) -> float:
    """A number."""
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number to count with")
    return value


def ended(command: Callable[[], object]) -> int:
    """The exit code of ``command``: its own, or that of what it couldn't read or write, said in one line."""
    try:
        code = command()
    except QaError as error:
        print(f"{error.id}: {error.message}" + (f"; {error.remedy}" if error.remedy else ""), file=sys.stderr)
        return int(error.code)
    except BrokenPipeError:
        sys.stderr.close()  # else the interpreter says so once more
        return 0
    except OSError as error:
        print(f"{type(error).__name__}: {error}; is QA_DATA the development data's folder?", file=sys.stderr)
        return 2
    return int(code) if isinstance(code, int) else 0
