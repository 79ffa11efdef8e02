"""An answer with articles left out is the answer of an index that never had them, over the sample collection.

What isn't compared: the weights of words in ``bm25`` count the hidden passages too, so ranks far down and the third
digit of a score may differ.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from conftest import NEWSROOM

from qa.answer.record import plain
from qa.app import Asked, Reading
from qa.config import CONFIG_VARIABLE
from qa.library.add import add
from qa.models.embedder import MiniLM
from qa.types import Filters

#: One story, one person's every word, one outlet's feed, a correction: what answers lean on.
HIDDEN = (
    "post/adrian-zhang-interview.md",
    "post/ferrowick-400-jobs.md",
    "courier/harbour-line-delay-june-2027.md",
    "courier/correction-harbour-line-audit.md",
    "courier/pramesti-lanthorn-prize.md",
    "signal/library-ransomware.md",
    "echo/bread-contest.txt",
    "wire.jsonl",
)
QUESTIONS = (
    "What did Zhang say about hiring?",
    "What did Adrian Zhang say about repairers?",
    "How much will the Harbour Line cost?",
    "When will the Harbour Line open?",
    "How many people did the auditors interview?",
    "Who won the Lanthorn Prize?",
    "Who is Pramesti?",
    "What did Noa Ben-Ari say about the novel?",
    "What did Saoirse Keleher say?",
    "Who won the U.C. Open chess?",
    "what did tymko say about chess",
    "How many people died in the Dray flood?",
    "Where was the bread contest held?",
    "What did Moreau say about the budget?",
    "How much did Norrvik bid for Quayside Terminals?",
    "What rate does the National Bank hold?",
    "Who is the CEO of Amazon?",
    "What happened in 1987?",
)


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reading, Reading, frozenset[str]]]:
    """The whole collection, the collection without what is hidden (under the same names), and the ids of that."""
    folder = tmp_path_factory.mktemp("without")
    source, embedder = folder / "news", MiniLM.load()
    shutil.copytree(NEWSROOM, source)
    add(folder / "whole", [str(source)], embedder=embedder)
    for name in HIDDEN:
        (source / name).unlink()
    add(folder / "less", [str(source)], embedder=embedder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONFIG_VARIABLE, str(folder / "config.toml"))
        with Reading(folder / "whole") as whole, Reading(folder / "less") as less:
            gone = frozenset(whole.ledger.article_ids()) - frozenset(less.ledger.article_ids())
            assert len(gone) == len(HIDDEN) - 1 + 9
            yield whole, less, gone


def said(asked: Asked) -> object:
    """All of an answer that a person sees: everything but scores' third digits and times."""
    document = plain(asked.answer)
    assert isinstance(document, dict)
    document["provenance"] = None
    for claim in document["claims"]:
        claim["score"] = round(claim["score"], 2)
    return document


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_as_if_they_had_never_been_there(indexes: tuple[Reading, Reading, frozenset[str]], question: str) -> None:
    whole, less, gone = indexes
    hidden = whole.ask(question, k=5, filters=Filters(without=gone))
    assert said(hidden) == said(less.ask(question, k=5, filters=Filters()))
    everything = json.dumps([plain(hidden.answer), plain(hidden.retrieved), plain(hidden.read)])
    assert not [article_id for article_id in gone if article_id in everything]


def test_the_questions_lean_on_what_is_hidden(indexes: tuple[Reading, Reading, frozenset[str]]) -> None:
    whole, _, gone = indexes
    plainly = [said(whole.ask(question, k=5, filters=Filters())) for question in QUESTIONS]
    hidden = [said(whole.ask(question, k=5, filters=Filters(without=gone))) for question in QUESTIONS]
    assert sum(one != other for one, other in zip(plainly, hidden, strict=True)) >= 10
    again = [said(whole.ask(question, k=5, filters=Filters())) for question in QUESTIONS]
    assert again == plainly
