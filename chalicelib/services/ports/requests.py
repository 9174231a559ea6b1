"""Name where requests are kept and found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol as Port

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.basics import Page


class ProtocolTaken(Exception):
    """The protocol already names another request."""


TimerOf = Callable[[ServiceRequest], datetime | None]
"""Tells when somebody must look at a request next; None if nobody must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A request, and the instant that the timers index has it under."""

    request: ServiceRequest
    timer_at: datetime | None


class RequestStore(Port):
    """Keeps requests; every write is one conditional put, every load is consistent."""

    def add(self, request: ServiceRequest) -> None:
        """Put a new request.

        Raises:
            ProtocolTaken: an item with this protocol exists and is not this very write.
            Unavailable: the table did not answer; repeating is safe.
        """
        ...

    def load(self, protocol: Protocol) -> ServiceRequest:
        """Return the request, or raise `NotFound`."""
        ...

    def save(self, request: ServiceRequest, *, seen_version: int) -> None:
        """Put the next version, or raise `StaleVersion` if `seen_version` is no longer the stored one."""
        ...

    def load_filed(self, protocol: Protocol) -> Filed:
        """Return the request and the timer it is filed under, or raise `NotFound`."""
        ...

    def refile(self, request: ServiceRequest) -> None:
        """File the request under its next timer, without a decision; harmless if it changed meanwhile."""
        ...


class RequestIndex(Port):
    """Finds requests; lists are eventually consistent, and cursors are opaque."""

    def load_many(self, protocols: Sequence[Protocol]) -> list[ServiceRequest]:
        """Return those that exist, in the order asked."""
        ...

    def desk(self, secretariat: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a secretariat's open requests, the earliest due first."""
        ...

    def of_person(self, person_key: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a person's requests, the newest first."""
        ...

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List the requests opened on a local day, in order."""
        ...

    def in_cells(self, service: str, cells: Iterable[str]) -> list[Protocol]:
        """List the open requests of a service in search cells."""
        ...
