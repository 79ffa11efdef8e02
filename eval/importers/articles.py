"""The articles of a set that is being imported, each as ``qa add`` will store it, so that positions hold there."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

from eval.corpus import Text
from eval.gold.store import CORPUS
from eval.importers.reading import Record, shown
from qa.ingest.decode import storable
from qa.ingest.jsonl import read_jsonl
from qa.ingest.outcome import MAX_BYTES, Skip

_NO_WORD = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 60


class Articles:
    """Articles in the order added, each text once for each source."""

    def __init__(self) -> None:
        self._documents: list[Mapping[str, object]] = []
        self._known: dict[tuple[str, str], Text] = {}
        self._names: set[str] = set()
        self._numbers: Counter[str] = Counter()

    @property
    def documents(self) -> tuple[Mapping[str, object], ...]:
        """The lines of the set's ``corpus.jsonl``."""
        return tuple(self._documents)

    def add(
        self, record: Record, text: str, *, title: str = "", source: str = "", published: str = "", id: str = ""
    ) -> Text:
        """The article as it is stored; without an ``id`` it gets one, or is the one of this text that is there.

        Raises ``UsageError`` (with the place of ``record``) if it can't be stored, or not under this ``id``.
        """
        text = storable(text)
        known = self._known.get((source, text))
        if known is not None and not id:
            return known
        fields = {"id": id or self._id(title), "title": title, "text": text, "source": source, "published": published}
        document = {name: value for name, value in fields.items() if value}
        stored = _stored(document)
        if isinstance(stored, str):
            raise record.wrong(f"its text can't be an article: {stored}", id="import.bad_article")
        if stored.name != f"{CORPUS}#{fields['id']}":
            raise record.wrong(f"{shown(id)} can't be an article's id", id="import.bad_id")
        if stored.name in self._names:
            raise record.wrong(f"the id {shown(id)} is another article's, too", id="import.duplicate_id")
        self._names.add(stored.name)
        self._documents.append(document)
        self._known.setdefault((source, text), stored)
        return stored

    def _id(self, title: str) -> str:
        name = slug(title) or "article"
        self._numbers[name] += 1
        return f"{name}-{self._numbers[name]}"


def stored_at(raw: str, position: int) -> int:
    """Where a position of a text is once the text is stored."""
    return len(storable(raw[:position]))


def slug(text: str) -> str:
    """``text`` as part of an id: ASCII letters, digits and single hyphens; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text[: 4 * _SLUG_LENGTH]).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub("-", plain).strip("-")[:_SLUG_LENGTH].rstrip("-")


def _stored(document: Mapping[str, object]) -> Text | str:
    """What ingest makes of a line of ``corpus.jsonl``, or why it makes nothing of it."""
    line = json.dumps(document, ensure_ascii=False).encode()
    item = next(read_jsonl(BytesIO(line), file=CORPUS, max_bytes=MAX_BYTES))
    draft = item if isinstance(item, Skip) else item.load()
    if isinstance(draft, Skip):
        return draft.reason
    digest = sha256(draft.text.encode()).hexdigest()
    return Text(draft.identity, draft.title, draft.source, draft.published, draft.text, digest)
