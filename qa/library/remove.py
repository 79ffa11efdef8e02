"""``remove``: articles leave what is searched; with ``purge`` they leave the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UsageError
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.library.finish import finish
from qa.library.lock import WAIT
from qa.library.mend import LOST_FOLDER
from qa.library.opening import open_to_change

#: How many articles a reference that means several is shown with.
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An article that is gone: its id, what it was, and whether its text was erased."""

    article_id: str
    identity: str
    title: str
    purged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveReport:
    """What ``remove`` did. ``already`` are ids of articles that had been removed before.

    ``pending``: something at work reads the index, so what was purged goes from the disk with the next command that
    writes. ``traces`` are files that a repair set aside and that may still hold an erased text: they're the user's to
    delete.
    """

    removed: tuple[Removed, ...]
    already: tuple[str, ...]
    pending: bool = False
    traces: tuple[str, ...] = ()


def remove(
    index: Path,
    references: Sequence[str],
    *,
    purge: bool = False,
    wait: float = WAIT,
    on_wait: Callable[[str], None] | None = None,
) -> RemoveReport:
    """Remove the article that each reference (id, path, file name, title) means; all of them or, on any error, none.

    A removed article's versions stay so that old answers can be verified. ``purge`` erases them: afterwards no file of
    the index has their text, but copies in other articles, and what the report names in ``traces``. Raises
    ``UsageError`` for a reference that means nothing or several.
    """
    with open_to_change(index, wait=wait, on_wait=on_wait) as writer:
        found = {article_id: None for reference in references for article_id in (_the_one(writer.ledger, reference),)}
        removed, already = [], []
        with writer.transaction():
            for article_id in found:
                article = writer.ledger.article(article_id)
                if article is None or (article.removed and not purge):
                    already.append(article_id)
                    continue
                (writer.purge if purge else writer.remove)(article_id)
                removed.append(
                    Removed(article_id=article_id, identity=article.identity, title=article.title, purged=purge)
                )
        finish(index, writer)
        return RemoveReport(
            removed=tuple(removed),
            already=tuple(already),
            pending=writer.owes_erasing,
            traces=_set_aside(index) if purge else (),
        )


def _set_aside(index: Path) -> tuple[str, ...]:
    kept = [*index.glob(f"{Path(LEDGER_FILE).stem}.damaged-*"), *(index / LOST_FOLDER).glob("*")]
    return tuple(sorted(str(path) for path in kept))


def _the_one(ledger: Ledger, reference: str) -> str:
    found = ledger.find(reference)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("remove.unknown", f"no article is called {reference!r}", remedy="qa list")
    names = ", ".join(repr(article_id) for article_id in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise UsageError(
        "remove.ambiguous",
        f"{reference!r} means {len(found)} articles: {names}{more}",
        remedy="name one by its id, as qa list shows it",
    )
