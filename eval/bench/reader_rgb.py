"""RGB's news questions, each over four documents as the whole collection, of which four, two, one or none answer.

The documents are the first of those that answer, filled up to four with the first of those that don't. Of what the
product cites the first three sentences count, in the order shown. *Gold in the cited sentences*: every part of the
answer stands there, in any of its wordings, letter case aside (RGB's own accuracy), and the product answered at its
threshold. *Rejected*: the share of the questions over no answering document on which it abstains at the same
threshold; all 150 count, though in 7 of them a document that isn't to answer names the answer. *AUROC*: how well the
confidence tells one answering document from none.

*Similarity's top 3* are the three sentences nearest to the question. The issue's floors (.77, .56, .44) are found
again with sentences that end at white space after ``.!?`` (.77, .55, .44); cut as ``qa`` cuts them it is .82, .65, .48.
RGB is measured only: its licence forbids training what is shipped on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.bench.reader_kit import Forced, Kit, cosines, forced, most_similar
from eval.bench.reader_table import Bars, Line, auroc, mean
from eval.importers.reading import Record, read_json_lines
from qa.ingest.segment import segment
from qa.types import Draft

FILE = ("rgb", "en_150.jsonl")
DOCUMENTS = 4
CITED = 3
GOLD = {
    4: Bars(floor=0.77, bar=0.85, aim=0.92),
    2: Bars(floor=0.56, bar=0.75, aim=0.88),
    1: Bars(floor=0.44, bar=0.65, aim=0.80),
}
REJECTED = Bars(bar=0.70, aim=0.92)
AUROC = Bars(floor=0.58)
_PLAIN = re.compile(r"(?<=[.!?])\s+")
#: Cuts a text into its sentences' wordings.
Cut = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question; ``parts`` are what a right answer names, each in any of its wordings."""

    id: str
    question: str
    parts: tuple[tuple[str, ...], ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]

    def documents(self, answering: int) -> tuple[str, ...]:
        """Four documents, the first ``answering`` of which answer, as far as there are so many."""
        first = self.positive[:answering]
        return (*first, *self.negative[: DOCUMENTS - len(first)])


def questions(path: Path) -> list[Asked]:
    """The questions of a file such as RGB's ``en.json``; raises ``UsageError`` at what isn't as the format has it."""
    return [
        Asked(
            id=record.id("id"),
            question=record.text("query"),
            parts=tuple(_parts(record)),
            positive=record.texts("positive"),
            negative=record.texts("negative"),
        )
        for record in read_json_lines(path)
    ]


def _parts(record: Record) -> Iterator[tuple[str, ...]]:
    for answer in record.list("answer"):
        yield Record(record.path, record.where, {"answer": answer if isinstance(answer, list) else [answer]}).texts(
            "answer"
        )


# --- measures


def named(parts: Sequence[Sequence[str]], text: str) -> bool:
    """Whether every part stands in ``text`` in any of its wordings, letter case and kinds of white space aside."""
    there = " ".join(text.split()).casefold()
    return all(any(" ".join(wording.split()).casefold() in there for wording in part) for part in parts)


@lru_cache(maxsize=8_192)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences as ``qa`` cuts them."""
    return tuple(text[one.start : one.end] for one in segment(text).sentences)


def cites_gold(asked: Asked, answer: Forced) -> bool:
    """Whether the first three sentences cited name every part of the gold answer."""
    return named(asked.parts, " ".join(answer.sentences[:CITED]))


def plain_sentences(text: str) -> tuple[str, ...]:
    """What white space after ``.``, ``!`` or ``?`` parts."""
    return tuple(part.strip() for part in _PLAIN.split(text) if part.strip())


def ask(kit: Kit, asked: Asked, answering: int) -> Forced:
    """The product's forced answer over the four documents."""
    drafts = [
        Draft(identity=f"rgb/{asked.id}/{number}", text=text) for number, text in enumerate(asked.documents(answering))
    ]
    return forced(kit, asked.question, drafts, k=CITED)


# --- rows


def rows(kit: Kit) -> Iterator[Line]:
    """The product's numbers, and similarity's beside."""
    asked = kit.sampled(questions(kit.file(*FILE)))
    answers = {answering: [ask(kit, one, answering) for one in asked] for answering in (*GOLD, 0)}
    for answering, bars in GOLD.items():
        found = [float(cites_gold(one, answer)) for one, answer in zip(asked, answers[answering], strict=True)]
        given = [one.confidence >= kit.threshold for one in answers[answering]]
        yield Line(
            what=f"RGB: gold in the at most 3 sentences cited, {answering} of 4 documents answer",
            value=mean([right * answered for right, answered in zip(found, given, strict=True)]),
            n=len(asked),
            bars=bars,
            note=f"abstained on {given.count(False)}; {mean(found):.3f} if forced",
        )
    rejected = [float(one.confidence < kit.threshold) for one in answers[0]]
    yield Line(what="RGB: rejected where none answers", value=mean(rejected), n=len(asked), bars=REJECTED)
    yield Line(
        what="RGB: AUROC of the confidence, 1 that answers against 0",
        value=auroc([one.confidence for one in answers[1]], [one.confidence for one in answers[0]]),
        n=2 * len(asked),
        bars=AUROC,
    )
    yield from _similarity(kit, asked)


def _similarity(kit: Kit, asked: Sequence[Asked]) -> Iterator[Line]:
    for name, cut in (("plain cut", plain_sentences), ("qa's sentences", sentences)):
        highest: dict[int, list[float]] = {}
        for answering in (*GOLD, 0):
            near = [nearest(kit, one, answering, cut) for one in asked]
            highest[answering] = [one[0] for one in near]
            if answering:
                right = [float(named(one.parts, found[1])) for one, found in zip(asked, near, strict=True)]
                yield Line(
                    what=f"  similarity's top 3 ({name}), {answering} answer, measured here",
                    value=mean(right),
                    n=len(asked),
                    bars=Bars(floor=GOLD[answering].floor),
                )
        yield Line(
            what=f"  highest similarity ({name}), AUROC, measured here",
            value=auroc(highest[1], highest[0]),
            n=2 * len(asked),
            bars=AUROC,
        )


def nearest(kit: Kit, asked: Asked, answering: int, cut: Cut) -> tuple[float, str]:
    """The highest cosine of a sentence of the documents with the question, and the three nearest, joined."""
    wordings = [wording for text in asked.documents(answering) for wording in cut(text)]
    near = cosines(kit.embedder, asked.question, wordings)
    return max(near), " ".join(wordings[place] for place in most_similar(near, CITED))
