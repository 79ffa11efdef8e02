"""A corpus as the scorer sees it: the articles' texts, read from the files themselves, independent of any index.

The texts are those that ``qa add`` would store, so offsets mean the same; nothing that a run says about a text is
believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from qa.errors import UsageError
from qa.ingest.outcome import Skip
from qa.ingest.read import read
from qa.ingest.segment import segment
from qa.types import Draft, SentenceSpan


@dataclass(frozen=True)
class Text:
    """An article of a corpus. ``sha256`` is of the text's UTF-8; sentences are cut when first asked for."""

    name: str
    title: str
    source: str
    published: date | None
    text: str
    sha256: str

    @cached_property
    def sentences(self) -> tuple[SentenceSpan, ...]:
        """The sentences, in order, as ``qa`` cuts them."""
        return segment(self.text, title=self.title).sentences


class Corpus(Mapping[str, Text]):
    """Articles by name. ``sha256`` is of all names and texts."""

    def __init__(self, root: Path, texts: Mapping[str, Text]) -> None:
        self.root = root
        self._texts = dict(sorted(texts.items()))

    def __getitem__(self, name: str) -> Text:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @cached_property
    def sha256(self) -> str:
        """The digest of the corpus: the same articles under the same names give the same."""
        digest = sha256()
        for name, text in self._texts.items():
            digest.update(f"{name}\0{text.sha256}\n".encode())
        return digest.hexdigest()


def read_corpus(root: Path) -> Corpus:
    """The articles of a folder, or of one file; raises ``UsageError`` where there is none."""
    root = root.resolve()  # as ingest names what it reads
    texts = {}
    for item in read([str(root)]):
        draft = None if isinstance(item, Skip) else item.load()
        if isinstance(draft, Draft):
            name = article_name(draft.identity, root)
            texts[name] = _text(name, draft)
    if not texts:
        raise UsageError("eval.no_corpus", f"there is no article in {str(root)!r}")
    return Corpus(root, texts)


def article_name(identity: str, root: Path) -> str:
    """The name of the article that has this identity, in the corpus at ``root`` (which is canonical)."""
    if identity == str(root) or identity.startswith(f"{root}#"):
        return root.name + identity.removeprefix(str(root))
    return identity.removeprefix(f"{root}/")


def _text(name: str, draft: Draft) -> Text:
    digest = sha256(draft.text.encode()).hexdigest()
    return Text(name, draft.title, draft.source, draft.published, draft.text, digest)
