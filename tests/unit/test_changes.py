from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import ActorNotAllowed, InvalidInput, NotFound
from chalicelib.services.changes import SETTLES_WITHIN, ChangesPage
from chalicelib.services.ports.delivery import FEED_KEPT_FOR, Delivery
from tests.delivery_desk import DMLU, OPERATOR, SMGOV, DeliveryDesk
from tests.fakes import NOW, FakeRequests

RETURN = orders.Return(reason="Não é conosco", proposed="SMGOV")


def walk(desk: DeliveryDesk, since: datetime, limit: int = 100) -> tuple[list[Mapping[str, Any]], datetime]:
    """Read a feed to its end, as a consumer does."""
    events: list[Mapping[str, Any]] = []
    page = desk.changes.read("DMLU", DMLU, since=since, limit=limit)
    while page.next:
        events += page.items
        page = desk.changes.read("DMLU", DMLU, cursor=page.next, limit=limit)
    return [*events, *page.items], page.resume_since


def numbered(events: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(event["subject"], event["data"]["seq"]) for event in events]


def read(desk: DeliveryDesk, since: datetime, **more: Any) -> ChangesPage:
    return desk.changes.read("DMLU", DMLU, since=since, **more)


def test_the_feed_gives_the_very_events_that_were_sent() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relays(desk.decides(request, orders.Accept()), request)
    events, _ = walk(desk, NOW - timedelta(hours=1))
    assert events == [message.event for message in desk.queues.sent]


def test_a_secretariat_away_for_two_days_catches_up_with_nothing_missing() -> None:
    desk = DeliveryDesk()
    _, resume_since = walk(desk, NOW)
    for _ in range(48):
        desk.clock.advance(hours=1)
        request = desk.delivered()
        accepted = desk.decides(request, orders.Accept())
        desk.relays(accepted, request)
        desk.relays(desk.decides(accepted, RETURN), accepted)
    caught_up, _ = walk(desk, resume_since, limit=7)
    sent_to_dmlu = {(m.protocol, m.seq) for m in desk.queues.sent if m.secretariat == "DMLU"}
    assert set(numbered(caught_up)) == sent_to_dmlu
    assert len(sent_to_dmlu) == 48 * 3


def test_the_feed_tells_of_requests_that_another_secretariat_holds_by_now() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relays(desk.decides(request, RETURN), request)
    events, _ = walk(desk, NOW - timedelta(hours=1))
    assert [event["type"] for event in events] == [
        "central156.request.opened.v1",
        "central156.request.withdrawn.v1",
    ]


def test_a_line_that_becomes_visible_late_is_read_at_the_next_walk() -> None:
    desk = DeliveryDesk()
    late, early = desk.opens(), desk.opens()
    noted_at = desk.clock.now()
    desk.clock.advance(seconds=50)
    desk.relays(early)
    first, resume_since = walk(desk, NOW - timedelta(hours=1))
    desk.log.note([Delivery(secretariat="DMLU", protocol=late.protocol, seq=1, at=noted_at)])
    second, _ = walk(desk, resume_since)
    assert numbered(first) == [(early.protocol, 1)]
    assert (late.protocol, 1) in numbered(second)


def test_a_slow_reader_resumes_from_where_the_walk_began() -> None:
    desk = DeliveryDesk()
    for _ in range(3):
        desk.delivered()
    begun = desk.clock.now()
    page = read(desk, NOW - timedelta(hours=1), limit=2)
    desk.clock.advance(minutes=30)
    assert page.next is not None
    last = desk.changes.read("DMLU", DMLU, cursor=page.next)
    assert last.resume_since == begun - SETTLES_WITHIN


def test_a_lagging_replica_does_not_hide_a_decision() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    stale = FakeRequests(items=dict(desk.requests.items))
    desk.relays(desk.decides(request, orders.Accept()), request)
    lagging = dataclasses.replace(desk.changes, index=stale)
    page = lagging.read("DMLU", DMLU, since=NOW - timedelta(hours=1))
    assert numbered(page.items) == [(request.protocol, 1), (request.protocol, 2)]


def test_a_request_that_is_gone_leaves_the_rest_of_the_feed_readable() -> None:
    desk = DeliveryDesk()
    gone, there = desk.delivered(), desk.delivered()
    del desk.requests.items[gone.protocol]
    assert numbered(walk(desk, NOW - timedelta(hours=1))[0]) == [(there.protocol, 1)]


def test_an_operator_reads_any_feed_and_another_secretariat_does_not() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    page = desk.changes.read("DMLU", OPERATOR, since=NOW - timedelta(hours=1))
    assert numbered(page.items) == [(request.protocol, 1)]
    with pytest.raises(ActorNotAllowed):
        desk.changes.read("DMLU", SMGOV, since=NOW)


def test_an_unknown_secretariat_has_no_feed() -> None:
    with pytest.raises(NotFound):
        DeliveryDesk().changes.read("NONE", OPERATOR, since=NOW)


def refused(desk: DeliveryDesk, **question: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        desk.changes.read("DMLU", DMLU, **question)
    return [(fault.path, fault.reason) for fault in refusal.value.faults]


def test_a_question_must_say_since_when_and_within_reason() -> None:
    desk = DeliveryDesk()
    assert refused(desk) == [("since", "required")]
    assert refused(desk, since=NOW, limit=0) == [("limit", "out_of_range")]
    assert refused(desk, since=NOW + timedelta(days=1)) == [("since", "in_the_future")]


@pytest.mark.parametrize(
    "walk",
    [
        b"nonsense",
        b"[" * 3_000,
        {"since": 1, "begun_at": 2, "position": 3},
        ["1", "2", "3"],
        [NOW.isoformat(), NOW.isoformat(), None],
        [NOW.isoformat(), NOW.isoformat(), 5],
        [NOW.isoformat(), NOW.isoformat()[:19], "5"],
        [NOW.isoformat(), "0001-01-01T00:00:00+00:00", "5"],
        [NOW.isoformat(), "9999-12-31T23:59:59+00:00", "5"],
    ],
)
def test_a_cursor_that_nobody_was_given_is_refused(walk: Any) -> None:
    written = walk if isinstance(walk, bytes) else json.dumps(walk).encode()
    cursor = base64.urlsafe_b64encode(written).decode()
    assert refused(DeliveryDesk(), cursor=cursor) == [("cursor", "malformed")]


def test_a_moment_that_the_feed_does_not_reach_is_refused_rather_than_half_answered() -> None:
    desk = DeliveryDesk()
    too_old = NOW - FEED_KEPT_FOR - timedelta(days=1)
    assert refused(desk, since=too_old, limit=500) == [("limit", "out_of_range"), ("since", "out_of_range")]


def test_the_feed_is_kept_for_as_long_as_it_is_said_to_be() -> None:
    from chalicelib.adapters.dynamo.deliveries import KEPT_FOR

    assert KEPT_FOR == FEED_KEPT_FOR
