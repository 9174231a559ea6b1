"""What every index of timers must find, and what it must not read, on the fake, on moto and on ministack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import pytest

from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import DynamoRequestIndex
from chalicelib.domain.errors import InvalidInput, Unavailable
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import timer_shard
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.ports.timers import DueTimer, TimerIndex
from tests.builders import OPENED_AT, a_request
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeRequests
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
SHARD, OTHER_SHARD = 3, 4
A_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Filed:
    """A store whose requests have the timers that a test gives them, and the index over it."""

    timers: dict[Protocol, datetime] = field(default_factory=dict)
    store: RequestStore = field(init=False)
    index: TimerIndex = field(init=False)
    fake: FakeRequests | None = None
    proxy: FaultyProxy | None = None

    def timer_of(self, request: ServiceRequest) -> datetime | None:
        return self.timers.get(request.protocol)

    def file(self, shard: int, *instants: datetime | None) -> list[DueTimer]:
        """Store a request of the shard for each instant."""
        found = []
        for number, at in zip(islice(numbers_of(shard), len(instants)), instants, strict=True):
            request = a_request(number=number)
            if at is not None:
                self.timers[request.protocol] = at
                found.append(DueTimer(protocol=request.protocol, at=at))
            self.store.add(request)
        return found

    def due(self, shard: int = SHARD, until: datetime = NOW, limit: int = 100) -> list[DueTimer]:
        """Read the due timers to the end."""
        found: list[DueTimer] = []
        cursor: str | None = None
        while True:
            page = self.index.due(shard, until, limit=limit, cursor=cursor)
            assert len(page.items) <= limit
            found += page.items
            if (cursor := page.next) is None:
                return found

    def items_read(self) -> int:
        """Count the index entries that were read so far."""
        return self.fake.timers_read if self.fake else self.proxy.items_read if self.proxy else 0


def numbers_of(shard: int) -> Iterator[int]:
    """Give numbers whose protocols are filed under a shard."""
    day = OPENED_AT.date()
    return (number for number in range(10**7) if timer_shard(compose_protocol(day, number)) == shard)


@pytest.fixture(params=["fake", *REAL_ENGINES])
def filed(request: pytest.FixtureRequest) -> Iterator[Filed]:
    filed = Filed()
    if request.param == "fake":
        filed.store = filed.index = filed.fake = FakeRequests(timer_of=filed.timer_of)
        yield filed
        return
    with empty_tables(request.getfixturevalue(request.param), "requests") as engine:
        table = LeanRequestTable(client=engine.client, table_name=engine.table("requests"))
        filed.store = StoredRequests(table=table, timer_of=filed.timer_of)
        filed.index, filed.proxy = DynamoRequestIndex(), engine.proxy
        yield filed


def test_due_timers_are_found_the_oldest_first(filed: Filed) -> None:
    timers = filed.file(SHARD, NOW, NOW - timedelta(days=40), NOW - A_MINUTE)

    assert filed.due() == [timers[1], timers[2], timers[0]]


def test_what_is_due_a_moment_later_is_not_due(filed: Filed) -> None:
    filed.file(SHARD, NOW + timedelta(microseconds=1), None)

    assert filed.due() == []


def test_a_shard_gives_its_own_timers_only(filed: Filed) -> None:
    (ours,) = filed.file(SHARD, NOW)
    (theirs,) = filed.file(OTHER_SHARD, NOW)

    assert (filed.due(SHARD), filed.due(OTHER_SHARD)) == ([ours], [theirs])


@pytest.mark.parametrize("limit", [1, 3, 4, 7, 100])
def test_every_due_timer_is_read_once_over_pages_even_if_all_are_of_one_instant(
    filed: Filed, limit: int
) -> None:
    timers = filed.file(SHARD, *[NOW] * 7)

    found = filed.due(limit=limit)

    assert sorted(found, key=lambda timer: timer.protocol) == timers


def test_a_timer_that_leaves_while_pages_are_read_costs_no_other_one(filed: Filed) -> None:
    timers = filed.file(SHARD, *[NOW - n * A_MINUTE for n in range(5)])
    first = filed.index.due(SHARD, NOW, limit=2)
    for timer in first.items:
        filed.timers.pop(timer.protocol)
        filed.store.refile(filed.store.load(timer.protocol))

    rest = filed.index.due(SHARD, NOW, limit=10, cursor=first.next)

    assert [*first.items, *rest.items] == timers[::-1]
    assert filed.due() == list(rest.items)


def test_what_is_not_due_is_not_read(filed: Filed) -> None:
    due = filed.file(SHARD, *[NOW - A_MINUTE] * 3, *[NOW + n * A_MINUTE for n in range(1, 38)])

    assert len(filed.due(limit=250)) == len(due) - 37 == 3
    assert filed.items_read() == 3


def test_pages_read_nothing_twice(filed: Filed) -> None:
    filed.file(SHARD, *[NOW - n * A_MINUTE for n in range(6)], *[NOW + A_MINUTE] * 4)

    assert len(filed.due(limit=2)) == filed.items_read() == 6


@pytest.mark.parametrize("cursor", ["", "no cursor", "W10"])
def test_a_false_cursor_is_refused(filed: Filed, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        filed.index.due(SHARD, NOW, limit=5, cursor=cursor)


@pytest.mark.parametrize("filed", ["moto"], indirect=True)
def test_an_index_that_keeps_failing_is_unavailable(filed: Filed) -> None:
    assert filed.proxy
    filed.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        filed.index.due(SHARD, NOW, limit=5)
