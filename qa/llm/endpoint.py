"""Where a model is asked: address, key and model of an OpenAI-compatible endpoint, checked before anything is sent."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from qa.errors import UsageError

#: Where a key alone leads.
OPENAI: Final = "https://api.openai.com/v1"
#: Seconds for an answer, all retries included.
DEADLINE: Final = 120.0
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
    context: int = 8_192
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
