"""How near what somebody said is to the topic asked about, by similarity; who said it is settled before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.answer.features import Candidate, Measured
from qa.answer.speech import said_by, topic_words
from qa.answer.weights import Weights
from qa.types import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.models.embedder import Embedder

#: So many statements at most are embedded for one question, those that share most words with it.
_EMBEDDED = 24
_REMEMBERED = 2_048
#: Log-odds that a statement loses which has no word of the topic and isn't as near as one that has.
FARTHER = 1.5


class Topics:
    """Compares statements with topics; vectors made lately are remembered."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[bytes, NDArray[np.float32]] = {}

    def logits(
        self, question: Question, measured: Sequence[Measured], weights: Weights
    ) -> list[tuple[float, Measured]]:
        """The log-odds that each statement is about the topic, best first; of many, only the likeliest are kept.

        One that has no word of the topic must be as near to it as those that do: a better one is there already.
        """
        near = sorted(measured, key=lambda one: (-one.value("terms_sentence"), -one.value("terms_around")))[:_EMBEDDED]
        about = " ".join(topic_words(question))
        topic, *said = self.vectors([about, *(said_text(question, one.candidate) for one in near)])
        cosines = [float(vector @ topic) for vector in said]
        nearest = max((c for c, one in zip(cosines, near, strict=True) if one.value("terms_sentence")), default=-1.0)
        found = []
        for cosine, one in zip(cosines, near, strict=True):
            logit = weights.statement_logit((one.value("terms_sentence"), one.value("terms_around"), cosine))
            found.append((logit - (0.0 if one.value("terms_sentence") or cosine >= nearest else FARTHER), one))
        return sorted(found, key=lambda pair: -pair[0])

    def vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The vectors of ``texts``, in order; those embedded lately are remembered."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if len(self._vectors) + len(missing) > _REMEMBERED:
            self._vectors.clear()
            missing = dict(zip(keys, texts, strict=True))
        self._vectors.update(zip(missing, self._embedder.embed_many(list(missing.values())), strict=True))
        return [self._vectors[key] for key in keys]


def said_text(question: Question, candidate: Candidate) -> str:
    """What is compared with a question's topic: what was said, without who said it."""
    view = candidate.view
    said = [one for one in view.said(candidate.number) if said_by(question, view, one)]
    if not said:
        return view.text(candidate.number)
    return view.article.text[min(one.start for one in said) : max(one.end for one in said)]
