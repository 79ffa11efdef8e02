"""The trained numbers of the scorer: a weight for each feature, in a file that comes with ``qa``.

``python -m eval.bench.scorer train`` and ``calibrate`` make them; what the features are is ``features``' and
``scorer``'s.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from qa.answer.features import NAMES
from qa.errors import ModelUnusable
from qa.models.fingerprint import REINSTALL

#: What the second regression sees of the candidates together.
ANSWERABLE_NAMES = (
    "best", "margin", "names_missing", "rarest_missing", "passage_cosine", "evidence", "pointed", "answers",
    "answers_second", "cosine", "cosine_mean",
)  # fmt: skip
#: What the third sees of a statement by the person asked about: whether it's about the topic asked about.
STATEMENT_NAMES = ("terms_sentence", "terms_around", "topic_cosine")


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: a weight for each feature of a sentence, of a question's candidates together, and of a
    statement. ``reader`` is the id of the reader that it was trained with: the shipped one as it was before it saw
    SQuAD 2.0, on which this was trained.

    ``slope`` and ``shift`` make a confidence of how likely an answer is there (Platt 1999); a question is answered from
    a confidence of ``threshold`` on.
    """

    sentence: tuple[float, ...]
    sentence_bias: float
    answerable: tuple[float, ...]
    answerable_bias: float
    statement: tuple[float, ...]
    statement_bias: float
    reader: str = ""
    slope: float = 1.0
    shift: float = 0.0
    threshold: float = 0.5

    def logit(self, values: Sequence[float]) -> float:
        """The log odds that a sentence with these features helps to answer."""
        return self.sentence_bias + _sum(self.sentence, values)

    def answerable_logit(self, values: Sequence[float]) -> float:
        """The log odds that a question whose candidates have these features is answered by one of them."""
        return self.answerable_bias + _sum(self.answerable, values)

    def statement_logit(self, values: Sequence[float]) -> float:
        """The log odds that what is said, with these features, is about the topic asked about."""
        return self.statement_bias + _sum(self.statement, values)

    def confidence(self, probability: float) -> float:
        """How sure one can be of an answer where one is there with this probability (0..1)."""
        inside = min(max(probability, 1e-9), 1 - 1e-9)
        return sigmoid(self.slope * math.log(inside / (1 - inside)) + self.shift)


def sigmoid(logit: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, logit))))


def _sum(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with ``qa``; raises ``ModelUnusable`` where the file doesn't fit this version's
    features.
    """
    try:
        return _read(_text())
    except (OSError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ModelUnusable("model.damaged", f"'scorer.toml' is damaged: {error!r:.80}", remedy=REINSTALL) from error


def _text() -> str:
    return resources.files("qa.answer").joinpath("scorer.toml").read_text(encoding="utf-8")


def _read(text: str) -> Weights:
    document = tomllib.loads(text)
    parts, sure = [document[part] for part in ("sentence", "answerable", "statement")], document["confidence"]
    if [tuple(part["weights"]) for part in parts] != [NAMES, ANSWERABLE_NAMES, STATEMENT_NAMES]:
        raise ModelUnusable("model.damaged", "'scorer.toml' was trained on other features", remedy=REINSTALL)
    sentence, answerable, statement = parts
    return Weights(
        _numbers(sentence), _number(sentence["bias"]), _numbers(answerable), _number(answerable["bias"]),
        _numbers(statement), _number(statement["bias"]), document["reader"],
        _number(sure["slope"]), _number(sure["shift"]), _share(sure["threshold"]),
    )  # fmt: skip


def _numbers(part: Mapping[str, Mapping[str, float]]) -> tuple[float, ...]:
    return tuple(_number(weight) for weight in part["weights"].values())


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"not a number: {value!r:.20}")
    return float(value)


def _share(value: object) -> float:
    if not 0 <= _number(value) <= 1:
        raise ValueError(f"not from 0 to 1: {value!r:.20}")
    return _number(value)
