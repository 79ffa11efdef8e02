"""Whom a pronoun may mean: the nearest name before it that can be meant."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(persons: Sequence[tuple[str, str]], gender: str = "") -> str:
    """The last of the persons' names (each with ``"m"``, ``"f"`` or nothing) that isn't of the other gender; nothing
    where there is none. Somebody whose gender is known to be this one goes before one of unknown gender just after.
    """
    fitting = dict.fromkeys(one for one in reversed(persons) if not gender or one[1] in ("", gender))
    nearby = list(fitting)[:2]
    known = [name for name, theirs in nearby if gender and theirs == gender]
    return known[0] if known else nearby[0][0] if nearby else ""
