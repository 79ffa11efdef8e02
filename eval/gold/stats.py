"""What a gold set consists of, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eval.types import GoldSet, Item, Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The items of one part of a set. ``kind``: ``"all"``, ``"split"``, ``"type"``, ``"category"``, ``"why"`` or
    ``"cluster"``.
    """

    kind: str
    name: str
    items: int
    answerable: int
    unanswerable: int
    calibration: int
    test: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """A set counted: the first row is of all items, then each kind's rows by name. ``alternatives`` are evidence sets,
    ``spans`` all spans of them and those that are acceptable.
    """

    set: str
    sha256: str
    clusters: int
    alternatives: int
    spans: int
    rows: tuple[Row, ...]


def stats(gold: GoldSet) -> Stats:
    """The counts of ``gold``; categories that no item has are in it with 0."""
    kinds: Mapping[str, Callable[[Item], Iterable[str]]] = {
        "split": lambda item: (item.split.value,),
        "type": lambda item: (item.type,),
        "category": lambda item: item.categories,
        "why": lambda item: (item.why.value,) if item.why else (),
        "cluster": lambda item: (item.cluster,),
    }
    rows = [_row("all", gold.name, gold.items)]
    for kind, names_of in kinds.items():
        parts: dict[str, list[Item]] = {name: [] for name in gold.categories} if kind == "category" else {}
        for item in gold.items:
            for name in names_of(item):
                parts.setdefault(name, []).append(item)
        rows += [_row(kind, name, items) for name, items in sorted(parts.items())]
    return Stats(
        set=gold.name,
        sha256=gold.sha256,
        clusters=sum(row.kind == "cluster" for row in rows),
        alternatives=sum(len(item.evidence) for item in gold.items),
        spans=sum(len(spans) for item in gold.items for spans in (*item.evidence, item.acceptable)),
        rows=tuple(rows),
    )


def _row(kind: str, name: str, items: Iterable[Item]) -> Row:
    found = tuple(items)
    answerable = sum(item.answerable for item in found)
    test = sum(item.split is Split.TEST for item in found)
    return Row(
        kind=kind,
        name=name,
        items=len(found),
        answerable=answerable,
        unanswerable=len(found) - answerable,
        calibration=len(found) - test,
        test=test,
    )
