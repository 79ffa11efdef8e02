"""Front matter: the YAML block between two ``---`` lines at the top of a text or Markdown file.

What is broken, hides a YAML bomb, or knows no key that articles use isn't front matter but text, so nothing of a file
is ever lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.ingest.metadata import KEYS, Metadata, WrongType, from_fields

if TYPE_CHECKING:
    from yaml.events import Event

_MAX_CHARS = 65_536
_FENCE = re.compile(r"---[ \t]*\n")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_MORE_KEYS = (
    "tags",
    "categories",
    "category",
    "layout",
    "slug",
    "draft",
    "lang",
    "language",
    "description",
    "permalink",
)
_USUAL_KEYS = frozenset([key for keys in KEYS.values() for key in keys] + list(_MORE_KEYS))


def read_front_matter(text: str) -> tuple[Metadata, int]:
    """The metadata of a front matter and the offset at which the body begins; nothing and 0 where there is none."""
    opening = _FENCE.match(text)
    if not opening:
        return Metadata(), 0
    closing = _FENCE_END.search(text, opening.end(), opening.end() + _MAX_CHARS)
    if not closing:
        return Metadata(), 0
    fields = _flat_yaml(text[opening.end() : closing.start()])
    if fields is None or not fields.keys() & _USUAL_KEYS:
        return Metadata(), 0
    try:
        return from_fields(fields, origin="front matter"), closing.end()
    except WrongType:
        return Metadata(), 0


def _flat_yaml(block: str) -> dict[str, object] | None:
    """The scalars and lists of scalars at the top of a YAML mapping, as strings; None if it is anything else.

    Read from the parser's events: no objects are built, no alias is followed (one makes it None) and nothing recurses.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _fields(yaml.parse(block, Loader=loader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _fields(events: Iterator[Event]) -> dict[str, object] | None:
    import yaml

    fields: dict[str, object] = {}
    depth, key = 0, None
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth == 1 and not isinstance(event, yaml.MappingStartEvent):
                return None
            if depth == 2 and key is not None and isinstance(event, yaml.SequenceStartEvent):
                fields[key] = []
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            key = None if depth == 1 else key
        elif isinstance(event, yaml.ScalarEvent):
            key = _take(fields, event.value, depth=depth, key=key)
    return fields


def _take(fields: dict[str, object], value: str, *, depth: int, key: str | None) -> str | None:
    """Put a scalar where it belongs; returns the key that is still waiting for its value."""
    if depth == 1 and key is None:
        return value.strip().lower()
    if depth == 1 and key is not None:
        fields[key] = "" if value in ("~", "null") else value
        return None
    listed = fields.get(key) if depth == 2 and key is not None else None
    if isinstance(listed, list):
        listed.append(value)
    return key
