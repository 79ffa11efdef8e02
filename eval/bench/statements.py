"""Measures who-said-what on news articles with annotated attributions (PolNeAR's layout: ``text/*.txt``,
``attributions/*.ann``).

``python -m eval.bench.statements [--half look|score] [--data DIR]``. Articles are split by the hash of their name into
a half that one may read (``look``) and a half that is only scored (``score``). Definitions stand at each function;
nothing is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.ingest.segment import segment
from qa.statements.people import find_people
from qa.statements.speech import find_statements
from qa.types import Person, Role, SentenceSpan, Span, Statement

_CUT = re.compile(r"\s(?:of|in|on|at|by|for|from|to|with|about|who|which|after|during)\s|[,(]")
_SAID = re.compile(r"((?:[A-Z][\w.'’-]*\s)+|\b[Hh]e |\b[Ss]he |\b[Tt]hey )(?:said|says|told)\b")
_RELATIVE = frozenset(("who", "which", "that"))
_SAYING = frozenset(("said", "says", "say", "told", "saying", "tell", "tells"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A gold attribution: character spans of content and source (the source may be empty), and the words of its cue."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a finder makes of one article."""

    sentences: tuple[SentenceSpan, ...]
    people: tuple[Person, ...]
    statements: tuple[Statement, ...]
    milliseconds: float


@dataclass(slots=True)
class Score:
    """Counts over articles. Recall is over ``gold``, precision over ``found``, speaker accuracy over ``paired``."""

    articles: int = 0
    gold: int = 0
    recalled: int = 0
    said_gold: int = 0
    said_recalled: int = 0
    found: int = 0
    precise: int = 0
    paired: int = 0
    right: int = 0
    gold_sentences: int = 0
    found_sentences: int = 0
    both_sentences: int = 0
    milliseconds: float = 0.0
    characters: int = 0

    def lines(self) -> Iterator[str]:
        """The report, one measure a line, each over how many."""
        yield f"articles {self.articles}"
        yield _share("recall of attributions, all content sentences marked", self.recalled, self.gold)
        yield _share("recall of those whose cue is a form of say or tell", self.said_recalled, self.said_gold)
        yield _share("precision of statements, overlap with gold content", self.precise, self.found)
        yield _share("sentence recall", self.both_sentences, self.gold_sentences)
        yield _share("sentence precision", self.both_sentences, self.found_sentences)
        yield _share("speaker right, where both have one", self.right, self.paired)
        articles = max(1, self.articles)
        yield f"{self.milliseconds / articles:.2f} ms an article of {self.characters / articles:.0f} characters"


def _share(name: str, part: int, whole: int) -> str:
    return f"{name}: {part / max(1, whole):.3f} (n {whole})"


def half_of(name: str) -> str:
    """The half that an article belongs to, by the hash of its name."""
    return "look" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0 else "score"


def read_gold(path: Path) -> list[Attribution]:
    """The attributions of one brat file that have content."""
    spans: dict[str, tuple[list[Span], str]] = {}
    found: list[Attribution] = []
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("T"):
            ranges = [part.split() for part in fields[1].split(" ", 1)[1].split(";")]
            spans[fields[0]] = ([Span(int(start), int(end)) for start, end in ranges], fields[2])
        elif line.startswith("E"):
            roles: dict[str, list[Span]] = defaultdict(list)
            cue: list[str] = []
            for argument in fields[1].split():
                role, _, key = argument.partition(":")
                if key not in spans:  # a few files refer to a span that they don't have
                    continue
                roles[role.rstrip("0123456789")].extend(spans[key][0])
                if role.startswith("Cue"):
                    cue.append(spans[key][1])
            if roles["Content"]:
                found.append(
                    Attribution(
                        content=tuple(roles["Content"]), source=tuple(roles["Source"]), cue=" ".join(cue).lower()
                    )
                )
    return found


def articles(data: Path) -> Iterator[tuple[str, str, list[Attribution]]]:
    """Name, text and gold of each article; with several annotators, the first."""
    seen: set[str] = set()
    for path in sorted((data / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        text = data / "text" / f"{name}.txt"
        if name not in seen and text.exists():
            seen.add(name)
            yield name, text.read_text("utf-8"), read_gold(path)


def ours(text: str) -> Found:
    """What ``qa.statements`` finds."""
    sentences = segment(text).sentences
    started = time.process_time()
    people = find_people(text, sentences)
    statements = find_statements(text, sentences, people)
    spent = 1000 * (time.process_time() - started)
    return Found(sentences=sentences, people=people, statements=statements, milliseconds=spent)


def baseline(text: str) -> Found:
    """A name or pronoun before "said", "says" or "told": the whole sentence is its statement."""
    sentences = segment(text).sentences
    found: list[Statement] = []
    started = time.process_time()
    for number, sentence in enumerate(sentences):
        match = _SAID.search(text, sentence.start, sentence.end)
        if match and sentence.role is Role.BODY:
            found.append(
                Statement(
                    sentence=number,
                    speaker=match.group(1).strip(),
                    kind="indirect",
                    inferred=False,
                    start=sentence.start,
                    end=sentence.end,
                    content=(Span(sentence.start, sentence.end),),
                )
            )
    spent = 1000 * (time.process_time() - started)
    return Found(sentences=sentences, people=(), statements=tuple(found), milliseconds=spent)


def score_article(score: Score, text: str, gold: Sequence[Attribution], found: Found) -> None:
    """Add one article to the counts.

    An attribution is recalled if every sentence that its content overlaps by more than 3 characters carries a
    statement. A statement is precise if its span overlaps the content of an attribution. The speaker is judged
    against the attribution with a source whose content overlaps the statement most, and most closely.
    """
    score.articles += 1
    marked = {statement.sentence for statement in found.statements}
    wanted: set[int] = set()
    for attribution in gold:
        numbers = _sentences_of(attribution, found.sentences)
        wanted |= numbers
        recalled = bool(numbers) and numbers <= marked
        score.gold += 1
        score.recalled += recalled
        if _SAYING & set(attribution.cue.split()):
            score.said_gold += 1
            score.said_recalled += recalled
    score.gold_sentences += len(wanted)
    score.found_sentences += len(marked)
    score.both_sentences += len(wanted & marked)
    for statement in found.statements:
        score.found += 1
        best = _closest(statement, gold)
        score.precise += any(_overlap(statement, attribution) > 0 for attribution in gold)
        if best is not None:
            score.paired += 1
            score.right += speaker_agrees(text, statement, best, found.people)


def _sentences_of(attribution: Attribution, sentences: Sequence[SentenceSpan]) -> set[int]:
    return {
        number
        for number, sentence in enumerate(sentences)
        if any(min(span.end, sentence.end) - max(span.start, sentence.start) > 3 for span in attribution.content)
    }


def _overlap(statement: Statement, attribution: Attribution) -> int:
    return sum(max(0, min(span.end, statement.end) - max(span.start, statement.start)) for span in attribution.content)


def _closest(statement: Statement, gold: Sequence[Attribution]) -> Attribution | None:
    def closeness(attribution: Attribution) -> float:
        size = sum(span.end - span.start for span in attribution.content)
        shared = _overlap(statement, attribution)
        return shared / (size + statement.end - statement.start - shared)

    sourced = [attribution for attribution in gold if attribution.source and _overlap(statement, attribution) > 0]
    return max(sourced, key=closeness, default=None)


def speaker_agrees(text: str, statement: Statement, attribution: Attribution, people: Sequence[Person]) -> bool:
    """A person agrees by a mention that ends where the head of the gold source ends, or by its name; other speakers by
    that head.
    """
    start, end = attribution.source[0].start, attribution.source[-1].end
    source = text[start:end]
    if source.lower() in _RELATIVE:  # the speaker is what the pronoun stands for, right before it
        end = len(text[:start].rstrip(" ,"))
        start = max(0, end - 60)
        return _names_end(text, statement, people, start, end)
    cut = _CUT.search(source)
    head_end = start + cut.start() if cut else end
    head = _last_word(text[start:head_end])
    for person in people:
        if person.name == statement.speaker:
            inside = any(start <= mention.start and mention.end in (head_end, end) for mention in person.mentions)
            return inside or head in {word.lower() for word in person.name.split()}
    cut = _CUT.search(statement.speaker)
    return head == _last_word(statement.speaker[: cut.start()] if cut else statement.speaker)


def _names_end(text: str, statement: Statement, people: Sequence[Person], start: int, end: int) -> bool:
    mentions = [mention for person in people if person.name == statement.speaker for mention in person.mentions]
    return any(mention.end == end for mention in mentions) or _last_word(statement.speaker) == _last_word(
        text[start:end]
    )


def _last_word(phrase: str) -> str:
    words = re.findall(r"[\w.-]+", re.sub(r"['’]s\b", "", phrase.lower()))
    return words[-1].rstrip(".") if words else ""


def measure(data: Path, half: str, finder: Callable[[str], Found]) -> Score:
    """Score a finder over one half of the articles; CPU time without segmenting."""
    score = Score()
    for name, text, gold in articles(data):
        if half_of(name) != half:
            continue
        found = finder(text)
        score.milliseconds += found.milliseconds
        score.characters += len(text)
        score_article(score, text, gold, found)
    return score


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both finders' scores over the chosen half."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.statements", description=__doc__)
    default = Path(os.environ.get("QA_DATA", "../shared/data")) / "polnear" / "data" / "dev"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--half", choices=("look", "score"), default="score")
    options = parser.parse_args(arguments)
    if not (options.data / "text").is_dir():
        sys.stderr.write(f"no articles in {str(options.data)!r}: set QA_DATA or give --data\n")
        return 2
    for name, finder in (("qa.statements", ours), ("X said", baseline)):
        sys.stdout.write(f"# {name}, half {options.half!r}\n")
        sys.stdout.writelines(f"{line}\n" for line in measure(options.data, options.half, finder).lines())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
