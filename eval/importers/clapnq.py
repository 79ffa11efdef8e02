"""CLAP NQ: natural questions whose long answers are written from sentences that people selected in a passage.

A passage is an article. Each annotator's selection is one evidence set, its spans exactly the sentences as the set cuts
them. The answers are free text that no metric here can grade, so an item says nothing of what a right one contains; the
first stands in its note. All passages are one collection; whether a question without an answer in its own passage has
one in another, nobody looked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from eval.corpus import Text
from eval.gold.check import placed
from eval.importers.articles import Articles
from eval.importers.imported import Parts
from eval.importers.items import Ids, Spans, kind_of, proof, question_of, split_of, used
from eval.importers.reading import Record, read_json_lines, shown
from eval.types import Item, Why

_CATEGORIES = {
    "long-answer": "The answer takes sentences that follow each other.",
    "scattered": "The answer takes sentences of several places of its passage.",
    "no-answer": "Unanswerable: nobody found an answer in the passage.",
}


def files(path: Path) -> tuple[Path, ...]:
    """The file itself, or all ``*.jsonl`` files of a folder."""
    return tuple(sorted(path.glob("*.jsonl"))) if path.is_dir() else (path,)


def read_clapnq(path: Path) -> Parts:
    """A file of CLAP NQ's annotated data, or a folder of such files, in one collection."""
    articles, ids, items = Articles(), Ids(), []
    for file in files(path):
        items += [_item(record, articles, ids) for record in read_json_lines(file)]
    categories = used(_CATEGORIES, (name for item in items for name in item.categories))
    return Parts(items=tuple(items), articles=articles.documents, categories=categories)


def _item(record: Record, articles: Articles, ids: Ids) -> Item:
    question = question_of(record, "input")
    passages = list(record.records("passages"))
    if not passages:
        raise record.wrong("it has no passage")
    texts = [articles.add(one, one.text("text"), title=one.optional("title")) for one in passages]
    outputs = [one for one in record.records("output") if one.list("selected_sentences")]
    places = [_places(one, text) for one, text in zip(passages, texts, strict=True)]
    evidence, acceptable = proof([_selected(one, places, texts) for one in outputs])
    cluster = passages[0].optional("title") or texts[0].name
    return Item(
        id=ids.take(record, record.id("id")),
        question=question,
        type=kind_of(question),
        categories=(_category(evidence),),
        cluster=cluster,
        split=split_of(cluster),
        answerable=bool(evidence),
        why=None if evidence else Why.NOT_IN_CORPUS,
        evidence=evidence,
        acceptable=acceptable,
        note=f"an answer: {outputs[0].text('answer')}" if evidence else "",
    )


def _category(evidence: Sequence[Spans]) -> str:
    if not evidence:
        return "no-answer"
    return "scattered" if any(_is_scattered(spans) for spans in evidence) else "long-answer"


def _is_scattered(spans: Spans) -> bool:
    """Whether words of the passage stand between two spans that follow each other."""
    return any(before.article != after.article or after.start - before.end > 1 for before, after in pairwise(spans))


def _places(passage: Record, text: Text) -> dict[str, list[int]]:
    """Where each sentence of a passage begins, in order: a sentence can occur twice."""
    places: dict[str, list[int]] = defaultdict(list)
    end = 0
    for sentence in map(str.strip, passage.texts("sentences")):
        start = text.text.find(sentence, end)
        if start < 0:
            raise passage.wrong(f"the sentence {shown(sentence)} isn't in its text", id="import.bad_span")
        places[sentence].append(start)
        end = start + len(sentence)
    return places


def _selected(output: Record, places: Sequence[Mapping[str, Sequence[int]]], texts: Sequence[Text]) -> Spans:
    """The sentences that an annotator selected, in the order in which they stand."""
    times = Counter(map(str.strip, output.texts("selected_sentences")))
    found = []
    for sentence, count in times.items():
        starts = [(text, start) for text, known in zip(texts, places, strict=True) for start in known.get(sentence, ())]
        if len(starts) < count:
            message = f"the sentence {shown(sentence)} isn't one of a passage's"
            raise output.wrong(message, id="import.bad_span")
        found += [placed(text, start, start + len(sentence)) for text, start in starts[:count]]
    return tuple(sorted(found, key=lambda span: (span.article, span.start)))
