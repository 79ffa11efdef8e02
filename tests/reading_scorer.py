"""A scorer made of a reader alone: it lets any reader stand behind the product.

Untuned on purpose: a sentence is as likely as the reader's evidence says, and a question as answerable as the passage
that answers it best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.answer.features import Candidate
from qa.answer.scorer import Judgement, Scored
from qa.answer.weights import sigmoid
from qa.answer.words import Rarity
from qa.models.reader.passage import Found, ReaderPassage
from qa.models.reader.reader import Reader
from qa.types import Question, Span

#: Even odds.
THRESHOLD = 0.5


class ReadingScorer:
    """Judges by what a reader says of each passage; answers from a confidence of ``threshold`` on."""

    def __init__(self, reader: Reader, *, threshold: float = THRESHOLD) -> None:
        self._reader = reader
        self._threshold = threshold

    def judge(self, question: Question, candidates: Sequence[Candidate], *, rarity: Rarity) -> Judgement:
        """Read each passage once; its best one says whether there is an answer."""
        if not candidates:
            return Judgement((), 0.0, confidence=0.0, answered=False)
        passages: dict[tuple[str, Span], list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            passages[candidate.view.article.id, candidate.passage].append(candidate)
        scored: list[Scored] = []
        best = 0.0
        for inside in passages.values():
            inside.sort(key=lambda one: one.span.start)
            found = self._reader.read(question.text, _passage(inside))
            best = max(best, sigmoid(found.answerable))
            scored += _scored(inside, found)
        scored.sort(key=lambda one: -one.probability)
        return Judgement(tuple(scored), best, confidence=best, answered=best >= self._threshold)


def _start(inside: Sequence[Candidate]) -> int:
    return min(inside[0].span.start, inside[0].passage.start)


def _passage(inside: Sequence[Candidate]) -> ReaderPassage:
    """The passage with those sentences around it that may answer, too; sentences that mayn't aren't among its own."""
    article, start = inside[0].view.article, _start(inside)
    published = article.published.isoformat() if article.published else ""
    return ReaderPassage(
        head=" | ".join(part for part in (article.title, published) if part),
        text=article.text[start : max(inside[-1].span.end, inside[0].passage.end)],
        sentences=tuple((one.span.start - start, one.span.end - start) for one in inside),
    )


def _scored(inside: Sequence[Candidate], found: Found) -> Iterator[Scored]:
    start = _start(inside)
    for candidate, evidence in zip(inside, found.evidence, strict=True):
        span = candidate.span
        pointed = [
            Span(start + one.start, start + one.end)
            for one in found.spans
            if one.margin > 0 and span.start <= start + one.start and start + one.end <= span.end
        ]
        yield Scored(candidate, sigmoid(evidence), pointed[0] if pointed else None, reasons=())
