"""Claims in other words than their evidence: true ones pass, and the same ones with one thing wrong don't."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.support import Evidence, judge
from qa.models.reader.reader import MiniLMReader
from qa.types import Speaker, Support

RAHN = Speaker(name="Ida Rahn", inferred=True)


def said(*sentences: tuple[str, str]) -> Evidence:
    """Sentences, each with who speaks in it, or nobody."""
    return Evidence(
        text=" ".join(text for text, _ in sentences),
        title="Talks at Ostrava Mill",
        published=date(2024, 11, 14),
        spoken=tuple((text, (who,) if who else ()) for text, who in sentences),
    )


def one(text: str, **more: object) -> Evidence:
    return Evidence(text=text, title="Talks at Ostrava Mill", published=date(2024, 11, 14), **more)  # type: ignore[arg-type]


CASES = [
    # short forms of verbs
    (
        one("He'd packed a speech, but he can't find the mill."),
        "He had packed a speech, but he cannot find the mill.",
        "He had packed a speech, and he can find the mill.",
    ),
    (
        one("Tessaro Foundry had to call off the talks."),
        "Tessaro Foundry called off the talks.",
        "Tessaro Foundry had to call for the talks.",
    ),
    # the speaker is known from what stands before, and the rest of what she says from the other half of the sentence
    (
        one("The mill would reopen in May, she said; the canteen, which is older, will stay shut.", speaker=RAHN),
        "Ida Rahn said that the mill would open again in May, whereas the old canteen would stay shut.",
        "Otto Brandt said that the mill would open again in May, whereas the old canteen would stay shut.",
    ),
    (
        said(("Ida Rahn runs the mill.", ""), ("The boiler had burst twice, she said.", "Ida Rahn")),
        "According to Ida Rahn, who runs the mill, its boiler had burst twice.",
        "According to Ida Rahn, who runs the mill, its boiler had burst three times.",
    ),
    # who an office or a pronoun means is known from the article
    (
        one(
            "The director turned the offer down.",
            near=("Ida Rahn",),
            persons=(("Ida Rahn", "f"),),
            everybody=frozenset(("Ida Rahn",)),
            offices=(("Ida Rahn", frozenset(("director",))),),
        ),
        "The director, Ida Rahn, turned down the offer.",
        "The director, Otto Brandt, turned down the offer.",
    ),
    (
        one("It closed the canteen in 2019.", near=("Tessaro Foundry",), everybody=frozenset()),
        "Tessaro Foundry shut its canteen in 2019.",
        "Tessaro Foundry shut its canteen in 2018.",
    ),
    # reported speech, conditions, and what is left open in another place
    (
        one('"I will resign if the vote is lost," said Ida Rahn.'),
        "Ida Rahn announced that she would resign if the vote was lost.",
        "Ida Rahn has resigned over the lost vote.",
    ),
    (
        one("Insurance may pay a part of the damage."),
        "Part of the damage may be covered by insurance.",
        "Insurance pays a part of the damage.",
    ),
    (
        one("The bridge was thought to cost 18 million crowns and has cost 26 million."),
        "The bridge has cost 26 million crowns, against an earlier estimate of 18 million.",
        "The bridge has cost 18 million crowns, against an earlier estimate of 26 million.",
    ),
    (
        one("Nobody will be hired before June, and that includes my own office.", speaker=RAHN),
        "Ida Rahn said that nobody would be hired before June, not even in her own office.",
        "Ida Rahn said that people would be hired before June, even in her own office.",
    ),
    # denials that aren't any, or the same ones in other places
    (
        one("Of the 62 posts left empty, only 25 are being filled."),
        "Only 25 of the 62 empty posts are being filled.",
        "Only 62 of the 25 empty posts are being filled.",
    ),
    (
        one("There was a decline of 5 percent in visitors, from 400 to 380."),
        "Visitors fell by 5 percent, from 400 to 380.",
        "Visitors rose by 5 percent, from 400 to 380.",
    ),
    (
        one("The union gave up its demand for a shorter week."),
        "The union dropped its demand for a shorter week.",
        "The union didn't drop its demand for a shorter week.",
    ),
    # years of dates that the evidence has without, and the day beside a date
    (
        one("The rector stopped all purchases in March."),
        "In March 2024 the rector put a stop to all purchases.",
        "In March 2023 the rector put a stop to all purchases.",
    ),
    (
        one("The new hall opens on December 2."),
        "The new hall will open on Monday, December 2, 2024.",
        "The new hall will open on Friday, December 2, 2024.",
    ),
    (
        one("She will leave at the end of the year."),
        "She is leaving at the end of 2024.",
        "She is leaving at the end of 2025.",
    ),
    # numbers written otherwise
    (
        one("Ostrava Mill won by one and a half points."),
        "Ostrava Mill won by 1.5 points.",
        "Ostrava Mill won by 2.5 points.",
    ),
    (
        one("Trains ran at 60 kilometres an hour."),
        "The trains ran at 60 km/h.",
        "The trains ran at 60 km.",
    ),
]


@pytest.fixture(scope="module")
def reader() -> MiniLMReader:
    return MiniLMReader.load()


@pytest.mark.parametrize(("evidence", "true", "false"), CASES, ids=[case[1][:40] for case in CASES])
def test_what_is_true_in_other_words_passes_and_what_is_changed_does_not(
    evidence: Evidence, true: str, false: str, reader: MiniLMReader
) -> None:
    assert judge(true, [evidence], reader=reader).texts == ()
    assert judge(false, [evidence], reader=reader).support is not Support.SUPPORTED
