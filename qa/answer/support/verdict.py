"""What is judged and what comes out: evidence, a verdict, reasons that a program can count and a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.types import Speaker, Support


class Failure(StrEnum):
    """What of a claim its evidence doesn't bear out."""

    EMPTY = "empty"  # the claim says nothing
    LENGTH = "length"  # the claim is longer than what is checked
    EVIDENCE = "evidence"  # nothing is cited
    NUMBER = "number"
    UNIT = "unit"
    HEDGE = "hedge"  # "about", "more than" dropped or changed
    COUNTED = "counted"  # the number counts something else
    DATE = "date"
    NAME = "name"
    QUOTE = "quote"
    NEGATION = "negation"
    MODALITY = "modality"  # a plan, a possibility, a condition told as more than it is
    TENSE = "tense"
    ATTRIBUTION = "attribution"  # somebody's words told as a fact, or the reverse
    SPEAKER = "speaker"
    DIRECTION = "direction"  # the opposite word
    ROLES = "roles"  # who did it to whom
    BINDING = "binding"  # things that the evidence has, but not together
    QUANTIFIER = "quantifier"  # "all" for "some", "only" added
    COVERAGE = "coverage"  # words that the evidence doesn't have


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing wrong: how far it leaves the claim supported, the words at fault as written, one line for people.

    ``wording``: where the claim is in other words than its evidence, it may be nothing more than that.
    """

    failure: Failure
    support: Support
    words: str
    text: str
    wording: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a claim follows from its evidence. ``reasons`` is empty for a supported claim.

    ``paraphrase`` is the reader's log-odds where it was asked, ``verbatim`` whether the claim is whole sentences of
    the evidence.
    """

    support: Support
    reasons: tuple[Reason, ...] = ()
    verbatim: bool = False
    paraphrase: float | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The reasons as people read them, as ``Claim.reasons`` keeps them."""
        return tuple(reason.text for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A cited sentence, or several that stand together.

    ``speaker`` is who speaks in it as the article's context tells; ``people`` are the full names of those who are
    meant in it by a name, a pronoun or an office. ``spoken`` are its sentences, each with those who speak in it, where
    they aren't all the same. Pieces with the same ``article`` (its id) are of one article; without an id every piece is
    of its own.

    By the rest a reader understands "she" and "the company": ``near`` are the names that stand elsewhere in the
    article, those before it last, the nearest at the end; ``everybody`` those of them that are persons', and
    ``persons`` the ones before it, in order, with their gender as far as it's known (``"m"``, ``"f"``, or nothing);
    ``offices`` are what the article calls persons ("rector", "analyst").
    """

    text: str
    title: str = ""
    published: date | None = None
    speaker: Speaker | None = None
    people: tuple[str, ...] = ()
    article: str = ""
    spoken: tuple[tuple[str, tuple[str, ...]], ...] = ()
    near: tuple[str, ...] = ()
    persons: tuple[tuple[str, str], ...] = ()
    everybody: frozenset[str] = frozenset()
    offices: tuple[tuple[str, frozenset[str]], ...] = ()


def fails(failure: Failure, words: str, text: str, *, wording: bool = False) -> Reason:
    """A reason for which the claim is unsupported."""
    return Reason(failure, Support.UNSUPPORTED, words, text, wording=wording)


def weakens(failure: Failure, words: str, text: str) -> Reason:
    """A reason for which the claim is supported partly at most."""
    return Reason(failure, Support.PARTLY, words, text)


def doubts(failure: Failure, words: str, text: str) -> Reason:
    """A reason for which the claim is supported partly at most, unless it's only another wording."""
    return Reason(failure, Support.PARTLY, words, text, wording=True)
