"""Consume a secretariat's queue over HTTP, read its feed, and operate deliveries."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from chalicelib import wiring_delivery
from tests.delivery_desk import DeliveryDesk
from tests.fakes import FakeQueues
from tests.http import Answer, Centre

QUEUE = "/v1/secretariats/DMLU/queue"
OPERATIONS = "/v1/operations/secretariats/DMLU"
HOUR_BEFORE = "2026-11-24T13:30:00Z"


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def desk(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> DeliveryDesk:
    """Put delivery over fakes behind the application, around the same requests and clock."""
    desk = DeliveryDesk(clock=centre.clock, requests=centre.requests)
    for name in ("consumption", "changes", "dead_letters", "replay", "undelivered"):
        monkeypatch.setattr(wiring_delivery, name, partial(_given, getattr(desk, name)))
    return desk


def received(centre: Centre) -> list[dict[str, Any]]:
    answer = centre.post(f"{QUEUE}/receive", {"max": 10}, key="DMLU")
    assert answer.status == 200, answer.text
    messages: list[dict[str, Any]] = answer.json["messages"]
    return messages


def receipts(centre: Centre) -> list[str]:
    return [one["receipt"] for one in received(centre)]


def test_a_secretariat_receives_and_acknowledges_over_http(centre: Centre, desk: DeliveryDesk) -> None:
    request = desk.delivered()
    (held,) = received(centre)
    assert held["message"]["subject"] == request.protocol
    answer = centre.post(f"{QUEUE}/ack", {"receipts": [held["receipt"]]}, key="DMLU")
    assert answer.json == {"results": [{"protocol": request.protocol, "seq": 1, "outcome": "done"}]}


def test_a_message_is_given_back_and_kept_longer_over_http(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    held = receipts(centre)
    assert centre.post(f"{QUEUE}/extend", {"receipts": held, "seconds": 600}, key="DMLU").status == 200
    assert centre.post(f"{QUEUE}/nack", {"receipts": held}, key="DMLU").status == 200
    desk.clock.advance(seconds=59)
    assert received(centre) == []
    desk.clock.advance(seconds=1)
    assert len(received(centre)) == 1


def test_an_expired_receipt_is_a_conflict(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    held = receipts(centre)
    desk.clock.advance(minutes=6)
    answer = centre.post(f"{QUEUE}/ack", {"receipts": held}, key="DMLU")
    assert (answer.status, answer.json["type"]) == (409, "urn:central156:problem:receipt-expired")


def test_the_receipts_of_another_secretariat_are_forbidden(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    held = receipts(centre)
    answer = centre.post("/v1/secretariats/SMGOV/queue/ack", {"receipts": held}, key="SMGOV")
    assert answer.status == 403


@pytest.mark.parametrize("key", ["SMGOV", "operator", "web", "attendant"])
def test_only_the_focal_point_receives(centre: Centre, desk: DeliveryDesk, key: str) -> None:
    assert centre.post(f"{QUEUE}/receive", {}, key=key).status == 403


@pytest.mark.parametrize(
    ("path", "body", "reasons"),
    [
        ("receive", {"max": 0, "wait": "x"}, {"max": "out_of_range", "wait": "wrong_type"}),
        ("receive", {"max": 11, "wait": 11, "how": 1}, {
            "how": "unknown_field", "max": "out_of_range", "wait": "out_of_range",
        }),
        ("ack", {}, {"receipts": "required"}),
        ("ack", {"receipts": []}, {"receipts": "required"}),
        ("ack", {"receipts": "x"}, {"receipts": "wrong_type"}),
        ("ack", {"receipts": ["x"] * 11}, {"receipts": "too_many"}),
        ("nack", {"receipts": ["x"], "delay_seconds": 43_201}, {
            "receipts.0": "malformed", "delay_seconds": "out_of_range",
        }),
        ("extend", {"receipts": ["x"]}, {"receipts.0": "malformed", "seconds": "required"}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(
    centre: Centre, desk: DeliveryDesk, path: str, body: dict[str, Any], reasons: dict[str, str]
) -> None:
    answer = centre.post(f"{QUEUE}/{path}", body, key="DMLU")
    assert answer.status == 400, answer.text
    found = answer.reasons()
    assert reasons.items() <= found.items()


def test_a_queue_that_does_not_answer_is_unavailable_and_may_be_asked_again(
    centre: Centre, desk: DeliveryDesk
) -> None:
    desk.queues.down.add("DMLU")
    answer = centre.post(f"{QUEUE}/receive", {}, key="DMLU")
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


def changes(centre: Centre, query: str, key: str = "DMLU") -> Answer:
    return centre.get(f"/v1/secretariats/DMLU/changes?{query}", key=key)


def test_the_feed_is_read_page_by_page_over_http(centre: Centre, desk: DeliveryDesk) -> None:
    opened = [desk.delivered().protocol for _ in range(3)]
    first = changes(centre, f"since={HOUR_BEFORE}&limit=2").json
    last = changes(centre, f"cursor={first['next']}").json
    assert sorted(e["subject"] for e in first["items"] + last["items"]) == sorted(opened)
    assert last["next"] is None
    assert last["resume_since"] == "2026-11-24T14:28:00Z"


def test_an_operator_reads_a_feed_and_another_secretariat_does_not(
    centre: Centre, desk: DeliveryDesk
) -> None:
    assert changes(centre, f"since={HOUR_BEFORE}", key="operator").status == 200
    assert changes(centre, f"since={HOUR_BEFORE}", key="SMGOV").status == 403


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("limit=5", {"since": "required"}),
        ("since=yesterday&limit=x", {"since": "not_a_datetime", "limit": "wrong_type"}),
        ("since=2026-11-24T13:30:00", {"since": "time_zone_missing"}),
        ("since=2027-11-24T13:30:00Z&limit=101", {"since": "in_the_future", "limit": "out_of_range"}),
        ("since=2020-11-24T13:30:00Z", {"since": "out_of_range"}),
        ("cursor=x", {"cursor": "malformed"}),
    ],
)
def test_every_wrong_question_to_the_feed_is_named(
    centre: Centre, desk: DeliveryDesk, query: str, reasons: dict[str, str]
) -> None:
    assert changes(centre, query).reasons() == reasons


def test_anybody_reads_the_schema_that_an_event_names(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    address = received(centre)[0]["message"]["dataschema"]
    answer = centre.get(address.removeprefix("https://156.example"))
    assert (answer.status, answer.json["$id"]) == (200, address)
    assert answer.headers["content-type"] == "application/schema+json"
    assert centre.get("/v1/schemas/unknown.json").status == 404


def test_an_operator_redrives_what_was_undelivered(centre: Centre, desk: DeliveryDesk) -> None:
    queues, desk.queues = desk.queues, FakeQueues(desk.clock)
    request = desk.delivered()
    desk.queues = queues
    (parked,) = centre.get("/v1/operations/undelivered", key="operator").json["items"]
    assert (parked["protocol"], parked["reason"]) == (request.protocol, "queue_missing")
    answer = centre.post(f"/v1/operations/undelivered/{request.protocol}/redrive", key="operator")
    assert answer.json == {"protocol": request.protocol, "undelivered": None}
    assert len(received(centre)) == 1


def test_an_operator_deals_with_dead_letters(centre: Centre, desk: DeliveryDesk) -> None:
    one, other = desk.delivered(), desk.delivered()
    desk.let_it_die("DMLU")
    letters = centre.get(f"{OPERATIONS}/dead-letters", key="operator").json["items"]
    assert {letter["protocol"] for letter in letters} == {one.protocol, other.protocol}
    first, second = (letter["message_id"] for letter in letters)
    assert centre.post(f"{OPERATIONS}/dead-letters/{first}/redrive", key="operator").status == 200
    assert centre.post(f"{OPERATIONS}/dead-letters/{second}/quarantine", key="operator").status == 200
    left = centre.get(f"{OPERATIONS}/dead-letters", key="operator").json
    assert left["items"] == []
    assert [letter["quarantined_by"] for letter in left["quarantined"]] == ["operator"]
    assert centre.post(f"{OPERATIONS}/dead-letters/m0/redrive", key="operator").status == 404


def test_an_operator_redrives_and_quarantines_all_dead_letters(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    desk.let_it_die("DMLU")
    assert centre.post(f"{OPERATIONS}/dead-letters/redrive", key="operator").json["messages"] == 1
    desk.let_it_die("DMLU")
    assert centre.post(f"{OPERATIONS}/dead-letters/quarantine", key="operator").json["messages"] == 1


def test_an_operator_replays_a_period(centre: Centre, desk: DeliveryDesk) -> None:
    desk.delivered()
    period = {"since": HOUR_BEFORE, "until": "2026-11-24T15:30:00Z"}
    answer = centre.post(f"{OPERATIONS}/replay", period, key="operator")
    assert answer.json == {"messages": 1, "next": None}


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({}, {"since": "required", "until": "required"}),
        ({"since": "x", "until": HOUR_BEFORE}, {"since": "wrong_type"}),
        ({"since": "2026-11-24T13:30:00", "until": HOUR_BEFORE}, {"since": "time_zone_missing"}),
        ({"since": HOUR_BEFORE, "until": HOUR_BEFORE}, {"until": "out_of_range"}),
    ],
)
def test_every_wrong_field_of_a_replay_is_named(
    centre: Centre, desk: DeliveryDesk, body: dict[str, Any], reasons: dict[str, str]
) -> None:
    assert centre.post(f"{OPERATIONS}/replay", body, key="operator").reasons() == reasons


@pytest.mark.parametrize("key", ["DMLU", "attendant", "web"])
def test_only_operators_operate(centre: Centre, desk: DeliveryDesk, key: str) -> None:
    assert centre.get("/v1/operations/undelivered", key=key).status == 403
    assert centre.get(f"{OPERATIONS}/dead-letters", key=key).status == 403
    assert centre.post(f"{OPERATIONS}/replay", key=key).status == 403
