"""Call AWS's JSON protocols over one kept connection; a tenth of what the SDK costs per call.

Only what the intake's hot path needs: DynamoDB and Secrets Manager, POST, timeouts, retries.
"""

from __future__ import annotations

import http.client
import random
import select
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chalicelib.adapters.aws_signature import Credentials, Scope, signed_headers
from chalicelib.services.ports.basics import Clock

CONNECT_TIMEOUT_SECONDS = 1.0
READ_TIMEOUT_SECONDS = 2.0
MOST_RETRIES = 2
LONGEST_FIRST_PAUSE_SECONDS = 0.05
TRANSIENT_CODES = frozenset(
    {
        "InternalServerError",
        "InternalServiceError",
        "InternalFailure",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Error codes that mean "not now"; any 5xx means the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsService:
    """A service that speaks the JSON protocol: its endpoint prefix, target and version of JSON."""

    name: str
    target: str
    content_type: str


DYNAMODB = AwsService(name="dynamodb", target="DynamoDB_20120810", content_type="application/x-amz-json-1.0")
SECRETS_MANAGER = AwsService(
    name="secretsmanager", target="secretsmanager", content_type="application/x-amz-json-1.1"
)


class AwsRefused(Exception):
    """The service answered that the call is wrong; repeating it will not help."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class AwsUnavailable(Exception):
    """The service did not answer, or answered "not now", at every try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a service listens."""

    host: str
    port: int | None = None
    is_secure: bool = True

    @classmethod
    def of(cls, service: AwsService, region: str, url: str | None) -> Endpoint:
        """Take the address of an embedded engine, else AWS's regional one."""
        if url is None:
            return cls(host=f"{service.name}.{region}.amazonaws.com")
        parts = urlsplit(url)
        return cls(host=parts.hostname or "", port=parts.port, is_secure=parts.scheme == "https")

    @property
    def authority(self) -> str:
        """Write the address as the `Host` header has it."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


@dataclass(slots=True, kw_only=True)
class AwsJsonClient:
    """A client of one service; it may be shared by threads, each call takes a connection of its own."""

    service: AwsService
    region: str
    credentials: Credentials
    clock: Clock
    endpoint_url: str | None = None
    ca_file: str | None = None
    connect_timeout_seconds: float = CONNECT_TIMEOUT_SECONDS
    read_timeout_seconds: float = READ_TIMEOUT_SECONDS
    pause: Callable[[float], None] = time.sleep
    _endpoint: Endpoint = field(init=False)
    _tls: ssl.SSLContext | None = field(init=False, default=None)
    _idle: list[http.client.HTTPConnection] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._endpoint = Endpoint.of(self.service, self.region, self.endpoint_url)
        if self._endpoint.is_secure:
            self._tls = ssl.create_default_context(cafile=self.ca_file)

    def call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer.

        Raises:
            AwsRefused: the call is wrong, or a condition of it failed.
            AwsUnavailable: three tries had no answer; the call may still have taken effect.
        """
        body = msgspec.json.encode(arguments)
        lost: Exception | None = None
        for attempt in range(MOST_RETRIES + 1):
            if attempt:
                self.pause(random.uniform(0, LONGEST_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)))  # noqa: S311
            try:
                status, answer = self._exchange(operation, body)
            except (OSError, http.client.HTTPException) as error:
                lost = error
                continue
            if status == http.client.OK:
                return _object(answer)
            refusal = _refusal(status, answer)
            if status < http.client.INTERNAL_SERVER_ERROR and refusal.code not in TRANSIENT_CODES:
                raise refusal
            lost = refusal
        raise AwsUnavailable(f"{self.service.name} {operation}") from lost

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        while self._idle:
            self._idle.pop().close()

    def _exchange(self, operation: str, body: bytes) -> tuple[int, bytes]:
        headers = {
            "content-type": self.service.content_type,
            "host": self._endpoint.authority,
            "x-amz-target": f"{self.service.target}.{operation}",
        }
        scope = Scope(region=self.region, service=self.service.name)
        signed = signed_headers(headers, body, scope, self.credentials, self.clock.now())
        connection = self._connection()
        try:
            connection.request("POST", "/", body, signed)
            response = connection.getresponse()
            answer = response.read()
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return response.status, answer

    def _connection(self) -> http.client.HTTPConnection:
        while self._idle:
            connection = self._idle.pop()
            if _is_alive(connection):
                return connection
            connection.close()
        connection = self._new_connection()
        connection.connect()
        connection.sock.settimeout(self.read_timeout_seconds)
        return connection

    def _new_connection(self) -> http.client.HTTPConnection:
        host, port, timeout = self._endpoint.host, self._endpoint.port, self.connect_timeout_seconds
        if self._tls is None:
            return http.client.HTTPConnection(host, port, timeout=timeout)
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._tls)


def _is_alive(connection: http.client.HTTPConnection) -> bool:
    """Tell whether the other side has left the connection open: between calls there is nothing to read."""
    sock: socket.socket | None = connection.sock
    if sock is None:
        return False
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


def _object(answer: bytes) -> dict[str, Any]:
    return msgspec.json.decode(answer, type=dict[str, Any])


def _refusal(status: int, answer: bytes) -> AwsRefused:
    try:
        facts = _object(answer)
    except msgspec.DecodeError:
        facts = {}
    code = str(facts.get("__type", status)).rpartition("#")[2]
    return AwsRefused(code, str(facts.get("message") or facts.get("Message") or ""), status)
