"""Tables as aligned lines, the same on a terminal and in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.text import safe_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_GAP = "  "


def columns(rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """The rows as lines, every column as wide as its widest cell: the first ``left`` ones flush left, others right."""
    safe = [[safe_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    lines = []
    for row in safe:
        cells = [
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(_GAP.join(cells).rstrip())
    return lines


def line(console: Console, text: Text | str) -> None:
    """Print one line, which rich neither wraps nor crops."""
    console.print(text, soft_wrap=True)


def number(value: float | None, form: str = ".3f") -> str:
    """A number for a cell; a dash where there is none."""
    return "-" if value is None else format(value, form)
