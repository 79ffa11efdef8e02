"""The article that the project began with, and the test split of the set ``newsroom``: the whole product, as it answers
by default.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.bench.reader_kit import Kit
from eval.bench.reader_table import Bars, Line
from eval.corpus import read_corpus
from eval.gold.store import read_set
from eval.run.engine import CLAIMS, Engine, ExtractEngine, ExtractSetup, extract
from eval.run.folder import System
from eval.run.runner import run
from eval.scored import ScoredRun, load_scored
from eval.types import Split
from qa.app import Reading
from qa.library.add import add
from qa.types import Filters

ARTICLE = ("article", "alibaba-global-hiring.txt")
#: What must stand in the quotes cited.
ANSWERED = {
    "What did Zhang say about hiring?": "international talent",
    "How much of Zulily did Alibaba buy?": "9-percent",
    "Where was the strategy meeting held?": "Hangzhou",
    "When did Alibaba invest in ShopRunner?": "2013",
    "What is Alimama?": "marketing technology arm",
}
#: Lines of the page around the article, which no answer may cite.
_NEVER = ("Reuters", "Facebook")
ABSTAINED = (
    "Who is the CEO of Amazon?",
    "What is the population of France?",
    "What did Zhang say about layoffs?",
    "What did Jack Ma say about hiring?",
    "How much of eBay did Alibaba buy?",
    "When did Alibaba invest in Tencent?",
)
#: What the test split had at c865ae8, before there was a reader: 57 of 163, 27 of 61, 55 of 102.
BEFORE = {
    "grounded_accuracy": Bars(floor=57 / 163, bar=57 / 163, strict=True),
    "false_answer": Bars(floor=27 / 61, bar=27 / 61, strict=True, lower=True),
    "over_refusal": Bars(floor=55 / 102, bar=55 / 102, strict=True, lower=True),
}


# --- the sample article


def article(kit: Kit) -> Iterator[Line]:
    """Whether each question is answered with the words that answer it, or abstained from, at the default threshold."""
    path = kit.file(*ARTICLE)
    with tempfile.TemporaryDirectory(prefix="qa-bench-", dir=kit.work) as folder:
        add(Path(folder), [str(path)], embedder=kit.embedder)
        with kit.reading(Path(folder), threshold=kit.threshold) as reading:
            cited = {question: quotes(reading, question) for question in (*ANSWERED, *ABSTAINED)}
    wrong = [question for question, wanted in ANSWERED.items() if not is_right(cited[question], wanted)]
    false = [question for question in ABSTAINED if cited[question]]
    for what, questions, failed in (("answered rightly", ANSWERED, wrong), ("abstained from", ABSTAINED, false)):
        yield Line(
            what=f"the sample article, default threshold: {what}",
            value=1.0 - len(failed) / len(questions),
            n=len(questions),
            bars=Bars(bar=1.0),
            note=f"not: {' '.join(failed)}" if failed else "",
        )


def quotes(reading: Reading, question: str) -> str:
    """All that the answer cites, joined; empty where it abstains."""
    claims = reading.ask(question, k=CLAIMS, filters=Filters()).answer.claims
    return " ".join(citation.quote for claim in claims for citation in claim.citations)


def is_right(cited: str, wanted: str) -> bool:
    """Whether the words that answer are cited, and nothing of the page around the article."""
    return wanted in cited and not any(words in cited for words in _NEVER)


# --- newsroom


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """The engine of ``qa eval run`` with what the kit measures; for this process alone."""

    kit: Kit
    setup: ExtractSetup

    @property
    def system(self) -> System:
        """As the product says it."""
        return self.setup.system

    @property
    def corpus_sha256(self) -> str:
        """The corpus's digest."""
        return self.setup.corpus_sha256

    @contextmanager
    def open(self) -> Iterator[Engine]:
        """The engine over the corpus's index."""
        with self.kit.reading(self.setup.index, threshold=self.kit.threshold) as reading:
            yield ExtractEngine(reading, root=self.setup.root, k=self.system.k)


def newsroom(kit: Kit, *, name: str = "newsroom") -> Iterator[Line]:
    """The suite's numbers on the whole test split: run, scored, compared with those before."""
    summary = scored(kit, Split.TEST, name=name).summary
    for metric, bars in BEFORE.items():
        mean = summary.mean(metric)
        value = math.nan if mean is None or mean.worst is None else mean.worst
        yield Line(
            what=f"newsroom, test split: {metric.replace('_', ' ')}",
            value=value,
            n=mean.applicable if mean else 0,
            bars=bars,
            note=f"{len(summary.errors)} errors" if summary.errors else "",
        )


def scored(kit: Kit, split: Split, *, name: str = "newsroom") -> ScoredRun:
    """A run over a split of a set, with its scores."""
    gold = read_set(name)
    corpus = read_corpus(Path(gold.corpus))
    setup = extract(corpus, threshold=kit.threshold, cache=kit.work / "newsroom")
    with tempfile.TemporaryDirectory(prefix="qa-bench-", dir=kit.work) as folder:
        run(gold, Path(folder), engine=Lent(kit=kit, setup=setup), twins=False, split=split, jobs=1)
        return load_scored(Path(folder))
