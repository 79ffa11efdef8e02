"""The ledger's tables, as numbered migrations.

``PRAGMA user_version`` holds the number of the last migration applied. A migration is never edited once released; a new
one is appended. Passages, sentences, people and statements exist for the live version of an article only; texts of all
versions are kept.
"""

from __future__ import annotations

import sqlite3

from qa.errors import IndexMismatch

_INITIAL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    normalised INTEGER NOT NULL,
    UNIQUE (name, sha256)
);

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE versions (
    article_id TEXT NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    author TEXT NOT NULL,
    published TEXT,
    origins TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    raw_sha256 TEXT NOT NULL,
    recipe TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
);
CREATE INDEX versions_sha256 ON versions (sha256);

CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    vector_sha BLOB NOT NULL,
    FOREIGN KEY (article_id, version) REFERENCES versions (article_id, version)
);
CREATE UNIQUE INDEX passages_article ON passages (article_id, number);
CREATE INDEX passages_vector ON passages (vector_sha);

CREATE TABLE sentences (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;

CREATE TABLE people (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    mentions TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE INDEX people_name ON people (name);

CREATE TABLE statements (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    sentence INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    kind TEXT NOT NULL,
    inferred INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;

-- A rowid table: WITHOUT ROWID, each vector of 1.5 KB spills to an overflow page (2.2 times the size, 3.4 times the
-- CPU to write; 20,000 vectors of 384 dimensions).
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    sha BLOB NOT NULL,
    model INTEGER NOT NULL REFERENCES models (id),
    crc INTEGER NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (sha, model)
);

"""

#: Full text, made again by a repair.
TEXT_TABLE = """CREATE VIRTUAL TABLE passages_text USING fts5 (
    title, body, tokenize = "porter unicode61 remove_diacritics 2"
);
"""

#: Bytes of a page of a new ledger: the whole schema stands in the first, so that a damaged page elsewhere never takes
#: all the tables with it (in pages of 4,096 it no longer would).
PAGE = 8_192

#: The tables with the parts of an article, kept for its live version only.
PARTS = ("passages", "sentences", "people", "statements")

#: Where the words of a statement stand: pieces of what was said, its cue, its speaker's name ("3-10 14-20").
#: Statements of before have none of it, until their article is read again.
_SPANS_OF_STATEMENTS = """
ALTER TABLE statements ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE statements ADD COLUMN cue TEXT NOT NULL DEFAULT '';
ALTER TABLE statements ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE statements ADD COLUMN why TEXT NOT NULL DEFAULT '';
CREATE INDEX statements_speaker ON statements (speaker);
"""

MIGRATIONS: tuple[str, ...] = (_INITIAL + TEXT_TABLE, _SPANS_OF_STATEMENTS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, each migration in one transaction.

    Raises ``IndexMismatch`` for a ledger written by a newer version of qa.
    """
    applied = check_version(connection)
    for number, script in enumerate(MIGRATIONS[applied:], start=applied + 1):
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")


def check_version(connection: sqlite3.Connection) -> int:
    """How many migrations the ledger has had; ``IndexMismatch`` where that's more than this version knows."""
    applied = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if applied > len(MIGRATIONS):
        raise IndexMismatch(
            "index.newer",
            f"the ledger has schema {applied}; this qa knows {len(MIGRATIONS)}",
            remedy="pip install --upgrade cited-qa",
        )
    return applied
