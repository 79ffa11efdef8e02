"""Chroma as we use it: deaf to its surroundings, quiet, without a network, and without a write to what is published."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from vector_corpus import (
    TESTS,
    Corpus,
    clustered,
    python,
    twelve_articles,
)

from qa.index.generation import publish
from qa.index.view import View


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An index of 60 passages, nothing published."""
    with contextlib.closing(twelve_articles(tmp_path / "index")) as corpus:
        yield corpus


# --- Chroma's surroundings

SURROUNDED = """
import os, sys
from pathlib import Path
os.chdir(sys.argv[2])
os.environ.update(
    CHROMA_API_IMPL="chromadb.api.fastapi.FastAPI", CHROMA_SERVER_HOST="192.0.2.1", chroma_server_http_port="none",
    CHROMA_OTEL_COLLECTION_ENDPOINT="http://192.0.2.1:4317", CHROMA_OTEL_GRANULARITY="all", IS_PERSISTENT="perhaps",
    MIGRATIONS="never", ANONYMIZED_TELEMETRY="yes please", PERSIST_DIRECTORY="elsewhere",
)
before = dict(os.environ)
from vector_corpus import Corpus, clustered
from qa.index.dense import DenseIndex
from qa.index.generation import publish
corpus = Corpus(Path(sys.argv[1]))
corpus.put("news", clustered(3, seed=2))
assert publish(corpus.index, corpus.ledger).count == 63
dense = DenseIndex.open(corpus.index, corpus.ledger)
result = dense.search(clustered(1)[0], limit=3)
assert (len(result.hits), result.exact, result.damage) == (3, False, ""), result
dense.close()
assert dict(os.environ) == before
assert os.getcwd() == sys.argv[2]
assert sorted(os.listdir(".")) == [".env"]
"""
ENV_FILE = """
chroma_api_impl=chromadb.api.fastapi.FastAPI
chroma_server_host=192.0.2.1
chroma_server_http_port=none
chroma_server_grpc_port=none
is_persistent=perhaps
anonymized_telemetry=maybe
"""


def test_neither_variables_nor_a_env_file_move_chroma_and_it_is_quiet(corpus: Corpus, tmp_path: Path) -> None:
    corpus.close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text(ENV_FILE)
    done = python(SURROUNDED, corpus.index, elsewhere)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_chroma_opens_no_socket_to_anywhere(corpus: Corpus, tmp_path: Path) -> None:
    corpus.close()
    elsewhere, trace = tmp_path / "elsewhere", tmp_path / "trace"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text(ENV_FILE)
    command = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace), sys.executable, "-c", SURROUNDED]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    done = subprocess.run(
        [*command, str(corpus.index), str(elsewhere)], check=False, env=environment, capture_output=True
    )
    if done.returncode and b"ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    calls = [line for line in trace.read_text().splitlines() if "AF_UNIX" not in line and "SIG" not in line]
    assert not [line for line in calls if "connect(" in line or "sendto(" in line or "sendmsg(" in line]


def test_a_reader_leaves_the_generation_as_it_was_and_nothing_behind(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    manifest = publish(corpus.index, corpus.ledger)
    before = {path: path.stat() for path in manifest.folder(corpus.index).rglob("*")}
    killed, young = tmp_path / "qa-view-killed", tmp_path / "qa-view-young"
    for folder in (killed, young):
        folder.mkdir()
        (folder / "alive").touch()
    os.utime(killed, (time.time() - 1000, time.time() - 1000))
    view = View.open(manifest.folder(corpus.index), manifest.files)
    assert view.store.count() == 60
    assert len(view.store.query(clustered(1)[0], 3)) == 3
    assert len(list(tmp_path.glob("qa-view-*"))) == 2
    view.close()
    assert list(tmp_path.glob("qa-view-*")) == [young]

    def untimed(found: os.stat_result) -> tuple[int, ...]:
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    after = {path: path.stat() for path in manifest.folder(corpus.index).rglob("*")}
    assert {path: untimed(found) for path, found in after.items()} == {p: untimed(found) for p, found in before.items()}
