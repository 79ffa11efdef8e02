"""Bytes to text, once: encoding, line ends, characters that can't be stored. Nothing here knows about formats.

The order is: byte order mark, UTF-16 without one, what a HTML page declares if it is 7-bit, UTF-8, UTF-8 with a few
broken bytes, what a HTML page declares, detection, Windows-1252. No byte is ever dropped: one that can't be read
becomes U+FFFD (or, inside UTF-8, its Windows-1252 character) and is counted. Text is not normalised (NFC, NFKC) in any
way.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from qa.ingest.detect import detect

SAMPLE = 65_536
# Shares of control characters above which bytes are no text: random bytes have 10 %, real texts under .1 %.
_CONTROL_SHARE, _BROKEN_SHARE = 0.01, 0.05
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_CONTROL_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x89PNG", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF",
    b"BZh9", b"SQLite format 3\x00", b"RIFF", b"OggS", b"ID3", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ",
    b"(\xb5/\xfd", b"Rar!\x1a", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\x00asm", b"wOF", b"{\\rtf", )  # fmt: skip
# Labels that a page may declare -> the codec that browsers use for it. Only these: Python knows codecs (punycode, zlib,
# unicode_escape) that no document may choose.
_LABELS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "windows-31j": "cp932", "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp", "iso-2022-kr": "iso2022_kr", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman", "tis-620": "cp874", "windows-874": "cp874",
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}, "iso-8859-9": "cp1254",
}  # fmt: skip
_SEVEN_BIT = ("iso2022_jp", "iso2022_kr")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without byte order mark, lone surrogate, NUL or CR. ``replaced``: bytes that couldn't be read."""

    text: str
    encoding: str
    replaced: int = 0


def is_binary(raw: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here, judged by their beginning."""
    if any(raw.startswith(magic) for magic in _MAGIC):
        return True
    if _marked(raw) or _unmarked_utf16(raw):
        return False
    sample = raw[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return controls > _CONTROL_SHARE * len(sample)


def decode(raw: bytes, *, declared: str = "") -> Decoded | None:
    """The text of ``raw``, or None if it turns out to be none. ``declared`` is the label that a HTML page gives."""
    text, encoding, replaced = _decode(raw, _LABELS.get(declared.strip().lower(), ""))
    if text and len(_CONTROL_TEXT.findall(text[:SAMPLE])) > _BROKEN_SHARE * min(len(text), SAMPLE):
        return None
    return Decoded(storable(text), encoding, replaced)


def storable(text: str) -> str:
    """``text`` as it may be stored: LF line ends, no leading byte order mark; NUL and lone surrogates become U+FFFD."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _marked(raw: bytes) -> tuple[bytes, str] | None:
    return next((bom for bom in _BOMS if raw.startswith(bom[0])), None)


def _decode(raw: bytes, declared: str) -> tuple[str, str, int]:
    if mark := _marked(raw):
        return _replacing(raw[len(mark[0]) :], mark[1])
    if wide := _unmarked_utf16(raw):
        return _replacing(raw, wide)
    if declared in _SEVEN_BIT:  # these are valid ASCII, so UTF-8 would take them
        return _replacing(raw, declared)
    try:
        return raw.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        return _mostly_utf8(raw) or _replacing(raw, declared or detect(raw))


def _replacing(raw: bytes, encoding: str) -> tuple[str, str, int]:
    """Decoded with U+FFFD for what can't be; their number counts only those that the bytes didn't spell themselves."""
    text = raw.decode(encoding, "replace")
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return text, encoding, text.count("\ufffd")
    return text, encoding, 0


def _unmarked_utf16(raw: bytes) -> str:
    """The UTF-16 that Latin text without a mark is in: nearly every second byte is NUL, and the others aren't."""
    sample = raw[: SAMPLE & ~1]
    if len(sample) < 4 or len(raw) % 2 or b"\x00" not in sample:
        return ""
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.02 * half else ""


def _mostly_utf8(raw: bytes) -> tuple[str, str, int] | None:
    """UTF-8 with a few stray bytes (a cut file, a pasted line): those few are read as Windows-1252, all the rest
    stands.

    Whole multi-byte sequences hardly occur by chance in another encoding, so more of them than broken bytes mean UTF-8.
    """
    text = raw.decode("utf-8", "surrogateescape")
    broken = len(_SURROGATE.findall(text))
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    if whole <= broken:
        return None
    stray = {code: bytes([code - 0xDC00]).decode("cp1252", "replace") for code in range(0xDC80, 0xDD00)}
    return text.translate(stray), "utf-8", broken
