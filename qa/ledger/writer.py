"""Writing the ledger. The caller holds the index's lock and decides where a transaction begins and ends.

What a ledger says of itself (``epoch``) moves with every transaction that changes what can be found, so that a
generation of the vector index can tell that it is behind.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa.ledger.ledger import Known, Ledger, article_id
from qa.ledger.schema import PARTS, TEXT_TABLE
from qa.types import Article, Draft, Fingerprint, Person, Segmentation, Span, Statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_CLEANING = "cleaning"
_ERASING = "erasing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that is stored beside a draft's text: how it is cut, who it is about, who says what, and the passages'
    digests.

    ``vector_shas[i]`` is the digest of the text that is embedded for passage ``i`` (see ``embedded_text``).
    """

    segmentation: Segmentation
    people: tuple[Person, ...]
    statements: tuple[Statement, ...]
    vector_shas: tuple[bytes, ...]


def embedded_text(draft: Draft | Article, start: int, end: int) -> str:
    """What the embedder reads of a passage: title, source and date, then the passage itself."""
    head = " | ".join(
        part for part in (draft.title, draft.source, draft.published.isoformat() if draft.published else "") if part
    )
    return f"{head}\n{draft.text[start:end]}" if head else draft.text[start:end]


class Writer:
    """Changes one ledger. Every method but ``transaction`` is called inside one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._sql = ledger.connection
        if ledger.meta("id") is None:
            with self.transaction():
                self._set("id", secrets.token_hex(8))
                self._set("epoch", "0")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, rolls back on any error."""
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled the transaction back already.
            if self._sql.in_transaction:
                self._sql.execute("ROLLBACK")
            raise

    def add_model(self, model: Fingerprint) -> int:
        """The row of ``model``, made where it isn't there; that alone doesn't put it in use."""
        self._sql.execute(
            "INSERT OR IGNORE INTO models (name, sha256, dimension, normalised) VALUES (?, ?, ?, ?)",
            (model.name, model.sha256, model.dimension, model.normalised),
        )
        row = self._sql.execute(
            "SELECT id FROM models WHERE name = ? AND sha256 = ?", (model.name, model.sha256)
        ).fetchone()
        return int(row[0])

    @property
    def owes_cleaning(self) -> bool:
        """Whether something was taken out since vectors were last tidied (perhaps by a run that was killed)."""
        return self.ledger.meta(_CLEANING) == "1"

    @property
    def owes_erasing(self) -> bool:
        """Whether something was purged whose traces aren't erased yet."""
        return self.ledger.meta(_ERASING) == "1"

    def use_model(self, model: Fingerprint) -> None:
        """Make ``model`` the one whose vectors are in use; those of others stay until ``forget_vectors``."""
        self._set("model", str(self.add_model(model)))
        self._moved()

    def put_vectors(self, vectors: Iterable[tuple[bytes, NDArray[np.float32]]], *, model: int | None = None) -> None:
        """Store vectors of ``model`` (a row; the one in use) under the digests of the texts that they are of."""
        row = int(self.ledger.meta("model") or 0) if model is None else model
        blobs = ((sha, vector.astype("<f4").tobytes()) for sha, vector in vectors)
        self._sql.executemany(
            "INSERT OR REPLACE INTO vectors (sha, model, crc, vector) VALUES (?, ?, ?, ?)",
            ((sha, row, zlib.crc32(blob), blob) for sha, blob in blobs),
        )

    def store(self, draft: Draft, analysis: Analysis, *, recipe: str, known: Known | None) -> str:
        """Store ``draft`` as a new article or, where it is ``known``, as its next version; returns the article's id."""
        identifier = known.article_id if known else article_id(draft.identity)
        version = known.version + 1 if known else 1
        if known:
            self._forget_analysis(identifier)
            self._set(_CLEANING, "1")
            self._sql.execute("UPDATE articles SET version = ?, removed = 0 WHERE id = ?", (version, identifier))
        else:
            self._sql.execute(
                "INSERT INTO articles (id, identity, version) VALUES (?, ?, ?)", (identifier, draft.identity, version)
            )
        self._put_version(identifier, version, draft, recipe)
        self._put_analysis(identifier, version, draft, analysis)
        self._moved()
        return identifier

    def touch(self, known: Known, *, raw_sha256: str, recipe: str) -> None:
        """Note that other bytes (or another recipe) gave the same article, so that the next look is quick."""
        self._sql.execute(
            "UPDATE versions SET raw_sha256 = ?, recipe = ? WHERE article_id = ? AND version = ?",
            (raw_sha256, recipe, known.article_id, known.version),
        )

    def rename(self, known: Known, identity: str) -> None:
        """Give an article whose identity was lost (see ``qa.ledger.salvage``) its own again."""
        self._sql.execute("UPDATE articles SET identity = ? WHERE id = ?", (identity, known.article_id))

    def reanalyse(self, known: Known, draft: Draft | Article, analysis: Analysis) -> None:
        """Cut the stored text anew: the version and its offsets stay, so old citations do too."""
        self._forget_analysis(known.article_id)
        self._set(_CLEANING, "1")
        self._put_analysis(known.article_id, known.version, draft, analysis)
        self._moved()

    def remove(self, identifier: str) -> None:
        """Take an article out of everything that is searched; its versions stay, so that old answers can be
        verified.
        """
        self._forget_analysis(identifier)
        self._set(_CLEANING, "1")
        self._sql.execute("UPDATE articles SET removed = 1 WHERE id = ?", (identifier,))
        self._moved()

    def purge(self, identifier: str) -> None:
        """Erase an article with all its versions. What SQLite leaves in free pages goes with ``erase_traces``."""
        self._forget_analysis(identifier)
        self._set(_CLEANING, "1")
        self._set(_ERASING, "1")
        self._sql.execute("DELETE FROM versions WHERE article_id = ?", (identifier,))
        self._sql.execute("DELETE FROM articles WHERE id = ?", (identifier,))
        self._moved()

    def forget_vectors(self) -> None:
        """Drop vectors that no passage uses, and those of models that aren't in use."""
        self._sql.execute(
            "DELETE FROM vectors WHERE model <> (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'model')"
            " OR sha NOT IN (SELECT vector_sha FROM passages)"
        )
        self._sql.execute(
            "DELETE FROM models WHERE id <> (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'model')"
        )
        self._set(_CLEANING, "0")

    def erase_traces(self) -> bool:
        """Write the file anew without anything deleted, and empty the WAL. Called outside a transaction.

        False where a reader at work keeps the old pages in the file: then it stays owed.
        """
        # What VACUUM drops stays in the file's freed tail and in the WAL unless it's overwritten before.
        self._sql.execute("PRAGMA secure_delete = ON")
        # FTS5 keeps the words of deleted rows until its segments are merged.
        self._sql.execute("INSERT INTO passages_text (passages_text) VALUES ('optimize')")
        self._sql.execute("VACUUM")
        if not self.checkpoint():
            return False
        with self.transaction():
            self._set(_ERASING, "0")
        return True

    def checkpoint(self) -> bool:
        """Move all of the WAL into the file and empty it; false where a reader at work prevents that."""
        return not self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def empty_text(self) -> None:
        """Make the full-text table again with nothing in it; ``rebuild_text`` follows in the same transaction."""
        # Dropped, not emptied: deleting row by row reads the very segments that may be damaged.
        self._sql.execute("DROP TABLE passages_text")
        self._sql.execute(TEXT_TABLE)

    def rebuild_text(self) -> None:
        """Make the full-text table again from the passages, one article's text in memory at a time."""
        self.empty_text()
        for identifier in self.ledger.article_ids():
            article = self.ledger.article(identifier)
            if article is not None:
                for passage in self.ledger.passages_of(identifier):
                    self._put_text(passage.key, article.title, article.text[passage.start : passage.end])

    def forget_broken_vectors(self, shas: Iterable[bytes]) -> None:
        """Drop the vectors of the model in use under these digests."""
        model = int(self.ledger.meta("model") or 0)
        self._sql.executemany("DELETE FROM vectors WHERE sha = ? AND model = ?", ((sha, model) for sha in shas))

    def forget_version(self, identifier: str, version: int) -> None:
        """Drop one stored version; the article then counts as removed, at the newest of the others, or is gone with
        its last.
        """
        self._forget_analysis(identifier)
        self._sql.execute("DELETE FROM versions WHERE article_id = ? AND version = ?", (identifier, version))
        self._settle(identifier)

    def forget_lost(self) -> None:
        """Drop parts without a live article, versions without an article, and what an article without its newest
        version claims.
        """
        lost = self._sql.execute(
            "SELECT id FROM articles a WHERE NOT EXISTS"
            " (SELECT 1 FROM versions v WHERE v.article_id = a.id AND v.version = a.version)"
        ).fetchall()
        for (identifier,) in lost:
            self._forget_analysis(identifier)
            self._settle(identifier)
        for table in PARTS:
            self._sql.execute(
                f"DELETE FROM {table} WHERE article_id NOT IN (SELECT id FROM articles WHERE NOT removed)"
            )
        self._sql.execute("DELETE FROM versions WHERE article_id NOT IN (SELECT id FROM articles)")
        self._moved()

    def _settle(self, identifier: str) -> None:
        """After a version was dropped: point at the newest that is left."""
        query = "SELECT max(version) FROM versions WHERE article_id = ?"
        newest = self._sql.execute(query, (identifier,)).fetchone()[0]
        if newest is None:
            self._sql.execute("DELETE FROM articles WHERE id = ?", (identifier,))
        else:
            self._sql.execute("UPDATE articles SET removed = 1, version = ? WHERE id = ?", (newest, identifier))
        self._set(_CLEANING, "1")
        self._moved()

    def _put_version(self, identifier: str, version: int, draft: Draft, recipe: str) -> None:
        self._sql.execute(
            "INSERT INTO versions (article_id, version, title, source, url, author, published, origins, sha256,"
            " raw_sha256, recipe, stored_at, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                identifier,
                version,
                draft.title,
                draft.source,
                draft.url,
                draft.author,
                draft.published.isoformat() if draft.published else None,
                json.dumps(dict(draft.origins), sort_keys=True),
                hashlib.sha256(draft.text.encode()).hexdigest(),
                draft.raw_sha256,
                recipe,
                datetime.now(UTC).isoformat(timespec="seconds"),
                draft.text,
            ),
        )

    def _put_analysis(self, identifier: str, version: int, draft: Draft | Article, analysis: Analysis) -> None:
        cut = analysis.segmentation
        self._sql.executemany(
            "INSERT INTO sentences (article_id, number, version, start, end, role) VALUES (?, ?, ?, ?, ?, ?)",
            ((identifier, n, version, s.start, s.end, s.role.value) for n, s in enumerate(cut.sentences)),
        )
        for number, (passage, sha) in enumerate(zip(cut.passages, analysis.vector_shas, strict=True)):
            key = self._sql.execute(
                "INSERT INTO passages (article_id, version, number, start, end, first, last, vector_sha)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (identifier, version, number, passage.start, passage.end, passage.first, passage.last, sha),
            ).lastrowid
            self._put_text(key, draft.title, draft.text[passage.start : passage.end])
        self._put_people(identifier, analysis.people)
        self._put_statements(identifier, analysis.statements)

    def _put_text(self, key: int | None, title: str, body: str) -> None:
        self._sql.execute("INSERT INTO passages_text (rowid, title, body) VALUES (?, ?, ?)", (key, title, body))

    def _put_people(self, identifier: str, people: Sequence[Person]) -> None:
        self._sql.executemany(
            "INSERT INTO people (article_id, number, name, aliases, mentions) VALUES (?, ?, ?, ?, ?)",
            (
                (
                    identifier,
                    number,
                    person.name,
                    json.dumps(person.aliases),
                    json.dumps([(m.start, m.end, m.kind) for m in person.mentions]),
                )
                for number, person in enumerate(people)
            ),
        )

    def _put_statements(self, identifier: str, statements: Sequence[Statement]) -> None:
        self._sql.executemany(
            "INSERT INTO statements"
            " (article_id, number, sentence, speaker, kind, inferred, start, end, content, cue, source, why)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(identifier, number, s.sentence, s.speaker, s.kind, s.inferred, s.start, s.end),
                    *(_spans(s.content), _spans([s.cue] if s.cue else []), _spans([s.source] if s.source else [])),
                    s.why,
                )
                for number, s in enumerate(statements)
            ),
        )

    def _forget_analysis(self, identifier: str) -> None:
        self._sql.execute(
            "DELETE FROM passages_text WHERE rowid IN (SELECT key FROM passages WHERE article_id = ?)", (identifier,)
        )
        for table in PARTS:
            self._sql.execute(f"DELETE FROM {table} WHERE article_id = ?", (identifier,))

    def _moved(self) -> None:
        self._set("epoch", str(self.ledger.epoch + 1))

    def _set(self, key: str, value: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _spans(spans: Iterable[Span]) -> str:
    """Offsets as ``ledger.Ledger.statements`` reads them: "3-10 14-20"."""
    return " ".join(f"{span.start}-{span.end}" for span in spans)
