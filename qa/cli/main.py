"""The program ``qa``: its commands, and what becomes of every way in which one can end.

Imports of commands' rooms stand inside the commands, so that ``qa --help`` costs no more than typer.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from qa.cli import (
    add,
    ask,
    check,
    config,
    doctor,
    evaluate,
    listing,
    models,
    remove,
    said,
    search,
    show,
    status,
    streams,
    verify,
)
from qa.cli.failure import report, report_bug, report_output, report_usage
from qa.errors import Exit, QaError

app = typer.Typer(
    name="qa",
    help="Ask a collection of news articles questions; every statement of an answer cites an exact, stored span.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (add, ask, said, search, show, listing, status, verify, remove, check, config, models, doctor, evaluate):
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from qa import __version__

        typer.echo(f"qa {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Options of the program itself."""


def main() -> NoReturn:
    """Run the program and exit with a code of the table in ``qa.errors.Exit``."""
    streams.prepare()
    signal.signal(signal.SIGTERM, _terminated)
    # Vectors and spans are small work: a library's thread pool would only spin.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    _leave(_run())


def _run() -> int:
    as_json = "--json" in sys.argv[1:]
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        return report_usage(error, as_json=as_json)
    except QaError as error:
        return report(error, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.DONE
    except OSError as error:
        # Of our own streams: what is done to files has names in it, and is said by the rooms that do it.
        return report_output(error) if error.filename is None else report_bug(error, as_json=as_json)
    except Exception as error:  # the last line of defence: our bug, said as one, without a traceback
        return report_bug(error, as_json=as_json)


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(int(Exit.TERMINATED))


def _leave(code: int) -> NoReturn:
    error = streams.finish()
    if error is not None and not isinstance(error, BrokenPipeError):
        code = report_output(error)
    if code == Exit.INTERRUPTED:
        streams.say("interrupted\n")
    sys.exit(int(code))
