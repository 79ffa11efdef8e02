"""Who says what in one article. The articles are invented; the sample article is read from ``QA_DATA``."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from cpu import cpu_seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.segment import segment
from qa.statements.people import find_people
from qa.statements.quotes import find_quotes
from qa.statements.speech import find_statements
from qa.statements.verbs import look_up
from qa.types import Role, Statement

SAMPLE = (
    Path(os.environ.get("QA_DATA", Path(__file__).parents[2] / "shared" / "data"))
    / "article"
    / "alibaba-global-hiring.txt"
)


class Said(NamedTuple):
    """A statement with its slice, easy to compare."""

    speaker: str
    kind: str
    inferred: bool
    words: str


def statements(text: str) -> tuple[Statement, ...]:
    sentences = segment(text).sentences
    return find_statements(text, sentences, find_people(text, sentences))


def said(text: str) -> list[Said]:
    return [Said(s.speaker, s.kind, s.inferred, text[s.start : s.end]) for s in statements(text)]


def speakers(text: str) -> list[str]:
    return [item.speaker for item in said(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '"The yard is full," said Karl Jensen, the harbour master.',
            Said("Karl Jensen", "direct", False, '"The yard is full,"'),
        ),
        (
            "“The yard is full,” Karl Jensen said on Monday.",
            Said("Karl Jensen", "direct", False, "“The yard is full,”"),
        ),
        (
            'Karl Jensen said: "The yard is full."',
            Said("Karl Jensen", "direct", False, '"The yard is full."'),
        ),
        (
            "Karl Jensen said that the yard was full.",
            Said("Karl Jensen", "indirect", False, "the yard was full"),
        ),
        (
            "Karl Jensen told reporters that the yard was full.",
            Said("Karl Jensen", "indirect", False, "the yard was full"),
        ),
        (
            'Karl Jensen stressed that the port "must not close" this winter.',
            Said("Karl Jensen", "mixed", False, 'the port "must not close" this winter'),
        ),
        (
            "The port will not close this winter, analysts say.",
            Said("analysts", "indirect", False, "The port will not close this winter"),
        ),
        (
            "According to a police spokesman, the van was empty.",
            Said("a police spokesman", "indirect", False, "the van was empty"),
        ),
        (
            "The van was empty, according to the harbour police.",
            Said("the harbour police", "indirect", False, "The van was empty"),
        ),
        (
            "Karl Jensen called for more cranes.",
            Said("Karl Jensen", "indirect", False, "more cranes"),
        ),
        (
            "Karl Jensen denied taking the money.",
            Said("Karl Jensen", "indirect", False, "taking the money"),
        ),
        (
            "The company has repeatedly warned that prices will rise.",
            Said("The company", "indirect", False, "prices will rise"),
        ),
        (
            "The port will close for a week, the harbour master told its crews.",
            Said("the harbour master", "indirect", False, "The port will close for a week"),
        ),
    ],
)
def test_one_sentence(text: str, expected: Said) -> None:
    assert said(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The said building stands empty.",
        "Everything went according to plan.",
        "The ferry left according to the schedule.",
        "The proposed merger collapsed.",
        "The claims were settled in May.",
        "Its reports are long.",
        'The ship was called "Ingrid".',
    ],
)
def test_words_that_only_look_like_cues(text: str) -> None:
    assert said(text) == []


def test_a_relative_clause_between_speaker_and_verb() -> None:
    (item,) = said("Karl Jensen, who has run the port since 2004, said the cranes were old.")
    assert item == Said("Karl Jensen", "indirect", False, "the cranes were old")


def test_an_apposition_between_speaker_and_verb() -> None:
    (item,) = said("Karl Jensen, the harbour master, warned that the cranes were old.")
    assert item.speaker == "Karl Jensen"


def test_a_pronoun_and_a_description_are_resolved_and_marked_as_inferred() -> None:
    text = (
        "Karl Jensen, the harbour master, walked along the quay.\n\nHe also pointed out the need for new cranes.\n\n"
        "The harbour master promised to buy two."
    )
    assert [(item.speaker, item.inferred) for item in said(text)] == [("Karl Jensen", True), ("Karl Jensen", True)]


def test_an_unresolved_pronoun_stays_as_written() -> None:
    text = "Karl Jensen and Peter Duarte met on Friday. He said the deal was close."
    assert said(text)[-1][:3] == ("He", "indirect", False)


def test_a_spokesman_is_not_the_person_he_speaks_for() -> None:
    text = "Karl Jensen runs the port. A spokesman for Karl Jensen said the cranes were old."
    (item,) = said(text)
    assert item.speaker == "A spokesman for Karl Jensen"


def test_a_quote_of_several_sentences_has_one_speaker() -> None:
    text = '"The yard is full. We need cranes. We need them now," said Karl Jensen, the harbour master.'
    assert speakers(text) == ["Karl Jensen"] * 3
    assert [item.kind for item in said(text)] == ["direct"] * 3
    assert [item.inferred for item in said(text)] == [True, True, False]


def test_the_cue_may_stand_in_the_first_sentence_only() -> None:
    text = '"The yard is full," said Karl Jensen, the harbour master. "We need cranes. We need them now."'
    assert speakers(text) == ["Karl Jensen"] * 3


def test_a_quote_goes_on_in_the_next_paragraph() -> None:
    text = (
        "Karl Jensen, the harbour master, described the winter.\n\n"
        "“The ice came early,” Jensen said. “We lost a crane.\n\n"
        "“Nobody was hurt. We were lucky.”\n\nThe port opens again in May."
    )
    assert speakers(text) == ["Karl Jensen"] * 5
    assert "May" not in "".join(item.words for item in said(text))


def test_a_quote_paragraph_before_its_cue() -> None:
    text = '"We must learn their habits and their ways of thinking. That takes time," he further remarked.'
    assert [item.speaker for item in said("Karl Jensen spoke last.\n\n" + text)] == ["Karl Jensen"] * 2


def test_an_announced_quote() -> None:
    text = 'Karl Jensen put it this way:\n\n"The yard is full and the cranes are old."'
    assert speakers(text) == ["Karl Jensen"]


def test_a_second_verb_has_the_first_subject() -> None:
    (item,) = said("Karl Jensen praised the crews, adding that the cranes were old.")
    assert item.speaker == "Karl Jensen"
    assert item.words == "the crews, adding that the cranes were old"


def test_two_speakers_in_one_sentence() -> None:
    found = said("Karl Jensen said the cranes were old, but Maria Duarte said they were safe.")
    assert [item.speaker for item in found] == ["Karl Jensen", "Maria Duarte"]


def test_headlines_captions_and_junk_say_nothing() -> None:
    text = "Karl Jensen said the yard was full."
    (sentence,) = segment(text).sentences
    people = find_people(text, [sentence])
    for role in (Role.HEADLINE, Role.CAPTION, Role.JUNK):
        assert find_statements(text, [type(sentence)(start=0, end=len(text), role=role)], people) == ()


def test_a_title_in_quotes_is_not_speech() -> None:
    assert said('The film "Old Cranes" opens on Friday.') == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("„Ja“, sagte er. “No,” she said.", ["„Ja“", "“No,”"]),
        ("«Oui», dit-il.", ["«Oui»"]),
        ("'We can't go,' he said. The workers' union agreed.", ["'We can't go,'"]),
        ("''Two marks,'' he said.", ["''Two marks,''"]),
        ('A 5\' 10" plank and a 2" nail.', []),
        ("“Open all the way to the end", ["“Open all the way to the end"]),
        ("It’s the ’90s, they’re gone.", []),
    ],
)
def test_quotes(text: str, expected: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotes(text, segment(text).sentences)] == expected


@pytest.mark.parametrize(
    ("word", "base", "kind", "form"),
    [
        ("said", "say", "say", "past"),
        ("denies", "deny", "object", "s"),
        ("admitted", "admit", "say", "past"),
        ("stressing", "stress", "say", "ing"),
        ("told", "tell", "say", "past"),
        ("agreeing", "agree", "say", "ing"),
        ("hopes", "hope", "stance", "s"),
    ],
)
def test_reporting_verbs_are_inflected(word: str, base: str, kind: str, form: str) -> None:
    assert look_up(word) == (base, kind, form)


def test_other_words_are_no_reporting_verbs() -> None:
    assert look_up("walked") is None


PIECES = [
    "Ana Lee",
    "Mr. Lee",
    "he",
    "analysts",
    '"',
    "“",
    "”",
    ",",
    ".",
    ":",
    "said",
    "told",
    "that",
    "according to",
    "\n\n",
    "who",
    "and",
    "😀",
    "e\u0301",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_a_statement_lies_inside_its_sentence(text: str) -> None:
    sentences = segment(text).sentences
    found = statements(text)
    for statement in found:
        sentence = sentences[statement.sentence]
        assert sentence.start <= statement.start < statement.end <= sentence.end
        assert statement.speaker in text or statement.speaker in {p.name for p in find_people(text, sentences)}
    keys = [(s.sentence, s.speaker) for s in found]
    assert len(keys) == len(set(keys))
    assert [s.sentence for s in found] == sorted(s.sentence for s in found)


@pytest.mark.parametrize(
    "piece", ['"a" ', "“a ", "said ", ", said", "told by ", "'a ", "according to ", "Ana Lee said he said. "]
)
def test_time_grows_with_length_only(piece: str) -> None:
    """Eight times the text takes at most about twenty times as long: linear, with room for a busy machine."""

    def seconds(text: str) -> float:
        sentences = segment(text).sentences
        people = find_people(text, sentences)
        return cpu_seconds(lambda: find_statements(text, sentences, people))

    assert seconds(piece * 4000) < 20 * seconds(piece * 500) + 0.1


@pytest.mark.skipif(not SAMPLE.exists(), reason="QA_DATA has no sample article")
def test_the_sample_article() -> None:
    text = SAMPLE.read_text("utf-8")
    found = said(text)
    assert [item.speaker for item in found].count("Daniel Zhang") == 8
    (talent,) = [item for item in found if "talent" in item.words]
    assert (talent.speaker, talent.kind, talent.inferred) == ("Daniel Zhang", "mixed", False)
    (urgency,) = [item for item in found if "urgency" in item.words]
    assert (urgency.speaker, urgency.kind, urgency.inferred) == ("Daniel Zhang", "indirect", True)
    assert [item.kind for item in found if "understand" in item.words or "truly" in item.words] == ["direct", "direct"]
    assert [item.speaker for item in found if item.speaker != "Daniel Zhang"] == ["analysts"]


def test_a_speaker_named_in_the_sentence_is_not_inferred() -> None:
    text = (
        "Ferro Tools is growing. In January its chief executive, Milos Brandt, had said that it would hire 40 people. "
        "He said that the orders were there."
    )
    cut = segment(text)
    people = find_people(text, cut.sentences)
    said = [(s.speaker, s.inferred) for s in find_statements(text, cut.sentences, people)]
    assert said == [("Milos Brandt", False), ("Milos Brandt", True)]


def test_an_interviews_answers_belong_to_the_one_interviewed() -> None:
    text = (
        'Mara Olsen runs the ferry. "It is old," Olsen said. Olsen added that it leaks. Olsen said it floats.\n\n'
        "**You bought it in May. Was that wise?**\n\n"
        '"No, it was not wise. I paid too much for it.\n\n'
        '"The price was not the worst of it."\n\n'
        "**And now?**\n\n"
        '"Now I row across the lake."\n\n'
        "The lake is deep."
    )
    assert said(text)[-4:] == [
        Said("Mara Olsen", "direct", True, '"No, it was not wise.'),
        Said("Mara Olsen", "direct", True, "I paid too much for it."),
        Said("Mara Olsen", "direct", True, '"The price was not the worst of it."'),
        Said("Mara Olsen", "direct", True, '"Now I row across the lake."'),
    ]


def test_a_cue_in_an_answer_outweighs_who_is_interviewed() -> None:
    text = (
        "Mara Olsen said the ferry leaks. Olsen said it floats. Olsen said it is old.\n\n"
        "Q: Who rows it?\n\n"
        '"My brother rows it every day," said Piet Kuiper.'
    )
    assert speakers(text)[-1] == "Piet Kuiper"


def test_answers_without_one_plain_speaker_belong_to_nobody() -> None:
    text = (
        "Mara Olsen said the ferry leaks. Piet Kuiper said it floats.\n\n"
        "**Who rows it?**\n\n"
        '"My brother rows it every day."'
    )
    assert speakers(text) == ["Mara Olsen", "Piet Kuiper"]


@pytest.mark.parametrize(
    "text",
    [
        "Karl Jensen would not say who had signed the letter.",
        "Karl Jensen declined to say when the port would open.",
        "Karl Jensen refused to comment on the letter.",
        "The ministry has yet to say whether the port will open.",
        "Karl Jensen did not say whether the port would open.",
        "You announced 40 jobs in January.",
    ],
)
def test_a_refusal_to_speak_and_an_address_of_the_reader_are_no_statements(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Karl Jensen did not say that the port would close.",
        "Karl Jensen denied that the port would close.",
        "Karl Jensen said he would not say who had signed the letter.",
    ],
)
def test_a_denial_is_a_statement(text: str) -> None:
    assert speakers(text) == ["Karl Jensen"]


def test_many_questions_and_subheadings_take_linear_time() -> None:
    part = '## Next\n\nMara Olsen said it floats. He left.\n\n**Who rows it?**\n\n"My brother rows it every day."\n\n'
    text = part * 1500
    sentences = segment(text).sentences
    started = time.perf_counter()
    assert len(find_statements(text, sentences, find_people(text, sentences))) >= 3000
    assert time.perf_counter() - started < 3
