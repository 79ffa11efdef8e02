"""Dying at every step of publishing: the old generation answers, and the same command mends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
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

from qa.index.check import inspect
from qa.index.generation import current, publish


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An index of 60 passages, nothing published."""
    with contextlib.closing(twelve_articles(tmp_path / "index")) as corpus:
        yield corpus


def findings(corpus: Corpus, *, full: bool = True) -> list[str]:
    """Ids of what check finds."""
    return [finding.id for finding in inspect(corpus.index, corpus.ledger, full=full)]


# --- dying at every step

# Chroma is imported once and not used: each attempt is a fork, which dies before its n-th step that changes the disk.
DYING = """
import json, os, shutil, sys
from pathlib import Path
import chromadb.api.rust, chromadb.api.client  # noqa
import numpy.random
import qa.index.generation as generation
from qa.index.check import inspect
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from vector_corpus import Corpus, clustered, oracle

generation.SMALL = 0
EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "shutil.copyfile", "sqlite3.connect"}

def forked(work):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        code = 99
        try:
            os.write(writer, json.dumps(work()).encode())
            code = 0
        except BaseException as error:
            os.write(writer, json.dumps(repr(error)).encode())
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said and json.loads(said)

def dying(index, step):
    left = step
    def count(event):
        nonlocal left
        left -= 1
        if not left:
            os._exit(7)
    fsync = os.fsync
    os.fsync = lambda descriptor: (count("fsync"), fsync(descriptor))
    corpus = Corpus(index)
    sys.addaudithook(lambda event, _: count(event) if event in EVENTS else None)
    generation.publish(index, corpus.ledger)
    return "published"

def answers(index):
    with Ledger.open(index) as ledger:
        dense = DenseIndex.open(index, ledger)
        question = clustered(1, seed=5)[0]
        result = dense.search(question, limit=6)
        dense.close()
        right = [hit.key for hit in result.hits] == [key for key, _ in oracle(ledger, question, 6)]
        return right, result.exact, result.damage

def mended(index):
    corpus = Corpus(index)
    generation.publish(index, corpus.ledger)
    found = [finding.id for finding in inspect(index, corpus.ledger, full=True)]
    return found, len(list((index / "generations").iterdir()))

start, work = Path(sys.argv[1]), Path(sys.argv[2])
step, stride = 1, int(sys.argv[3])
while True:
    index = work / str(step)
    shutil.copytree(start, index)
    code, said = forked(lambda: dying(index, step))
    print(json.dumps([step, code, said, forked(lambda: answers(index)), forked(lambda: mended(index))]), flush=True)
    shutil.rmtree(index)
    if code != 7:
        break
    step += stride
"""


@pytest.mark.parametrize(
    ("first", "stride"),
    [
        (False, 9),
        (True, 9),
        pytest.param(False, 1, marks=pytest.mark.slow),
        pytest.param(True, 1, marks=pytest.mark.slow),
    ],
)
def test_dying_before_any_step_loses_nothing(corpus: Corpus, tmp_path: Path, first: bool, stride: int) -> None:
    if not first:
        publish(corpus.index, corpus.ledger)
        corpus.put("article 3", clustered(2, seed=8))
        corpus.remove("article 4")
    corpus.close()
    (tmp_path / "work").mkdir()
    done = python(DYING, corpus.index, tmp_path / "work", stride)
    attempts = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert attempts[-1][1:3] == [0, "published"]
    assert len(attempts) * stride > 30
    for step, code, _, answered, mended in attempts:
        assert code in {0, 7}, step
        assert answered[0] == 0, (step, answered)
        right, exactly, damage = answered[1]
        assert right, step
        assert damage == "", step
        assert first or not exactly, step
        assert mended == [0, [[], 1]], (step, mended)


def test_interrupting_a_build_leaves_the_old_generation_and_the_next_one_mends(corpus: Corpus, tmp_path: Path) -> None:
    before = publish(corpus.index, corpus.ledger)
    corpus.put("much", clustered(2000, seed=1))
    code = (
        "import sys; from pathlib import Path\n"
        "from vector_corpus import Corpus; from qa.index.generation import publish\n"
        "corpus = Corpus(Path(sys.argv[1]))\n"
        "publish(corpus.index, corpus.ledger, progress=lambda done, total: print(done, flush=True))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    command = [sys.executable, "-c", code, str(corpus.index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert current(corpus.index) == before
    publish(corpus.index, corpus.ledger)
    assert findings(corpus) == []
