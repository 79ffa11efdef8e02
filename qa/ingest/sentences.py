"""Where sentences end inside a block: exact offsets, decided mark by mark in linear time.

A candidate is a run of end marks with the quotation marks and brackets that close after it; what stands on both
sides decides. Not here: which line breaks count (``qa.ingest.blocks``), which words own a full stop
(``qa.ingest.abbreviations``), and how pieces without words or without end are treated (``qa.ingest.pieces``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.ingest.abbreviations import MARKED_NAMES, SPEECH, STARTERS, binds_number, binds_word
from qa.ingest.pieces import after_space, before_space, bounded, combines, with_words

_MARKS = re.compile("[.!?…‼⁇⁈⁉。！？｡؟۔।॥።։•▪●◦‣]+")
_CLOSERS = re.compile(r"(?:[\"'”’»›)\]}」』】）〉》]|[“«‘](?=\s|\Z)|\[\w{1,3}\])+")
# Tokenised text sets closing quotes and brackets off by a space: `it . '' Then`.
_SPACED_CLOSERS = re.compile(r"(?: (?:''|['”’»)\]])(?=\s|\Z))+")
_OPENERS = re.compile(r"[\"'`“‘„‚«‹(\[{「『【（〈《¿¡*_]*\s?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay, mRNA begin a sentence as they are
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,5})\Z")
_TOKEN_EDGE = "\"'“”‘’«»()[]{}*_—–-,;:…"

# `"Why?" the aide asked` needs no list (a small letter follows); `"Why?" Ann Lee asked` does.
_NAMED_CUE = re.compile(
    r"(?:(?:[A-Z][\w.'’-]{0,30}|the|of|de|van|von|al)\s){1,5}(?:" + SPEECH + r")\b(?=([.,;:]?)\s?(\w*))"
)
_CUE_GOES_ON = frozenset(
    ["in", "on", "at", "to", "during", "as", "after", "when", "while", "before", "of", "with", "by", "about", "from"]
)
_ASKING = re.compile(r"(?:ask|wonder|shout|inquir|exclaim|demand|cr[iy]|yell|chant|repl)")

_FULL_WIDTH = "。！？｡"
_OTHER_SCRIPTS = "؟۔।॥።։"
_BULLETS = "•▪●◦‣"
_QUOTES = "\"'”’»“«‘"
_DASHES = "-–—―"
_NOT_FIRST = ".!?…,;:)]}%&/+="


class _Candidate(NamedTuple):
    """End marks ``text[mark:after]`` and closers ``text[after:stop]`` in the block ``text[start:end]``.

    The sentence that may end here began at ``begun``.
    """

    text: str
    start: int
    end: int
    begun: int
    mark: int
    after: int
    stop: int

    @property
    def last(self) -> str:
        """The last end mark."""
        return self.text[self.after - 1]

    @property
    def closed(self) -> bool:
        """Whether quotation marks or brackets close after the mark."""
        return self.stop > self.after

    @property
    def full_stop(self) -> bool:
        """Whether the mark is one plain full stop."""
        return self.after - self.mark == 1 and self.text[self.mark] == "."


def cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]``, a block without outer white space, as pairs of offsets. Linear time."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _stops(text, start, end):
        if stop > begin:
            found.append((begin, stop))
            begin = after_space(text, stop, end)
    if begin < end:
        found.append((begin, end))
    return bounded(text, with_words(text, found))


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences end, but for the last."""
    begun = counted = start
    open_quote = False
    for match in _MARKS.finditer(text, start, end):
        mark, after = match.span()
        if after >= end:
            return
        if text[after - 1] in _BULLETS:
            if mark > start and after - mark == 1 and text[mark - 1].isspace() and text[after].isspace():
                yield before_space(text, mark, start)
            continue
        closers = _CLOSERS.match(text, after, end) or _SPACED_CLOSERS.match(text, after, end)
        stop = closers.end() if closers else after
        if stop == after and text.startswith(' " ', after):
            # A straight quotation mark between spaces closes where one is open; counted once, so linear.
            open_quote ^= text.count('"', counted, after) % 2 == 1
            counted = after
            stop = after + 2 if open_quote else after
        if stop < end and _ends(_Candidate(text, start, end, begun, mark, after, stop)):
            yield stop
            begun = after_space(text, stop, end)


def _ends(found: _Candidate) -> bool:
    """Whether a sentence ends at ``found.stop``."""
    text, stop = found.text, found.stop
    if found.last in _FULL_WIDTH:
        return not combines(text[stop]) and not (found.closed and text[stop] in "と、，,")
    if not text[stop].isspace():
        return _glued(found)
    following = after_space(text, stop, found.end)
    if found.last in _OTHER_SCRIPTS:
        return not combines(text[following])
    return _starts_at(found, following)


def _starts_at(found: _Candidate, following: int) -> bool:
    """Whether what stands at ``following``, after white space, begins a sentence."""
    text = found.text
    opened = _OPENERS.match(text, following, found.end).end()  # type: ignore[union-attr]  # matches the empty string
    if opened >= found.end:
        return False
    first = text[opened]
    if first.islower() and _BRAND.match(text, opened) is None:
        return opened == following and _informal(found)
    if first in _NOT_FIRST or combines(first):
        return False
    if first in _DASHES:
        return _after_dash(found, opened)
    if not found.closed and _belongs_to_word(found, opened):
        return False
    return not (found.closed and text[found.stop - 1] in _QUOTES and _cue_follows(found, opened))


def _after_dash(found: _Candidate, position: int) -> bool:
    """A dash after a quote brings its author; elsewhere a capital after it begins a sentence (a list in one line)."""
    if found.closed or binds_number(_token(found)):  # "TARN, Calif. - The boat" is a dateline
        return False
    following = after_space(found.text, position + 1, found.end)
    return following < found.end and found.text[following].isupper()


def _belongs_to_word(found: _Candidate, following: int) -> bool:
    """Whether the mark belongs to the word before it: an abbreviation, an initial, a list number, ``Yahoo!``."""
    text, mark = found.text, found.mark
    if not found.full_stop:
        return text[mark] == "!" and _token(found) in MARKED_NAMES
    if mark - found.begun <= 6 and _LIST_NUMBER.match(text[found.begun : mark]):
        return True
    token = _token(found)
    if not token:
        return False
    if text[following].isdigit():
        return binds_number(token)
    word = _WORD.match(text, following, min(found.end, following + 40))
    if word is None:
        return False
    initial = word.end() - following == 1 and text.startswith(".", word.end())
    named = token == "I" and _capital_before(text, found.start, mark - 1)
    return binds_word(token, word.group().replace("’", "'"), initial=initial, named=named)


def _capital_before(text: str, start: int, position: int) -> bool:
    """Whether the word before ``position`` is capitalised."""
    words = text[max(start, position - 24) : position].split()
    return bool(words) and words[-1][0].isupper()


def _token(found: _Candidate) -> str:
    """The word before the mark, without quotation marks and brackets; ``ex-Gov`` gives ``Gov``."""
    parts = found.text[max(found.start, found.mark - 24) : found.mark].split()
    if not parts or not found.text[found.mark - 1].isalnum():
        return ""
    token = parts[-1].strip(_TOKEN_EDGE)
    for edge in _DASHES + "/(":
        if edge in token:
            token = token.rpartition(edge)[2]
    return token


def _informal(found: _Candidate) -> bool:
    """People who write without capitals still end sentences: ``it broke. then i``."""
    if found.closed or not found.full_stop:
        return False
    token = _token(found)
    if len(token) < 2 or not token.isalpha() or not token.islower() or binds_word(token, ""):
        return False
    text, mark = found.text, found.mark
    return text[found.start].islower() or " i " in text[max(found.start, mark - 200) : min(found.end, mark + 200)]


def _glued(found: _Candidate) -> bool:
    """``ended.Then it``: a space lost in extraction. Not ``Node.Js``, ``Mail.Ru``, ``example.Com/``, ``Mr.Lee``."""
    text, mark, stop = found.text, found.mark, found.stop
    if mark - found.start < 3 or not (text[mark - 1].islower() and text[mark - 2].islower()):
        return False
    match = _WORD.match(text, stop + (text[stop] in '“"'), min(found.end, stop + 30))
    if match is None or match.end() >= found.end or text[match.end()] not in " ,":
        return False
    word, token = match.group(), _token(found)
    if not word[0].isupper() or not (len(word) > 3 or word in STARTERS):
        return False
    return token.isalpha() and not binds_word(token, word)


def _cue_follows(found: _Candidate, position: int) -> bool:
    """Whether a quote that ended with a mark of its own goes on with its speaker: ``"Why?" Ann Lee asked.``"""
    cue = _NAMED_CUE.match(found.text, position, min(found.end, position + 160))
    if cue is None:
        return False
    if cue.group(1) in (".", ",") or not cue.group(2) or cue.group(2) in _CUE_GOES_ON:
        return True
    verb = cue.group().split()[-1]
    return found.last in "?!" and _ASKING.match(verb) is not None
