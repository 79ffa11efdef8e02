"""The table ``[abstention]`` of the configuration: from which confidence on a question is answered.

``qa eval calibrate`` writes it; what a person wants of answers (``strictness``) stands in it only if they put it there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from qa.config.file import read_table, unfit, write_table
from qa.config.paths import config_file

#: So far, in log-odds, ``strict`` moves a threshold up and ``lenient`` down: one of .5 to .7 and to .3.
STEP = 0.85


class Strictness(StrEnum):
    """How sure an answer has to be, next to the threshold that was calibrated (or comes with ``qa``)."""

    STRICT = "strict"
    NORMAL = "normal"
    LENIENT = "lenient"

    def moved(self, threshold: float) -> float:
        """``threshold`` (0..1) as this wants it: moved by ``STEP``, but 0 and 1 stay what they are."""
        if self is Strictness.NORMAL:
            return threshold
        factor = math.exp(STEP if self is Strictness.STRICT else -STEP)  # of the odds, which don't overflow near 1
        return threshold * factor / (1 - threshold + threshold * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """A calibrated threshold: answers come from a confidence of ``threshold`` on (0..1).

    ``scorer`` is the digest of the scorer that it holds for. It was chosen so that at most a share of ``max_risk`` of
    the answers is wrong, with probability ``confidence_level``, on ``items`` items of ``gold`` (a set's name, ``@``,
    the beginning of its sha256).
    """

    threshold: float
    scorer: str
    max_risk: float
    confidence_level: float
    gold: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The threshold that is used, the ``normal`` one that strictness moved, the digest of the scorer that it is used
    with, and what to say about it.
    """

    threshold: float
    normal: float
    scorer: str
    warnings: tuple[str, ...] = ()

    def stretched_to(self, confidence: float | None) -> bool:
        """Whether an answer of this confidence is one only because ``lenient`` was asked for."""
        return confidence is not None and self.threshold <= confidence < self.normal

    def would_be_lenient(self, confidence: float | None) -> bool:
        """Whether ``lenient`` would make an answer of what is none as it is."""
        return confidence is not None and Strictness.LENIENT.moved(self.normal) <= confidence < self.threshold

    def withholds(self, confidence: float | None) -> bool:
        """Whether an answer of this confidence is none only because ``strict`` was asked for."""
        return confidence is not None and self.normal <= confidence < self.threshold


def threshold_in_force(
    shipped: float, *, scorer: str, given: float | None = None, strictness: Strictness | None = None
) -> InForce:
    """The threshold to use: the one ``given``; else the file's, if calibrated for this ``scorer``; else ``shipped``.

    It is moved as ``strictness`` says, else as the file does; one that is given is moved only by what is given, too,
    and the file isn't read. Raises ``UsageError`` (``config.*``) for a file that can't be understood.
    """
    if given is not None:
        moved = (strictness or Strictness.NORMAL).moved(given)
        return InForce(threshold=moved, normal=given, scorer=scorer)
    wanted, calibrated = read_strictness(), read_abstention()
    normal = shipped
    warnings: tuple[str, ...] = ()
    if calibrated is not None and calibrated.scorer == scorer:
        normal = calibrated.threshold
    elif calibrated is not None:
        warnings = (
            f"the threshold in {str(config_file())!r} was calibrated for another scorer and isn't used;"
            " to calibrate again: qa eval calibrate",
        )
    moved = (strictness or wanted).moved(normal)
    return InForce(threshold=moved, normal=normal, scorer=scorer, warnings=warnings)


def read_abstention() -> Abstention | None:
    """The calibrated threshold, or ``None`` where there is none; raises ``UsageError`` (``config.*``) for a file that
    can't be understood.
    """
    table = read_table("abstention")
    return None if table.keys() <= {"strictness"} else _abstention(table)


def read_strictness() -> Strictness:
    """How sure answers have to be where nobody says so: normal, but for what the file says; raises ``UsageError``
    (``config.*``) for one that can't be understood.
    """
    value = read_table("abstention").get("strictness", Strictness.NORMAL)
    if not isinstance(value, str) or value not in list(Strictness):
        raise unfit("abstention.strictness", value, "'strict', 'normal' or 'lenient'")
    return Strictness(value)


def write_abstention(abstention: Abstention) -> Path:
    """Put the table into the configuration file, which keeps all else that is in it; returns the file's path.

    In one step: a reader sees the old file or the new one. Raises ``UsageError`` where the file can't be understood,
    ``StorageFault`` where it can't be written.
    """
    return write_table("abstention", lambda table: table.update(asdict(abstention)))


def _abstention(table: Mapping[str, object]) -> Abstention:
    return Abstention(
        threshold=_share(table, "threshold"),
        scorer=_string(table, "scorer"),
        max_risk=_share(table, "max_risk"),
        confidence_level=_share(table, "confidence_level"),
        gold=_string(table, "gold"),
        items=_count(table, "items"),
    )


def _count(table: Mapping[str, object], name: str) -> int:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise unfit(f"abstention.{name}", value, "a count")
    return value


def _share(table: Mapping[str, object], name: str) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise unfit(f"abstention.{name}", value, "a number from 0 to 1")
    return float(value)


def _string(table: Mapping[str, object], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str):
        raise unfit(f"abstention.{name}", value, "a string")
    return value
