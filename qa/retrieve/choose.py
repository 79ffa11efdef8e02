"""From ranked candidates to the hits that are shown: copies collapsed, at most a few passages of one article."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.ledger.ledger import Ledger
from qa.retrieve.duplicates import Print, print_of, same
from qa.types import Article, Passage

#: Candidates whose articles are read at a time.
_CHUNK = 24
#: How many times as many candidates as hits are looked at, at least.
_LOOK_FURTHER = 3


@dataclass(slots=True)
class Group:
    """A passage with its copies in other articles. ``passage`` is of the fullest article, ``score`` of the best one."""

    passage: Passage
    article: Article
    score: float
    prints: Print
    copies: list[str] = field(default_factory=list)

    def take(self, passage: Passage, article: Article) -> None:
        """Add a copy; it takes the lead where its article is longer, or as long and newer."""
        if _fullness(article) > _fullness(self.article):
            self.copies.append(self.article.id)
            self.passage, self.article = passage, article
        else:
            self.copies.append(article.id)


def choose(
    ledger: Ledger,
    passages: Mapping[int, Passage],
    ranked: Sequence[tuple[int, float]],
    *,
    k: int,
    per_article: int,
) -> list[Group]:
    """The ``k`` best groups of ``ranked`` (key and score, best first).

    No article gives more than ``per_article`` passages before all others had their turn; then what was put off follows,
    so that a corpus of one article still gives ``k``.
    """
    groups: list[Group] = []
    later: list[Group] = []
    counts: dict[str, int] = {}
    # Copies score nearly alike: a little further down than the last hit, all that matter have come by.
    for seen, (passage, article, score) in enumerate(_read(ledger, passages, ranked)):
        if len(groups) >= k and seen >= _LOOK_FURTHER * k:
            break
        prints = print_of(article.text[passage.start : passage.end])
        twin = next((g for g in (*groups, *later) if g.article.id != article.id and same(g.prints, prints)), None)
        if twin is not None:
            if article.id not in twin.copies:
                twin.take(passage, article)
            continue
        if len(groups) >= k:
            continue
        group = Group(passage, article, score, prints)
        counts[article.id] = counts.get(article.id, 0) + 1
        (groups if counts[article.id] <= per_article else later).append(group)
    return (groups + later)[:k]


def _read(
    ledger: Ledger, passages: Mapping[int, Passage], ranked: Sequence[tuple[int, float]]
) -> Iterator[tuple[Passage, Article, float]]:
    known: dict[str, Article] = {}
    for start in range(0, len(ranked), _CHUNK):
        chunk = [(passages[key], score) for key, score in ranked[start : start + _CHUNK] if key in passages]
        known.update(ledger.articles({passage.article_id for passage, _ in chunk} - known.keys()))
        for passage, score in chunk:
            if (article := known.get(passage.article_id)) is not None:
                yield passage, article, score


def _fullness(article: Article) -> tuple[int, str, str]:
    """By length, in steps of a tenth so that a changed line doesn't decide; then by date; then by identity, so that the
    same collection in another folder answers alike (an id is a digest of the path).
    """
    steps = round(math.log(max(1, len(article.text)), 1.1))
    return steps, article.published.isoformat() if article.published else "", article.identity
