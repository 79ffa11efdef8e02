"""Measures retrieval on public questions with known articles: ``python -m eval.bench.retrieval --work DIR``.

SciFact (claims, abstracts that bear on them), SQuAD 2.0's development questions and CLAPNQ's (each with the paragraph
that it was asked
about; both search the paragraphs of both). The index is a real one, built in DIR once and used again. An article's
score is that of its best
passage. Nothing is tuned here: ``qa.retrieve.retriever.Tuning`` is what was chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bench.arguments import ended
from qa.index.dense import DenseIndex
from qa.ingest.passages import TARGET
from qa.ingest.segment import segment
from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.ledger.writer import Analysis, Writer
from qa.library.analyse import embedded_texts
from qa.library.embedding import adopt, embed_missing
from qa.library.finish import finish
from qa.models.embedder import MiniLM
from qa.retrieve.fusion import reciprocal_ranks
from qa.retrieve.query import expression_of, words_to_find
from qa.retrieve.retriever import Retriever, Tuning
from qa.statements.people import find_people
from qa.types import Draft

#: Passages ranked per question, so that ten articles are left when each has several.
_DEPTH = 60
_POOL = 100
_BATCH = 64

#: From a question's text to identities of articles, best first.
Ranker = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question and the identities of the articles that are right for it."""

    id: str
    text: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles, and sets of questions about them by name."""

    name: str
    drafts: Sequence[Draft]
    asks: Sequence[tuple[str, Sequence[Ask]]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over ``n`` questions; a question without an answer counts as 0."""

    n: int
    ndcg10: float
    recall10: float
    recall5: float
    success1: float


# --- data


def scifact(data: Path) -> Collection:
    """BEIR's SciFact with its training judgements."""
    drafts = [
        Draft(identity=row["_id"], text=row["text"], title=row["title"])
        for row in _rows(data / "scifact" / "corpus.jsonl")
    ]
    texts = {row["_id"]: row["text"] for row in _rows(data / "scifact" / "queries.jsonl")}
    right: dict[str, set[str]] = {}
    for line in (data / "scifact" / "train.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, document, relevance = line.split("\t")
        if int(relevance) > 0:
            right.setdefault(question, set()).add(document)
    asks = [Ask(question, texts[question], frozenset(documents)) for question, documents in right.items()]
    return Collection("scifact", drafts, [("scifact", asks)])


def paragraphs(data: Path) -> Collection:
    """SQuAD 2.0's paragraphs and CLAPNQ's passages, each an article, with the answerable questions of both."""
    drafts: dict[str, Draft] = {}
    squad = []
    for title in json.loads((data / "squad2" / "dev-8-titles.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in title["paragraphs"]:
            identity = _put(drafts, paragraph["context"], title["title"].replace("_", " "))
            for row in paragraph["qas"]:
                if not row["is_impossible"]:
                    squad.append(Ask(row["id"], row["question"], frozenset([identity])))
    clapnq = []
    for kind in ("answerable", "unanswerable"):
        for row in _rows(data / "clapnq" / f"dev_{kind}_150.jsonl"):
            identities = [_put(drafts, passage["text"], passage["title"]) for passage in row["passages"]]
            if kind == "answerable":
                clapnq.append(Ask(row["id"], row["input"], frozenset(identities)))
    return Collection("paragraphs", list(drafts.values()), [("squad2", squad), ("clapnq", clapnq)])


def _put(drafts: dict[str, Draft], text: str, title: str) -> str:
    identity = hashlib.sha256(text.encode()).hexdigest()[:16]
    drafts.setdefault(identity, Draft(identity=identity, text=text, title=title))
    return identity


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# --- index


def build(index: Path, drafts: Iterable[Draft], embedder: MiniLM, *, target: int) -> None:
    """Bring ``drafts`` into the index in the folder ``index``, with passages of about ``target`` code points;
    resumes.
    """
    index.mkdir(parents=True, exist_ok=True)
    with Ledger.open_to_write(index) as ledger:
        writer = Writer(ledger)
        adopt(writer, embedder.fingerprint)
        missing = [draft for draft in drafts if ledger.known(draft.identity) is None]
        for start in range(0, len(missing), _BATCH):
            _store(writer, [(draft, _analysis(draft, target)) for draft in missing[start : start + _BATCH]], embedder)
        finish(index, writer)


def _analysis(draft: Draft, target: int) -> Analysis:
    cut = segment(draft.text, title=draft.title, target=target)
    return Analysis(
        segmentation=cut,
        people=tuple(find_people(draft.text, cut.sentences)),
        statements=(),
        vector_shas=tuple(sha for sha, _ in embedded_texts(draft, cut.passages)),
    )


def _store(writer: Writer, batch: Sequence[tuple[Draft, Analysis]], embedder: MiniLM) -> None:
    texts = {sha: text for draft, made in batch for sha, text in embedded_texts(draft, made.segmentation.passages)}
    vectors = embed_missing(writer, texts, embedder)
    with writer.transaction():
        writer.put_vectors(vectors)
        for draft, made in batch:
            writer.store(draft, made, recipe="eval.retrieval", known=None)


# --- rankings


class Arms:
    """The ways of ranking that are compared, over one index. The embedder's vectors of questions are made once."""

    def __init__(self, ledger: Ledger, dense: DenseIndex, embedder: MiniLM) -> None:
        self._ledger = ledger
        self._dense = dense
        self._embedder = embedder
        self._identity = dict(ledger.connection.execute("SELECT id, identity FROM articles"))
        self._owner = dict(ledger.connection.execute("SELECT key, article_id FROM passages"))
        self.seconds: list[float] = []

    def lexical(self, text: str) -> list[str]:
        """BM25 alone."""
        return self._articles(self._lexical(text))

    def dense(self, text: str) -> list[str]:
        """Cosine alone."""
        return self._articles(self._nearest(text))

    def ranks(self, text: str) -> list[str]:
        """Both, by reciprocal ranks (k = 60), without musts."""
        scores = reciprocal_ranks([self._lexical(text), self._nearest(text)])
        return self._articles(sorted(scores, key=lambda key: (-scores[key], key)))

    def retriever(self, tuning: Tuning) -> Ranker:
        """What ``qa`` does, with ``tuning``; notes the seconds of each search."""
        retriever = Retriever(self._ledger, self._dense, self._embedder, tuning=tuning)

        def rank(text: str) -> list[str]:
            started = time.perf_counter()
            found = retriever.search(retriever.read(text), k=_DEPTH, pool=_POOL)
            self.seconds.append(time.perf_counter() - started)
            return self._articles([hit.passage.key for hit in found.hits])

        return rank

    def _lexical(self, text: str) -> list[int]:
        hits = lexical.search(self._ledger, expression_of(words_to_find(text)), limit=_POOL)
        return [hit.key for hit in hits]

    def _nearest(self, text: str) -> list[int]:
        return [hit.key for hit in self._dense.search(self._embedder.embed(text), limit=_POOL).hits]

    def _articles(self, keys: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(self._identity[self._owner[key]] for key in keys))


def score(asks: Sequence[Ask], rank: Ranker) -> Scores:
    """Rank for each question and average, by ``ir_measures``."""
    import ir_measures
    from ir_measures import R, Success, nDCG

    judgements: list[Any] = []
    run: list[Any] = []
    for ask in asks:
        judgements.extend(ir_measures.Qrel(ask.id, identity, 1) for identity in ask.right)
        run.extend(
            ir_measures.ScoredDoc(ask.id, identity, -float(place)) for place, identity in enumerate(rank(ask.text)[:10])
        )
    found = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, R @ 5, Success @ 1], judgements, run)
    return Scores(len(asks), found[nDCG @ 10], found[R @ 10], found[R @ 5], found[Success @ 1])


@dataclass(frozen=True, slots=True)
class Row:
    """How one way of ranking did on one set of questions. ``p50`` is in milliseconds, NaN where it wasn't taken."""

    questions: str
    way: str
    scores: Scores
    p50: float


def measure(collection: Collection, index: Path, embedder: MiniLM, *, every: int = 1) -> Iterator[Row]:
    """One row for each set of questions and way of ranking; ``every`` n-th question only."""
    with Ledger.open(index) as ledger:
        dense = DenseIndex.open(index, ledger)
        arms = Arms(ledger, dense, embedder)
        ways: list[tuple[str, Ranker]] = [
            ("lexical", arms.lexical),
            ("dense", arms.dense),
            ("ranks (RRF)", arms.ranks),
            ("fused", arms.retriever(Tuning(name=0.0, required=0.0, meant=0.0))),
            ("fused + musts", arms.retriever(Tuning())),
        ]
        for name, asks in collection.asks:
            for way, rank in ways:
                arms.seconds.clear()
                scores = score(asks[::every], rank)
                yield Row(name, way, scores, 1000 * statistics.median(arms.seconds) if arms.seconds else math.nan)
        dense.close()


def index_of(collection: Collection, work: Path, embedder: MiniLM, *, target: int = TARGET) -> Path:
    """The collection's index below the folder ``work``, built or resumed where it isn't whole."""
    index = work / f"{collection.name}-{target}-{embedder.fingerprint.sha256[:8]}"
    build(index, collection.drafts, embedder, target=target)
    return index


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.retrieval", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for the indexes; kept between runs")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("QA_DATA", "../shared/data")))
    parser.add_argument("--target", type=int, default=TARGET, help="size of a passage in code points")
    parser.add_argument("--every", type=int, default=1, help="take each n-th question only")
    options = parser.parse_args(arguments)
    embedder = MiniLM.load()
    print(f"embedder {embedder.fingerprint.id}, passages of about {options.target} code points")
    for load in (scifact, paragraphs):
        collection = load(options.data)
        index = index_of(collection, options.work, embedder, target=options.target)
        print(f"\n{'':32}{'n':>6}{'nDCG@10':>9}{'R@10':>8}{'R@5':>8}{'S@1':>8}{'p50 ms':>8}")
        for row in measure(collection, index, embedder, every=options.every):
            s = row.scores
            quality = f"{s.n:6}{s.ndcg10:9.4f}{s.recall10:8.4f}{s.recall5:8.4f}{s.success1:8.4f}"
            print(f"{row.questions:16}{row.way:16}{quality}{row.p50:8.1f}", flush=True)


if __name__ == "__main__":
    raise SystemExit(ended(main))
