"""The ledger on its own: what is stored comes back, versions, filters, full text, vectors, snapshots, transactions,
migrations.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import IndexMismatch, IndexMissing
from qa.ledger.inspection import Inspection
from qa.ledger.ledger import Ledger, article_id
from qa.ledger.lexical import all_of, any_of, phrase, search
from qa.ledger.schema import MIGRATIONS, PAGE, migrate
from qa.ledger.writer import Analysis, Writer, embedded_text
from qa.types import (
    Draft,
    Filters,
    Fingerprint,
    Mention,
    PassageSpan,
    Person,
    Role,
    Segmentation,
    SentenceSpan,
    Span,
    Statement,
)

MODEL = Fingerprint(name="tiny", sha256="ab" * 32, dimension=4, normalised=True)
OTHER = Fingerprint(name="tiny", sha256="cd" * 32, dimension=4, normalised=True)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    tmp_path.joinpath("index").mkdir()
    with Ledger.open_to_write(tmp_path / "index") as ledger:
        made = Writer(ledger)
        with made.transaction():
            made.use_model(MODEL)
        yield made


def draft(name: str, text: str = "A headline. The body says it.", **fields: object) -> Draft:
    known: dict[str, object] = {"title": f"Title of {name}", "source": "Courier", "published": date(2025, 3, 1)}
    return Draft(identity=f"/news/{name}", text=text, raw_sha256="00", origins={"title": "text"}, **(known | fields))  # type: ignore[arg-type]


def analysis(given: Draft) -> Analysis:
    """One sentence, one passage over all of the text, one person, one statement."""
    end = len(given.text)
    sha = hashlib.sha256(embedded_text(given, 0, end).encode()).digest()
    return Analysis(
        segmentation=Segmentation(
            sentences=(SentenceSpan(start=0, end=end, role=Role.BODY),),
            passages=(PassageSpan(start=0, end=end, first=0, last=1),),
        ),
        people=(Person(name="Ann Lee", aliases=("Lee",), mentions=(Mention(start=0, end=1, kind="name"),)),),
        statements=(
            Statement(
                sentence=0, speaker="Ann Lee", kind="direct", inferred=True, start=0, end=end, content=(Span(0, end),)
            ),
        ),
        vector_shas=(sha,),
    )


def store(writer: Writer, given: Draft, *, vector: bool = True) -> str:
    parts = analysis(given)
    with writer.transaction():
        if vector:
            writer.put_vectors([(sha, unit(sha)) for sha in parts.vector_shas])
        return writer.store(given, parts, recipe="r", known=writer.ledger.known(given.identity))


def unit(sha: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.frombuffer(sha[:4], dtype=np.uint8).astype(np.float32) + 1
    return vector / np.linalg.norm(vector)


# --- what is stored comes back


def test_an_article_comes_back_as_it_was_stored(writer: Writer) -> None:
    given = draft("a.txt", url="https://example.org/a", author="B. Writer")
    stored = writer.ledger.article(store(writer, given))
    assert stored is not None
    assert (stored.id, stored.version, stored.removed) == (article_id("/news/a.txt"), 1, False)
    assert (stored.text, stored.title, stored.source, stored.url, stored.author, stored.published) == (
        given.text, given.title, given.source, given.url, given.author, given.published,
    )  # fmt: skip
    assert stored.origins == {"title": "text"}
    assert stored.sha256 == hashlib.sha256(given.text.encode()).hexdigest()
    parts = analysis(given)
    assert writer.ledger.people(stored.id) == parts.people
    assert writer.ledger.statements(stored.id) == parts.statements
    assert writer.ledger.vector_shas(stored.id) == parts.vector_shas
    assert [sentence.id for sentence in writer.ledger.sentences(stored.id)] == [f"{stored.id}:1:s0"]
    assert [passage.id for passage in writer.ledger.passages_of(stored.id)] == [f"{stored.id}:1:p0"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_comes_back_exactly(writer: Writer, text: str) -> None:
    stored = writer.ledger.article(store(writer, draft("any.txt", text=text)))
    assert stored is not None
    assert stored.text == text
    assert stored.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_changed_article_is_a_new_version_with_new_keys(writer: Writer) -> None:
    identifier = store(writer, draft("a.txt", text="The first text."))
    first = writer.ledger.passages_of(identifier)
    store(writer, draft("a.txt", text="The second text."))
    second = writer.ledger.passages_of(identifier)
    old, new = writer.ledger.article(identifier, 1), writer.ledger.article(identifier)
    assert old is not None
    assert new is not None
    assert (old.text, old.removed, new.text, new.version) == ("The first text.", True, "The second text.", 2)
    assert first[0].key < second[0].key
    assert writer.ledger.keys() == [second[0].key]
    assert [hit.key for hit in search(writer.ledger, '"text"', limit=9)] == [second[0].key]


def test_keys_are_never_used_again(writer: Writer) -> None:
    identifier = store(writer, draft("a.txt"))
    (key,) = writer.ledger.keys()
    with writer.transaction():
        writer.purge(identifier)
    writer.erase_traces()
    store(writer, draft("b.txt"))
    assert writer.ledger.keys()[0] > key


def test_the_epoch_moves_with_what_can_be_found_and_only_then(writer: Writer) -> None:
    ledger = writer.ledger
    before = ledger.epoch
    identifier = store(writer, draft("a.txt"))
    assert ledger.epoch > before
    before = ledger.epoch
    known = ledger.known("/news/a.txt")
    assert known is not None
    with writer.transaction():
        writer.touch(known, raw_sha256="11", recipe="other")
        writer.put_vectors([(b"x", unit(b"abcd"))])
    assert ledger.epoch == before
    with writer.transaction():
        writer.remove(identifier)
    assert ledger.epoch > before


def test_a_failed_transaction_leaves_nothing(writer: Writer) -> None:
    before = writer.ledger.epoch

    def interrupted() -> None:
        with writer.transaction():
            writer.store(draft("a.txt"), analysis(draft("a.txt")), recipe="r", known=None)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert writer.ledger.article_ids() == []
    assert writer.ledger.epoch == before
    store(writer, draft("a.txt"))
    assert len(writer.ledger.article_ids()) == 1


# --- finding


def test_references_from_exact_to_loose(writer: Writer) -> None:
    first = store(writer, draft("one/a.txt", title="The storm"))
    second = store(writer, draft("two/a.txt", title="the STORM"))
    third = store(writer, draft("b.txt"))
    find = writer.ledger.find
    assert find(first) == [first]
    assert find("/news/one/a.txt") == [first]
    assert find("one/a.txt") == [first]
    assert find("a.txt") == [first, second]
    assert find("The Storm") == [first, second]
    assert find(third[:8]) == [third]
    assert find(third[:3]) == []
    assert find("%") == []


def test_filters_and_counts(writer: Writer) -> None:
    store(writer, draft("a.txt", published=date(2025, 1, 1), source="Harbour Courier"))
    store(writer, draft("b.txt", published=date(2025, 2, 1), source="Echo"))
    undated = store(writer, draft("c.txt", published=None, source="Echo"))
    counts = writer.ledger.stats()
    assert (counts.articles, counts.passages, counts.sentences, counts.undated, counts.sources) == (3, 3, 3, 1, 2)
    assert (counts.earliest, counts.latest) == (date(2025, 1, 1), date(2025, 2, 1))
    assert counts.characters == 3 * len(draft("x").text)
    assert writer.ledger.stats(Filters(source="courier")).articles == 1
    assert writer.ledger.stats(Filters(since=date(2025, 2, 1))).articles == 1
    assert writer.ledger.stats(Filters(until=date(2025, 2, 1))).articles == 2
    assert [one.identity for one in writer.ledger.summaries()] == ["/news/b.txt", "/news/a.txt", "/news/c.txt"]
    with writer.transaction():
        writer.remove(undated)
    assert (writer.ledger.stats().articles, writer.ledger.stats().removed) == (2, 1)


def test_identities_under_a_root_do_not_reach_its_neighbours(writer: Writer) -> None:
    for name in ("a/x.txt", "ab/x.txt", "a/deep/y.txt", "wire.jsonl#1", "wire.jsonl2#1", "a%/x.txt"):
        store(writer, draft(name))
    assert set(writer.ledger.identities_under("/news/a")) == {"/news/a/x.txt", "/news/a/deep/y.txt"}
    assert set(writer.ledger.identities_under("/news/wire.jsonl")) == {"/news/wire.jsonl#1"}
    assert set(writer.ledger.identities_under("/news/a%")) == {"/news/a%/x.txt"}


def test_full_text_ranks_and_expressions_are_safe(writer: Writer) -> None:
    twice = store(writer, draft("a.txt", text="Ferries, ferries everywhere.", title="Boats"))
    once = store(writer, draft("b.txt", text="A ferry and a bridge and a tram and a bus.", title="Traffic"))
    store(writer, draft("c.txt", text="Nothing of the kind.", title="Other"))
    keys = {passage.key: one for one in (twice, once) for passage in writer.ledger.passages_of(one)}
    hits = search(writer.ledger, phrase("ferry"), limit=5)
    assert [keys[hit.key] for hit in hits] == [twice, once]
    assert hits[0].bm25 > hits[1].bm25
    assert len(search(writer.ledger, all_of([phrase("ferry"), phrase("bridge")]), limit=5)) == 1
    assert len(search(writer.ledger, any_of([phrase("boats"), phrase("bridge")]), limit=5)) == 2
    assert search(writer.ledger, phrase('"*^:(AND'), limit=5) == search(writer.ledger, phrase("and"), limit=5)
    assert phrase("!?") == ""
    assert search(writer.ledger, "", limit=5) == []


# --- vectors


def test_vectors_come_in_the_order_asked_and_are_shared_by_equal_texts(writer: Writer) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        store(writer, draft(name, title="", text=f"Text of {name[0] if name != 'c.txt' else 'a'}."))
    keys = writer.ledger.keys()
    found, vectors = writer.ledger.vectors([*reversed(keys), 12345])
    assert found == list(reversed(keys))
    assert vectors.shape == (3, 4)
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.array_equal(vectors[0], vectors[1])
    assert writer.ledger.connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == 2


def test_vectors_of_another_model_are_not_seen_until_it_is_in_use(writer: Writer) -> None:
    given = draft("a.txt")
    store(writer, given)
    (sha,) = analysis(given).vector_shas
    with writer.transaction():
        other = writer.add_model(OTHER)
        assert writer.ledger.missing_vectors([sha, sha, b"none"]) == [b"none"]
        assert writer.ledger.missing_vectors([sha], model=other) == [sha]
        writer.put_vectors([(sha, -unit(sha))], model=other)
    assert writer.ledger.model == MODEL
    assert (writer.ledger.vectors(writer.ledger.keys())[1] > 0).all()
    with writer.transaction():
        writer.use_model(OTHER)
        writer.forget_vectors()
    assert writer.ledger.model == OTHER
    assert (writer.ledger.vectors(writer.ledger.keys())[1] < 0).all()
    assert writer.ledger.connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == 1


def test_many_keys_are_more_than_one_statement_may_have(writer: Writer) -> None:
    store(writer, draft("a.txt"))
    keys = writer.ledger.keys() + list(range(10_000, 12_500))
    assert writer.ledger.vectors(keys)[0] == writer.ledger.keys()
    assert set(writer.ledger.passages(keys)) == set(writer.ledger.keys())


# --- opening


def test_there_is_no_ledger_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Ledger.open(tmp_path)
    (tmp_path / "ledger.sqlite").touch()
    with pytest.raises(IndexMissing):
        Ledger.open(tmp_path)


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(writer: Writer) -> None:
    index = writer.ledger.path.parent
    writer.ledger.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for opened in (Ledger.open, Ledger.open_to_write):
        with pytest.raises(IndexMismatch) as raised:
            opened(index)
        assert raised.value.id == "index.newer"


def test_a_snapshot_is_of_one_moment(writer: Writer) -> None:
    store(writer, draft("a.txt"))
    with Ledger.open(writer.ledger.path.parent) as reader:
        with reader.snapshot():
            assert len(reader.article_ids()) == 1
            store(writer, draft("b.txt"))
            with reader.snapshot():
                assert len(reader.article_ids()) == 1
            assert len(reader.keys()) == 1
        assert len(reader.article_ids()) == 2


def test_a_reader_can_not_write(writer: Writer) -> None:
    with Ledger.open(writer.ledger.path.parent) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.connection.execute("DELETE FROM articles")


def test_the_schema_stands_in_one_page(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        migrate(connection)
        words = "SELECT sum(length(coalesce(sql, '')) + length(name) + length(tbl_name) + 16) FROM sqlite_schema"
        assert connection.execute(words).fetchone()[0] < PAGE - 200


def test_a_path_with_signs_of_a_uri_is_a_path(tmp_path: Path) -> None:
    index = tmp_path / "50% of? it#all"
    index.mkdir()
    with Ledger.open_to_write(index) as ledger:
        Writer(ledger)
    with Ledger.open(index) as ledger:
        assert len(ledger.id) == 16
    assert [path.name for path in index.iterdir() if path.suffix == ".sqlite"] == ["ledger.sqlite"]


def test_a_path_that_is_not_utf8_is_opened_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    Ledger.open_to_write(folder).close()
    assert (folder / "ledger.sqlite").exists()
    with Ledger.open(folder) as ledger:
        assert ledger.article_ids() == []


def test_a_reference_that_is_not_utf8_finds_what_was_stored_of_such_a_path(writer: Writer) -> None:
    stored = store(writer, draft("caf\\xe9.txt"))
    assert writer.ledger.find(os.fsdecode(b"caf\xe9.txt")) == [stored]
    assert writer.ledger.find("\ud800") == []


def test_rows_left_unread_when_the_ledger_closes_are_no_error(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(writer, draft("a"))
    store(writer, draft("b", "Another text. It says more."))
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    with Ledger.open(tmp_path / "index") as ledger:
        rows = Inspection(ledger).raw_vectors()
        next(rows)
    del rows  # as after Ctrl-C in the middle of a check
    gc.collect()
    assert said == []
