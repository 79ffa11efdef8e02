"""Abstaining: why, and what was looked at. With the real models, since what is found matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from answer_corpus import Shelf

from qa.models.embedder import MiniLM
from qa.models.reader.reader import MiniLMReader
from qa.types import Absence, Filters, Status

LIBRARY = (
    "The library of Tarnby will lend tools from Monday. Drills and ladders come first, head "
    "librarian Mette Krog said.\n\n"
    '"People own a drill that they use for twelve minutes," Krog told the council. "We want to lend it instead."\n\n'
    "The council of Tarnby gave 40,000 crowns for the shelves. Opening hours stay as they are."
)
POOL = (
    "The swimming pool of Tarnby stays shut until August. A pump failed in April, the manager Jon Lund said.\n\n"
    "Lund has ordered a new pump from Gdansk. It costs 90,000 crowns."
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    made = Shelf(tmp_path_factory.mktemp("absence") / "index", embedder=MiniLM.load(), reader=MiniLMReader.load())
    made.put(LIBRARY, name="library", title="Library lends tools", source="Tarnby News", published=date(2025, 5, 2))
    made.put(POOL, name="pool", title="Pool stays shut", source="Tarnby News", published=date(2025, 6, 9))
    made.put("Nothing else happened in the village of Sund.", name="sund", title="Sund")
    yield made
    made.close()


def report(shelf: Shelf, question: str, filters: Filters | None = None) -> Absence:
    answer = shelf.ask(question, filters=filters)
    assert answer.status is Status.ABSTAINED
    assert answer.claims == ()
    assert answer.absence is not None
    return answer.absence


def test_a_name_that_is_nowhere(shelf: Shelf) -> None:
    absence = report(shelf, "Who is the head librarian of Amazonia?")
    assert absence.reason == "'Amazonia' is nowhere in the 3 articles searched"
    assert [(name.name, name.articles) for name in absence.names] == [("Amazonia", 0)]
    assert (absence.articles, absence.undated) == (3, 1)
    assert (absence.earliest, absence.latest) == (date(2025, 5, 2), date(2025, 6, 9))
    assert 1 <= len(absence.closest) <= 3
    for citation in absence.closest:
        article = shelf.ledger.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote


def test_a_name_spelled_nearly_so_is_offered(shelf: Shelf) -> None:
    absence = report(shelf, "What did Mette Krogh say about drills?")
    assert absence.names[0].similar == ("Mette Krog",)


def test_a_person_who_says_nothing_of_the_kind(shelf: Shelf) -> None:
    absence = report(shelf, "What did Jon Lund say about ladders and drills?")
    assert {name.name: name.articles for name in absence.names} == {"Jon Lund": 1}


def test_how_many_articles_speak_of_the_topic(shelf: Shelf) -> None:
    absence = report(shelf, "What did Astrid Vang say about crowns?")
    assert absence.topic == ("crowns",)
    assert absence.topic_articles == 2


def test_filters_count(shelf: Shelf) -> None:
    absence = report(shelf, "What is the population of Atlantis?", Filters(since=date(2025, 6, 1)))
    assert absence.articles == 1
    assert absence.reason.endswith("the one article searched")
    assert (absence.earliest, absence.latest, absence.undated) == (date(2025, 6, 9), date(2025, 6, 9), 0)
    assert report(shelf, "Who lends tools?", Filters(source="nobody")).reason == "no article passes the filters"


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What will the library lend?", "lend tools"),
        ("Who is the head librarian of Tarnby?", "Mette Krog"),
        ("What did Krog say about drills?", "twelve minutes"),
        ("How much did the council give for the shelves?", "40,000 crowns"),
        ("When did the pump fail?", "April"),
        ("Where was the new pump ordered?", "Gdansk"),
    ],
)
def test_what_is_there_is_answered(shelf: Shelf, question: str, part: str) -> None:
    quotes = shelf.quotes(question)
    assert quotes
    assert part in quotes[0]


@pytest.mark.parametrize("question", ["what did say", "who said", "the of and"])
def test_a_question_without_a_word_to_look_for(shelf: Shelf, question: str) -> None:
    shelf.put(LIBRARY, name="library")
    assert not shelf.ask(question).claims
