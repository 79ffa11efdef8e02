"""What ``qa ask`` and its prompt have in common: to ask, and to say beside the answer what isn't part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.cli.terminal import note

if TYPE_CHECKING:
    from qa.app import Asked, Reading
    from qa.types import Filters

#: A confidence isn't exact enough to be shown as a number; where an answer is as sure as usual, nothing is said.
LESS_SURE = "less sure than usual: answered only because of 'lenient'"


def ask(reading: Reading, question: str, *, k: int, filters: Filters, loosen: str) -> Asked:
    """The answer, with warnings on stderr. Where only ``strict`` withholds it, the report says that ``loosen`` would
    show it.
    """
    asked = reading.ask(question, k=k, filters=filters)
    for warning in asked.warnings:
        note(f"qa: {warning}")
    if asked.in_force.stretched_to(asked.confidence):
        note(f"qa: {LESS_SURE}")
    absence = asked.answer.absence
    if absence is None or not asked.in_force.withholds(asked.confidence):
        return asked
    absence = replace(absence, reason=f"{absence.reason}; {loosen!r} shows it")
    return replace(asked, answer=replace(asked.answer, absence=absence))
