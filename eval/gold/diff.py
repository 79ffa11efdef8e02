"""What changed between two gold sets: in substance, or only in where spans stand and what is noted."""

from __future__ import annotations

from dataclasses import dataclass

from eval.gold.schema import to_document
from eval.gold.substance import substance
from eval.types import GoldSet, Item


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that differs, and in which of its fields."""

    id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Items by id, sorted. ``reanchored`` are the same in substance, with spans recorded elsewhere; ``noted`` differ
    in their notes or the order of their parts alone.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]
    reanchored: tuple[str, ...]
    noted: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both sets ask and accept the same."""
        return not (self.added or self.removed or self.changed)


def diff(old: GoldSet, new: GoldSet) -> Difference:
    """What ``new`` has, lacks and says otherwise than ``old``; the order of items says nothing."""
    before, after = {item.id: item for item in old.items}, {item.id: item for item in new.items}
    both = [(before[id], after[id]) for id in sorted(before.keys() & after.keys())]
    changed = tuple(Changed(a.id, fields) for a, b in both if (fields := _fields(a, b)))
    same = [(a, b) for a, b in both if not _fields(a, b)]
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=changed,
        reanchored=tuple(a.id for a, b in same if _spans(a) != _spans(b)),
        noted=tuple(a.id for a, b in same if _spans(a) == _spans(b) and to_document(a) != to_document(b)),
    )


def _fields(a: Item, b: Item) -> tuple[str, ...]:
    """The fields of substance that differ."""
    one, other = substance(a), substance(b)
    return tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))


def _spans(item: Item) -> frozenset[object]:
    return frozenset(span for spans in (*item.evidence, item.acceptable) for span in spans)
