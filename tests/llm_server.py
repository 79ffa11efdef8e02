"""A scripted OpenAI-compatible endpoint on a real loopback socket, and the ways in which such endpoints fail.

A script is what goes over the wire after a request was read: bytes as they are, a pause in seconds, or ``RESET``.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

RESET = "reset"
Step = bytes | float | str
Script = Sequence[Step]  # bytes, float and str in any order


@dataclass(frozen=True)
class Request:
    """What came in: the path, the headers with lower-case names, the JSON body (empty for a GET)."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def prompt(self) -> str:
        """All messages' contents, joined."""
        messages = self.body["messages"]
        assert isinstance(messages, list)
        return "\n".join(message["content"] for message in messages)


@dataclass
class Server:
    """``answer`` makes the script for a request; ``requests`` are those that came."""

    answer: Callable[[Request], Script]
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/v1"

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self.connections += 1
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(30)
            while (request := _read(connection)) is not None:
                self.requests.append(request)
                for step in self.answer(request):
                    if isinstance(step, bytes):
                        connection.sendall(step)
                    elif isinstance(step, float):
                        time.sleep(step)
                    else:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                return


@contextmanager
def serving(answer: Callable[[Request], Script]) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(answer, port=listening.getsockname()[1])
    threading.Thread(target=server._serve, args=(listening,), daemon=True).start()
    try:
        yield server
    finally:
        listening.close()


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(first.split()[1], headers, json.loads(body) if body else {})


# --- what endpoints send


def http(status: int, body: bytes | str, *, kind: str = "application/json", more: str = "") -> bytes:
    """A whole response."""
    content = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
    return f"{head}Connection: close\r\n{more}\r\n".encode() + content


def completion(content: object = "hi", finish: str | None = "stop", **message: object) -> str:
    """A chat completion as JSON."""
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "message": said, "finish_reason": finish}
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    return json.dumps(
        {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    )


STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
CHUNKED = STREAM.replace(b"Connection", b"Transfer-Encoding: chunked\r\nConnection")
DONE = b"data: [DONE]\n\n"


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(content: object = None, finish: str | None = None, **delta: object) -> bytes:
    """One event of a stream."""
    said = {**({} if content is None else {"content": content}), **delta}
    choice = {"index": 0, "delta": said, "finish_reason": finish}
    return (
        b"data: "
        + json.dumps(
            {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        ).encode()
        + b"\n\n"
    )


def data(value: object) -> bytes:
    """An event with any JSON in it."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def replying(content: str, *, stream: bool = True, pieces: int = 7) -> Script:
    """A good reply, whole or in pieces of so many characters."""
    if not stream:
        return [http(200, completion(content))]
    said = [event(content[at : at + pieces]) for at in range(0, len(content), pieces)]
    usage = data(
        {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [],
            "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
        }
    )
    return [STREAM, *said, event(finish="stop"), usage, DONE]
