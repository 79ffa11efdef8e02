"""Closed classes of English words that reading a question needs, and how it is cut into words.

These are grammar, not vocabulary: no list here is about what particular questions or articles speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


QUESTION_WORDS = _words("what which who whom whose when where why how")
AUXILIARIES = _words(
    "am is are was were be been being do does did done doing have has had having can could may might must shall "
    "should will would ain isn aren wasn weren don doesn didn haven hasn hadn couldn mustn shouldn won wouldn ll ve "
    "re"
)
PRONOUNS = _words(
    "i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself it "
    "its itself they them their theirs themselves this that these those there here one someone anyone everyone "
    "somebody anybody everybody something anything everything nothing nobody"
)
PREPOSITIONS = _words(
    "of in on at by for from to with without about above across after against along among around as before behind "
    "below beneath beside besides between beyond during into like near off onto out outside over per since through "
    "throughout till toward towards under until up upon via within according regarding concerning than"
)
FUNCTION_WORDS = (
    QUESTION_WORDS
    | AUXILIARIES
    | PRONOUNS
    | PREPOSITIONS
    | _words(
        "a an the and or nor but if then else so because while although though whether unless once either neither "
        "both not no any some all each every much many more most few less least several such other another same own "
        "too very also just only even ever never again now yes please s t d m"
    )
)
#: How people begin a request instead of a question.
REQUESTS = _words(
    "tell give show list name find explain describe summarize summarise compare define identify state mention provide "
    "discuss outline say let get cite quote"
)
#: Legal forms that close a company's name; articles leave them out as they like.
LEGAL_FORMS = _words(
    "inc incorporated ltd limited corp corporation co company llc llp plc gmbh ag sa nv bv oy ab spa group holding "
    "holdings"
)
NEGATIONS = _words("not no never nor neither without cannot nobody nothing none")

# Dotted initials ("U.S.", "J."), or a word with inner apostrophes, dots, hyphens and ampersands ("O'Neil", "AT&T",
# "9-percent").
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’.&+/_][^\W_]+)*|&", re.UNICODE)
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question as written, with ``[start, end)`` in it; a possessive ending is cut off and noted."""

    text: str
    start: int
    end: int
    possessive: bool = False

    @property
    def lower(self) -> str:
        """The word in lower case, with plain apostrophes and no dots."""
        return self.text.casefold().replace("’", "'").replace(".", "")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital, or has one inside ("iPhone")."""
        return self.text[0].isupper() or (self.text[0].islower() and any(c.isupper() for c in self.text[1:]))


def words_of(text: str) -> Iterator[Word]:
    """The words of ``text`` in order."""
    for match in _TOKEN.finditer(text):
        bare = match.group()
        cut = _POSSESSIVE.sub("", bare)
        possessive = len(cut) < len(bare) and len(cut) > 1
        if possessive:
            bare = cut
        elif _plural_possessive(text, match.end()):
            possessive = bare[-1:] in "sS"
        yield Word(bare, match.start(), match.start() + len(bare), possessive)


def _plural_possessive(text: str, end: int) -> bool:
    return text[end : end + 1] in ("'", "’") and not text[end + 1 : end + 2].isalnum()


def is_function_word(word: str) -> bool:
    """Whether ``word`` (lower case) is of a closed class: it says nothing about what the question is about."""
    return word in FUNCTION_WORDS or (word.partition("'")[0] in FUNCTION_WORDS and "'" in word)
