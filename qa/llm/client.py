"""Asks an OpenAI-compatible endpoint through ``openai``, whatever goes wrong underway.

Retries are ours, not ``openai``'s, which would sleep past a deadline; nothing is asked again once a piece of a reply
was handed on. A redirect isn't followed: it would carry the prompt to another host.
"""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from qa.config.endpoint import Endpoint
from qa.errors import QaError
from qa.llm import faults
from qa.llm.forms import Form, Forms
from qa.llm.model import LONGEST, Deadline, Message, Reply, whole
from qa.llm.within import TimeIsUp, Worker, within

if TYPE_CHECKING:
    import openai

_R = TypeVar("_R")
_LARGEST = 32_000_000  # bytes of a reply with vectors; 32 of 8,192 numbers have some 6 million

#: A request is sent at most so many times.
ATTEMPTS = 4
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0  # seconds; doubled each time, where the endpoint names none
_AGAIN = frozenset((408, 409, 429, 500, 502, 503, 504, 529))
#: How servers say that a reply is whole.
_WHOLE = frozenset(("stop", "eos", "eos_token", "end_turn"))
#: So a request is refused for its form; a prompt that is too long says so in its code. Some servers fail at it instead,
#: and name what they failed at.
_OF_FORM, _TOO_LONG = frozenset((400, 415, 422)), "context_length_exceeded"
_NAMED = re.compile(r"response_format|json_schema|json_object|stream_options|grammar", re.IGNORECASE)


class _Failed(Exception):
    """An attempt failed with ``error``; ``again``: another may not, after ``wait`` seconds where the endpoint says so;
    ``form``: another form of the request may be taken.
    """

    def __init__(self, error: QaError, *, again: bool = False, wait: float | None = None, form: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        self.wait = wait
        self.form = form


class EndpointModel:
    """A model behind an endpoint. ``forms`` remembers in which form the endpoint takes requests."""

    def __init__(self, endpoint: Endpoint, *, forms: Forms | None = None) -> None:
        self._endpoint = endpoint
        self._forms = forms or Forms()
        self._made: openai.OpenAI | None = None

    @property
    def name(self) -> str:
        """The name by which the endpoint knows it."""
        return self._endpoint.model

    @property
    def endpoint(self) -> Endpoint:
        """Where it is asked."""
        return self._endpoint

    def write(
        self, messages: Sequence[Message], *, schema: Mapping[str, object], deadline: Deadline
    ) -> Generator[str, None, Reply]:
        """See ``qa.llm.model.Model``."""
        form: Form | None = self._forms.get(self._endpoint.url, self.name)
        first: _Failed | None = None
        while form is not None:
            try:
                reply = yield from self._asked(partial(self._written, messages, schema, form), deadline)
            except _Failed as failed:
                if not failed.form:
                    raise failed.error from None
                first, form = first or failed, form.next
            else:
                self._forms.remember(self._endpoint.url, self.name, form)
                return reply
        assert first is not None
        raise first.error from None

    def served(self, deadline: Deadline) -> tuple[str, ...]:
        """The names of the models that the endpoint serves, in its order."""
        try:
            return whole(self._asked(self._listed, deadline))
        except _Failed as failed:
            raise failed.error from None

    def embedded(self, texts: Sequence[str], deadline: Deadline) -> list[list[float]]:
        """The vector of each text, as the endpoint sends it."""
        try:
            return whole(self._asked(partial(self._embedded, texts), deadline))
        except _Failed as failed:
            raise failed.error from None

    def close(self) -> None:
        """Close what is open."""
        if self._made is not None:
            self._made.close()
            self._made = None

    # --- attempts

    def _asked(self, work: Callable[[Deadline, Worker], _R], deadline: Deadline) -> Generator[str, None, _R]:
        """The result of ``work``, tried again where that may help; raises ``_Failed``."""
        self._client  # noqa: B018 - libraries are imported here, where an interrupt doesn't leave half of one
        for attempt in range(ATTEMPTS):
            handed_on = False
            try:
                running = within(deadline, partial(work, deadline))
                while True:
                    try:
                        piece = next(running)
                    except StopIteration as ended:
                        return ended.value  # type: ignore[no-any-return]
                    handed_on = True
                    yield piece
            except TimeIsUp:
                raise _Failed(faults.too_slow(self._endpoint, deadline.seconds)) from None
            except _Failed as failed:
                wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt) if failed.wait is None else failed.wait
                if handed_on or not failed.again or attempt + 1 == ATTEMPTS or wait >= deadline.left:
                    raise
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    @property
    def _client(self) -> openai.OpenAI:
        if self._made is None:
            import openai

            endpoint = self._endpoint
            # A proxy of the environment is for what is outside; redirects aren't followed.
            http = openai.DefaultHttpxClient(follow_redirects=False, trust_env=not endpoint.local)
            key = endpoint.key.reveal() or "none"  # it wants one, local servers don't
            self._made = openai.OpenAI(
                api_key=key, base_url=endpoint.url, max_retries=0, http_client=http, timeout=endpoint.deadline
            )
        return self._made

    # --- one attempt, in a thread of its own

    def _listed(self, deadline: Deadline, worker: Worker) -> tuple[str, ...]:
        with self._failing("a list of models"):
            listed = self._client.models.list(timeout=max(0.1, deadline.left))
            names = [model.id for model in listed.data]
            if not all(isinstance(name, str) for name in names):
                raise TypeError("a model without a name")
            return tuple(names)

    def _embedded(self, texts: Sequence[str], deadline: Deadline, worker: Worker) -> list[list[float]]:
        with self._failing("a list of embeddings"):
            # Without this openai asks for base64, which some servers don't know. The body is read here, so that it has
            # an end, and its types are what they should be.
            asked = self._client.embeddings.with_streaming_response.create(
                model=self.name, input=list(texts), encoding_format="float", timeout=max(0.1, deadline.left)
            )
            with asked as response:
                worker.closes(response.close)
                return self._vectors(response.iter_bytes(), len(texts))

    def _vectors(self, body: Iterator[bytes], count: int) -> list[list[float]]:
        """So many vectors of a reply's body; raises for anything else."""
        read = bytearray()
        for piece in body:
            read += piece
            if len(read) > _LARGEST:
                raise _Failed(faults.unusable(self._endpoint, f"it is larger than {_LARGEST // 1_000_000} MB"))
        data = json.loads(read)["data"]
        found = {}
        for one in data:
            place, numbers = one["index"], one["embedding"]
            if isinstance(numbers, list) and numbers and isinstance(numbers[0], list):
                why = "it has a vector for each token, not for each text: that model isn't made for embedding"
                raise _Failed(faults.unusable(self._endpoint, why))
            if type(place) is not int or not isinstance(numbers, list) or not numbers:
                raise TypeError("not a vector with its place")
            if not all(type(number) in (int, float) for number in numbers):
                raise TypeError("not a vector of numbers")
            found[place] = [float(number) for number in numbers]
        if len(data) != count or sorted(found) != list(range(count)):
            raise TypeError("not one vector for each text")
        return [found[place] for place in range(count)]

    def _written(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        form: Form,
        deadline: Deadline,
        worker: Worker,
    ) -> Reply:
        options: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "timeout": max(0.1, deadline.left),
            **_options(form, schema, stream=self._endpoint.stream),
        }
        with self._failing():
            made = self._client.chat.completions.create(**options)
            reading = self._streamed(made, worker) if self._endpoint.stream else self._at_once(made)
        if reading.text.encode("utf-8", "replace").decode() != reading.text:
            raise _Failed(faults.unusable(self._endpoint, "half a surrogate pair is in it"))
        return reading

    def _at_once(self, made: Any) -> Reply:
        choice = made.choices[0]
        text = self._whole(choice.finish_reason, getattr(choice.message, "refusal", None), choice.message.content)
        return Reply(text=text, **_tokens(getattr(made, "usage", None)))

    def _streamed(self, stream: Any, worker: Worker) -> Reply:
        worker.closes(stream.close)
        said: list[str] = []
        length, finish, refusal, tokens = 0, None, "", _tokens(None)
        try:
            for chunk in stream:
                if worker.stopped:
                    break
                tokens = _tokens(getattr(chunk, "usage", None)) if getattr(chunk, "usage", None) else tokens
                for choice in chunk.choices[:1]:  # the last chunk may have none, and the count of tokens
                    refusal += getattr(choice.delta, "refusal", None) or ""
                    finish = finish or choice.finish_reason
                    piece = choice.delta.content if choice.delta is not None else None
                    if piece is None or piece == "":
                        continue
                    if not isinstance(piece, str):
                        raise TypeError("its content isn't a text")
                    said.append(piece)
                    length += len(piece)
                    if length > LONGEST:
                        raise _Failed(faults.unusable(self._endpoint, f"it is longer than {LONGEST} characters"))
                    worker.say(piece)
        except Exception as error:
            if finish is None:  # what is whole stays whole
                raise self._broken_off(error) from None
        finally:
            stream.close()
        return Reply(text=self._whole(finish, refusal, _joined(said)), **tokens)

    def _broken_off(self, error: Exception) -> Exception:
        """A connection that breaks in a stream cuts a reply; openai 3 says that it couldn't be made."""
        import openai

        if isinstance(error, openai.APIConnectionError) and not isinstance(error, openai.APITimeoutError):
            return _Failed(_cut(self._endpoint, error.__cause__ or error))
        return error

    def _whole(self, finish: object, refusal: object, text: object) -> str:
        """The text of a reply that ended as it should."""
        if refusal:
            raise _Failed(faults.withheld(self._endpoint, faults.quoted(self._endpoint, str(refusal))))
        if finish == "content_filter":
            raise _Failed(faults.withheld(self._endpoint, "its content filter"))
        if finish == "length":
            raise _Failed(faults.cut(self._endpoint, "it reached the model's limit of length"))
        if finish is None:
            raise _Failed(faults.cut(self._endpoint, "it stopped before its end"))
        if finish not in _WHOLE or not isinstance(text, str):
            raise _Failed(faults.unusable(self._endpoint, f"it ended with {str(finish)!r:.40}, not with a text"))
        if len(text) > LONGEST:
            raise _Failed(faults.unusable(self._endpoint, f"it is longer than {LONGEST} characters"))
        return text

    @contextmanager
    def _failing(self, wanted: str = "a chat completion") -> Iterator[None]:
        """Makes ``_Failed`` of all that ``openai`` raises, and of what it doesn't catch; ``wanted`` is what should
        come.
        """
        import openai

        endpoint = self._endpoint
        try:
            yield
        except _Failed:
            raise
        except openai.APITimeoutError:
            raise _Failed(faults.too_slow(endpoint, endpoint.deadline), again=True) from None
        except openai.APIConnectionError as error:
            why = faults.quoted(endpoint, str(error.__cause__ or error)) or "no reason given"
            raise _Failed(faults.unreachable(endpoint, f"can't be reached: {why}"), again=True) from None
        except openai.APIStatusError as error:
            raise self._refused(error) from None
        except openai.APIError as error:  # an error inside a stream or a reply with status 200
            told = faults.quoted(endpoint, error.message)
            raise _Failed(faults.unusable(endpoint, f"it is an error: {told}")) from None
        except Exception as error:
            # Not ours: broken JSON, bad UTF-8 and missing fields come out of openai as whatever they broke, and a cut
            # connection in a stream as an error of the library below it.
            raise _Failed(_broken(endpoint, error, wanted)) from None

    def _refused(self, error: openai.APIStatusError) -> _Failed:
        status = error.status_code
        told = _told(error)
        found = faults.refused(self._endpoint, status, told)
        of_form = error.code != _TOO_LONG and (status in _OF_FORM or (status >= 500 and bool(_NAMED.search(told))))
        wait = _retry_after(error.response.headers.get("retry-after"))
        return _Failed(found, again=status in _AGAIN and not of_form, wait=wait, form=of_form)


def _options(form: Form, schema: Mapping[str, object], *, stream: bool) -> dict[str, object]:
    options: dict[str, object] = {"stream": stream}
    if form is not Form.BARE:
        options["temperature"] = 0
        if stream:
            options["stream_options"] = {"include_usage": True}
    if form is Form.SCHEMA:
        named = {"name": "answer", "strict": True, "schema": dict(schema)}
        options["response_format"] = {"type": "json_schema", "json_schema": named}
    elif form is Form.OBJECT_SCHEMA:
        options["response_format"] = {"type": "json_object", "schema": dict(schema)}
    elif form is Form.OBJECT:
        options["response_format"] = {"type": "json_object"}
    return options


def _cut(endpoint: Endpoint, error: BaseException) -> QaError:
    why = faults.quoted(endpoint, str(error)) or "no reason given"
    return faults.cut(endpoint, f"the connection broke ({why})")


def _broken(endpoint: Endpoint, error: Exception, wanted: str) -> QaError:
    if type(error).__module__.partition(".")[0] in ("httpx", "httpx2", "httpcore", "httpcore2"):
        return _cut(endpoint, error)
    return faults.unusable(endpoint, f"it isn't {wanted} ({type(error).__name__})")


def _told(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])
    return ""  # a page of HTML tells nothing


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, by a header in seconds or an HTTP date."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return None
        seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if seconds == seconds else None  # not a NaN


def _tokens(usage: Any) -> dict[str, int]:
    counts = {"prompt_tokens": 0, "completion_tokens": 0}
    for name in counts:
        value = getattr(usage, name, 0)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            counts[name] = value
    return counts


def _joined(pieces: Sequence[str]) -> str:
    """The pieces as one text; of a character that two of them share half each, one character is made."""
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
