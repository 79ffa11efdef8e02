"""The development questions that the scorer is trained and measured on, in one shape: a question, articles, the
sentences that answer.

Read from the folder that ``QA_DATA`` names. RGB is measured only: its licence forbids training what is shipped on it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.answer.features import Candidate
from qa.answer.view import ArticleView
from qa.answer.words import Rarity, content_stems, name_words, rarity_in_english
from qa.ingest.segment import segment
from qa.retrieve.question import read_question
from qa.retrieve.words import words_of
from qa.statements.people import find_people
from qa.statements.speech import find_statements
from qa.types import Article, Question, Role, SentenceSpan, Span

FILES = {
    "squad2": "squad2/dev-8-titles.json",
    "new_wiki": "squadshifts/new_wiki.json",
    "clapnq": "clapnq/dev_answerable_150.jsonl",
    "clapnq-none": "clapnq/dev_unanswerable_150.jsonl",
    "qed": "qed/qed-dev.jsonlines",
    "qamr": "qamr/readable_dev.tsv",
    "rgb": "rgb/en_150.jsonl",
    "aeb": "html/aeb/ground-truth.json",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A question on articles. ``gold`` are (article, sentence) numbers that answer; empty where nothing does.

    ``group`` is the title or document: what is held out is held out by group. ``made`` says how an unanswerable
    question came
    about: ``""`` for the data's own, ``"entity"`` (a name swapped), ``"removed"`` (its evidence taken out) or
    ``"elsewhere"`` (only
    what a search finds in other articles is left). ``answers`` are the gold answers' texts in small letters.
    """

    source: str
    group: str
    question: Question
    views: tuple[ArticleView, ...]
    gold: frozenset[tuple[int, int]]
    answers: tuple[str, ...] = ()
    made: str = ""

    def candidates(self) -> list[Candidate]:
        """The body sentences of the articles. Passage cosines are 0: whoever has an embedder fills them in."""
        return [
            Candidate(view, number, passage, 0.0)
            for view in self.views
            for passage in passages(view)
            for number in view.numbers_in(passage)
            if view.is_body(number)
        ]

    def is_gold(self, candidate: Candidate) -> bool:
        """Whether this sentence answers."""
        return any(
            view is candidate.view and (place, candidate.number) in self.gold for place, view in enumerate(self.views)
        )


def passages(view: ArticleView) -> tuple[Span, ...]:
    """The passages of a view made here."""
    return _PASSAGES[id(view)]


_PASSAGES: dict[int, tuple[Span, ...]] = {}
_VIEWS: dict[tuple[str, str], ArticleView] = {}


def data_folder() -> Path:
    """Where the development data is."""
    return Path(os.environ.get("QA_DATA", "../shared/data"))


def digest(source: str) -> str:
    """The sha256 of a data file."""
    return hashlib.sha256((data_folder() / FILES[source]).read_bytes()).hexdigest()


def view(text: str, title: str) -> ArticleView:
    """An article taken apart as ``qa add`` does; the same text gives the same object."""
    key = (title, text)
    if key not in _VIEWS:
        cut = segment(text, title=title)
        # A paragraph alone may look like a headline; here all of it is body.
        sentences = tuple(SentenceSpan(start=s.start, end=s.end) for s in cut.sentences)
        people = find_people(text, sentences)
        article = Article(
            id=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:12],
            version=1,
            identity=title,
            title=title,
            source="",
            url="",
            author="",
            published=None,
            text=text,
            sha256="",
        )
        made = ArticleView(article, sentences, tuple(people), tuple(find_statements(text, sentences, people)))
        _VIEWS[key] = made
        _PASSAGES[id(made)] = tuple(Span(p.start, p.end) for p in cut.passages) or (Span(0, len(text)),)
    return _VIEWS[key]


class Corpus:
    """What the passages of a data set know of words: which are written with capitals, and how many passages have
    each stem.
    """

    def __init__(self, views: Iterable[ArticleView]) -> None:
        self._capital: Counter[str] = Counter()
        self._small: Counter[str] = Counter()
        self._stems: Counter[str] = Counter()
        self._total = 0
        for one in {id(view): view for view in views}.values():
            self._total += 1
            stems = set()
            for number in range(len(one.sentences)):
                for place, token in enumerate(one.tokens(number)):
                    stems.add(token.stem)
                    if place:
                        (self._capital if one.article.text[token.start].isupper() else self._small)[token.low] += 1
            self._stems.update(stems)

    def is_name(self, words: str) -> bool:
        """Whether all of ``words`` are mostly written with capitals."""
        lows = [word.lower for word in words_of(words)]
        return bool(lows) and all(self._capital[low] > 4 * self._small[low] for low in lows)

    def rarity(self, question: Question) -> Rarity:
        """Counts for the question's terms."""
        counts = {stem: self._stems[stem] for stem in content_stems(question.terms)}
        return Rarity(self._total, counts, rarity_in_english(question.terms))


def load(source: str, *, limit: int = 0) -> tuple[list[Item], Corpus]:
    """The items of one data set (the first ``limit`` after a shuffle with a fixed seed; 0 for all)."""
    raw = list(_RAW[source](data_folder() / FILES[source]))
    random.Random(13).shuffle(raw)
    raw = raw[:limit] if limit else raw
    corpus = Corpus(one for item in raw for one in item.views)
    return [_read(item, corpus) for item in raw], corpus


def _read(item: _Raw, corpus: Corpus) -> Item:
    people = [person.name for one in item.views for person in one.people]
    question = read_question(item.question, known_people=people, is_name=corpus.is_name)
    return Item(item.source, item.group, question, item.views, item.gold, item.answers)


@dataclass(frozen=True, slots=True)
class _Raw:
    source: str
    group: str
    question: str
    views: tuple[ArticleView, ...]
    gold: frozenset[tuple[int, int]]
    answers: tuple[str, ...] = ()


def _squad(path: Path) -> Iterator[_Raw]:
    source = "squad2" if "squad2" in path.name or "squad2" in str(path.parent) else "new_wiki"
    for title in json.loads(path.read_text(encoding="utf-8"))["data"]:
        name = title["title"].replace("_", " ")
        for paragraph in title["paragraphs"]:
            one = view(paragraph["context"], name)
            for asked in paragraph["qas"]:
                spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]]
                yield _Raw(source, name, asked["question"], (one,), _sentences(one, spans), _texts(asked))


def _texts(asked: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple({answer["text"].casefold() for answer in asked["answers"] if len(answer["text"]) > 3})


def _sentences(one: ArticleView, spans: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The sentences in which the answers lie that most annotators gave."""
    counts = Counter(number for start, _ in spans for number in [_at(one, start)])
    most = max(counts.values(), default=0)
    return frozenset((0, number) for number, count in counts.items() if count == most)


def _at(one: ArticleView, place: int) -> int:
    return max((number for number, span in enumerate(one.sentences) if span.start <= place), default=0)


def _clapnq(path: Path) -> Iterator[_Raw]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        passage = item["passages"][0]
        one = view(passage["text"], passage["title"])
        gold = set()
        for selected in {sentence for output in item["output"] for sentence in output["selected_sentences"]}:
            start = passage["text"].find(selected)
            gold |= {
                (0, n)
                for n, s in enumerate(one.sentences)
                if start >= 0 and s.start < start + len(selected) and start < s.end
            }
        yield _Raw("clapnq", item["id"], item["input"], (one,), frozenset(gold))


def _qed(path: Path) -> Iterator[_Raw]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        selected = item["annotation"].get("selected_sentence")
        if item["annotation"]["explanation_type"] == "none" or not selected:
            continue
        one = view(item["paragraph_text"], item["title_text"])
        yield _Raw(
            "qed", item["title_text"], item["question_text"], (one,), frozenset({(0, _at(one, selected["start"] + 1))})
        )


def _qamr(path: Path) -> Iterator[_Raw]:
    blocks = [block.split("\n") for block in path.read_text(encoding="utf-8").split("\n\n") if block.strip()]
    texts = [block[1].strip() for block in blocks if len(block) > 1]
    for place, block in enumerate(blocks):
        if len(block) < 3:
            continue
        # The file keeps sentences of one document together: its neighbours make an article of five.
        first = max(0, min(place - 2, len(texts) - 5))
        near = texts[first : first + 5]
        text, start = "\n\n".join(near), sum(len(t) + 2 for t in near[: place - first])
        one = view(text, "")
        gold = frozenset((0, n) for n, s in enumerate(one.sentences) if start <= s.start < start + len(texts[place]))
        for line in block[2:4]:
            question = line.split("   ")[0].strip().split("\t")[0]
            if question:
                yield _Raw("qamr", block[0], question, (one,), gold)


def _rgb(path: Path) -> Iterator[_Raw]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        for kind in ("positive", "negative"):
            views = tuple(view(text.replace("\r", " "), "") for text in item[kind][:4])
            answers = [variant for part in item["answer"] for variant in ([part] if isinstance(part, str) else part)]
            gold = frozenset(
                (place, number)
                for place, one in enumerate(views)
                for number in range(len(one.sentences))
                if kind == "positive" and any(answer.casefold() in one.text(number).casefold() for answer in answers)
            )
            yield _Raw("rgb", item["query"], item["query"], views, gold)


_RAW = {
    "squad2": _squad,
    "new_wiki": _squad,
    "clapnq": _clapnq,
    "clapnq-none": _clapnq,
    "qed": _qed,
    "qamr": _qamr,
    "rgb": _rgb,
}


# --- unanswerable questions made of answerable ones


def made_unanswerable(items: Sequence[Item], corpus: Corpus, *, share: float) -> Iterator[Item]:
    """For a ``share`` of the answerable ``items`` each: the same without its evidence, and with a name of another
    group.
    """
    rng = random.Random(17)
    names: dict[str, list[str]] = defaultdict(list)
    for item in items:
        names[item.group].extend(item.question.names)
    everywhere = [(group, name) for group, held in names.items() for name in held]
    for item in items:
        if not item.gold:
            continue
        if rng.random() < share:
            yield _without_evidence(item)
        if item.question.names and everywhere and rng.random() < share:
            swapped = _other_name(item, rng, everywhere, corpus)
            if swapped is not None:
                yield swapped


def _without_evidence(item: Item) -> Item:
    views = []
    for place, one in enumerate(item.views):
        gone = {number for at, number in item.gold if at == place}
        sentences = tuple(
            replace(span, role=Role.JUNK) if number in gone else span for number, span in enumerate(one.sentences)
        )
        cut = ArticleView(one.article, sentences, one.people, one.statements)
        _PASSAGES[id(cut)] = passages(one)
        _KEPT.append(cut)
        views.append(cut)
    return replace(item, views=tuple(views), gold=frozenset(), made="removed")


_KEPT: list[ArticleView] = []  # keeps the ids that _PASSAGES is keyed by alive


def _other_name(item: Item, rng: random.Random, everywhere: Sequence[tuple[str, str]], corpus: Corpus) -> Item | None:
    old = rng.choice(item.question.names)
    for _ in range(8):
        group, new = rng.choice(everywhere)
        if group != item.group and not set(name_words(new)) & set(name_words(old)):
            text = item.question.text.replace(old, new)
            if text == item.question.text:
                return None
            people = [new, *(person.name for one in item.views for person in one.people)]
            question = read_question(text, known_people=people, is_name=corpus.is_name)
            return replace(item, question=question, gold=frozenset(), made="entity")
    return None
