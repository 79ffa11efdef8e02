"""What many tests share: the program as a subprocess, the sample collection indexed once, the development data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A shell that starts a program in the background has it ignore interrupts, and its children inherit that: the tests
# send interrupts, so theirs must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
NEWSROOM = ROOT / "eval" / "corpora" / "newsroom"
QA = Path(sys.executable).with_name("qa")
CHROMIUM = Path("/usr/bin/chromium")


@dataclass(frozen=True)
class Ran:
    """A finished run of the program."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@pytest.fixture
def qa(tmp_path: Path) -> Callable[..., Ran]:
    """Run ``qa`` as a user does: a process of its own, in an empty folder, with a home of its own."""

    def run(
        *args: str | Path, stdin: str | bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> Ran:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("QA_INDEX", "CHROMA_"))}
        ran = subprocess.run(
            [str(QA), *map(str, args)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=cwd or tmp_path,
            env={
                **clean,
                "HOME": str(home),
                "XDG_DATA_HOME": str(home / "data"),
                "QA_CONFIG": str(home / "config.toml"),
                **(env or {}),
            },
            timeout=120,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return run


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample collection, for reading only."""
    index = tmp_path_factory.mktemp("newsroom") / "index"
    subprocess.run([str(QA), "add", "--index", str(index), str(NEWSROOM)], check=True, capture_output=True, timeout=300)
    return index


@pytest.fixture(scope="session")
def data() -> Path:
    """The development data; the test is skipped where it isn't."""
    folder = Path(os.environ.get("QA_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the development data isn't here (QA_DATA)")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window; the test is skipped where it isn't, but not in CI.

    Started anew for each file: while it is open, its event loop counts as running, and no other can be run.
    """
    if not CHROMIUM.is_file():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"there is no {CHROMIUM}: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()
