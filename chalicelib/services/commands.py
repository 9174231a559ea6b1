"""Recognise a repeated command, and change a request with the retries that its actor deserves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import IdempotencyKeyReused, StaleVersion
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.requests import RequestStore

MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What makes a call repeatable: who makes it, under which key, with which body."""

    owner: str
    key: str
    body: bytes

    def digests(self) -> Mapping[str, str]:
        """Reduce key and body to what the timeline keeps of them."""
        return {"key": _digest(f"{self.owner}\n{self.key}".encode()), "body": _digest(self.body)}

    def repeats(self, recorded: Mapping[str, str] | None) -> bool:
        """Tell whether a recorded command is this very one.

        Raises:
            IdempotencyKeyReused: the key is the same and the body is not.
        """
        return _is_repeated(self.digests(), recorded)

    def was_carried_out_on(self, request: ServiceRequest) -> bool:
        """Tell whether a decision of `request` came from this very command."""
        mine = self.digests()
        return any(_is_repeated(mine, entry.data.get("command")) for entry in request.timeline)


def change_request(
    store: RequestStore,
    protocol: Protocol,
    decide: Callable[[ServiceRequest], ServiceRequest],
    *,
    command: Command | None = None,
) -> ServiceRequest:
    """Load, decide and save a request as one conditional write.

    When somebody else was faster, `decide` is asked again about the fresh request, at most three
    times; for somebody who acts on the version he saw it raises `StaleVersion` itself. A repeated
    command answers the request as it stands and changes nothing.

    Raises:
        StaleVersion: the request changed since the caller saw it, or kept changing meanwhile.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        request = store.load(protocol)
        if command is not None and command.was_carried_out_on(request):
            return request
        decided = decide(request)
        try:
            store.save(decided, seen_version=request.version)
        except StaleVersion:
            if not tries_left:
                raise
            continue
        return decided
    raise AssertionError("unreachable: the last try returns or raises")


def _is_repeated(mine: Mapping[str, str], recorded: Mapping[str, str] | None) -> bool:
    if recorded is None or recorded.get("key") != mine["key"]:
        return False
    if recorded.get("body") != mine["body"]:
        raise IdempotencyKeyReused
    return True


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
