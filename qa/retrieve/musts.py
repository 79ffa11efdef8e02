"""Finds which articles meet the names and quoted strings of a question.

A name is met by an article that contains it, or in which a person of that name was recognised under another form. A
quoted string is met
by the passages that have it verbatim, quotation marks and case aside, else by articles that have it across passages.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.words import LEGAL_FORMS
from qa.statements.naming import covers, fold, name_parts
from qa.types import Filters, Question

#: Where a name is only found with other accents, this many passages are read to see whether it's written with a
#: capital.
_READ = 200
_SIMILAR = 3
_CUTOFF = 0.75
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """A name or quoted string of the question and the articles that meet it. ``similar``: names in the corpus spelled
    nearly so,
    looked up where no article meets it. ``passages``: keys of those that have a quoted string verbatim."""

    text: str
    quoted: bool
    articles: frozenset[str]
    passages: frozenset[int] = frozenset()
    similar: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether any article meets it."""
        return bool(self.articles)


class Musts:
    """Looks up names and quoted strings in one ledger; names of people are read once per epoch."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._epoch = -1
        self._by_part: dict[str, list[str]] = {}

    def of(self, question: Question, *, filters: Filters | None = None) -> tuple[Must, ...]:
        """The musts of ``question``, names first, each with what meets it."""
        names = [self.name(name, filters=filters) for name in question.names]
        return (*names, *(self.quote(quote, filters=filters) for quote in question.quoted))

    def name(self, name: str, *, filters: Filters | None = None) -> Must:
        """Which articles meet a name."""
        found: set[str] = set()
        for form in _forms(name):
            found.update(self._articles_with(form, filters))
        without = filters.without if filters else frozenset()
        people = [
            known for known in self.people_near(name, without=without) if covers(name_parts(name), name_parts(known))
        ]
        found.update(lexical.articles_of_people(self._ledger, people, filters=filters))
        similar = () if found else self._similar(name, without)
        return Must(text=name, quoted=False, articles=frozenset(found), similar=similar)

    def quote(self, quote: str, *, filters: Filters | None = None) -> Must:
        """Which passages, else which articles, have a quoted string."""
        plain = _plain(quote)
        bodies = lexical.passages_with(self._ledger, lexical.phrase(quote), limit=10 * _READ, filters=filters)
        keys = frozenset(key for key, body in bodies.items() if plain in _plain(body))
        if keys:
            passages = self._ledger.passages(keys).values()
            return Must(text=quote, quoted=True, articles=frozenset(p.article_id for p in passages), passages=keys)
        return Must(text=quote, quoted=True, articles=self._across_passages(quote, plain, filters))

    def people_near(self, text: str, *, without: frozenset[str] = frozenset()) -> list[str]:
        """Full names of people in the corpus, but for the articles ``without``, that share a word with ``text``."""
        self._refresh()
        gone = self._only_in(without)
        parts = {part for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text) for part in name_parts(word)}
        near = dict.fromkeys(name for part in sorted(parts) for name in self._by_part.get(part, ()))
        return [name for name in near if name not in gone]

    def _only_in(self, articles: frozenset[str]) -> frozenset[str]:
        return self._ledger.names_only_in(articles) if articles else frozenset()

    def _refresh(self) -> None:
        epoch = self._ledger.epoch
        if epoch == self._epoch:
            return
        self._by_part = {}
        for name in self._ledger.names_of_people():
            for part in set(name_parts(name)):
                self._by_part.setdefault(part, []).append(name)
        self._epoch = epoch

    def _articles_with(self, form: str, filters: Filters | None) -> Iterator[str]:
        """Articles that contain a form of a name. A single word must be written with a capital there."""
        expression = lexical.phrase(form)
        if len(form.split()) > 1:
            yield from lexical.articles_with(self._ledger, expression, filters=filters)
            return
        spelled = {form, form.upper(), form[:1].upper() + form[1:]}
        exact = lexical.articles_with(self._ledger, expression, filters=filters, spelled=spelled)
        yield from exact or self._with_other_accents(form, expression, filters)

    def _with_other_accents(self, form: str, expression: str, filters: Filters | None) -> Iterator[str]:
        bodies = lexical.passages_with(self._ledger, expression, limit=_READ, filters=filters)
        pattern = re.compile(rf"(?<!\w){re.escape(_without_accents(form))}(?!\w)", re.IGNORECASE)
        keys = [
            key
            for key, body in bodies.items()
            if any(any(c.isupper() for c in match.group()) for match in pattern.finditer(_without_accents(body)))
        ]
        yield from {passage.article_id for passage in self._ledger.passages(keys).values()}

    def _across_passages(self, quote: str, plain: str, filters: Filters | None) -> frozenset[str]:
        words = [lexical.phrase(word) for word in re.findall(r"\w+", quote)]
        candidates: set[str] | None = None
        for word in words:
            having = set(lexical.articles_with(self._ledger, word, filters=filters))
            candidates = having if candidates is None else candidates & having
            if not candidates:
                return frozenset()
        articles = self._ledger.articles(sorted(candidates or ())[:_READ])
        return frozenset(
            id for id, article in articles.items() if plain in _plain(article.text) or plain in _plain(article.title)
        )

    def _similar(self, name: str, without: frozenset[str]) -> tuple[str, ...]:
        """Names of people in the corpus spelled nearly like ``name``, the nearest first."""
        self._refresh()
        gone = self._only_in(without)
        by_part = self._by_part
        if gone:
            left = {part: [known for known in names if known not in gone] for part, names in by_part.items()}
            by_part = {part: names for part, names in left.items() if names}
        wanted = [part for part in name_parts(name) if len(part) > 2]
        near = {
            close: difflib.SequenceMatcher(None, part, close).ratio()
            for part in wanted
            for close in difflib.get_close_matches(part, by_part, n=_SIMILAR, cutoff=_CUTOFF)
        }
        full = fold(name)
        scored: dict[str, float] = {}
        for part, ratio in near.items():
            for known in by_part[part]:
                whole = difflib.SequenceMatcher(None, full, fold(known)).ratio()
                scored[known] = max(scored.get(known, 0.0), whole if len(wanted) > 1 else ratio)
        best = sorted(
            (known for known, score in scored.items() if score >= _CUTOFF), key=lambda known: (-scored[known], known)
        )
        return tuple(best[:_SIMILAR])


def _forms(name: str) -> list[str]:
    """Ways in which an article may write ``name``: without titles, without its legal form, an acronym with and
    without dots.
    """
    forms = [name]
    words = name.split()
    bare = name_parts(name)
    if len(bare) < len(words):
        forms.append(" ".join(words[len(words) - len(bare) :]))
    while len(words) > 1 and words[-1].strip(".,").casefold() in LEGAL_FORMS:
        words.pop()
        forms.append(" ".join(words).rstrip(","))
    letters = name.replace(".", "")
    if len(words) == 1 and letters.isalpha() and letters.isupper() and 1 < len(letters) <= 5:
        forms.extend([letters, " ".join(letters)])
    return list(dict.fromkeys(forms))


def _plain(text: str) -> str:
    """``text`` for comparing quoted strings: small letters, straight quotes, single spaces."""
    return " ".join(text.translate(_MARKS).casefold().split())


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
