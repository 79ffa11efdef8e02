"""What the shipped sets promise: sizes, splits by story, categories, spans that stand in the collection."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from eval.corpus import read_corpus
from eval.gold.anchor import anchor_item
from eval.gold.lint import lint
from eval.gold.store import SETS, available, read_set
from eval.types import Split, Why


def test_the_shipped_sets() -> None:
    assert available() == ("newsroom", "smoke")


@pytest.mark.parametrize("name", available())
def test_no_set_has_an_error(name: str) -> None:
    assert not [one for one in lint(read_set(name)) if one.level == "error"]


def test_newsroom_is_what_it_says() -> None:
    gold = read_set("newsroom")
    unanswerable = [item for item in gold.items if not item.answerable]
    assert len(gold.items) >= 200
    assert len(unanswerable) / len(gold.items) >= 0.30
    assert {item.why for item in unanswerable} == set(Why)
    assert {item.split for item in gold.items} == set(Split)
    splits: dict[str, set[Split]] = {}
    for item in gold.items:
        splits.setdefault(item.cluster, set()).add(item.split)
    assert all(len(found) == 1 for found in splits.values())
    assert {name for item in gold.items for name in item.categories} == set(gold.categories)


def test_every_article_is_asked_about() -> None:
    gold = read_set("newsroom")
    cited = {span.article for item in gold.items for one in item.evidence for span in one}
    silent = set(read_corpus(Path(gold.corpus))) - cited
    assert not silent


def test_every_span_stands_where_it_says() -> None:
    gold = read_set("newsroom")
    corpus = read_corpus(Path(gold.corpus))
    for item in gold.items:
        for span in [*(span for one in item.evidence for span in one), *item.acceptable]:
            assert corpus[span.article].text[span.start : span.end] == span.quote
            assert corpus[span.article].sha256 == span.sha256
        assert not anchor_item(item, corpus).quarantined


def test_smoke_is_thirty_items_of_newsroom() -> None:
    whole = {line["id"]: line for line in documents("newsroom")}
    part = documents("smoke")
    assert len(part) == 30
    assert all(whole[line["id"]] == line for line in part)
    described = [tomllib.loads((SETS / name / "set.toml").read_text())["categories"] for name in ("newsroom", "smoke")]
    assert described[0] == described[1]


def documents(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SETS / name / "items.jsonl").read_text(encoding="utf-8").splitlines()]
