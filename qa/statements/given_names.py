"""Looks a given name up in the list beside this file (its header says where it comes from) and tells its usual gender.

The list is evidence, never proof: what an article says of a person (a title, a pronoun) goes before it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LETTERS = {"female": "f", "male": "m", "either": ""}


@cache
def _genders() -> dict[str, str]:
    genders: dict[str, str] = {}
    for line in Path(__file__).with_name("given_names.txt").read_text("utf-8").splitlines():
        group, _, names = line.partition(" ")
        if group in _LETTERS:
            genders.update(dict.fromkeys(names.split(), _LETTERS[group]))
    return genders


def is_given(name: str) -> bool:
    """Whether the folded, lower-case ``name`` is a listed given name; of "jean-luc" one part is enough."""
    genders = _genders()
    return name in genders or ("-" in name and name.partition("-")[0] in genders)


def usual_gender(name: str) -> str:
    """``"f"``, ``"m"``, or ``""`` where the list doesn't know or both use it."""
    return _genders().get(name.partition("-")[0], "")
