"""What the oracle does with an item: it finds, reads, says and cites exactly what gold asks for.

All other systems are this one with something done to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from eval.selftest.ground import Facts, Stretch, characters
from eval.types import Ended, GoldSpan, Item, RunCitation, RunClaim, RunRecord, RunSpan, Value


def oracle(facts: Facts) -> RunRecord:
    """The right answer with a complete evidence set, or none where there is none."""
    item = facts.item
    if not item.answerable:
        return silent(facts, (), ())
    found = ranked(facts.spans) if facts.spans else articles(facts, facts.relevant)
    citations = tuple(map(cite, facts.first)) or _anything(facts)
    claims = tuple(RunClaim(text=text, citations=citations, speaker=item.speaker) for text in says(item))
    return answered(facts, claims, retrieved=found, read=found)


def answered(
    facts: Facts,
    claims: Sequence[RunClaim],
    *,
    retrieved: tuple[RunSpan, ...] | None,
    read: tuple[RunSpan, ...] | None,
    confidence: float = 1.0,
) -> RunRecord:
    """An answer of these claims, with the short answer that gold gives first, if there is one part."""
    item = facts.item
    return RunRecord(
        id=item.id,
        ended=Ended.ANSWERED,
        answer="\n".join(claim.text for claim in claims),
        short=item.answers[0].text if len(item.answers) == 1 else "",
        claims=tuple(claims),
        retrieved=retrieved,
        read=read,
        confidence=confidence,
    )


def silent(facts: Facts, retrieved: tuple[RunSpan, ...] | None, read: tuple[RunSpan, ...] | None) -> RunRecord:
    """An abstention."""
    return RunRecord(id=facts.item.id, ended=Ended.ABSTAINED, retrieved=retrieved, read=read, confidence=0.0)


# --- saying -----------------------------------------------------------------------------------------------------------


def says(item: Item) -> tuple[str, ...]:
    """A text for each part; figures and nuggets stand with the first. Where gold asks for nothing, anything will do."""
    figures = [figure(value) for value in item.values]
    nuggets = [nugget.text for nugget in item.nuggets]
    first, *others = [part.text for part in item.answers] or [""]
    return ("; ".join(filter(None, [first, *figures, *nuggets])) or item.question, *others)


def figure(value: Value) -> str:
    """A value in words: its number and unit, a date as ISO has it."""
    unit = value.unit or ("percent" if value.kind == "percent" else "crowns" if value.kind == "money" else "")
    return value.value if value.kind == "date" else f"{value.value} {unit}".strip()


# --- citing and finding -----------------------------------------------------------------------------------------------


def cite(span: GoldSpan) -> RunCitation:
    """A gold span, cited."""
    return RunCitation(article=span.article, start=span.start, end=span.end, quote=span.quote)


def cite_at(facts: Facts, article: str, start: int, end: int) -> RunCitation:
    """A valid citation of what stands there."""
    return RunCitation(article=article, start=start, end=end, quote=facts.corpus[article].text[start:end])


def ranked(stretches: Iterable[Stretch]) -> tuple[RunSpan, ...]:
    """Hits in this order, no character twice. Only their scores tell the order: the last one is listed first."""
    hits: list[RunSpan] = []
    for one in stretches:
        seen = characters(hit for hit in hits if hit.article == one.article)
        fresh = {at for at in range(one.start, one.end) if (one.article, at) not in seen}
        begins = sorted(at for at in fresh if at - 1 not in fresh)
        ends = sorted(at + 1 for at in fresh if at + 1 not in fresh)
        hits += [RunSpan(article=one.article, start=a, end=b) for a, b in zip(begins, ends, strict=True)]
    scored = [replace(hit, score=1 / (rank + 1)) for rank, hit in enumerate(hits)]
    return tuple(reversed(scored))


def _anything(facts: Facts) -> tuple[RunCitation, ...]:
    """Something valid where gold has no spans: the first sentence of the most relevant article, else of any."""
    text = facts.corpus[next(iter((*facts.relevant, *facts.corpus)))]
    first = text.sentences[0]
    return (cite_at(facts, text.name, first.start, first.end),)


def articles(facts: Facts, names: Iterable[str]) -> tuple[RunSpan, ...]:
    """Whole articles as hits, in this order."""
    texts = [facts.corpus[name] for name in names if name in facts.corpus]
    return ranked(RunSpan(article=text.name, start=0, end=len(text.text)) for text in texts)
