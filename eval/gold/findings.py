"""What checks of a gold set find: errors, with which a set mustn't be used, and warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whether a finding makes the gold invalid."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something found. ``rule`` names what was checked (``"category.unknown"``), ``item`` is empty for the set."""

    level: Level
    rule: str
    message: str
    item: str = ""


def error(rule: str, message: str, *, item: str = "") -> Finding:
    """A finding that makes the gold invalid."""
    return Finding(level=Level.ERROR, rule=rule, message=message, item=item)


def warning(rule: str, message: str, *, item: str = "") -> Finding:
    """A finding to look at."""
    return Finding(level=Level.WARNING, rule=rule, message=message, item=item)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that make the gold invalid."""
    return tuple(finding for finding in findings if finding.level is Level.ERROR)
