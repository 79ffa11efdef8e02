"""qa.ingest.decode: every encoding that articles come in, nothing dropped, nothing that can't be stored."""

from __future__ import annotations

import codecs
import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.decode import decode, is_binary, storable

_ENGLISH = "The café’s owner – Zoë Brontë – said “no” to a £5,000 offer in São Paulo, and smiled.\n"
_CYRILLIC = "Мэр города заявил в понедельник, что мост будет закрыт до мая. Работы начнутся весной.\n"
_CHINESE = "市长星期一表示，这座桥将关闭到五月。工程将于春天开始，费用为三千万元。\n"
_JAPANESE = "市長は月曜日に、橋を五月まで閉鎖すると述べた。工事は春に始まる予定だという。\n"
_KOREAN = "시장은 월요일에 다리를 오월까지 폐쇄한다고 말했다. 공사는 봄에 시작될 예정이다.\n"
_POLISH = "Burmistrz powiedział w poniedziałek, że most zostanie zamknięty aż do maja; źródło: gazeta łódzka.\n"


def _text(raw: bytes, *, declared: str = "") -> str:
    decoded = decode(raw, declared=declared)
    assert decoded is not None
    return decoded.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [_ENGLISH, _POLISH])
def test_unicode_encodings_with_and_without_a_mark(encoding: str, text: str) -> None:
    raw = text.encode(encoding)
    assert not is_binary(raw)
    assert _text(raw) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", _ENGLISH), ("cp1251", _CYRILLIC), ("koi8_r", _CYRILLIC), ("gb18030", _CHINESE),
        ("big5", "市長星期一表示，這座橋將關閉到五月。工程將於春天開始。\n"),
        ("cp932", _JAPANESE), ("euc_jp", _JAPANESE), ("cp949", _KOREAN), ("cp1250", _POLISH),
    ],
)  # fmt: skip
def test_legacy_encodings_are_detected(encoding: str, text: str) -> None:
    raw = (text * 5).encode(encoding)
    assert not is_binary(raw)
    assert _text(raw) == text * 5


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("windows-1252", "cp1252", "caf\xe9 – ok"), ("ISO-8859-1", "cp1252", "“quoted” caf\xe9"),
        ("gb2312", "gbk", "市长"),
        ("Shift_JIS", "cp932", "市長"), ("iso-2022-jp", "iso2022_jp", "市長は述べた"), ("KOI8-R", "koi8_r", "мост"),
    ],
)  # fmt: skip
def test_what_a_page_declares_is_used_where_it_is_not_utf8(label: str, codec: str, text: str) -> None:
    assert _text(text.encode(codec), declared=label) == text


@pytest.mark.parametrize(
    "label", ["utf-7", "punycode", "unicode_escape", "rot13", "zlib", "idna", "undefined", "x" * 900]
)
def test_a_page_cannot_choose_a_codec_that_no_browser_has(label: str) -> None:
    assert _text(b"\\u0041+AGE- caf\xc3\xa9", declared=label) == "\\u0041+AGE- café"


def test_a_wrong_declaration_does_not_spoil_utf8() -> None:
    assert _text("Zoë – “no”".encode(), declared="iso-8859-1") == "Zoë – “no”"


def test_stray_bytes_in_utf8_leave_the_rest_alone_and_are_counted() -> None:
    raw = (_ENGLISH * 3).encode() + b"caf\xe9 and \x93this\x94" + "\n“end”".encode()
    decoded = decode(raw)
    assert decoded is not None
    assert decoded.text == _ENGLISH * 3 + "café and “this”\n“end”"
    assert (decoded.encoding, decoded.replaced) == ("utf-8", 3)


def test_bytes_that_no_encoding_reads_are_replaced_and_counted() -> None:
    decoded = decode(b"\xef\xbb\xbf" + b"ab" * 50 + b"\xffcd")
    assert decoded is not None
    assert (decoded.text, decoded.replaced) == ("ab" * 50 + "\ufffdcd", 1)


def test_line_ends_become_one_kind() -> None:
    assert _text(b"a\r\nb\rc\n\r\nd") == "a\nb\nc\n\nd"
    assert _text("a\u2028b\x0cc\x85d".encode()) == "a\u2028b\x0cc\x85d"


def test_nul_becomes_visible_and_nothing_is_normalised() -> None:
    assert _text(b"a" * 300 + b"\x00b") == "a" * 300 + "\ufffdb"
    assert _text("cafe\u0301 ﬁ ½".encode()) == "cafe\u0301 ﬁ ½"


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n% some text", b"PK\x03\x04" + b"word" * 99, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0JFIF",
        gzip.compress(b"text" * 99),
        b"\x7fELF" + b"a" * 99, b"{\\rtf1\\ansi text}", zlib.compress(random.Random(1).randbytes(4_000)), bytes(1_000),
        b"SQLite format 3\x00" + b"t" * 99,
    ],
)  # fmt: skip
def test_binary_files_are_known(raw: bytes) -> None:
    assert is_binary(raw) or decode(raw) is None


@pytest.mark.parametrize("seed", range(30))
def test_random_bytes_are_no_text(seed: int) -> None:
    raw = random.Random(seed).randbytes(5_000)
    assert is_binary(raw) or decode(raw) is None


def test_a_text_with_escape_codes_and_form_feeds_is_text() -> None:
    assert not is_binary(b"\x1b[1mTitle\x1b[0m\n\x0cpage two\n" * 50)


@given(st.binary(max_size=300), st.sampled_from(["", "gbk", "iso-2022-jp", "windows-1251", "utf-8", "nonsense"]))
def test_any_bytes_decode_to_something_storable(raw: bytes, declared: str) -> None:
    decoded = decode(raw, declared=declared)
    if decoded is not None:
        decoded.text.encode("utf-8")
        assert "\r" not in decoded.text
        assert "\x00" not in decoded.text
        assert not decoded.text.startswith("\ufeff")


@given(st.text())
def test_any_text_in_utf8_comes_back(text: str) -> None:
    clean = storable(text)
    assert storable(clean) == clean
    if clean and not any(char < " " or char in "\x7f\ufffd" for char in clean):
        assert _text(clean.encode()) == clean
        assert _text(codecs.BOM_UTF8 + clean.encode()) == clean


def test_a_large_file_in_a_legacy_encoding_is_decoded_whole() -> None:
    text = _CYRILLIC * 40_000
    assert _text(text.encode("cp1251")) == text
