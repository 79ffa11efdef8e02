"""A corpus whose sentences stand at offsets that can be counted by hand, and cases over it. No test is in here.

Articles ``a``, ``b`` and ``c`` have ten sentences of 19 characters with a space between: sentence 3 is ``[60, 79)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.corpus import Corpus, Text
from eval.metrics.metric import Case, Place
from eval.types import AnswerPart, Ended, GoldSpan, Item, RunCitation, RunClaim, RunRecord, RunSpan, Split

LENGTH = 19


def corpus_of(texts: Mapping[str, str]) -> Corpus:
    """A corpus of these texts, by article."""
    return Corpus(
        Path("/nowhere"),
        {name: Text(name, "", "", None, text, sha256(text.encode()).hexdigest()) for name, text in texts.items()},
    )


CORPUS = corpus_of({name: " ".join(f"Sentence {name}, part {i}." for i in range(10)) for name in "abc"})


def place(article: str, *sentences: int) -> Place:
    """From the first of ``sentences`` to the last."""
    return Place(article=article, start=20 * sentences[0], end=20 * sentences[-1] + LENGTH)


def hit(article: str, *sentences: int, score: float = 0.0) -> RunSpan:
    """A span found or read, by sentences."""
    at = place(article, *sentences)
    return RunSpan(article=article, start=at.start, end=at.end, score=score)


def cite(article: str, *sentences: int) -> RunCitation:
    """A valid citation, by sentences."""
    at = place(article, *sentences)
    return cite_at(article, at.start, at.end)


def cite_at(article: str, start: int, end: int, *, corpus: Corpus = CORPUS) -> RunCitation:
    """A valid citation, by offsets."""
    return RunCitation(article=article, start=start, end=end, quote=corpus[article].text[start:end])


def item(
    evidence: Iterable[Sequence[Place]] = (), acceptable: Iterable[Place] = (), *, answerable: bool = True, **more: Any
) -> Item:
    """An item whose gold spans are these; the right answer is "Oslo"."""
    fields: dict[str, Any] = {
        "id": "q",
        "question": "Where?",
        "type": "fact",
        "categories": (),
        "cluster": "q",
        "split": Split.TEST,
        "answerable": answerable,
        "answers": (AnswerPart(text="Oslo"),) if answerable else (),
        "evidence": tuple(tuple(map(_gold, alternative)) for alternative in evidence),
        "acceptable": tuple(map(_gold, acceptable)),
    }
    return Item(**{**fields, **more})


def _gold(at: Place) -> GoldSpan:
    quote = CORPUS[at.article].text[at.start : at.end] if at.article in CORPUS else ""
    return GoldSpan(article=at.article, start=at.start, end=at.end, quote=quote)


def record(*statements: Sequence[RunCitation], answer: str = "Oslo.", **more: Any) -> RunRecord:
    """An answer of as many statements as there are lists of citations."""
    fields: dict[str, Any] = {
        "id": "q",
        "ended": Ended.ANSWERED,
        "answer": answer,
        "claims": tuple(RunClaim(text=answer, citations=tuple(citations)) for citations in statements),
    }
    return RunRecord(**{**fields, **more})


ABSTAINED = RunRecord(id="q", ended=Ended.ABSTAINED)


def case(
    evidence: Sequence[Sequence[Place]] = (),
    given: RunRecord | None = ABSTAINED,
    *,
    acceptable: Sequence[Place] = (),
    answerable: bool = True,
    corpus: Corpus = CORPUS,
    twin: RunRecord | None = None,
    **more: Any,
) -> Case:
    """A case all of whose gold spans stand in the corpus."""
    return Case(
        item=item(evidence, acceptable, answerable=answerable, **more),
        record=given,
        corpus=corpus,
        evidence=tuple(map(tuple, evidence)),
        acceptable=tuple(acceptable),
        twin=twin,
    )
