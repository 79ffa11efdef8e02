"""Reads a passage against a question with the model that comes with ``qa``.

One window a call and no padding, so that what is found depends on nothing but question and passage. What is made of
it (which passages are read, when to stop, whether to answer) is ``qa.answer``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.models import opening
from qa.models.fingerprint import Card, read_card, shipped_folder
from qa.models.reader.encoding import Encoder, Window
from qa.models.reader.passage import Found, Pointed, ReaderPassage
from qa.models.reader.spans import best_spans
from qa.types import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime as ort
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

SPANS = 5
WORKERS = 2  # threads of read_many; one call uses one core and releases the GIL
_NOT_THERE = -20.0  # log-odds of a sentence that no window has a token of


class Reader(Protocol):
    """What reads. Equal input gives bit-identical output, alone or among others, in any order."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is."""
        ...

    def read(self, question: str, passage: ReaderPassage) -> Found:
        """What the passage says to the question."""
        ...

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        """``read`` of each passage, in order, each as soon as it's there."""
        ...


class MiniLMReader:
    """The reader in ONNX Runtime. Build it with ``MiniLMReader.load``; it may be used from several threads."""

    def __init__(self, *, card: Card, session: ort.InferenceSession, tokenizer: Tokenizer) -> None:
        self._card = card
        self._session = session
        self._encoder = Encoder(tokenizer, tokens=card.tokens)

    @classmethod
    def load(cls, folder: Path | None = None) -> MiniLMReader:
        """Open the model in ``folder`` (default: the one that comes with ``qa``) after checking each file's sha256.

        Its tokenizer is the embedder's. Raises ``ModelUnusable`` (``model.missing``, ``model.damaged``).
        """
        folder = folder or shipped_reader()
        card = read_card(folder)
        model, tokenizer = folder / "model.onnx", shipped_folder() / "tokenizer.json"
        opening.check(model, card.fingerprint.sha256)
        opening.check(tokenizer, card.tokenizer_sha256)
        try:
            session = opening.session(model)
            opening.speaks(session, takes=("ids",), gives=("pointers", "answerable"))
            return cls(card=card, session=session, tokenizer=opening.tokenizer(tokenizer, tokens=None))
        except Exception as error:  # what the two libraries raise has no base of its own; the files are the only input
            raise opening.damaged(folder, error) from error

    @property
    def fingerprint(self) -> Fingerprint:
        """Name and digest; the dimension is the network's width."""
        return self._card.fingerprint

    def read(self, question: str, passage: ReaderPassage) -> Found:
        """What the passage says to the question; one that is longer than a reading is read in windows that overlap."""
        readings = [self._window(window, passage) for window in self._encoder.windows(question, passage)]
        if len(readings) == 1:
            return readings[0]
        return Found(
            answerable=max(one.answerable for one in readings),
            spans=_apart(span for one in readings for span in one.spans),
            evidence=tuple(max(column) for column in zip(*(one.evidence for one in readings), strict=True)),
            cut=True,
        )

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        """``read`` of each passage, in order, on two threads. Closing the iterator drops what wasn't begun."""
        if len(passages) < WORKERS:
            yield from (self.read(question, passage) for passage in passages)
            return
        pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="qa-read")
        try:
            yield from pool.map(lambda passage: self.read(question, passage), passages)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _window(self, window: Window, passage: ReaderPassage) -> Found:
        import numpy as np

        ids = np.array([window.ids], dtype=np.int64)
        pointers, answerable = self._session.run(["pointers", "answerable"], {"ids": ids})
        logits: NDArray[np.float32] = pointers[0]
        found = best_spans(logits[:, 0], logits[:, 1], first=window.first, count=SPANS)
        ranges = window.sentence_tokens(passage.sentences)
        return Found(
            answerable=float(answerable[0, 0]),
            spans=_apart(
                Pointed(start=window.offsets[start][0], end=window.offsets[end][1], margin=margin)
                for start, end, margin in found
            ),
            evidence=tuple(float(logits[a:b, 2].mean()) if a < b else _NOT_THERE for a, b in ranges),
            cut=False,
        )


def _apart(spans: Iterable[Pointed]) -> tuple[Pointed, ...]:
    """The best spans that don't overlap in the text, best first: several tokens may stand in one place of it."""
    kept: list[Pointed] = []
    for span in sorted(spans, key=lambda span: -span.margin):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(kept[:SPANS])


def shipped_reader() -> Path:
    """Where the reader that comes with ``qa`` lies."""
    return Path(__file__).parent / "minilm"
