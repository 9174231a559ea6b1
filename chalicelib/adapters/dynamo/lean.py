"""Reach DynamoDB from the intake's hot path without an SDK: requests and configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws_json import AwsJsonClient, AwsRefused, AwsUnavailable
from chalicelib.adapters.dynamo.request_items import Item
from chalicelib.adapters.dynamo.request_store import CONDITION_FAILED, ConditionFailed
from chalicelib.adapters.dynamo.wire import from_wire, to_wire
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol


@contextmanager
def translated_refusals() -> Iterator[None]:
    """Raise `Unavailable` and `ConditionFailed` for what they stand for; other refusals are defects."""
    try:
        yield
    except AwsUnavailable as error:
        raise Unavailable from error
    except AwsRefused as error:
        if error.code == CONDITION_FAILED:
            raise ConditionFailed from error
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanRequestTable:
    """The `RequestTable` over the signed client."""

    client: AwsJsonClient
    table_name: str

    def put_new(self, item: Item) -> None:
        """Put an item whose protocol is not there yet."""
        self._put(item, "attribute_not_exists(protocol)", {})

    def put_over(self, item: Item, seen_version: int) -> None:
        """Put an item over the version seen."""
        self._put(item, "version = :seen", {"ExpressionAttributeValues": to_wire({":seen": seen_version})})

    def file(self, protocol: Protocol, seen_version: int, timer: Item) -> None:
        """Set or remove the timer's attributes."""
        change = "SET timer_shard = :shard, timer_at = :at" if timer else "REMOVE timer_shard, timer_at"
        values = {":shard": timer["timer_shard"], ":at": timer["timer_at"]} if timer else {}
        arguments = {
            "TableName": self.table_name,
            "Key": to_wire({"protocol": protocol}),
            "UpdateExpression": change,
            "ConditionExpression": "version = :seen",
            "ExpressionAttributeValues": to_wire({":seen": seen_version, **values}),
        }
        with translated_refusals():
            self.client.call("UpdateItem", arguments)

    def get(self, protocol: Protocol) -> Mapping[str, Any] | None:
        """Read an item consistently."""
        return _get_item(self.client, self.table_name, {"protocol": protocol}, consistent=True)

    def _put(self, item: Item, condition: str, more: Mapping[str, Any]) -> None:
        arguments = {
            "TableName": self.table_name,
            "Item": to_wire(item),
            "ConditionExpression": condition,
            **more,
        }
        with translated_refusals():
            self.client.call("PutItem", arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanConfig:
    """Read and write items of the `config` table, as plain values."""

    client: AwsJsonClient
    table_name: str

    def get(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """Read one item; at most a second behind."""
        return _get_item(self.client, self.table_name, {"kind": kind, "key": key}, consistent=False)

    def get_newest(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """Read one item as it is now."""
        return _get_item(self.client, self.table_name, {"kind": kind, "key": key}, consistent=True)

    def query(self, kind: str, prefix: str = "") -> list[Mapping[str, Any]]:
        """Read all items of a kind whose key begins with `prefix`, in order of their keys."""
        condition, values = "kind = :kind", {":kind": kind}
        names: dict[str, Any] = {}
        if prefix:
            condition, values[":prefix"] = f"{condition} AND begins_with(#key, :prefix)", prefix
            names = {"ExpressionAttributeNames": {"#key": "key"}}
        arguments = {
            "TableName": self.table_name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": to_wire(values),
            **names,
        }
        return list(self._pages(arguments))

    def put(self, kind: str, key: str, attributes: Mapping[str, str | int]) -> None:
        """Put one item, whatever was there."""
        self._put(kind, key, attributes, {})

    def put_new(self, kind: str, key: str, attributes: Mapping[str, str | int]) -> None:
        """Put an item that is not there yet, or raise `ConditionFailed`."""
        self._put(kind, key, attributes, {"ConditionExpression": "attribute_not_exists(kind)"})

    def put_over(self, kind: str, key: str, attributes: Mapping[str, str | int], seen_revision: int) -> None:
        """Put an item over the revision seen, or raise `ConditionFailed`."""
        values = to_wire({":seen": seen_revision})
        condition = {"ConditionExpression": "revision = :seen", "ExpressionAttributeValues": values}
        self._put(kind, key, attributes, condition)

    def _put(
        self, kind: str, key: str, attributes: Mapping[str, str | int], condition: Mapping[str, Any]
    ) -> None:
        item = to_wire({"kind": kind, "key": key, **attributes})
        with translated_refusals():
            self.client.call("PutItem", {"TableName": self.table_name, "Item": item, **condition})

    def _pages(self, arguments: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        while True:
            with translated_refusals():
                answer = self.client.call("Query", arguments)
            yield from (from_wire(item) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            arguments = {**arguments, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _get_item(
    client: AwsJsonClient, table_name: str, key: Mapping[str, str], *, consistent: bool
) -> Mapping[str, Any] | None:
    arguments = {"TableName": table_name, "Key": to_wire(key), "ConsistentRead": consistent}
    with translated_refusals():
        item = client.call("GetItem", arguments).get("Item")
    return None if item is None else from_wire(item)
