"""The development data as questions on passages, in one shape, whatever the set.

RGB isn't read here: its licence forbids training what is shipped on it. CLAP NQ and PolNeAR aren't either: they
measure.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.ingest.segment import segment

FILES = {
    "wiki": ("squadshifts/new_wiki.json",),
    "amazon": ("squadshifts/amazon_reviews.json",),
    "reddit": ("squadshifts/reddit.json",),
    "qamr": ("qamr/readable_dev.tsv", "qamr/readable_test.tsv"),
    "qed": ("qed/qed-dev.jsonlines",),
    "torque": ("torque/dev.json",),
    "spoken": (
        "html/aeb/ground-truth.json",
        "qamr/readable_dev.tsv",
        "qamr/readable_test.tsv",
        "squadshifts/new_wiki.json",
    ),
    "squad2": ("squad2/dev-8-titles.json",),
}
_PER_SENTENCE = 14  # of QAMR's 37 questions on a sentence, which ask the same in other words
_MOST_SPANS = 4  # TORQUE has questions that nearly every verb answers; they teach nothing about pointing


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text with its sentences [start, end); ``group`` is its title or document, within which others are near."""

    text: str
    title: str
    group: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question on a passage. ``answers`` are the annotators' spans in it; none where it doesn't answer.

    ``made`` says how an unanswerable one came about: empty where the data has it so. ``people`` are meant in the
    passage without being named.
    """

    source: str
    question: str
    passage: Passage
    answers: tuple[tuple[int, int], ...]
    made: str = ""
    people: tuple[str, ...] = ()

    def texts(self) -> frozenset[str]:
        """The answers' texts, in small letters."""
        return frozenset(self.passage.text[start:end].casefold().strip() for start, end in self.answers)


def digests(data: Path, sources: Iterable[str]) -> dict[str, str]:
    """The sha256 of each file that the sources are read from."""
    names = [name for source in sources for name in FILES[source]]
    return {name: hashlib.sha256((data / name).read_bytes()).hexdigest() for name in names}


def items(data: Path, source: str) -> list[Item]:
    """All items of one set, in the file's order."""
    read = {"qamr": _qamr, "qed": _qed, "torque": _torque}.get(source)
    found: list[Item] = []
    for name in FILES[source]:
        path = data / name
        found += read(path) if read else _squad(path, source)
    return found


def passage(text: str, *, title: str, group: str) -> Passage:
    """A passage, cut into sentences as ``qa add`` does."""
    cut = tuple((one.start, one.end) for one in segment(text).sentences)
    return Passage(text=text, title=title, group=group, sentences=cut)


def _squad(path: Path, source: str) -> Iterator[Item]:
    for title in json.loads(path.read_text(encoding="utf-8"))["data"]:
        name = title.get("title", "").replace("_", " ")
        shown = "" if source in {"amazon", "reddit"} else name
        for paragraph in title["paragraphs"]:
            one = passage(paragraph["context"], title=shown, group=name)
            for asked in paragraph["qas"]:
                spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]]
                spans = [(start, end) for start, end in spans if start < end <= len(one.text)]
                if spans or asked.get("is_impossible"):
                    yield Item(source=source, question=asked["question"].strip(), passage=one, answers=tuple(spans))


def _qed(path: Path) -> Iterator[Item]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item: Mapping[str, Any] = json.loads(line)
        one = passage(item["paragraph_text"], title=item["title_text"], group=item["title_text"])
        spans = [
            (a["start"], a["end"])
            for answers in item["original_nq_answers"]
            for a in answers
            if one.text[a["start"] : a["end"]] == a["string"]
        ]
        if spans:
            yield Item(source="qed", question=item["question_text"], passage=one, answers=tuple(spans))


def _torque(path: Path) -> Iterator[Item]:
    for item in json.loads(path.read_text(encoding="utf-8")).values():
        one = passage(item["passage"], title="", group=item["events"]["passageID"].rsplit("_", 1)[0])
        for question, asked in item["question_answer_pairs"].items():
            pairs = zip(asked["answer"]["indices"], asked["answer"]["spans"], strict=True)
            spans = [_pair(where) for where, text in pairs if one.text[slice(*_pair(where))] == text]
            if len(spans) <= _MOST_SPANS:
                yield Item(source="torque", question=question, passage=one, answers=tuple(spans))


def _pair(written: str) -> tuple[int, int]:
    start, end = written.strip("()").split(",")
    return int(start), int(end)


# --- QAMR: questions on single sentences; those of one document make passages


def _qamr(path: Path) -> Iterator[Item]:
    sentences = list(_qamr_sentences(path))
    documents: dict[str, list[int]] = defaultdict(list)
    for number, (place, _, _) in enumerate(sentences):
        documents[place[0]].append(number)
    for number, (place, text, asked) in enumerate(sentences):
        rng = random.Random(f"{path.name}:{number}")
        near = sorted(documents[place[0]], key=lambda other: sentences[other][0][1:])
        for question, answers in rng.sample(asked, min(_PER_SENTENCE, len(asked))):
            one, begin = _among(text, number, near, sentences, place[0], rng)
            spans = [(begin + start, begin + end) for answer in answers for start, end in [_find(text, answer)] if end]
            if spans:
                yield Item(source="qamr", question=question, passage=one, answers=tuple(spans))


def _qamr_sentences(path: Path) -> Iterator[tuple[tuple[str, int, int], str, list[tuple[str, list[str]]]]]:
    """Each sentence with its document, paragraph and number there, and its questions with their answers."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    for block in blocks:
        lines = block.strip("\n").splitlines()
        if len(lines) < 3 or not lines[0].startswith("#"):
            continue
        _, kind, document, paragraph, sentence = lines[0].split(":")
        asked = []
        for line in lines[2:]:
            found = re.match(r"(.*?\?)\s*(.*)", line)
            if found:
                asked.append((found[1].strip(), [answer.strip() for answer in found[2].split("\t") if answer.strip()]))
        yield (f"{kind}:{document}", int(paragraph), int(sentence)), lines[1], asked


def documents(path: Path) -> Iterator[str]:
    """The sentences of each of QAMR's documents, in their order, as a text."""
    found: dict[str, list[tuple[tuple[int, int], str]]] = defaultdict(list)
    for (document, *place), text, _ in _qamr_sentences(path):
        found[document].append(((place[0], place[1]), text))
    for sentences in found.values():
        yield " ".join(text for _, text in sorted(sentences))


def _among(
    text: str,
    number: int,
    near: Sequence[int],
    sentences: Sequence[tuple[tuple[str, int, int], str, Any]],
    group: str,
    rng: random.Random,
) -> tuple[Passage, int]:
    """A passage of the sentence and up to three others of its document, in order, and where the sentence begins."""
    others = [other for other in near if other != number]
    chosen = sorted([number, *rng.sample(others, min(len(others), rng.choice((0, 0, 1, 2, 3))))], key=near.index)
    begin = sum(len(sentences[other][1]) + 1 for other in chosen[: chosen.index(number)])
    joined = " ".join(sentences[other][1] for other in chosen)
    starts = [sum(len(sentences[other][1]) + 1 for other in chosen[:place]) for place in range(len(chosen))]
    cut = tuple((start, start + len(sentences[other][1])) for start, other in zip(starts, chosen, strict=True))
    return Passage(text=joined, title="", group=group, sentences=cut), begin


def _find(text: str, answer: str) -> tuple[int, int]:
    """Where an answer's words stand in a sentence, at word borders; (0, 0) where they don't."""
    found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
    return (found.start(), found.end()) if found else (0, 0)
