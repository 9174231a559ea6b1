"""Feed the workers with events in the shapes that AWS sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib import wiring_delivery, workers
from chalicelib.api.event_schemas import schema_named
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.timeline import is_intact
from chalicelib.observability import logger
from tests.delivery_desk import BASE, DeliveryDesk
from tests.fakes import FakeQueues

EVENTS = Path(__file__).parents[2] / "events"


def records(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((EVENTS / f"{name}.json").read_text())["Records"]
    return found


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> DeliveryDesk:
    desk = DeliveryDesk()
    monkeypatch.setattr(wiring_delivery, "relay", lambda: desk.relay)
    return desk


def test_a_new_item_in_the_stream_becomes_a_message(desk: DeliveryDesk) -> None:
    workers.relay_changes(records("requests_stream_insert"))
    assert [(m.secretariat, m.seq) for m in desk.queues.sent] == [("DMLU", 1)]


def test_changed_items_in_the_stream_become_messages_in_order(desk: DeliveryDesk) -> None:
    workers.relay_changes(records("requests_stream_insert") + records("requests_stream_modify"))
    assert [(m.secretariat, m.seq) for m in desk.queues.sent] == [
        ("DMLU", 1),
        ("DMLU", 2),
        ("DMLU", 3),
        ("SMGOV", 3),
    ]


def test_a_removed_item_in_the_stream_says_nothing(desk: DeliveryDesk) -> None:
    workers.relay_changes(records("requests_stream_remove"))
    assert desk.queues.sent == []


def test_the_recorded_items_are_as_the_codec_writes_them_today(desk: DeliveryDesk) -> None:
    for record in records("requests_stream_insert") + records("requests_stream_modify"):
        change = desk.relay.reader.read(record)
        assert change is not None
        assert is_intact(change.request.protocol, change.request.timeline, change.request.private)


def test_a_transient_failure_is_raised_for_the_stream_to_repeat(desk: DeliveryDesk) -> None:
    desk.queues.down.add("DMLU")
    with pytest.raises(Unavailable):
        workers.relay_changes(records("requests_stream_insert"))


def test_a_permanent_failure_is_logged_by_protocol_and_reason_and_not_raised(
    desk: DeliveryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.queues = FakeQueues(desk.clock)
    logged: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(logger, "error", lambda said, extra: logged.append((said, extra)))
    workers.relay_changes(records("requests_stream_insert"))
    protocol = records("requests_stream_insert")[0]["dynamodb"]["Keys"]["protocol"]["S"]
    facts = {"protocol": protocol, "first_seq": 1, "last_seq": 1, "reason": "queue_missing"}
    assert logged == [("request undelivered", facts)]


def test_a_secretariats_own_function_receives_events_that_match_their_schemas() -> None:
    received = [json.loads(record["body"]) for record in records("secretariat_queue_fifo")]
    assert [event["data"]["seq"] for event in received] == [1, 2, 3]
    for event, record in zip(received, records("secretariat_queue_fifo"), strict=True):
        schema = schema_named(event["type"], BASE)
        assert schema is not None
        Draft202012Validator(schema).validate(event["data"])
        assert record["attributes"]["MessageGroupId"] == event["subject"]
