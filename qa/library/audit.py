"""Looking through a ledger for what contradicts itself. Nothing is changed here; mending is in ``qa.library.mend``.

The file (SQLite's own checks), each stored text against its digest, each live article's spans against its text, full
text against passages, vectors against their checksums and lengths. The published generation is ``qa.index.check``'s.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

from qa.ledger.faults import is_damage, said
from qa.ledger.inspection import Inspection
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Analysis
from qa.library.analyse import embedded_texts, stored_analysis
from qa.library.findings import Finding
from qa.types import Article, Role

#: How far from 1 the length of a normalised float32 vector may be.
_LENGTH_TOLERANCE = 1e-3


def audit_file(ledger: Ledger, *, may_write: bool) -> list[Finding]:
    """What SQLite finds itself. Full text's own check is an INSERT, so it's left out where nothing ``may_write``."""
    found = []
    try:
        for (line,) in ledger.connection.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                found.append(Finding(id="ledger.malformed", message=str(line).splitlines()[0]))
        for table, row, parent, _ in ledger.connection.execute("PRAGMA foreign_key_check"):
            found.append(Finding(id="ledger.orphan", message=f"row {row} of {table} has no row in {parent}"))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return [*found, Finding(id="ledger.malformed", message=str(error))]
    if may_write and not found:
        found.extend(_audit_full_text(ledger))
    return found


def _audit_full_text(ledger: Ledger) -> Iterator[Finding]:
    try:
        ledger.connection.execute("INSERT INTO passages_text (passages_text) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield Finding(id="text_index.damaged", message=f"the full-text table contradicts itself: {error}")


def audit_articles(ledger: Ledger, *, progress: Callable[[int, int], None] | None = None) -> Iterator[Finding]:
    """Each version's text, and each live article's parts."""
    yield from _audit_rows(ledger)
    versions = Inspection(ledger).versions()
    for number, (article_id, version) in enumerate(versions, start=1):
        yield from _audit_version(ledger, article_id, version)
        if progress is not None:
            progress(number, len(versions))


def _audit_rows(ledger: Ledger) -> Iterator[Finding]:
    """Rows that stand alone: articles without their version, parts of articles that aren't live, full text without
    a passage.
    """
    for article_id, identity in Inspection(ledger).lost_articles():
        yield Finding(id="article.lost", message=f"the text of {identity!r} is missing", article_id=article_id)
    for table, count in Inspection(ledger).orphans():
        yield Finding(id="ledger.orphan", message=f"{count} rows of {table} belong to no live article")
    for count, what in Inspection(ledger).text_differences():
        yield Finding(id="text_index.rows", message=f"{count} {what}")


def _audit_version(ledger: Ledger, article_id: str, version: int) -> Iterator[Finding]:
    try:
        article = ledger.article(article_id, version)
    except (sqlite3.OperationalError, ValueError) as error:  # not UTF-8; a date or JSON that isn't one
        why = said(error) if isinstance(error, sqlite3.Error) else str(error)
        message = f"version {version} of article {article_id!r} can't be read: {why}"
        yield Finding(id="article.text", message=message, article_id=article_id, version=version)
        return
    if article is not None:
        yield from _audit_article(ledger, article)


def _audit_article(ledger: Ledger, article: Article) -> Iterator[Finding]:
    def finding(id: str, message: str) -> Finding:
        return Finding(
            id=id, message=f"{article.identity!r}: {message}", article_id=article.id, version=article.version
        )

    if _digest(article.text) != article.sha256:
        yield finding("article.text", f"the text of version {article.version} isn't the one that was stored")
        return
    if article.removed:
        return
    problem = Inspection(ledger).numbering_problem(article.id) or problem_of(
        article, _readable_analysis(ledger, article.id)
    )
    if problem:
        yield finding("article.parts", problem)
    elif not _text_index_agrees(ledger, article):
        yield finding("text_index.rows", "the full-text table has other words than its passages")


def _readable_analysis(ledger: Ledger, article_id: str) -> Analysis | None:
    """``None`` where what is stored can't even be read (an unknown role, JSON that isn't any)."""
    try:
        return stored_analysis(ledger, article_id)
    except (ValueError, TypeError):
        return None


def problem_of(article: Article, parts: Analysis | None) -> str:
    """Why ``parts`` can't be those of ``article``; empty where they can."""
    if parts is None:
        return "its parts can't be read"
    return (
        _sentence_problem(article.text, parts)
        or _passage_problem(article, parts)
        or _people_problem(article.text, parts)
    )


def _sentence_problem(text: str, parts: Analysis) -> str:
    sentences = parts.segmentation.sentences
    end = 0
    for number, sentence in enumerate(sentences):
        if not end <= sentence.start < sentence.end <= len(text):
            return f"sentence {number} is out of order or outside the text"
        if text[sentence.start].isspace() or text[sentence.end - 1].isspace():
            return f"sentence {number} begins or ends with white space"
        if text[end : sentence.start].strip():
            return f"there is text before sentence {number} that no sentence covers"
        end = sentence.end
    return "there is text after the last sentence that no sentence covers" if text[end:].strip() else ""


def _passage_problem(article: Article, parts: Analysis) -> str:
    sentences, passages = parts.segmentation.sentences, parts.segmentation.passages
    for number, passage in enumerate(passages):
        if not 0 <= passage.first < passage.last <= len(sentences):
            return f"passage {number} has no sentences"
        if (passage.start, passage.end) != (sentences[passage.first].start, sentences[passage.last - 1].end):
            return f"passage {number} isn't its sentences"
        if any(sentence.role is not Role.BODY for sentence in sentences[passage.first : passage.last]):
            return f"passage {number} has a sentence that isn't body"
    if any(one.last > other.first for one, other in pairwise(passages)):
        return "passages overlap"
    if tuple(sha for sha, _ in embedded_texts(article, passages)) != parts.vector_shas:
        return "a passage's vector belongs to another text"
    return ""


def _people_problem(text: str, parts: Analysis) -> str:
    count = len(parts.segmentation.sentences)
    for person in parts.people:
        if any(not 0 <= mention.start < mention.end <= len(text) for mention in person.mentions):
            return f"a mention of {person.name!r} is outside the text"
    for one in parts.statements:
        if not (0 <= one.sentence < count and 0 <= one.start <= one.end <= len(text)):
            return "a statement is outside the text"
    return ""


def _text_index_agrees(ledger: Ledger, article: Article) -> bool:
    passages = ledger.passages_of(article.id)
    rows = Inspection(ledger).indexed_text(passage.key for passage in passages)
    return all(
        rows.get(passage.key) == (article.title, article.text[passage.start : passage.end]) for passage in passages
    )


def audit_vectors(ledger: Ledger) -> Iterator[Finding]:
    """Vectors of live passages: that each is there, has its checksum, the model's dimension and, where it's
    promised, length 1.
    """
    if ledger.keys() and ledger.model is None:
        yield Finding(id="ledger.model", message="there are passages, but no model is recorded for their vectors")
        return
    missing = len(Inspection(ledger).passages_without_vector())
    if missing:
        yield Finding(id="vector.missing", message=f"{missing} passages have no vector")
    broken = len(broken_vectors(ledger))
    if broken:
        yield Finding(id="vector.damaged", message=f"{broken} vectors aren't as they were stored")


def broken_vectors(ledger: Ledger) -> list[bytes]:
    """Digests whose vector of the model in use fails its checksum or can't be one of that model's."""
    model = ledger.model
    if model is None:
        return []
    return [
        sha
        for sha, crc, blob in Inspection(ledger).raw_vectors()
        if zlib.crc32(blob) != crc or not _possible(blob, model.dimension, normalised=model.normalised)
    ]


def _possible(blob: bytes, dimension: int, *, normalised: bool) -> bool:
    import numpy as np

    if len(blob) != 4 * dimension:
        return False
    length = float(np.linalg.norm(np.frombuffer(blob, dtype="<f4")))
    # A NaN makes every comparison false.
    return abs(length - 1) <= _LENGTH_TOLERANCE if normalised else 0 <= length < float("inf")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
