"""What an importer gives, before and after it is a gold set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eval.gold.store import CORPUS
from eval.types import GoldSet, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a format's own module reads out of files.

    ``categories`` describes those that occur. ``left_out`` says in words what of the files is no item, and how much of
    it. ``corpus`` is where the articles are, if they aren't ``articles``.
    """

    items: tuple[Item, ...]
    articles: tuple[Mapping[str, object], ...] = ()
    categories: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    corpus: str = CORPUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A gold set, and its articles as the lines of its ``corpus.jsonl``: objects with ``id`` and ``text`` and, where
    known, ``title``, ``source``, ``published``.

    Without articles the set is over a corpus that is there already.
    """

    gold: GoldSet
    articles: tuple[Mapping[str, object], ...]
