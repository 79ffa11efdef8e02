"""The values that flow through the eval suite: gold items, what a run recorded, scores. No behaviour but reading them.

Offsets are Unicode code points, 0-based, end exclusive, into the stored text of an article. An article is named by its
identity relative to the corpus: ``courier/budget.md``, ``wire.jsonl#ID``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

#: Appended to an item's id: the same question with the articles of its evidence hidden.
HIDDEN = "~hidden"


class Why(StrEnum):
    """Why a question has no answer in its corpus."""

    NOT_IN_CORPUS = "not-in-corpus"
    FALSE_PREMISE = "false-premise"
    WRONG_PERSON = "wrong-person"
    OUTDATED = "outdated"
    UNDERSPECIFIED = "underspecified"


class Split(StrEnum):
    """``CALIBRATION`` may be looked at to choose thresholds, ``TEST`` only to measure."""

    CALIBRATION = "calibration"
    TEST = "test"


# --- gold ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """A piece of evidence, found again by position, else by quote between prefix and suffix.

    ``sha256`` is of the UTF-8 of the article's text for which the position holds.
    """

    article: str
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """One thing that a right answer must name, in any of its wordings. A list question has several parts."""

    text: str
    aliases: tuple[str, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        """The text and its aliases."""
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A figure that a right answer must give. ``kind``: ``"number"``, ``"money"``, ``"percent"``, ``"date"`` or
    ``"duration"``.

    ``value`` is a decimal number, or an ISO date as precise as it is known (``2027``, ``2027-06``, ``2027-06-01``);
    ``tolerance`` is absolute, in ``unit`` (for dates in days).
    """

    kind: str
    value: str
    unit: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nugget:
    """A piece of information of a longer answer, in any of its wordings; without a ``vital`` one an answer is wrong."""

    text: str
    aliases: tuple[str, ...] = ()
    vital: bool = False

    @property
    def wordings(self) -> tuple[str, ...]:
        """The text and its aliases."""
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilters:
    """The filters with which a question is asked."""

    source: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with all that a right answer to it is judged by.

    ``evidence`` are alternatives: each is a set of spans that together prove the answer; citing all of one set is
    enough. ``acceptable`` spans may be cited beside. ``forbidden`` are facts that an answer must not give (outdated,
    wrong). ``speaker`` is whom the answer must name as the one who said it. ``hide`` are further articles without
    which the question can't be answered. ``relevant`` grades whole articles, where a set has no spans.
    ``cluster`` groups items that aren't independent of each other (a story).
    """

    id: str
    question: str
    type: str
    categories: tuple[str, ...]
    cluster: str
    split: Split
    answerable: bool
    why: Why | None = None
    answers: tuple[AnswerPart, ...] = ()
    values: tuple[Value, ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    forbidden: tuple[str, ...] = ()
    evidence: tuple[tuple[GoldSpan, ...], ...] = ()
    acceptable: tuple[GoldSpan, ...] = ()
    relevant: Mapping[str, int] = field(default_factory=dict)
    speaker: str = ""
    filters: ItemFilters = field(default_factory=ItemFilters)
    hide: tuple[str, ...] = ()
    note: str = ""

    @property
    def graded(self) -> bool:
        """Whether gold says what a right answer contains."""
        return bool(self.answers or self.values or any(nugget.vital for nugget in self.nuggets))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSet:
    """A set of items over one corpus. ``sha256`` is of the items' substance: order, positions and notes left out.

    ``corpus`` is a folder or a file; ``categories`` describes each category in words; ``twins`` says whether items are
    also run with their evidence hidden. ``folder`` is where the set was read from, empty where it wasn't.
    """

    name: str
    description: str
    corpus: str
    categories: Mapping[str, str]
    items: tuple[Item, ...]
    sha256: str
    twins: bool = True
    licence: str = ""
    source: str = ""
    folder: str = ""


# --- what a run recorded ---------------------------------------------------------------------------------------------


class Ended(StrEnum):
    """How a question ended in a run. ``ERROR``: the system under test failed; its message is in ``error``."""

    ANSWERED = "answered"
    PARTLY = "partly"
    ABSTAINED = "abstained"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpan:
    """A span of an article that a system retrieved or read; ``score`` orders what was retrieved (higher first)."""

    article: str
    start: int
    end: int
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCitation:
    """A span that a system cites, with the words that it says stand there. Neither is believed by the scorer."""

    article: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunClaim:
    """A statement of an answer. ``earlier``: shown, and marked as overtaken by a newer one."""

    text: str
    citations: tuple[RunCitation, ...] = ()
    speaker: str = ""
    earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a system did with one question. ``id`` is the item's, or the item's with ``HIDDEN`` appended.

    ``answer`` is all that was shown as the answer; ``short`` the short answer inside, where the system points one out.
    ``retrieved`` and ``read`` are None where the system doesn't report them: found spans, best first, and the spans
    that were looked at to answer. ``confidence`` (0..1) says how likely the system holds its answer to be right, given
    for abstentions too where there is one. ``seconds`` by stage.
    """

    id: str
    ended: Ended
    answer: str = ""
    short: str = ""
    claims: tuple[RunClaim, ...] = ()
    retrieved: tuple[RunSpan, ...] | None = None
    read: tuple[RunSpan, ...] | None = None
    confidence: float | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    tokens: int = 0
    error: str = ""

    @property
    def answered(self) -> bool:
        """Whether an answer was shown."""
        return self.ended in (Ended.ANSWERED, Ended.PARTLY)

    @property
    def citations(self) -> tuple[RunCitation, ...]:
        """All citations, in the order shown."""
        return tuple(citation for claim in self.claims for citation in claim.citations)


# --- scores ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scored:
    """A value in 0..1. ``failed`` says why it is the worst one without an answer to judge: missing from the run, or
    the system crashed.
    """

    value: float
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Unscored:
    """The metric applies, but nothing can be said: it counts as worst in the lower bound and as best in the upper."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The metric says nothing about this item, or about such an answer: it stands in no denominator."""

    reason: str


Score = Scored | Unscored | NotApplicable
