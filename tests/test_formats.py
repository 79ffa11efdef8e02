"""Text, Markdown, front matter, JSON Lines, standard input: what is read, what is skipped, and that nothing is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.front_matter import read_front_matter
from qa.ingest.outcome import Item, Skip
from qa.ingest.read import read
from qa.ingest.sources import canonical
from qa.types import Draft


def _read(path: Path, content: str | bytes, *, max_bytes: int = 100_000) -> list[Item | Skip]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read([str(path)], max_bytes=max_bytes))


def _draft(outcome: Item | Skip) -> Draft:
    assert isinstance(outcome, Item), outcome
    draft = outcome.load()
    assert isinstance(draft, Draft), draft
    return draft


def _whys(outcomes: list[Item | Skip]) -> list[str]:
    loaded = [outcome.load() if isinstance(outcome, Item) else outcome for outcome in outcomes]
    return [one.why for one in loaded if isinstance(one, Skip)]


# --- front matter ---------------------------------------------------------------------------------------------------

_FRONT = """---
title: "Port to close: the plan"
source: Harbour Post
author: [Ana Ruiz, Bo Li]
published: 2025-03-04
url: https://news.example/port
extra: {deep: [1, 2, {x: y}]}
---
"""
_BODY = "\n# A heading\n\nThe port closes in May.\r\nIt “opens” again — later.  \n\n"


def test_front_matter_is_read_and_the_body_is_exact(tmp_path: Path) -> None:
    draft = _draft(_read(tmp_path / "a.md", _FRONT + _BODY)[0])
    assert draft.text == _BODY.replace("\r\n", "\n")
    assert (draft.title, draft.source, draft.author) == ("Port to close: the plan", "Harbour Post", "Ana Ruiz, Bo Li")
    assert (draft.published, draft.url) == (date(2025, 3, 4), "https://news.example/port")
    assert set(draft.origins.values()) == {"front matter"}
    assert draft.identity == canonical(tmp_path / "a.md")
    assert draft.raw_sha256 == sha256((_FRONT + _BODY).encode()).hexdigest()


def test_other_names_for_the_same_keys(tmp_path: Path) -> None:
    front = (
        "---\nHeadline: H\noutlet: O\nbyline: By Ana Ruiz\ndate: March 4, 2025\nlink: http://a.example/\n...\nText.\n"
    )
    draft = _draft(_read(tmp_path / "a.txt", front)[0])
    assert (draft.title, draft.source, draft.author, draft.published) == ("H", "O", "Ana Ruiz", date(2025, 3, 4))
    assert (draft.url, draft.text) == ("http://a.example/", "Text.\n")


_BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    "block",
    [
        "title: [broken", _BOMB + "title: x", "title: &t x\nsource: *t", "- a\n- b", "just words", "",
        "title: {a: b}: c",
        "title: " + "[" * 5_000, "Note: the committee met", "title: |\n  x" + "y" * 70_000, "title: \x07x",
        "!!python/object:os.x {}",
    ],
)  # fmt: skip
def test_what_is_no_sound_front_matter_stays_text(block: str) -> None:
    text = f"---\n{block}\n---\nThe body.\n"
    known, start = read_front_matter(text)
    assert (start, known.title) == (0, "")


def test_strange_values_in_front_matter_are_read_as_written() -> None:
    text = "---\ntitle: no\nauthor: 2025\ndate: 2025-99-99\nsource: ~\n---\n"
    known, start = read_front_matter(text)
    assert start == len(text)
    assert (known.title, known.author, known.published, known.source) == ("no", "2025", None, "")


@given(st.text(max_size=120))
def test_front_matter_never_loses_text(text: str) -> None:
    known, start = read_front_matter("---\n" + text + "\n---\nBody")
    assert start == 0 or ("---\n" + text + "\n---\nBody")[:start].rstrip().endswith(("---", "..."))
    assert isinstance(known.title, str)


# --- plain files ----------------------------------------------------------------------------------------------------


def test_the_stored_text_is_the_decoded_file(tmp_path: Path) -> None:
    text = "\n  Indented “start”.\n\n\tTab\u00a0and\u2028separators, cafe\u0301 👩‍👧.  \n\n"
    assert _draft(_read(tmp_path / "a.txt", text)[0]).text == text


@pytest.mark.parametrize(
    "content", [b"", b"  \n\t\r\n ", "\ufeff".encode(), "\u00a0\u2003\n".encode(), _FRONT.encode()]
)
def test_an_article_without_text_is_empty(tmp_path: Path, content: bytes) -> None:
    assert _whys(_read(tmp_path / "a.txt", content)) == ["empty"]


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert _whys(list(read([str(path)]))) == ["larger than 10 MB"]
    assert _whys(_read(path, "x" * 101, max_bytes=100)) == ["larger than 100 bytes"]
    assert _whys(_read(path, "x" * 100, max_bytes=100)) == []


def test_binary_files_and_encodings_are_told(tmp_path: Path) -> None:
    assert _whys(_read(tmp_path / "a.txt", b"%PDF-1.7 words")) == ["binary file"]
    draft = _draft(_read(tmp_path / "b.txt", "Él café – no sé qué pasó allí.\n".encode("cp1252"))[0])
    assert draft.text == "Él café – no sé qué pasó allí.\n"
    assert draft.origins["encoding"] == "cp1252"


def test_a_page_in_a_text_file_is_read_as_a_page(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>T</title></head><body><p>"
        + "The port closes in May, it said. " * 20
        + "</p></body></html>"
    )
    assert "<p>" not in _draft(_read(tmp_path / "a.txt", page)[0]).text


def test_an_item_is_not_parsed_before_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object, **__: object) -> None:
        raise AssertionError("decoded too early")

    monkeypatch.setattr("qa.ingest.read.decode", explode)
    (item,) = _read(tmp_path / "a.txt", "A text.")
    assert isinstance(item, Item)
    assert item.raw_sha256 == sha256(b"A text.").hexdigest()
    with pytest.raises(AssertionError):
        item.load()


# --- JSON Lines -----------------------------------------------------------------------------------------------------


def test_lines_become_articles_with_their_fields(tmp_path: Path) -> None:
    lines = [
        {"id": "x1", "text": "One.\r\nTwo.", "title": "T\n1", "author": ["A", "B"], "published": "2025-03-04"},
        {"url": "https://a.example/2", "body": "Body text.", "date": 1_741_082_400, "author": {"name": "C"}},
        {"Content": "Upper-case key.", "title": None},
    ]  # fmt: skip
    content = "\ufeff" + "\r\n\n".join(json.dumps(line) for line in lines)
    drafts = [_draft(outcome) for outcome in _read(tmp_path / "a.jsonl", content)]
    top = canonical(tmp_path / "a.jsonl")
    raw = json.dumps(lines[2]).encode()
    assert [one.identity for one in drafts] == [
        f"{top}#x1",
        f"{top}#https://a.example/2",
        f"{top}#{sha256(raw).hexdigest()[:16]}",
    ]
    assert (drafts[0].text, drafts[0].title, drafts[0].author) == ("One.\nTwo.", "T 1", "A, B")
    assert (drafts[0].published, drafts[1].published, drafts[1].author) == (date(2025, 3, 4), date(2025, 3, 4), "C")
    assert drafts[0].origins["title"] == "json"
    assert drafts[2].raw_sha256 == sha256(raw).hexdigest()


def test_reordering_lines_changes_no_identity(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Article {i}."}) for i in range(5)]
    first = {outcome.identity for outcome in _read(tmp_path / "a.jsonl", "\n".join(lines))}
    assert {outcome.identity for outcome in _read(tmp_path / "a.jsonl", "\n".join(reversed(lines)))} == first


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{broken", "not JSON (line 2)"), ("[1, 2]", "not a JSON object (line 2)"),
        ('"text"', "not a JSON object (line 2)"),
        ("null", "not a JSON object (line 2)"), ('{"title": "T"}', "no text field (line 2)"),
        ('{"text": null}', "no text field (line 2)"),
        ('{"text": 5}', "wrong type (line 2: text isn't a string)"),
        ('{"text": ["a"]}', "wrong type (line 2: text isn't a string)"),
        ('{"text": "a", "title": ["b"]}', "wrong type (line 2: title is a list)"),
        ('{"text": "a", "source": true}', "wrong type (line 2: source is a boolean)"),
        ('{"text": "a", "published": {}}', "wrong type (line 2: published is a object)"),
        ('{"text": " \\n "}', "empty (line 2)"),
        ("[" * 100_000, "JSON nested too deeply (line 2)"), ('{"a":' * 100_000, "JSON nested too deeply (line 2)"),
        ('{"text": "a", "n": ' + "9" * 5_000 + "}", "not JSON (line 2)"),
        ('{"id": 1, "text": "again"}', "same id as an earlier line (line 2)"),
        ('{"text": "' + "x" * 1_000_000 + '"}', "larger than 700000 bytes (line 2)"), ("%PDF-1.7", "not JSON (line 2)"),
    ],
)  # fmt: skip
def test_a_bad_line_is_a_skip_with_its_number_and_the_rest_goes_on(tmp_path: Path, line: str, why: str) -> None:
    content = '{"id": 1, "text": "First."}\n' + line + '\n{"id": 3, "text": "Third."}\n'
    outcomes = _read(tmp_path / "a.jsonl", content, max_bytes=700_000)
    assert _whys(outcomes) == [why]
    assert [outcome.identity.rpartition("#")[2] for outcome in outcomes if isinstance(outcome, Item)][-1] == "3"


def test_hostile_values_in_json_are_made_storable(tmp_path: Path) -> None:
    line = (
        r'{"id": "a\u0000\ud83d\n", "text": 1, "title": "t\udc00", "text": "Last \ud83d wins \ud83d\ude00.", "n": NaN}'
    )
    draft = _draft(_read(tmp_path / "a.jsonl", line)[0])
    assert (draft.text, draft.title) == ("Last \ufffd wins 😀.", "t")
    assert draft.identity.endswith("#a")
    draft.identity.encode()


_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "text", "title", "author", "published", "url", "x"]),
            _VALUE,
        ),
        max_size=5,
    )
)  # fmt: skip
def test_any_objects_give_one_outcome_a_line(lines: list[dict[str, object]]) -> None:
    stream = io.BytesIO("\n".join(json.dumps(line) for line in lines).encode())
    outcomes = list(read(["-"], stdin=stream))
    assert len(outcomes) in (len(lines), 1)
    for outcome in outcomes:
        loaded = outcome.load() if isinstance(outcome, Item) else outcome
        loaded.identity.encode()
        if isinstance(loaded, Draft):
            (loaded.text + loaded.title + loaded.author + loaded.url).encode()


class _Endless(io.RawIOBase):
    """A file of ``total`` bytes that is never in memory: good lines, and one line of half of them."""

    def __init__(self, total: int) -> None:
        self._pieces = self._content(total)
        self._left = b""

    def _content(self, total: int) -> Iterator[bytes]:
        yield b'{"id": 1, "text": "One."}\n{"id": 2, "text": "'
        for _ in range(total // 100_000):
            yield b"x" * 100_000
        yield b'"}\n{"id": 3, "text": "Three."}\n'

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self._left = self._left or next(self._pieces, b"")
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def test_a_line_over_the_limit_is_never_whole_in_memory() -> None:
    import tracemalloc

    raw: io.RawIOBase = _Endless(60_000_000)
    tracemalloc.start()
    outcomes = list(read(["-"], stdin=io.BufferedReader(raw), max_bytes=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert _whys(outcomes) == ["larger than 1 MB (line 2)"]
    assert len(outcomes) == 3
    assert peak < 12_000_000


def test_json_lines_in_another_unicode_encoding_are_refused(tmp_path: Path) -> None:
    assert _whys(_read(tmp_path / "a.jsonl", '{"text": "a"}'.encode("utf-16"))) == ["JSON lines must be UTF-8"]
    assert _whys(_read(tmp_path / "b.jsonl", b"\x1f\x8b\x08gz")) == ["binary file"]


def test_json_that_is_not_one_object_a_line_is_not_taken_for_prose(tmp_path: Path) -> None:
    assert _whys(_read(tmp_path / "a.json", json.dumps({"text": "An article."}, indent=2))) == ["not JSON lines"]
    assert _whys(_read(tmp_path / "b.json", json.dumps([{"text": "An article."}]))) == ["not JSON lines"]
    assert _draft(_read(tmp_path / "c.json", json.dumps({"text": "An article."}))[0]).text == "An article."


# --- standard input -------------------------------------------------------------------------------------------------


def _stdin(raw: bytes) -> list[Item | Skip]:
    return list(read(["-"], stdin=io.BytesIO(raw), max_bytes=10_000))


def test_standard_input_is_sniffed() -> None:
    text = b"A headline\n\nThe text of it.\n"
    assert _draft(_stdin(text)[0]).identity == f"stdin:{sha256(text).hexdigest()}"
    page = b"\n<!doctype html><html><body><p>" + b"The port closes in May, the city said. " * 20 + b"</p></body></html>"
    assert _draft(_stdin(page)[0]).text.startswith("The port closes")
    lines = _stdin(b'\n{"id": 7, "text": "Seven."}\n{"text": 8}\n')
    assert _draft(lines[0]).identity == "stdin#7"
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"", "empty"), (b" \n", "empty"), (b"x" * 10_001, "larger than 10000 bytes"), (b"\x1f\x8b\x08", "binary file")],
)
def test_standard_input_that_is_no_article(raw: bytes, why: str) -> None:
    assert _whys(_stdin(raw)) == [why]


@given(st.binary(max_size=200))
def test_any_bytes_on_standard_input_have_an_outcome(raw: bytes) -> None:
    for outcome in _stdin(raw):
        loaded = outcome.load() if isinstance(outcome, Item) else outcome
        assert isinstance(loaded, Draft | Skip)
