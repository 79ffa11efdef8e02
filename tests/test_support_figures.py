"""How the support scorer reads figures, times, negations and names in a sentence: values worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qa.answer.support import Evidence, judge
from qa.answer.support.figures import figures
from qa.answer.support.names import names_in
from qa.answer.support.negation import negated
from qa.answer.support.periods import period_of
from qa.answer.support.reading import Line, lines
from qa.answer.support.sides import sides
from qa.answer.support.times import times
from qa.answer.support.words import is_past, plain
from qa.types import Support


def line_of(text: str) -> Line:
    (line,) = lines(text)
    return line


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Norvik paid $4.6bn.", "4600000000", "dollar"),
        ("Norvik paid 4.6 billion dollars.", "4600000000", "dollar"),
        ("Norvik paid US$5 million.", "5000000", "dollar"),
        ("Norvik paid HK$5 million.", "5000000", "dollar:hong kong"),
        ("Norvik paid 5m euros.", "5000000", "euro"),
        ("Norvik paid £3m.", "3000000", "pound"),
        ("Norvik paid EUR 3 million.", "3000000", "euro"),
        ("Norvik paid 5 million Swiss francs.", "5000000", "franc:swiss"),
        ("Norvik paid 50 cents.", "0.5", "dollar"),
        ("Norvik sold 5 per cent of it.", "5", "%"),
        ("Norvik sold six percent of it.", "6", "%"),
        ("It rose 25 basis points.", "0.25", "points"),
        ("It sold 1.5m shares.", "1500000", ""),
        ("It sold two hundred and five boats.", "205", ""),
        ("It sold one hundred thousand boats.", "100000", ""),
        ("It sold thirty-one boats.", "31", ""),
        ("It sold a dozen boats.", "12", ""),
        ("It sold half a million boats.", "500000", ""),
        ("It sold two and a half million boats.", "2500000", ""),
        ("It sold a million and a half boats.", "1500000", ""),
        ("It sold 1,234,567 boats.", "1234567", ""),
        ("It sold 12,34,567 boats.", "1234567", ""),
        ("It was the twenty-first boat.", "21", "ordinal"),
        ("It was the 21st boat.", "21", "ordinal"),
        ("It is 5½ km long.", "5.5", "kilometre"),
        ("It is 60 miles an hour fast.", "60", "mph"),
        ("It lasted half an hour.", "1800", "seconds"),
        ("It lasted a year and a half.", "18", "months"),
        ("A 95-minute film ran.", "5700", "seconds"),
        ("Berg, 47, left.", "47", "age"),
        ("A 47-year-old left.", "47", "age"),
        ("It was -5 degrees.", "-5", "degree"),
        ("Two-fifths of them left.", "0.4", "share"),
        ("One in five workers left.", "0.2", "share"),
        ("Half of them left.", "0.5", "share"),
        ("Hundreds of workers left.", "200", "many"),
        ("Tens of thousands of workers left.", "20000", "many"),
    ],
)
def test_a_figure(text: str, value: str, unit: str) -> None:
    (figure,) = figures(line_of(text))
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    ["Version 2.1.3 of it ran.", "A 5G network ran.", "It ran 24/7 here.", "One of them left.", "The A380 left."],
)
def test_what_is_no_figure(text: str) -> None:
    assert figures(line_of(text)) == ()


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("Norvik cut about 2,000 jobs.", "near"),
        ("Norvik cut 2,000 or so jobs.", "near"),
        ("Norvik cut just under 2,000 jobs.", "nearly"),
        ("Norvik paid more than $5m.", "over"),
        ("Norvik cut no more than 2,000 jobs.", "most"),
        ("Norvik cut at least 2,000 jobs.", "least"),
        ("Norvik cut 2,000 jobs.", ""),
    ],
)
def test_how_exact_a_figure_claims_to_be(text: str, hedge: str) -> None:
    (figure,) = figures(line_of(text))
    assert figure.hedge == hedge


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("Sales grew 5-10%.", 5, 10, "%"),
        ("Sales grew between 5 and 10 percent.", 5, 10, "%"),
        ("Sales of 5 to 10 million dollars grew.", 5_000_000, 10_000_000, "dollar"),
        ("Sales of $5 million to $10 million grew.", 5_000_000, 10_000_000, "dollar"),
        ("It takes two to three years.", 24, 36, "months"),
    ],
)
def test_ranges_are_one_figure(text: str, low: int, high: int, unit: str) -> None:
    (figure,) = figures(line_of(text))
    assert (figure.value, figure.high, figure.unit) == (low, high, unit)


def test_a_movement_is_two_figures_with_their_roles_and_one_unit() -> None:
    one, two = figures(line_of("The rate rose from 5 to 6 percent."))
    assert [(one.value, one.unit, one.role), (two.value, two.unit, two.role)] == [(5, "%", "from"), (6, "%", "to")]


def test_a_score_is_no_range() -> None:
    assert [figure.value for figure in figures(line_of("They won 1-3 in Leeds."))] == [1, 3]


def test_what_is_counted() -> None:
    (figure,) = figures(line_of("Norvik cut 300 of the club's new jobs in Leeds."))
    assert figure.nouns == ("new", "job")
    part, whole = figures(line_of("Two of its five directors resigned."))
    assert (part.nouns, part.whole) == (("direct",), False)
    assert (whole.nouns, whole.whole) == (("direct",), True)
    (rate,) = figures(line_of("Norvik pays $5m a year to Leeds."))
    assert rate.per == "year"
    (none,) = figures(line_of("Norvik paid $5m a year earlier."))
    assert none.per == ""


PUBLISHED = date(2014, 6, 12)  # a Thursday


@pytest.mark.parametrize(
    ("text", "ahead", "first", "last"),
    [
        ("It closed on Wednesday.", False, date(2014, 6, 11), date(2014, 6, 11)),
        ("It closed on Thursday.", False, PUBLISHED, PUBLISHED),
        ("It closes on Wednesday.", True, date(2014, 6, 18), date(2014, 6, 18)),
        ("It closed last Thursday.", False, date(2014, 6, 5), date(2014, 6, 5)),
        ("It closes next Friday.", True, date(2014, 6, 13), date(2014, 6, 13)),
        ("It closed yesterday.", False, date(2014, 6, 11), date(2014, 6, 11)),
        ("It closed last week.", False, date(2014, 6, 2), date(2014, 6, 8)),
        ("It closed last month.", False, date(2014, 5, 1), date(2014, 5, 31)),
        ("It closed last year.", False, date(2013, 1, 1), date(2013, 12, 31)),
        ("It closed six months ago.", False, date(2013, 12, 1), date(2013, 12, 31)),
        ("It closed three years ago.", False, date(2011, 1, 1), date(2011, 12, 31)),
        ("It closed on 10 June 2013.", False, date(2013, 6, 10), date(2013, 6, 10)),
        ("It closed on June 10th, 2013.", False, date(2013, 6, 10), date(2013, 6, 10)),
        ("It closed on 2013-06-10.", False, date(2013, 6, 10), date(2013, 6, 10)),
        ("It closed in November.", False, date(2013, 11, 1), date(2013, 11, 30)),
        ("It closes in November.", True, date(2014, 11, 1), date(2014, 11, 30)),
        ("It closed on February 29, 2012.", False, date(2012, 2, 29), date(2012, 2, 29)),
        ("It closed in the 1990s.", False, date(1990, 1, 1), date(1999, 12, 31)),
        ("It closed in 2012.", False, date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_when_it_was(text: str, ahead: bool, first: date, last: date) -> None:
    (time,) = times(line_of(text))
    assert period_of(time, PUBLISHED, ahead=ahead) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["It may close.", "They march on.", "It sold 2000 boats.", "It paid $2014.", "It can last.", "He sat in the sun."],
)
def test_what_is_no_time(text: str) -> None:
    assert times(line_of(text)) == ()


def test_without_a_day_of_publication_only_whole_dates_are_known() -> None:
    for text in ("It closed on Wednesday.", "It closed last year.", "It closed in June."):
        (time,) = times(line_of(text))
        assert period_of(time, None, ahead=False) is None


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Norvik will not close the plant.", "close", True),
        ("Norvik will not close the plant and will open a mill.", "open", False),
        ("Norvik did not hire, fire or promote them.", "fire", True),
        ("Norvik did not, however, close it.", "close", True),
        ("Norvik failed to close the plant.", "close", True),
        ("Norvik did not fail to close the plant.", "close", False),
        ("Norvik cut not only jobs.", "jobs", False),
        ("No workers at the plant were hurt.", "hurt", True),
        ("The merger was rejected by Norvik.", "merger", True),
        ("A few workers left.", "left", False),
        ("Norvik denied on Monday that it would close.", "close", True),
        ("Norvik did not sell the plant opened in 2010.", "opened", False),
    ],
)
def test_what_a_negation_denies(text: str, word: str, expected: bool) -> None:
    line = line_of(text)
    (place,) = (at for at, found in enumerate(line.words) if found.low == word)
    assert negated(line, place) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday Maria Berg left Norvik Foods.", ["Maria Berg", "Norvik Foods"]),
        ("Then Berg's aide met the University of Leeds.", ["Berg", "University of Leeds"]),
        ("President Ada Lund spoke.", ["Ada Lund"]),
        ("Profits rose.", []),
        ("The U.S. and Norvik's U.K. arm agreed.", ["U.S.", "Norvik", "U.K."]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert [name.text for name in names_in(line_of(text)) if name.sure] == expected


@pytest.mark.parametrize(
    ("text", "verb", "doing", "done_to"),
    [
        ("Norvik bought Tarnwell.", "bought", {"norvik"}, {"tarnwell"}),
        ("Tarnwell was bought by Norvik.", "bought", {"norvik"}, {"tarnwell"}),
        ("Norvik's rival Tarnwell bought Brillon.", "bought", {"tarnwell"}, {"brillon"}),
        (
            "Norvik, which lost Leeds, bought Brillon.",
            "bought",
            {"norvik"},
            {"norvik", "brillon"},
        ),  # perhaps a participle
        ("Norvik, Marwood and Tarnwell bought Brillon.", "bought", {"norvik", "marwood", "tarnwell"}, {"brillon"}),
        ("After the talks in Leeds, Norvik bought Brillon.", "bought", {"norvik"}, {"brillon"}),
    ],
)
def test_who_does_it_to_whom(text: str, verb: str, doing: set[str], done_to: set[str]) -> None:
    line = line_of(text)
    (place,) = (at for at, found in enumerate(line.words) if found.low == verb)
    found = sides(line, place)
    assert (found.doing, found.done_to) == (doing, done_to)


def test_unusual_characters_read_as_plain_ones_and_capitals_stay() -> None:
    assert plain("“Ｎorvik”\u00a0sold ６%\u2009–\u200b 5\u2212 ½") == '"Norvik" sold 6% - 5- 1⁄2'
    assert plain("10\u202f000 m²") == "10000 m ^2"
    assert plain("٣ Nоrvik") == "3 Nоrvik"  # the "о" is Cyrillic, and stays so


def test_forms_of_the_past() -> None:
    past = "closed bought sold won lost kept written taken fell rose led left said"
    other = "need speed hundred close buys selling plant weekend news golden cities nation"
    assert [word for word in past.split() if not is_past(word)] == []
    assert [word for word in other.split() if is_past(word)] == []


@pytest.mark.parametrize(
    ("claim", "evidence", "supported"),
    [
        ("The line's cost has risen to Cr 1.12 billion.", "The line's cost has risen to 1.12 billion crowns.", True),
        ("The line's cost has risen to 1.12 billion crowns.", "The line's cost has risen to Cr 1.12 billion.", True),
        ("It costs Rs 5.", "It costs 5 rupees.", True),
        ("It costs Cr 5.", "It costs Rs 5.", False),
        ("It costs Cr 5.", "It costs 6 crowns.", False),
        ("It costs 5 crowns.", "It costs Rs 5 Cr.", False),
    ],
)
def test_an_abbreviation_before_a_number_is_a_currency(claim: str, evidence: str, supported: bool) -> None:
    assert (judge(claim, [Evidence(text=evidence)]).support is Support.SUPPORTED) is supported


@pytest.mark.parametrize(
    ("claim", "evidence", "supported"),
    [
        ("It fell to 21 million crowns from 34 million.", "It fell to 21 million crowns from 34 million crowns.", True),
        ("It cost Cr 98 million, Cr 3 million over plan.", "It cost 98 million crowns, three million over plan.", True),
        (
            "It fell to 21 million crowns from 35 million.",
            "It fell to 21 million crowns from 34 million crowns.",
            False,
        ),
        (
            "It cost Cr 98 million, Cr 3 million over plan.",
            "It cost 98 million dollars, three million over plan.",
            False,
        ),
        (
            "It has 3 million readers and owes 5 million crowns.",
            "It owes 3 million crowns and 5 million crowns.",
            False,
        ),
    ],
)
def test_an_amount_may_go_without_its_currency_beside_another(claim: str, evidence: str, supported: bool) -> None:
    assert (judge(claim, [Evidence(text=evidence)]).support is Support.SUPPORTED) is supported
