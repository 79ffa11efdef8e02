"""Whom a pronoun may mean: the nearest name before it that can be meant."""

from __future__ import annotations

from collections.abc import Sequence

from qa.statements.given_names import usual_gender
from qa.statements.naming import name_parts


def nearest(persons: Sequence[str], gender: str = "") -> str:
    """The last of the persons' names that isn't usually of the other gender; nothing where there is none."""
    for name in reversed(persons):
        usual = usual_gender(name_parts(name)[0])
        if not gender or not usual or usual == gender:
            return name
    return ""
