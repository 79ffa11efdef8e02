"""Gold against its corpus: spans that are whole body sentences, positions recorded, copies known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import NEWSROOM

from eval.corpus import Corpus, read_corpus
from eval.gold.check import Checked, check, placed
from eval.gold.findings import errors
from eval.types import AnswerPart, GoldSet, GoldSpan, Item, ItemFilters, Nugget, Split, Value

FLOOD = """---
title: Flood
source: Echo
published: 2025-03-29
---
The river rose at night. Eleven people died. It was over by dawn.

Photo: A house in Hask. Picture: Echo
"""
COPY = """---
source: Post
---
The river rose at night. Eleven  people died. The mayor wept.
"""
ITEM = Item(
    id="toll",
    question="How many died?",
    type="quantity",
    categories=(),
    cluster="flood",
    split=Split.TEST,
    answerable=True,
    answers=(AnswerPart(text="eleven"),),
    evidence=((GoldSpan(article="flood.md", start=0, end=0, quote="Eleven people died."),),),
    acceptable=(GoldSpan(article="copy.md", start=0, end=0, quote="Eleven  people died."),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flood.md").write_text(FLOOD, encoding="utf-8")
    (tmp_path / "copy.md").write_text(COPY, encoding="utf-8")
    return tmp_path


def set_of(*items: Item) -> GoldSet:
    return GoldSet(name="s", description="", corpus="/c", categories={}, items=items, sha256="")


def ran(folder: Path, **fields: Any) -> Checked:
    return check(set_of(replace(ITEM, **fields)), read_corpus(folder))


def quoted(quote: str, article: str = "flood.md") -> tuple[tuple[GoldSpan, ...], ...]:
    return ((GoldSpan(article=article, start=0, end=0, quote=quote),),)


def rules(checked: Checked) -> list[str]:
    return [finding.rule for finding in checked.findings]


def test_drafts_get_their_positions_context_and_digest(folder: Path) -> None:
    corpus = read_corpus(folder)
    checked = check(set_of(ITEM), corpus)
    assert rules(checked) == ["span.unplaced"]
    assert (checked.placed, checked.exact, checked.changed) == (2, 0, True)
    text = corpus["flood.md"]
    start = text.text.index("Eleven")
    (span,) = checked.gold.items[0].evidence[0]
    assert span == GoldSpan(
        article="flood.md",
        start=start,
        end=start + 19,
        quote="Eleven people died.",
        prefix="The river rose at night. ",
        # " It was over by dawn." is 21 characters, then come two line ends and nine of the caption: 32.
        suffix=" It was over by dawn.\n\nPhoto: A ",
        sha256=text.sha256,
    )
    assert len(span.suffix) == 32
    again = check(checked.gold, corpus)
    assert (again.findings, again.exact, again.changed, again.gold) == ((), 2, False, checked.gold)


def test_spans_in_changed_articles_are_moved_refreshed_or_quarantined(folder: Path) -> None:
    gold = check(set_of(ITEM), read_corpus(folder)).gold
    (folder / "flood.md").write_text(FLOOD.replace("The river", "The Dray river"), encoding="utf-8")
    (folder / "copy.md").write_text(COPY.replace("wept", "left"), encoding="utf-8")
    corpus = read_corpus(folder)
    checked = check(gold, corpus)
    assert (checked.moved, checked.refreshed, checked.quarantined) == (1, 1, 0)
    assert rules(checked) == ["span.moved"]
    assert errors(checked.findings) == ()
    again = check(checked.gold, corpus)
    assert (again.exact, again.findings) == (2, ())
    (folder / "flood.md").write_text(FLOOD.replace("Eleven", "Twelve"), encoding="utf-8")
    checked = check(gold, read_corpus(folder))
    assert (checked.quarantined, rules(checked)) == (1, ["span.quarantined"])
    # It stays as it was, for a person to look at.
    assert checked.gold.items[0].evidence == gold.items[0].evidence


def test_an_edited_quote_is_taken_over_where_only_its_typography_changed(folder: Path) -> None:
    gold = check(set_of(ITEM), read_corpus(folder)).gold
    (folder / "copy.md").write_text(COPY.replace("Eleven  people", "Eleven people"), encoding="utf-8")
    checked = check(gold, read_corpus(folder))
    assert [span.quote for span in checked.gold.items[0].acceptable] == ["Eleven people died."]
    assert rules(checked) == ["span.moved"]
    assert "and reads 'Eleven people died.'" in checked.findings[0].message


def test_a_position_that_its_own_text_contradicts_is_an_error(folder: Path) -> None:
    corpus = read_corpus(folder)
    gold = check(set_of(ITEM), corpus).gold
    (span,) = gold.items[0].evidence[0]
    wrong = replace(gold.items[0], evidence=((replace(span, start=span.start + 1, end=span.end + 1),),))
    checked = check(set_of(wrong), corpus)
    assert rules(checked) == ["span.wrong"]
    assert len(errors(checked.findings)) == 1
    assert checked.gold.items[0] == gold.items[0]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"evidence": quoted("people died.")}, "span.partial"),
        ({"evidence": quoted("Eleven people died. It was")}, "span.partial"),
        ({"evidence": quoted("Photo: A house in Hask. Picture: Echo")}, "span.role"),
        ({"evidence": quoted("Twelve people died.")}, "span.quarantined"),
        ({"evidence": quoted("Eleven people died.", "gone.md")}, "span.quarantined"),
        ({"hide": ("gone.md",)}, "article.unknown"),
        ({"relevant": {"gone.md": 1}}, "article.unknown"),
        ({"filters": ItemFilters(source="Post")}, "filters.evidence"),
        ({"filters": ItemFilters(since=date(2025, 3, 30))}, "filters.evidence"),
        ({"filters": ItemFilters(until=date(2025, 3, 28))}, "filters.evidence"),
        # The copy has no date: no window holds it.
        ({"filters": ItemFilters(since=date(2025, 1, 1)), "evidence": quoted("The mayor wept.", "copy.md")},
         "filters.evidence"),
    ],
)  # fmt: skip
def test_what_doesnt_fit_the_corpus_is_an_error(folder: Path, fields: dict[str, Any], rule: str) -> None:
    assert {finding.rule for finding in errors(ran(folder, **fields, answers=()).findings)} == {rule}


@pytest.mark.parametrize(
    "fields",
    [
        {"evidence": quoted("Eleven people died. It was over by dawn.")},
        {"filters": ItemFilters(source="echo", since=date(2025, 3, 29), until=date(2025, 3, 29))},
        {"hide": ("copy.md",), "relevant": {"copy.md": 1}},
    ],
)
def test_what_fits_the_corpus_is_no_error(folder: Path, fields: dict[str, Any]) -> None:
    assert errors(ran(folder, **fields).findings) == ()


@pytest.mark.parametrize(
    ("fields", "sound"),
    [
        ({"evidence": quoted("The river rose at night.")}, False),
        ({"evidence": (*ITEM.evidence, *quoted("It was over by dawn."))}, False),
        ({"values": (Value(kind="number", value="11"),)}, True),
        ({"values": (Value(kind="date", value="2025-03-28"),)}, False),
        ({"nuggets": (Nugget(text="people died", vital=True),)}, True),
        ({"nuggets": (Nugget(text="in Hask", vital=True),)}, False),
        ({"nuggets": (Nugget(text="in Hask"),)}, True),
        # What the evidence itself says may be quoted although it is forbidden.
        ({"forbidden": ("people died",)}, True),
        ({"answers": (AnswerPart(text="Anke Müller"),), "speaker": "Anke Müller"}, True),
        ({"answers": ()}, True),
    ],
)
def test_whoever_quotes_an_evidence_set_must_be_right(folder: Path, fields: dict[str, Any], sound: bool) -> None:
    found = [finding.rule for finding in errors(ran(folder, **fields).findings)]
    assert found == ([] if sound else ["evidence.wrong"])


def test_what_is_partial_is_told_with_what_would_be_whole(folder: Path) -> None:
    finding = errors(ran(folder, evidence=quoted("people died. It")).findings)[0]
    assert finding.message.endswith("'Eleven people died. It was over by dawn.'")


def test_a_copy_that_the_item_doesnt_know_is_a_warning(folder: Path) -> None:
    findings = ran(folder, acceptable=()).findings
    assert [finding.rule for finding in findings] == ["copy.unknown", "span.unplaced"]
    assert findings[0].message.startswith("'Eleven  people died.' also stands in copy.md at ")
    assert errors(findings) == ()
    # Filters that leave the copy out leave nothing to cite.
    assert "copy.unknown" not in rules(ran(folder, acceptable=(), filters=ItemFilters(source="Echo")))
    # Of an acceptable sentence the copies don't matter.
    both = (*ITEM.acceptable, GoldSpan(article="flood.md", start=0, end=0, quote="The river rose at night."))
    assert "copy.unknown" not in rules(ran(folder, acceptable=both))


@pytest.fixture(scope="session")
def collection() -> Corpus:
    return read_corpus(NEWSROOM)


def test_every_body_sentence_of_the_collection_can_be_gold(collection: Corpus) -> None:
    spans = [
        placed(text, sentence.start, sentence.end)
        for text in collection.values()
        for sentence in text.sentences
        if sentence.role.value == "body"
    ]
    assert len(spans) > 800
    item = replace(ITEM, answers=(), evidence=tuple((span,) for span in spans), acceptable=())
    checked = check(set_of(item), collection)
    assert checked.findings == ()
    assert checked.exact == len(spans)
    # Without positions each is found again by its quote, and where that is repeated by its context.
    drafts = tuple((replace(span, start=0, end=0, sha256=""),) for span in spans)
    found = check(set_of(replace(item, evidence=drafts)), collection)
    assert found.quarantined == 0
    assert [one for (one,) in found.gold.items[0].evidence] == spans
