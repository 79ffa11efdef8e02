"""A scored run over a small corpus, good and hostile items in it, for what is tested of reports. No test is in here."""

from __future__ import annotations

import json
from pathlib import Path

from eval.corpus import Corpus, read_corpus
from eval.latency import latencies, tokens
from eval.metrics.all import METRICS
from eval.report.build import Report
from eval.results import GateLine
from eval.score import score
from eval.summary import summarise
from eval.types import (
    HIDDEN,
    AnswerPart,
    Ended,
    GoldSet,
    GoldSpan,
    Item,
    RunCitation,
    RunClaim,
    RunRecord,
    RunSpan,
    Split,
    Why,
)

#: Ends whatever it stands in, and runs if it is taken for markup.
ATTACK = (
    "</script></style></title></textarea>--><script>document.title='taken'</script>"
    "<img src=x onerror=\"document.title='taken';alert(1)\"><svg onload=alert(2)>"
    '<meta http-equiv="Content-Security-Policy" content="default-src *">'
    '<a href="javascript:alert(3)" style="position:fixed">{{ 7*7 }}{% raw %}\'" onmouseover=alert(4) x=\''
)
#: Reordered, invisible, cut. Records with half a surrogate pair are refused when they are read.
UNSEEN = "evil\u202etxt.exe\x00\x1b[2J\x85\ufffe\u200b\r\x0c end"
#: Not even text.
BROKEN = "\ud800 and \udfff"

BRIDGE = "The bridge over the Dray reopened on Tuesday. It had been closed for nine weeks. Repairs cost Cr 4 million."
FILLER = " ".join(f"Sentence number {i} says nothing about the bridge at all." for i in range(1, 61))


def write_corpus(folder: Path) -> Corpus:
    """A short article, a long one, a hostile one, and one of a single line of a million characters."""
    folder.mkdir()
    (folder / "bridge.txt").write_text(f"The Dray bridge\n\n{BRIDGE}\n", encoding="utf-8")
    (folder / "long.txt").write_text(f"A long article\n\n{FILLER}\n\n{BRIDGE}\n\n{FILLER}\n", encoding="utf-8")
    hostile = {
        "title": f"Title {ATTACK}",
        "source": ATTACK,
        "text": f"{ATTACK}\n\nA line with {UNSEEN[:14]} inside it.",
    }
    line = {"title": "One line", "text": "word " * 200_000 + "the needle stands here"}
    rows = [{"id": "hostile", **hostile}, {"id": "line", **line}]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_corpus(folder)


def span(corpus: Corpus, article: str, quote: str) -> GoldSpan:
    """The first occurrence of ``quote``."""
    text = corpus[article]
    start = text.text.index(quote)
    return GoldSpan(article=article, start=start, end=start + len(quote), quote=quote, sha256=text.sha256)


def cite(corpus: Corpus, article: str, quote: str, *, by: int = 0) -> RunCitation:
    """A citation of the first occurrence of ``quote``, ``by`` characters off."""
    start = corpus[article].text.index(quote) + by
    return RunCitation(article=article, start=start, end=start + len(quote), quote=quote)


def item(id: str, question: str, *evidence: GoldSpan, answer: str = "", split: Split = Split.TEST) -> Item:
    """An item with one evidence set; unanswerable without."""
    return Item(
        id=id,
        question=question,
        type="fact" if evidence else "nothing",
        categories=("bridges",) if evidence else ("near misses", ATTACK),
        cluster=id,
        split=split,
        answerable=bool(evidence),
        why=None if evidence else Why.NOT_IN_CORPUS,
        answers=(AnswerPart(text=answer),) if evidence else (),
        evidence=(evidence,) if evidence else (),
    )


def answer(id: str, text: str, *citations: RunCitation, confidence: float | None = 0.5) -> RunRecord:
    """An answer of one claim; what it cites was found, and read."""
    hits = tuple(RunSpan(article=one.article, start=one.start, end=one.end, score=1.0) for one in citations)
    return RunRecord(
        id=id,
        ended=Ended.ANSWERED,
        answer=text,
        claims=(RunClaim(text=text, citations=citations),),
        retrieved=hits,
        read=hits,
        confidence=confidence,
        seconds={"retrieve": 0.25, "write": 0.5},
    )


def items_and_records(corpus: Corpus) -> tuple[tuple[Item, ...], dict[str, RunRecord]]:
    """Nine items: right twice, and each in its own way wrong."""
    closed, cost = "It had been closed for nine weeks.", "Repairs cost Cr 4 million."
    needle, first = "the needle stands here", ATTACK[:40]
    items = (
        item("right", "How long was it closed?", span(corpus, "bridge.txt", closed), answer="nine weeks"),
        item("half", "How long was it closed, in full?", span(corpus, "long.txt", closed), answer="nine weeks"),
        item(
            "hostile" + UNSEEN,
            ATTACK + UNSEEN + BROKEN,
            span(corpus, "rows.jsonl#hostile", first),
            answer=ATTACK + UNSEEN,
        ),
        item("false", "Who opened the tunnel?"),
        item("missing", "What did repairs cost?", span(corpus, "bridge.txt", cost), answer="4 million"),
        item("error", "What did repairs cost, again?", span(corpus, "bridge.txt", cost), answer="4 million"),
        item("line", "Where is the needle?", span(corpus, "rows.jsonl#line", needle), answer="here"),
        item("silent", "Who paid for the tunnel?", split=Split.CALIBRATION),
        item("refused", "What did it cost?", span(corpus, "bridge.txt", cost), answer="4 million"),
    )
    records = [
        answer("right", closed, cite(corpus, "bridge.txt", closed), confidence=0.9),
        answer("half", "It had been closed.", cite(corpus, "long.txt", f"Tuesday. {closed[:18]}"), confidence=0.7),
        answer(
            "hostile" + UNSEEN,
            ATTACK + UNSEEN,
            cite(corpus, "rows.jsonl#hostile", ATTACK[:60]),
            cite(corpus, "bridge.txt", cost, by=1),
            RunCitation(article="no/" + ATTACK, start=-5, end=10**12, quote=ATTACK + UNSEEN),
        ),
        answer("false", "The mayor.", cite(corpus, "bridge.txt", closed), confidence=None),
        RunRecord(id="error", ended=Ended.ERROR, error=ATTACK + UNSEEN),
        answer("line", "word " * 1000, cite(corpus, "rows.jsonl#line", "word " * 150_000), confidence=0.2),
        RunRecord(id="silent", ended=Ended.ABSTAINED, answer="Nothing was found.", retrieved=(), confidence=0.1),
        RunRecord(id="refused", ended=Ended.ABSTAINED, retrieved=None),
        RunRecord(id="right" + HIDDEN, ended=Ended.ANSWERED, answer=ATTACK),
        RunRecord(id="half" + HIDDEN, ended=Ended.ABSTAINED),
        RunRecord(id="stray" + UNSEEN, ended=Ended.ABSTAINED),
    ]
    return items, {record.id: record for record in records}


def make_report(corpus: Corpus) -> Report:
    """The report of that run."""
    items, records = items_and_records(corpus)
    gold = GoldSet(
        name="bridges",
        description=ATTACK,
        corpus=str(corpus.root),
        categories={"bridges": "Over water", ATTACK: ATTACK},
        items=items,
        sha256="ab" * 32,
    )
    results = score(gold, corpus, records)
    summary = summarise(gold, corpus, records, results, system=f"scripted {ATTACK}")
    gates = (
        GateLine(metric="grounded_accuracy", bound="floor", wanted=0.2, got=0.2222, met=True, text="", applicable=9),
        GateLine(metric="false_answer", bound="ceiling", wanted=0.1, got=None, met=False, text="no number" + ATTACK),
    )
    return Report(
        gold=gold,
        corpus=corpus,
        records=records,
        results=results,
        summary=summary,
        metrics=METRICS,
        gates=gates,
        latencies=latencies(records.values()),
        tokens=tokens(records.values()),
        versions={"qa": "0.0.1", ATTACK: UNSEEN + BROKEN},
    )
