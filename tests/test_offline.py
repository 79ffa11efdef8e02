"""Nothing leaves the machine, and nothing is written outside the index: no telemetry of any library that is used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import NEWSROOM, QA


def run(home: Path, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
    """A command with a new home, whose variables say nothing of telemetry."""
    home.mkdir(exist_ok=True)
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "TMPDIR": str(home.parent)}
    return subprocess.run([str(part) for part in command], env=env, capture_output=True, check=False, timeout=120)


def test_nothing_is_left_in_the_home_folder(tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert run(tmp_path / "home", QA, "add", "--index", index, NEWSROOM / "echo").returncode == 0
    assert run(tmp_path / "home", QA, "ask", "--index", index, "What did Greta Osterholt say?").returncode in (0, 1)
    assert list((tmp_path / "home").rglob("*")) == []


def test_no_socket_to_anywhere(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    trace, index = tmp_path / "trace", tmp_path / "index"
    add = (QA, "add", "--index", index, NEWSROOM / "echo")
    ran = run(tmp_path / "home", strace, "-f", "-e", "trace=socket,connect,sendto", "-o", trace, *add)
    if ran.returncode and b"ptrace" in ran.stderr:
        pytest.skip("this machine doesn't let strace trace")
    assert ran.returncode == 0, ran.stderr
    assert not re.findall(r"AF_INET", trace.read_text())
