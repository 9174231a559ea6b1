"""Message templates in the config table: published whole, read again, kept while nothing newer is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.dynamo.templates import (
    CHECKED_EVERY,
    KIND,
    PublishedTemplates,
    TemplatesUnreadable,
    decode,
    encode,
)
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.message_templates import MessageTemplates
from infra.published_catalogues import PublicationRaced
from infra.published_templates import TemplateTable
from tests.engines import REGION, create_table_in_process
from tests.fake_messages import our_templates
from tests.fakes import NOW, FakeClock

ITEM_BYTES = 400_000


@pytest.fixture
def table() -> Iterator[TemplateTable]:
    with mock_aws():
        client = boto3.Session("test", "test").client("dynamodb", region_name=REGION)
        create_table_in_process(client, "test", "config")
        yield TemplateTable(client=client, table_name="central156-test-config")


@dataclasses.dataclass
class Config:
    """The config table as functions read it, over the one that publishing writes."""

    table: TemplateTable
    is_down: bool = False
    reads: int = 0

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        self.reads += 1
        if self.is_down:
            raise Unavailable
        given = self.table.client.get_item(
            TableName=self.table.table_name, Key={"kind": {"S": kind}, "key": {"S": key}}
        )
        item = given.get("Item")
        return {name: next(iter(value.values())) for name, value in item.items()} if item else None


def other(version: str) -> MessageTemplates:
    return dataclasses.replace(our_templates(), version=version, approved={})


def test_templates_are_published_once_and_read_back(table: TemplateTable) -> None:
    first, again = (table.publish(our_templates(), NOW) for _ in range(2))

    assert (first.changed, again.changed) == (True, False)
    assert again.version == first.version
    assert table.published() == our_templates()


def test_nothing_is_published_at_first(table: TemplateTable) -> None:
    assert table.published() is None


def test_other_words_are_another_version_and_the_old_one_stays(table: TemplateTable) -> None:
    table.publish(our_templates(), NOW)
    table.publish(other("2026-11-25-other"), NOW)

    published = table.published()
    assert published is not None
    assert published.version == "2026-11-25-other"
    assert table._read(our_templates().version) is not None


def test_who_publishes_at_the_same_time_is_refused(
    table: TemplateTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.publish(our_templates(), NOW)
    monkeypatch.setattr(TemplateTable, "_version", lambda _: "2026-11-23-before")

    with pytest.raises(PublicationRaced):
        table.publish(other("2026-11-25-other"), NOW)


def test_a_version_fits_into_one_item() -> None:
    packed = encode(our_templates())

    assert len(packed) < ITEM_BYTES / 4
    assert packed == encode(our_templates())
    assert decode(packed) == our_templates()


@pytest.mark.parametrize("packed", [b"", b"no templates"])
def test_what_is_damaged_is_unreadable(packed: bytes) -> None:
    with pytest.raises(TemplatesUnreadable):
        decode(packed)


def test_functions_see_new_templates_within_a_minute_and_ask_no_more_often(table: TemplateTable) -> None:
    table.publish(our_templates(), NOW)
    config, clock = Config(table), FakeClock()
    source = PublishedTemplates(config=config, clock=clock)  # type: ignore[arg-type]
    assert source.current() == our_templates()
    table.publish(other("2026-11-25-other"), NOW)

    reads = config.reads
    assert source.current() == our_templates()
    assert config.reads == reads
    clock.advance(seconds=CHECKED_EVERY.total_seconds())
    assert source.current().version == "2026-11-25-other"
    assert timedelta(minutes=1) >= CHECKED_EVERY


def test_templates_in_use_are_kept_while_nothing_can_be_read(table: TemplateTable) -> None:
    table.publish(our_templates(), NOW)
    config, clock = Config(table), FakeClock()
    source = PublishedTemplates(config=config, clock=clock)  # type: ignore[arg-type]
    source.current()
    config.is_down = True
    clock.advance(minutes=5)

    assert source.current() == our_templates()


@pytest.mark.parametrize("is_published", [False, True], ids=["none published", "table down"])
def test_without_any_templates_nobody_can_be_told(table: TemplateTable, is_published: bool) -> None:
    if is_published:
        table.publish(our_templates(), NOW)
    source = PublishedTemplates(
        config=Config(table, is_down=is_published),  # type: ignore[arg-type]
        clock=FakeClock(),
    )

    with pytest.raises(Unavailable):
        source.current()


def test_a_pointer_to_what_is_not_there_is_unavailable(table: TemplateTable) -> None:
    table._point("2026-11-25-nothing", None, NOW)

    with pytest.raises(Unavailable):
        PublishedTemplates(config=Config(table), clock=FakeClock()).current()  # type: ignore[arg-type]
    assert KIND == "templates"
