"""``qa ask`` with a model behind an endpoint, as a user meets it: a process of its own, a real socket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran
from llm_server import DONE, STREAM, Request, Script, event, http, replying, serving

Qa = Callable[..., Ran]
QUESTION = "How much will the Harbour Line cost?"
KEY = "sk-a-very-secret-key-0123456789"
LINE = re.compile(r"^\[(s\d+-\w+)\](?: \([^)]*\))? (.*)$", re.MULTILINE)


def lines(request: Request) -> list[tuple[str, str]]:
    """What is shown for the question: ids and texts."""
    return LINE.findall(request.prompt.rpartition("<evidence-")[2])


def claims(*made: tuple[str, str]) -> str:
    return json.dumps({"abstain": False, "claims": [{"text": text, "cites": [id]} for text, id in made]})


def honest(request: Request) -> Script:
    """One sentence as it stands, and one with a wrong figure."""
    id, text = next((id, text) for id, text in lines(request) if "1.12 billion" in text)
    return replying(claims((text, id), (text.replace("1.12", "1.13"), id)), stream=bool(request.body.get("stream")))


@pytest.fixture
def ask(newsroom: Path, qa: Qa) -> Qa:
    """``qa ask`` over the sample collection."""

    def run(*args: str, question: str = QUESTION, env: dict[str, str] | None = None) -> Ran:
        return qa("ask", "--index", newsroom, question, *args, env={"QA_CONFIG": "none.toml", **(env or {})})

    return run


def test_an_answer_is_printed_with_what_carries_it(ask: Qa) -> None:
    with serving(honest) as server:
        first, second = (ask("--base-url", server.url, "--model", "m") for _ in range(2))
    assert first.code == 0
    assert first.out.startswith("[1] ")
    assert "1.12 billion" in first.out
    assert "1.13" not in first.out + first.err
    assert f"are sent to 127.0.0.1:{server.port}, on this machine" in first.err
    assert "are sent to" not in second.err  # said once for an index
    for ran in (first, second):
        assert "1 statement of the model was not borne out and not shown (--json)" in ran.err
        assert f"m@127.0.0.1:{server.port}, 7+3 tokens" in ran.err


def test_the_record_has_all_of_it(ask: Qa) -> None:
    with serving(honest) as server:
        ran = ask("--base-url", server.url, "--model", "m", "--json")
    answer = ran.json
    assert (ran.code, answer["status"], answer["complete"]) == (0, "answered", True)
    (claim,), (rejected,) = answer["claims"], answer["rejected"]
    assert (claim["support"], rejected["support"]) == ("supported", "unsupported")
    assert "1.13" in rejected["reasons"][0]
    made = answer["provenance"]
    assert (made["engine"], made["model"]) == ("llm", f"m@127.0.0.1:{server.port}")
    assert (made["prompt_tokens"], made["completion_tokens"], made["price"]) == (7, 3, None)
    assert made["prompts"].keys() == {"system", "question", "repair", "examples"}


def test_a_saved_answer_can_be_verified(ask: Qa, newsroom: Path, qa: Qa, tmp_path: Path) -> None:
    with serving(honest) as server:
        (tmp_path / "answer.json").write_text(ask("--base-url", server.url, "--model", "m", "--json").out)
    assert qa("verify", "--index", newsroom, tmp_path / "answer.json").code == 0


def test_a_claim_in_other_words_stands_above_its_quote(ask: Qa) -> None:
    def answer(request: Request) -> Script:
        id = next(id for id, text in lines(request) if "has risen to 1.12 billion" in text)
        return replying(claims(("The Harbour Line's cost has risen to Cr 1.12 billion.", id)))

    with serving(answer) as server:
        ran = ask("--base-url", server.url, "--model", "m")
    assert ran.code == 0
    head, quote, where = ran.out.splitlines()[:3]
    assert head == "The Harbour Line's cost has risen to Cr 1.12 billion. [1]"
    assert quote.startswith("    [1] The cost of the Harbour Line has risen to 1.12 billion crowns.")
    assert "Harbour Line slips again" in where


@pytest.mark.parametrize("said", ['{"abstain": true, "claims": []}', '{"abstain": false, "claims": []}'])
def test_a_model_that_finds_nothing(ask: Qa, said: str) -> None:
    with serving(lambda _: replying(said)) as server:
        ran = ask("--base-url", server.url, "--model", "m")
    assert ran.code == 1
    assert ran.out.startswith("No answer in these articles: the model found no answer")


def test_a_question_without_evidence_is_not_sent(ask: Qa) -> None:
    with serving(honest) as server:
        ran = ask("--base-url", server.url, "--model", "m", question="Who is the CEO of Amazon?")
    assert (ran.code, server.requests) == (1, [])


def cut(request: Request) -> Script:
    id, text = next((id, text) for id, text in lines(request) if "1.12 billion" in text)
    return [STREAM, event(claims((text, id))[:-2]), event(', {"text": "and')]


def test_a_reply_that_breaks_off_leaves_what_is_verified_and_says_so(ask: Qa) -> None:
    with serving(cut) as server:
        ran, record = (
            ask("--base-url", server.url, "--model", "m"),
            ask("--base-url", server.url, "--model", "m", "--json"),
        )
    assert (ran.code, record.code) == (22, 22)
    assert "1.12 billion" in ran.out
    assert "(model.cut)\n    what was printed is verified; the answer is incomplete\n" in ran.err
    assert record.json["complete"] is False
    assert len(record.json["claims"]) == 1
    assert (record.json["error"]["id"], record.json["error"]["exit"]) == ("model.cut", 22)


@pytest.mark.parametrize(
    ("script", "code", "id"),
    [
        ([http(401, '{"error": {"message": "no"}}')], 21, "model.key_refused"),
        ([http(200, "<html>")], 22, "model.cut"),
        ([STREAM, event("Sure! It costs a lot."), event(finish="stop"), DONE], 22, "model.unreadable"),
        ([], 20, "model.unreachable"),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_is_an_error_with_a_way_out(ask: Qa, script: Script, code: int, id: str, as_json: bool) -> None:
    with serving(lambda _: script) as server:
        options = ["--base-url", server.url, "--model", "m", "--deadline", "3", *(["--json"] if as_json else [])]
        ran = ask(*options, env={"OPENAI_API_KEY": KEY})
    assert ran.code == code
    assert KEY not in ran.out + ran.err
    assert "Traceback" not in ran.err
    if as_json:
        assert (ran.json["error"]["id"], ran.json["error"]["exit"]) == (id, code)
    else:
        assert f"({id})" in ran.err
        assert ran.out == ""
        assert len([line for line in ran.err.splitlines() if "are sent to" not in line]) <= 5


def test_what_would_be_sent_is_said_and_not_sent(ask: Qa) -> None:
    with serving(honest) as server:
        figures = ask("--base-url", server.url, "--model", "m", "--dry-run")
        prompt = ask("--base-url", server.url, "--model", "m", "--dry-run", "--show-prompt")
        assert server.requests == []
    assert re.fullmatch(
        r"about \d+ tokens would be sent \(counted high\): \d+ sentences of \d passages.*\n", figures.out
    )
    assert "--- system" in prompt.err
    assert prompt.err.rstrip().endswith("---")
    assert f"Question: {QUESTION}" in prompt.err


def test_the_only_model_served_is_taken_and_of_several_none(ask: Qa) -> None:
    def answer(names: list[str]) -> Callable[[Request], Script]:
        listed = json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})
        return lambda request: honest(request) if request.body else [http(200, listed)]

    with serving(answer(["only"])) as server:
        ran = ask("--base-url", server.url)
        assert (ran.code, server.requests[-1].body["model"]) == (0, "only")
    with serving(answer(["a", "b"])) as server:
        ran = ask("--base-url", server.url)
    assert (ran.code, "(endpoint.no_model)" in ran.err, "qa models" in ran.err) == (2, True, True)


# --- which engine


def test_extracts_can_be_wanted_and_an_endpoint_too(ask: Qa) -> None:
    with serving(honest) as server:
        environment = {"OPENAI_BASE_URL": server.url, "QA_MODEL": "m", "OPENAI_API_KEY": KEY}
        written, extracted = ask(env=environment), ask("--engine", "extract", env=environment)
        assert len(server.requests) == 1
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert (written.code, extracted.code) == (0, 0)
    assert "tokens" in written.err
    assert extracted.err == ""
    none = ask("--engine", "llm")
    assert (none.code, "(endpoint.none)" in none.err) == (2, True)
    both = ask("--engine", "extract", "--model", "m")
    assert (both.code, "(usage.engine)" in both.err) == (2, True)


def test_a_failing_endpoint_is_never_silently_done_without(ask: Qa) -> None:
    ran = ask("--deadline", "1", env={"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "QA_MODEL": "m"})
    assert (ran.code, ran.out) == (20, "")
    assert "--engine extract" in ran.err


# --- configuration


def test_the_key_is_kept_privately_and_goes_to_its_own_address_only(ask: Qa, qa: Qa, tmp_path: Path) -> None:
    config = {"QA_CONFIG": str(tmp_path / "config.toml")}
    with serving(honest) as own, serving(honest) as other:
        for name, value in (("url", own.url), ("model", "m"), ("deadline", "60")):
            assert qa("config", "set", f"endpoint.{name}", value, env=config).code == 0
        assert qa("config", "set", "endpoint.key", stdin=KEY + "\n", env=config).code == 0
        assert (tmp_path / "config.toml").stat().st_mode & 0o777 == 0o600
        shown = qa("config", env=config)
        assert KEY not in shown.out + qa("config", "--json", env=config).out
        assert f"endpoint.url = {own.url}" in shown.out
        assert ask(env=config).code == 0
        assert ask("--base-url", other.url, env=config).code == 0
        assert own.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in json.dumps(other.requests[0].headers)
        assert qa("config", "unset", "endpoint.key", env=config).code == 0
        assert KEY not in (tmp_path / "config.toml").read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "localhost"), ("url", "http://u:p@h/"), ("deadline", "0"), ("deadline", "soon"), ("deadline", "nan"),
        ("context", "7"), ("stream", "maybe"), ("key", "sk a"), ("key", "schlüssel"), ("colour", "red"), ("", "x"),
    ],
)  # fmt: skip
def test_a_value_that_cant_be_is_refused(name: str, value: str, qa: Qa, tmp_path: Path) -> None:
    ran = qa("config", "set", f"endpoint.{name}", value, env={"QA_CONFIG": str(tmp_path / "c.toml")})
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert not (tmp_path / "c.toml").exists()


@pytest.mark.parametrize(
    "table",
    [
        "url = 3", 'url = "x"', "key = 3", 'key = "a b"', 'deadline = "1"', "deadline = 0", "deadline = nan",
        "context = true", 'stream = "yes"', 'colour = "red"', "model = []",
    ],
)  # fmt: skip
def test_a_malformed_table_is_said(table: str, ask: Qa, tmp_path: Path) -> None:
    url = "" if table.startswith("url") else 'url = "http://127.0.0.1:9/v1"\n'
    (tmp_path / "c.toml").write_text(f"[endpoint]\n{url}{table}\n")
    ran = ask(env={"QA_CONFIG": str(tmp_path / "c.toml")})
    assert ran.code == 2
    assert re.search(r"\((config\.malformed|endpoint\.(url|key))\)", ran.err)
    assert "a b" not in ran.err


def test_a_price_is_the_users_own(ask: Qa, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[prices]\ncurrency = "USD"\n[prices.m]\nprompt = 1000\ncompletion = 2000\n')
    with serving(honest) as server:
        ran = ask("--base-url", server.url, "--model", "m", env={"QA_CONFIG": str(tmp_path / "c.toml")})
    assert "7+3 tokens" in ran.err
    assert ran.err.rstrip().endswith("0.013 USD")  # (7 * 1000 + 3 * 2000) / 1e6


def test_models_are_listed(qa: Qa, newsroom: Path) -> None:
    alone = qa("models")
    assert alone.code == 0
    assert "endpoint none is set" in alone.out
    listed = json.dumps({"object": "list", "data": [{"id": "a\x1b[31m", "object": "model"}]})
    with serving(lambda _: [http(200, listed)]) as server:
        ran = qa("models", "--base-url", server.url)
        assert qa("models", "--base-url", server.url, "--json").json["served"] == ["a\x1b[31m"]
    assert ran.code == 0
    assert "\x1b" not in ran.out


def test_the_doctor_says_what_fails_and_what_to_do(qa: Qa, newsroom: Path, tmp_path: Path) -> None:
    listed = json.dumps({"object": "list", "data": [{"id": "m", "object": "model"}]})

    def well(request: Request) -> Script:
        return replying('{"abstain": true, "claims": []}') if request.body else [http(200, listed)]

    with serving(well) as server:
        ran = qa("doctor", "--index", newsroom, "--base-url", server.url)
        assert ran.code == 0
        assert [line.split()[0] for line in ran.out.splitlines()] == ["ok"] * 6
    with serving(lambda _: [http(401, "{}")]) as server:
        ran = qa("doctor", "--index", tmp_path / "none", "--base-url", server.url)
    assert ran.code == 10  # the first that fails
    assert [line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")] == [
        "ok", "ok", "ok", "failed", "failed",
    ]  # fmt: skip
    assert ran.out.count("try: ") == 2
