"""``qa ask`` as a user meets it: the demo question, and the article that the project began with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran

Qa = Callable[..., Ran]
DEMO = "What did Zhang say about hiring?"


def quotes(answer: Any) -> list[str]:
    """All that an answer cites, in order."""
    return [citation["quote"] for claim in answer["claims"] for citation in claim["citations"]]


def test_the_demo_question_keeps_two_people_apart(newsroom: Path, qa: Qa) -> None:
    ran = qa("ask", "--index", newsroom, "--json", DEMO)
    assert ran.code == 0
    assert ran.json["status"] == "answered"
    assert {claim["speaker"]["name"] for claim in ran.json["claims"]} == {"Adrian Zhang", "Zhang Meilin"}
    assert any("Adrian Zhang" in note and "Zhang Meilin" in note for note in ran.json["notes"])
    shown = qa("ask", "--index", newsroom, DEMO)
    assert shown.code == 0
    for name in ("Adrian Zhang", "Zhang Meilin"):
        assert sum(line == name for line in shown.out.splitlines()) == 1


def test_every_citation_of_the_demo_slices_exactly(newsroom: Path, qa: Qa) -> None:
    for claim in qa("ask", "--index", newsroom, "--json", DEMO).json["claims"]:
        for citation in claim["citations"]:
            shown = qa("show", "--index", newsroom, "--json", citation["article_id"]).json
            assert shown["article"]["text"][citation["start"] : citation["end"]] == citation["quote"]


@pytest.fixture(scope="module")
def sample(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the one article."""
    import subprocess

    from conftest import QA

    index = tmp_path_factory.mktemp("sample") / "index"
    article = data / "article" / "alibaba-global-hiring.txt"
    subprocess.run([str(QA), "add", "--index", str(index), str(article)], check=True, capture_output=True, timeout=120)
    return index


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did Zhang say about hiring?", "international talent"),
        ("How much of Zulily did Alibaba buy?", "9-percent"),
        ("Where was the strategy meeting held?", "Hangzhou"),
        ("When did Alibaba invest in ShopRunner?", "2013"),
        ("What is Alimama?", "marketing technology arm"),
    ],
)
def test_the_article_answers(sample: Path, qa: Qa, question: str, wanted: str) -> None:
    ran = qa("ask", "--index", sample, "--json", question)
    assert ran.code == 0
    cited = " ".join(quotes(ran.json))
    assert wanted in cited
    assert "Reuters" not in cited
    assert "Facebook" not in cited


@pytest.mark.parametrize("question", ["Who is the CEO of Amazon?", "What is the population of France?"])
def test_the_article_does_not_answer(sample: Path, qa: Qa, question: str) -> None:
    ran = qa("ask", "--index", sample, "--json", question)
    assert ran.code == 1
    assert ran.json["status"] == "abstained"
    assert ran.json["claims"] == []
    assert ran.json["absence"]["articles"] == 1
    assert ran.json["absence"]["names"][0]["articles"] == 0


@pytest.mark.parametrize(
    "question",
    [
        "What did Zhang say about layoffs?",
        "What did Jack Ma say about hiring?",
        "How much of eBay did Alibaba buy?",
        "When did Alibaba invest in Tencent?",
    ],
)
def test_what_is_nearly_asked_for_is_no_answer(sample: Path, qa: Qa, question: str) -> None:
    ran = qa("ask", "--index", sample, "--json", question)
    assert (ran.code, ran.json["status"], ran.json["claims"]) == (1, "abstained", [])
    assert ran.json["absence"]["reason"]
