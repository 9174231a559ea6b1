"""Keep published message templates in the config table: an item per version, and a pointer flipped last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo.templates import KIND, POINTER, decode, encode
from chalicelib.domain.canonical import instant
from chalicelib.domain.message_templates import MessageTemplates
from infra.message_templates import content_hash
from infra.publication import Publication
from infra.published_catalogues import PublicationRaced
from infra.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTable:
    """The templates of a stage, in its config table."""

    client: Any
    table_name: str

    @classmethod
    def of(cls, target: Target) -> TemplateTable:
        """Reach the config table of a stage."""
        return cls(client=target.client("dynamodb"), table_name=target.resource_name("config"))

    def publish(self, templates: MessageTemplates, now: datetime) -> Publication:
        """Put templates in force, unless what is in force says the same; functions see it in a minute.

        Raises:
            PublicationRaced: somebody else published meanwhile.
        """
        seen = self._version()
        if seen is not None and seen.endswith(f"-{content_hash(templates)}"):
            return Publication(version=seen, changed=False)
        item = {**_key(templates.version), "data": {"B": encode(templates)}}
        self.client.put_item(TableName=self.table_name, Item=item)
        self._point(templates.version, seen, now)
        return Publication(version=templates.version, changed=True)

    def published(self) -> MessageTemplates | None:
        """Read the templates in force, None before the first publication."""
        version = self._version()
        item = self._read(version) if version is not None else None
        return decode(bytes(item["data"]["B"])) if item is not None else None

    def _point(self, version: str, seen: str | None, now: datetime) -> None:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(kind)"}
        if seen is not None:
            condition = {
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"S": seen}},
            }
        item = {**_key(POINTER), "version": {"S": version}, "published_at": {"S": instant(now)}}
        try:
            self.client.put_item(TableName=self.table_name, Item=item, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise PublicationRaced(version) from error
            raise

    def _version(self) -> str | None:
        pointer = self._read(POINTER)
        return None if pointer is None else str(pointer["version"]["S"])

    def _read(self, key: str) -> dict[str, Any] | None:
        answer = self.client.get_item(TableName=self.table_name, Key=_key(key), ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item


def _key(key: str) -> dict[str, dict[str, str]]:
    return {"kind": {"S": KIND}, "key": {"S": key}}
