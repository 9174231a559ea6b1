"""When somebody must look at a request next."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.domain import orders
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.timers import TIMER_SHARDS, binding_due_at, next_timer, timer_shard
from chalicelib.domain.transitions import LIVE, Status
from tests.builders import OPENED_AT, a_draft, a_request, ordered


def test_a_request_nobody_has_accepted_is_looked_at_when_that_is_due() -> None:
    request = a_request(Status.QUEUED)

    assert next_timer(request) == request.state.acknowledge_by
    assert next_timer(request) < request.state.due_at  # type: ignore[operator]


def test_an_accepted_request_is_looked_at_when_it_is_due() -> None:
    request = a_request(Status.IN_PROGRESS)

    assert next_timer(request) == request.state.due_at


def test_an_emergency_is_due_before_its_acknowledgement() -> None:
    request = a_request(draft=a_draft("shelter"))

    assert next_timer(request) == request.state.due_at


def test_a_reopened_request_is_looked_at_by_its_own_dates() -> None:
    reopened = ordered(a_request(Status.RESOLVED), orders.Reopen(reason="Continua lá"))
    accepted = ordered(reopened, orders.Accept())

    assert next_timer(accepted) == binding_due_at(accepted.state) == accepted.state.rework_due_at


@pytest.mark.parametrize("status", list(Status))
def test_only_open_requests_have_a_timer(status: Status) -> None:
    assert (next_timer(a_request(status)) is not None) == (status in LIVE)


def test_protocols_spread_over_all_shards() -> None:
    protocols = [compose_protocol(OPENED_AT.date(), number) for number in range(8_000)]

    shards = Counter(timer_shard(protocol) for protocol in protocols)

    assert set(shards) == set(range(TIMER_SHARDS))
    assert max(shards.values()) < 1.2 * len(protocols) / TIMER_SHARDS
