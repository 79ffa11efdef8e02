"""The reader's training: items whose answers are slices, questions made wrong in one thing, targets and batches, and,
where PyTorch is, the network and a run that is killed.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from train_child import STEPS, as_read, encoder, made_up, small_network, trained

from qa.models.reader.encoding import OVERLAP, TOKENS
from qa.training.batches import TOKENS_A_BATCH, Encoded, batch, batches, encoded, targets
from qa.training.items import FILES, Item, digests, items, passage
from qa.training.mixture import SHARES, Example, Share, examples
from qa.training.perturb import Perturber, contraries, names, negations, no_names, rejoined, without_evidence
from qa.training.spoken import spoken

READ = [source for source in FILES if source != "spoken"]


@lru_cache(maxsize=9)
def read(data: Path, source: str) -> list[Item]:
    """All items of a set."""
    return items(data, source)


# --- items


def assert_sound(one: Item) -> None:
    """All that holds of any item."""
    text = one.passage.text
    for start, end in one.answers:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()
    assert all(0 <= start < end <= len(text) for start, end in one.passage.sentences)
    assert all(before[1] <= after[0] for before, after in pairwise(one.passage.sentences))
    assert one.question.strip()


@pytest.mark.parametrize("source", READ)
def test_every_answer_is_a_slice(data: Path, source: str) -> None:
    found = read(data, source)
    assert len(found) > 1_000
    for one in found:
        assert_sound(one)
        assert one.source == source
        assert not one.made
    assert any(not one.answers for one in found) == (source in {"squad2", "torque"})


@pytest.mark.parametrize("source", ["wiki", "amazon", "reddit", "squad2"])
def test_answers_are_what_the_annotators_wrote(data: Path, source: str) -> None:
    found = read(data, source)
    document = json.loads((data / FILES[source][0]).read_text(encoding="utf-8"))["data"]
    asked = [one for title in document for paragraph in title["paragraphs"] for one in paragraph["qas"]]
    assert len(found) == len(asked)
    for one, wanted in zip(found, asked, strict=True):
        assert one.question == wanted["question"].strip()
        assert [one.passage.text[start:end] for start, end in one.answers] == [a["text"] for a in wanted["answers"]]


def test_an_answer_of_one_sentence_stays_in_it_among_others(data: Path) -> None:
    """QAMR asks about single sentences; others of the document are put around them."""
    found = read(data, "qamr")
    assert Counter(len(one.passage.sentences) for one in found).keys() == {1, 2, 3, 4}
    for one in found:
        text, sentences = one.passage.text, one.passage.sentences
        assert any(all(a <= start and end <= b for start, end in one.answers) for a, b in sentences)
        for start, end in one.answers:
            assert start == 0 or not text[start - 1 : start + 1].isalnum()
            assert end == len(text) or not text[end - 1 : end + 1].isalnum()


@pytest.mark.slow
def test_what_people_say_is_a_slice_too(data: Path) -> None:
    found = spoken(data, seed=4)
    assert len(found) > 500
    assert {one.made for one in found} == {"", "person", "about"}
    for one in found:
        assert_sound(one)
        assert bool(one.answers) == (not one.made)


def test_what_people_say_by_hand(tmp_path: Path) -> None:
    (tmp_path / "qamr").mkdir()
    for name in ("readable_dev.tsv", "readable_test.tsv"):
        (tmp_path / "qamr" / name).write_text("", encoding="utf-8")
    (tmp_path / "squadshifts").mkdir()
    (tmp_path / "squadshifts" / "new_wiki.json").write_text('{"data": []}', encoding="utf-8")
    body = (
        "Petra Holm inspected the bridge of Orla on Monday. Mayor Ivo Brandt came with her.\n\n"
        "Holm said that the cables of the bridge are worn and that the council should buy steel.\n\n"
        "Brandt said that the ferry to the islands will run every hour until the winter is over."
    )
    (tmp_path / "html" / "aeb").mkdir(parents=True)
    other = "Greta Osterholt said that the mill of Selm must never burn again, and praised the brave firemen."
    pages = {"a": {"articleBody": body}, "b": {"articleBody": ""}, "c": {}, "d": {"articleBody": other}}
    (tmp_path / "html" / "aeb" / "ground-truth.json").write_text(json.dumps(pages), encoding="utf-8")
    found = [one for seed in range(9) for one in spoken(tmp_path, seed=seed)]
    assert found == [one for seed in range(9) for one in spoken(tmp_path, seed=seed)]
    assert {one.made for one in found} == {"", "person", "about"}
    for one in found:
        assert_sound(one)
        if one.made:
            assert one.answers == ()
            continue
        ((start, end),) = one.answers
        said = one.passage.text[start:end]
        (who,) = {"Holm", "Brandt", "Osterholt"} & {word.removesuffix("'s") for word in one.question.strip("?").split()}
        words = {"Holm": "cables", "Brandt": "ferry", "Osterholt": "mill"}
        assert [word for word in words.values() if word in said] == [words[who]]
        assert all(name.endswith(who) for name in one.people)


def test_what_measures_is_not_trained_on(data: Path) -> None:
    read = [name for source in SHARES for name in FILES[source]]
    assert not [name for name in read if name.startswith(("rgb", "clapnq", "polnear", "scifact", "article", "xquad"))]
    found = digests(data, SHARES)
    assert found.keys() == set(read)
    assert all(len(digest) == 64 for digest in found.values())


# --- wrong questions


def item(question: str, text: str, *answers: str, title: str = "", source: str = "made-up") -> Item:
    """An item whose answers are the first places of some words in the text."""
    spans = tuple((text.index(answer), text.index(answer) + len(answer)) for answer in answers)
    return Item(source=source, question=question, passage=passage(text, title=title, group=title), answers=spans)


FERRY = (
    "In 1931 the Orla Bridge was opened by Petra Holm. It cost 12 million crowns. "
    "Ivo Brandt had wanted a tunnel since 1925. The largest crane came from Gdansk."
)
MILL = "The mill of Selm burned in 1977. Greta Osterholt led the 40 firemen of Tarnby. Nobody in Brannock was hurt."
ITEMS = (
    item("Who opened the Orla Bridge in 1931?", FERRY, "Petra Holm"),
    item("Who had wanted a tunnel before Petra Holm opened a bridge?", FERRY, "Ivo Brandt"),
    item("How much did the 12 cranes of Gdansk cost?", FERRY, "12 million crowns"),
    item("Where was the largest crane built?", FERRY, "Gdansk"),
    item("When was the mill of Selm destroyed by Greta Osterholt?", MILL, "1977"),
    item("how many firemen of Tarnby were led in 1977?", MILL, "40"),
    item("What was the name of the 40 firemen in Brannock?", MILL, "Tarnby"),
    item("What harmed the lighthouse of Selm?", "A storm harmed the lighthouse of Selm badly.", "storm"),
)
#: So many that a word of one question is rare among them.
FILLERS = tuple(
    item(f"What {verb} the {noun} of Ostrin {number}?", f"Rain fell on {noun} number {number} near Velm.", "Rain")
    for number, (verb, noun) in enumerate(
        [(verb, noun) for verb in ("closed", "painted", "covered") for noun in ("tower", "museum", "lantern")] * 130
    )
)


#: All that a name may be exchanged for.
NAMES = {name for one in (*ITEMS, *FILLERS) for name, _ in names(one.passage.text)}


def exchanged(before: str, after: str) -> tuple[str, str]:
    """What stands in a question in the place of what: the shortest runs of words between those that both have."""
    one, other = (text.replace("?", " ?").split() for text in (before, after))
    same = 0
    while same < min(len(one), len(other)) and one[same].casefold() == other[same].casefold():
        same += 1
    tail = 0
    while tail < min(len(one), len(other)) - same and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    return " ".join(one[same : len(one) - tail]), " ".join(other[same : len(other) - tail])


@pytest.fixture(scope="module")
def perturber() -> Perturber:
    return Perturber([*ITEMS, *FILLERS])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ITEMS), st.integers(0, 10_000))
def test_a_wrong_question_differs_in_one_thing(perturber: Perturber, one: Item, seed: int) -> None:
    found = perturber.perturb(one, random.Random(seed))
    assert found == perturber.perturb(one, random.Random(seed))
    if found is None:
        return
    assert (found.passage, found.answers, found.source) == (one.passage, (), one.source)
    assert found.question.casefold() != one.question.casefold()
    assert found.question[0].isupper() == one.question[0].isupper()
    gone, new = exchanged(one.question, found.question)
    text = one.passage.text
    match found.made:
        case "name":
            there = [name for name, _ in names(one.question)]
            assert any(gone in name for name in there)
            mine = [name for name, _ in names(text)]
            fitting = [name for name in NAMES if new in name]
            assert fitting
            # From the same passage or not in it at all, and never an answer.
            assert [name for name in fitting if name in mine or name not in text]
            assert not any(new.casefold() in answer for answer in one.texts())
        case "year":
            assert gone in one.question
            assert (gone.isdigit(), len(new), new.isdigit()) == (True, 4, True)
            assert new in text or abs(int(new) - int(gone)) < 10
            assert new not in one.texts()
        case "number":
            assert gone.isdigit()
            assert new.isdigit()
            assert new not in text
        case "contrary":
            assert new.casefold() in contraries()[gone.casefold()]
        case "negated":
            assert (gone, new) == ("", "not")
        case "topic":
            there = re.findall(r"\w+", text.casefold())
            assert gone.casefold() in there
            assert new not in there
        case other:
            raise AssertionError(other)


def test_every_way_to_be_wrong_is_taken(perturber: Perturber) -> None:
    made = Counter(
        found.made
        for one in ITEMS
        for seed in range(80)
        for found in [perturber.perturb(one, random.Random(seed))]
        if found
    )
    assert made.keys() == {"name", "year", "number", "contrary", "negated", "topic"}
    assert min(made.values()) >= 5


def test_what_nothing_can_be_changed_in_stays_out() -> None:
    one = item("Why?", "Rain fell.", "Rain")
    assert Perturber([one]).perturb(one, random.Random(1)) is None


def test_before_and_after_are_no_contraries_of_events() -> None:
    one = item("What happened before it ended?", "Rain fell. It ended.", "Rain", source="torque")
    assert [Perturber([one]).perturb(one, random.Random(seed)) for seed in range(30)] == [None] * 30


@pytest.mark.parametrize("source", ["wiki", "qamr", "squad2"])
def test_real_questions_are_made_wrong(data: Path, source: str) -> None:
    asked = [one for one in read(data, source) if one.answers][:1_500]
    perturber, dice = Perturber(asked), random.Random(2)
    made: Counter[str] = Counter()
    for one in asked:
        found = perturber.perturb(one, dice)
        if found is not None:
            made[found.made] += 1
            assert found.question.casefold() != one.question.casefold()
            assert found.answers == ()
            assert found.passage is one.passage
    assert sum(made.values()) > 0.5 * len(asked)
    assert {"name", "contrary", "topic", "negated"} <= made.keys()


def test_names_do_not_begin_a_sentence() -> None:
    text = "Rain fell on Orla. Ferries of Petra Holm left in May. Nobody of the Harbour Board of Selm saw it, UK or EU."
    assert names(text) == [("Orla", "on"), ("Petra Holm", "of"), ("Harbour Board of Selm", "the")]
    assert names("Was it on Monday in May?") == []
    assert "Monday" in no_names()


def test_the_lexicon_is_whole() -> None:
    for word, others in contraries().items():
        assert word == word.casefold()
        assert others
        assert word not in others
        assert all(word in contraries()[other] for other in others)
    assert all(negated == f"{plain} not" for plain, negated in negations().items())


# --- evidence taken out

SENTENCES = st.lists(
    st.sampled_from(
        [
            "Rain fell on the harbour of Orla all night long.", "The ferry sank in 1931, with forty cars aboard.",
            "Petra Holm was the engineer of the ferry.", "1931 was a bad year for ferries, said the owners of one.",
            "No one knows why the ferry of Orla sank so near to the pier.",
        ]
    ),
    min_size=1,
    max_size=9,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(SENTENCES, st.sampled_from(["1931", "Petra Holm", "ferry", "Rain"]))
def test_no_gold_text_is_left(parts: list[str], answer: str) -> None:
    text = " ".join(parts)
    if answer not in text:
        return
    one = item("What?", text, answer)
    found = without_evidence(one)
    if found is None:
        return
    assert_sound(found)
    assert (found.answers, found.made, found.question) == ((), "removed", one.question)
    assert answer.casefold() not in found.passage.text.casefold()
    kept = [found.passage.text[start:end] for start, end in found.passage.sentences]
    (evidence,) = [s for s in one.passage.sentences if s[0] <= one.answers[0][0] < s[1]]
    wanted = [text[slice(*sentence)] for sentence in one.passage.sentences if sentence != evidence]
    assert kept == wanted
    assert found.passage.text == " ".join(wanted)


def test_where_the_answer_stands_twice_nothing_is_taken_out() -> None:
    rest = "The owners of the yard at the harbour of Orla said so in a letter to the council on Monday, and again. "
    assert without_evidence(item("When?", f"It sank in 1931. {rest}", "1931")) is not None
    assert without_evidence(item("When?", f"It sank in 1931. {rest} That was in 1931.", "1931")) is None
    assert without_evidence(item("Who?", f"Petra Holm saw it. {rest} PETRA HOLM said so.", "Petra Holm")) is None
    assert without_evidence(item("When?", "It sank in 1931. So.", "1931")) is None


def test_sentences_put_together_again() -> None:
    one = passage("Rain fell.  It stopped.\nWe left.", title="T", group="G")
    found = rejoined(one, [one.sentences[0], one.sentences[2]])
    assert (found.text, found.title, found.group) == ("Rain fell. We left.", "T", "G")
    assert [found.text[start:end] for start, end in found.sentences] == ["Rain fell.", "We left."]


@pytest.mark.parametrize("source", ["qamr", "qed", "squad2"])
def test_real_evidence_is_taken_out(data: Path, source: str) -> None:
    made = [
        (one, found) for one in read(data, source)[::5] if one.answers for found in [without_evidence(one)] if found
    ]
    assert len(made) > 20
    for one, found in made:
        assert_sound(found)
        assert not any(answer in found.passage.text.casefold() for answer in one.texts())


# --- targets


def reading(one: Item, head: str = "") -> list[Encoded]:
    """The item's windows with their targets."""
    return [targets(window, one) for window in encoder().windows(one.question, as_read(one, head))]


def test_targets_by_hand() -> None:
    text = "Rain fell. Petra Holm saw it."
    one = Item(
        source="x", question="Who?", passage=passage(text, title="", group=""), answers=((11, 21), (17, 21), (11, 21))
    )
    (found,) = reading(one, head="Orla")
    tokens = [text[start:end] for start, end in found.window.offsets]
    first = found.window.first
    assert tokens == ["Rain", "fell", ".", "Petra", "Holm", "saw", "it", "."]
    assert found.starts == ((first + 3, pytest.approx(2 / 3)), (first + 4, pytest.approx(1 / 3)))
    assert found.ends == ((first + 4, 1.0),)
    assert found.sentences == ((first, first + 3), (first + 3, first + 8))
    assert (found.evidence, found.answerable) == ((0.0, 1.0), 1.0)
    (nothing,) = reading(Item(source="x", question="Who?", passage=one.passage, answers=()))
    assert (nothing.starts, nothing.ends) == (((0, 1.0),), ((0, 1.0),))
    assert (nothing.evidence, nothing.answerable) == ((0.0, 0.0), 0.0)


def test_evidence_is_shared_by_the_annotators() -> None:
    one = item("Who?", "Petra Holm saw it. Rain fell. Ivo Brandt did not.", "Petra Holm", "Ivo Brandt", "Ivo")
    (found,) = reading(one)
    assert found.evidence == pytest.approx((1 / 3, 0.0, 2 / 3))


ANSWERED = st.builds(
    lambda parts, cuts: Item(
        source="x", question="Who?", passage=passage(" ".join(parts), title="", group=""),
        answers=tuple(
            (min(a, b) % len(" ".join(parts)), min(a, b) % len(" ".join(parts)) + 1 + abs(a - b) % 40) for a, b in cuts
        ),
    ),
    SENTENCES, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=4),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ANSWERED)
def test_targets_of_any_item(one: Item) -> None:
    length = len(one.passage.text)
    one = Item(
        source="x", question=one.question, passage=one.passage,
        answers=tuple((start, min(end, length)) for start, end in one.answers),
    )  # fmt: skip
    for found in reading(one):
        last = len(found.window.ids) - 1
        for shares in (found.starts, found.ends):
            assert sum(share for _, share in shares) == pytest.approx(1)
            assert len({place for place, _ in shares}) == len(shares)
            assert all(place == 0 or found.window.first <= place < last for place, _ in shares)
            assert all(place for place, _ in shares) or shares == ((0, 1.0),)
        assert found.answerable in (0.0, 1.0)
        assert all(0.0 <= share <= 1.0 for share in found.evidence)
        assert bool(found.answerable) >= any(found.evidence)
        for first, end in found.sentences:
            assert (first, end) == (0, 0) or found.window.first <= first < end <= last
        for (place, _), (start, _) in zip(found.starts[:1], sorted(one.answers)[:1], strict=False):
            if place:
                assert found.window.offsets[place - found.window.first][1] > start


def test_an_answer_that_a_window_cuts_is_not_in_it() -> None:
    room = TOKENS - 6  # beside "Who?" and the markers
    one = item("Who?", "word " * (room - 1) + "Petra Holm " + "word " * 2 * TOKENS + "end", "Petra Holm")
    found = reading(one)
    assert len(found) > 2
    assert one.passage.text[slice(*found[0].window.offsets[-1])] == "Petra"
    assert {bool(window.answerable) for window in found} == {True, False}
    for window in found:
        offsets = window.window.offsets
        inside = offsets[0][0] <= one.answers[0][0] and one.answers[0][1] <= offsets[-1][1]
        assert bool(window.answerable) == inside
    example = Example(item=one, head="")
    assert all(encoded(encoder(), example, random.Random(seed)).answerable for seed in range(9))
    assert 0 < OVERLAP < TOKENS


# --- batches

PLAIN = made_up()


def sized(count: int) -> Encoded:
    """An example of about so many tokens."""
    one = item("Who?", "word " * count + "end.", "end")
    return random.Random(1).choice([found for found in reading(one) if found.answerable])


SIZED = [sized(count) for count in (0, 3, 40, 150, 290, 700)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(SIZED), max_size=400), st.integers(0, 99))
def test_every_example_is_in_one_batch(found: list[Encoded], seed: int) -> None:
    planned = list(batches(found, random.Random(seed)))
    assert sorted(place for chosen in planned for place in chosen) == list(range(len(found)))
    assert planned == list(batches(found, random.Random(seed)))
    for chosen in planned:
        assert chosen
        longest = max(len(found[place].window.ids) for place in chosen)
        assert len(chosen) == 1 or longest * len(chosen) <= TOKENS_A_BATCH


def test_batches_are_full_and_of_alike_lengths() -> None:
    found = SIZED * 200
    planned = list(batches(found, random.Random(1)))
    tokens = sum(len(one.window.ids) for one in found)
    padded = sum(max(len(found[p].window.ids) for p in chosen) * len(chosen) for chosen in planned)
    assert padded < 1.1 * tokens
    assert len(planned) < 1.3 * tokens / TOKENS_A_BATCH
    assert planned != list(batches(found, random.Random(2)))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*SIZED, *PLAIN]), min_size=1, max_size=6))
def test_a_batch_is_its_examples_padded(chosen: list[Encoded]) -> None:
    made = batch(chosen)
    size, length = len(chosen), max(len(one.window.ids) for one in chosen)
    assert made.ids.shape == made.real.shape == made.text.shape == made.starts.shape == (size, length)
    for row, one in enumerate(chosen):
        count = len(one.window.ids)
        assert made.ids[row].tolist() == [*one.window.ids, *[0] * (length - count)]
        assert made.segments[row].tolist() == [*one.window.segments, *[0] * (length - count)]
        assert np.flatnonzero(made.real[row]).tolist() == list(range(count))
        assert np.flatnonzero(made.text[row]).tolist() == [0, *range(one.window.first, count - 1)]
        for array, shares in ((made.starts, one.starts), (made.ends, one.ends)):
            assert {place: float(array[row, place]) for place in np.flatnonzero(array[row])} == pytest.approx(
                dict(shares)
            )
            assert made.text[row][array[row] > 0].all()
        assert made.answerable[row] == one.answerable
        there = [place for place, (first, last) in enumerate(one.sentences) if first < last]
        assert np.flatnonzero(made.sentences[row]).tolist() == there
        for place in there:
            first, last = one.sentences[place]
            assert np.flatnonzero(made.pooling[row, place]).tolist() == list(range(first, last))
            assert made.pooling[row, place].sum() == pytest.approx(1)
            assert made.evidence[row, place] == np.float32(one.evidence[place])
        assert made.pooling[row].sum() == pytest.approx(len(there))


# --- the mixture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up questions in the layout of one set."""
    made = tmp_path_factory.mktemp("data")
    by_title: dict[str, dict[str, list[Item]]] = {}
    for number, one in enumerate([*ITEMS, *FILLERS[:20]]):
        by_title.setdefault(f"Town_{number % 4}", {}).setdefault(one.passage.text, []).append(one)
    document = [
        {
            "title": title,
            "paragraphs": [{"context": text, "qas": list(map(asked, those))} for text, those in texts.items()],
        }
        for title, texts in by_title.items()
    ]
    (made / "squadshifts").mkdir()
    (made / "squadshifts" / "new_wiki.json").write_text(json.dumps({"data": document}), encoding="utf-8")
    return made


def asked(one: Item) -> dict[str, object]:
    answers = [{"answer_start": start, "text": one.passage.text[start:end]} for start, end in one.answers]
    return {"question": one.question, "answers": answers}


def mixed(folder: Path, share: Share, *, seed: int = 1) -> list[Example]:
    return examples(folder, {"wiki": share}, cache=folder / "cache", seed=seed)


def test_the_mixture_has_all_items_and_wrong_ones_beside(folder: Path) -> None:
    found = mixed(folder, Share(wrong=1.0, removed=1.0, near=1.0))
    made = Counter(one.item.made for one in found)
    assert made[""] == len(ITEMS) + 20
    assert {"near", "removed", "name"} <= made.keys()
    golds = {one.question: one.texts() for one in (*ITEMS, *FILLERS)}
    for one in found:
        assert_sound(one.item)
        assert bool(one.item.answers) == (not one.item.made)
        if not one.item.made:
            assert one.item.texts() == golds[one.item.question]
        if one.item.made in {"near", "removed"}:
            assert not any(gold in one.item.passage.text.casefold() for gold in golds[one.item.question])
    assert {one.item.question for one in found if not one.item.made} == golds.keys() & {
        one.item.question for one in found
    }


def test_a_mixture_is_the_same_for_the_same_seed(folder: Path) -> None:
    share = Share(wrong=0.5, removed=0.5, near=0.5)
    assert mixed(folder, share) == mixed(folder, share)
    assert mixed(folder, share) != mixed(folder, share, seed=2)
    assert len(mixed(folder, Share(items=0.0))) == 0
    assert {one.item.made for one in mixed(folder, Share(wrong=0.0, removed=0.0, near=0.0))} == {""}


def test_the_question_is_never_in_the_head(folder: Path) -> None:
    heads = {one.head for seed in range(3) for one in mixed(folder, Share(), seed=seed)}
    assert "" in heads
    assert any("Town 1" in head for head in heads)
    assert any(" · " in head for head in heads)
    assert not any("?" in head for head in heads)


# --- with PyTorch


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """PyTorch on one thread, and the network small; both as before afterwards."""
    found = pytest.importorskip("torch", reason="needs the train extra")
    from qa.training import network

    for name in ("WIDTH", "INNER", "HEADS", "LAYERS"):
        monkeypatch.setattr(network, name, getattr(network, name))  # ``small_network`` changes them
    threads = found.get_num_threads()
    yield found
    found.set_num_threads(threads)


def forward(torch: ModuleType, network, chosen: Sequence[Encoded]):  # type: ignore[no-untyped-def]
    made = batch(chosen)
    with torch.no_grad():
        return network(*(torch.from_numpy(part) for part in (made.ids, made.segments, made.real)))


def tensors(network) -> dict[str, bytes]:  # type: ignore[no-untyped-def]
    return {name: value.numpy().tobytes() for name, value in network.state_dict().items()}


def test_the_network_computes_what_the_exported_graph_does(torch: ModuleType) -> None:
    pytest.importorskip("onnx", reason="needs the export extra")
    from qa.models.bert import Shape, Weights
    from qa.models.precision import Float32
    from qa.models.reader.export import reader_graph
    from qa.models.runtime import onnxruntime

    network = small_network().eval()
    with torch.no_grad():
        for value in network.parameters():
            value.copy_(torch.randn_like(value) * 0.3)
    weights = Weights({name: value.numpy() for name, value in network.state_dict().items()})
    graph = reader_graph(weights, Shape(layers=2, heads=4, tokens=TOKENS, segments=True), Float32())
    session = onnxruntime().InferenceSession(graph, providers=["CPUExecutionProvider"])
    together, answerable = forward(torch, network, PLAIN)
    for row, one in enumerate(PLAIN):
        pointers, whole = session.run(["pointers", "answerable"], {"ids": np.array([one.window.ids], dtype=np.int64)})
        alone, alone_answerable = forward(torch, network, [one])
        np.testing.assert_allclose(alone[0], pointers[0], atol=2e-5)
        assert float(alone_answerable[0]) == pytest.approx(float(whole[0, 0]), abs=2e-5)
        # And what pads a shorter text in a batch changes nothing.
        np.testing.assert_allclose(together[row, : len(one.window.ids)], pointers[0], atol=2e-5)
        assert float(answerable[row]) == pytest.approx(float(whole[0, 0]), abs=2e-5)


def test_a_network_starts_from_published_weights(torch: ModuleType) -> None:
    from qa.training.network import started_from

    network = small_network()
    published = {
        name: value + 1
        for name, value in network.state_dict().items()
        if not name.startswith(("pointer", "answerable"))
    }
    found = started_from(published)
    assert all(torch.equal(found.state_dict()[name], value) for name, value in published.items())
    assert not found.embeddings.word_embeddings.weight.requires_grad
    assert found.encoder["layer"][0].output.dense.weight.requires_grad
    with pytest.raises(ValueError, match=r"lacks 'encoder\.layer\.1\.output\.dense\.bias'"):
        started_from({name: value for name, value in published.items() if name != "encoder.layer.1.output.dense.bias"})


def test_the_losses_of_a_network_that_is_right(torch: ModuleType) -> None:
    """Logits as the targets want them cost nothing, and what pads a batch is never chosen."""
    from qa.training.loop import losses_of

    made = batch([*PLAIN, SIZED[2]])
    pointers = torch.zeros((*made.ids.shape, 3))
    pointers[:, :, 0] = torch.from_numpy(made.starts > 0) * 40.0
    pointers[:, :, 1] = torch.from_numpy(made.ends > 0) * 40.0
    pointers[:, :, :2] += torch.from_numpy(~made.text)[:, :, None] * 90.0  # outside the text: barred
    wanted = (made.pooling * made.evidence[:, :, None]).sum(1) > 0
    pointers[:, :, 2] = torch.from_numpy(np.where(wanted, 40.0, -40.0).astype(np.float32))
    answerable = torch.from_numpy(made.answerable * 80 - 40)
    device = torch.device("cpu")
    assert [part.item() for part in losses_of(pointers, answerable, made, device)] == pytest.approx([0, 0, 0], abs=1e-5)
    wrong = losses_of(-pointers, -answerable, made, device)
    assert all(part.item() > 10 for part in wrong)


def test_a_run_learns(torch: ModuleType, tmp_path: Path) -> None:
    from qa.training.loop import losses_of

    made = batch(PLAIN)
    device = torch.device("cpu")
    before = losses_of(*forward(torch, small_network(), PLAIN), made, device)
    after = losses_of(*forward(torch, trained(tmp_path, save_seconds=9e9), PLAIN), made, device)
    assert all(late.item() < early.item() for early, late in zip(before, after, strict=True))
    assert sum(late.item() for late in after) < 0.7 * sum(early.item() for early in before)
    assert json.loads((tmp_path / "progress.json").read_text())["step"] == STEPS


def test_a_run_that_is_killed_goes_on_to_the_same_weights(torch: ModuleType, tmp_path: Path) -> None:
    whole = tensors(trained(tmp_path / "whole", save_seconds=9e9))
    torn = tmp_path / "torn"
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "train_child.py"), str(torn)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
    )
    began = time.monotonic()
    while (
        not (torn / "progress.json").exists()
        or json.loads((torn / "progress.json").read_text() or "{}").get("step", 0) < 5
    ):
        assert child.poll() is None
        assert time.monotonic() - began < 120
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    stood = torch.load(torn / "checkpoint.pt", weights_only=True)["step"]
    assert 5 <= stood < STEPS
    assert tensors(trained(torn, save_seconds=9e9)) == whole
    assert tensors(trained(torn, save_seconds=9e9)) == whole  # a run that is done stays as it is


def test_another_recipe_does_not_go_on(torch: ModuleType, tmp_path: Path) -> None:
    from qa.training.loop import Recipe, train

    trained(tmp_path, save_seconds=9e9)
    with pytest.raises(ValueError, match="another recipe"):
        train(small_network(), lambda _: PLAIN, Recipe(passes=STEPS, rate=1e-9), tmp_path, say=lambda _: None)


def test_passes_of_different_length_end_with_a_checkpoint_of_the_last_step(torch: ModuleType, tmp_path: Path) -> None:
    from qa.training.loop import Recipe, train

    passes = [SIZED * 9, SIZED * 3]
    for order in (passes, passes[::-1]):
        folder = tmp_path / str(len(order[0]))
        network = train(
            small_network(), order.__getitem__, Recipe(passes=2, save_seconds=9e9), folder, say=lambda _: None
        )
        state = torch.load(folder / "checkpoint.pt", weights_only=True)
        assert state["step"] == sum(len(list(batches(found, random.Random(1)))) for found in order)
        assert {name: value.numpy().tobytes() for name, value in state["network"].items()} == tensors(network)


def test_what_a_checkpoint_does_is_measured(torch: ModuleType) -> None:
    from qa.training.quick import auroc, f1, measure

    assert f1("the Orla Bridge", "Orla bridge!") == 1.0
    assert f1("Orla bridge", "Orla ferry") == pytest.approx(0.5)
    assert (f1("", ""), f1("x", ""), f1("", "x")) == (1.0, 0.0, 0.0)
    assert auroc([3, 2, 1, 2], [True, False, False, True]) == pytest.approx(3.5 / 4)
    assert auroc([1.0], [True]) == 0.5
    asked = [Example(item=one, head="") for one in ITEMS]
    found = measure(small_network().eval(), asked, [encoded(encoder(), one, random.Random(1)) for one in asked])
    assert found.n == len(ITEMS)
    assert 0.0 <= found.forced <= 1.0
    assert 0.0 <= found.whole <= 1.0
    assert 0.0 <= found.sentence <= 1.0
