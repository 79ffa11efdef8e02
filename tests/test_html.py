"""HTML pages: the article and its metadata are found, furniture isn't, and hostile pages end."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench.extraction import measure
from qa.ingest.html import declared_charset, looks_like_html, read_page
from qa.ingest.markup import MAX_ATTRIBUTES, has_monstrous_tag
from qa.ingest.outcome import Item, Skip
from qa.ingest.read import read
from qa.types import Draft

_SENTENCE = "The harbour authority said on Monday that it would lengthen the northern quay by 200 metres. "
_PAGE = f"""<!DOCTYPE html>
<html lang="en"><head>
<title>Harbour to grow | The Daily Ledger</title>
<meta property="og:site_name" content="The Daily Ledger">
<meta name="author" content="Ana Ruiz">
<meta property="article:published_time" content="2025-03-04T23:30:00-05:00">
<link rel="canonical" href="https://ledger.example/harbour">
<script>var text = "<p>not an article</p>";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Harbour to grow</h1>
<p>{_SENTENCE * 2}</p>
<p>“We waited for <b>nine</b> years,” said its <a href="/people/zhang">director</a>, Mei&nbsp;Zhang.</p>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2025</td><td>10 million crowns</td></tr></table>
<ul><li>A longer quay for larger ships</li><li>Two new cranes</li></ul>
<p>{_SENTENCE}</p></article>
<div class="comments"><p>First! What a wonderful article this is, thank you all.</p></div>
<footer>Copyright The Daily Ledger, all rights reserved</footer></body></html>"""


def _draft(path: Path, page: str | bytes) -> Draft | Skip:
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    (outcome,) = read([str(path)])
    return outcome.load() if isinstance(outcome, Item) else outcome


def test_an_article_is_taken_out_of_its_page(tmp_path: Path) -> None:
    draft = _draft(tmp_path / "a.html", _PAGE)
    assert isinstance(draft, Draft)
    paragraphs = draft.text.split("\n\n")
    assert (_SENTENCE * 2).strip() in paragraphs
    assert "“We waited for nine years,” said its director, Mei\u00a0Zhang." in [
        p.replace("Mei Z", "Mei\u00a0Z") for p in paragraphs
    ]
    assert "2025 | 10 million crowns" in paragraphs
    assert not any(words in draft.text for words in ("wonderful", "Sport", "Copyright", "not an article", "<"))


def test_metadata_comes_from_the_head_with_its_origin(tmp_path: Path) -> None:
    draft = _draft(tmp_path / "a.html", _PAGE)
    assert isinstance(draft, Draft)
    assert (draft.title, draft.source, draft.author) == ("Harbour to grow", "The Daily Ledger", "Ana Ruiz")
    assert (draft.published, draft.url) == (date(2025, 3, 4), "https://ledger.example/harbour")
    assert set(draft.origins.values()) == {"html"}


def test_a_page_without_a_head_is_named_after_its_file_and_undated(tmp_path: Path) -> None:
    draft = _draft(tmp_path / "port-news.htm", f"<p>{_SENTENCE * 3}</p>")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.published, draft.url) == ("Port news", None, "")
    assert draft.origins == {"title": "file name"}


def test_short_pages_are_not_lost() -> None:
    assert read_page("<html><body><p>The quay is closed.</p></body></html>").text == "The quay is closed."
    assert read_page("no tags at all, only words").text == "no tags at all, only words"


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<html><script>var a = 1;</script></html>", "<p> &nbsp; </p>", "<img src=x>"]
)
def test_a_page_without_text_is_a_skip(tmp_path: Path, page: str) -> None:
    skip = _draft(tmp_path / "a.html", page)
    assert isinstance(skip, Skip)
    assert skip.reason == "no article text found"


@pytest.mark.parametrize(
    ("codec", "head"),
    [
        ("cp1251", '<meta charset="windows-1251">'),
        ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("utf-8", '<meta charset="windows-1251">'),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("iso8859_5", '<meta charset="ISO-8859-5">'),
    ],
)
def test_the_encoding_is_the_declared_one_unless_the_bytes_say_otherwise(tmp_path: Path, codec: str, head: str) -> None:
    sentence = "Начальник порта сказал в понедельник, что причал станет длиннее. "
    page = f"<html><head>{head}<title>Порт</title></head><body><article><p>{sentence * 4}</p></article></body></html>"
    draft = _draft(tmp_path / "a.html", page.encode(codec))
    assert isinstance(draft, Draft)
    assert draft.text == (sentence * 4).strip()


def test_an_xml_declaration_is_no_obstacle(tmp_path: Path) -> None:
    page = f'<?xml version="1.0" encoding="iso-8859-1"?>\n<html><body><p>Café. {_SENTENCE * 3}</p></body></html>'
    draft = _draft(tmp_path / "a.xhtml", page.encode("latin-1"))
    assert isinstance(draft, Draft)
    assert draft.text.startswith("Café. The harbour")


def test_what_looks_like_a_page() -> None:
    assert looks_like_html("\n <!-- saved -->\n<!DOCTYPE html><html>")
    assert looks_like_html("<HTML lang=en>")
    assert not looks_like_html("A text about <html> and tags.")
    assert declared_charset(b"<html><META CharSet='Big5'>") == "Big5"
    assert declared_charset(b"<html><meta name=x>") == ""


# --- hostile pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 100_000 + "text",
        "<b>" * 50_000 + "text " * 100,
        "<table><tr><td>" * 3_000 + _SENTENCE,
        "<html><body>" + "<!-- " * 100_000,
        "<html><head><script type='application/ld+json'>" + "[" * 100_000 + f"</script></head><body><p>{_SENTENCE}</p>",
        "<meta property='article:published_time' content='9999-99-99'>" * 2_000 + f"<body><p>{_SENTENCE}</p>",
        f"<html><body><p>{'&lt;' * 100_000}</p><p>{_SENTENCE}</p>",
        f"<html><body><p>{' ' * 300_000}x</p>",
        "<html><body><p>\x01\x02\ufffe " + _SENTENCE * 9,
        "<html><head><title>" + "T" * 100_000 + f"</title></head><body><p>{_SENTENCE * 9}</p>",
    ],
)  # fmt: skip
def test_hostile_pages_end_in_a_text_or_a_skip(tmp_path: Path, page: str) -> None:
    outcome = _draft(tmp_path / "a.html", page)
    if isinstance(outcome, Draft):
        assert len(outcome.title) <= 500
        assert "\n" not in outcome.title
        outcome.text.encode()
    else:
        assert outcome.reason in ("no article text found", "binary file")


@pytest.mark.parametrize("attribute", ["a{}=1", "a{}='<>'", "<{}", 'a{}=">"', "a{}"])
def test_a_tag_with_thousands_of_attributes_is_refused(tmp_path: Path, attribute: str) -> None:
    page = "<html><body><p " + " ".join(attribute.format(i) for i in range(100_000)) + f">{_SENTENCE}</p>"
    skip = _draft(tmp_path / "a.html", page)
    assert isinstance(skip, Skip)
    assert skip.reason == "hostile page"


@pytest.mark.parametrize(
    "page",
    [
        "<p " + "a=1 " * MAX_ATTRIBUTES + ">x</p>",
        "<script>if (i<n && x) " + "f(i) ; " * 5_000 + "</script><p>x</p>",
        "<!-- <p " + "a " * 5_000 + " --><p>x</p>",
        "<p>" + "a b " * 5_000,
        "3 < 4 " + "a b " * 5_000,
        '<a title="' + "a b " * 5_000 + '">',
        "<style>a<b " + "c " * 5_000,
    ],
)
def test_ordinary_pages_have_no_monstrous_tag(page: str) -> None:
    assert not has_monstrous_tag(page)


@pytest.mark.parametrize("unit", ['<a b="', "<a b='<a c=\"", "<", "<a/", "<!--", "<script>", "<a b=", "<a =", "</a "])
def test_looking_for_monstrous_tags_takes_linear_time(unit: str) -> None:
    assert has_monstrous_tag(unit * 300_000) in (True, False)  # quadratic time would be hours


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/=\"' abpdivhtmlscript!-&;#x0\n\x00é"), max_size=200))
def test_any_markup_is_read(markup: str) -> None:
    page = read_page(markup)
    assert "\n" not in page.known.title
    assert page.text == page.text.strip()


# --- real pages, where they are -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_extraction_keeps_its_level_on_real_pages() -> None:
    folder = Path(os.environ.get("QA_DATA", "../shared/data")) / "html" / "aeb"
    if not folder.is_dir():
        pytest.skip("no article-extraction benchmark in QA_DATA")
    scores = measure(folder)
    assert scores.pages == 90
    assert scores.f1 >= 0.955
    assert scores.dated >= 85
    assert scores.titled == 90
