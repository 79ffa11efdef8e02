"""Reading what can still be read of a malformed ledger into a fresh one.

Articles, all versions of their texts, and vectors are taken over; each text is checked against its digest and each
vector against its checksum. Parts of articles and full text aren't: they're made again from the texts. The damaged file
is never changed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qa.ledger.ledger import RECOVERED
from qa.ledger.schema import PAGE, migrate

_COLUMNS = {
    "models": "id, name, sha256, dimension, normalised",
    "articles": "id, identity, version, removed",
    "versions": "article_id, version, title, source, url, author, published, origins, sha256, raw_sha256, recipe,"
    " stored_at, text",
    "vectors": "sha, model, crc, vector",
}
#: The order of reading: rowid tables by rowid, the others by key.
_ORDER = {"models": "id", "articles": "id", "versions": "rowid", "vectors": "id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """What came over.

    ``unnamed`` counts articles whose identity was lost: their texts are kept, under ``RECOVERED`` and the id.
    """

    versions: int
    vectors: int
    unnamed: int
    model: str


class NothingSalvaged(Exception):
    """Not one text could be read."""


def salvage(damaged: Path, fresh: Path) -> Salvaged:
    """Fill a new ledger at ``fresh`` from the file ``damaged``.

    The caller makes the parts of the articles and swaps the files. Raises ``NothingSalvaged``.
    """
    source = sqlite3.connect(f"file:{quote(os.fsencode(damaged))}?mode=ro", uri=True)
    # A file that was cut short misses whole tables' first pages. Without this SQLite then refuses all of the schema;
    # with it, what still can be reached is read. Nothing is written: the connection is read-only.
    source.execute("PRAGMA writable_schema = ON")
    # Texts that aren't UTF-8 any more come out altered, and then fail their digest, instead of ending the reading.
    source.text_factory = lambda raw: raw.decode("utf-8", "replace")
    target = sqlite3.connect(fresh, isolation_level=None)
    try:
        target.execute(f"PRAGMA page_size = {PAGE}")
        target.execute("PRAGMA synchronous = FULL")
        migrate(target)
        target.execute("BEGIN IMMEDIATE")
        salvaged = _copy(source, target)
        if not salvaged.versions:
            raise NothingSalvaged
        target.execute("COMMIT")
    finally:
        source.close()
        target.close()
    return salvaged


def swap(damaged: Path, fresh: Path) -> Path:
    """Put ``fresh`` in the place of ``damaged``, which is kept; returns under which name.

    There is a ledger at every moment.
    """
    number = next(n for n in range(1, 10_000) if not _aside(damaged, n).exists())
    aside = _aside(damaged, number)
    os.link(damaged, aside)
    for ending in ("-wal", "-shm"):
        beside = damaged.with_name(damaged.name + ending)
        if beside.exists():
            # A WAL is replayed into whatever file it lies beside.
            beside.rename(aside.with_name(aside.name + ending))
    fresh.replace(damaged)
    folder = os.open(damaged.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return aside


def _aside(damaged: Path, number: int) -> Path:
    return damaged.with_name(f"{damaged.stem}.damaged-{number}{damaged.suffix}")


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> Salvaged:
    for row in _rows(source, "models"):
        _put(target, "models", row)
    versions = sum(_put(target, "versions", row) for row in _rows(source, "versions") if _sound_text(row))
    vectors = sum(_put(target, "vectors", row) for row in _rows(source, "vectors") if zlib.crc32(row[3]) == row[2])
    for row in _rows(source, "articles"):
        _put(target, "articles", row)
    unnamed = target.execute(
        "INSERT INTO articles (id, identity, version, removed) SELECT article_id, ? || article_id, max(version), 0"
        " FROM versions WHERE article_id NOT IN (SELECT id FROM articles) GROUP BY article_id",
        (RECOVERED,),
    ).rowcount
    _settle(target)
    model = _model(source, target)
    target.executemany(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
        [("id", secrets.token_hex(8)), ("epoch", "1"), *([("model", model)] if model else [])],
    )
    return Salvaged(versions=versions, vectors=vectors, unnamed=unnamed, model=model)


def _settle(target: sqlite3.Connection) -> None:
    """Articles point at their newest version that came over; one whose newest didn't leaves the corpus; one without
    any is gone.
    """
    target.execute("DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM versions)")
    newest = "(SELECT max(version) FROM versions WHERE article_id = articles.id)"
    target.execute(f"UPDATE articles SET removed = 1, version = {newest} WHERE version <> {newest}")


def _model(source: sqlite3.Connection, target: sqlite3.Connection) -> str:
    """The row of the model in use; where that isn't known, of the one with the most vectors; empty where there is
    none.
    """
    try:
        row = source.execute("SELECT value FROM meta WHERE key = 'model'").fetchone()
    except sqlite3.DatabaseError:
        row = None
    there = {str(found[0]) for found in target.execute("SELECT id FROM models")}
    if row is not None and row[0] in there:
        return str(row[0])
    most = target.execute("SELECT model FROM vectors GROUP BY model ORDER BY count(*) DESC LIMIT 1").fetchone()
    return str(most[0]) if most is not None and str(most[0]) in there else ""


def _rows(source: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """Every row that can be read: from the front up to a damaged page, from the back down to one, each once."""
    seen: set[object] = set()
    for direction in ("ASC", "DESC"):
        query = f"SELECT {_ORDER[table]}, {_COLUMNS[table]} FROM {table} ORDER BY {_ORDER[table]} {direction}"
        try:
            for row in source.execute(query):
                if row[0] in seen:
                    return  # from the back we've met what was read from the front
                seen.add(row[0])
                yield row[1:]
            return
        except sqlite3.DatabaseError:
            continue


def _put(target: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> int:
    marks = ",".join("?" * len(row))
    return target.execute(f"INSERT OR IGNORE INTO {table} ({_COLUMNS[table]}) VALUES ({marks})", row).rowcount


def _sound_text(row: tuple[Any, ...]) -> bool:
    text, digest = row[-1], row[8]
    return isinstance(text, str) and hashlib.sha256(text.encode()).hexdigest() == digest
