"""Measures segmenting on real text: ``python -m eval.bench.segmenting [--errors N] [--sample N]``.

Needs the development data (environment variable ``QA_DATA``, default ``../shared/data``). Prints, each over a
stated n: boundary F1 beside a one-line regex, quotes cut in polnear, the share of characters kept from the body by
role, passage sizes, and speed. Nothing is written, and nothing here is a gate.
"""

from __future__ import annotations

import argparse
import glob
import gzip
import json
import os
import random
import re
import textwrap
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from eval.bench.arguments import ended
from qa.ingest.segment import segment
from qa.types import Role

_BASELINE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n\s*\n")


@dataclass(frozen=True)
class Marked:
    """A text whose sentence starts (but for the first) are given."""

    name: str
    text: str
    starts: frozenset[int]


@dataclass(frozen=True)
class Score:
    """Counts over boundaries."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def data() -> Path:
    """Where the development data is."""
    return Path(os.environ.get("QA_DATA") or Path(__file__).parents[3] / "shared" / "data")


def joined(name: str, sentences: Iterable[str]) -> Marked:
    """Sentences set one after the other, a space between."""
    text, starts = "", set()
    for sentence in filter(None, (sentence.strip() for sentence in sentences)):
        if text:
            text += " "
            starts.add(len(text))
        text += sentence
    return Marked(name, text, frozenset(starts))


_UNTOKENISED = (
    (re.compile(r"(`` |\( |\[ |\$ )"), lambda found: found.group().strip().replace("``", '"')),
    (re.compile(r" (''|[.,;:!?)\]%]|'s\b|n't\b|'re\b|'ve\b|'ll\b)"), lambda found: found.group(1).replace("''", '"')),
    (re.compile(r"(?<=\w) - (?=\w)"), lambda _: "-"),
)


def natural(sentence: str) -> str:
    """Treebank tokens written as people write them."""
    for pattern, replacement in _UNTOKENISED:
        sentence = pattern.sub(replacement, sentence)
    return sentence


def clapnq(root: Path) -> Iterator[Marked]:
    """Passages with their sentences, tokenised and as people write."""
    for file in sorted((root / "clapnq").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            for passage in json.loads(line)["passages"]:
                yield joined("clapnq tokenised", passage["sentences"])
                yield joined("clapnq natural", map(natural, passage["sentences"]))


def qed(root: Path) -> Iterator[Marked]:
    """Paragraphs with sentence starts, tokenised and as people write."""
    for line in (root / "qed/qed-dev.jsonlines").read_text("utf-8").splitlines():
        record = json.loads(line)
        text, starts = record["paragraph_text"], record["sentence_starts"]
        pieces = [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]
        yield joined("qed tokenised", pieces)
        yield joined("qed natural", map(natural, pieces))


def qamr(root: Path) -> Iterator[Marked]:
    """Single sentences of Wikinews and Wikipedia, those of one paragraph set together in order."""
    paragraphs: dict[str, dict[int, str]] = defaultdict(dict)
    for file in sorted((root / "qamr").glob("readable_*.tsv")):
        lines = file.read_text("utf-8").splitlines()
        for key, sentence in pairwise(lines):
            if key.startswith("#"):
                paragraph, _, number = key.strip().rpartition(":")
                paragraphs[paragraph][int(number)] = sentence.split("\t")[0]
    for found in paragraphs.values():
        if len(found) > 1:
            yield joined("qamr", (found[number] for number in sorted(found)))


def ours(text: str) -> frozenset[int]:
    """Sentence starts by ``segment``."""
    return frozenset(sentence.start for sentence in segment(text).sentences[1:])


def baseline(text: str) -> frozenset[int]:
    """Sentence starts by one regular expression."""
    return frozenset(match.end() for match in _BASELINE.finditer(text))


def score(texts: Iterable[Marked], starts: Callable[[str], frozenset[int]]) -> Score:
    """Boundaries found in ``texts`` against those given."""
    right = wrong = missed = 0
    for marked in texts:
        found = starts(marked.text)
        right += len(found & marked.starts)
        wrong += len(found - marked.starts)
        missed += len(marked.starts - found)
    return Score(right, wrong, missed)


def boundaries(root: Path, errors: int) -> None:
    """Boundary F1 by set, ours beside the baseline; ``errors`` of ours are shown."""
    sets: dict[str, list[Marked]] = defaultdict(list)
    for marked in (*clapnq(root), *qed(root), *qamr(root)):
        sets[marked.name].append(marked)
    print("Boundary F1 (wrong, missed): ours | regex")
    for name, texts in sets.items():
        mine, other = score(texts, ours), score(texts, baseline)
        given = sum(len(marked.starts) for marked in texts)
        print(
            f"  {name}: n {len(texts)} texts, {given} boundaries: {mine.f1:.4f} ({mine.wrong}, {mine.missed}) | "
            f"{other.f1:.4f} ({other.wrong}, {other.missed})"
        )
    for name in ("qamr", "qed natural", "clapnq natural"):
        _show_errors(sets[name], errors)


def _show_errors(texts: Sequence[Marked], errors: int) -> None:
    found = []
    for marked in texts:
        mine = ours(marked.text)
        found += [f"  {marked.name} wrong:  {_around(marked.text, at)}" for at in sorted(mine - marked.starts)]
        found += [f"  {marked.name} missed: {_around(marked.text, at)}" for at in sorted(marked.starts - mine)]
    random.Random(7).shuffle(found)
    print("\n".join(found[:errors]), end="\n" if errors else "")


def _around(text: str, at: int, reach: int = 60) -> str:
    return repr(f"{text[max(0, at - reach) : at]} ║ {text[at : at + reach]}")


def polnear(root: Path) -> list[tuple[str, Path]]:
    """News articles with their annotation files."""
    folder = root / "polnear/data/dev"
    return [
        (file.read_text("utf-8"), annotation)
        for file in sorted((folder / "text").glob("*.txt"))
        for annotation in sorted((folder / "attributions").glob(f"{glob.escape(file.stem)}_*.ann"))[:1]
    ]


def cut_quotes(articles: Sequence[tuple[str, Path]], errors: int) -> None:
    """Contents of attributions that a boundary cuts where no end mark stands before it (a wrong boundary)."""
    spans = cut = suspect = 0
    shown = []
    for text, annotation in articles:
        starts = sorted(ours(text))
        for line in annotation.read_text("utf-8").splitlines():
            match = re.match(r"T\d+\tContent (\d+) (\d+)\t", line)
            if match is None:
                continue
            spans += 1
            inside = [at for at in starts if int(match[1]) < at < int(match[2])]
            cut += bool(inside)
            bad = [at for at in inside if not re.search(r"[.!?…][\"'”’)\]]*\s+\Z|\n\s*\Z", text[max(0, at - 9) : at])]
            suspect += bool(bad)
            shown += [_around(text, at) for at in inside]
    print(f"polnear: n {len(articles)} articles, {spans} contents, {cut} across a boundary, {suspect} without end mark")
    random.Random(3).shuffle(shown)
    print("\n".join(f"  across: {line}" for line in shown[:errors]), end="\n" if errors else "")


def squad(root: Path) -> list[str]:
    """Paragraphs of SQuAD 2.0 and SQuADShifts."""
    files = [*(root / "squad2").glob("*.json"), *(root / "squadshifts").glob("*.json")]
    loaded = [json.loads(file.read_text("utf-8")) for file in sorted(files)]
    return [part["context"] for one in loaded for article in one["data"] for part in article["paragraphs"]]


def pages(root: Path) -> list[str]:
    """The true bodies of news pages, and the pages' visible text with a line for each block of HTML."""
    folder = root / "html/aeb"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return [record["articleBody"] for record in truth.values()]


def raw_pages(root: Path) -> list[str]:
    """The visible text of whole news pages, menus and all."""
    from lxml import html

    found = []
    for file in sorted((root / "html/aeb").glob("*.html.gz")):
        tree = html.fromstring(gzip.decompress(file.read_bytes()))
        for element in tree.xpath("//script|//style|//noscript|//svg|//head|//comment()"):
            element.drop_tree()
        for element in tree.xpath("//p|//div|//li|//h1|//h2|//h3|//h4|//tr|//figcaption|//br|//section|//ul"):
            element.tail = "\n\n" + (element.tail or "")
            element.text = "\n\n" + (element.text or "")
        text = re.sub(r"[ \t\r\f\xa0]+", " ", str(tree.text_content()))
        found.append(re.sub(r"\s*\n\s*", "\n\n", text).strip())
    return found


def shares(name: str, texts: Sequence[str], errors: int) -> None:
    """How many of all characters are of each role, and samples of those that aren't body."""
    counts: Counter[Role] = Counter()
    lines: list[str] = []
    for text in texts:
        for sentence in segment(text).sentences:
            counts[sentence.role] += sentence.end - sentence.start
            if sentence.role is not Role.BODY:
                lines.append(f"  {sentence.role.value}: {text[sentence.start : sentence.end]!r}")
    whole = max(1, sum(counts.values()))
    print(
        f"{name}: n {len(texts)} texts, {whole} characters; " + ", ".join(f"{r} {counts[r] / whole:.4%}" for r in Role)
    )
    random.Random(5).shuffle(lines)
    print("\n".join(lines[:errors]), end="\n" if errors else "")


def passage_sizes(texts: Sequence[str]) -> None:
    """Sizes of passages in characters."""
    sizes = sorted(passage.end - passage.start for text in texts for passage in segment(text).passages)
    deciles = [sizes[len(sizes) * tenth // 10] for tenth in range(1, 10)]
    over = sum(size > 900 for size in sizes)
    print(f"passages: n {len(sizes)}, median {median(sizes)}, deciles {deciles}, max {sizes[-1]}, over 900: {over}")


def wrapped(articles: Sequence[str], width: int = 72) -> None:
    """Sentences that change when each paragraph is wrapped at ``width``."""
    whole = changed = 0
    for text in articles:
        paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
        flat = _sentences("\n\n".join(paragraphs))
        folded = [textwrap.fill(one, width, break_long_words=False, break_on_hyphens=False) for one in paragraphs]
        whole += flat.total()
        changed += (flat - _sentences("\n\n".join(folded))).total()
    print(f"wrapped at {width}: n {whole} sentences, {changed} changed")


def _sentences(text: str) -> Counter[str]:
    return Counter(" ".join(text[found.start : found.end].split()) for found in segment(text).sentences)


def speed(texts: Sequence[str]) -> None:
    """Characters a CPU second, sentences, roles and passages together; the best of three."""
    characters = sum(map(len, texts))
    best = 1e9
    for _ in range(3):
        begun = time.process_time()
        for text in texts:
            segment(text)
        best = min(best, time.process_time() - begun)
    print(f"speed: n {len(texts)} texts, {characters} characters, {best:.2f} CPU s, {characters / best / 1e6:.2f} M/s")


def sample(kinds: Sequence[Sequence[str]], count: int) -> None:
    """Boundaries drawn by chance, as many from each kind of text, to be read by eye."""
    chance = random.Random(11)
    for number in range(count):
        text = chance.choice(kinds[number % len(kinds)])
        starts = sorted(ours(text))
        if starts:
            print(f"  {_around(text, chance.choice(starts))}")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=0, help="how many errors or samples to show of each measurement")
    parser.add_argument("--sample", type=int, default=0, help="how many boundaries to show, drawn by chance")
    options = parser.parse_args()
    root = data()
    boundaries(root, options.errors)
    articles = polnear(root)
    cut_quotes(articles, options.errors)
    news = [text for text, _ in articles]
    wrapped(news)
    shares("polnear", news, options.errors)
    shares("squad2, squadshifts", squad(root), options.errors)
    shares("html, true bodies", pages(root), options.errors)
    shares("html, whole pages", raw_pages(root), options.errors)
    passage_sizes(news)
    speed(news * 5)
    speed(squad(root))
    sample([news, squad(root), pages(root)], options.sample)


if __name__ == "__main__":
    raise SystemExit(ended(main))
