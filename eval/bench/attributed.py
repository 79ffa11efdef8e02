"""How well the pieces of a report are found: what was said, the words that report it, and who says it as written.

``python -m eval.bench.attributed [--half look|score|all] [--data DIR]``. Gold are annotated attributions (PolNeAR's
layout). Counted are those with a verb of saying or quotation marks for recall; for precision any attribution will do.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.bench.statements import Attribution, articles, half_of, ours
from qa.statements.verbs import look_up
from qa.types import Span, Statement

_MARKS = frozenset('"“”«»„‘')
_BARE = " ,.;:'\"“”‘’()—–-"


@dataclass(slots=True)
class Parts:
    """Sums for one kind of speech: ``covered`` of ``gold`` attributions' contents (each counts for the share of its
    characters that is found), ``borne_out`` of ``found`` statements' (the share that is annotated); ``right`` are the
    found statements' sources that are the nearest attribution's, word for word, ``exact`` the attributions' that are
    the nearest statement's; cues likewise.
    """

    gold: int = 0
    covered: float = 0.0
    found: int = 0
    borne_out: float = 0.0
    gold_sources: int = 0
    found_sources: int = 0
    right_sources: int = 0
    exact_sources: int = 0
    gold_cues: int = 0
    exact_cues: int = 0

    @property
    def recall(self) -> float:
        return self.covered / max(1, self.gold)

    @property
    def precision(self) -> float:
        return self.borne_out / max(1, self.found)

    def line(self, name: str) -> str:
        """One row of the table."""
        sources = _f1(self.right_sources / max(1, self.found_sources), self.exact_sources / max(1, self.gold_sources))
        return (
            f"{name:9} content P {self.precision:.3f} (n {self.found}) R {self.recall:.3f} (n {self.gold})"
            f" F1 {_f1(self.precision, self.recall):.3f}"
            f" | source exact F1 {sources:.3f} (n {self.gold_sources})"
            f" | cue exact {self.exact_cues / max(1, self.gold_cues):.3f} (n {self.gold_cues})"
        )


@dataclass(slots=True)
class Table:
    """The parts by kind of speech, as the gold has it: inside quotation marks, outside, both."""

    kinds: dict[str, Parts] = field(default_factory=lambda: defaultdict(Parts))

    def lines(self) -> Iterator[str]:
        """The report, all kinds first."""
        order = ("all", "direct", "indirect", "mixed")
        yield from (self.kinds[kind].line(kind) for kind in order if kind in self.kinds)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def is_counted(attribution: Attribution, text: str) -> bool:
    """Whether it has a verb of saying or quotation marks."""
    verbs = (look_up(word) for word in attribution.cue.split())
    said = any(verb is not None and verb.kind == "say" for verb in verbs) or "according" in attribution.cue
    return said or any(_MARKS.intersection(text[span.start - 1 : span.end + 1]) for span in attribution.content)


def kind_of(attribution: Attribution, text: str) -> str:
    """``"direct"`` where nearly all of it stands in quotation marks, ``"mixed"`` where some does."""
    content = sorted(attribution.content)
    whole = " ".join(text[span.start : span.end] for span in content)
    inside, quoted = 0, text[max(0, content[0].start - 1)] in _MARKS
    for letter in whole:
        quoted = not quoted if letter in _MARKS else quoted
        inside += quoted
    if not _MARKS.intersection(whole) and not quoted:
        return "indirect"
    return "direct" if inside >= 0.8 * len(whole) else "mixed"


def places(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """The places of letters and digits in spans."""
    return frozenset(at for span in spans for at in range(span.start, span.end) if text[at].isalnum())


def add_article(table: Table, text: str, gold: Sequence[Attribution], found: Sequence[Statement]) -> None:
    """Count one article."""
    said = [places(text, statement.content) for statement in found]
    annotated = [places(text, attribution.content) for attribution in gold]
    everything = frozenset().union(*annotated)
    for statement, mine in zip(found, said, strict=True):
        best = max(range(len(gold)), key=lambda at: _likeness(mine, annotated[at]), default=None)
        near = gold[best] if best is not None and mine & annotated[best] else None
        exact = near is not None and _same(text, statement.source, near.source)
        for kind in ("all", statement.kind):
            parts = table.kinds[kind]
            parts.found += 1
            parts.borne_out += len(mine & everything) / max(1, len(mine))
            parts.found_sources += statement.source is not None
            parts.right_sources += exact
    for attribution, wanted in zip(gold, annotated, strict=True):
        if not is_counted(attribution, text) or not wanted:
            continue
        best = max(range(len(found)), key=lambda at: _likeness(said[at], wanted), default=None)
        nearest = found[best] if best is not None and said[best] & wanted else None
        covered = frozenset().union(*(one & wanted for one in said))
        for kind in ("all", kind_of(attribution, text)):
            parts = table.kinds[kind]
            parts.gold += 1
            parts.covered += len(covered) / len(wanted)
            parts.gold_sources += bool(attribution.source)
            parts.gold_cues += bool(attribution.cue)
            if nearest is None:
                continue
            parts.exact_sources += _same(text, nearest.source, attribution.source)
            word = nearest.cue.of(text).casefold() if nearest.cue else ""
            parts.exact_cues += bool(word) and word in attribution.cue.split()


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / max(1, len(one | other))


def _same(text: str, mine: Span | None, theirs: Sequence[Span]) -> bool:
    """Whether two sources are the same words, but for signs around them."""
    if mine is None or not theirs:
        return False
    whole = Span(min(theirs).start, max(span.end for span in theirs))
    return _bare(text, mine) == _bare(text, whole)


def _bare(text: str, span: Span) -> tuple[int, int]:
    words = span.of(text)
    return span.start + len(words) - len(words.lstrip(_BARE)), span.end - len(words) + len(words.rstrip(_BARE))


def measure(data: Path, half: str) -> Table:
    """The table over one half of the articles, or all."""
    table = Table()
    for name, text, gold in articles(data):
        if half in ("all", half_of(name)):
            add_article(table, text, gold, ours(text).statements)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.attributed", description=__doc__)
    default = Path(os.environ.get("QA_DATA", "../shared/data")) / "polnear" / "data" / "dev"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--half", choices=("look", "score", "all"), default="score")
    options = parser.parse_args(arguments)
    if not (options.data / "text").is_dir():
        sys.stderr.write(f"no articles in {str(options.data)!r}: set QA_DATA or give --data\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in measure(options.data, options.half).lines())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
