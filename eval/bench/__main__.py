"""``python -m eval.bench``: the design's table of speed, measured in one run, with the peers beside.

Each line says what was measured, ours, the peer's, their ratio, the goal and n. ``--work DIR`` keeps the indexes
between runs, ``--large`` adds 100,000 passages, ``--fp32 MODEL`` the ingest comparison with the model before
quantisation. ``python -m eval.bench reader`` prints the reader's table instead (``eval.bench.reader``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.bench import corpus, measure, peers

_QUESTIONS = 40
#: Articles of so many sentences make about ten passages each.
_SENTENCES = 49


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measurement; ``met`` is ``None`` where there is no goal."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None
    n: int = 1


def main() -> None:
    """Measure what was asked for and print a table."""
    if sys.argv[1:2] == ["reader"]:
        from eval.bench.reader import main as reader

        raise SystemExit(reader(sys.argv[2:]))
    options = _options()
    with _folder(options.work) as work:
        for section in _sections(options):
            for line in section(work):
                verdict = "" if line.met is None else "met" if line.met else "MISSED"
                columns = f"{line.what:<60} {line.ours:>14} {line.peer:>10} {line.ratio:>8} {line.goal:>8} {verdict:<6}"
                print(f"{columns} n={line.n}")
                sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--work", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--large", action="store_true", help="also 100,000 passages (adds some ten minutes)")
    parser.add_argument("--fp32", type=Path, help="folder of the fp32 model (python -m qa.models.export --fp32)")
    parser.add_argument("--articles", type=int, default=5_000, help="how many articles the re-ingest is measured on")
    parser.add_argument("--only", choices=("cold", "warm", "ingest", "again", "quality"), help="one section")
    return parser.parse_args()


def _sections(options: argparse.Namespace) -> list[Callable[[Path], Iterator[Line]]]:
    sizes = (1_000, 10_000, 100_000) if options.large else (1_000, 10_000)
    sections: dict[str, Callable[[Path], Iterator[Line]]] = {
        "cold": cold,
        "warm": lambda work: warm(work, sizes),
        "ingest": lambda work: ingest(work, options.fp32),
        "again": lambda work: again(work, options.articles),
        "quality": quality,
    }
    return [section for name, section in sections.items() if options.only in (None, name)]


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
            yield Path(folder)


def _filled(work: Path, passages: int) -> Path:
    """An index of about ``passages`` passages, made where it isn't there yet."""
    from qa.library.add import add
    from qa.models.embedder import MiniLM

    index, source = work / f"index-{passages}", work / f"articles-{passages}.jsonl"
    if not (index / "CURRENT").exists():
        corpus.write_jsonl(source, corpus.articles(passages // 10, sentences=_SENTENCES))
        add(index, [str(source)], embedder=corpus.Clustered(MiniLM.load()))
    return index


def _stock(work: Path, passages: int) -> Path:
    from qa.models.embedder import MiniLM

    store = work / f"stock-{passages}"
    if not store.exists():
        drafts = list(corpus.articles(passages // 10, sentences=_SENTENCES))
        peers.build_stock(store, drafts, corpus.Clustered(MiniLM.load()), chunk=100)
    return store


def cold(work: Path) -> Iterator[Line]:
    """What one command costs, started from nothing."""
    qa, python = str(Path(sys.executable).with_name("qa")), sys.executable
    helped = measure.median_child([qa, "--help"], n=7)
    yield Line(what="qa --help, CPU s", ours=f"{helped.seconds:.3f}", goal="<= 0.20", met=helped.seconds <= 0.2, n=7)
    index, store = _filled(work, 10_000), _stock(work, 10_000)
    question = corpus.questions(1)[0]
    ours = measure.median_child([qa, "ask", "--index", str(index), question], n=5)
    peer = measure.median_child([python, "-m", "eval.bench.peers", str(store), question], n=5)
    yield Line(
        what="qa ask, cold, 10k passages, CPU s (stock chain: retrieval)",
        ours=f"{ours.seconds:.2f}",
        peer=f"{peer.seconds:.2f}",
        ratio=f"{peer.seconds / ours.seconds:.2f}x",
        goal="<= 1.50",
        met=ours.seconds <= 1.5,
        n=5,
    )
    met = peer.seconds / ours.seconds >= 1.5
    yield Line(
        what="  and at least 1.5x less than the stock chain",
        ours="",
        ratio=f"{peer.seconds / ours.seconds:.2f}x",
        goal=">= 1.5x",
        met=met,
        n=5,
    )
    yield Line(what="  peak memory, MB", ours=f"{ours.peak / 1e6:.0f}", peer=f"{peer.peak / 1e6:.0f}", n=1)


def warm(work: Path, sizes: tuple[int, ...]) -> Iterator[Line]:
    """What a question costs an open index: p50 of wall-clock milliseconds, by the number of passages."""
    goals = {10_000: 25.0, 100_000: 60.0}
    by_size = {}
    for size in sizes:
        searched, asked, count = _warm(_filled(work, size))
        by_size[size] = searched
        goal = goals.get(size)
        yield Line(
            what=f"retrieval, warm, {count} passages, p50 ms",
            ours=f"{searched:.1f}",
            goal=f"<= {goal:.0f}" if goal else "",
            met=searched <= goal if goal else None,
            n=_QUESTIONS,
        )
        yield Line(what=f"ask, warm, {count} passages, p50 ms", ours=f"{asked:.1f}", n=_QUESTIONS)
        if size == 10_000:
            yield from _peers_warm(work, size, searched)
        if size == 100_000:
            peak = _peak(_filled(work, size))
            yield Line(
                what="ask, 100k passages, peak memory, MB", ours=f"{peak / 1e6:.0f}", goal="<= 600", met=peak <= 600e6
            )
    growth = by_size[sizes[-1]] / by_size[sizes[0]]
    met = growth < 3 if sizes[-1] == 100_000 else None
    yield Line(
        what=f"growth of retrieval from {sizes[0]} to {sizes[-1]}",
        ours=f"{growth:.2f}x",
        goal="< 3x",
        met=met,
        n=_QUESTIONS,
    )


def _warm(index: Path) -> tuple[float, float, int]:
    from qa.app import Reading
    from qa.types import Filters

    questions = corpus.questions(_QUESTIONS)
    with Reading(index) as reading:
        searched = measure.percentile_ms(lambda text: reading.search(text, k=10, filters=Filters()), questions)
        asked = measure.percentile_ms(lambda text: reading.ask(text, k=5, filters=Filters()), questions)
        return searched, asked, reading.ledger.stats().passages


def _peak(index: Path) -> int:
    qa = str(Path(sys.executable).with_name("qa"))
    return measure.run_child([qa, "ask", "--index", str(index), corpus.questions(1)[0]]).peak


def _peers_warm(work: Path, size: int, ours: float) -> Iterator[Line]:
    import numpy as np

    from qa.models.embedder import MiniLM

    embedder, questions = MiniLM.load(), corpus.questions(_QUESTIONS)
    retriever = peers.open_stock(_stock(work, size), embedder).as_retriever(similarity_top_k=10)
    stock = measure.percentile_ms(retriever.retrieve, questions)
    yield Line(
        what="  LlamaIndex's stock chain, retrieval (dense only)",
        ours=f"{ours:.1f}",
        peer=f"{stock:.1f}",
        ratio=f"{stock / ours:.2f}x",
        n=_QUESTIONS,
    )
    folder = work / f"direct-{size}"
    fresh = not folder.exists()
    direct, clustered = peers.DirectChroma(folder), corpus.Clustered(embedder)
    if fresh:
        texts = [f"{number}" for number in range(size)]
        direct.fill(texts, np.stack([clustered.embed(text) for text in texts]))
    chroma = measure.percentile_ms(lambda text: direct.query(embedder.embed(text)), questions)
    yield Line(
        what="  Chroma used directly (dense only)",
        ours=f"{ours:.1f}",
        peer=f"{chroma:.1f}",
        ratio=f"{chroma / ours:.2f}x",
        n=_QUESTIONS,
    )


def ingest(work: Path, fp32: Path | None) -> Iterator[Line]:
    """Characters of article a CPU second, and how much of it isn't embedding."""
    from qa.library.add import add
    from qa.models.embedder import MiniLM

    drafts = list(corpus.articles(60, sentences=_SENTENCES, seed=3))
    source, index = work / "ingest.jsonl", work / "index-ingest"
    characters = corpus.write_jsonl(source, iter(drafts))
    shutil.rmtree(index, ignore_errors=True)
    remembered = corpus.Remembered(MiniLM.load())
    with measure.cpu() as whole:
        add(index, [str(source)], embedder=remembered)
    with measure.cpu() as rest:
        shutil.rmtree(index)
        add(index, [str(source)], embedder=remembered)
    ours, share = characters / whole(), rest() / whole()
    models = {"int8": None} | ({"fp32": fp32} if fp32 else {})
    for name, folder in models.items():
        store = work / f"stock-ingest-{name}"
        shutil.rmtree(store, ignore_errors=True)
        with measure.cpu() as taken:
            peers.build_stock(store, drafts, MiniLM.load(folder), chunk=100)
        peer = characters / taken()
        goal = (">= 2x", ours / peer >= 2) if name == "fp32" else ("", None)
        yield Line(
            what=f"ingest, characters a CPU s (stock chain, {name})",
            ours=f"{ours:.0f}",
            peer=f"{peer:.0f}",
            ratio=f"{ours / peer:.2f}x",
            goal=goal[0],
            met=goal[1],
            n=len(drafts),
        )
    yield Line(
        what="  share of ingest that isn't embedding",
        ours=f"{share:.1%}",
        goal="<= 15 %",
        met=share <= 0.15,
        n=len(drafts),
    )


def again(work: Path, count: int) -> Iterator[Line]:
    """Adding an unchanged collection once more, against the first time: files in a folder, as a user has them."""
    from time import perf_counter

    from qa.library.add import add
    from qa.models.embedder import MiniLM

    folder, index, embedder = work / f"folder-{count}", work / "index-again", MiniLM.load()
    folder.mkdir(exist_ok=True)
    for number, draft in enumerate(corpus.articles(count, sentences=6, seed=5)):
        (folder / f"{number}.txt").write_text(f"{draft.title}\n\n{draft.text}\n", encoding="utf-8")
    shutil.rmtree(index, ignore_errors=True)
    taken = []
    for _ in range(2):
        started = perf_counter()
        with measure.cpu() as seconds:
            report = add(index, [str(folder)], embedder=embedder)
        taken.append((seconds(), perf_counter() - started))
    assert report.unchanged == count, report
    (first, _), (second, wall) = taken
    yield Line(
        what=f"re-ingest of {count} unchanged articles, CPU s (first time)",
        ours=f"{second:.2f} ({wall:.1f} s)",
        peer=f"{first:.1f}",
        ratio=f"{first / second:.0f}x",
        goal=">= 100x",
        met=first / second >= 100,
        n=count,
    )


def quality(work: Path) -> Iterator[Line]:
    """Retrieval on SciFact's training questions, by way of ranking; nothing where the data isn't."""
    from eval.bench.retrieval import index_of, measure, scifact
    from qa.models.embedder import MiniLM

    data = Path(os.environ.get("QA_DATA", "../shared/data"))
    if not (data / "scifact").is_dir():
        print(f"SciFact isn't at {str(data)!r} (QA_DATA): retrieval quality isn't measured")
        return
    collection, embedder = scifact(data), MiniLM.load()
    for row in measure(collection, index_of(collection, work, embedder), embedder):
        shipped = row.way == "fused + musts"
        yield Line(
            what=f"SciFact, training questions, nDCG@10, {row.way}",
            ours=f"{row.scores.ndcg10:.4f}",
            goal=">= .715" if shipped else "",
            met=row.scores.ndcg10 >= 0.715 if shipped else None,
            n=row.scores.n,
        )


if __name__ == "__main__":
    main()
