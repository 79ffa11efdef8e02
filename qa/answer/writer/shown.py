"""The evidence as a model is shown it: sentences with ids that nobody can foresee, cut to what fits.

Ids derive from a secret of the process (or a seed, where a run is to be replayed), the question, and what is shown:
a document can't know them, and those of another question aren't known here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.answer.considered import Considered
from qa.answer.features import Candidate
from qa.answer.view import ArticleView
from qa.answer.writer.neutral import neutral
from qa.types import Span

#: So many passages are shown at most: what answers stands among the first, and more of them confuse a small model.
PASSAGES = 8
_TAG = 5  # characters of base 32


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """Sentence ``number`` of an article, under the id by which it may be cited."""

    id: str
    view: ArticleView
    number: int

    @property
    def span(self) -> Span:
        """Where it stands in its article."""
        sentence = self.view.sentences[self.number]
        return Span(sentence.start, sentence.end)


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Sentences of one passage, in reading order."""

    sentences: tuple[ShownSentence, ...]

    @property
    def view(self) -> ArticleView:
        """The article that they are from."""
        return self.sentences[0].view


@dataclass(frozen=True)
class Shown:
    """What is shown for one question: passages, best first, between delimiters with ``tag`` in them. ``cut`` counts the
    passages that would have been shown were there room.
    """

    tag: str
    passages: tuple[ShownPassage, ...]
    cut: int

    @cached_property
    def by_id(self) -> dict[str, ShownSentence]:
        """Every sentence by its id."""
        return {one.id: one for passage in self.passages for one in passage.sentences}

    @cached_property
    def views(self) -> tuple[ArticleView, ...]:
        """The articles shown, each once."""
        return tuple({passage.view.article.id: passage.view for passage in self.passages}.values())


def show(found: Considered, *, secret: bytes, room: int) -> Shown:
    """The passages with the best sentences, as many as fit into ``room`` tokens; the first is shown in any case."""
    groups = _by_passage(found)[:PASSAGES]
    tag = _tag(secret, found.question.text, groups)
    kept: list[ShownPassage] = []
    number, spent = 0, 0
    for group in groups:
        sentences = tuple(
            ShownSentence(f"s{number + place}-{tag}", one.view, one.number) for place, one in enumerate(group, 1)
        )
        passage = ShownPassage(sentences)
        spent += tokens_in(rendered(passage, tag))
        if kept and spent > room:
            break
        kept.append(passage)
        number += len(group)
    return Shown(tag=tag, passages=tuple(kept), cut=len(groups) - len(kept))


def tokens_in(text: str) -> int:
    """About how many tokens a text has, rather too many: models cut English into some four bytes a token, names,
    figures and other languages into fewer.
    """
    return math.ceil(len(text.encode("utf-8", "replace")) / 3)


def evidence(shown: Shown) -> str:
    """All of it as text, between its delimiters."""
    inside = "\n".join(rendered(passage, shown.tag) for passage in shown.passages)
    return f"<evidence-{shown.tag}>\n{inside}\n</evidence-{shown.tag}>"


def rendered(passage: ShownPassage, tag: str) -> str:
    """One passage with what our ledger knows of its article; every foreign character is neutral."""
    article = passage.view.article
    published = article.published.isoformat() if article.published else "undated"
    head = " | ".join(neutral(text) for text in (article.title or "untitled", article.source, published) if text)
    lines = [_line(sentence) for sentence in passage.sentences]
    return "\n".join((f"<article-{tag}> {head}", *lines, f"</article-{tag}>"))


def _line(sentence: ShownSentence) -> str:
    view, number = sentence.view, sentence.number
    people = {person.name for person in view.people}
    named = dict.fromkeys(said.speaker for said in view.said(number) if said.speaker in people)
    speakers = ", ".join(map(neutral, named))
    said = f" ({speakers} speaking)" if speakers else ""
    return f"[{sentence.id}]{said} {neutral(view.text(number))}"


def _by_passage(found: Considered) -> list[list[Candidate]]:
    """The candidates of each passage in reading order, passages by their best sentence; those that weren't read come
    last, in the order in which they were found.
    """
    best = {one.candidate.key: one.probability for one in found.judged.scored}
    groups: dict[tuple[str, Span], list[Candidate]] = {}
    for one in found.candidates:
        groups.setdefault((one.view.article.id, one.passage), []).append(one)
    ordered = sorted(groups.values(), key=lambda group: -max(best.get(one.key, 0.0) for one in group))
    return [sorted(group, key=lambda one: one.number) for group in ordered]


def _tag(secret: bytes, question: str, groups: Sequence[Sequence[Candidate]]) -> str:
    """A tag that stands in none of the texts shown."""
    texts = [text.casefold() for text in _texts(question, groups)]
    for attempt in range(1_000):
        message = "\x00".join((str(attempt), *texts)).encode("utf-8", "replace")
        digest = hmac.new(secret, message, hashlib.sha256).digest()
        tag = base64.b32encode(digest).decode().casefold()[:_TAG]
        if not any(tag in text for text in texts):
            return tag
    raise AssertionError("thirty-three million tags can't all stand in a few pages")


def _texts(question: str, groups: Sequence[Sequence[Candidate]]) -> Iterator[str]:
    yield question
    for group in groups:
        for one in group:
            yield one.view.article.title
            yield one.view.article.source
            yield one.view.text(one.number)
