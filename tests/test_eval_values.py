"""Typed values: what is found in a text, what isn't, and what meets a gold value."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from citation_cases import case, record
from hypothesis import given as drawn
from hypothesis import strategies as st

from eval.metrics import values
from eval.metrics.lexemes import Lexeme, Lexemes
from eval.metrics.metric import apply
from eval.metrics.values import fault, given, values_in
from eval.types import NotApplicable, RunClaim, Scored, Unscored, Value


def found(text: str) -> list[tuple[str, str, str, str]]:
    """Kind, value, unit and words of all values."""
    return [(one.kind, one.value, one.unit, text[one.start : one.end]) for one in values_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("employed 2,310 people", ("number", "2310", "", "2,310")),
        ("employed 1\u2009962 people", ("number", "1962", "", "1\u2009962")),
        ("employed 1\u202f962\u202f004 people", ("number", "1962004", "", "1\u202f962\u202f004")),
        ("thirty-one people", ("number", "31", "", "thirty-one")),
        ("Two hundred and five people", ("number", "205", "", "Two hundred and five")),
        ("one million two hundred thousand", ("number", "1200000", "", "one million two hundred thousand")),
        ("a dozen eggs", ("number", "12", "", "a dozen")),
        ("half a dozen eggs", ("number", "6", "", "half a dozen")),
        ("ten thousand", ("number", "10000", "", "ten thousand")),
        ("fell to −3.5 today", ("number", "-3.5", "", "−3.5")),
        ("about .5 of it", ("number", "0.5", "", ".5")),
        ("a wave of 6.84 m", ("number", "6.84", "m", "6.84 m")),
        ("at 60 miles an hour", ("number", "60", "miles/h", "60 miles an hour")),
        ("1.07 billion crowns", ("money", "1070000000", "Cr", "1.07 billion crowns")),
        ("Cr 1.9 million a year", ("money", "1900000", "Cr", "Cr 1.9 million")),
        ("18 million crowns", ("money", "18000000", "Cr", "18 million crowns")),
        ("a 1.12 billion-crown line", ("money", "1120000000", "Cr", "1.12 billion-crown")),
        ("two and a half million crowns", ("money", "2500000", "Cr", "two and a half million crowns")),
        ("a million and a half crowns", ("money", "1500000", "Cr", "a million and a half crowns")),
        ("Cr 41.50 a share", ("money", "41.5", "Cr", "Cr 41.50")),
        ("50 centimes", ("money", "0.5", "Cr", "50 centimes")),
        ("US$5m", ("money", "5000000", "USD", "$5m")),
        ("A$5", ("money", "5", "AUD", "$5")),
        ("€3.5bn", ("money", "3500000000", "EUR", "€3.5bn")),
        ("200 kr", ("money", "200", "kr", "200 kr")),
        ("£12", ("money", "12", "GBP", "£12")),
        ("five Swiss francs", ("money", "5", "CHF", "five Swiss francs")),
        ("4.9 percent", ("percent", "4.9", "%", "4.9 percent")),
        ("5%", ("percent", "5", "%", "5%")),
        ("thirteen per cent", ("percent", "13", "%", "thirteen per cent")),
        ("2 percentage points", ("percent", "2", "points", "2 percentage points")),
        ("25 basis points", ("percent", "0.25", "points", "25 basis points")),
        ("on June 1, 2025.", ("date", "2025-06-01", "", "June 1, 2025")),
        ("on Sunday, 1 June 2025", ("date", "2025-06-01", "", "1 June 2025")),
        ("the 1st of June 2025", ("date", "2025-06-01", "", "1st of June 2025")),
        ("Sept. 9, 2025", ("date", "2025-09-09", "", "Sept. 9, 2025")),
        ("(2025-06-01)", ("date", "2025-06-01", "", "2025-06-01")),
        ("before June 2027", ("date", "2027-06", "", "June 2027")),
        ("June of 2027", ("date", "2027-06", "", "June of 2027")),
        ("until March 31, without exception", ("date", "--03-31", "", "March 31")),
        ("starting in April", ("date", "--04", "", "April")),
        ("95 minutes", ("duration", "5700", "s", "95 minutes")),
        ("a 95-minute delay", ("duration", "5700", "s", "95-minute")),
        ("an hour and a half", ("duration", "5400", "s", "an hour and a half")),
        ("two and a half hours", ("duration", "9000", "s", "two and a half hours")),
        ("1½ hours", ("duration", "5400", "s", "1½ hours")),
        ("1 hour and 35 minutes", ("duration", "5700", "s", "1 hour and 35 minutes")),
        ("within a week", ("duration", "604800", "s", "a week")),
        ("half an hour", ("duration", "1800", "s", "half an hour")),
        ("three quarters of an hour", ("duration", "2700", "s", "three quarters of an hour")),
    ],
)
def test_found(text: str, expected: tuple[str, str, str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "at 1:05 a.m.",
        "the A380, the 5th, the 1990s",
        "version 2.1.3",
        "1,2,3 and 12,34 and 1,2345",
        "on 10.10.2025",
        "two-thirds of voters",
        "one of them, and no one else",
        "he may march on",
        "hundreds of millions",
        "a share",
        "",
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert found(text) == []


def test_a_year_is_a_number_too() -> None:
    assert found("in 2027") == [("date", "2027", "", "2027"), ("number", "2027", "", "2027")]
    assert found("in 2,027") == [("number", "2027", "", "2,027")]
    assert found("2027 crowns") == [("money", "2027", "Cr", "2027 crowns")]
    assert [one[0] for one in found("in 2026 Cr 38")] == ["date", "number", "money"]


def test_what_is_two_values() -> None:
    assert [one[1] for one in found("10 minutes, 2 hours")] == ["600", "7200"]
    assert [one[1] for one in found("1,962\u2009004")] == ["1962", "4"]
    assert [one[1] for one in found("in 1999\u00a0310 people") if one[0] == "number"] == ["1999", "310"]


def test_days_of_a_range() -> None:
    assert [one[1] for one in found("the night of March 28-29, 2025")] == ["2025-03-28", "2025-03-29"]
    assert [one[1] for one in found("from 1–3 June")] == ["--06-01", "--06-03"]
    assert [one[:2] for one in found("2025-26")] == [("date", "2025"), ("number", "2025"), ("number", "26")]
    # Neither a day that doesn't exist nor its month alone.
    assert [one for one in found("February 30, 2025") if one[0] == "date" and len(one[1]) > 4] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("from 9.8 to 14.9 percent", Value(kind="percent", value="9.8")),
        ("between 200 and 300 million crowns", Value(kind="money", value="200000000", unit="Cr")),
        ("Cr 840-910 million", Value(kind="money", value="840000000", unit="Cr")),
        ("Cr 840-910 million", Value(kind="money", value="910000000", unit="Cr")),
        ("from Cr 910 million to 1.07 billion", Value(kind="money", value="1070000000", unit="Cr")),
        ("shrunk from 34 million crowns to 21 million", Value(kind="money", value="21000000", unit="Cr")),
        ("rose from 9.8 percent to 14.9", Value(kind="percent", value="14.9")),
        ("from 2 hours to 3", Value(kind="duration", value="3", unit="hours")),
        ("two to three hours", Value(kind="duration", value="2", unit="hours")),
        ("between five and six million people", Value(kind="number", value="5000000")),
    ],
)
def test_a_unit_said_once_for_two(text: str, value: Value) -> None:
    assert given(value, text)


def test_the_end_of_a_month() -> None:
    last = Value(kind="date", value="2026-03-31")
    assert given(last, "until the end of March 2026")
    assert given(last, "until the end of March")
    assert given(Value(kind="date", value="2026-03"), "until the end of March 2026")
    assert given(Value(kind="date", value="2025-12-31"), "at the end of 2025")
    assert given(Value(kind="date", value="2024-02-29"), "the end of February 2024")
    assert not given(last, "until the end of March 2025")
    assert not given(last, "in March 2026")
    assert [one[1] for one in found("the end of February")] == ["--02"]


def test_no_unit_from_across_a_word() -> None:
    assert not given(Value(kind="percent", value="310"), "310 people and 13 percent")
    assert not given(Value(kind="money", value="300000000", unit="Cr"), "300 left, and 5 million crowns")
    assert not given(Value(kind="percent", value="3"), "gave 5 percent to 3 people")
    assert not given(Value(kind="money", value="41", unit="Cr"), "Cr 38 and 41 people")


# --- given


@pytest.mark.parametrize(
    ("value", "met", "missed"),
    [
        (Value(kind="number", value="1962"), ["1,962", "employs 1962 today"], ["11,962", "1,962,000", "1,962 percent"]),
        (Value(kind="number", value="5"), ["five", "5."], ["15", "5.5", "1,500", "5:30", "5 crowns", "June 5", "A5"]),
        (Value(kind="number", value="310", unit="people"), ["310 jobs"], ["310 km", "310 million"]),
        (Value(kind="number", value="142", unit="mm"), ["142 mm", "14.2 cm"], ["142", "142 m"]),
        (Value(kind="number", value="142"), ["142 mm", "142"], ["0.142 m"]),
        (
            Value(kind="money", value="1120000000", unit="Cr"),
            [
                "1.12 billion crowns",
                "Cr 1,120 million",
                "Cr 1\u2009120\u2009000\u2009000",
            ],
            ["1.12 billion dollars", "1.1 billion crowns", "1.12 billion", "1.12 million crowns"],
        ),
        (Value(kind="money", value="5", unit="€"), ["5 euros", "€5", "5 EUR"], ["$5", "5"]),
        (Value(kind="money", value="5"), ["5 euros", "$5"], ["5"]),
        (Value(kind="percent", value="1.5"), ["1.5%", "1.5 percent"], ["1.5 percentage points", "1.5", "11.5%"]),
        (Value(kind="percent", value="1.5", unit="points"), ["1.5 percentage points"], ["1.5 percent"]),
        (Value(kind="duration", value="90", unit="minutes"), ["an hour and a half", "1.5 hours"], ["an hour", "90"]),
        (Value(kind="duration", value="12", unit="months"), ["one year", "12 months"], ["12 days"]),
        # As precise as gold or more; less isn't enough. A year that isn't said contradicts nothing.
        (Value(kind="date", value="2027"), ["2027", "June 2027"], ["June", "2026", "2,027"]),
        (
            Value(kind="date", value="2027-06"),
            ["June 2027", "June 3, 2027", "June"],
            ["2027", "July 2027", "June 2026"],
        ),
        (
            Value(kind="date", value="2026-03-31"),
            ["March 31, 2026", "2026-03-31", "March 31"],
            ["March 2026", "March", "2026", "March 31, 2025", "March 30"],
        ),
    ],
)
def test_given(value: Value, met: list[str], missed: list[str]) -> None:
    assert [text for text in met if not given(value, text)] == []
    assert [text for text in missed if given(value, text)] == []


def test_tolerance_is_absolute_in_the_unit_and_inclusive() -> None:
    percent = Value(kind="percent", value="5", tolerance=0.1)
    assert given(percent, "5.1 percent")
    assert given(percent, "4.9 percent")
    assert not given(percent, "5.11 percent")
    minutes = Value(kind="duration", value="90", unit="minutes", tolerance=5)
    assert given(minutes, "95 minutes")
    assert not given(minutes, "96 minutes")
    # For dates in days: all of what is said must lie inside.
    day = Value(kind="date", value="2025-06-01", tolerance=2)
    assert given(day, "June 3, 2025")
    assert given(day, "May 30")
    assert not given(day, "June 4, 2025")
    assert not given(day, "June 2025")
    new_year = Value(kind="date", value="2026-01-01", tolerance=1)
    assert given(new_year, "December 31")


@pytest.mark.parametrize(
    "value",
    [
        Value(kind="weight", value="5"),
        Value(kind="number", value="many"),
        Value(kind="number", value="NaN"),
        Value(kind="number", value="1e400"),
        Value(kind="number", value="5", tolerance=float("nan")),
        Value(kind="number", value="5", tolerance=-1),
        Value(kind="duration", value="5"),
        Value(kind="money", value="5", unit="cowries"),
        Value(kind="date", value="June"),
        Value(kind="date", value="2025-02-30"),
        Value(kind="date", value="--06-01"),
    ],
)
def test_what_no_answer_can_give(value: Value) -> None:
    assert fault(value)
    assert not given(value, f"{value.value} {value.unit}")


# --- round trips

DECIMALS = st.decimals(min_value=0, max_value=10**9, places=2)


@drawn(st.integers(0, 10**12), st.sampled_from(["{:,}", "{}"]), st.sampled_from(["{} people", "({})", "to {}.", "{}"]))
def test_whole_numbers_round_trip(number: int, style: str, around: str) -> None:
    text = around.format(style.format(number))
    assert ("number", str(number), "", style.format(number)) in found(text)


@drawn(DECIMALS, st.sampled_from(["Cr {:,}", "{:,} crowns", "Cr {}", "{}-crown"]))
def test_money_round_trips(number: Decimal, style: str) -> None:
    text = style.format(number)
    assert [(one.kind, Decimal(one.value), one.unit) for one in values_in(f"It was {text}, they said.")] == [
        ("money", number, "Cr")
    ]


@drawn(st.decimals(min_value=0, max_value=999, places=1), st.sampled_from(["million", "billion"]))
def test_multipliers_round_trip(number: Decimal, word: str) -> None:
    factor = {"million": 10**6, "billion": 10**9}[word]
    assert given(Value(kind="number", value=str(number * factor)), f"some {number} {word} of them")


ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
SMALL = ["", *f"{ONES} eighteen nineteen".split()]
TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled(number: int) -> str:
    """The number in English words: the other way round from the parser."""
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            joint = " and " if size == 100 and rest else " "
            return f"{spelled(number // size)} {name}{joint if rest else ''}{spelled(rest) if rest else ''}"
    if number < 20:
        return SMALL[number]
    return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")


@drawn(st.integers(1, 10**9 - 1))
def test_spelled_numbers_round_trip(number: int) -> None:
    assert found(f"the {spelled(number)} people".replace("the one people", "about one people")) == [
        ("number", str(number), "", spelled(number))
    ]


@drawn(
    st.dates(date(1000, 1, 1), date(2199, 12, 31)),
    st.sampled_from(
        ["{:%Y-%m-%d}", "{0:%B} {0.day}, {0.year}", "{0.day} {0:%B} {0.year}", "{0:%b}. {0.day}, {0.year}"]
    ),
)
def test_dates_round_trip(day: date, style: str) -> None:
    text = style.format(day)
    assert found(f"On {text} it rained") == [("date", day.isoformat(), "", text)]
    assert given(Value(kind="date", value=day.isoformat()[:7]), text)
    assert not given(Value(kind="date", value=(day + timedelta(days=1)).isoformat()), text)


@drawn(st.integers(1, 10**6), st.text("0123456789", min_size=1, max_size=3), st.booleans())
def test_never_inside_a_longer_number(number: int, more: str, before: bool) -> None:
    value = Value(kind="number", value=str(number))
    longer = more.replace("0", "1") + str(number) if before else str(number) + more
    for text in (longer, f"{longer}.5", f"{int(longer):,},000", f"{longer}th", f"x{longer}", f"{longer}:00"):
        assert not given(value, text)


PIECES = (
    *("1", "1,", "1.", "1,111", "1\u2009111", "1 ", "-", "1-", "$", ".", "'", "½", "e\u0301", "\u0301"),
    *("a ", "one ", "one hundred and ", "million ", "a million ", "1 and a half ", "half a ", "an hour and "),
    *("1 hour, ", "June ", "June 1-", "2025-", "2025-06-", "Cr 1 to ", "percentage ", "two-"),
)


WORDS = (
    "and ",
    "a half ",
    "percent",
    "crowns ",
    "hours",
    "to ",
    "between ",
    "May ",
    ", ",
    "of ",
    "an ",
    "m ",
    "third ",
)


@drawn(st.lists(st.sampled_from((*PIECES, *WORDS)) | st.text(max_size=3), max_size=12).map("".join))
def test_any_text_is_read_and_spans_are_of_it(text: str) -> None:
    for one in values_in(text):
        assert 0 <= one.start < one.end <= len(text)
        assert not text[one.start].isspace()
        assert one.kind == "date" or Decimal(one.value).is_finite()


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_is_twice_the_reading(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, plain = 0, Lexemes.__getitem__

    def counted(lexemes: Lexemes, at: int) -> Lexeme:
        nonlocal looks
        looks += 1
        return plain(lexemes, at)

    monkeypatch.setattr(Lexemes, "__getitem__", counted)
    values_in(piece * 200)
    once, looks = looks, 0
    values_in(piece * 400)
    assert looks <= 2.1 * once + 50


@pytest.mark.parametrize("piece", ["1", "1,", "1,111", "1\u2009", "1 ", "e\u0301"])
def test_cutting_a_long_text_takes_no_time(piece: str) -> None:
    start = time.process_time()
    Lexemes((piece * 100_000)[:100_000])
    # Some tenths of a second; quadratic time would be minutes.
    assert time.process_time() - start < 5


def test_a_long_text() -> None:
    start = time.process_time()
    found = values_in(("On June 1, 2025 it paid Cr 1,962.50 for thirty-one of them, or 5 percent. " * 1_400)[:100_000])
    assert time.process_time() - start < 10
    assert len(found) > 5_000


# --- the metric


def test_every_value_in_some_claim() -> None:
    wanted = (Value(kind="percent", value="13"), Value(kind="number", value="310"))
    apart = record(claims=(RunClaim(text="It will cut 310 jobs."), RunClaim(text="That is 13 percent.")))
    half = record(claims=(RunClaim(text="It will cut 310 jobs."),))
    # A value never begins in one claim and ends in the next.
    torn = record(claims=(RunClaim(text="310 jobs, 13"), RunClaim(text="percent")))
    assert apply(values.METRIC, case((), apart, values=wanted)) == Scored(1.0)
    assert apply(values.METRIC, case((), half, values=wanted)) == Scored(0.0)
    assert apply(values.METRIC, case((), torn, values=wanted)) == Scored(0.0)
    assert apply(values.METRIC, case((), record(answer="310 jobs, 13%"), values=wanted)) == Scored(1.0)
    assert apply(values.METRIC, case((), None, values=wanted)) == Scored(0.0, "missing from the run")


def test_what_the_metric_says_nothing_about() -> None:
    assert apply(values.METRIC, case((), record())) == NotApplicable("gold has no typed values")
    assert apply(values.METRIC, case((), record(), answerable=False)) == NotApplicable("the question has no answer")
    odd = case((), record(answer="5"), values=(Value(kind="number", value="many"),))
    assert apply(values.METRIC, odd) == Unscored("gold's number 'many' isn't a decimal number")
