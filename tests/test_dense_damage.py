"""Dense search where Chroma isn't to be believed: another vector, another ledger, damaged files, a writer at work."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vector_corpus import (
    TESTS,
    Corpus,
    agrees,
    assert_right,
    clustered,
    files_of,
    fingerprint,
    flip,
    oracle,
    python,
    twelve_articles,
)

from qa.errors import IndexDamaged
from qa.index.dense import DenseIndex
from qa.index.generation import current, publish
from qa.ledger.ledger import Ledger


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An index of 60 published passages."""
    with contextlib.closing(twelve_articles(tmp_path / "index")) as corpus:
        publish(corpus.index, corpus.ledger)
        yield corpus


@pytest.fixture
def dense(corpus: Corpus) -> Iterator[DenseIndex]:
    """The corpus's vector index."""
    dense = DenseIndex.open(corpus.index, corpus.ledger)
    yield dense
    dense.close()


# --- where Chroma isn't to be believed


def test_a_vector_that_is_not_the_ledgers_is_noticed(dense: DenseIndex, corpus: Corpus) -> None:
    assert_right(dense, corpus.ledger)
    question = clustered(1, seed=2)[0]
    ((key, _),) = oracle(corpus.ledger, question, 1)
    (sha,) = corpus.ledger.connection.execute("SELECT vector_sha FROM passages WHERE key = ?", (key,)).fetchone()
    with corpus.writer.transaction():
        corpus.writer.put_vectors([(sha, -question)])
    result = dense.search(question, limit=5)
    assert result.exact
    assert "similarity" in result.damage
    assert agrees(result, oracle(corpus.ledger, question, 5))
    assert dense.search(question, limit=5).damage == result.damage


def test_rows_that_the_ledger_does_not_know_are_noticed(dense: DenseIndex, corpus: Corpus) -> None:
    corpus.ledger.connection.execute("DELETE FROM passages WHERE key <= 5")
    result = assert_right(dense, corpus.ledger, limit=60)
    assert result.exact
    assert "unknown to the ledger" in result.damage


def test_a_generation_of_another_ledger_is_noticed(tmp_path: Path, corpus: Corpus) -> None:
    other = Corpus(tmp_path / "other")
    other.put("elsewhere", clustered(70, seed=3))
    for name in ("CURRENT", "generations"):
        source = corpus.index / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, other.index / name)
    with contextlib.closing(DenseIndex.open(other.index, other.ledger)) as dense:
        assert "another ledger" in assert_right(dense, other.ledger).damage
    other.close()


def test_a_ledger_with_another_model_is_searched_exactly_until_published(corpus: Corpus, dense: DenseIndex) -> None:
    model = fingerprint("other", 8)
    with corpus.writer.transaction():
        corpus.writer.use_model(model)
        rows = corpus.ledger.connection.execute("SELECT vector_sha FROM passages ORDER BY key").fetchall()
        corpus.writer.put_vectors(
            (row[0], vector) for row, vector in zip(rows, clustered(60, dimension=8), strict=True)
        )
    result = assert_right(dense, corpus.ledger, dimension=8)
    assert (result.exact, result.damage) == (True, "")
    assert publish(corpus.index, corpus.ledger).model == model.id
    assert not assert_right(dense, corpus.ledger, dimension=8).exact


def test_no_room_for_temporary_files_is_no_damage(
    dense: DenseIndex, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    result = assert_right(dense, corpus.ledger)
    assert (result.exact, result.damage) == (True, "")


READ_ONLY = """
import os, sys
from pathlib import Path
import qa.index.exact
from vector_corpus import clustered, oracle
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
index = Path(sys.argv[1])
question = clustered(1)[0]
with Ledger.open(index) as ledger:
    expected = [key for key, _ in oracle(ledger, question, 5)]
    qa.index.exact.search(ledger, question, limit=5)
os.setuid(int(sys.argv[2]))  # only now: that user may not even be allowed to read Python's own files
with Ledger.open(index) as ledger:
    result = DenseIndex.open(index, ledger).search(question, limit=5)
assert [hit.key for hit in result.hits] == expected
print(result.exact, repr(result.damage), "chromadb" in sys.modules)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to become a user without rights")
def test_where_the_index_may_only_be_read_chroma_is_not_opened(corpus: Corpus) -> None:
    corpus.close()
    for folder in (corpus.index, *corpus.index.parents[:3]):
        folder.chmod(0o755)
    done = python(READ_ONLY, corpus.index, 65534)
    assert done.stdout.split() == ["True", "''", "False"], done.stderr


# --- damaged files: each in its own process, since a crash of Chroma's is one of the process

DAMAGE = """
import json, sys
from pathlib import Path
from vector_corpus import clustered, oracle
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
for line in sys.stdin:
    with Ledger.open(Path(line.strip())) as ledger:
        dense = DenseIndex.open(Path(line.strip()), ledger)
        question = clustered(1, seed=77)[0]
        result = dense.search(question, limit=10)
        right = [hit.key for hit in result.hits] == [key for key, _ in oracle(ledger, question, 10)]
        dense.close()
    print(json.dumps([right, result.exact, result.damage]), flush=True)
"""


def damages(path: Path, older: Path) -> Iterator[tuple[str, Any]]:
    """Ways to damage ``path``; ``older`` is the same file of an earlier generation."""
    size = path.stat().st_size
    yield "deleted", path.unlink
    yield "emptied", lambda: path.write_bytes(b"")
    yield "cut", lambda: path.write_bytes(path.read_bytes()[: size // 2])
    yield "first byte", lambda: flip(path, 0)
    yield "middle byte", lambda: flip(path, size // 2)
    yield "last byte", lambda: flip(path, size - 1)
    yield "older", lambda: shutil.copy2(older, path)


def test_damage_of_every_file_is_noticed_before_chroma_sees_it(corpus: Corpus, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(corpus.index, older)
    corpus.put("news", clustered(30, seed=4))
    publish(corpus.index, corpus.ledger)
    corpus.close()
    cases = {}
    for name in files_of(corpus.index):
        for kind, _ in damages(files_of(corpus.index)[name], files_of(older)[name]):
            copy = tmp_path / f"{name} {kind}"
            shutil.copytree(corpus.index, copy)
            dict(damages(files_of(copy)[name], files_of(older)[name]))[kind]()
            cases[copy.name] = copy
    assert len(cases) == 56
    done = python(DAMAGE, stdin="".join(f"{path}\n" for path in cases.values()))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (done.returncode, list(cases)[len(answers)], done.stderr)
    for name, (right, exactly, damage) in zip(cases, answers, strict=True):
        assert right, name
        assert exactly, name
        assert damage or name in {"CURRENT deleted"}, name


@pytest.mark.parametrize("what", ["folder", "half", "pointer to nothing"])
def test_a_missing_generation_is_damage(corpus: Corpus, dense: DenseIndex, what: str) -> None:
    manifest = current(corpus.index)
    assert manifest is not None
    folder = manifest.folder(corpus.index)
    if what == "folder":
        shutil.rmtree(folder)
    elif what == "half":
        shutil.rmtree(next(path for path in folder.iterdir() if path.is_dir()))
    else:
        (corpus.index / "CURRENT").unlink()
        (corpus.index / "CURRENT").mkdir()
    result = assert_right(dense, corpus.ledger)
    assert result.exact
    assert result.damage
    if what == "pointer to nothing":
        with pytest.raises(IndexDamaged):
            current(corpus.index)


# --- two readers and a writer


def read_along(index: Path, rounds: int) -> tuple[int, int, list[str]]:
    """Compare answers with the oracle's of the same moment; returns (right, from a generation, damage seen)."""
    right, approximate, damage = 0, 0, []
    with Ledger.open(index) as ledger, contextlib.closing(DenseIndex.open(index, ledger)) as dense:
        for number in range(rounds):
            question = clustered(1, seed=number)[0]
            with ledger.snapshot():
                result = dense.search(question, limit=8)
                right += agrees(result, oracle(ledger, question, 8))
            approximate += not result.exact
            if result.damage:
                damage.append(result.damage)
    return right, approximate, damage


def test_two_readers_beside_a_writer(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.index.generation.SMALL", 0)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        readers = [pool.apply_async(read_along, (corpus.index, 60)) for _ in range(2)]
        number = 0
        while number < 4 or not all(reader.ready() for reader in readers):
            corpus.put(f"article {number % 9}", clustered(6, seed=number))
            if number % 5 == 0:
                corpus.put(f"short-lived {number}", clustered(3, seed=number))
                corpus.remove(f"short-lived {number}")
            publish(corpus.index, corpus.ledger)
            number += 1
        for right, approximate, damage in (reader.get() for reader in readers):
            assert right == 60
            assert approximate > 0
            assert damage == []
        pool.close()
        pool.join()
