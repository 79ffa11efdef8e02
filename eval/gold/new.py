"""A gold item made from what a person typed: quotes found in the corpus, refused where anything is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from eval.corpus import Corpus
from eval.gold.anchor import Quarantined, anchor
from eval.gold.check import check, placed
from eval.gold.findings import Finding, errors
from eval.gold.lint import lint
from eval.gold.schema import to_document, to_item
from eval.gold.similar import words
from eval.types import AnswerPart, GoldSet, GoldSpan, Item, ItemFilters, Nugget, Split, Value, Why
from qa.errors import UsageError
from qa.text import find_quote

#: Between an answer and its other wordings; between an article and a quote of it.
OR, IN = "|", "::"
_SLUG_WORDS, _SLUG_LENGTH = 6, 80
_VALUE = re.compile(r"(?P<kind>\w+):(?P<value>[^:]+)(?::(?P<unit>[^:]*))?(?::(?P<tolerance>[\d.]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An item as typed. ``quotes`` make one evidence set, each of ``alternatives`` another; a quote may be given as
    ``ARTICLE::QUOTE``. ``articles`` name the quotes' articles: none, one for all, or one for each.
    """

    question: str
    id: str = ""
    type: str = "other"
    categories: Sequence[str] = ()
    cluster: str = ""
    split: Split | None = None
    unanswerable: Why | None = None
    answers: Sequence[str] = ()
    values: Sequence[str] = ()
    vital: Sequence[str] = ()
    nuggets: Sequence[str] = ()
    forbidden: Sequence[str] = ()
    articles: Sequence[str] = ()
    quotes: Sequence[str] = ()
    alternatives: Sequence[str] = ()
    acceptable: Sequence[str] = ()
    hide: Sequence[str] = ()
    speaker: str = ""
    filters: ItemFilters = field(default_factory=ItemFilters)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The item, the set with it at its end, and warnings about it."""

    item: Item
    gold: GoldSet
    warnings: tuple[Finding, ...]


def make(wanted: Wanted, gold: GoldSet, corpus: Corpus) -> Made:
    """The item that is ``wanted``, anchored; raises ``UsageError`` where it can't be made, is there already, or isn't
    sound.
    """
    item = _item(wanted, gold, corpus)
    if any(other.id == item.id for other in gold.items):
        raise UsageError("gold.duplicate", f"the set has an item {item.id!r} already")
    grown = replace(gold, items=(*gold.items, item))
    found = [*lint(grown), *check(replace(grown, items=(item,)), corpus).findings]
    about = [finding for finding in found if finding.item == item.id or finding.rule == "split.leak"]
    if bad := errors(about):
        raise UsageError("gold.bad_item", "; ".join(finding.message for finding in bad))
    return Made(item, grown, tuple(about))


def _item(wanted: Wanted, gold: GoldSet, corpus: Corpus) -> Item:
    id = wanted.id or _free_id(wanted.question, gold)
    cluster = wanted.cluster or id
    spans = _evidence(wanted, corpus)
    made = Item(
        id=id,
        question=wanted.question,
        type=wanted.type,
        categories=tuple(wanted.categories),
        cluster=cluster,
        split=wanted.split or _split(cluster, gold),
        answerable=wanted.unanswerable is None,
        why=wanted.unanswerable,
        answers=tuple(AnswerPart(text=text, aliases=more) for text, more in map(_wordings, wanted.answers)),
        values=tuple(map(_value, wanted.values)),
        nuggets=(*_nuggets(wanted.vital, vital=True), *_nuggets(wanted.nuggets, vital=False)),
        forbidden=tuple(wanted.forbidden),
        evidence=(*((spans,) if spans else ()), *((_locate(quote, "", corpus),) for quote in wanted.alternatives)),
        acceptable=tuple(_locate(quote, "", corpus) for quote in wanted.acceptable),
        speaker=wanted.speaker,
        filters=wanted.filters,
        hide=tuple(wanted.hide),
        note=wanted.note,
    )
    return to_item(to_document(made))  # the schema has the last word


def _free_id(question: str, gold: GoldSet) -> str:
    """The question's first words; with a number where another item has them."""
    slug = "-".join([word for word in words(question) if word.isascii()][:_SLUG_WORDS])[:_SLUG_LENGTH] or "item"
    taken = {item.id for item in gold.items}
    return next(id for number in count(1) if (id := slug if number == 1 else f"{slug}-{number}") not in taken)


def _split(cluster: str, gold: GoldSet) -> Split:
    """The split in which the rest of the cluster is."""
    found = next((item.split for item in gold.items if item.cluster == cluster), None)
    if found is None:
        raise UsageError("gold.no_split", f"the set has no item of the cluster {cluster!r} yet: say --split")
    return found


def _wordings(typed: str) -> tuple[str, tuple[str, ...]]:
    text, *more = (wording.strip() for wording in typed.split(OR))
    return text, tuple(more)


def _nuggets(typed: Sequence[str], *, vital: bool) -> Iterator[Nugget]:
    for text, more in map(_wordings, typed):
        yield Nugget(text=text, aliases=more, vital=vital)


def _value(typed: str) -> Value:
    found = _VALUE.fullmatch(typed)
    if found is None:
        raise UsageError("gold.bad_value", f"{typed!r} isn't KIND:VALUE:UNIT:TOLERANCE, like money:1120000000:Cr")
    tolerance = float(found["tolerance"] or 0)
    return Value(kind=found["kind"], value=found["value"], unit=found["unit"] or "", tolerance=tolerance)


# --- quotes -----------------------------------------------------------------------------------------------------------


def _evidence(wanted: Wanted, corpus: Corpus) -> tuple[GoldSpan, ...]:
    """The set that ``--quote`` and ``--article`` make."""
    articles = list(wanted.articles)
    if len(articles) < 2:
        articles = [*articles, ""][:1] * len(wanted.quotes)
    if len(articles) != len(wanted.quotes) or (wanted.articles and not wanted.quotes):
        counted = f"{len(wanted.articles)} articles for {len(wanted.quotes)} quotes"
        raise UsageError("gold.bad_quote", f"{counted}: name none, one for all, or one for each")
    return tuple(_locate(quote, article, corpus) for quote, article in zip(wanted.quotes, articles, strict=True))


def _locate(typed: str, article: str, corpus: Corpus) -> GoldSpan:
    """The span of a quote, in the article that is named, else in the one that has it."""
    named, _, rest = typed.partition(IN)
    if rest and named in corpus:
        article, typed = named, rest
    if article and article not in corpus:
        raise UsageError("gold.no_article", f"the corpus has no article {article!r}")
    names = [article] if article else [name for name in corpus if find_quote(corpus[name].text, typed)]
    if len(names) != 1:
        where = f"in {len(names)} articles: {', '.join(names)}" if names else "in no article"
        remedy = f"say which: '{names[0]}{IN}QUOTE'" if names else ""
        raise UsageError("gold.bad_quote", f"{typed!r} stands {where}", remedy=remedy)
    found = anchor(GoldSpan(article=names[0], start=0, end=0, quote=typed), corpus)
    if isinstance(found, Quarantined):
        raise UsageError("gold.bad_quote", f"{typed!r}, {names[0]}: {found.reason}")
    return placed(corpus[names[0]], found.place.start, found.place.end)
