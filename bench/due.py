"""Give requests on which one escalation is due each, and others on which nothing is.

A few are decided by the domain; the thousands are copies of their items under other protocols.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle

from chalicelib.adapters.dynamo.request_items import Item, item_of, timer_attributes
from chalicelib.adapters.dynamo.request_store import new_write_id
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import filed_timer
from chalicelib.domain.transitions import Status
from tests.builders import a_catalogue, a_request
from tests.fakes import NOW

CITY = a_catalogue()
DUE = (
    (Status.QUEUED, 2),
    (Status.QUEUED, 8),
    (Status.IN_PROGRESS, 8),
    (Status.IN_PROGRESS, 15),
    (Status.IN_PROGRESS, 45),
)
"""In what status, opened how many days ago: the acknowledgement, and levels 1, 1, 2 and 3 are due."""
CALM = ((Status.IN_PROGRESS, 2),)


def due_items(count: int) -> Iterator[Item]:
    """Give items of requests on each of which one escalation is due at `NOW`."""
    return _copies(DUE, count, first_number=0)


def calm_items(count: int, besides: int) -> Iterator[Item]:
    """Give items of open requests whose timers lie ahead, stored `besides` that many others."""
    return _copies(CALM, count, first_number=besides)


def a_due_item() -> Item:
    """Give the item of one request whose level 1 is due."""
    request = _opened(Status.IN_PROGRESS, 8)
    return item_of(request, new_write_id(), filed_timer(request, CITY))


def _copies(kinds: Sequence[tuple[Status, int]], count: int, first_number: int) -> Iterator[Item]:
    patterns = [_opened(status, days_ago) for status, days_ago in kinds]
    filed = [
        (item_of(one, new_write_id(), None), filed_timer(one, CITY), one.state.opened_at.date())
        for one in patterns
    ]
    for number, (item, timer, day) in zip(
        range(first_number, first_number + count), cycle(filed), strict=False
    ):
        protocol = compose_protocol(day, number)
        yield {**item, "protocol": protocol, **timer_attributes(protocol, timer)}


def _opened(status: Status, days_ago: int) -> ServiceRequest:
    return a_request(status, opened_at=NOW - timedelta(days=days_ago))
