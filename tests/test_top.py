"""What an article says of itself: dates that aren't guessed, metadata made safe, headline and byline at the top."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.dates import from_number, read_date
from qa.ingest.metadata import one_line, safe_url
from qa.ingest.top import read_name, read_top

# --- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-04", "2025/03/04", "2025-3-4", "20250304", "2025-03-04T10:00:00Z", "2025-03-04 10:00:00+01:00",
        "March 4, 2025",
        "Mar. 4, 2025", "4 March 2025", "4th of March 2025", "Tuesday, March 4, 2025", "Tue, 04 Mar 2025 10:00:00 GMT",
        "04.03.2025",
        "MARCH 4 2025", "March 4th, 2025, 9 a.m.", "2025年3月4日", "4-Mar-2025", "20250304T101500Z",
    ],
)  # fmt: skip
def test_dates_are_read(written: str) -> None:
    assert read_date(written) == date(2025, 3, 4)


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2025", "3-4-2025", "2025", "March 2025", "2025-02-30", "2025-13-01", "31 June 2025", "March 4, 2101",
        "9999-01-01",
        "0000-00-00", "yesterday", "", "on March 4, 2025", "12345678901", "2025-03-045", "March 4", "1.2.3", "99999999",
    ],
)  # fmt: skip
def test_dates_are_not_guessed(written: str) -> None:
    assert read_date(written) is None


def test_numeric_dates_that_can_only_be_one_day_are_read() -> None:
    assert read_date("25/03/2025") == read_date("03/25/2025") == date(2025, 3, 25)
    assert read_date("04/04/2025") == date(2025, 4, 4)


def test_numbers_are_seconds_milliseconds_or_compact_dates() -> None:
    assert from_number(1_741_082_400) == from_number(1_741_082_400_000) == from_number(20_250_304) == date(2025, 3, 4)
    assert [from_number(value) for value in (0, -5, 2025, 1e300, 5e9)] == [None] * 5


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or 1500 <= found.year <= 2100


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_that_is_written_out_is_read_back(day: date) -> None:
    for written in (day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"):
        assert read_date(written) == day


# --- metadata -------------------------------------------------------------------------------------------------------


def test_values_are_one_line_and_bounded() -> None:
    assert one_line(" A\r\ntitle\x1b[2J with\u2028breaks \u202eand\ufeff more ") == "A title [2J with breaks and more"
    assert len(one_line("word " * 10_000)) <= 500
    assert one_line("\x00\ud83d") == ""


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "http://", "https://x/" + "y" * 2_000, "//x.y"]
)
def test_only_addresses_of_the_web_are_kept(bad: str) -> None:
    assert safe_url(bad) == ""
    assert safe_url(" https://news.example/1?a=b#c ") == "https://news.example/1?a=b#c"


# --- title, byline and date in the text -----------------------------------------------------------------------------


def test_a_headline_a_byline_and_a_date_at_the_top() -> None:
    known = read_top("Port to close in May\nBy Ana Ruiz | March 3, 2025\n\nThe port closes.\n\nIt opens again.\n")
    assert (known.title, known.author, known.published) == ("Port to close in May", "Ana Ruiz", date(2025, 3, 3))
    assert set(known.origins.values()) == {"text"}


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ana Ruiz", "Ana Ruiz"), ("*By Ana Ruiz and Bo Li*", "Ana Ruiz and Bo Li"), ("BY ANA RUIZ", "ANA RUIZ"),
        ("By Ludwig van der Berg — Berlin", "Ludwig van der Berg"),
        ("By Åsa Öberg, Staff Writer", "Åsa Öberg, Staff Writer"),
        ("By: 张伟", "张伟"), ("By Monday the port was closed", ""), ("By the sea", ""), ("By contrast", ""),
        ("Bye Ana", ""),
        ("By closing the port, the city saved money.", ""), ("By March Ana had left", ""), ("Byron Ruiz", ""),
    ],
)  # fmt: skip
def test_bylines(line: str, author: str) -> None:
    assert read_top(f"Port to close in May\n\n{line}\n\nThe port closes in May.").author == author


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("March 3, 2025", date(2025, 3, 3)), ("Published: 2025-03-03", date(2025, 3, 3)),
        ("Updated on 3 March 2025, 10:15 a.m. ET", date(2025, 3, 3)),
        ("BERLIN, March 3, 2025 - The port closes in May, it said.", date(2025, 3, 3)),
        ("(March 3, 2025)", date(2025, 3, 3)),
        ("SAN JOSE, Calif., March 3, 2025 (Wire) -- The port closes.", date(2025, 3, 3)),
        ("Monday, 3 March 2025 | 09:00", date(2025, 3, 3)),
        ("2025-03-03T09:00:00Z", date(2025, 3, 3)), ("By Ana Ruiz, March 3, 2025", date(2025, 3, 3)),
        ("March 3, 2025 was the day on which the port closed.", None),
        ("BERLIN, March 3 (Wire) - The port closes.", None),
        ("Published: 03/04/2025", None), ("Published: yesterday", None), ("The port closed on March 3, 2025.", None),
        ("Date: February 30, 2025", None), ("Berlin, March 3, 2025, the port was closed - again.", None),
    ],
)  # fmt: skip
def test_dates_in_lines_that_are_there_to_say_them(line: str, day: date | None) -> None:
    assert read_top(f"Port to close in May\n\n{line}\n\nThe port closes in May.").published == day


def test_a_date_far_down_is_the_story_and_not_its_date() -> None:
    assert read_top("Port to close\n\n" + "A line.\n" * 40 + "March 3, 2025\n").published is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Port to close #\n\nText.", "Port to close"), ("Port to close\n=====\nText.", "Port to close"),
        ("Intro.\n\n## Port to close\n\nText.", "Port to close"), ("**Port to close**\n\nText.", "Port to close"),
        ("By Ana Ruiz\n\nPort to close\n\nText.", "Port to close"),
        ("Will the port close?\n\nText.", "Will the port close?"),
        ("The port closes in May.\n\nIt opens again.", ""), ("• The port closes\n\nText.", ""),
        ("Photo: the port\n\nText.", ""),
        ("Like us on Facebook\n\nText.", ""),
        ("The port, which closes in May and is run by\nthe city, opens again.\n", ""),
        ("One line only", ""), ("", ""), ("https://x.example\n\nText", ""), ("lower case first\n\nText.", ""),
        ("Word " * 40 + "\n\nText", ""),
        ("Port to close\n" + "The port closes in May, the city said on Monday. " * 4, "Port to close"),
    ],
)  # fmt: skip
def test_titles_in_the_text(text: str, title: str) -> None:
    assert read_top(text).title == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2025-03-04_port-strike.txt", "2025-03-04 port strike"),
        ("a/b/port_to_close.md", "Port to close"),
        ("x.txt", "X"),
        ("---.txt", "---"),
    ],
)
def test_a_title_is_made_of_the_file_name_where_nothing_else_is(name: str, title: str) -> None:
    assert read_name(name).title == title


def test_a_date_in_a_file_name_is_the_last_resort() -> None:
    assert read_name("/news/2025-03-04_port-strike.txt").published == date(2025, 3, 4)
    assert read_name("/2024-01-01/12025-03-04.txt").published is None
    assert read_name("2025-13-04 x.txt").published is None


def test_a_first_line_that_the_file_is_named_after_is_its_title() -> None:
    text = "Port of Oslo to close: ‘no way back.’\n\nThe port closes in May.\n"
    assert read_top(text, name="/a/Post_2025-03-04_port-of-oslo-to-clo.txt").title == text.split("\n")[0].replace(
        ".", ""
    )
    assert read_top(text, name="/a/Post_2025-03-04_port-of-call-in-oslo.txt").title == ""
    assert (
        read_top("The port closes in May.\n\nMore.", name="the-port-closes-in-may.txt").title
        == "The port closes in May"
    )
    assert read_top("The port closes in May.\n\nMore.", name="the-port.txt").title == ""


@given(st.text(max_size=300))
def test_the_top_of_any_text_is_read(text: str) -> None:
    known = read_top(text)
    assert "\n" not in known.title + known.author
    assert len(known.title) <= 500


@pytest.mark.parametrize("unit", ["By A", "a ", "March ", "2025-", "By Ana, ", "A, ", "*", "Published: ", "1"])
def test_the_top_of_long_lines_takes_no_time(unit: str) -> None:
    assert read_top(unit * 200_000).published is None  # quadratic time would be hours
