"""Follow-ups: which questions lean on those before, and what a model's rewriting is taken for."""

from __future__ import annotations

import json
from pathlib import Path

import pexpect
import pytest
from llm_server import Request, Script, replying, serving
from scripted_model import ScriptedModel
from test_ask_llm import claims, lines
from test_terminal import read, spawn

from qa.answer.writer.followup import leans, stands_alone
from qa.llm.model import Deadline

BEFORE = ["What did Zhang say about hiring?"]
FOLLOW_UP = "And what about logistics?"


def rewritten(reply: str, question: str = FOLLOW_UP, before: list[str] | None = None) -> str:
    return stands_alone(ScriptedModel([reply]), before or BEFORE, question, deadline=Deadline.after(5))


def said(question: object) -> str:
    return json.dumps({"question": question})


@pytest.mark.parametrize(
    "question",
    [
        "And what about logistics?",
        "What about 2024?",
        "Why?",
        "When exactly?",
        "What did she say?",
        "Who was there?",
        "by whom?",
    ],
)
def test_these_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question", ["What did Zhang say about hiring?", "How much will the Harbour Line tram cost the city?"]
)
def test_these_stand_alone(question: str) -> None:
    assert not leans(question)


def test_a_follow_up_is_made_to_stand_alone() -> None:
    whole = "What did Zhang say about logistics?"
    model = ScriptedModel([said(whole)])
    assert stands_alone(model, BEFORE, FOLLOW_UP, deadline=Deadline.after(5)) == whole
    (asked,) = model.asked
    assert asked[-1].content == f"Questions before:\n- {BEFORE[0]}\n\nFollow-up: {FOLLOW_UP}"


@pytest.mark.parametrize(
    "reply",
    [
        said("What did Zhang say about logistics in Hangzhou?"), said("What did Ma say about logistics?"),
        said("What did Zhang say about logistics in 2015?"), said("2015: what about logistics?"), said(""), said(3),
        said("x" * 2_000), said("What did \x1b[31mZhang say?"), "What did Zhang say about logistics?", "[]", "{}",
        '{"question": "What did Zhang say?", "answer": "yes"}', "", "[" * 100_000,
    ],
)  # fmt: skip
def test_what_brings_a_name_or_a_figure_or_isnt_a_question_is_not_taken(reply: str) -> None:
    assert rewritten(reply) == FOLLOW_UP


def test_a_name_may_come_from_any_question_shown() -> None:
    before = ["Who is Petra Holm?", *BEFORE]
    assert (
        rewritten(said("What did Petra Holm's firm say?"), "And her firm?", before) == "What did Petra Holm's firm say?"
    )


def test_at_the_prompt_the_rewritten_question_is_shown_and_asked_afresh(tmp_path: Path, newsroom: Path) -> None:
    whole = "How much will the Harbour Line bridge cost?"

    def answer(request: Request) -> Script:
        if "Follow-up:" in request.prompt:
            return replying(said(whole))
        id, text = lines(request)[0]
        return replying(claims((text, id)))

    with serving(answer) as server:
        child: pexpect.spawn = spawn(
            tmp_path, "ask", "--index", newsroom, "--base-url", server.url, "--model", "m", COLUMNS="200"
        )
        child.expect("qa>")
        child.sendline("How much will the Harbour Line tram cost?")
        child.expect("tokens")
        child.expect("qa>")
        child.sendline("And the bridge?")
        child.expect(f"asking: {whole[:-1]}")
        child.expect("tokens")
        child.expect("qa>")
        child.sendline(":quit")
        read(child)
        prompts = [request.prompt.rpartition("Question: ")[2] for request in server.requests]
    assert [prompts[0], prompts[2]] == ["How much will the Harbour Line tram cost?", whole]
    assert "evidence" not in server.requests[1].prompt
