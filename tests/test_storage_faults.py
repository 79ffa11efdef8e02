"""Disks that are full, read-only or failing, and files that were damaged: said as what they are, nothing lost,
mended from the ledger.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from crash_child import HashEmbedder, contents, write_articles
from numpy.typing import NDArray

from qa.errors import Exit, IndexDamaged, IndexLocked, IndexMissing, QaError, StorageFault, UsageError
from qa.index.dense import DenseIndex
from qa.index.manifest import GENERATIONS, POINTER_FILE
from qa.index.store import Store
from qa.ledger.faults import as_fault, storage_faults
from qa.ledger.ledger import LEDGER_FILE, Ledger
from qa.ledger.lexical import search
from qa.ledger.schema import PAGE
from qa.library.add import add
from qa.library.check import check
from qa.library.remove import remove

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parent.parent
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount, and become another user")
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace isn't installed")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write_articles(tmp_path / "sources", 12)
    return tmp_path / "sources"


@pytest.fixture
def index(tmp_path: Path, sources: Path) -> Path:
    add(tmp_path / "index", [str(sources)], embedder=HashEmbedder())
    return tmp_path / "index"


def no_embedder() -> HashEmbedder:
    raise AssertionError("nothing was to be embedded")


# --- what an error means


@pytest.mark.parametrize(
    ("number", "id"),
    [
        (errno.ENOSPC, "storage.full"),
        (errno.EDQUOT, "storage.full"),
        (errno.EROFS, "storage.read_only"),
        (errno.EACCES, "storage.read_only"),
        (errno.EIO, "storage.failing"),
    ],
)
def test_errors_of_the_system_are_told_apart(tmp_path: Path, number: int, id: str) -> None:
    with pytest.raises(StorageFault) as raised, storage_faults(tmp_path):
        raise OSError(number, os.strerror(number), "some/file")
    assert raised.value.id == id
    assert raised.value.code == Exit.STORAGE
    assert "kept" in raised.value.state
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, StorageFault),
        (sqlite3.SQLITE_READONLY, StorageFault),
        (sqlite3.SQLITE_IOERR | 4 << 8, StorageFault),
        (sqlite3.SQLITE_BUSY, IndexLocked),
        (sqlite3.SQLITE_CORRUPT | 1 << 8, IndexDamaged),
    ],
)
def test_errors_of_sqlite_are_told_apart(tmp_path: Path, code: int, kind: type[QaError]) -> None:
    error = sqlite3.OperationalError("so it says")
    error.sqlite_errorcode = code
    assert isinstance(as_fault(error, tmp_path), kind)


def test_a_bug_is_no_storage_fault(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), storage_faults(tmp_path):
        sqlite3.connect(":memory:").execute("SELECT * FROM absent")
    with pytest.raises(BrokenPipeError), storage_faults(tmp_path):
        raise BrokenPipeError(errno.EPIPE, "gone")


# --- a full disk


def child(*arguments: object, before: tuple[str, ...] = ()) -> tuple[int, dict[str, str]]:
    """Run ``crash_child`` in a process of its own; its exit code and what it says."""
    done = subprocess.run(
        [*before, sys.executable, str(CHILD), *map(str, arguments)], capture_output=True, text=True, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@needs_strace
@pytest.mark.parametrize(
    "inject",
    [
        "pwrite64:error=ENOSPC:when=40+",
        "pwrite64:error=ENOSPC:when=120+",
        "fsync:error=ENOSPC:when=6+",
        pytest.param("fdatasync:error=EIO:when=3+", marks=pytest.mark.slow),
        pytest.param("pwrite64:error=ENOSPC:when=10+", marks=pytest.mark.slow),
        pytest.param("pwrite64:error=ENOSPC:when=80", marks=pytest.mark.slow),
        pytest.param("pwrite64:error=EIO:when=200+", marks=pytest.mark.slow),
        pytest.param("pwrite64:error=EROFS:when=60+", marks=pytest.mark.slow),
        pytest.param("rename:error=ENOSPC:when=1+", marks=pytest.mark.slow),
        pytest.param("mkdir:error=ENOSPC:when=2+", marks=pytest.mark.slow),
    ],
)
def test_a_disk_that_fills_up_in_the_middle(tmp_path: Path, sources: Path, index: Path, inject: str) -> None:
    expected = contents(index)
    call = inject.partition(":")[0]
    watch = ("strace", "-f", "--seccomp-bpf", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={inject}")
    if subprocess.run([*watch, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    code, said = child("add", tmp_path / "other", sources, before=watch)
    assert code == Exit.STORAGE, said
    assert said["error"].startswith("storage.")
    nothing_lost(tmp_path / "other", sources, expected)


def nothing_lost(index: Path, sources: Path, expected: list[tuple[object, ...]]) -> None:
    """After a fault the index is sound or behind, and the same command finishes it."""
    if (index / LEDGER_FILE).exists():
        found = {finding.id for finding in check(index, embedder=no_embedder).findings}
        assert found <= {"generation.behind", "generation.none", "generation.leftover"}
    add(index, [str(sources)], embedder=HashEmbedder())
    assert contents(index) == expected
    assert check(index, embedder=no_embedder).sound


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"mounting isn't allowed here: {done.stderr.strip()}")
        return folder

    yield mount
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@needs_root
def test_a_disk_that_really_is_full(index: Path, sources: Path, small_disk: Callable[[str], Path]) -> None:
    expected = contents(index)
    disk = small_disk("size=160k")
    for size in ("160k", "320k", "480k", "640k"):
        small_disk(f"remount,size={size}")
        with pytest.raises(StorageFault) as raised:
            add(disk / "i", [str(sources)], embedder=HashEmbedder())
        assert raised.value.id == "storage.full"
        assert "kept" in raised.value.state
    small_disk("remount,size=64m")
    nothing_lost(disk / "i", sources, expected)


@needs_root
def test_a_disk_that_may_only_be_read(index: Path, sources: Path, small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=32m")
    shutil.copytree(index, disk / "i")
    small_disk("remount,ro")
    before = contents(disk / "i")
    write_articles(sources, 14)
    with pytest.raises(StorageFault) as raised:
        add(disk / "i", [str(sources)], embedder=HashEmbedder())
    assert raised.value.id == "storage.read_only"
    assert contents(disk / "i") == before
    assert check(disk / "i", embedder=no_embedder).sound


# --- a folder that another user may only read

_READ = """
import os, sys, tempfile
from pathlib import Path
import numpy, sqlite3, json
from crash_child import HashEmbedder
from qa.index.dense import DenseIndex
from qa.ledger.ledger import Ledger
from qa.ledger.lexical import search
vector = HashEmbedder().embed("the council")
os.setgid(65534)
os.setuid(65534)  # after the imports: Python itself may lie where only root may read
with Ledger.open(Path(sys.argv[1])) as ledger:
    dense = DenseIndex.open(Path(sys.argv[1]), ledger)
    hits = dense.search(vector, limit=5).hits
    print(len(ledger.article_ids()), len(search(ledger, '"council"', limit=5)), len(hits))
"""


def read_as_nobody(index: Path) -> str:
    for folder in [index, *index.parents]:
        if folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(folder.stat().st_mode | 0o005)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(index)], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": f"{ROOT}:{CHILD.parent}", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_root
def test_another_user_may_read_but_not_write(index: Path) -> None:
    assert read_as_nobody(index) == "12 5 5"


@needs_root
def test_another_user_may_read_what_a_killed_writer_left(index: Path, sources: Path) -> None:
    write_articles(sources, 20)
    # As after a kill: the newest articles are in the WAL alone, and nobody has it open.
    with Ledger.open_to_write(index) as ledger:
        add_inside(index, ledger, sources)
        shutil.copytree(index, index.with_name("left"))
    left = index.with_name("left")
    (left / f"{LEDGER_FILE}-shm").unlink()
    assert (left / f"{LEDGER_FILE}-wal").stat().st_size > 0
    assert read_as_nobody(left) == "20 5 5"


def add_inside(index: Path, ledger: Ledger, sources: Path) -> None:
    """Add while ``ledger`` stays open, so that SQLite keeps its WAL."""
    assert ledger.epoch
    ledger.connection.execute("BEGIN")
    ledger.connection.execute("SELECT count(*) FROM articles").fetchone()
    add(index, [str(sources)], embedder=HashEmbedder())


# --- damage


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), max(1, len(content) // 7)):
        content[at] ^= 0xFF
    path.write_bytes(content)


def graph_files(index: Path) -> list[Path]:
    return sorted(path for path in (index / GENERATIONS).rglob("*") if path.is_file() and path.stat().st_size)


@pytest.mark.parametrize("harm", [cut, empty, flip, Path.unlink])
def test_check_finds_a_damaged_generation_and_mends_it_without_embedding(
    index: Path, harm: Callable[[Path], None]
) -> None:
    files = graph_files(index)
    assert len(files) >= 4
    for number in range(len(files)):
        path = graph_files(index)[number]
        harm(path)
        exact_answers(index)
        found = check(index, embedder=no_embedder)
        assert not found.sound, path
        mended = check(index, repair=True, embedder=no_embedder)
        assert mended.sound, path
        assert mended.repaired
    exact_answers(index)


@pytest.mark.parametrize("harm", [cut, empty, flip, Path.unlink])
def test_check_mends_the_pointer(index: Path, harm: Callable[[Path], None]) -> None:
    harm(index / POINTER_FILE)
    exact_answers(index)
    assert not check(index, embedder=no_embedder).sound
    assert check(index, repair=True, embedder=no_embedder).sound


def test_check_mends_a_generation_folder_that_was_emptied(index: Path) -> None:
    shutil.rmtree(index / GENERATIONS)
    exact_answers(index)
    assert not check(index, embedder=no_embedder).sound
    assert check(index, repair=True, embedder=no_embedder).sound


def exact_answers(index: Path) -> None:
    """Whatever state the generation is in, what is found is what the ledger's vectors say."""
    vector = HashEmbedder().embed("the council and the ferry")
    with Ledger.open(index) as ledger:
        keys, vectors = ledger.vectors(ledger.keys())
        best = sorted((vectors @ vector).tolist(), reverse=True)[:5]
        dense = DenseIndex.open(index, ledger)
        hits = dense.search(vector, limit=5).hits
        dense.close()
        assert len(keys) > 5
        assert [hit.cosine for hit in hits] == pytest.approx(best, abs=1e-5)


def change(index: Path, *statements: str) -> None:
    """Do to the ledger behind qa's back."""
    connection = sqlite3.connect(index / LEDGER_FILE)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


FIRST = "(SELECT id FROM articles ORDER BY id LIMIT 1)"


@pytest.mark.parametrize(
    ("statement", "id"),
    [
        (f"UPDATE sentences SET end = end + 1 WHERE article_id = {FIRST} AND number = 0", "article.parts"),
        (f"DELETE FROM sentences WHERE article_id = {FIRST} AND number = 1", "article.parts"),
        (f"UPDATE sentences SET role = 'nonsense' WHERE article_id = {FIRST}", "article.parts"),
        (f"DELETE FROM passages WHERE article_id = {FIRST} AND number = 0", "article.parts"),
        (f"UPDATE passages SET start = start + 1 WHERE article_id = {FIRST}", "article.parts"),
        (f"UPDATE passages SET vector_sha = x'00' WHERE article_id = {FIRST} AND number = 0", "article.parts"),
        (f"UPDATE passages SET version = 9 WHERE article_id = {FIRST}", "article.parts"),
        ("DELETE FROM passages_text WHERE rowid = (SELECT min(key) FROM passages)", "text_index.rows"),
        ("INSERT INTO passages_text (rowid, title, body) VALUES (99999, 'stray', 'row')", "text_index.rows"),
        (
            "UPDATE passages_text SET body = 'other words' WHERE rowid = (SELECT min(key) FROM passages)",
            "text_index.rows",
        ),
        ("DELETE FROM passages_text_data WHERE id > 10", "text_index.damaged"),
        ("INSERT INTO sentences VALUES ('nobody', 0, 1, 0, 5, 'body')", "ledger.orphan"),
        ("INSERT INTO people VALUES ('nobody', 0, 'A. Person', '[]', '[]')", "ledger.orphan"),
    ],
)
def test_check_mends_what_contradicts_itself_in_the_ledger(index: Path, statement: str, id: str) -> None:
    before = contents(index)
    change(index, statement)
    assert id in {finding.id for finding in check(index, embedder=no_embedder).findings}
    assert check(index, repair=True, embedder=no_embedder).sound
    assert contents(index) == before
    with Ledger.open(index) as ledger:
        assert len(search(ledger, '"council"', limit=5)) == 5


@pytest.mark.parametrize(
    ("statement", "id", "embedded"),
    [
        ("DELETE FROM vectors WHERE id IN (SELECT id FROM vectors LIMIT 3)", "vector.missing", 3),
        ("UPDATE vectors SET vector = zeroblob(128) WHERE id = (SELECT min(id) FROM vectors)", "vector.damaged", 1),
        ("UPDATE vectors SET vector = x'00ff' WHERE id = (SELECT min(id) FROM vectors)", "vector.damaged", 1),
        ("UPDATE vectors SET crc = crc + 1 WHERE id = (SELECT min(id) FROM vectors)", "vector.damaged", 1),
    ],
)
def test_check_embeds_again_only_what_lost_its_vector(index: Path, statement: str, id: str, embedded: int) -> None:
    before = contents(index)
    change(index, statement)
    assert id in {finding.id for finding in check(index, embedder=no_embedder).findings}
    embedder = HashEmbedder()
    assert check(index, repair=True, embedder=lambda: embedder).sound
    assert embedder.embedded == embedded
    assert contents(index) == before


def test_a_vector_with_nan_and_a_right_checksum_is_found(index: Path) -> None:
    blob = np.full(32, np.nan, dtype="<f4").tobytes()
    first = "id = (SELECT min(id) FROM vectors)"
    change(index, f"UPDATE vectors SET vector = x'{blob.hex()}', crc = {zlib.crc32(blob)} WHERE {first}")
    assert "vector.damaged" in {finding.id for finding in check(index, embedder=no_embedder).findings}


@pytest.mark.parametrize(
    "text", ["replace(text, 'council', 'kouncil')", "CAST(x'ff' || CAST(text AS BLOB) AS TEXT)", "''"]
)
def test_an_altered_text_is_found_set_aside_and_added_again(index: Path, sources: Path, text: str) -> None:
    before = contents(index)
    change(index, f"UPDATE versions SET text = {text} WHERE article_id = {FIRST}")
    found = check(index, embedder=no_embedder)
    assert "article.text" in {finding.id for finding in found.findings}
    mended = check(index, repair=True, embedder=no_embedder)
    assert mended.sound
    assert "qa add" in " ".join(mended.repaired)
    assert len(list((index / "lost").iterdir())) == 1
    done = add(index, [str(sources)], embedder=HashEmbedder())
    assert (done.new, done.unchanged) == (1, 11)
    assert contents(index) == before


def test_a_malformed_ledger_is_said_and_salvaged(index: Path, sources: Path) -> None:
    before = contents(index)
    for path in index.glob(f"{LEDGER_FILE}-*"):
        path.unlink()
    ledger = index / LEDGER_FILE
    whole = ledger.read_bytes()
    page = PAGE
    salvaged = 0
    with sqlite3.connect(ledger) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'versions'").fetchone()[0]
    for damaged in range(1, len(whole) // page, 5):
        if damaged == root - 1:
            continue  # no text can be reached without it; the next test
        content = bytearray(whole)
        content[damaged * page : (damaged + 1) * page] = bytes([0xA5]) * page
        ledger.write_bytes(content)
        found = check(index, embedder=HashEmbedder)
        if found.sound:
            continue  # a page of no use to anybody
        assert check(index, repair=True, embedder=HashEmbedder).sound, damaged
        add(index, [str(sources)], embedder=HashEmbedder())
        assert [(name, text) for name, _, text, *_ in contents(index)] == [(row[0], row[2]) for row in before], damaged
        salvaged += 1
        for path in index.glob("ledger.*"):
            path.unlink()
    assert salvaged > 3


def test_a_ledger_whose_texts_can_not_be_reached_is_kept(index: Path, sources: Path) -> None:
    ledger = index / LEDGER_FILE
    for path in index.glob(f"{LEDGER_FILE}-*"):
        path.unlink()
    with sqlite3.connect(ledger) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'versions'").fetchone()[0]
    content = bytearray(ledger.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = bytes([0xA5]) * PAGE
    ledger.write_bytes(content)
    with pytest.raises(IndexDamaged) as raised:
        check(index, repair=True, embedder=HashEmbedder)
    assert "qa add the sources again" in raised.value.remedy
    assert ledger.read_bytes() == content


def test_a_ledger_that_is_no_database_is_damage_for_everyone(index: Path, sources: Path) -> None:
    for path in index.glob(f"{LEDGER_FILE}-*"):
        path.unlink()
    (index / LEDGER_FILE).write_bytes(b"not a database at all" * 500)
    with pytest.raises(IndexDamaged):
        Ledger.open(index)
    with pytest.raises(IndexDamaged):
        add(index, [str(sources)], embedder=HashEmbedder())
    assert not check(index, embedder=no_embedder).sound
    with pytest.raises(IndexDamaged) as raised:
        check(index, repair=True, embedder=no_embedder)
    assert "add" in raised.value.remedy
    assert (index / LEDGER_FILE).read_bytes().startswith(b"not a database")


def test_a_whole_ledger_survives_a_wal_of_noise(index: Path, sources: Path) -> None:
    before = contents(index)
    add(index, [str(sources)], embedder=HashEmbedder())
    for path in index.glob(f"{LEDGER_FILE}-*"):
        path.unlink()
    (index / f"{LEDGER_FILE}-wal").write_bytes(os.urandom(50_000))
    assert contents(index) == before


# --- a ledger that was emptied or cut short


def whole_file(index: Path) -> Path:
    """The ledger as one file, without what SQLite keeps beside it."""
    for path in index.glob(f"{LEDGER_FILE}-*"):
        path.unlink()
    return index / LEDGER_FILE


def everything(index: Path) -> dict[str, bytes]:
    files = (path for path in index.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(index)): path.read_bytes() for path in files}


def test_an_emptied_ledger_is_no_sound_index_and_nothing_is_touched(index: Path) -> None:
    empty(whole_file(index))
    before = everything(index)
    for repair in (False, True):
        report = check(index, repair=repair, embedder=no_embedder)
        assert not report.sound
        assert [finding.id for finding in report.remaining] == ["index.lost"]
        assert "empty" in report.remaining[0].message
        assert not report.repaired
    with pytest.raises(IndexDamaged) as raised:
        remove(index, ["article-0000.txt"])
    assert raised.value.id == "index.lost"
    assert everything(index) == before


def test_an_emptied_ledger_is_lost_even_where_the_pointer_is_damaged(index: Path) -> None:
    empty(whole_file(index))
    cut(index / POINTER_FILE)
    before = everything(index)
    assert not check(index, repair=True, embedder=no_embedder).sound
    assert everything(index) == before


def test_an_empty_ledger_that_nothing_was_stored_in_is_no_loss(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / LEDGER_FILE).touch()
    assert check(tmp_path / "new", embedder=no_embedder).sound


def test_chroma_is_never_asked_for_nothing(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = Store.vectors

    def noting(store: Store, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        asked.append(len(keys))
        return real(store, keys)

    monkeypatch.setattr(Store, "vectors", noting)
    assert check(index, embedder=no_embedder).sound
    assert asked
    assert all(asked)
    asked.clear()
    change(index, "DELETE FROM vectors")
    assert "vector.missing" in {finding.id for finding in check(index, embedder=no_embedder).findings}
    assert asked == []


@pytest.mark.parametrize(("share", "least"), [(0.99, 60), (0.5, 15)])
def test_what_is_left_of_a_ledger_that_was_cut_short_is_salvaged(
    index: Path, sources: Path, share: float, least: int
) -> None:
    write_articles(sources, 60)
    add(index, [str(sources)], embedder=HashEmbedder())
    before = {text for _, _, text, *_ in contents(index)}
    ledger = whole_file(index)
    os.truncate(ledger, int(ledger.stat().st_size * share))
    assert not check(index, embedder=no_embedder).sound
    report = check(index, repair=True, embedder=HashEmbedder)
    assert report.sound
    texts = {text for _, _, text, *_ in contents(index)}
    assert texts <= before
    assert len(texts) >= least


# --- folders that can't be an index, and things in the way in one


@pytest.mark.parametrize("name", ["x" * 300, "file", "file/below"])
def test_what_can_not_be_a_folder_is_said(tmp_path: Path, sources: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError) as raised:
        add(tmp_path / name, [str(sources)], embedder=HashEmbedder())
    assert raised.value.id == "index.bad_folder"
    assert len(raised.value.message) < 220
    with pytest.raises((UsageError, IndexMissing)):
        check(tmp_path / name, embedder=no_embedder)
    with pytest.raises((UsageError, IndexMissing)):
        Ledger.open(tmp_path / name)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_a_folder_that_the_system_does_not_let_be_made(sources: Path) -> None:
    with pytest.raises(UsageError) as raised:
        add(Path("/proc/no-index-here"), [str(sources)], embedder=HashEmbedder())
    assert raised.value.id == "index.bad_folder"


@pytest.mark.parametrize("name", ["lock", POINTER_FILE])
def test_a_folder_in_the_place_of_a_file_is_said(index: Path, name: str) -> None:
    before = contents(index)
    (index / name).unlink()
    (index / name).mkdir()
    with pytest.raises(StorageFault) as raised:
        check(index, repair=True, embedder=no_embedder)
    assert raised.value.id == "storage.misplaced"
    assert name in raised.value.message
    assert contents(index) == before


def test_a_missing_file_elsewhere_is_not_blamed_on_the_index(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), storage_faults(tmp_path / "index"):
        (tmp_path / "elsewhere").read_bytes()


def test_a_busy_ledger_says_what_to_do_and_what_was_changed(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    reading, writing = (as_fault(error, tmp_path, writing=flag) for flag in (False, True))
    assert reading is not None
    assert writing is not None
    assert reading.state == "nothing was changed"
    assert "kept" in writing.state
    assert "wait" in reading.remedy


_CHECK = """
import os, sys
from pathlib import Path
from crash_child import HashEmbedder
from qa.errors import QaError
from qa.ledger.ledger import Ledger
from qa.library.check import check
os.setgid(65534)
os.setuid(65534)
for look in (lambda: check(Path(sys.argv[1]), embedder=HashEmbedder), lambda: Ledger.open(Path(sys.argv[1]))):
    try:
        look()
    except QaError as error:
        print(error.id, int(error.code))
"""


@needs_root
def test_a_folder_without_rights_is_said_alike_by_check_and_reading(index: Path) -> None:
    for folder in index.parents:
        if folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(folder.stat().st_mode | 0o005)
    index.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", _CHECK, str(index)], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": f"{ROOT}:{CHILD.parent}", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["index.no_permission 14"] * 2, done.stderr
