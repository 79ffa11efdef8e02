"""Text as others need it: safe to show (``safe_text``), comparable (``normalise``), and quotes found in it
(``find_quote``).

Articles are stored as they are; nothing here changes a stored text. Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

from qa.types import Span

__all__ = ["Normalised", "find_quote", "normalise", "safe_text"]

# --- safe to show -----------------------------------------------------------------------------------------------------

_MAX_MARKS = 8
# Everything outside these ranges is looked at one by one; they hold only characters that are visible, unmarked and not
# bidi.
_LOOK = re.compile(
    "[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3000-\u3029"
    "\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+"
)
_ZWNJ, _ZWJ, _VS15, _VS16, _BLACK_FLAG, _TAG_END = "\u200c", "\u200d", "\ufe0e", "\ufe0f", "\U0001f3f4", "\U000e007f"
# Format characters that are visible themselves (Arabic number signs and their like).
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Invisible, though Unicode doesn't count them as format characters: fillers, joiners, vowels with no form.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0")
_JOINING_SCRIPTS = (
    (0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1A20, 0x1AAF), (0x1B00, 0x1C4F),
    (0xA800, 0xABFF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0x10A00, 0x11FFF), (0x1E900, 0x1E95F),
)  # fmt: skip


def safe_text(s: str, *, keep_newlines: bool = False) -> str:
    """``s`` as it may reach a terminal: what is invisible or would steer it is made visible, all else is kept.

    Control characters become their pictures (``␛``) or escapes (``\\x9b``), bidi controls, zero-width and other
    invisible characters escapes (``\\u202e``); a tab becomes a space. Joiners and variation selectors stay where a
    script or an emoji needs them. Of a run of combining marks at most eight stay: a taller stack would paint over
    other lines.
    """
    if s.isascii() and s.isprintable():
        return s
    return _LOOK.sub(lambda match: _safe_run(match, keep_newlines), s)


def _safe_run(match: re.Match[str], keep_newlines: bool) -> str:
    text, out = match.string, []
    at, end = match.span()
    while at < end:
        char = text[at]
        kind = unicodedata.category(char)
        if kind in ("Mn", "Me", "Mc"):
            last = _marks_end(text, at)
            shown, more = text[at : at + _MAX_MARKS], last - at - _MAX_MARKS
            out.append("".join(_safe_mark(text, at + i) for i in range(min(len(shown), last - at))))
            out.append(f"[+{more} marks]" if more > 0 else "")
            at = last
            continue
        if char == _BLACK_FLAG and (flag := _flag_end(text, at)):
            out.append(text[at:flag])
            at = flag
            continue
        out.append(_safe_char(text, at, kind, keep_newlines))
        at += 1
    return "".join(out)


def _marks_end(text: str, at: int) -> int:
    """The end of the run of combining marks that begins at ``at``."""
    while at < len(text) and unicodedata.category(text[at]) in ("Mn", "Me", "Mc"):
        at += 1
    return at


def _safe_mark(text: str, at: int) -> str:
    char = text[at]
    if char in _INVISIBLE or (_is_selector(char) and not _selects(text, at)):
        return _escape(char)
    return char


def _safe_char(text: str, at: int, kind: str, keep_newlines: bool) -> str:
    char = text[at]
    if char == "\n" and keep_newlines:
        return char
    if char == "\t":
        return " "
    if kind == "Cc":
        return "\u2421" if char == "\x7f" else chr(0x2400 + ord(char)) if char < " " else _escape(char)
    if char in (_ZWJ, _ZWNJ):
        return char if _joins(text, at) else _escape(char)
    if kind == "Cf":
        return char if char in _VISIBLE_FORMATS else _escape(char)
    if (
        kind in ("Cs", "Zl", "Zp")
        or char in _INVISIBLE
        or (ord(char) & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= ord(char) <= 0xFDEF
    ):
        return _escape(char)
    return char


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"


def _selects(text: str, at: int) -> bool:
    """Whether a variation selector has a visible character before it that it can be for."""
    before, char = text[at - 1] if at else "", text[at]
    if not before or unicodedata.category(before)[0] not in "LNSP":
        return False
    if char >= "\U000e0100" or "\ufe00" <= char <= "\ufe0d":
        return _is_ideograph(before) or (char < "\ufe0e" and unicodedata.category(before) == "Sm")
    if char <= "\u180f":
        return "\u1800" <= before <= "\u18af"
    return unicodedata.category(before) in ("So", "Sm", "Po") or before in "0123456789#*↔↕⤴⤵〰〽"


def _is_ideograph(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def _is_emoji(char: str) -> bool:
    code = ord(char)
    return 0x1F000 <= code <= 0x1FAFF or (0x2190 <= code <= 0x2BFF and unicodedata.category(char) in ("So", "Sm"))


def _joins(text: str, at: int) -> bool:
    """Whether a (non-)joiner stands where one has work to do: in a joining script, or between two emoji."""
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if not before or before in (_ZWJ, _ZWNJ):
        return False
    if any(low <= ord(before) <= high for low, high in _JOINING_SCRIPTS):
        return unicodedata.category(before)[0] in "LM"
    base = text[at - 2] if before == _VS16 and at > 1 else before
    return text[at] == _ZWJ and _is_emoji(base) and bool(after) and _is_emoji(after)


def _flag_end(text: str, at: int) -> int:
    """The end of a flag spelled with tag characters (England's, say), or 0: other tags are hidden text."""
    end = at + 1
    while end < len(text) and end - at <= 7 and "\U000e0030" <= text[end] <= "\U000e007a":
        end += 1
    return end + 1 if end - at >= 4 and text[end : end + 1] == _TAG_END else 0


# --- comparable -------------------------------------------------------------------------------------------------------

# A run of plain ASCII, a run of white space, a run of dashes, or one other character with the marks and vowels that
# compose with it (Hangul's are letters): what Unicode's composition never reaches across.
_PLAIN, _SPACE, _DASHES = "[!-,.-_a-~]+", r"\s+", "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032`\u00b4\u02bc\u2039\u203a"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e"
_QUOTES = str.maketrans({**dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DOUBLE, '"')})
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text; its character ``i`` comes from ``original[starts[i]:ends[i]]``."""

    text: str
    starts: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> Span:
        """The original span of the normalised ``[start, end)``, which must not be empty."""
        return Span(self.starts[start], self.ends[end - 1])


def normalise(s: str) -> Normalised:
    """``s`` case-folded and in NFKC, with straight quotes, single dashes and spaces, no soft hyphens."""
    out: list[str] = []
    starts, ends = array("q"), array("q")
    for match in _pieces().finditer(s):
        start, end = match.span()
        if match.lastgroup == "plain":
            out.append(match[0].lower())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        piece = " " if match.lastgroup == "space" else "-" if match.lastgroup == "dashes" else _folded(match[0])
        out.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return Normalised("".join(out), starts, ends)


@lru_cache(maxsize=1)
def _pieces() -> re.Pattern[str]:
    marks = (
        "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
        "\u3099\u309a\ufe20-\ufe2f"
    )
    hangul_vowels = "\u1160-\u11ff"
    other = f".[{marks}{hangul_vowels}]{{0,32}}"  # bounded: to order a run of marks takes Unicode quadratic time
    return re.compile(
        f"(?P<plain>{_PLAIN}(?![{marks}]))|(?P<space>{_SPACE})|(?P<dashes>{_DASHES})|(?P<other>{other})", re.DOTALL
    )


@lru_cache(maxsize=4_096)
def _folded(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold()).translate(_QUOTES)
    return "".join(char for char in folded if char not in _DROPPED)


# --- quotes found again -----------------------------------------------------------------------------------------------

_CONTEXT = 64


def find_quote(text: str, quote: str, *, prefix: str = "", suffix: str = "") -> list[Span]:
    """Where ``quote`` stands in ``text``: exactly if it does, else as normalised; the best context first, then in
    order.

    Occurrences don't overlap, except that the one with exactly this context is always among them. Linear in the text.
    """
    if not quote.strip():
        return []
    spans = _occurrences(text, quote)
    expected = text.find(prefix + quote + suffix) if prefix or suffix else -1
    if expected >= 0:
        spans = [Span(expected + len(prefix), expected + len(prefix) + len(quote)), *spans]
    if not spans:
        spans = _normalised_occurrences(text, quote)
    before, after = normalise(prefix[-_CONTEXT:]).text, normalise(suffix[:_CONTEXT]).text
    scored = {span: _context(text, span, before, after) for span in spans}
    return sorted(scored, key=lambda span: (-scored[span], span.start))


def _occurrences(text: str, quote: str) -> list[Span]:
    return [Span(match.start(), match.end()) for match in re.finditer(re.escape(quote), text)]


def _normalised_occurrences(text: str, quote: str) -> list[Span]:
    wanted = normalise(quote).text.strip()
    if not wanted:
        return []
    whole = normalise(text)
    return [whole.span(span.start, span.end) for span in _occurrences(whole.text, wanted)]


def _context(text: str, span: Span, before: str, after: str) -> int:
    """How many characters around a span agree with the context wanted."""
    if not before and not after:
        return 0
    left = normalise(text[max(0, span.start - _CONTEXT) : span.start]).text
    right = normalise(text[span.end : span.end + _CONTEXT]).text
    return _common(left[::-1], before[::-1]) + _common(right, after)


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
