"""How well articles are taken out of real news pages: ``python -m eval.bench.extraction``.

The measure is the benchmark's own (scrapinghub/article-extraction-benchmark, ``evaluate.py``): bags of 4-token shingles
of the true and the extracted body; precision and recall of each page, averaged over the pages; F1 of the two averages.
Pages are read from ``$QA_DATA/html/aeb``; none of them is in the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.ingest.decode import decode
from qa.ingest.html import Page, declared_charset, read_page

_TOKEN = re.compile(r"\w+")
_SHINGLE = 4
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?:[/-]|\b)")


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page: shingle precision and recall, share of true paragraphs found whole, what metadata was found.

    ``date_agrees``: with the date in the page's address, give or take a day; None where either is missing.
    """

    name: str
    precision: float
    recall: float
    paragraphs: float
    titled: bool
    dated: bool
    date_agrees: bool | None


@dataclass(frozen=True, slots=True)
class Scores:
    """All pages together; ``dates_compared`` is how many pages have a date in their address and in their metadata."""

    each: tuple[PageScore, ...]
    pages: int
    empty: int
    precision: float
    recall: float
    f1: float
    paragraphs: float
    titled: int
    dated: int
    dates_agree: int
    dates_compared: int


def measure(folder: Path) -> Scores:
    """Read and score every page of the benchmark in ``folder``."""
    each = tuple(score_page(name, page, body=body, url=url) for name, page, body, url in _pages(folder))
    n = len(each)
    precision, recall = sum(one.precision for one in each) / n, sum(one.recall for one in each) / n
    agree = [one.date_agrees for one in each if one.date_agrees is not None]
    return Scores(
        each=each,
        pages=n,
        empty=sum(not one.precision for one in each),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall),
        paragraphs=sum(one.paragraphs for one in each) / n,
        titled=sum(one.titled for one in each),
        dated=sum(one.dated for one in each),
        dates_agree=sum(agree),
        dates_compared=len(agree),
    )


def score_page(name: str, page: Page, *, body: str, url: str) -> PageScore:
    """The score of what was read from a page whose true body and address are known."""
    true, found = _shingles(body), _shingles(page.text)
    shared = (true & found).total()
    wanted = [" ".join(_TOKEN.findall(one)) for one in body.split("\n") if one.strip()]
    got = {" ".join(_TOKEN.findall(one)) for one in page.text.split("\n")}
    stamp, published = _url_date(url), page.known.published
    return PageScore(
        name=name,
        precision=shared / found.total() if found else 0.0,
        recall=shared / true.total() if true else 0.0,
        paragraphs=sum(one in got for one in wanted) / max(1, len(wanted)),
        titled=bool(page.known.title),
        dated=published is not None,
        date_agrees=None if stamp is None or published is None else abs((stamp - published).days) <= 1,
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    size = min(_SHINGLE, len(tokens)) or 1
    return Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))


def _url_date(url: str) -> date | None:
    match = _URL_DATE.search(url)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _pages(folder: Path) -> Iterator[tuple[str, Page, str, str]]:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, entry in sorted(truth.items()):
        raw = gzip.decompress((folder / f"{name}.html.gz").read_bytes())
        decoded = decode(raw, declared=declared_charset(raw))
        yield name, read_page(decoded.text if decoded else ""), entry["articleBody"], entry["url"]


def main() -> None:
    """Print the figures, and the worst pages with ``--worst``."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.extraction", description=__doc__)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N pages of lowest score")
    arguments = parser.parse_args()
    started = time.process_time()
    scores = measure(Path(os.environ.get("QA_DATA", "../shared/data")) / "html" / "aeb")
    milliseconds = 1000 * (time.process_time() - started) / scores.pages
    print(f"pages {scores.pages}, with no text {scores.empty}, CPU ms a page {milliseconds:.0f}")
    print(f"F1 {scores.f1:.3f}  precision {scores.precision:.3f}  recall {scores.recall:.3f}")
    print(f"true paragraphs found whole {scores.paragraphs:.3f}")
    print(f"title found {scores.titled}/{scores.pages}, date found {scores.dated}/{scores.pages}")
    print(f"date as in the address, give or take a day {scores.dates_agree}/{scores.dates_compared}")
    for one in sorted(scores.each, key=lambda score: score.precision + score.recall)[: arguments.worst]:
        print(f"{one.name[:12]}  precision {one.precision:.2f}  recall {one.recall:.2f}")


if __name__ == "__main__":
    main()
