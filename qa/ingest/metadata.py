"""Metadata as articles carry it (front matter, JSON fields, HTML heads), made safe to store: one line, bounded, with
origin.

Values are hostile input. Reading them out of their formats is the business of the format's own module.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from qa.ingest.dates import from_number, read_date

MAX_CHARS, MAX_URL_CHARS = 500, 2_000
# Control characters, line and paragraph separators, bidi controls and the byte order mark: none belongs in a title.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s\"<>\\^`{|}]+", re.IGNORECASE)
KEYS = {
    "title": ("title", "headline"),
    "source": ("source", "outlet", "publisher"),
    "author": ("author", "authors", "byline"),
    "published": ("published", "date", "published_at", "date_published", "datepublished"),
    "url": ("url", "link"),
}


class WrongType(ValueError):
    """A field whose value can't be what the field means, such as a list for a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of an article beside its text; ``origins`` says of each field that is known where it was found."""

    title: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    published: date | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: Metadata) -> Metadata:
        """This metadata, with the fields that it lacks taken from ``other``."""
        return Metadata(
            title=self.title or other.title,
            source=self.source or other.source,
            url=self.url or other.url,
            author=self.author or other.author,
            published=self.published or other.published,
            origins={**other.origins, **self.origins},
        )


def metadata(
    *, origin: str, title: str = "", source: str = "", url: str = "", author: str = "", published: date | None = None
) -> Metadata:
    """Metadata of one origin, each value cleaned; empty ones have no origin."""
    values = {"title": one_line(title), "source": one_line(source), "url": safe_url(url), "author": one_author(author)}
    known = [*(name for name, value in values.items() if value), *(["published"] if published else [])]
    return Metadata(**values, published=published, origins=dict.fromkeys(known, origin))


def from_fields(fields: Mapping[str, object], *, origin: str) -> Metadata:
    """Metadata out of named fields with any values; keys in lower case. Raises ``WrongType``."""
    return metadata(
        origin=origin,
        title=_text(fields, "title"),
        source=_text(fields, "source"),
        url=_text(fields, "url"),
        author=_authors(fields),
        published=_published(fields),
    )


def one_line(value: str, *, limit: int = MAX_CHARS) -> str:
    """``value`` on one line: what is unfit becomes a space, white space is collapsed, the end is cut at ``limit``."""
    return " ".join(_UNFIT.sub(" ", value[: 4 * limit]).split())[:limit].rstrip()


def one_author(value: str) -> str:
    """An author's name without the "By" of a byline."""
    return re.sub(r"^by[ :]\s*", "", one_line(value), flags=re.IGNORECASE)


def safe_url(value: str) -> str:
    """``value`` if it is an address of the web, else nothing: no scripts, no local files, nothing longer than 2,000."""
    value = value.strip()
    return value if len(value) <= MAX_URL_CHARS and _URL.fullmatch(value) and not _UNFIT.search(value) else ""


def _value(fields: Mapping[str, object], name: str) -> object:
    return next((fields[key] for key in KEYS[name] if fields.get(key) not in (None, "", [])), "")


def _text(fields: Mapping[str, object], name: str) -> str:
    return as_text(_value(fields, name), name)


def as_text(value: object, name: str) -> str:
    """A string, or a number as written; anything else is a ``WrongType``."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):  # as schema.org writes persons and publishers
        return str(value["name"])
    raise WrongType(f"{name} is a {_type_name(value)}")


def _authors(fields: Mapping[str, object]) -> str:
    value = _value(fields, "author")
    if isinstance(value, list):
        return ", ".join(one_author(as_text(one, "author")) for one in value[:20])
    return as_text(value, "author")


def _published(fields: Mapping[str, object]) -> date | None:
    value = _value(fields, "published")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_number(value) if math.isfinite(value) else None
    return read_date(as_text(value, "published"))


def _type_name(value: object) -> str:
    return {bool: "boolean", list: "list", dict: "object"}.get(type(value), type(value).__name__)
