"""On a real pseudo-terminal: colour, the prompt with its history, opening a citation, Ctrl-C."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from conftest import QA

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\r")
QUESTION = "What did Zhang Meilin say about hiring?"


def spawn(tmp_path: Path, *args: str | Path, **env: str) -> pexpect.spawn:
    """The program on a terminal of 100 columns."""
    clean = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }
    return pexpect.spawn(
        str(QA), [str(arg) for arg in args], env={**clean, **env}, dimensions=(50, 100), encoding="utf-8", timeout=60
    )


def read(child: pexpect.spawn) -> str:
    """All that it prints until it ends."""
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before)


@pytest.fixture
def prompt(tmp_path: Path, newsroom: Path) -> Iterator[pexpect.spawn]:
    """The prompt, waiting for a question."""
    child = spawn(tmp_path, "ask", "--index", newsroom)
    child.expect("qa>")
    yield child
    child.close(force=True)


def test_colour_on_a_terminal_unless_unwanted(tmp_path: Path, newsroom: Path) -> None:
    assert "\x1b[1" in read(spawn(tmp_path, "ask", "--index", newsroom, QUESTION))
    for unwanted in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = read(spawn(tmp_path, "ask", "--index", newsroom, QUESTION, **unwanted))
        assert not re.search(r"\x1b\[\d*;?3\d", shown)


def test_lines_fit_the_terminal(tmp_path: Path, newsroom: Path) -> None:
    shown = _ESCAPES.sub("", read(spawn(tmp_path, "ask", "--index", newsroom, QUESTION)))
    assert max(len(line) for line in shown.splitlines()) <= 100


def test_dates_stand_in_front_of_what_was_said(tmp_path: Path, newsroom: Path) -> None:
    shown = _ESCAPES.sub("", read(spawn(tmp_path, "said", "Zhang Meilin", "--index", newsroom))).splitlines()
    first = next(at for at, line in enumerate(shown) if line.startswith("  2025-11-27  "))
    assert shown[first + 1].startswith(" " * 14)
    assert all(len(line.rstrip()) <= 100 for line in shown if not line.startswith("qa:"))


def test_a_citation_is_opened_and_history_kept(prompt: pexpect.spawn, tmp_path: Path) -> None:
    prompt.sendline(QUESTION)
    prompt.expect(r"\[1\]")
    prompt.expect("qa>")
    prompt.sendline(":show 1")
    prompt.expect("version 1")
    prompt.expect("qa>")
    prompt.sendline(":show 99")
    prompt.expect("citations to show")
    prompt.expect("qa>")
    prompt.sendeof()
    prompt.expect(pexpect.EOF)
    prompt.close()
    assert prompt.exitstatus == 0
    history = tmp_path / ".local" / "state" / "qa" / "history"
    assert QUESTION in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o077 == 0


def test_ctrl_c_drops_the_line_and_quit_ends(prompt: pexpect.spawn) -> None:
    prompt.send("half a quest")
    prompt.sendintr()
    prompt.expect("qa>")
    prompt.sendline(":quit")
    prompt.expect(pexpect.EOF)
    prompt.close()
    assert prompt.exitstatus == 0


def test_add_shows_progress_on_a_terminal_only(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Article number {number} speaks of quay {number}.\n", encoding="utf-8")
    shown = read(spawn(tmp_path, "add", "--index", tmp_path / "index", folder))
    assert "adding" in shown
    assert "30 new" in shown
    shown = read(spawn(tmp_path, "add", "--index", tmp_path / "index2", folder, TERM="dumb"))
    assert "adding" not in shown


def test_blank_lines_and_the_highlight_are_on_the_screen(tmp_path: Path, newsroom: Path) -> None:
    shown = read(spawn(tmp_path, "show", "--index", newsroom, "glacier-retreat.txt:0-13"))
    assert re.search(r"\x1b\[1;7mSkarn Glacier", shown)
    assert "\n\n" in _ESCAPES.sub("", shown)
