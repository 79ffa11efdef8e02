"""``qa said``: every statement of a person or body, those about a topic apart, with the counts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answer.said import is_meant, key_of

Qa = Callable[..., Ran]
SAMPLE = (
    Path(os.environ.get("QA_DATA", Path(__file__).parents[2] / "shared" / "data"))
    / "article"
    / "alibaba-global-hiring.txt"
)

YARD = """---
title: The yard
source: Courier
date: {day}
---
"The yard is full," said Karl Jensen, the harbour master. "Nobody will help us with it."

He also said that the cranes would be sold in May.
"""


@pytest.fixture
def index(qa: Qa, tmp_path: Path) -> Path:
    """Two articles of Karl Jensen's of two days, a copy of the first, one without a date, one of another Jensen."""
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "first.md").write_text(YARD.format(day="2025-03-01"))
    (folder / "copy.md").write_text(YARD.format(day="2025-03-02").replace("Courier", "Echo"))
    (folder / "second.md").write_text(
        "---\ntitle: Cranes\nsource: Courier\ndate: 2025-05-09\n---\n"
        "The cranes were sold for scrap, Karl Jensen said. The wages would be paid in June, he added.\n"
    )
    (folder / "undated.md").write_text(
        "---\ntitle: Wages\n---\nKarl Jensen told the council that wages had been paid late.\n"
    )
    (folder / "other.md").write_text(
        "---\ntitle: Bread\ndate: 2025-04-04\n---\n"
        "Maria Jensen said that the bakery would close. Karl Jensen's bread is better.\n"
    )
    assert qa("add", "--index", index, folder).code == 0
    return index


def listed(ran: Ran) -> dict[str, list[str]]:
    return {
        bearer["name"]: [one["citation"]["quote"] for one in bearer["listed"]]
        for bearer in json.loads(ran.out)["bearers"]
    }


def test_everything_with_copies_once_and_the_newest_first(qa: Qa, index: Path) -> None:
    ran = qa("said", "Karl Jensen", "--index", index, "--json")
    document = json.loads(ran.out)
    (bearer,) = document["bearers"]
    assert (bearer["name"], bearer["statements"], bearer["articles"]) == ("Karl Jensen", 5, 4)
    quotes = [one["citation"]["quote"] for one in bearer["listed"]]
    assert quotes == [
        "The cranes were sold for scrap, Karl Jensen said.",
        "The wages would be paid in June, he added.",
        '"The yard is full," said Karl Jensen, the harbour master. "Nobody will help us with it."',
        "He also said that the cranes would be sold in May.",
        "Karl Jensen told the council that wages had been paid late.",
    ]
    yard = bearer["listed"][2]
    assert (yard["citation"]["source"], len(yard["citation"]["copies"])) == ("Courier", 1)
    assert [one["why"] for one in yard["statements"]] == ["name", "before"]
    oldest = json.loads(qa("said", "Karl Jensen", "--oldest-first", "--index", index, "--json").out)
    assert [one["citation"]["quote"] for one in oldest["bearers"][0]["listed"]] == quotes[::-1]


def test_a_topic_a_window_and_what_is_left_out(qa: Qa, index: Path) -> None:
    ran = qa("said", "Karl Jensen", "--about", "wages", "--index", index)
    assert ran.code == 0
    assert "Karl Jensen: 2 of 5 statements in 4 articles on 'wages'" in ran.out
    assert "speaker from a pronoun" in ran.out
    late = qa("said", "Karl Jensen", "--about", "wages", "--since", "2025-05-01", "--index", index)
    assert "Karl Jensen: 1 of 2 statements in 1 article on 'wages'" in late.out
    assert "1 article without a date left out" in late.err
    assert "2 articles in which they speak lie outside" in late.err
    none = qa("said", "Karl Jensen", "--about", "the opera house in winter", "--index", index)
    assert none.code == 1
    assert "0 of 5 statements" in none.out
    assert "closest, which may be about something else:" in none.out


def test_a_question_lists_as_well(qa: Qa, index: Path) -> None:
    ran = qa("ask", "--all", "What did Karl Jensen say about wages?", "--index", index)
    assert ran.out == qa("said", "Karl Jensen", "--about", "wages", "--index", index).out
    other = qa("ask", "--all", "How full is the yard?", "--index", index)
    assert other.code == 2
    assert "ask.all" in other.err


def test_bearers_of_one_surname_stand_apart(qa: Qa, index: Path) -> None:
    ran = qa("said", "Jensen", "--index", index, "--json")
    assert set(listed(ran)) == {"Karl Jensen", "Maria Jensen"}
    assert listed(ran)["Maria Jensen"] == ["Maria Jensen said that the bakery would close."]
    assert "may mean Karl Jensen or Maria Jensen" in qa("said", "Jensen", "--index", index).err


def test_nobody(qa: Qa, index: Path) -> None:
    ran = qa("said", "Anna Berg", "--index", index)
    assert ran.code == 1
    assert "nobody called 'Anna Berg'" in ran.out
    assert "similar: Karl Jensen, Maria Jensen" in qa("said", "Jenson", "--index", index).out
    assert qa("said", " ", "--index", index).code == 2
    assert qa("said", "Jensen", "--about", "of the", "--index", index).code == 2
    assert qa("said", "x" * 201, "--index", index).code == 2
    assert qa("said", "Jensen", "--since", "May", "--index", index).code == 2
    assert qa("said", "Jensen", "--index", index.parent / "none").code == 10


def test_a_description_finds_who_is_called_so(qa: Qa, tmp_path: Path) -> None:
    for name, day in (("Ada Berg", "2025-03-01"), ("Olaf Lind", "2025-06-01")):
        (tmp_path / f"{day}.md").write_text(
            f"---\ntitle: The pier\ndate: {day}\n---\n{name}, the mayor, said that the pier would open. "
            "The crane was sold, the operator said.\n"
        )
    assert qa("add", "--index", tmp_path / "index", tmp_path).code == 0
    ran = qa("said", "the mayor", "--index", tmp_path / "index", "--json")
    assert set(listed(ran)) == {"Ada Berg", "Olaf Lind"}


def test_an_order_to_the_reader_is_nobodys_statement(qa: Qa, newsroom: Path) -> None:
    ran = qa("said", "Zhang", "--index", newsroom)
    assert "10,000 new jobs" not in ran.out


def test_the_two_zhangs_of_the_sample_collection(qa: Qa, newsroom: Path) -> None:
    found = listed(qa("said", "Zhang", "--about", "hiring", "--index", newsroom, "--json"))
    adrian, meilin = " ".join(found["Adrian Zhang"]), " ".join(found["Zhang Meilin"])
    assert "120 engineers and technicians" in adrian
    assert "We hired too fast" in adrian
    assert "stopping all hiring until March 31" in adrian
    assert "stopping all hiring as of today" in meilin
    assert "hires only when the economy is good" in meilin
    assert "as of today" not in adrian
    assert "until March 31" not in meilin


@pytest.mark.skipif(not SAMPLE.exists(), reason="QA_DATA has no sample article")
@pytest.mark.parametrize(
    ("topic", "beginnings"),
    [("logistics", ["Daniel also called for", "He also pointed out"]), ("mobile", ["Daniel also called"])],
)
def test_the_sample_article(qa: Qa, tmp_path: Path, topic: str, beginnings: list[str]) -> None:
    assert qa("add", "--index", tmp_path / "index", SAMPLE).code == 0
    ran = qa("said", "Zhang", "--about", topic, "--index", tmp_path / "index", "--json")
    (quotes,) = listed(ran).values()
    assert len(quotes) == len(beginnings)
    assert all(quote.startswith(beginning) for quote, beginning in zip(quotes, beginnings, strict=True))


@pytest.mark.parametrize(
    ("who", "speaker", "meant"),
    [
        ("Zhang", "Adrian Zhang", True),
        ("Zhang", "Zhang Meilin", True),
        ("Adrian Zhang", "Zhang Meilin", False),
        ("Mr Zhang", "Adrian Zhang", True),
        ("Competition Authority", "A spokesman for the Competition Authority", True),
        ("Ferrowick", "Ferrowick Robotics Inc.", True),
        ("the mayor", "the mayor", True),
        ("the mayor", "Her rival", False),
        ("the mayor", "A spokesperson for Mayor Ada Berg", False),
        ("the head of personnel", "the company's head of personnel", True),
        ("he", "he", False),
        ("Zhang", "she", False),
    ],
)
def test_whom_a_name_can_mean(who: str, speaker: str, meant: bool) -> None:
    assert is_meant(who, speaker) is meant


@example("00", ".")
@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_any_name_may_be_asked_and_any_speaker_stored(who: str, speaker: str) -> None:
    assert isinstance(is_meant(who, speaker), bool)
    assert all(isinstance(part, str) for part in key_of(speaker, "a"))


@given(st.lists(st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True), min_size=2, max_size=3))
def test_a_full_name_means_its_bearer_in_every_article(words: list[str]) -> None:
    name = " ".join(words)
    assert is_meant(name, name)
    assert key_of(name, "a") == key_of(name, "b")


def test_legal_forms_and_titles_make_nobody_else() -> None:
    assert key_of("Ferrowick Robotics Inc.", "a") == key_of("Ferrowick Robotics", "b")
    assert key_of("Dr. Ada Berg", "a") == key_of("Ada Berg", "b")
    assert key_of("Ada Berg", "a") != key_of("Berg", "a")


def test_a_description_is_of_its_article_only() -> None:
    assert key_of("the mayor", "a") == key_of("The mayor", "a")
    assert key_of("the mayor", "a") != key_of("the mayor", "b")
    assert key_of("A spokesman for the Competition Authority", "a") != key_of(
        "A spokesman for the Competition Authority", "b"
    )
