"""What holds of the support scorer for any sentence: verbatim claims, what is changed in them, hostile text, time."""

from __future__ import annotations

import re
import time
from datetime import date
from functools import partial

import pytest
from cpu import cpu_seconds
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qa.answer.support import Evidence, Failure, judge
from qa.types import Support

S, U = Support.SUPPORTED, Support.UNSUPPORTED

WORDS = st.sampled_from(["plants", "workers", "boats", "shops", "mills"])
NUMBERS = st.one_of(
    st.integers(2, 99).map(str),
    st.integers(1_000, 999_999).map(lambda n: f"{n:,}"),
    st.integers(11, 99).map(lambda n: f"{n / 10:.1f} million"),
    st.integers(2, 99).map(lambda n: f"{n}%"),
    st.integers(11, 99).map(lambda n: f"${n / 10:.1f}bn"),
)
COMPANIES = st.sampled_from(["Norvik", "Tarnwell", "Brillon", "Marwood", "Osprey Foods", "Halden Bank"])
PEOPLE = st.sampled_from(["Maria Berg", "Tom Stone", "Ada Lund", "Karim Haddad"])
PLACES = st.sampled_from(["Leeds", "York", "Oslo", "Turin"])
YEARS = st.integers(1950, 2049)


@st.composite
def sentences(draw: st.DrawFn, *, denied: bool = False) -> str:
    """A sentence as news has it, with a company, figures, a place, a year and a speaker."""
    no = draw(st.sampled_from([" not", "n't", " never"])) if denied else ""
    verb = draw(st.sampled_from(["would{} sell", "had{} opened", "did{} close"])).format(no)
    what = f"{draw(NUMBERS)} of its {draw(WORDS)}" if draw(st.booleans()) else f"{draw(NUMBERS)} {draw(WORDS)}"
    report = f"{draw(COMPANIES)} {verb} {what} in {draw(PLACES)} in {draw(YEARS)}"
    speaker = draw(PEOPLE)
    return draw(st.sampled_from([f"{report}, {speaker} said.", f"“{report},” {speaker} said.", f"{report}."]))


@given(sentences(), st.data())
def test_any_other_digit_is_not_supported(sentence: str, data: st.DataObject) -> None:
    digits = [match.start() for match in re.finditer(r"\d", sentence)]
    place = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != sentence[place]]))
    claim = sentence[:place] + digit + sentence[place + 1 :]
    assert judge(claim, [Evidence(text=sentence)]).support is not S


@given(sentences(), st.data())
def test_another_name_is_not_supported(sentence: str, data: st.DataObject) -> None:
    names = re.findall(r"Norvik|Tarnwell|Brillon|Marwood|Berg|Stone|Lund|Haddad|Leeds|York|Oslo|Turin", sentence)
    assume(names)
    other = data.draw(st.sampled_from(["Korvath", "Delmond", "Zeppel", "Anna"]))
    claim = sentence.replace(data.draw(st.sampled_from(names)), other, 1)
    verdict = judge(claim, [Evidence(text=sentence)])
    assert verdict.support is U
    assert Failure.NAME in {reason.failure for reason in verdict.reasons}


@given(sentences(denied=True))
def test_without_its_negation_a_sentence_is_not_supported(sentence: str) -> None:
    claim = re.sub(r" not\b|n't| never", "", sentence, count=1)
    assert claim != sentence
    verdict = judge(claim, [Evidence(text=sentence)])
    assert verdict.support is U
    assert Failure.NEGATION in {reason.failure for reason in verdict.reasons}


@given(sentences(), sentences(), st.sampled_from([" ", "\n", "\u00a0", "\u2009", "\t "]), st.booleans())
def test_white_space_and_quote_marks_change_nothing(one: str, other: str, space: str, straight: bool) -> None:
    claim = one.replace(" ", space)
    claim = claim.replace("“", '"').replace("”", '"') if straight else claim.replace("“", "«").replace("”", "»")
    verdict = judge(claim, [Evidence(text=f"{other} {one}")])
    assert verdict.support is S
    assert verdict.verbatim


@given(sentences())
def test_a_sentence_passes_every_check_even_where_it_is_not_whole(sentence: str) -> None:
    longer = sentence.removesuffix(".") + ", which surprised many."
    verdict = judge(sentence, [Evidence(text=longer)])
    assert verdict.support is S, verdict.texts


@settings(max_examples=300)
@example("0", "0°")
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it_and_the_same_text_gets_the_same_verdict(claim: str, text: str) -> None:
    verdict = judge(claim, [Evidence(text=text)])
    assert verdict == judge(claim, [Evidence(text=text)])
    assert bool(verdict.reasons) == (verdict.support is not S)


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "P", "Zs"]), min_size=1, max_size=120))
def test_a_text_supports_itself(text: str) -> None:
    assume(any(letter.isalnum() for letter in text))
    assert judge(text, [Evidence(text=text)]).support is S


@pytest.mark.parametrize("piece", ["not ", "5% ", "Norvik ", "1-1", '"', "½", "to sell ", "if ", "\u0301"])
def test_a_long_claim_is_refused_and_long_evidence_is_read_in_linear_time(piece: str) -> None:
    long = piece * (6_400 // len(piece))
    verdict = judge((long + long)[:10_000] + " Norvik closed.", [Evidence(text="Norvik closed.")])
    assert [reason.failure for reason in verdict.reasons] == [Failure.LENGTH]
    claim = "Norvik closed 5 plants in 2014, Maria Berg said."
    spent = [cpu_seconds(partial(judge, claim, [Evidence(text=text)])) for text in (long[:400], long)]
    assert spent[1] < 100 * max(spent[0], 0.005)  # sixteen times the text; quadratic would be 256


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize(
    "words", ["last year ", "next month ", "1 May 2026 [SEP]", "nine thousand years ago", "on Monday"]
)
@pytest.mark.parametrize("claim", ["12-", "billionth ", "It closed last week.", "It closed 5,000 years ago."])
def test_the_calendars_ends(day: date, words: str, claim: str) -> None:
    assert judge(claim, [Evidence(text=words, published=day)]).support in Support


def test_a_whole_article_supports_itself_however_long_it_is() -> None:
    text = "Norvik will not close the plant. " * 400
    assert judge(text, [Evidence(text=text)]).verbatim


def test_a_claim_takes_about_a_millisecond() -> None:
    text = (
        "Norvik, the country's largest brewer, will cut about 300 of its 5,000 jobs in Leeds by June 2015 and may sell "
        "its Tarnwell unit, chief executive Maria Berg said on Wednesday."
    )
    claims = [f"Maria Berg said Norvik will cut about 300 jobs in Leeds by June 20{n}." for n in range(10, 99)]
    judge(claims[0], [Evidence(text=text)])
    started = time.process_time()
    for number, claim in enumerate(claims):
        judge(claim, [Evidence(text=text, article=str(number))])
    assert (time.process_time() - started) / len(claims) < 0.01  # measured: 0.0015
