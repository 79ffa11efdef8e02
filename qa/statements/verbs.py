"""Reporting verbs of English with their inflections, in three classes by what follows them.

``say`` verbs carry a quote or a that-clause; ``object`` verbs carry what was said as an object ("denied the charge");
``stance`` verbs report a view or wish rather than an utterance. The verbs are ``cue_verbs.toml``'s; finding them in a
sentence is done in ``cues``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from qa.statements.vocabulary import words


class Verb(NamedTuple):
    """A reporting verb's base form, class (``say``, ``object``, ``stance``) and form (``past``, ``base``, ``s``,
    ``ing``).
    """

    base: str
    kind: str
    form: str

    @property
    def may_be_noun(self) -> bool:
        """Whether this very form is also a common noun."""
        return self.form in ("s", "base") and self.base in _lexicon().nouns


def look_up(low: str) -> Verb | None:
    """The reporting verb of which the folded word is a form, or ``None``."""
    return _forms().get(low)


def is_saying(low: str) -> bool:
    """Whether the word is a finite form of a ``say`` verb."""
    verb = _forms().get(low)
    return verb is not None and verb.kind == "say" and verb.form in ("past", "s")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """What ``cue_verbs.toml`` says: base forms by kind, and how they are inflected."""

    kinds: Mapping[str, tuple[str, ...]]
    doubling: frozenset[str]
    nouns: frozenset[str]
    irregular: Mapping[str, str]


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(files("qa.statements").joinpath("cue_verbs.toml").read_text("utf-8"))
    return _Lexicon(
        kinds={kind: tuple(data[kind].split()) for kind in ("say", "object", "stance")},
        doubling=words(data["doubling"]),
        nouns=words(data["nouns"]),
        irregular=data["irregular"],
    )


@cache
def _forms() -> dict[str, Verb]:
    forms: dict[str, Verb] = {}
    for kind, bases in _lexicon().kinds.items():
        for base in bases:
            for form, inflected in _inflect(base):
                for word in inflected:
                    forms.setdefault(word, Verb(base, kind, form))
    return forms


def _inflect(base: str) -> list[tuple[str, list[str]]]:
    stem = base[:-1] if base.endswith("e") else base
    if base in _lexicon().doubling:
        stem = base + base[-1]
    past = stem + "ed"
    third = base + ("es" if base.endswith(("sh", "ch", "ss", "x", "z")) else "s")
    if base.endswith("y") and base[-2] not in "aeou":
        past, third = base[:-1] + "ied", base[:-1] + "ies"
    ing = base + "ing" if base in ("agree", "disagree", "see", "foresee") else stem + "ing"
    return [("past", _lexicon().irregular.get(base, past).split()), ("s", [third]), ("ing", [ing]), ("base", [base])]
