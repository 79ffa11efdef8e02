"""SciFact's training questions on its abstracts: nDCG@10 of the fused ranking, and of the same reranked by the reader.

Ranking by passages, scored by articles, as ``eval.bench.retrieval`` does; the index is its, and is kept in the work
folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eval.bench.reader_kit import Kit
from eval.bench.reader_table import Bars, Line
from eval.bench.retrieval import Ask, index_of, scifact, score
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from qa.models.embedder import MiniLM
from qa.models.reader.reader import Reader
from qa.retrieve.rerank import rerank
from qa.retrieve.retriever import Retriever
from qa.types import Hit

#: Passages ranked, so that ten articles are left when each has several, and candidates of each search.
_DEPTH, _POOL = 60, 100
AIM = 0.03

Rerank = Callable[[str, Sequence[Hit], Reader], Sequence[Hit]]


def indexed(kit: Kit) -> tuple[Path, Sequence[Ask]]:
    """The folder of the index of all abstracts, made where the work folder hasn't it; and the training questions."""
    collection = scifact(kit.file("scifact").parent)
    return index_of(collection, kit.work, MiniLM.load()), collection.asks[0][1]


def rows(kit: Kit, *, by: Rerank = rerank) -> Iterator[Line]:
    """Fused, and reranked where there is a reader."""
    index, every = indexed(kit)
    asks = kit.sampled(every)
    with Ledger.open(index) as ledger:
        dense = DenseIndex.open(index, ledger)
        retriever = Retriever(ledger, dense, kit.embedder)
        found = {ask.text: retriever.search(retriever.read(ask.text), k=_DEPTH, pool=_POOL).hits for ask in asks}
        dense.close()
    fused = score(asks, lambda text: _articles(found[text])).ndcg10
    yield Line(what="SciFact, training questions: nDCG@10, fused", value=fused, n=len(asks), digits=4)
    what, bars = "SciFact, training questions: nDCG@10, reranked", Bars(floor=fused, bar=fused, aim=fused + AIM)
    reader = kit.reader
    if reader is None:
        yield Line(what=what, bars=bars, digits=4, note="there is no reader yet")
        return
    again = score(asks, lambda text: _articles(by(text, found[text], reader))).ndcg10
    yield Line(what=what, value=again, n=len(asks), bars=bars, digits=4)


def _articles(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.article.identity for hit in hits))
