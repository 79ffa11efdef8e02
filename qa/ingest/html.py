"""HTML pages: the article's text and its metadata, through trafilatura; where that finds no text, what lxml sees.

Nothing is fetched. trafilatura takes a third of a CPU second to import, so it is imported when a page is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.ingest.dates import read_date
from qa.ingest.metadata import Metadata, metadata, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Asked for precision, trafilatura can prune a short article to nothing; below this it is asked again without.
_ENOUGH_CHARS = 400
_META_CHARSET = re.compile(
    rb"<meta[^>]{1,300}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_XML_ENCODING = re.compile(rb"\s{0,9}<\?xml[^>]{1,200}?encoding\s{0,3}=\s{0,3}[\"']([A-Za-z0-9_:.-]{2,40})[\"']")
_XML_DECLARATION = re.compile(r"\s{0,9}<\?xml[^>]{0,300}\?>")
_LOOKS_HTML = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}\?>\s{0,200})?(?:<!--.{0,500}?-->\s{0,200})?<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_BLOCKS = {
    "p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre",
    "td", "th", "tr", "table", "br", "dd", "dt", "figcaption", "header", "footer", "body",
}  # fmt: skip
_NOT_TEXT = {
    "script", "style", "noscript", "template", "nav", "form", "button", "select", "textarea", "svg", "iframe", "head",
    "aside", "footer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page: its text (empty if none was found) with a blank line between paragraphs, its metadata."""

    text: str
    known: Metadata


def looks_like_html(text: str) -> bool:
    """Whether a text of unknown type begins as a page does."""
    return _LOOKS_HTML.match(text[:4_000]) is not None


def declared_charset(raw: bytes) -> str:
    """The encoding that a page says it is in, from its first 4 KB."""
    match = _META_CHARSET.search(raw[:4_096]) or _XML_ENCODING.match(raw[:300])
    return match[1].decode("ascii") if match else ""


def read_page(html: str) -> Page:
    """The article of a page."""
    html = _XML_DECLARATION.sub("", html, count=1)  # lxml refuses a text with an encoding in it
    precise = _extract(html, favor_precision=True)
    text = _paragraphs(precise)
    if len(text) >= _ENOUGH_CHARS:
        return Page(text, _known(precise))
    usual = _extract(html, favor_precision=False)
    text = max(text, _paragraphs(usual), key=len)
    return Page(text or _all_text(html), _known(usual))


def _extract(html: str, *, favor_precision: bool) -> Any | None:
    """trafilatura's document, or None where it finds nothing or stumbles."""
    from trafilatura import bare_extraction

    dates = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"}
    try:
        return bare_extraction(
            html,
            favor_precision=favor_precision,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=dates,
        )
    except (
        Exception
    ):  # a hostile page breaks any of its parsers in any way (RecursionError, AttributeError): lxml is next
        return None


def _known(document: Any | None) -> Metadata:
    if document is None:
        return Metadata()
    source = one_line(document.sitename or "")
    return metadata(
        origin="html",
        title=_without_site(one_line(document.title or ""), source),
        source=source,
        url=document.url or "",
        author=(document.author or "").replace("; ", ", "),
        published=read_date(document.date or ""),
    )


def _without_site(title: str, site: str) -> str:
    """A title without the site's name that pages put before or behind it, with a bar or dash between."""
    if not site:
        return title
    name = re.escape(site)
    return re.sub(rf"^{name}\s?[|–—·:-]\s|\s[|–—·:-]\s?{name}$", "", title, flags=re.IGNORECASE) or title


def _paragraphs(document: Any | None) -> str:
    """The text with a blank line between paragraphs; a table's rows keep the bars between their cells, but no rules."""
    lines = (document.text or "" if document is not None else "").split("\n")
    return "\n\n".join(line.strip(" \t|") for line in lines if line.strip(" \t|-"))


def _all_text(html: str) -> str:
    """All text that a reader of the page would see, a paragraph for each block."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        tree = document_fromstring(html, parser=HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.LxmlError, ValueError):
        return ""
    lines = (" ".join(line.split()) for line in "".join(_pieces(tree)).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _pieces(tree: HtmlElement) -> list[str]:
    """Text in document order with a line end at each block; without recursion, since pages nest without limit."""
    from lxml.etree import iterwalk

    pieces: list[str] = []
    hidden = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            hidden += tag in _NOT_TEXT
            piece = element.text
        else:
            hidden -= tag in _NOT_TEXT
            piece = element.tail
        if tag in _BLOCKS:
            pieces.append("\n")
        if piece and not hidden:
            pieces.append(piece.replace("\n", " "))
    return pieces
