"""Says which sentences answer a question, how likely, and how likely it is that any does.

``Scorer`` is the protocol; ``SimilarityScorer`` stands behind it until the reader does: two small logistic
regressions over the features of ``qa.answer.features``, trained by ``python -m eval.bench.scorer train``. Choosing
what to show is ``extract``'s.

How sure a judgement is, is one number, the confidence: a question is answered where it reaches the threshold.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Protocol

from qa.answer.features import NAMES, Candidate, Measured, Reader
from qa.answer.speech import said_by, topic_words
from qa.answer.words import Rarity
from qa.errors import ModelUnusable
from qa.types import Fingerprint, Question, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.models.embedder import Embedder

#: A question is answered where the confidence is at least this, unless a threshold was calibrated. By that, where the
#: probability that one of the sentences answers it is at least this. This and the next two were chosen on held-out
#: folds (``python -m eval.bench.scorer train`` prints them): over-refusals and false answers about alike.
THRESHOLD = 0.55
#: ... and the best sentence isn't hopeless;
LEAST = 0.05
#: or where the best sentence alone is as likely as this, and all together don't speak clearly against it.
PLAIN = 0.45
AGAINST = 0.3
#: A statement of the person asked about is shown where it's more likely than not about the topic.
STATEMENT = 0.5
#: The confidence in statements where no topic is asked about: they are what was asked for.
_ALL_SAID = 0.9
#: So many sentences at most are embedded for one question; the others are judged without.
_EMBEDDED = 24
_REMEMBERED = 2_048
#: An expression that fits less well isn't shown as the short answer.
_FITS = 0.5
#: What the second regression sees of the candidates together.
ANSWERABLE_NAMES = (
    "best", "margin", "names_missing", "rarest_missing", "passage_cosine", "cosine", "cosine_mean", "cosine_top3",
)  # fmt: skip

#: What the third sees of a statement by the person asked about: whether it's about the topic asked about.
STATEMENT_NAMES = ("terms_sentence", "terms_around", "topic_cosine")


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
        """Judge all candidates; none at all give a judgement that says no answer."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: a weight for each feature of a sentence, of a question's candidates together, and of a
    statement.
    """

    sentence: tuple[float, ...]
    sentence_bias: float
    answerable: tuple[float, ...]
    answerable_bias: float
    statement: tuple[float, ...]
    statement_bias: float

    def statement_logit(self, one: Measured) -> float:
        """The log odds that what is said is about the topic asked about."""
        return self.statement_bias + sum(
            w * one.value(name) for w, name in zip(self.statement, STATEMENT_NAMES, strict=True)
        )

    def logit(self, values: Sequence[float]) -> float:
        """The log odds that a sentence with these features helps to answer."""
        return self.sentence_bias + sum(weight * value for weight, value in zip(self.sentence, values, strict=True))

    def answerable_logit(self, values: Sequence[float]) -> float:
        """The log odds that a question whose candidates have these features is answered by one of them."""
        return self.answerable_bias + sum(weight * value for weight, value in zip(self.answerable, values, strict=True))


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with ``qa``; raises ``ModelUnusable`` where the file doesn't fit this version's
    features.
    """
    document = tomllib.loads(resources.files("qa.answer").joinpath("scorer.toml").read_text(encoding="utf-8"))
    parts = [document[part] for part in ("sentence", "answerable", "statement")]
    if [tuple(part["weights"]) for part in parts] != [NAMES, ANSWERABLE_NAMES, STATEMENT_NAMES]:
        raise ModelUnusable(
            "model.damaged", "'scorer.toml' was trained on other features", remedy="python -m eval.bench.scorer train"
        )
    sentence, answerable, statement = parts
    return Weights(
        _numbers(sentence), float(sentence["bias"]), _numbers(answerable), float(answerable["bias"]),
        _numbers(statement), float(statement["bias"]),
    )  # fmt: skip


def _numbers(part: Mapping[str, Mapping[str, float]]) -> tuple[float, ...]:
    return tuple(float(weight) for weight in part["weights"].values())


def scorer_digest(fingerprint: Fingerprint, weights: Weights | None = None) -> str:
    """The sha256 of all that makes a confidence: weights (the trained ones by default), rule and embedder.

    A threshold that was calibrated for one digest means nothing for another.
    """
    rule = (THRESHOLD, LEAST, PLAIN, AGAINST, STATEMENT, _ALL_SAID)
    parts = (astuple(weights or shipped_weights()), rule, fingerprint.sha256)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


class SimilarityScorer:
    """Judges by similarity, names, figures and who speaks. ``weights`` default to the trained ones.

    ``threshold`` is the confidence from which on a question is answered; with 0 it is wherever there is a candidate.
    """

    def __init__(self, embedder: Embedder, *, weights: Weights | None = None, threshold: float = THRESHOLD) -> None:
        self.threshold = threshold
        self._embedder = embedder
        self._weights = weights
        self._vectors: dict[bytes, NDArray[np.float32]] = {}

    def judge(self, question: Question, candidates: Sequence[Candidate], *, rarity: Rarity) -> Judgement:
        """Judge all candidates; the 24 that look best without their vectors are embedded."""
        if not candidates:
            return Judgement((), 0.0, confidence=0.0, answered=False)
        measured = self.measure(question, candidates, rarity=rarity)
        if question.kind == "statement":
            return self._on_topic(measured, has_topic=bool(topic_words(question)))
        weights = self._weights or shipped_weights()
        ranked = sorted(((weights.logit(one.values), one) for one in measured), key=lambda pair: -pair[0])
        together = answerable_values([logit for logit, _ in ranked], [one for _, one in ranked])
        scored = tuple(_scored(one, sigmoid(logit)) for logit, one in ranked)
        answerable = sigmoid(weights.answerable_logit(together))
        return self._judged(scored, answerable, confidence_of(answerable, scored[0].probability))

    def _judged(self, scored: tuple[Scored, ...], answerable: float, confidence: float) -> Judgement:
        return Judgement(scored, answerable, confidence=confidence, answered=confidence >= self.threshold)

    def _on_topic(self, measured: Sequence[Measured], *, has_topic: bool) -> Judgement:
        """Statements by the person asked about, by whether they are about the topic; all of them where none is asked
        for.

        One that has no word of the topic must be as near to it as those that do: a better one is there already.
        """
        if not has_topic:
            return self._judged(tuple(_scored(one, _ALL_SAID) for one in measured), _ALL_SAID, _ALL_SAID)
        weights = self._weights or shipped_weights()
        nearest = max((one.value("topic_cosine") for one in measured if one.value("terms_sentence")), default=-1.0)
        scored = []
        for one in measured:
            probability = sigmoid(weights.statement_logit(one))
            if not one.value("terms_sentence") and one.value("topic_cosine") < nearest:
                probability /= 2
            scored.append(_scored(one, probability))
        scored.sort(key=lambda one: -one.probability)
        best = scored[0].probability
        return self._judged(tuple(scored), best, _placed(best, STATEMENT))

    def measure(
        self, question: Question, candidates: Sequence[Candidate], *, rarity: Rarity, at_most: int = _EMBEDDED
    ) -> list[Measured]:
        """The features of those candidates that are worth embedding."""
        reader = Reader(question, rarity)
        rough = [reader.measure(candidate) for candidate in candidates]
        if len(rough) > at_most:
            weights = self._weights or shipped_weights()
            rough.sort(
                key=lambda one: (
                    -weights.logit(one.with_cosines(cosine=one.value("passage_cosine"), mean=0.0, topic=0.0).values)
                )
            )
            rough = rough[:at_most]
        topic = " ".join(topic_words(question)) or question.text
        asked, about = self.vectors([question.text, topic])
        there = self.vectors([spoken_text(one.candidate) for one in rough])
        said = self.vectors([said_text(question, one.candidate) for one in rough])
        cosines = [float(vector @ asked) for vector in there]
        mean = sum(cosines) / len(cosines)
        return [
            one.with_cosines(cosine=cosine, mean=mean, topic=float(vector @ about))
            for one, cosine, vector in zip(rough, cosines, said, strict=True)
        ]

    def vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The vectors of ``texts``, in order; those embedded lately are remembered."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if len(self._vectors) + len(missing) > _REMEMBERED:
            self._vectors.clear()
            missing = dict(zip(keys, texts, strict=True))
        self._vectors.update(zip(missing, self._embedder.embed_many(list(missing.values())), strict=True))
        return [self._vectors[key] for key in keys]


def _scored(one: Measured, probability: float) -> Scored:
    return Scored(one.candidate, probability, one.fit.span if one.fit.strength >= _FITS else None, one.reasons)


def answerable_values(logits: Sequence[float], measured: Sequence[Measured]) -> tuple[float, ...]:
    """What the second regression sees, in the order of ``ANSWERABLE_NAMES``; both sequences are best first."""
    margin = logits[0] - logits[1] if len(logits) > 1 else 0.0
    cosines = sorted((one.value("cosine") for one in measured), reverse=True)
    return (
        logits[0],
        min(margin, 4.0),
        min(one.value("names_missing") for one in measured),
        min(one.value("rarest_missing") for one in measured),
        max(one.value("passage_cosine") for one in measured),
        cosines[0],
        sum(cosines) / len(cosines),
        sum(cosines[:3]) / len(cosines[:3]),
    )


def spoken_text(candidate: Candidate) -> str:
    """A sentence as it is read: persons whom it doesn't name but means stand in front ("Daniel Zhang: He also ...")."""
    view, number = candidate.view, candidate.number
    named = [meant.person.name for meant in view.meant(number) if meant.kind != "name"]
    named += [statement.speaker for statement in view.said(number) if statement.inferred]
    there = {meant.person.name for meant in view.meant(number) if meant.kind == "name"}
    front = ", ".join(name for name in dict.fromkeys(named) if name not in there)
    return f"{front}: {view.text(number)}" if front else view.text(number)


def said_text(question: Question, candidate: Candidate) -> str:
    """What is compared with a question's topic: for statements what was said, without who said it; else
    ``spoken_text``.
    """
    if question.kind == "statement":
        view = candidate.view
        said = [one for one in view.said(candidate.number) if said_by(question, view, one)]
        if said:
            return view.article.text[min(one.start for one in said) : max(one.end for one in said)]
    return spoken_text(candidate)


def confidence_of(answerable: float, best: float) -> float:
    """How sure an answer is, from the probability that any sentence answers and that of the best one: it grows with
    both, and reaches ``THRESHOLD`` where one of the two rules beside that constant holds.
    """
    together = min(_placed(answerable, THRESHOLD), _placed(best, LEAST))
    alone = min(_placed(best, PLAIN), _placed(answerable, AGAINST))
    return max(together, alone)


def _placed(probability: float, least: float) -> float:
    """``probability`` stretched, in two straight lines, so that ``least`` comes to lie on ``THRESHOLD``; 0 and 1 stay.

    What is below ``least`` stays below, in floating point too: the decision doesn't depend on rounding.
    """
    if probability >= least:
        return THRESHOLD + (1.0 - THRESHOLD) * (probability - least) / (1.0 - least)
    return min(THRESHOLD * probability / least, math.nextafter(THRESHOLD, 0.0))


def sigmoid(logit: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, logit))))
