"""Generations: what is published, when it is built anew, death at every step, what check finds, and a quiet Chroma."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from vector_corpus import (
    Corpus,
    assert_right,
    clustered,
    files_of,
    fingerprint,
    flip,
    twelve_articles,
)

from qa.errors import StorageFault
from qa.index.check import inspect
from qa.index.dense import DenseIndex
from qa.index.generation import current, discard, publish, sweep
from qa.index.manifest import GENERATIONS
from qa.index.store import Store, StoreFailed


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An index of 60 passages, nothing published."""
    with contextlib.closing(twelve_articles(tmp_path / "index")) as corpus:
        yield corpus


@pytest.fixture
def copying(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small, a generation is a copy of the last with the difference where it can be."""
    monkeypatch.setattr("qa.index.generation.SMALL", 0)


def findings(corpus: Corpus, *, full: bool = True) -> list[str]:
    """Ids of what check finds."""
    return [finding.id for finding in inspect(corpus.index, corpus.ledger, full=full)]


def folders(corpus: Corpus) -> list[str]:
    """What lies among the generations."""
    return sorted(path.name for path in (corpus.index / GENERATIONS).iterdir())


# --- what is published


def test_a_generation_says_what_it_holds(corpus: Corpus) -> None:
    assert current(corpus.index) is None
    steps: list[tuple[int, int]] = []
    manifest = publish(corpus.index, corpus.ledger, progress=lambda done, total: steps.append((done, total)))
    assert manifest == current(corpus.index)
    assert (manifest.count, manifest.last_key, manifest.dead, manifest.missing) == (60, 60, 0, 0)
    assert (manifest.ledger_id, manifest.epoch) == (corpus.ledger.id, corpus.ledger.epoch)
    assert steps == [(60, 60)]
    assert folders(corpus) == [manifest.name]
    assert findings(corpus) == []


def test_nothing_is_done_where_nothing_changed(corpus: Corpus) -> None:
    manifest = publish(corpus.index, corpus.ledger)
    stamp = (corpus.index / "CURRENT").stat()
    assert publish(corpus.index, corpus.ledger) == manifest
    assert (corpus.index / "CURRENT").stat() == stamp


@pytest.mark.usefixtures("copying")
def test_the_next_generation_is_a_copy_with_the_difference(corpus: Corpus) -> None:
    publish(corpus.index, corpus.ledger)
    corpus.remove("article 1")
    corpus.put("article 2", clustered(3, seed=1))
    manifest = publish(corpus.index, corpus.ledger)
    assert (manifest.count, manifest.dead, manifest.last_key) == (53, 10, 63)
    assert folders(corpus) == [manifest.name]
    assert findings(corpus) == []


@pytest.mark.usefixtures("copying")
@pytest.mark.parametrize("change", ["add", "delete"])
def test_a_single_change_leaves_nothing_in_chromas_log(corpus: Corpus, change: str) -> None:
    corpus.put("one", clustered(1, seed=3))
    publish(corpus.index, corpus.ledger)
    if change == "add":
        corpus.put("two", clustered(1, seed=4))
    else:
        corpus.remove("one")
    manifest = publish(corpus.index, corpus.ledger)  # proves that reading it changes no file
    assert manifest.count == (62 if change == "add" else 60)
    assert findings(corpus) == []


@pytest.mark.usefixtures("copying")
def test_with_a_third_of_its_rows_dead_a_generation_is_built_anew(corpus: Corpus) -> None:
    publish(corpus.index, corpus.ledger)
    for number in range(3):
        corpus.remove(f"article {number}")
    assert publish(corpus.index, corpus.ledger).dead == 15
    corpus.remove("article 3")
    assert publish(corpus.index, corpus.ledger).dead == 0
    assert findings(corpus) == []


@pytest.mark.usefixtures("copying")
def test_an_epoch_that_moved_without_a_difference_moves_the_pointer_only(corpus: Corpus) -> None:
    before = publish(corpus.index, corpus.ledger)
    corpus.put("short-lived", clustered(2, seed=5))
    corpus.remove("short-lived")
    after = publish(corpus.index, corpus.ledger)
    assert (after.name, after.epoch) == (before.name, corpus.ledger.epoch)
    assert findings(corpus) == []


@pytest.mark.usefixtures("copying")
def test_a_ledger_that_was_restored_and_went_on_otherwise_is_followed(corpus: Corpus, tmp_path: Path) -> None:
    corpus.close()
    backup = tmp_path / "backup"
    shutil.copytree(corpus.index, backup)
    corpus = Corpus(corpus.index)
    corpus.put("first future", clustered(4, seed=1))
    publish(corpus.index, corpus.ledger)
    corpus.close()
    for path in corpus.index.glob("ledger.sqlite*"):
        path.unlink()
    shutil.copy(backup / "ledger.sqlite", corpus.index)
    corpus = Corpus(corpus.index)
    corpus.put("second future", clustered(4, seed=2))  # the same keys and epoch as the first had
    corpus.put("more", clustered(1, seed=3))
    publish(corpus.index, corpus.ledger)
    assert findings(corpus) == []
    corpus.close()


@pytest.mark.usefixtures("copying")
def test_another_model_builds_anew(corpus: Corpus) -> None:
    publish(corpus.index, corpus.ledger)
    corpus.close()
    corpus = Corpus(corpus.index, model=fingerprint("other", 8))
    assert publish(corpus.index, corpus.ledger).missing == 60  # none of its vectors is there yet
    corpus.put("new", clustered(3, dimension=8))
    manifest = publish(corpus.index, corpus.ledger)
    assert (manifest.count, manifest.missing, manifest.model) == (3, 60, fingerprint("other", 8).id)
    corpus.close()


def test_an_emptied_ledger_has_an_empty_generation(corpus: Corpus) -> None:
    publish(corpus.index, corpus.ledger)
    for number in range(12):
        corpus.remove(f"article {number}")
    assert publish(corpus.index, corpus.ledger).count == 0
    assert findings(corpus) == []
    corpus.put("again", clustered(2))
    assert publish(corpus.index, corpus.ledger).count == 2


def test_sweeping_keeps_the_live_generation_only(corpus: Corpus) -> None:
    live = publish(corpus.index, corpus.ledger).name
    for name in ("00000001-aa", "00000009-bb.building"):
        (corpus.index / GENERATIONS / name / "inside").mkdir(parents=True)
    assert findings(corpus) == ["generation.leftover"] * 2
    sweep(corpus.index)
    assert folders(corpus) == [live]


def test_discarding_leaves_no_file_of_any_generation(corpus: Corpus) -> None:
    publish(corpus.index, corpus.ledger)
    discard(corpus.index)
    assert current(corpus.index) is None
    assert not (corpus.index / GENERATIONS).exists()
    discard(corpus.index)
    publish(corpus.index, corpus.ledger)
    assert findings(corpus) == []


# --- damage


@pytest.mark.usefixtures("copying")
def test_a_damaged_generation_is_found_and_replaced_by_the_next_publish(corpus: Corpus) -> None:
    for name in files_of(publish_index(corpus)):
        path = files_of(corpus.index)[name]
        flip(path, path.stat().st_size // 2)
        expected = "generation.pointer" if name == "CURRENT" else "generation.file_changed"
        assert findings(corpus, full=False) == [expected], name
        corpus.put(f"since {name}", clustered(1, seed=7))
        publish(corpus.index, corpus.ledger)
        assert findings(corpus) == [], name


def publish_index(corpus: Corpus) -> Path:
    """Publish; returns the index's folder."""
    publish(corpus.index, corpus.ledger)
    return corpus.index


def test_check_says_how_ledger_and_generation_disagree(corpus: Corpus) -> None:
    assert findings(corpus) == ["generation.none"]
    publish(corpus.index, corpus.ledger)
    corpus.put("news", clustered(1))
    assert findings(corpus) == ["generation.behind"]
    publish(corpus.index, corpus.ledger)
    (sha,) = corpus.ledger.connection.execute("SELECT vector_sha FROM passages WHERE key = 7").fetchone()
    with corpus.writer.transaction():
        corpus.writer.put_vectors([(sha, clustered(1, seed=44)[0])])
    assert findings(corpus, full=False) == []
    assert findings(corpus) == ["generation.vectors"]
    corpus.ledger.connection.execute("DELETE FROM passages WHERE key = 7")
    assert findings(corpus) == ["generation.count", "generation.rows"]
    publish(corpus.index, corpus.ledger, rebuild=True)
    assert findings(corpus) == []


def test_a_generation_of_another_chroma_is_searched_exactly_and_built_anew(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("qa.index.generation.chroma_version", lambda: "1.0.0")
        publish(corpus.index, corpus.ledger)
    assert findings(corpus) == ["generation.outdated"]
    with contextlib.closing(DenseIndex.open(corpus.index, corpus.ledger)) as dense:
        result = assert_right(dense, corpus.ledger)
        assert (result.exact, result.damage) == (True, "")
    publish(corpus.index, corpus.ledger)
    assert findings(corpus) == []


def test_what_chroma_cannot_go_on_with_is_built_anew(
    corpus: Corpus, copying: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(corpus.index, corpus.ledger)
    corpus.put("news", clustered(1))

    def refuse(folder: Path, *, changes: int) -> Store:
        raise StoreFailed("no")

    monkeypatch.setattr(Store, "open_to_change", refuse)
    assert publish(corpus.index, corpus.ledger).count == 61
    assert findings(corpus) == []


def test_where_chroma_fails_the_old_generation_stays(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publish(corpus.index, corpus.ledger)
    corpus.put("news", clustered(1))

    def fail(self: Store, keys: object, vectors: object) -> None:
        raise StoreFailed("database or disk is full")

    monkeypatch.setattr(Store, "add", fail)
    with pytest.raises(StorageFault, match="full"):
        publish(corpus.index, corpus.ledger)
    assert current(corpus.index) == before
    assert folders(corpus) == [before.name]
