"""qa.ingest.sources and sync: which files paths mean, and which articles a folder has lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.ingest.outcome import Item, Skip
from qa.ingest.read import read, read_all
from qa.ingest.sources import Discovery, Kind, canonical, discover
from qa.ingest.sync import Sync


def _write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The article {name} has a sentence.\n", encoding="utf-8")
    return folder


def _names(found: Discovery, folder: Path) -> list[str]:
    top = canonical(folder)
    return [os.path.relpath(source.identity, top) for source in found.sources]


def _reasons(found: Discovery, folder: Path) -> dict[str, str]:
    top = canonical(folder)
    return {os.path.relpath(skip.identity, top): skip.reason for skip in found.skips}


def test_a_folder_is_walked_in_order_without_hidden_entries(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/z.md", "a/b.html", "c/d/e.jsonl", ".hidden.txt", ".git/x.txt", "A.TXT")
    found = discover([str(tmp_path)])
    assert _names(found, tmp_path) == ["A.TXT", "a/b.html", "a/z.md", "b.txt", "c/d/e.jsonl"]
    assert [source.kind for source in found.sources] == [Kind.TEXT, Kind.HTML, Kind.TEXT, Kind.TEXT, Kind.JSONL]
    assert {source.root for source in found.sources} == {canonical(tmp_path)}
    assert found.skips == ()


def test_unknown_types_are_skips_in_a_folder_and_sniffed_when_named(tmp_path: Path) -> None:
    _write(tmp_path, "a.pdf", "b.log", "README")
    assert _reasons(discover([str(tmp_path)]), tmp_path) == {
        "README": "unsupported type",
        "a.pdf": "unsupported type .pdf",
        "b.log": "unsupported type .log",
    }
    (outcome,) = read([str(tmp_path / "b.log")])
    assert isinstance(outcome, Item)


def test_paths_that_are_not_there_are_refused_before_anything_is_listed(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    for missing in (
        str(tmp_path / "none.txt"),
        str(tmp_path / "none" / "*.txt"),
        "",
        "nul\x00byte",
        str(tmp_path / "*.xyz"),
    ):
        with pytest.raises(UsageError) as raised:
            discover([str(tmp_path), missing])
        assert raised.value.id == "add.no_such_path"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "x/c.txt", "x/y/d.txt"]),
        ("x/**", ["x/c.txt", "x/e.md", "x/y/d.txt"]),
        ("*/e.md", ["x/e.md"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[!a].txt", ["b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("x/*/d.*", ["x/y/d.txt"]),
        ("*.log", ["n.log"]),
        ("**/y/*", ["x/y/d.txt"]),
    ],
)
def test_globs_read_as_a_shell_reads_them(tmp_path: Path, pattern: str, names: list[str]) -> None:
    _write(tmp_path, "a.txt", "b.txt", "x/c.txt", "x/e.md", "x/y/d.txt", "n.log", ".h.txt", "x/.h/i.txt")
    assert _names(discover([f"{tmp_path}/{pattern}"]), tmp_path) == names


def test_a_glob_walks_the_folders_that_it_names(tmp_path: Path) -> None:
    _write(tmp_path, "2024/a.txt", "2024/deep/b.txt", "2025/c.txt", "other/d.txt")
    assert _names(discover([f"{tmp_path}/20*"]), tmp_path) == ["2024/a.txt", "2024/deep/b.txt", "2025/c.txt"]


def test_a_name_with_glob_characters_is_a_name_if_it_exists(tmp_path: Path) -> None:
    _write(tmp_path, "what[1]?.txt", "what1x.txt")
    assert _names(discover([str(tmp_path / "what[1]?.txt")]), tmp_path) == ["what[1]?.txt"]


def test_a_file_that_is_reached_twice_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "x/a.txt")
    monkeypatch.chdir(tmp_path)
    found = discover(["x", "./x/a.txt", str(tmp_path / "x" / ".." / "x" / "a.txt"), "x/*.txt"])
    assert len(found.sources) == 1
    assert found.sources[0].identity == canonical(tmp_path / "x" / "a.txt")


def test_symlinks_stay_inside_the_folder_and_loops_end(tmp_path: Path) -> None:
    top = _write(tmp_path / "top", "a.txt", "sub/b.txt")
    outside = _write(tmp_path / "outside", "secret.txt")
    (top / "loop").symlink_to(top)
    (top / "sub" / "up").symlink_to("..")
    (top / "self").symlink_to("self")
    (top / "out.txt").symlink_to(outside / "secret.txt")
    (top / "outdir").symlink_to(outside)
    (top / "again.txt").symlink_to("sub/b.txt")
    (top / "broken.txt").symlink_to("nothing.txt")
    found = discover([str(top)])
    assert sorted(_names(found, top)) == ["a.txt", "sub/b.txt"]
    assert _reasons(found, top) == {
        "self": "broken symlink",
        "broken.txt": "broken symlink",
        "out.txt": "symlink out of the folder",
        "outdir": "symlink out of the folder",
    }
    assert sorted(_names(discover([f"{top}/**/*.txt"]), top)) == ["a.txt", "sub/b.txt"]


def test_a_symlink_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    _write(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "link.txt").symlink_to("real/a.txt")
    for named in ("link", "link.txt"):
        assert _names(discover([str(tmp_path / named)]), tmp_path) == ["real/a.txt"]


def test_what_is_no_file_is_skipped_and_never_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock.txt")
        found = discover([".", "pipe.txt", "/dev/null"])
    assert _names(found, tmp_path) == ["a.txt"]
    assert [skip.reason for skip in found.skips] == ["not a regular file"] * 4


def test_a_file_that_becomes_a_pipe_or_goes_is_a_skip(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.txt", "c.txt")
    found = discover([str(tmp_path)])
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").unlink()
    os.mkfifo(tmp_path / "b.txt")
    outcomes = list(read_all(found))
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Skip)] == [
        "gone before it was read",
        "can't be read",
    ]
    assert isinstance(outcomes[2], Item)


def test_names_that_are_not_utf8_get_an_identity_that_can_be_stored(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).write_text("A sentence of the article.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (outcome,) = read([str(tmp_path)])
    assert isinstance(outcome, Item)
    assert outcome.identity.encode("utf-8").endswith(b"caf\\xe9.txt")


def test_deep_folders_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(600):
        deep = deep / "d"
    deep.mkdir(parents=True)
    _write(deep, "a.txt")
    assert len(discover([str(tmp_path)]).sources) == 1


# --- as another user: root reads everything -------------------------------------------------------------------------

_AS_NOBODY = """
import os
import pwd
import sys
from qa.ingest.read import read_all
from qa.ingest.sources import discover
from qa.ingest.sync import Sync
user = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
found = discover(sys.argv[1:])
sync = Sync(found)
for outcome in read_all(found):
    sync.note(outcome)
    print(outcome.identity.rpartition("/")[2], getattr(outcome, "reason", "item"))
print("departed", sync.departed([f"{sys.argv[1]}/{name}" for name in ("closed/old.txt", "locked.txt", "left.txt")]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user (see the next test)")
def test_without_rights_the_rest_goes_on_and_nothing_is_taken_for_gone(tmp_path: Path) -> None:
    top = _write(tmp_path / "top", "a.txt", "closed/b.txt", "locked.txt", "open/c.txt")
    (top / "closed").chmod(0o000)
    (top / "locked.txt").chmod(0o000)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):  # pytest's own, which are closed to others
        folder.chmod(0o755)
    assert _as_nobody(str(top)).splitlines() == [
        "closed no permission",
        "a.txt item",
        "locked.txt no permission",
        "c.txt item",
        f"departed ['{canonical(top)}/left.txt']",
    ]
    assert _as_nobody(str(top / "closed")).splitlines() == ["closed no permission", "departed []"]


def _as_nobody(*arguments: str) -> str:
    """The script's output. It becomes user nobody after its imports, since nobody may not read every interpreter."""
    command = [sys.executable, "-c", _AS_NOBODY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything (see the test before)")
def test_a_file_and_a_folder_without_rights_are_skips(tmp_path: Path) -> None:
    top = _write(tmp_path, "a.txt", "closed/b.txt", "locked.txt")
    (top / "locked.txt").chmod(0o000)
    (top / "closed").chmod(0o000)
    outcomes = list(read([str(top)]))
    (top / "closed").chmod(0o755)
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Skip)] == ["no permission", "no permission"]
    assert len(outcomes) == 3


# --- sync -----------------------------------------------------------------------------------------------------------


def _departed(paths: list[str], known: list[str]) -> list[str]:
    found = discover(paths)
    sync = Sync(found)
    for outcome in read_all(found, max_bytes=2_000):
        sync.note(outcome)
    return sync.departed(known)


def test_articles_whose_file_left_the_folder_are_gone_and_no_others(tmp_path: Path) -> None:
    top = canonical(_write(tmp_path / "top", "a.txt", "b.pdf", "empty.txt"))
    (tmp_path / "top" / "empty.txt").write_text("", encoding="utf-8")
    known = [f"{top}/{name}" for name in ("a.txt", "b.pdf", "empty.txt", "left.txt", "sub/left.txt")]
    elsewhere = [f"{top}-other/x.txt", "/elsewhere/y.txt", "stdin:abc", "https://news.example/1"]
    assert _departed([top], known + elsewhere) == [f"{top}/left.txt", f"{top}/sub/left.txt"]


def test_a_file_that_is_named_itself_makes_nothing_gone(tmp_path: Path) -> None:
    top = canonical(_write(tmp_path, "a.txt"))
    assert _departed([f"{top}/a.txt", f"{top}/*.txt"], [f"{top}/left.txt"]) == []


def test_lines_that_left_a_jsonl_file_are_gone(tmp_path: Path) -> None:
    top = canonical(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "One."}\n{"id": 2}\n{"id": 3, "text": 3}\n', encoding="utf-8")
    known = [f"{top}/a.jsonl#{key}" for key in (1, 2, 3, 4)] + [f"{top}/b.jsonl#1"]
    assert _departed([top], known) == [f"{top}/a.jsonl#4", f"{top}/b.jsonl#1"]


@pytest.mark.parametrize("bad", ["{broken", "[]", '{"id": 4, "text": "' + "x" * 3_000 + '"}'])
def test_a_line_that_cannot_be_told_keeps_all_of_its_file(tmp_path: Path, bad: str) -> None:
    top = canonical(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "One."}\n' + bad + "\n", encoding="utf-8")
    assert _departed([top], [f"{top}/a.jsonl#1", f"{top}/a.jsonl#4", f"{top}/left.txt"]) == [f"{top}/left.txt"]


# --- an index among the articles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", ["lock", "CURRENT"])
@pytest.mark.parametrize("place", ["", "idx/"])
def test_the_files_of_an_index_are_passed_by_in_silence(tmp_path: Path, place: str, beside: str) -> None:
    own = ("ledger.sqlite", "ledger.sqlite-wal", "ledger.damaged-1.sqlite", beside, "generations/1/a.bin", "lost/a.txt")
    _write(tmp_path, "a.txt", *(place + name for name in own), f"{place}article.txt")
    found = discover([str(tmp_path)])
    assert sorted(_names(found, tmp_path)) == sorted(["a.txt", f"{place}article.txt"])
    assert found.skips == ()


def test_files_with_the_names_of_an_index_are_articles_where_there_is_none(tmp_path: Path) -> None:
    _write(tmp_path, "lost/a.txt", "generations/b.txt", "ledger.md", "lock")
    found = discover([str(tmp_path)])
    assert sorted(_names(found, tmp_path)) == ["generations/b.txt", "ledger.md", "lost/a.txt"]
    assert _reasons(found, tmp_path) == {"lock": "unsupported type"}
