"""More claims against news sentences that were written after the code: which are shown. All invented."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.support import Evidence, judge
from qa.types import Speaker, Support

BRANDT = Speaker(name="Lars Brandt", inferred=True)

#: Evidence, claims that follow from it, claims that don't (or only partly).
CASES: list[tuple[list[Evidence], list[str], list[str]]] = [
    (
        [
            Evidence(
                text="The ferry Aurora sank late on Monday off the coast of Velmark with 212 people aboard, the "
                "coast guard's log shows."
            )
        ],
        ["The ferry sank off the coast of Velmark with 212 people aboard."],
        [],
    ),
    (
        [Evidence(text="The ferry Aurora sank late on Monday off the coast of Velmark with 212 people aboard.")],
        [],
        ["The ferry sank off the coast of Velmark with 221 people aboard."],
    ),
    (
        [
            Evidence(
                text="The ferry Aurora, registered in Sarnland, sank off the coast of Velmark with 212 people aboard."
            )
        ],
        [],
        ["The ferry sank off the coast of Sarnland with 212 people aboard."],
    ),
    (
        [Evidence(text="Fishing boats rescued all 212 people aboard the Aurora before dawn.")],
        ["All 212 people aboard the Aurora were rescued."],
        ["All 212 people aboard the Aurora drowned."],
    ),
    ([Evidence(text="Nearly all passengers were rescued before dawn.")], [], ["All passengers were rescued."]),
    (
        [Evidence(text="“The captain ignored two warnings,” he told reporters in the port.", speaker=BRANDT)],
        ["Lars Brandt said the captain had ignored two warnings."],
        [
            "Lars Brandt said the captain had ignored three warnings.",
            "The captain said Lars Brandt had ignored two warnings.",
            "The captain ignored two warnings.",
            "The captain did not ignore the warnings.",
        ],
    ),
    (
        [Evidence(text="The captain of the Aurora has been charged with negligence.")],
        ["The captain has been charged with negligence."],
        ["The captain was convicted of negligence.", "The captain was negligent."],
    ),
    (
        [Evidence(text="The union wants the company to replace the engines of all six ships.")],
        ["The union wants the company to replace the engines."],
        [
            "The company will replace the engines.",
            "The company replaced the engines.",
            "The company wants the union to replace the engines.",
        ],
    ),
    (
        [
            Evidence(
                text="Halvorsen Mining sold its 40 percent stake in the Orrin pit to Dray Metals for 90 million "
                "crowns in cash."
            )
        ],
        ["Halvorsen Mining sold its stake in the Orrin pit to Dray Metals for 90 million crowns."],
        [
            "Dray Metals sold its stake in the Orrin pit to Halvorsen Mining for 90 million crowns.",
            "Halvorsen Mining sold its stake in the Orrin pit to Dray Metals for 90 million dollars.",
            "Halvorsen Mining sold a 90 percent stake in the Orrin pit.",
        ],
    ),
    (
        [
            Evidence(
                text="Dray Metals paid Halvorsen Mining 90 million crowns for the 40 percent stake in the Orrin pit."
            )
        ],
        ["Dray Metals paid 90 million crowns for the stake in the Orrin pit."],
        ["Dray Metals paid less than 90 million crowns for the stake."],
    ),
    (
        [Evidence(text="Inflation slowed to 2.8 percent in October from 3.0 percent in September.")],
        ["Inflation slowed to 2.8 percent in October."],
        [
            "Inflation slowed to 3.0 percent in October.",
            "Inflation slowed to 2.8 percent in September.",
            "Inflation accelerated to 2.8 percent in October.",
        ],
    ),
    (
        [Evidence(text="The bank said that it could cut rates in the spring, adding that nothing was decided.")],
        ["The bank said it could cut rates in the spring."],
        [
            "The bank could cut rates in the spring.",
            "The bank said it would cut rates in the spring.",
            "The bank said it had decided to cut rates.",
        ],
    ),
    (
        [Evidence(text="The museum reopened on Tuesday after four years of work.", published=date(2021, 11, 3))],
        ["The museum reopened on 2 November 2021.", "The museum reopened after four years of work."],
        [
            "The museum closed after four years of work.",
            "The museum reopened on 3 November 2021.",
            "The museum reopened after five years of work.",
        ],
    ),
    (
        [
            Evidence(
                text="Work on the museum began four years ago and cost 31 million crowns.", published=date(2021, 11, 3)
            )
        ],
        ["Work on the museum began in 2017."],
        ["Work on the museum cost 31 crowns."],
    ),
    (
        [Evidence(text="Ines Tavares of Portugal won the marathon in 2:27:41, two minutes ahead of Mona Eklund.")],
        ["Ines Tavares won the marathon in 2:27:41."],
        ["Ines Tavares won the marathon in 2:27:14.", "Mona Eklund won the marathon in 2:27:41."],
    ),
    (
        [Evidence(text="Ines Tavares of Portugal finished two minutes ahead of Mona Eklund.")],
        ["Ines Tavares finished ahead of Mona Eklund."],
        ["Mona Eklund finished ahead of Ines Tavares."],
    ),
    (
        [Evidence(text="Ines Tavares of Portugal won, and Mona Eklund finished second.")],
        [],
        ["Mona Eklund of Portugal finished second."],
    ),
    (
        [
            Evidence(
                text="Teachers narrowly accepted the city's offer of a 4 percent raise, ending a strike of two weeks."
            )
        ],
        ["Teachers accepted the offer of a 4 percent raise."],
        [
            "Teachers refused the offer of a 4 percent raise.",
            "The strike will end in two weeks.",
            "Teachers accepted an offer of a 4 percent cut.",
        ],
    ),
    (
        [Evidence(text="The drug trial was stopped in August after two patients died.")],
        ["The drug trial was stopped after two patients died."],
        ["Two patients died after the drug trial was stopped.", "The drug killed two patients."],
    ),
    (
        [Evidence(text="Voters under 30 favoured the Greens, while those over 65 favoured the Conservatives.")],
        ["Voters under 30 favoured the Greens."],
        ["Voters over 65 favoured the Greens.", "Only voters under 30 favoured the Greens."],
    ),
    (
        [Evidence(text="Voters under 30 favoured the Greens, while voters over 65 favoured the Conservatives.")],
        [],
        ["Voters under 30 favoured the Conservatives."],
    ),
    (
        [Evidence(text="The minister rejected calls for a new inquiry into the deaths.")],
        ["The minister rejected calls for a new inquiry."],
        [
            "The minister called for a new inquiry.",
            "The minister will hold a new inquiry.",
            "There will be a new inquiry into the deaths.",
        ],
    ),
    (
        [Evidence(text="Villagers had been warned of the landslide, but few left.")],
        ["Villagers had been warned of the landslide, but few left."],
        ["Villagers had been warned of the landslide and left.", "Villagers had not been warned of the landslide."],
    ),
    (
        [Evidence(text="Shortly after midnight the landslide buried 14 houses and a school.")],
        ["The landslide buried 14 houses and a school."],
        ["The landslide buried a house and 14 schools.", "The landslide nearly buried a school."],
    ),
    (
        [Evidence(text="Roughly a quarter of the town's houses were buried.")],
        ["Roughly a quarter of the town's houses were buried."],
        [],
    ),
    (
        [Evidence(text="Roughly a quarter of the town's houses were buried or damaged.")],
        ["About 25 percent of the town's houses were buried."],
        ["Three quarters of the town's houses were buried."],
    ),
    (
        [Evidence(text="Petra Novak, not her brother, inherited the firm in 1998.")],
        ["Petra Novak, not her brother, inherited the firm."],
        ["Petra Novak's brother inherited the firm.", "Petra Novak inherited the firm in 1989."],
    ),
    (
        [Evidence(text="The treaty, signed by 41 countries, bans the export of ivory but not of horn.")],
        ["The treaty bans the export of ivory but not of horn.", "Forty-one countries signed the treaty."],
        [
            "The treaty bans the export of horn.",
            "The treaty bans the import of ivory.",
            "The treaty bans the sale of ivory.",
        ],
    ),
    (
        [Evidence(text="The general resigned hours before the president could fire him.")],
        ["The general resigned."],
        ["The president fired the general.", "The president resigned."],
    ),
    (
        [Evidence(text="The talks in Oslo ended without an agreement on Sunday.")],
        ["The talks in Oslo ended without an agreement."],
        ["The talks in Oslo ended with an agreement.", "The talks in Oslo continue."],
    ),
    (
        [Evidence(text="The recall affects 18,400 cars that were made between 2015 and 2018.")],
        ["The recall affects 18,400 cars made between 2015 and 2018."],
        [
            "The recall affects 18,400 cars made between 2015 and 2019.",
            "The recall affects 2,015 cars.",
            "The recall affects exactly 18,400 cars.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("evidence", "claim", "follows"),
    [
        pytest.param(evidence, claim, follows, id=claim)
        for evidence, good, bad in CASES
        for claims, follows in ((good, True), (bad, False))
        for claim in claims
    ],
)
def test_what_is_shown(evidence: list[Evidence], claim: str, follows: bool) -> None:
    verdict = judge(claim, evidence)
    assert (verdict.support is Support.SUPPORTED) is follows, verdict.texts
