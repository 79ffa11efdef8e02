"""What the crash tests run in processes of their own: generated articles, an embedder quick enough to be killed often,
and ``qa.library``.

Run as ``python crash_child.py COMMAND INDEX ARGUMENT...``; prints one JSON line. No test is in here.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import QaError
from qa.types import Fingerprint

_TOPICS = "harbour council ferry budget steel vote storm bridge school clinic market tariff garden museum"


class HashEmbedder:
    """A bag of hashed words as a vector of length 1: deterministic, quick, and near texts are near.

    ``name`` makes it another model.
    """

    def __init__(self, name: str = "hashed-words", *, dimension: int = 32) -> None:
        self.fingerprint = Fingerprint(
            name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), dimension=dimension, normalised=True
        )
        self.embedded = 0

    def embed(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.fingerprint.dimension, 1e-3, dtype=np.float32)
        for word in text.lower().split():
            digest = hashlib.blake2b(f"{self.fingerprint.name} {word}".encode(), digest_size=8).digest()
            vector[digest[0] % len(vector)] += 1.0 if digest[1] & 1 else -1.0
        self.embedded += 1
        return vector / np.linalg.norm(vector)

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        for text in texts:
            yield self.embed(text)


def write_articles(folder: Path, count: int, *, first: int = 0, edition: int = 1) -> None:
    """``count`` articles of a few paragraphs, numbered from ``first``; another ``edition`` changes every third."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        changing = edition if number % 3 == 0 else 1
        (folder / f"article-{number:04}.txt").write_text(article(number, edition=changing))


def article(number: int, *, edition: int = 1) -> str:
    """A generated article: a title, then three to six paragraphs, one of them shared by all."""
    dice = random.Random(number * 31 + edition)
    title = f"Report {number}: {dice.choice(_TOPICS.split())} and {dice.choice(_TOPICS.split())}"
    paragraphs = [" ".join(_sentence(dice) for _ in range(dice.randint(3, 9))) for _ in range(dice.randint(3, 6))]
    return "\n\n".join([title, *paragraphs, "The council meets again on the first Monday of the month."]) + "\n"


def _sentence(dice: random.Random) -> str:
    words = dice.choices(_TOPICS.split(), k=dice.randint(6, 14))
    return f"The {' '.join(words)} cost {dice.randint(2, 900)} crowns."


def contents(index: Path) -> list[tuple[object, ...]]:
    """All that a corpus says, without keys, times and versions' numbers of a random run: to compare two indexes."""
    from qa.ledger.ledger import Ledger

    with Ledger.open(index) as ledger, ledger.snapshot():
        rows: list[tuple[object, ...]] = []
        for article_id in ledger.article_ids():
            stored = ledger.article(article_id)
            assert stored is not None
            keys = [passage.key for passage in ledger.passages_of(article_id)]
            found, vectors = ledger.vectors(keys)
            spans = [(sentence.start, sentence.end, sentence.role) for sentence in ledger.sentences(article_id)]
            rows.append((Path(stored.identity).name, stored.version, stored.sha256, len(keys), found == keys,
                         vectors.tobytes(), tuple(spans)))  # fmt: skip
        return rows


def main(arguments: list[str]) -> int:
    """``[real-][now-]add|sync INDEX PATH...``: ``real``, with qa's own model; ``now``, without waiting for the lock."""
    from qa.library.add import add
    from qa.models.embedder import MiniLM

    command, index, *paths = arguments
    embedder = MiniLM.load() if "real" in command else HashEmbedder()
    try:
        done = add(Path(index), paths, embedder=embedder, sync="sync" in command, wait=0 if "now" in command else 60)
    except QaError as error:
        _say({"error": error.id, "message": error.message, "state": error.state, "remedy": error.remedy})
        return int(error.code)
    except KeyboardInterrupt:
        return 130
    _say({name: getattr(done, name) for name in ("new", "changed", "unchanged", "removed", "embedded")})
    return 0


def serve() -> int:
    """Fork a process for each line of stdin: says its pid at once, its wait status at the end.

    A line is a JSON list: whether to stop the process at first, then what ``main`` takes.
    Forked processes have everything imported already, so that a kill soon after the start falls into the work.
    """
    _preload()
    for line in sys.stdin:
        paused, *arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            if paused:  # until somebody who wants to watch from the start says SIGCONT
                os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(_guarded(arguments))
        _say(pid)
        _say(os.waitpid(pid, 0)[1])
    return 0


def _preload() -> None:
    import chromadb

    import qa.index.check
    import qa.ingest.segment
    import qa.library.add
    import qa.statements.people
    import qa.statements.speech

    assert chromadb.__version__, qa.library.add


def _guarded(arguments: list[str]) -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        return main(arguments)
    except BaseException:
        traceback.print_exc()
        return 70


def _say(value: object) -> None:
    # writev, because the tests make write fail.
    os.writev(1, [json.dumps(value).encode() + b"\n"])


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == ["serve"] else main(sys.argv[1:]))
