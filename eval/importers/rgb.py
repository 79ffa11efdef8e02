"""RGB: news questions, each with documents that answer it and documents that only look as if they did.

A question is asked over four documents, of which four, two, one or none answer it, and finds no others: the documents
of a mix carry its name as their source, and the item filters by it. A mix is left out where the set hasn't the
documents for it, and the one without an answer where its documents name the answer all the same.

RGB has no gold spans. Evidence here are the sentences of the answering documents in which a wording of the answer
stands, each an alternative (of an answer with several parts, smallest sets of sentences that name them all); such
sentences of the other documents are acceptable. That a sentence names the answer doesn't prove it, so numbers about
citations are approximate, and generous.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.corpus import Text
from eval.gold.check import placed
from eval.importers.articles import Articles
from eval.importers.imported import Parts
from eval.importers.items import Ids, Spans, kind_of, minimal, part_of, question_of, split_of, used
from eval.importers.reading import Record, read_json_lines
from eval.metrics.tokens import fold, occurrences
from eval.types import AnswerPart, GoldSpan, Item, ItemFilters, Why

#: How many of the documents of a mix answer.
MIXES = (4, 2, 1, 0)
DOCUMENTS = 4
#: Evidence sets of one item: an answer of six parts, each named in many places, would have thousands.
_MOST = 100
_CATEGORIES = {
    f"answering-{n}": f"{n} of {DOCUMENTS} documents answer the question; RGB's noise rate is {1 - n / DOCUMENTS:g}."
    for n in MIXES
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of the file with its documents."""

    record: Record
    id: str
    question: str
    parts: tuple[AnswerPart, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]


def read_rgb(path: Path) -> Parts:
    """A file such as ``en.json`` of RGB: one question a line."""
    ids = Ids()
    items: list[Item] = []
    articles: list[Mapping[str, object]] = []
    missing = mislabelled = 0
    for record in read_json_lines(path):
        asked = _asked(record)
        for answering in MIXES:
            if len(asked.positive) < answering or len(asked.negative) < DOCUMENTS - answering:
                missing += 1
            elif (made := _item(asked, answering, ids, mix := Articles())) is None:
                mislabelled += 1
            else:
                items.append(made)
                articles += mix.documents
    return Parts(
        items=tuple(items),
        articles=tuple(articles),
        categories=used(_CATEGORIES, (name for item in items for name in item.categories)),
        left_out=(
            f"{missing} mixes for which a question hasn't enough documents",
            f"{mislabelled} mixes whose documents name the answer though none should, or don't though some should",
        ),
    )


def _asked(record: Record) -> _Asked:
    return _Asked(
        record=record,
        id=record.id("id"),
        question=question_of(record, "query"),
        parts=tuple(_parts(record)),
        positive=record.texts("positive"),
        negative=record.texts("negative"),
    )


def _parts(record: Record) -> Iterable[AnswerPart]:
    """The parts of the answer: texts, or lists of wordings."""
    answers = record.list("answer")
    if not answers:
        raise record.wrong("'answer' is empty")
    for number, answer in enumerate(answers):
        name = f"answer[{number}]"
        inner = Record(record.path, record.where, {name: answer if isinstance(answer, list) else [answer]})
        wordings = inner.texts(name)
        if not wordings:
            raise record.wrong(f"{name!r} is empty")
        yield part_of(wording.strip() for wording in wordings)


def _item(asked: _Asked, answering: int, ids: Ids, mix: Articles) -> Item | None:
    """The question over the first documents of each kind, which become those of ``mix``; None where the answer isn't
    named as it should be.
    """
    source = f"[{asked.id}/{answering}]"  # the brackets: filters look for a source that holds theirs
    given = (*asked.positive[:answering], *asked.negative[: DOCUMENTS - answering])
    named = ((f"{asked.id}/{answering}/{number}", text) for number, text in enumerate(given, 1))
    texts = [mix.add(asked.record, text, source=source, id=id) for id, text in named]
    evidence = _evidence(asked.parts, texts[:answering] or texts)
    if bool(evidence) != bool(answering):
        return None
    return Item(
        id=ids.take(asked.record, f"{asked.id}:{answering}"),
        question=asked.question,
        type=kind_of(asked.question),
        categories=(f"answering-{answering}",),
        cluster=asked.id,
        split=split_of(asked.id),
        answerable=answering > 0,
        why=None if answering else Why.NOT_IN_CORPUS,
        answers=asked.parts if answering else (),
        evidence=evidence,
        acceptable=_naming(asked.parts, texts[answering:]) if answering else (),
        filters=ItemFilters(source=source),
    )


def _evidence(parts: Sequence[AnswerPart], texts: Sequence[Text]) -> tuple[Spans, ...]:
    """The smallest sets of sentences that name all parts, at most ``_MOST``, small ones first."""
    sets: tuple[Spans, ...] = ((),)
    for part in parts:
        found = _naming((part,), texts)
        # A set that names this part already needs no further sentence for it.
        grown = (held if set(held) & set(found) else (*held, span) for held in sets for span in found)
        sets = tuple(sorted(minimal(map(_in_order, grown)), key=len))[:_MOST]
    return tuple(sorted(sets, key=lambda spans: (len(spans), _position(spans[0]))))


def _in_order(spans: Spans) -> Spans:
    return tuple(sorted(spans, key=_position))


def _position(span: GoldSpan) -> tuple[str, int]:
    return span.article, span.start


def _naming(parts: Sequence[AnswerPart], texts: Iterable[Text]) -> Spans:
    """The sentences in which a wording of one of ``parts`` stands."""
    found = []
    for text in texts:
        for one in text.sentences:
            folded = fold(text.text[one.start : one.end])
            if any(occurrences(wording, folded) for part in parts for wording in part.wordings):
                found.append(placed(text, one.start, one.end))
    return tuple(found)
