"""What a model that writes is asked, and what comes back: plain values and one protocol."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

_R = TypeVar("_R")

#: Code points; what goes on for longer than this is no reply to a question.
LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: ``role`` is ``"system"``, ``"user"`` or ``"assistant"``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply. Tokens are those that the endpoint counted; 0 where it doesn't say."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock after which nothing is waited for."""

    at: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline in so many seconds from now."""
        return cls(at=time.monotonic() + seconds, seconds=seconds)

    @property
    def left(self) -> float:
        """Seconds until then, at least 0."""
        return max(0.0, self.at - time.monotonic())


def whole(running: Generator[object, None, _R]) -> _R:
    """What a generator returns in the end, when nobody waits for its pieces."""
    while True:
        try:
            next(running)
        except StopIteration as ended:
            result: _R = ended.value
            return result


class Model(Protocol):
    """A model that writes."""

    @property
    def name(self) -> str:
        """The name by which the endpoint knows it."""
        ...

    def write(
        self, messages: Sequence[Message], *, schema: Mapping[str, object], deadline: Deadline
    ) -> Generator[str, None, Reply]:
        """The reply's text as it comes, piece by piece, and in the end the whole.

        ``schema`` is the JSON schema that the reply should follow; an endpoint may not hold the model to it. Raises
        ``ModelUnreachable``, ``ModelRefused``, ``ModelUnusable``; never takes longer than the deadline, and never
        returns a reply that was cut.
        """
        ...
