"""Which examples a training run sees, in which shares: each item as it is, and beside it wrong questions, passages
without the evidence, and near passages that don't answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.training.items import Item, Passage, items
from qa.training.near import Near
from qa.training.perturb import Perturber, names, without_evidence
from qa.training.spoken import spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of a source is seen in one pass: the share of its items, and for each of them the chance of a wrong
    question, of its evidence taken out, and of a near passage that doesn't answer.
    """

    items: float = 1.0
    wrong: float = 0.35
    removed: float = 0.1
    near: float = 0.3


#: Reddit's and Amazon's questions speak of "the poster" and "the product": another post may well answer them.
SHARES = {
    "wiki": Share(wrong=0.5, removed=0.12, near=0.45),
    "amazon": Share(wrong=0.3, removed=0.1, near=0.1),
    "reddit": Share(wrong=0.3, removed=0.1, near=0.1),
    "qamr": Share(wrong=0.4, removed=0.25, near=0.35),
    "qed": Share(wrong=0.4, removed=0.3, near=0.5),
    "torque": Share(wrong=0.2, removed=0.2, near=0.2),
    "spoken": Share(wrong=0.0, removed=0.1, near=0.2),
    "squad2": Share(wrong=0.1, removed=0.05, near=0.2),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An item as it is read: with a head."""

    item: Item
    head: str


def examples(
    data: Path, shares: dict[str, Share], *, cache: Path, seed: int, titles: frozenset[str] | None = None
) -> list[Example]:
    """One pass over the sources, shuffled. ``titles`` limits SQuAD 2.0 to some of its titles."""
    rng = random.Random(seed)
    found: list[Example] = []
    for source, share in shares.items():
        chosen = spoken(data, seed=seed) if source == "spoken" else items(data, source)
        if source == "squad2" and titles is not None:
            chosen = [item for item in chosen if item.passage.group in titles]
        found += [Example(item=item, head=_head(item, rng)) for item in _with_wrong(chosen, share, cache, rng)]
    rng.shuffle(found)
    return found


def _with_wrong(chosen: Sequence[Item], share: Share, cache: Path, rng: random.Random) -> Iterator[Item]:
    perturber, near = Perturber(chosen), Near(chosen, cache)
    sample = [item for item in chosen if rng.random() < share.items]
    answered = [item for item in sample if item.answers]
    asked = [item for item in answered if rng.random() < share.near]
    others = dict(zip(map(id, asked), near.negatives(asked), strict=True))
    for item in sample:
        yield _shortened(item, rng)
        if not item.answers:
            continue
        wrong = perturber.perturb(item, rng) if rng.random() < share.wrong else None
        removed = without_evidence(item) if rng.random() < share.removed else None
        yield from (_shortened(one, rng) for one in (wrong, removed) if one)
        if others.get(id(item)):
            yield replace(item, passage=rng.choice(others[id(item)]), answers=(), made="near")


def _shortened(item: Item, rng: random.Random) -> Item:
    """Now and then only a part of the sentences, as passages at run time are shorter than a paragraph."""
    sentences = item.passage.sentences
    if len(sentences) < 4 or rng.random() < 0.7:
        return item
    inside = [
        place for place, (start, end) in enumerate(sentences) if any(a < end and b > start for a, b in item.answers)
    ]
    if item.made or not inside:
        return item
    first, last = rng.randint(0, inside[0]), rng.randint(inside[-1] + 1, len(sentences))
    start = sentences[first][0]
    text = item.passage.text[start : sentences[last - 1][1]]
    cut = tuple((begin - start, end - start) for begin, end in sentences[first:last])
    passage = Passage(text=text, title=item.passage.title, group=item.passage.group, sentences=cut)
    answers = tuple((a - start, b - start) for a, b in item.answers if a >= start and b - start <= len(text))
    return replace(item, passage=passage, answers=answers) if answers else item


def _head(item: Item, rng: random.Random) -> str:
    """The title, sometimes names from the passage and a date that means nothing: at run time they stand there too."""
    passage = item.passage
    parts = [passage.title] if passage.title and rng.random() < 0.75 else []
    if item.people:
        parts.append(", ".join(item.people))
    there = [name for name, _ in names(passage.text)]
    if there and not item.people and rng.random() < 0.25:
        parts.append(", ".join(dict.fromkeys(rng.sample(there, min(len(there), rng.choice((1, 1, 2)))))))
    if rng.random() < 0.35:
        parts.append(f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} {rng.randint(1995, 2026)}")
    return " · ".join(parts)
