"""What is settled before an answer is written, whoever writes it: which sentences could answer, how likely, and what
stands against answering at all. And the report where nothing is written.

What the question names must be somewhere; sentences are judged; too little, and there is nothing to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from qa.answer.absence import absence
from qa.answer.candidates import asks_for_speaker, candidates_of, rarity_of
from qa.answer.features import Candidate
from qa.answer.order import corrections, newer
from qa.answer.scorer import Judgement, Scored, Scorer
from qa.answer.speech import speaker_of, topic_words, unnamed_speaker
from qa.answer.words import name_words
from qa.ledger.ledger import Ledger
from qa.retrieve.musts import Must
from qa.retrieve.retriever import Retrieved
from qa.types import Answer, Claim, Filters, Question, Span, Status


class Read(NamedTuple):
    """A sentence that was judged: its article's id, and where it stands there."""

    article_id: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An answer and how it came about: the sentences judged, best first, and the confidence in 0..1.

    It is answered where the confidence reaches the scorer's threshold. Where something else stands against an answer
    (a name is nowhere, say), the confidence is 0, and no threshold makes it one.
    """

    answer: Answer
    read: tuple[Read, ...]
    confidence: float


@dataclass(frozen=True)
class Considered:
    """The hits of a question, with their sentences judged. ``candidates`` are in the hits' order."""

    retrieved: Retrieved
    ledger: Ledger
    scorer: Scorer
    filters: Filters | None
    candidates: tuple[Candidate, ...]
    judged: Judgement

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.retrieved.question

    @property
    def read(self) -> tuple[Read, ...]:
        """The sentences judged, best first."""
        return tuple(Read(one.candidate.view.article.id, one.candidate.span) for one in self.judged.scored)

    @property
    def confidence(self) -> float:
        """How likely the best sentences answer; 0 where something stands against any answer."""
        return 0.0 if self.obstacle else self.judged.confidence

    @cached_property
    def obstacle(self) -> str:
        """Why the question can't be answered, however likely a sentence is, in one sentence; empty where it can."""
        retrieved, judged = self.retrieved, self.judged
        filtered = self.filters is not None and self.filters.narrows
        missing = [must for must in retrieved.nowhere if not self._word_by_word(must)]
        searched = (
            f"the {retrieved.articles} articles searched" if retrieved.articles != 1 else "the one article searched"
        )
        if not retrieved.articles:
            return "no article passes the filters" if filtered else "there is no article to search"
        if missing:
            names = " and ".join(repr(must.text) for must in missing)
            return f"{names} {'is' if len(missing) == 1 else 'are'} nowhere in {searched}"
        pronoun = unnamed_speaker(retrieved.question)
        if pronoun:
            return f"the question doesn't say who {pronoun!r} is"
        if not (topic_words(retrieved.question) or retrieved.question.names or retrieved.question.quoted):
            return "the question has no word in it to look for"
        if not judged.scored:
            if retrieved.question.years:
                years = " or ".join(map(str, retrieved.question.years[:3]))
                return f"nothing found speaks of {years}"
            return f"nothing in {searched} comes close to the question"
        return ""

    def abstained(self, reason: str = "", *, rejected: tuple[Claim, ...] = ()) -> Written:
        """No answer, with the report of what was looked at; ``reason`` by default what stands against one."""
        report = absence(
            self.ledger,
            self.retrieved,
            reason=reason or self.obstacle or self._why_not(),
            closest=self._closest(),
            filters=self.filters,
        )
        answer = Answer(question=self.question, status=Status.ABSTAINED, absence=report, rejected=rejected)
        return Written(answer=answer, read=self.read, confidence=self.confidence)

    def _word_by_word(self, must: Must) -> bool:
        """Whether an article found has every word of a longer name, if not in this order: "Law School of Harvard"."""
        words = name_words(must.text)
        if must.quoted or len(words) < 2:
            return False
        texts = {hit.article.id: f"{hit.article.title}\n{hit.article.text}" for hit in self.retrieved.hits}
        return any(set(words) <= set(name_words(text)) for text in texts.values())

    def _why_not(self) -> str:
        """What is said where sentences were judged and none answers."""
        said = any(reason.startswith("said by") for one in self.judged.scored for reason in one.reasons)
        if asks_for_speaker(self.question) and not said:
            return f"nothing found that {speaker_of(self.question)} said answers it"
        return "no sentence found is sure enough to answer it"

    def _closest(self) -> tuple[Scored, ...]:
        """The closest sentences for the report: those judged, or any of the hits where none of them could have
        answered.
        """
        if self.judged.scored:
            return self.judged.scored
        loose = replace(self.question, kind="other", years=())
        return consider(replace(self.retrieved, question=loose), self.ledger, self.scorer, self.filters).judged.scored


def consider(retrieved: Retrieved, ledger: Ledger, scorer: Scorer, filters: Filters | None) -> Considered:
    """Judge the sentences of the hits."""
    question, without = retrieved.question, filters.without if filters else frozenset[str]()
    found = candidates_of(ledger, question, retrieved.hits)
    rarity = rarity_of(ledger, question, passages=retrieved.passages, without=without)
    judged = scorer.judge(question, found, rarity=rarity)
    return Considered(retrieved, ledger, scorer, filters, tuple(found), judged)


def notes(found: Considered, claims: Sequence[Claim]) -> tuple[str, ...]:
    """What is said beside an answer that consists of ``claims``: a correction that isn't cited, a newer article."""
    cited, hits = [citation for claim in claims for citation in claim.citations], found.retrieved.hits
    return (*corrections(cited, hits), *newer(found.question, cited, hits))  # of no article both
