"""``python -m eval.bench reader``: every row measures what it says, by a reader whose answers are known."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reading_scorer import ReadingScorer

from eval.bench import reader_clapnq, reader_cost, reader_news, reader_rgb, reader_scifact, reader_squad
from eval.bench.__main__ import main as bench
from eval.bench.reader import ROWS, Squad, main, table
from eval.bench.reader_kit import Kept, Kit, collection, forced, load, most_similar, spread, whole
from eval.bench.reader_squad import Answered, Asked, Fold, best_threshold, whole_f1
from eval.bench.reader_table import Bars, Line, auroc, header, mean
from qa.answer.weights import shipped_weights
from qa.errors import UsageError
from qa.models.embedder import MiniLM
from qa.models.reader.passage import Found, Pointed, ReaderPassage
from qa.models.reader.reader import Reader, shipped_reader
from qa.types import Draft, Filters, Hit, Span

TOWER = "The Marlow tower was built in 1931. It is 80 metres high. Its bell was cast in Dunmore by Ada Reyes."
FERRY = "The ferry to Skell leaves at nine. It carries forty cars. The crossing takes two hours in summer."
_WORD = re.compile(r"\w+")
_COMMON = frozenset(("the", "a", "in", "of", "is", "was", "what", "when", "who", "how", "did", "does", "it", "its"))


class Overlap:
    """A reader that goes by the words that a passage shares with the question."""

    def __init__(self, shift: float = 0.0) -> None:
        self.shift = shift
        self.asked: list[str] = []

    def read(self, question: str, passage: ReaderPassage) -> Found:
        self.asked.append(question)
        wanted = words(question)
        shares = [len(wanted & words(passage.text[start:end])) / len(wanted) for start, end in passage.sentences]
        best = max(range(len(shares)), key=lambda place: shares[place])
        start, end = passage.sentences[best]
        odds = 8 * len(wanted & words(passage.text)) / len(wanted) - 4
        span = Pointed(start=start, end=end, margin=odds + self.shift)
        return Found(answerable=odds, spans=(span,), evidence=tuple(8 * share - 4 for share in shares), cut=False)

    def read_many(self, question: str, passages: Sequence[ReaderPassage]) -> Iterator[Found]:
        return (self.read(question, passage) for passage in passages)


class Known:
    """A reader that knows its answers: by question the wording that it points at, its margin, its log-odds."""

    def __init__(self, answers: Mapping[str, tuple[str, float, float]]) -> None:
        self.answers = answers

    def read(self, question: str, passage: ReaderPassage) -> Found:
        wording, margin, answerable = self.answers[question]
        start = passage.text.index(wording)
        span = Pointed(start=start, end=start + len(wording), margin=margin)
        evidence = tuple(9.0 if first <= start < last else -9.0 for first, last in passage.sentences)
        return Found(answerable=answerable, spans=(span,), evidence=evidence, cut=False)


def words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)} - _COMMON


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM.load()


@pytest.fixture
def kit(tmp_path: Path, embedder: MiniLM) -> Kit:
    """The rows over a few made-up texts in the layout of the development data, with the reader that goes by words."""
    data, work = tmp_path / "data", tmp_path / "work"
    work.mkdir()
    write_data(data)
    reader = Overlap()
    return Kit(
        data=data,
        work=work,
        embedder=Kept(embedder),
        reader=reader,
        scorer=lambda threshold: ReadingScorer(reader, threshold=threshold),
        threshold=0.5,
    )


def write_data(data: Path) -> None:
    def put(place: str, *records: object) -> None:
        path = data / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")

    put("squad2/dev-8-titles.json", {"data": [squad_title("Marlow_tower", TOWER), squad_title("Ferry", FERRY)]})
    put("clapnq/dev_answerable_150.jsonl", clapnq("1", "how high is the Marlow tower", TOWER, selected=[1]))
    put("clapnq/dev_unanswerable_150.jsonl", clapnq("2", "who owns the Skell lighthouse", FERRY, selected=[]))
    fillers = [f"The museum of {name} is closed on Mondays." for name in ("Ostrin", "Velm", "Tarn", "Brask")]
    positives = [f"{TOWER} {filler}" for filler in fillers]
    put(
        "rgb/en_150.jsonl",
        {
            "id": 0,
            "query": "When was the Marlow tower built?",
            "answer": [["1931"]],
            "positive": positives,
            "negative": [FERRY, *fillers],
        },
    )
    put(
        "scifact/corpus.jsonl",
        {"_id": "10", "title": "Marlow", "text": TOWER},
        {"_id": "11", "title": "Skell", "text": FERRY},
    )
    put("scifact/queries.jsonl", {"_id": "1", "text": "The ferry carries forty cars"})
    (data / "scifact" / "train.tsv").write_text("query-id\tcorpus-id\tscore\n1\t11\t1\n", encoding="utf-8")
    (data / "article").mkdir()
    (data / "article" / "alibaba-global-hiring.txt").write_text(f"A tower\n\n{TOWER}\n", encoding="utf-8")


def squad_title(title: str, context: str) -> dict[str, object]:
    answerable = {"Marlow_tower": ("When was the tower built?", "1931"), "Ferry": ("When does it leave?", "at nine")}
    question, wording = answerable[title]
    gold = {"text": wording, "answer_start": context.index(wording)}
    asked = [
        {"id": f"{title}-1", "question": question, "is_impossible": False, "answers": [gold, gold]},
        {"id": f"{title}-2", "question": f"Who painted the {title}?", "is_impossible": True, "answers": []},
    ]
    return {"title": title, "paragraphs": [{"context": context, "qas": asked}]}


def clapnq(id: str, question: str, text: str, *, selected: list[int]) -> dict[str, object]:
    sentences = [f"{part.strip()}" for part in re.findall(r"[^.]+\.", text)]
    chosen = [{"answer": "x", "selected_sentences": [sentences[place] for place in selected]}]
    return {
        "id": id,
        "input": question,
        "passages": [{"title": "", "text": text, "sentences": sentences}],
        "output": chosen,
    }


def by_name(lines: Iterator[Line] | list[Line]) -> dict[str, Line]:
    return {line.what: line for line in lines}


# --- the table


@pytest.mark.parametrize(
    "arguments",
    [["--sample", "-3"], ["--threshold", "nan"], ["--threshold", "5"], ["--margin", "nan"], ["--margin", "inf"]],
)
def test_numbers_that_measure_nothing_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.parametrize("folds", [["x:Force"], ["x:Force", "x:Force"], ["x:Force,Force", "x:Huguenot"]])
def test_folds_are_two_with_each_title_once(
    folds: list[str], data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_DATA", str(data))
    there = [one.replace("x:", f"{shipped_reader()}:") for one in folds]
    assert main(["--only", "squad", *[part for one in there for part in ("--fold", one)]]) == 2
    assert "bench.bad_fold" in capsys.readouterr().err


def test_a_cache_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.npz").write_bytes(b"no zip")
    with pytest.raises(UsageError) as caught:
        Kept(MiniLM.load(), tmp_path / "c.npz")
    assert caught.value.id == "bench.bad_cache"


@pytest.mark.parametrize(
    ("value", "bars", "verdict"),
    [
        (0.7, Bars(bar=0.7, aim=0.8), "met"),
        (0.69, Bars(bar=0.7, aim=0.8), "MISSED"),
        (0.8, Bars(bar=0.7, aim=0.8), "met, aim"),
        (0.7, Bars(bar=0.7, strict=True), "MISSED"),
        (0.71, Bars(bar=0.7, strict=True), "met"),
        (1.2, Bars(bar=1.2, lower=True), "met"),
        (1.3, Bars(bar=1.2, lower=True), "MISSED"),
        (140.0, Bars(bar=250, aim=150, lower=True), "met, aim"),
        (0.4, Bars(bar=0.4, lower=True, strict=True), "MISSED"),
        (0.7, Bars(floor=0.6), ""),
        (math.nan, Bars(bar=0.7), ""),
    ],
)
def test_what_is_met(value: float, bars: Bars, verdict: str) -> None:
    assert bars.verdict(value) == verdict


def test_a_line_has_a_cell_for_each_column() -> None:
    line = str(Line(what="w", value=0.7214, n=12, bars=Bars(floor=0.5, bar=0.7, aim=0.8), note="why"))
    assert line.split() == ["w", "0.721", "0.500", ">=", "0.700", "0.800", "met", "12", "why"]
    names, rule = header().splitlines()
    assert names.split() == ["what", "measured", "floor", "bar", "aim", "n"]
    assert len(names) == len(rule) == len(str(Line(what="w", n=1)))
    assert " - " in str(Line(what="w", bars=Bars(bar=0.7)))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9), st.lists(st.integers(0, 4), min_size=1, max_size=9))
def test_auroc_counts_pairs(positive: list[int], negative: list[int]) -> None:
    pairs = [1.0 if one > other else 0.5 if one == other else 0.0 for one in positive for other in negative]
    assert auroc(positive, negative) == pytest.approx(mean(pairs))
    assert math.isnan(auroc(positive, []))


# --- SQuAD 2.0


def test_squad_by_a_reader_that_is_known(kit: Kit) -> None:
    tower, ferry = "When was the tower built?", "When does it leave?"
    reader = Known(
        {
            tower: ("in 1931", 2.0, 1.0),  # F1 2/3: two words given, one of them wanted
            "Who painted the Marlow_tower?": ("The Marlow tower", -1.0, -1.0),
            ferry: ("at nine", -2.0, 0.5),
            "Who painted the Ferry?": ("forty cars", -3.0, 0.5),
        }
    )
    lines = reader_squad.alone(replace(kit, reader=reader), reader, name="R")
    assert [line.n for line in lines] == [2, 4, 4]
    f1, whole_at_zero, area = (line.value for line in lines)
    assert f1 == pytest.approx((2 / 3 + 1) / 2)
    assert whole_at_zero == pytest.approx((2 / 3 + 0 + 1 + 1) / 4)
    assert area == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert "even odds" in lines[1].note
    assert all(line.bars.bar is None for line in lines)
    answered_more = reader_squad.alone(kit, reader, name="R", margin=-2.5)[1]
    assert answered_more.value == pytest.approx((2 / 3 + 1 + 0 + 1) / 4)
    assert reader_squad.alone(kit, reader, name="R", titles=["Ferry"])[0].value == 1.0


def test_each_fold_takes_the_other_folds_threshold(kit: Kit) -> None:
    tower = Known(
        {
            "When was the tower built?": ("1931", 5.0, 1.0),
            "Who painted the Marlow_tower?": ("tower", 1.0, -1.0),
        }
    )
    ferry = Known({"When does it leave?": ("at nine", 3.0, -9.0), "Who painted the Ferry?": ("cars", 2.0, -8.0)})
    folds = [Fold(reader=tower, titles=("Marlow_tower",)), Fold(reader=ferry, titles=("Ferry",))]
    forced_f1, whole_line, area = reader_squad.folded(kit, folds)
    # The ferry's best threshold is 3: right for the tower. The tower's is 5: so the ferry's question isn't answered.
    assert "3.00, 5.00" in whole_line.note
    assert whole_line.value == pytest.approx((1 + 1 + 0 + 1) / 4)
    assert forced_f1.value == 1.0
    assert area.value == pytest.approx((1.0 + 0.0) / 2)  # the scores of two readers aren't mixed
    assert [line.bars.bar for line in (forced_f1, whole_line, area)] == [0.72, 0.62, 0.72]
    assert reader_squad.folded(kit, folds[:1])[0].n == 1


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(-3, 3)), min_size=1, max_size=12))
def test_no_threshold_is_better_than_the_best(rows: list[tuple[bool, float, int]]) -> None:
    answered = [
        Answered(has_answer=has, f1=f1 if has else 0.0, margin=float(margin), answerable=0.0)
        for has, f1, margin in rows
    ]
    chosen = best_threshold(answered)

    def total(threshold: float) -> float:
        return sum(whole_f1(one, threshold) for one in answered)

    assert total(chosen) == pytest.approx(max(map(total, [*(one.margin for one in answered), math.inf])))


def test_a_title_that_is_not_there(kit: Kit) -> None:
    with pytest.raises(UsageError, match=r"'Force'.*Ferry, Marlow_tower"):
        reader_squad.questions(kit.file(*reader_squad.FILE), ["Force"])
    assert reader_squad.questions(kit.file(*reader_squad.FILE), ["Marlow tower"])[0].golds == ("1931", "1931")


def test_a_reader_that_points_nowhere(kit: Kit) -> None:
    class Silent:
        def read(self, question: str, passage: ReaderPassage) -> Found:
            return Found(answerable=0.0, spans=(), evidence=(), cut=False)

    asked = Asked(title="T", question="Q?", context="C", golds=("gold",))
    silent = reader_squad.answer(Silent(), asked)
    assert (silent.f1, whole_f1(silent, -99.0)) == (0.0, 0.0)
    nothing = reader_squad.answer(Silent(), replace(asked, golds=()))
    assert whole_f1(nothing, -99.0) == 1.0


# --- CLAP NQ


def test_clapnq_cites_by_the_reader(kit: Kit) -> None:
    lines = by_name(reader_clapnq.rows(kit))
    cited = lines["CLAP NQ: F1 of the sentences cited against those people selected"]
    assert (cited.n, cited.bars.bar) == (1, 0.70)
    assert cited.note == "2.0 sentences cited, none for 0"
    # The reader takes the first sentence, which names the tower, and the one next to it; people took the second.
    assert cited.value == pytest.approx(2 / 3)
    assert lines["  all sentences, measured here"].value == pytest.approx(2 / 4)
    assert lines["CLAP NQ: answerable AUROC of the confidence"].value == 1.0
    assert lines["CLAP NQ: answerable AUROC of the confidence"].n == 2


def test_clapnq_with_the_reader_that_is_right(kit: Kit) -> None:
    reader = Known(
        {"how high is the Marlow tower": ("80 metres", 1.0, -3.0), "who owns the Skell lighthouse": ("It", 0.0, 2.0)}
    )
    lines = by_name(
        reader_clapnq.rows(replace(kit, scorer=lambda threshold: ReadingScorer(reader, threshold=threshold)))
    )
    assert lines["CLAP NQ: F1 of the sentences cited against those people selected"].value == 1.0
    # Forced, it answers with a confidence of .05; nothing of the other passage names Skell's lighthouse.
    assert lines["CLAP NQ: answerable AUROC of the confidence"].value == 0.0


@pytest.mark.parametrize(
    ("given_numbers", "wanted", "f1"),
    [({0, 1}, {1, 2}, 0.5), ({0}, {0}, 1.0), (set(), {1}, 0.0), ({0}, set(), 0.0), (set(), set(), 1.0)],
)
def test_f1_of_sets(given_numbers: set[int], wanted: set[int], f1: float) -> None:
    assert reader_clapnq.set_f1(given_numbers, wanted) == f1


_SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=5)


@given(_SPANS, _SPANS)
def test_a_sentence_is_cited_where_half_of_it_is(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
    sentences, cited = ([Span(start, start + size) for start, size in spans] for spans in (ours, theirs))
    covered = {place for span in cited for place in range(span.start, span.end)}
    expected = {
        number
        for number, one in enumerate(sentences)
        if 2 * len(covered & set(range(one.start, one.end))) >= one.end - one.start
    }
    assert reader_clapnq.cited_of(sentences, cited) == expected


def test_the_first_selection_counts_and_a_repeated_sentence_stands_twice(tmp_path: Path) -> None:
    record = clapnq("1", "q", "It rained. It rained. It stopped.", selected=[0])
    record["output"] = [{"selected_sentences": []}, *record["output"], {"selected_sentences": ["It stopped."]}]
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    (asked,) = reader_clapnq.questions(path)
    assert [(span.start, span.end) for span in asked.sentences] == [(0, 10), (11, 21), (22, 33)]
    assert asked.selected == {0, 1}


def test_all_sentences_of_the_real_file_have_the_floor(data: Path) -> None:
    asked = reader_clapnq.questions(data / "clapnq" / reader_clapnq.ANSWERABLE)
    assert len(asked) == 150
    everything = [reader_clapnq.set_f1(range(len(one.sentences)), one.selected) for one in asked]
    assert round(mean(everything), 2) == 0.58


# --- RGB


def test_rgb_counts_what_is_cited(kit: Kit) -> None:
    lines = by_name(reader_rgb.rows(kit))
    for answering in (4, 2, 1):
        line = lines[f"RGB: gold in the at most 3 sentences cited, {answering} of 4 documents answer"]
        assert (line.value, line.n, line.note) == (1.0, 1, "abstained on 0; 1.000 if forced")
    assert lines["RGB: rejected where none answers"].value == 1.0
    assert lines["RGB: AUROC of the confidence, 1 that answers against 0"].value == 1.0
    strict = by_name(reader_rgb.rows(replace(kit, threshold=1.0)))
    line = strict["RGB: gold in the at most 3 sentences cited, 4 of 4 documents answer"]
    assert (line.value, line.note) == (0.0, "abstained on 1; 1.000 if forced")


def test_rgb_mixes_documents() -> None:
    asked = reader_rgb.Asked(id="1", question="q", parts=(("x",),), positive=("a", "b"), negative=("c", "d", "e", "f"))
    assert [asked.documents(answering) for answering in (4, 2, 1, 0)] == [
        ("a", "b", "c", "d"),
        ("a", "b", "c", "d"),
        ("a", "c", "d", "e"),
        ("c", "d", "e", "f"),
    ]


@pytest.mark.parametrize(
    ("parts", "right"),
    [
        ([["Jan 2", "January 2"]], True),
        ([["9 million", "NINE\nmillion"]], True),
        ([["Jan 2", "January 2"], ["Skell"]], True),
        ([["Jan 2", "January 2"], ["Tarn"]], False),
        ([["Tarn", "Velm"]], False),
    ],
)
def test_every_part_in_any_wording(parts: list[list[str]], right: bool) -> None:
    assert reader_rgb.named(parts, "On January 2 the town\tof Skell paid nine million.") is right


def test_only_three_sentences_count() -> None:
    asked = reader_rgb.Asked(id="1", question="q", parts=(("four",),), positive=(), negative=())
    found = reader_rgb.Forced(citations=(), sentences=("One.", "Two.", "Three.", "Four."), confidence=1.0)
    assert not reader_rgb.cites_gold(asked, found)
    assert reader_rgb.cites_gold(asked, replace(found, sentences=found.sentences[1:]))


@pytest.mark.slow
def test_similarity_has_the_floors_on_the_real_data(data: Path, tmp_path: Path, embedder: MiniLM) -> None:
    kit = Kit(data=data, work=tmp_path, embedder=Kept(embedder), threshold=0.0)
    asked = reader_clapnq.questions(kit.file("clapnq", reader_clapnq.ANSWERABLE))
    tops = [most_similar(reader_clapnq.similarities(kit, one), 3) for one in asked]
    assert mean([reader_clapnq.set_f1(top, one.selected) for top, one in zip(tops, asked, strict=True)]) == (
        pytest.approx(0.62, abs=0.01)
    )
    news = reader_rgb.questions(kit.file(*reader_rgb.FILE))
    for answering, floor in ((4, 0.77), (2, 0.56), (1, 0.44)):
        found = [reader_rgb.nearest(kit, one, answering, reader_rgb.plain_sentences) for one in news]
        right = [float(reader_rgb.named(one.parts, text)) for one, (_, text) in zip(news, found, strict=True)]
        assert mean(right) == pytest.approx(floor, abs=0.02)


# --- SciFact


def test_scifact_is_reranked_by_the_reader(kit: Kit) -> None:
    what = "SciFact, training questions: nDCG@10"
    lines = by_name(reader_scifact.rows(kit))
    assert (lines[f"{what}, fused"].value, lines[f"{what}, reranked"].value) == (1.0, 1.0)
    bars = lines[f"{what}, reranked"].bars
    assert (bars.bar, bars.aim) == (1.0, 1.03)

    def backwards(question: str, hits: Sequence[Hit], reader: Reader) -> list[Hit]:
        return list(reversed(hits))

    worse = by_name(reader_scifact.rows(kit, by=backwards))
    assert worse[f"{what}, reranked"].value == pytest.approx(1 / math.log2(3))
    absent = by_name(reader_scifact.rows(replace(kit, reader=None)))
    assert math.isnan(absent[f"{what}, reranked"].value)


# --- the sample article, newsroom


def test_the_sample_article_by_another_text(kit: Kit) -> None:
    answered, abstained = reader_news.article(kit)
    # A text on a tower answers none of the questions, and the reader knows it.
    assert (answered.value, answered.n, answered.bars.verdict(answered.value)) == (0.0, 5, "MISSED")
    assert (abstained.value, abstained.n, abstained.note) == (1.0, 6, "")
    assert "Alimama" in answered.note


@pytest.mark.parametrize(
    ("cited", "right"), [("Sold for 5.", True), ("Sold for 6.", False), ("Sold for 5. Reuters", False), ("", False)]
)
def test_what_is_right_of_the_sample_article(cited: str, right: bool) -> None:
    assert reader_news.is_right(cited, "for 5") is right


def test_the_sample_article(kit: Kit, data: Path) -> None:
    real = replace(kit, data=data, scorer=None, threshold=shipped_weights().threshold)
    assert [line.value for line in reader_news.article(real)] == [1.0, 1.0]


def test_newsroom_is_asked_with_the_reader(kit: Kit) -> None:
    lines = by_name(reader_news.newsroom(kit, name="smoke"))
    refused = by_name(reader_news.newsroom(replace(kit, threshold=1.1), name="smoke"))
    for shown in (lines, refused):
        assert list(shown) == [
            f"newsroom, test split: {name}" for name in ("grounded accuracy", "false answer", "over refusal")
        ]
        assert all(line.n for line in shown.values())
        assert not any(line.note for line in shown.values())
    assert refused["newsroom, test split: over refusal"].value == 1.0
    assert refused["newsroom, test split: false answer"].value == 0.0
    assert lines["newsroom, test split: over refusal"].value < 1.0


# --- cost


def test_reading_is_compared_with_embedding(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counts:
        def embed(self, text: str) -> None:
            assert "\n" not in text

        def count_tokens(self, text: str) -> int:
            return 300 if "Ferry" in text else 100

    reader, seconds = Overlap(), {"read": 3.0, "embed": 2.0}

    def took(run: partial[object]) -> float:
        run()
        return seconds[run.func.__name__]

    monkeypatch.setattr(reader_cost, "cpu_seconds", took)
    line = reader_cost.reading("reading", kit, reader, Counts())
    # Two questions on the tower fit; both are read once to warm up.
    assert (line.value, line.n, len(reader.asked)) == (1.5, 2, 4)
    assert line.note == "1 reads, 1 embeds a CPU s"
    assert line.bars.verdict(line.value) == "MISSED"


def test_a_warm_ask_is_timed(kit: Kit) -> None:
    index, asks = reader_scifact.indexed(kit)
    wall, cpu = reader_cost.warm("abstracts", kit, index, [asks[0].text] * 3)
    assert wall.what == "warm ask, 2 passages of abstracts, p50 ms, wall"
    assert (wall.n, wall.bars.bar, cpu.bars.bar) == (3, 250, None)
    assert wall.value > 0
    assert cpu.value > 0


def test_the_cpu_time_of_a_call() -> None:
    assert reader_cost.cpu_seconds(lambda: sum(range(2_000_000))) > reader_cost.cpu_seconds(lambda: None)


# --- what the rows measure with


def test_the_reader_chooses_what_is_cited(kit: Kit) -> None:
    reader = Known({"How high is the Marlow tower?": ("80 metres", 3.0, 1.0)})
    known = replace(kit, scorer=lambda threshold: ReadingScorer(reader, threshold=threshold))
    found = forced(known, "How high is the Marlow tower?", [Draft(identity="a", text=TOWER)])
    assert found.sentences == ("It is 80 metres high.",)
    assert found.confidence == pytest.approx(1 / (1 + math.exp(-1)))
    (citation,) = found.citations
    assert citation.highlight is not None
    assert citation.highlight.of(TOWER) == "80 metres"


def test_the_product_is_asked_as_it_is_without_a_reader(kit: Kit) -> None:
    found = forced(replace(kit, scorer=None), "When was the Marlow tower built?", [Draft(identity="a", text=TOWER)])
    assert found.sentences[0] == "The Marlow tower was built in 1931."
    assert 0.0 < found.confidence < 1.0
    nowhere = forced(replace(kit, scorer=None), "Who is Zoltan Brekker?", [Draft(identity="a", text=TOWER)])
    assert (nowhere.citations, nowhere.confidence) == ((), 0.0)


def test_the_threshold_is_the_scorers(kit: Kit) -> None:
    scorer = ReadingScorer(Overlap(), threshold=0.9)
    with collection(replace(kit, scorer=lambda _: scorer), [Draft(identity="a", text=TOWER)]) as reading:
        assert reading.ask("Who cast the bell?", k=3, filters=Filters()).answer.status == "answered"
        assert reading.ask("Who cast a bronze statue?", k=3, filters=Filters()).answer.status == "abstained"


@given(st.lists(st.integers(), max_size=30), st.integers(1, 40))
def test_a_sample_is_evenly_spread(items: list[int], count: int) -> None:
    places = spread(range(len(items)), count)
    assert len(places) == min(count, len(items))
    assert places == sorted(set(places))
    steps = {after - before for before, after in pairwise(places)}
    assert not steps or max(steps) - min(steps) <= 1


def test_the_most_similar_are_the_first_of_equals() -> None:
    assert most_similar([0.1, 0.9, 0.5, 0.9], 3) == [1, 3, 2]
    assert most_similar([0.1], 3) == [0]


def test_vectors_are_kept_between_runs(tmp_path: Path, embedder: MiniLM) -> None:
    class Counts:
        fingerprint = embedder.fingerprint

        def __init__(self) -> None:
            self.texts: list[str] = []

        def embed(self, text: str) -> NDArray[np.float32]:
            return embedder.embed(text)

        def embed_many(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
            self.texts += texts
            return embedder.embed_many(texts)

    cache, first, second, other = tmp_path / "cache.npz", Counts(), Counts(), Counts()
    kept = Kept(first, cache)
    vectors = list(kept.embed_many(["one", "two", "one"]))
    kept.save()
    again = list(Kept(second, cache).embed_many(["one", "two", "three"]))
    assert (first.texts, second.texts) == (["one", "two"], ["three"])
    assert np.array_equal(vectors, [again[0], again[1], again[0]])
    other.fingerprint = replace(embedder.fingerprint, sha256="0" * 64)
    Kept(other, cache).embed("one")
    assert other.texts == ["one"]  # another model's vectors aren't used


def test_a_text_is_one_passage() -> None:
    passage = whole("Marlow", TOWER)
    assert (passage.head, passage.text) == ("Marlow", TOWER)
    assert [TOWER[start:end] for start, end in passage.sentences][1] == "It is 80 metres high."


# --- the command


@pytest.fixture
def there(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Kit:
    monkeypatch.setenv("QA_DATA", str(kit.data))
    return kit


def test_rows_are_measured_in_the_order_of_the_table(kit: Kit) -> None:
    lines = list(table(kit, Squad(name="R"), only=["rgb", "squad"]))
    assert [line.what.partition(",")[0] for line in lines[:3]] == ["SQuAD 2.0"] * 3
    assert lines[0].what == "SQuAD 2.0, R: F1 where an answer exists, forced"
    assert any("needs two readers" in line.note for line in lines)
    assert lines[-1].what.startswith("  highest similarity")
    assert tuple(ROWS) == ("clapnq", "rgb", "scifact", "article", "newsroom", "cost")


def test_the_command_prints_a_row(there: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "clapnq", "--sample", "1", "--work", str(there.work)]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert "all-MiniLM-L6-v2" in first
    assert "1 items of each set" in first
    assert rest[2].startswith("CLAP NQ: F1")
    assert len(rest) == 2 + 5


def test_the_bench_knows_the_reader(there: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "reader", "--only", "squad", "--fold", "nothing"])
    with pytest.raises(SystemExit) as ended:
        bench()
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "squad", "--fold", "folder"], "isn't FOLDER:TITLE"),
        (["--only", "squad", "--fold", "folder:"], "isn't FOLDER:TITLE"),
        (["--only", "squad", "--reader", "/nowhere"], "model.missing"),
    ],
)
def test_what_cannot_be_measured_is_said(
    there: Kit, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) != 0
    assert said in capsys.readouterr().err


def test_without_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QA_DATA", str(tmp_path / "nowhere"))
    assert main([]) == 2
    assert "QA_DATA" in capsys.readouterr().err
    monkeypatch.setenv("QA_DATA", str(tmp_path))
    assert main(["--only", "rgb"]) == 2
    assert "rgb/en_150.jsonl" in capsys.readouterr().err


def test_the_shipped_reader_on_a_few_real_questions(data: Path, kit: Kit) -> None:
    reader = load()
    real = replace(kit, data=data, reader=reader, scorer=None, sample=4)
    for name in ("squad", "clapnq", "rgb"):
        for line in table(real, Squad(), only=[name]):
            assert line.n == 0 or 0.0 <= line.value <= 1.0
    assert reader_cost.reading("reading", real, reader, MiniLM.load()).value > 0
