"""A small gold set on disk and runs of it that are as right as a test wants them. No test is in here.

Item ``n`` asks who keeps quay ``n``; its article says so in one sentence. The last items ask of quays that no article
speaks of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eval.corpus import read_corpus
from eval.gold.store import read_set, write_set
from eval.metrics.metric import Metric, always
from eval.results import Blame, ItemResult
from eval.run.folder import Manifest, RunFolder, System
from eval.types import (
    HIDDEN,
    AnswerPart,
    Ended,
    GoldSet,
    GoldSpan,
    Item,
    NotApplicable,
    RunCitation,
    RunClaim,
    RunRecord,
    Score,
    Scored,
    Split,
    Unscored,
    Why,
)

_FIRST = ("Ada", "Bruno", "Clara", "Dario", "Edith", "Fabian", "Greta", "Hugo", "Irma", "Jonas")
_LAST = ("Ostrander", "Pellworm", "Quistorp", "Ravnsborg", "Silverdal", "Tegethoff", "Umlauff", "Vestergaard")
SYSTEM = System(engine="scripted", qa_version="0", embedder="none", scorer="s" * 64, threshold=0.5, k=5)
#: What may become of an item in a scripted run.
RIGHT, WRONG, SILENT, FAILED = "right", "wrong", "silent", "failed"


@dataclass(frozen=True)
class Quays:
    """The set in its folder, and a way to write runs of it."""

    folder: Path
    gold: GoldSet
    corpus_sha256: str

    def run(
        self,
        path: Path,
        became: Mapping[str, str],
        *,
        confidence: Callable[[Item], float | None] = lambda _item: None,
        twins: bool = False,
        system: System = SYSTEM,
        limit: int | None = None,
        split: Split | None = None,
    ) -> Path:
        """A run in which each item of ``became`` becomes what it says; others aren't in it."""
        manifest = Manifest(
            set=self.gold.name,
            gold_sha256=self.gold.sha256,
            corpus_sha256=self.corpus_sha256,
            system=system,
            twins=twins,
            limit=limit,
            split=split.value if split else None,
            started="2025-01-01T00:00:00+00:00",
        )
        with RunFolder.open(path, manifest) as opened:
            for item in self.gold.items:
                if item.id in became:
                    opened.append(replace(record(item, became[item.id]), confidence=confidence(item)))
                    if twins and item.answerable:
                        opened.append(RunRecord(id=item.id + HIDDEN, ended=Ended.ABSTAINED))
        return path

    def all(self, became: str) -> dict[str, str]:
        """Every item, become the same."""
        return {item.id: became for item in self.gold.items}


def quays(folder: Path, *, answerable: int = 8, unanswerable: int = 2, name: str = "quays") -> Quays:
    """The set in ``folder``, its articles in ``folder/corpus``; every second item of either kind is for calibration."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number in range(answerable):
        (corpus / f"quay-{number}.md").write_text(_text(number), encoding="utf-8")
    texts = read_corpus(corpus)
    items = [_item(number, texts[f"quay-{number}.md"].text) for number in range(answerable)]
    items += [_unanswerable(number) for number in range(answerable, answerable + unanswerable)]
    gold = GoldSet(
        name=name,
        description="Who keeps which quay.",
        corpus=str(corpus),
        categories={"keepers": "Who keeps what."},
        items=tuple(items),
        sha256="",
    )
    write_set(folder, gold)
    return Quays(folder=folder, gold=read_set(folder), corpus_sha256=texts.sha256)


def keeper(number: int) -> str:
    """Who keeps the quay of that number."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}"


def _text(number: int) -> str:
    return (
        f"---\ntitle: Quay {number}\n---\n"
        f"The quay with the number {number} is kept by {keeper(number)}, the town says. Ships tie up there.\n"
    )


def _item(number: int, text: str) -> Item:
    quote = text[: text.index("says.") + len("says.")]
    span = GoldSpan(article=f"quay-{number}.md", start=0, end=len(quote), quote=quote)
    return Item(
        id=f"quay-{number}",
        question=f"Who keeps quay {number}?",
        type="who",
        categories=("keepers",),
        cluster=f"quay-{number}",
        split=(Split.CALIBRATION, Split.TEST)[number % 2],
        answerable=True,
        answers=(AnswerPart(text=keeper(number)),),
        evidence=((span,),),
    )


def _unanswerable(number: int) -> Item:
    return Item(
        id=f"quay-{number}",
        question=f"Who keeps quay {number}?",
        type="who",
        categories=("keepers",),
        cluster=f"quay-{number}",
        split=(Split.CALIBRATION, Split.TEST)[number % 2],
        answerable=False,
        why=Why.NOT_IN_CORPUS,
    )


def record(item: Item, became: str) -> RunRecord:
    """The record of an item that became ``RIGHT``, ``WRONG``, ``SILENT`` or ``FAILED``."""
    if became == FAILED:
        return RunRecord(id=item.id, ended=Ended.ERROR, error="it broke")
    if became == SILENT or (became == RIGHT and not item.answerable):
        return RunRecord(id=item.id, ended=Ended.ABSTAINED)
    if became == WRONG or not item.evidence:
        claim = RunClaim(text="Somebody else altogether.")
    else:
        span = item.evidence[0][0]
        cited = RunCitation(article=span.article, start=span.start, end=span.end, quote=span.quote)
        claim = RunClaim(text=span.quote, citations=(cited,))
    return RunRecord(id=item.id, ended=Ended.ANSWERED, answer=claim.text, claims=(claim,))


# --- scores without a run --------------------------------------------------------------------------------------------


def a_metric(
    name: str = "grounded_accuracy", *, higher: bool = True, binary: bool = True, twin: bool = False
) -> Metric:
    """A metric of that name whose scores are given by hand."""
    return Metric(
        name=name,
        definition="",
        source="",
        about=always,
        score=lambda _case: Scored(0.0),
        higher_is_better=higher,
        binary=binary,
        needs_twin=twin,
    )


def some_items(clusters: Sequence[str]) -> list[Item]:
    """An item a cluster name."""
    return [
        Item(
            id=f"i{number}",
            question=f"Question {number}?",
            type="who",
            categories=(),
            cluster=cluster,
            split=Split.TEST,
            answerable=True,
        )
        for number, cluster in enumerate(clusters)
    ]


def some_results(values: Iterable[float | str | None], *, metric: str = "grounded_accuracy") -> list[ItemResult]:
    """A result a value: a number, None where the metric doesn't apply, a reason where it couldn't be scored."""
    return [
        ItemResult(
            id=f"i{number}", scores={metric: _score(value)}, blame=Blame.NONE if value == 1 else Blame.OVER_REFUSED
        )
        for number, value in enumerate(values)
    ]


def together(parts: Sequence[Sequence[ItemResult]]) -> list[ItemResult]:
    """Results of the same items by several metrics, as one."""
    return [
        replace(rows[0], scores={name: score for row in rows for name, score in row.scores.items()})
        for rows in zip(*parts, strict=True)
    ]


def _score(value: float | str | None) -> Score:
    if value is None:
        return NotApplicable("it was not answered")
    return Unscored(value) if isinstance(value, str) else Scored(float(value))


# --- the command line ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """The one document on stdout."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


def evaluate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *args: str | Path) -> Said:
    """``qa eval ARGS`` in this process, with all that the program makes of errors."""
    from qa.cli.main import _run

    words = ["eval", *map(str, args)]
    monkeypatch.setattr("sys.argv", ["qa", *words])
    capsys.readouterr()
    code = _run()
    said = capsys.readouterr()
    return Said(int(code), said.out, said.err)
