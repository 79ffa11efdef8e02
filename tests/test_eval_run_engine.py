"""The engines over a real index: the cache that holds it, and the records of the product's answers."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import NEWSROOM, ROOT
from run_engines import gold

from eval.corpus import Corpus, read_corpus
from eval.run.engine import Engine, ExtractSetup, extract, retrieve
from eval.run.folder import read_run
from eval.run.index import cache_folder, corpus_index, names_of
from eval.run.records import to_document
from eval.run.runner import run
from eval.types import Ended, GoldSpan, Item, ItemFilters, Split
from qa.answer.weights import shipped_weights
from qa.app import Reading
from qa.config import CONFIG_VARIABLE
from qa.errors import UsageError
from qa.ledger.ledger import Ledger
from qa.types import Filters


@pytest.fixture(scope="module", autouse=True)
def unconfigured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody's own configuration takes part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONFIG_VARIABLE, str(tmp_path_factory.mktemp("config") / "config.toml"))
        yield


def question(text: str, **fields: object) -> Item:
    plain = {
        "id": "q", "type": "fact", "categories": ("c",), "cluster": "c", "split": Split.TEST, "answerable": True,
    }  # fmt: skip
    return Item(question=text, **{**plain, **fields})  # type: ignore[arg-type]


# --- the index


def small(folder: Path) -> Path:
    """A corpus of two articles and a feed."""
    (folder / "news").mkdir(parents=True)
    (folder / "news" / "tram.md").write_text("---\ntitle: Tram\ndate: 2025-03-01\n---\nThe tram of Selm opened.\n")
    (folder / "bell.txt").write_text("The bell of Selm was cast in 1871 by Ines Quarrie.\n")
    (folder / "feed.jsonl").write_text('{"id": "x", "title": "Ferry", "text": "A ferry of Selm sank on Monday."}\n')
    return folder


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_an_index_is_built_once(tmp_path: Path) -> None:
    root, cache = small(tmp_path / "corpus"), tmp_path / "cache"
    digest = read_corpus(root).sha256
    seen: list[int] = []
    place = corpus_index(root, digest, cache=cache, progress=lambda done, total: seen.append(done))
    assert seen
    seen.clear()
    before = files(cache)
    assert corpus_index(root, digest, cache=cache, progress=lambda done, total: seen.append(done)) == place
    assert seen == []
    assert files(cache) == before == {place.name: place.stat().st_ino}
    with Ledger.open(place) as ledger:
        assert set(names_of(ledger, root)) == {"news/tram.md", "bell.txt", "feed.jsonl#x"} == set(read_corpus(root))


def test_one_file_is_a_corpus_too(tmp_path: Path) -> None:
    root = small(tmp_path) / "feed.jsonl"
    place = corpus_index(root, read_corpus(root).sha256, cache=tmp_path / "cache")
    with Ledger.open(place) as ledger:
        assert set(names_of(ledger, root)) == {"feed.jsonl#x"}


def test_a_date_alone_makes_another_index(tmp_path: Path) -> None:
    """The digest of a corpus is of its texts; answers depend on dates too."""
    root, cache = small(tmp_path / "corpus"), tmp_path / "cache"
    digest = read_corpus(root).sha256
    first = corpus_index(root, digest, cache=cache)
    path = root / "news" / "tram.md"
    path.write_text(path.read_text().replace("2025-03-01", "2025-04-01"))
    assert read_corpus(root).sha256 == digest
    second = corpus_index(root, digest, cache=cache)
    with Ledger.open(second) as ledger:
        assert {one.published for one in ledger.summaries()} == {date(2025, 4, 1), None}
    assert second != first


def test_a_corpus_that_is_not_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        corpus_index(small(tmp_path / "corpus"), "0" * 64, cache=tmp_path / "cache")
    assert refused.value.id == "eval.corpus_changed"
    assert files(tmp_path / "cache") == {}


def test_what_a_killed_build_left_is_not_used(tmp_path: Path) -> None:
    root, cache = tmp_path / "corpus", tmp_path / "cache"
    shutil.copytree(NEWSROOM / "signal", root)
    digest = read_corpus(root).sha256
    code = "import sys; from pathlib import Path; from eval.run.index import corpus_index;"
    code += "corpus_index(Path(sys.argv[1]), sys.argv[2], cache=Path(sys.argv[3]))"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(root), digest, str(cache)], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    began = time.monotonic()
    while not list(cache.glob("*.half/ledger.sqlite")):
        assert child.poll() is None
        assert time.monotonic() - began < 60
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (half,) = files(cache)
    assert half.endswith(".half")
    place = corpus_index(root, digest, cache=cache)
    assert set(files(cache)) == {place.name} == {half.removesuffix(".half")}
    with Ledger.open(place) as ledger:
        assert len(names_of(ledger, root)) == len(read_corpus(root))
    (place / "ledger.sqlite").write_bytes(b"damaged")
    assert corpus_index(root, digest, cache=cache) == place
    with Ledger.open(place) as ledger:
        assert len(names_of(ledger, root)) == len(read_corpus(root))


def test_two_builders_build_one_index(tmp_path: Path) -> None:
    root = small(tmp_path / "corpus")
    asked = (root, read_corpus(root).sha256)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        waiting = [pool.apply_async(corpus_index, asked, {"cache": tmp_path / "cache"}) for _ in range(2)]
        one, other = (result.get(60) for result in waiting)
    assert one == other
    assert set(files(tmp_path / "cache")) == {one.name}


def test_the_cache_is_the_users_or_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QA_EVAL_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("QA_EVAL_CACHE", "")
    assert (cache_folder().parent.name, cache_folder().name) == ("qa", "eval")


# --- the engines


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(NEWSROOM)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def setup(corpus: Corpus, cache: Path) -> ExtractSetup:
    return extract(corpus, cache=cache)


@pytest.fixture(scope="module")
def engine(setup: ExtractSetup) -> Iterator[Engine]:
    with setup.open() as opened:
        yield opened


def test_a_record_is_the_products_answer(engine: Engine, corpus: Corpus, setup: ExtractSetup) -> None:
    asked = "What did Zhang say about hiring?"
    record = engine.answer(question(asked), hide=frozenset())
    with Reading(setup.index) as reading:
        answer = reading.ask(asked, k=5, filters=Filters()).answer
    assert record.ended is Ended.ANSWERED
    assert record.answer == "\n".join(claim.text for claim in answer.claims)
    assert [claim.speaker for claim in record.claims] == [
        claim.speaker.name for claim in answer.claims if claim.speaker
    ]
    assert {claim.speaker for claim in record.claims} == {"Adrian Zhang", "Zhang Meilin"}
    for cited in record.citations:
        assert corpus[cited.article].text[cited.start : cited.end] == cited.quote
    assert record.confidence is not None
    assert record.confidence >= shipped_weights().threshold
    assert set(record.seconds) == {"retrieve", "answer"}


def test_what_was_found_and_read_is_told(engine: Engine, corpus: Corpus) -> None:
    record = engine.answer(question("How much will the Harbour Line cost?"), hide=frozenset())
    assert record.retrieved
    assert record.read
    assert [span.score for span in record.retrieved] == sorted((span.score for span in record.retrieved), reverse=True)
    for span in (*record.retrieved, *record.read):
        assert corpus[span.article].text[span.start : span.end].strip()
    sentences = {(span.article, span.start, span.end) for span in record.read}
    for cited in record.citations:
        inside = {one for one in sentences if one[0] == cited.article and cited.start <= one[1] and one[2] <= cited.end}
        assert inside
    assert record.short in corpus[record.citations[0].article].text
    assert "billion" in record.short
    dates = [corpus[claim.citations[0].article].published or date.max for claim in record.claims if claim.earlier]
    assert dates
    assert max(dates) < (corpus[record.citations[0].article].published or date.min)
    assert not record.claims[0].earlier


@pytest.mark.parametrize("asked", ["Who is the CEO of Amazon?", "When was the bell of St. Maren cast?"])
def test_an_abstention_is_one_with_what_was_read(engine: Engine, asked: str) -> None:
    record = engine.answer(question(asked), hide=frozenset())
    assert (record.ended, record.answer, record.claims) == (Ended.ABSTAINED, "", ())
    assert record.retrieved
    assert record.confidence is not None
    assert record.confidence < shipped_weights().threshold
    assert (record.confidence == 0.0) == ("Amazon" in asked)


def test_filters_of_an_item_are_used(engine: Engine, corpus: Corpus) -> None:
    narrow = ItemFilters(source="Signal", since=date(2025, 7, 1), until=date(2025, 9, 30))
    record = engine.answer(question("How many robots did Ferrowick recall?", filters=narrow), hide=frozenset())
    assert record.retrieved
    for span in record.retrieved:
        assert corpus[span.article].source == "Signal & Switch"
        assert date(2025, 7, 1) <= (corpus[span.article].published or date.min) <= date(2025, 9, 30)


def test_hidden_articles_leave_no_trace(engine: Engine) -> None:
    asked = question("Who won the Lanthorn Prize?")
    before = engine.answer(asked, hide=frozenset())
    hidden = {cited.article for cited in before.citations} | {"courier/pramesti-lanthorn-prize.md", "not/there.md"}
    after = engine.answer(asked, hide=frozenset(hidden))
    assert before.ended is Ended.ANSWERED
    found = {span.article for span in (*(after.retrieved or ()), *(after.read or ()), *after.citations)}
    assert found
    assert not found & hidden
    again = engine.answer(asked, hide=frozenset())
    assert {**to_document(again), "seconds": 0} == {**to_document(before), "seconds": 0}


def test_retrieval_alone(corpus: Corpus, cache: Path) -> None:
    searching = retrieve(corpus, k=7, cache=cache)
    with searching.open() as engine:
        record = engine.answer(question("Who won the Lanthorn Prize?"), hide=frozenset())
    assert (searching.system.engine, searching.system.k, searching.system.threshold) == ("retrieve", 7, None)
    assert record.ended is Ended.ABSTAINED
    assert record.retrieved
    assert len(record.retrieved) == 7
    assert record.retrieved[0].article == "courier/pramesti-lanthorn-prize.md"
    assert (record.read, record.confidence, record.claims) == (None, None, ())


def test_forced_it_answers_wherever_it_could(corpus: Corpus, cache: Path, engine: Engine) -> None:
    asked = question("When was the bell of St. Maren cast?")
    forcing = extract(corpus, threshold=0.0, cache=cache)
    assert forcing.system.threshold == 0.0
    with forcing.open() as forced:
        record = forced.answer(asked, hide=frozenset())
        nowhere = forced.answer(question("Who is the CEO of Amazon?"), hide=frozenset())
    assert record.ended is Ended.ANSWERED
    assert record.claims
    assert record.confidence == engine.answer(asked, hide=frozenset()).confidence
    assert (nowhere.ended, nowhere.confidence) == (Ended.ABSTAINED, 0.0)


def test_a_run_over_the_sample_collection(corpus: Corpus, setup: ExtractSetup, tmp_path: Path) -> None:
    article = "signal/library-ransomware.md"
    span = GoldSpan(article=article, start=0, end=1, quote="x")
    items = [
        question("Who won the Lanthorn Prize?", id="a", evidence=((span,),)),
        question("What did Zhang say about hiring?", id="b"),
        question("Who is the CEO of Amazon?", id="c", answerable=False),
    ]
    for jobs in (1, 2):
        run(gold(items), tmp_path / str(jobs), engine=setup, jobs=jobs)
    one, two = (read_run(tmp_path / jobs).records for jobs in ("1", "2"))
    assert list(one) == ["a", "a~hidden", "b", "c"]
    assert [{**to_document(record), "seconds": 0} for record in one.values()] == [
        {**to_document(record), "seconds": 0} for record in two.values()
    ]
    assert article in {cited.article for cited in one["a"].citations}
    assert article not in {span.article for span in one["a~hidden"].retrieved or ()}
    manifest = read_run(tmp_path / "1").manifest
    assert manifest is not None
    assert manifest.corpus_sha256 == corpus.sha256
    assert manifest.system.threshold == shipped_weights().threshold
    assert len(manifest.system.scorer) == 64
    assert manifest.system.name.startswith("extract of qa ")
