"""Builds what lets a model write: the endpoint's client and the chain over LlamaIndex, around an index opened for
reading.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.config import remembered_file
from qa.config.endpoint import Endpoint
from qa.errors import UsageError
from qa.ledger.faults import storage_faults
from qa.llm.client import EndpointModel
from qa.llm.forms import Forms
from qa.llm.model import Deadline
from qa.types import Answer, Claim, Filters

if TYPE_CHECKING:
    from qa.answer.chain import CitedQueryEngine
    from qa.answer.considered import Considered
    from qa.answer.writer import messages
    from qa.answer.writer.writing import Composed
    from qa.app import Asked, Reading
    from qa.retrieve.retriever import Retrieved

#: What ids in prompts derive from; another one in each process, so that no document can foresee them.
_SECRET = secrets.token_bytes(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What would be sent for a question; ``None`` where nothing found comes near an answer, and nothing is sent."""

    asked: messages.Asked | None


def named_model(endpoint: Endpoint) -> EndpointModel:
    """The endpoint's model; where none is named, the only one that it serves. Raises ``UsageError`` where it serves
    several, and what asking it raises.
    """
    forms = Forms(remembered_file("endpoints.json"))
    found = EndpointModel(endpoint, forms=forms)
    if endpoint.model:
        return found
    names = found.served(Deadline.after(endpoint.deadline))
    found.close()
    if len(names) == 1:
        return EndpointModel(endpoint.named(names[0]), forms=forms)
    message = f"no model is named, and {endpoint.host} serves {len(names)} models"
    raise UsageError("endpoint.no_model", message, remedy="qa models, then --model NAME")


class Writer:
    """A model that writes answers from an index. ``secret`` fixes the ids in prompts, so that a run can be replayed."""

    def __init__(self, reading: Reading, endpoint: Endpoint, *, secret: bytes | None = None) -> None:
        self._reading = reading
        self._endpoint = endpoint
        self._secret = secret or _SECRET

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "model" in self.__dict__:
            self.model.close()

    @cached_property
    def model(self) -> EndpointModel:
        """The model."""
        return named_model(self._endpoint)

    def ask(self, text: str, *, k: int, filters: Filters) -> Generator[Claim, None, Asked]:
        """Each claim once it is verified, and in the end the answer, as ``Reading.ask`` gives it."""
        from qa.app import Asked

        reading, model, engine = self._reading, self.model, self.engine(k=k, filters=filters)
        with storage_faults(reading.index), reading.ledger.snapshot():
            started = perf_counter()
            found = engine.found(text)
            retrieved = perf_counter()
            composed = yield from engine.compose(found)
            seconds = {"retrieve": retrieved - started, "answer": perf_counter() - retrieved}
        written = composed.written
        return Asked(
            answer=self._signed(written.answer, composed, seconds, model),
            warnings=found.warnings,
            retrieved=found,
            read=written.read,
            confidence=written.confidence,
            in_force=reading.abstention,
            fault=composed.fault,
        )

    def stands_alone(self, before: Sequence[str], question: str) -> str:
        """A follow-up to the questions ``before``, made to stand alone; as it is where it does or may."""
        from qa.answer.writer.followup import leans, stands_alone

        if not before or not leans(question):
            return question
        return stands_alone(self.model, before, question, deadline=Deadline.after(self._endpoint.deadline))

    def engine(self, *, k: int = 5, filters: Filters | None = None) -> CitedQueryEngine:
        """The engine as a LlamaIndex application has it."""
        from qa.answer.chain import CitedQueryEngine, SpanRetriever
        from qa.answer.extract import HITS

        reading, wanted = self._reading, filters or Filters()

        def search(text: str) -> Retrieved:
            return reading.retrieve(text, k=HITS, filters=wanted)

        def compose(found: Retrieved) -> Generator[Claim, None, Composed]:
            return self._compose(found, k=k, filters=wanted)

        return CitedQueryEngine(retriever=SpanRetriever(search), compose=compose)

    def prepared(self, text: str, *, filters: Filters) -> Prepared:
        """What would be sent for a question; nothing is."""
        from qa.answer.extract import HITS
        from qa.answer.writer.messages import asking
        from qa.answer.writer.writing import may_ask

        with storage_faults(self._reading.index), self._reading.ledger.snapshot():
            found = self._considered(self._reading.retrieve(text, k=HITS, filters=filters), filters)
            if not may_ask(found):
                return Prepared(asked=None)
            return Prepared(asked=asking(found, secret=self._secret, context=self._endpoint.context, today=_today()))

    def _considered(self, retrieved: Retrieved, filters: Filters) -> Considered:
        from qa.answer.considered import consider

        return consider(retrieved, self._reading.ledger, self._reading.scorer, filters)

    def _compose(self, retrieved: Retrieved, *, k: int, filters: Filters) -> Generator[Claim, None, Composed]:
        from qa.answer.writer.writing import Terms, compose

        terms = Terms(
            deadline=Deadline.after(self._endpoint.deadline),
            context=self._endpoint.context,
            secret=self._secret,
            today=_today(),
            k=k,
            strict=self._reading.strict,
        )
        found = self._considered(retrieved, filters)
        return compose(found, model=self.model, reader=self._reading.reader, terms=terms)

    def _signed(self, answer: Answer, composed: Composed, seconds: dict[str, float], model: EndpointModel) -> Answer:
        from qa.answer.writer.messages import digests
        from qa.config.prices import price_of

        price = price_of(model.name)
        made = replace(
            self._reading.provenance(seconds),
            engine="llm",
            model=f"{model.name}@{self._endpoint.host}",
            prompts=digests(),
            prompt_tokens=composed.prompt_tokens,
            completion_tokens=composed.completion_tokens,
            price=round(price.of(composed.prompt_tokens, composed.completion_tokens), 6) if price else None,
            currency=price.currency if price else "",
        )
        return replace(answer, provenance=made)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's own day
