"""Every citation of every answer is the slice that it says, of a body sentence, through ``add``, ``ask``, JSON and
``verify``.

Articles are generated: repeated sentences, emoji, combining marks, right-to-left text, CRLF, NUL, quotes, captions,
share bars.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from answer_corpus import Toy, ToyReader

from qa.answer.extract import HITS, write
from qa.answer.features import Candidate
from qa.answer.record import read_record, to_record
from qa.answer.scorer import Judgement, ReaderScorer, Scored
from qa.answer.verify import verify
from qa.answer.words import Rarity
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from qa.library.add import add
from qa.models.embedder import Embedder, MiniLM
from qa.models.reader.reader import MiniLMReader, Reader
from qa.retrieve.retriever import Retriever
from qa.types import Answer, Question, Role, Status

NAMES = (
    "Anna Weber",
    "Zhang Wei",
    "José Núñez",
    "Ngo\u0302 Thi\u0323 Mai",
    "محمد علي",
    "Łukasz Nowak",
    "O'Neil",
    "Dr. A. B. Cole",
)
THINGS = (
    "the harbour",
    "a tram 🚋",
    "ten cranes",
    "the re\u0301sume\u0301 office",
    "חדשות הבוקר",
    "北京 hall",
    "the 9-percent stake",
    "👩‍👩‍👧‍👦 park",
)
VERBS = ("opened", "sold", "praised", "rebuilt", "counted", "closed")
JUNK = (
    "Like Us on Facebook",
    "Share this article on Twitter",
    "(Photo : Reuters)",
    "Advertisement",
    "Read more",
    "• • •",
)


def sentence(dice: random.Random) -> str:
    """One of the shapes that news sentences have."""
    name, thing, verb = dice.choice(NAMES), dice.choice(THINGS), dice.choice(VERBS)
    figure = dice.choice(("1,200", "9 percent", "€3.5 million", "in 2013", "on Jan. 5, 2024", "at 10 a.m."))
    return dice.choice(
        (
            f"{name} {verb} {thing} {figure}.",
            f"“We {verb} {thing} {figure},” {name} said.",
            f'"It\'s {thing}," {name} told \'The Post\'. "{thing.capitalize()} {verb} {figure}!"',
            f"He also {verb} {thing}\u202e, \u200ball of it {figure}.",
            f"{thing.capitalize()} was {verb} {figure} (see {name})…",
            f"{name} noted the Inc. of {thing} {verb} by Mr. Li {figure}?",
            "Nobody knew why.",
        )
    )


def article(dice: random.Random) -> bytes:
    """An article's bytes, with a headline, a caption repeated, junk, and line ends of either kind."""
    pool = [sentence(dice) for _ in range(dice.randint(1, 6))]
    parts = []
    for _ in range(dice.randint(1, 5)):
        parts.append(" ".join(dice.choice(pool) for _ in range(dice.randint(1, 4))))
        if dice.random() < 0.3:
            parts.append(dice.choice(JUNK))
    if dice.random() < 0.3:
        caption = dice.choice(pool)
        parts[:0] = [caption, f"{caption} (Photo : Reuters)"]
    text = dice.choice(("\n\n", "\n", "\n \n\n")).join(parts)
    if dice.random() < 0.2:
        place = dice.randrange(len(text) + 1)
        text = text[:place] + dice.choice(("\x00", "\x0b", "\ufeff", "\t", "\u2028", "\x85")) + text[place:]
    if dice.random() < 0.4:
        text = text.replace("\n", "\r\n" if dice.random() < 0.7 else "\r")
    return text.encode("utf-8-sig" if dice.random() < 0.1 else "utf-8")


def question(dice: random.Random) -> str:
    """A question on what the articles may say."""
    name, thing, verb = dice.choice(NAMES), dice.choice(THINGS), dice.choice(VERBS)
    return dice.choice(
        (
            f"What did {name} say about {thing}?",
            f"Who {verb} {thing}?",
            f"When was {thing} {verb}?",
            f"How much of {thing} was {verb}?",
            f"What is {thing}?",
            f"Where did {name} go?",
            "Why?",
        )
    )


class Generous:
    """Takes every candidate for an answer, with scores that depend on nothing but its place: the worst case for what
    is cited.
    """

    def judge(self, question: Question, candidates: list[Candidate], *, rarity: Rarity) -> Judgement:
        scored = [Scored(one, 0.5 + (one.number * 7 % 10) / 25, None, ()) for one in candidates]
        scored.sort(key=lambda one: -one.probability)
        return Judgement(tuple(scored), 1.0, confidence=1.0, answered=bool(scored))


class Asking:
    """An index of generated articles, added from files, and the way from a question to a checked answer."""

    def __init__(self, folder: Path, count: int, embedder: Embedder, reader: Reader, dice: random.Random) -> None:
        (folder / "articles").mkdir(parents=True)
        for number in range(count):
            (folder / "articles" / f"{number:05}.txt").write_bytes(article(dice))
        report = add(folder / "index", [str(folder / "articles")], embedder=embedder)
        assert report.new + len(report.skipped) == count
        assert report.new > 0.95 * count
        self.ledger = Ledger.open(folder / "index")
        self.dense = DenseIndex.open(folder / "index", self.ledger)
        self.retriever = Retriever(self.ledger, self.dense, embedder)
        self.scorer = ReaderScorer(embedder, reader)

    def close(self) -> None:
        """Let go of the index."""
        self.dense.close()
        self.ledger.close()

    def ask(self, text: str, *, generous: bool) -> Answer:
        """The answer, each of whose citations has been checked."""
        retrieved = self.retriever.search(self.retriever.read(text), k=HITS)
        made = write(retrieved, ledger=self.ledger, scorer=Generous() if generous else self.scorer, k=8).answer
        self.check(made)
        return made

    def check(self, made: Answer) -> None:
        """Slices, roles, highlights, JSON and back, verdicts."""
        assert made.rejected == ()
        assert (made.status is Status.ABSTAINED) == (made.absence is not None) == (not made.claims)
        cited = [citation for claim in made.claims for citation in claim.citations]
        for citation in (*cited, *(made.absence.closest if made.absence else ())):
            stored = self.ledger.article(citation.article_id, citation.version)
            assert stored is not None
            assert stored.text[citation.start : citation.end] == citation.quote
            assert stored.text[: citation.start].endswith(citation.prefix)
            assert stored.text[citation.end :].startswith(citation.suffix)
            self.check_body(citation.article_id, citation.start, citation.end)
            if citation.highlight is not None:
                assert citation.start <= citation.highlight.start < citation.highlight.end <= citation.end
        assert [claim.text for claim in made.claims] == [c.quote for c in cited]
        back = read_record(json.dumps(to_record(made), ensure_ascii=False))
        assert list(back) == cited
        assert all(verdict.state == "unchanged" for verdict in verify(self.ledger, back))

    def check_body(self, article_id: str, start: int, end: int) -> None:
        """A citation is whole sentences, all of them body."""
        inside = [s for s in self.ledger.sentences(article_id) if s.start < end and start < s.end]
        assert inside
        assert {sentence.role for sentence in inside} == {Role.BODY}
        assert (inside[0].start, inside[-1].end) == (start, end)


def run(
    folder: Path, *, articles: int, questions: int, seed: int, models: tuple[Embedder, Reader] | None = None
) -> Iterator[Answer]:
    """With toys for models, unless others are given."""
    dice = random.Random(seed)
    asking = Asking(folder, articles, *(models or (Toy(), ToyReader())), dice)
    try:
        for number in range(questions):
            yield asking.ask(question(dice), generous=number % 3 != 0)
    finally:
        asking.close()


def test_every_citation_is_exact(tmp_path: Path) -> None:
    answers = list(run(tmp_path, articles=1_000, questions=150, seed=1))
    assert sum(len(one.claims) for one in answers) > 300
    assert any(one.claims[0].citations[0].highlight for one in answers if one.claims)
    assert any(one.status is Status.ABSTAINED for one in answers)


def test_every_citation_is_exact_with_the_real_models(tmp_path: Path) -> None:
    models = MiniLM.load(), MiniLMReader.load()
    answers = list(run(tmp_path, articles=30, questions=30, seed=2, models=models))
    assert any(one.claims for one in answers)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 16))
def test_every_citation_of_thousands_of_articles_is_exact(tmp_path: Path, seed: int) -> None:
    answers = list(run(tmp_path, articles=2_000, questions=400, seed=seed))
    assert sum(len(one.claims) for one in answers) > 800
