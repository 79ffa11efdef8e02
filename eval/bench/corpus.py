"""Made-up articles of any number, seeded: words of a Zipf-like vocabulary, names that recur, dates; and indexes filled
with them.

Large indexes get clustered random vectors instead of the model's (which would take half an hour); questions are
embedded by the real model, so that what a question costs is what it costs a user.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qa.types import Draft

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.models.embedder import Embedder

_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "yo",
)
_FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words from common to rare, and names of people."""

    words: tuple[str, ...]
    people: tuple[str, ...]


def vocabulary(rng: random.Random, *, words: int = 8_000, people: int = 300) -> Vocabulary:
    """A vocabulary of made-up words; the same for the same generator state."""

    def word() -> str:
        return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 4)))

    names = tuple(f"{word().capitalize()} {word().capitalize()}" for _ in range(people))
    return Vocabulary(tuple(dict.fromkeys(word() + rng.choice(("", "n", "s", "r")) for _ in range(words))), names)


def articles(count: int, *, sentences: int, seed: int = 1) -> Iterator[Draft]:
    """``count`` articles of about ``sentences`` sentences of 14 words, with statements, figures and dates in them."""
    rng = random.Random(seed)
    vocab = vocabulary(rng)
    for number in range(count):
        person = rng.choice(vocab.people)
        body = "\n\n".join(
            " ".join(_sentence(rng, vocab, person) for _ in range(3)) for _ in range(max(1, sentences // 3))
        )
        yield Draft(
            identity=f"/bench/{seed}/{number}.txt",
            title=" ".join(_words(rng, vocab, 6)).capitalize(),
            source=f"Outlet {number % 7}",
            published=_FIRST_DAY + timedelta(days=number % 2000),
            text=body,
            raw_sha256=hashlib.sha256(body.encode()).hexdigest(),
        )


def _sentence(rng: random.Random, vocab: Vocabulary, person: str) -> str:
    words = _words(rng, vocab, rng.randint(10, 18))
    kind = rng.random()
    if kind < 0.2:
        return f'"{" ".join(words).capitalize()}," said {person}.'
    if kind < 0.3:
        return f"{person} {' '.join(words)} {rng.randint(2, 900)} percent."
    return f"{' '.join(words).capitalize()}."


def _words(rng: random.Random, vocab: Vocabulary, count: int) -> list[str]:
    # A power of a uniform number: the common words come often, as in a language.
    return [vocab.words[int(len(vocab.words) * rng.random() ** 3)] for _ in range(count)]


def questions(count: int, *, seed: int = 1) -> list[str]:
    """Questions over the same vocabulary as ``articles`` with the same seed."""
    vocab = vocabulary(random.Random(seed))
    rng = random.Random(seed + 1)
    return [f"What did {rng.choice(vocab.people)} say about {' '.join(_words(rng, vocab, 4))}?" for _ in range(count)]


class Clustered:
    """Stands in for an embedder to fill large indexes: a vector near one of 400 centres, decided by the digest."""

    def __init__(self, real: Embedder) -> None:
        import numpy as np

        self.fingerprint = real.fingerprint
        made = np.random.default_rng(7).standard_normal((400, self.fingerprint.dimension))
        self._centres = made / np.linalg.norm(made, axis=1, keepdims=True)

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector for ``text``: length 1, always the same."""
        import numpy as np

        digest = hashlib.sha256(text.encode()).digest()
        noise = np.random.default_rng(int.from_bytes(digest[:8], "little")).standard_normal(self.fingerprint.dimension)
        vector = self._centres[int.from_bytes(digest[8:10], "little") % len(self._centres)] + 0.04 * noise
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The vectors of ``texts``, in order."""
        return (self.embed(text) for text in texts)


class Remembered:
    """An embedder that embeds each text once: adding the same articles again then costs everything but embedding."""

    def __init__(self, real: Embedder) -> None:
        self.fingerprint = real.fingerprint
        self._real = real
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def embed(self, text: str) -> NDArray[np.float32]:
        """The real vector, made or remembered."""
        return next(self.embed_many([text]))

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The real vectors of ``texts``, in order."""
        new = [text for text in texts if text not in self._vectors]
        self._vectors.update(zip(new, self._real.embed_many(new), strict=True))
        return (self._vectors[text] for text in texts)


def write_jsonl(path: Path, drafts: Iterator[Draft]) -> int:
    """Write articles as JSON Lines for ``qa add``; returns the number of characters of text."""
    import json

    characters = 0
    with path.open("w", encoding="utf-8") as file:
        for draft in drafts:
            characters += len(draft.text)
            fields = {"id": draft.identity, "text": draft.text, "title": draft.title, "source": draft.source}
            file.write(json.dumps(fields | {"published": str(draft.published)}) + "\n")
    return characters
