"""The format in which any system hands in its answers: what is inferred, what is refused and where, what survives."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.run.records import Malformed, read_records, to_document, to_line, to_record
from eval.types import Ended, RunCitation, RunClaim, RunRecord, RunSpan
from qa.errors import UsageError


def read(*lines: str | bytes) -> dict[str, RunRecord]:
    content = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    return dict(read_records(content, name="items.jsonl").records)


@pytest.mark.parametrize(
    ("document", "ended", "answer"),
    [
        ({"answer": "1.12 billion"}, Ended.ANSWERED, "1.12 billion"),
        ({"answer": ""}, Ended.ABSTAINED, ""),
        ({"answer": " \n"}, Ended.ABSTAINED, " \n"),
        ({"ended": "abstained"}, Ended.ABSTAINED, ""),
        ({"ended": "abstained", "answer": "I don't know."}, Ended.ABSTAINED, "I don't know."),
        ({"ended": "partly", "answer": "In June."}, Ended.PARTLY, "In June."),
        ({"ended": "error", "error": "timeout"}, Ended.ERROR, ""),
        ({"ended": "answered", "claims": [{"text": "One."}, {"text": "Two."}]}, Ended.ANSWERED, "One.\nTwo."),
    ],
)
def test_how_it_ended_is_inferred(document: dict[str, object], ended: Ended, answer: str) -> None:
    record = to_record({"id": "q1", **document})
    assert (record.id, record.ended, record.answer) == ("q1", ended, answer)
    assert record.retrieved is None
    assert record.read is None
    assert record.confidence is None


def test_every_field_is_read() -> None:
    span = {"article": "wire.jsonl#x", "start": 3, "end": 9}
    claim = {"text": "A.", "citations": [{**span, "quote": "abc"}], "speaker": "Ann Lee", "earlier": True}
    document = {
        "id": "q1~hidden", "ended": "answered", "answer": "A.", "short": "A", "claims": [claim],
        "retrieved": [{**span, "score": 2}], "read": [], "confidence": 0.5, "seconds": {"write": 1}, "tokens": 7,
    }  # fmt: skip
    assert to_record(document) == RunRecord(
        id="q1~hidden",
        ended=Ended.ANSWERED,
        answer="A.",
        short="A",
        claims=(
            RunClaim(
                text="A.",
                citations=(RunCitation(article="wire.jsonl#x", start=3, end=9, quote="abc"),),
                speaker="Ann Lee",
                earlier=True,
            ),
        ),
        retrieved=(RunSpan(article="wire.jsonl#x", start=3, end=9, score=2.0),),
        read=(),
        confidence=0.5,
        seconds={"write": 1.0},
        tokens=7,
    )


@pytest.mark.parametrize("start_end", [(-1, 4), (9, 3), (5, 5), (0, 10**9)])
def test_offsets_are_not_believed_and_not_refused(start_end: tuple[int, int]) -> None:
    """Whether a citation is one is the scorer's to say: a broken one must count, not disappear."""
    start, end = start_end
    cited = {"article": "a", "start": start, "end": end, "quote": ""}
    record = to_record({"id": "q", "answer": "x", "claims": [{"text": "x", "citations": [cited]}]})
    assert (record.citations[0].start, record.citations[0].end) == start_end


GOOD = '{"id": "q0", "answer": "x"}'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "isn't JSON"),
        ("[]", "a record isn't an object"),
        ("NaN", "NaN isn't JSON"),
        ('{"id": "q"}', "neither 'answer' nor 'ended'"),
        ('{"answer": "x"}', "no 'id'"),
        ('{"id": "", "answer": "x"}', "'id' is empty"),
        ('{"id": 7, "answer": "x"}', "'id' isn't a string: 7"),
        ('{"id": "q", "answer": null}', "'answer' isn't a string: None"),
        ('{"id": "q", "answer": "x", "answer": "y"}', "'answer' is there twice"),
        ('{"id": "q0", "answer": "y"}', "'q0' is there already, in line 1"),
        ('{"id": "q", "ended": "done"}', "'ended' isn't one of answered, partly, abstained, error: 'done'"),
        ('{"id": "q", "ended": "answered"}', "ended 'answered' without an answer"),
        ('{"id": "q", "answer": "x", "confidence": NaN}', "NaN isn't JSON"),
        ('{"id": "q", "answer": "x", "confidence": 1.5}', "'confidence' isn't between 0 and 1"),
        ('{"id": "q", "answer": "x", "confidence": true}', "'confidence' isn't a number"),
        ('{"id": "q", "answer": "x", "tokens": 1.5}', "'tokens' isn't an integer"),
        ('{"id": "q", "answer": "x", "tokens": -1}', "'tokens' isn't an integer of at least 0"),
        ('{"id": "q", "answer": "x", "seconds": {"a": -1}}', "'seconds' isn't numbers of at least 0"),
        ('{"id": "q", "answer": "x", "seconds": {"a": 1e999}}', "'a' isn't a number"),
        ('{"id": "q", "answer": "x", "claims": {}}', "'claims' isn't an array"),
        ('{"id": "q", "answer": "x", "claims": [{}]}', "no 'text'"),
        ('{"id": "q", "answer": "x", "claims": [{"text": "x", "earlier": 1}]}', "'earlier' isn't a boolean"),
        ('{"id": "q", "answer": "x", "retrieved": [{"article": "a", "start": 0}]}', "no 'end'"),
        ('{"id": "q", "answer": "x", "read": [{"article": "a", "start": 0, "end": 1e0}]}', "'end' isn't an integer"),
        ('{"id": "q", "answer": "\\ud800"}', "half a surrogate pair"),
        ('{"id": "q", "answer": ' + "[" * 100_000, "nested too deeply"),
        ('{"id": "q", "tokens": ' + "9" * 5_000 + "}", "isn't JSON"),
        (b'{"id": "q", "answer": "\xff"}', "isn't UTF-8"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(line: str | bytes, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(GOOD, "", line, '{"id": "q9", "answer": "z"}')
    assert refused.value.id == "run.malformed"
    assert refused.value.message.startswith("'items.jsonl', line 3: ")
    assert why in refused.value.message


def test_fields_of_other_names_are_left_out_and_counted() -> None:
    lines = (
        '{"id": "a", "answer": "x", "model": "m", "claims": [{"text": "x", "score": 1}]}\n'
        '{"id": "b", "answer": "x", "model": "m"}\n'
    )
    found = read_records(lines.encode(), name="f")
    assert found.ignored == {"model": 2, "score": 1}
    assert list(found.records) == ["a", "b"]


def test_only_line_feeds_end_lines() -> None:
    odd = "a\u2028b\u0085c\x0cd"
    line = json.dumps({"id": "q1", "answer": odd}, ensure_ascii=False)
    assert read(b"\xef\xbb\xbf" + line.encode() + b"\r", '{"id": "q0", "answer": ""}\r')["q1"].answer == odd
    assert list(read('{"id": "b", "answer": ""}', '{"id": "a", "answer": ""}')) == ["a", "b"]
    assert read_records(b'{"id": "a", "answer": ""}', name="f").records["a"].ended is Ended.ABSTAINED
    assert read_records(b"", name="f").records == {}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAME = TEXT.filter(str.strip)
OFFSET = st.integers(-(2**53), 2**53)
NUMBER = st.floats(-1e300, 1e300)
CITATION = st.builds(RunCitation, article=NAME, start=OFFSET, end=OFFSET, quote=TEXT)
CLAIM = st.builds(
    RunClaim, text=TEXT, citations=st.lists(CITATION, max_size=2).map(tuple), speaker=TEXT, earlier=st.booleans()
)
SPANS = st.none() | st.lists(st.builds(RunSpan, article=NAME, start=OFFSET, end=OFFSET, score=NUMBER), max_size=2).map(
    tuple
)
RECORD = st.builds(
    RunRecord,
    id=NAME,
    ended=st.sampled_from(Ended),
    answer=NAME,
    short=TEXT,
    claims=st.lists(CLAIM, max_size=2).map(tuple),
    retrieved=SPANS,
    read=SPANS,
    confidence=st.none() | st.floats(0, 1),
    seconds=st.dictionaries(TEXT, st.floats(0, 1e9), max_size=2),
    tokens=st.integers(0, 2**53),
    error=TEXT,
)


@given(RECORD)
def test_a_record_comes_back_as_it_was(record: RunRecord) -> None:
    line = to_line(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_records(line, name="f").records == {record.id: record}
    assert to_record(to_document(record)) == record


def test_what_is_empty_is_left_out() -> None:
    record = RunRecord(id="q", ended=Ended.ABSTAINED)
    assert to_document(record) == {"id": "q", "ended": "abstained"}
    assert to_document(replace(record, retrieved=()))["retrieved"] == []


def test_a_record_that_is_none_is_never_written() -> None:
    for broken in (
        RunRecord(id="q", ended=Ended.ANSWERED),
        RunRecord(id="q", ended=Ended.ABSTAINED, confidence=float("nan")),
        RunRecord(id="q", ended=Ended.ABSTAINED, tokens=-1),
    ):
        with pytest.raises(Malformed):
            to_record(to_document(broken))
