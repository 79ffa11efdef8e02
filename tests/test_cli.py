"""The command line's contract: what goes to stdout, what to stderr, and the exit codes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NEWSROOM, QA, Ran

Qa = Callable[..., Ran]
ARTICLE = """---
title: Harbour crane fails
source: Quay Gazette
published: 2025-02-03
---
A crane at the north quay failed on Monday.

"We had inspected it in January," said harbour master Wilhelmina Stroud.
"""


@pytest.fixture
def small(tmp_path: Path, qa: Qa) -> Path:
    """An index of one article."""
    (tmp_path / "crane.md").write_text(ARTICLE, encoding="utf-8")
    assert qa("add", "crane.md", "--index", "index").code == 0
    return tmp_path / "index"


def test_help_names_the_commands_and_is_cheap(qa: Qa) -> None:
    ran = qa("--help")
    assert ran.code == 0
    for command in ("add", "ask", "search", "show", "list", "status", "verify", "remove", "check", "rebuild"):
        assert f"  {command} " in ran.out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from qa.cli.main import app;"
        "CliRunner().invoke(app, ['--help']);"
        "print([m for m in ('numpy', 'chromadb', 'llama_index', 'openai', 'trafilatura', 'onnxruntime', 'sqlite3')"
        " if m in sys.modules])"
    )
    ran = subprocess.run([str(QA.with_name("python")), "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_add_says_what_it_did(small: Path, qa: Qa, tmp_path: Path) -> None:
    again = qa("add", "crane.md", "--index", small)
    assert (again.code, again.out) == (0, "0 new, 0 changed, 1 unchanged\n")
    (tmp_path / "crane.md").write_text(ARTICLE.replace("Monday", "Tuesday"), encoding="utf-8")
    assert qa("add", "crane.md", "--index", small).out == "0 new, 1 changed, 0 unchanged\n"
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 20)
    skipped = qa("add", "noise.txt", "crane.md", "--index", small)
    assert skipped.code == 3
    assert skipped.out == "0 new, 0 changed, 1 unchanged, 1 skipped (1 binary file)\n"
    assert "noise.txt" in skipped.err


def test_add_json_is_one_document(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One sentence of an article.\n", encoding="utf-8")
    ran = qa("add", "a.txt", "--json", "--index", "index")
    assert ran.code == 0
    assert ran.json["new"] == 1
    assert ran.err == ""


@pytest.mark.parametrize(
    ("args", "code", "id"),
    [
        (["ask", "Who?"], 10, "index.missing"),
        (["status"], 10, "index.missing"),
        (["check"], 10, "index.missing"),
        (["remove", "x"], 10, "index.missing"),
        (["add", "nowhere"], 2, "add.no_such_path"),
        (["ask", "Who?", "--since", "yesterday"], 2, "usage.date"),
        (["ask", "Who?", "--since", "2025-02-01", "--until", "2025-01-01"], 2, "usage.window"),
        (["ask", ""], 2, "ask.bad_question"),
        (["ask"], 2, "ask.no_question"),
        (["frobnicate"], 2, "usage"),
        (["ask", "Who?", "--k", "many"], 2, "usage"),
        (["ask", "Who?", "--strict", "--lenient"], 2, "usage.strictness"),
        (["verify", "nowhere.json"], 2, "verify.no_such_file"),
    ],
)
def test_errors_have_an_id_a_code_and_no_traceback(qa: Qa, args: list[str], code: int, id: str) -> None:
    ran = qa(*args)
    assert ran.code == code
    assert ran.out == ""
    assert id in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 5
    as_json = qa(*args, "--json")
    assert as_json.code == code
    assert as_json.json["error"]["id"] == id
    assert as_json.json["error"]["exit"] == code


def test_nothing_is_made_by_a_command_that_fails(qa: Qa, tmp_path: Path) -> None:
    qa("add", "nowhere", "--index", "index")
    qa("ask", "Who?", "--index", "index")
    assert not (tmp_path / "index").exists()


def test_the_index_is_found_by_variable_and_by_user(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "crane.md").write_text(ARTICLE, encoding="utf-8")
    assert qa("add", "crane.md", env={"QA_INDEX": str(tmp_path / "mine")}).code == 0
    assert (tmp_path / "mine" / "ledger.sqlite").exists()
    assert qa("add", "crane.md").code == 0
    assert "1 (0 undated" in qa("status").out


def test_list_show_status_search(small: Path, qa: Qa) -> None:
    listed = qa("list", "--json", "--index", small).json["articles"]
    assert [(a["title"], a["source"], a["published"]) for a in listed] == [
        ("Harbour crane fails", "Quay Gazette", "2025-02-03")
    ]
    assert qa("list", "--source", "tribune", "--index", small).code == 1
    text = qa("show", "crane.md", "--json", "--index", small).json["article"]["text"]
    start = text.index("north quay")
    shown = qa("show", f"crane.md:{start}-{start + 10}", "--index", small)
    assert ">>north quay<<" in shown.out
    assert qa("show", f"crane.md:{start}-{len(text) + 1}", "--index", small).code == 2
    assert qa("show", "no such", "--index", small).code == 2
    found = qa("search", "Who inspected the crane?", "--json", "--index", small).json["hits"]
    assert found[0]["text"] == text[found[0]["passage"]["start"] : found[0]["passage"]["end"]]
    assert "cosine" in qa("search", "Who inspected the crane?", "--index", small).out
    assert qa("status", "--json", "--index", small).json["counts"]["articles"] == 1


def test_remove_verify_and_purge(small: Path, qa: Qa, tmp_path: Path) -> None:
    asked = qa("ask", "Who is the harbour master?", "--json", "--index", small)
    assert asked.code == 0
    saved = tmp_path / "answer.json"
    saved.write_text(asked.out, encoding="utf-8")
    assert qa("verify", saved, "--index", small).out.startswith("unchanged")
    assert qa("remove", "crane.md", "--index", small).out == "1 removed\n"
    assert qa("ask", "Who is the harbour master?", "--index", small).code == 1
    removed = qa("verify", saved, "--json", "--index", small)
    assert (removed.code, removed.json["citations"][0]["state"]) == (0, "removed")
    assert qa("remove", "--purge", "Harbour crane fails", "--index", small).code == 0
    erased = qa("verify", saved, "--json", "--index", small)
    assert (erased.code, erased.json["citations"][0]["state"]) == (1, "erased")
    forged = json.loads(asked.out)
    assert b"Wilhelmina" not in b"".join(p.read_bytes() for p in small.rglob("*") if p.is_file())
    forged["claims"][0]["citations"][0]["quote"] = "We never looked at it."
    assert qa("verify", "-", "--index", small, stdin=json.dumps(forged)).code == 1


def test_a_changed_article_moves_its_citations(small: Path, qa: Qa, tmp_path: Path) -> None:
    asked = qa("ask", "Who is the harbour master?", "--json", "--index", small)
    saved = tmp_path / "answer.json"
    saved.write_text(asked.out, encoding="utf-8")
    (tmp_path / "crane.md").write_text(ARTICLE.replace("---\nA crane", "---\nUpdated.\n\nA crane"), encoding="utf-8")
    assert qa("add", "crane.md", "--index", small).code == 0
    moved = qa("verify", saved, "--json", "--index", small).json["citations"][0]
    assert moved["state"] == "moved"
    assert moved["now"]["start"] == moved["citation"]["start"] + len("Updated.\n\n")
    (tmp_path / "crane.md").write_text(ARTICLE.replace("Wilhelmina", "Agatha"), encoding="utf-8")
    assert qa("add", "crane.md", "--index", small).code == 0
    assert qa("verify", saved, "--index", small).code == 1


def test_foreign_text_cannot_command_the_terminal(qa: Qa, tmp_path: Path) -> None:
    hostile = (
        "Mayor \x1b]0;owned\x07 Ottoline Bragg \u202eevil\u202c said that the \x9b2J bridge was [bold]closed[/bold].\n"
    ) + "The bridge spans the river between the old town and the station. " * 5
    (tmp_path / "h.txt").write_text(hostile, encoding="utf-8")
    assert qa("add", "h.txt", "--index", "index").code == 0
    for args in (
        ["ask", "What did Ottoline Bragg say about the bridge?"],
        ["show", "h.txt"],
        ["search", "bridge"],
        ["list"],
    ):
        ran = qa(*args, "--index", "index")
        assert not set(ran.out + ran.err) & set("\x1b\x07\x9b\u202e\u202c")
    assert "[bold]closed[/bold]" in qa("show", "h.txt", "--index", "index").out


def test_a_broken_pipe_is_silent(newsroom: Path) -> None:
    command = f"'{QA}' show --index '{newsroom}' glacier-retreat.txt | true"
    ran = subprocess.run(
        ["bash", "-c", command + '; exit "${PIPESTATUS[0]}"'], capture_output=True, check=False, timeout=60
    )
    assert ran.stderr == b""
    assert ran.returncode == 0


@pytest.mark.parametrize(("signal_", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_within_a_second(tmp_path: Path, signal_: signal.Signals, code: int) -> None:
    lines = (json.dumps({"text": f"Article {n} speaks of quay {n}. " * 30, "id": n}) for n in range(2_000))
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    index = tmp_path / "index"
    child = subprocess.Popen(
        [str(QA), "add", "--index", str(index), str(tmp_path / "many.jsonl")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        while not (index / "ledger.sqlite").exists():
            time.sleep(0.05)
        time.sleep(1)
        child.send_signal(signal_)
        started = time.monotonic()
        _, err = child.communicate(timeout=30)
    finally:
        child.kill()
        child.communicate()
    assert child.returncode == code
    assert time.monotonic() - started < 3  # a second on an idle machine; CI's share theirs
    assert b"Traceback" not in err


def test_an_index_that_may_only_be_read_answers(newsroom: Path, tmp_path: Path) -> None:
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        pytest.skip("needs root and setpriv, to give up the right to write everywhere")
    index = tmp_path / "index"
    shutil.copytree(newsroom, index)
    for path in (index, *index.rglob("*")):
        os.chown(path, 65534, 65534)
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted((str(path), path.stat().st_mtime_ns) for path in index.rglob("*"))
    unprivileged = [setpriv, "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    question = "What did Zhang Meilin say about hiring?"
    ask = [*unprivileged, str(QA), "ask", "--json", "--index", str(index), question]
    ran = subprocess.run(ask, capture_output=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "answered"
    add = [*unprivileged, str(QA), "add", "--index", str(index), str(NEWSROOM)]
    assert subprocess.run(add, capture_output=True, check=False, timeout=120).returncode == 14
    assert sorted((str(path), path.stat().st_mtime_ns) for path in index.rglob("*")) == before


def test_a_dotenv_cannot_redirect_the_vectors(newsroom: Path, qa: Qa, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nCHROMA_SERVER_HOST=127.0.0.1\n")
    redirect = {"CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI", "CHROMA_SERVER_HOST": "127.0.0.1"}
    ran = qa("ask", "What did Zhang say about hiring?", "--index", newsroom, env=redirect, cwd=tmp_path)
    assert ran.code == 0
    assert ran.err == ""


def test_no_progress_bar_and_no_colour_outside_a_terminal(qa: Qa) -> None:
    ran = qa("add", NEWSROOM / "echo", "--index", "index", env={"FORCE_COLOR": ""})
    assert ran.code == 0
    assert ran.err == ""
    assert "\x1b" not in ran.out


def test_streams_that_are_closed_or_full(newsroom: Path) -> None:
    def shell(command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)

    listed = f"'{QA}' list --index '{newsroom}'"
    assert shell(f"{listed} >&-").returncode == 0
    assert shell(f"'{QA}' show nope --index '{newsroom}' 2>&-").returncode == 2
    assert shell(f"'{QA}' verify - --index '{newsroom}' <&-").returncode == 2
    for options in ("", " --json"):
        full = shell(f"{listed}{options} > /dev/full")
        assert full.returncode == 14
        assert b"storage.output" in full.stderr
        assert b"Traceback" not in full.stderr


def test_an_encoding_that_cannot_hold_the_text(newsroom: Path, qa: Qa) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    shown = qa("show", "--index", newsroom, "registry-accents.md", env=ascii_only)
    assert shown.code == 0
    assert "\\xe9" in shown.out
    assert (
        "é" in qa("show", "--index", newsroom, "--json", "registry-accents.md", env=ascii_only).json["article"]["text"]
    )


def test_no_columns_and_no_index_name(newsroom: Path, qa: Qa) -> None:
    assert "Skarn" in qa("list", "--index", newsroom, env={"COLUMNS": "0"}).out
    assert qa("status", "--index", "").code == 2


INTERRUPTED_IN_A_FINALISER = """
import sys
from qa.cli.entry import again
sys.unraisablehook = again
class Dying:
    def __del__(self):
        raise KeyboardInterrupt
try:
    one = Dying()
    del one
    for _ in range(1_000_000):
        pass
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interrupt_that_falls_into_a_finaliser_is_not_lost() -> None:
    ran = subprocess.run([sys.executable, "-c", INTERRUPTED_IN_A_FINALISER], capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("interrupted\n", "")


@pytest.mark.parametrize("milliseconds", [30, 60, 120, 250, 400, 600])
def test_ctrl_c_while_it_is_still_loading(newsroom: Path, milliseconds: int) -> None:
    child = subprocess.Popen(
        [str(QA), "ask", "--index", str(newsroom), "What did Zhang say?"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(milliseconds / 1000)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)
    # Before our first line runs, the interpreter answers in its own way; answered in time it is as if nothing happened.
    if milliseconds > 60:
        assert child.returncode in (0, 130), err
        assert b"Traceback" not in err


def test_a_ledger_damaged_under_a_reader_is_said_as_such(newsroom: Path, qa: Qa, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(newsroom, index)
    ledger = index / "ledger.sqlite"
    with ledger.open("r+b") as file:
        size = ledger.stat().st_size
        file.seek(size // 4)
        file.write(bytes(size // 2))
    for args in (["ask", "What did Zhang say about hiring?"], ["list"], ["search", "tram"]):
        ran = qa(*args, "--index", index)
        assert ran.code == 13, ran.err
        assert "Ferrowick" not in ran.err
