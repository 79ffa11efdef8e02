"""CLAP NQ's questions, each with its own passage as the whole collection: what the product cites, and how sure it is.

*Cited F1*: for each question with an answer the F1 of the set of sentences cited against the set that the first
annotator selected, averaged over questions. Sentences are the data set's own; one is cited where at least half of it
lies in what the product cites. The product must answer (threshold 0) and chooses by itself how much to show. So
defined, the three sentences most similar to the question have .621 and all sentences .577 (the issue's floors: .62,
.58).

*AUROC*: how well the product's confidence tells the 150 questions with an answer in their passage from the 150 others.
The highest similarity of a sentence has .892 (floor: .89).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.reader_kit import Forced, Kit, cosines, forced, most_similar
from eval.bench.reader_table import Bars, Line, auroc, mean
from eval.importers.reading import Record, read_json_lines, shown
from qa.types import Draft, Span

ANSWERABLE, UNANSWERABLE = "dev_answerable_150.jsonl", "dev_unanswerable_150.jsonl"
CITED = Bars(floor=0.62, bar=0.70, aim=0.78)
AUROC = Bars(floor=0.89, bar=0.93, aim=0.97)
TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on a passage with ``sentences`` in its text; ``selected`` are the numbers of those that answer."""

    id: str
    question: str
    title: str
    text: str
    sentences: tuple[Span, ...]
    selected: frozenset[int]


def questions(path: Path) -> list[Asked]:
    """The questions of a file of CLAP NQ's annotated data; raises ``UsageError`` at what isn't as the format has it."""
    return [_asked(record) for record in read_json_lines(path)]


def _asked(record: Record) -> Asked:
    passage = next(record.records("passages"))
    text = passage.text("text")
    sentences = tuple(_sentences(passage, text))
    selections = [one.texts("selected_sentences") for one in record.records("output") if one.list("selected_sentences")]
    first = {wording.strip() for wording in selections[0]} if selections else set()
    return Asked(
        id=record.id("id"),
        question=record.text("input"),
        title=passage.optional("title"),
        text=text,
        sentences=sentences,
        selected=frozenset(number for number, span in enumerate(sentences) if span.of(text) in first),
    )


def _sentences(passage: Record, text: str) -> Iterator[Span]:
    end = 0
    for sentence in map(str.strip, passage.texts("sentences")):
        start = text.find(sentence, end)
        if start < 0:
            raise passage.wrong(f"the sentence {shown(sentence)} isn't in its text", id="import.bad_span")
        end = start + len(sentence)
        yield Span(start, end)


# --- measures


def set_f1(given: Collection[int], wanted: Collection[int]) -> float:
    """``2 * |both| / (|given| + |wanted|)``; 1 where both are empty."""
    both = len(set(given) & set(wanted))
    return 2 * both / (len(given) + len(wanted)) if given or wanted else 1.0


def cited_of(sentences: Sequence[Span], cited: Sequence[Span]) -> frozenset[int]:
    """The numbers of the sentences of which at least half lies in the spans ``cited`` (which may overlap)."""
    return frozenset(number for number, one in enumerate(sentences) if 2 * _covered(one, cited) >= one.end - one.start)


def _covered(one: Span, spans: Sequence[Span]) -> int:
    covered, end = 0, one.start
    for span in sorted(spans, key=lambda span: span.start):
        start = max(span.start, end)
        end = max(end, min(span.end, one.end))
        covered += max(0, end - start)
    return covered


def ask(kit: Kit, asked: Asked) -> Forced:
    """The product's forced answer where the passage is all that there is."""
    return forced(kit, asked.question, [Draft(identity=f"clapnq/{asked.id}", text=asked.text, title=asked.title)])


def similarities(kit: Kit, asked: Asked) -> list[float]:
    """The cosine of each sentence with the question: the floor."""
    return cosines(kit.embedder, asked.question, [span.of(asked.text) for span in asked.sentences])


# --- rows


def rows(kit: Kit) -> Iterator[Line]:
    """The product's numbers, and the floors measured beside."""
    yes = kit.sampled(questions(kit.file("clapnq", ANSWERABLE)))
    no = kit.sampled(questions(kit.file("clapnq", UNANSWERABLE)))
    found, elsewhere = [ask(kit, one) for one in yes], [ask(kit, one) for one in no]
    cited = [
        cited_of(asked.sentences, [Span(one.start, one.end) for one in answer.citations])
        for asked, answer in zip(yes, found, strict=True)
    ]
    none = sum(not one for one in cited)
    yield Line(
        what="CLAP NQ: F1 of the sentences cited against those people selected",
        value=mean([set_f1(one, asked.selected) for one, asked in zip(cited, yes, strict=True)]),
        n=len(yes),
        bars=CITED,
        note=f"{mean([len(one) for one in cited]):.1f} sentences cited, none for {none}",
    )
    near = [similarities(kit, one) for one in yes]
    tops = [set_f1(most_similar(cosine, TOP), one.selected) for cosine, one in zip(near, yes, strict=True)]
    everything = [set_f1(range(len(one.sentences)), one.selected) for one in yes]
    yield Line(what="  similarity's top 3, measured here", value=mean(tops), n=len(yes), bars=Bars(floor=0.62))
    yield Line(what="  all sentences, measured here", value=mean(everything), n=len(yes), bars=Bars(floor=0.58))
    yield Line(
        what="CLAP NQ: answerable AUROC of the confidence",
        value=auroc([one.confidence for one in found], [one.confidence for one in elsewhere]),
        n=len(yes) + len(no),
        bars=AUROC,
    )
    highest = auroc([max(one) for one in near], [max(similarities(kit, one)) for one in no])
    yield Line(what="  highest similarity, measured here", value=highest, n=len(yes) + len(no), bars=Bars(floor=0.89))
