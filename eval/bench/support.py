"""Claims against their evidence, judged by people and by ``qa.answer.support``: ``python -m eval.bench.support``.

SciFact's training claims, each with the sentences that people cited from an abstract: those that bear it out
(SUPPORT), those that speak against it (CONTRADICT), and, of the claims borne out, the sentence of the same abstract
most like the claim that nobody cited (NEAR). Printed are, without a reader and with one, the shares supported, partly
and unsupported; with a reader also what each threshold on its log-odds makes of it, and the threshold that a rule
chooses on one half of the claims, measured on the other.

SciFact's own sentences aren't in the data: the abstracts are cut by ``qa.ingest.sentences``, and what is cited beyond
the last sentence is left out and counted. Needs the development data (``QA_DATA``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bench.reader import data_folder
from eval.bench.reader_kit import load, spread
from eval.bench.reader_table import auroc
from qa.answer.support import PARAPHRASED, Evidence, Verdict, judge, paraphrase
from qa.answer.words import stem
from qa.errors import QaError
from qa.ingest.sentences import cut
from qa.models.reader.reader import Reader
from qa.types import Support

SUPPORT, CONTRADICT, NEAR = "SUPPORT", "CONTRADICT", "NEAR"
#: The rule: of the thresholds with at least this precision of "supported" on the chosen half, the highest recall.
PRECISION = 0.95
NEVER = math.inf  # a threshold that no paraphrase reaches: the deterministic checks alone
THRESHOLDS = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A claim by its id with what it's judged against; ``label`` is people's."""

    claim_id: str
    claim: str
    label: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item with its verdict; ``score`` is the reader's log-odds whatever the checks say, if there is a reader."""

    item: Item
    verdict: Verdict
    score: float | None = None

    def supported(self, threshold: float) -> bool:
        """Whether it would be supported with this threshold for paraphrases instead of the product's."""
        if self.verdict.paraphrase is not None:
            return self.verdict.paraphrase >= threshold
        return self.verdict.support is Support.SUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a threshold makes of SUPPORT against CONTRADICT; ``precision`` is NaN where nothing is supported."""

    threshold: float
    precision: float
    recall: float
    n: int


# --- the data


def items(folder: Path) -> tuple[list[Item], int]:
    """All items in a fixed order, and how many cited sets the sentences as we cut them don't have."""
    asked = {line.split("\t")[0] for line in (folder / "train.tsv").read_text("utf-8").splitlines()[1:]}
    abstracts = {row["_id"]: row for row in _rows(folder / "corpus.jsonl")}
    found: list[Item] = []
    lost = 0
    for row in _rows(folder / "queries.jsonl"):
        if row["_id"] not in asked:
            continue
        for article, sets in sorted(row["metadata"].items()):
            for item in _of(row, abstracts[article], sets):
                found.extend([item] if item is not None else [])
                lost += item is None
    return found, lost


def _of(claim: dict[str, Any], abstract: dict[str, Any], sets: Sequence[dict[str, Any]]) -> Iterator[Item | None]:
    """The items of one claim and one abstract: a set of cited sentences each, and the near sentence."""
    text: str = abstract["text"]
    sentences = [text[start:end] for start, end in cut(text, 0, len(text))]
    cited = {place for one in sets for place in one["sentences"]}
    for one in sets:
        places = one["sentences"]
        yield (
            _item(claim, abstract, one["label"], [sentences[at] for at in places])
            if max(places) < len(sentences)
            else None
        )
    if any(one["label"] == SUPPORT for one in sets):
        others = [sentence for at, sentence in enumerate(sentences) if at not in cited]
        if others:
            yield _item(claim, abstract, NEAR, [max(others, key=lambda one: _alike(claim["text"], one))])


def _item(claim: dict[str, Any], abstract: dict[str, Any], label: str, sentences: Sequence[str]) -> Item:
    evidence = tuple(Evidence(text=one, title=abstract["title"], article=abstract["_id"]) for one in sentences)
    return Item(claim_id=claim["_id"], claim=claim["text"], label=label, evidence=evidence)


def _alike(claim: str, sentence: str) -> float:
    mine, theirs = ({stem(word) for word in text.casefold().split()} for text in (claim, sentence))
    return len(mine & theirs) / len(mine | theirs)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text("utf-8").splitlines())


# --- measured


def judged(every: Sequence[Item], reader: Reader | None = None) -> list[Judged]:
    """Each item with its verdict and, where there is a reader, its score."""
    return [
        Judged(
            item=item,
            verdict=judge(item.claim, item.evidence, reader=reader),
            score=paraphrase(item.claim, item.evidence, reader=reader),
        )
        for item in every
    ]


def point(every: Sequence[Judged], threshold: float) -> Point:
    """Precision and recall of "supported" over what people call SUPPORT or CONTRADICT."""
    told = [one for one in every if one.item.label in (SUPPORT, CONTRADICT)]
    shown = [one for one in told if one.supported(threshold)]
    right = sum(one.item.label == SUPPORT for one in shown)
    wanted = sum(one.item.label == SUPPORT for one in told)
    return Point(
        threshold=threshold,
        precision=right / len(shown) if shown else math.nan,
        recall=right / wanted if wanted else math.nan,
        n=len(told),
    )


def chosen(every: Sequence[Judged]) -> Point:
    """The rule's threshold on these: of what is precise enough the highest recall, the highest threshold of equals; the
    strictest where none is.
    """
    scores = {one.verdict.paraphrase for one in every if one.verdict.paraphrase is not None}
    points = [point(every, threshold) for threshold in sorted({*scores, NEVER})]
    fit = [one for one in points if one.precision >= PRECISION]
    return max(fit, key=lambda one: (one.recall, one.threshold), default=points[-1])


def halves(every: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """The two halves by the hash of the claim's id: all of one claim are in the same."""
    first = [one for one in every if hashlib.sha256(one.item.claim_id.encode()).digest()[0] < 128]
    kept = {id(one) for one in first}
    return first, [one for one in every if id(one) not in kept]


# --- printed


def report(every: Sequence[Judged], *, named: str, read: bool) -> Iterator[str]:
    """The lines of the table of one run; ``read`` says whether a reader was asked."""
    yield f"{named:<28} {'supported':>10} {'partly':>8} {'unsupported':>12} {'n':>6}"
    for label in (SUPPORT, CONTRADICT, NEAR):
        mine = [one.verdict.support for one in every if one.item.label == label]
        shares = [mine.count(support) / len(mine) if mine else math.nan for support in Support]
        yield f"  {label:<26} {shares[0]:>10.3f} {shares[1]:>8.3f} {shares[2]:>12.3f} {len(mine):>6}"
    if not read:
        yield _shown("the checks alone", point(every, NEVER))
        return
    scores = {label: [one.score for one in every if one.item.label == label] for label in (SUPPORT, CONTRADICT, NEAR)}
    for other in (CONTRADICT, NEAR):
        known = [[score for score in scores[label] if score is not None] for label in (SUPPORT, other)]
        yield f"  the score alone, SUPPORT over {other}: AUROC {auroc(*known):.3f}"
    asked = sum(one.verdict.paraphrase is not None for one in every)
    yield f"  the reader decides {asked} of {len(every)}; the product's threshold is {PARAPHRASED:g}"
    for threshold in THRESHOLDS:
        yield _shown("threshold", point(every, threshold))
    first, second = halves(every)
    best = chosen(first)
    fair = "" if best.precision >= PRECISION else f" (none has a precision of {PRECISION})"
    yield _shown("chosen on one half", best) + fair
    yield _shown("  and on the other", point(second, best.threshold))


def _shown(what: str, one: Point) -> str:
    threshold = "never" if one.threshold == NEVER else f"{one.threshold:.2f}"
    return f"  {what:<20} {threshold:>7}: precision {one.precision:.3f}, recall {one.recall:.3f}, n={one.n}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.support", description=__doc__)
    parser.add_argument("--reader", type=Path, metavar="DIR", help="an exported reader that decides on paraphrases")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="so many items (default: all)")
    parser.add_argument("--wrong", action="store_true", help="also print what is supported against people's label")
    options = parser.parse_args(arguments)
    folder = data_folder() / "scifact"
    if not folder.is_dir():
        print(f"no data at {str(folder)!r}; set QA_DATA", file=sys.stderr)
        return 2
    try:
        reader = load(options.reader) if options.reader is not None else None
    except QaError as error:
        print(f"{error.id}: {error.message}", file=sys.stderr)
        return int(error.code)
    every, lost = items(folder)
    print(f"SciFact, training claims; {lost} cited sets left out: the sentences as cut here don't reach so far")
    every = spread(every, options.sample or len(every))
    alone = judged(every)
    for line in report(alone, named="without a reader", read=False):
        print(line)
    read = judged(every, reader) if reader is not None else []
    for line in report(read, named=f"with {options.reader}", read=True) if read else ():
        print(line)
    for one in (read or alone) if options.wrong else ():
        if one.item.label != SUPPORT and one.verdict.support is Support.SUPPORTED:
            print(f"{one.item.label} {one.item.claim!r}: {' '.join(piece.text for piece in one.item.evidence)!r}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
