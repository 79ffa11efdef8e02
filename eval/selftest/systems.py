"""The scripted systems: which items each of them touches, and what it does there. On all others it is the oracle.

What they must score stands in :mod:`eval.selftest.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from eval.selftest import citing, finding, saying
from eval.selftest.ground import Facts, Ground, characters
from eval.selftest.oracle import oracle, silent
from eval.types import HIDDEN, Ended, GoldSet, Item, RunRecord

Act = Callable[[Facts], RunRecord | None]
Twin = Callable[[RunRecord | None, Item], RunRecord | None]


@dataclass(frozen=True, kw_only=True)
class System:
    """A scripted system: on the items that it ``touches`` it does what ``act`` says (None: no record). ``twin`` makes
    the record with the evidence hidden. ``damage`` is done to the touched items of gold before the run is scored.
    One that ``lies`` is sure where it should doubt, on all items.
    """

    name: str
    touches: Callable[[Facts], bool]
    act: Act = oracle
    twin: Twin = lambda _, item: RunRecord(id=item.id + HIDDEN, ended=Ended.ABSTAINED, confidence=0.0)
    damage: Callable[[Item], Item] = lambda item: item
    lies: bool = False

    def records(self, ground: Ground) -> Mapping[str, RunRecord]:
        """Its run: records by id."""
        found: dict[str, RunRecord] = {}
        for facts in ground.facts:
            does = self if self.touches(facts) else _ORACLE
            record = does.act(facts)
            twin = does.twin(record, facts.item) if facts.proved else None
            found |= {one.id: one for one in (record, twin) if one is not None}
        return {id: _turned(record) for id, record in found.items()} if self.lies else found

    def gold(self, ground: Ground) -> GoldSet:
        """The gold that its run is scored against, in the set's own order."""
        touched = {facts.item.id for facts in ground.facts if self.touches(facts)}
        items = tuple(self.damage(item) if item.id in touched else item for item in ground.gold.items)
        return replace(ground.gold, items=items)


def _turned(record: RunRecord) -> RunRecord:
    return record if record.confidence is None else replace(record, confidence=1 - record.confidence)


# --- which items ------------------------------------------------------------------------------------------------------


def _all(facts: Facts) -> bool:
    return True


def _proved(facts: Facts) -> bool:
    return facts.proved


def _found(facts: Facts) -> bool:
    """Whether there is something to be found, and articles beside it."""
    return bool(facts.elsewhere) and bool(facts.relevant)


def _off_topic(facts: Facts) -> bool:
    return bool(facts.elsewhere) and (not facts.item.answerable or bool(facts.relevant))


def _every_second(facts: Facts) -> bool:
    return facts.number % 2 == 1 and _off_topic(facts)


def _every_third(facts: Facts) -> bool:
    """Every third of those whose relevant articles nothing but spans tell."""
    return facts.proved and not facts.item.relevant and facts.number % 3 == 1


def _crashes(facts: Facts) -> bool:
    return finding.fails(facts) or facts.number % 4 == 0


def _shows_speaker(facts: Facts) -> bool:
    return facts.item.answerable and bool(facts.item.speaker)


def _worded(facts: Facts) -> bool:
    """Whether an answer is worded by gold and nowhere else: a speaker shown beside it is words, too."""
    item = facts.item
    return facts.proved and not item.speaker and bool(item.answers or any(nugget.vital for nugget in item.nuggets))


def _priced(facts: Facts) -> bool:
    """Whether the answer is a sum of money and nothing else."""
    item = facts.item
    alone = len(item.answers) == 1 and not item.nuggets and not item.speaker
    return facts.proved and alone and [value.kind for value in item.values] == ["money"]


def _longer(facts: Facts) -> bool:
    item = facts.item
    vital = sum(nugget.vital for nugget in item.nuggets)
    return item.answerable and max(len(item.answers), len(item.values), vital) > 1


def _beside(facts: Facts) -> bool:
    return facts.proved and len(finding.neighbours(facts)) == len(facts.relevant)


def _halved(facts: Facts) -> bool:
    return bool(citing.halved(facts, facts.first))


def _with_room(facts: Facts) -> bool:
    """Whether no span that the oracle cites is a whole article."""
    return facts.proved and all(len(span.quote) < len(facts.corpus[span.article].text) for span in facts.first)


def _several(facts: Facts) -> bool:
    """Whether every evidence set has several spans that don't overlap."""
    sets = [[characters([span]) for span in spans] for spans in facts.item.evidence]
    return facts.proved and all(len(one) > 1 and sum(map(len, one)) == len(frozenset().union(*one)) for one in sets)


# --- what is done beside ----------------------------------------------------------------------------------------------


def _as_before(record: RunRecord | None, item: Item) -> RunRecord | None:
    """With the evidence hidden it does what it did before."""
    return record and replace(record, id=item.id + HIDDEN)


def _unprinted(item: Item) -> Item:
    """The item with evidence that doesn't stand in the corpus any more."""
    sets = tuple(
        tuple(replace(span, quote=f"Sentence {m}.{n} was never printed.", sha256="") for n, span in enumerate(spans))
        for m, spans in enumerate(item.evidence)
    )
    return replace(item, evidence=sets)


_ORACLE = System(name="oracle", touches=_all)

SYSTEMS = (
    _ORACLE,
    System(name="null", touches=_all, act=lambda facts: silent(facts, (), ())),
    System(name="always_answer", touches=_off_topic, act=finding.always, twin=_as_before),
    System(name="dump_everything", touches=_off_topic, act=finding.dump, twin=_as_before),
    # What answers say.
    System(name="stylist", touches=lambda facts: facts.item.answerable, act=saying.stylist),
    System(name="wordy", touches=lambda facts: len(facts.item.answers) == 1, act=saying.wordy),
    System(name="gluer", touches=_worded, act=saying.gluer),
    System(name="terse", touches=_longer, act=saying.terse),
    System(name="quoter", touches=_proved, act=saying.quoter),
    System(name="outdated", touches=lambda facts: bool(facts.item.forbidden), act=saying.outdated),
    System(name="historian", touches=lambda facts: bool(facts.item.forbidden), act=saying.historian),
    System(name="wrong_speaker", touches=_shows_speaker, act=saying.wrong_speaker),
    System(name="calculator", touches=_priced, act=saying.calculator),
    System(name="hearsay", touches=_shows_speaker, act=saying.hearsay),
    System(name="namesake", touches=_shows_speaker, act=saying.namesake),
    System(name="misattributor", touches=_shows_speaker, act=saying.misattributor),
    System(name="bare", touches=lambda facts: facts.item.answerable, act=saying.bare, twin=lambda _record, _item: None),
    # What answers cite.
    System(
        name="citation_shuffler", touches=lambda facts: bool(facts.proved and citing.donor(facts)), act=citing.shuffled
    ),
    System(name="offset_by_one", touches=_proved, act=citing.changed(citing.next_one)),
    System(name="offset_by_one_requoted", touches=_with_room, act=citing.changed(citing.requoted)),
    System(name="quote_corruptor", touches=_proved, act=citing.changed(citing.corrupted)),
    System(name="article_swapper", touches=_proved, act=citing.changed(citing.swapped)),
    System(name="slicer", touches=_proved, act=citing.changed(citing.slicer)),
    System(name="halver", touches=_halved, act=citing.halver),
    System(name="brusher", touches=_halved, act=citing.brusher),
    System(name="claims_without_citations", touches=_proved, act=lambda facts: citing.cites(facts, ())),
    System(name="inventor", touches=_proved, act=citing.inventor),
    System(name="rambler", touches=lambda facts: facts.proved and _off_topic(facts), act=citing.rambler),
    System(name="generous", touches=_proved, act=citing.generous),
    # What is found and read.
    System(name="late", touches=_found, act=finding.late),
    System(name="beside", touches=_beside, act=finding.beside),
    System(name="partial_evidence", touches=_several, act=finding.partial),
    System(name="frugal", touches=_proved, act=finding.frugal),
    System(name="dropper", touches=_proved, act=finding.dropper),
    # Silence, confidence, failure.
    System(name="mumbler", touches=_off_topic, act=finding.mumbler),
    System(name="halves", touches=_every_second, act=finding.half),
    System(name="liar_confidence", touches=_every_second, act=finding.half, lies=True),
    System(name="crasher", touches=_crashes, act=finding.crashed, twin=_as_before),
    # Gold that isn't what it was.
    System(name="quarantined", touches=_every_third, damage=_unprinted),
    System(name="ungraded", touches=_every_third, damage=lambda item: replace(item, answers=(), values=(), nuggets=())),
)
