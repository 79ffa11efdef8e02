"""Attributions, retrieval sets and tables become gold sets, and are kept in a cache."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing import made, quotes, written

from eval.importers.cached import imported_set, is_reference
from eval.importers.formats import FORMATS
from eval.importers.names import full_name
from eval.types import Why
from qa.errors import UsageError

# --- PolNeAR ----------------------------------------------------------------------------------------------------------

REPORT = (
    "Mayor Linda Okafor said the port will close. “It leaks,” Okafor said. She said it is old. "
    "Supporters of Okafor said they doubt it. Anna Perry and John Perry said they had fears. "
    "Anna Perry said it leaked. John Perry said it held. Mr. Perry said he was sorry."
)


def brat(text: str, *events: tuple[str, str, str]) -> str:
    """Attributions of (source, cue, content); content's pieces have ``|`` between them."""
    lines = []
    for number, (source, cue, content) in enumerate(events):
        pieces = content.split("|")
        at = text.index(pieces[0])
        where = ";".join(f"{text.index(piece, at)} {text.index(piece, at) + len(piece)}" for piece in pieces)
        start = text.index(f"{source} {cue}")
        lines += [
            f"T{number * 2}\tSource {start} {start + len(source)}\t{source}",
            f"T{number * 2 + 1}\tContent {where}\t{' '.join(pieces)}",
            f"E{number}\tAttribution:T99 Content:T{number * 2 + 1} Source:T{number * 2}",
        ]
    return "\n".join([*lines, "#1\tAnnotatorNotes T1\tsure"])


def test_polnear(tmp_path: Path) -> None:
    events = [
        ("Mayor Linda Okafor", "said", "the port|close"),
        ("Okafor", "said", "“It leaks,”"),
        ("She", "said", "it is old"),
        ("Supporters of Okafor", "said", "they doubt it"),
        ("Anna Perry and John Perry", "said", "they had fears"),
        ("Anna Perry", "said it leaked", "it leaked"),
        ("John Perry", "said it held", "it held"),
        ("Mr. Perry", "said", "he was sorry"),
    ]
    for folder, name, content in (
        ("text", "post_2016-09-12_port.txt", REPORT),
        ("attributions", "post_2016-09-12_port_0a1b.ann", brat(REPORT, *events)),
        ("attributions", "post_2016-09-12_port_ffff.ann", ""),
    ):
        (tmp_path / "dev" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "dev" / folder / name).write_text(content, encoding="utf-8")
    gold, corpus = made(tmp_path, "polnear", tmp_path)
    item, *perrys = gold.items  # "She" may be anybody
    (article,) = corpus.values()
    assert (item.question, item.speaker, item.type) == ("What did Linda Okafor say?", "Linda Okafor", "statement")
    assert quotes(item) == [["Mayor Linda Okafor said the port will close."], ["“It leaks,” Okafor said."]]
    # Not what both said together, nor what one of the two said who isn't named in full.
    assert [quotes(perry) for perry in perrys] == [[["Anna Perry said it leaked."]], [["John Perry said it held."]]]
    assert (str(article.published), item.filters.source) == ("2016-09-12", article.source)
    assert "1 annotations of a text by a second annotator" in gold.description


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("House Speaker Mary B. Stone (R-Wis.)", "Mary B. Stone"),
        ("Arthur Doe Jr., a farmer of Dole", "Arthur Doe"),
        ("Linda Okafor’s lawyer Peter Moss", "Peter Moss"),
        ("Charlotte Mayor Jennifer Okafor", "Jennifer Okafor"),
        ("a lawyer for Peter Moss", ""),
        ("Peter Moss and Jane Moss", ""),
        ("Peter Moss, a painter, and Jane Moss", ""),
        ("a Peter Moss pamphlet", ""),
        ("The Charlotte Observer", ""),
        ("Peter Moss’s", ""),
        ("Mr. Moss", ""),
        ("Moss", ""),
        ("he", ""),
        ("", ""),
    ],
)
def test_full_names(source: str, name: str) -> None:
    assert full_name(source) == name


# --- BEIR -------------------------------------------------------------------------------------------------------------


def test_beir(tmp_path: Path) -> None:
    documents = [
        {"_id": "a 1", "title": "Yeast", "text": "Yeast grows.\r\nFast."},
        {"_id": "b", "title": "Only a title", "text": ""},
        {"_id": "c", "title": "", "text": " "},
        {"_id": "d", "text": "Yeast grows.\nFast."},
    ]
    written(tmp_path, "corpus.jsonl", *documents)
    written(tmp_path, "queries.jsonl", *({"_id": id, "text": f"question {id}"} for id in ("q1", "q2", "q/3")))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text("q2\ta 1\t1\n")
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ta 1\t2\nq1\tb\t-1\nq2\td\t0\nq/3\tc\t1\r\nq/3\td\t1\n"
    )
    gold, corpus = made(tmp_path, "beir", tmp_path)
    assert set(corpus) == {"corpus.jsonl#a 1", "corpus.jsonl#b", "corpus.jsonl#d"}
    first, third = gold.items
    assert first.relevant == {"corpus.jsonl#a 1": 2, "corpus.jsonl#b": 0}
    assert third.relevant == {"corpus.jsonl#d": 1}
    assert third.id.startswith("q-3-")
    assert not any(item.graded or item.evidence for item in gold.items)
    assert "1 of 3 queries, which test.tsv gives no relevant document; 1 documents without text" in gold.description
    dev, _ = made(tmp_path / "dev", "beir", tmp_path / "qrels" / "dev.tsv")
    assert [item.id for item in dev.items] == ["q2"]


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "port.txt").write_text("The port closed in May. It leaked for years.\n\nThe port reopened.\n")
    (folder / "copy.txt").write_text("As said before: the port closed in May. Nobody minded.\n")
    return folder


def test_csv(tmp_path: Path, articles: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "Question;answer;article;quote;category;aliases\n"
        "When did the port close?;May;;the port closed in May;port|dates;in May|month of May\n"
        'Why?;"it\nleaked";port.txt;leaked for;port;\n'
        "Did it reopen?;yes;port.txt;;;\n\n"
        "Who paid?;;;;;\n"
        "Is “é” read?;yes;;;;\n",
        encoding="utf-16",
    )
    gold, corpus = made(tmp_path, "csv", path, articles)
    when, why, reopened, paid, read = gold.items
    # No article is named, so it is looked for in all, whatever its case.
    assert quotes(when) == [["As said before: the port closed in May."], ["The port closed in May."]]
    assert when.answers[0].wordings == ("May", "in May", "month of May")
    assert when.categories == ("port", "dates")
    assert quotes(why) == [["It leaked for years."]]
    assert (reopened.evidence, reopened.relevant) == ((), {"port.txt": 1})
    assert (paid.answerable, paid.why) == (False, Why.NOT_IN_CORPUS)
    assert read.question == "Is “é” read?"
    assert (Path(gold.corpus), len(corpus)) == (articles, 2)
    assert not (tmp_path / "set-csv" / "corpus.jsonl").exists()


def test_csv_needs_a_corpus_and_others_bring_theirs(tmp_path: Path, articles: Path) -> None:
    with pytest.raises(UsageError, match="no articles") as caught:
        FORMATS["csv"].convert(tmp_path / "a.csv")
    assert (caught.value.id, caught.value.remedy) == ("import.no_corpus", "name them: --corpus DIR")
    with pytest.raises(UsageError, match="its own articles"):
        FORMATS["rgb"].convert(tmp_path / "a.jsonl", articles)


# --- kept in the cache ------------------------------------------------------------------------------------------------


def test_a_set_is_converted_once_for_the_same_files(tmp_path: Path, articles: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\nWhen?,May\n")
    cache = tmp_path / "cache"
    folder = imported_set(f"csv:{path}", cache, articles)
    (folder / "note").touch()
    assert imported_set(f"csv:{path}", cache, articles) == folder
    assert (folder / "note").exists()
    (articles / "port.txt").write_text("Something else.\n")
    other = imported_set(f"csv:{path}", cache, articles)
    path.write_text("question,answer\nWhen?,June\n")
    assert len({folder, other, imported_set(f"csv:{path}", cache, articles)}) == 3
    assert {one.suffix for one in (cache / "sets").iterdir()} == {"", ".lock"}


SQUAD = {
    "data": [
        {
            "title": "Salt",
            "paragraphs": [
                {
                    "context": "Salt is white.",
                    "qas": [
                        {"id": "a", "question": "What is white?", "answers": [{"text": "Salt", "answer_start": 0}]}
                    ],
                }
            ],
        }
    ]
}


def test_a_set_that_was_cut_off_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.json", SQUAD)
    monkeypatch.setenv("QA_EVAL_CACHE", str(tmp_path / "cache"))
    folder = imported_set(f"squad1:{path}")
    assert folder.parent == tmp_path / "cache" / "sets"
    (folder / "set.toml").unlink()
    (folder.with_name(f"{folder.name}.half")).mkdir()
    assert imported_set(f"squad1:{path}") == folder
    assert sorted(one.name for one in folder.iterdir()) == ["corpus.jsonl", "items.jsonl", "set.toml"]
    with pytest.raises(UsageError):
        imported_set(f"squad2:{tmp_path}/none.json")


def test_references() -> None:
    assert is_reference("squad2:a.json")
    assert not any(map(is_reference, ("newsroom", "./squad2", "C:/sets", "squad2")))
    with pytest.raises(UsageError, match="none of the formats squad1, squad2") as caught:
        imported_set("squad:a.json")
    assert caught.value.id == "import.no_format"
    with pytest.raises(UsageError, match="names no path"):
        imported_set("squad2:")
