"""Keep published catalogues in the config table: immutable parts, and a pointer flipped last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo.catalogue import KIND, POINTER
from chalicelib.domain.canonical import instant
from infra.target import Target


class PublicationRaced(Exception):
    """Somebody else published between our reading the pointer and our moving it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Which version is in force, since when, and in how many parts it is kept."""

    version: str
    published_at: str
    parts: int


class CatalogueStore(Protocol):
    """Where published catalogues are kept."""

    def pointer(self) -> Pointer | None:
        """Return what is in force, None before the first publication."""
        ...

    def parts(self, pointer: Pointer) -> list[bytes]:
        """Return the parts of a version, in order."""
        ...

    def put_parts(self, version: str, parts: list[bytes]) -> None:
        """Keep the parts of a version; keeping the same ones twice changes nothing."""
        ...

    def point(self, to: Pointer, seen: Pointer | None) -> None:
        """Put a version in force, or raise `PublicationRaced` if `seen` no longer is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigTable:
    """The `CatalogueStore` of a stage."""

    client: Any
    table_name: str

    @classmethod
    def of(cls, target: Target) -> ConfigTable:
        """Reach the config table of a stage."""
        return cls(client=target.client("dynamodb"), table_name=target.resource_name("config"))

    def pointer(self) -> Pointer | None:
        """Read the pointer consistently."""
        item = self._read(POINTER)
        if item is None:
            return None
        return Pointer(
            version=item["version"]["S"],
            published_at=item["published_at"]["S"],
            parts=int(item["parts"]["N"]),
        )

    def parts(self, pointer: Pointer) -> list[bytes]:
        """Read the parts one by one: there are one or two."""
        items = (self._read(_part_key(pointer.version, number)) for number in range(pointer.parts))
        return [bytes(item["data"]["B"]) for item in items if item is not None]

    def put_parts(self, version: str, parts: list[bytes]) -> None:
        """Put every part under the version's name."""
        for number, part in enumerate(parts):
            item = {"kind": {"S": KIND}, "key": {"S": _part_key(version, number)}, "data": {"B": part}}
            self.client.put_item(TableName=self.table_name, Item=item)

    def point(self, to: Pointer, seen: Pointer | None) -> None:
        """Move the pointer on condition of the one seen."""
        item = {
            "kind": {"S": KIND},
            "key": {"S": POINTER},
            "version": {"S": to.version},
            "published_at": {"S": to.published_at},
            "parts": {"N": str(to.parts)},
        }
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(kind)"}
        if seen is not None:
            condition = {
                "ConditionExpression": "version = :version AND published_at = :at",
                "ExpressionAttributeValues": {
                    ":version": {"S": seen.version},
                    ":at": {"S": seen.published_at},
                },
            }
        try:
            self.client.put_item(TableName=self.table_name, Item=item, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise PublicationRaced(to.version) from error
            raise

    def _read(self, key: str) -> dict[str, Any] | None:
        answer = self.client.get_item(
            TableName=self.table_name, Key={"kind": {"S": KIND}, "key": {"S": key}}, ConsistentRead=True
        )
        item: dict[str, Any] | None = answer.get("Item")
        return item


def pointer_to(version: str, parts: list[bytes], now: datetime) -> Pointer:
    """Describe a publication of `version` at `now`."""
    return Pointer(version=version, published_at=instant(now), parts=len(parts))


def _part_key(version: str, number: int) -> str:
    return f"{version}#{number:02d}"
