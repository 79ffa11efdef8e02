"""Replies that are wrong in one thing each: not one citation is shown that wasn't verified, and valid ones are.

Claims are sentences of the sample collection as they stand; what is done to them makes them untrue or unfounded.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from answer_corpus import Shelf
from conftest import NEWSROOM
from scripted_model import ScriptedModel, composed, reply, usual

from qa.answer.considered import Considered
from qa.answer.writer.shown import Shown, show
from qa.errors import ModelUnusable
from qa.ingest.outcome import Item
from qa.ingest.read import read
from qa.types import Claim, Support

QUESTIONS = (
    "How much will the Harbour Line cost?", "What did Zhang say about hiring?", "When will the tram open?",
    "Who resigned over the tram?", "How many jobs will Ferrowick cut?", "What did the auditor find?",
    "Why did the library close?", "Where will the depot be built?",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A question with what is shown for it, and another's."""

    found: Considered
    shown: Shown
    other: Shown


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    shelf = Shelf(tmp_path_factory.mktemp("mutations") / "index")
    for item in read([str(NEWSROOM)]):
        assert isinstance(item, Item)
        draft = item.load()
        shelf.put(draft.text, name=draft.identity, title=draft.title, source=draft.source, published=draft.published)
    considered = [shelf.considered(question) for question in QUESTIONS]
    shown = [show(one, secret=b"fixed", room=4_000) for one in considered]
    yield [Case(one, mine, shown[place - 1]) for place, (one, mine) in enumerate(zip(considered, shown, strict=True))]
    shelf.close()


def plain(case: Case, rng: random.Random) -> tuple[str, str]:
    """A sentence that is shown and its id."""
    id = rng.choice(list(case.shown.by_id))
    one = case.shown.by_id[id]
    return " ".join(one.view.text(one.number).split()), id


# --- mutations: each gives a reply, or nothing where the sentence has nothing to change

Mutation = Callable[[Case, random.Random], str | None]


def unknown_id(case: Case, rng: random.Random) -> str:
    text, id = plain(case, rng)
    wrong = rng.choice((f"s{rng.randint(200, 999)}-{case.shown.tag}", "s1-zzzzz", id[::-1], f"{id}{rng.randint(0, 9)}"))
    return reply((text, [*rng.sample([id, wrong], rng.choice((1, 2))), wrong]))


def id_of_another_question(case: Case, rng: random.Random) -> str:
    text, _ = plain(case, rng)
    return reply((text, [rng.choice(list(case.other.by_id))]))


def id_in_another_shape(case: Case, rng: random.Random) -> str:
    text, id = plain(case, rng)
    shapes: list[object] = [
        id.upper(), f"[{id}]", f" {id}", f"{id} ", f'"{id}"', id.split("-")[0], id.split("-")[1], id.replace("-", "_"),
        id.replace("s", "s0"), "", 1, 1.5, None, True, [id], {"id": id}, f"{id},{id}", f"{id}\n", f"{id}\u200b",
    ]  # fmt: skip
    cites: object = rng.choice([[rng.choice(shapes)], id, {"0": id}, 3, None, [id, rng.choice(shapes)]])
    return json.dumps({"abstain": False, "claims": [{"text": text, "cites": cites}]})


def quote_changed(case: Case, rng: random.Random) -> str | None:
    text, id = plain(case, rng)
    words = list(re.finditer(r"[a-z]{4,}", text))
    if len(words) < 4:
        return None
    at = rng.choice(words[1:-1]).start() + 1
    changed = text[:at] + rng.choice("bdfgkpvz".replace(text[at], "")) + text[at + 1 :]
    return reply((f'The article says: "{changed.replace(chr(34), "")}"', [id]))


def number_changed(case: Case, rng: random.Random) -> str | None:
    text, id = plain(case, rng)
    digits = [match.start() for match in re.finditer(r"\d", text)]
    if not digits:
        return None
    at = rng.choice(digits)
    return reply((text[:at] + str((int(text[at]) + rng.randint(1, 9)) % 10) + text[at + 1 :], [id]))


def negation_dropped(case: Case, rng: random.Random) -> str | None:
    text, id = plain(case, rng)
    dropped = re.sub(r"\b(?:not|never) |n't\b|n’t\b", "", text, count=1)
    return None if dropped == text else reply((dropped, [id]))


def title_of_another_article(case: Case, rng: random.Random) -> str | None:
    _, id = plain(case, rng)
    mine = case.shown.by_id[id].view.article.id
    titles = [view.article.title for view in case.shown.views if view.article.id != mine]
    return reply((rng.choice(titles), [id])) if titles else None


def sentence_of_another_place(case: Case, rng: random.Random) -> str | None:
    text, id = plain(case, rng)
    _, other = plain(case, rng)
    return None if other == id else reply((text, [other]))


def not_json(case: Case, rng: random.Random) -> str:
    text, id = plain(case, rng)
    good = reply((text, [id]))
    at = rng.randrange(len(good))
    return rng.choice((good[:at], good[at:], f"```json\n{good}\n```", good + good, good.replace('"', "'")))


MUTATIONS: tuple[Mutation, ...] = (
    unknown_id, id_of_another_question, id_in_another_shape, quote_changed, number_changed, negation_dropped,
    title_of_another_article, sentence_of_another_place, not_json,
)  # fmt: skip
#: Of these, what is shown may be true: a sentence may stand in two articles, or say less with a "not" less.
MAY_BE_TRUE = {"sentence_of_another_place", "negation_dropped"}


def shown_of(case: Case, text: str) -> tuple[list[Claim], tuple[Claim, ...]]:
    """What is shown of a reply, and what is rejected; of one that can't be read to its end nothing counts but that what
    came before is verified, and that it's said to be incomplete.
    """
    try:
        handed_on, whole = composed(case.found, ScriptedModel([text, text]), terms=usual(context=20_000))
    except ModelUnusable:
        return [], ()
    answer = whole.written.answer
    assert list(answer.claims) == handed_on
    if whole.fault is not None:
        assert not answer.complete
        assert all(exact(case, claim) for claim in handed_on)
        return [], ()
    return handed_on, answer.rejected


def exact(case: Case, claim: Claim) -> bool:
    """Whether a claim is supported by citations that stand in the ledger, of sentences that were shown."""
    spans = [(one.view.article.id, one.span) for one in case.shown.by_id.values()]
    for citation in claim.citations:
        article = case.found.ledger.article(citation.article_id, citation.version)
        assert article is not None
        inside = [
            span for id, span in spans if id == citation.article_id and citation.start <= span.start < citation.end
        ]
        if article.text[citation.start : citation.end] != citation.quote or not inside:
            return False
    return claim.support is Support.SUPPORTED and bool(claim.citations)


def run(cases: list[Case], count: int) -> tuple[Counter[str], Counter[str]]:
    """How many mutated replies there were of each kind, and of how many something is shown."""
    rng = random.Random(20_260)
    tried, shown = Counter[str](), Counter[str]()
    while tried.total() < count:
        mutation = MUTATIONS[tried.total() % len(MUTATIONS)]
        case = rng.choice(cases)
        text = mutation(case, rng)
        if text is None:
            continue
        tried[mutation.__name__] += 1
        claims, _ = shown_of(case, text)
        assert all(exact(case, claim) for claim in claims), text
        shown[mutation.__name__] += bool(claims)
    return tried, shown


def verdict(tried: Counter[str], shown: Counter[str]) -> None:
    told = {name: f"{shown[name]} of {tried[name]}" for name in tried}
    for name in tried:
        assert shown[name] <= (0.02 * tried[name] if name in MAY_BE_TRUE else 0), told


def test_of_mutated_replies_nothing_unverified_is_shown(cases: list[Case]) -> None:
    verdict(*run(cases, 900))


@pytest.mark.slow
def test_of_ten_thousand_mutated_replies_nothing_unverified_is_shown(cases: list[Case]) -> None:
    verdict(*run(cases, 10_000))


def not_shown(cases: list[Case], count: int) -> list[str]:
    """Of so many valid replies, one sentence as it stands, those that aren't shown."""
    rng = random.Random(1_000)
    missed = []
    for _ in range(count):
        case = rng.choice(cases)
        text, id = plain(case, rng)
        claims, rejected = shown_of(case, reply((text, [id])))
        if not claims:
            missed.append(f"{text} {[one.reasons for one in rejected]}")
    return missed


def test_valid_replies_are_shown(cases: list[Case]) -> None:
    missed = not_shown(cases, 200)
    assert len(missed) <= 2, missed


@pytest.mark.slow
def test_a_thousand_valid_replies_are_shown(cases: list[Case]) -> None:
    missed = not_shown(cases, 1_000)
    assert len(missed) <= 10, missed


def test_the_collection_is_there(cases: list[Case]) -> None:
    assert Path(NEWSROOM).is_dir()
    assert all(len(case.shown.by_id) > 10 for case in cases)
