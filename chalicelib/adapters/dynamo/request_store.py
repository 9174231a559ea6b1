"""Keep requests by conditional puts of whole items, over any client that can put and get them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from typing import Protocol as Port

from chalicelib.adapters.dynamo.request_items import (
    Item,
    item_of,
    request_of,
    stored_timer,
    timer_attributes,
)
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.requests import Filed, ProtocolTaken, TimerOf

WRITE_ID_BYTES = 9
CONDITION_FAILED = "ConditionalCheckFailedException"
"""The code with which DynamoDB refuses a write whose condition does not hold."""


class ConditionFailed(Exception):
    """The item was not as the write's condition demands."""


class RequestTable(Port):
    """The three calls that the store needs; each may raise `Unavailable`."""

    def put_new(self, item: Item) -> None:
        """Put an item whose protocol is not there yet, or raise `ConditionFailed`."""
        ...

    def put_over(self, item: Item, seen_version: int) -> None:
        """Put an item over the version seen, or raise `ConditionFailed`."""
        ...

    def get(self, protocol: Protocol) -> Mapping[str, Any] | None:
        """Read an item consistently."""
        ...

    def file(self, protocol: Protocol, seen_version: int, timer: Item) -> None:
        """Set the timer's attributes, or remove them if there are none, or raise `ConditionFailed`."""
        ...


def new_write_id() -> str:
    """Name one write unmistakably."""
    return secrets.token_urlsafe(WRITE_ID_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequests:
    """The `RequestStore` port.

    When an answer is lost on the way, the SDK repeats the write and its condition fails on the
    write's own traces; a consistent read that shows our `write_id` tells that it had succeeded.
    `timer_of` tells when somebody must look at a request next.
    """

    table: RequestTable
    timer_of: TimerOf
    write_id: Callable[[], str] = new_write_id

    def add(self, request: ServiceRequest) -> None:
        """Put a new request, or raise `ProtocolTaken`."""
        item = self._item(request)
        try:
            self.table.put_new(item)
        except ConditionFailed as error:
            if not self._is_stored(item):
                raise ProtocolTaken from error

    def load(self, protocol: Protocol) -> ServiceRequest:
        """Return the request, or raise `NotFound`."""
        return request_of(self._get(protocol))

    def save(self, request: ServiceRequest, *, seen_version: int) -> None:
        """Put the next version, or raise `StaleVersion` with the present one."""
        item = self._item(request)
        try:
            self.table.put_over(item, seen_version)
        except ConditionFailed as error:
            if not self._is_stored(item):
                raise StaleVersion(int(self._get(request.protocol)["version"])) from error

    def load_filed(self, protocol: Protocol) -> Filed:
        """Return the request and the timer it is filed under, or raise `NotFound`."""
        item = self._get(protocol)
        return Filed(request=request_of(item), timer_at=stored_timer(item))

    def refile(self, request: ServiceRequest) -> None:
        """File the request under its next timer; if it changed meanwhile, that was done already."""
        timer = timer_attributes(request.protocol, self.timer_of(request))
        with suppress(ConditionFailed):
            self.table.file(request.protocol, request.version, timer)

    def _item(self, request: ServiceRequest) -> Item:
        return item_of(request, self.write_id(), self.timer_of(request))

    def _is_stored(self, item: Item) -> bool:
        stored = self.table.get(Protocol(str(item["protocol"])))
        return stored is not None and stored["write_id"] == item["write_id"]

    def _get(self, protocol: Protocol) -> Mapping[str, Any]:
        item = self.table.get(protocol)
        if item is None:
            raise NotFound("request", protocol)
        return item
