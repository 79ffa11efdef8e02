"""An index that an earlier version of qa made: said to be one, and brought up to date from what it stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran

from qa.ledger.ledger import Ledger

Qa = Callable[..., Ran]


@pytest.fixture
def older(qa: Qa, tmp_path: Path) -> Path:
    """An index of the first schema, whose articles an earlier version read."""
    article, index = tmp_path / "yard.txt", tmp_path / "index"
    article.write_text('"The yard is full," said Karl Jensen on Monday, "and nobody will help us with it."\n')
    assert qa("add", "--index", index, article).code == 0
    article.unlink()
    with sqlite3.connect(index / "ledger.sqlite") as connection:
        connection.execute("DROP INDEX statements_speaker")
        for column in ("content", "cue", "source", "why"):
            connection.execute(f"ALTER TABLE statements DROP COLUMN {column}")
        connection.execute("UPDATE versions SET recipe = 'of before'")
        connection.execute("PRAGMA user_version = 1")
    return index


def test_it_is_said(qa: Qa, older: Path) -> None:
    for command in (("ask", "Is the yard full?"), ("search", "yard"), ("list",), ("status",)):
        ran = qa(*command, "--index", older)
        assert ran.code == 12, command
        assert "index.older" in ran.err
        assert "qa rebuild" in ran.err


def test_rebuild_finds_again_who_says_what(qa: Qa, older: Path) -> None:
    with Ledger(sqlite3.connect(older / "ledger.sqlite"), older) as before:
        (id,) = before.article_ids()
    assert qa("rebuild", "--index", older).code == 0
    with Ledger.open(older) as ledger:
        article = ledger.article(id)
        assert article is not None
        (statement,) = ledger.statements(id)
        said = [piece.of(article.text) for piece in statement.content]
        assert said == ['"The yard is full,"', '"and nobody will help us with it."']
        assert statement.source is not None
        assert statement.source.of(article.text) == "Karl Jensen"
    assert qa("check", "--index", older).code == 0
    assert qa("ask", "Who says that the yard is full?", "--index", older).code == 0


def test_adding_brings_it_up_to_date_as_well(qa: Qa, older: Path, tmp_path: Path) -> None:
    other = tmp_path / "pier.txt"
    other.write_text("The pier was closed on Monday.\n")
    assert qa("add", "--index", older, other).code == 0
    assert qa("search", "yard", "--index", older).code == 0
