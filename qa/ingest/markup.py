"""A look at a page's tags before a parser sees them: libxml2 compares each attribute of a tag with all others of it,
so one tag with 300,000 attributes (2 MB) would hold it for minutes. This pass is linear and only counts; it reads no
content.
"""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 1_000
# Possessive throughout (no backtracking): a tag's name, then attributes as the HTML standard's tokeniser takes them.
_TAG = re.compile(
    r"<(?:(?P<comment>!--)|(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<attributes>(?:[\s/]++(?:[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)?+)"
    rf"{{0,{MAX_ATTRIBUTES}}}+)(?P<more>[\s/]++[^\s/>])?+)"
)
_RAW = re.compile("script|style", re.IGNORECASE)


def has_monstrous_tag(html: str) -> bool:
    """Whether any tag has more than ``MAX_ATTRIBUTES`` attributes."""
    at = 0
    while match := _TAG.search(html, at):
        if match["more"]:
            return True
        at = match.end()
        if match["comment"]:
            at = html.find("-->", at) if html.find("-->", at) >= 0 else len(html)
        elif _RAW.fullmatch(match["name"]):
            closing = _closing(html, at, match["name"])
            at = closing if closing >= 0 else len(html)
    return False


def _closing(html: str, at: int, name: str) -> int:
    """Where the end tag of a raw text element begins, or -1."""
    match = re.compile(f"</{re.escape(name)}", re.IGNORECASE).search(html, at)
    return match.start() if match else -1
