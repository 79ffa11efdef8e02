"""Writing to a person's terminal: styled text through rich, every foreign character through ``safe_text`` first.

rich honours ``NO_COLOR`` and ``TERM=dumb``; into a pipe nothing is styled or wrapped.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qa.cli.streams import say
from qa.text import safe_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Lines longer than this are hard to read, however wide the terminal.
WIDEST = 100


def stdout() -> Console:
    """The console for answers."""
    return _console(stderr=False)


def stderr() -> Console:
    """The console for everything that isn't an answer."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            # rich would exit with 1, which here means "not supported by the articles".
            raise BrokenPipeError

    console = Terminal(file=sys.stderr if stderr else sys.stdout, markup=False, highlight=False, emoji=False)
    if console.is_terminal or console.width < 1:  # COLUMNS=0
        console.width = min(console.width, WIDEST) if console.width > 0 else WIDEST
    return console


def show(console: Console, text: Text | str = "", *, indent: int = 0) -> None:
    """Print one paragraph: wrapped and indented on a terminal, one line as it is elsewhere."""
    from rich.padding import Padding
    from rich.text import Text

    made = Text(text) if isinstance(text, str) else text
    if not made.plain:
        console.print()  # Padding would make nothing of it
    elif console.is_terminal:
        console.print(Padding(made, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + made, soft_wrap=True)


def show_beside(console: Console, label: str, text: Text, *, indent: int) -> None:
    """Print one paragraph as ``show`` does, with a bold ``label`` in front of its first line."""
    from rich.table import Table

    front = styled((label, "bold"))
    if console.is_terminal:
        grid = Table.grid()
        grid.add_column(width=indent, no_wrap=True)
        grid.add_column()
        grid.add_row(front, text)
        console.print(grid)
    else:
        console.print(front + " " * (indent - len(label)) + text, soft_wrap=True)


def styled(*parts: tuple[str, str] | str) -> Text:
    """Text from parts, each foreign text made safe; a part is text or (text, style)."""
    from rich.text import Text

    made = Text()
    for part in parts:
        text, style = part if isinstance(part, tuple) else (part, "")
        made.append(safe_text(text), style=style or None)
    return made


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space, for a quote shown inside a line."""
    return " ".join(text.split())


def note(message: str) -> None:
    """One line on stderr, made safe; wrapped on a terminal."""
    if sys.stderr.isatty():
        show(stderr(), styled(message))
    else:
        say(safe_text(message) + "\n")
