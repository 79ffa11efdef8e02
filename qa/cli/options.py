"""Options that several commands share, so that they are spelled and explained once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.config import Strictness
    from qa.types import Filters

Index = Annotated[
    str | None,
    typer.Option("--index", metavar="DIR", help="The index's folder (default: QA_INDEX, else a folder per user)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only articles whose source has NAME in it.")
]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only articles from DATE (YYYY-MM-DD) on.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles up to DATE (YYYY-MM-DD).")]
Strict = Annotated[bool, typer.Option("--strict", help="Answer only where it's surer than usual.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Answer also where it's less sure than usual.")]


#: A question longer than this isn't one.
_LONGEST = 4_000


def question(text: str) -> str:
    """``text`` if it can be a question; raises ``UsageError`` where it is empty or endless."""
    if not text.strip() or len(text) > _LONGEST:
        raise UsageError("ask.bad_question", f"a question has 1 to {_LONGEST} characters; this has {len(text)}")
    return text


def strictness(*, strict: bool, lenient: bool) -> Strictness | None:
    """What the options ask for, ``None`` where that is nothing; raises ``UsageError`` for both at once."""
    from qa.config import Strictness

    if strict and lenient:
        raise UsageError(
            "usage.strictness", "an answer can't be wanted both --strict and --lenient", remedy="leave out one of them"
        )
    return Strictness.STRICT if strict else Strictness.LENIENT if lenient else None


def filters(source: str | None, since: str | None, until: str | None) -> Filters:
    """The filters that options ask for; raises ``UsageError`` for what isn't a date, or a window that ends before it
    begins.
    """
    from qa.types import Filters

    made = Filters(source=source or None, since=_day("--since", since), until=_day("--until", until))
    if made.since and made.until and made.since > made.until:
        raise UsageError("usage.window", f"--since {since!r} is after --until {until!r}")
    return made


def _day(option: str, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError("usage.date", f"{option} {value!r} isn't a date like 2025-03-31") from None
