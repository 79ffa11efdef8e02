"""SQuAD 1.1 and 2.0, and the sets in their format: questions on paragraphs, with the spans that answer.

Each paragraph is an article under its document's title; all of them are one collection. Evidence are the sentences that
an answer's span touches, each gold span an alternative. A question that was written to have no answer in its paragraph
could have one in another; nobody looked. Questions on one document are a cluster; where all are on one, a paragraph's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from eval.corpus import Text
from eval.importers.articles import Articles, stored_at
from eval.importers.imported import Parts
from eval.importers.items import Ids, kind_of, part_of, proof, question_of, sentences_over, split_of, used
from eval.importers.reading import Record, read_json, shown
from eval.types import Item, Why
from qa.ingest.decode import storable

_CATEGORIES = {
    "extractive": "The answer is a span of a paragraph.",
    "near-miss": "Unanswerable; the paragraph that it was written for holds a plausible wrong answer.",
    "no-answer": "Unanswerable.",
}


@dataclass(frozen=True, slots=True)
class _Span:
    """A gold answer: its wording, and where it stands in the stored text."""

    text: str
    start: int
    end: int


def read_squad1(path: Path) -> Parts:
    """A file in the format of SQuAD 1.1: every question has an answer."""
    return _read(path, unanswerable=False)


def read_squad2(path: Path) -> Parts:
    """A file in the format of SQuAD 2.0: ``is_impossible`` marks the questions without an answer."""
    return _read(path, unanswerable=True)


def _read(path: Path, *, unanswerable: bool) -> Parts:
    articles, ids, items = Articles(), Ids(), []
    documents = [(_title(document), document) for document in read_json(path).records("data")]
    alone = len({title for title, _ in documents}) == 1
    for title, document in documents:
        for paragraph in document.records("paragraphs"):
            text = articles.add(paragraph, paragraph.text("context"), title=title)
            for asked in paragraph.records("qas"):
                spans = tuple(_spans(asked, paragraph.raw("context")))
                if not _answerable(asked, spans) and not unanswerable:
                    raise asked.wrong("it has no answer, so this is SQuAD 2.0's format: import it as squad2")
                items.append(_item(asked, ids, text.name if alone else title, text, spans))
    categories = used(_CATEGORIES, (name for item in items for name in item.categories))
    return Parts(items=tuple(items), articles=articles.documents, categories=categories)


def _title(document: Record) -> str:
    return unquote(document.text("title")).replace("_", " ").strip() or "untitled"


def _answerable(asked: Record, spans: tuple[_Span, ...]) -> bool:
    impossible = asked.flag("is_impossible")
    if impossible is not None and impossible == bool(spans):
        raise asked.wrong("'is_impossible' contradicts its 'answers'")
    return bool(spans)


def _spans(asked: Record, context: str) -> Iterator[_Span]:
    """The gold answers of a question; raises ``UsageError`` where one doesn't stand at its ``answer_start``."""
    for answer in asked.records("answers"):
        wording, start = answer.raw("text"), answer.integer("answer_start")
        end = start + len(wording)
        if start < 0 or end > len(context):
            message = f"{start}-{end} is outside of its paragraph of {len(context)} characters"
            raise answer.wrong(message, id="import.bad_span")
        if context[start:end] != wording:
            message = f"{shown(wording)} doesn't stand at {start}, but {shown(context[start:end])}"
            raise answer.wrong(message, id="import.bad_span")
        yield _Span(storable(wording), stored_at(context, start), stored_at(context, end))


def _item(asked: Record, ids: Ids, cluster: str, text: Text, spans: tuple[_Span, ...]) -> Item:
    question, plausible = question_of(asked, "question"), _plausible(asked)
    evidence, acceptable = proof([sentences_over(text, span.start, span.end) for span in spans])
    return Item(
        id=ids.take(asked, asked.id("id")),
        question=question,
        type=kind_of(question),
        categories=("extractive" if spans else "near-miss" if plausible else "no-answer",),
        cluster=cluster,
        split=split_of(cluster),
        answerable=bool(spans),
        why=None if spans else Why.NOT_IN_CORPUS,
        answers=(part_of(span.text for span in spans),) if spans else (),
        evidence=evidence,
        acceptable=acceptable,
        note="" if spans or not plausible else f"plausible, but wrong: {'; '.join(plausible)}",
    )


def _plausible(asked: Record) -> tuple[str, ...]:
    if "plausible_answers" not in asked.fields:
        return ()
    return tuple(dict.fromkeys(one.text("text") for one in asked.records("plausible_answers")))
