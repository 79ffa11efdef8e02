"""Whom a pronoun may mean: the nearest name before it that can be meant."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(persons: Sequence[tuple[str, str]], gender: str = "") -> str:
    """The last of the persons' names (each with ``"m"``, ``"f"`` or nothing) that isn't of the other gender; nothing
    where there is none.
    """
    return next((name for name, theirs in reversed(persons) if not gender or theirs in ("", gender)), "")
