"""Patterns of things that can be seen in a sentence: figures with units, dates, reasons; and what in a question asks
for which.

Grammar and closed classes only, each pattern linear in the text. Which expression answers is decided in ``fit``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.types import Span


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


def _compiled(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# --- figures

_NUMERALS = _any(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? "
    "billions? dozens? half "
    "quarter third thirds quarters twice once zero several"
)
#: Words that are a number only right before what is counted ("one of his plans" has no figure).
VAGUE = frozenset(("one", "once", "twice", "several", "quarter", "third", "half", "zero"))
_NUMBER = rf"(?:\d(?:[\d,]*\d)?(?:\.\d+)?|\b{_NUMERALS}\b(?:-{_NUMERALS}\b)?)"
_SCALE = rf"(?:[ -]{_any('hundred thousand million billion trillion m bn k lakh crore')}\b)?"
_CURRENCY_BEFORE = r"(?:[$£€¥₹]|\b(?:US\$|Cr|USD|EUR|GBP|Rs\.?|RMB)\s?)"
_CURRENCY_AFTER = _any(
    "crowns? dollars? euros? pounds? yen yuan rupees? francs? cents? pence pesos? marks? roubles? "
    "rubles? won krona kronor "
    "kroner usd eur gbp sek rmb"
)
_TIME = _any("seconds? minutes? hours? days? weeks? months? years? decades? centuries century mins? hrs?")
_UNIT = _any(
    "km kms kilomet(?:re|er)s? met(?:re|er)s? miles? feet foot ft inch(?:es)? cm mm acres? hectares? "
    "sq(?:uare)? kg kilos? "
    "kilograms? tons? tonnes? pounds? lbs? lit(?:re|er)s? gallons? degrees? mph km/h knots? mw gw kwh watts? m"
)

PERCENT = _compiled(rf"{_NUMBER}(?:\s?%|[ -]per ?cents?\b|[ -]percentage points?\b)")
MONEY = _compiled(rf"{_CURRENCY_BEFORE}\s?{_NUMBER}{_SCALE}", rf"{_NUMBER}{_SCALE}[ -]{_CURRENCY_AFTER}\b")
DURATION = _compiled(rf"{_NUMBER}{_SCALE}[ -](?:and a half )?{_TIME}\b")
MEASURE = _compiled(rf"{_NUMBER}{_SCALE}(?:[ -]?{_UNIT}\b|\s?°)")
FIGURE = _compiled(rf"{_CURRENCY_BEFORE}?{_NUMBER}{_SCALE}")

_PERCENT_ASKED = _compiled(
    r"\b(?:percent\w*|per cent|proportion|fraction|how much of)\b",
    r"\b(?:what|which|how (?:large|big|high)) (?:\w+ )?(?:share|stake)\b",
)
_MONEY_ASKED = re.compile(
    r"\b"
    + _any(
        r"cost\w* pric\w+ pay\w* paid spen[dt]\w* earn\w* worth revenues? sales salar\w+ budgets? profits? income "
        r"wages? money fees? fined? raise[ds]? donat\w+ fund\w* invest\w* loan\w* debts? dollars? expens\w+ charge[ds]?"
    )
    + r"\b",
    re.IGNORECASE,
)
_DURATION_ASKED = _compiled(
    r"\b(?:how long|how old|what age)\b",
    r"\bhow many (?:\w+ )?(?:years|months|weeks|days|hours|minutes|seconds)\b",
)
_MEASURE_ASKED = _compiled(
    rf"\bhow {_any('far tall high deep wide large big heavy fast hot cold')}\b",
    rf"\b{_any('height distance length weight temperature speed depth area')}\b",
)
#: What in a question asks for which kind of figure.
ASKED = (
    (_PERCENT_ASKED, PERCENT),
    (_MONEY_ASKED, MONEY),
    (_DURATION_ASKED, DURATION),
    (_MEASURE_ASKED, MEASURE),
)
#: What is counted, in the first group.
COUNTED = re.compile(r"\bhow many ((?:\w+[ -]?){1,4})", re.IGNORECASE)

# --- times

_MONTH = (
    _any(
        "January February March April May June July August September October November December Jan "
        "Feb Mar Apr Jun Jul Aug Sept? "
        "Oct Nov Dec"
    )
    + r"\b\.?"
)
_YEAR = r"(?:1[0-9]\d\d|20\d\d)(?!\d|[.,]\d)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
#: Case matters here: "may" and "march" are verbs.
DATE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?:,? {_YEAR})?",
            rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?",
            rf"{_MONTH},? (?:of )?{_YEAR}",
            rf"{_YEAR}-\d\d-\d\d",
            rf"{_YEAR}s?(?:[-–]\d{{2,4}})?",
            r"\d{1,4} ?(?:AD|BC|BCE|CE)\b",
            rf"(?:early |late |mid-?)?{_MONTH}(?= |,|;)",
            rf"the {_ORDINAL} century",
            rf"{_ORDINAL}[ -]century",
        )
    )
    + ")"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_PERIOD = _any("week month year day night spring summer autumn fall winter morning evening decade century")
_AGO = _any("ago later earlier before after")
RELATIVE = _compiled(
    rf"\b(?:(?:last|next|this|that|on|until|since|by) )?{_DAY}\b",
    rf"\b(?:last|next|this|the (?:following|previous|same)) {_PERIOD}\b",
    r"\b(?:yesterday|today|tomorrow|tonight)\b",
    r"\b\d{1,2}(?::\d\d)? ?(?:a\.?m|p\.?m)\b\.?",
    r"\b\d{1,2}:\d\d\b",
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|a few|several|many) "
    rf"(?:days|weeks|months|years|decades|centuries) {_AGO}\b",
)

# --- reasons, definitions

BECAUSE = _compiled(
    r"\b(?:because|due to|owing to|thanks to|as a result|in order to|so that|so as to|caused by|the reason|since)\b",
    r"\b(?:for fear|out of|therefore|hence|led to|attributed to|blam\w+)\b",
    r"\b(?:to avoid|to prevent|resulting from|on account of)\b",
)


def definitions(term: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    """How well a sentence that matches defines ``term``: "X, the ...", "X is a ..."; "..., called X"; X at all."""
    name = re.escape(term)
    aside = rf"{name}(?:\s\([^)\n]{{1,60}}\))?['\"’”]?"
    article = r"(?:a|an|the|one)"
    after = (
        rf"{aside}, (?:{article[3:-1]}|which|who|whose)\b",
        rf"{aside},? (?:is|was|are|were) {article}\b",
        rf"{aside},? (?:refers|means)\b",
        rf"{aside}[ ,]*\(",
        rf"{aside}s? (?:is|are)\b",
    )
    before = rf"(?:called|known as|named|dubbed|the (?:\w+ ){{0,3}}\w+)\s['\"‘“]?{name}\b"
    return (1.0, _compiled(*after)), (0.6, _compiled(before)), (0.3, _compiled(name))


def found(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    """The spans in ``text[start:end]`` that match, in order."""
    for match in pattern.finditer(text, start, end):
        yield Span(match.start(), match.end())
