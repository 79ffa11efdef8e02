"""Gold sets in folders: what may stand in a file, and that what is written is read back as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.gold.schema import SCHEMA, to_document, to_item
from eval.gold.store import available, digest, load, read_set, write_imported, write_set
from eval.types import (
    AnswerPart,
    GoldSet,
    GoldSpan,
    Item,
    ItemFilters,
    Nugget,
    Split,
    Value,
    Why,
)
from qa.errors import StorageFault, UsageError

HEADER = 'name = "small"\ncorpus = "../texts"\n\n[categories]\nlocal = "about the town"\n'
PLAIN: dict[str, Any] = {
    "id": "a",
    "question": "How many?",
    "type": "quantity",
    "categories": ["local"],
    "cluster": "story",
    "split": "test",
    "answerable": True,
}
UNANSWERABLE = {**PLAIN, "answerable": False, "why": "outdated"}
SPAN = {"article": "a.md", "start": 0, "end": 4, "quote": "Two.", "sha256": "0" * 64}


def folder_of(path: Path, *lines: object, header: str = HEADER) -> Path:
    folder = path / "set"
    folder.mkdir(exist_ok=True)
    (folder / "set.toml").write_text(header, encoding="utf-8")
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    (folder / "items.jsonl").write_text(text, encoding="utf-8")
    return folder


# --- items ------------------------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
some_texts = st.lists(texts, max_size=2, unique=True).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> GoldSpan:
    quote, start = draw(texts), draw(st.integers(0, 10**6))
    placed = {"start": start, "end": start + len(quote)} if draw(st.booleans()) else {"start": 0, "end": 0}
    sha256 = draw(st.sampled_from(["", "0a" * 32])) if placed["end"] else ""
    return GoldSpan(article=draw(texts), quote=quote, prefix=draw(st.text(max_size=3)), sha256=sha256, **placed)


@st.composite
def items(draw: st.DrawFn) -> Item:
    sets = st.lists(st.lists(spans(), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
    shared = {
        "id": draw(st.from_regex(r"[a-zA-Z0-9._:-]{1,20}", fullmatch=True)),
        "question": draw(texts),
        "type": draw(st.sampled_from(["who", "list", "other"])),
        "categories": draw(some_texts),
        "cluster": draw(texts),
        "split": draw(st.sampled_from(Split)),
        "note": draw(st.text(max_size=5)),
        "filters": ItemFilters(
            source=draw(st.none() | texts), since=draw(st.none() | st.dates()), until=draw(st.none() | st.dates())
        ),
    }
    if not draw(st.booleans()):
        return Item(**shared, answerable=False, why=draw(st.sampled_from(Why)))
    return Item(
        **shared,
        answerable=True,
        answers=tuple(AnswerPart(text=text, aliases=draw(some_texts)) for text in draw(some_texts)),
        values=tuple(Value(kind="money", value="5", unit=unit, tolerance=0.5) for unit in draw(some_texts)),
        nuggets=tuple(Nugget(text=text, aliases=(), vital=draw(st.booleans())) for text in draw(some_texts)),
        forbidden=draw(some_texts),
        evidence=draw(sets),
        acceptable=draw(st.lists(spans(), max_size=2).map(tuple)),
        relevant={article: draw(st.integers(0, 3)) for article in draw(some_texts)},
        speaker=draw(texts),
        hide=draw(some_texts),
    )


@given(items())
def test_an_item_is_its_document(item: Item) -> None:
    document = to_document(item)
    assert to_item(json.loads(json.dumps(document))) == item
    assert "" not in document.values()


@given(st.lists(items(), max_size=3, unique_by=lambda item: item.id))
@settings(  # no deadline: it waits for the disk
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40, deadline=None
)
def test_a_set_that_is_written_is_read_back_in_its_order(tmp_path: Path, made: list[Item]) -> None:
    gold = GoldSet(
        name="written",
        description="d",
        corpus=str(tmp_path / "texts"),
        categories={"a b": "c"},
        items=tuple(made),
        sha256=digest(made),
        twins=False,
        licence="CC0",
    )
    write_set(tmp_path / "set", gold)
    assert read_set(tmp_path / "set") == replace(gold, folder=str(tmp_path / "set"))
    # However a program cuts lines, an item is one.
    assert len((tmp_path / "set" / "items.jsonl").read_text(encoding="utf-8").splitlines()) == len(made)


def test_the_schema_is_one_and_describes_every_field() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(Item.__dataclass_fields__)
    assert set(schema["$defs"]["span"]["properties"]) == set(GoldSpan.__dataclass_fields__)
    for name, kind in (("answers", AnswerPart), ("values", Value), ("nuggets", Nugget)):
        assert set(schema["properties"][name]["items"]["properties"]) == set(kind.__dataclass_fields__)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answerable": "yes"}, "answerable"),
        ({"colour": "red"}, "'colour' was unexpected"),
        ({"type": "how"}, "type"),
        ({"split": "train"}, "split"),
        ({"id": "a b"}, "id"),
        ({"id": "a~hidden"}, "id"),
        ({"id": "a\n"}, "id"),
        ({"question": " \n"}, "question: it is blank"),
        ({"question": "x" * 4_001}, "question"),
        ({"why": "outdated"}, "why: only an item without an answer has that"),
        ({"answerable": False}, "'why' is missing"),
        ({"answerable": False, "why": "never"}, "why"),
        ({"answerable": False, "why": "outdated", "answers": []}, "answers: only an item with an answer has that"),
        ({"answerable": False, "why": "outdated", "hide": ["a.md"]}, "hide: only an item with an answer"),
        ({"answers": ["nine"]}, "answers[0]"),
        ({"answers": [{"text": ""}]}, "answers[0].text"),
        ({"answers": [{"text": "a", "aliases": ["b", "b"]}]}, "answers[0].aliases"),
        ({"values": [{"kind": "colour", "value": "1"}]}, "values[0].kind"),
        ({"values": [{"kind": "number", "value": 1}]}, "values[0].value"),
        ({"values": [{"kind": "number", "value": "1", "tolerance": -1}]}, "values[0].tolerance"),
        ({"evidence": [[]]}, "evidence[0]"),
        ({"evidence": [{"article": "a.md", "quote": "Two."}]}, "evidence[0]"),
        ({"evidence": [[{"article": "a.md"}]]}, "evidence[0][0]: 'quote' is missing"),
        ({"evidence": [[{**SPAN, "end": 5}]]}, "evidence[0][0]: 0-5 isn't as long as its quote of 4 characters"),
        ({"evidence": [[{**SPAN, "start": True}]]}, "evidence[0][0].start"),
        ({"evidence": [[{**SPAN, "start": -1, "end": 3}]]}, "evidence[0][0].start"),
        ({"evidence": [[{**SPAN, "end": 2**41, "start": 2**41 - 4}]]}, "evidence[0][0].end"),
        ({"evidence": [[{"article": "a.md", "quote": "Two.", "start": 4}]]}, "evidence[0][0]"),
        ({"evidence": [[{"article": "a.md", "quote": "Two.", "sha256": "0" * 64}]]}, "evidence[0][0]"),
        ({"acceptable": [{**SPAN, "sha256": "0"}]}, "acceptable[0].sha256"),
        ({"relevant": {"a.md": True}}, "relevant"),
        ({"relevant": {"a.md": -1}}, "relevant"),
        ({"filters": {"since": "2025-02-30"}}, "filters.since"),
        ({"filters": {"since": "20250230"}}, "filters.since"),
        ({"filters": {"to": "2025-02-03"}}, "filters"),
    ],
)
def test_what_is_no_item_is_refused(fields: dict[str, object], said: str) -> None:
    to_item(PLAIN)
    to_item({**PLAIN, "evidence": [[SPAN]]})
    with pytest.raises(UsageError) as caught:
        to_item({**PLAIN, **fields})
    assert said in caught.value.message


@pytest.mark.parametrize("document", [None, [], "a", 3, {}])
def test_what_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(UsageError, match="the item"):
        to_item(document)


def test_offsets_written_as_10_0_are_integers() -> None:
    item = to_item({**PLAIN, "evidence": [[{**SPAN, "start": 0.0, "end": 4.0}]]})
    assert json.dumps(to_document(item)["evidence"]).count("4.0") == 0


# --- files ------------------------------------------------------------------------------------------------------------


def test_every_bad_line_is_told_with_its_number_and_the_first_one_raised(tmp_path: Path) -> None:
    line = json.dumps(PLAIN)
    bad = {
        2: "{",
        3: line.replace('"cluster": "story"', '"cluster": "story", "cluster": "other"'),
        4: line.replace('"type"', '"note": NaN, "type"'),
        5: line.replace('"test"', '"test", "values": [{"kind": "number", "value": "1", "tolerance": 1e999}]'),
        6: line.replace("How many?", "\\ud800"),
        7: "[" * 100_000,
        8: "[1]",
        9: line,
        11: json.dumps({**PLAIN, "id": "b", "split": "dev"}),
        12: line.replace('"test"', "9" * 5_000),
    }
    lines = [bad.get(number, "" if number > 1 else line) for number in range(1, 13)]
    folder = folder_of(tmp_path, *lines)
    read = load(folder)
    assert [item.id for item in read.gold.items] == ["a"]
    assert [problem.line for problem in read.problems] == sorted(bad)
    said = {problem.line: problem.message for problem in read.problems}
    assert "JSON" in said[2]
    assert said[3] == "it isn't an item: 'cluster' is given twice"
    assert said[4] == "it isn't an item: NaN is no number"
    assert said[5] == "it isn't an item: 1e999 is too large"
    assert "surrogate" in said[6]
    assert "nested" in said[7]
    assert "is not of type 'object'" in said[8]
    assert said[9] == "the id 'a' is that of line 1"
    with pytest.raises(UsageError) as caught:
        read_set(folder)
    assert caught.value.id == "gold.bad_items"
    assert "items.jsonl, line 2: " in caught.value.message
    assert f"(and {len(bad) - 1} more)" in caught.value.message


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "items.jsonl").write_bytes(json.dumps(PLAIN).encode() + b'\r\n\n{"id": "\xff"}\n')
    read = load(folder)
    assert [item.id for item in read.gold.items] == ["a"]
    assert [(problem.line, problem.message) for problem in read.problems] == [(3, "it isn't UTF-8 text: byte 8")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("name = ", "TOML"),
        ('corpus = "c"', "no 'name'"),
        ('name = "a"', "no 'corpus'"),
        ('name = "a"\ncorpus = ""', "'corpus' isn't a text"),
        ('name = 3\ncorpus = "c"', "'name' isn't a text"),
        ('name = "a"\ncorpus = "c"\ntwins = "yes"', "twins"),
        ('name = "a"\ncorpus = "c"\ncategories = ["x"]', "[categories]"),
        ('name = "a"\ncorpus = "c"\n[categories]\nx = 3', "[categories]"),
        ('name = "a"\ncorpus = "c"\nlicense = "CC0"', "unknown field 'license'"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_set(folder_of(tmp_path, PLAIN, header=header))
    assert caught.value.id == "gold.bad_set"
    assert said in caught.value.message


def test_a_set_is_found_by_name_or_folder_and_its_corpus_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, PLAIN)
    assert read_set(folder).corpus == str(tmp_path / "texts")
    monkeypatch.chdir(tmp_path)
    assert read_set("set").corpus == str(tmp_path / "texts")
    (folder / "set.toml").write_text(HEADER.replace("../texts", "/elsewhere/texts"), encoding="utf-8")
    assert read_set("set").corpus == "/elsewhere/texts"
    (folder / "items.jsonl").unlink()
    with pytest.raises(UsageError, match=r"items\.jsonl") as caught:
        read_set("set")
    assert caught.value.id == "gold.no_items"
    for name in ("nowhere", tmp_path):
        with pytest.raises(UsageError) as caught:
            read_set(name)
        assert caught.value.id == "gold.no_set"


def test_the_shipped_sets_are_sound() -> None:
    for name in available():
        assert read_set(name).items


def test_writing_keeps_what_people_wrote_in_the_header(tmp_path: Path) -> None:
    header = '# ours\nname = "small" # short\ncorpus = "../texts"\n\n[categories]\nlocal = "about the town" # or near\n'
    folder = folder_of(tmp_path, PLAIN, header=header)
    gold = read_set(folder)
    write_set(folder, gold)
    assert (folder / "set.toml").read_text(encoding="utf-8") == header
    write_set(folder, replace(gold, twins=False, corpus=str(tmp_path / "other"), source="the town"))
    written = (folder / "set.toml").read_text(encoding="utf-8")
    assert "# ours" in written
    assert "# or near" in written
    assert read_set(folder) == replace(gold, twins=False, corpus=str(tmp_path / "other"), source="the town")
    assert 'corpus = "../other"' in written


def test_an_absolute_corpus_stays_absolute(tmp_path: Path) -> None:
    header = f'name = "small"\ncorpus = "{tmp_path}/texts"\n'
    folder = folder_of(tmp_path, {**PLAIN, "categories": []}, header=header)
    write_set(folder, read_set(folder))
    assert f'corpus = "{tmp_path}/texts"' in (folder / "set.toml").read_text(encoding="utf-8")


def test_a_folder_that_cant_be_written_is_a_storage_fault_and_the_old_set_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, PLAIN)
    gold = read_set(folder)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("eval.gold.store.replace_file", full)
    with pytest.raises(StorageFault, match="No space left"):
        write_set(folder, replace(gold, items=()))
    assert read_set(folder) == gold


# --- the digest -------------------------------------------------------------------------------------------------------


def test_the_digest_is_of_the_substance() -> None:
    one = to_item({**PLAIN, "evidence": [[SPAN], [{**SPAN, "article": "b.md"}]], "answers": [{"text": "9"}]})
    other = to_item(UNANSWERABLE | {"id": "b"})
    whole = digest([one, other])
    span = one.evidence[0][0]
    moved = replace(span, start=7, end=11, prefix="x", suffix="y", sha256="1" * 64)
    for same in (
        [other, one],
        [replace(one, note="read twice"), other],
        [replace(one, evidence=((moved,), one.evidence[1])), other],
        [replace(one, evidence=one.evidence[::-1]), other],
    ):
        assert digest(same) == whole
    for different in (
        [one],
        [one, other, replace(other, id="c")],
        [replace(one, question="How many now?"), other],
        [replace(one, split=Split.CALIBRATION), other],
        [replace(one, evidence=one.evidence[:1]), other],
        [replace(one, evidence=(one.evidence[0] + one.evidence[1],)), other],
        [replace(one, evidence=((replace(span, quote="Too."),), one.evidence[1])), other],
        [replace(one, answers=(AnswerPart(text="10"),)), other],
        [replace(one, forbidden=("8",)), other],
        [replace(one, filters=ItemFilters(since=date(2025, 1, 1))), other],
        [one, replace(other, why=Why.FALSE_PREMISE)],
    ):
        assert digest(different) != whole


# --- imported ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Imported:
    gold: GoldSet
    articles: tuple[dict[str, object], ...]


def test_an_imported_set_lies_beside_its_articles(tmp_path: Path) -> None:
    from eval.corpus import read_corpus

    text = "The mill closed.\u2028It was old."
    gold = GoldSet(
        name="mills", description="", corpus="", categories={}, sha256="", items=(to_item({**PLAIN, "categories": []}),)
    )
    articles = (
        {"id": "1", "title": "Mill", "text": text, "source": "Post", "published": "2025-02-03"},
        {"id": "2", "title": "", "text": "Nothing happened.", "source": "", "published": None},
    )
    made = write_imported(tmp_path / "mills", Imported(gold, articles))
    assert made == read_set(tmp_path / "mills")
    assert made.sha256 == digest(gold.items)
    corpus = read_corpus(Path(made.corpus))
    assert list(corpus) == ["corpus.jsonl#1", "corpus.jsonl#2"]
    assert corpus["corpus.jsonl#1"].published == date(2025, 2, 3)
    assert 'corpus = "corpus.jsonl"' in (tmp_path / "mills" / "set.toml").read_text(encoding="utf-8")
