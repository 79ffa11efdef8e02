"""An index whose vectors an endpoint's model makes (``--embedder``), as a user meets it: real sockets and processes."""

from __future__ import annotations

import json
import math
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import NEWSROOM, Ran
from llm_server import RESET, Request, Script, Server, http, serving

from qa.config.endpoint import Endpoint, Secret, embedding_endpoint
from qa.errors import QaError
from qa.llm.embedder import BATCH, EndpointEmbedder
from qa.models.embedder import MiniLM

Qa = Callable[..., Ran]
WIDTH = 48
QUESTION = "How much will the Harbour Line cost?"
KEY = "sk-a-very-secret-key-0123456789"


def vector(text: str, *, width: int = WIDTH, seed: int = 0) -> list[float]:
    """A bag of words: texts that share words are near each other."""
    found = [0.01] * width
    for word in text.casefold().split():
        found[zlib.crc32(word.strip(".,?!").encode(), seed) % width] += 3.0
    return found


def listed(vectors: Sequence[Sequence[float]]) -> str:
    data = [{"object": "embedding", "index": n, "embedding": list(one)} for n, one in enumerate(vectors)]
    return json.dumps(
        {"object": "list", "data": data, "model": "bag", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    )


def embedding(width: int = WIDTH, seed: int = 0) -> Callable[[Request], Script]:
    def answer(request: Request) -> Script:
        if request.path != "/v1/embeddings":
            return [http(404, "{}")]
        texts = request.body["input"]
        assert isinstance(texts, list)
        return [http(200, listed([vector(text, width=width, seed=seed) for text in texts]))]

    return answer


def embedder(server: Server, *, key: str = "", deadline: float = 5.0) -> EndpointEmbedder:
    return EndpointEmbedder(Endpoint(url=server.url, model="bag", key=Secret(key), deadline=deadline))


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return {"QA_CONFIG": str(tmp_path / "config.toml")}


def test_an_index_is_made_and_asked_with_an_endpoints_vectors(qa: Qa, tmp_path: Path, settings: dict[str, str]) -> None:
    index = tmp_path / "index"
    with serving(embedding()) as server:
        made = qa("add", "--index", index, "--embedder", "bag", "--base-url", server.url, NEWSROOM, env=settings)
        assert made.code == 0, made.err
        assert f"are sent to 127.0.0.1:{server.port} for embedding" in made.err
        assert "endpoint/bag@" in qa("status", "--index", index, env=settings).out

        assert qa("models", "--index", index, "--json", env=settings).json["index"].startswith("endpoint/bag@")
        for key in ({}, {"OPENAI_API_KEY": KEY}, {"OPENAI_BASE_URL": server.url}):  # none of them is for embedding
            before = len(server.requests)
            assert qa("search", "--index", index, QUESTION, env={**settings, **key}).code == 2
            assert len(server.requests) == before
        lost = qa("ask", "--index", index, QUESTION, env=settings)
        assert lost.code == 2
        assert "no endpoint is set" in lost.err
        assert "qa config set endpoint.embedder_url" in lost.err

        assert qa("config", "set", "endpoint.embedder_url", server.url, env=settings).code == 0
        assert qa("config", "set", "endpoint.key", KEY, env=settings).code == 0
        before = len(server.requests)
        asked = qa("ask", "--index", index, "--engine", "extract", "--json", QUESTION, env=settings)
        assert asked.code == 0, asked.err
        assert "1.12 billion" in json.dumps(asked.json["claims"])
        assert asked.json["provenance"]["embedder"].startswith("endpoint/bag@")
        (sent,) = server.requests[before:]  # the question, once
        assert sent.body["input"] == [QUESTION]
        assert KEY not in "".join(sent.headers.values())  # the key is for where answers are written

        (tmp_path / "more.txt").write_text("The heron on the pier is called Olaf.\n")
        more = qa("add", "--index", index, tmp_path / "more.txt", env=settings)  # with what made the index
        assert more.code == 0, more.err
        assert "1 new" in more.out
        doctor = qa("doctor", "--index", index, "--base-url", server.url, env=settings)
        assert "failed  index" not in doctor.out
        assert qa("check", "--index", index, env=settings).code == 0


def test_the_same_model_at_an_endpoint_finds_the_same(qa: Qa, tmp_path: Path, newsroom: Path) -> None:
    model = MiniLM.load()

    def answer(request: Request) -> Script:
        texts = request.body["input"]
        assert isinstance(texts, list)
        return [http(200, listed([[float(x) * 3 for x in model.embed(text)] for text in texts]))]

    index = tmp_path / "index"
    with serving(answer) as server:
        made = qa("add", "--index", index, "--embedder", "minilm", "--base-url", server.url, NEWSROOM)
        assert made.code == 0, made.err
        env = {"QA_EMBEDDER_URL": server.url}
        for question in (QUESTION, "What did Zhang say about hiring?", "Who won the chess tournament?"):
            ours = qa("ask", "--index", newsroom, "--engine", "extract", "--json", question)
            theirs = qa("ask", "--index", index, "--engine", "extract", "--json", question, env=env)
            quotes = [
                [citation["quote"] for claim in ran.json["claims"] for citation in claim["citations"]]
                for ran in (ours, theirs)
            ]
            assert quotes[0] == quotes[1]


def test_a_name_that_stands_for_another_model_now_is_noticed(qa: Qa, tmp_path: Path, settings: dict[str, str]) -> None:
    index, article = tmp_path / "index", tmp_path / "one.txt"
    article.write_text("The ferry to Tessin was late again.\n\nNobody had told the passengers.\n")
    with serving(embedding()) as server:
        assert qa("add", "--index", index, "--embedder", "bag", "--base-url", server.url, article).code == 0
    article.write_text("The ferry to Tessin was on time.\n")
    with serving(embedding(seed=7)) as server:
        ran = qa("add", "--index", index, "--base-url", server.url, article)
        assert ran.code == 12
        assert "other vectors now" in ran.err
        assert "try: qa rebuild" in ran.err
        assert qa("rebuild", "--index", index, "--base-url", server.url).code == 0
        assert qa("add", "--index", index, "--base-url", server.url, article).code == 0
    with serving(embedding(width=WIDTH + 1)) as server:
        ran = qa("search", "--index", index, "ferry", env={"QA_EMBEDDER_URL": server.url})
        assert ran.code == 12
        assert f"vectors of {WIDTH + 1} numbers, the index has {WIDTH}" in ran.err


def test_the_key_goes_where_answers_are_written(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**settings, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("QA_EMBEDDER_URL", "http://127.0.0.1:1")
    same = embedding_endpoint("bag")
    monkeypatch.setenv("QA_EMBEDDER_URL", "http://127.0.0.1:2")
    other = embedding_endpoint("bag")
    assert same is not None
    assert same.key.reveal() == KEY
    assert other is not None
    assert not other.key


def test_a_damaged_ledger_is_said(qa: Qa, tmp_path: Path) -> None:
    index, article = tmp_path / "index", tmp_path / "one.txt"
    article.write_text("The ferry to Tessin was late again.\n")
    assert qa("add", "--index", index, article).code == 0
    with sqlite3.connect(index / "ledger.sqlite") as connection:
        connection.execute("UPDATE models SET name = x'ff00fe'")
    for command in (
        ("add", "--index", index, article),
        ("search", "--index", index, "ferry"),
        ("models", "--index", index),
    ):
        assert qa(*command).code in (0, 12, 13), command
    assert qa("rebuild", "--index", index).code == 0
    with (index / "ledger.sqlite").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4_096)  # the first page says what tables there are
        file.write(b"\xff" * (size - 4_096))
    for command in (("add", "--index", index, article), ("rebuild", "--index", index), ("models", "--index", index)):
        assert qa(*command).code == 13, command


def test_mending_never_mixes_two_models(qa: Qa, tmp_path: Path) -> None:
    index, article = tmp_path / "index", tmp_path / "one.txt"
    article.write_text("The ferry to Tessin was late again.\n\n" + "The heron on the pier is called Olaf. " * 40)
    with serving(embedding()) as server:
        assert qa("add", "--index", index, "--embedder", "bag", "--base-url", server.url, article).code == 0
    with sqlite3.connect(index / "ledger.sqlite") as connection:
        connection.execute("UPDATE vectors SET crc = crc + 1 WHERE id = (SELECT max(id) FROM vectors)")
    with serving(embedding(seed=7)) as server:
        assert qa("check", "--repair", "--index", index, env={"QA_EMBEDDER_URL": server.url}).code == 12
    with serving(embedding()) as server:
        assert qa("check", "--repair", "--index", index, env={"QA_EMBEDDER_URL": server.url}).code == 0


def test_an_index_changes_hands(qa: Qa, tmp_path: Path) -> None:
    index, article = tmp_path / "index", tmp_path / "one.txt"
    article.write_text("The ferry to Tessin was late again.\n")
    assert qa("add", "--index", index, article).code == 0
    with serving(embedding()) as server:
        mixed = qa("add", "--index", index, "--embedder", "bag", "--base-url", server.url, article)
        assert mixed.code == 12  # vectors of two models are never compared
        assert qa("rebuild", "--index", index, "--embedder", "bag", "--base-url", server.url).code == 0
        found = qa("search", "--index", index, "ferry", "--json", env={"QA_EMBEDDER_URL": server.url})
        assert len(found.json["hits"]) == 1
    assert qa("rebuild", "--index", index, "--embedder", "own").code == 0
    assert len(qa("search", "--index", index, "ferry", "--json").json["hits"]) == 1


def test_texts_go_out_in_batches_and_come_back_in_order() -> None:
    texts = [f"word{n} and \ud800 more" for n in range(2 * BATCH + 3)]
    with serving(embedding()) as server:
        made = list(embedder(server).embed_many(texts))
    assert [len(request.body["input"]) for request in server.requests] == [1, BATCH, BATCH, 3]  # type: ignore[arg-type]
    assert len(made) == len(texts)
    for text, one in zip(texts, made, strict=True):
        wanted = vector(text.replace("\ud800", "?"))
        length = math.sqrt(math.fsum(x * x for x in wanted))
        assert one.tolist() == pytest.approx([x / length for x in wanted], abs=1e-6)


FAULTS = [
    ([http(401, "{}")], 21, "refuses the key"),
    ([http(404, "{}")], 21, "HTTP 404"),
    ([http(400, '{"error": {"message": "too long"}}')], 21, "too long"),
    ([http(503, "")], 20, "HTTP 503"),
    ([http(302, "", more="Location: http://127.0.0.1:9/\r\n")], 20, "isn't followed"),
    ([http(200, "<html>")], 22, "isn't a list of embeddings"),
    ([http(200, listed([])[:-20])], 22, "isn't a list of embeddings"),
    ([http(200, listed([]))], 22, "isn't a list of embeddings"),
    ([http(200, listed([vector("a"), vector("b")]))], 22, "isn't a list of embeddings"),
    ([http(200, listed([["x"]]))], 22, "isn't a list of embeddings"),  # type: ignore[list-item]
    ([http(200, listed([[[0.5, 0.5]]]))], 22, "isn't made for embedding"),  # type: ignore[list-item]
    ([http(200, listed([[]]))], 22, "isn't a list of embeddings"),
    ([http(200, listed([["1.5", "2"]]))], 22, "isn't a list of embeddings"),  # type: ignore[list-item]
    ([http(200, listed([[True, False]]))], 22, "isn't a list of embeddings"),
    ([http(200, listed(["123"]))], 22, "isn't a list of embeddings"),
    ([http(200, listed([vector("a")]).replace('"index": 0', '"index": false'))], 22, "isn't a list of embeddings"),
    ([http(200, listed([vector("a"), vector("b")]).replace('"index": 1', '"index": 0'))], 22, "isn't a list"),
    ([http(200, listed([[0.5] * 8_193]))], 22, "8192 at most"),
    ([http(200, "[" * 33_000_000)], 22, "larger than 32 MB"),
    ([http(200, listed([[0.0, 0.0]]))], 22, "no direction"),
    ([http(200, listed([[float("nan"), 1.0]]))], 22, "no direction"),
    ([http(200, listed([[float("inf"), 1.0]]))], 22, "no direction"),
    ([http(200, listed([[1.7e308] * 9]))], 22, "no direction"),
    ([RESET], 20, "can't be reached"),
    ([9.0], 20, "had not answered"),
]


@pytest.mark.parametrize(("script", "code", "text"), FAULTS)
def test_a_fault_of_the_endpoint_is_an_error_and_never_a_vector(script: Script, code: int, text: str) -> None:
    with serving(lambda _: script) as server, pytest.raises(QaError) as raised:
        embedder(server, key=KEY, deadline=2.0).embed("The ferry was late.")
    assert int(raised.value.code) == code
    assert text in raised.value.message
    assert KEY not in f"{raised.value!r} {raised.value.message} {raised.value.remedy}"
