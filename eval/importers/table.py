"""A table of questions and answers (CSV), as somebody makes it for a corpus that is there already.

The first line names the columns: ``question`` and ``answer``, and any of ``article`` (its name in the corpus),
``quote`` (words of it that prove the answer), ``category`` and ``aliases`` (further wordings of the answer); several
categories or aliases have ``|`` between them. An empty answer says that the corpus has none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from eval.corpus import Corpus, read_corpus
from eval.gold.check import placed
from eval.importers.articles import slug
from eval.importers.imported import Parts
from eval.importers.items import Ids, Spans, digest_of, kind_of, minimal, part_of, question_of, sentences_over, split_of
from eval.importers.reading import Record, read_bytes, shown
from eval.types import Item, Why
from qa.errors import UsageError
from qa.ingest.decode import decode
from qa.text import find_quote

REQUIRED = ("question", "answer")
COLUMNS = (*REQUIRED, "article", "quote", "category", "aliases")
BETWEEN = "|"
_DELIMITERS = (",", ";", "\t")


def read_table(path: Path, corpus: Path) -> Parts:
    """A CSV file over ``corpus``, in any encoding, with commas, semicolons or tabs between its cells."""
    read = read_corpus(corpus)
    ids, items = Ids(), []
    asked: dict[str, str] = {}
    for record in _rows(path):
        question = question_of(record, "question")
        if question in asked:
            raise record.wrong(f"it asks what {asked[question]} asks: {shown(question)}", id="import.duplicate")
        asked[question] = record.where
        items.append(_item(record, question, read, ids))
    categories = {name: "A category of the table." for item in items for name in item.categories}
    return Parts(items=tuple(items), categories=categories, corpus=str(read.root))


def _rows(path: Path) -> Iterator[Record]:
    """The rows below the header, by column; a row is named by the line that it ends on."""
    decoded = decode(read_bytes(path))
    if decoded is None or not decoded.text.strip():
        raise UsageError("import.empty", f"{str(path)!r} is {'no text' if decoded is None else 'empty'}")
    header = decoded.text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(StringIO(decoded.text), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            here = Record(path, f"line {reader.line_num}", {})
            if columns is None:
                columns = _columns(here, cells)
            elif any(cell.strip() for cell in cells):
                yield _row(here, columns, cells)
    except csv.Error as error:
        raise UsageError("import.not_csv", f"{str(path)!r}, line {reader.line_num}: {error}") from error


def _columns(header: Record, cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    for column in columns:
        if column not in COLUMNS or columns.count(column) > 1:
            why = "is there twice" if column in COLUMNS else f"is none of {', '.join(COLUMNS)}"
            raise header.wrong(f"the column {shown(column)} {why}", id="import.bad_columns")
    for column in REQUIRED:
        if column not in columns:
            raise header.wrong(f"there is no column {column!r}", id="import.bad_columns")
    return columns


def _row(here: Record, columns: list[str], cells: list[str]) -> Record:
    if len(cells) != len(columns):
        raise here.wrong(f"it has {len(cells)} cells, the header {len(columns)}")
    return Record(here.path, here.where, dict(zip(columns, cells, strict=True)))


def _item(record: Record, question: str, corpus: Corpus, ids: Ids) -> Item:
    answer, article = record.optional("answer").strip(), record.optional("article").strip()
    aliases = _several(record, "aliases")
    if not answer and (aliases or article or record.optional("quote")):
        raise record.wrong("it has no answer, but what only a row with an answer may have")
    if article and article not in corpus:
        raise record.wrong(f"the corpus has no article {shown(article)}", id="import.no_article")
    evidence = _evidence(record, article, corpus)
    id = ids.take(record, f"{slug(question) or 'question'}-{digest_of(question)}")
    cluster = article or (evidence[0][0].article if evidence else id)
    return Item(
        id=id,
        question=question,
        type=kind_of(question),
        categories=_several(record, "category"),
        cluster=cluster,
        split=split_of(cluster),
        answerable=bool(answer),
        why=None if answer else Why.NOT_IN_CORPUS,
        answers=(part_of((answer, *aliases)),) if answer else (),
        evidence=evidence,
        relevant={article: 1} if article and not evidence else {},
    )


def _several(record: Record, name: str) -> tuple[str, ...]:
    cells = (cell.strip() for cell in record.optional(name).split(BETWEEN))
    return tuple(dict.fromkeys(filter(None, cells)))


def _evidence(record: Record, article: str, corpus: Corpus) -> tuple[Spans, ...]:
    """The whole sentences around the quote, wherever it stands in the article, or in all articles if none is named."""
    quote = record.optional("quote").strip()
    texts = [corpus[article]] if article else list(corpus.values()) if quote else []
    found = [(text, span) for text in texts for span in find_quote(text.text, quote)]
    if quote and not found:
        where = f"{shown(article)}" if article else "no article of the corpus"
        message = f"{where} doesn't have the quote {shown(quote)}" if article else f"{where} has {shown(quote)}"
        raise record.wrong(message, id="import.no_quote")
    sets = (sentences_over(text, span.start, span.end) or (placed(text, span.start, span.end),) for text, span in found)
    return minimal(sets)
