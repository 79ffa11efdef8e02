"""JSON Lines, one article a line: read as a stream, a line at a time, never more than ``max_bytes`` of one in memory.

A line that can't be used is a skip with its number and the rest goes on. Of a key given twice the last counts, as JSON
readers do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from qa.ingest.decode import decode, storable
from qa.ingest.metadata import Metadata, WrongType, from_fields, one_line, safe_url
from qa.ingest.outcome import Item, Skip, too_large
from qa.ingest.top import read_top
from qa.types import Draft

_PIECE = 1 << 20
_BOM = b"\xef\xbb\xbf"
_TEXT_KEYS = ("text", "body", "content")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its number (from 1) and bytes without the line end; ``raw`` None where it was longer than allowed."""

    number: int
    raw: bytes | None


def read_jsonl(stream: BinaryIO, *, file: str, root: str = "", max_bytes: int) -> Iterator[Item | Skip]:
    """The articles of a JSON Lines stream. ``file`` is the identity of the file that it comes from."""
    seen: set[str] = set()
    for line in _lines(stream, max_bytes):
        outcome = _outcome(line, file=file, root=root, max_bytes=max_bytes)
        if outcome is None:
            continue
        if isinstance(outcome, Item) and outcome.identity in seen:
            yield Skip(outcome.identity, "same id as an earlier line", f"line {line.number}", file)
            continue
        seen.add(outcome.identity)
        yield outcome


def _lines(stream: BinaryIO, max_bytes: int) -> Iterator[_Line]:
    number = 0
    while raw := stream.readline(max_bytes + 2):
        number += 1
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if len(raw.rstrip(b"\r\n")) <= max_bytes:
            yield _Line(number, raw.strip())
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(_PIECE)
        yield _Line(number, None)


def _outcome(line: _Line, *, file: str, root: str, max_bytes: int) -> Item | Skip | None:
    where = f"line {line.number}"
    unknown = f"{file}:{line.number}"
    if line.raw is None:
        return too_large(unknown, limit=max_bytes, detail=where, hides=True, file=file)
    if not line.raw:
        return None
    parsed = _parse(line.raw)
    if isinstance(parsed, str):
        return Skip(unknown, parsed, where, file, hides=True)
    digest = sha256(line.raw).hexdigest()
    identity = f"{file}#{_key(parsed) or digest[:16]}"

    def load() -> Draft | Skip:
        return _draft(parsed, identity=identity, file=file, where=where, digest=digest)

    return Item(identity, digest, load, file, root)


def _parse(raw: bytes) -> dict[str, object] | str:
    """The object of a line with its keys in lower case, or why it can't be used."""
    decoded = decode(raw)
    if decoded is None:
        return "not JSON"
    try:
        value = json.loads(decoded.text, parse_constant=lambda _: None)
    except RecursionError:
        return "JSON nested too deeply"
    except ValueError:  # JSONDecodeError, and numbers of more digits than Python reads
        return "not JSON"
    if not isinstance(value, dict):
        return "not a JSON object"
    return {key.lower(): one for key, one in value.items()}


def _key(fields: dict[str, object]) -> str:
    """What names a line over time: its id, else its address."""
    key = fields.get("id")
    if isinstance(key, str | int) and not isinstance(key, bool) and one_line(str(key)):
        return one_line(str(key))
    url = fields.get("url")
    return safe_url(url) if isinstance(url, str) else ""


def _draft(fields: dict[str, object], *, identity: str, file: str, where: str, digest: str) -> Draft | Skip:
    value = next((fields[key] for key in _TEXT_KEYS if fields.get(key) is not None), None)
    if value is None:
        return Skip(identity, "no text field", where, file)
    if not isinstance(value, str):
        return Skip(identity, "wrong type", f"{where}: text isn't a string", file)
    try:
        known = from_fields(fields, origin="json")
    except WrongType as error:
        return Skip(identity, "wrong type", f"{where}: {error}", file)
    text = storable(value)
    return as_draft(text, known.over(read_top(text)), identity=identity, digest=digest, file=file, detail=where)


def is_json(text: str) -> bool:
    """Whether a text of unknown type is one JSON value of several lines or a list: data, though no article a line."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (RecursionError, ValueError):
        return False
    return True


def as_draft(text: str, known: Metadata, *, identity: str, digest: str, file: str, detail: str = "") -> Draft | Skip:
    """The draft of a text and its metadata, or the skip of an article that has no text."""
    if not text.strip():
        return Skip(identity, "empty", detail, file)
    return Draft(
        identity=identity,
        text=text,
        title=known.title,
        source=known.source,
        url=known.url,
        author=known.author,
        published=known.published,
        origins=known.origins,
        raw_sha256=digest,
    )
