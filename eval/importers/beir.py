"""BEIR: queries with relevant documents, for retrieval alone: items grade whole articles and say nothing of answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.importers.articles import Articles
from eval.importers.imported import Parts
from eval.importers.items import Ids, question_of, split_of
from eval.importers.reading import Record, read_json_lines, read_text, shown
from eval.types import Item
from qa.errors import UsageError

_CATEGORIES = {"retrieval": "A query with graded documents; nothing is said of answers."}
_HIGHEST = 1_000


def files(path: Path) -> tuple[Path, ...]:
    """The corpus, the queries and the judgements (``qrels``) of a folder, or of the folder of a ``.tsv`` file."""
    if path.suffix == ".tsv":
        folder = path.parent.parent if path.parent.name == "qrels" else path.parent
        return folder / "corpus.jsonl", folder / "queries.jsonl", path
    return path / "corpus.jsonl", path / "queries.jsonl", _qrels(path)


def read_beir(path: Path) -> Parts:
    """A folder in BEIR's layout, or the judgements in it that are wanted."""
    corpus, queries, qrels = files(path)
    articles, blank = Articles(), 0
    names: dict[str, str] = {}
    for record in read_json_lines(corpus):
        title = record.optional("title")
        text = record.optional("text") or title
        id = record.id("_id")
        names[id] = articles.add(record, text, title=title, id=id).name if text else ""
        blank += not text
    grades = _grades(qrels, names)
    questions = _questions(queries)
    items = tuple(_items(questions, grades, qrels))
    return Parts(
        items=items,
        articles=articles.documents,
        categories=_CATEGORIES,
        left_out=(
            f"{len(questions) - len(items)} of {len(questions)} queries, which {qrels.name} gives no relevant document",
            f"{blank} documents without text",
        ),
    )


def _qrels(folder: Path) -> Path:
    found = sorted([*folder.glob("*.tsv"), *folder.glob("qrels/*.tsv")])
    chosen = found if len(found) == 1 else [one for one in found if one.name == "test.tsv"]
    if len(chosen) != 1:
        named = ", ".join(str(one.relative_to(folder)) for one in found) or "none"
        message = f"{str(folder)!r} has no one file of judgements: {named}"
        raise UsageError("import.no_qrels", message, remedy="name one: beir:FOLDER/qrels/dev.tsv")
    return chosen[0]


def _questions(path: Path) -> dict[str, Record]:
    questions: dict[str, Record] = {}
    for record in read_json_lines(path):
        id = record.id("_id")
        if id in questions:
            raise record.wrong(f"the id {shown(id)} is that of {questions[id].where}", id="import.duplicate_id")
        questions[id] = record
    return questions


def _grades(path: Path, names: dict[str, str]) -> dict[str, dict[str, int]]:
    """By query the grades of its articles; at most 0 is not relevant, and a document without text is no article."""
    grades: dict[str, dict[str, int]] = {}
    for record in _rows(path):
        query, document = record.text("query-id"), record.text("corpus-id")
        if document not in names:
            raise record.wrong(f"the corpus has no document {shown(document)}")
        known = grades.setdefault(query, {})
        if names[document] in known:
            raise record.wrong(f"query {shown(query)} and document {shown(document)} are judged twice")
        if names[document]:
            known[names[document]] = min(_HIGHEST, max(0, record.integer("score")))
    return grades


def _rows(path: Path) -> Iterator[Record]:
    """The lines of a table: query, document, grade; the first may name the columns."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        cells = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip().lower() == "score"):
            continue
        record = Record(path, f"line {number}", dict(zip(("query-id", "corpus-id"), cells, strict=False)))
        if len(cells) != 3:
            raise record.wrong(f"it has {len(cells)} columns: not query, document and grade")
        try:
            score = int(cells[2])
        except ValueError as error:
            raise record.wrong(f"the grade {shown(cells[2])} isn't a whole number") from error
        yield Record(path, record.where, {**record.fields, "score": score})


def _items(questions: dict[str, Record], grades: dict[str, dict[str, int]], qrels: Path) -> Iterator[Item]:
    ids = Ids()
    for query, relevant in grades.items():
        if query not in questions:
            raise Record(qrels, f"query {shown(query)}", {}).wrong("queries.jsonl doesn't have it")
        if not any(relevant.values()):
            continue
        yield Item(
            id=ids.take(questions[query], query),
            question=question_of(questions[query], "text"),
            type="other",
            categories=tuple(_CATEGORIES),
            cluster=query,
            split=split_of(query),
            answerable=True,
            relevant=relevant,
        )
