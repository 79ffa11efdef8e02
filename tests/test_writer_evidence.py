"""What the verifier is told of cited sentences beyond their words, on the sample collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.answer.support import Evidence
from qa.answer.view import ArticleView, view_of
from qa.answer.writer.evidence import evidence_of
from qa.answer.writer.shown import ShownSentence
from qa.app import Reading
from qa.statements.naming import fold

Build = Callable[..., Evidence]


@pytest.fixture(scope="module")
def reading(newsroom: Path) -> Iterator[Reading]:
    with Reading(newsroom) as opened:
        yield opened


@pytest.fixture(scope="module")
def evidence(reading: Reading) -> Build:
    """The evidence of the sentences of an article that begin so."""
    ledger = reading.ledger

    def build(article: str, *beginnings: str) -> Evidence:
        (id,) = ledger.find(article)
        stored = ledger.article(id)
        assert stored is not None
        view: ArticleView = view_of(ledger, stored)
        numbers = [
            next(n for n in range(len(view.sentences)) if view.text(n).startswith(beginning))
            for beginning in beginnings
        ]
        run = [ShownSentence(f"s{place}-aaaaa", view, number) for place, number in enumerate(numbers)]
        return evidence_of(run, ledger)

    return build


def test_a_pronoun_that_speaks_is_the_nearest_person_before(evidence: Build) -> None:
    found = evidence("registry-accents.md", "Her grandmother chose")
    assert found.spoken == (("Her grandmother chose the characters, she said.", ("Zhang Meilin",)),)


def test_a_quotation_goes_on_with_who_began_it(evidence: Build) -> None:
    found = evidence("registry-accents.md", "Her grandmother chose", '"The last one')
    assert [speakers for _, speakers in found.spoken] == [("Zhang Meilin",), ("Zhang Meilin",)]
    assert found.speaker is not None
    assert found.speaker.name == "Zhang Meilin"


def test_what_stands_elsewhere_is_known_the_nearest_before_last(evidence: Build) -> None:
    found = evidence("registry-accents.md", "Her grandmother chose")
    assert found.near[-1] == "Latin"
    assert fold("Siobhán Ní Dhálaigh") in map(fold, found.near)  # who comes after
    assert found.persons[-1][0] == "Zhang Meilin"
    assert {name for name, _ in found.persons} <= found.everybody


def test_offices_are_what_the_article_calls_people(evidence: Build) -> None:
    found = evidence("ferrowick-half-year-results.md", "A successor has not been named.")
    offices = dict(found.offices)
    assert "secretary" in offices["Nguyễn Thị Hạnh"]
    assert "chief" in offices["Beatriz Lindqvist"]
    assert all("secretary" not in heads for name, heads in offices.items() if name != "Nguyễn Thị Hạnh")
