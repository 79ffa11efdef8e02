"""Claims against single sentences, case by case. All people and companies are invented."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.support import Evidence, judge
from qa.types import Support

S, P, U = Support.SUPPORTED, Support.PARTLY, Support.UNSUPPORTED

#: What is expected, the claim, the sentence that it cites.
Case = tuple[Support, str, str]


def case_ids(cases: list[Case]) -> list[str]:
    """A claim and its sentence as the name of a test."""
    return [f"{claim}|{text}"[:90] for _, claim, text in cases]


def check(expected: Support, claim: str, text: str, published: date | None = None) -> None:
    """Judge a claim against one sentence; all but supported ones come with reasons."""
    verdict = judge(claim, [Evidence(text=text, title="Norvik" if published else "", published=published)])
    assert verdict.support is expected, verdict.texts
    assert bool(verdict.reasons) == (expected is not S)


NEGATION: list[Case] = [
    (
        U,
        "Norvik will close the plant in May.",
        'An article headed "Norvik will close the plant in May" misstated the month.',
    ),
    (U, "Norvik will close the plant in May.", 'A post ("Norvik will close the plant in May") was false, Norvik said.'),
    (
        S,
        "Norvik says that it hires in bad years because others do not.",
        "Norvik says that it hires in bad years because others don't.",
    ),
    (
        U,
        "Norvik says that it hires in bad years because others do.",
        "Norvik says that it hires in bad years because others don't.",
    ),
    (
        U,
        "Norvik says that it hires in bad years because others don't.",
        "Norvik says that it hires in bad years because others do.",
    ),
    (S, "Norvik will not close the plant.", "Norvik will not close the plant in Leeds."),
    (U, "Norvik will close the plant.", "Norvik will not close the plant in Leeds."),
    (U, "Norvik will close the plant.", "Norvik won't close the plant in Leeds."),
    (U, "Norvik will not close the plant.", "Norvik will close the plant in Leeds."),
    (U, "Norvik will close the plant.", "Norvik denied that it would close the plant."),
    (S, "Norvik denied that it would close the plant.", "Norvik denied on Monday that it would close the plant."),
    (U, "Norvik said that it would close the plant.", "Norvik denied that it would close the plant."),
    (U, "Norvik denied that it would close the plant.", "Norvik said that it would close the plant."),
    (U, "Norvik makes boats.", "Norvik no longer makes boats."),
    (U, "Norvik has made a profit.", "Norvik has never made a profit."),
    (U, "Norvik reached a deal with the union.", "Norvik failed to reach a deal with the union."),
    (S, "Norvik did not reach a deal with the union.", "Norvik failed to reach a deal with the union."),
    (U, "Norvik paid the fine.", "Norvik refused to pay the fine."),
    (U, "Norvik and Tarnwell will merge.", "Neither Norvik nor Tarnwell will merge."),
    (U, "The workers were hurt.", "None of the workers were hurt."),
    (S, "No workers were hurt.", "None of the workers were hurt."),
    (S, "Workers were not hurt.", "No workers were hurt in the fire."),
    (U, "The mayor left with a deal.", "The mayor left without a deal."),
    (U, "The plan changed anything for farmers.", "The plan hardly changed anything for farmers."),
    (S, "Norvik cut jobs and prices.", "Norvik cut not only jobs but also prices."),
    (U, "Norvik will close York.", "Norvik will close Leeds, not York."),
    (S, "Norvik will close Leeds.", "Norvik will close Leeds, not York."),
    (S, "Norvik will close the plant.", "Norvik, which has not paid a dividend since 2010, will close the plant."),
    (
        U,
        "Norvik, which has paid a dividend since 2010, will close.",
        "Norvik, which has not paid a dividend since 2010, will close.",
    ),
    (U, "Norvik bought Brillon.", "Norvik ruled out buying Brillon."),
    (U, "Norvik sold the mill.", "Norvik did not refuse to sell the mill."),
    (U, "Norvik closed the office.", "Norvik did not close the mill or the office."),
    (U, "Few members backed the plan.", "Members backed the plan."),
    (U, "Members backed the plan.", "Few members backed the plan."),
    (U, "The merger went ahead and was approved.", "The merger was not approved and went ahead."),
    (U, "Norvik said it had sold the mill.", "Norvik did not say that it had sold the mill."),
    (U, "It is true that Norvik sold the mill.", "It is not true that Norvik sold the mill."),
    (U, "Norvik sold the mill.", "It is not true that Norvik sold the mill."),
    (U, "The merger is legal.", "The merger is illegal."),
]

MODALITY: list[Case] = [
    (U, "Norvik will close the plant.", "Norvik may close the plant."),
    (U, "Norvik closed the plant.", "Norvik may close the plant."),
    (S, "Norvik may close the plant.", "Norvik may close the plant in Leeds next year."),
    (S, "Norvik could close the plant.", "Norvik might close the plant in Leeds."),
    (U, "Norvik closed the plant.", "Norvik plans to close the plant."),
    (U, "Norvik will close the plant.", "Norvik plans to close the plant."),
    (S, "Norvik may close the plant.", "Norvik plans to close the plant."),
    (S, "Norvik intends to close the plant.", "Norvik plans to close the plant, and intends to sell."),
    (U, "Norvik will sell Brillon.", "Norvik is considering selling Brillon."),
    (U, "Norvik will hire staff.", "Norvik is expected to hire staff."),
    (S, "Norvik is expected to hire staff.", "Norvik will hire staff."),
    (U, "Norvik will close the plant.", "If sales fall, Norvik will close the plant."),
    (S, "If sales fall, Norvik will close the plant.", "Norvik will close the plant if sales fall."),
    (U, "Norvik will close the plant.", "Norvik will close the plant unless sales rise."),
    (U, "Norvik will close the plant.", "Norvik would close the plant."),
    (U, "Norvik closed the plant.", "Norvik will close the plant."),
    (S, "Norvik is closing the plant.", "Norvik will close the plant."),
    (P, "Norvik closed the plant.", "Norvik is closing the plant."),
    (U, "Norvik closed the plant.", "The union urged Norvik to close the plant."),
    (U, "Norvik closed the plant.", "Norvik tried to close the plant."),
    (S, "Norvik closed the plant.", "Norvik closed the plant and may close the office."),
    (U, "Norvik closed the office.", "Norvik closed the plant and may close the office."),
    (U, "Norvik is selling Brillon.", "Norvik is in talks about selling Brillon."),
    (U, "Mayor Ada Lund opened the fair.", "Former mayor Ada Lund opened the fair."),
    (S, "Ada Lund opened the fair.", "Former mayor Ada Lund opened the fair."),
    (U, "Norvik polluted the river.", "Norvik allegedly polluted the river."),
    (U, "Norvik polluted the river.", "Norvik is alleged to have polluted the river."),
    (U, "Norvik polluted the river.", "Tarnwell accused Norvik of polluting the river."),
    (U, "Norvik will buy Brillon.", "Will Norvik buy Brillon?"),
    (U, "Norvik will buy Brillon.", "There are rumours that Norvik will buy Brillon."),
    (U, "Norvik should pay the fine.", "Norvik paid the fine."),
    (U, "Norvik paid the fine.", "Norvik should pay the fine."),
    (P, "Norvik employs 500 people.", "Norvik employed 500 people."),
    (S, "Norvik managed to sell the mill.", "Norvik managed to sell the mill in May."),
    (S, "Norvik sold the mill.", "Norvik managed to sell the mill in May."),
    (U, "Norvik won customers.", "Norvik cut prices to win customers."),
    (U, "All plants will close.", "Some plants will close."),
    (U, "Most workers left.", "Some workers left."),
    (P, "Norvik makes only boats.", "Norvik makes boats."),
]

SPEECH: list[Case] = [
    (S, "Maria Berg said the plant will close.", "The plant will close, Maria Berg said on Friday."),
    (P, "The plant will close.", "The plant will close, Maria Berg said on Friday."),
    (U, "Tom Stone said the plant will close.", "The plant will close, Maria Berg said after meeting Tom Stone."),
    (S, "According to Maria Berg, the plant will close.", "The plant will close, Maria Berg said on Friday."),
    (S, "Maria Berg said the plant will close.", "According to Maria Berg, the plant will close."),
    (U, "Maria Berg said the plant will close.", "The plant will close."),
    (U, "Ada Lund said the plant will close.", "The plant will close, said Maria Berg, and Ada Lund left."),
    (S, "Maria Berg said Norvik would close the plant.", "Norvik will close the plant, Maria Berg said."),
    (S, "Maria Berg said Norvik will close the plant.", "Maria Berg said Norvik would close the plant."),
    (U, "Maria Berg said Norvik will close the plant.", "Maria Berg said Norvik could close the plant."),
    (U, "Norvik will grow.", "Maria Berg hopes that Norvik will grow."),
    (U, "Maria Berg said Norvik will grow.", "Maria Berg hopes that Norvik will grow."),
    (P, "Sales fell in May.", "The report shows that sales fell in May."),
    (U, "The union said it wanted a strike.", "The company said the union wanted a strike."),
    (S, 'Maria Berg said: "We will stay."', '"We will stay," said Maria Berg.'),
    (S, "Maria Berg said 'We will stay'.", '"We will stay," said Maria Berg.'),
    (U, 'Maria Berg said: "We will leave."', '"We will stay," said Maria Berg, who will not leave.'),
    (U, 'Maria Berg said "we must stay".', '"We will stay," said Maria Berg, "and we must win."'),
    (S, "Maria Berg called it “a great day”.", 'Maria Berg called it "a great day" for Leeds.'),
    (
        S,
        "Maria Berg told reporters that the plant will close.",
        "Maria Berg told reporters that the plant will close soon.",
    ),
    (P, "Maria Berg admitted that the plant will close.", "Maria Berg said that the plant will close."),
]

COVERAGE: list[Case] = [
    (S, "Norvik closed the plant.", "On Friday, Norvik closed the old plant by the river."),
    (P, "Norvik closed the plant and apologised.", "Norvik closed the plant in Leeds."),
    (U, "Farmers dislike rain.", "Norvik closed the plant in Leeds."),
    (P, "Norvik shut the plant.", "Norvik closed the plant in Leeds."),
    (P, "Norvik closed the profitable plant.", "Norvik closed the plant in Leeds."),
    (S, "The closing of the plant by Norvik hurts.", "It hurts that Norvik closed the plant in Leeds."),
]

VERBATIM: list[Case] = [
    (S, "Norvik may not close the plant, Maria Berg said.", "Norvik may not close the plant, Maria Berg said."),
    (S, "“We lost,” she said.", '"We lost," she said.'),
    (S, "He denied it.", "He denied it. Norvik fell 5%."),
    (S, "Norvik  closed\nthe plant", "Norvik closed the plant."),
    (U, "all plants will close.", "Not all plants will close."),
    (U, "Norvik will close the plant.", "Norvik will close the plant?"),
]


ALL = [*NEGATION, *MODALITY, *SPEECH, *COVERAGE, *VERBATIM]


@pytest.mark.parametrize(("expected", "claim", "text"), ALL, ids=case_ids(ALL))
def test_what_is_denied_planned_or_said(expected: Support, claim: str, text: str) -> None:
    check(expected, claim, text)
