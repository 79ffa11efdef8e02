"""Mending what ``qa.library.audit`` found in a ledger, from what is sound in it. Nothing is embedded that has a sound
vector.

A text that was altered can't be made again: it's set aside in the folder ``lost`` and its article leaves the corpus, to
be added anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.ledger.faults import is_damage
from qa.ledger.inspection import Inspection
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Writer
from qa.library.analyse import analyse
from qa.library.audit import broken_vectors
from qa.library.embedding import adopt, embed_missing, save_vectors
from qa.library.findings import Finding
from qa.library.rebuild import texts_of

if TYPE_CHECKING:
    from qa.models.embedder import Embedder

LOST_FOLDER = "lost"


def mend_articles(writer: Writer, index: Path, findings: Sequence[Finding]) -> list[str]:
    """Mend texts, parts and full text, all in one transaction; returns what was done, a sentence each."""
    if not any(finding.id.startswith(("text_index.", "ledger.orphan", "article.")) for finding in findings):
        return []
    done: list[str] = []
    with writer.transaction():
        # Emptied first, because deleting an article's parts reads the full-text table, which may be what is damaged.
        writer.empty_text()
        done.extend(_set_aside(writer, index, finding) for finding in findings if finding.id == "article.text")
        if any(finding.id in ("article.lost", "ledger.orphan") for finding in findings):
            writer.forget_lost()
            done.append("what belongs to no article was dropped")
        done.extend(_cut_again(writer, finding) for finding in findings if finding.id == "article.parts")
        writer.rebuild_text()
    return [*done, "the full-text table was made again"]


def _set_aside(writer: Writer, index: Path, finding: Finding) -> str:
    text, identity = writer.ledger.connection.execute(
        "SELECT CAST(v.text AS BLOB), a.identity FROM versions v JOIN articles a ON a.id = v.article_id"
        " WHERE v.article_id = ? AND v.version = ?",
        (finding.article_id, finding.version),
    ).fetchone()
    kept = index / LOST_FOLDER / f"{finding.article_id}-v{finding.version}.txt"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(text)
    writer.forget_version(finding.article_id, finding.version)
    left = f"{identity!r} version {finding.version} left the corpus (kept as {str(kept)!r})"
    return f"{left}; add its source again: qa add {identity!r}"


def _cut_again(writer: Writer, finding: Finding) -> str:
    article = writer.ledger.article(finding.article_id)
    known = writer.ledger.known(article.identity) if article else None
    if article is None or known is None:
        return f"article {finding.article_id} is gone"
    writer.reanalyse(known, article, analyse(article))
    return f"{article.identity!r} was cut into sentences and passages again"


def mend_vectors(
    writer: Writer, load_embedder: Callable[[], Embedder], *, progress: Callable[[int, int], None] | None = None
) -> list[str]:
    """Embed again what has no sound vector, and only that.

    The embedder is loaded only where there is something to embed.
    """
    broken = broken_vectors(writer.ledger)
    if broken:
        with writer.transaction():
            writer.forget_broken_vectors(broken)
    articles = Inspection(writer.ledger).articles_without_vectors()
    if not articles:
        return []
    embedder = load_embedder()
    adopt_again(writer, embedder)
    count: list[int] = []
    for number, article_id in enumerate(articles, start=1):
        made = embed_missing(writer, texts_of(writer.ledger, article_id), embedder, on_embedded=count.append)
        if made:
            save_vectors(writer, made)
        if progress is not None:
            progress(number, len(articles))
    return [f"{sum(count)} passages were embedded again"]


def adopt_again(writer: Writer, embedder: Embedder) -> None:
    """As ``adopt``; a ledger that lost its record of a model, and so every vector, takes this one."""
    if writer.ledger.model is None:
        with writer.transaction():
            writer.use_model(embedder.fingerprint)
    adopt(writer, embedder.fingerprint)


def mend_indexes(ledger: Ledger) -> bool:
    """Make SQLite's own indexes again; whether the file is sound after that."""
    try:
        ledger.connection.execute("REINDEX")
        return [row[0] for row in ledger.connection.execute("PRAGMA integrity_check(1)")] == ["ok"]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return False
