"""A gold set against its corpus: spans where they stand today, whole body sentences, copies that were overlooked.

What can be said without the corpus is in :mod:`eval.gold.lint`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from eval.corpus import Corpus, Text
from eval.gold.anchor import Anchored, Quarantined, anchor
from eval.gold.findings import Finding, error, warning
from eval.metrics.metric import Case, Place
from eval.metrics.right import is_right
from eval.types import Ended, GoldSet, GoldSpan, Item, ItemFilters, RunCitation, RunClaim, RunRecord
from qa.text import normalise
from qa.types import Role, SentenceSpan

#: Code points of context recorded on each side of a span.
CONTEXT = 32
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A set checked against its corpus. ``gold`` has every span that was found as it stands today.

    ``exact`` spans stood where they say; ``placed`` ones had no position yet; ``moved`` ones stand elsewhere, or in
    slightly other words; ``refreshed`` ones stand where they say in an article that changed around them.
    """

    gold: GoldSet
    findings: tuple[Finding, ...]
    exact: int
    placed: int
    moved: int
    refreshed: int
    quarantined: int

    @property
    def changed(self) -> bool:
        """Whether ``gold`` differs from the set that was checked."""
        return bool(self.placed or self.moved or self.refreshed)


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of a span: its state, the span as it stands today, and what is to be said."""

    state: str
    span: GoldSpan
    findings: tuple[Finding, ...] = ()


def check(gold: GoldSet, corpus: Corpus) -> Checked:
    """``gold`` against ``corpus``."""
    copies = _sentences(corpus)
    items: list[Item] = []
    findings: list[Finding] = []
    counts: dict[str, int] = defaultdict(int)
    for item in gold.items:
        evidence = [[_find(item, span, corpus) for span in spans] for spans in item.evidence]
        acceptable = [_find(item, span, corpus) for span in item.acceptable]
        for found in [one for spans in (*evidence, acceptable) for one in spans]:
            counts[found.state] += 1
            findings += found.findings
        anchored = replace(
            item,
            evidence=tuple(tuple(found.span for found in spans) for spans in evidence),
            acceptable=tuple(found.span for found in acceptable),
        )
        findings += _articles(item, corpus)
        findings += _copies(anchored, corpus, copies)
        findings += _quoted(anchored, corpus)
        items.append(anchored)
    if new := counts["placed"]:
        findings.append(warning("span.unplaced", f"{new} spans have no position yet; --write records them"))
    states = ("exact", "placed", "moved", "refreshed", "quarantined")
    return Checked(
        gold=replace(gold, items=tuple(items)),
        findings=tuple(findings),
        **{state: counts[state] for state in states},
    )


def placed(text: Text, start: int, end: int) -> GoldSpan:
    """The span ``start``-``end`` of an article as gold records it."""
    return GoldSpan(
        article=text.name,
        start=start,
        end=end,
        quote=text.text[start:end],
        prefix=text.text[max(0, start - CONTEXT) : start],
        suffix=text.text[end : end + CONTEXT],
        sha256=text.sha256,
    )


# --- a span -----------------------------------------------------------------------------------------------------------


def _find(item: Item, span: GoldSpan, corpus: Corpus) -> _Found:
    found = anchor(span, corpus)
    shown = f"{span.article}: {span.quote[:_SHOWN]!r}"
    if isinstance(found, Quarantined):
        return _Found("quarantined", span, (error("span.quarantined", f"{shown}: {found.reason}", item=item.id),))
    text = corpus[span.article]
    now = placed(text, found.place.start, found.place.end)
    findings = tuple(_sentence_findings(item, text, found.place))
    if found.moved:
        return _Found("moved", now, (_moved(item, span, now), *findings))
    if not span.end:
        return _Found("placed", now, findings)
    return _Found("exact" if now == span else "refreshed", now, findings)


def _moved(item: Item, span: GoldSpan, now: GoldSpan) -> Finding:
    where = f"{span.article}: {span.quote[:_SHOWN]!r} stands at {now.start}-{now.end}"
    reads = "" if now.quote == span.quote else f" and reads {now.quote[:_SHOWN]!r}"
    if span.sha256 == now.sha256 and span.end:
        message = f"{where}{reads}, not at {span.start}-{span.end} of the text that it names"
        return error("span.wrong", message, item=item.id)
    return warning("span.moved", f"{where}{reads}; --write records it", item=item.id)


def _sentence_findings(item: Item, text: Text, place: Place) -> Iterator[Finding]:
    """Whether a span is whole sentences, and prose: nothing else is ever cited."""
    shown = f"{text.name}: {text.text[place.start : place.end][:_SHOWN]!r}"
    touched = _touched(text, place)
    if not touched or (touched[0].start, touched[-1].end) != (place.start, place.end):
        whole = text.text[touched[0].start : touched[-1].end] if touched else ""
        yield error("span.partial", f"{shown} isn't whole sentences; that would be {whole!r}", item=item.id)
    roles = sorted({sentence.role.value for sentence in touched if sentence.role is not Role.BODY})
    if roles:
        yield error("span.role", f"{shown} is {' and '.join(roles)}, which is never cited", item=item.id)


def _touched(text: Text, place: Place) -> list[SentenceSpan]:
    return [sentence for sentence in text.sentences if sentence.start < place.end and sentence.end > place.start]


# --- an item ----------------------------------------------------------------------------------------------------------


def _articles(item: Item, corpus: Corpus) -> Iterator[Finding]:
    """Whether the articles that an item names are there, and its filters let its evidence through."""
    for field, names in (("hide", item.hide), ("relevant", item.relevant)):
        for name in names:
            if name not in corpus:
                yield error("article.unknown", f"{field}: the corpus has no article {name!r}", item=item.id)
    for name in sorted({span.article for spans in item.evidence for span in spans}):
        if name in corpus and not _passes(item.filters, corpus[name]):
            yield error("filters.evidence", f"its filters leave out {name}, where its evidence is", item=item.id)


def _passes(filters: ItemFilters, text: Text) -> bool:
    """Whether an article may be searched under ``filters``: as ``qa`` does it, undated ones are outside any window."""
    if filters.source is not None and filters.source.lower() not in text.source.lower():
        return False
    if filters.since is None and filters.until is None:
        return True
    if text.published is None:
        return False
    return (filters.since is None or text.published >= filters.since) and (
        filters.until is None or text.published <= filters.until
    )


def _copies(item: Item, corpus: Corpus, copies: Mapping[str, list[Place]]) -> Iterator[Finding]:
    """Sentences equal to one of the evidence that the item doesn't know: citing one would count as wrong."""
    known: set[Place] = set()
    wanted: dict[Place, None] = {}
    for span in [span for spans in (*item.evidence, item.acceptable) for span in spans]:
        if (found := anchor(span, corpus)) and isinstance(found, Anchored):
            places = [
                _place(corpus[span.article], sentence) for sentence in _touched(corpus[span.article], found.place)
            ]
            known.update(places)
            if span not in item.acceptable:
                wanted.update(dict.fromkeys(places))
    for place in wanted:
        for other in copies[_key(corpus, place)]:
            if other not in known and _passes(item.filters, corpus[other.article]):
                known.add(other)
                quote = corpus[other.article].text[other.start : other.end]
                yield warning(
                    "copy.unknown",
                    f"{quote[:_SHOWN]!r} also stands in {other.article} at {other.start}; it is no evidence there",
                    item=item.id,
                )


def _quoted(item: Item, corpus: Corpus) -> Iterator[Finding]:
    """An answer that quotes a whole evidence set and cites it must be right, or nobody's could be."""
    for number, spans in enumerate(item.evidence, 1):
        found = [anchor(span, corpus) for span in spans]
        places = tuple(one.place for one in found if isinstance(one, Anchored))
        if not item.graded or len(places) < len(spans):
            continue
        claims = tuple(_claim(place, corpus, item.speaker) for place in places)
        record = RunRecord(id=item.id, ended=Ended.ANSWERED, answer=" ".join(one.text for one in claims), claims=claims)
        if not is_right(Case(item=item, record=record, corpus=corpus, evidence=(places,))):
            shown = spans[0].quote[:_SHOWN]
            message = f"an answer that quotes evidence set {number}, {shown!r}, would be judged wrong"
            yield error("evidence.wrong", message, item=item.id)


def _claim(place: Place, corpus: Corpus, speaker: str) -> RunClaim:
    quote = place.span.of(corpus[place.article].text)
    citation = RunCitation(article=place.article, start=place.start, end=place.end, quote=quote)
    return RunClaim(text=quote, citations=(citation,), speaker=speaker)


def _sentences(corpus: Corpus) -> Mapping[str, list[Place]]:
    """The places of every body sentence of the corpus by its normalised text."""
    places: dict[str, list[Place]] = defaultdict(list)
    for text in corpus.values():
        for sentence in text.sentences:
            if sentence.role is Role.BODY:
                place = _place(text, sentence)
                places[_key(corpus, place)].append(place)
    return places


def _place(text: Text, sentence: SentenceSpan) -> Place:
    return Place(article=text.name, start=sentence.start, end=sentence.end)


def _key(corpus: Corpus, place: Place) -> str:
    return normalise(corpus[place.article].text[place.start : place.end]).text
