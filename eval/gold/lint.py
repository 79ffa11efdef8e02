"""What is wrong with a gold set in itself, seen without its corpus; with it: :mod:`eval.gold.check`.

The schema is checked where a set is read (:mod:`eval.gold.store`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from eval.gold.findings import Finding, error, warning
from eval.gold.similar import near_equal
from eval.metrics.tokens import occurs
from eval.metrics.values import fault, given
from eval.types import AnswerPart, GoldSet, GoldSpan, Item, Nugget

#: The share of questions without an answer below which a set can't tell a careful system from a bold one.
UNANSWERABLE = 0.3
WHO_SAID_IT = "who-said-it"


def lint(gold: GoldSet) -> tuple[Finding, ...]:
    """All findings, those about the set first, then item by item."""
    found = [*_categories(gold), *_splits(gold.items), *_shared_evidence(gold.items), *_shares(gold.items)]
    found += _questions(gold.items)
    spans = any(item.evidence or item.relevant for item in gold.items)
    graded = any(item.graded for item in gold.items)
    for item in gold.items:
        found += _content(item, spans=spans, graded=graded)
        found += _wordings(item)
        found += _evidence(item)
    return tuple(found)


# --- the set ----------------------------------------------------------------------------------------------------------


def _categories(gold: GoldSet) -> Iterator[Finding]:
    for name in gold.categories:
        if not any(name in item.categories for item in gold.items):
            yield error("category.unused", f"no item is of the category {name!r} that set.toml describes")
    for item in gold.items:
        for name in item.categories:
            if name not in gold.categories:
                yield error("category.unknown", f"set.toml doesn't describe the category {name!r}", item=item.id)
        if not item.categories and gold.categories:
            yield warning("category.none", "it is of no category", item=item.id)


def _splits(items: Iterable[Item]) -> Iterator[Finding]:
    """A cluster in both splits: what thresholds are chosen on would be measured on too."""
    clusters: dict[str, dict[str, str]] = defaultdict(dict)
    for item in items:
        clusters[item.cluster].setdefault(item.split, item.id)
    for cluster, splits in clusters.items():
        if len(splits) > 1:
            shown = ", ".join(f"{id} in {split}" for split, id in splits.items())
            yield error("split.leak", f"the cluster {cluster!r} is in both splits ({shown})")


def _shared_evidence(items: Iterable[Item]) -> Iterator[Finding]:
    """A sentence that proves answers in both splits: what is a story by its name may be two by its clusters."""
    proves: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for item in items:
        for span in (span for spans in item.evidence for span in spans):
            proves[span.article, span.quote].setdefault(item.split, item.id)
    for (article, quote), splits in proves.items():
        if len(splits) > 1:
            shown = ", ".join(f"{id} in {split}" for split, id in splits.items())
            yield warning("split.evidence", f"{article}: {quote[:60]!r} is evidence in both splits ({shown})")


def _shares(items: tuple[Item, ...]) -> Iterator[Finding]:
    if not items:
        yield error("set.empty", "it has no items")
        return
    without = sum(not item.answerable for item in items)
    if without < UNANSWERABLE * len(items):
        share = f"{without} of {len(items)} items ({without / len(items):.0%})"
        yield warning("share.unanswerable", f"{share} have no answer; {UNANSWERABLE:.0%} are wanted")


def _questions(items: tuple[Item, ...]) -> Iterator[Finding]:
    by_id = {item.id: item for item in items}
    for pair in near_equal({item.id: item.question for item in items}):
        first, second = by_id[pair.first], by_id[pair.second]
        if first.filters != second.filters:
            continue
        if pair.equal:
            yield error("question.twice", f"it asks what {first.id} asks: {first.question!r}", item=second.id)
            continue
        across = ", which is in the other split" if first.split != second.split else ""
        message = f"it asks nearly what {first.id} asks{across}: {second.question!r}, {first.question!r}"
        yield warning("question.similar", message, item=second.id)


# --- an item ----------------------------------------------------------------------------------------------------------


def _content(item: Item, *, spans: bool, graded: bool) -> Iterator[Finding]:
    """Whether there is something to judge an answer by. A set that nowhere has spans (or graded articles), or nowhere
    says what is right, is measured by what it has.
    """
    if not item.answerable:
        return
    provable = bool(item.evidence) or any(item.relevant.values())
    if not provable and (not item.graded or spans):
        yield error("evidence.none", "it has an answer but neither evidence nor relevant articles", item=item.id)
    if not item.graded and graded:
        yield error("answer.none", "it doesn't say what a right answer contains", item=item.id)
    if WHO_SAID_IT in item.categories and not item.speaker:
        yield error("speaker.none", f"it is of the category {WHO_SAID_IT!r} and names no speaker", item=item.id)
    for value in item.values:
        if why := fault(value):
            yield error("value.fault", f"the {value.kind} {value.value!r} {why}", item=item.id)
    if item.filters.since and item.filters.until and item.filters.since > item.filters.until:
        yield error("filters.window", "its filters end before they begin", item=item.id)


def _wordings(item: Item) -> Iterator[Finding]:
    """A wording that contains what is forbidden could never be given."""
    parts: list[AnswerPart | Nugget] = [*item.answers, *item.nuggets]
    wordings = [wording for part in parts for wording in part.wordings]
    for phrase in item.forbidden:
        for wording in wordings:
            if occurs(phrase, wording):
                message = f"the forbidden {phrase!r} stands in its own wording {wording!r}"
                yield error("forbidden.in_wording", message, item=item.id)


def _evidence(item: Item) -> Iterator[Finding]:
    sets = [frozenset(_key(span) for span in spans) for spans in item.evidence]
    for number, spans in enumerate(item.evidence, 1):
        where = f"evidence set {number}, {spans[0].quote[:60]!r}"
        for part in item.answers:
            carried = item.values or item.speaker
            if not carried and not _said(part, spans):
                message = f"no wording of the answer {part.text!r} stands in {where}"
                yield error("answer.unproved", message, item=item.id)
        for value in item.values:
            if not fault(value) and not any(given(value, span.quote) for span in spans):
                yield error("value.unproved", f"the {value.kind} {value.value!r} isn't in {where}", item=item.id)
        for nugget in item.nuggets:
            if nugget.vital and not _said(nugget, spans):
                message = f"no wording of the vital nugget {nugget.text!r} stands in {where}"
                yield error("nugget.unproved", message, item=item.id)
        others = enumerate(sets, 1)
        if contained := [
            other for other, keys in others if keys < sets[number - 1] or (keys == sets[number - 1] and other < number)
        ]:
            message = f"evidence set {number} contains the whole of set {contained[0]}: it isn't minimal"
            yield warning("evidence.redundant", message, item=item.id)


def _said(part: AnswerPart | Nugget, spans: tuple[GoldSpan, ...]) -> bool:
    """Whether any wording stands in one of the quotes; the metrics find nothing across two either."""
    return any(occurs(wording, span.quote) for wording in part.wordings for span in spans)


def _key(span: GoldSpan) -> tuple[str, str, int]:
    return span.article, span.quote, span.start
