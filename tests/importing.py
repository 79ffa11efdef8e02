"""What tests of importers share: a set made of somebody's file, written and read again, and its parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.corpus import Corpus, read_corpus
from eval.importers.formats import FORMATS, write
from eval.types import GoldSet, GoldSpan, Item


def made(folder: Path, format: str, path: Path, corpus: Path | None = None) -> tuple[GoldSet, Corpus]:
    """The set that ``path`` becomes, written and read again, with its corpus; every span stands where it says."""
    imported = FORMATS[format].convert(path, corpus)
    gold = write(folder / f"set-{format}", imported)
    articles = read_corpus(Path(gold.corpus))
    assert gold.sha256 == imported.gold.sha256
    assert not gold.twins
    assert gold.source.endswith(")")
    if imported.articles:
        stored = {f"corpus.jsonl#{one['id']}": one["text"] for one in imported.articles}
        assert {name: text.text for name, text in articles.items()} == stored
    for span in spans_of(gold.items):
        text = articles[span.article]
        assert text.text[span.start : span.end] == span.quote
        assert span.sha256 == text.sha256
    return gold, articles


def spans_of(items: Iterable[Item]) -> Iterator[GoldSpan]:
    for item in items:
        for spans in (*item.evidence, item.acceptable):
            yield from spans


def quotes(item: Item) -> list[list[str]]:
    return [[span.quote for span in spans] for spans in item.evidence]


def by_id(gold: GoldSet) -> dict[str, Item]:
    return {item.id: item for item in gold.items}


def written(folder: Path, name: str, *lines: object) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path
