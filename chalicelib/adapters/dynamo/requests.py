"""Put, get and find requests in DynamoDB through PynamoDB."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import RequestModel
from chalicelib.adapters.dynamo.request_items import Item, place_key, request_of, sortable
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.timers import DueTimer

MOST_KEYS_OF_A_BATCH = 100
MOST_ROUNDS_OF_A_BATCH = 5
FIRST_PAUSE_SECONDS = 0.05
DESK_KEYS = ("secretariat", "due_at")
PERSON_KEYS = ("person_key", "opened_at")
DAY_KEYS = ("opened_day", "opened_at")
TIMER_KEYS = ("timer_shard", "timer_at")


class PynamoRequestTable:
    """The `RequestTable` over PynamoDB."""

    def put_new(self, item: Item) -> None:
        """Put an item whose protocol is not there yet."""
        with translated_failures():
            RequestModel(**item).save(condition=RequestModel.protocol.does_not_exist())

    def put_over(self, item: Item, seen_version: int) -> None:
        """Put an item over the version seen."""
        with translated_failures():
            RequestModel(**item).save(condition=RequestModel.version == seen_version)

    def file(self, protocol: Protocol, seen_version: int, timer: Item) -> None:
        """Set or remove the timer's attributes."""
        shard, at = RequestModel.timer_shard, RequestModel.timer_at
        actions: list[Action] = [shard.remove(), at.remove()]
        if timer:
            actions = [shard.set(timer["timer_shard"]), at.set(timer["timer_at"])]
        with translated_failures():
            RequestModel(protocol).update(actions=actions, condition=RequestModel.version == seen_version)

    def get(self, protocol: Protocol) -> Mapping[str, Any] | None:
        """Read an item consistently."""
        with translated_failures():
            try:
                return RequestModel.get(protocol, consistent_read=True).attribute_values
            except DoesNotExist:
                return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRequestIndex:
    """The `RequestIndex` and `TimerIndex` ports; every list is a query of one index partition."""

    pause: Callable[[float], None] = time.sleep

    def load_many(self, protocols: Sequence[Protocol]) -> list[ServiceRequest]:
        """Return those that exist, in the order asked, in batches of a hundred."""
        wanted = list(dict.fromkeys(protocols))
        found: dict[str, ServiceRequest] = {}
        for start in range(0, len(wanted), MOST_KEYS_OF_A_BATCH):
            for item in self._batch(wanted[start : start + MOST_KEYS_OF_A_BATCH]):
                found[item.protocol] = request_of(item.attribute_values)
        return [found[protocol] for protocol in protocols if protocol in found]

    def desk(self, secretariat: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a secretariat's open requests, the earliest due first."""
        return _page(RequestModel.desk_index, DESK_KEYS, secretariat, limit, cursor)

    def of_person(self, person_key: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a person's requests, the newest first."""
        return _page(RequestModel.person_index, PERSON_KEYS, person_key, limit, cursor, forward=False)

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List the requests opened on a local day, in order."""
        return _page(RequestModel.day_index, DAY_KEYS, day.isoformat(), limit, cursor)

    def in_cells(self, service: str, cells: Iterable[str]) -> list[Protocol]:
        """List the open requests of a service in search cells, one query per cell."""
        with translated_failures():
            return [
                Protocol(model.protocol)
                for cell in dict.fromkeys(cells)
                for model in RequestModel.place_index.query(place_key(service, cell))
            ]

    def due(self, shard: int, until: datetime, *, limit: int, cursor: str | None = None) -> Page[DueTimer]:
        """List the timers of a shard up to `until`, the oldest first; later ones are not even read."""
        due = RequestModel.timer_at <= sortable(until)
        page = _models(RequestModel.timers_index, TIMER_KEYS, shard, limit, cursor, range_key_condition=due)
        return Page(items=tuple(_due_timer(model) for model in page.items), next=page.next)

    def _batch(self, protocols: Sequence[Protocol]) -> list[RequestModel]:
        """Read up to a hundred items; PynamoDB's own `batch_get` would repeat without pause or end."""
        found: list[RequestModel] = []
        keys: list[Any] = [{"protocol": {"S": protocol}} for protocol in protocols]
        for round_number in range(MOST_ROUNDS_OF_A_BATCH):
            if round_number:
                self.pause(FIRST_PAUSE_SECONDS * 2**round_number)
            with translated_failures():
                answer = RequestModel._get_connection().batch_get_item(keys)
            table = RequestModel.Meta.table_name
            found += [RequestModel.from_raw_data(raw) for raw in answer["Responses"].get(table, ())]
            keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not keys:
                return found
        raise Unavailable


def _page(
    index: GlobalSecondaryIndex[RequestModel],
    key_names: tuple[str, str],
    partition: str,
    limit: int,
    cursor: str | None,
    *,
    forward: bool = True,
) -> Page[Protocol]:
    page = _models(index, key_names, partition, limit, cursor, scan_index_forward=forward)
    return Page(items=tuple(Protocol(model.protocol) for model in page.items), next=page.next)


def _models(
    index: GlobalSecondaryIndex[RequestModel],
    key_names: tuple[str, str],
    partition: str | int,
    limit: int,
    cursor: str | None,
    **query: Any,
) -> Page[RequestModel]:
    hash_name, range_name = key_names
    start: dict[str, Any] | None = None
    if cursor is not None:
        sort, protocol = position_of(cursor, 2)
        hash_key = {"N": str(partition)} if isinstance(partition, int) else {"S": partition}
        start = {"protocol": {"S": protocol}, hash_name: hash_key, range_name: {"S": sort}}
    with translated_failures():
        found = index.query(partition, limit=limit, page_size=limit, last_evaluated_key=start, **query)
        models = tuple(found)
    last = found.last_evaluated_key
    next_cursor = cursor_of(last[range_name]["S"], last["protocol"]["S"]) if last else None
    return Page(items=models, next=next_cursor)


def _due_timer(model: RequestModel) -> DueTimer:
    return DueTimer(protocol=Protocol(model.protocol), at=datetime.fromisoformat(model.timer_at or ""))
