"""The user's configuration file: where it is, how a calibrated threshold is kept in it, and what it does to answers."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import QA, Ran

from qa.answer.scorer import scorer_digest
from qa.answer.weights import shipped_weights
from qa.app import Reading
from qa.config import CONFIG_VARIABLE, Abstention, config_file, read_abstention, write_abstention
from qa.errors import StorageFault, UsageError
from qa.models.fingerprint import fingerprint_of_shipped, read_card
from qa.models.reader.reader import shipped_reader
from qa.types import Filters, Status

CALIBRATED = Abstention(
    threshold=0.725, scorer="a" * 64, max_risk=0.1, confidence_level=0.95, gold="newsroom@0123456789ab", items=124
)


def test_a_pipe_is_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "pipe"))
    with pytest.raises(UsageError) as caught:  # and doesn't wait for a writer
        read_abstention()
    assert (caught.value.id, caught.value.remedy) == ("config.unreadable", "QA_CONFIG=FILE")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file of the test's own, which isn't there yet."""
    path = tmp_path / "of" / "mine" / "config.toml"
    monkeypatch.setenv("QA_CONFIG", str(path))
    return path


def test_where_it_is(config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert config_file() == config
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QA_CONFIG", "~/qa.toml")
    assert config_file() == tmp_path / "qa.toml"
    monkeypatch.setenv("QA_CONFIG", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert config_file().parts[-2:] == ("qa", "config.toml")


def test_nothing_is_calibrated_at_first(config: Path) -> None:
    assert read_abstention() is None
    config.parent.mkdir(parents=True)
    config.write_text('[model]\nname = "x"\n')
    assert read_abstention() is None


def test_a_threshold_comes_back_as_it_was(config: Path) -> None:
    assert write_abstention(CALIBRATED) == config
    assert read_abstention() == CALIBRATED
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


def test_all_else_in_the_file_stays(config: Path) -> None:
    config.parent.mkdir(parents=True)
    before = (
        '# mine\r\ntop = 1   # one\r\n\r\n[abstention]\r\n# calibrated\r\nthreshold = 0.5\r\nextra = "kept"\r\n\r\n'
    )
    after = "[ model ]\r\nname = 'x' # so\r\n"
    config.write_bytes((before + after).encode())
    config.chmod(0o644)
    write_abstention(CALIBRATED)
    written = config.read_bytes().decode()
    assert written.startswith("# mine\r\ntop = 1   # one\r\n\r\n[abstention]\r\n# calibrated\r\nthreshold = 0.725\r\n")
    assert 'extra = "kept"' in written
    assert written.endswith(after)
    assert read_abstention() == CALIBRATED
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_a_link_to_the_file_stays_a_link(config: Path, tmp_path: Path) -> None:
    config.parent.mkdir(parents=True)
    (tmp_path / "dotfiles").mkdir()
    config.symlink_to(tmp_path / "dotfiles" / "qa.toml")
    write_abstention(CALIBRATED)
    assert config.is_symlink()
    assert (tmp_path / "dotfiles" / "qa.toml").is_file()
    assert read_abstention() == CALIBRATED


WHOLE = 'threshold = 0.5\nscorer = "a"\nmax_risk = 0.1\nconfidence_level = 0.95\ngold = "g"\nitems = 3\n'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[abstention", "Expected ']'"),
        (b"\xff\xfe", "isn't UTF-8"),
        (b"abstention = 1", "'abstention' isn't a table"),
        (b"[[abstention]]\nthreshold = 1", "'abstention' isn't a table"),
        (b"a = " + b"[" * 100_000, ""),
        (b"a = " + b"9" * 5_000, ""),
        ("[abstention]\n" + WHOLE.replace("threshold = 0.5\n", ""), "'abstention.threshold' is missing"),
        ("[abstention]\n" + WHOLE.replace("0.5", '"0.5"'), "'abstention.threshold' is not a number from 0 to 1: '0.5'"),
        ("[abstention]\n" + WHOLE.replace("0.5", "nan"), "'abstention.threshold' is not a number"),
        ("[abstention]\n" + WHOLE.replace("0.5", "true"), "'abstention.threshold' is not a number"),
        ("[abstention]\n" + WHOLE.replace("0.5", "1.01"), "'abstention.threshold' is not a number"),
        ("[abstention]\n" + WHOLE.replace("0.1\n", "9" * 400 + "\n"), "'abstention.max_risk' is not a number"),
        ("[abstention]\n" + WHOLE.replace("= 3", "= 3.0"), "'abstention.items' is not a count: 3.0"),
        ("[abstention]\n" + WHOLE.replace('"a"', "7"), "'abstention.scorer' is not a string: 7"),
    ],
)
def test_what_cannot_be_understood_is_said_so(config: Path, content: bytes | str, why: str) -> None:
    config.parent.mkdir(parents=True)
    config.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as refused:
        read_abstention()
    assert refused.value.id == "config.malformed"
    assert str(config) in refused.value.message
    assert why in refused.value.message


@pytest.mark.parametrize("content", [b"[abstention", b"abstention = 1", b"\xff", b"[[abstention]]\nx = 1"])
def test_what_cannot_be_understood_is_not_overwritten(config: Path, content: bytes) -> None:
    config.parent.mkdir(parents=True)
    config.write_bytes(content)
    with pytest.raises(UsageError):
        write_abstention(CALIBRATED)
    assert config.read_bytes() == content


def test_a_folder_in_its_place(config: Path) -> None:
    config.mkdir(parents=True)
    with pytest.raises(UsageError) as refused:
        read_abstention()
    assert refused.value.id == "config.unreadable"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file(config: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    write_abstention(CALIBRATED)
    before = config.read_bytes()

    def fail(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"qa.durable.os.{failing}", fail)
    with pytest.raises(StorageFault, match="No space left"):
        write_abstention(Abstention(threshold=0.1, scorer="", max_risk=0, confidence_level=0, gold="", items=0))
    assert config.read_bytes() == before
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


# --- what it does


OURS = scorer_digest(fingerprint_of_shipped(), read_card(shipped_reader()).fingerprint)
ASKED = "How much will the Harbour Line cost?"


def calibrated(threshold: float, scorer: str = OURS) -> Abstention:
    return Abstention(threshold=threshold, scorer=scorer, max_risk=0.1, confidence_level=0.9, gold="g@1", items=9)


def test_a_calibrated_threshold_is_used(config: Path, newsroom: Path) -> None:
    with Reading(newsroom) as reading:
        asked = reading.ask(ASKED, k=5, filters=Filters())
        assert reading.abstention.threshold == shipped_weights().threshold
    assert asked.confidence is not None
    assert asked.answer.status is Status.ANSWERED
    for threshold, status in ((asked.confidence, Status.ANSWERED), (asked.confidence + 1e-9, Status.ABSTAINED)):
        write_abstention(calibrated(threshold))
        with Reading(newsroom) as reading:
            again = reading.ask(ASKED, k=5, filters=Filters())
        assert (again.answer.status, again.confidence, again.warnings) == (status, asked.confidence, ())


def test_one_for_another_scorer_is_not_used_and_said(config: Path, newsroom: Path, qa: Callable[..., Ran]) -> None:
    write_abstention(calibrated(1.0, scorer="f" * 64))
    ran = qa("ask", "--index", newsroom, ASKED, env={"QA_CONFIG": str(config)})
    assert ran.code == 0
    assert ran.err.count("isn't used") == 1
    assert str(config) in ran.err
    assert "qa eval calibrate" in ran.err


def test_a_malformed_one_is_refused_before_anything_is_answered(
    config: Path, newsroom: Path, qa: Callable[..., Ran]
) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("[abstention]\nthreshold = 2\n")
    ran = qa("ask", "--index", newsroom, ASKED, env={"QA_CONFIG": str(config)})
    assert (ran.code, ran.out) == (2, "")
    assert "(config.malformed)" in ran.err
    assert qa("search", "--index", newsroom, ASKED, env={"QA_CONFIG": str(config)}).code == 0


def test_a_threshold_given_goes_before_the_files(config: Path, newsroom: Path) -> None:
    write_abstention(calibrated(1.0))
    with Reading(newsroom, threshold=0.0) as reading:
        assert reading.ask(ASKED, k=5, filters=Filters()).answer.status is Status.ANSWERED
        assert reading.abstention.scorer == OURS


def test_help_reads_no_configuration() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from qa.cli.main import app;"
        "CliRunner().invoke(app, ['--help']); import qa.config;"
        "print([m for m in ('tomllib', 'tomlkit', 'platformdirs') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=QA.parent)
    assert ran.stdout.strip() == "[]"
