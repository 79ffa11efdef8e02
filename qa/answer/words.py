"""Words of questions and sentences made comparable: folded, stemmed, weighed by how rare they are among the articles.

Reading a question is ``qa.retrieve``'s; full-text search stems on its own in SQLite.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qa.models.fingerprint import shipped_folder
from qa.retrieve.words import LEGAL_FORMS, is_function_word
from qa.statements.naming import fold

_WORD = re.compile(r"[^\W_]+")
_VOWEL = re.compile(r"[aeiouy]")
# Longest first; what is left must have three letters and a vowel.
_ENDINGS = (
    ("izations", "iz"), ("isations", "is"), ("ization", "iz"), ("isation", "is"), ("ations", "at"), ("ation", "at"),
    ("ments", ""), ("ment", ""), ("nesses", ""), ("ness", ""), ("ities", ""), ("ity", ""), ("ances", ""), ("ance", ""),
    ("ences", ""), ("ence", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ives", ""), ("ive", ""),
    ("able", ""), ("ible", ""), ("ally", ""), ("ers", ""), ("ors", ""), ("ies", "i"), ("ied", "i"), ("ees", ""),
    ("ful", ""), ("ed", ""), ("er", ""), ("or", ""), ("ee", ""), ("al", ""), ("ly", ""), ("es", ""), ("s", ""),
)  # fmt: skip
#: What a word that stands in every passage keeps of its weight.
_LEAST_HERE = 0.3
#: Words of this logarithmic rank and below ("did", "people") tell next to nothing.
_COMMON_RANK = 0.35
# Irregular verbs, base form first: no rule leads from "bought" to "buy".
_VERBS = (
    "be was were been; bear bore born borne; beat beaten; become became; begin began begun; bind bound; bite bit "
    "bitten; blow blew blown; break broke broken; bring brought; build built; burn burnt; buy bought; catch "
    "caught; choose chose chosen; come came; creep crept; deal dealt; dig dug; draw drew drawn; drink drank "
    "drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; "
    "flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten; freeze froze frozen; get got "
    "gotten; give gave given; go went gone; grow grew grown; hang hung; have has had; hear heard; hide hid "
    "hidden; hold held; keep kept; know knew known; lay laid; lead led; leave left; lend lent; lie lay lain; lose "
    "lost; make made; mean meant; meet met; pay paid; ride rode ridden; rise rose risen; run ran; say said; see "
    "saw seen; seek sought; sell sold; send sent; shake shook shaken; shoot shot; sing sang sung; sink sank sunk; "
    "sit sat; sleep slept; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck; strike "
    "struck; swim swam swum; take took taken; teach taught; tear tore torn; tell told; think thought; throw threw "
    "thrown; understand understood; wake woke woken; wear wore worn; win won; withdraw withdrew withdrawn; write "
    "wrote written; die died; lie lied"
)
_IRREGULAR = {form: verb.split()[0] for verb in _VERBS.split(";") for form in verb.split()[1:]}
_UNCHANGED = frozenset(("news", "does", "gas", "series", "species"))
_UNDOUBLED = frozenset("bdgmnprt")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: folded to lower case without accents, its stem, and its span in that text."""

    low: str
    stem: str
    start: int
    end: int


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of ``text[start:end]`` with offsets into ``text``. Hyphens and apostrophes divide."""
    stop = len(text) if end is None else end
    found = []
    for match in _WORD.finditer(text, start, stop):
        low = fold(match.group())
        found.append(Token(low, stem(low), match.start(), match.end()))
    return found


@lru_cache(maxsize=16_384)
def stem(low: str) -> str:
    """What the forms of a word share, roughly: "hire", "hired" and "hiring" are one."""
    low = _IRREGULAR.get(low, low)
    if len(low) < 4 or not low.isalpha() or low.endswith(("ss", "us", "is")) or low in _UNCHANGED:
        return low
    for ending, instead in _ENDINGS:
        rest = low[: -len(ending)] + instead
        if low.endswith(ending) and len(rest) > 2 and _VOWEL.search(rest):
            return _finished(rest)
    return _finished(low)


def _finished(rest: str) -> str:
    if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] in _UNDOUBLED:
        rest = rest[:-1]
    if len(rest) > 3 and rest[-1] in "ey":
        rest = rest[:-1]
    return rest[:-1] if len(rest) > 3 and rest[-1] == "i" else rest


def content_stems(words: Iterable[str]) -> tuple[str, ...]:
    """The distinct stems of the content words in ``words``, in order."""
    kept: dict[str, None] = {}
    for text in words:
        for token in tokens(text):
            if not is_function_word(token.low) and len(token.low) > 1:
                kept[token.stem] = None
    return tuple(kept)


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, without a legal form at its end."""
    lows = [token.low for token in tokens(name) if token.low != "s"]
    while len(lows) > 1 and lows[-1] in LEGAL_FORMS:
        lows.pop()
    return tuple(lows)


def contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether ``wanted`` stands in ``words`` as a run."""
    size = len(wanted)
    if not size:
        return False
    first = wanted[0]
    return any(
        word == first and tuple(words[place : place + size]) == tuple(wanted) for place, word in enumerate(words)
    )


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much a stem tells, 0 to 1: how rare it is in English, and among ``total`` passages of which ``counts``
    have it.

    Both are needed: in a handful of articles any verb may be rare, and in a thousand about one thing its name tells
    nothing.
    """

    total: int
    counts: Mapping[str, int] = field(default_factory=dict)
    english: Mapping[str, float] = field(default_factory=dict)

    def of(self, stem: str) -> float:
        """The stem's rarity in English times its inverse document frequency over the largest there is."""
        count = min(self.counts.get(stem, 0), self.total)
        here = math.log((self.total + 1) / (count + 0.5)) / math.log(2 * (self.total + 1))
        return max(0.05, self.english.get(stem, 1.0) * (_LEAST_HERE + (1 - _LEAST_HERE) * here))

    def share(self, wanted: Iterable[str], there: Iterable[str]) -> float:
        """Which part of ``wanted`` is ``there``, by weight; 1 where nothing is wanted."""
        have = there if isinstance(there, (set, frozenset)) else frozenset(there)
        weights = [(self.of(item), item in have) for item in wanted]
        whole = sum(weight for weight, _ in weights)
        return sum(weight for weight, found in weights if found) / whole if whole else 1.0


def rarity_in_english(words: Iterable[str]) -> dict[str, float]:
    """For the stem of each content word how rare the word is in English, 0.1 to 1."""
    found: dict[str, float] = {}
    for word in words:
        for token in tokens(word):
            rank = _ranks().get(token.low)
            rare = 1.0 if rank is None else math.log(max(1, rank)) / math.log(len(_ranks()))
            found[token.stem] = min(found.get(token.stem, 1.0), max(0.1, (rare - _COMMON_RANK) / (1 - _COMMON_RANK)))
    return found


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    """Words by how frequent they are, the most frequent first: the order of the vocabulary that comes with the
    embedder.
    """
    path = shipped_folder() / "tokenizer.json"
    vocabulary = json.loads(path.read_bytes())["model"]["vocab"]
    first = vocabulary["the"]
    return {word: rank - first + 1 for word, rank in vocabulary.items() if rank >= first and not word.startswith("##")}
