"""What reading costs: beside embedding the same tokens, and in a warm ``ask`` over ten thousand passages.

CPU seconds are those of all threads. Reading and embedding take turns on the same texts, so that what else the machine
does slows both.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Protocol

from eval.bench import corpus
from eval.bench.reader_kit import Kit, spread, whole
from eval.bench.reader_scifact import indexed
from eval.bench.reader_squad import FILE, questions
from eval.bench.reader_table import Bars, Line
from eval.run.engine import CLAIMS
from qa.library.add import add
from qa.models.embedder import MiniLM
from qa.models.reader.reader import Reader
from qa.types import Filters

READING = Bars(bar=1.2, lower=True)
WARM = Bars(bar=250, aim=150, lower=True)
_PAIRS, _QUESTIONS, _WARMING = 200, 40, 3
#: A thousand made-up articles of so many sentences make ten thousand passages.
_ARTICLES, _SENTENCES = 1_000, 49
#: Longer inputs are left out: the embedder would cut them.
_TOKENS = 250


class Embeds(Protocol):
    """An embedder that counts tokens."""

    def embed(self, text: str) -> object:
        """The vector of a text."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens a text has."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Milliseconds of wall clock and of CPU, the medians of some calls."""

    wall: float
    cpu: float


def rows(kit: Kit) -> Iterator[Line]:
    """Reading against embedding; then a warm ``ask``, on made-up articles and on real abstracts."""
    what = "reading, CPU s against embedding the same tokens (int8 MiniLM)"
    if kit.reader is None:
        yield Line(what=what, bars=READING, note="there is no reader yet")
    else:
        yield reading(what, kit, kit.reader, MiniLM.load())
    yield from warm("made-up articles", kit, filled(kit.work), corpus.questions(_QUESTIONS))
    index, asks = indexed(kit)
    yield from warm("SciFact's abstracts", kit, index, [ask.text for ask in spread(asks, _QUESTIONS)])


# --- reading


def reading(what: str, kit: Kit, reader: Reader, embedder: Embeds) -> Line:
    """The ratio of CPU seconds, over paragraphs of SQuAD under their questions."""
    asked = questions(kit.file(*FILE))
    texts = [f"{one.question} {one.title} {one.context}" for one in asked]
    fitting = [pair for pair in zip(asked, texts, strict=True) if embedder.count_tokens(pair[1]) <= _TOKENS]
    pairs = spread(fitting, kit.sample or _PAIRS)
    spent = {"read": 0.0, "embed": 0.0}
    for turn, (one, text) in enumerate([*pairs[:_WARMING], *pairs]):
        if turn == _WARMING:
            spent = dict.fromkeys(spent, 0.0)
        spent["read"] += cpu_seconds(partial(reader.read, one.question, whole(one.title, one.context)))
        spent["embed"] += cpu_seconds(partial(embedder.embed, text))
    rates = ", ".join(f"{len(pairs) / max(1e-9, seconds):.0f} {name}s" for name, seconds in spent.items())
    ratio = spent["read"] / spent["embed"] if spent["embed"] else math.nan
    return Line(what=what, value=ratio, n=len(pairs), bars=READING, digits=2, note=f"{rates} a CPU s")


def cpu_seconds(run: Callable[[], object]) -> float:
    """What one call takes."""
    started = time.process_time()
    run()
    return time.process_time() - started


# --- a warm ask


def warm(name: str, kit: Kit, index: Path, texts: Sequence[str]) -> Iterator[Line]:
    """The median ``ask`` of an open index, by the clock and in CPU time."""
    with kit.reading(index, threshold=kit.threshold) as reading:
        reading.embedder = MiniLM.load()  # one that remembers nothing
        took = medians(lambda text: reading.ask(text, k=CLAIMS, filters=Filters()), texts)
        passages = reading.ledger.stats().passages
    what = f"warm ask, {passages} passages of {name}, p50 ms"
    yield Line(what=f"{what}, wall", value=took.wall, n=len(texts), bars=WARM, digits=0)
    yield Line(what=f"{what}, CPU", value=took.cpu, n=len(texts), digits=0)


def medians(run: Callable[[str], object], texts: Sequence[str]) -> Took:
    """The medians over ``texts``, after three to warm up."""
    for text in texts[:_WARMING]:
        run(text)
    wall, cpu = [], []
    for text in texts:
        clock, process = time.perf_counter(), time.process_time()
        run(text)
        wall.append(1000 * (time.perf_counter() - clock))
        cpu.append(1000 * (time.process_time() - process))
    return Took(wall=median(wall), cpu=median(cpu))


def filled(work: Path) -> Path:
    """The index of made-up articles of ``python -m eval.bench --work``, made where it isn't there yet."""
    index, source = work / "index-10000", work / "articles-10000.jsonl"
    if not (index / "CURRENT").exists():
        corpus.write_jsonl(source, corpus.articles(_ARTICLES, sentences=_SENTENCES))
        add(index, [str(source)], embedder=corpus.Clustered(MiniLM.load()))
    return index
