"""Reading what was found: each source gives items (hashed, not yet parsed) and skips, one at a time.

An item is parsed by its ``load``, so that an article whose bytes are unchanged is neither decoded nor parsed. A file
that is too large is never read, one that can block (a FIFO put in place of a file) never waited for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from qa.ingest.decode import decode, is_binary, storable
from qa.ingest.front_matter import read_front_matter
from qa.ingest.html import declared_charset, looks_like_html, read_page
from qa.ingest.jsonl import as_draft, is_json, read_jsonl
from qa.ingest.markup import has_monstrous_tag
from qa.ingest.metadata import Metadata
from qa.ingest.outcome import MAX_BYTES, Item, Skip, too_large
from qa.ingest.sources import Discovery, Kind, Source, discover, os_reason
from qa.ingest.top import read_name, read_top
from qa.types import Draft


def read(paths: Sequence[str], *, stdin: BinaryIO | None = None, max_bytes: int = MAX_BYTES) -> Iterator[Item | Skip]:
    """All that ``paths`` hold. Raises ``UsageError`` at the first ``next()`` if a path isn't there."""
    yield from read_all(discover(paths), stdin=stdin, max_bytes=max_bytes)


def read_all(
    discovery: Discovery, *, stdin: BinaryIO | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[Item | Skip]:
    """All that was discovered: first the skips that are known already, then each source in order."""
    yield from discovery.skips
    for source in discovery.sources:
        yield from read_source(source, stdin=stdin, max_bytes=max_bytes)


def read_source(source: Source, *, stdin: BinaryIO | None = None, max_bytes: int = MAX_BYTES) -> Iterator[Item | Skip]:
    """The articles of one source: one, or for JSON Lines one a line."""
    if source.path is None:
        yield from _read_stdin(stdin or BytesIO(), max_bytes)
        return
    try:
        with _open(source.path) as stream:
            yield from _read_stream(stream, source, max_bytes)
    except OSError as error:
        yield Skip(source.identity, os_reason(error), file=source.identity, hides=True)


def _open(path: Path) -> BinaryIO:
    """``path`` opened without waiting: a FIFO opens at once this way, and is then refused as no regular file."""
    stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError("not a regular file")
    return stream


def _read_stream(stream: BinaryIO, source: Source, max_bytes: int) -> Iterator[Item | Skip]:
    if source.kind is Kind.UNKNOWN:
        head = _head(stream, max_bytes)
        stream.seek(0)
        if _starts_jsonl(head):
            source = Source(source.identity, source.path, Kind.JSONL, source.root)
    if source.kind is Kind.JSONL:
        yield from _read_lines(stream, source, max_bytes)
        return
    if os.fstat(stream.fileno()).st_size > max_bytes:
        yield too_large(source.identity, limit=max_bytes)
        return
    yield _item(stream.read(max_bytes + 1), source, max_bytes)


def _read_lines(stream: BinaryIO, source: Source, max_bytes: int) -> Iterator[Item | Skip]:
    head = stream.read(4_096)
    stream.seek(0)
    if is_binary(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        reason = "binary file" if is_binary(head) else "JSON lines must be UTF-8"
        yield Skip(source.identity, reason, file=source.identity, hides=True)
        return
    yield from read_jsonl(stream, file=source.identity, root=source.root, max_bytes=max_bytes)


def _read_stdin(stdin: BinaryIO, max_bytes: int) -> Iterator[Item | Skip]:
    head = _head(stdin, max_bytes)
    if _starts_jsonl(head):
        yield from read_jsonl(_Rest(head, stdin), file="stdin", max_bytes=max_bytes)
        return
    raw = head + stdin.read(max(0, max_bytes + 1 - len(head)))
    source = Source(f"stdin:{sha256(raw).hexdigest()}", None, Kind.UNKNOWN)
    yield _item(raw, source, max_bytes)


def _head(stream: BinaryIO, max_bytes: int) -> bytes:
    """The first line that isn't blank, with the blank ones before it."""
    head = b""
    while not head.strip() and len(head) <= max_bytes and (line := stream.readline(max_bytes + 1)):
        head += line
    return head


def _starts_jsonl(head: bytes) -> bool:
    """Whether a first line is a JSON object of its own."""
    line = head.removeprefix(b"\xef\xbb\xbf").strip()
    return line.startswith(b"{") and line.endswith(b"}") and b'"' in line


class _Rest(BytesIO):
    """A stream that gives what was read of it already, and then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__(head)
        self._rest = rest

    def readline(self, size: int | None = -1, /) -> bytes:
        return super().readline(size) or self._rest.readline(-1 if size is None else size)


def _item(raw: bytes, source: Source, max_bytes: int) -> Item | Skip:
    identity = source.identity
    if len(raw) > max_bytes:
        return too_large(identity, limit=max_bytes)
    if not raw.strip():
        return Skip(identity, "empty", file=identity)
    if is_binary(raw):
        return Skip(identity, "binary file", file=identity)
    digest = sha256(raw).hexdigest()

    def load() -> Draft | Skip:
        return _draft(raw, source, digest)

    return Item(identity, digest, load, identity, source.root)


def _draft(raw: bytes, source: Source, digest: str) -> Draft | Skip:
    identity = source.identity
    decoded = decode(raw, declared=declared_charset(raw) if source.kind is not Kind.TEXT else "")
    if decoded is None:
        return Skip(identity, "binary file", file=identity)
    if source.kind is Kind.HTML or looks_like_html(decoded.text):
        if has_monstrous_tag(decoded.text):
            return Skip(identity, "hostile page", "a tag with over 1,000 attributes", identity)
        text, known = _from_page(decoded.text)
        if decoded.text.strip() and not text:
            return Skip(identity, "no article text found", file=identity)
    else:
        if source.kind is Kind.UNKNOWN and is_json(decoded.text):
            return Skip(identity, "not JSON lines", file=identity)
        text, known = _from_plain(decoded.text, identity)
    known = known.over(read_name(identity)) if source.path is not None else known
    if decoded.encoding != "utf-8" or decoded.replaced:
        note = f"{decoded.encoding}, {decoded.replaced} unreadable" if decoded.replaced else decoded.encoding
        known = known.over(Metadata(origins={"encoding": note}))
    return as_draft(text, known, identity=identity, digest=digest, file=identity)


def _from_page(html: str) -> tuple[str, Metadata]:
    page = read_page(html)
    return storable(page.text), page.known.over(read_top(page.text))


def _from_plain(text: str, name: str) -> tuple[str, Metadata]:
    known, start = read_front_matter(text)
    body = text[start:]
    return body, known.over(read_top(body, name=name))
