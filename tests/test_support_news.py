"""Claims against news sentences that were written after the code: which are shown. All invented."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.support import Evidence, judge
from qa.types import Speaker, Support

OKAFOR = Speaker(name="Ngozi Okafor", inferred=True)

#: Evidence, claims that follow from it, claims that don't (or only partly).
CASES: list[tuple[list[Evidence], list[str], list[str]]] = [
    (
        [
            Evidence(
                text="Thousands of rail workers walked out for 48 hours on Tuesday in a dispute over pay and rosters."
            )
        ],
        ["Rail workers walked out for 48 hours on Tuesday over pay."],
        ["Rail workers walked out for 24 hours on Tuesday over pay."],
    ),
    (
        [Evidence(text="Rail workers called off a 48-hour walkout over pay.")],
        ["Rail workers called off a walkout over pay."],
        ["Rail workers will walk out for 48 hours over pay."],
    ),
    (
        [
            Evidence(
                text="Kestrel Air cancelled 112 flights on Sunday because of the storm, stranding 14,000 passengers."
            )
        ],
        [
            "Kestrel Air cancelled 112 flights because of the storm.",
            "The storm stranded 14,000 Kestrel Air passengers.",
        ],
        [
            "Kestrel Air cancelled 14,000 flights because of the storm.",
            "No Kestrel Air flights were cancelled because of the storm.",
        ],
    ),
    (
        [Evidence(text="After nine hours of debate, the senate passed the water bill by 31 votes to 28.")],
        ["The senate passed the water bill by 31 votes to 28."],
        ["The senate passed the water bill by 28 votes to 31.", "The senate rejected the water bill."],
    ),
    (
        [Evidence(text="The president is expected to sign the water bill next week.")],
        ["The president is expected to sign the water bill."],
        ["The president signed the water bill."],
    ),
    (
        [Evidence(text="The president has vowed to veto the bill, though her party urged her to sign it.")],
        ["The president has vowed to veto the bill."],
        ["The president has vowed to sign the bill."],
    ),
    (
        [
            Evidence(
                text="Prime Minister Jana Vesela won 52 percent of the vote and opposition leader Pavel Horak "
                "41 percent."
            )
        ],
        ["Jana Vesela won 52 percent of the vote."],
        ["Opposition leader Pavel Horak won 52 percent of the vote."],
    ),
    (
        [
            Evidence(
                text="Prime Minister Jana Vesela won 52 percent of the vote and opposition leader Pavel Horak "
                "won 41 percent."
            )
        ],
        ["Horak won 41 percent of the vote."],
        [],
    ),
    (
        [Evidence(text='"The hospital will reopen in May," she told the council.', speaker=OKAFOR)],
        ["Ngozi Okafor said the hospital would reopen in May."],
        [
            "Ngozi Okafor said the hospital would reopen in June.",
            "The hospital will reopen in May.",
            "The council told Ngozi Okafor that the hospital would reopen in May.",
        ],
    ),
    (
        [Evidence(text="Ngozi Okafor, the health minister, denied that the hospital would close.")],
        ["Ngozi Okafor denied that the hospital would close."],
        ["Health minister Ngozi Okafor announced that the hospital would close."],
    ),
    (
        [Evidence(text='Okafor called the plan "a disappointment" and left.')],
        [],
        ['Okafor called the plan "a disgrace".'],
    ),
    (
        [Evidence(text="Okafor called the plan “a disappointment” and left.")],
        ['Okafor called the plan "a disappointment".'],
        [],
    ),
    (
        [Evidence(text="Analysts at Halden Bank expect rates to rise by the summer.")],
        ["Analysts at Halden Bank expect rates to rise."],
        ["Rates will rise by the summer.", "Halden Bank raised rates."],
    ),
    (
        [Evidence(text="The fire began in the kitchen, according to investigators.")],
        ["Investigators said the fire began in the kitchen."],
        ["The fire began in the kitchen."],
    ),
    (
        [
            Evidence(
                text="The fire began in the kitchen, according to investigators, though neighbours had reported "
                "smoke in the attic."
            )
        ],
        [],
        ["Neighbours said the fire began in the kitchen."],
    ),
    (
        [Evidence(text="Revenue at Quillon rose 12 percent to $3.4 billion in the quarter, helped by sales in Asia.")],
        ["Quillon's revenue rose 12 percent to $3.4 billion."],
        ["Quillon's revenue fell 12 percent to $3.4 billion.", "Quillon's revenue rose 12 percent from $3.4 billion."],
    ),
    (
        [Evidence(text="Revenue at Quillon rose 12 percent to $3.4 billion in the quarter, but profit was flat.")],
        [],
        ["Quillon's profit rose 12 percent to $3.4 billion."],
    ),
    (
        [Evidence(text="Osprey Foods has agreed to buy its smaller rival Marwood for 780 million euros.")],
        ["Osprey Foods agreed to buy Marwood for €780 million."],
        [
            "Marwood agreed to buy Osprey Foods for €780 million.",
            "Osprey Foods has bought Marwood for €780 million.",
            "Osprey Foods agreed to buy Marwood for $780 million.",
        ],
    ),
    (
        [Evidence(text="Quillon employs 4,930 people at two sites.")],
        ["Quillon employs nearly 5,000 people."],
        ["Quillon employs more than 5,000 people."],
    ),
    ([Evidence(text="Quillon employs some 5,000 people at two sites.")], [], ["Quillon employs 5,000 people."]),
    (
        [Evidence(text="Hugo Leclerc resigned as Tarnwell's chief executive on Monday after 11 years.")],
        ["Tarnwell's chief executive Hugo Leclerc resigned."],
        ["Hugo Leclerc did not resign."],
    ),
    (
        [Evidence(text="Hugo Leclerc resigned as Tarnwell's chief executive on Monday after a row with its founder.")],
        [],
        ["Tarnwell's founder Hugo Leclerc resigned."],
    ),
    (
        [Evidence(text="Leclerc, who resigned on Monday, led Tarnwell for eleven years.")],
        ["Leclerc led Tarnwell for 11 years."],
        ["Leclerc ran Tarnwell for 11 years."],
    ),
    (
        [Evidence(text="Most of Tarnwell's directors resigned on Monday.")],
        ["Most of Tarnwell's directors resigned."],
        ["All of Tarnwell's directors resigned."],
    ),
    (
        [Evidence(text="Tarnwell is one of the country's largest airlines.")],
        [],
        ["Tarnwell is the country's largest airline."],
    ),
    (
        [Evidence(text="The bridge collapsed on Tuesday.", published=date(2019, 3, 14))],
        ["The bridge collapsed on 12 March 2019.", "The bridge collapsed in March 2019."],
        ["The bridge collapsed on 11 March 2019."],
    ),
    (
        [Evidence(text="The bridge was built two years ago.", published=date(2019, 3, 14))],
        ["The bridge was built in 2017."],
        [],
    ),
    (
        [Evidence(text="The bridge will reopen next year.", published=date(2019, 3, 14))],
        ["The bridge will reopen in 2020."],
        ["The bridge will reopen in 2019.", "The bridge reopened in 2020."],
    ),
    (
        [Evidence(text="The court in Turin found Rask guilty of fraud but cleared him of bribery.")],
        ["The court found Rask guilty of fraud."],
        ["The court found Rask guilty of bribery.", "Rask was cleared of fraud."],
    ),
    (
        [Evidence(text="Rask was found guilty of fraud but was cleared of bribery.")],
        ["Rask was cleared of bribery."],
        [],
    ),
    ([Evidence(text="Rask is accused of stealing the painting.")], [], ["Rask stole the painting."]),
    (
        [Evidence(text="Rask, 38, is accused of stealing the painting from a museum.")],
        ["Rask is accused of stealing the painting."],
        ["Rask, 39, is accused of stealing the painting."],
    ),
    ([Evidence(text="Police have yet to arrest Rask.")], [], ["Police arrested Rask."]),
    ([Evidence(text="The museum sued Rask for damages.")], ["Rask was sued by the museum."], ["Rask sued the museum."]),
    (
        [
            Evidence(
                text="In the trial the vaccine cut infections by 71 percent among children and by 40 percent "
                "among adults."
            )
        ],
        ["The vaccine cut infections by 71 percent among children."],
        ["The vaccine cut infections by 40 percent among children."],
    ),
    (
        [Evidence(text="The vaccine may prevent infection, a small study suggests.")],
        [],
        ["The vaccine prevents infection.", "The study proved that the vaccine prevents infection."],
    ),
    (
        [Evidence(text="Lindqvist beat Moreau 6-4, 7-5 in Sunday's final to win her second title.")],
        ["Lindqvist beat Moreau 6-4, 7-5 in the final."],
        ["Moreau beat Lindqvist 6-4, 7-5 in the final.", "Lindqvist won her third title."],
    ),
    (
        [Evidence(text="More than 300 homes were flooded and two bridges washed away.")],
        ["More than 300 homes were flooded."],
        ["300 homes were flooded.", "300 bridges were washed away."],
    ),
    (
        [Evidence(text="The dam failed to hold and the town was lost.")],
        [],
        ["The dam held despite the flood and saved the town."],
    ),
    (
        [Evidence(text="Temperatures reached 41 degrees in Turin and 33 degrees in Oslo.")],
        ["Temperatures reached 33 degrees in Oslo."],
        ["Temperatures reached 41 degrees in Oslo."],
    ),
    ([Evidence(text="The lake froze after the festival began.")], [], ["The lake froze before the festival began."]),
    ([Evidence(text="Members may vote on the plan.")], [], ["Only members may vote."]),
    ([Evidence(text="Members and former members may vote on the plan.")], ["Members may vote on the plan."], []),
    (
        [Evidence(text="The mayor opened the bridge, which his brother had designed.")],
        ["The mayor opened the bridge."],
        ["The mayor's brother opened the bridge."],
    ),
    (
        [
            Evidence(text="Quillon makes boats in Leeds.", article="a"),
            Evidence(text="The company has 4,930 workers.", article="b"),
        ],
        [],
        ["Quillon has 4,930 workers in Leeds."],
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
