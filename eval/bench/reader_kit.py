"""What the reader's rows measure with: the reader, and the product over a collection made for one question.

The product is ``qa.app.Reading`` over a real ledger in a temporary folder, with exact search (no generation is
published), which takes 60 ms a question on one passage. What a row measures is said in its own module.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from eval.run.engine import CLAIMS
from qa.answer.scorer import Scorer
from qa.app import Reading
from qa.errors import UsageError
from qa.ingest.segment import segment
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Writer
from qa.library.analyse import analyse, embedded_texts
from qa.library.embedding import adopt, embed_missing
from qa.models.embedder import Embedder
from qa.models.reader.passage import ReaderPassage
from qa.models.reader.reader import MiniLMReader, Reader
from qa.types import Citation, Draft, Filters

if TYPE_CHECKING:
    from numpy.typing import NDArray

_T = TypeVar("_T")


def load(folder: Path | None = None) -> Reader:
    """The reader in ``folder``, by default the one that comes with ``qa``; raises ``ModelUnusable``."""
    return MiniLMReader.load(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What a table is measured with.

    ``data`` is the folder of development data, ``work`` one for indexes. ``reader`` is None where there is none yet.
    ``scorer`` makes, for a threshold, what says which sentences answer; None means the product's own. ``threshold``
    is the confidence from which on the product answers. Of each set ``sample`` items are taken (0: all);
    of newsroom and the sample article always all.
    """

    data: Path
    work: Path
    embedder: Embedder
    reader: Reader | None = None
    scorer: Callable[[float], Scorer] | None = None
    threshold: float
    sample: int = 0

    def file(self, *parts: str) -> Path:
        """A file or folder of the development data; raises ``UsageError`` where it isn't there."""
        path = self.data.joinpath(*parts)
        if not path.exists():
            raise UsageError(
                "bench.no_data", f"there is no {'/'.join(parts)!r} in {str(self.data)!r}", remedy="set QA_DATA"
            )
        return path

    def sampled(self, items: Sequence[_T]) -> list[_T]:
        """``sample`` of ``items``, evenly spread, in their order."""
        return spread(items, self.sample or len(items))

    @contextmanager
    def reading(self, index: Path, *, threshold: float) -> Iterator[Reading]:
        """The product over an index, answering from a confidence of ``threshold`` on, with what is loaded already."""
        with Reading(index, threshold=threshold) as reading:
            reading.embedder = self.embedder
            if self.scorer is not None:
                reading.scorer = self.scorer(threshold)
            yield reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """What the product cites when it must answer, in the order shown, the sentences in it, and its confidence in 0..1.

    Nothing is cited where something stands against any answer (what the question names is nowhere, say).
    """

    citations: tuple[Citation, ...]
    sentences: tuple[str, ...]
    confidence: float


def forced(kit: Kit, question: str, drafts: Sequence[Draft], *, k: int = CLAIMS) -> Forced:
    """The product's forced answer of at most ``k`` claims to ``question`` where ``drafts`` are all there is."""
    with collection(kit, drafts) as reading:
        asked = reading.ask(question, k=k, filters=Filters())
        citations = tuple(citation for claim in asked.answer.claims for citation in claim.citations)
        sentences = tuple(sentence for one in citations for sentence in _sentences(reading.ledger, one))
    return Forced(citations=citations, sentences=sentences, confidence=asked.confidence or 0.0)


def _sentences(ledger: Ledger, cited: Citation) -> list[str]:
    inside = [one for one in ledger.sentences(cited.article_id) if cited.start <= one.start < cited.end]
    return [cited.quote[one.start - cited.start : one.end - cited.start] for one in inside]


@contextmanager
def collection(kit: Kit, drafts: Sequence[Draft]) -> Iterator[Reading]:
    """An index of ``drafts`` alone, open for questions that are answered wherever anything could be an answer."""
    with tempfile.TemporaryDirectory(prefix="qa-bench-", dir=kit.work) as folder:
        index = Path(folder)
        with Ledger.open_to_write(index) as ledger:
            _store(Writer(ledger), drafts, kit.embedder)
        with kit.reading(index, threshold=0.0) as reading:
            yield reading


def _store(writer: Writer, drafts: Sequence[Draft], embedder: Embedder) -> None:
    adopt(writer, embedder.fingerprint)
    analysed = [(draft, analyse(draft)) for draft in drafts]
    texts = {sha: text for draft, made in analysed for sha, text in embedded_texts(draft, made.segmentation.passages)}
    vectors = embed_missing(writer, texts, embedder)
    with writer.transaction():
        writer.put_vectors(vectors)
        for draft, made in analysed:
            writer.store(draft, made, recipe="eval.bench.reader", known=None)


def whole(title: str, text: str) -> ReaderPassage:
    """All of a text as one passage under its title, with its sentences as ``qa`` cuts them."""
    sentences = segment(text, title=title).sentences
    return ReaderPassage(head=title, text=text, sentences=tuple((one.start, one.end) for one in sentences))


def spread(items: Sequence[_T], count: int) -> list[_T]:
    """``count`` of ``items`` (all, where there are no more), evenly spread, in their order."""
    count = min(count, len(items))
    return [items[place * len(items) // count] for place in range(count)]


def cosines(embedder: Embedder, question: str, texts: Sequence[str]) -> list[float]:
    """The cosine of each of ``texts`` with the question."""
    asked = embedder.embed(question)
    return [float(vector @ asked) for vector in embedder.embed_many(texts)]


def most_similar(cosines: Sequence[float], count: int) -> list[int]:
    """The places of the ``count`` highest; the first of equals."""
    return sorted(range(len(cosines)), key=lambda place: (-cosines[place], place))[:count]


def _kept(cache: Path, model: str) -> dict[bytes, NDArray[np.float32]]:
    with np.load(cache) as stored:
        if str(stored["model"]) != model:
            return {}
        return dict(zip(map(bytes.fromhex, stored["keys"]), stored["vectors"], strict=True))


class Kept:
    """An embedder that embeds each text once, and between runs too where there is a ``cache`` file (.npz)."""

    def __init__(self, real: Embedder, cache: Path | None = None) -> None:
        self.fingerprint = real.fingerprint
        self._real = real
        self._cache = cache
        self._vectors: dict[bytes, NDArray[np.float32]] = {}
        if cache is not None and cache.exists():
            try:
                self._vectors = _kept(cache, self.fingerprint.sha256)
            except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
                raise UsageError(
                    "bench.bad_cache", f"{str(cache)!r} isn't a cache of vectors", remedy="delete it"
                ) from error

    def embed(self, text: str) -> NDArray[np.float32]:
        """The real vector, made or remembered."""
        return next(self.embed_many([text]))

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The real vectors of ``texts``, in order."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        self._vectors.update(zip(missing, self._real.embed_many(list(missing.values())), strict=True))
        return (self._vectors[key] for key in keys)

    def save(self) -> None:
        """Write the cache, if there is to be one."""
        if self._cache is not None:
            keys = np.array([key.hex() for key in self._vectors])
            vectors = np.array(list(self._vectors.values()))
            np.savez(self._cache, model=np.array(self.fingerprint.sha256), keys=keys, vectors=vectors)
