"""The real files of other people's sets, where they are: counts, positions, and answers where gold says they stand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from importing import made

from eval.corpus import Corpus
from eval.types import GoldSet


def counts(gold: GoldSet, corpus: Corpus) -> tuple[int, int, int]:
    """Items, articles, items without an answer."""
    return len(gold.items), len(corpus), sum(not item.answerable for item in gold.items)


@pytest.mark.parametrize(
    ("format", "path", "expected"),
    [
        ("squad2", "squad2/dev-8-titles.json", (3017, 325, 1565)),
        ("squad1", "xquad/xquad.de.json", (180, 40, 0)),
        ("squad1", "xquad/xquad.zh.json", (180, 40, 0)),
    ],
)
def test_squad(data: Path, tmp_path: Path, format: str, path: str, expected: tuple[int, int, int]) -> None:
    gold, corpus = made(tmp_path, format, data / path)
    assert counts(gold, corpus) == expected
    for item in gold.items:
        # Each wording stands in one of the evidence sets, from its first sentence to its last, or in all of them.
        every = sorted((one for spans in (*item.evidence, item.acceptable) for one in spans), key=lambda one: one.start)
        sets = [*item.evidence, *([every] if item.acceptable else [])]
        proofs = [corpus[spans[0].article].text[spans[0].start : spans[-1].end] for spans in sets]
        assert bool(proofs) == item.answerable
        for wording in (wording for part in item.answers for wording in part.wordings):
            assert any(wording in proof for proof in proofs), (item.id, wording)


def test_clapnq(data: Path, tmp_path: Path) -> None:
    gold, corpus = made(tmp_path, "clapnq", data / "clapnq")
    assert counts(gold, corpus) == (300, 298, 150)  # two passages are asked about twice
    assert all(bool(item.evidence) == item.answerable for item in gold.items)


def test_rgb(data: Path, tmp_path: Path) -> None:
    gold, corpus = made(tmp_path, "rgb", data / "rgb" / "en_150.jsonl")
    assert counts(gold, corpus) == (569, 4 * 569, 143)
    # 600 mixes without 16 that lack documents and 15 whose documents name the answer wrongly or don't.
    assert Counter(item.categories for item in gold.items) == {
        ("answering-4",): 135, ("answering-2",): 147, ("answering-1",): 144, ("answering-0",): 143,
    }  # fmt: skip
    sources = Counter(text.source for text in corpus.values())
    for item in gold.items:
        assert sum(count for source, count in sources.items() if str(item.filters.source) in source) == 4
        assert bool(item.evidence) == item.answerable


def test_polnear(data: Path, tmp_path: Path) -> None:
    gold, corpus = made(tmp_path, "polnear", data / "polnear")
    assert counts(gold, corpus) == (210, 84, 0)
    assert all(item.evidence and item.speaker.count(" ") >= 1 for item in gold.items)


def test_scifact(data: Path, tmp_path: Path) -> None:
    gold, corpus = made(tmp_path, "beir", data / "scifact")
    assert counts(gold, corpus) == (809, 5183, 0)
    assert sum(map(len, (item.relevant for item in gold.items))) == 919
    assert all(name in corpus for item in gold.items for name in item.relevant)
