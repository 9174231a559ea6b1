"""When somebody must look at a request next."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.timers import TIMER_SHARDS, binding_due_at, filed_timer, next_timer, timer_shard
from chalicelib.domain.transitions import LIVE, Status
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request, ordered

CITY = a_catalogue()
WINDOWED = {Status.RESOLVED, Status.REJECTED}
SURVEYED = {Status.RESOLVED, Status.CLOSED}


def test_a_request_nobody_has_accepted_is_looked_at_when_that_is_due() -> None:
    request = a_request(Status.QUEUED)

    assert next_timer(request, CITY) == request.state.acknowledge_by


def test_an_accepted_request_is_looked_at_when_four_fifths_of_its_working_time_are_gone() -> None:
    request = a_request(Status.IN_PROGRESS)

    assert next_timer(request, CITY) == datetime(2026, 11, 27, 21, 0, tzinfo=UTC)


def test_an_emergency_is_looked_at_on_arrival() -> None:
    request = a_request(draft=a_draft("shelter"))

    assert next_timer(request, CITY) == request.state.opened_at


def test_a_reopened_request_is_looked_at_by_its_own_dates() -> None:
    reopened = ordered(a_request(Status.RESOLVED), orders.Reopen(reason="Continua lá"))
    accepted = ordered(reopened, orders.Accept())
    timer = next_timer(accepted, CITY)

    assert binding_due_at(accepted.state) == accepted.state.rework_due_at
    assert timer is not None
    assert accepted.updated_at < timer < binding_due_at(accepted.state)


@pytest.mark.parametrize("status", list(Status))
def test_only_what_is_open_may_be_contested_or_is_surveyed_has_a_timer(status: Status) -> None:
    has_one = next_timer(a_request(status), CITY) is not None

    assert has_one == (status in LIVE or status in WINDOWED | SURVEYED)


def test_a_timer_that_is_due_already_is_filed_under_the_decision_that_made_it_so() -> None:
    opened_at = OPENED_AT - timedelta(days=60)
    request = a_request(opened_at=opened_at)
    raised = ordered(request, orders.Reprioritise(reason="Escola", urgency=Urgency.EMERGENCY), at=OPENED_AT)

    assert filed_timer(raised, CITY) == OPENED_AT


def test_a_comment_moves_no_timer_and_no_date() -> None:
    request = a_request(opened_at=OPENED_AT - timedelta(days=60))
    order = orders.Comment(comment="Continua lá")

    commented = ordered(request, order, at=OPENED_AT)

    assert filed_timer(commented, CITY) == filed_timer(request, CITY)
    assert commented.state == request.state


def test_protocols_spread_over_all_shards() -> None:
    protocols = [compose_protocol(OPENED_AT.date(), number) for number in range(8_000)]

    shards = Counter(timer_shard(protocol) for protocol in protocols)

    assert set(shards) == set(range(TIMER_SHARDS))
    assert max(shards.values()) < 1.2 * len(protocols) / TIMER_SHARDS
