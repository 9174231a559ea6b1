"""Stand between a client and an engine and do what networks and busy services do."""

from __future__ import annotations

import http.client
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from infra.local.ports import LOOPBACK


class Fault(Enum):
    """What may happen to one call."""

    LOST_ANSWER = auto()
    LOST_CALL = auto()
    SILENCE = auto()
    SERVER_ERROR = auto()
    THROTTLED = auto()
    DENIED = auto()
    HALF_DONE = auto()
    """A batch of which only the first half is processed."""


ANSWERS = {
    Fault.SERVER_ERROR: (500, "InternalServerError"),
    Fault.THROTTLED: (400, "ProvisionedThroughputExceededException"),
    Fault.DENIED: (400, "AccessDeniedException"),
}


@dataclass(slots=True)
class FaultyProxy:
    """A server in front of `engine_url`; `faults` happen to the next calls, in order.

    `operations` lists every call that came, with its answer lost or not; `items_read` counts what the engine
    read to answer queries, shown or not. One call at a time reaches the
    engine: moto, unlike DynamoDB, checks a condition and writes without keeping others out in between.
    """

    engine_url: str
    url: str = ""
    faults: deque[Fault] = field(default_factory=deque)
    operations: list[str] = field(default_factory=list)
    items_read: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, *faults: Fault) -> None:
        """Let these happen to the next calls."""
        self.faults.extend(faults)

    def forget(self) -> None:
        """Begin a new test."""
        self.faults.clear()
        self.operations.clear()
        self.items_read = 0


@contextmanager
def faulty_proxy(engine_url: str) -> Iterator[FaultyProxy]:
    """Run a proxy in front of an engine."""
    proxy = FaultyProxy(engine_url)

    class Handler(_Handler):
        state = proxy

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    proxy.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: FaultyProxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.operations.append(self.headers["X-Amz-Target"].rpartition(".")[2])
        fault = self.state.faults.popleft() if self.state.faults else None
        if fault is Fault.SILENCE:
            self.state.closing.wait(3)
        elif fault in ANSWERS:
            status, code = ANSWERS[fault]
            self._answer(status, json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}).encode())
            return
        elif fault is Fault.HALF_DONE:
            self._answer(*self._half_done(json.loads(body)))
            return
        elif fault is not Fault.LOST_CALL:
            status, answer = self._forward(body)
            if fault is None:
                self.state.items_read += json.loads(answer).get("ScannedCount", 0)
                self._answer(status, answer)
                return
        self.close_connection = True

    def _half_done(self, batch: dict[str, Any]) -> tuple[int, bytes]:
        """Process the first half of a batch of one table; one thing is always left over."""
        ((table, wanted),) = batch["RequestItems"].items()
        done: Any
        left: Any
        if isinstance(wanted, list):
            half = len(wanted) // 2
            done, left, name = wanted[:half], wanted[half:], "UnprocessedItems"
        else:
            keys = wanted["Keys"]
            half = len(keys) // 2
            done, left, name = {"Keys": keys[:half]}, {"Keys": keys[half:]}, "UnprocessedKeys"
        answer: dict[str, Any] = {"Responses": {table: []}}
        if half:
            _, body = self._forward(json.dumps({"RequestItems": {table: done}}).encode())
            answer = json.loads(body)
        return http.client.OK, json.dumps({**answer, name: {table: left}}).encode()

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(self.state.engine_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            skipped = ("connection", "content-length")
            headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
            with self.state.turn:
                connection.request("POST", "/", body, headers)
                response = connection.getresponse()
                return response.status, response.read()
        finally:
            connection.close()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
