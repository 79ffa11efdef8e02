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


def ask(reading: Reading, question: str, *, k: int, filters: Filters, usual: str, lenient: str) -> Asked:
    """The answer, with warnings on stderr. Where only ``strict`` withholds one, the report says that ``usual`` shows
    it, and where it isn't sure enough, but ``lenient`` would do, it says that.
    """
    asked = reading.ask(question, k=k, filters=filters)
    for warning in asked.warnings:
        note(f"qa: {warning}")
    if asked.in_force.stretched_to(asked.confidence):
        note(f"qa: {LESS_SURE}")
    absence = asked.answer.absence
    if absence is None:
        return asked
    if asked.in_force.withholds(asked.confidence):
        absence = replace(absence, reason=f"{absence.reason}; {usual} shows it")
    elif asked.in_force.would_be_lenient(asked.confidence):
        absence = replace(absence, reason=f"{absence.reason}; {lenient} shows what may answer")
    return replace(asked, answer=replace(asked.answer, absence=absence))
