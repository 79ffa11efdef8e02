"""What becomes of a claim that a model wrote: its citations are cut out of the ledger, and it is shown only if they
bear it out.

Provenance first (the ids are known, the claim is text and nothing else), then support (``qa.answer.support``). Every
way to fail has its reason; none is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answer.citations import cite, is_exact
from qa.answer.support import Failure, judge
from qa.answer.support.paraphrase import Reads
from qa.answer.view import ArticleView
from qa.answer.writer.evidence import evidence_of
from qa.answer.writer.reply import CITES, Said
from qa.answer.writer.shown import Shown, ShownSentence
from qa.ledger.ledger import Ledger
from qa.text import find_quote, safe_text
from qa.types import Article, Citation, Claim, Speaker, Support

#: Links, images, mark-up and code have no place in a claim: what it points at is its citations.
_FOREIGN = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\]\s?[(\[:]|!\[|<\s?/?[a-z!?]|\b(?:javascript|data|mailto|file):\S|`{3}"
    r"|\bs\d{1,6}-[a-z2-7]{5}\b",
    re.IGNORECASE,
)
#: A bare host is a link where a terminal makes one of it.
_HOST = re.compile(r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}/\S", re.IGNORECASE)


def checked(said: Said, shown: Shown, *, ledger: Ledger, reader: Reads | None, strict: bool = False) -> Claim:
    """The claim with its citations and verdict; ``support`` is ``SUPPORTED`` only if it may be shown. ``strict`` is
    ``judge``'s.
    """
    fault = _fault(said, shown)
    if fault:
        return Claim(text=said.text, citations=(), support=Support.UNSUPPORTED, reasons=(fault,))
    runs = list(_runs([shown.by_id[id] for id in said.cites]))
    citations = tuple(_citation(run) for run in runs)
    if not all(is_exact(ledger, citation) for citation in citations):
        reason = "a citation isn't exact in the ledger"
        return Claim(text=said.text, citations=(), support=Support.UNSUPPORTED, reasons=(reason,))
    verdict = judge(said.text, [evidence_of(run, ledger) for run in runs], reader=reader, strict=strict)
    astray = [
        reason
        for quote in (one.words for one in verdict.reasons if one.failure is Failure.QUOTE)
        for reason in _misattributed(quote, shown, {run[0].view.article.id for run in runs})
    ]
    return Claim(
        text=said.text,
        citations=citations,
        support=verdict.support,
        reasons=(*astray, *verdict.texts),
        speaker=_speaker(runs),
        score=1.0 if verdict.support is Support.SUPPORTED else 0.0,
    )


def _fault(said: Said, shown: Shown) -> str:
    """What is wrong with a claim before its evidence is looked at; empty where nothing is."""
    unknown = [id for id in said.cites if id not in shown.by_id]
    if unknown:
        return f"it cites {unknown[0]!r:.40}, which wasn't shown"
    if not said.cites:
        return "it cites nothing"
    if len(said.cites) > CITES:
        return f"it cites {len(said.cites)} sentences; at most {CITES} carry a claim"
    if _FOREIGN.search(said.text) or _HOST.search(said.text):
        return "a link, mark-up or an id is in its text"
    if safe_text(said.text, keep_newlines=True) != said.text.replace("\t", " "):
        return "a control or an invisible character is in its text"
    return ""


def _runs(sentences: Sequence[ShownSentence]) -> Iterator[list[ShownSentence]]:
    """Sentences that stand next to each other in one article, together; in the order in which they were cited."""
    order = {id(one.view): place for place, one in reversed(list(enumerate(sentences)))}
    run: list[ShownSentence] = []
    for one in sorted(sentences, key=lambda one: (order[id(one.view)], one.number)):
        if run and not (run[-1].view is one.view and _adjoins(one.view, run[-1].number, one.number)):
            yield run
            run = []
        run.append(one)
    yield run


def _adjoins(view: ArticleView, first: int, second: int) -> bool:
    between = view.article.text[view.sentences[first].end : view.sentences[second].start]
    return second == first + 1 and "\n" not in between


def _citation(run: Sequence[ShownSentence]) -> Citation:
    return cite(run[0].view.article, run[0].span.start, run[-1].span.end)


def _speaker(runs: Sequence[Sequence[ShownSentence]]) -> Speaker | None:
    """Who speaks in all of the sentences cited, if it is one."""
    said = [statement for run in runs for one in run for statement in one.view.said(one.number)]
    names = {statement.speaker for statement in said}
    return Speaker(name=said[0].speaker, inferred=all(one.inferred for one in said)) if len(names) == 1 else None


def _misattributed(quote: str, shown: Shown, cited: set[str]) -> Iterator[str]:
    """Where a quotation stands that the articles cited don't have."""
    for view in shown.views:
        article: Article = view.article
        if article.id not in cited and find_quote(article.text, quote):
            yield f"misattributed: {quote!r} stands in {article.title!r}"
