"""The bench of claims as a model writes them: what it changes, and that every claim's sentences are there."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from eval.bench.claims import (
    CHANGES,
    FALSE,
    FILE,
    Item,
    Others,
    all_views,
    changed,
    false_report,
    items,
    judged,
    report,
)
from qa.app import Reading
from qa.errors import UsageError
from qa.types import Support


@pytest.fixture(scope="module")
def reading(newsroom: Path) -> Iterator[Reading]:
    with Reading(newsroom) as opened:
        yield opened


@pytest.fixture(scope="module")
def every(reading: Reading) -> list[Item]:
    return items(reading.ledger)


@pytest.fixture(scope="module")
def others(reading: Reading) -> Others:
    return Others(tuple(all_views(reading.ledger)))


def test_every_claim_cites_sentences_that_may_be_shown(every: list[Item]) -> None:
    assert len(every) == 200
    assert len({item.id for item in every}) == 200
    for item in every:
        assert item.cites
        assert all(view.is_body(place) for view, place in item.cites), item.id


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_changes_one_thing(every: list[Item], others: Others, change: object) -> None:
    made = list(changed(every, others, change, 20))  # type: ignore[arg-type]
    assert len(made) == 20
    whole = {item.id: item for item in every}
    for item in made:
        before = whole[item.id]
        assert (item.text != before.text) != (item.cites != before.cites)
    assert made == list(changed(every, others, change, 20))  # type: ignore[arg-type]


def test_a_sentence_as_it_stands_is_accepted_and_under_another_not(
    every: list[Item], reading: Reading, others: Others
) -> None:
    view, place = every[0].cites[0]
    plain = Item("x", view.text(place), ((view, place),))
    assert judged(plain, reading.ledger, None).support is Support.SUPPORTED
    for change in CHANGES[-2:]:
        other = change(plain, others, random.Random(1))
        assert other is not None
        assert judged(other, reading.ledger, None).support is not Support.SUPPORTED


def test_the_table_says_how_many(every: list[Item], reading: Reading, others: Others) -> None:
    table = list(report(every[:3], others, partial(judged, ledger=reading.ledger, reader=None), tries=2, wrong=False))
    assert [row.split()[0] for row in table] == ["unchanged", *(change.__name__ for change in CHANGES)]
    assert all(row.split()[2] == "accepted" for row in table)


def test_a_quote_that_isnt_there_is_said(reading: Reading, tmp_path: Path) -> None:
    line = json.loads(FILE.read_text("utf-8").splitlines()[0])
    line["cites"][0]["quote"] = "Nobody ever wrote this."
    (tmp_path / "c.jsonl").write_text(json.dumps(line))
    with pytest.raises(UsageError):
        items(reading.ledger, tmp_path / "c.jsonl")


def test_false_claims_are_counted_by_kind(reading: Reading) -> None:
    every = items(reading.ledger, FALSE)
    assert len(every) == len({item.id for item in every}) == 200
    judge = partial(judged, ledger=reading.ledger, reader=None, strict=True)
    table = list(false_report(every, judge, wrong=False))
    assert table[0].startswith("false       0.0")
    assert len(table) == 11
    assert sum(int(line.split()[1]) for line in table[1:]) == round(float(table[0].split()[1]) * 200)


def test_the_claims_for_development_arent_the_benchs(every: list[Item], reading: Reading) -> None:
    others = items(reading.ledger, FILE.with_name("claims_development.jsonl"))
    assert len(others) == 280
    judging = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    test = {cite["quote"] for line in judging if line["split"] == "test" for cite in line["cites"]}
    lines = FILE.with_name("claims_development.jsonl").read_text("utf-8").splitlines()
    assert not test & {cite["quote"] for line in map(json.loads, lines) for cite in line["cites"]}
