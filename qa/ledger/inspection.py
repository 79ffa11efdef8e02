"""Reading that only ``check`` needs: what stands alone in the ledger, what its full-text table and its vectors hold
in raw form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qa.ledger.ledger import Ledger
from qa.ledger.schema import PARTS

_LIVE = "SELECT id, version FROM articles WHERE NOT removed"
_MODEL = "(SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'model')"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Questions about the soundness of one ledger. It says what is there; whether that's right is for the caller."""

    ledger: Ledger

    def versions(self) -> list[tuple[str, int]]:
        """Every stored version, as (article id, version)."""
        return [
            (str(row[0]), int(row[1])) for row in self._rows("SELECT article_id, version FROM versions ORDER BY 1, 2")
        ]

    def lost_articles(self) -> list[tuple[str, str]]:
        """Articles whose newest version isn't stored, as (id, identity)."""
        return [
            (str(row[0]), str(row[1]))
            for row in self._rows(
                "SELECT id, identity FROM articles a WHERE NOT EXISTS"
                " (SELECT 1 FROM versions v WHERE v.article_id = a.id AND v.version = a.version)"
            )
        ]

    def orphans(self) -> list[tuple[str, int]]:
        """Tables of parts that have rows of no live article, and how many."""
        found = []
        for table in PARTS:
            (count,) = next(
                self._rows(f"SELECT count(*) FROM {table} WHERE article_id NOT IN (SELECT id FROM ({_LIVE}))")
            )
            if count:
                found.append((table, int(count)))
        (count,) = next(self._rows("SELECT count(*) FROM versions WHERE article_id NOT IN (SELECT id FROM articles)"))
        return [*found, ("versions", int(count))] if count else found

    def text_differences(self) -> list[tuple[int, str]]:
        """How many rows full text has too few or too many, and which of the two in words."""
        (few,) = next(
            self._rows("SELECT count(*) FROM passages WHERE key NOT IN (SELECT id FROM passages_text_content)")
        )
        (many,) = next(
            self._rows("SELECT count(*) FROM passages_text_content WHERE id NOT IN (SELECT key FROM passages)")
        )
        named = ((int(few), "passages aren't in the full-text table"),
                 (int(many), "rows of the full-text table have no passage"))  # fmt: skip
        return [(count, what) for count, what in named if count]

    def numbering_problem(self, article_id: str) -> str:
        """What is wrong with the numbers and versions of an article's parts; empty where nothing is."""
        for table in ("sentences", "passages", "people", "statements"):
            (count, last) = next(
                self._rows(f"SELECT count(*), coalesce(max(number), -1) FROM {table} WHERE article_id = ?", article_id)
            )
            if int(last) + 1 != int(count):
                return f"{table} are missing"
        for table in ("sentences", "passages"):
            (other,) = next(
                self._rows(
                    f"SELECT count(*) FROM {table} p JOIN articles a ON a.id = p.article_id"
                    " WHERE p.article_id = ? AND p.version <> a.version",
                    article_id,
                )
            )
            if other:
                return f"{table} belong to another version"
        return ""

    def indexed_text(self, keys: Iterable[int]) -> dict[int, tuple[str, str]]:
        """What full text holds for passages: (title, body) by key."""
        found = {}
        for key in keys:
            for title, body in self._rows("SELECT title, body FROM passages_text WHERE rowid = ?", key):
                found[key] = (str(title), str(body))
        return found

    def passages_without_vector(self) -> list[int]:
        """Keys of live passages for which the model in use has no vector."""
        return [
            int(row[0])
            for row in self._rows(
                "SELECT key FROM passages WHERE vector_sha NOT IN"
                f" (SELECT sha FROM vectors WHERE model = {_MODEL}) ORDER BY key"
            )
        ]

    def articles_without_vectors(self) -> list[str]:
        """Ids of live articles with a passage for which the model in use has no vector."""
        return [
            str(row[0])
            for row in self._rows(
                "SELECT DISTINCT article_id FROM passages WHERE vector_sha NOT IN"
                f" (SELECT sha FROM vectors WHERE model = {_MODEL}) ORDER BY article_id"
            )
        ]

    def raw_vectors(self) -> Iterator[tuple[bytes, int, bytes]]:
        """Digest, checksum and bytes of each vector of the model in use."""
        # No generator: one that is left unfinished closes its cursor late, when the ledger may be closed (Ctrl-C).
        return self._rows(f"SELECT sha, crc, vector FROM vectors WHERE model = {_MODEL}")

    def _rows(self, query: str, *values: object) -> Iterator[Any]:
        return iter(self.ledger.connection.execute(query, values))
