"""From a question to hits: full-text and dense search, put together, ordered by what must be met, copies collapsed.

Raw scores stay on every hit, because a fused score can't say that nothing fits. Whether to answer at all is decided
in ``qa.answer``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.candidates import POOL, Candidates, Clock, Dense, Search
from qa.retrieve.casing import Casing
from qa.retrieve.choose import Group, choose
from qa.retrieve.fusion import weighted_sum
from qa.retrieve.musts import Must, Musts
from qa.retrieve.question import read_question
from qa.statements.people import matches
from qa.types import Filters, Hit, Mention, Passage, Question

if TYPE_CHECKING:
    from qa.models.embedder import Embedder


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What was measured and chosen (``python -m eval.bench.retrieval``).

    ``lexical`` is the weight of BM25 against the cosine. ``name`` is added for each name that the passage's article
    meets: as a condition that
    nothing makes up for, names lost .03 nDCG@10 on SciFact and CLAPNQ, because right articles spell them otherwise;
    as this bonus they gain.
    ``required`` is such a condition, for quoted strings and for whoever is asked what they said. ``meant`` is added
    where the passage itself
    names or means that person.
    """

    lexical: float = 0.3
    name: float = 0.05
    required: float = 2.0
    meant: float = 0.05
    per_article: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What a search found and what it looked at. ``articles`` and ``passages`` count what was searched, after filters.

    ``musts`` are the question's names and quoted strings with the articles that meet each; ``warnings`` are for
    people to read.
    """

    question: Question
    hits: tuple[Hit, ...]
    articles: int
    passages: int
    musts: tuple[Must, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float]

    @property
    def nowhere(self) -> tuple[Must, ...]:
        """The musts that no article meets."""
        return tuple(must for must in self.musts if not must.met)


class Retriever:
    """Searches one ledger with one dense index and one embedder; all three stay the caller's to close."""

    def __init__(self, ledger: Ledger, dense: Dense, embedder: Embedder, *, tuning: Tuning | None = None) -> None:
        self._ledger = ledger
        self._dense = dense
        self._embedder = embedder
        self._tuning = tuning or Tuning()
        self._musts = Musts(ledger)
        self._casing = Casing(ledger)
        self._counted: tuple[tuple[int, Filters | None], tuple[int, int]] | None = None

    def read(self, text: str, *, as_of: date | None = None, without: frozenset[str] = frozenset()) -> Question:
        """``read_question`` with what this corpus, but for the articles ``without``, knows of names."""
        people = self._musts.people_near(text, without=without)
        is_name = partial(self._casing.is_name, without=without)
        return read_question(text, known_people=people, as_of=as_of, is_name=is_name)

    def search(self, question: Question, *, k: int = 10, filters: Filters | None = None, pool: int = POOL) -> Retrieved:
        """The ``k`` best hits for ``question``, best first. ``pool`` is how many candidates each of the two searches
        gives.
        """
        clock = Clock()
        with clock("musts"):
            musts = self._musts.of(question, filters=filters)
        with clock("embed"):
            vector = self._embedder.embed(question.text)
        search = Search(self._ledger, self._dense, vector, filters=filters, limit=max(pool, k), clock=clock)
        search.everywhere(question.text)
        favoured = most_met(musts)
        search.among(favoured, at_least=k)
        with clock("order"):
            candidates = search.candidates()
            ranked = self._rank(candidates, musts, question)
            groups = choose(self._ledger, candidates.passages, ranked, k=k, per_article=self._tuning.per_article)
        with clock("count"):
            articles, passages = self._count(filters)
        return Retrieved(
            question=question,
            hits=tuple(_hit(group, candidates, musts) for group in groups),
            articles=articles,
            passages=passages,
            musts=musts,
            warnings=search.warnings,
            seconds=clock.seconds,
        )

    def _rank(self, found: Candidates, musts: Sequence[Must], question: Question) -> list[tuple[int, float]]:
        """Keys and scores, best first; ties by key."""
        tuning = self._tuning
        scores = weighted_sum(found.bm25, found.cosine, lexical=tuning.lexical)
        weights = [(must, tuning.required if _required(must, question) else tuning.name) for must in musts]
        for key, passage in found.passages.items():
            scores[key] += sum(weight for must, weight in weights if _meets(must, passage))
        for key in meant(self._ledger, found.passages, musts, question.people):
            scores[key] += tuning.meant
        return sorted(((key, scores[key]) for key in found.passages), key=lambda item: (-item[1], item[0]))

    def _count(self, filters: Filters | None) -> tuple[int, int]:
        asked = (self._ledger.epoch, filters)
        if self._counted is None or self._counted[0] != asked:
            self._counted = (asked, lexical.searched(self._ledger, filters=filters))
        return self._counted[1]


def most_met(musts: Sequence[Must]) -> frozenset[str]:
    """The articles that meet the most of the musts; empty where none meets any."""
    counts = Counter(article for must in musts for article in must.articles)
    most = max(counts.values(), default=0)
    return frozenset(article for article, count in counts.items() if count == most)


def meant(
    ledger: Ledger, passages: Mapping[int, Passage], musts: Sequence[Must], people: Sequence[str]
) -> Iterator[int]:
    """Keys of those passages in which one of ``people`` is meant, be it by a pronoun or an office."""
    articles = {article for must in musts if must.text in people for article in must.articles}
    spans: dict[str, list[Mention]] = {}
    for key, passage in passages.items():
        if passage.article_id not in articles:
            continue
        if passage.article_id not in spans:
            spans[passage.article_id] = [
                mention
                for person in ledger.people(passage.article_id)
                if any(matches(name, person) for name in people)
                for mention in person.mentions
            ]
        if any(passage.start <= mention.start < passage.end for mention in spans[passage.article_id]):
            yield key


def _required(must: Must, question: Question) -> bool:
    return must.quoted or (question.kind == "statement" and must.text in question.people)


def _meets(must: Must, passage: Passage) -> bool:
    return passage.key in must.passages if must.passages else passage.article_id in must.articles


def _hit(group: Group, found: Candidates, musts: Sequence[Must]) -> Hit:
    key = group.passage.key
    return Hit(
        passage=group.passage,
        article=group.article,
        score=group.score,
        lexical_rank=found.lexical_rank.get(key),
        bm25=found.bm25.get(key),
        dense_rank=found.dense_rank.get(key),
        cosine=found.cosine.get(key),
        musts=tuple(must.text for must in musts if group.article.id in must.articles),
        copies=tuple(group.copies),
    )
