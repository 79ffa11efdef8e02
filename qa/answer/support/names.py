"""Whether every proper name of a claim is the evidence's: in its text, its title, or among those meant in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.answer.support.cited import Piece
from qa.answer.support.lexicon import lexicon
from qa.answer.support.moment import MONTHS, WEEKDAYS
from qa.answer.support.near import nearest
from qa.answer.support.reading import Line, owns
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, fails
from qa.answer.support.words import Word, is_past
from qa.answer.words import contains, rarity_in_english
from qa.retrieve.words import AUXILIARIES, LEGAL_FORMS, is_function_word
from qa.statements.given_names import is_given
from qa.statements.naming import covers, fold, name_parts, same_part, title_gender
from qa.statements.roles import is_head
from qa.statements.verbs import look_up
from qa.statements.vocabulary import COUNTRIES, HONORIFICS, NATIONALITIES, PARTICLES

_NEW = frozenset(("new", "north", "south", "los", "las", "san", "santa", "fort", "port", "saint", "st"))
_CLOSING = frozenset((",", "!", "?"))
_DEFINITE = frozenset(("the", "its", "their", "his", "her", "this", "whose"))
_PERSONAL = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
_ITS = frozenset(("it", "its", "they", "their", "there", "we", "our"))
_LAST = 5  # names
_SHORTENED = frozenset(("st", "ste", "mt", "ft"))  # "St. Maren"
_OPENING = frozenset((":", '"', "(", "-", "—", "–"))
_BRIDGES = PARTICLES | {"of", "&", "and", "the", "for"}
_TITLE_CASE = 0.9  # share of capitalised words from which capitals tell nothing


@dataclass(frozen=True, slots=True)
class Name:
    """A name in words ``[first, last)``. ``parts`` are its folded words without titles and legal forms.

    ``sure``: it isn't just the capital that a sentence begins with.
    """

    first: int
    last: int
    text: str
    parts: tuple[str, ...]
    sure: bool


@lru_cache(maxsize=1_024)
def names_in(line: Line) -> tuple[Name, ...]:
    """The proper names of a sentence, in order."""
    dated = {place for time in times(line) for place in range(time.first, time.last)}
    dated |= {
        place
        for place, (word, after) in enumerate(pairwise(line.words))
        if word.text in lexicon().units.before and after.kind == "number"
    }
    found: list[Name] = []
    at = 0
    while at < len(line.words):
        last = _run(line, at, dated) if _starts(line, at, dated) else at
        if last > at:
            found.extend(_named(line, at, last))
        at = max(last, at + 1)
    return tuple(found)


def _starts(line: Line, at: int, dated: set[int]) -> bool:
    word = line.words[at]
    if not word.capital or at in dated or word.kind == "code" or word.low in MONTHS or word.low in WEEKDAYS:
        return False
    acronym = word.text.replace(".", "").isupper() and len(word.low) > 1
    return acronym or not is_function_word(word.low)


def _run(line: Line, at: int, dated: set[int]) -> int:
    last = at + 1
    while last < len(line.words):
        if _joins(line, last, dated):
            last += 1
        elif (
            (line.words[last].low in _BRIDGES - {"and", "for", "the"} and _joins(line, last + 1, dated))
            or (line.low(last) in ("-", ".") and line.words[last].glued and _joins(line, last + 1, dated, glued=True))
            or (line.low(last) == "." and line.low(last - 1) in _SHORTENED and _joins(line, last + 1, dated))
        ):
            last += 2
        else:
            break
    return last


def _joins(line: Line, at: int, dated: set[int], *, glued: bool = False) -> bool:
    if at >= len(line.words) or at in dated:
        return False
    word = line.words[at]
    if line.words[at - 1].kind == "clitic" or (glued and not word.glued):
        return False
    return word.capital and word.kind == "word" and not (is_function_word(word.low) and not word.text.isupper())


def _named(line: Line, first: int, last: int) -> Iterator[Name]:
    """The name in a run of capitalised words: what only begins the sentence is cut off."""
    sure = not _opens(line, first)
    if not sure:
        word = line.words[first]
        ordinary = _ordinary(word) and word.low not in _SHORTENED and not _alone_before_verb(line, first)
        if ordinary and last - first > 1 and not is_given(word.low) and word.low not in COUNTRIES:
            first, sure = first + 1, True
        else:
            sure = not ordinary
    if last - first > 1 and line.low(first) in NATIONALITIES and line.words[first + 1].kind == "word":
        yield Name(first, first + 1, line.words[first].text, (line.low(first),), sure)
        first, sure = first + 1, True
    while first < last - 1 and (line.low(first) in HONORIFICS or is_head(line.low(first))):
        first += 1
    if first == last - 1 and (is_head(line.low(first)) or line.low(first) in HONORIFICS):
        return
    parts = tuple(word.low for word in line.words[first:last] if word.kind in ("word", "code"))
    while len(parts) > 1 and parts[-1] in LEGAL_FORMS:
        parts = parts[:-1]
    if parts:
        yield Name(first, last, line.said(first, last), parts, sure)


def _opens(line: Line, at: int) -> bool:
    """Whether a capital is due here whatever the word."""
    before = line.words[at - 1] if at else None
    if before is None or (before.low in _OPENING and not before.glued) or before.low == ":":
        return True
    return before.low == '"' and line.low(at - 2) not in _CLOSING  # after '..." ' no capital is due


@lru_cache(maxsize=4_096)
def _known(low: str) -> bool:
    return any(rarity < 1.0 for rarity in rarity_in_english([low]).values())


def _is_plural(low: str) -> bool:
    """Whether a word is one of English but for its plural's ending: "auditors"."""
    return len(low) > 5 and low.endswith("s") and _known(low[:-1])


def _alone_before_verb(line: Line, at: int) -> bool:
    """Whether a sentence begins with one bare singular word and its verb, as with a name: "Berg said", "Shell will"."""
    word, following = line.words[at], line.words[at + 1] if at + 1 < len(line.words) else None
    if following is None or not word.content or word.low.endswith(("s", "ing", "ly", "ed")) or look_up(word.low):
        return False
    return (
        following.low in AUXILIARIES or following.low == "'s" or (following.kind == "word" and is_past(following.low))
    )


def _ordinary(word: Word) -> bool:
    """Whether a sentence's first word may be any word: a word of English, and no given name or country."""
    if any(letter.isupper() for letter in word.text[1:]):
        return False
    if word.low in COUNTRIES or word.low in NATIONALITIES:
        return False
    if look_up(word.low) is not None or is_function_word(word.low) or word.low.endswith("ly"):
        return True
    return (_known(word.low) or _is_plural(word.low)) and not is_given(word.low)


# --- compared


def names(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """Which names of a claim its evidence doesn't have."""
    there = [_there(piece) for piece in cited]
    for line in claim:
        found = _in_headline(line) if _title_case(line) else names_in(line)
        for name in found:
            owner = owns(line, name.last - 1)
            stands = any(_stands(line, name, one) for one in there)
            stands = stands or any(_is_meant(name, piece, owner=owner) for piece in cited)
            if name.sure and not stands:
                yield fails(Failure.NAME, name.text, f"{name.text!r} is named nowhere in the evidence")


def _in_headline(line: Line) -> Iterator[Name]:
    """Where every word has a capital: given names and words that English doesn't have."""
    for at, word in enumerate(line.words):
        if word.capital and word.content and (is_given(word.low) or not _known(word.low)):
            yield Name(at, at + 1, word.text, (word.low,), True)


def _title_case(line: Line) -> bool:
    """Whether all words but the small ones have capitals: then they tell nothing."""
    words = [word for word in line.words if word.content and word.kind == "word"]
    capitals = sum(word.capital for word in words)
    return len(words) >= 5 and capitals >= _TITLE_CASE * len(words)


@dataclass(frozen=True, slots=True)
class _There:
    """The words of a piece and its title, sentence by sentence; the names in it; titles that tell a gender, with the
    surname after them.
    """

    words: tuple[tuple[str, ...], ...]
    people: tuple[tuple[str, ...], ...]
    genders: frozenset[tuple[str, str]]


@lru_cache(maxsize=512)
def _there(piece: Piece) -> _There:
    read = (*piece.lines, *piece.title)
    words = tuple(tuple(word.low for word in line.words if word.kind != "clitic") for line in read)
    named = [name.parts for line in read for name in names_in(line) if name.sure or len(name.parts) > 1]
    people = [name_parts(name) for name in piece.meant]
    titled = [
        (title_gender(line.low(at)), line.low(at + 1 + (line.low(at + 1) == ".")))
        for line in read
        for at in range(len(line.words))
        if line.words[at].capital and title_gender(line.low(at))
    ]
    return _There(words, tuple(dict.fromkeys((*people, *named))), frozenset(titled))


def _stands(line: Line, name: Name, there: _There) -> bool:
    """Whether a name is one of the evidence's."""
    if _other_gender(line, name, there):
        return False
    parts = name.parts
    if any(_standing(words, parts) for words in there.words) or _alias(parts, there):
        return True
    mine = [full for full in there.people if not _other_place(parts[0], full)]
    if any(covers(parts, full) and _all_there(parts, full) for full in mine):
        return True
    if len(parts) == 1:
        return any(parts[0] in full and not _other_place(parts[0], full) for full in there.people)
    return any(set(_bare(parts)) <= set(full) for full in there.people)


def _is_meant(name: Name, piece: Piece, *, owner: bool) -> bool:
    """Whether the evidence means the bearer by a part of the name, by a word of it ("the university"), or, if it's
    the nearest person before, by a pronoun or an office. ``owner``: the claim only says whose something is by it
    ("Norvik's chief executive"), and a body of the article may be that unnamed.
    """
    evidence = piece.evidence
    words = [word.low for line in piece.lines for word in line.words]
    defined = {word for before, word in pairwise(words) if before in _DEFINITE}
    parts = name_parts(name.text)
    told = [gender for word, gender in _PERSONAL.items() if word in words] + [""] * any(map(is_head, defined))
    if any(covers(parts, name_parts(person)) for person in {nearest(evidence.persons, g) for g in told} - {""}):
        return True
    holders = [holder for holder, heads in evidence.offices if heads & set(words)]
    if len(holders) == 1 and covers(parts, name_parts(holders[0])):
        return True  # "the rector", where the article has only one
    family = parts[0].removesuffix("s").removesuffix("e")  # "the Nowiczes", "the Bergs"
    if len(parts) == 1 and family != parts[0] and any(family in map(fold, one.split()) for one in evidence.everybody):
        return "they" in words or "their" in words
    if not any(covers(parts, name_parts(near)) for near in evidence.near):
        return False
    if any(_standing(tuple(words), (part,)) for part in name.parts[-1:]):
        return True
    if set(_bare(name.parts)) & {word for word in defined if len(word) > 3}:
        return True
    if any(covers(parts, name_parts(person)) for person in evidence.everybody):
        return False
    if owner:
        return True
    last = any(covers(parts, name_parts(near)) for near in evidence.near[-_LAST:])
    return bool(defined & lexicon().bodies) or (last and bool(_ITS.intersection(words)))


def _standing(words: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether the name stands in the words, and not only as the end of another: York isn't New York."""
    if len(parts) > 1 or parts[0] not in words:
        return contains(words, parts)
    return any(word == parts[0] and not (at and words[at - 1] in _NEW) for at, word in enumerate(words))


def _other_place(part: str, full: tuple[str, ...]) -> bool:
    return len(full) > 1 and full[-1] == part and full[0] in _NEW


def _all_there(parts: tuple[str, ...], full: tuple[str, ...]) -> bool:
    return all(any(same_part(part, other) for other in full) for part in parts)


def _bare(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts if part not in _BRIDGES)


def _alias(parts: tuple[str, ...], there: _There) -> bool:
    """Another name of the same country or body, or of its people: "Norwegian" for Norway."""
    for other in lexicon().same.get(" ".join(parts), ()):
        wanted = tuple(other.split())
        if any(contains(words, wanted) for words in there.words):
            return True
    return False


def _other_gender(line: Line, name: Name, there: _There) -> bool:
    """ "Mrs Berg" where the evidence has only a Mr Berg."""
    before = line.low(name.first - 1 - (line.low(name.first - 1) == "."))
    gender = title_gender(before) if before else ""
    theirs = {other for other, surname in there.genders if surname == name.parts[-1]}
    return bool(gender) and bool(theirs) and gender not in theirs
