"""The support scorer as a whole: its reasons, several pieces of evidence, speakers, the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from qa.answer.support import PARAPHRASED, RELATED, Evidence, Failure, judge, paraphrase
from qa.models.reader.passage import Found, Pointed, ReaderPassage
from qa.types import Speaker, Support

S, P, U = Support.SUPPORTED, Support.PARTLY, Support.UNSUPPORTED
BERG = Speaker(name="Maria Berg", inferred=True)


def failures(claim: str, *evidence: Evidence) -> set[Failure]:
    return {reason.failure for reason in judge(claim, evidence).reasons}


# --- what a verdict says


@pytest.mark.parametrize(
    ("failure", "words", "claim", "text"),
    [
        (Failure.NUMBER, "6%", "Norvik sold 6% of its shares.", "Norvik sold 5% of its shares."),
        (Failure.UNIT, "5 percent", "Norvik raised pay by 5 percent.", "Norvik raised pay by 5 dollars."),
        (Failure.HEDGE, "2,000", "Norvik cut 2,000 jobs.", "Norvik cut about 2,000 jobs."),
        (Failure.COUNTED, "300", "Norvik cut 300 plants.", "Norvik cut 300 jobs at its plants."),
        (Failure.DATE, "2013", "Norvik closed in 2013.", "Norvik closed in 2014."),
        (Failure.NAME, "Anna Berg", "Anna Berg left Norvik.", "Maria Berg left Norvik."),
        (Failure.QUOTE, "we won", 'Berg said: "we won".', '"We lost," Berg said.'),
        (Failure.NEGATION, "not close the", "Norvik will close the plant.", "Norvik will not close the plant."),
        (Failure.MODALITY, "close", "Norvik will close the plant.", "Norvik may close the plant."),
        (Failure.TENSE, "employs", "Norvik employs 500 people.", "Norvik employed 500 people."),
        (Failure.ATTRIBUTION, "Berg", "Norvik will close.", "Norvik will close, Berg said."),
        (Failure.SPEAKER, "Stone", "Stone said Norvik will close.", "Berg told Stone that Norvik will close."),
        (Failure.DIRECTION, "fell", "Sales fell 5%.", "Sales rose 5%."),
        (Failure.ROLES, "bought", "Norvik bought Tarnwell.", "Tarnwell bought Norvik."),
        (Failure.BINDING, "500", "Norvik cut 500 jobs in Leeds.", "Norvik cut 300 jobs in Leeds and 500 in York."),
        (Failure.QUANTIFIER, "All", "All plants will close.", "Some plants will close."),
        (Failure.COVERAGE, "profitable", "Norvik shut its profitable plant.", "Norvik shut its plant in Leeds."),
        (Failure.EMPTY, "...", "...", "Norvik closed."),
        (Failure.EVIDENCE, "", "Norvik closed.", " "),
    ],
)
def test_the_reason_names_what_failed_and_the_words(failure: Failure, words: str, claim: str, text: str) -> None:
    verdict = judge(claim, [Evidence(text=text)])
    found = {reason.failure: reason for reason in verdict.reasons}
    assert failure in found
    assert found[failure].words == words
    assert all(text and "\n" not in text for text in verdict.texts)


def test_the_worst_reason_decides() -> None:
    verdict = judge("Norvik cut 2,000 jobs in York.", [Evidence(text="Norvik cut about 2,000 jobs in Leeds.")])
    assert {reason.support for reason in verdict.reasons} == {P, U}
    assert verdict.support is U


def test_a_number_that_fails_is_shown_beside_what_the_evidence_has() -> None:
    (text,) = judge("Norvik sold 6% of its shares.", [Evidence(text="Norvik sold 5% of its shares.")]).texts
    assert text == "'6%' isn't in the evidence, which has '5%'"


# --- several pieces


def test_a_claim_may_draw_on_several_sentences() -> None:
    cited = [
        Evidence(text="Norvik makes boats.", article="a"),
        Evidence(text="Norvik employs 300 people.", article="a"),
    ]
    assert judge("Norvik makes boats and employs 300 people.", cited).support is S
    assert judge("Norvik makes 300 boats.", cited).support is U


def test_a_number_and_a_name_that_only_meet_across_articles_are_partly_supported() -> None:
    one = [
        Evidence(text="Norvik makes boats.", article="a"),
        Evidence(text="The company employs 300 people.", article="a"),
    ]
    two = [one[0], Evidence(text=one[1].text, article="b")]
    without_ids = [Evidence(text=piece.text) for piece in one]
    assert judge("Norvik employs 300 people.", one).support is S
    for cited in (two, without_ids):
        verdict = judge("Norvik employs 300 people.", cited)
        assert verdict.support is P
        assert [reason.failure for reason in verdict.reasons] == [Failure.BINDING]


def test_one_sentence_that_bears_it_out_is_enough() -> None:
    cited = [Evidence(text="Norvik may close the plant."), Evidence(text="Norvik closed the plant.")]
    assert judge("Norvik closed the plant.", cited).support is S
    assert judge("Norvik closed the plant.", cited[:1]).support is U


def test_what_another_sentence_denies_is_no_objection() -> None:
    cited = [
        Evidence(text="Norvik will close the plant in Leeds."),
        Evidence(text="It will not close the one in York."),
    ]
    assert judge("Norvik will close the Leeds plant.", cited).support is S
    assert judge("Norvik will close the one in York.", cited).support is U


def test_the_title_and_those_meant_carry_names() -> None:
    text = "She employs 300 people in Leeds."
    assert judge("Norvik employs 300 people in Leeds.", [Evidence(text=text, title="Norvik to grow")]).support is S
    assert judge("Berg employs 300 people in Leeds.", [Evidence(text=text, people=("Maria Berg",))]).support is S
    assert failures("Berg employed 300 people in Leeds.", Evidence(text=text)) == {Failure.NAME}


# --- who speaks

SAID = '"Norvik will not hire more staff this year," she said.'


@pytest.mark.parametrize(
    ("expected", "claim", "evidence"),
    [
        (S, "Maria Berg said Norvik will not hire more staff.", Evidence(text=SAID, speaker=BERG)),
        (S, "Berg said Norvik will not hire more staff.", Evidence(text=SAID, speaker=BERG)),
        (S, "She said Norvik will not hire more staff.", Evidence(text=SAID, speaker=BERG)),
        (P, "He said Norvik will not hire more staff.", Evidence(text=SAID, speaker=BERG)),
        (U, "Tom Stone said Norvik will not hire.", Evidence(text=SAID, speaker=BERG, people=("Tom Stone",))),
        (P, "Maria Berg said Norvik will not hire more staff.", Evidence(text=SAID, people=("Maria Berg",))),
        (P, "Norvik will not hire more staff.", Evidence(text=SAID, speaker=BERG)),
        (S, "Maria Berg said Norvik will not hire.", Evidence(text="Norvik will not hire more staff.", speaker=BERG)),
        (P, "Norvik will not hire.", Evidence(text="Norvik will not hire more staff.", speaker=BERG)),
        (U, "Maria Berg said Norvik will hire.", Evidence(text="Norvik will not hire more staff.", speaker=BERG)),
    ],
)
def test_the_speaker(expected: Support, claim: str, evidence: Evidence) -> None:
    verdict = judge(claim, [evidence])
    assert verdict.support is expected, verdict.texts


# --- paraphrase


@dataclass(frozen=True)
class Sure:
    """A reader that is as sure as it's told."""

    answerable: float
    evidence: float

    def read(self, question: str, passage: ReaderPassage) -> Found:
        spans = (Pointed(start=0, end=1, margin=0.0),)
        return Found(
            answerable=self.answerable, spans=spans, evidence=(self.evidence,) * len(passage.sentences), cut=False
        )


CITED = [Evidence(text="Norvik closed the plant in Leeds.", title="Norvik", published=date(2014, 6, 12), speaker=BERG)]


def test_paraphrase_is_the_lower_of_the_readers_two_judgements_and_nothing_without_one() -> None:
    assert paraphrase("Norvik shut it.", CITED, reader=Sure(3.0, 1.5)) == 1.5
    assert paraphrase("Norvik shut it.", CITED, reader=Sure(-2.0, 1.5)) == -2.0
    assert paraphrase("Norvik shut it.", CITED, reader=None) is None
    assert paraphrase("Norvik shut it.", [], reader=Sure(3.0, 1.5)) is None


def test_the_reader_sees_sentences_title_date_and_people() -> None:
    seen: list[tuple[str, ReaderPassage]] = []

    class Seeing(Sure):
        def read(self, question: str, passage: ReaderPassage) -> Found:
            seen.append((question, passage))
            return super().read(question, passage)

    paraphrase("Norvik shut it.", [*CITED, Evidence(text="It was old.")], reader=Seeing(1.0, 1.0))
    ((question, passage),) = seen
    assert question == "Norvik shut it."
    assert passage.head == "Norvik. 2014-06-12. Maria Berg"
    assert [passage.text[start:end] for start, end in passage.sentences] == [
        "Norvik closed the plant in Leeds.",
        "It was old.",
    ]


def test_the_reader_decides_only_where_nothing_but_words_is_missing() -> None:
    cited = [Evidence(text="Norvik closed the plant in Leeds.")]
    sure, astray = Sure(PARAPHRASED + 1, PARAPHRASED + 1), Sure(RELATED - 1, RELATED - 1)
    assert judge("Norvik shut the plant.", cited).support is P
    assert judge("Norvik shut the plant.", cited, reader=astray).support is P
    verdict = judge("Norvik shut the plant.", cited, reader=sure)
    assert (verdict.support, verdict.paraphrase) == (S, PARAPHRASED + 1)
    assert judge("Norvik shut the plant in York.", cited, reader=sure).support is U
    assert judge("Norvik shut 2 plants.", cited, reader=sure).support is U


def test_other_words_pass_where_little_is_in_no_form_in_the_evidence() -> None:
    cited = [Evidence(text="Norvik closed the plant in Leeds.")]
    unsure = Sure(RELATED, RELATED)
    assert judge("Norvik shut the plant.", cited, reader=unsure).support is S
    assert judge("Norvik shut the plant.", cited, reader=unsure, strict=True).support is P
    assert judge("Farmers dislike rain.", cited, reader=unsure).support is U
    assert judge("Norvik celebrated its glorious jubilee in Leeds.", cited, reader=unsure).support is U
    for wrong in ("Norvik didn't shut the plant.", "Tarnwell shut the plant.", "Norvik may not shut the plant."):
        assert judge(wrong, cited, reader=unsure).support is U
