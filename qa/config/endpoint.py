"""The table ``[endpoint]`` of the configuration, and what stands in its place: where a model is asked, with which key.

The values are checked here, before anything is sent; asking is ``qa.llm``'s.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from qa.config.file import malformed, read_table, unfit, write_table
from qa.errors import UsageError

#: Where a key alone leads.
OPENAI: Final = "https://api.openai.com/v1"
#: Seconds for an answer, all retries included.
DEADLINE: Final = 120.0
#: Tokens that a prompt and its reply may have; most local servers start with no fewer.
CONTEXT: Final = 8_192
URL_VARIABLE, KEY_VARIABLE, MODEL_VARIABLE = "OPENAI_BASE_URL", "OPENAI_API_KEY", "QA_MODEL"
EMBEDDER_VARIABLE: Final = "QA_EMBEDDER_URL"
#: The table's keys, with what each is.
KEYS: Final = {
    "url": "address of an OpenAI-compatible endpoint, such as http://localhost:8080/v1",
    "model": "name of the model there",
    "key": "the endpoint's key",
    "embedder_url": "address of an endpoint that embeds (qa add --embedder), where it is another one",
    "deadline": "seconds for an answer, all retries included",
    "context": "tokens that a prompt and its reply may have",
    "stream": "whether replies are streamed",
}
_RANGES = {"deadline": (1, 3_600), "context": (1_024, 10_000_000)}
_HIDDEN = "***"


class Secret:
    """A key: shown nowhere but where it is asked for by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """``text`` without the key, should it be there."""
        return text.replace(self._value, _HIDDEN) if self._value else text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret({_HIDDEN if self._value else ''})"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a key isn't pickled")


#: Local servers want none.
NO_KEY: Final = Secret("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address with ``/v1`` or the like at its end, a key where it wants one, and the model's name ("" for the only
    one that it serves). ``deadline`` is in seconds, ``context`` in tokens: what a prompt and its reply may have.
    """

    url: str
    model: str = ""
    key: Secret = NO_KEY
    deadline: float = DEADLINE
    context: int = CONTEXT
    stream: bool = True

    @property
    def host(self) -> str:
        """Where prompts are sent, for people: host and port."""
        return urlsplit(self.url).netloc

    @property
    def local(self) -> bool:
        """Whether it is on this machine: no proxy stands in between, and no passage leaves."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def named(self, model: str) -> Endpoint:
        """The same endpoint, asked for ``model``."""
        return replace(self, model=model)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(text: str) -> str:
    """The base address that ``text`` means, without a slash at the end; ``/v1`` where it has no path.

    Raises ``UsageError`` (``endpoint.url``) for what isn't ``http`` or ``https``, or has a user, a key or a query in
    it.
    """
    if any(ord(char) <= 0x20 or 0x7F <= ord(char) <= 0xA0 or 0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise _unfit("white space or a control character is in it")  # the text isn't repeated: it may hold a key
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _unfit(str(error)) from None
    if parts.scheme not in ("http", "https"):
        raise _unfit("it doesn't begin with http:// or https://")
    if not parts.hostname or port == 0:
        raise _unfit("it names no host")
    if parts.username is not None or parts.password is not None:
        raise _unfit("a user or a key is in it; a key belongs into OPENAI_API_KEY or 'qa config set endpoint.key'")
    if parts.query or parts.fragment:
        raise _unfit("a query or a fragment is in it")
    return urlunsplit(SplitResult(parts.scheme, parts.netloc, parts.path.rstrip("/") or "/v1", "", ""))


def _unfit(why: str) -> UsageError:
    return UsageError(
        "endpoint.url", f"the endpoint's address can't be used: {why}", remedy="--base-url http://localhost:8080/v1"
    )


# --- what the user has set


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a command line says of the endpoint; ``None`` where it says nothing."""

    url: str | None = None
    model: str | None = None
    deadline: float | None = None
    context: int | None = None

    @property
    def any(self) -> bool:
        """Whether it says anything."""
        return self != Given()


def endpoint_in_force(given: Given) -> Endpoint | None:
    """The endpoint to use: what is ``given``, else the environment's, else the configuration's; ``None`` where neither
    an address nor a key is set anywhere.

    A key of the configuration is sent to the configuration's own address only. Raises ``UsageError`` (``config.*``,
    ``endpoint.*``).
    """
    table = read_table("endpoint")
    unknown = sorted(table.keys() - KEYS.keys())
    if unknown:
        raise malformed(f"'endpoint.{unknown[0]}' isn't one of {', '.join(KEYS)}")
    stored = _string(table, "url")
    url = given.url or os.environ.get(URL_VARIABLE) or stored
    key = Secret(os.environ.get(KEY_VARIABLE, "").strip())
    if not url and not key and not _string(table, "key", secret=True):
        return None
    address = checked_url(url or OPENAI)
    if not key and (not url or url == stored):
        key = Secret(_string(table, "key", secret=True))
    return Endpoint(
        url=address,
        model=given.model or os.environ.get(MODEL_VARIABLE) or _string(table, "model"),
        key=_sendable(key),
        deadline=given.deadline or _number(table, "deadline", DEADLINE),
        context=given.context or int(_number(table, "context", CONTEXT)),
        stream=_switch(table, "stream"),
    )


def embedding_endpoint(model: str, *, url: str | None = None) -> Endpoint | None:
    """The endpoint whose ``model`` embeds: at ``url``, else at the address set for embedding; ``None`` where none is.

    An index says which model made it, and may be somebody else's: questions go to no address that wasn't set for just
    that. The key goes with them only where the address is the one at which answers are written.
    """
    if url:
        return endpoint_in_force(Given(url=url, model=model))
    only = os.environ.get(EMBEDDER_VARIABLE) or _string(read_table("endpoint"), "embedder_url")
    if not only:
        return None
    writing = endpoint_in_force(Given(model=model))
    if writing is not None and writing.url == checked_url(only):
        return writing
    found = endpoint_in_force(Given(url=only, model=model))
    return replace(found, key=NO_KEY) if found is not None else None


def _sendable(key: Secret) -> Secret:
    value = key.reveal()
    if value.isascii() and value.isprintable() and " " not in value:
        return key
    raise UsageError(
        "endpoint.key", "the endpoint's key can't be sent: it has white space or more than ASCII in it",
        remedy="qa config set endpoint.key",
    )  # fmt: skip


def _string(table: Mapping[str, object], name: str, *, secret: bool = False) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise unfit(f"endpoint.{name}", value, "a string", secret=secret)
    return value


def _number(table: Mapping[str, object], name: str, default: float) -> float:
    value = table.get(name, default)
    least, most = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise unfit(f"endpoint.{name}", value, f"a number from {least:g} to {most:g}")
    return value


def _switch(table: Mapping[str, object], name: str) -> bool:
    value = table.get(name, True)
    if not isinstance(value, bool):
        raise unfit(f"endpoint.{name}", value, "true or false")
    return value


# --- what is set by a command


def set_value(name: str, text: str) -> Path:
    """Put a value of the table into the configuration file; returns the file's path. Raises ``UsageError`` for a name
    or a value that can't be one.
    """
    value = _parsed(name, text.strip())
    return write_table("endpoint", lambda table: table.__setitem__(name, value))


def unset(name: str) -> Path:
    """Take a value of the table out of the configuration file, if it is there."""
    _known(name)
    return write_table("endpoint", lambda table: table.pop(name, None))


def values() -> dict[str, object]:
    """The table as it stands, the key hidden."""
    table = dict(read_table("endpoint"))
    return {name: (_HIDDEN if name == "key" else value) for name, value in table.items()}


def _parsed(name: str, text: str) -> object:
    _known(name)
    if name in ("url", "embedder_url"):
        return checked_url(text)
    if name == "key":
        return _sendable(Secret(text)).reveal()
    if name == "stream":
        if text.casefold() not in ("true", "false"):
            raise UsageError("config.value", "'endpoint.stream' is true or false", remedy="qa config --help")
        return text.casefold() == "true"
    if name in _RANGES:
        least, most = _RANGES[name]
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            message = f"'endpoint.{name}' is a number from {least:g} to {most:g}, not {text!r:.40}"
            raise UsageError("config.value", message, remedy="qa config --help")
        return int(number) if number.is_integer() else number
    return text


def _known(name: str) -> None:
    if name not in KEYS:
        message = f"there is no setting 'endpoint.{name:.40}'; there are {', '.join(KEYS)}"
        raise UsageError("config.unknown", message, remedy="qa config --help")
