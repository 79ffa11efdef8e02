"""How a failure is said: at most five lines on stderr, or one JSON document on stdout; never a traceback."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from qa.cli.output import dumps
from qa.cli.streams import say
from qa.errors import Exit, QaError
from qa.text import safe_text

#: Characters of a message that are shown.
_LONGEST = 600


def report(error: QaError, *, as_json: bool) -> int:
    """Say an expected failure; returns its exit code."""
    _say(error.id, error.message, state=error.state, remedy=error.remedy, code=error.code, as_json=as_json)
    return int(error.code)


def as_document(error: QaError) -> dict[str, object]:
    """An expected failure as JSON has it."""
    return _document(error.id, error.message, state=error.state, remedy=error.remedy, code=error.code)


def report_usage(error: typer.TyperException, *, as_json: bool) -> int:
    """Say that the command line can't be understood; returns exit code 2."""
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError" and not as_json:  # typer doesn't export it
        say(message + "\n")  # our own help: its lines stay lines
        return int(Exit.USAGE)
    _say("usage", message, state="", remedy="qa --help", code=Exit.USAGE, as_json=as_json)
    return int(Exit.USAGE)


def report_output(error: OSError) -> int:
    """Say that stdout can't be written (a full disk behind it); returns exit code 14."""
    message = f"the output can't be written: {error.strerror or error}"
    state = "what the command did is done"
    _say("storage.output", message, state=state, remedy="", code=Exit.STORAGE, as_json=False)
    return int(Exit.STORAGE)


def report_bug(error: Exception, *, as_json: bool) -> int:
    """Say that this is our bug; returns exit code 70. ``QA_TRACEBACK=1`` prints where it happened."""
    if os.environ.get("QA_TRACEBACK"):
        traceback.print_exception(error)
    message = f"{type(error).__name__}: {error}"
    remedy = "run it again with QA_TRACEBACK=1 and report what it prints"
    _say("internal.bug", message, state="this is a bug in qa", remedy=remedy, code=Exit.BUG, as_json=as_json)
    return int(Exit.BUG)


def shortened(message: str) -> str:
    """``message``, cut in its middle where it repeats something endless that was typed."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST // 2]} ... {message[-_LONGEST // 2 :]}"


def _say(id: str, message: str, *, state: str, remedy: str, code: Exit, as_json: bool) -> None:
    if as_json:
        document = _document(id, message, state=state, remedy=remedy, code=code)
        sys.stdout.write(dumps({"error": document}) + "\n")
        return
    lines = [f"qa: {shortened(safe_text(message))} ({id})"]
    if state:
        lines.append(f"    {safe_text(state)}")
    if remedy:
        lines.append(f"    try: {safe_text(remedy)}")
    say("\n".join(lines) + "\n")


def _document(id: str, message: str, *, state: str, remedy: str, code: Exit) -> dict[str, object]:
    return {"id": id, "message": message, "state": state, "remedy": remedy, "exit": int(code)}
