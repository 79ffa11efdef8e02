"""The report without a browser: how articles are cut, what charts show, and that nothing foreign becomes markup."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_run import ATTACK, BRIDGE, FILLER, item, make_report, span, write_corpus

from eval.corpus import read_corpus
from eval.metrics.all import METRICS
from eval.report.browser import entries
from eval.report.build import Report, render, write_report
from eval.report.marks import CONTEXT, LONGEST_GAP, MOST_PIECES, SHORTEST_GAP, Mark, Segment, pieces, segments
from eval.results import Blame, ItemResult
from eval.summary import summarise
from eval.types import Ended, GoldSet, RunCitation, RunClaim, RunRecord, Scored
from qa.types import Span


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return make_report(write_corpus(tmp_path_factory.mktemp("report") / "corpus"))


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return render(report)


# --- articles, cut ----------------------------------------------------------------------------------------------------

_SPANS = st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)).map(lambda ends: Span(*ends)), max_size=8)


@given(st.integers(0, 60), _SPANS, _SPANS)
def test_segments_are_what_each_character_is(length: int, gold: list[Span], cited: list[Span]) -> None:
    marks = {(0, 0): Mark.NONE, (1, 0): Mark.GOLD, (0, 1): Mark.CITED, (1, 1): Mark.BOTH}
    oracle = [
        marks[any(one.start <= at < one.end for one in gold), any(one.start <= at < one.end for one in cited)]
        for at in range(length)
    ]
    found = segments(length, gold, cited)
    assert [mark for segment in found for mark in [segment.mark] * (segment.end - segment.start)] == oracle
    assert [segment.mark for segment in found] == [mark for mark, _ in groupby(oracle)]
    assert [segment.start for segment in found] == [0, *(segment.end for segment in found)][: len(found)]


_TEXTS = st.tuples(st.sampled_from("ab \n"), st.integers(1, 40)).map(lambda one: one[0] * one[1])


@given(st.lists(_TEXTS, max_size=80).map("".join), st.lists(st.integers(0, 3000), max_size=8), st.booleans())
def test_pieces_are_the_whole_text_in_order(text: str, edges: list[int], whole: bool) -> None:
    spans = [Span(start, start + 90) for start in edges]
    cut = segments(len(text), spans[::2], spans[1::2])
    found = pieces(text, cut, whole=whole)
    assert sum(piece.size for piece in found) == len(text)
    at = 0
    for piece in found:
        assert piece.text in (text[at : at + piece.size], "")
        assert piece.text or piece.gap
        assert not piece.gap or piece.size >= SHORTEST_GAP
        marks = {segment.mark for segment in cut if segment.start < at + piece.size and at < segment.end}
        assert marks == {piece.mark}
        at += piece.size
    assert not whole or "".join(piece.text for piece in found) == text


def test_all_near_an_edge_of_a_mark_is_kept_and_all_far_away_folded() -> None:
    text = "".join(f"word{i:04d} " for i in range(1000))
    found = pieces(text, segments(len(text), [Span(4500, 4600)], []))
    assert [(piece.gap, piece.mark) for piece in found] == [
        (True, Mark.NONE),
        (False, Mark.NONE),
        (False, Mark.GOLD),
        (False, Mark.NONE),
        (True, Mark.NONE),
    ]
    # Words of eight letters and a space: a gap meets the nearest edge of one.
    assert CONTEXT - 9 <= found[1].size <= CONTEXT
    assert found[0].text.endswith(" ")
    assert found[1].text.startswith("word")
    assert found[3].text[-1].isdigit()
    assert found[4].text.startswith(" ")


def test_a_mark_of_a_million_characters_is_folded_too_and_its_text_left_out() -> None:
    text = "word " * 200_000
    begin, gap, end = pieces(text, [Segment(0, len(text), Mark.CITED)])
    assert begin.mark is gap.mark is end.mark is Mark.CITED
    assert gap.gap
    assert gap.text == ""
    assert gap.size > LONGEST_GAP
    assert begin.size + end.size <= 2 * CONTEXT


def test_thousands_of_marks_are_cut_off_and_counted() -> None:
    text = "ab" * 5_000
    found = pieces(text, segments(len(text), [Span(at, at + 1) for at in range(0, 10_000, 2)], []))
    assert len(found) == MOST_PIECES + 1
    assert found[-1].gap
    assert found[-1].size == 10_000 - MOST_PIECES


# --- entries ----------------------------------------------------------------------------------------------------------


def test_entries_show_failures_first_by_stage_then_what_is_right(report: Report) -> None:
    found = entries(report.gold, report.corpus, report.records, report.results, most=100)
    assert [entry.item.id[:7] for entry in found] == [
        "missing", "error", "half", "line", "refused", "false", "right", "hostile", "silent",
    ]  # fmt: skip
    assert [entry.number for entry in found][:3] == [5, 6, 2]
    cut = entries(report.gold, report.corpus, report.records, report.results, most=2)
    assert [entry.item.id for entry in cut] == ["missing", "error"]


def test_a_gold_row_says_how_far_its_span_came(report: Report) -> None:
    found = {
        entry.item.id: entry.gold
        for entry in entries(report.gold, report.corpus, report.records, report.results, most=100)
    }
    (right,), (half,), (line,), (refused,) = (found[id] for id in ("right", "half", "line", "refused"))
    assert (right.article_rank, right.span_rank, right.read, right.cited) == (1, 1, True, True)
    # 15 of the 28 letters of "It had been closed for nine weeks." are found: less than 80 %.
    assert (half.article_rank, half.span_rank, half.read, half.cited) == (1, 1, False, False)
    # The hit ends before the needle begins.
    assert (line.article_rank, line.span_rank, line.read, line.cited) == (1, None, False, False)
    assert (refused.reported, refused.article_rank, refused.read, refused.cited) == (False, None, None, False)


def test_an_invalid_citation_is_held_against_what_stands_there(report: Report) -> None:
    found = entries(report.gold, report.corpus, report.records, report.results, most=100)
    moved, nowhere = next(entry for entry in found if entry.item.id.startswith("hostile")).invalid
    assert moved.stands == "epairs cost Cr 4 million.\n"
    assert moved.elsewhere == report.corpus["bridge.txt"].text.index("Repairs")
    assert (nowhere.why, nowhere.stands, nowhere.elsewhere) == ("The corpus has no such article.", "", None)


def test_an_acceptable_span_is_marked_only_where_it_is_cited(report: Report) -> None:
    corpus = report.corpus
    quotes = ("It had been closed for nine weeks.", "Repairs cost Cr 4 million.", "Tuesday")
    closed, cost, opened = (span(corpus, "bridge.txt", quote) for quote in quotes)
    one = replace(item("a", "?", closed, answer="x"), acceptable=(cost, opened))
    cited = RunCitation(article=cost.article, start=cost.start, end=cost.end, quote=cost.quote)
    record = RunRecord(id="a", ended=Ended.ANSWERED, claims=(RunClaim(text="", citations=(cited,)),))
    gold = replace(report.gold, items=(one,))
    result = ItemResult(id="a", scores={}, blame=Blame.NOT_CITED)
    (entry,) = entries(gold, corpus, {"a": record}, [result], most=1)
    marks = [(piece.mark, piece.text) for piece in entry.articles[0].pieces if piece.mark is not Mark.NONE]
    assert marks == [(Mark.GOLD, closed.quote), (Mark.BOTH, cost.quote)]


def test_folded_text_is_carried_for_all_or_for_none(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(f"Long\n\n{FILLER}\n\n{BRIDGE}\n", encoding="utf-8")
    corpus = read_corpus(tmp_path)
    items = tuple(item(f"i{n}", "?", span(corpus, "long.txt", BRIDGE[:45]), answer="x") for n in range(1000))
    gold = GoldSet(name="s", description="", corpus="", categories={}, items=items, sha256="")
    results = [ItemResult(id=one.id, scores={}, blame=Blame.WRONG) for one in items]
    few, many = (entries(gold, corpus, {}, results, most=most) for most in (10, 1000))
    assert all(piece.text for entry in few for view in entry.articles for piece in view.pieces)
    gaps = [piece for entry in many for view in entry.articles for piece in view.pieces if piece.gap]
    assert len(gaps) == 1000
    assert not any(gap.text for gap in gaps)
    assert {gap.size for gap in gaps} == {piece.size for piece in few[0].articles[0].pieces if piece.gap}


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    write_report(tmp_path / "a.html", report)
    write_report(tmp_path / "b.html", report)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_policy_names_the_digests_of_our_own_style_and_script(html: str) -> None:
    policy = lxml.html.fromstring(html).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style, script = (re.search(rf"<{tag}>(.*?)</{tag}>", html, re.S) for tag in ("style", "script"))
    assert style
    assert script
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode() for found in (style, script)
    )
    assert policy == [
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    ]


def test_nothing_foreign_becomes_markup(html: str) -> None:
    page = lxml.html.fromstring(html)
    assert [len(page.xpath(f"//{tag}")) for tag in ("script", "style", "title", "img", "iframe", "object", "form")] == [
        1, 1, 4, 0, 0, 0, 0,
    ]  # fmt: skip
    names = {name for element in page.iter(lxml.etree.Element) for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc", "xlink:href")]
    assert all(link.startswith("#") or link == "data:," for link in page.xpath("//@href"))
    assert len(page.xpath("//meta")) == 5
    assert ATTACK in page.text_content()
    assert "{{ 7*7 }}" in page.text_content()


def test_what_is_invisible_or_no_text_is_made_visible(html: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", html)
    for shown in (r"evil\u202etxt.exe␀␛[2J\x85\ufffe\u200b␍␌ end", r"\ud800 and \udfff"):
        assert shown in html


def test_an_empty_run_still_gives_a_page(report: Report) -> None:
    gold = replace(report.gold, items=())
    summary = summarise(gold, report.corpus, {}, [], system="none")
    page = render(Report(gold=gold, corpus=report.corpus, records={}, results=(), summary=summary, metrics=METRICS))
    assert "There are no items." in page
    assert "There is no answer to judge." in page
    assert "No gate stands for this set." in page


def test_a_page_of_250_items_over_long_articles_stays_small(report: Report, tmp_path: Path) -> None:
    chance = random.Random(5)
    words = [f"word{i}" for i in range(3000)]
    for name in range(30):
        text = "\n\n".join(" ".join(chance.choices(words, k=60)) + "." for _ in range(30))
        (tmp_path / f"{name}.txt").write_text(f"Title {name}\n\n{text}\n", encoding="utf-8")
    corpus = read_corpus(tmp_path)
    items, records = [], {}
    for number in range(250):
        name, other = chance.sample(list(corpus), 2)
        at = chance.randrange(200, len(corpus[name].text) - 400)
        gold_span = span(corpus, name, corpus[name].text[at : at + 150])
        items.append(item(f"i{number}", "What?", gold_span, answer="word1"))
        quote = corpus[other].text[at : at + 300]
        cited = RunCitation(article=other, start=at, end=at + len(quote), quote=quote)
        claim = RunClaim(text=quote, citations=(cited,))
        records[f"i{number}"] = RunRecord(id=f"i{number}", ended=Ended.ANSWERED, answer=quote, claims=(claim,))
    gold = replace(report.gold, items=tuple(items))
    scores = {metric.name: Scored(0.0) for metric in METRICS}
    results = [ItemResult(id=one.id, scores=scores, blame=Blame.NOT_CITED) for one in items]
    assert sum(len(text.text) for text in corpus.values()) / len(corpus) > 12_000
    page = render(replace(report, gold=gold, corpus=corpus, records=records, results=results))
    assert len(page.encode()) < 6_000_000
