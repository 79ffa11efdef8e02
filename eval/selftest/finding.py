"""What the scripted systems find and read, whether they answer at all, and what becomes of their run."""

from __future__ import annotations

from dataclasses import replace

from eval.selftest.ground import Facts, characters
from eval.selftest.oracle import answered, articles, cite, cite_at, oracle, ranked, silent
from eval.selftest.saying import outdated, retold
from eval.types import Ended, RunClaim, RunRecord, RunSpan

#: So many characters, and articles, are found before the first relevant one by a system that finds everything.
BURIED, BURIED_ARTICLES = 4_000, 10


def always(facts: Facts) -> RunRecord:
    """The first sentence of an article that has nothing to do with it."""
    text = facts.elsewhere[0]
    first = text.sentences[0]
    found = ranked([RunSpan(article=text.name, start=first.start, end=first.end)])
    citation = cite_at(facts, text.name, first.start, first.end)
    claim = RunClaim(text=citation.quote, citations=(citation,))
    return replace(answered(facts, [claim], retrieved=found, read=found, confidence=0.0), short="")


def dump(facts: Facts) -> RunRecord:
    """The articles with the evidence, whole, found after many others; without any, one of those."""
    others: list[str] = []
    length = 0
    for text in facts.elsewhere:
        if length < BURIED or len(others) < BURIED_ARTICLES:
            others.append(text.name)
            length += len(text.text)
    shown = list(dict.fromkeys(span.article for span in facts.first)) or list(facts.relevant) or others[:1]
    rest = [name for name in sorted({article for article, _ in facts.allowed}) if name not in shown]
    texts = [facts.corpus[name] for name in shown]
    claims = [RunClaim(text=one.text, citations=(cite_at(facts, one.name, 0, len(one.text)),)) for one in texts]
    found = articles(facts, dict.fromkeys([*others, *shown, *rest]))
    return replace(answered(facts, claims, retrieved=found, read=found), short="")


def late(facts: Facts) -> RunRecord:
    """The longest article that has nothing to do with it is found first."""
    longest = max(facts.elsewhere, key=lambda text: (len(text.text), text.name))
    whole = RunSpan(article=longest.name, start=0, end=len(longest.text))
    right = sorted(oracle(facts).retrieved or (), key=lambda hit: -hit.score)
    return replace(oracle(facts), retrieved=ranked([whole, *right]))


def beside(facts: Facts) -> RunRecord:
    """A sentence without gold of each article with evidence."""
    found = ranked(neighbours(facts))
    best = max(found, key=lambda hit: hit.score)
    citation = cite_at(facts, best.article, best.start, best.end)
    record = retold(facts, lambda claim: replace(claim, citations=(citation,)))
    return replace(record, retrieved=found, read=found)


def neighbours(facts: Facts) -> list[RunSpan]:
    found = []
    for name in facts.relevant:
        for one in facts.corpus[name].sentences:
            span = RunSpan(article=name, start=one.start, end=one.end)
            if facts.allowed.isdisjoint(characters([span])):
                found.append(span)
                break
    return found


def partial(facts: Facts) -> RunRecord:
    """The first span of those that it takes."""
    found, citation = ranked(facts.first[:1]), cite(facts.first[0])
    return replace(retold(facts, lambda claim: replace(claim, citations=(citation,))), retrieved=found, read=found)


def frugal(facts: Facts) -> RunRecord:
    """One evidence set, and no other one."""
    return replace(oracle(facts), retrieved=ranked(facts.first), read=ranked(facts.first))


def dropper(facts: Facts) -> RunRecord:
    return silent(facts, oracle(facts).retrieved, ())


def mumbler(facts: Facts) -> RunRecord:
    """An abstention that goes on talking."""
    item = facts.item
    record = (outdated(facts) if item.forbidden else oracle(facts)) if item.answerable else always(facts)
    return replace(record, ended=Ended.ABSTAINED)


def half(facts: Facts) -> RunRecord:
    """Silence after reading one evidence set, which is all that it takes; an answer where there is none."""
    right = frugal(facts) if facts.proved else oracle(facts)
    return silent(facts, right.retrieved, right.read) if facts.item.answerable else always(facts)


def crashed(facts: Facts) -> RunRecord | None:
    """Every third item failed; what else it is asked here is missing."""
    broken = RunRecord(id=facts.item.id, ended=Ended.ERROR, error="out of order")
    return broken if fails(facts) else None


def fails(facts: Facts) -> bool:
    """Whether this is a third item."""
    return facts.number % 3 == 2
