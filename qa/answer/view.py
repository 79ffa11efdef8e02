"""An article as answering sees it: its sentences with roles, who is meant in each, and who says what.

Read from the ledger once for each question; finding people and statements is ``qa.statements``'s.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from qa.answer.words import Token, tokens
from qa.ledger.ledger import Ledger
from qa.statements.naming import covers, name_parts
from qa.types import Article, Person, Role, SentenceSpan, Span, Statement


class Meant(NamedTuple):
    """A person who is meant in a sentence, and how: ``"name"``, ``"role"`` or ``"pronoun"`` (the plainest of
    several).
    """

    person: Person
    kind: str
    words: str


_PLAINNESS = ("name", "role", "pronoun")


@dataclass(eq=False)
class ArticleView:
    """One article version with its analysis. Everything derived is worked out once, when it is first asked for."""

    article: Article
    sentences: tuple[SentenceSpan, ...]
    people: tuple[Person, ...]
    statements: tuple[Statement, ...]
    _tokens: dict[int, list[Token]] = field(default_factory=dict)
    _called: dict[tuple[str, ...], str] = field(default_factory=dict)

    def text(self, number: int) -> str:
        """Sentence ``number`` as it stands."""
        span = self.sentences[number]
        return self.article.text[span.start : span.end]

    def is_body(self, number: int) -> bool:
        """Whether there is a sentence ``number`` and it may be cited."""
        return 0 <= number < len(self.sentences) and self.sentences[number].role is Role.BODY

    def numbers_in(self, span: Span) -> range:
        """The numbers of the sentences that begin inside ``span``."""
        return range(bisect_left(self._starts, span.start), bisect_left(self._starts, span.end))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def tokens(self, number: int) -> list[Token]:
        """The words of sentence ``number``, with offsets into the article."""
        if number not in self._tokens:
            span = self.sentences[number]
            self._tokens[number] = tokens(self.article.text, span.start, span.end)
        return self._tokens[number]

    @cached_property
    def head(self) -> tuple[Token, ...]:
        """The words of the title, with offsets into the title."""
        return tuple(tokens(self.article.title))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All folded words of the title and of what may be cited."""
        body = [
            token.low for number in range(len(self.sentences)) if self.is_body(number) for token in self.tokens(number)
        ]
        return (*(token.low for token in self.head), *body)

    @cached_property
    def _meant(self) -> dict[int, list[Meant]]:
        found: dict[int, dict[int, Meant]] = defaultdict(dict)
        for place, person in enumerate(self.people):
            for mention in person.mentions:
                number = bisect_right(self._starts, mention.start) - 1
                words = self.article.text[mention.start : mention.end]
                before = found[number].get(place)
                if before is None or _PLAINNESS.index(mention.kind) < _PLAINNESS.index(before.kind):
                    found[number][place] = Meant(person, mention.kind, words)
        return {number: list(meant.values()) for number, meant in found.items()}

    def meant(self, number: int) -> list[Meant]:
        """The persons who are meant in sentence ``number``."""
        return self._meant.get(number, [])

    @cached_property
    def _said(self) -> dict[int, list[Statement]]:
        said: dict[int, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            said[statement.sentence].append(statement)
        return said

    def called(self, parts: tuple[str, ...]) -> str:
        """The full name of the one person of the article whom folded ``parts`` of a name mean, else ``""``."""
        if parts not in self._called:
            found = [name for full, name in self._full_names if covers(parts, full)]
            self._called[parts] = found[0] if len(found) == 1 else ""
        return self._called[parts]

    @cached_property
    def _full_names(self) -> list[tuple[tuple[str, ...], str]]:
        return [(name_parts(person.name), person.name) for person in self.people]

    def said(self, number: int) -> list[Statement]:
        """What is reported as said in sentence ``number``."""
        return self._said.get(number, [])


def view_of(ledger: Ledger, article: Article) -> ArticleView:
    """The view of a live article that the ledger holds."""
    return ArticleView(
        article=article,
        sentences=tuple(
            SentenceSpan(start=sentence.start, end=sentence.end, role=sentence.role)
            for sentence in ledger.sentences(article.id)
        ),
        people=ledger.people(article.id),
        statements=ledger.statements(article.id),
    )
