"""Answer a client's calls as a test has written down."""

from __future__ import annotations

import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.ports import LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one call is answered; without a body it is echoed."""

    status: int = 200
    body: bytes | None = None
    closes_before: bool = False
    closes_after: bool = False
    promises_more: bool = False
    stays_silent: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What a client has sent."""

    headers: Message
    body: bytes


@dataclass(slots=True)
class ScriptedServer:
    """A server whose next `answers` are laid down; afterwards it echoes."""

    url: str = ""
    answers: deque[Answer] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    def wait_until_closed(self) -> None:
        """Wait until the server has closed a connection that it announced to keep."""
        assert self.closed.wait(5)


@contextmanager
def scripted_server(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    """Run a scripted server on the loopback interface."""
    scripted = ScriptedServer()

    class Handler(_Handler):
        state = scripted

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def shutdown_request(self, request: object) -> None:
            super().shutdown_request(request)  # type: ignore[arg-type]
            scripted.closed.set()

        def handle_error(self, request: object, client_address: object) -> None:
            """Stay silent: clients that hang up are part of the tests."""

    server = Server((LOOPBACK, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scripted.url = f"{'https' if tls else 'http'}://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        scripted.stopping.set()
        server.shutdown()
        server.block_on_close = False
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: ScriptedServer

    def setup(self) -> None:
        super().setup()
        self.state.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.calls.append(Call(self.headers, body))
        answer = self.state.answers.popleft() if self.state.answers else Answer()
        if answer.stays_silent:
            self.state.stopping.wait(1)
        if answer.stays_silent or answer.closes_before:
            self.close_connection = True
            return
        said = body if answer.body is None else answer.body
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(said) + 10 * answer.promises_more))
        self.end_headers()
        self.wfile.write(said)
        self.close_connection = answer.closes_after or answer.promises_more

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
