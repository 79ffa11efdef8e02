"""A model that replies as it is told, and remembers what it was asked; for what is tested of ``qa.answer.writer``.

Over a real socket the same is done by ``llm_server``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.answer.considered import Considered
from qa.answer.support.paraphrase import Reads
from qa.answer.writer.writing import Composed, Terms, compose
from qa.errors import QaError
from qa.llm.model import Deadline, Message, Model, Reply
from qa.types import Claim

TODAY = date(2026, 1, 31)

#: What it says to the messages it is shown; an error is raised where it comes in the list.
Says = Callable[[Sequence[Message]], str]


@dataclass
class ScriptedModel:
    """Replies in turn; ``asked`` are the conversations. A reply that is an error breaks off after ``before`` pieces."""

    replies: list[str | Says | QaError]
    name: str = "scripted"
    pieces: int = 9
    before: int = 0
    asked: list[tuple[Message, ...]] = field(default_factory=list)
    schemas: list[Mapping[str, object]] = field(default_factory=list)

    def write(
        self, messages: Sequence[Message], *, schema: Mapping[str, object], deadline: Deadline
    ) -> Generator[str, None, Reply]:
        """See ``qa.llm.model.Model``."""
        self.asked.append(tuple(messages))
        self.schemas.append(schema)
        reply = self.replies.pop(0)
        if isinstance(reply, QaError):
            raise reply
        text = reply if isinstance(reply, str) else reply(messages)
        for place, at in enumerate(range(0, len(text), self.pieces)):
            if self.before and place >= self.before and self.replies and isinstance(self.replies[0], QaError):
                raise self.replies.pop(0)
            yield text[at : at + self.pieces]
        return Reply(text=text, prompt_tokens=10, completion_tokens=2)


def usual(*, secret: bytes = b"fixed", context: int = 8_192, k: int = 5) -> Terms:
    """Usual terms."""
    return Terms(deadline=Deadline.after(60), context=context, secret=secret, today=TODAY, k=k)


def composed(
    found: Considered, model: Model, *, reader: Reads | None = None, terms: Terms | None = None
) -> tuple[list[Claim], Composed]:
    """The claims as they were handed on, and the whole."""
    running = compose(found, model=model, reader=reader, terms=terms or usual())
    shown = []
    try:
        while True:
            shown.append(next(running))
    except StopIteration as ended:
        return shown, ended.value


def reply(*claims: tuple[str, Sequence[str]], abstain: bool = False) -> str:
    """A reply as asked for."""
    made = [{"text": text, "cites": list(cites)} for text, cites in claims]
    return json.dumps({"abstain": abstain, "claims": made}, ensure_ascii=False)
