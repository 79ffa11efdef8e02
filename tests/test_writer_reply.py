"""A model's reply: read strictly as a whole, and handed out claim by claim while it comes."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.writer.reply import CLAIMS, BadReply, Incoming, Replied, Said, read_reply, schema

GOOD = {"abstain": False, "claims": [{"text": "It opens.", "cites": ["s1-abcde", "s2-abcde"]}]}


def test_a_reply() -> None:
    assert read_reply(json.dumps(GOOD)) == Replied(False, (Said("It opens.", ("s1-abcde", "s2-abcde")),))
    assert read_reply(' \n{"claims": [], "abstain": true}\n') == Replied(True, ())


def test_claiming_nothing_is_abstaining() -> None:
    assert read_reply('{"abstain": false, "claims": []}') == Replied(True, ())


def test_an_id_twice_is_one() -> None:
    assert read_reply('{"abstain":false,"claims":[{"text":"a","cites":["x","x"]}]}').claims[0].cites == ("x",)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "null", "3", '"hi"', "[]", "{}", "It opens in June.", '{"abstain": true}', '{"claims": []}',
        '{"abstain": "no", "claims": []}', '{"abstain": 0, "claims": []}', '{"abstain": null, "claims": []}',
        '{"abstain": false, "claims": {}}', '{"abstain": false, "claims": null}', '{"abstain": false, "claims": [3]}',
        '{"abstain": false, "claims": ["It opens."]}', '{"abstain": false, "claims": [{"text": "a"}]}',
        '{"abstain": false, "claims": [{"cites": ["x"]}]}', '{"abstain": false, "claims": [{"text": 3, "cites": []}]}',
        '{"abstain": false, "claims": [{"text": "a", "cites": "x"}]}',
        '{"abstain": false, "claims": [{"text": "a", "cites": [1]}]}',
        '{"abstain": false, "claims": [{"text": "a", "cites": [["x"]]}]}',
        '{"abstain": false, "claims": [{"text": "a", "cites": [null]}]}',
        '{"abstain": false, "claims": [{"text": "a", "cites": ["x"], "quote": "b"}]}',
        '{"abstain": false, "claims": [], "note": ""}', '{"abstain": true, "claims": [{"text": "a", "cites": ["x"]}]}',
        '{"abstain": false, "abstain": false, "claims": []}', '{"abstain": false, "claims": [], "claims": []}',
        '{"abstain": false, "claims": [{"text": "a", "text": "b", "cites": []}]}',
        '{"abstain": false, "claims": [{"text": NaN, "cites": []}]}', '{"abstain": false, "claims": []',
        '```json\n{"abstain": true, "claims": []}\n```', 'Sure! {"abstain": true, "claims": []}',
        '{"abstain": true, "claims": []} Hope this helps', "[" * 100_000, '{"a":' * 50_000,
        '{"abstain": false, "claims": [{"text": "\\ud800", "cites": ["x"]}]}',
        json.dumps({"abstain": False, "claims": [{"text": "a", "cites": ["x"]}] * (CLAIMS + 1)}),
        "{'abstain': true, 'claims': []}", '{"abstain": true, "claims": [],}', '{"Abstain": true, "claims": []}',
    ],
)  # fmt: skip
def test_what_is_no_reply(text: str) -> None:
    with pytest.raises(BadReply) as caught:
        read_reply(text)
    assert 0 < len(str(caught.value)) < 200


def test_the_schema_takes_what_is_read() -> None:
    import jsonschema

    wanted = schema(["s1-abcde", "s2-abcde"])
    jsonschema.validate(GOOD, wanted)
    for bad in ({"abstain": True}, {**GOOD, "x": 1}, {"abstain": False, "claims": [{"text": "a", "cites": ["s3"]}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, wanted)


# --- while it comes

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ['"', "\\", '\\"', "}", "{", "]", '"},{', "\\u0022", "é😀", '"claims": [']
)
CLAIM = st.fixed_dictionaries({"text": TEXT, "cites": st.lists(TEXT, max_size=3)})


def fed(text: str, sizes: list[int]) -> list[Said]:
    incoming, found, at = Incoming(), [], 0
    for size in (*sizes, len(text)):
        found += incoming.feed(text[at : at + size])
        at += size
    return found


@settings(max_examples=300, deadline=None)
@given(
    st.lists(CLAIM, max_size=5),
    st.lists(st.integers(0, 9), max_size=60),
    st.booleans(),
    st.sampled_from([None, 0, 1, 4]),
)
def test_claims_come_out_as_they_are_however_the_text_is_cut(
    claims: list[dict[str, object]], sizes: list[int], ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps({"abstain": False, "claims": claims}, ensure_ascii=ascii_only, indent=indent)
    assert fed(text, sizes) == list(read_reply(text).claims)


@settings(max_examples=200, deadline=None)
@given(st.lists(CLAIM, min_size=1, max_size=4), st.integers(0, 400))
def test_of_a_cut_text_only_whole_claims_come_out(claims: list[dict[str, object]], length: int) -> None:
    text = json.dumps({"abstain": False, "claims": claims})
    whole = list(read_reply(text).claims)
    found = fed(text[:length], [1] * length)
    assert found == whole[: len(found)]
    if length < len(text) - 2:
        assert len(found) <= len(whole)


@pytest.mark.parametrize(
    "text",
    [
        '{"claims": [{"text": "a", "cites": ["x"]}], "abstain": false}',
        '{"abstain": true, "claims": [{"text": "a", "cites": ["x"]}]}',
        '```json\n{"abstain": false, "claims": [{"text": "a", "cites": ["x"]}]}',
        '[{"text": "a", "cites": ["x"]}]',
        '{"abstain": false, "x": {"claims": [{"text": "a", "cites": ["x"]}]}}',
        '{"abstain": false, "claims": [[{"text": "a", "cites": ["x"]}]]}',
        '{"abstain": false, "claims": ["{"text": "a", "cites": ["x"]}"]}',
        " " * 300 + '{"abstain": false, "claims": [{"text": "a", "cites": ["x"]}]}',
    ],
)
def test_of_what_begins_otherwise_nothing_comes_out_early(text: str) -> None:
    assert fed(text, [7] * len(text)) == []


def test_after_a_claim_that_is_none_nothing_comes_out() -> None:
    good = '{"text": "a", "cites": ["x"]}'
    assert len(fed('{"abstain": false, "claims": [' + f'{good}, {{"text": 3}}, {good}]}}', [5] * 50)) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]",:\\ \nabstinclmex01tru', max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    fed('{"abstain": false, "claims": [' + text, [3] * 70)
    with suppress(BadReply):
        read_reply(text)
