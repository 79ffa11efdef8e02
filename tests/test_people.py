"""People inside one article: which names are persons, and which names, descriptions and pronouns mean whom.

The articles are invented. The sample article is read from ``QA_DATA`` and only offsets and single words of it are
asserted.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cpu import cpu_seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.segment import segment
from qa.statements.naming import covers, fold, name_parts
from qa.statements.people import find_people, full_name_variants, matches
from qa.types import Mention, Person, Role

SAMPLE = (
    Path(os.environ.get("QA_DATA", Path(__file__).parents[2] / "shared" / "data"))
    / "article"
    / "alibaba-global-hiring.txt"
)


def people(text: str) -> tuple[Person, ...]:
    return find_people(text, segment(text).sentences)


def names(text: str) -> set[str]:
    return {person.name for person in people(text)}


def mentions(text: str, name: str) -> list[str]:
    """The words that mean the person of this name, in order."""
    (found,) = [person for person in people(text) if person.name == name]
    return [text[mention.start : mention.end] for mention in found.mentions]


def meant(text: str, words: str) -> str | None:
    """The person whom the first occurrence of ``words`` means."""
    start = text.index(words)
    for person in people(text):
        if any(mention.start <= start and start + len(words) <= mention.end for mention in person.mentions):
            return person.name
    return None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marguerite Oyelaran said the bridge would open in May.", {"Marguerite Oyelaran"}),
        ("Dr. Kwabena Osei-Tutu, a surgeon, arrived on Monday. Osei-Tutu said he was tired.", {"Kwabena Osei-Tutu"}),
        ("The mayor, Jeroen van der Velde, opened the canal on Friday.", {"Jeroen van der Velde"}),
        (
            "Foreign Minister Yusuf bin Hamdan met Layla al-Masri, a lawyer, in Geneva.",
            {"Yusuf bin Hamdan", "Layla al-Masri"},
        ),
        ("J. K. Sorley, 58, and Seán O'Riordan, 41, won the race.", {"J. K. Sorley", "Seán O'Riordan"}),
        ("President Wulandari spoke first. Wulandari said she would stay.", {"Wulandari"}),
        ("Łukasz Żmijewski, who runs the brewery, said it would close.", {"Łukasz Żmijewski"}),
        ("Prime Minister Ngo Thanh Binh resigned. Ngo said he was ill.", {"Ngo Thanh Binh"}),
    ],
)
def test_names_of_many_shapes_are_recognised(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Harbour Foods Holdings Ltd. said sales rose. Northwind TV said they fell.",
        "Carver Brothers collapsed in March. Tolland Motor Co. said it would buy the plant.",
        "The road from New Tarrow to Port Ellery crosses the Grey River.",
        "The company showed the Aurora Phone in April. Cloud Atlas sells well in Germany.",
        "Ministers met in Brussels on Monday. France and Poland said they agreed.",
        "The White Hall Museum opens on Tuesday. Visitors said they liked it.",
        "NATO said on Friday that the UN had agreed.",
    ],
)
def test_companies_places_months_and_products_are_no_persons(text: str) -> None:
    assert names(text) == set()


def test_a_title_case_headline_introduces_nobody_but_is_linked() -> None:
    title = "Tessa Marlowe Plans Bigger Harbour After Record Year"
    text = f"{title}\n\nThe port is full, said Tessa Marlowe, its director. Marlowe is 52."
    found = segment(text, title=title).sentences
    assert found[0].role is Role.HEADLINE
    (person,) = find_people(text, found)
    assert person.name == "Tessa Marlowe"
    assert person.mentions[0] == Mention(start=0, end=13, kind="name")


def test_surname_given_name_title_and_pronoun_mean_the_same_person() -> None:
    text = (
        "Chief executive Ingrid Halvorsen opened the new yard on Monday. Halvorsen said it had cost too much.\n\n"
        "Ingrid was named head of the firm in 2019. Ms. Halvorsen said she would stay.\n\nShe did not name a date."
    )
    assert mentions(text, "Ingrid Halvorsen") == [
        "Ingrid Halvorsen", "Halvorsen", "Ingrid", "Halvorsen", "she", "She",
    ]  # fmt: skip


def test_a_description_before_the_name_is_linked_to_it() -> None:
    text = (
        "The shipyard will hire 300 welders, the new chief executive told staff.\n\n"
        "CEO Rafael Quintero said the first would start in May."
    )
    assert meant(text, "the new chief executive") == "Rafael Quintero"


def test_equivalent_titles_are_one_role() -> None:
    text = "Premier Anneli Korhonen spoke for an hour. Reporters left early. The prime minister did not take questions."
    assert meant(text, "The prime minister") == "Anneli Korhonen"
    text = "Finance chief Otto Brandl resigned. Shares fell. The chief financial officer gave no reason."
    assert meant(text, "The chief financial officer") == "Otto Brandl"


def test_two_holders_of_a_role_leave_it_unresolved() -> None:
    text = (
        "Anders Holm, chief executive of Varde Shipping, met Carla Benedetti, chief executive of Nordhav Lines.\n\n"
        "The chief executive said talks went well."
    )
    assert meant(text, "The chief executive") is None


def test_the_company_beside_a_role_tells_two_holders_apart() -> None:
    text = (
        "Anders Holm, chief executive of Varde, met Carla Benedetti, chief executive of Nordhav.\n\n"
        "Nordhav's chief executive said talks went well."
    )
    assert [m for m in mentions(text, "Carla Benedetti") if "executive" in m]
    assert not [m for m in mentions(text, "Anders Holm") if "executive" in m]


def test_a_former_holder_is_not_the_holder() -> None:
    text = "Former mayor Gus Tanner praised the plan. The mayor rejected it."
    assert meant(text, "The mayor") is None


def test_a_vice_president_is_not_the_president() -> None:
    text = "Vice President Nora Lindqvist landed on Sunday. The president stayed at home."
    assert meant(text, "The president") is None


def test_two_people_of_one_surname_are_never_merged() -> None:
    text = (
        "Mei Rong, an engineer, designed the pump.\n\nShe left the firm in 2012.\n\nIt was sold again.\n\n"
        "Daniel Rong, the mayor, opened it. Rong said it worked."
    )
    assert names(text) == {"Mei Rong", "Daniel Rong"}
    assert meant(text, "Rong said") is None
    start = text.index("Rong said")
    owner = [p.name for p in people(text) for m in p.mentions if m.start == start]
    assert owner == ["Daniel Rong"]


def test_a_surname_right_after_both_bearers_stays_open() -> None:
    text = "Mei Rong, an engineer, and Daniel Rong, the mayor, met on Monday. Rong said it went well."
    start = text.index("Rong said")
    assert not [m for person in people(text) for m in person.mentions if m.start == start]


def test_a_title_tells_a_couple_apart() -> None:
    text = (
        "Paul and Anna Olsen own the bakery. Anna Olsen bakes at night. Paul Olsen drives the van.\n\n"
        "Mrs. Olsen said the oven was old."
    )
    assert names(text) == {"Paul Olsen", "Anna Olsen"}
    start = text.index("Olsen said")
    assert [p.name for p in people(text) for m in p.mentions if m.start == start] == ["Anna Olsen"]


def test_a_couple_named_together_are_two_persons() -> None:
    assert names("Paul and Anna Olsen, who own the bakery, said it would close.") == {"Paul Olsen", "Anna Olsen"}


def test_a_company_named_after_a_founder_keeps_its_bare_name() -> None:
    text = (
        "Tolland Motor Co. will close two plants. Henry Tolland, its chairman, spoke to workers on Monday.\n\n"
        "Tolland said in a filing that costs had risen. Mr. Tolland said he was sorry."
    )
    start = text.index("Tolland said in")
    assert not [m for person in people(text) for m in person.mentions if m.start == start]
    assert mentions(text, "Henry Tolland") == ["Henry Tolland", "Tolland", "he"]


def test_pronouns_follow_gender() -> None:
    text = "Karl Jensen met Maria Duarte in Porto on Friday. She said the deal was close. He said it was not."
    assert meant(text, "She said"[:3]) == "Maria Duarte"
    assert meant(text, "He said"[:2]) == "Karl Jensen"


def test_an_unclear_pronoun_stays_open() -> None:
    text = "Karl Jensen and Peter Duarte met in Porto on Friday. He said the deal was close."
    start = text.index("He said")
    assert not [m for person in people(text) for m in person.mentions if m.start == start]


def test_somebody_without_a_name_blocks_a_pronoun() -> None:
    text = "Karl Jensen owns the house. My brother died last year. He was a sailor."
    assert not [m for m in mentions(text, "Karl Jensen") if m == "He"]


def test_a_pronoun_may_stand_before_the_name() -> None:
    text = "The yard is full. In his letter to the staff, Karl Jensen asked for patience."
    assert mentions(text, "Karl Jensen") == ["his", "Karl Jensen"]


def test_pronouns_inside_quotes_are_left_alone() -> None:
    text = 'Karl Jensen was calm. "He is a fool and his plan is worse," said Maria Duarte, a neighbour.'
    assert mentions(text, "Karl Jensen") == ["Karl Jensen"]


def test_captions_and_junk_name_nobody() -> None:
    text = "Karl Jensen said the yard was full."
    (sentence,) = segment(text).sentences
    caption = type(sentence)(start=sentence.start, end=sentence.end, role=Role.CAPTION)
    assert find_people(text, [caption]) == ()


@pytest.mark.parametrize(
    ("asked", "name", "expected"),
    [
        ("Zhang", "Daniel Zhang", True),
        ("zhang's", "Daniel Zhang", True),
        ("Mr Zhang", "Daniel Zhang", True),
        ("Mr. Zhang", "Daniel Zhang", True),
        ("D. Zhang", "Daniel Zhang", True),
        ("DANIEL ZHANG", "Daniel Zhang", True),
        ("CEO Zhang", "Daniel Zhang", True),
        ("Daniel", "Daniel Zhang", True),
        ("Mei Zhang", "Daniel Zhang", False),
        ("Zha", "Daniel Zhang", False),
        ("Daniel Chang", "Daniel Zhang", False),
        ("D.", "Daniel Zhang", False),
        ("", "Daniel Zhang", False),
        ("Muller", "Jana Müller", True),
        ("Lukasz", "Łukasz Żmijewski", True),
        ("zmijewski", "Łukasz Żmijewski", True),
        ("OBrien", "Seán O’Brien", True),
        ("John Kennedy", "John F. Kennedy", True),
        ("Velde", "Jeroen van der Velde", True),
        ("van der Velde", "Jeroen van der Velde", True),
        ("Binh Ngo", "Ngo Binh", True),
        ("Joe Tanner", "Joseph Tanner", True),
    ],
)
def test_matches(asked: str, name: str, expected: bool) -> None:
    assert matches(asked, Person(name=name, aliases=(), mentions=())) is expected


def test_a_title_of_the_other_gender_does_not_match() -> None:
    person = Person(name="Daniel Zhang", aliases=("Mr. Zhang",), mentions=())
    assert matches("Mr Zhang", person)
    assert not matches("Mrs Zhang", person)


def test_full_name_variants() -> None:
    assert full_name_variants("Dr. Jana Maria Müller") == (
        "Jana Maria Müller", "Jana Müller", "J. Müller", "Müller Jana", "Müller", "Jana",
    )  # fmt: skip
    assert full_name_variants("Jeroen van der Velde")[1:] == (
        "J. van der Velde", "van der Velde Jeroen", "van der Velde", "Jeroen",
    )  # fmt: skip
    assert full_name_variants("Suharto") == ("Suharto",)


@given(st.lists(st.sampled_from(["Ana", "Ben", "Kuo", "Zed", "Lee"]), min_size=2, max_size=4, unique=True))
def test_every_variant_matches_its_name(words: list[str]) -> None:
    person = Person(name=" ".join(words), aliases=(), mentions=())
    assert all(matches(variant, person) for variant in full_name_variants(person.name))
    assert covers(name_parts(person.name), name_parts(person.name.upper()))


def test_fold_drops_case_and_accents() -> None:
    assert fold("ŻMIJEWSKI") == "zmijewski"
    assert fold("Müller") == fold("Mu\u0308ller") == "muller"


PIECES = [
    "&",
    "Sun",
    "Mon",
    "Mr.",
    "Jr.",
    "The",
    "O'",
    "'s",
    "de",
    "J.",
    "7",
    "Swedish",
    "(",
    "Ana Lee",
    "Mr. Lee",
    "CEO",
    "the chief executive",
    "he",
    "she",
    '"',
    "“",
    "”",
    ",",
    ".",
    "said",
    "\n\n",
    "van",
    "Żak",
    "😀",
    "e\u0301",
]


def test_what_is_left_of_days_is_no_name() -> None:
    assert people("Tue – Sat 4PM (Closed on Sun & Mon)") == ()


@settings(max_examples=400)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_has_people_or_none(text: str) -> None:
    assert all(person.mentions for person in people(text))


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_mentions_are_ordered_disjoint_and_inside_sentences(text: str) -> None:
    spans = [(s.start, s.end) for s in segment(text).sentences]
    taken: set[int] = set()
    for person in people(text):
        starts = [mention.start for mention in person.mentions]
        assert starts == sorted(starts)
        assert starts
        for mention in person.mentions:
            assert any(start <= mention.start < mention.end <= end for start, end in spans)
            assert not taken & set(range(mention.start, mention.end))
            taken |= set(range(mention.start, mention.end))


@pytest.mark.parametrize(
    "piece",
    ['"a" ', "“a ", "Ana Lee said. ", "Aa ", "said ", "'a ", "the CEO said ", "Van de la ", "A.B.C.", "he said she "],
)
def test_time_grows_with_length_only(piece: str) -> None:
    """Eight times the text takes at most about twenty times as long: linear, with room for a busy machine."""

    def seconds(text: str) -> float:
        sentences = segment(text).sentences
        return cpu_seconds(lambda: find_people(text, sentences))

    assert seconds(piece * 4000) < 20 * seconds(piece * 500) + 0.1


@pytest.mark.skipif(not SAMPLE.exists(), reason="QA_DATA has no sample article")
def test_the_sample_article_has_one_person() -> None:
    text = SAMPLE.read_text("utf-8")
    (person,) = people(text)
    assert person.name == "Daniel Zhang"
    said = [(text[m.start : m.end].lower(), m.kind) for m in person.mentions]
    assert said[0] == ("the new chief executive", "role")
    assert person.mentions[0].start < text.index("Daniel Zhang")
    assert said.count(("daniel", "name")) == 3
    assert said.count(("he", "pronoun")) == 2


_PORTRAIT = (
    "Karl Jensen runs the ferry line. He bought it in 1998.\n\n"
    "Jensen owns four ships. They are old.\n\n"
    "Jensen had a partner once.\n\n"
    "## The accident\n\n"
    "One of the crew was Peter Duarte, who lost his job. Duarte now drives a bus. Duarte likes it.\n\n"
    "## The future\n\n"
)


def _after(text: str, start: str) -> str | None:
    """The person whom a pronoun at the beginning of the passage ``start`` means."""
    place = text.rindex(start)
    for person in people(text):
        if any(mention.start == place for mention in person.mentions):
            return person.name
    return None


def test_a_subheading_ends_the_reach_of_a_minor_figure() -> None:
    assert _after(_PORTRAIT + "He will not sell the ships.", "He will") == "Karl Jensen"


def test_without_a_main_person_a_pronoun_after_a_subheading_stays_unresolved() -> None:
    text = (
        "Karl Jensen runs the ferry line.\n\n## The accident\n\n"
        "Peter Duarte lost his job. Duarte now drives a bus.\n\n## The future\n\nHe will not come back."
    )
    assert _after(text, "He will") is None


def test_a_main_person_is_meant_again_after_sentences_without_persons() -> None:
    text = _PORTRAIT + "The year was bad. Fuel cost more. Rain fell. A dock sank. He will not sell the ships."
    assert _after(text, "He will") == "Karl Jensen"


def test_another_person_named_in_the_section_keeps_a_later_pronoun_open() -> None:
    text = (
        _PORTRAIT
        + "Tomas Berg bought a dock. The year was bad. Fuel cost more. Rain fell. A pier sank. He will sell it."
    )
    assert _after(text, "He will") is None


def test_who_tells_somebody_something_is_not_the_one_told() -> None:
    text = "Karl Jensen said he was tired. Peter Duarte had told him so."
    assert _after(text, "him so") == "Karl Jensen"
