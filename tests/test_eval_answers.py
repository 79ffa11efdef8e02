"""Answer metrics, worked by hand: SQuAD's two, parts on token boundaries, lists, nuggets, what must not be given,
speakers.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from citation_cases import ABSTAINED, case, corpus_of, record
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    contains,
    current_first,
    exact_match,
    forbidden_fact,
    list_f1,
    nugget_f3,
    nugget_vital,
    right,
    speaker,
    token_f1,
)
from eval.metrics.metric import Case, Metric, Place, apply
from eval.metrics.tokens import fold, occurs, squad_normal, words
from eval.types import (
    AnswerPart,
    Ended,
    NotApplicable,
    Nugget,
    RunCitation,
    RunClaim,
    RunRecord,
    Score,
    Scored,
    Unscored,
    Value,
)


def parts(*texts: str | tuple[str, ...]) -> tuple[AnswerPart, ...]:
    """One part for each text, or for each tuple of wordings."""
    wordings = [(text,) if isinstance(text, str) else text for text in texts]
    return tuple(AnswerPart(text=first, aliases=tuple(more)) for first, *more in wordings)


def claims(*texts: str | RunClaim, **more: Any) -> RunRecord:
    """An answer of these claims."""
    return record(claims=tuple(RunClaim(text=one) if isinstance(one, str) else one for one in texts), **more)


# --- SQuAD


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Norman  Conquest!", "norman conquest"),
        ("a-b, an A. the", "ab"),  # punctuation goes first, and joins what it divided
        ("A.N. Other", "other"),  # "a.n." becomes "an"
        ("theatre", "theatre"),
        ("«the» — É", "« » — é"),  # only ASCII punctuation
        ("the\u00a0a\tb\n", "b"),
        ("...", ""),
    ],
)
def test_squad_normalisation(text: str, normal: str) -> None:
    assert squad_normal(text) == normal


@pytest.mark.parametrize(
    ("golds", "predicted", "em", "f1"),
    [
        (("The Oslo",), "oslo.", 1.0, 1.0),
        # 2 common; 2 predicted, 4 wanted: P 1, R 1/2.
        (("the Norman conquest of England",), "Norman conquest", 0.0, (2 * 1.0 * 0.5) / (1.0 + 0.5)),
        # 3 common; 5 predicted, 3 wanted. Exactly this double, not 0.75: the official order of operations.
        (("red green blue",), "red green blue black white", 0.0, 0.7499999999999999),
        # 2 common; 4 predicted, 5 wanted: not 4/9 = 0.4444444444444444.
        (("one two three four five",), "two one six seven", 0.0, 0.4444444444444445),
        # Tokens count as often as they stand: 2 common of 3 predicted, 2 wanted.
        (("so so",), "so so so", 0.0, (2 * (2 / 3) * 1.0) / ((2 / 3) + 1.0)),
        (("Bergen",), "Oslo", 0.0, 0.0),
        (("Bergen", "Oslo"), "Oslo", 1.0, 1.0),  # best over the golds
        (("Bergen", "Oslo fjord"), "Oslo", 0.0, (2 * 1.0 * 0.5) / (1.0 + 0.5)),
        # A gold that normalises to nothing is dropped; where none is left, the gold is the empty one.
        (("the", "Oslo"), "a", 0.0, 0.0),
        (("The", "!"), "a", 1.0, 1.0),
    ],
)
def test_squad(golds: tuple[str, ...], predicted: str, em: float, f1: float) -> None:
    one = case((), record(answer="Of much else.", short=predicted), answers=parts(golds))
    assert apply(exact_match.METRIC, one) == Scored(em)
    assert apply(token_f1.METRIC, one) == Scored(f1)


def test_squad_without_an_answer() -> None:
    def both(given: RunRecord | None) -> tuple[Score, Score]:
        one = case((), given, answerable=False)
        return apply(exact_match.METRIC, one), apply(token_f1.METRIC, one)

    assert both(ABSTAINED) == (Scored(1.0), Scored(1.0))
    assert both(record(answer="Oslo")) == (Scored(0.0), Scored(0.0))
    assert both(record(answer="")) == (Scored(1.0), Scored(1.0))
    # What an abstention shows beside isn't a prediction.
    assert both(record(answer="Nothing found.", ended=Ended.ABSTAINED)) == (Scored(1.0), Scored(1.0))
    assert both(None) == (Scored(0.0, "missing from the run"),) * 2


def test_squad_takes_the_short_answer_or_all_of_it() -> None:
    assert apply(exact_match.METRIC, case((), record(answer="It is Oslo.", short="Oslo"))) == Scored(1.0)
    # 1 common; 3 predicted, 1 wanted.
    whole = case((), record(answer="It is Oslo."))
    assert apply(exact_match.METRIC, whole) == Scored(0.0)
    assert apply(token_f1.METRIC, whole) == Scored((2 * (1 / 3) * 1.0) / ((1 / 3) + 1.0))
    assert apply(token_f1.METRIC, case((), ABSTAINED)) == Scored(0.0)


def test_squad_says_nothing_about_lists_and_unworded_answers() -> None:
    for metric in (exact_match.METRIC, token_f1.METRIC):
        assert apply(metric, case((), record(), answers=parts("a", "b"))) == NotApplicable(
            "the answer has several parts"
        )
        assert apply(metric, case((), record(), answers=())) == NotApplicable("gold words no answer")


# --- token boundaries


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("art", "the ART of it"),
        ("art", "state-of-the-art."),
        ("5", "5 percent"),
        ("5", "5%, (5), $5, 5."),
        ("1,500", "some 1500 people"),
        ("1500", "some 1\u2009500 people"),
        ("Cr 41.50", "to Cr\u00a041.50 a share"),
        ("Cr 230 million", "is Cr\n230  million"),
        ("Élise", "E\u0301LISE Moreau"),
        ("Akíntọ́lá", unicodedata.normalize("NFD", "by Akíntọ́lá")),
        ("ﬁfty", "fifty"),
        ("STRASSE", "Straße 5"),
        ("“too fast”", '"too fast"'),
        ("don't", "they don’t"),
        ("1903–04", "in 1903-04"),
        ("U.C.", "the U.C. army"),
        ("張美琳", "校長張美琳說"),
        ("won", "she won't say who won"),
    ],
)
def test_occurs(wording: str, text: str) -> None:
    assert occurs(wording, text)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("art", "a party, artful, Bart"),
        ("5", "15, 51, 5.5, 1,500, 0.5, .5, 5:30, 1/5, 5th, x5, 5m, 1\u2009500"),
        ("500", "1,500 and 2\u2009500 and 500,000"),
        ("1.1", "1.12 and 11.1"),
        ("Elise", "Élise, E\u0301lise"),
        ("lá", "Akíntọ́lá"),
        ("can", "they cannot"),
        ("won", "they won't"),
        ("too fast", "too very fast"),
        ("", "anything"),
        ("...", "well ..."),
        ("Zhang Meilin", "Zhang. Meilin"),
    ],
)
def test_does_not_occur(wording: str, text: str) -> None:
    assert not occurs(wording, text)


@given(st.text(max_size=30), st.text(max_size=8))
def test_occurring_does_not_depend_on_composition(text: str, wording: str) -> None:
    spelled = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert occurs(wording, spelled[0]) == occurs(unicodedata.normalize("NFD", wording), spelled[1])


@given(st.lists(st.sampled_from(["art", "party", "5", "15", "5.5", "1,500", "Zhang", "né"]), max_size=6))
def test_occurs_is_membership_where_tokens_stand_apart(tokens: list[str]) -> None:
    for token in ("art", "party", "5", "15", "5.5", "1,500", "zhang", "né"):
        assert occurs(token, " ".join(tokens)) == (token in [one.casefold() for one in tokens])


def test_folding_again_changes_nothing() -> None:
    text = "  The “ﬁrst” 1,962 — É\u00a0… "
    assert fold(fold(text)) == fold(text) == 'the "first" 1962 - é ...'
    assert words("Nwosu-Klein, É. d’Or") == ("Nwosu", "Klein", "É", "d", "Or")


# --- contains


def test_every_part_in_some_wording() -> None:
    wanted = parts(("Łukasz Nowicz", "Łukasz"), "Ewa Nowicz")
    assert apply(contains.METRIC, case((), claims("Łukasz bakes.", "So does Ewa Nowicz."), answers=wanted)) == Scored(
        1.0
    )
    assert apply(contains.METRIC, case((), claims("Łukasz bakes."), answers=wanted)) == Scored(0.0)
    # Never across two claims.
    assert apply(contains.METRIC, case((), claims("Łukasz, Ewa", "Nowicz"), answers=wanted)) == Scored(0.0)
    # Claims, not what is shown around them; without claims the answer.
    assert apply(contains.METRIC, case((), claims("In Bergen.", answer="Not in Oslo"))) == Scored(0.0)
    assert apply(contains.METRIC, case((), record(answer="In Oslo"))) == Scored(1.0)
    assert apply(contains.METRIC, case((), claims("Oslo", ended=Ended.ABSTAINED))) == Scored(0.0)
    assert apply(contains.METRIC, case((), record(), answerable=False)) == NotApplicable("the question has no answer")


# --- lists


@pytest.mark.parametrize(
    ("given", "f1"),
    [
        # All 3 parts; 3 of 4 members name one: P 3/4, R 1.
        (record(answer="Hask, Millrace, Tessin and Lower Dray"), 2 * 0.75 / 1.75),
        (record(answer="- Hask\n- Millrace\n2. Lower Dray"), 1.0),
        (record(answer="Hask; Millrace; and Lower Dray."), 1.0),
        (record(answer="Hask"), 2 * (1 / 3) / (4 / 3)),
        (record(answer="Tessin"), 0.0),
        # Claims are the members: 2 of 3 name a part, 2 of 3 parts are named.
        (claims("Water stood in Hask.", "It rained.", "Hask and Millrace were cut off."), 2 / 3),
        # One claim that names all.
        (claims("It hit Hask, Millrace and Lower Dray."), 1.0),
        (ABSTAINED, 0.0),
    ],
)
def test_list_f1(given: RunRecord, f1: float) -> None:
    one = case((), given, answers=parts("Hask", "Millrace", ("Lower Dray", "the lower valley")))
    score = apply(list_f1.METRIC, one)
    assert isinstance(score, Scored)
    assert score.value == pytest.approx(f1, rel=1e-12)


def test_a_separator_inside_a_part_does_not_cut() -> None:
    wanted = parts("Bell, Book and Candle", "Kite Season")
    assert apply(
        list_f1.METRIC, case((), record(answer="Bell, Book and Candle, Kite Season"), answers=wanted)
    ) == Scored(1.0)
    # Nor one inside a number: two members, both right.
    numbers = case((), record(answer="1,500 and 2,300"), answers=parts("1,500", "2,300"))
    assert apply(list_f1.METRIC, numbers) == Scored(1.0)


def test_lists_have_several_parts() -> None:
    assert apply(list_f1.METRIC, case((), record())) == NotApplicable("the answer is no list")


# --- nuggets

NUGGETS = (
    Nugget(text="hiring starts in April", aliases=("starting in April",), vital=True),
    Nugget(text="hired too fast", vital=True),
    Nugget(text="120 engineers"),
)


def nuggets(given: RunRecord) -> tuple[float, float]:
    """Vital share and F3."""
    one = case((), given, nuggets=NUGGETS, answers=())
    scores = apply(nugget_vital.METRIC, one), apply(nugget_f3.METRIC, one)
    assert all(isinstance(score, Scored) for score in scores)
    return scores[0].value, scores[1].value  # type: ignore[union-attr]


def test_nuggets_within_the_allowance() -> None:
    # Both vital: R 1; 300 characters are allowed: P 1.
    assert nuggets(claims("We hired too fast.", "We hire 120 engineers, starting in April.")) == (1.0, 1.0)
    # One of two: R 1/2, P 1: 10 * .5 / (9 + .5).
    assert nuggets(claims("We hired too fast.")) == (0.5, pytest.approx(5 / 9.5, rel=1e-12))
    # An okay nugget alone allows characters but recalls nothing.
    assert nuggets(claims("120 engineers")) == (0.0, 0.0)
    assert nuggets(ABSTAINED) == (0.0, 0.0)


def test_nuggets_beyond_the_allowance() -> None:
    # "hired too fast" has 12 characters other than spaces; with 188 more 200 for an allowance of 100: P 1/2, R 1/2.
    long = "hired too fast " + "x " * 188
    assert nuggets(claims(long)) == (0.5, pytest.approx(10 * 0.5 * 0.5 / (9 * 0.5 + 0.5), rel=1e-12))
    # 100 exactly is allowed; okay nuggets allow as much as vital ones.
    assert nuggets(claims("hired too fast " + "x " * 88))[1] == pytest.approx(5 / 9.5, rel=1e-12)
    assert nuggets(claims("hired too fast 120 engineers " + "x " * 176))[1] == pytest.approx(5 / 9.5, rel=1e-12)


def test_nuggets_need_a_vital_one() -> None:
    for metric in (nugget_vital.METRIC, nugget_f3.METRIC):
        assert apply(metric, case((), record(), nuggets=NUGGETS[2:])) == NotApplicable("gold has no vital nugget")
        assert apply(metric, case((), record(), nuggets=NUGGETS, answerable=False)) == NotApplicable(
            "the question has no answer"
        )


# --- what must not be given

OLD = "The tram will cost 910 million crowns."
NEW = "The tram will cost 1.12 billion crowns."
RISEN = "The cost rose from 910 million to 1.12 billion crowns."
TRAM = corpus_of({"old": OLD, "new": NEW, "risen": RISEN})


def cited(article: str, text: str = "", *, earlier: bool = False, quote: str = "") -> RunClaim:
    """A claim that cites a whole article."""
    whole = TRAM[article].text
    citation = RunCitation(article=article, start=0, end=len(whole), quote=quote or whole)
    return RunClaim(text=text or whole, citations=(citation,), earlier=earlier)


def tram(given: RunRecord | None, **more: Any) -> Case:
    """The question of what the tram costs: 1.12 billion, and 910 million no more."""
    evidence = [[Place(article="new", start=0, end=len(NEW))]]
    acceptable = [Place(article="risen", start=0, end=len(RISEN))]
    fields: dict[str, Any] = {"answers": parts("1.12 billion"), "forbidden": ("840 million", "910 million"), **more}
    shown = case((), given, corpus=TRAM, **fields)
    return Case(
        item=shown.item,
        record=given,
        corpus=TRAM,
        evidence=tuple(map(tuple, evidence)),
        acceptable=tuple(acceptable),
    )


@pytest.mark.parametrize(
    ("given", "forbidden", "is_right", "first"),
    [
        (claims(cited("new")), 0.0, 1.0, 1.0),
        (claims(cited("old")), 1.0, 0.0, 0.0),
        (claims(cited("new"), cited("old")), 1.0, 0.0, 1.0),
        (claims(cited("new"), cited("old", earlier=True)), 0.0, 1.0, 1.0),
        (claims(cited("old", earlier=True), cited("new")), 0.0, 1.0, 1.0),
        (claims(cited("old"), cited("new")), 1.0, 0.0, 0.0),
        (claims(cited("old", earlier=True)), 0.0, 0.0, 0.0),
        (claims(cited("risen", earlier=True), cited("old")), 1.0, 0.0, 0.0),
        # A gold span that says it too excuses the claim that cites it,
        (claims(cited("risen")), 0.0, 1.0, 1.0),
        # not where the quote isn't what stands there, nor another phrase than the span's,
        (claims(cited("risen", quote="910 million")), 1.0, 0.0, 0.0),
        (claims(cited("risen", "From 840 million to 1.12 billion.")), 1.0, 0.0, 0.0),
        # nor in another claim.
        (claims(cited("risen"), "It was 910 million."), 1.0, 0.0, 1.0),
        # What says neither comes before nothing.
        (claims("It rains.", cited("new")), 0.0, 1.0, 1.0),
        (claims("It rains."), 0.0, 0.0, 0.0),
        (record(answer="1.12 billion, not 910 million"), 1.0, 0.0, 0.0),
        (record(answer="1.12 billion"), 0.0, 1.0, 1.0),
        (record(answer="1.12 billion; 1,910 million"), 0.0, 1.0, 1.0),
        (ABSTAINED, 0.0, 0.0, 0.0),
    ],
)
def test_forbidden_facts(given: RunRecord, forbidden: float, is_right: float, first: float) -> None:
    assert apply(forbidden_fact.METRIC, tram(given)) == Scored(forbidden)
    assert apply(right.METRIC, tram(given)) == Scored(is_right)
    assert apply(current_first.METRIC, tram(given)) == Scored(first)


def test_a_missing_answer_counts_as_worst() -> None:
    assert apply(forbidden_fact.METRIC, tram(None)) == Scored(1.0, "missing from the run")
    assert apply(current_first.METRIC, tram(None)) == Scored(0.0, "missing from the run")


def test_where_nothing_is_forbidden() -> None:
    assert apply(forbidden_fact.METRIC, case((), record())) == NotApplicable("gold forbids nothing")
    assert apply(current_first.METRIC, case((), record())) == NotApplicable("gold forbids nothing")
    # Unanswerable items may forbid, too; nothing of theirs is current.
    unanswerable = case((), record(answer="840 million"), answerable=False, forbidden=("840 million",))
    assert apply(forbidden_fact.METRIC, unanswerable) == Scored(1.0)
    assert apply(current_first.METRIC, unanswerable) == NotApplicable("the question has no answer")


def test_a_value_or_a_vital_nugget_may_lead() -> None:
    value = Value(kind="money", value="1120000000", unit="Cr")
    lead = claims("Cr 1,120 million")
    assert apply(current_first.METRIC, tram(lead, answers=(), values=(value,))) == Scored(1.0)
    dearer = Nugget(text="dearer", vital=True)
    assert apply(current_first.METRIC, tram(claims("It gets dearer."), answers=(), nuggets=(dearer,))) == Scored(1.0)
    okay = (dearer, Nugget(text="late"))
    assert apply(current_first.METRIC, tram(claims("It comes late."), answers=(), nuggets=okay)) == Scored(0.0)


# --- right


def test_right_is_all_of_it() -> None:
    gold: dict[str, Any] = {
        "answers": parts("Oslo", "Bergen"),
        "values": (Value(kind="percent", value="13"),),
        "nuggets": (Nugget(text="by sea", vital=True), Nugget(text="at night")),
    }
    whole = ["Oslo.", "Bergen.", "13 percent.", "By sea."]
    assert apply(right.METRIC, case((), claims(*whole), **gold)) == Scored(1.0)
    assert apply(right.METRIC, case((), claims(*whole, ended=Ended.PARTLY), **gold)) == Scored(1.0)
    for missing in whole:
        rest = [one for one in whole if one != missing]
        assert apply(right.METRIC, case((), claims(*rest), **gold)) == Scored(0.0)
    assert apply(right.METRIC, case((), claims(*whole, ended=Ended.ABSTAINED), **gold)) == Scored(0.0)


def test_a_value_carries_the_part_that_says_it() -> None:
    gold: dict[str, Any] = {
        "answers": parts("1.12 billion crowns"),
        "values": (Value(kind="money", value="1120000000", unit="Cr"),),
    }
    assert apply(right.METRIC, case((), claims("Cr 1,120 million"), **gold)) == Scored(1.0)
    assert apply(contains.METRIC, case((), claims("Cr 1,120 million"), **gold)) == Scored(0.0)
    # Only that part.
    two = {**gold, "answers": parts("1.12 billion crowns", "Port Averley")}
    assert apply(right.METRIC, case((), claims("Cr 1,120 million"), **two)) == Scored(0.0)


def test_right_without_an_answer_is_silence() -> None:
    assert apply(right.METRIC, case((), ABSTAINED, answerable=False)) == Scored(1.0)
    assert apply(right.METRIC, case((), record(answer=""), answerable=False)) == Scored(0.0)


def test_right_needs_gold_that_can_be_compared() -> None:
    assert apply(right.METRIC, case((), record(), answers=())) == NotApplicable(
        "gold doesn't say what a right answer contains"
    )
    odd = (Value(kind="duration", value="5", unit="moons"),)
    assert apply(right.METRIC, case((), record(), values=odd)) == Unscored(
        "gold's duration '5' has no unit of time: 'moons'"
    )


# --- speakers

SAID = corpus_of({"hall": "We hired too fast.", "lab": "A laboratory hires.", "copy": "We hired too fast, he said."})


def says(name: str, article: str = "hall", *, text: str = "", earlier: bool = False) -> RunClaim:
    """A claim that cites a whole article and shows a speaker."""
    whole = SAID[article].text
    citation = RunCitation(article=article, start=0, end=len(whole), quote=whole)
    return RunClaim(text=text or whole, citations=(citation,), speaker=name, earlier=earlier)


def asked(
    given: RunRecord | None,
    *,
    name: str = "Adrian Zhang",
    spans: bool = True,
    metric: Metric = speaker.METRIC,
    **more: Any,
) -> Score:
    """Who said that they had hired too fast?"""
    shown = case((), given, corpus=SAID, speaker=name, answers=parts(name), **more)
    places = tuple((Place(article=one, start=0, end=len(SAID[one].text)),) for one in ("hall", "copy"))
    evidence = places if spans else ()
    return apply(metric, Case(item=shown.item, record=given, corpus=SAID, evidence=evidence))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (claims(says("Adrian Zhang")), 1.0),
        (claims(says("Mr. Adrian ZHANG")), 1.0),
        (claims(says("Zhang, Adrian")), 1.0),
        (claims(says("", text="Adrian Zhang said so.")), 1.0),
        (claims(says("Zhang")), 0.0),  # which Zhang?
        (claims(says("")), 0.0),
        (claims(says("Zhang Meilin")), 0.0),
        (claims(says("Hanna Moreau")), 0.0),
        # Every claim that cites gold names him; others may be anybody's, but no namesake's.
        (claims(says("Adrian Zhang"), says("Adrian Zhang", "copy")), 1.0),
        (claims(says("Adrian Zhang"), says("", "copy")), 0.0),
        (claims(says("Adrian Zhang"), says("Hanna Moreau", "lab")), 1.0),
        (claims(says("Adrian Zhang"), says("Zhang Meilin", "lab")), 0.0),
        (claims(says("Adrian Zhang"), says("Zhang Meilin", "lab", earlier=True)), 1.0),
        (claims(says("Adrian Zhang"), says("Zhang", "lab")), 1.0),
        (claims(says("Adrian Zhang", "lab")), 0.0),  # not for what he is asked about
        (claims(RunClaim(text="We hired too fast.", speaker="Adrian Zhang")), 0.0),
        (record(answer="Adrian Zhang did."), 1.0),
        (record(answer="Zhang did."), 0.0),
        (ABSTAINED, 0.0),
    ],
)
def test_speaker(given: RunRecord, expected: float) -> None:
    assert asked(given) == Scored(expected)


def test_one_name_is_enough_where_gold_has_one() -> None:
    assert asked(claims(says("Pramesti")), name="Pramesti") == Scored(1.0)
    assert asked(claims(says("the novelist Pramesti")), name="Pramesti") == Scored(1.0)


def test_particles_are_no_shared_name() -> None:
    shown = claims(says("Joost van der Meulen"), says("Piet van der Berg", "lab"))
    assert asked(shown, name="Joost van der Meulen") == Scored(1.0)
    shown = claims(says("Samir al-Rashidi"), says("Omar al-Masri", "lab"))
    assert asked(shown, name="Samir al-Rashidi") == Scored(1.0)


def test_speakers_where_gold_has_no_spans() -> None:
    assert asked(claims(says("Adrian Zhang"), says("Adrian Zhang", "lab")), spans=False) == Scored(1.0)
    assert asked(claims(says("Adrian Zhang"), says("", "lab")), spans=False) == Scored(0.0)


def test_speaker_is_asked_for() -> None:
    assert apply(speaker.METRIC, case((), record())) == NotApplicable("nobody is to be named as the speaker")


def test_the_speaker_shown_belongs_to_who_said_it() -> None:
    assert asked(claims(says("Adrian Zhang")), metric=contains.METRIC) == Scored(1.0)
    assert asked(claims(says("Adrian Zhang")), metric=right.METRIC) == Scored(1.0)
    namesake = ("Zhang Meilin",)
    assert asked(claims(says("Adrian Zhang")), metric=current_first.METRIC, forbidden=namesake) == Scored(1.0)
    assert asked(claims(says("Adrian Zhang")), metric=forbidden_fact.METRIC, forbidden=namesake) == Scored(0.0)
    assert asked(claims(says("Zhang Meilin")), metric=forbidden_fact.METRIC, forbidden=namesake) == Scored(1.0)
    # To other questions it is no answer.
    leads = case((), claims(RunClaim(text="We hired too fast.", speaker="Adrian Zhang")), answers=parts("Adrian Zhang"))
    assert apply(contains.METRIC, leads) == Scored(0.0)
