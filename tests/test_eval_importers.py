"""Other people's questions and answers become gold sets whose positions hold in the articles as they are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import by_id, made, quotes, written

from eval.gold.check import check
from eval.gold.lint import lint
from eval.importers.formats import FORMATS
from eval.types import Split, Why
from qa.errors import UsageError
from qa.ingest.decode import storable

# --- SQuAD ------------------------------------------------------------------------------------------------------------

BRIDGE = "The bridge opened in 1911. It was closed for repairs in 1962 🌉. In 1911 a tram crossed it."


def squad(*paragraphs: tuple[str, list[Mapping[str, object]]], title: str = "Old_Bridge") -> dict[str, object]:
    return {"title": title, "paragraphs": [{"context": text, "qas": asked} for text, asked in paragraphs]}


def asks(id: str, question: str, context: str, *answers: tuple[str, int], **more: object) -> Mapping[str, object]:
    """A question; an answer is its wording and which occurrence of it is meant."""
    found = []
    for wording, number in answers:
        at = -1
        for _ in range(number):
            at = context.index(wording, at + 1)
        found.append({"text": wording, "answer_start": at})
    return {"id": id, "question": question, "answers": found, **more}


def test_squad2(tmp_path: Path) -> None:
    asked = [
        asks("q1", "When did it open?", BRIDGE, ("1911", 1), ("1911", 2), ("in 1911", 1), is_impossible=False),
        asks("q2", "How long was it closed?", BRIDGE, ("1962 🌉. In 1911", 1), ("In 1911", 1), is_impossible=False),
        asks("q3", "Who closed it?", BRIDGE, is_impossible=True, plausible_answers=[{"text": "a tram"}]),
        asks("q4", "Why?", BRIDGE, is_impossible=True),
    ]
    other = "Crème brûlée needs cream."
    path = written(
        tmp_path,
        "small.json",
        {
            "data": [
                squad((BRIDGE, asked)),
                squad((other, [asks("q5", "It needs?", other, ("cream", 1))]), title="Cr%C3%A8me"),
            ]
        },
    )
    gold, corpus = made(tmp_path, "squad2", path)
    items = by_id(gold)
    assert list(corpus) == ["corpus.jsonl#creme-1", "corpus.jsonl#old-bridge-1"]
    assert [text.title for text in corpus.values()] == ["Crème", "Old Bridge"]
    # Both places of "1911" prove it, each by its sentence; "in 1911" stands in the first of these again.
    assert quotes(items["q1"]) == [["The bridge opened in 1911."], ["In 1911 a tram crossed it."]]
    assert items["q1"].answers[0].wordings == ("1911", "in 1911")
    # The first answer reaches over two sentences, of which the second alone holds the other answer.
    assert quotes(items["q2"]) == [["In 1911 a tram crossed it."]]
    assert [span.quote for span in items["q2"].acceptable] == ["It was closed for repairs in 1962 🌉."]
    assert [items[id].type for id in ("q1", "q2", "q3", "q4", "q5")] == ["when", "quantity", "who", "why", "other"]
    assert [(items[id].why, items[id].categories) for id in ("q3", "q4")] == [
        (Why.NOT_IN_CORPUS, ("near-miss",)),
        (Why.NOT_IN_CORPUS, ("no-answer",)),
    ]
    assert "a tram" in items["q3"].note
    assert {item.cluster for item in gold.items} == {"Old Bridge", "Crème"}
    assert gold.name == "squad2-small"
    assert sha256(path.read_bytes()).hexdigest() in gold.source
    assert not [one for one in (*lint(gold), *check(gold, corpus).findings) if one.level == "error"]


def test_an_answer_over_two_sentences_takes_both(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", {"data": [squad((BRIDGE, [asks("q", "?", BRIDGE, ("1911. It was", 1))]))]})
    gold, _ = made(tmp_path, "squad1", path)
    assert quotes(gold.items[0]) == [["The bridge opened in 1911.", "It was closed for repairs in 1962 🌉."]]
    # All questions are on one document: its paragraphs are what is independent.
    assert gold.items[0].cluster == "corpus.jsonl#old-bridge-1"


def test_equal_paragraphs_are_one_article_and_a_split_holds_whole_documents(tmp_path: Path) -> None:
    documents = [
        squad((f"River {n} is long.", [asks(f"r{n}", "What?", f"River {n} is long.", ("long", 1))]), title=f"T{n}")
        for n in range(40)
    ]
    again = squad(("River 0 is long.", [asks("r40", "How?", "River 0 is long.", ("long", 1))]), title="T1")
    gold, corpus = made(tmp_path, "squad1", written(tmp_path, "a.json", {"data": [*documents, again]}))
    items = by_id(gold)
    assert len(corpus) == 40
    assert items["r40"].evidence == items["r0"].evidence
    assert items["r40"].split == items["r1"].split
    # By hash: 40 titles are in both splits, and the same ones every time.
    assert {item.split for item in gold.items} == set(Split)
    assert items["r0"].split is Split.TEST  # sha256("T0") begins with 0xc9, not below 0x80
    assert items["r2"].split is Split.CALIBRATION  # sha256("T2") begins with 0x0f


def test_squad1_is_not_squad2(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", {"data": [squad((BRIDGE, [asks("q", "Who?", BRIDGE, is_impossible=True)]))]})
    with pytest.raises(UsageError, match=r"data\[0\]\.paragraphs\[0\]\.qas\[0\]: it has no answer.*squad2"):
        FORMATS["squad1"].convert(path)


def test_line_ends_that_storing_shortens_move_positions(tmp_path: Path) -> None:
    context = "\ufeff" + "A line stands here.\r\n\r\n" * 20 + "Salt is white.\r\n\r\nPepper is black."
    path = written(tmp_path, "a.json", {"data": [squad((context, [asks("q", "What?", context, ("Salt", 1))]))]})
    gold, _ = made(tmp_path, "squad1", path)
    assert quotes(gold.items[0]) == [["Salt is white."]]
    assert gold.items[0].evidence[0][0].start == 20 * 21  # 19 characters and two line ends of one each


#: A text of which more than a twentieth is unreadable is none.
PLENTY = " And so on." * 60


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(alphabet="aé\r\n 🌉\ufeff.\x00\ud800", max_size=30),
    st.text(alphabet="bç\r\n🌉", max_size=12),
    st.text(alphabet="c. \r\n", max_size=10),
)
def test_positions_hold_in_what_is_stored(tmp_path: Path, before: str, inside: str, after: str) -> None:
    wording = f"X{inside}Y"
    context = before + wording + after + PLENTY
    document = {"data": [squad((context, [{"id": "q", "question": "?", "answers": [
        {"text": wording, "answer_start": len(before)}]}]))]}  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
    gold, corpus = made(tmp_path, "squad1", path)
    (alternative,) = gold.items[0].evidence
    text = corpus[alternative[0].article].text
    assert text == storable(context)
    assert storable(wording) in text[alternative[0].start : alternative[-1].end]


# --- CLAP NQ ----------------------------------------------------------------------------------------------------------


def passage(title: str, *sentences: str) -> dict[str, object]:
    return {"title": title, "sentences": list(sentences), "text": " ".join(sentences) + " "}


def natural(id: str, question: str, one: Mapping[str, object], *selected: list[str]) -> dict[str, object]:
    output = [{"answer": "Made of these." if chosen else "", "selected_sentences": chosen} for chosen in selected]
    return {"id": id, "input": question, "passages": [one], "output": output}


def test_clapnq(tmp_path: Path) -> None:
    tides = passage("Tides", "It rises .", "The moon pulls .", "It rises .", "It falls .")
    lines = [
        natural("1", "why do tides rise", tides, ["It rises .", "The moon pulls ."], ["It falls ."], []),
        natural("2", "what falls", tides, ["It rises .", "It rises .", "It falls ."]),
    ]
    written(tmp_path / "nq", "with.jsonl", *lines)
    written(tmp_path / "nq", "without.jsonl", natural("-3", "who tides", passage("Ebb", "No ."), []))
    gold, corpus = made(tmp_path, "clapnq", tmp_path / "nq")
    items = by_id(gold)
    assert len(corpus) == 2
    assert quotes(items["1"]) == [["It rises .", "The moon pulls ."], ["It falls ."]]
    # Selected twice: both places of the sentence. "It rises . The moon pulls . It rises ." are 0, 11, 28.
    assert [span.start for span in items["2"].evidence[0]] == [0, 28, 39]
    assert [items[id].categories for id in ("1", "2", "-3")] == [("long-answer",), ("scattered",), ("no-answer",)]
    assert items["-3"].why is Why.NOT_IN_CORPUS
    assert not any(item.graded for item in gold.items)
    assert gold.name == "clapnq-nq"


# --- RGB --------------------------------------------------------------------------------------------------------------


def test_rgb(tmp_path: Path) -> None:
    answering = ["It cost $5 million. A lot.", "Paid: 5 million.", "5 million was paid. 5 million!", "So 5 million."]
    noise = ["Nobody knows.", "It cost 15 million.", "Perhaps 5,5 million.", "It was dear."]
    record = {"id": 1, "query": "How much was it?", "answer": [["$5 million", "5 million"]]}
    lines = [
        {**record, "positive": answering, "negative": noise},
        {**record, "id": 11, "positive": answering[:3], "negative": ["They paid 5 million.", *noise[1:]]},
    ]
    gold, corpus = made(tmp_path, "rgb", written(tmp_path, "en.jsonl", *lines))
    items = by_id(gold)
    # 11 has too few answering documents for four, and its noise names the answer, so there is no mix without one.
    assert list(items) == ["1:4", "1:2", "1:1", "1:0", "11:2", "11:1"]
    assert "1 mixes for which a question hasn't enough documents; 1 mixes whose documents name" in gold.description
    assert not items["1:0"].answerable
    assert quotes(items["1:4"]) == [
        ["It cost $5 million."], ["Paid: 5 million."], ["5 million was paid."], ["5 million!"], ["So 5 million."],
    ]  # fmt: skip
    assert quotes(items["1:1"]) == [["It cost $5 million."]]
    assert [span.quote for span in items["11:1"].acceptable] == ["They paid 5 million."]
    for item in gold.items:  # each question finds its own four documents and no others
        found = [text for text in corpus.values() if str(item.filters.source) in text.source]
        assert [text.name for text in found] == [f"corpus.jsonl#{item.id.replace(':', '/')}/{n}" for n in (1, 2, 3, 4)]
    assert not [one for one in (*lint(gold), *check(gold, corpus).findings) if one.level == "error"]


def test_rgb_of_several_parts_takes_smallest_sets(tmp_path: Path) -> None:
    text = "Ann won. Bob won. Ann and Bob won. Cid won."
    line = {"id": "7", "query": "Who won?", "answer": ["Ann", ["Bob", "Rob"], "Cid"], "positive": [text, "Rob won."]}
    gold, _ = made(tmp_path, "rgb", written(tmp_path, "en.jsonl", {**line, "negative": ["Nobody."] * 4}))
    item = by_id(gold)["7:2"]
    # Cid is in one sentence only; Ann and Bob either together in one, or each in one of theirs.
    assert sorted(quotes(item)) == [
        ["Ann and Bob won.", "Cid won."],
        ["Ann won.", "Bob won.", "Cid won."],
        ["Ann won.", "Cid won.", "Rob won."],
    ]
    assert [part.wordings for part in item.answers] == [("Ann",), ("Bob", "Rob"), ("Cid",)]
