"""Keep requests by conditional puts of whole items, over any client that can put and get them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from typing import Protocol as Port

from chalicelib.adapters.dynamo.request_items import Item, item_of, request_of
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.requests import ProtocolTaken

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


def new_write_id() -> str:
    """Name one write unmistakably."""
    return secrets.token_urlsafe(WRITE_ID_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequests:
    """The `RequestStore` port.

    When an answer is lost on the way, the SDK repeats the write and its condition fails on the
    write's own traces; a consistent read that shows our `write_id` tells that it had succeeded.
    """

    table: RequestTable
    write_id: Callable[[], str] = new_write_id

    def add(self, request: ServiceRequest) -> None:
        """Put a new request, or raise `ProtocolTaken`."""
        item = item_of(request, self.write_id())
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
        item = item_of(request, self.write_id())
        try:
            self.table.put_over(item, seen_version)
        except ConditionFailed as error:
            if not self._is_stored(item):
                raise StaleVersion(int(self._get(request.protocol)["version"])) from error

    def _is_stored(self, item: Item) -> bool:
        stored = self.table.get(Protocol(str(item["protocol"])))
        return stored is not None and stored["write_id"] == item["write_id"]

    def _get(self, protocol: Protocol) -> Mapping[str, Any]:
        item = self.table.get(protocol)
        if item is None:
            raise NotFound("request", protocol)
        return item
