"""What the first lines of an article say of themselves: a headline, a byline, a date. Nothing further down is looked
at.

Careful rather than eager: a title that isn't found is made of the file's name, an author or a date that isn't stays
unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import PurePath

from qa.ingest.dates import date_at_start, read_date
from qa.ingest.metadata import Metadata, metadata

_TOP_CHARS, _TOP_LINES = 8_000, 14
_TITLE_CHARS, _TITLE_WORDS, _PARAGRAPH_CHARS = 140, 22, 160
_STAMP = re.compile(r"(?<!\d)\d{4}([-_])\d{2}\1\d{2}(?!\d)")
_DECORATION = "*_ \t"
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>\S.*)")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*$")
_NO_TITLE = re.compile(
    r"[•·▪●◦*+>|–—\-(\[{<#=~_!]|\d{1,3}[.)]\s|https?:|www\."
    r"|(?:like us|follow us|share|tweet|advertis|subscribe|sign (?:up|in)|log ?in|read more|related|skip to)\b"
    r"|(?:photo|image|picture|credit|source|menu|comments?|print|email|home)\s?(?::|$)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.:;,…][\"'”’)]*$")
_NAME = r"[^\W\d_](?:[^\W\d_]|[.'’-]){0,40}"
_BYLINE = re.compile(
    rf"by[: ]\s{{0,3}}(?P<author>{_NAME}(?:[ ,]{{1,2}}(?:and |& )?{_NAME}){{0,11}})\s{{0,3}}(?P<rest>$|[|•·—–(/,-].*$)",
    re.IGNORECASE,
)
_PARTICLES = frozenset((
    "and", "de", "del", "della", "der", "den", "di", "da", "dos", "du", "la", "le", "van", "von", "bin", "ibn", "al",
    "el", "y", "e", "zu", "ter", "ten",
))  # fmt: skip
_NO_NAME = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|the|an?|this|that|then|now|contrast|comparison|default|design|today|tomorrow",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated)|(?:publication )?date)(?: on| at)?\s{0,3}[:\-—]?\s{0,3}",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"[A-Z]{2}[\w .'’/()-]{0,60}(?:,[\w .'’-]{1,40})?,\s{1,3}(?=[A-Z][a-z]{2,8}\.?\s\d|\d{1,2}\s[A-Z][a-z])"
)
_CLOCK = re.compile(
    r"[Tt][\d:.]{4,16}\S{0,6}|[\s,|@•·()—–-]|\d{1,2}[:.]\d{2}|[ap]\.?m\b\.?|at\b|updated?\b|[A-Z]{2,4}\b|UTC[+-]\d{1,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _TopLine:
    """One of the first lines that aren't blank; ``after`` is the line that follows it, which may be blank."""

    text: str
    after: str


def read_top(text: str, *, name: str = "") -> Metadata:
    """What the first lines say, with the origin "text". ``name`` is that of the file, which may repeat the title."""
    lines = _top(text)
    author = next((who for line in lines if (who := _byline(line.text)[0])), "")
    published = next((day for line in lines if (day := _dated(line.text))), None)
    return metadata(origin="text", title=_title(lines, name), author=author, published=published)


def read_name(identity: str) -> Metadata:
    """What a file's name says: ``2025-03-04_port-strike.txt`` -> "2025-03-04 port strike", of March 4, 2025."""
    stem = PurePath(identity).stem
    stamp = _STAMP.search(stem)
    words = re.sub(r"_|(?<!\d)[-+]|[-+](?!\d)", " ", stem)
    name = " ".join(words.split()) or stem
    published = read_date(stamp[0].replace("_", "-")) if stamp else None
    return metadata(origin="file name", title=name[:1].upper() + name[1:], published=published)


def _top(text: str) -> list[_TopLine]:
    lines = [line.strip() for line in text[:_TOP_CHARS].split("\n", 60)[:60]]
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    return [_TopLine(line, after) for line, after in pairs if line][:_TOP_LINES]


def _title(lines: list[_TopLine], name: str) -> str:
    """The first Markdown heading, else the first line if it looks like a headline or the file is named after it."""
    for line in lines:
        if heading := _HEADING.match(line.text):
            return heading["title"].rstrip(" \t#").strip(_DECORATION)
        if _UNDERLINE.match(line.after) and _like_title(line.text):
            return line.text
    first = next((line for line in lines if not _says_who_or_when(line.text)), None)
    if first is None or len(lines) < 2:
        return ""
    bare = first.text.strip(_DECORATION)
    # In a text wrapped at 72 columns a first line is short and has no period either; what follows tells.
    apart = not first.after or len(first.after) > _PARAGRAPH_CHARS or _says_who_or_when(first.after)
    if _is_named(bare, name):
        bare = re.sub(r"\.(?=[\"'”’)]{0,3}$)", "", bare)
    return bare if apart and bare and _like_title(bare) else ""


def _is_named(line: str, name: str) -> bool:
    """Whether a file's name repeats a line, be it cut short: four words in a row, and most of the rest of the name."""
    words = re.findall(r"[^\W_]+", line.lower())
    named = re.findall(r"[^\W_]+", PurePath(name).stem.lower())
    start = next((at for at in range(len(named)) if words and named[at] == words[0]), len(named))
    pairs = zip(named[start:], words, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return same >= 4 and 2 * same >= len(named) - start


def _like_title(line: str) -> bool:
    if len(line) > _TITLE_CHARS or len(line.split()) > _TITLE_WORDS or _NO_TITLE.match(line):
        return False
    return line[0].upper() == line[0] and not _SENTENCE_END.search(line) and any(char.isalpha() for char in line)


def _says_who_or_when(line: str) -> bool:
    return bool(_byline(line)[0]) or _dated(line) is not None


def _byline(line: str) -> tuple[str, str]:
    """The author of a line that is a byline, and what stands behind the name."""
    match = _BYLINE.match(line.strip(_DECORATION)) if len(line) <= _TITLE_CHARS else None
    if not match:
        return "", ""
    words = [word for word in re.split(r"[ ,]+", match["author"]) if word and word.lower() not in _PARTICLES]
    if not words or _NO_NAME.fullmatch(words[0]) or not all(_capital(word) for word in words):
        return "", ""
    return match["author"].rstrip(" ,"), match["rest"]


def _capital(word: str) -> bool:
    """Whether a word may be part of a name: it isn't in lower case (most scripts have none)."""
    return not word[0].islower()


def _dated(line: str) -> date | None:
    """The date of a line that is there to say it: alone, behind a label or byline, or in a dateline."""
    line = line[:200].strip(_DECORATION)
    author, rest = _byline(line)
    if author:
        return _alone(rest.strip("|•·—–(/-, \t"))
    if label := _LABEL.match(line):
        return _alone(line[label.end() :].strip(_DECORATION))
    if found := _alone(line.strip("()|•· ")):
        return found
    place = _DATELINE.match(line)
    dated = date_at_start(line[place.end() :]) if place else None
    if not place or not dated:
        return None
    behind = line[place.end() + dated[1] :].lstrip()
    return dated[0] if behind[:1] in ("-", "–", "—", "(") else None


def _alone(text: str) -> date | None:
    """The date that ``text`` is, give or take a time of day."""
    found = date_at_start(text)
    if not found:
        return None
    at, steps = found[1], 0
    while at < len(text) and steps < 30 and (match := _CLOCK.match(text, at)):
        at, steps = match.end(), steps + 1
    return found[0] if at == len(text) else None
