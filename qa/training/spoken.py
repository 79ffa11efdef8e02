"""Questions on what people say, made from news: who says what is found as ``qa add`` finds it, and asked for with a
topic out of the statement; beside it the same of somebody else, and of another topic.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.ingest.segment import segment
from qa.retrieve.words import is_function_word
from qa.statements.people import find_people
from qa.statements.speech import find_statements
from qa.statements.verbs import look_up
from qa.training.items import FILES, Item, Passage, documents
from qa.types import Person, SentenceSpan, Statement

_LEAST, _MOST = 30, 220  # code points of what is said: what is longer isn't pointed at
_QUESTIONS = 3  # on each statement
_WRONG = 0.6  # the chance of each kind of wrong question beside one
_WORD = re.compile(r"[^\W\d_]{4,}(?:-[^\W\d_]+)*")
_NAME = re.compile(r"(?<![.!?“\"] )(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_TEMPLATES = (
    "What did {who} say about {topic}?", "What does {who} say about {topic}?", "What did {who} say on {topic}?",
    "What does {who} think about {topic}?", "What did {who} say regarding {topic}?", "{who} on {topic}",
    "What has {who} said about {topic}?", "What is {who}'s view on {topic}?", "what did {who} say about {topic}",
    "How did {who} comment on {topic}?", "What did {who} tell reporters about {topic}?",
)  # fmt: skip
_BEFORE = re.compile(
    r"\b(?:the|a|an|of|our|their|his|her|its|this|that|these|on|about|for|and|no|more|less|new|in|with|by|any|some) $",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement of a person in a passage around it."""

    passage: Passage
    span: tuple[int, int]
    speaker: str
    named: bool
    people: tuple[str, ...]
    topics: tuple[str, ...]


def spoken(data: Path, *, seed: int) -> list[Item]:
    """Items on each statement of the news in ``data``: questions that it answers, and some that it doesn't."""
    rng = random.Random(seed)
    found = [one for title, text in _articles(data) for one in _statements(title, text)]
    everybody = sorted({name for one in found for name in (*one.people, one.speaker)})
    made: list[Item] = []
    for one in found:
        for topic in rng.sample(one.topics, min(_QUESTIONS, len(one.topics))):
            made.append(_item(one, _ask(one.speaker, topic, rng), (one.span,), rng))
            made += _wrong(one, topic, found, everybody, rng)
    return made


def _articles(data: Path) -> Iterator[tuple[str, str]]:
    """Titles and texts: news pages, the Wikinews and Wikipedia sentences that questions were written on, Wikipedia."""
    pages, *sentences, wiki = FILES["spoken"]
    for page in json.loads((data / pages).read_text(encoding="utf-8")).values():
        yield "", page.get("articleBody") or ""
    for name in sentences:
        yield from (("", text) for text in documents(data / name))
    for title in json.loads((data / wiki).read_text(encoding="utf-8"))["data"]:
        yield from ((title["title"].replace("_", " "), paragraph["context"]) for paragraph in title["paragraphs"])


def _wrong(
    one: _Said, topic: str, found: Sequence[_Said], everybody: Sequence[str], rng: random.Random
) -> Iterator[Item]:
    others = [name for name in one.people if not _alike(name, one.speaker)]
    who = rng.choice(others) if others and rng.random() < 0.7 else rng.choice(everybody)
    if not _alike(who, one.speaker) and rng.random() < _WRONG:
        yield _item(one, _ask(who, topic, rng), (), rng, made="person")
    low = one.passage.text.casefold()
    other = rng.choice(rng.choice(found).topics or ("",))
    if other and rng.random() < _WRONG and not any(word[:5] in low for word in other.casefold().split()):
        yield _item(one, _ask(one.speaker, other, rng), (), rng, made="about")


def _item(
    one: _Said, question: str, answers: tuple[tuple[int, int], ...], rng: random.Random, *, made: str = ""
) -> Item:
    people = () if one.named and rng.random() < 0.7 else (one.speaker,)
    return Item(source="spoken", question=question, passage=one.passage, answers=answers, made=made, people=people)


def _ask(who: str, topic: str, rng: random.Random) -> str:
    parts = who.split()
    shown = parts[-1] if len(parts) > 1 and rng.random() < 0.4 else who
    return rng.choice(_TEMPLATES).format(who=shown, topic=topic)


def _statements(title: str, text: str) -> Iterator[_Said]:
    cut = segment(text, title=title)
    people = find_people(text, cut.sentences)
    names = {person.name for person in people}
    for statement in find_statements(text, cut.sentences, people):
        if statement.speaker not in names or not _LEAST <= statement.end - statement.start <= _MOST:
            continue
        passage = next((p for p in cut.passages if p.start <= statement.start and statement.end <= p.end), None)
        if passage is None:
            continue
        sentences = [s for s in cut.sentences if passage.start <= s.start and s.end <= passage.end]
        yield _said(title, text, statement, sentences, people)


def _said(
    title: str, text: str, statement: Statement, sentences: Sequence[SentenceSpan], people: Sequence[Person]
) -> _Said:
    start = sentences[0].start
    inside = text[start : sentences[-1].end]
    cut = tuple((one.start - start, one.end - start) for one in sentences)
    here = [p.name for p in people if any(start <= m.start < sentences[-1].end for m in p.mentions)]
    return _Said(
        passage=Passage(text=inside, title=title, group=title, sentences=cut),
        span=(statement.start - start, statement.end - start),
        speaker=statement.speaker,
        named=statement.speaker in inside,
        people=tuple(name for name in here if name != statement.speaker),
        topics=_topics(text[statement.start : statement.end], statement.speaker),
    )


def _topics(said: str, speaker: str) -> tuple[str, ...]:
    """Words and names that somebody may ask about, and pairs of neighbouring words."""
    names = [one[0] for one in _NAME.finditer(said) if not is_function_word(one[0].casefold().split()[0].strip("’'"))]
    found = [name for name in names if not _alike(name, speaker) and "’" not in name]
    words = [one for one in _WORD.finditer(said) if one[0].islower() and _telling(one[0])]
    nouns = [one for one in words if _BEFORE.search(said[max(0, one.start() - 12) : one.start()])]
    found += [one[0] for one in nouns]
    found += [said[a.start() : b.end()] for a in nouns for b in words if b.start() == a.end() + 1]
    return tuple(dict.fromkeys(found))


def _telling(word: str) -> bool:
    return not is_function_word(word) and look_up(word) is None and not word.endswith(("ly", "ed"))


def _alike(one: str, other: str) -> bool:
    return bool(set(one.casefold().split()) & set(other.casefold().split()))
