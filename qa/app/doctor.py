"""Tries everything that an answer needs, one thing after the other, and says what to do about what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.app import Reading, embedders
from qa.config import config_file, index_folder, read_strictness
from qa.config.endpoint import Endpoint, Given, endpoint_in_force
from qa.errors import ModelUnusable, QaError

#: Seconds for what the endpoint is asked here.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tried: what, how it is, and the error where it failed."""

    what: str
    found: str
    error: QaError | None = None


def examine(index: str | None, given: Given) -> Iterator[Finding]:
    """The findings as they come. Nothing is changed; to the endpoint one line of our own is sent, no passage."""
    yield _tried("configuration", lambda: f"{config_file()}, strictness {read_strictness()}")
    yield _tried("embedder", _embedder)
    yield _tried("reader", _reader)
    yield _tried("index", lambda: _index(index))
    try:
        endpoint = endpoint_in_force(given)
    except QaError as error:
        yield Finding("endpoint", "", error)
        return
    if endpoint is None:
        yield Finding("endpoint", "none is set: answers are extracts")
        return
    served = _tried("endpoint", lambda: _served(endpoint))
    yield served
    if served.error is None:
        yield _tried("model", lambda: _writes(endpoint))


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what, attempt())
    except QaError as error:
        return Finding(what, "", error)


def _embedder() -> str:
    return embedders.own().fingerprint.id


def _reader() -> str:
    from qa.models.reader.reader import MiniLMReader

    return MiniLMReader.load().fingerprint.id


def _index(option: str | None) -> str:
    with Reading(index_folder(option)) as reading:
        status = reading.status()
        if embedders.where(reading.embedder):  # an endpoint's: whether it still makes the vectors that it made
            embedders.chosen(None, index_folder(option))
    return f"{status.index}: {status.counts.articles} articles, {status.counts.passages} passages, {status.generation}"


def _served(endpoint: Endpoint) -> str:
    from qa.llm.client import EndpointModel
    from qa.llm.model import Deadline

    names = EndpointModel(endpoint).served(Deadline.after(min(_PATIENCE, endpoint.deadline)))
    listed = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{endpoint.url} serves {len(names)} models: {listed}"


def _writes(endpoint: Endpoint) -> str:
    """Asks the model for a reply in the form that answers have."""
    from qa.answer.writer.reply import BadReply, read_reply, schema
    from qa.app.writing import named_model
    from qa.llm.model import Deadline, Message, whole

    asked = 'Reply with this JSON object and nothing else: {"abstain": true, "claims": []}'
    model, deadline = named_model(endpoint), Deadline.after(min(_PATIENCE, endpoint.deadline))
    text = whole(model.write([Message("user", asked)], schema=schema(["s1-aaaaa"]), deadline=deadline)).text
    model.close()
    try:
        read_reply(text)
    except BadReply as bad:
        message = f"the model {model.name!r:.60} doesn't reply as asked: {bad}"
        raise ModelUnusable("model.unreadable", message, remedy="another --model") from None
    return f"{model.name} replies as asked"
