"""Which engine answers, and where passages would be sent: options, and what is said about it, once for each index."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import note
from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.config.endpoint import Endpoint


class Engine(StrEnum):
    """Who answers: ``auto`` is the model where an endpoint is set, else extracts."""

    AUTO = "auto"
    EXTRACT = "extract"
    LLM = "llm"


EngineOption = Annotated[
    Engine, typer.Option("--engine", help="Who answers: extracts, a model, or the model where an endpoint is set.")
]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="The model at the endpoint.")]
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint (default: OPENAI_BASE_URL)."),
]
DeadlineOption = Annotated[
    float | None,
    typer.Option("--deadline", metavar="SECONDS", min=1, max=3600, help="A model's time for an answer. [default: 120]"),
]
Embedder = Annotated[
    str | None,
    typer.Option(
        "--embedder", metavar="NAME", help="Embed with this model of the endpoint; 'own' is the one that comes with qa."
    ),
]

_NO_ENDPOINT = "no endpoint is set, so answers are extracts; a model writes them with --base-url URL, or OPENAI_API_KEY"


def say_where_sent(host: str) -> None:
    """That texts leave for an endpoint that embeds them."""
    note(f"qa: passages are sent to {host} for embedding, and so will questions be")


def endpoint(engine: Engine, *, model: str | None, base_url: str | None, deadline: float | None) -> Endpoint | None:
    """The endpoint whose model is to write, ``None`` where extracts are to answer; raises ``UsageError``."""
    from qa.config.endpoint import Given, endpoint_in_force

    given = Given(url=base_url or None, model=model or None, deadline=deadline)
    if engine is Engine.EXTRACT:
        if given.any:
            message = "--engine extract asks no model: --model, --base-url and --deadline are for one"
            raise UsageError("usage.engine", message, remedy="--engine llm")
        return None
    found = endpoint_in_force(given)
    if found is None and (engine is Engine.LLM or given.any):
        message = "no endpoint is set: neither an address nor a key"
        raise UsageError("endpoint.none", message, remedy="--base-url http://localhost:8080/v1")
    return found


def tell(index: Path, found: Endpoint | None, *, asked_for: bool) -> None:
    """Say once for each index who answers, and where passages are sent. That extracts answer is said to who sits there
    and didn't ask for them.
    """
    if found is None and (asked_for or not sys.stderr.isatty()):
        return
    said = f"a model writes the answers: questions and passages are sent to {found.host}" if found else _NO_ENDPOINT
    if found and found.local:
        said += ", on this machine"
    elif found and found.url.startswith("http://") and found.key:
        said += ", and the key, without encryption"
    if _first_time(index, said):
        note(f"qa: {said}")


def _first_time(index: Path, said: str) -> bool:
    """Whether this wasn't said for this index yet. Where that can't be remembered, it is said each time."""
    from qa.config import remembered_file
    from qa.durable import replace_file

    path, key = remembered_file("told.json"), str(index)
    try:
        told = json.loads(path.read_text("utf-8"))
        if not isinstance(told, dict):
            told = {}
    except (OSError, ValueError, RecursionError):
        told = {}
    if told.get(key) == said:
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(path, json.dumps({**told, key: said}).encode(), private=True)
    except OSError:
        return True
    return True
