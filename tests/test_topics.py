"""How near a statement is to a topic: by its words, by similarity, and what was embedded once is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from answer_corpus import Toy, candidates, view
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.answer.features import NAMES, Measured, Measurer
from qa.answer.topics import Topics, said_text
from qa.answer.weights import ANSWERABLE_NAMES, STATEMENT_NAMES, Weights
from qa.answer.words import Rarity
from qa.retrieve.question import read_question
from qa.types import Question

SPEECH = (
    "Petra Holm, an engineer, inspected the bridge on Monday.\n\n"
    'She said the cables are worn. "We need steel," she said. Petra Holm said that taxes will rise.\n\n'
    "Mayor Ivo Brandt said the ferry will run."
)
PEOPLE = ("Petra Holm", "Ivo Brandt")


def weights(**statement: float) -> Weights:
    """Weights of which only the statement's matter."""
    return Weights(
        (0.0,) * len(NAMES), 0.0, (0.0,) * len(ANSWERABLE_NAMES), 0.0,
        tuple(statement.get(name, 0.0) for name in STATEMENT_NAMES), 0.0,
    )  # fmt: skip


def measured(question: Question, text: str) -> list[Measured]:
    measurer = Measurer(question, Rarity(4))
    return [measurer.measure(one) for one in candidates(view(text))]


class Pointing:
    """An embedder whose vectors are told: the first word that a text has decides."""

    fingerprint = Toy.fingerprint

    def __init__(self, vectors: dict[str, tuple[float, float]]) -> None:
        self._told = vectors
        self.texts: list[str] = []

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of one text."""
        self.texts.append(text)
        vector = next((vector for word, vector in self._told.items() if word in text), (0.0, 0.0))
        return np.array(vector, dtype=np.float32)

    def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """The vectors of many texts."""
        return map(self.embed, texts)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What did Brandt say about the ferry?", "the ferry will run"),
        ("What did Petra Holm say about taxes?", "taxes will rise"),
        ("What did the mayor say about the ferry?", "the ferry will run"),
    ],
)
def test_what_is_compared_is_what_was_said(asked: str, said: str) -> None:
    question = read_question(asked, known_people=PEOPLE)
    (one,) = [found for found in candidates(view(SPEECH)) if said in found.view.text(found.number)]
    assert said_text(question, one).strip(" .") in (said, f"that {said}")


def test_where_the_one_asked_about_says_nothing_it_is_the_sentence() -> None:
    question = read_question("What did Petra Holm say about taxes?", known_people=PEOPLE)
    texts = [said_text(question, one) for one in candidates(view(SPEECH))]
    assert texts[0] == "Petra Holm, an engineer, inspected the bridge on Monday."
    assert texts[-1] == "Mayor Ivo Brandt said the ferry will run."


def test_the_topic_alone_is_compared() -> None:
    """Who is asked about is settled before: the name would only be similar to itself."""
    question = read_question("What did Petra Holm say about the steel cables?", known_people=PEOPLE)
    embedder = Pointing({})
    Topics(embedder).logits(question, measured(question, SPEECH), weights())
    assert embedder.texts[0] == "steel cables"
    assert not any("Holm said" in text for text in embedder.texts)


def test_the_logits_by_hand() -> None:
    """Of two statements without a word of the topic the one that's as near as any with one loses nothing."""
    text = "Ann Lee is a baker.\n\nAnn Lee said taxes rise. Ann Lee said rates fall. Ann Lee said rain fell."
    question = read_question("What did Ann Lee say about taxes?", known_people=["Ann Lee"])
    said = measured(question, text)[1:]
    near = {"rates": (0.8, 0.0), "rain": (0.3, 0.0), "taxes": (1.0, 0.0)}
    topics = Topics(
        Pointing({"rates": near["rates"], "rain": near["rain"], "taxes rise": (0.5, 0.0), "taxes": near["taxes"]})
    )
    found = topics.logits(question, said, weights(topic_cosine=10.0))
    texts = [one.candidate.view.text(one.candidate.number) for _, one in found]
    assert texts == ["Ann Lee said rates fall.", "Ann Lee said taxes rise.", "Ann Lee said rain fell."]
    assert [logit for logit, _ in found[:2]] == pytest.approx([8.0, 5.0])
    assert found[2][0] < 3.0 - 1.0
    by_words = topics.logits(question, said, weights(terms_sentence=9.0))
    assert by_words[0][0] == pytest.approx(9.0)
    assert "taxes" in by_words[0][1].candidate.view.text(by_words[0][1].candidate.number)


def test_of_many_statements_those_with_the_topics_words_are_compared() -> None:
    text = "Ann Lee is a baker.\n\n" + "\n\n".join(
        f"Ann Lee said {'taxes rise in' if number == 70 else 'rain fell on'} town number {number}."
        for number in range(80)
    )
    question = read_question("What did Ann Lee say about taxes?", known_people=["Ann Lee"])
    embedder = Pointing({"taxes": (1.0, 0.0)})
    found = Topics(embedder).logits(question, measured(question, text)[1:], weights(topic_cosine=1.0))
    assert "taxes rise" in found[0][1].candidate.view.text(found[0][1].candidate.number)
    assert [logit for logit, _ in found] == sorted((logit for logit, _ in found), reverse=True)
    assert 1 < len(found) == len(embedder.texts) - 1 < 40


@given(st.lists(st.lists(st.text(st.characters(codec=None), max_size=3), max_size=6), max_size=6))
def test_vectors_are_those_of_the_embedder(calls: list[list[str]]) -> None:
    topics = Topics(Toy())
    for texts in calls:
        assert [one.tobytes() for one in topics.vectors(texts)] == [Toy().embed(text).tobytes() for text in texts]


def test_what_was_embedded_lately_is_remembered_but_not_for_ever() -> None:
    embedder = Pointing({str(number): (float(number), 0.0) for number in range(10, 99)})
    topics = Topics(embedder)
    for _ in range(3):
        assert [float(one[0]) for one in topics.vectors(["12", "13", "12"])] == [12.0, 13.0, 12.0]
    assert embedder.texts == ["12", "13"]
    for number in range(0, 5_000, 50):
        topics.vectors([f"w{place}" for place in range(number, number + 50)])
    assert [float(one[0]) for one in topics.vectors(["w4999", "13", "14"])] == [49.0, 13.0, 14.0]
    assert [embedder.texts.count(text) for text in ("w4999", "13", "14")] == [1, 2, 1]
