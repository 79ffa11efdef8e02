"""Reads a question on what someone said: who is asked about, and what it should be about.

Whether a question is of that kind is ``qa.retrieve.kinds``'s; who speaks in an article is ``qa.statements``'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.answer.view import ArticleView
from qa.answer.words import Token, contains, content_stems, name_words, tokens
from qa.retrieve.words import is_function_word
from qa.statements.naming import fold
from qa.statements.people import matches
from qa.statements.verbs import look_up
from qa.types import Mention, Person, Question, Statement

_AUXILIARY = re.compile(r"\b(?:did|does|do|has|have|had|is|was|are|were|will|would)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEADING = frozenset(
    [
        "about",
        "on",
        "of",
        "to",
        "regarding",
        "concerning",
        "over",
        "that",
        "for",
        "with",
        "in",
        "at",
        "as",
        "the",
        "a",
        "an",
    ]
)
_ABOUT = frozenset(["about", "regarding", "concerning"])
_PRONOUNS = frozenset(["he", "she", "it", "they", "him", "her"])
_LONGEST_SPEAKER = 8
#: How far from a name, in code points, its bearer's office is looked for; before it, in words.
_NEAR, _TITLE = 60, 4
_STOP = re.compile(r"[.,;:!?\n\"“”()]")


@dataclass(frozen=True, slots=True)
class Asked:
    """``names``: of the speaker; ``speaker``: the stems of a description where there is no name; ``topic``: as
    written, or empty; ``words``: the speaker as written.
    """

    names: tuple[str, ...]
    speaker: frozenset[str]
    topic: str
    words: str = ""

    @property
    def anyone(self) -> bool:
        """Whether it matters not who speaks."""
        return not self.names and not self.speaker


@lru_cache(maxsize=256)
def speech_asked(question: Question) -> Asked | None:
    """What a statement question asks for; ``None`` for other questions."""
    if question.kind != "statement":
        return None
    found = _clause(question.text)
    if found is None:
        names = question.people or question.names
        words = [word for word in question.terms if look_up(fold(word)) is None]
        others = [name for name in question.names if name not in names]
        return Asked(names, frozenset(), " ".join([*words, *others]))
    speaker, topic = found
    low = fold(speaker)
    names = tuple(name for name in (*question.people, *question.names) if fold(name) in low)
    return Asked(
        tuple(dict.fromkeys(names)), frozenset() if names else frozenset(content_stems([speaker])), topic, speaker
    )


def _clause(text: str) -> tuple[str, str] | None:
    """The subject between auxiliary and verb of saying, and what follows the verb: "did [the mayor] say about [the
    tram]".
    """
    lead = _AUXILIARY.search(text)
    if lead is None:
        return None
    words = list(_WORD.finditer(text, lead.end()))
    for place, word in enumerate(words[: _LONGEST_SPEAKER + 1]):
        verb = look_up(fold(word.group()))
        if place and verb is not None and verb.form in ("base", "past", "ing"):
            rest = words[place + 1 :]
            about = [at for at, word in enumerate(rest) if fold(word.group()) in _ABOUT]
            rest = rest[about[0] + 1 :] if about else rest
            while rest and fold(rest[0].group()) in _LEADING:
                rest.pop(0)
            topic = text[rest[0].start() : rest[-1].end()] if rest else ""
            return text[words[0].start() : words[place - 1].end()], topic
    return None


def speaker_of(question: Question) -> str:
    """Who is asked about, for people to read."""
    asked = speech_asked(question)
    return " or ".join(asked.names) or asked.words or "anyone" if asked else "anyone"


def unnamed_speaker(question: Question) -> str:
    """The pronoun that stands for the speaker asked about ("what did she say?"), or nothing."""
    asked = speech_asked(question)
    low = fold(asked.words) if asked and not asked.names else ""
    return low if low in _PRONOUNS else ""


def topic_words(question: Question) -> tuple[str, ...]:
    """The words of what a question is about, as written: of a statement question its topic alone."""
    asked = speech_asked(question)
    if asked is None:
        return question.terms
    return tuple(word.group() for word in _WORD.finditer(asked.topic) if not is_function_word(fold(word.group())))


def said_by(question: Question, view: ArticleView, statement: Statement) -> bool:
    """Whether the one who speaks is the one asked about: by any form of the name, by office, or as the article
    writes the source.
    """
    asked = speech_asked(question)
    names = asked.names if asked else question.people or question.names
    described = asked.speaker if asked else frozenset[str]()
    person = next((person for person in view.people if person.name == statement.speaker), None)
    if person is not None:
        return any(matches(name, person) for name in names) or (
            not names and is_described(described, person, view.article.text)
        )
    words = [token.low for token in tokens(statement.speaker)]
    if any(contains(words, name_words(name)) for name in names):
        return True
    return not names and bool(described) and described <= frozenset(content_stems([statement.speaker]))


def is_described(described: frozenset[str], person: Person, text: str) -> bool:
    """Whether a description used for a person, or what stands right beside a name of theirs, has all words of the
    question's.
    """
    if not described:
        return False
    if any(described <= frozenset(content_stems([alias])) for alias in person.aliases):
        return True
    return any(
        described <= {token.stem for token in beside}
        for mention in person.mentions
        if mention.kind == "name"
        for beside in _beside(text, mention)
    )


def _beside(text: str, mention: Mention) -> tuple[list[Token], list[Token]]:
    """The words before a name ("Finance Minister Ada Berg") and those of an apposition after it ("Ada Berg, the
    mayor,").
    """
    before = _STOP.split(text[max(0, mention.start - _NEAR) : mention.start])[-1]
    after = text[mention.end : mention.end + _NEAR]
    apposition = _STOP.split(after[1:])[0] if after.startswith(",") else ""
    return tokens(before)[-_TITLE:], tokens(apposition)
