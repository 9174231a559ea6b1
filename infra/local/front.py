"""Serve the API at clean paths, as its custom domain does in AWS.

Requests go through the engine's API Gateway unchanged but for the path. Its limits hold here: 10 MB, 29 s.
"""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local.ports import LOOPBACK, PortInUse
from infra.packaging.package import ROOT

Headers = list[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_TEMPLATE = ROOT / "infra" / "template.json"
_BODY_LIMIT_BYTES = 10 * 1024 * 1024
_ANSWER_TIMEOUT_SECONDS = 30
_CONCURRENT_CALLS = 64
_OF_THE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
_OURS_TO_SAY = frozenset({b"host", b"expect", b"x-forwarded-for", b"x-forwarded-port", b"x-forwarded-proto"})


class ApiDoesNotAnswer(Exception):
    """The deployed API fails its first call."""

    def __init__(self, path: str, status: int, body: str) -> None:
        """Keep what was asked and answered."""
        super().__init__(f"the API answered {path} with {status}: {body[:200]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Headers
    body: bytes


@dataclass(kw_only=True)
class Front:
    """An HTTP server on the loopback interface in front of one deployed API."""

    port: int
    engine_port: int
    _api_path: str = field(default="", init=False)
    _accepting: bool = field(default=True, init=False)
    _in_flight: int = field(default=0, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _stopping: asyncio.Event | None = field(default=None, init=False)
    _idle: threading.Condition = field(default_factory=threading.Condition, init=False)
    _started: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Tell where clients reach the API."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def calls_in_flight(self) -> int:
        """Count the calls that wait for their answer."""
        return self._in_flight

    def start(self, api_path: str) -> None:
        """Listen, and serve the API that the engine has at `api_path`.

        Raises:
            PortInUse: something else listens there.
        """
        self._api_path = api_path
        listener = _listen(self.port)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener)), name="front", daemon=True
        )
        self._thread.start()
        self._started.wait()

    def await_answer(self, path: str, timeout_seconds: float) -> None:
        """Call the API once, as a client would, so that it is warm and known to work.

        Raises:
            ApiDoesNotAnswer: it answered something else than 200.
        """
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout_seconds)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise ApiDoesNotAnswer(path, response.status, response.read().decode(errors="replace"))
        finally:
            connection.close()

    def drain(self, timeout_seconds: float) -> bool:
        """Take no more calls and wait for those in flight; tell whether all were answered."""
        self._accepting = False
        with self._idle:
            return self._idle.wait_for(lambda: self._in_flight == 0, timeout_seconds)

    def stop(self) -> None:
        """Stop listening and close every connection."""
        self._accepting = False
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=10)
        self._thread = None

    async def _serve(self, listener: socket.socket) -> None:
        config = Config()
        config.bind = [f"fd://{listener.detach()}"]
        config.errorlog = None
        config.graceful_timeout = 1
        config.include_server_header = False
        config.include_date_header = False  # the engine sends one
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_CONCURRENT_CALLS, thread_name_prefix="front"))
        await serve(self._handle, config, shutdown_trigger=self._stopping.wait)  # type: ignore[arg-type]

    async def _handle(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._handle_lifespan(receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(scope, receive)
            headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await send({"type": "http.response.body", "body": answer.body})

    async def _handle_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        self._started.set()
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive) -> _Answer:
        if not self._accepting:
            return _refusal(503, "Service Unavailable", ("connection", "close"), ("retry-after", "5"))
        with self._idle:
            self._in_flight += 1
        try:
            body = await _read_body(receive)
            if body is None:
                return _refusal(413, "Request Too Long", ("connection", "close"))
            return await asyncio.to_thread(self._forward, scope, body)
        finally:
            with self._idle:
                self._in_flight -= 1
                self._idle.notify_all()

    def _forward(self, scope: Message, body: bytes) -> _Answer:
        connection = http.client.HTTPConnection(LOOPBACK, self.engine_port, timeout=_ANSWER_TIMEOUT_SECONDS)
        try:
            self._send(connection, scope, body)
            response = connection.getresponse()
            headers = [
                (name.lower().encode(), value.encode("latin-1")) for name, value in response.headers.items()
            ]
            answer = _Answer(status=response.status, headers=_end_to_end(headers), body=response.read())
            return _unknown_path() if _is_unknown_path(answer) else answer
        except TimeoutError:
            return _refusal(504, "Endpoint request timed out")
        except (OSError, http.client.HTTPException):
            return _refusal(503, "Service Unavailable", ("retry-after", "5"))
        finally:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, scope: Message, body: bytes) -> None:
        target = self._api_path + scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        connection.putrequest(scope["method"], target, skip_accept_encoding=True)
        for name, value in _end_to_end(scope["headers"]):
            if name not in _OURS_TO_SAY:
                connection.putheader(name, value)
        client = scope.get("client") or (LOOPBACK, 0)
        connection.putheader("x-forwarded-for", str(client[0]))
        connection.putheader("x-forwarded-proto", "http")
        connection.putheader("x-forwarded-port", str(self.port))
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body or None)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise PortInUse(port, "PORT") from error


def _end_to_end(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name not in _OF_THE_CONNECTION | {b"content-length"}]


async def _read_body(receive: Receive) -> bytes | None:
    """Read the whole body; None if it is longer than API Gateway takes."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > _BODY_LIMIT_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _refusal(status: int, message: str, *extra: tuple[str, str]) -> _Answer:
    headers = [("content-type", "application/json"), *extra]
    return _Answer(
        status=status,
        headers=[(name.encode(), value.encode()) for name, value in headers],
        body=json.dumps({"message": message}).encode(),
    )


def _is_unknown_path(answer: _Answer) -> bool:
    return answer.status == http.client.FORBIDDEN and b"Missing Authentication Token" in answer.body


@cache
def _unknown_path() -> _Answer:
    """Take the gateway's answer for unknown paths from the template, for the engine does not apply it."""
    declared = json.loads(_TEMPLATE.read_text())["Resources"]["UnknownPathAnswer"]["Properties"]
    return _Answer(
        status=int(declared["StatusCode"]),
        headers=[(b"content-type", b"application/problem+json")],
        body=declared["ResponseTemplates"]["application/json"].encode(),
    )
