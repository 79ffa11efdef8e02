"""Whatever is wrong with a file to import is said with the file and the place; nothing else ever happens."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.importers.formats import FORMATS, write
from qa.errors import UsageError

SQUAD = {
    "version": "2",
    "data": [
        {
            "title": "Salt",
            "paragraphs": [
                {
                    "context": "Salt is mined. It is white.",
                    "qas": [
                        {"id": "a", "question": "What is mined?", "answers": [{"text": "Salt", "answer_start": 0}]},
                        {"id": "b", "question": "Who mines?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ],
}
CLAPNQ = {
    "id": "1",
    "input": "what is salt",
    "passages": [
        {"title": "Salt", "text": "It is mined . It is white . ", "sentences": ["It is mined .", "It is white ."]}
    ],
    "output": [{"answer": "White.", "selected_sentences": ["It is white ."], "meta": {}}],
}
RGB = {
    "id": 3,
    "query": "What colour is it?",
    "answer": ["white", ["pale", "Pale"]],
    "positive": ["White and pale.", "Pale. White.", "It is pale white.", "White, pale."],
    "negative": ["Nobody knows.", "Who can say?", "Ask me.", "It isn't known."],
}
CORPUS = [{"_id": "d1", "title": "Salt", "text": "Salt is mined."}, {"_id": "d2", "title": "", "text": "It is white."}]
QUERIES = [{"_id": "q1", "text": "what is mined"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n"
TEXT = "Mayor Linda Okafor said it leaks. It does."
ANN = (
    "T1\tSource 0 18\tMayor Linda Okafor\nT2\tContent 24 27;28 32\tit leaks\nE1\tAttribution:T9 Content:T2 Source:T1\n"
)
ANN = ANN.replace("24 27;28 32", "24 26;27 32")
TABLE = "question,answer,article,quote,category,aliases\nWhat?,salt,salt.txt,Salt is,x|y,NaCl\nWho?,,,,,\n"


def dumped(*documents: object) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


def put(folder: Path, format: str, **files: str | bytes) -> tuple[Path, Path | None]:
    """Files of a format with some replaced (by their names without suffix), the path to import, and a corpus."""
    whole: dict[str, dict[str, str]] = {
        "squad2": {"a.json": dumped(SQUAD)},
        "squad1": {"a.json": dumped({"data": []})},
        "clapnq": {"a.jsonl": dumped(CLAPNQ)},
        "rgb": {"a.jsonl": dumped(RGB)},
        "beir": {"corpus.jsonl": dumped(*CORPUS), "queries.jsonl": dumped(*QUERIES), "test.tsv": QRELS},
        "polnear": {"text/n.txt": TEXT, "attributions/n.ann": ANN},
        "csv": {"a.csv": TABLE, "corpus/salt.txt": "Salt is mined."},
    }
    for name, content in whole[format].items():
        path = folder / format / name
        path.parent.mkdir(parents=True, exist_ok=True)
        changed = files.get(path.stem if path.suffix != ".ann" else "ann", content)
        path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    named = {"squad2": "a.json", "squad1": "a.json", "clapnq": "a.jsonl", "rgb": "a.jsonl", "csv": "a.csv"}.get(format)
    corpus = folder / format / "corpus" if format == "csv" else None
    return folder / format / (named or "."), corpus


def outcome(folder: Path, format: str, **files: str | bytes) -> str:
    """``"imported"``, or the id of the error; any other exception, or a set that can't be read, fails the test."""
    path, corpus = put(folder, format, **files)
    imported, refusal = None, None
    try:
        imported = FORMATS[format].convert(path, corpus)
    except UsageError as error:
        refusal = error
    if refusal is not None:
        assert refusal.id.startswith("import.")
        assert str(folder) in refusal.message
        assert "\n" not in refusal.message
        return refusal.id
    assert imported is not None
    assert write(folder / f"set-{format}", imported).items == imported.gold.items
    return "imported"


def qa_of(document: Any) -> Any:
    return document["data"][0]["paragraphs"][0]["qas"]


def changed(document: Any, change: Callable[[Any], object]) -> str:
    new = copy.deepcopy(document)
    change(new)
    return dumped(new)


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"squad1"}))
def test_the_whole_files_are_imported(tmp_path: Path, format: str) -> None:
    assert outcome(tmp_path, format) == "imported"


@pytest.mark.parametrize(
    ("change", "id", "message"),
    [
        (lambda d: qa_of(d)[0]["answers"][0].update(answer_start=26), "bad_span", "answers[0]: 26-30 is outside of"),
        (lambda d: qa_of(d)[0]["answers"][0].update(answer_start=-1), "bad_span", "-1-3 is outside of its"),
        (lambda d: qa_of(d)[0]["answers"][0].update(answer_start=1), "bad_span", "'Salt' doesn't stand at 1,"),
        (lambda d: qa_of(d)[0]["answers"][0].update(answer_start=True), "bad_record", "'answer_start' isn't a whole"),
        (lambda d: qa_of(d)[0]["answers"][0].update(text=" "), "bad_record", "'text' is blank"),
        (lambda d: qa_of(d)[0].update(answers={}), "bad_record", "paragraphs[0].qas[0]: 'answers' isn't a list"),
        (lambda d: qa_of(d)[0].update(answers=["Salt"]), "bad_record", "qas[0].answers[0]: it isn't a JSON object"),
        (lambda d: qa_of(d)[0].update(is_impossible=True), "bad_record", "'is_impossible' contradicts its 'answers'"),
        (lambda d: qa_of(d)[0].update(is_impossible="no"), "bad_record", "'is_impossible' is neither true nor false"),
        (lambda d: qa_of(d)[0].update(question="w" * 4001), "bad_record", "longer than 4000 characters"),
        (lambda d: qa_of(d)[0].pop("question"), "bad_record", "it has no 'question'"),
        (lambda d: qa_of(d)[1].update(id="a"), "duplicate_id", "the id 'a' is that of data[0].paragraphs[0].qas[0]"),
        (lambda d: d["data"][0].pop("title"), "bad_record", "data[0]: it has no 'title'"),
        (lambda d: d["data"].clear(), "empty", "has no question that can be used"),
        (lambda d: d.clear(), "bad_record", "the file: it has no 'data'"),
    ],
)  # fmt: skip
def test_squad(tmp_path: Path, change: Callable[[Any], object], id: str, message: str) -> None:
    path, _ = put(tmp_path, "squad2", a=changed(SQUAD, change))
    with pytest.raises(UsageError) as caught:
        FORMATS["squad2"].convert(path)
    assert (caught.value.id, message in caught.value.message) == (f"import.{id}", True), caught.value.message
    assert repr(str(path)) in caught.value.message


@pytest.mark.parametrize(
    ("format", "files", "id", "message"),
    [
        ("rgb", {"a": dumped(RGB) + "{"}, "not_json", "line 2: it isn't JSON"),
        ("rgb", {"a": dumped(RGB, RGB)}, "duplicate_id", "line 2: the id '3:4' is that of line 1"),
        ("rgb", {"a": dumped({**RGB, "answer": [[]]})}, "bad_record", "line 1: 'answer[0]' is empty"),
        ("rgb", {"a": dumped({**RGB, "positive": ["", "a"]})}, "bad_record", "'positive[0]' is blank"),
        ("rgb", {"a": b"\xef\xbb\xbf\n \n"}, "empty", "is empty"),
        ("rgb", {"a": b"\xff\xfe{"}, "not_utf8", "isn't UTF-8 text: byte 0"),
        ("rgb", {"a": "[" * 100_000}, "not_json", "line 1: it is nested too deeply"),
        ("rgb", {"a": '{"id": ' + "9" * 5_000 + "}"}, "not_json", "line 1: it isn't JSON that can be read"),
        ("clapnq", {"a": changed(CLAPNQ, lambda d: d["output"][0].update(selected_sentences=["No ."]))}, "bad_span",
         "line 1, output[0]: the sentence 'No .' isn't one of a passage's"),
        ("clapnq", {"a": changed(CLAPNQ, lambda d: d["passages"][0]["sentences"].append("No ."))}, "bad_span",
         "line 1, passages[0]: the sentence 'No .' isn't in its text"),
        ("clapnq", {"a": dumped({**CLAPNQ, "passages": []})}, "bad_record", "line 1: it has no passage"),
        ("beir", {"test": QRELS + "q1\td1\t1\n"}, "bad_record", "line 4: query 'q1' and document 'd1' are"),
        ("beir", {"test": QRELS + "q9\td1\t1\n"}, "bad_record", "query 'q9': queries.jsonl doesn't have it"),
        ("beir", {"test": QRELS + "q1\td9\t1\n"}, "bad_record", "line 4: the corpus has no document 'd9'"),
        ("beir", {"test": QRELS + "q1\td1\n"}, "bad_record", "line 4: it has 2 columns"),
        ("beir", {"test": QRELS + "q1\td1\t.5\n"}, "bad_record", "line 4: the grade '.5' isn't a whole number"),
        ("beir", {"corpus": dumped(*CORPUS, CORPUS[0])}, "duplicate_id", "line 3: the id 'd1' is another"),
        ("beir", {"corpus": dumped({"_id": "a\tb", "text": "x"})}, "bad_id", "line 1: 'a\\tb' can't be an"),
        ("beir", {"corpus": dumped({"_id": "a", "text": "\x00" * 9})}, "bad_article", "its text can't be an article"),
        ("beir", {"queries": dumped(*QUERIES, *QUERIES)}, "duplicate_id", "line 2: the id 'q1' is that of line 1"),
        ("polnear", {"ann": ANN.replace("0 18", "0 180")}, "bad_span", "line 1: its span is outside of the text of 42"),
        ("polnear", {"ann": ANN.replace("0 18", "1 19")}, "bad_span", "line 1: 'Mayor Linda Okafor' doesn't"),
        ("polnear", {"ann": ANN.replace("0 18", "0")}, "bad_record", "line 1: it isn't an id, a name, positions"),
        ("polnear", {"ann": ANN + ANN}, "duplicate_id", "line 4: T1 is given twice"),
        ("polnear", {"ann": "E1\t"}, "bad_record", "line 1: it isn't an id and what has a part in it"),
        ("polnear", {"ann": ANN.replace("Linda ", "")}, "bad_span", "doesn't stand there, but 'Mayor Linda Okafor'"),
        ("polnear", {"ann": ""}, "empty", "has no question that can be used"),
        ("csv", {"a": TABLE.replace("Salt is", "Pepper")}, "no_quote", "line 2: 'salt.txt' doesn't have the quote"),
        ("csv", {"a": "question,answer,quote\nA?,b,Pepper\n"}, "no_quote", "line 2: no article of the corpus has"),
        ("csv", {"a": TABLE.replace("salt.txt", "b.txt")}, "no_article", "line 2: the corpus has no article 'b.txt'"),
        ("csv", {"a": TABLE.replace(",salt,", ",,")}, "bad_record", "line 2: it has no answer, but"),
        ("csv", {"a": TABLE + "Who?,me,,,,\n"}, "duplicate", "line 4: it asks what line 3 asks: 'Who?'"),
        ("csv", {"a": TABLE + "Who,me\n"}, "bad_record", "line 4: it has 2 cells, the header 6"),
        ("csv", {"a": TABLE + '"Who'}, "not_csv", "line 4: unexpected end of data"),
        ("csv", {"a": TABLE.replace("quote", "quotes")}, "bad_columns", "line 1: the column 'quotes' is none of"),
        ("csv", {"a": "question,question\n"}, "bad_columns", "line 1: the column 'question' is there twice"),
        ("csv", {"a": "question\nWhat?\n"}, "bad_columns", "line 1: there is no column 'answer'"),
        ("csv", {"a": "question,answer\n"}, "empty", "has no question that can be used"),
        ("csv", {"a": b""}, "empty", "is empty"),
        ("csv", {"a": "question,answer\n" + "x" * 200_000 + ",y\n"}, "not_csv", "line 2: field larger than"),
    ],
)  # fmt: skip
def test_others(tmp_path: Path, format: str, files: dict[str, str | bytes], id: str, message: str) -> None:
    path, corpus = put(tmp_path, format, **files)
    with pytest.raises(UsageError) as caught:
        FORMATS[format].convert(path, corpus)
    assert (caught.value.id, message in caught.value.message) == (f"import.{id}", True), caught.value.message
    assert str(tmp_path) in caught.value.message


def test_paths_that_are_not_there_or_not_one(tmp_path: Path) -> None:
    for format, id in (("squad2", "unreadable"), ("rgb", "unreadable"), ("beir", "no_qrels"), ("polnear", "no_folder")):
        for path in (tmp_path / "none", Path("a\0b")):
            with pytest.raises(UsageError) as caught:
                FORMATS[format].convert(path)
            assert caught.value.id == f"import.{id}"
    with pytest.raises(UsageError, match="Is a directory"):
        FORMATS["squad2"].convert(tmp_path)
    beir, _ = put(tmp_path, "beir")
    (beir / "test.tsv").rename(beir / "dev.tsv")
    (beir / "train.tsv").write_text(QRELS)
    with pytest.raises(UsageError, match=r"no one file of judgements: dev\.tsv, train\.tsv"):
        FORMATS["beir"].convert(beir)


# --- any damage at all ------------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    [None, True, [], {}, 0, -1, 10**30, 1.5, float("nan"), "", " ", "\ud800", "\x00", "a\tb", "x" * 600]
)
FILES: list[tuple[str, str, list[Any]]] = [
    ("squad2", "a", [SQUAD]),
    ("clapnq", "a", [CLAPNQ]),
    ("rgb", "a", [RGB, {**RGB, "id": 4}]),
    ("beir", "corpus", CORPUS),
    ("beir", "queries", QUERIES),
]
RAW = [
    *((format, name, dumped(*documents)) for format, name, documents in FILES),
    ("beir", "test", QRELS),
    ("polnear", "n", TEXT),
    ("polnear", "ann", ANN),
    ("csv", "a", TABLE),
]
FUZZED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all values in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inside for place in places(one, (*path, key)))]


@FUZZED
@given(st.sampled_from(FILES), ODD, st.data())
def test_any_value_may_be_of_any_kind(
    tmp_path: Path, file: tuple[str, str, list[Any]], odd: object, data: st.DataObject
) -> None:
    format, name, documents = file
    holder = copy.deepcopy(documents)
    *inside, last = data.draw(st.sampled_from(places(holder)[1:]))
    parent: Any = holder
    for key in inside:
        parent = parent[key]
    parent[last] = odd
    outcome(tmp_path, format, **{name: dumped(*holder)})


@FUZZED
@given(st.sampled_from(RAW), st.data())
def test_files_may_be_cut_or_overwritten_anywhere(
    tmp_path: Path, file: tuple[str, str, str], data: st.DataObject
) -> None:
    format, name, text = file
    raw = text.encode()
    at = data.draw(st.integers(0, len(raw)))
    junk = data.draw(st.binary(max_size=4))
    after = data.draw(st.sampled_from([b"", raw[at + 1 :], raw[at + len(junk) :]]))
    outcome(tmp_path, format, **{name: raw[:at] + junk + after})
