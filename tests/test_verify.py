"""What became of a saved citation: unchanged, moved, gone, removed, erased, or never said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from answer_corpus import Shelf

from qa.answer.citations import CONTEXT, cite, is_exact, seal
from qa.answer.verify import Verdict, verify
from qa.types import Answer, Citation, Claim, Question, Span, Status, Support

TEXT = (
    "The ferry stopped at noon. Nobody was hurt, the master said.\n\n"
    "The ferry stopped at noon. A second boat came \U0001f6a2 at one."
)
REPEATED = "The ferry stopped at noon."


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "index")
    made.put(TEXT, name="ferry", title="Ferry", source="Quay Gazette")
    yield made
    made.close()


def citation(shelf: Shelf, quote: str, *, after: int = 0) -> Citation:
    """A citation of ``quote`` where it first stands from ``after`` on, in the newest version."""
    (identifier,) = shelf.ledger.article_ids()
    article = shelf.ledger.article(identifier)
    assert article is not None
    start = article.text.index(quote, after)
    return cite(article, start, start + len(quote))


def verdict(shelf: Shelf, cited: Citation) -> Verdict:
    (found,) = verify(shelf.ledger, [cited])
    return found


def test_an_unchanged_article(shelf: Shelf) -> None:
    found = verdict(shelf, citation(shelf, "Nobody was hurt"))
    assert (found.state, found.stands, found.now) == ("unchanged", True, Span(27, 42))


def test_verdicts_come_in_order(shelf: Shelf) -> None:
    cited = [citation(shelf, REPEATED), citation(shelf, REPEATED, after=5)]
    assert [found.citation for found in verify(shelf.ledger, cited)] == cited


def test_a_changed_article_that_still_says_it(shelf: Shelf) -> None:
    cited = citation(shelf, REPEATED, after=5)
    shelf.put("Updated at six. " + TEXT, name="ferry", title="Ferry")
    found = verdict(shelf, cited)
    assert (found.state, found.stands) == ("moved", True)
    # The second of two equal sentences is found again, not the first.
    assert found.now == Span(cited.start + 16, cited.end + 16)
    assert "version 2" in found.reason


def test_a_changed_article_that_does_not(shelf: Shelf) -> None:
    cited = citation(shelf, "Nobody was hurt")
    shelf.put(TEXT.replace("Nobody was hurt", "Two were hurt"), name="ferry")
    found = verdict(shelf, cited)
    assert (found.state, found.stands, found.now) == ("gone", False, None)


def test_nearly_so_is_gone_and_says_where(shelf: Shelf) -> None:
    cited = citation(shelf, "Nobody was hurt")
    shelf.put(TEXT.replace("Nobody was hurt", "Nobody  was Hurt"), name="ferry")
    found = verdict(shelf, cited)
    assert found.state == "gone"
    assert "nearly so at 27-43" in found.reason


def test_a_removed_article(shelf: Shelf) -> None:
    cited = citation(shelf, "Nobody was hurt")
    shelf.remove("ferry")
    assert (verdict(shelf, cited).state, verdict(shelf, cited).stands) == ("removed", True)
    assert verdict(shelf, replace(cited, quote="Somebody was hurt")).state == "false"


def test_an_erased_article(shelf: Shelf) -> None:
    cited = citation(shelf, "Nobody was hurt")
    shelf.remove("ferry", purge=True)
    found = verdict(shelf, cited)
    assert (found.state, found.stands) == ("erased", False)
    assert "erased, or never added" in found.reason


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Everybody was hurt"},
        {"start": 28, "end": 43},
        {"end": 41},
        {"start": 10_000, "end": 10_015},
        {"version": 7},
        {"version": 0},
        {"quote": ""},
        {"quote": "", "start": 10_000, "end": 10_015},
    ],
)
def test_a_forged_citation_never_stands(shelf: Shelf, change: dict[str, object]) -> None:
    forged = replace(citation(shelf, "Nobody was hurt"), **change)  # type: ignore[arg-type]
    found = verdict(shelf, forged)
    assert (found.state, found.stands, found.now) == ("false", False, None)
    assert not is_exact(shelf.ledger, forged)


def test_a_quote_that_stands_elsewhere_is_still_false_and_says_so(shelf: Shelf) -> None:
    found = verdict(shelf, replace(citation(shelf, "Nobody was hurt"), start=0, end=15))
    assert found.state == "false"
    assert "but at 27-42" in found.reason


def test_an_unknown_article_is_not_taken_for_another(shelf: Shelf) -> None:
    assert verdict(shelf, replace(citation(shelf, "Nobody was hurt"), article_id="ffffffffffff")).state == "erased"


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, 10_000)])
def test_no_citation_is_made_of_what_is_no_span(shelf: Shelf, start: int, end: int) -> None:
    article = shelf.ledger.article(shelf.ledger.article_ids()[0])
    assert article is not None
    with pytest.raises(ValueError, match="no span"):
        cite(article, start, end)


@pytest.mark.parametrize("inside", [Span(26, 30), Span(27, 43), Span(30, 30)])
def test_a_highlight_must_be_inside(shelf: Shelf, inside: Span) -> None:
    article = shelf.ledger.article(shelf.ledger.article_ids()[0])
    assert article is not None
    with pytest.raises(ValueError, match="highlight"):
        cite(article, 27, 42, highlight=inside)


def test_a_citation_carries_its_context(shelf: Shelf) -> None:
    cited = citation(shelf, "A second boat")
    assert TEXT[cited.start - CONTEXT : cited.start] == cited.prefix
    assert TEXT[cited.end : cited.end + CONTEXT] == cited.suffix
    assert (cited.title, cited.source, cited.version) == ("Ferry", "Quay Gazette", 1)


def claim(*cited: Citation) -> Claim:
    return Claim(text="t", citations=cited, support=Support.SUPPORTED)


def test_sealing_keeps_what_is_exact_and_rejects_the_rest(shelf: Shelf) -> None:
    good = claim(citation(shelf, "Nobody was hurt"))
    half = claim(good.citations[0], replace(good.citations[0], quote="Everybody was hurt"))
    sealed = seal(
        shelf.ledger, Answer(question=Question(text="?"), status=Status.ANSWERED, claims=(half, good, claim()))
    )
    assert sealed.claims == (good,)
    assert sealed.status is Status.ANSWERED
    assert [rejected.support for rejected in sealed.rejected] == [Support.UNSUPPORTED] * 2
    assert "exact" in sealed.rejected[0].reasons[-1]


def test_sealing_an_answer_of_forgeries_leaves_none(shelf: Shelf) -> None:
    forged = replace(citation(shelf, "Nobody was hurt"), start=26)
    sealed = seal(shelf.ledger, Answer(question=Question(text="?"), status=Status.ANSWERED, claims=(claim(forged),)))
    assert (sealed.claims, sealed.status) == ((), Status.ABSTAINED)
