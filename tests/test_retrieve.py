"""Retrieval over a real index of a small made-up corpus: ledger, Chroma generation and embedder are the real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.index.dense import DenseIndex
from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.library.add import add
from qa.models.embedder import MiniLM
from qa.retrieve.casing import Casing
from qa.retrieve.musts import Musts
from qa.retrieve.query import LARGE, MOST_WORDS, telling_words, words_to_find
from qa.retrieve.retriever import Retrieved, Retriever, Tuning
from qa.retrieve.why import why
from qa.types import Filters, Question

_FERRY = (
    "Ferry operator Amberline will hire 120 sailors before the summer, its chief executive Mirela Tolan told staff in"
    " Selm on Monday.\n\nTolan said that the company had turned away passengers last year because ships lay idle"
    " without crews.\n\nShe added that half of the new posts would go to people from the islands."
)
_PIER = "\n\n".join(
    f"In year {number} the harbour board of Selm lengthened the {side} pier, and {crew} moored beside it through the"
    f" winter while divers mended stones that the autumn gales had shifted, as the board's minutes record in detail."
    for number, side, crew in (
        (1, "north", "herring boats"),
        (2, "south", "coal barges"),
        (3, "east", "tugs"),
        (4, "west", "pilot cutters"),
        (5, "inner", "rowing eights"),
    )
)
_ARTICLES = (
    ("pier", "How the pier grew", "Selm Courier", "2021-01-01", _PIER),
    ("ferry", "Amberline to hire sailors", "Selm Courier", "2024-03-04", _FERRY),
    ("ferry-copy", "Ferry line seeks crews", "Orsa Post", "2024-03-05", _FERRY),
    (
        "ferry-fixed",
        "Correction: ferry crews",
        "Selm Courier",
        "2024-03-09",
        _FERRY.replace("120 sailors", "140 sailors"),
    ),
    (
        "quarry",
        "Quarry owner defends blasting",
        "Selm Courier",
        "2023-11-20",
        'Bastian Tolan, who owns the quarry above Selm, defended the blasting. "We have hurt nobody," he said.\n\n'
        "The quarry hires about thirty people each spring, mostly from the villages below the ridge.",
    ),
    (
        "bank",
        "Bank of Orsa keeps rate",
        "Orsa Post",
        "2024-01-15",
        "The Bank of Orsa kept its rate at 3 percent on Monday. Governor Ines Quarrie called the economy"
        " \u201ca slow leak\u201d and warned of a weak spring.",
    ),
    (
        "apples",
        "A good year for fruit",
        "Orsa Post",
        "",
        "Growers picked more than ever. An apple from the valley fetches twice last year's price, and banks"
        " lend again.",
    ),
    (
        "bell",
        "Old telephones",
        "Selm Courier",
        "2022-05-05",
        "The museum shows telephones that Ma Bell sold a century ago. Visitors may ring one another between the halls.",
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles above."""
    folder = tmp_path_factory.mktemp("retrieve")
    source = folder / "articles.jsonl"
    rows = (dict(zip(("id", "title", "source", "published", "text"), row, strict=True)) for row in _ARTICLES)
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    add(folder / "index", [str(source)], embedder=MiniLM.load())
    return folder / "index"


@pytest.fixture(scope="module")
def ledger(index: Path) -> Iterator[Ledger]:
    with Ledger.open(index) as opened:
        yield opened


@pytest.fixture(scope="module")
def retriever(index: Path, ledger: Ledger) -> Iterator[Retriever]:
    dense = DenseIndex.open(index, ledger)
    yield Retriever(ledger, dense, MiniLM.load())
    dense.close()


def _ask(retriever: Retriever, text: str, *, k: int = 10, filters: Filters | None = None) -> Retrieved:
    return retriever.search(retriever.read(text), k=k, filters=filters)


def _titles(found: Retrieved) -> list[str]:
    return [hit.article.title for hit in found.hits]


def test_the_best_hit_answers(retriever: Retriever) -> None:
    found = _ask(retriever, "How high is the interest rate of the Bank of Orsa?")
    assert found.hits[0].article.title == "Bank of Orsa keeps rate"
    assert found.hits[0].musts == ("Bank of Orsa",)
    assert found.articles == len(_ARTICLES)
    assert found.passages == len(found.hits) + sum(len(hit.copies) for hit in found.hits)


def test_every_hit_slices_its_article_and_has_a_cosine(retriever: Retriever, ledger: Ledger) -> None:
    for hit in _ask(retriever, "what did tolan say about hiring").hits:
        assert hit.text == hit.article.text[hit.passage.start : hit.passage.end] != ""
        stored = ledger.article(hit.article.id)
        assert stored is not None
        assert stored.text == hit.article.text
        assert hit.cosine is not None
        assert -1.0 <= hit.cosine <= 1.0


def test_raw_scores_are_those_of_the_searches(retriever: Retriever, ledger: Ledger) -> None:
    found = _ask(retriever, "Which sailors will Amberline hire?")
    by_words = {
        hit.key: (rank, hit.bm25)
        for rank, hit in enumerate(lexical.search(ledger, "sailors OR amberline OR hire", limit=50), start=1)
    }
    for hit in found.hits:
        assert (hit.lexical_rank, hit.bm25) == by_words.get(hit.passage.key, (None, None))


@pytest.mark.parametrize("text", ["What did Tolan say about hiring?", "what did tolan say about hiring"])
def test_whoever_is_asked_what_they_said_must_be_there(retriever: Retriever, text: str) -> None:
    found = _ask(retriever, text)
    (must,) = found.musts
    assert must.text == "Tolan"
    assert len(must.articles) == 4
    with_tolan = [hit for hit in found.hits if hit.musts == ("Tolan",)]
    assert list(found.hits[: len(with_tolan)]) == with_tolan
    assert len(with_tolan) >= 3


def test_a_full_name_keeps_the_other_bearer_out(retriever: Retriever, ledger: Ledger) -> None:
    must = Musts(ledger).name("Bastian Tolan")
    articles = ledger.articles(must.articles)
    assert [article.title for article in articles.values()] == ["Quarry owner defends blasting"]
    assert _titles(_ask(retriever, "What did Bastian Tolan say about blasting?"))[0] == "Quarry owner defends blasting"


@pytest.mark.parametrize("name", ["Jack Ma", "Apple", "Banks", "Leak", "Tolan Amberline"])
def test_parts_stems_and_common_nouns_do_not_meet_a_name(ledger: Ledger, name: str) -> None:
    assert not Musts(ledger).name(name).met


@pytest.mark.parametrize("name", ["Ms Tolan", "M. Tolan", "Amberline Ltd.", "AMBERLINE", "Mirela Tolan"])
def test_forms_of_a_name_that_meet(ledger: Ledger, name: str) -> None:
    titles = {article.title for article in ledger.articles(Musts(ledger).name(name).articles).values()}
    assert "Amberline to hire sailors" in titles


def test_a_name_that_is_nowhere_is_reported_with_similar_ones(retriever: Retriever) -> None:
    found = _ask(retriever, "What did Mirella Tolen say about hiring?")
    (nowhere,) = found.nowhere
    assert nowhere.text == "Mirella Tolen"
    assert nowhere.similar[0] == "Mirela Tolan"
    assert found.hits
    assert all(hit.musts == () for hit in found.hits)


def test_a_quoted_string_is_required_of_the_passage(retriever: Retriever) -> None:
    found = _ask(retriever, 'Who called hiring sailors "A slow leak"?')
    assert found.hits[0].article.title == "Bank of Orsa keeps rate"
    assert "slow leak" in found.hits[0].text
    assert found.hits[0].musts == ("A slow leak",)


def test_a_quoted_string_may_cross_passages_or_be_missing(ledger: Ledger) -> None:
    (pier,) = (s.article_id for s in ledger.summaries() if s.title == "How the pier grew")
    end = ledger.passages_of(pier)[0].end
    must = Musts(ledger).quote(_PIER[end - len("record in detail.") : end + len("\n\nIn year 3 the harbour")])
    assert must.articles == {pier}
    assert not must.passages
    assert not Musts(ledger).quote("slow leaking economy").met


def test_copies_collapse_but_corrections_do_not(retriever: Retriever) -> None:
    found = _ask(retriever, "How many sailors will the ferry operator hire?")
    first = [hit for hit in found.hits if "sailors before the summer" in hit.text]
    assert sorted(len(hit.copies) for hit in first) == [0, 1]
    assert {"120 sailors" in hit.text for hit in first} == {True, False}
    (collapsed,) = (hit for hit in first if hit.copies)
    assert collapsed.article.published == date(2024, 3, 5)
    assert "1 copy collapsed" in why(collapsed)


def test_articles_left_out_are_unknown(retriever: Retriever, ledger: Ledger) -> None:
    """Names, copies, counts, capitals, rarity: nothing of them is left."""
    ids = {summary.title: summary.article_id for summary in ledger.summaries()}
    tolans = frozenset(id for title, id in ids.items() if "sailors" in title or "crews" in title)
    assert len(tolans) == 3
    question = retriever.read("What did Mirela Tolan say about hiring?", without=tolans)
    found = retriever.search(question, k=10, filters=Filters(without=tolans))
    assert not {hit.article.id for hit in found.hits} & tolans
    assert not {copy for hit in found.hits for copy in hit.copies} & tolans
    assert (found.articles, found.passages) == (len(_ARTICLES) - 3, len(found.hits))
    (must,) = found.nowhere
    assert (must.text, must.similar) == ("Mirela Tolan", ())
    musts, casing = Musts(ledger), Casing(ledger)
    assert musts.people_near("Tolan") == ["Bastian Tolan", "Mirela Tolan"]
    assert musts.people_near("Tolan", without=tolans) == ["Bastian Tolan"]
    assert musts.people_near("Tolan", without=frozenset([*tolans][:2])) == ["Bastian Tolan", "Mirela Tolan"]
    assert casing.is_name("amberline")
    assert not casing.is_name("amberline", without=tolans)
    assert casing.is_name("amberline")
    assert lexical.occurs_in(ledger, "sailors", at_most=10, without=tolans) == 0
    assert musts.name("Amberline", filters=Filters(without=tolans)).articles == frozenset()
    quote = musts.quote("lay idle without crews", filters=Filters(without=tolans))
    assert (quote.articles, quote.passages) == (frozenset(), frozenset())


def test_articles_left_out_beside_other_filters(retriever: Retriever, ledger: Ledger) -> None:
    bank = next(summary.article_id for summary in ledger.summaries() if summary.title.startswith("Bank"))
    post = Filters(source="orsa post", without=frozenset({bank}))
    found = _ask(retriever, "Who lends at which rate?", filters=post)
    assert {hit.article.title for hit in found.hits} == {"Ferry line seeks crews", "A good year for fruit"}
    assert (post.narrows, post.active, found.articles) == (True, True, 2)
    assert (Filters(without=frozenset({bank})).narrows, Filters(without=frozenset({bank})).active) == (False, True)
    everything = frozenset(ledger.article_ids())
    none = retriever.search(retriever.read("Who lends?", without=everything), filters=Filters(without=everything))
    assert (none.hits, none.articles, none.passages) == ((), 0, 0)
    assert ledger.stats(post).articles == 2
    assert ledger.stats(Filters(without=everything)).earliest is None


def test_filters(retriever: Retriever) -> None:
    late = _ask(retriever, "hiring sailors", filters=Filters(since=date(2024, 3, 9)))
    assert set(_titles(late)) == {"Correction: ferry crews"}
    assert (late.articles, late.passages) == (1, len(late.hits))
    post = _ask(retriever, "hiring sailors", filters=Filters(source="orsa post"))
    assert {hit.article.source for hit in post.hits} == {"Orsa Post"}
    none = _ask(retriever, "hiring sailors", filters=Filters(source="nobody"))
    assert (none.hits, none.articles, none.passages) == ((), 0, 0)


def test_nothing_to_look_for_still_gives_the_nearest(retriever: Retriever) -> None:
    found = retriever.search(Question(text="???"), k=3)
    assert len(found.hits) == 3
    assert all(hit.lexical_rank is None for hit in found.hits)


@pytest.mark.parametrize(
    "text", ['"', "AND OR NOT", "title:apple*", "NEAR(a b)", "'; DROP TABLE passages; --", "ß\x00\ud800"]
)
def test_no_question_breaks_the_query(retriever: Retriever, text: str) -> None:
    assert _ask(retriever, text, k=2).hits


def test_equal_questions_give_equal_answers(retriever: Retriever) -> None:
    one, other = (_ask(retriever, "Who hires people in spring?").hits for _ in range(2))
    assert one == other


def test_a_cap_leaves_room_but_never_starves(index: Path, ledger: Ledger) -> None:
    dense = DenseIndex.open(index, ledger)
    capped = Retriever(ledger, dense, MiniLM.load(), tuning=Tuning(per_article=1))
    found = _ask(capped, "Amberline sailors", k=5)
    titles = _titles(found)
    assert len(set(titles)) == 5
    only = _ask(capped, "Amberline sailors", k=5, filters=Filters(since=date(2024, 3, 9)))
    assert len(only.hits) == only.passages
    dense.close()


def test_words_to_find_leave_grammar_out() -> None:
    assert words_to_find("Tell me what the ferry did to it, and the Ferry's crew") == ["ferry", "crew"]
    assert words_to_find("What is it?") == ["what", "is", "it"]
    assert words_to_find("?") == []
    assert len(words_to_find(" ".join(f"word{number}" for number in range(500)))) == MOST_WORDS


def test_common_words_are_left_out_of_a_large_corpus_only(ledger: Ledger) -> None:
    words = ["sailors", "quarry"]
    assert telling_words(ledger, words, passages=LARGE - 1) == words
    assert lexical.occurs_in(ledger, "quarry", at_most=10) == 2
    assert lexical.occurs_in(ledger, "sailors", at_most=10) == 3
    assert lexical.occurs_in(ledger, "sailors", at_most=2) == 2


def test_common_words_are_told_by_their_share(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.retrieve.query.LARGE", 0)
    assert telling_words(ledger, ["sailors", "museum"], passages=30) == ["museum"]
    assert telling_words(ledger, ["sailors"], passages=30) == ["sailors"]


def test_the_corpus_knows_which_words_are_names(ledger: Ledger) -> None:
    casing = Casing(ledger)
    assert casing.is_name("tolan")
    assert casing.is_name("mirela tolan")
    assert not casing.is_name("sailors")
    assert not casing.is_name("nowhere")


def test_why_is_one_line(retriever: Retriever) -> None:
    hit = _ask(retriever, "What did Mirela Tolan say about hiring?").hits[0]
    line = why(hit)
    assert line.startswith("words #")
    assert "bm25" in line
    assert "cosine" in line
    assert "'Mirela Tolan'" in line
    assert "\n" not in line
