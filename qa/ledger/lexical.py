"""Full-text search in the ledger: SQLite FTS5 with Porter stems and bm25().

Which words of a question to search for is ``qa.retrieve``'s business; here are match expressions and what they find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.ledger.ledger import Ledger, live
from qa.types import Filters

#: bm25() weights of the columns title and body.
TITLE_WEIGHT = 1.0
BODY_WEIGHT = 1.0

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalHit:
    """A passage that matches, with its BM25 score (higher is better)."""

    key: int
    bm25: float


def phrase(words: str) -> str:
    """A match expression for ``words`` standing next to each other; empty where there is no word in it."""
    found = _WORD.findall(words)
    return '"' + " ".join(found) + '"' if found else ""


def any_of(expressions: Iterable[str]) -> str:
    """A match expression that is met where one of ``expressions`` is."""
    return " OR ".join(dict.fromkeys(expression for expression in expressions if expression))


def all_of(expressions: Iterable[str]) -> str:
    """A match expression that is met where all of ``expressions`` are."""
    return " AND ".join(f"({expression})" for expression in dict.fromkeys(expressions) if expression)


def search(
    ledger: Ledger, expression: str, *, limit: int, filters: Filters | None = None, among: str = ""
) -> list[LexicalHit]:
    """The ``limit`` best passages for a match expression, best first; ties by key.

    ``among`` is a second expression: only passages of articles that meet it somewhere (title or body) are returned.
    """
    if not expression:
        return []
    where, values = ["passages_text MATCH ?"], [expression]
    extra: list[object] = []
    if among or (filters is not None and filters.active):
        condition, extra_values = live(filters)
        inside = f"SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id WHERE {condition}"
        where.append(f"p.article_id IN ({inside})")
        extra.extend(extra_values)
    if among:
        where.append("p.article_id IN (SELECT q.article_id FROM passages_text t JOIN passages q ON q.key = t.rowid"
                     " WHERE t.passages_text MATCH ?)")
        extra.append(among)
    rows = ledger.connection.execute(
        f"SELECT p.key, -bm25(passages_text, {TITLE_WEIGHT}, {BODY_WEIGHT}) AS score FROM passages_text"
        f" JOIN passages p ON p.key = passages_text.rowid WHERE {' AND '.join(where)} ORDER BY score DESC, p.key LIMIT ?",
        (*values, *extra, limit),
    )
    return [LexicalHit(key=int(key), bm25=float(score)) for key, score in rows]


def articles_with(ledger: Ledger, expression: str, *, filters: Filters | None = None) -> list[str]:
    """Ids of the live articles that have a passage (or the title) meeting ``expression``."""
    if not expression:
        return []
    where, values = live(filters)
    rows = ledger.connection.execute(
        "SELECT DISTINCT p.article_id FROM passages_text t JOIN passages p ON p.key = t.rowid"
        f" JOIN articles a ON a.id = p.article_id JOIN versions v ON v.article_id = a.id"
        f" WHERE t.passages_text MATCH ? AND {where} ORDER BY p.article_id",
        (expression, *values),
    )
    return [str(row[0]) for row in rows]
