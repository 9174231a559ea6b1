"""Stand in for the providers of text messages and e-mails: a server that speaks SNS and SES.

It runs beside the product, so what it took is known whatever is killed. It may be down for a while, refuses
some numbers for good, and can be told to call somebody at a certain message, before it answers.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from bench.soak.cast import REFUSED
from chalicelib.domain.letters import Medium
from chalicelib.domain.protocols import Protocol
from infra.local.ports import LOOPBACK

MARK = "#{kind} {{{{ protocol }}}}# "
"""Stands before every text that citizens get here, as a template: what it is and what it is about."""
TO_STAFF = "to staff"
_MARKED = re.compile(r"#([a-z_]+) ([0-9][0-9 .\-/]*)#")
_TOKEN = re.compile(r"/c/([\w.\-]+)")
_REFUSAL = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>No.</Message></Error>"
    "<RequestId>r</RequestId></ErrorResponse>"
)
_TAKEN = (
    "<{action}Response><{action}Result><MessageId>{id}</MessageId></{action}Result>"
    "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it was taken, in which life of the process and when on the machine's clock."""

    kind: str
    protocol: Protocol | None
    medium: Medium
    text: str
    life: int
    at: float

    @property
    def token(self) -> str:
        """Read the token of the first link in it."""
        found = _TOKEN.search(self.text)
        return found[1] if found else ""


def message_of(medium: Medium, text: str, life: int, at: float) -> Message:
    """Read what a text is about."""
    found = _MARKED.search(text)
    protocol = Protocol(re.sub(r"\D", "", found[2])) if found else None
    kind = found[1] if found else TO_STAFF
    return Message(kind=kind, protocol=protocol, medium=medium, text=text, life=life, at=at)


@dataclass(slots=True)
class Trap:
    """Springs at the n-th message of a kind from now on."""

    kind: str
    after: int
    spring: Callable[[], None]


@dataclass(slots=True)
class Providers:
    """Both providers: what they took, and how they are; `life` is counted by whoever restarts the process."""

    url: str = ""
    taken: list[Message] = field(default_factory=list)
    turned_away: int = 0
    refused: int = 0
    life: int = 1
    trap: Trap | None = None
    _down_until: dict[Medium, float] = field(default_factory=dict)
    _retry_after: dict[Medium, int | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def go_down(self, medium: Medium, seconds: float, retry_after_seconds: int | None = None) -> None:
        """Turn away everything of a medium for so long."""
        self._retry_after[medium] = retry_after_seconds
        self._down_until[medium] = time.monotonic() + seconds

    def answer(self, action: str, address: str, text: str) -> tuple[int, str, dict[str, str]]:
        """Take a message or not; what is taken is remembered before it is answered."""
        medium = Medium.SMS if action == "Publish" else Medium.EMAIL
        with self._lock:
            if time.monotonic() < self._down_until.get(medium, 0):
                self.turned_away += 1
                wait = self._retry_after[medium]
                headers = {} if wait is None else {"Retry-After": str(wait)}
                return 400, _REFUSAL.format(code="Throttling"), headers
            if address.startswith(REFUSED):
                self.refused += 1
                return 400, _REFUSAL.format(code="OptedOut"), {}
            self.taken.append(message_of(medium, text, self.life, time.monotonic()))
            number, sprung = len(self.taken), self._sprung(self.taken[-1])
        if sprung is not None:
            sprung.spring()
        return 200, _TAKEN.format(action=action, id=f"{medium}-{number}"), {}

    def _sprung(self, message: Message) -> Trap | None:
        trap = self.trap
        if trap is None or trap.kind != message.kind:
            return None
        trap.after -= 1
        if trap.after > 0:
            return None
        self.trap = None
        return trap


@contextmanager
def running_providers() -> Iterator[Providers]:
    """Run the providers on the loopback interface."""
    providers = Providers()

    class Handler(_Handler):
        state = providers

    server = _Server((LOOPBACK, 0), Handler)
    providers.url = f"http://{LOOPBACK}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield providers
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever called was killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Providers

    def do_POST(self) -> None:
        """Read a call of the query protocol, and answer it."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        called = {name: values[0] for name, values in form.items()}
        address = called.get("PhoneNumber") or called.get("Destination.ToAddresses.member.1", "")
        text = called.get("Message") or called.get("Message.Body.Text.Data", "")
        status, body, headers = self.state.answer(called["Action"], address, text)
        self.send_response(status)
        for name, value in {"Content-Type": "text/xml", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""
