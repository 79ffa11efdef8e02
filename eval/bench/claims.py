"""True claims as a model would write them, and what becomes of each changed one: ``python -m eval.bench.claims``.

``claims.jsonl`` has answers to questions of ``newsroom``, written in other words than the sentences that they cite and
without knowledge of how they are checked. Printed are the share of them that the verifier lets pass, and, kind by
kind, how many of the same claims pass with one thing changed: what the share wrongly accepted is made of, ``--wrong``
shows. A change that leaves a claim true (a name that another sentence bears out) isn't told apart.

``false_claims.jsonl`` has claims that are false as written, in other words than the sentences that they cite, each with
the one thing that is wrong (``kind``): what a model gets wrong and only a careful reader sees. How many pass is printed
by kind. How much of a claim may be in other words was chosen with these in view, and with the 280 true ones of
``claims_development.jsonl`` (``--file``), on which the checks were mended.
"""

from __future__ import annotations

import argparse
import calendar
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from eval.bench.arguments import count, ended
from eval.corpus import read_corpus
from eval.gold.store import read_set
from eval.run.index import corpus_index
from qa.answer.support import MISSING_SHARE
from qa.answer.view import ArticleView, view_of
from qa.answer.writer.claims import checked
from qa.answer.writer.reply import Said
from qa.answer.writer.shown import Shown, ShownPassage, ShownSentence
from qa.app import Reading
from qa.errors import UsageError
from qa.ledger.ledger import Ledger
from qa.models.reader.reader import MiniLMReader
from qa.types import Claim, Support

FILE = Path(__file__).with_name("claims.jsonl")
FALSE = Path(__file__).with_name("false_claims.jsonl")
TAG = "bench"
_DIGITS = re.compile(r"\d(?:[\d,]*\d)?")
_MONTHS, _DAYS = list(calendar.month_name[1:]), list(calendar.day_name)
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-zé]+(?: (?:van |de |der |la )*[A-Z][a-zé-]+)*\b")
_NEGATED = re.compile(r"\b(?:not|never) |n't\b|n’t\b|\bno longer \b")
_VERB = re.compile(r"\b(is|are|was|were|will|would|has|have|had|can|could|may|might|must|should|did|does)\b")
_OPEN = re.compile(r"\b(?:may|might|could|would|plans to|plan to|intends to|hopes to|is expected to|wants to)\b")
_FIRM = re.compile(r"\bwill\b")
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|at least|up to|more than|less than) (?=\d|[A-Z][a-z] ?\d|one|two|three)"
)
_SPEAKS = re.compile(r"\b(?:said|says|told|according to|wrote|argued|added|denied)\b")


@dataclass(frozen=True, slots=True)
class Item:
    """A claim and the sentences that it cites, as places in an article's view."""

    id: str
    text: str
    cites: tuple[tuple[ArticleView, int], ...]
    kind: str = ""


#: A changed claim, or nothing where it has nothing to change.
Change = Callable[[Item, "Others", random.Random], Item | None]


@dataclass(frozen=True, slots=True)
class Others:
    """What is put in another's place: all articles, and the people of each."""

    views: tuple[ArticleView, ...]

    def people(self, but: Sequence[ArticleView]) -> list[str]:
        """Full names of people who aren't in the articles ``but``."""
        mine = {part for view in but for person in view.people for part in person.name.split()}
        names = {person.name for view in self.views for person in view.people}
        return sorted(name for name in names if " " in name and not mine & set(name.split()))


def items(ledger: Ledger, path: Path = FILE) -> list[Item]:
    """The claims; raises ``UsageError`` for one whose quote isn't exactly one sentence of its article."""
    views = {view.article.identity: view for view in all_views(ledger)}
    return [_item(json.loads(line), views) for line in path.read_text("utf-8").splitlines() if line.strip()]


def all_views(ledger: Ledger) -> Iterator[ArticleView]:
    """Every article of the index."""
    for id in ledger.article_ids():
        article = ledger.article(id)
        if article is not None:
            yield view_of(ledger, article)


def _item(line: dict[str, object], views: dict[str, ArticleView]) -> Item:
    cites = line["cites"]
    assert isinstance(cites, list)
    found = [place for cite in cites for place in _places(cite, views)]
    return Item(str(line["id"]), str(line["text"]), tuple(dict.fromkeys(found)), str(line.get("kind", "")))


def _places(cite: dict[str, str], views: dict[str, ArticleView]) -> Iterator[tuple[ArticleView, int]]:
    """The sentences that a quote covers."""
    view = next((view for identity, view in views.items() if identity.endswith(cite["article"])), None)
    start = view.article.text.find(cite["quote"]) if view else -1
    if view is None or start < 0:
        raise UsageError("bench.bad_claims", f"{cite['quote']!r:.60} isn't in {cite['article']!r:.60}")
    end = start + len(cite["quote"])
    yield from ((view, n) for n, one in enumerate(view.sentences) if one.start < end and one.end > start)


# --- changes


def number(item: Item, others: Others, rng: random.Random) -> Item | None:
    """Another number."""
    found = list(_DIGITS.finditer(item.text))
    if not found:
        return None
    one = rng.choice(found)
    digits = one.group().replace(",", "")
    other = str(int(digits) + rng.choice((1, 2, 3, 7, 10, -1, -2)) or 4).lstrip("-")
    return replace(item, text=item.text[: one.start()] + other + item.text[one.end() :])


def day(item: Item, others: Others, rng: random.Random) -> Item | None:
    """Another month, weekday or year."""
    for words in rng.sample((_MONTHS, _DAYS), 2):
        found = list(re.finditer(rf"\b(?:{'|'.join(words)})\b", item.text))
        if found:
            one = rng.choice(found)
            other = rng.choice([word for word in words if word != one.group()])
            return replace(item, text=item.text[: one.start()] + other + item.text[one.end() :])
    years = list(re.finditer(r"\b(?:19|20)\d\d\b", item.text))
    if not years:
        return None
    one = rng.choice(years)
    return replace(item, text=item.text[: one.start()] + str(int(one.group()) + 1) + item.text[one.end() :])


def name(item: Item, others: Others, rng: random.Random) -> Item | None:
    """Another person's name in a name's place."""
    people = [person.name for view, _ in item.cites for person in view.people]
    parts = {part for one in people for part in one.split()}
    found = [one for one in _NAME.finditer(item.text) if set(one.group().split()) & parts]
    strangers = others.people([view for view, _ in item.cites])
    if not found or not strangers:
        return None
    one = rng.choice(found)
    return replace(item, text=item.text[: one.start()] + rng.choice(strangers) + item.text[one.end() :])


def negation(item: Item, others: Others, rng: random.Random) -> Item | None:
    """A "not" less, or one more."""
    if _NEGATED.search(item.text):
        return replace(item, text=_NEGATED.sub("", item.text, count=1))
    found = list(_VERB.finditer(item.text))
    if not found:
        return None
    one = rng.choice(found)
    return replace(item, text=f"{item.text[: one.end()]} not{item.text[one.end() :]}")


def modality(item: Item, others: Others, rng: random.Random) -> Item | None:
    """What may be, is planned or is about so much told as sure, or what is sure as possible."""
    for pattern, other in ((_OPEN, "will"), (_ABOUT, ""), (_FIRM, "may")):
        if pattern.search(item.text):
            return replace(item, text=pattern.sub(other, item.text, count=1))
    return None


def speaker(item: Item, others: Others, rng: random.Random) -> Item | None:
    """Somebody else of the same article in a speaker's place."""
    if not _SPEAKS.search(item.text):
        return None
    view = item.cites[0][0]
    said = {statement.speaker for cited, place in item.cites for statement in cited.said(place)}
    for full in sorted(said):
        surname = full.split()[-1]
        found = re.search(rf"\b(?:{re.escape(full)}|{re.escape(surname)})\b", item.text)
        rest = [one.name for one in view.people if one.name not in said and surname not in one.name.split()]
        if found and rest:
            return replace(item, text=item.text[: found.start()] + rng.choice(rest) + item.text[found.end() :])
    return None


def article(item: Item, others: Others, rng: random.Random) -> Item | None:
    """The same claim under a sentence of another article."""
    mine = {view.article.id for view, _ in item.cites}
    view = rng.choice([view for view in others.views if view.article.id not in mine])
    return replace(item, cites=((view, _body(view, rng)),))


def span(item: Item, others: Others, rng: random.Random) -> Item | None:
    """The same claim under another sentence of its article."""
    view = item.cites[0][0]
    place = _body(view, rng)
    return None if (view, place) in item.cites else replace(item, cites=((view, place),))


def _body(view: ArticleView, rng: random.Random) -> int:
    return rng.choice([place for place in range(len(view.sentences)) if view.is_body(place)])


CHANGES: tuple[Change, ...] = (number, day, name, negation, modality, speaker, article, span)


# --- the verifier's word


def judged(item: Item, ledger: Ledger, reader: MiniLMReader | None, *, strict: bool = False) -> Claim:
    """What the product makes of a claim that a model wrote so."""
    sentences = tuple(ShownSentence(f"s{n}-{TAG}", view, place) for n, (view, place) in enumerate(item.cites, 1))
    shown = Shown(tag=TAG, passages=tuple(ShownPassage((one,)) for one in sentences), cut=0)
    return checked(Said(item.text, tuple(shown.by_id)), shown, ledger=ledger, reader=reader, strict=strict)


def changed(every: Sequence[Item], others: Others, change: Change, tries: int) -> Iterator[Item]:
    """So many claims with one thing changed, drawn by chance; fewer where too few have it."""
    rng = random.Random(f"{change.__name__} 1")
    for _ in range(20 * tries):
        made = change(rng.choice(every), others, rng)
        if made is not None:
            yield made
            tries -= 1
            if not tries:
                return


def report(
    every: Sequence[Item],
    others: Others,
    judge: Callable[[Item], Claim],
    *,
    tries: int,
    wrong: bool,
) -> Iterator[str]:
    """The table's lines."""
    passed = [(item, judge(item)) for item in every]
    good = sum(claim.support is Support.SUPPORTED for _, claim in passed)
    yield f"unchanged   {good / max(1, len(every)):.3f} accepted of {len(every)}"
    if wrong:
        yield from (
            f"    {item.id} {item.text} {'; '.join(claim.reasons)}"
            for item, claim in passed
            if claim.support is not Support.SUPPORTED
        )
    for change in CHANGES:
        made = list(changed(every, others, change, tries))
        accepted = [one for one in made if judge(one).support is Support.SUPPORTED]
        yield f"{change.__name__:<11} {len(accepted) / max(1, len(made)):.3f} accepted of {len(made)}"
        if wrong:
            yield from (f"    {one.id} {one.text}" for one in accepted)


def false_report(every: Sequence[Item], judge: Callable[[Item], Claim], *, wrong: bool) -> Iterator[str]:
    """The table's lines of false claims."""
    kinds = dict.fromkeys(item.kind for item in every)
    passed = [item for item in every if judge(item).support is Support.SUPPORTED]
    yield f"false       {len(passed) / max(1, len(every)):.3f} accepted of {len(every)}"
    for kind in kinds:
        mine = [item for item in passed if item.kind == kind]
        yield f"  {kind:<9} {len(mine)} of {sum(item.kind == kind for item in every)}"
        if wrong:
            yield from (f"    {item.id} {item.text}" for item in mine)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.claims", description=__doc__)
    parser.add_argument("--tries", type=count, default=300, help="changed claims of each kind (default: 300)")
    parser.add_argument("--strict", action="store_true", help="as 'qa ask --strict' judges them")
    parser.add_argument("--file", type=Path, default=FILE, help="other claims")
    parser.add_argument("--wrong", action="store_true", help="also print what is accepted wrongly, and what isn't")
    return ended(partial(_run, parser.parse_args(arguments)))


def _run(options: argparse.Namespace) -> None:
    corpus = read_corpus(Path(read_set("newsroom").corpus))
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        index = corpus_index(corpus.root, corpus.sha256, cache=Path(folder))
        with Reading(index) as reading:
            others = Others(tuple(all_views(reading.ledger)))
            every = items(reading.ledger, options.file)
            print(f"{len(every)} claims; in other words may be {MISSING_SHARE:.0%}")
            judge = partial(judged, ledger=reading.ledger, reader=MiniLMReader.load(), strict=options.strict)
            for line in report(every, others, judge, tries=options.tries, wrong=options.wrong):
                print(line, flush=True)
            if options.file == FILE:
                for line in false_report(items(reading.ledger, FALSE), judge, wrong=options.wrong):
                    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
