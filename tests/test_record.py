"""An answer as JSON and back: nothing is lost on the way out, nothing malformed is let in."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from qa.answer.record import SCHEMA, read_record, to_record
from qa.errors import UsageError
from qa.types import Absence, Answer, Citation, Claim, NameCount, Provenance, Question, Span, Speaker, Status, Support

QUOTE = "Żółw said: “no” \U0001f422\u202e."
CITATION = Citation(
    article_id="0123456789ab",
    version=2,
    start=7,
    end=7 + len(QUOTE),
    quote=QUOTE,
    prefix="before ",
    suffix=" after",
    title="Turtles",
    source="The Pond",
    url="https://pond.example/1",
    published=date(2025, 3, 4),
    highlight=Span(9, 12),
    copies=("ba9876543210",),
)
CLAIM = Claim(
    text=QUOTE,
    citations=(CITATION,),
    support=Support.SUPPORTED,
    reasons=("said by Żółw",),
    speaker=Speaker(name="Żółw"),
    score=0.75,
)
ANSWER = Answer(
    question=Question(
        text="What did Żółw say?", names=("Żółw",), people=("Żółw",), kind="statement", as_of=date(2025, 4, 1)
    ),
    status=Status.ANSWERED,
    claims=(CLAIM,),
    rejected=(CLAIM,),
    absence=Absence(
        reason="none", articles=3, passages=9, names=(NameCount(name="Żółw", articles=1),), closest=(CITATION,)
    ),
    notes=("a note",),
    provenance=Provenance(engine="extract", qa_version="0", embedder="toy@0", ledger_epoch=3, seconds={"embed": 0.5}),
)


def written(answer: Answer = ANSWER) -> str:
    return json.dumps(to_record(answer), ensure_ascii=False)


def test_the_record_is_the_answer_field_by_field() -> None:
    document = json.loads(written())
    assert document["schema"] == SCHEMA
    assert document["status"] == "answered"
    assert document["question"]["as_of"] == "2025-04-01"
    citation = document["claims"][0]["citations"][0]
    assert citation["quote"] == QUOTE
    assert (citation["start"], citation["end"]) == (7, 7 + len(QUOTE))
    assert citation["published"] == "2025-03-04"
    assert citation["highlight"] == {"start": 9, "end": 12}
    assert document["claims"][0]["speaker"] == {"name": "Żółw", "inferred": False}
    assert document["provenance"]["seconds"] == {"embed": 0.5}
    assert document["absence"]["names"] == [{"name": "Żółw", "articles": 1, "similar": []}]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_citations_come_back_as_they_went(ascii_only: bool) -> None:
    (back,) = read_record(json.dumps(to_record(ANSWER), ensure_ascii=ascii_only))
    assert back == CITATION


def test_rejected_claims_and_closest_passages_are_not_citations_of_the_answer() -> None:
    abstained = Answer(question=ANSWER.question, status=Status.ABSTAINED, rejected=(CLAIM,), absence=ANSWER.absence)
    assert read_record(written(abstained)) == ()


def _changed(path: str, value: object) -> str:
    document: Any = json.loads(written())
    citation = document["claims"][0]["citations"][0]
    if value is ...:
        del citation[path]
    else:
        citation[path] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", -1),
        ("start", 1.0),
        ("start", "7"),
        ("start", True),
        ("start", None),
        ("start", 10**30),
        ("start", ...),
        ("end", 7),
        ("end", 3),
        ("end", ...),
        ("version", "1"),
        ("version", -2),
        ("version", [1]),
        ("quote", 5),
        ("quote", ...),
        ("quote", "\ud83d"),
        ("article_id", None),
        ("article_id", {"a": 1}),
        ("title", 1),
        ("published", "yesterday"),
        ("published", 20250304.5),
        ("highlight", [1, 2]),
        ("highlight", {"start": 1}),
        ("highlight", {"start": 1, "end": "x"}),
        ("prefix", "\udc00"),
        ("url", []),
        ("copies", "abc"),
        ("copies", [1]),
        ("highlight", {"start": 12, "end": 9}),
        ("highlight", {"start": 0, "end": 900}),
    ],
)
def test_a_malformed_citation_is_refused_with_an_id(field: str, value: object) -> None:
    with pytest.raises(UsageError) as refused:
        read_record(_changed(field, value))
    assert refused.value.id == "verify.not_an_answer"
    assert len(refused.value.message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"schema"',
        '{"schema": 2}',
        '{"schema": true}',
        '{"schema": "1"}',
        "{",
        "\x00",
        "NaN",
        '{"schema": 1, "claims": {}}',
        '{"schema": 1, "claims": [7]}',
        '{"schema": 1, "claims": [{"citations": 7}]}',
        '{"schema": 1, "claims": [{"citations": [null]}]}',
        '{"schema": 1, "claims": [{"citations": [{"start": NaN}]}]}',
        '{"schema": 1, "claims": [{"citations": [{"start": Infinity}]}]}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"schema": 1, "claims": [{"citations": [{"start": ' + "9" * 5_000 + "}]}]}",
    ],
)
def test_what_is_no_answer_is_refused_with_an_id(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_record(text)
    assert refused.value.id == "verify.not_an_answer"


def test_an_unknown_field_does_no_harm() -> None:
    assert read_record(_changed("later", {"x": [1]})) == (CITATION,)


def test_a_record_without_claims_has_no_citations() -> None:
    assert read_record('{"schema": 1}') == ()
