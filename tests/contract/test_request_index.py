"""What every index of requests must find, on the fake, on moto and on ministack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import DynamoRequestIndex
from chalicelib.domain import orders
from chalicelib.domain.errors import InvalidInput, Unavailable
from chalicelib.domain.places import cell_of, cells_around
from chalicelib.domain.protocols import Protocol, day_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import LIVE, Status
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.requests import RequestIndex, RequestStore
from tests.builders import CENTRO, OPENED_AT, PERSON_KEY, a_draft, a_request, ordered
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import FakeRequests, timer_in_a_small_city
from tests.faulty_proxy import Fault


@dataclass(frozen=True, slots=True)
class Indexed:
    """A store and the index over it."""

    store: RequestStore
    index: RequestIndex

    def with_requests(self, *requests: ServiceRequest) -> list[Protocol]:
        for request in requests:
            self.store.add(request)
        return [request.protocol for request in requests]


@pytest.fixture(params=["fake", "moto", pytest.param("ministack", marks=ON_MINISTACK)])
def indexed(request: pytest.FixtureRequest) -> Iterator[Indexed]:
    if request.param == "fake":
        fake = FakeRequests()
        yield Indexed(fake, fake)
        return
    with empty_tables(request.getfixturevalue(request.param), "requests") as engine:
        table = LeanRequestTable(client=engine.client, table_name=engine.table("requests"))
        yield Indexed(StoredRequests(table=table, timer_of=timer_in_a_small_city), DynamoRequestIndex())


def requests_an_hour_apart(number: int, **changes: object) -> list[ServiceRequest]:
    return [
        a_request(opened_at=OPENED_AT + timedelta(minutes=n), **changes)  # type: ignore[arg-type]
        for n in range(number)
    ]


def followed_to_the_end(page_at: Callable[[str | None], Page[Protocol]]) -> list[Protocol]:
    found: list[Protocol] = []
    cursor: str | None = None
    while True:
        page = page_at(cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def test_a_desk_lists_the_earliest_due_first(indexed: Indexed) -> None:
    slow = a_request(draft=a_draft("noise"))
    urgent = a_request(draft=a_draft("shelter"))
    elsewhere = a_request(draft=a_draft("dumping"))
    indexed.with_requests(slow, urgent, elsewhere)

    page = indexed.index.desk("SMGOV", limit=10)

    assert page.items == (urgent.protocol, slow.protocol)


def test_a_reopened_request_stands_at_the_date_of_its_rework(indexed: Indexed) -> None:
    reopened = ordered(a_request(Status.RESOLVED), orders.Reopen(reason="Continua lá"))
    later = a_request(opened_at=OPENED_AT + timedelta(days=1))
    indexed.with_requests(later, reopened)

    assert indexed.index.desk("DMLU", limit=10).items == (reopened.protocol, later.protocol)


@pytest.mark.parametrize("status", list(Status))
def test_only_open_requests_are_on_a_desk_and_on_the_map(indexed: Indexed, status: Status) -> None:
    request = a_request()
    indexed.store.add(request)
    if status is not Status.QUEUED:
        indexed.store.save(moved := a_request(status, number=int(request.protocol[5:12])), seen_version=1)
        request = moved

    desk = indexed.index.desk(request.state.secretariat, limit=10).items
    nearby = indexed.index.in_cells("dumping", [cell_of(CENTRO)])

    expected = [request.protocol] if status in LIVE else []
    assert (list(desk), nearby) == (expected, expected)


def test_a_desk_is_read_to_the_end_by_its_cursors(indexed: Indexed) -> None:
    protocols = indexed.with_requests(*requests_an_hour_apart(7))

    found = followed_to_the_end(lambda cursor: indexed.index.desk("DMLU", limit=3, cursor=cursor))

    assert sorted(found) == sorted(protocols)


def test_a_persons_requests_come_newest_first(indexed: Indexed) -> None:
    protocols = indexed.with_requests(*requests_an_hour_apart(5))
    indexed.with_requests(a_request(person_key=None), a_request(person_key="f" * 32))

    found = followed_to_the_end(lambda cursor: indexed.index.of_person(PERSON_KEY, limit=2, cursor=cursor))

    assert found == protocols[::-1]


def test_a_person_keeps_closed_requests_until_they_are_erased(indexed: Indexed) -> None:
    request = a_request(Status.CLOSED)
    indexed.store.add(request)
    assert indexed.index.of_person(PERSON_KEY, limit=5).items == (request.protocol,)

    erased = ordered(request, orders.Erase(legal_basis="LGPD art. 18 VI"))
    indexed.store.save(erased, seen_version=request.version)

    assert indexed.index.of_person(PERSON_KEY, limit=5).items == ()


def test_a_day_lists_its_requests_in_order_of_opening(indexed: Indexed) -> None:
    protocols = indexed.with_requests(*requests_an_hour_apart(5))
    indexed.with_requests(a_request(opened_at=OPENED_AT + timedelta(days=1)))
    day = day_of(protocols[0])

    found = followed_to_the_end(lambda cursor: indexed.index.of_day(day, limit=2, cursor=cursor))

    assert found == protocols


def test_a_request_late_in_the_evening_belongs_to_the_local_day(indexed: Indexed) -> None:
    late = a_request(opened_at=OPENED_AT.replace(day=24, hour=2))
    indexed.store.add(late)

    assert indexed.index.of_day(OPENED_AT.date(), limit=5).items == (late.protocol,)


def test_a_search_reads_only_the_cells_and_the_service_asked(indexed: Indexed) -> None:
    (near, *_) = indexed.with_requests(a_request(), a_request(draft=a_draft("shelter")))
    cells = cells_around(CENTRO, 250)

    assert indexed.index.in_cells("dumping", cells) == [near]
    assert indexed.index.in_cells("dumping", ["0:0"]) == []


def test_many_are_loaded_in_the_order_asked_and_unknown_ones_left_out(indexed: Indexed) -> None:
    protocols = indexed.with_requests(*[a_request() for _ in range(250)])
    asked = [protocols[-1], Protocol("2632700000011"), *protocols]

    loaded = indexed.index.load_many(asked)

    assert [request.protocol for request in loaded] == [protocols[-1], *protocols]


def test_loading_none_asks_nobody(indexed: Indexed) -> None:
    assert indexed.index.load_many([]) == []


@pytest.mark.parametrize("cursor", ["", "!", "bm9ubg", "WyIiLCIiXQ", "W10", "e30", "x" * 1_000, "WzEsMl0"])
def test_a_cursor_that_is_none_of_ours_is_refused(indexed: Indexed, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        indexed.index.desk("DMLU", limit=1, cursor=cursor)

    assert [fault.path for fault in refused.value.faults] == ["cursor"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda index: index.desk("DMLU", limit=1),
        lambda index: index.in_cells("dumping", ["0:0"]),
        lambda index: index.load_many(["2632700000011"]),
    ],
    ids=["desk", "in_cells", "load_many"],
)
def test_an_index_that_keeps_failing_is_unavailable(
    request: pytest.FixtureRequest, ask: Callable[[RequestIndex], object]
) -> None:
    with empty_tables(request.getfixturevalue("moto"), "requests") as engine:
        engine.proxy.fail(*[Fault.SERVER_ERROR] * 3)

        with pytest.raises(Unavailable):
            ask(DynamoRequestIndex())


@pytest.mark.parametrize("engine_name", ["moto", pytest.param("ministack", marks=ON_MINISTACK)])
def test_what_a_batch_leaves_over_is_asked_for_again(
    request: pytest.FixtureRequest, engine_name: str
) -> None:
    pauses: list[float] = []
    with empty_tables(request.getfixturevalue(engine_name), "requests") as engine:
        table = LeanRequestTable(client=engine.client, table_name=engine.table("requests"))
        index = DynamoRequestIndex(pause=pauses.append)
        protocols = Indexed(StoredRequests(table=table, timer_of=timer_in_a_small_city), index).with_requests(
            *[a_request() for _ in range(20)]
        )
        engine.proxy.fail(Fault.HALF_DONE, Fault.HALF_DONE)

        loaded = index.load_many(protocols)

    assert [one.protocol for one in loaded] == protocols
    assert len(pauses) == 2


def test_a_batch_that_is_never_done_is_unavailable(request: pytest.FixtureRequest) -> None:
    pauses: list[float] = []
    with empty_tables(request.getfixturevalue("moto"), "requests") as engine:
        engine.proxy.fail(*[Fault.HALF_DONE] * 10)

        with pytest.raises(Unavailable):
            DynamoRequestIndex(pause=pauses.append).load_many([Protocol("2632700000011")])

    assert pauses == sorted(pauses)
