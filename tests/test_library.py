"""The library's commands on real files, a real ledger and a real Chroma: add, --sync, remove, --purge, rebuild,
check.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import threading
from pathlib import Path

import pytest
from crash_child import HashEmbedder, article, contents, write_articles

from qa.errors import Exit, IndexDamaged, IndexMismatch, IndexMissing, UsageError
from qa.index.manifest import current
from qa.ingest.segment import segment
from qa.ledger.ledger import Ledger
from qa.ledger.lexical import search
from qa.library import recipe as recipes
from qa.library.add import AddReport, add
from qa.library.check import check
from qa.library.lock import index_lock
from qa.library.rebuild import rebuild
from qa.library.remove import remove


class World:
    """A folder of articles and an index, with what each command is given most often."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "sources"
        self.index = folder / "index"
        self.embedder = HashEmbedder()
        write_articles(self.sources, 6)

    def add(self, *paths: Path, sync: bool = False) -> AddReport:
        names = [str(path) for path in paths or (self.sources,)]
        return add(self.index, names, embedder=self.embedder, sync=sync)

    def ledger(self) -> Ledger:
        return Ledger.open(self.index)

    def names(self) -> list[str]:
        return sorted(str(row[0]) for row in contents(self.index))

    def sound(self) -> bool:
        return check(self.index, embedder=HashEmbedder).sound


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def counts(done: AddReport) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.unchanged, done.removed


# --- add


def test_add_then_the_same_again_embeds_and_parses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.add()
    assert counts(first) == (6, 0, 0, 0)
    assert first.embedded == world.embedder.embedded > 6
    published = current(world.index)
    monkeypatch.setattr("qa.library.batch.analyse", None)
    again = world.add()
    assert counts(again) == (0, 0, 6, 0)
    assert (again.embedded, again.skipped) == (0, ())
    assert current(world.index) == published
    assert world.sound()


def test_a_changed_file_is_a_new_version_and_its_unchanged_passages_are_not_embedded(world: World) -> None:
    world.add()
    path = world.sources / "article-0002.txt"
    path.write_text(path.read_text() + "\nA last paragraph that nobody expected was printed on Friday.\n")
    done = world.add()
    assert counts(done) == (0, 1, 5, 0)
    with world.ledger() as ledger:
        (article_id,) = ledger.find("article-0002.txt")
        old, new = ledger.article(article_id, 1), ledger.article(article_id, 2)
        assert old is not None
        assert new is not None
        assert new.text == path.read_text()
        assert new.text.startswith(old.text)
        assert old.removed
        passages = ledger.passages_of(article_id)
        assert {passage.version for passage in passages} == {2}
        assert done.embedded < len(passages) or len(passages) == 1
        assert len(search(ledger, '"nobody expected"', limit=5)) == 1
    assert world.sound()


def test_a_file_touched_back_and_forth_ends_where_it_began(world: World) -> None:
    world.add()
    path = world.sources / "article-0003.txt"
    before = path.read_text()
    path.write_text(article(999))
    assert counts(world.add()) == (0, 1, 5, 0)
    path.write_text(before)
    assert counts(world.add()) == (0, 1, 5, 0)
    with world.ledger() as ledger:
        stored = ledger.article(ledger.find("article-0003.txt")[0])
        assert stored is not None
        assert (stored.version, stored.text) == (3, before)
    assert world.sound()


def test_other_bytes_of_the_same_article_count_as_unchanged(world: World) -> None:
    world.add()
    path = world.sources / "article-0001.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = world.add()
    assert counts(done) == (0, 0, 6, 0)
    with world.ledger() as ledger:
        known = ledger.known(str(path.resolve()))
    assert known is not None
    assert known.raw_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_copy_is_kept_as_an_article_and_costs_no_embedding(world: World) -> None:
    world.add()
    (world.sources / "copy.txt").write_bytes((world.sources / "article-0001.txt").read_bytes())
    done = world.add()
    assert counts(done) == (1, 0, 6, 0)
    assert done.embedded == 0
    with world.ledger() as ledger:
        keys = ledger.keys()
        assert ledger.vectors(keys)[0] == keys
    assert world.sound()


def test_an_upgrade_reads_again_and_refreshes_only_what_comes_out_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add()
    before = contents(world.index)
    monkeypatch.setattr("qa.library.add.recipe", lambda: "newer")
    done = world.add()
    assert (counts(done), done.refreshed, done.embedded) == ((0, 0, 6, 0), 0, 0)
    monkeypatch.setattr("qa.library.add.recipe", lambda: "newest")
    monkeypatch.setattr("qa.ingest.segment.segment", lambda text, *, title="": segment(text, title=title, target=200))
    done = world.add()
    assert (counts(done), done.refreshed) == ((0, 0, 0, 0), 6)
    after = contents(world.index)
    assert [row[:3] for row in after] == [row[:3] for row in before], "same names, versions and texts"
    assert sum(int(str(row[3])) for row in after) > sum(int(str(row[3])) for row in before)


def test_the_recipe_changes_with_the_code_that_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipes.recipe.cache_clear()
    before = recipes.recipe()
    recipes.recipe.cache_clear()
    assert recipes.recipe() == before
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "__init__.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(recipes, "_ROOMS", ("room",))
    recipes.recipe.cache_clear()
    one = recipes.recipe()
    (tmp_path / "room" / "__init__.py").write_text("VALUE = 2\n")
    recipes.recipe.cache_clear()
    assert recipes.recipe() != one
    recipes.recipe.cache_clear()


def test_skips_are_reported_and_the_rest_is_added(world: World) -> None:
    (world.sources / "empty.txt").write_text(" \n")
    (world.sources / "picture.png").write_bytes(b"\x89PNG\r\n")
    (world.sources / "noise.txt").write_bytes(bytes(range(256)) * 40)
    done = world.add()
    assert counts(done) == (6, 0, 0, 0)
    assert sorted(Path(skip.identity).name for skip in done.skipped) == ["empty.txt", "noise.txt", "picture.png"]


def test_a_path_that_is_not_there_changes_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        world.add(world.sources, tmp_path / "nowhere")
    assert not world.index.exists()


def test_an_empty_folder_makes_an_empty_index(world: World, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert counts(world.add(tmp_path / "nothing")) == (0, 0, 0, 0)
    with world.ledger() as ledger:
        assert ledger.stats().articles == 0
    assert world.sound()
    assert counts(world.add()) == (6, 0, 0, 0)


def test_jsonl_lines_and_standard_input(world: World, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": f"n{number}", "title": f"Number {number}", "text": article(number)}) for number in range(3)
    ]
    file = tmp_path / "wire.jsonl"
    file.write_text("\n".join([*lines, "not json", lines[0]]))
    done = world.add(file)
    assert counts(done) == (3, 0, 0, 0)
    assert len(done.skipped) == 2
    stdin = io.BytesIO("\n".join(lines).encode())
    done = add(world.index, ["-"], embedder=world.embedder, stdin=stdin)
    assert counts(done) == (3, 0, 0, 0)
    assert done.embedded == 0
    assert world.sound()


def test_progress_ends_at_its_total(world: World) -> None:
    seen: list[tuple[int, int]] = []
    add(
        world.index,
        [str(world.sources)],
        embedder=world.embedder,
        progress=lambda done, total: seen.append((done, total)),
    )
    passages = len(all_shas(world))
    assert seen == [*((number, 6) for number in range(1, 7)), (passages, passages)]


def test_the_sources_are_listed_again_after_waiting_for_the_lock(world: World) -> None:
    said = threading.Event()
    done: list[AddReport] = []

    def run() -> None:
        done.append(
            add(world.index, [str(world.sources)], embedder=HashEmbedder(), wait=60, on_wait=lambda _: said.set())
        )

    with index_lock(world.index):
        writer = threading.Thread(target=run)
        writer.start()
        assert said.wait(30)
        write_articles(world.sources, 8)
    writer.join()
    assert counts(done[0]) == (8, 0, 0, 0)


# --- another model


def test_an_index_of_another_model_is_refused_until_rebuilt(world: World) -> None:
    world.add()
    texts = [row[:3] for row in contents(world.index)]
    other = HashEmbedder("other-model", dimension=48)
    with pytest.raises(IndexMismatch) as raised:
        add(world.index, [str(world.sources)], embedder=other)
    assert raised.value.code == Exit.INDEX_MISMATCH
    assert raised.value.remedy == "qa rebuild"
    done = rebuild(world.index, embedder=other)
    assert done.embedded == other.embedded > 0
    assert done.before == world.embedder.fingerprint
    assert [row[:3] for row in contents(world.index)] == texts
    assert counts(add(world.index, [str(world.sources)], embedder=other)) == (0, 0, 6, 0)
    assert check(world.index, embedder=HashEmbedder).sound
    with world.ledger() as ledger:
        assert ledger.model == other.fingerprint
        assert ledger.vectors(ledger.keys())[1].shape[1] == 48
    with pytest.raises(IndexMismatch):
        world.add()


def test_a_killed_rebuild_leaves_the_old_model_and_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add()
    before = contents(world.index)
    monkeypatch.setattr("qa.library.embedding.SAVE_SECONDS", 0.0)
    broken = HashEmbedder("other-model")
    monkeypatch.setattr(broken, "embed", interrupting(broken.embed, after=5))
    with pytest.raises(KeyboardInterrupt):
        rebuild(world.index, embedder=broken)
    assert contents(world.index) == before
    assert world.sound()
    fresh = HashEmbedder("other-model")
    done = rebuild(world.index, embedder=fresh)
    assert 0 < done.embedded == fresh.embedded
    assert done.embedded + 5 == len(set(all_shas(world)))


def interrupting(embed: object, *, after: int) -> object:
    calls = iter(range(after))

    def instead(text: str) -> object:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return embed(text)  # type: ignore[operator]

    return instead


def all_shas(world: World) -> list[bytes]:
    with world.ledger() as ledger:
        return [sha for article_id in ledger.article_ids() for sha in ledger.vector_shas(article_id)]


# --- sync


def test_sync_removes_what_left_the_folder_and_nothing_else(world: World, tmp_path: Path) -> None:
    write_articles(tmp_path / "other", 2, first=50)
    write_articles(tmp_path / "sources-2", 1, first=70)
    world.add(world.sources, tmp_path / "other", tmp_path / "sources-2")
    (world.sources / "article-0000.txt").unlink()
    (tmp_path / "other" / "article-0050.txt").unlink()
    assert counts(world.add()) == (0, 0, 5, 0), "without --sync nothing is removed"
    done = world.add(sync=True)
    assert counts(done) == (0, 0, 5, 1)
    assert "article-0000.txt" not in world.names()
    assert {"article-0050.txt", "article-0051.txt", "article-0070.txt"} <= set(world.names())
    assert world.sound()


def test_a_removed_article_that_comes_back_is_new(world: World) -> None:
    world.add()
    path = world.sources / "article-0000.txt"
    text = path.read_text()
    path.unlink()
    world.add(sync=True)
    path.write_text(text)
    done = world.add(sync=True)
    assert counts(done) == (1, 0, 5, 0)
    with world.ledger() as ledger:
        stored = ledger.article(ledger.find("article-0000.txt")[0])
        assert stored is not None
        assert (stored.version, stored.removed) == (2, False)


def test_sync_keeps_what_it_could_not_look_at(world: World) -> None:
    world.add()
    (world.sources / "article-0001.txt").write_bytes(b"\x00\x01" * 500)
    done = world.add(sync=True)
    assert counts(done) == (0, 0, 5, 0)
    assert len(done.skipped) == 1
    assert "article-0001.txt" in world.names()


def test_sync_of_an_emptied_folder_removes_all_and_of_a_missing_one_nothing(world: World) -> None:
    world.add()
    moved = world.sources.rename(world.sources.with_name("moved"))
    with pytest.raises(UsageError):
        world.add(sync=True)
    assert len(world.names()) == 6
    world.sources.mkdir()
    assert counts(world.add(sync=True)) == (0, 0, 0, 6)
    assert world.names() == []
    assert world.sound()
    assert counts(world.add(moved)) == (6, 0, 0, 0)


def test_sync_of_a_jsonl_file_removes_lines_that_left_it(world: World, tmp_path: Path) -> None:
    def lines(*numbers: int) -> str:
        return "".join(json.dumps({"id": str(number), "text": article(number)}) + "\n" for number in numbers)

    file = tmp_path / "wire.jsonl"
    file.write_text(lines(1, 2, 3))
    world.add(file, world.sources)
    file.write_text(lines(1, 3) + "{broken\n")
    assert counts(world.add(file, sync=True)) == (0, 0, 2, 0), "the broken line may have been the missing one"
    file.write_text(lines(1, 3))
    assert counts(world.add(file, sync=True)) == (0, 0, 2, 1)
    assert len(world.names()) == 8
    file.write_text("")
    assert counts(world.add(file, sync=True)) == (0, 0, 0, 2)
    assert len(world.names()) == 6


# --- remove


def test_a_removed_article_is_not_found_but_can_still_be_verified(world: World) -> None:
    world.add()
    with world.ledger() as ledger:
        (article_id,) = ledger.find("article-0004.txt")
        stored = ledger.article(article_id)
    assert stored is not None
    done = remove(world.index, ["article-0004.txt"])
    assert [one.article_id for one in done.removed] == [article_id]
    with world.ledger() as ledger:
        kept = ledger.article(article_id, 1)
        assert kept is not None
        assert (kept.text, kept.removed) == (stored.text, True)
        assert ledger.passages_of(article_id) == ()
        assert not search(ledger, '"Report 4"', limit=5)
    assert remove(world.index, [article_id]).already == (article_id,)
    assert world.sound()


def test_remove_takes_all_or_nothing(world: World) -> None:
    world.add()
    with pytest.raises(UsageError, match="nothing-like-it"):
        remove(world.index, ["article-0001.txt", "nothing-like-it"])
    (world.sources / "sub").mkdir()
    (world.sources / "sub" / "article-0001.txt").write_text(article(77))
    world.add()
    with pytest.raises(UsageError, match="means 2 articles"):
        remove(world.index, ["article-0002.txt", "article-0001.txt"])
    assert len(world.names()) == 7


def test_remove_needs_an_index_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        remove(tmp_path / "none", ["x"])
    assert not (tmp_path / "none").exists()


def test_purge_leaves_no_trace_in_any_file(world: World) -> None:
    secret = "Qzxbrandom"
    path = world.sources / "secret.txt"
    path.write_text(f"The {secret} memo\n\nMinister {secret} said on Monday that the vault would open.\n")
    world.add()
    path.write_text(f"The {secret} memo\n\nMinister {secret} said on Tuesday that the vault had opened.\n")
    world.add()
    assert traces(world.index, secret)
    done = remove(world.index, ["secret.txt"], purge=True)
    assert [one.purged for one in done.removed] == [True]
    assert traces(world.index, secret) == []
    assert traces(world.index, "secret.txt") == []
    assert len(world.names()) == 6
    assert world.sound()
    with world.ledger() as ledger:
        assert ledger.article(done.removed[0].article_id, 1) is None


def test_purge_erases_what_was_only_removed_before(world: World) -> None:
    (world.sources / "secret.txt").write_text("The Qzxbrandom memo\n\nNobody was to see the Qzxbrandom memo.\n")
    world.add()
    remove(world.index, ["secret.txt"])
    assert traces(world.index, "Qzxbrandom")
    assert len(remove(world.index, ["secret.txt"], purge=True).removed) == 1
    assert traces(world.index, "Qzxbrandom") == []


def test_a_killed_purge_is_finished_by_the_next_command(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (world.sources / "secret.txt").write_text("The Qzxbrandom memo\n\nNobody was to see the Qzxbrandom memo.\n")
    world.add()
    (world.sources / "secret.txt").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("qa.ledger.writer.Writer.erase_traces", interrupting(None, after=0))
        with pytest.raises(KeyboardInterrupt):
            remove(world.index, ["secret.txt"], purge=True)
    assert traces(world.index, "Qzxbrandom")
    world.add()
    assert traces(world.index, "Qzxbrandom") == []
    assert world.sound()


def test_a_purge_beside_a_reader_is_finished_later_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ledger.connection.BUSY_SECONDS", 0.1)
    (world.sources / "secret.txt").write_text("The Qzxbrandom memo\n\nNobody was to see the Qzxbrandom memo.\n")
    world.add()
    (world.sources / "secret.txt").unlink()
    with world.ledger() as reader, reader.snapshot():
        assert len(reader.article_ids()) == 7
        assert remove(world.index, ["secret.txt"], purge=True).pending
        assert len(reader.article_ids()) == 7
    world.add()
    assert traces(world.index, "Qzxbrandom") == []


def test_an_index_that_is_a_file_is_a_mistake_in_the_command(world: World) -> None:
    world.index.write_text("not a folder")
    with pytest.raises(UsageError, match="is no folder"):
        world.add()


def traces(index: Path, word: str) -> list[str]:
    """Files of the index with ``word`` in them, in any case."""
    return [
        path.name
        for path in sorted(index.rglob("*"))
        if path.is_file() and word.lower().encode() in path.read_bytes().lower()
    ]


# --- check


def test_check_of_a_sound_index_says_nothing_and_changes_nothing(world: World) -> None:
    world.add()
    before = current(world.index)
    done = check(world.index, repair=True, embedder=HashEmbedder)
    assert (done.findings, done.repaired, done.sound) == ((), (), True)
    assert current(world.index) == before


def test_check_needs_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        check(tmp_path / "none", embedder=HashEmbedder)
    assert not (tmp_path / "none").exists()


def test_a_recovered_article_gets_its_identity_back(world: World) -> None:
    world.add()
    before = contents(world.index)
    connection = sqlite3.connect(world.index / "ledger.sqlite")
    with connection:
        connection.execute("UPDATE articles SET identity = 'recovered:' || id WHERE identity LIKE '%0003.txt'")
    connection.close()
    assert world.names() != [row[0] for row in before]
    assert counts(world.add()) == (0, 0, 6, 0)
    assert contents(world.index) == before


def test_another_ledgers_file_is_damage(world: World) -> None:
    world.index.mkdir()
    (world.index / "ledger.sqlite").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4080)
    with pytest.raises(IndexDamaged):
        world.add()


def test_an_index_inside_the_folder_that_is_added_is_never_a_skip(world: World) -> None:
    world.index = world.sources / "index"
    assert world.add().skipped == ()
    again = world.add(sync=True)
    assert again.skipped == ()
    assert counts(again) == (0, 0, 6, 0)
