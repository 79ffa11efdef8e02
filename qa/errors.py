"""Every error that a user can meet, with its exit code, and nothing else.

::

    QaError
    ├── UsageError           2
    ├── IndexMissing        10   IndexLocked      11   IndexMismatch   12
    ├── IndexDamaged        13   StorageFault     14
    ├── ModelUnreachable    20   ModelRefused     21   ModelUnusable   22
    └── SafetyRefusal       30

What a command prints of an error is at most five lines: what was seen with an id, the state afterwards, and one
command that mends it.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The command line's exit codes (docs: README, "Exit codes")."""

    DONE = 0
    NEGATIVE = 1
    USAGE = 2
    SKIPPED = 3
    INDEX_MISSING = 10
    INDEX_LOCKED = 11
    INDEX_MISMATCH = 12
    INDEX_DAMAGED = 13
    STORAGE = 14
    MODEL_UNREACHABLE = 20
    MODEL_REFUSED = 21
    MODEL_UNUSABLE = 22
    SAFETY = 30
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class QaError(Exception):
    """A failure with an id (``"index.locked"``), what it leaves behind, and the command that mends it, if any."""

    code: Exit = Exit.BUG

    def __init__(self, id: str, message: str, *, state: str = "nothing was changed", remedy: str = "") -> None:
        super().__init__(message)
        self.id = id
        self.message = message
        self.state = state
        self.remedy = remedy


class UsageError(QaError):
    """The command or the configuration can't be understood."""

    code = Exit.USAGE


class IndexMissing(QaError):
    """There is no index where one was looked for."""

    code = Exit.INDEX_MISSING


class IndexLocked(QaError):
    """Another process is writing the index."""

    code = Exit.INDEX_LOCKED


class IndexMismatch(QaError):
    """The index was made with another model or by another version of qa."""

    code = Exit.INDEX_MISMATCH


class IndexDamaged(QaError):
    """The index contradicts itself."""

    code = Exit.INDEX_DAMAGED


class StorageFault(QaError):
    """The disk is full, read-only or failing."""

    code = Exit.STORAGE


class ModelUnreachable(QaError):
    """The model's endpoint doesn't answer in time."""

    code = Exit.MODEL_UNREACHABLE


class ModelRefused(QaError):
    """The model's endpoint refused the request (key, quota, rate)."""

    code = Exit.MODEL_REFUSED


class ModelUnusable(QaError):
    """The model's reply, or a model file, can't be used."""

    code = Exit.MODEL_UNUSABLE


class SafetyRefusal(QaError):
    """Refused for safety: an address that isn't public, a path outside, a bomb."""

    code = Exit.SAFETY
