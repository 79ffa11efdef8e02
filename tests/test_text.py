"""qa.text: what reaches a terminal is harmless and readable, normalised offsets lead back, quotes are found again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.text import find_quote, normalise, safe_text
from qa.types import Span

_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "aAbB .,\n\t\r'\"-–—“”‘’…éÉßİıſKﬁﬀ½①Ⅳ가각한ᄒ\u1161\u11ab\u0301\u0308\u0327\u00a0\u00ad\u200b\u200d\ufeff"
        ),
        st.sampled_from("👩‍❤️🏴👍🏽नमسع\u202e\u2066\u2028\x1b\x9b\x00"),
    ),
    max_size=60,
)
_HOSTILE = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u3164"
)


# --- safe_text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain text, 9 per cent", "plain text, 9 per cent"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\x9b31mb\x85", "a\\x9b31mb\\x85"),
        ("pay \u202e001\u202c now", "pay \\u202e001\\u202c now"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("a\r\nb\tc\x7f", "a␍␊b c␡"),
        ("line\u2028sep\u2029", "line\\u2028sep\\u2029"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("lone \ud83d surrogate", "lone \\ud83d surrogate"),
        ("tag\U000e0041\U000e0042", "tag\\U000e0041\\U000e0042"),
        ("\u3164filler", "\\u3164filler"),
        ("x\ufffe", "x\\ufffe"),
    ],
)
def test_what_steers_or_hides_is_made_visible(given_text: str, shown: str) -> None:
    assert safe_text(given_text) == shown


@pytest.mark.parametrize(
    "kept",
    [
        "Zoë Müller naïve São Łódź",
        "cafe\u0301 Vie\u0323\u0302t",
        "👩\u200d👩\u200d👧 ❤\ufe0f 👍🏽 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "نامه\u200cای به فارسی",
        "क्\u200dष हिन्दी",
        "张勇 東京 한국어 Привет Ελλάδα",
        "“curly” – dash — ellipsis…",
        "葛\U000e0100",
    ],
)
def test_ordinary_letters_emoji_and_marks_are_kept(kept: str) -> None:
    assert safe_text(kept) == kept


def test_newlines_stay_only_when_asked_for() -> None:
    assert safe_text("a\nb\x1b", keep_newlines=True) == "a\nb␛"


def test_a_stack_of_marks_is_capped() -> None:
    assert safe_text("Z" + "\u0301" * 8) == "Z" + "\u0301" * 8
    assert safe_text("Z" + "\u0301" * 500 + "o") == "Z" + "\u0301" * 8 + "[+492 marks]o"


def test_bytes_hidden_in_variation_selectors_are_shown() -> None:
    hidden = safe_text("😀" + "".join(chr(0xE0100 + byte) for byte in b"hidden"))
    assert hidden.count("\\U000e01") == 6
    assert safe_text("a\ufe0f") == "a\\ufe0f"


def test_a_joiner_without_work_is_shown() -> None:
    assert safe_text("pass\u200dword") == "pass\\u200dword"
    assert safe_text("نامه\u200c\u200cای").count("\\u200c") == 1


@given(_TEXT, st.booleans())
def test_safe_text_is_idempotent_and_leaves_nothing_that_steers(text: str, keep: bool) -> None:
    shown = safe_text(text, keep_newlines=keep)
    assert safe_text(shown, keep_newlines=keep) == shown
    assert not _HOSTILE & set(shown)
    controls = {char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")}
    assert controls <= ({"\n"} if keep else set())


# --- normalise ------------------------------------------------------------------------------------------------------


def test_normalised_text_folds_case_quotes_dashes_and_space() -> None:
    assert normalise("“We  WAITED”\n–\u00a0for ‘years’…").text == "\"we waited\" - for 'years'..."
    assert normalise("Straße ﬁn cafe\u0301 soft\u00adhyphen").text == "strasse fin café softhyphen"


def test_an_expanded_character_leads_back_to_itself() -> None:
    whole = normalise("aﬁb")
    assert (whole.text, list(whole.starts), list(whole.ends)) == ("afib", [0, 1, 1, 2], [1, 2, 2, 3])


@given(_TEXT)
@example("İ")
@example("ᄒ\u1161\u11ab")
def test_every_normalised_character_has_a_span_in_order(text: str) -> None:
    whole = normalise(text)
    assert len(whole.text) == len(whole.starts) == len(whole.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(whole.starts, whole.ends, strict=True))
    assert list(whole.starts) == sorted(whole.starts)
    assert list(whole.ends) == sorted(whole.ends)


@given(_TEXT, st.data())
def test_a_slice_of_the_normalised_text_is_its_span_normalised(text: str, data: st.DataObject) -> None:
    whole = normalise(text)
    edges = [i for i in range(len(whole.text) + 1) if i in (0, len(whole.text)) or whole.starts[i] >= whole.ends[i - 1]]
    start, end = sorted((data.draw(st.sampled_from(edges)), data.draw(st.sampled_from(edges))))
    if start < end:
        span = whole.span(start, end)
        assert normalise(span.of(text)).text == whole.text[start:end]


# --- find_quote -----------------------------------------------------------------------------------------------------


@given(_TEXT, st.data())
def test_a_slice_is_found_at_its_place_given_its_context(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    spans = find_quote(text, quote, prefix=text[:start], suffix=text[end:])
    if quote.strip():
        assert spans[0].of(text) == quote
        assert Span(start, end) in spans
    else:
        assert spans == []


@given(
    st.lists(
        st.sampled_from(["“we", "waited”", "–", "for", "years…", "it’s", "Café", "9%", "straße"]),
        min_size=1,
        max_size=8,
    )
)
def test_a_quote_typed_another_way_is_found_exactly(words: list[str]) -> None:
    original = " ".join(words)
    text = f"Before it. {original} After it."
    typed = (
        original.upper().replace("“", '"').replace("”", '"').replace("–", "-").replace("’", "'").replace(" ", "\n  ")
    )
    found = [span.of(text) for span in find_quote(text, typed)]
    assert original in found


def test_the_occurrence_in_the_best_context_comes_first() -> None:
    text = "The mayor said no. The council said no. The union said no."
    spans = find_quote(text, "said no", prefix="The council ", suffix=". The union")
    assert [span.start for span in spans] == [text.index("council said") + 8, 10, text.index("union said") + 6]


def test_an_exact_occurrence_hides_those_that_only_look_alike() -> None:
    assert find_quote("Yes. yes. YES.", "yes") == [Span(5, 8)]
    assert find_quote("Yes. YES.", "yes") == [Span(0, 3), Span(5, 8)]


def test_overlapping_occurrences_do_not_hide_the_one_meant() -> None:
    assert find_quote("abababa", "aba", prefix="ab", suffix="ba")[0] == Span(2, 5)


def test_nothing_is_found_for_nothing() -> None:
    assert find_quote("some text", "  ") == []
    assert find_quote("some text", "\u200b") == []
    assert find_quote("some text", "other words") == []


@pytest.mark.parametrize("unit", ["a", "a ", "\u0301", "“", "ﬁ", "-", "\u200b", "👩\u200d", "a\u0301"])
def test_long_hostile_text_takes_linear_time(unit: str) -> None:
    text = (unit * 40_000)[:40_000]  # quadratic time would be minutes
    assert safe_text(safe_text(text)) == safe_text(text)
    assert list(normalise(text).starts) == sorted(normalise(text).starts)
    assert find_quote(text, text[:20_000] + "b", prefix=text[:1_000], suffix=text[:1_000]) == []
