"""Number words, currencies, and units of time and measure: spellings, and what each is in its base unit."""

from __future__ import annotations

from decimal import Decimal


def listed(words: str) -> tuple[str, ...]:
    """A closed class of words, written as one string."""
    return tuple(words.split())


_ONES = listed("zero one two three four five six seven eight nine")
_TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
SMALL = {word: n for n, word in enumerate((*_ONES, *_TEENS))}
TENS = {word: 10 * n for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
#: Words that multiply the number before them.
SCALES = {
    **BIG,
    **{f"{word}s": n for word, n in BIG.items()},
    "hundred": 100,
    "dozen": 12,
    "lakh": 10**5,
    "crore": 10**7,
}
ABBREVIATED = {"k": 10**3, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12}
#: "m" is a million only of money; else it's metres.
ABBREVIATED_MONEY = {**ABBREVIATED, "m": 10**6, "b": 10**9}
VULGAR = {"1⁄2": Decimal("0.5"), "1⁄4": Decimal("0.25"), "3⁄4": Decimal("0.75")}
#: "two-thirds" is no two.
FRACTIONS = frozenset(
    listed(
        "half halves third thirds quarter quarters fifth fifths sixth sixths seventh sevenths eighth "
        "eighths ninth ninths tenth tenths hundredth hundredths"
    )
)


def _spellings(table: str) -> dict[str, tuple[str, Decimal]]:
    """Lines of ``base factor spelling spelling ...``."""
    return {
        spelling: (base, Decimal(factor))
        for base, factor, *spellings in map(str.split, table.splitlines())
        for spelling in spellings
    }


#: Before a number, and glued to a number before "$": "US$5".
CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
DOLLARS = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD"}
CURRENCY_CODES = {
    **{code.lower(): code for code in listed("USD EUR GBP JPY INR CHF SEK NOK DKK CNY RMB AUD CAD NZD HKD")},
    "cr": "Cr",
    "kr": "kr",
    "rs": "INR",
}
#: After a number. Centimes are those of the crown, cents the dollar's; "kr" and kronor may be of any country.
CURRENCY_WORDS = _spellings(
    """Cr 1 crown crowns
Cr 0.01 centime centimes
USD 1 dollar dollars
USD 0.01 cent cents
EUR 1 euro euros
GBP 1 pound pounds
GBP 0.01 penny pence
JPY 1 yen
CNY 1 yuan
INR 1 rupee rupees
CHF 1 franc francs
kr 1 krona kronor kronas krone kroner"""
)

#: In seconds; a month is a twelfth of the mean Gregorian year.
TIME = _spellings(
    """s 1 second seconds sec secs
s 60 minute minutes min mins
s 3600 hour hours hr hrs h
s 86400 day days
s 604800 week weeks
s 1209600 fortnight fortnights
s 2629746 month months
s 31556952 year years yr yrs
s 315569520 decade decades
s 3155695200 century centuries"""
)

MEASURES = _spellings(
    """m 0.001 mm millimetre millimetres millimeter millimeters
m 0.01 cm centimetre centimetres centimeter centimeters
m 1 m metre metres meter meters
m 1000 km kilometre kilometres kilometer kilometers
m 1609.344 mile miles
m 0.3048 ft foot feet
m 0.0254 inch inches
kg 0.001 g gram grams
kg 1 kg kilogram kilograms kilo kilos
kg 1000 tonne tonnes ton tons
l 1 litre litres liter liters
l 0.001 ml millilitre millilitres milliliter milliliters
m2 10000 ha hectare hectares
m2 4046.8564224 acre acres
W 1 watt watts
W 1000 kw kilowatt kilowatts
W 1000000 mw megawatt megawatts
W 1000000000 gw gigawatt gigawatts
degree 1 degree degrees °
m/h 1000 kmh kph km/h kilometres/h kilometers/h
m/h 1609.344 mph miles/h"""
)


def currency(name: str) -> tuple[str, Decimal] | None:
    """A currency by sign, code or word, with what one of it is in the currency's main unit."""
    folded = name.casefold().rstrip(".")
    code = CURRENCY_SIGNS.get(folded) or CURRENCY_CODES.get(folded)
    return (code, Decimal(1)) if code else CURRENCY_WORDS.get(folded)
