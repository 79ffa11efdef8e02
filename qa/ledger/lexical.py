"""Full-text search in the ledger: SQLite FTS5 with Porter stems and bm25(), and who is named in which article.

Which words of a question to search for is ``qa.retrieve``'s business; here are match expressions and what they find.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
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
    ledger: Ledger,
    expression: str,
    *,
    limit: int,
    filters: Filters | None = None,
    among: Collection[str] | None = None,
) -> list[LexicalHit]:
    """The ``limit`` best passages for a match expression, best first; ties by key. ``among`` are the only articles
    searched, whatever ``filters`` say. ``bm25`` weighs words by how many passages of the whole corpus have them.
    """
    if not expression:
        return []
    inside, values = _inside(filters, among)
    # Joining nothing and sorting by FTS5's own rank: a third of the time of a join and bm25() in the SELECT.
    rows = ledger.connection.execute(
        "SELECT rowid, -rank FROM passages_text WHERE passages_text MATCH ?"
        f" AND rank MATCH 'bm25({TITLE_WEIGHT}, {BODY_WEIGHT})'{inside} ORDER BY rank LIMIT ?",
        (expression, *values, limit),
    )
    hits = [LexicalHit(key=int(key), bm25=float(score)) for key, score in rows]
    return sorted(hits, key=lambda hit: (-hit.bm25, hit.key))


def _inside(filters: Filters | None, among: Collection[str] | None) -> tuple[str, tuple[object, ...]]:
    """An SQL condition on rowid of ``passages_text`` and its values. Its table holds live passages only."""
    if among is not None:
        ids = "SELECT value FROM json_each(?)"
        values: tuple[object, ...] = (json.dumps(sorted(among)),)
    elif filters is not None and filters.without and not filters.narrows:
        # What is left out is little, what is left is all: 100k passages are never listed.
        few = "SELECT key FROM passages WHERE article_id IN (SELECT value FROM json_each(?))"
        return f" AND +rowid NOT IN ({few})", (json.dumps(sorted(filters.without)),)
    elif filters is not None and filters.active:
        where, values = live(filters)
        ids = f"SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id WHERE {where}"
    else:
        return "", ()
    # The unary plus keeps SQLite from looking up each rowid in the full-text index, one query at a time.
    return f" AND +rowid IN (SELECT key FROM passages WHERE article_id IN ({ids}))", values


def occurs_in(ledger: Ledger, expression: str, *, at_most: int, without: frozenset[str] = frozenset()) -> int:
    """In how many live passages ``expression`` is met, counting no further than ``at_most``; those of the articles
    ``without`` don't count.
    """
    if not expression:
        return 0
    inside, values = _inside(Filters(without=without), None)
    row = ledger.connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM passages_text WHERE passages_text MATCH ?{inside} LIMIT ?)",
        (expression, *values, at_most),
    ).fetchone()
    return int(row[0])


def passages_with(ledger: Ledger, expression: str, *, limit: int, filters: Filters | None = None) -> dict[int, str]:
    """Keys and texts of live passages that meet ``expression``, by ascending key, at most ``limit``."""
    if not expression:
        return {}
    inside, values = _inside(filters, None)
    rows = ledger.connection.execute(
        f"SELECT rowid, body FROM passages_text WHERE passages_text MATCH ?{inside} ORDER BY rowid LIMIT ?",
        (expression, *values, limit),
    )
    return {int(key): str(body) for key, body in rows}


def articles_with(
    ledger: Ledger, expression: str, *, filters: Filters | None = None, spelled: Collection[str] = ()
) -> list[str]:
    """Ids of the live articles that have a passage (or the title) meeting ``expression``.

    With ``spelled``, title or text must also contain one of these strings exactly: stems and small letters match too
    much for a name.
    """
    if not expression:
        return []
    where, values = live(filters)
    exact = " OR ".join(["instr(v.text, ?) OR instr(v.title, ?)"] * len(spelled))
    rows = ledger.connection.execute(
        "SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id WHERE a.id IN"
        " (SELECT p.article_id FROM passages_text t JOIN passages p ON p.key = t.rowid WHERE t.passages_text MATCH ?)"
        f" AND {where}{f' AND ({exact})' if spelled else ''} ORDER BY a.id",
        (expression, *values, *(one for spelling in spelled for one in (spelling, spelling))),
    )
    return [str(row[0]) for row in rows]


def articles_of_people(ledger: Ledger, names: Collection[str], *, filters: Filters | None = None) -> list[str]:
    """Ids of the live articles in which a person was recognised under one of ``names`` (full names, as recorded)."""
    if not names:
        return []
    where, values = live(filters)
    rows = ledger.connection.execute(
        "SELECT DISTINCT a.id FROM people h JOIN articles a ON a.id = h.article_id"
        f" JOIN versions v ON v.article_id = a.id WHERE {where} AND h.name IN (SELECT value FROM json_each(?))"
        " ORDER BY a.id",
        (*values, json.dumps(sorted(names))),
    )
    return [str(row[0]) for row in rows]


def searched(ledger: Ledger, *, filters: Filters | None = None) -> tuple[int, int]:
    """How many live articles and passages ``filters`` let through. (``Ledger.stats`` reads every text, this reads
    none.)
    """
    if filters is None or not filters.active:
        query = "SELECT (SELECT count(*) FROM articles WHERE NOT removed), (SELECT count(*) FROM passages)"
        row = ledger.connection.execute(query).fetchone()
    else:
        where, values = live(filters)
        row = ledger.connection.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE p.article_id = a.id)), 0)"
            f" FROM articles a JOIN versions v ON v.article_id = a.id WHERE {where}",
            values,
        ).fetchone()
    return int(row[0]), int(row[1])
