"""The chain as a LlamaIndex application has it: a retriever of spans, a query engine whose answers are cited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from llm_server import DONE, STREAM, Request, Script, Server, event, replying, serving
from test_ask_llm import claims, lines

from qa.answer.chain import CitedQueryEngine
from qa.app import Reading
from qa.app.writing import Writer
from qa.config.endpoint import Endpoint
from qa.errors import ModelUnusable

QUESTION = "How much will the Harbour Line cost?"


def answer(request: Request) -> Script:
    id, text = next((id, text) for id, text in lines(request) if "risen to 1.12 billion" in text)
    other = next((id, text) for id, text in lines(request) if "1.07 billion" in text)
    return replying(claims((text, id), (other[1], other[0])))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(answer) as made:
        yield made


@pytest.fixture
def engine(newsroom: Path, server: Server) -> Iterator[CitedQueryEngine]:
    with Reading(newsroom) as reading, Writer(reading, Endpoint(url=server.url, model="m")) as writer:
        yield writer.engine()


def test_a_query_is_answered_with_its_sources(engine: CitedQueryEngine, newsroom: Path) -> None:
    response = engine.query(QUESTION)
    first, second = str(response).splitlines()
    assert first.endswith("1.12 billion crowns. [1]")
    assert second.endswith("[2]")
    assert response.metadata["status"] == "answered"
    cited = [citation for claim in response.metadata["claims"] for citation in claim["citations"]]
    with Reading(newsroom) as reading:
        for node, citation in zip(response.source_nodes, cited, strict=True):
            article = reading.ledger.article(node.metadata["article_id"], node.metadata["version"])
            assert article is not None
            start, end = node.node.start_char_idx, node.node.end_char_idx  # type: ignore[attr-defined]
            assert article.text[start:end] == node.text == citation["quote"]
    json.dumps(response.metadata)


def test_the_readmes_lines_run(newsroom: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (block,) = (part for part in readme.split("\n\n") if part.startswith("    from pathlib import Path"))
    rest = readme[readme.index(block) + len(block) :].split("\n\n")[1]
    code = "\n".join(line.removeprefix("    ") for line in f"{block}\n{rest}".splitlines())
    replaced = {
        '".qa-demo"': repr(str(newsroom)),
        '"http://localhost:8080/v1"': repr(server.url),
        '"When does the tram open?"': repr(QUESTION),
    }
    for theirs, ours in replaced.items():
        assert theirs in code
        code = code.replace(theirs, ours)
    exec(code, {})  # the lines as a reader would paste them
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("1.12 billion crowns. [1]")
    assert said[-1] == "answered"


def test_the_retriever_gives_passages_with_their_offsets(engine: CitedQueryEngine, newsroom: Path) -> None:
    found = engine.retriever.retrieve(QUESTION)
    assert len(found) > 5
    with Reading(newsroom) as reading:
        for one in found:
            article = reading.ledger.article(one.metadata["article_id"])
            assert article is not None
            assert article.text[one.metadata["start"] : one.metadata["end"]] == one.text
            assert one.metadata["title"] == article.title


class Without(BaseNodePostprocessor):
    """Drops the nodes with some words."""

    words: str

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return [node for node in nodes if self.words not in node.text]


def test_postprocessors_decide_what_is_shown(newsroom: Path) -> None:
    with (
        serving(lambda _: replying('{"abstain": true, "claims": []}')) as server,
        Reading(newsroom) as reading,
        Writer(reading, Endpoint(url=server.url, model="m")) as writer,
    ):
        engine = writer.engine()
        engine.query(QUESTION)
        engine.node_postprocessors = [Without(words="1.12 billion")]
        engine.query(QUESTION)
    with_it, without = (" ".join(text for _, text in lines(request)) for request in server.requests)
    assert "1.12 billion" in with_it
    assert "1.12 billion" not in without


def test_a_similarity_cutoff_may_leave_nothing(engine: CitedQueryEngine, server: Server) -> None:
    engine.node_postprocessors = [SimilarityPostprocessor(similarity_cutoff=1e9)]
    before = len(server.requests)
    response = engine.query(QUESTION)
    assert (response.response, response.metadata["status"]) == ("", "abstained")
    assert len(server.requests) == before


def test_an_incomplete_answer_is_an_error(newsroom: Path) -> None:
    def cut(request: Request) -> Script:
        id, text = lines(request)[0]
        return [STREAM, event(claims((text, id))), event(finish="length"), DONE]

    with (
        serving(cut) as server,
        Reading(newsroom) as reading,
        Writer(reading, Endpoint(url=server.url, model="m")) as writer,
        pytest.raises(ModelUnusable) as caught,
    ):
        writer.engine().query(QUESTION)
    assert caught.value.id == "model.cut"


def test_without_a_model_nothing_of_llama_index_is_imported(newsroom: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from qa.app import Reading; from qa.types import Filters;"
        f"reading = Reading(Path({str(newsroom)!r})); reading.ask({QUESTION!r}, k=5, filters=Filters());"
        "print([name for name in ('llama_index', 'openai', 'qa.answer.chain') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
