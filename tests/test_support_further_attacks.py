"""Claims that somebody made up to be false and to pass, and true ones like them that must pass."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.support import Evidence, judge
from qa.types import Speaker, Support

FALSE = [
    # what happens to somebody's happens to them
    ("The wife of senator Bo Krantz was injured.", "Senator Bo Krantz was injured."),
    ("Otto Rehn, a friend of the painter Ida Moss, died on Friday.", "The painter Ida Moss died on Friday."),
    ("Fans of the singer Lola Bright were arrested.", "The singer Lola Bright was arrested."),
    # denied by a word, not by "not"
    ("The report lacks evidence of fraud.", "The report has evidence of fraud."),
    ("The town is short of water.", "The town has water."),
    ("The county is free of the disease.", "The county has the disease."),
    ("The list omitted the names.", "The list had the names."),
    ("The law exempts small farms from the tax.", "Small farms have the tax."),
    ("Police found little proof.", "Police found proof."),
    ("The talks ended in vain.", "The talks ended."),
    # not real, not yet, or undone
    ("He was acquitted of bribing a judge.", "He bribed a judge."),
    ("He was cleared of killing his wife.", "He killed his wife."),
    ("In the novel, the mayor kills his wife.", "The mayor kills his wife."),
    ("Ana Lee dreams of winning the prize.", "Ana Lee won the prize."),
    ("The firm is seeking a loan.", "The firm has a loan."),
    ("He pretended to be ill.", "He was ill."),
    # and what was refused before stays so
    ("The bank denied it was short of cash.", "The bank was short of cash."),
    ("Kestle Bank stopped short of buying Ruvo Tech.", "Kestle Bank bought Ruvo Tech."),
]
TRUE = [
    ("Police found little proof of a crime.", "Police found little proof of a crime."),
    ("The road is free of snow now.", "The road is free of snow."),
    ("The firm seeks a loan of 5 million crowns.", "The firm is seeking a loan of 5 million crowns."),
    ("Norvik shares fell 5%.", "Shares of Norvik fell 5%."),
    ("Car sales fell 5%.", "Sales of cars fell 5%."),
    ("Norvik's chief executive Ida Moss resigned.", "The chief executive of Norvik, Ida Moss, resigned."),
    ("Workers at the Leeds plant were fired.", "Workers at the plant in Leeds were fired."),
    ("The path is just short of 5 km long.", "The path is nearly 5 km long."),
    ("Ida Moss, the mayor of Hask, died on Friday.", "The mayor of Hask, Ida Moss, died on Friday."),
]


def supported(evidence: str, claim: str) -> bool:
    verdict = judge(claim, [Evidence(text=evidence, title="News", published=date(2026, 3, 10))])
    return verdict.support is Support.SUPPORTED


@pytest.mark.parametrize(("evidence", "claim"), FALSE)
def test_what_is_false_is_held_back(evidence: str, claim: str) -> None:
    assert not supported(evidence, claim)


@pytest.mark.parametrize(("evidence", "claim"), TRUE)
def test_what_is_true_passes(evidence: str, claim: str) -> None:
    assert supported(evidence, claim)


def test_to_whom_a_thing_is_said_isnt_what_is_said() -> None:
    text = 'The share was capped. "The agreement is two pages long," she told reporters at the hall, "and it is plain."'
    claim = "Ana Lee told reporters that the agreement is two pages long and that it is plain."
    said = Evidence(text=text, speaker=Speaker(name="Ana Lee", inferred=True), people=("Ana Lee",))
    assert judge(claim, [said]).support is Support.SUPPORTED
    other = Evidence(text=text, speaker=Speaker(name="Bo Krantz", inferred=True), people=("Bo Krantz",))
    assert judge(claim, [other]).support is not Support.SUPPORTED
