"""``qa show``: an article as it is stored, with a span highlighted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Index, Json
from qa.errors import Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from qa.types import Article, Span

_SPAN = re.compile(r"(?P<article>.+):(?P<start>[0-9]{1,12})-(?P<end>[0-9]{1,12})", re.DOTALL)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("show", help="Show an article; ARTICLE:START-END highlights that span.")(run)


def run(
    article: Annotated[str, typer.Argument(metavar="ARTICLE[:START-END]", help="An id, path, file name or title.")],
    version: Annotated[int | None, typer.Option("--version", min=1, help="An earlier version of the article.")] = None,
    index: Index = None,
    as_json: Json = False,
) -> int:
    """Print the article's metadata and text."""
    from qa.app import Reading
    from qa.cli.output import print_json
    from qa.cli.terminal import stdout

    with Reading.open(index) as reading:
        found, span = _resolve(reading.find, article, version)
    if as_json:
        print_json({"article": found, "span": span, "quote": span.of(found.text) if span else None})
    else:
        show_article(stdout(), found, span)
    return Exit.DONE


def _resolve(
    find: Callable[[str, int | None], Article | None], reference: str, version: int | None
) -> tuple[Article, Span | None]:
    from qa.types import Span

    whole = find(reference, version)
    matched = None if whole else _SPAN.fullmatch(reference)
    found = whole or (find(matched["article"], version) if matched else None)
    if found is None:
        raise UsageError("show.no_such_article", f"no article is called {reference!r}", remedy="qa list")
    if matched is None:
        return found, None
    span = Span(int(matched["start"]), int(matched["end"]))
    if not 0 <= span.start < span.end <= len(found.text):
        raise UsageError("show.no_such_span", f"the article has {len(found.text)} characters; {reference!r} is outside")
    return found, span


def show_article(console: Console, article: Article, span: Span | None, *, around: int | None = None) -> None:
    """Print an article: a head of metadata, then the text with ``span`` highlighted (marked with >> << without colour).

    ``around`` shows only so many lines of the text before and after the span.
    """
    from qa.cli.terminal import show, styled

    show(console, styled((article.title or "(no title)", "bold")))
    when = article.published.isoformat() if article.published else "undated"
    parts = [part for part in (article.source, article.author, when, article.url) if part]
    show(console, styled((" | ".join(parts), "dim")))
    state = ", removed or superseded" if article.removed else ""
    show(console, styled((f"{article.id} version {article.version}{state}, {article.identity}", "dim")))
    show(console)
    lines = _lines(article.text)
    begin, stop = 0, len(lines)
    if span and around is not None:
        first, last = article.text.count("\n", 0, span.start), article.text.count("\n", 0, span.end)
        begin, stop = max(0, first - around), min(len(lines), last + around + 1)
    if begin:
        show(console, styled(("...", "dim")))
    _show_lines(console, lines[begin:stop], sum(map(len, lines[:begin])), span)
    if stop < len(lines):
        show(console, styled((f"... (all of it: qa show {article.id})", "dim")))


def _show_lines(console: Console, lines: list[str], position: int, span: Span | None) -> None:
    from qa.cli.terminal import show, styled

    colour = console.is_terminal and console.color_system is not None and not console.no_color
    opened, closed = ("", "") if colour else (">>", "<<")
    start, end = (span.start, span.end) if span else (0, 0)
    for line in lines:
        first, last = max(start - position, 0), min(end - position, len(line))
        if span and first < last:
            body = line.rstrip("\n")
            made = styled(
                body[:first],
                opened if first + position == start else "",
                (body[first:last], "bold reverse"),
                closed if last + position == end else "",
                body[last:],
            )
        else:
            made = styled(line.rstrip("\n"))
        show(console, made)
        position += len(line)


def _lines(text: str) -> list[str]:
    # Not str.splitlines: that also cuts at separators which are ordinary characters of a stored text.
    return [line + "\n" for line in text.split("\n")]
