"""What can go wrong between here and a reply, as the errors of ``qa.errors`` with an id and a remedy.

========== ==== =========================================================================================
id              when
========== ==== =========================================================================================
model.unreachable  20  no connection, a reset one, 5xx after all retries, a redirect
model.too_slow     20  the deadline passed, or 408
model.key_refused  21  401, 403
model.not_found    21  404: no such model, or nothing of the kind at this address
model.rate_limited 21  429 after all retries, or told to wait beyond the deadline
model.request_refused 21  any other 4xx
model.unusable     22  what came isn't a chat completion (or a list of models, or of embeddings)
model.cut          22  the reply ended before it was whole: a cut stream, a length limit
model.withheld     22  a content filter, a refusal
========== ==== =========================================================================================
"""

from __future__ import annotations

from qa.config.endpoint import Endpoint
from qa.errors import ModelRefused, ModelUnreachable, ModelUnusable, QaError
from qa.text import safe_text

_INSTEAD = "--engine extract answers without a model"
_LONGEST = 200


def unreachable(endpoint: Endpoint, why: str) -> ModelUnreachable:
    """Nothing there, or nothing that answers."""
    return ModelUnreachable("model.unreachable", f"{endpoint.host} {why}", remedy=f"qa doctor; {_INSTEAD}")


def too_slow(endpoint: Endpoint, seconds: float) -> ModelUnreachable:
    """The deadline passed."""
    return ModelUnreachable(
        "model.too_slow",
        f"{endpoint.host} had not answered after {seconds:g} seconds",
        remedy=f"--deadline SECONDS; {_INSTEAD}",
    )


def unusable(endpoint: Endpoint, why: str) -> ModelUnusable:
    """It isn't what was asked for."""
    return ModelUnusable("model.unusable", f"what {endpoint.host} sent can't be used: {why}", remedy=_INSTEAD)


def cut(endpoint: Endpoint, why: str) -> ModelUnusable:
    """A part of a reply is no reply."""
    return ModelUnusable("model.cut", f"the reply of {endpoint.host} is cut: {why}", remedy=f"ask again; {_INSTEAD}")


def withheld(endpoint: Endpoint, why: str) -> ModelUnusable:
    """The endpoint or the model didn't want to."""
    return ModelUnusable("model.withheld", f"{endpoint.host} withheld the reply: {why}", remedy=_INSTEAD)


def refused(endpoint: Endpoint, status: int, said: str) -> QaError:
    """An error by its HTTP status, with what the endpoint says of it."""
    where, told = endpoint.host, f": {quoted(endpoint, said)}" if said else ""
    if 300 <= status < 400:
        return unreachable(endpoint, f"redirects elsewhere (HTTP {status}), which isn't followed")
    if status == 408:
        return ModelUnreachable("model.too_slow", f"{where} gave up waiting (HTTP 408){told}", remedy=_INSTEAD)
    if status >= 500:
        return unreachable(endpoint, f"fails (HTTP {status}){told}")
    if status in (401, 403):
        remedy = "qa config set endpoint.key, or OPENAI_API_KEY"
        return ModelRefused("model.key_refused", f"{where} refuses the key (HTTP {status}){told}", remedy=remedy)
    if status == 404:
        message = f"{where} has no model {endpoint.model!r}, or nothing of the kind at this address (HTTP 404){told}"
        return ModelRefused("model.not_found", message, remedy="qa models")
    if status == 429:
        message = f"{where} takes no more requests for now (HTTP 429){told}"
        return ModelRefused("model.rate_limited", message, remedy=f"wait, or look at the quota; {_INSTEAD}")
    return ModelRefused(
        "model.request_refused", f"{where} refuses the request (HTTP {status}){told}", remedy="qa doctor"
    )


def quoted(endpoint: Endpoint, said: str) -> str:
    """What an endpoint says, fit to be shown: one line, cut, without the key."""
    line = " ".join(safe_text(endpoint.key.hidden_in(said)).split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
