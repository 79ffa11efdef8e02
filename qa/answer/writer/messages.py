"""The conversation that a model is given: how to answer, examples, the question with its evidence; and the one request
to mend a reply. The words are files in ``prompts``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import prompts
from qa.answer.considered import Considered
from qa.answer.view import ArticleView
from qa.answer.writer.neutral import neutral
from qa.answer.writer.shown import Shown, ShownPassage, ShownSentence, evidence, show, tokens_in
from qa.llm.model import Message
from qa.statements.people import find_people
from qa.statements.speech import find_statements
from qa.types import Article, SentenceSpan

#: Tokens kept free for the reply.
REPLY = 1_000
#: Examples are left out where they would leave less than this share of the context to the evidence.
_EVIDENCE = 0.35


@dataclass(frozen=True, slots=True)
class Example:
    """A question about made-up articles, what is shown of them, and the reply that is right."""

    question: str
    today: str
    shown: Shown
    reply: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent: the messages, the evidence in them, and about how many tokens that is (rather too many)."""

    messages: tuple[Message, ...]
    shown: Shown
    tokens: int


def asking(found: Considered, *, secret: bytes, context: int, today: date) -> Asked:
    """The conversation for a question, with as much evidence as fits into ``context`` tokens with the reply."""
    system = Message("system", prompts.load("system").template.strip())
    shots = tuple(_shots())
    fixed = _tokens([system]) + tokens_in(found.question.text) + REPLY
    if context - fixed - _tokens(shots) < _EVIDENCE * context:
        shots = ()
    shown = show(found, secret=secret, room=context - fixed - _tokens(shots))
    question = _question(shown, found.question.text, found.question.as_of or today)
    messages = (system, *shots, question)
    return Asked(messages, shown, _tokens(messages))


def mending(asked: Asked, reply: str, fault: str) -> tuple[Message, ...]:
    """The conversation that asks for the reply once more."""
    repair = prompts.load("repair").fill(fault=neutral(fault))
    return (*asked.messages, Message("assistant", reply[:_LONGEST_REPLY]), Message("user", repair.strip()))


#: Code points of a bad reply that are shown again.
_LONGEST_REPLY = 4_000


def digests() -> dict[str, str]:
    """The sha256 of every prompt that an answer is made with, by its name."""
    used = [prompts.load(name) for name in ("system", "question", "repair")]
    return {prompt.name: prompt.sha256 for prompt in (*used, prompts.examples())}


def _question(shown: Shown, question: str, today: date | str) -> Message:
    filled = prompts.load("question").fill(evidence=evidence(shown), today=str(today), question=neutral(question))
    return Message("user", filled.strip())


def _tokens(messages: Sequence[Message]) -> int:
    return sum(tokens_in(message.content) + 8 for message in messages)  # and what a template puts around each


def _shots() -> Iterator[Message]:
    for example in examples():
        yield _question(example.shown, example.question, example.today)
        yield Message("assistant", example.reply)


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The examples, shown as real articles are."""
    made = []
    for number, one in enumerate(json.loads(prompts.examples().template)):
        shown = _shown(one["articles"], tag=f"examp{'abcdefgh'[number]}")
        ids = [[sentence.id for sentence in passage.sentences] for passage in shown.passages]
        claims = [
            {"text": claim["text"], "cites": [ids[article][sentence] for article, sentence in claim["cites"]]}
            for claim in one["claims"]
        ]
        reply = json.dumps({"abstain": one["abstain"], "claims": claims}, ensure_ascii=False)
        made.append(Example(one["question"], one["today"], shown, reply))
    return tuple(made)


def _shown(articles: Sequence[dict[str, object]], *, tag: str) -> Shown:
    passages, number = [], 0
    for place, article in enumerate(articles):
        view = _view(article, identity=f"{tag}-{place}")
        sentences = tuple(ShownSentence(f"s{number + at + 1}-{tag}", view, at) for at in range(len(view.sentences)))
        number += len(sentences)
        passages.append(ShownPassage(sentences))
    return Shown(tag=tag, passages=tuple(passages), cut=0)


def _view(article: dict[str, object], *, identity: str) -> ArticleView:
    sentences = article["sentences"]
    assert isinstance(sentences, list)
    spans, text = [], ""
    for sentence in sentences:
        start = len(text) + (1 if text else 0)
        text = f"{text} {sentence}" if text else sentence
        spans.append(SentenceSpan(start=start, end=len(text)))
    people = find_people(text, spans)
    made = Article(
        id=identity, version=1, identity=identity, title=str(article["title"]), source=str(article["source"]), url="",
        author="", published=date.fromisoformat(str(article["published"])), text=text, sha256="",
    )  # fmt: skip
    return ArticleView(made, tuple(spans), tuple(people), tuple(find_statements(text, spans, people)))
