"""The reader's word on hits: what it moves, what it leaves, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.reader.passage import Found, Pointed, ReaderPassage
from qa.retrieve.rerank import READ, answers, passage_of, rerank
from qa.types import Article, Fingerprint, Hit, Passage

TEXT = "Ferries run. The mayor opened the Marlow bridge in 1931. It rained."


class Says:
    """A reader that says of each passage what was told beforehand, and keeps what it was asked to read."""

    fingerprint = Fingerprint(name="says", sha256="0" * 64, dimension=1, normalised=False)

    def __init__(self, *logits: float) -> None:
        self.logits = iter(logits)
        self.asked: list[ReaderPassage] = []

    def read(self, question: str, passage: ReaderPassage) -> Found:
        return next(self.read_many(question, [passage]))

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        for passage in passages:
            self.asked.append(passage)
            logit = next(self.logits)
            yield Found(answerable=logit, spans=(Pointed(start=0, end=1, margin=logit),), evidence=(logit,), cut=False)


def hit(number: int, score: float, *, published: date | None = None) -> Hit:
    article = Article(
        id=f"{number:012d}", version=1, identity=str(number), title="Bridges", source="", url="", author="",
        published=published, text=TEXT, sha256="",
    )  # fmt: skip
    passage = Passage(
        id=f"{article.id}:1:0", key=number, article_id=article.id, version=1, number=0, start=13, end=len(TEXT),
        first=1, last=3,
    )  # fmt: skip
    return Hit(passage=passage, article=article, score=score)


def test_what_answers_comes_first() -> None:
    found = rerank("Who?", [hit(1, 0.50), hit(2, 0.45), hit(3, 0.45)], Says(-9.0, 9.0, 0.0), weight=0.2)
    assert [one.article.identity for one in found] == ["2", "3", "1"]
    assert [one.rerank for one in found] == [
        pytest.approx(1.0, abs=1e-3),
        pytest.approx(0.5),
        pytest.approx(0, abs=1e-3),
    ]


def test_a_plain_lead_in_the_search_stands() -> None:
    found = rerank("Who?", [hit(1, 0.9), hit(2, 0.5)], Says(-9.0, 9.0), weight=0.2)
    assert [one.article.identity for one in found] == ["1", "2"]


def test_the_passage_is_read_under_its_title_and_date() -> None:
    reader = Says(0.0)
    rerank("Who?", [hit(1, 0.9, published=date(2025, 3, 4))], reader)
    (asked,) = reader.asked
    assert asked == passage_of(hit(1, 0.9, published=date(2025, 3, 4)))
    assert asked.text == TEXT[13:]
    assert asked.sentences == ((0, len(TEXT) - 13),)
    assert "Bridges" in asked.head
    assert "2025" in asked.head


@given(st.lists(st.floats(-20, 20), max_size=READ + 5), st.integers(0, READ))
def test_nothing_is_lost_and_only_the_first_are_read(logits: list[float], read: int) -> None:
    hits = [hit(number, 1.0 - number / 100) for number in range(len(logits))]
    reader = Says(*logits)
    found = rerank("Who?", hits, reader, read=read)
    assert sorted(one.article.identity for one in found) == sorted(one.article.identity for one in hits)
    assert len(reader.asked) == min(read, len(hits))
    assert list(found[read:]) == hits[read:]  # behind those read nothing moves
    assert all((one.rerank is not None) == (place < read) for place, one in enumerate(found))


def test_without_a_place_to_point_at_the_passage_alone_counts() -> None:
    assert answers(Found(answerable=0.0, spans=(), evidence=(), cut=False)) == 0.5
