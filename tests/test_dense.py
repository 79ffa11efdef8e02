"""Dense search against the plainest oracle: after any changes, with filters, beside a writer, and on damaged files."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from vector_corpus import (
    Corpus,
    Vectors,
    agrees,
    assert_right,
    clustered,
    fingerprint,
    oracle,
    twelve_articles,
)

from qa.index import exact
from qa.index.dense import DenseIndex, DenseResult
from qa.index.generation import publish
from qa.types import Filters


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


# --- sound generations


def test_answers_from_the_generation(dense: DenseIndex, corpus: Corpus) -> None:
    result = assert_right(dense, corpus.ledger)
    assert not result.exact
    assert not result.damage


def test_asking_for_more_than_there_is_gives_all(dense: DenseIndex, corpus: Corpus) -> None:
    assert len(assert_right(dense, corpus.ledger, limit=1000).hits) == 60
    assert dense.search(clustered(1)[0], limit=0).hits == ()


def test_equal_texts_are_all_found_in_the_order_of_their_keys(corpus: Corpus, dense: DenseIndex) -> None:
    vector = clustered(1, seed=5)
    for number in range(30):
        corpus.put(f"copy {number}", vector)
    corpus.remove("copy 3")
    publish(corpus.index, corpus.ledger)
    result = dense.search(vector[0], limit=29)
    assert not result.exact
    keys = [hit.key for hit in result.hits]
    assert keys == sorted(keys)
    assert keys == corpus.ledger.keys(above=60)


def test_before_anything_is_published_search_is_exact(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "index")
    dense = DenseIndex.open(corpus.index, corpus.ledger)
    assert dense.search(clustered(1)[0], limit=5) == DenseResult(hits=(), exact=True, damage="")
    corpus.put("one", clustered(7))
    result = assert_right(dense, corpus.ledger)
    assert result.exact
    assert not result.damage
    corpus.close()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_smallest_corpora(tmp_path: Path, count: int) -> None:
    corpus = Corpus(tmp_path / "index")
    corpus.put("one", clustered(count))
    publish(corpus.index, corpus.ledger)
    with contextlib.closing(DenseIndex.open(corpus.index, corpus.ledger)) as dense:
        result = assert_right(dense, corpus.ledger)
        assert (result.exact, result.damage) == (False, "")
    corpus.close()


def test_vectors_of_any_length_and_of_zeros(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "index")
    vectors = clustered(20) * np.linspace(0.1, 30, 20, dtype=np.float32).reshape(-1, 1)
    corpus.put("long and short", vectors)
    corpus.put("nothing", np.zeros((1, 16), dtype=np.float32))
    publish(corpus.index, corpus.ledger)
    with contextlib.closing(DenseIndex.open(corpus.index, corpus.ledger)) as dense:
        result = dense.search(clustered(1, seed=3)[0] * 7, limit=21)
        assert not result.damage
        found = {hit.key: hit.cosine for hit in result.hits}
        assert found[21] == 0.0
        assert agrees(result, oracle(corpus.ledger, clustered(1, seed=3)[0], 21))
    corpus.close()


def test_a_newer_generation_is_taken_up_by_an_open_reader(dense: DenseIndex, corpus: Corpus) -> None:
    assert_right(dense, corpus.ledger)
    corpus.put("news", clustered(40, seed=4))
    publish(corpus.index, corpus.ledger)
    assert not assert_right(dense, corpus.ledger, limit=100).exact


# --- a ledger that is ahead


def test_what_was_committed_but_not_published_is_found_and_what_was_removed_is_not(
    dense: DenseIndex, corpus: Corpus
) -> None:
    corpus.put("news", clustered(9, seed=4))
    corpus.remove("article 2")
    corpus.put("article 3", clustered(2, seed=6))
    result = assert_right(dense, corpus.ledger, limit=15)
    assert not result.exact
    assert not result.damage


def test_with_nearly_all_rows_dead_search_is_still_complete(dense: DenseIndex, corpus: Corpus) -> None:
    for number in range(11):
        corpus.remove(f"article {number}")
    assert len(assert_right(dense, corpus.ledger).hits) == 5


class Changes(RuleBasedStateMachine):
    """Articles come, change and go; now and then a generation is published; every answer is the oracle's."""

    folder: Path
    name = st.integers(0, 9).map("article {}".format)

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.seed = seed
        self.live: set[str] = set()
        self.corpus = Corpus(self.folder)
        self.dense = DenseIndex.open(self.folder, self.corpus.ledger)

    @rule(name=name, passages=st.integers(1, 8))
    def put(self, name: str, passages: int) -> None:
        self.seed += 1
        self.corpus.put(name, clustered(passages, seed=self.seed))
        self.live.add(name)

    @rule(name=name)
    def remove(self, name: str) -> None:
        if name in self.live:
            self.corpus.remove(name)
            self.live.remove(name)

    @rule()
    def publish(self) -> None:
        publish(self.folder, self.corpus.ledger)

    @rule()
    def reopen(self) -> None:
        self.dense.close()
        self.dense = DenseIndex.open(self.folder, self.corpus.ledger)

    @invariant()
    def right(self) -> None:
        if hasattr(self, "dense"):
            assert not assert_right(self.dense, self.corpus.ledger, count=2, limit=7).damage

    def teardown(self) -> None:
        if hasattr(self, "dense"):
            self.dense.close()
            self.corpus.close()


@pytest.mark.parametrize("small", [0, 500])  # with 0, every generation after the first is a copy with the difference
def test_any_sequence_of_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr("qa.index.generation.SMALL", small)
    machine = type("ChangesHere", (Changes,), {"folder": tmp_path / "index"})
    quick = settings(
        max_examples=12,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine, settings=quick)


# --- filters


def test_filters_and_articles_are_exact(dense: DenseIndex, corpus: Corpus) -> None:
    question = clustered(1, seed=8)[0]
    odd = {
        article for article in corpus.ledger.article_ids() if corpus.ledger.articles([article])[article].source == "odd"
    }
    some = sorted(odd)[:2]
    everything = oracle(corpus.ledger, question, 60)
    owner = {key: passage.article_id for key, passage in corpus.ledger.passages(corpus.ledger.keys()).items()}
    for filters, among, allowed in (
        (Filters(source="odd"), None, odd),
        (None, some, set(some)),
        (Filters(source="odd"), [*some, *(set(owner.values()) - odd)], set(some)),
        (Filters(since=date(2020, 1, 1)), None, set()),
        (None, [], set()),
    ):
        result = dense.search(question, limit=7, filters=filters, among=among)
        expected = [pair for pair in everything if owner[pair[0]] in allowed][:7]
        assert agrees(result, expected)
        assert result.exact


@pytest.mark.parametrize("share", [0.0, 2.0])
def test_both_ways_of_reading_a_part_give_the_same(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(exact, "_SHARE", share)
    monkeypatch.setattr(exact, "_CHUNK", 7)
    question = clustered(1, seed=8)[0]
    wanted = corpus.ledger.keys()[::3]
    hits = exact.search(corpus.ledger, question, limit=9, keys=[*wanted, 9999])
    assert [hit.key for hit in hits] == [key for key, _ in oracle(corpus.ledger, question, 60) if key in wanted][:9]


# --- recall


def recall(index: Path, vectors: Vectors, questions: Vectors) -> float:
    """recall@10 of the published generation against exact search."""
    corpus = Corpus(index, model=fingerprint(dimension=vectors.shape[1]))
    for start in range(0, len(vectors), 50):
        corpus.put(f"article {start}", vectors[start : start + 50])
    publish(index, corpus.ledger)
    found = 0
    with contextlib.closing(DenseIndex.open(index, corpus.ledger)) as dense:
        for question in questions:
            result = dense.search(question, limit=10)
            assert not result.exact
            truth = np.argsort(-(vectors @ question))[:10] + 1
            found += len({hit.key for hit in result.hits} & set(truth.tolist()))
    corpus.close()
    return found / (10 * len(questions))


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (3_000, 60),
        pytest.param(10_000, 200, marks=pytest.mark.slow),
        pytest.param(100_000, 100, marks=pytest.mark.slow),
    ],
)
def test_recall(tmp_path: Path, count: int, asked: int) -> None:
    dimension = 64 if count < 10_000 else 384
    points = clustered(count + asked, dimension=dimension)
    assert recall(tmp_path / "index", points[:count], points[count:]) >= 0.99
