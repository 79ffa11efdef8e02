"""Reading the ledger: articles, passages, sentences, people, statements and vectors of the live corpus.

Writing is in ``qa.ledger.writer``, full-text search in ``qa.ledger.lexical``.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from qa.ledger.connection import connect_to_read, connect_to_write
from qa.types import Article, Filters, Fingerprint, Mention, Passage, Person, Role, Sentence, Span, Statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_T = TypeVar("_T")

LEDGER_FILE = "ledger.sqlite"
#: SQLite's limit on parameters of one statement is at least 999 in every build.
_CHUNK = 900
_ARTICLE = (
    "SELECT v.article_id, v.version, a.identity, v.title, v.source, v.url, v.author, v.published, v.text, v.sha256,"
    " v.origins, a.removed OR v.version <> a.version FROM versions v JOIN articles a ON a.id = v.article_id"
)
_PASSAGE = "SELECT article_id, version, number, key, start, end, first, last FROM passages"


#: Stands before the id in the identity of an article whose own was lost with a damaged page.
RECOVERED = "recovered:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger knows of an identity: its article, the digest of the bytes read last, and the recipe that
    read them.
    """

    article_id: str
    identity: str
    version: int
    raw_sha256: str
    recipe: str
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One line of a listing. ``characters`` is the length of the text in code points."""

    article_id: str
    version: int
    identity: str
    title: str
    source: str
    published: date | None
    characters: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts of the live corpus; dates are of its dated articles."""

    articles: int
    removed: int
    passages: int
    sentences: int
    characters: int
    sources: int
    undated: int
    earliest: date | None
    latest: date | None


class Ledger:
    """A connection to one ledger. Not for use by two threads at once."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def open(cls, index: Path, *, older: bool = False) -> Self:
        """Open the ledger in the folder ``index`` for reading; ``IndexMissing`` where there is none.

        ``older``: also one of an earlier schema, for what all schemas have (articles, passages, vectors); otherwise
        that's ``IndexMismatch``.
        """
        path = index / LEDGER_FILE
        return cls(connect_to_read(path, older=older), path)

    @classmethod
    def open_to_write(cls, index: Path) -> Self:
        """Open or create the ledger in the folder ``index``; the caller holds the index's lock."""
        path = index / LEDGER_FILE
        return cls(connect_to_write(path), path)

    def close(self) -> None:
        """Close the connection; afterwards nothing else may be called."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever a writer commits meanwhile.

        Inside another snapshot it does nothing.
        """
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            # SQLite ends a transaction itself where reading failed badly enough.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    # --- what the ledger says of itself

    def meta(self, key: str) -> str | None:
        """A value that the ledger keeps about itself (``"id"``, ``"epoch"``, ``"model"``)."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    @property
    def id(self) -> str:
        """The ledger's own random id: a generation built from another ledger is never mistaken for one of this."""
        return self.meta("id") or ""

    @property
    def epoch(self) -> int:
        """Counts the transactions that changed what can be found."""
        return int(self.meta("epoch") or 0)

    @property
    def model(self) -> Fingerprint | None:
        """The embedder that made the vectors in use, or ``None`` before the first."""
        row = self.connection.execute(
            "SELECT name, sha256, dimension, normalised FROM models"
            " WHERE id = (SELECT value FROM meta WHERE key = 'model')"
        ).fetchone()
        return (
            None if row is None else Fingerprint(name=row[0], sha256=row[1], dimension=row[2], normalised=bool(row[3]))
        )

    def stats(self, filters: Filters | None = None) -> Stats:
        """Counts of the live corpus, or of the part that ``filters`` let through."""
        where, values = live(filters)
        row = self.connection.execute(
            "SELECT count(*), coalesce(sum(length(v.text)), 0), count(DISTINCT nullif(v.source, '')),"
            " coalesce(sum(v.published IS NULL), 0),"
            f" min(v.published), max(v.published) FROM versions v JOIN articles a ON a.id = v.article_id WHERE {where}",
            values,
        ).fetchone()
        inside = f"SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id WHERE {where}"
        return Stats(
            articles=row[0],
            removed=self._count("SELECT count(*) FROM articles WHERE removed"),
            passages=self._count(f"SELECT count(*) FROM passages WHERE article_id IN ({inside})", values),
            sentences=self._count(f"SELECT count(*) FROM sentences WHERE article_id IN ({inside})", values),
            characters=row[1],
            sources=row[2],
            undated=row[3],
            earliest=_date(row[4]),
            latest=_date(row[5]),
        )

    def _count(self, query: str, values: Sequence[object] = ()) -> int:
        return int(self.connection.execute(query, tuple(values)).fetchone()[0])

    # --- articles

    def known(self, identity: str) -> Known | None:
        """What is stored under ``identity``, or ``None``."""
        row = self.connection.execute(
            "SELECT a.id, a.identity, a.version, v.raw_sha256, v.recipe, a.removed FROM articles a"
            " JOIN versions v ON v.article_id = a.id AND v.version = a.version WHERE a.identity IN (?, ?)",
            (identity, RECOVERED + article_id(identity)),
        ).fetchone()
        if row is None:
            return None
        lost = row[1] != identity  # then its source is read again, so that it gets its identity back
        return Known(
            article_id=row[0],
            identity=row[1],
            version=row[2],
            raw_sha256="" if lost else row[3],
            recipe=row[4],
            removed=bool(row[5]),
        )

    def article_ids(self, *, filters: Filters | None = None) -> list[str]:
        """Ids of the live articles that ``filters`` let through, in order."""
        where, values = live(filters)
        query = f"SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id WHERE {where} ORDER BY a.id"
        return [str(row[0]) for row in self.connection.execute(query, values)]

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        """One version of an article (the newest by default), removed ones included; ``None`` where it isn't stored."""
        wanted = "v.version = a.version" if version is None else "v.version = ?"
        values: tuple[object, ...] = (article_id,) if version is None else (article_id, version)
        row = self.connection.execute(f"{_ARTICLE} WHERE v.article_id = ? AND {wanted}", values).fetchone()
        return None if row is None else _article(row)

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The newest versions of several articles, by id; ids that aren't stored are left out."""
        found = {}
        for chunk in _chunks(list(dict.fromkeys(article_ids))):
            marks = ",".join("?" * len(chunk))
            query = f"{_ARTICLE} WHERE v.version = a.version AND a.id IN ({marks})"
            for row in self.connection.execute(query, chunk):
                found[str(row[0])] = _article(row)
        return found

    def find(self, reference: str) -> list[str]:
        """Ids of the articles that ``reference`` may mean: an id or its beginning, an identity, the end of a path,
        or a title.
        """
        reference = _as_stored(reference)
        exact = "SELECT id FROM articles WHERE id = ?1 OR identity = ?1"
        loose = (
            "SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id AND v.version = a.version"
            " WHERE (length(?1) >= 4 AND substr(a.id, 1, length(?1)) = ?1)"
            " OR substr(a.identity, -length(?1) - 1) = '/' || ?1 OR v.title = ?1 COLLATE NOCASE ORDER BY a.identity"
        )
        for query in (exact, loose):
            rows = self.connection.execute(query, (reference,)).fetchall()
            if rows:
                return [str(row[0]) for row in rows]
        return []

    def summaries(self, filters: Filters | None = None) -> Iterator[Summary]:
        """The live articles, newest first, undated ones last."""
        where, values = live(filters)
        rows = self.connection.execute(
            "SELECT a.id, v.version, a.identity, v.title, v.source, v.published, length(v.text),"
            " (SELECT count(*) FROM passages p WHERE p.article_id = a.id)"
            f" FROM articles a JOIN versions v ON v.article_id = a.id WHERE {where}"
            " ORDER BY v.published IS NULL, v.published DESC, a.identity",
            values,
        )
        for row in rows:
            yield Summary(
                article_id=row[0],
                version=row[1],
                identity=row[2],
                title=row[3],
                source=row[4],
                published=_date(row[5]),
                characters=row[6],
                passages=row[7],
            )

    def identities_under(self, root: str) -> dict[str, str]:
        """``identity -> article id`` of the live articles whose identity is ``root``, a path below it, or a line of
        the file ``root``.
        """
        rows = self.connection.execute(
            "SELECT identity, id FROM articles WHERE NOT removed AND (identity = ?1"
            " OR substr(identity, 1, length(?1) + 1) IN (?1 || '/', ?1 || '#'))",
            (root,),
        )
        return {str(identity): str(article_id) for identity, article_id in rows}

    # --- what an article is made of

    def passages(self, keys: Iterable[int]) -> dict[int, Passage]:
        """Live passages by key; keys that aren't live are left out."""
        found = {}
        for chunk in _chunks(list(keys)):
            query = f"{_PASSAGE} WHERE key IN ({','.join('?' * len(chunk))})"
            for row in self.connection.execute(query, chunk):
                found[int(row[3])] = _passage(row)
        return found

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The live passages of an article, in order."""
        rows = self.connection.execute(f"{_PASSAGE} WHERE article_id = ? ORDER BY number", (article_id,))
        return tuple(_passage(row) for row in rows)

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """The sentences of an article's live version, in order; empty where it is removed."""
        rows = self.connection.execute(
            "SELECT number, version, start, end, role FROM sentences WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return tuple(
            Sentence(
                id=f"{article_id}:{version}:s{number}",
                article_id=article_id,
                version=version,
                number=number,
                start=start,
                end=end,
                role=Role(role),
            )
            for number, version, start, end, role in rows
        )

    def people(self, article_id: str) -> tuple[Person, ...]:
        """The people of an article's live version, in the order in which they were recognised."""
        rows = self.connection.execute(
            "SELECT name, aliases, mentions FROM people WHERE article_id = ? ORDER BY number", (article_id,)
        )
        return tuple(
            Person(
                name=name,
                aliases=tuple(json.loads(aliases)),
                mentions=tuple(Mention(start=start, end=end, kind=kind) for start, end, kind in json.loads(mentions)),
            )
            for name, aliases, mentions in rows
        )

    def statements(self, article_id: str) -> tuple[Statement, ...]:
        """Who says what in an article's live version, in order."""
        rows = self.connection.execute(
            "SELECT sentence, speaker, kind, inferred, start, end, content, cue, source, why FROM statements"
            " WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return tuple(
            Statement(
                sentence=sentence,
                speaker=speaker,
                kind=kind,
                inferred=bool(inferred),
                start=start,
                end=end,
                content=_spans(content) or (Span(start, end),),
                cue=next(iter(_spans(cue)), None),
                source=next(iter(_spans(source)), None),
                why=why,
            )
            for sentence, speaker, kind, inferred, start, end, content, cue, source, why in rows
        )

    def speakers(self) -> list[str]:
        """Every distinct speaker of the live corpus, as statements have them."""
        return [
            str(row[0]) for row in self.connection.execute("SELECT DISTINCT speaker FROM statements ORDER BY speaker")
        ]

    def articles_of_speakers(self, speakers: Collection[str]) -> list[str]:
        """Ids of the live articles in which any of them speaks, in order."""
        rows = self.connection.execute(
            "SELECT DISTINCT article_id FROM statements WHERE speaker IN (SELECT value FROM json_each(?))"
            " ORDER BY article_id",
            (json.dumps(sorted(speakers)),),
        )
        return [str(row[0]) for row in rows]

    def names_of_people(self) -> list[str]:
        """Every distinct person's name in the live corpus."""
        return [str(row[0]) for row in self.connection.execute("SELECT DISTINCT name FROM people ORDER BY name")]

    def has_person(self, name: str) -> bool:
        """Whether a live article has a person of exactly this full name."""
        return self.connection.execute("SELECT 1 FROM people WHERE name = ? LIMIT 1", (name,)).fetchone() is not None

    def names_only_in(self, article_ids: Collection[str]) -> frozenset[str]:
        """The persons' names that occur in these articles and in no other of the live corpus."""
        rows = self.connection.execute(
            "SELECT DISTINCT h.name FROM people h WHERE h.article_id IN (SELECT value FROM json_each(?1))"
            " AND NOT EXISTS (SELECT 1 FROM people o"
            " WHERE o.name = h.name AND o.article_id NOT IN (SELECT value FROM json_each(?1)))",
            (json.dumps(sorted(article_ids)),),
        )
        return frozenset(str(row[0]) for row in rows)

    # --- vectors

    def keys(self, *, above: int = 0, filters: Filters | None = None) -> list[int]:
        """Keys of live passages greater than ``above``, ascending, of the articles that ``filters`` let through."""
        if filters is None or not filters.active:
            rows = self.connection.execute("SELECT key FROM passages WHERE key > ? ORDER BY key", (above,))
        else:
            where, values = live(filters)
            rows = self.connection.execute(
                "SELECT p.key FROM passages p JOIN articles a ON a.id = p.article_id"
                f" JOIN versions v ON v.article_id = a.id WHERE {where} AND p.key > ? ORDER BY p.key",
                (*values, above),
            )
        return [int(row[0]) for row in rows]

    def vectors(self, keys: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
        """The vectors of those ``keys`` that are live, as (keys in the order asked, array of shape (n, dimension)).

        A damaged one that can't be of the model counts as none.
        """
        import numpy as np

        found: dict[int, bytes] = {}
        for chunk in _chunks(keys):
            query = (
                "SELECT p.key, w.vector FROM passages p JOIN vectors w ON w.sha = p.vector_sha"
                " JOIN models m ON m.id = w.model AND length(w.vector) = 4 * m.dimension"
                " WHERE m.id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'model')"
                f" AND p.key IN ({','.join('?' * len(chunk))})"
            )
            found.update(self.connection.execute(query, chunk))
        kept = [key for key in keys if key in found]
        if not kept:
            return [], np.zeros((0, 0), dtype=np.float32)
        return kept, np.frombuffer(b"".join(found[key] for key in kept), dtype="<f4").reshape(len(kept), -1)

    def vector_shas(self, article_id: str) -> tuple[bytes, ...]:
        """Digests of the embedded texts of an article's live passages, in order."""
        rows = self.connection.execute(
            "SELECT vector_sha FROM passages WHERE article_id = ? ORDER BY number", (article_id,)
        )
        return tuple(bytes(row[0]) for row in rows)

    def missing_vectors(self, shas: Iterable[bytes], *, model: int | None = None) -> list[bytes]:
        """Those of ``shas`` (digests of embedded texts) for which ``model`` (a row; the one in use) has no vector
        yet, in order, each once.
        """
        wanted = list(dict.fromkeys(shas))
        row = int(self.meta("model") or 0) if model is None else model
        there: set[bytes] = set()
        for chunk in _chunks(wanted):
            query = f"SELECT sha FROM vectors WHERE model = ? AND sha IN ({','.join('?' * len(chunk))})"
            there.update(bytes(found[0]) for found in self.connection.execute(query, (row, *chunk)))
        return [sha for sha in wanted if sha not in there]


def article_id(identity: str) -> str:
    """The id of the article with this identity: 12 hexadecimal digits of its digest, so that it never moves."""
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def _as_stored(reference: str) -> str:
    """``reference`` as identities are made: bytes that aren't UTF-8 come from an argument as lone surrogates, and are
    stored as ``\\xff``.
    """
    try:
        raw = reference.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other halves of surrogate pairs stand for no bytes, and nothing is stored with them
        raw = reference.encode("utf-8", "backslashreplace")
    return raw.decode("utf-8", "backslashreplace")


def live(filters: Filters | None) -> tuple[str, tuple[object, ...]]:
    """The SQL condition (over ``articles a`` and ``versions v``) for the live articles that ``filters`` let
    through, and its values.
    """
    parts = ["NOT a.removed", "v.version = a.version"]
    values: list[object] = []
    if filters is not None:
        if filters.source is not None:
            parts.append("instr(lower(v.source), lower(?)) > 0")
            values.append(filters.source)
        if filters.since is not None:
            parts.append("v.published >= ?")
            values.append(filters.since.isoformat())
        if filters.until is not None:
            parts.append("v.published <= ?")
            values.append(filters.until.isoformat())
        if filters.without:
            parts.append("a.id NOT IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(filters.without)))
    return " AND ".join(parts), tuple(values)


def _article(row: Sequence[object]) -> Article:
    article_id, version, identity, title, source, url, author, published, text, sha256, origins, removed = row
    return Article(
        id=str(article_id),
        version=int(str(version)),
        identity=str(identity),
        title=str(title),
        source=str(source),
        url=str(url),
        author=str(author),
        published=_date(published),
        text=str(text),
        sha256=str(sha256),
        origins=json.loads(str(origins)),
        removed=bool(removed),
    )


def _passage(row: Sequence[object]) -> Passage:
    article_id = str(row[0])
    version, number, key, start, end, first, last = (int(str(value)) for value in row[1:])
    return Passage(
        id=f"{article_id}:{version}:p{number}",
        key=key,
        article_id=article_id,
        version=version,
        number=number,
        start=start,
        end=end,
        first=first,
        last=last,
    )


def _date(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _spans(text: str) -> tuple[Span, ...]:
    """The spans of "3-10 14-20"."""
    pairs = (piece.split("-") for piece in text.split())
    return tuple(Span(int(start), int(end)) for start, end in pairs)
