"""Look at one late request again and again: `python -m bench.looks CLIENT TIMES URL`.

The server at URL answers every read with the same item, so that each look decides and writes the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.due import CITY, a_due_item
from bench.puts import REGION
from chalicelib.adapters.aws_json import DYNAMODB, AwsJsonClient
from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.dynamo.models import bind
from chalicelib.adapters.dynamo.request_items import Item
from chalicelib.adapters.dynamo.request_store import RequestTable, StoredRequests
from chalicelib.adapters.dynamo.requests import PynamoRequestTable
from chalicelib.adapters.dynamo.sweeps import KEPT_FOR, OUTCOME, DynamoSweeps
from chalicelib.adapters.dynamo.wire import to_wire
from chalicelib.adapters.system import SystemClock
from chalicelib.domain.protocols import Protocol
from chalicelib.services.attendance import Attendance
from chalicelib.services.ports.timers import Look, Outcome
from chalicelib.settings import Credentials
from tests.fakes import FakeCatalogue, FakeClock, FakeStuck, FakeSweeps, timer_in_a_small_city

RUN = "2026-11-24T14:30Z"


@dataclass(frozen=True, slots=True)
class StillTable:
    """A `RequestTable` that has one item and forgets every write: what deciding and the codec cost."""

    item: Item

    def put_new(self, item: Item) -> None:
        """Forget it."""

    def put_over(self, item: Item, seen_version: int) -> None:
        """Forget it."""

    def file(self, protocol: Protocol, seen_version: int, timer: Item) -> None:
        """Forget it."""

    def get(self, protocol: Protocol) -> Mapping[str, Any]:
        """Give the item."""
        return self.item


@dataclass(slots=True, kw_only=True)
class SignedSweeps(FakeSweeps):
    """A sweep log that writes its outcomes through the signed client; there is none in the application."""

    client: AwsJsonClient

    def record(self, run: str, protocol: Protocol, outcome: Outcome) -> None:
        """Write what `DynamoSweeps` writes."""
        line = {
            "subject": f"sweep#{run}",
            "line": f"{OUTCOME}{protocol}",
            "outcome": outcome.value,
            "expires_at": int((SystemClock().now() + KEPT_FOR).timestamp()),
        }
        arguments = {
            "TableName": "operations",
            "Item": to_wire(line),
            "ConditionExpression": "attribute_not_exists(line) OR outcome = :failed",
            "ExpressionAttributeValues": to_wire({":failed": Outcome.FAILED.value}),
        }
        self.client.call("PutItem", arguments)


def main(client: str, times: int, url: str) -> None:
    """Look `times` times."""
    item = a_due_item()
    attendance = _CLIENTS[client](url, item)
    look = Look(protocol=Protocol(item["protocol"]), run=RUN)
    for _ in range(times):
        if attendance.look(look).outcome is not Outcome.ACTED:
            raise RuntimeError("nothing was decided")


def _attendance(table: RequestTable, log: FakeSweeps | DynamoSweeps) -> Attendance:
    return Attendance(
        requests=StoredRequests(table=table, timer_of=timer_in_a_small_city),
        catalogue=FakeCatalogue(CITY),
        log=log,
        stuck=FakeStuck(),
        clock=FakeClock(),
    )


def _in_memory(url: str, item: Item) -> Attendance:
    return _attendance(StillTable(item), FakeSweeps())


def _pynamodb(url: str, item: Item) -> Attendance:
    return _attendance(PynamoRequestTable(), _pynamo_log(url))


def _signed_requests(url: str, item: Item) -> Attendance:
    return _attendance(_lean(url), _pynamo_log(url))


def _signed(url: str, item: Item) -> Attendance:
    table = _lean(url)
    return _attendance(table, SignedSweeps(client=table.client))


def _pynamo_log(url: str) -> DynamoSweeps:
    bind(lambda suffix: suffix, region=REGION, endpoint_url=url)
    return DynamoSweeps(clock=SystemClock())


def _lean(url: str) -> LeanRequestTable:
    client = AwsJsonClient(
        service=DYNAMODB, region=REGION, credentials=Credentials.read(), clock=SystemClock(), endpoint_url=url
    )
    return LeanRequestTable(client=client, table_name="requests")


_CLIENTS: Mapping[str, Callable[[str, Item], Attendance]] = {
    "nothing": _in_memory,
    "pynamodb": _pynamodb,
    "signed requests": _signed_requests,
    "signed": _signed,
}
CLIENTS = tuple(_CLIENTS)

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
