"""The embedded reader against its bars: ``python -m eval.bench reader``.

Prints the whole table: each line what was measured, the floor from before there was a reader, the bar, the aim,
whether it is met, and n. The product's rows (CLAP NQ, RGB, the sample article, newsroom, a warm ask) measure ``qa`` as
it answers by itself, with the reader that ``--reader`` names if one is named. SQuAD's are the reader's alone:
``--fold FOLDER:TITLE,...``, twice, gives the row on titles that a reader wasn't trained on.

Needs the development data (``QA_DATA``). Nothing is tuned here.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.bench import reader_clapnq, reader_cost, reader_news, reader_rgb, reader_scifact, reader_squad
from eval.bench.arguments import count, ended, finite, share
from eval.bench.reader_kit import Kept, Kit, load
from eval.bench.reader_squad import Fold
from eval.bench.reader_table import Line, header
from qa.answer.scorer import ReaderScorer
from qa.answer.weights import shipped_weights
from qa.errors import UsageError
from qa.models.embedder import Embedder, MiniLM
from qa.models.reader.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """What SQuAD's rows are of: folds; and the kit's reader by ``name``, on ``titles``, with its no-answer margin."""

    folds: Sequence[Fold] = ()
    name: str = "a reader"
    titles: Sequence[str] = ()
    margin: float | None = None


def table(kit: Kit, squad: Squad, only: Sequence[str] = ()) -> Iterator[Line]:
    """The lines of the table, or of the rows ``only``, as they are measured."""
    rows: dict[str, Callable[[Kit], Iterator[Line]]] = {"squad": partial(_squad, squad=squad), **ROWS}
    for name, row in rows.items():
        if not only or name in only:
            yield from row(kit)


def _squad(kit: Kit, *, squad: Squad) -> Iterator[Line]:
    kit.file(*reader_squad.FILE)
    if squad.folds:
        yield from reader_squad.folded(kit, squad.folds)
    if kit.reader is not None:
        yield from reader_squad.alone(kit, kit.reader, name=squad.name, titles=squad.titles, margin=squad.margin)
    if not squad.folds:
        for what, bars in reader_squad.BARRED.items():
            note = "needs two readers: --fold FOLDER:TITLE,..., twice"
            yield Line(what=f"SQuAD 2.0, titles not trained on: {what}", bars=bars, note=note)


ROWS: dict[str, Callable[[Kit], Iterator[Line]]] = {
    "clapnq": reader_clapnq.rows,
    "rgb": reader_rgb.rows,
    "scifact": reader_scifact.rows,
    "article": reader_news.article,
    "newsroom": reader_news.newsroom,
    "cost": reader_cost.rows,
}


# --- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = _parser().parse_args(arguments)
    if not data_folder().is_dir():
        print(f"no data at {str(data_folder())!r}; set QA_DATA", file=sys.stderr)
        return 2
    return ended(partial(_measured, options))


def _measured(options: argparse.Namespace) -> None:
    with _kit(options) as kit:
        _print(kit, table(kit, _squad_of(options), options.only))


def data_folder() -> Path:
    """Where the development data is."""
    return Path(os.environ.get("QA_DATA") or "../shared/data")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench reader", description=__doc__)
    parser.add_argument("--reader", type=Path, metavar="FOLDER", help="an exported reader (default: the shipped one)")
    parser.add_argument("--titles", type=_titles, default=(), help="SQuAD's titles, with commas between (default: all)")
    parser.add_argument(
        "--fold",
        action="append",
        default=[],
        metavar="FOLDER:TITLE,...",
        help="a reader and the titles of SQuAD that it wasn't trained on; twice",
    )
    parser.add_argument("--margin", type=finite, help="SQuAD's no-answer threshold for --reader (default: 0)")
    parser.add_argument("--threshold", type=share, help="answer from this confidence on (default: the product's)")
    parser.add_argument("--only", action="append", choices=("squad", *ROWS), default=[], help="one row; repeatable")
    parser.add_argument("--sample", type=count, default=0, metavar="N", help="so many items of each set (default: all)")
    parser.add_argument("--work", type=Path, help="keep the indexes in this folder (SciFact's takes minutes)")
    parser.add_argument("--cache", type=Path, help="a .npz file for the vectors of the data's texts")
    return parser


def _squad_of(options: argparse.Namespace) -> Squad:
    name = "the shipped reader (saw these titles)" if options.reader is None else f"reader {options.reader.name!r}"
    folds = [_fold(one) for one in options.fold]
    titles = [title for fold in folds for title in fold.titles]
    if len(folds) not in (0, 2) or len(titles) != len(set(titles)):
        message = f"--fold is wanted twice, each title once; there are {len(folds)}, with {len(titles)} titles"
        raise UsageError("bench.bad_fold", message, remedy="--fold A:Force --fold B:Huguenot")
    return Squad(folds=folds, name=name, titles=options.titles, margin=options.margin)


def _titles(text: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in text.split(",") if title.strip())


def _fold(text: str) -> Fold:
    folder, _, titles = text.rpartition(":")
    if not folder or not _titles(titles):
        raise UsageError("bench.bad_fold", f"{text!r} isn't FOLDER:TITLE,...", remedy="--fold DIR:Force,Huguenot")
    return Fold(reader=load(Path(folder)), titles=_titles(titles))


@contextmanager
def _kit(options: argparse.Namespace) -> Iterator[Kit]:
    behind = load(options.reader)
    embedder = Kept(MiniLM.load(), options.cache)
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        yield Kit(
            data=data_folder(),
            work=work,
            embedder=embedder,
            reader=behind,
            scorer=partial(_product, embedder, behind),
            threshold=shipped_weights().threshold if options.threshold is None else options.threshold,
            sample=options.sample,
        )
        embedder.save()


def _product(embedder: Embedder, reader: Reader, threshold: float) -> ReaderScorer:
    return ReaderScorer(embedder, reader, threshold=threshold)


def _print(kit: Kit, lines: Iterator[Line]) -> None:
    sample = f", {kit.sample} items of each set" if kit.sample else ""
    print(f"embedder {kit.embedder.fingerprint.id}, threshold {kit.threshold:g}{sample}\n{header()}")
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
