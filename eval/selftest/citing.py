"""What the scripted systems cite: with the oracle's answer, citations that are wrong, or too many, or too few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.selftest.finding import always
from eval.selftest.ground import Facts, characters
from eval.selftest.oracle import cite, cite_at
from eval.selftest.saying import retold
from eval.types import GoldSpan, RunCitation, RunRecord


def cites(facts: Facts, citations: tuple[RunCitation, ...]) -> RunRecord:
    """The oracle's answer with these citations at each claim."""
    return retold(facts, lambda claim: replace(claim, citations=citations))


def changed(change: Callable[[Facts, RunCitation], RunCitation]) -> Callable[[Facts], RunRecord]:
    """The oracle's answer with each citation changed."""

    def act(facts: Facts) -> RunRecord:
        return cites(facts, tuple(change(facts, cite(span)) for span in facts.first))

    return act


def next_one(facts: Facts, one: RunCitation) -> RunCitation:
    return replace(one, start=one.start + 1, end=one.end + 1)


def requoted(facts: Facts, one: RunCitation) -> RunCitation:
    step = 1 if one.end < len(facts.corpus[one.article].text) else -1
    return cite_at(facts, one.article, one.start + step, one.end + step)


def corrupted(facts: Facts, one: RunCitation) -> RunCitation:
    at = facts.number % len(one.quote)
    return replace(one, quote=f"{one.quote[:at]}{'x' if one.quote[at] != 'x' else 'y'}{one.quote[at + 1 :]}")


def swapped(facts: Facts, one: RunCitation) -> RunCitation:
    """Another article's name, where the words don't stand; for every other item one that the corpus doesn't have."""
    names = [name for name, text in facts.corpus.items() if text.text[one.start : one.end] != one.quote]
    return replace(one, article=names[facts.number % len(names)] if names and facts.number % 2 else f"{one.article}~")


def shuffled(facts: Facts) -> RunRecord:
    other = donor(facts)
    assert other is not None, "only items with a donor are touched"
    return cites(facts, tuple(map(cite, other.first)))


def donor(facts: Facts) -> Facts | None:
    """The next item whose evidence is in none of this item's articles."""
    every = facts.ground.facts
    own = {article for article, _ in facts.allowed}
    others = every[facts.number + 1 :] + every[: facts.number]
    return next((one for one in others if one.proved and own.isdisjoint(span.article for span in one.first)), None)


def inventor(facts: Facts) -> RunRecord:
    """One citation more, which stands nowhere."""
    right = tuple(map(cite, facts.first))
    return cites(facts, (*right, next_one(facts, right[0])))


def rambler(facts: Facts) -> RunRecord:
    """One citation more, which stands where it says and has nothing to do with it."""
    return cites(facts, (*map(cite, facts.first), *always(facts).citations))


def generous(facts: Facts) -> RunRecord:
    return cites(facts, tuple(map(cite, dict.fromkeys((*facts.spans, *facts.item.acceptable)))))


# --- where Python's slices are more lenient than citations ----------------------------------------------------------


def slicer(facts: Facts, one: RunCitation) -> RunCitation:
    """By turns offsets from the end, an end after the text's, and nothing at all: each slices to its quote."""
    text = facts.corpus[one.article].text
    return (
        replace(one, start=one.start - len(text), end=one.end - len(text) or len(text)),
        replace(one, end=len(text) + 1, quote=text[one.start :]),
        replace(one, end=one.start, quote=""),
    )[facts.number % 3]


# --- halves of a span that prove it only together -------------------------------------------------------------------


def halver(facts: Facts) -> RunRecord:
    """Two citations, each of half the evidence and of more that has nothing to do with it."""
    return cites(facts, halved(facts, facts.first))


def brusher(facts: Facts) -> RunRecord:
    """One of them alone."""
    return cites(facts, halved(facts, facts.first)[:1])


def halved(facts: Facts, spans: Sequence[GoldSpan]) -> tuple[RunCitation, ...]:
    """The halves, if there is one span with room around it: neither lies in gold by half, nor holds much of it."""
    if len(spans) != 1:
        return ()
    article, start, end = spans[0].article, spans[0].start, spans[0].end
    middle, room = (start + end) // 2, (end - start) * 2 // 3
    wide = (max(0, start - room), min(len(facts.corpus[article].text), end + room))
    halves = (cite_at(facts, article, wide[0], middle), cite_at(facts, article, middle, wide[1]))
    gold = [len(facts.allowed & characters([half])) / (half.end - half.start) for half in halves]
    return halves if max(gold) < 0.5 else ()
