"""Vectors from an OpenAI-compatible endpoint, behind the protocol of ``qa.models.embedder``.

An endpoint's model has no file whose digest could be taken: its fingerprint is the digest of the vector that it makes
of a text of ours. Endpoints round differently from batch to batch, so whether a name still stands for the model that
made an index is ``same_as_before``'s to tell, not the digest's.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from qa.config.endpoint import Endpoint
from qa.errors import IndexMismatch, QaError
from qa.llm import faults
from qa.llm.client import EndpointModel
from qa.llm.model import Deadline
from qa.types import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Stands before the model's name in a fingerprint: no model that comes with ``qa`` is called so.
PREFIX: Final = "endpoint/"
#: Texts that are sent at once.
BATCH: Final = 32
#: The longest vectors; those of the widest models known have half as many numbers.
WIDEST: Final = 8_192
#: Cosine of two vectors of one text from which on one model made both; endpoints round differently by the batch.
SAME: Final = 0.995
_PROBE = "The ferry was late."


def is_endpoint(fingerprint: Fingerprint) -> bool:
    """Whether an endpoint's model made these vectors."""
    return isinstance(fingerprint.name, str) and fingerprint.name.startswith(PREFIX)  # a damaged ledger may say less


def model_of(fingerprint: Fingerprint) -> str:
    """The name by which the endpoint knows the model of such a fingerprint."""
    return fingerprint.name.removeprefix(PREFIX)


class EndpointEmbedder:
    """``endpoint.model`` as an embedder. ``known`` is the fingerprint of an index that it made; without one, a text of
    our own is embedded to learn the length of its vectors.

    What fails is a ``QaError`` of ``qa.llm.faults``; vectors of another length than ``known``'s are an
    ``IndexMismatch``.
    """

    def __init__(self, endpoint: Endpoint, *, known: Fingerprint | None = None) -> None:
        self._endpoint = endpoint
        self._model = EndpointModel(endpoint)
        self._fingerprint = known

    @property
    def endpoint(self) -> Endpoint:
        """Where texts are sent."""
        return self._endpoint

    @property
    def fingerprint(self) -> Fingerprint:
        """The model's name, the digest of one of its vectors, and their length."""
        if self._fingerprint is None:
            (vector,) = self._made([_PROBE])
            self._fingerprint = Fingerprint(
                name=f"{PREFIX}{self._endpoint.model}",
                sha256=hashlib.sha256(vector.tobytes()).hexdigest(),
                dimension=len(vector),
                normalised=True,
            )
        return self._fingerprint

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of ``text``: shape ``(dimension,)``, length 1."""
        return next(self.embed_many([text]))

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The vectors of many texts, in order; so many are asked for at once as one request takes."""
        dimension = self.fingerprint.dimension
        for first in range(0, len(texts), BATCH):
            for vector in self._made(texts[first : first + BATCH]):
                if len(vector) != dimension:
                    made = f"{self._endpoint.model!r:.60} makes vectors of {len(vector)} numbers"
                    raise IndexMismatch(
                        "index.model_mismatch", f"{made}, the index has {dimension}", remedy="qa rebuild"
                    )
                yield vector

    def same_as_before(self, text: str, vector: NDArray[np.float32]) -> bool:
        """Whether it still makes ``vector`` of ``text``: a name may come to stand for another model."""
        return float(self.embed(text) @ vector) >= SAME

    def close(self) -> None:
        """Close what is open."""
        self._model.close()

    def _made(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # JSON has no lone surrogates
        try:
            vectors = self._model.embedded(readable, Deadline.after(self._endpoint.deadline))
            return [self._direction(numbers) for numbers in vectors]
        except QaError as error:  # what helps where an answer is written doesn't help here
            remedy = "qa doctor; qa rebuild --embedder own embeds without an endpoint"
            raise type(error)(error.id, error.message, remedy=remedy) from None

    def _direction(self, numbers: Sequence[float]) -> NDArray[np.float32]:
        """A vector of length 1; raises ``ModelUnusable`` for one that has no direction."""
        import numpy as np

        if len(numbers) > WIDEST:
            raise faults.unusable(self._endpoint, f"its vectors have {len(numbers)} numbers; {WIDEST} at most are read")
        length = math.hypot(*numbers)
        if not length or not math.isfinite(length):
            raise faults.unusable(self._endpoint, "a vector of it has no direction")
        return (np.asarray(numbers, dtype=np.float64) / length).astype(np.float32)
