"""Compares names of persons as people write them: case, accents, initials, titles, order. Knows nothing of articles."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from qa.statements import roles
from qa.statements.vocabulary import FEMALE_HONORIFICS, GENERATIONS, HONORIFICS, MALE_HONORIFICS, NICKNAMES, PARTICLES
from qa.types import Person

# Letters that Unicode doesn't decompose but that keyboards without them replace.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_SPLIT = re.compile(r"[\s.,]+")
_ELIDED = re.compile(r"['’ʼ`\-‐‑]")  # the marks that names are written with


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Lower case without accents: ``"Müller"`` and ``"Muller"`` are equal, so are ``"Łukasz"`` and ``"Lukasz"``."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def name_parts(name: str) -> tuple[str, ...]:
    """The folded words of a name: titles, job titles, ``'s`` and generation marks left out."""
    words = [fold(word) for word in _SPLIT.split(_POSSESSIVE.sub("", name.strip())) if word]
    while len(words) > 1 and (words[0] in HONORIFICS or roles.is_head(words[0])):
        words.pop(0)
    while len(words) > 1 and words[-1] in GENERATIONS:
        words.pop()
    return tuple(words)


def title_gender(name: str) -> str:
    """The gender that a title in front of the name tells, or ``""``."""
    first = fold(_SPLIT.split(name.strip(), maxsplit=1)[0])
    return "m" if first in MALE_HONORIFICS else "f" if first in FEMALE_HONORIFICS else ""


_SHORT = dict(pair.split(":") for pair in NICKNAMES)


def same_part(one: str, other: str) -> bool:
    """Whether two folded words of names agree: equal but for hyphens and apostrophes, a short form, or an initial."""
    if one == other or _SHORT.get(one) == other or _SHORT.get(other) == one:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    return _ELIDED.sub("", one) == _ELIDED.sub("", other)


def covers(asked: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether ``asked`` names the bearer of ``full``: its words occur there in order, and not by initials alone.

    A single word must be the first or the last (with its particles); several must include the last, or be family first.
    """
    if not asked or not full or all(len(part) == 1 for part in asked):
        return False
    if len(asked) == 1:
        return (len(full) == 1 and same_part(asked[0], full[0])) or _single(asked[0], full)
    turned = any(asked == (*full[cut:], *full[:cut]) for cut in range(1, len(full)))
    if turned or (len(asked) <= len(full) and asked == (*full[len(full) - len(asked) + 1 :], full[0])):
        return True
    if len(full) < len(asked):
        return len(full) > 1 and asked[-1] == full[-1] and same_part(asked[0], full[0])
    place = 0
    for part in asked:
        while place < len(full) and not same_part(part, full[place]):
            place += 1
        if place == len(full):
            return False
        place += 1
    return place == len(full)


def surname_of(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The family name of folded parts as usually written: the last word, with particles before it."""
    start = len(parts) - 1
    while start > 1 and parts[start - 1] in PARTICLES:
        start -= 1
    return parts[start:]


def _single(part: str, full: tuple[str, ...]) -> bool:
    ends = {full[0], full[-1], *full[-1].split("-")}
    return any(len(end) > 1 and _ELIDED.sub("", end) == _ELIDED.sub("", part) for end in ends)


def matches(question_name: str, person: Person) -> bool:
    """Whether a name in a question ("Zhang", "zhang's", "Mr Zhang", "D. Zhang") can mean this person."""
    gender = title_gender(question_name)
    if gender and any(title_gender(alias) not in ("", gender) for alias in person.aliases):
        return False
    asked = name_parts(question_name)
    return covers(asked, name_parts(person.name))


def full_name_variants(name: str) -> tuple[str, ...]:
    """Ways in which the bearer of a full name is written: itself, without middle names, by initial, surname, given
    name.
    """
    words = [word for word in name.split() if fold(word).strip(".") not in HONORIFICS]
    if len(words) < 2:
        return tuple(words)
    surname = " ".join(words[-len(surname_of(tuple(fold(word) for word in words))) :])
    made = [
        " ".join(words),
        f"{words[0]} {surname}",
        f"{words[0][0]}. {surname}",
        f"{surname} {words[0]}",
        surname,
        words[0],
    ]
    return tuple(dict.fromkeys(made))
