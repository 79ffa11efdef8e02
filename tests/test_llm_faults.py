"""All that can go wrong between here and a reply, over a real socket: the right error, in time, never half a reply."""

from __future__ import annotations

import json
import socket
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from llm_server import (
    CHUNKED,
    DONE,
    RESET,
    STREAM,
    Request,
    Script,
    Server,
    chunk,
    completion,
    data,
    event,
    http,
    replying,
    serving,
)

from qa.config.endpoint import Endpoint, Secret, checked_url
from qa.errors import Exit, QaError
from qa.llm.client import ATTEMPTS, EndpointModel
from qa.llm.forms import Form, Forms
from qa.llm.model import Deadline, Message, Reply

KEY = "sk-a-very-secret-key-0123456789"
ASKED = [Message("user", "Say hello.")]
SCHEMA = {"type": "object"}
HELLO = event("Hel", role="assistant") + event("lo")


@dataclass(frozen=True)
class Fault:
    """What is sent, to a request for a stream or for a whole reply, and what becomes of it."""

    name: str
    script: Script
    id: str
    stream: bool | None = None  # None: both
    deadline: float = 1.0


def error(status: int, message: str = "boom", *, more: str = "", code: str | None = None) -> bytes:
    body = {"error": {"message": message, "type": "t", "code": code}}
    return http(status, json.dumps(body), more=more)


def whole(content: object = "hi", finish: str | None = "stop", **message: object) -> Script:
    return [http(200, completion(content, finish, **message))]


REDIRECT = "Location: http://127.0.0.1:9/elsewhere\r\n"
FAULTS = [
    # refused
    Fault("400", [error(400)], "model.request_refused"),
    Fault("400 too long", [error(400, code="context_length_exceeded")], "model.request_refused"),
    Fault("401", [error(401)], "model.key_refused"),
    Fault("403", [error(403)], "model.key_refused"),
    Fault("404", [error(404)], "model.not_found"),
    Fault("404 page", [http(404, "<html>none</html>", kind="text/html")], "model.not_found"),
    Fault("408", [error(408)], "model.too_slow"),
    Fault("422", [error(422)], "model.request_refused"),
    Fault("429", [error(429)], "model.rate_limited"),
    Fault("429 for a second", [error(429, more="Retry-After: 1\r\n")], "model.rate_limited"),
    Fault("429 for minutes", [error(429, more="Retry-After: 600\r\n")], "model.rate_limited"),
    Fault(
        "429 until a date", [error(429, more="Retry-After: Wed, 21 Oct 2099 07:28:00 GMT\r\n")], "model.rate_limited"
    ),
    Fault("429 odd", [error(429, more="Retry-After: soon\r\n")], "model.rate_limited"),
    Fault("429 NaN", [error(429, more="Retry-After: nan\r\n")], "model.rate_limited"),
    Fault("429 before now", [error(429, more="Retry-After: -5\r\n")], "model.rate_limited"),
    # fails
    Fault("500", [error(500)], "model.unreachable"),
    Fault("502 page", [http(502, "<html>bad gateway</html>", kind="text/html")], "model.unreachable"),
    Fault("503", [error(503)], "model.unreachable"),
    Fault("503 for a second", [error(503, more="Retry-After: 1\r\n")], "model.unreachable"),
    Fault("301", [http(301, "", more=REDIRECT)], "model.unreachable"),
    Fault("302", [http(302, "", more=REDIRECT)], "model.unreachable"),
    Fault("307", [http(307, "", more=REDIRECT)], "model.unreachable"),
    Fault("308", [http(308, "", more=REDIRECT)], "model.unreachable"),
    Fault("reset", [RESET], "model.unreachable"),
    Fault("closed", [], "model.unreachable"),
    Fault("garbage", [b"\x00\x01garbage\r\n\r\n"], "model.unreachable"),
    # slow
    Fault("stall", [9.0], "model.too_slow"),
    Fault("dripping head", [b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n", 0.2] * 60], "model.too_slow"),
    Fault(
        "dripping body",
        [STREAM.replace(b"text/event-stream", b"application/json"), *[b" ", 0.2] * 60],
        "model.too_slow",
        False,
    ),
    Fault("keep-alive for ever", [STREAM, *[b": keep-alive\n\n", 0.2] * 60], "model.too_slow", True),
    Fault("stall in a stream", [STREAM, HELLO, 9.0], "model.too_slow", True),
    Fault("drips for ever", [STREAM, *[event("x"), 0.2] * 60], "model.too_slow", True),
    # whole replies that are none
    Fault("empty", [http(200, "")], "model.unusable", False),
    Fault("page", [http(200, "<html>hi</html>", kind="text/html")], "model.unusable", False),
    Fault("cut JSON", [http(200, '{"choices":[{"mess')], "model.unusable", False),
    Fault("null choices", [http(200, '{"id":"x","choices":null}')], "model.unusable", False),
    Fault("no choices", [http(200, '{"id":"x","choices":[]}')], "model.unusable", False),
    Fault("choices a text", [http(200, '{"id":"x","choices":"hi"}')], "model.unusable", False),
    Fault(
        "no message", [http(200, '{"id":"x","choices":[{"index":0,"finish_reason":"stop"}]}')], "model.unusable", False
    ),
    Fault("an array", [http(200, "[1,2]")], "model.unusable", False),
    Fault("a number", [http(200, "7")], "model.unusable", False),
    Fault("an error with 200", [http(200, '{"error":{"message":"model not loaded"}}')], "model.unusable", False),
    Fault("null content", whole(None), "model.unusable", False),
    Fault("content a list", whole([{"type": "text", "text": "hi"}]), "model.unusable", False),
    Fault("content a number", whole(7), "model.unusable", False),
    Fault("bad UTF-8", [http(200, completion("hi").encode().replace(b'"hi"', b'"\xff\xfe"'))], "model.unusable", False),
    Fault("half a surrogate", whole("a\ud83d b"), "model.unusable", False),
    Fault("tool calls", whole("hi", "tool_calls"), "model.unusable", False),
    Fault("length", whole("half a", "length"), "model.cut", False),
    Fault("no finish", whole("hi", None), "model.cut", False),
    Fault("content filter", whole("", "content_filter"), "model.withheld", False),
    Fault("refusal", whole(None, "stop", refusal="I can't help"), "model.withheld", False),
    Fault("short body", [http(200, completion())[:-20]], "model.unreachable", False),
    Fault("too long", whole("x" * 200_001), "model.unusable", False),
    # streams that end before their end
    Fault("clean end, no finish", [CHUNKED, chunk(HELLO), b"0\r\n\r\n"], "model.cut", True),
    Fault("cut between chunks", [CHUNKED, chunk(HELLO)], "model.cut", True),
    Fault("cut in a chunk", [CHUNKED, chunk(HELLO), chunk(HELLO)[:30]], "model.cut", True),
    Fault("closed between events", [STREAM, HELLO], "model.cut", True),
    Fault("closed in an event", [STREAM, HELLO, event("lo wor")[:40]], "model.cut", True),
    Fault("DONE, no finish", [STREAM, HELLO, DONE], "model.cut", True),
    Fault("reset in a stream", [STREAM, HELLO, 0.1, RESET], "model.cut", True),
    Fault("length in a stream", [STREAM, HELLO, event(finish="length"), DONE], "model.cut", True),
    # streams with something else in them
    Fault("filter in a stream", [STREAM, HELLO, event(finish="content_filter"), DONE], "model.withheld", True),
    Fault(
        "refusal in a stream", [STREAM, event(refusal="I can't"), event(finish="stop"), DONE], "model.withheld", True
    ),
    Fault("tools in a stream", [STREAM, event(finish="tool_calls"), DONE], "model.unusable", True),
    Fault("bad JSON", [STREAM, HELLO, b"data: {oops\n\n"], "model.unusable", True),
    Fault(
        "bad UTF-8 in a stream",
        [STREAM, HELLO, event("hi").replace(b"hi", b"\xff\xfe"), event(finish="stop"), DONE],
        "model.unusable",
        True,
    ),
    Fault("an error in a stream", [STREAM, HELLO, data({"error": {"message": "overloaded"}})], "model.unusable", True),
    Fault(
        "an error event",
        [STREAM, HELLO, b"event: error\n" + data({"error": {"message": "overloaded"}})],
        "model.unusable",
        True,
    ),
    Fault("null choices in a stream", [STREAM, data({"id": "x", "choices": None})], "model.unusable", True),
    Fault("choices a number", [STREAM, data({"id": "x", "choices": 3})], "model.unusable", True),
    Fault("no delta", [STREAM, data({"id": "x", "choices": [{"index": 0}]})], "model.cut", True),
    Fault(
        "delta a text", [STREAM, data({"id": "x", "choices": [{"index": 0, "delta": "hi"}]})], "model.unusable", True
    ),
    Fault("piece a number", [STREAM, event(7), event(finish="stop"), DONE], "model.unusable", True),
    Fault("piece a list", [STREAM, event(["hi"]), event(finish="stop"), DONE], "model.unusable", True),
    Fault(
        "half a surrogate in a stream",
        [STREAM, event("a\ud83d"), event("b"), event(finish="stop"), DONE],
        "model.unusable",
        True,
    ),
    Fault("an array in a stream", [STREAM, data([1, 2])], "model.unusable", True),
    Fault("a whole reply to who asks for a stream", whole(), "model.cut", True),
    Fault("a page to who asks for a stream", [http(200, "<html>hi</html>", kind="text/html")], "model.cut", True),
    Fault("nothing to who asks for a stream", [http(200, "", kind="text/event-stream")], "model.cut", True),
    Fault(
        "too long a stream", [STREAM, *[event("x" * 50_000)] * 5, event(finish="stop"), DONE], "model.unusable", True
    ),
]
CODES = {
    "model.unreachable": Exit.MODEL_UNREACHABLE,
    "model.too_slow": Exit.MODEL_UNREACHABLE,
    "model.key_refused": Exit.MODEL_REFUSED,
    "model.not_found": Exit.MODEL_REFUSED,
    "model.rate_limited": Exit.MODEL_REFUSED,
    "model.request_refused": Exit.MODEL_REFUSED,
    "model.unusable": Exit.MODEL_UNUSABLE,
    "model.cut": Exit.MODEL_UNUSABLE,
    "model.withheld": Exit.MODEL_UNUSABLE,
}
CASES = [(fault, stream) for fault in FAULTS for stream in (True, False) if fault.stream in (None, stream)]


def endpoint(server: Server, *, stream: bool = True, key: str = KEY) -> Endpoint:
    return Endpoint(url=server.url, model="m", key=Secret(key), stream=stream)


def asked(server: Server, *, seconds: float, stream: bool = True, forms: Forms | None = None) -> tuple[str, Reply]:
    """What was handed on while it came, and the whole reply."""
    model = EndpointModel(endpoint(server, stream=stream), forms=forms)
    said = ""
    writing = model.write(ASKED, schema=SCHEMA, deadline=Deadline.after(seconds))
    try:
        while True:
            said += next(writing)
    except StopIteration as ended:
        return said, ended.value
    finally:
        model.close()


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """openai imports a second's worth of modules when it is first used; no deadline below is to run meanwhile."""
    with serving(lambda _: replying("Hello")) as server:
        asked(server, seconds=30)


def test_there_are_enough_faults() -> None:
    assert len(FAULTS) >= 45
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize(("fault", "stream"), CASES, ids=[f"{f.name}-{'stream' if s else 'whole'}" for f, s in CASES])
def test_a_fault_is_a_clear_error_in_time(fault: Fault, stream: bool) -> None:
    with serving(lambda _: fault.script) as server:
        began = time.monotonic()
        with pytest.raises(QaError) as caught:
            asked(server, seconds=fault.deadline, stream=stream)
        assert time.monotonic() - began < fault.deadline + 1
    assert (caught.value.id, caught.value.code) == (fault.id, CODES[fault.id])
    assert len(caught.value.message) < 500
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    assert len(server.requests) <= ATTEMPTS + len(Form)
    shown = "".join(traceback.format_exception(caught.value))
    assert KEY not in shown
    assert "openai" not in caught.value.message


def test_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(QaError) as caught:
        asked(Server(lambda _: [], port=port), seconds=1.2)
    assert caught.value.id == "model.unreachable"


def test_a_name_that_leads_nowhere() -> None:
    model = EndpointModel(Endpoint(url="http://no-such-host.invalid/v1", model="m"))
    with pytest.raises(QaError) as caught:
        list(model.write(ASKED, schema=SCHEMA, deadline=Deadline.after(1.0)))
    assert caught.value.code is Exit.MODEL_UNREACHABLE


# --- and when it goes well


@pytest.mark.parametrize("stream", [True, False])
def test_a_reply(stream: bool) -> None:
    with serving(lambda _: replying("Hello, wörld 😀!", stream=stream)) as server:
        said, reply = asked(server, seconds=5, stream=stream)
    assert reply == Reply(text="Hello, wörld 😀!", prompt_tokens=7, completion_tokens=3)
    assert said == ("Hello, wörld 😀!" if stream else "")
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["temperature"] == 0
    assert request.body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }


def test_a_character_in_two_halves_is_one() -> None:
    script = [STREAM, event("a\ud83d"), event("\ude00b"), event(finish="stop"), DONE]
    with serving(lambda _: script) as server:
        assert asked(server, seconds=5)[1].text == "a😀b"


def test_bytes_one_by_one_and_a_first_chunk_without_choices() -> None:
    content = data({"id": "x", "choices": []}) + event("café 😀") + event(finish="stop") + DONE
    with serving(lambda _: [STREAM, *[content[at : at + 1] for at in range(len(content))]]) as server:
        assert asked(server, seconds=5)[1].text == "café 😀"


@pytest.mark.parametrize("after", [[RESET], [b"data: {oops\n\n"], []])
def test_what_is_whole_stays_whole(after: Script) -> None:
    with serving(lambda _: [STREAM, HELLO, event(finish="stop"), 0.05, *after]) as server:
        assert asked(server, seconds=5)[1].text == "Hello"


class InTurn:
    """Scripts one after the other, the last for ever."""

    def __init__(self, *scripts: Script) -> None:
        self._left: Iterator[Script] = iter(scripts)
        self._last: Script = []

    def __call__(self, _: Request) -> Script:
        self._last = next(self._left, self._last)
        return self._last


@pytest.mark.parametrize(
    "first", [[error(503)], [error(429, more="Retry-After: 1\r\n")], [RESET], [], [error(500)]], ids=str
)
def test_a_fault_that_passes_is_forgotten(first: Script) -> None:
    with serving(InTurn(first, replying("Hello"))) as server:
        began = time.monotonic()
        assert asked(server, seconds=10)[1].text == "Hello"
        taken = time.monotonic() - began
    assert len(server.requests) == 2
    assert taken > (0.95 if b"Retry-After" in b"".join(step for step in first if isinstance(step, bytes)) else 0.3)


def test_it_isnt_asked_again_once_a_piece_was_handed_on() -> None:
    with serving(InTurn([STREAM, HELLO, 0.1, RESET], replying("Hello"))) as server:
        with pytest.raises(QaError):
            asked(server, seconds=5)
        assert len(server.requests) == 1


def test_no_redirect_is_followed_and_no_prompt_sent_along() -> None:
    with serving(lambda _: replying("stolen")) as other:
        redirect = http(307, "", more=f"Location: {other.url}/chat/completions\r\n")
        with serving(lambda _: [redirect]) as server, pytest.raises(QaError) as caught:
            asked(server, seconds=2)
        assert other.connections == 0
    assert caught.value.id == "model.unreachable"


def test_no_proxy_stands_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: replying("proxied")) as proxy, serving(lambda _: replying("Hello")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert asked(server, seconds=5)[1].text == "Hello"
        assert proxy.connections == 0


# --- in which form


@pytest.mark.parametrize("taken", list(Form))
def test_the_form_that_an_endpoint_takes_is_found_and_remembered(taken: Form, tmp_path: Path) -> None:
    def answer(request: Request) -> Script:
        return replying("Hello") if form_of(request) is taken else [error(400, "unknown field")]

    with serving(answer) as server:
        for _ in range(2):
            assert asked(server, seconds=5, forms=Forms(tmp_path / "forms.json"))[1].text == "Hello"
        tried = [form_of(request) for request in server.requests]
    assert tried == [*list(Form)[: list(Form).index(taken) + 1], taken]


def form_of(request: Request) -> Form:
    wanted = request.body.get("response_format")
    if isinstance(wanted, dict):
        if "schema" in wanted:
            return Form.OBJECT_SCHEMA
        return Form.SCHEMA if wanted["type"] == "json_schema" else Form.OBJECT
    return Form.PLAIN if "temperature" in request.body else Form.BARE


def test_a_server_that_fails_at_a_form_is_asked_in_another(tmp_path: Path) -> None:
    def answer(request: Request) -> Script:
        if form_of(request) is Form.SCHEMA:
            return [
                error(500, "1 validation error: body, response_format, type: Input should be 'text' or 'json_object'")
            ]
        return replying("Hello")

    with serving(answer) as server:
        assert asked(server, seconds=5)[1].text == "Hello"
        assert len(server.requests) == 2


@pytest.mark.parametrize("stored", ["", "[]", "{oops", '{"a": "b"}', "3", "[" * 100_000])
def test_a_damaged_memory_of_forms_is_none(stored: str, tmp_path: Path) -> None:
    path = tmp_path / "forms.json"
    path.write_text(stored)
    assert Forms(path).get("u", "m") is Form.SCHEMA
    Forms(path).remember("u", "m", Form.PLAIN)
    assert Forms(path).get("u", "m") is Form.PLAIN
    assert Forms(tmp_path / "no" / "\0").get("u", "m") is Form.SCHEMA


# --- the address and the key


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:8080/v1/", "http://localhost:8080/v1"),
        ("https://api.example.com/openai/v1", "https://api.example.com/openai/v1"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
    ],
)
def test_an_address(given: str, meant: str) -> None:
    assert checked_url(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        "", "localhost:8080", "ftp://x/v1", "http://", "http:///v1", "http://u:secret@h/v1", "http://secret@h/v1",
        "http://h/v1?key=secret", "http://h/v1#secret", "http://h:99999/v1", "http://h:x/v1", "http://[::1/v1",
        "http://h/v 1", "http://h/\nsecret", "http://h:0/", "http://h\ud800/", "file:///secret",
    ],
)  # fmt: skip
def test_an_address_that_is_none(given: str) -> None:
    with pytest.raises(QaError) as caught:
        checked_url(given)
    assert (caught.value.id, caught.value.code) == ("endpoint.url", Exit.USAGE)
    assert "secret" not in caught.value.message


def test_a_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with serving(lambda _: [error(401, f"Incorrect API key provided: {KEY}")]) as server:
        there = endpoint(server)
        with pytest.raises(QaError) as caught:
            asked(server, seconds=2)
    shown = [
        str(caught.value),
        repr(there),
        str(there.key),
        f"{there.key}",
        caplog.text,
        repr(replace(there, model="x")),
    ]
    assert not [text for text in shown if KEY in text]
    assert "***" in caught.value.message


def test_the_models_that_are_served() -> None:
    listed = json.dumps({"object": "list", "data": [{"id": "a", "object": "model"}, {"id": "b", "object": "model"}]})
    with serving(lambda _: [http(200, listed)]) as server:
        assert EndpointModel(endpoint(server)).served(Deadline.after(5)) == ("a", "b")
        assert server.requests[0].path == "/v1/models"


@pytest.mark.parametrize(
    ("script", "id"),
    [
        ([error(401)], "model.key_refused"),
        ([http(200, "<html>")], "model.unusable"),
        ([http(200, '{"data":[{"id":7}]}')], "model.unusable"),
        ([http(200, '{"data":null}')], "model.unusable"),
        ([9.0], "model.too_slow"),
    ],
)
def test_models_that_cant_be_listed(script: Script, id: str) -> None:
    with serving(lambda _: script) as server, pytest.raises(QaError) as caught:
        EndpointModel(endpoint(server)).served(Deadline.after(0.7))
    assert caught.value.id == id
