"""``qa eval gold``: what each command prints and writes, and its exit codes."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.cli.gold import app
from eval.gold.stats import Row, stats
from eval.gold.store import read_set
from eval.types import GoldSet
from qa.errors import UsageError

FLOOD = """---
title: Flood
source: Echo
---
The river rose at night. Eleven people died. It was over by dawn.
"""
COPY = "The river rose at night. The mayor wept. She blamed nobody. She blamed nobody. Some 11 died.\n"
TOLL = {
    "id": "toll",
    "question": "How many died?",
    "type": "quantity",
    "categories": ["local"],
    "cluster": "flood",
    "split": "test",
    "answerable": True,
    "answers": [{"text": "eleven"}],
    "evidence": [[{"article": "flood.md", "quote": "Eleven people died."}]],
}
SIREN = {
    "id": "siren",
    "question": "Who sounded the siren?",
    "type": "who",
    "categories": ["near-miss"],
    "cluster": "siren",
    "split": "calibration",
    "answerable": False,
    "why": "not-in-corpus",
}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Gold = Callable[..., Ran]


@pytest.fixture
def gold() -> Gold:
    """Run a command as ``qa`` does, which turns the errors that it raises into exit codes."""

    def run(*args: str | Path) -> Ran:
        ran = CliRunner().invoke(app, [str(arg) for arg in args], standalone_mode=False, catch_exceptions=False)
        return Ran(ran.return_value, ran.stdout, ran.stderr)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two items, as somebody drafted it."""
    texts, folder = tmp_path / "texts", tmp_path / "set"
    texts.mkdir()
    folder.mkdir()
    (texts / "flood.md").write_text(FLOOD, encoding="utf-8")
    (texts / "copy.md").write_text(COPY, encoding="utf-8")
    header = 'name = "small"\ncorpus = "../texts"\n\n[categories]\nlocal = "near"\nnear-miss = "nearly"\n'
    (folder / "set.toml").write_text(header, encoding="utf-8")
    write(folder, TOLL, SIREN)
    return folder


def write(folder: Path, *items: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return folder


def other(folder: Path, *items: dict[str, Any]) -> Path:
    """A second set beside ``folder``."""
    made = write(folder.with_name("other"), *items)
    (made / "set.toml").write_bytes((folder / "set.toml").read_bytes())
    return made


# --- lint and check ---------------------------------------------------------------------------------------------------


def test_lint_says_what_it_found_and_fails_on_errors_alone(gold: Gold, folder: Path) -> None:
    ran = gold("lint", folder)
    assert (ran.code, ran.out) == (0, "small: 2 items; errors: 0, warnings: 0\n")
    write(folder, TOLL)
    ran = gold("lint", folder)
    assert ran.code == 2
    assert ran.out.splitlines() == [
        "error    no item is of the category 'near-miss' that set.toml describes category.unused",
        "warning  0 of 1 items (0%) have no answer; 30% are wanted share.unanswerable",
        "small: 1 items; errors: 1, warnings: 1",
    ]
    write(folder, TOLL, SIREN, {**TOLL, "colour": "red", "id": "x"}, {**TOLL, "id": "y", "question": "What else?"})
    ran = gold("lint", folder, "--json")
    assert ran.code == 2
    assert (ran.json["errors"], ran.json["warnings"], ran.json["items"]) == (1, 0, 3)
    (finding,) = ran.json["findings"]
    assert (finding["rule"], finding["level"]) == ("schema", "error")
    assert finding["message"].startswith("line 3: ")
    assert "'colour' was unexpected" in finding["message"]


def test_check_writes_only_when_asked_and_keeps_the_order(gold: Gold, folder: Path) -> None:
    before = (folder / "items.jsonl").read_bytes()
    ran = gold("check", folder)
    assert ran.code == 0
    assert "1 spans have no position yet" in ran.out
    assert (folder / "items.jsonl").read_bytes() == before
    ran = gold("check", folder, "--write", "--json")
    assert (ran.code, ran.json["findings"]) == (0, [])
    assert ran.json["spans"] == {"exact": 0, "placed": 1, "moved": 0, "refreshed": 0, "quarantined": 0}
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [item["id"] for item in items] == ["toll", "siren"]
    assert items[1] == SIREN
    (span,) = items[0]["evidence"][0]
    assert (span["start"], span["end"], len(span["sha256"])) == (FLOOD.index("Eleven") - FLOOD.index("The"), 44, 64)
    assert gold("check", folder).out.endswith("spans: 1 exact, 0 placed, 0 moved, 0 refreshed, 0 quarantined\n")


def test_check_fails_where_a_span_is_gone(gold: Gold, folder: Path) -> None:
    gold("check", folder, "--write")
    written = (folder / "items.jsonl").read_bytes()
    flood = folder.parent / "texts" / "flood.md"
    flood.write_text(FLOOD.replace("Eleven", "Twelve"), encoding="utf-8")
    ran = gold("check", folder, "--write")
    assert ran.code == 2
    assert "toll: flood.md: 'Eleven people died.': its quote isn't in the article any more" in ran.out
    assert (folder / "items.jsonl").read_bytes() == written


def test_a_bad_set_is_refused_by_every_other_command(gold: Gold, folder: Path) -> None:
    write(folder, TOLL, {**TOLL, "id": "x", "type": "how"})
    for args in (["check"], ["stats"], ["diff", folder], ["new", "--question", "What?", "--split", "test"]):
        with pytest.raises(UsageError) as caught:
            gold(args[0], folder, *args[1:])
        assert caught.value.id == "gold.bad_items"
        assert caught.value.remedy == f"qa eval gold lint {folder}"


# --- stats ------------------------------------------------------------------------------------------------------------


def test_stats_counts_items_by_their_parts(folder: Path) -> None:
    counted = stats(read_set(folder))
    assert (counted.clusters, counted.alternatives, counted.spans) == (2, 1, 1)
    assert [(row.kind, row.name, row.items) for row in counted.rows] == [
        ("all", "small", 2),
        ("split", "calibration", 1),
        ("split", "test", 1),
        ("type", "quantity", 1),
        ("type", "who", 1),
        ("category", "local", 1),
        ("category", "near-miss", 1),
        ("why", "not-in-corpus", 1),
        ("cluster", "flood", 1),
        ("cluster", "siren", 1),
    ]
    assert counted.rows[0] == Row(
        kind="all", name="small", items=2, answerable=1, unanswerable=1, calibration=1, test=1
    )


def test_stats_prints_lines_into_a_pipe_and_json(gold: Gold, folder: Path) -> None:
    lines = gold("stats", folder).out.splitlines()
    assert lines[0] == "small: 2 clusters, 1 evidence sets, 1 spans"
    assert lines[1].split() == ["part", "name", "items", "answerable", "unanswerable", "calibration", "test"]
    assert lines[2].split() == ["all", "small", "2", "1", "1", "1", "1"]
    assert len(lines) == 12
    assert gold("stats", folder, "--json").json["rows"][0]["items"] == 2


def test_stats_prints_a_table_on_a_terminal(folder: Path) -> None:
    """The real thing: a child whose stdout is a terminal."""
    code = f"import sys; sys.argv = ['x', 'stats', {str(folder)!r}]; from eval.cli.gold import app; app()"
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", COLUMNS="100")
        os.execv(sys.executable, [sys.executable, "-c", code])
    shown = b""
    try:
        while piece := os.read(terminal, 65_536):
            shown += piece
    except OSError:  # Linux: the child is gone
        pass
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0
    rows = [line.split() for line in shown.decode().splitlines()]
    assert ["split", "calibration", "1", "0", "1", "1", "0"] in rows
    # The kind is named once.
    assert ["test", "1", "1", "0", "0", "1"] in rows
    assert b"\x1b[1m" in shown


# --- diff -------------------------------------------------------------------------------------------------------------


def test_diff_tells_substance_from_places_and_notes(gold: Gold, folder: Path) -> None:
    same = other(folder, SIREN, TOLL)
    ran = gold("diff", folder, same)
    assert (ran.code, ran.out) == (0, "the same in substance\n")
    gold("check", same, "--write")
    write(folder, TOLL, SIREN)
    ran = gold("diff", folder, same, "--json")
    assert ran.code == 0
    assert ran.json["difference"]["reanchored"] == ["toll"]
    noted = other(folder, {**TOLL, "note": "read twice"}, SIREN)
    assert gold("diff", folder, noted, "--json").json["difference"]["noted"] == ["toll"]


def test_diff_names_the_fields_that_changed(gold: Gold, folder: Path) -> None:
    changed = {**TOLL, "answers": [{"text": "eleven", "aliases": ["11"]}], "forbidden": ["nine"], "note": "n"}
    new = other(folder, changed, {**SIREN, "id": "bell"})
    ran = gold("diff", folder, new)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "added        bell",
        "removed      siren",
        "changed      toll  answers, forbidden",
    ]
    found = gold("diff", folder, new, "--json").json
    assert found["same"] is False
    assert found["difference"]["changed"] == [{"id": "toll", "fields": ["answers", "forbidden"]}]


# --- new --------------------------------------------------------------------------------------------------------------

WEPT = ["--question", "Who cried?", "--category", "local", "--cluster", "flood", "--answer", "the mayor|mayor"]


def test_new_appends_an_anchored_item(gold: Gold, folder: Path) -> None:
    ran = gold("new", folder, *WEPT, "--quote", "The mayor wept.", "--type", "who")
    assert (ran.code, ran.out) == (0, "added who-cried; small has 3 items\n")
    made: GoldSet = read_set(folder)
    item = made.items[-1]
    assert [one.id for one in made.items] == ["toll", "siren", "who-cried"]
    assert (item.split, item.cluster, item.answers[0].wordings) == ("test", "flood", ("the mayor", "mayor"))
    (span,) = item.evidence[0]
    assert (span.article, span.start, span.end) == ("copy.md", 25, 40)
    assert COPY[25:40] == "The mayor wept."
    assert gold("lint", folder).code == 0


def test_new_makes_sets_alternatives_values_and_nuggets(gold: Gold, folder: Path) -> None:
    ran = gold(
        "new", folder, "--dry-run", "--question", "What happened at night?", "--split", "test", "--id", "night",
        "--category", "local", "--vital", "died", "--nugget", "over by dawn|by dawn",
        "--value", "number:11:people:0.1", "--forbidden", "at noon", "--hide", "copy.md", "--speaker", "Anke Müller",
        "--quote", "flood.md::Eleven people died.", "--quote", "The mayor wept.",
        "--alternative", "copy.md::Some 11 died.", "--acceptable", "It was over by dawn.", "--note", "n",
    )  # fmt: skip
    assert ran.code == 0
    made = ran.json
    assert [[span["article"] for span in spans] for spans in made["evidence"]] == [
        ["flood.md", "copy.md"],
        ["copy.md"],
    ]
    assert made["nuggets"] == [
        {"text": "died", "vital": True},
        {"text": "over by dawn", "aliases": ["by dawn"]},
    ]
    assert made["values"] == [{"kind": "number", "value": "11", "unit": "people", "tolerance": 0.1}]
    assert made["acceptable"][0]["quote"] == "It was over by dawn."
    assert (made["cluster"], made["hide"], made["forbidden"]) == ("night", ["copy.md"], ["at noon"])
    assert len(read_set(folder).items) == 2


def test_new_without_an_answer(gold: Gold, folder: Path) -> None:
    asked = ["--question", "Who sounded the bell?", "--cluster", "siren", "--category", "near-miss"]
    assert gold("new", folder, *asked, "--unanswerable", "false-premise", "--json").json["why"] == "false-premise"
    with pytest.raises(UsageError, match="answers: only an item with an answer"):
        gold("new", folder, *asked[:-2], "--id", "x", "--unanswerable", "outdated", "--answer", "nobody")


def test_new_warns_of_copies(gold: Gold, folder: Path) -> None:
    asked = [*WEPT[:-1], "river", "--quote", "The river rose at night."]
    ran = gold("new", folder, *asked, "--article", "flood.md")
    assert ran.code == 0
    assert "warning: 'The river rose at night.' also stands in copy.md at 0" in ran.err


@pytest.mark.parametrize(
    ("args", "id", "said"),
    [
        (["--quote", "The mayor wept.", "--id", "toll"], "gold.duplicate", "an item 'toll' already"),
        (["--quote", "The mayor wept.", "--question", "how many died"], "gold.bad_item", "it asks what toll asks"),
        (["--quote", "The mayor slept."], "gold.bad_quote", "in no article"),
        (["--quote", "The river rose at night."], "gold.bad_quote", "in 2 articles: copy.md, flood.md"),
        (["--quote", "She blamed nobody."], "gold.bad_quote", "2 times"),
        (["--quote", "The mayor"], "gold.bad_item", "isn't whole sentences; that would be 'The mayor wept.'"),
        (["--quote", "It was over by dawn."], "gold.bad_item", "no wording of the answer 'the mayor'"),
        (["--quote", "The mayor wept.", "--article", "gone.md"], "gold.no_article", "'gone.md'"),
        (["--quote", "The mayor wept.", "--article", "a", "--article", "b"], "gold.bad_quote", "2 articles for 1"),
        (["--article", "copy.md"], "gold.bad_quote", "1 articles for 0 quotes"),
        (["--quote", "The mayor wept.", "--value", "money"], "gold.bad_value", "KIND:VALUE"),
        (["--quote", "The mayor wept.", "--value", "money:5:Cr"], "gold.bad_item", "the money '5' isn't in"),
        (["--quote", "The mayor wept.", "--category", "sport"], "gold.bad_item", "doesn't describe the category"),
        (["--quote", "The mayor wept.", "--cluster", "new"], "gold.no_split", "'new'"),
        (["--quote", "The mayor wept.", "--split", "calibration"], "gold.bad_item", "in both splits"),
        (["--quote", "The mayor wept.", "--type", "how"], "gold.bad_item", "type"),
        (["--quote", "The mayor wept.", "--forbidden", "mayor"], "gold.bad_item", "forbidden"),
        ([], "gold.bad_item", "neither evidence nor relevant articles"),
    ],
)
def test_new_refuses_what_isnt_sound_and_leaves_the_set_alone(
    gold: Gold, folder: Path, args: list[str], id: str, said: str
) -> None:
    before = (folder / "items.jsonl").read_bytes()
    with pytest.raises(UsageError) as caught:
        gold("new", folder, *WEPT, *args)
    assert caught.value.id == id
    assert said in caught.value.message
    assert (folder / "items.jsonl").read_bytes() == before


# --- import -----------------------------------------------------------------------------------------------------------


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Flood",
            "paragraphs": [
                {
                    "context": "The river rose at night. Eleven people died.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "How many died?",
                            "is_impossible": False,
                            "answers": [{"text": "Eleven", "answer_start": 25}],
                        },
                        {"id": "2", "question": "Who wept?", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        }
    ],
}


def test_import_makes_a_set_and_says_what_is_in_it(gold: Gold, tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    out = tmp_path / "out"
    ran = gold("import", "squad2", tmp_path / "dev.json", out)
    assert (ran.code, ran.out) == (0, f"{out}: 2 items, 1 unanswerable, 1 articles, 0 quarantined\n")
    assert read_set(out).corpus == str(out / "corpus.jsonl")
    assert [span.quote for span in read_set(out).items[0].evidence[0]] == ["Eleven people died."]
    assert gold("lint", out).code == gold("check", out).code == 0


def test_import_takes_a_corpus_where_the_format_brings_none(gold: Gold, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "asked.csv").write_text("question,answer\nWho wept?,the mayor\n", encoding="utf-8")
    ran = gold("import", "csv", tmp_path / "asked.csv", tmp_path / "out", "--corpus", folder.parent / "texts", "--json")
    assert ran.code == 0
    assert (ran.json["items"], ran.json["articles"]) == (1, 2)
    assert read_set(tmp_path / "out").corpus == str(folder.parent / "texts")


def test_import_refuses_unknown_formats_and_folders_that_hold_something(gold: Gold, folder: Path) -> None:
    with pytest.raises(UsageError, match="'big' is none of the formats squad1, ") as caught:
        gold("import", "big", "source.json", "out")
    assert caught.value.id == "import.no_format"
    with pytest.raises(UsageError) as caught:
        gold("import", "squad2", "source.json", folder)
    assert caught.value.id == "gold.exists"
    assert read_set(folder).name == "small"
