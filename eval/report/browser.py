"""The failure browser's entries: for each item what was asked, what gold wants, what the system said, and the articles
of gold and of citations with both marked.

How an article is cut is ``marks``'s; how an entry looks is the template's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.corpus import Corpus
from eval.metrics.metric import Case, Place
from eval.metrics.spans import Extent, citations, cited, common, covered, extent, is_valid, together
from eval.report.marks import Piece, pieces, segments
from eval.results import Blame, ItemResult
from eval.score import cases
from eval.types import GoldSet, Item, NotApplicable, RunCitation, RunRecord, RunSpan

#: An entry shows at most so many of each; the rest is counted.
MOST_ARTICLES, MOST_CITATIONS, MOST_HITS = 8, 20, 10
#: Bytes (of UTF-8) that the folded parts of all articles may take together; if they took more, none is carried along.
MOST_FOLDED = 2_500_000


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One gold span: of which evidence set (from 1), and how far it came. Ranks are from 1, None where it wasn't
    found; ``reported`` and ``read`` are None where the run doesn't report hits or what was read.
    """

    alternative: int
    place: Place
    article_rank: int | None
    span_rank: int | None
    reported: bool
    read: bool | None
    cited: bool


@dataclass(frozen=True, slots=True)
class Invalid:
    """A citation that isn't one: what it claims, what really stands there, and where its words stand if anywhere."""

    citation: RunCitation
    why: str
    stands: str
    elsewhere: int | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of an entry, as shown."""

    name: str
    title: str
    source: str
    published: str
    size: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the browser shows it. ``number`` is its place in the gold set, from 1. ``more`` articles with marks
    aren't shown.
    """

    number: int
    item: Item
    record: RunRecord | None
    result: ItemResult
    gold: tuple[GoldRow, ...]
    quarantined: tuple[str, ...]
    hits: tuple[RunSpan, ...]
    invalid: tuple[Invalid, ...]
    articles: tuple[ArticleView, ...]
    more: int

    @property
    def right(self) -> bool:
        """Whether nothing is to blame."""
        return self.result.blame is Blame.NONE

    @property
    def scores(self) -> tuple[tuple[str, object], ...]:
        """The metrics that apply to it, each with its score."""
        return tuple((name, one) for name, one in self.result.scores.items() if not isinstance(one, NotApplicable))


def entries(
    gold: GoldSet,
    corpus: Corpus,
    records: Mapping[str, RunRecord],
    results: Sequence[ItemResult],
    *,
    most: int,
) -> tuple[Entry, ...]:
    """At most ``most`` items: those that failed by what is to blame, then those that are right, each in gold's order.

    The folded parts of articles are carried along for all of them, or, where that would be too much, for none.
    """
    stages = [*list(Blame)[1:], Blame.NONE]
    numbered = zip(cases(gold.items, corpus, records), results, range(1, len(results) + 1), strict=True)
    chosen = sorted(numbered, key=lambda one: (stages.index(one[1].blame), one[2]))[:most]
    found = tuple(_entry(case, result, number, whole=True) for case, result, number in chosen)
    if folded(found) <= MOST_FOLDED:
        return found
    return tuple(_entry(case, result, number, whole=False) for case, result, number in chosen)


def folded(found: Iterable[Entry]) -> int:
    """The bytes in folded parts of articles."""
    views = (view for entry in found for view in entry.articles)
    return sum(len(piece.text.encode("utf-8", "replace")) for view in views for piece in view.pieces if piece.gap)


def _entry(case: Case, result: ItemResult, number: int, *, whole: bool) -> Entry:
    record = case.record
    shown = cited(case) if record else {}
    names, more = _articles(case, shown)
    return Entry(
        number=number,
        item=case.item,
        record=record,
        result=result,
        gold=tuple(_gold_rows(case, shown)),
        quarantined=case.quarantined,
        hits=(record.retrieved or ())[:MOST_HITS] if record else (),
        invalid=_invalid(case) if record else (),
        articles=tuple(_article(name, case, shown, whole=whole) for name in names),
        more=more,
    )


# --- gold spans -------------------------------------------------------------------------------------------------------


def _gold_rows(case: Case, shown: Extent) -> Iterable[GoldRow]:
    record = case.record
    hits = record.retrieved if record else None
    read = None if record is None or record.read is None else extent(record.read)
    for alternative, places in enumerate(case.evidence, 1):
        for place in places:
            yield GoldRow(
                alternative,
                place,
                _rank(hit.article == place.article for hit in hits or ()),
                _rank(_meet(hit, place) for hit in hits or ()),
                hits is not None,
                None if read is None else covered(place, read, case.corpus),
                covered(place, shown, case.corpus),
            )


def _rank(found: Iterable[bool]) -> int | None:
    return next((rank for rank, one in enumerate(found, 1) if one), None)


def _meet(hit: RunSpan, place: Place) -> bool:
    return hit.article == place.article and hit.start < place.end and place.start < hit.end


# --- citations that aren't valid --------------------------------------------------------------------------------------


def _invalid(case: Case) -> tuple[Invalid, ...]:
    wrong = [one for one in citations(case) if not is_valid(one, case.corpus)]
    return tuple(_explained(one, case.corpus) for one in dict.fromkeys(wrong))


def _explained(citation: RunCitation, corpus: Corpus) -> Invalid:
    article = corpus.get(citation.article)
    if article is None:
        return Invalid(citation, "The corpus has no such article.", "", None)
    found = article.text.find(citation.quote) if citation.quote else -1
    elsewhere = found if found >= 0 else None
    if not 0 <= citation.start < citation.end <= len(article.text):
        why = f"No span of the article, which has {len(article.text):,} characters."
        return Invalid(citation, why, "", elsewhere)
    return Invalid(citation, "Other words stand there.", article.text[citation.start : citation.end], elsewhere)


# --- articles ---------------------------------------------------------------------------------------------------------


def _articles(case: Case, shown: Extent) -> tuple[list[str], int]:
    """The names of the articles to show, those of the evidence first, and how many are left out."""
    wanted = [place.article for alternative in case.evidence for place in alternative]
    names = list(dict.fromkeys([*wanted, *shown]))
    return names[:MOST_ARTICLES], max(0, len(names) - MOST_ARTICLES)


def _article(name: str, case: Case, shown: Extent, *, whole: bool) -> ArticleView:
    """Gold are the evidence sets, and of acceptable spans what is cited: one that isn't was never wanted."""
    article = case.corpus[name]
    gold = together(*map(extent, case.evidence), common(extent(case.acceptable), shown))
    cut = segments(len(article.text), gold.get(name, ()), shown.get(name, ()))
    return ArticleView(
        name=name,
        title=article.title,
        source=article.source,
        published=article.published.isoformat() if article.published else "",
        size=len(article.text),
        pieces=pieces(article.text, cut, whole=whole),
    )
