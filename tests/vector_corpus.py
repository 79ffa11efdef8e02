"""What the tests of ``qa.index`` share: a ledger whose vectors they choose, the oracle, damage. No test is in here."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.dense import DenseIndex, DenseResult
from qa.index.generation import current
from qa.ledger.ledger import Ledger, article_id
from qa.ledger.writer import Analysis, Writer
from qa.types import Draft, Fingerprint, PassageSpan, Segmentation, SentenceSpan

TESTS = Path(__file__).parent

Vectors = NDArray[np.float32]


def fingerprint(name: str = "chosen", dimension: int = 16) -> Fingerprint:
    """A model that nobody has run."""
    return Fingerprint(
        name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), dimension=dimension, normalised=True
    )


def clustered(count: int, *, dimension: int = 16, seed: int = 0, spread: float = 0.7) -> Vectors:
    """Vectors of length 1 around a few hundred centres, as passages lie around topics."""
    dice = np.random.default_rng(seed)
    centres = dice.normal(size=(max(20, count // 50), dimension))
    points = centres[dice.integers(0, len(centres), count)] + spread * dice.normal(size=(count, dimension))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


class Corpus:
    """An index folder that is open for writing; ``put`` and ``remove`` commit, publishing is the test's."""

    def __init__(self, index: Path, *, model: Fingerprint | None = None) -> None:
        index.mkdir(parents=True, exist_ok=True)
        self.index = index
        self.ledger = Ledger.open_to_write(index)
        self.writer = Writer(self.ledger)
        if self.ledger.model is None or model is not None:
            with self.writer.transaction():
                self.writer.use_model(model or fingerprint())

    def put(self, name: str, vectors: Vectors, *, source: str = "") -> str:
        """Store an article (or its next version) with one passage for each of ``vectors``; returns its id."""
        with self.writer.transaction():
            return self._store(name, vectors, source=source)

    def put_many(self, names: Sequence[str], vectors: Vectors) -> None:
        """Store articles with one passage each, in one transaction."""
        with self.writer.transaction():
            for name, vector in zip(names, vectors, strict=True):
                self._store(name, vector.reshape(1, -1), source="")

    def remove(self, name: str) -> None:
        """Take an article out."""
        with self.writer.transaction():
            self.writer.remove(article_id(name))

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()

    def _store(self, name: str, vectors: Vectors, *, source: str) -> str:
        shas = tuple(hashlib.sha256(vector.tobytes()).digest() for vector in vectors)
        spans = [(3 * number, 3 * number + 2) for number in range(len(vectors))]
        cut = Segmentation(
            sentences=tuple(SentenceSpan(start=start, end=end) for start, end in spans),
            passages=tuple(PassageSpan(start=a, end=b, first=n, last=n + 1) for n, (a, b) in enumerate(spans)),
        )
        self.writer.put_vectors(zip(shas, vectors, strict=True))
        draft = Draft(identity=name, text="ab " * len(vectors), source=source)
        analysis = Analysis(segmentation=cut, people=(), statements=(), vector_shas=shas)
        return self.writer.store(draft, analysis, recipe="test", known=self.ledger.known(name))


def twelve_articles(index: Path) -> Corpus:
    """An index of 60 passages in 12 articles of two sources, with nothing published."""
    corpus = Corpus(index)
    vectors = clustered(60)
    for number in range(12):
        source = "odd" if number % 2 else "even"
        corpus.put(f"article {number}", vectors[number * 5 : number * 5 + 5], source=source)
    return corpus


def oracle(ledger: Ledger, vector: Vectors, limit: int) -> list[tuple[int, float]]:
    """What a right answer is, by the plainest means: every vector in one matrix, sorted."""
    keys, vectors = ledger.vectors(ledger.keys())
    if not keys:
        return []
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector)
    cosines = (vectors @ vector) / np.where(lengths > 0, lengths, 1)
    order = sorted(range(len(keys)), key=lambda index: (-cosines[index], keys[index]))
    return [(keys[index], float(cosines[index])) for index in order[:limit]]


def agrees(result: DenseResult, expected: list[tuple[int, float]]) -> bool:
    """Whether the same passages stand in the same order; those with equal similarity may be swapped by rounding."""
    if len(result.hits) != len(expected):
        return False
    pairs = zip(result.hits, expected, strict=True)
    close = all(abs(hit.cosine - cosine) < 1e-5 for hit, (_, cosine) in pairs)
    if len(expected) < 2 or min(-np.diff([cosine for _, cosine in expected])) > 1e-6:
        return close and [hit.key for hit in result.hits] == [key for key, _ in expected]
    return close


def assert_right(
    dense: DenseIndex, ledger: Ledger, *, count: int = 5, limit: int = 10, dimension: int = 16
) -> DenseResult:
    """Ask some questions, expect the oracle's answers; returns the last result."""
    for question in clustered(count, seed=99, dimension=dimension):
        result = dense.search(question, limit=limit)
        assert agrees(result, oracle(ledger, question, limit)), result
    return result


def python(code: str, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own, with the tests' folder on the path."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=environment)


def flip(path: Path, position: int) -> None:
    """Change one byte, and leave the times as they were."""
    stamps = path.stat()
    content = bytearray(path.read_bytes())
    content[position] ^= 0xFF
    path.write_bytes(content)
    os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))


def files_of(index: Path) -> dict[str, Path]:
    """The files of the published generation and the pointer, by a name that doesn't depend on the generation."""
    manifest = current(index)
    assert manifest is not None
    return {Path(file.path).name: manifest.folder(index) / file.path for file in manifest.files} | {
        "CURRENT": index / "CURRENT"
    }
