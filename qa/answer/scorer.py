"""Says which sentences answer a question, how likely, and how likely it is that any does.

``Scorer`` is the protocol, ``ReaderScorer`` what stands behind it: the reader's word on the best passages, and what
can be counted (names, figures, who speaks), weighed by small logistic regressions that
``python -m eval.bench.scorer train`` makes. Choosing what to show is ``extract``'s.

How sure a judgement is, is one number, the confidence: how likely the answer shown is right, as calibrated on
development questions. A question is answered where it reaches the threshold, which comes with the weights unless
another was calibrated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from qa.answer.features import Candidate, Measured, Measurer
from qa.answer.reading import Page, sentences_read
from qa.answer.speech import topic_words
from qa.answer.topics import Topics
from qa.answer.weights import Weights, shipped_weights, sigmoid
from qa.answer.words import Rarity
from qa.types import Fingerprint, Question, Span

if TYPE_CHECKING:
    from qa.models.embedder import Embedder
    from qa.models.reader.reader import Reader

#: A statement of the person asked about is shown where it's more likely than not about the topic.
STATEMENT = 0.5
#: The confidence in statements where no topic is asked about: they are what was asked for.
_ALL_SAID = 0.9
#: So many passages are read for one question at most, so many at a time, until a
#: sentence answers with log-odds of at least ``_PLAIN``.
READ, _AT_A_TIME, _PLAIN = 12, 4, 3.0
#: So many of the best sentences are compared with the question by similarity, too: it knows other things.
COMPARED = 6
#: An expression that fits less well isn't shown as the short answer where the reader points at none.
_FITS = 0.5
#: Nor is one of fewer words as a reason.
_REASON = 3


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with the probability that it helps to answer, the short answer inside (article offsets) and
    reasons.
    """

    candidate: Candidate
    probability: float
    highlight: Span | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The candidates judged, best first, the probability that any of them answers, the confidence (0..1; 0 where there
    is none of them), and whether to answer: whether that reaches the scorer's threshold.
    """

    scored: tuple[Scored, ...]
    answerable: float
    confidence: float
    answered: bool


class Scorer(Protocol):
    """What reads sentences against a question. The same input gives the same judgement."""

    def judge(self, question: Question, candidates: Sequence[Candidate], *, rarity: Rarity) -> Judgement:
        """Judge the candidates, which are in the order in which their passages were found; none at all give a
        judgement that says no answer.
        """
        ...


class ReaderScorer:
    """Judges by what the reader says, and by names, figures and who speaks. ``weights`` default to the trained ones.

    ``threshold`` is the confidence from which on a question is answered (the weights' by default); with 0 it is
    wherever there is a candidate.
    """

    def __init__(
        self, embedder: Embedder, reader: Reader, *, weights: Weights | None = None, threshold: float | None = None
    ) -> None:
        self.threshold = (weights or shipped_weights()).threshold if threshold is None else threshold
        self._reader = reader
        self._topics = Topics(embedder)
        self._given = weights

    @property
    def weights(self) -> Weights:
        """The weights in use."""
        return self._given or shipped_weights()

    def judge(self, question: Question, candidates: Sequence[Candidate], *, rarity: Rarity) -> Judgement:
        """Judge the candidates of the passages that were read: the first ``READ`` at most."""
        if not candidates:
            return Judgement((), 0.0, confidence=0.0, answered=False)
        measurer = Measurer(question, rarity)
        if question.kind != "statement":
            return self._read(question, candidates, measurer)
        measured = [measurer.measure(one) for one in candidates]
        said = [one for one in measured if one.value("said_by")]
        spoken = self._said(question, said)
        if spoken.answered:
            return spoken
        # Who speaks isn't always found. What somebody else says is no answer, however near it is.
        others = [one.candidate for one in measured if not one.value("said_by") and not one.value("said_by_other")]
        read = self._read(question, others, measurer)
        return read if read.confidence > spoken.confidence else spoken

    def _read(self, question: Question, candidates: Sequence[Candidate], measurer: Measurer) -> Judgement:
        """What the reader makes of the first passages."""
        if not candidates:
            return Judgement((), 0.0, confidence=0.0, answered=False)
        ranked = self._ranked(question, candidates, measurer)
        texts = [one.candidate.view.text(one.candidate.number) for _, one in ranked[:COMPARED]]
        asked, *best = self._topics.vectors([question.text, *texts])
        values = answerable_values(ranked, [float(vector @ asked) for vector in best])
        answerable = sigmoid(self.weights.answerable_logit(values))
        scored = tuple(_scored(one, sigmoid(logit), kind=question.kind) for logit, one in ranked)
        return self._judged(scored, answerable)

    def _judged(self, scored: tuple[Scored, ...], answerable: float) -> Judgement:
        confidence = self.weights.confidence(answerable)
        return Judgement(scored, answerable, confidence=confidence, answered=confidence >= self.threshold)

    def _said(self, question: Question, measured: Sequence[Measured]) -> Judgement:
        """Statements by the person asked about, by whether they are about the topic; all of them where none is asked
        for.
        """
        if not measured:
            return Judgement((), 0.0, confidence=0.0, answered=False)
        if not topic_words(question):
            return self._judged(tuple(_scored(one, _ALL_SAID) for one in measured), _ALL_SAID)
        ranked = self._topics.logits(question, measured, self.weights)
        scored = tuple(_scored(one, sigmoid(logit)) for logit, one in ranked)
        return self._judged(scored, scored[0].probability)

    def _ranked(
        self, question: Question, candidates: Sequence[Candidate], measurer: Measurer
    ) -> list[tuple[float, Measured]]:
        """Logits and features of the candidates that were read, best first; stops reading where the answer is plain."""
        ranked: list[tuple[float, Measured]] = []
        pages = iter(pages_of(candidates)[:READ])
        while some := list(islice(pages, _AT_A_TIME)):
            for one in self.measured(question, some, measurer):
                ranked.append((self.weights.logit(one.values), one))
            if max(logit for logit, _ in ranked) >= _PLAIN:
                break
        return sorted(ranked, key=lambda pair: -pair[0])

    def measured(
        self, question: Question, pages: Sequence[tuple[Page, Sequence[Candidate]]], measurer: Measurer
    ) -> list[Measured]:
        """The features of the candidates of some pages, which are read."""
        found = self._reader.read_many(question.text, [page.passage() for page, _ in pages])
        measured = []
        for (page, candidates), reading in zip(pages, found, strict=True):
            said = sentences_read(page, reading)
            measured += [measurer.measure(one).with_reading(said[one.number]) for one in candidates]
        return measured


def pages_of(candidates: Sequence[Candidate]) -> list[tuple[Page, list[Candidate]]]:
    """What is to be read, in the candidates' order: for each passage its body sentences, and its candidates."""
    found: dict[tuple[str, Span], list[Candidate]] = {}
    for one in candidates:
        found.setdefault((one.view.article.id, one.passage), []).append(one)
    pages = []
    for (_, passage), those in found.items():
        view = those[0].view
        numbers = {number for number in view.numbers_in(passage) if view.is_body(number)}
        pages.append((Page(view, tuple(sorted(numbers | {one.number for one in those}))), those))
    return pages


def _scored(one: Measured, probability: float, *, kind: str = "") -> Scored:
    span = one.pointed or (one.fit.span if one.fit.strength >= _FITS else None)
    if kind == "why" and span is not None and len(span.of(one.candidate.view.article.text).split()) < _REASON:
        span = None  # a figure or a name is no reason
    return Scored(one.candidate, probability, span, one.reasons)


def answerable_values(ranked: Sequence[tuple[float, Measured]], cosines: Sequence[float]) -> tuple[float, ...]:
    """What the second regression sees of candidates, best first, in the order of ``ANSWERABLE_NAMES``. ``cosines`` are
    the first ``COMPARED`` sentences' with the question.
    """
    logits, measured = [logit for logit, _ in ranked], [one for _, one in ranked]
    pages: dict[tuple[str, Span], float] = {}
    for one in measured:
        pages[one.candidate.view.article.id, one.candidate.passage] = one.value("answers")
    answers = sorted(pages.values(), reverse=True)
    return (
        logits[0],
        min(logits[0] - logits[1], 4.0) if len(logits) > 1 else 0.0,
        min(one.value("names_missing") for one in measured),
        min(one.value("rarest_missing") for one in measured),
        max(one.value("passage_cosine") for one in measured),
        max(one.value("evidence") for one in measured),
        max(one.value("pointed") for one in measured),
        answers[0],
        answers[1] if len(answers) > 1 else answers[0],
        max(cosines),
        sum(cosines) / len(cosines),
    )


def scorer_digest(embedder: Fingerprint, reader: Fingerprint, weights: Weights | None = None) -> str:
    """The sha256 of all that makes a confidence: weights (the trained ones by default), rule, embedder and reader.

    A threshold that was calibrated for one digest means nothing for another.
    """
    rule = (STATEMENT, _ALL_SAID, READ, _AT_A_TIME, _PLAIN)
    parts = (astuple(weights or shipped_weights()), rule, embedder.sha256, reader.sha256)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
