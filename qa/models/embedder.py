"""Turns a text into a vector, with the model that comes with ``qa``.

One text a call and no padding: a vector then depends on nothing but its text, and costs the same as in a batch.
Endpoint embedders live elsewhere, behind the same protocol. Searching vectors and storing them isn't here.

On processors of different kinds the same text's vectors differ in their last digits: cosines of at least .9996 between
one with VNNI and one without (8 texts, the second emulated).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.models import opening
from qa.models.fingerprint import Card, fingerprint_of_shipped, read_card, shipped_folder
from qa.types import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime as ort
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

__all__ = ["Embedder", "Fingerprint", "MiniLM", "fingerprint_of_shipped"]

WORKERS = 2  # threads of embed_many; one call uses one core and releases the GIL
AHEAD = 8  # texts in flight, so that a worker never waits and a million texts never pile up
MARKERS = 2  # [CLS] and [SEP], which the tokenizer puts around every text


class Embedder(Protocol):
    """What embeds. Equal texts give bit-identical vectors, alone or among others, in any order."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; stored beside every vector that it made."""
        ...

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of one text: shape ``(dimension,)``, of length 1, never NaN, whatever the text."""
        ...

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The vectors of many texts, in order, each as soon as it's there: a caller can show progress and commit."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2 in ONNX Runtime. Build it with ``MiniLM.load``; it may be used from several threads."""

    def __init__(self, *, card: Card, session: ort.InferenceSession, tokenizer: Tokenizer) -> None:
        self._card = card
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path | None = None) -> MiniLM:
        """Open the model in ``folder`` (default: the one that comes with ``qa``) after checking each file's sha256.

        Raises ``ModelUnusable`` (``model.missing``, ``model.damaged``).
        """
        folder = folder or shipped_folder()
        card = read_card(folder)
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        opening.check(model, card.fingerprint.sha256)
        opening.check(tokenizer, card.tokenizer_sha256)
        try:
            cutting = opening.tokenizer(tokenizer, tokens=card.tokens)
            return cls(card=card, session=opening.session(model), tokenizer=cutting)
        except Exception as error:  # what the two libraries raise has no base of its own; the files are the only input
            raise opening.damaged(folder, error) from error

    @property
    def fingerprint(self) -> Fingerprint:
        """Name, digest, dimension, normalisation."""
        return self._card.fingerprint

    @property
    def max_tokens(self) -> int:
        """How many tokens the model reads, its two markers included; what's beyond is cut."""
        return self._card.tokens

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of ``text``'s first ``max_tokens`` tokens: shape ``(dimension,)``, length 1."""
        import numpy as np

        ids = np.array([self._encoded(text).ids], dtype=np.int64)
        vector: NDArray[np.float32] = self._session.run(None, {"ids": ids})[0][0]
        return vector

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """``embed`` of each text, in order, lazily, on two threads. Closing the iterator stops the work."""
        with ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="qa-embed") as pool:
            waiting: deque[Future[NDArray[np.float32]]] = deque()
            try:
                for text in texts:
                    waiting.append(pool.submit(self.embed, text))
                    if len(waiting) >= AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def count_tokens(self, text: str) -> int:
        """How many tokens ``text`` has in full, the two markers included; those beyond ``max_tokens`` aren't read."""
        encoding = self._encoded(text)
        return len(encoding.ids) + sum(len(rest.ids) - MARKERS for rest in encoding.overflowing)

    def is_cut(self, text: str) -> bool:
        """Whether ``embed`` reads only a beginning of ``text``."""
        return bool(self._encoded(text).overflowing)

    def _encoded(self, text: str) -> Encoding:
        # A lone surrogate has no UTF-8, which the tokenizer needs; it's read as "?".
        return self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
