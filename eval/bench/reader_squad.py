"""SQuAD 2.0's questions, each on its own paragraph, by the reader alone: where the answer is, and whether there is one.

Three numbers. *Forced*: the mean F1, over the questions with an answer, of the reader's best span, however unlikely.
*Whole*: the mean F1 over all questions where the best span is given only if its margin reaches a threshold; without an
answer in the paragraph giving none counts 1 and giving any 0. *AUROC*: how well the reader's ``answerable`` tells
questions with an answer from those without. F1 and normalisation are the suite's, the best over the golds.

The threshold is never tuned on the questions that it is measured on: with two folds it is the one that is best on the
other fold (whose titles the other fold's reader wasn't trained on); else it is given, or 0, even odds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from eval.bench.reader_kit import Kit, whole
from eval.bench.reader_table import NONE, Bars, Line, auroc, mean
from eval.importers.reading import Record, read_json
from eval.metrics.token_f1 import token_f1
from eval.metrics.tokens import squad_golds
from qa.errors import UsageError
from qa.models.reader.reader import Reader

FILE = ("squad2", "dev-8-titles.json")
BARRED = {
    "F1 where an answer exists, forced": Bars(floor=0.63, bar=0.72, aim=0.80),
    "whole F1, with no answer": Bars(floor=0.53, bar=0.62, aim=0.72),
    "answerable AUROC": Bars(floor=0.61, bar=0.72, aim=0.82),
}
EVEN = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on a paragraph; ``golds`` are the answers' wordings, none where it has no answer there."""

    title: str
    question: str
    context: str
    golds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a reader made of a question: its best span's F1 (0 where there is nothing to find) and margin, and its
    log-odds that there is an answer.
    """

    has_answer: bool
    f1: float
    margin: float
    answerable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A reader and titles that it wasn't trained on."""

    reader: Reader
    titles: tuple[str, ...]


# --- data


def questions(path: Path, titles: Sequence[str] = ()) -> list[Asked]:
    """The questions of a file in SQuAD 2.0's format on ``titles`` (all by default), in the file's order.

    Raises ``UsageError`` where a title isn't in it.
    """
    documents = {document.raw("title"): document for document in read_json(path).records("data")}
    wanted = [_named(title, documents) for title in titles] or list(documents)
    return [asked for title, document in documents.items() if title in wanted for asked in _asked(title, document)]


def _named(title: str, documents: dict[str, Record]) -> str:
    found = title.strip().replace(" ", "_")
    if found not in documents:
        raise UsageError("bench.no_title", f"there is no title {title!r}; there are {', '.join(sorted(documents))}")
    return found


def _asked(title: str, document: Record) -> Iterator[Asked]:
    for paragraph in document.records("paragraphs"):
        for one in paragraph.records("qas"):
            golds = tuple(answer.raw("text") for answer in one.records("answers"))
            yield Asked(
                title=title.replace("_", " "),
                question=one.raw("question"),
                context=paragraph.raw("context"),
                golds=() if one.flag("is_impossible") else golds,
            )


# --- measures


def answer(reader: Reader, asked: Asked) -> Answered:
    """Read one question's paragraph."""
    found = reader.read(asked.question, whole(asked.title, asked.context))
    best = found.spans[0] if found.spans else None
    given = asked.context[best.start : best.end] if best else ""
    return Answered(
        has_answer=bool(asked.golds),
        f1=max((token_f1(gold, given) for gold in squad_golds(asked.golds)), default=0.0) if asked.golds else 0.0,
        margin=best.margin if best else -math.inf,
        answerable=found.answerable,
    )


def whole_f1(answered: Answered, threshold: float) -> float:
    """The F1 of a question where an answer is given from a margin of ``threshold`` on."""
    if answered.margin >= threshold:
        return answered.f1
    return 0.0 if answered.has_answer else 1.0


def best_threshold(answered: Sequence[Answered]) -> float:
    """The margin from which on giving answers makes the mean ``whole_f1`` highest; the highest such margin of several.

    Infinite where it's best never to answer.
    """
    total = best = float(sum(not one.has_answer for one in answered))
    chosen = math.inf
    falling = sorted(answered, key=lambda one: -one.margin)
    for margin, group in groupby(falling, key=lambda one: one.margin):
        total += math.fsum(one.f1 - (not one.has_answer) for one in group)
        if total > best + 1e-9:
            best, chosen = total, margin
    return chosen


# --- rows


def folded(kit: Kit, folds: Sequence[Fold]) -> list[Line]:
    """The row of two readers, each on the titles that it wasn't trained on, merged; of one reader, where it's one."""
    path = kit.file(*FILE)
    read = [[answer(fold.reader, asked) for asked in kit.sampled(questions(path, fold.titles))] for fold in folds]
    if len(folds) == 2:
        thresholds = [best_threshold(read[1]), best_threshold(read[0])]
        how = f"thresholds best on the other fold: {thresholds[0]:.2f}, {thresholds[1]:.2f}"
    else:
        thresholds, how = [EVEN] * len(folds), "threshold 0, even odds"
    titles = sum(len(fold.titles) for fold in folds)
    return _lines(f"{titles} titles not trained on", read, thresholds, how=how, barred=True)


def alone(
    kit: Kit, reader: Reader, *, name: str, titles: Sequence[str] = (), margin: float | None = None
) -> list[Line]:
    """The row of one reader on any titles (all by default), without bars: it may have been trained on them."""
    read = [answer(reader, asked) for asked in kit.sampled(questions(kit.file(*FILE), titles))]
    how = "threshold 0, even odds" if margin is None else f"threshold {margin:.2f}, as given"
    return _lines(name, [read], [EVEN if margin is None else margin], how=how, barred=False)


def _lines(
    name: str, folds: Sequence[Sequence[Answered]], thresholds: Sequence[float], *, how: str, barred: bool
) -> list[Line]:
    every = [one for fold in folds for one in fold]
    forced = [one.f1 for one in every if one.has_answer]
    given = [whole_f1(one, at) for fold, at in zip(folds, thresholds, strict=True) for one in fold]
    # By fold: the log-odds of two readers aren't on one scale.
    area = math.fsum(len(fold) * area_of(fold) for fold in folds) / max(1, len(every))
    mixed = "mean over the folds by size" if len(folds) > 1 else ""
    numbers = ((mean(forced), len(forced), ""), (mean(given), len(every), how), (area, len(every), mixed))
    return [
        Line(what=f"SQuAD 2.0, {name}: {what}", value=value, n=n, note=note, bars=bars if barred else NONE)
        for (what, bars), (value, n, note) in zip(BARRED.items(), numbers, strict=True)
    ]


def area_of(answered: Sequence[Answered]) -> float:
    """The AUROC of ``answerable``."""
    has, lacks = ([one.answerable for one in answered if one.has_answer is which] for which in (True, False))
    return auroc(has, lacks)
