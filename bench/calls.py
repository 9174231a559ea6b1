"""Record the calls of the SDK, and count them and the capacity they use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bench.capacity import Item, index_units, query_units, read_units, table_units
from chalicelib.adapters.dynamo.wire import from_wire

BODY = "bench_body"
REQUESTS = "requests"

_objects = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that was answered, as it went over the network; `attempts` is more than one if repeated."""

    service: str
    operation: str
    body: bytes
    answer: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Recorder:
    """Collects the calls of the clients it watches; what they mean is worked out afterwards."""

    calls: list[Call] = field(default_factory=list)

    def watch(self, client: Any) -> None:
        """Record all calls of a botocore client from now on."""
        client.meta.events.register_first("before-call", _remember)
        client.meta.events.register_last("after-call", self._record)

    def _record(self, model: Any, http_response: Any, parsed: Any, context: Any, **_: object) -> None:
        call = Call(
            service=model.service_model.service_name,
            operation=model.name,
            body=context[BODY],
            answer=http_response.content,
            attempts=1 + parsed["ResponseMetadata"].get("RetryAttempts", 0),
        )
        self.calls.append(call)


def count_calls(calls: Iterable[Call]) -> Counter[tuple[str, str]]:
    """Count calls by service and operation, every attempt."""
    counted: Counter[tuple[str, str]] = Counter()
    for call in calls:
        counted[call.service, call.operation] += call.attempts
    return counted


def items_read(calls: Iterable[Call], index: str) -> int:
    """Count the entries of an index that queries read, shown or not."""
    queries = (call for call in calls if call.operation == "Query")
    return sum(
        _objects.decode(call.answer).get("ScannedCount", 0)
        for call in queries
        if _objects.decode(call.body).get("IndexName") == index
    )


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts units call by call; `stored` are the requests as they were before the first one."""

    stored: dict[str, Item]
    written: Counter[str] = field(default_factory=Counter)
    read: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def count(self, calls: Iterable[Call]) -> None:
        """Add what DynamoDB's calls use, by what they are for; a write that is refused is paid for too."""
        for call in calls:
            if call.service == "dynamodb":
                body, answer = _objects.decode(call.body), _objects.decode(call.answer)
                _COUNTERS[call.operation](self, _purpose(body), body, answer)

    def _count_get(self, purpose: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.read[purpose] += max(1, read_units(from_wire(answer.get("Item", {}))))

    def _count_query(self, purpose: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        items = [from_wire(item) for item in answer["Items"]]
        self.read[purpose] += query_units(items, is_consistent=body.get("ConsistentRead", False))

    def _count_put(self, purpose: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        item = from_wire(body["Item"])
        if purpose != REQUESTS:
            self.written[purpose] += table_units({}, item)
            return
        before = self.stored[item["protocol"]]
        self.written["requests, the item"] += table_units(before, item)
        if "__type" not in answer:
            self.written["requests, its indexes"] += index_units(before, item)
            self.stored[item["protocol"]] = item

    def _count_delete(self, purpose: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.written[purpose] += 1


_COUNTERS = {
    "GetItem": Meter._count_get,
    "Query": Meter._count_query,
    "PutItem": Meter._count_put,
    "DeleteItem": Meter._count_delete,
}


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
    context[BODY] = params["body"]


def _purpose(body: Mapping[str, Any]) -> str:
    """Name what a call is for: the table by its suffix, or the index."""
    return str(body.get("IndexName") or body["TableName"].rpartition("-")[2])
