"""``qa verify``: check each citation of a saved answer against the articles as they are now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import Index, Json
from qa.errors import Exit, UsageError

#: An answer's record is some kilobytes; nothing that large is one.
_LARGEST = 20_000_000
_STYLES = {"unchanged": "green", "moved": "yellow", "removed": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("verify", help="Check each citation of an answer saved with 'qa ask --json'.")(run)


def run(
    answer: Annotated[str, typer.Argument(metavar="ANSWER.json", help="The saved answer, '-' for standard input.")],
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Exit 0 where every quote still stands somewhere, 1 where one doesn't."""
    from qa.answer.record import read_record
    from qa.answer.verify import verify
    from qa.app import Reading
    from qa.cli.output import print_json
    from qa.cli.terminal import one_line, show, stdout, styled

    record = read_record(_read(answer))
    with Reading.open(index) as reading:
        verdicts = verify(reading.ledger, record)
    standing = all(verdict.stands for verdict in verdicts)
    if as_json:
        print_json({"citations": verdicts, "all_stand": standing})
        return Exit.DONE if standing else Exit.NEGATIVE
    console = stdout()
    for verdict in verdicts:
        show(
            console,
            styled(
                (f"{verdict.state:<9}", _STYLES.get(verdict.state, "bold red")),
                f" {verdict.citation.article_id}:{verdict.citation.start}-{verdict.citation.end} ",
                one_line(verdict.citation.quote),
                (f" -- {verdict.reason}" if verdict.reason else "", "dim"),
            ),
        )
    if not verdicts:
        show(console, "no citations in this answer")
    return Exit.DONE if standing else Exit.NEGATIVE


def _read(name: str) -> str:
    import sys

    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if name == "-" else _bytes(Path(name))
        if len(raw) > _LARGEST:
            raise UsageError("verify.too_large", f"{name!r} is larger than {_LARGEST} bytes")
        return raw.decode("utf-8")
    except OSError as error:
        raise UsageError("verify.no_such_file", f"{name!r} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError("verify.not_an_answer", f"{name!r} isn't UTF-8 text") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)
