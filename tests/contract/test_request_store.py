"""What every store of requests must do, on the fake, on moto and on ministack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import PynamoRequestTable
from chalicelib.domain import orders
from chalicelib.domain.errors import NotFound, StaleVersion, TimelineFull, Unavailable
from chalicelib.domain.order_faults import LONGEST_TEXT
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import is_intact
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.requests import ProtocolTaken, RequestStore
from tests.builders import a_draft, a_request, ordered
from tests.contract.stores import ON_MINISTACK, Engine, empty_tables
from tests.fakes import FakeRequests, timer_in_a_small_city
from tests.faulty_proxy import Fault

DYNAMODB_ITEM_LIMIT_BYTES = 400 * 1024


def by_pynamodb(engine: Engine) -> RequestStore:
    return StoredRequests(table=PynamoRequestTable(), timer_of=timer_in_a_small_city)


def by_lean_client(engine: Engine) -> RequestStore:
    return StoredRequests(
        table=LeanRequestTable(client=engine.client, table_name=engine.table("requests")),
        timer_of=timer_in_a_small_city,
    )


ENGINES = [
    pytest.param(("moto", by_pynamodb), id="pynamodb-moto"),
    pytest.param(("moto", by_lean_client), id="lean-moto"),
    pytest.param(("ministack", by_pynamodb), id="pynamodb-ministack", marks=ON_MINISTACK),
    pytest.param(("ministack", by_lean_client), id="lean-ministack", marks=ON_MINISTACK),
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A store over real tables, and the engine that can be made to misbehave."""

    store: RequestStore
    engine: Engine


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    name, store_on = request.param
    with empty_tables(request.getfixturevalue(name), "requests") as engine:
        yield Opened(store_on(engine), engine)


@pytest.fixture(params=["fake", *ENGINES])
def store(request: pytest.FixtureRequest) -> Iterator[RequestStore]:
    if request.param == "fake":
        yield FakeRequests()
        return
    name, store_on = request.param
    with empty_tables(request.getfixturevalue(name), "requests") as engine:
        yield store_on(engine)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SCHEDULED, Status.RESOLVED, Status.CLOSED])
def test_a_request_comes_back_as_it_was_added(store: RequestStore, status: Status) -> None:
    request = a_request(status)

    store.add(request)

    stored = store.load(request.protocol)
    assert stored == request
    assert is_intact(stored.protocol, stored.timeline, stored.private)


def test_an_unknown_protocol_is_not_found(store: RequestStore) -> None:
    with pytest.raises(NotFound):
        store.load(a_request().protocol)


def test_a_protocol_is_given_once(store: RequestStore) -> None:
    first = a_request()
    store.add(first)
    other = a_request(number=int(first.protocol[5:12]), draft=a_draft(description="Outra coisa"))
    assert other.protocol == first.protocol

    with pytest.raises(ProtocolTaken):
        store.add(other)

    assert store.load(first.protocol) == first


def test_adding_the_same_request_twice_is_refused_too(store: RequestStore) -> None:
    request = a_request()
    store.add(request)

    with pytest.raises(ProtocolTaken):
        store.add(request)


def test_the_next_version_replaces_the_one_that_was_seen(store: RequestStore) -> None:
    request = a_request()
    store.add(request)
    accepted = ordered(request, orders.Accept())

    store.save(accepted, seen_version=request.version)

    assert store.load(request.protocol) == accepted


def test_a_stale_version_is_refused_and_the_present_one_named(store: RequestStore) -> None:
    request = a_request()
    store.add(request)
    accepted = ordered(request, orders.Accept())
    store.save(accepted, seen_version=1)

    with pytest.raises(StaleVersion) as stale:
        store.save(ordered(request, orders.Comment(comment="Vi antes")), seen_version=1)

    assert stale.value.version == 2
    assert store.load(request.protocol) == accepted


def test_what_was_never_added_cannot_be_saved(store: RequestStore) -> None:
    request = a_request(Status.IN_PROGRESS)

    with pytest.raises(NotFound):
        store.save(request, seen_version=1)


def test_of_twenty_who_save_at_once_one_wins(store: RequestStore) -> None:
    request = a_request()
    store.add(request)
    candidates = [ordered(request, orders.Comment(comment=f"clerk {n}")) for n in range(20)]

    def save(candidate: ServiceRequest) -> bool:
        try:
            store.save(candidate, seen_version=1)
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(20) as clerks:
        won = list(clerks.map(save, candidates))

    assert won.count(True) == 1
    assert store.load(request.protocol) == candidates[won.index(True)]


def test_the_heaviest_request_that_the_domain_allows_still_fits(store: RequestStore) -> None:
    request = a_request()
    for order in (_heaviest_comment(), _reclassification()):
        request = _ordered_until_full(request, order)
    store.add(request)

    assert store.load(request.protocol) == request


@pytest.mark.parametrize("fault", [Fault.LOST_CALL, Fault.SERVER_ERROR, Fault.THROTTLED])
@pytest.mark.parametrize("opened", ENGINES[:2], indirect=True)
def test_an_add_survives_one_failure_on_the_way(opened: Opened, fault: Fault) -> None:
    request = a_request()
    opened.engine.proxy.fail(fault)

    opened.store.add(request)

    assert opened.store.load(request.protocol) == request


def test_a_save_whose_answer_was_lost_has_succeeded(opened: Opened) -> None:
    request = a_request()
    opened.store.add(request)
    accepted = ordered(request, orders.Accept())
    opened.engine.proxy.fail(Fault.LOST_ANSWER)

    opened.store.save(accepted, seen_version=1)

    assert opened.engine.proxy.operations[1:] == ["PutItem", "PutItem", "GetItem"]
    assert opened.store.load(request.protocol) == accepted


def test_a_lost_answer_does_not_hide_that_somebody_else_was_first(opened: Opened) -> None:
    request = a_request()
    opened.store.add(request)
    opened.store.save(ordered(request, orders.Accept()), seen_version=1)
    opened.engine.proxy.fail(Fault.LOST_ANSWER)

    with pytest.raises(StaleVersion):
        opened.store.save(ordered(request, orders.Accept()), seen_version=1)


CALLS: dict[str, Callable[[RequestStore], object]] = {
    "add": lambda store: store.add(a_request()),
    "save": lambda store: store.save(a_request(Status.IN_PROGRESS), seen_version=1),
    "load": lambda store: store.load(Protocol("2632700000011")),
}
FAILURES = [
    *((fault, "add") for fault in Fault if fault not in (Fault.HALF_DONE, Fault.DENIED)),
    (Fault.THROTTLED, "save"),
    (Fault.THROTTLED, "load"),
]


@pytest.mark.parametrize(("fault", "call"), FAILURES)
@pytest.mark.parametrize("opened", ENGINES[:2], indirect=True)
def test_a_table_that_keeps_failing_is_unavailable(opened: Opened, fault: Fault, call: str) -> None:
    opened.engine.proxy.fail(*[fault] * 3)

    with pytest.raises(Unavailable):
        CALLS[call](opened.store)

    assert len(opened.engine.proxy.operations) == 3


def test_opening_a_request_is_one_write_and_no_read(opened: Opened) -> None:
    opened.store.add(a_request())

    assert opened.engine.proxy.operations == ["PutItem"]


def _heaviest_comment() -> orders.Order:
    return orders.Comment(comment="𝕏" * LONGEST_TEXT)


def _reclassification() -> orders.Order:
    return orders.Classify(reason="\\" * LONGEST_TEXT, secretariat="DMLU")


def _ordered_until_full(request: ServiceRequest, order: orders.Order) -> ServiceRequest:
    while True:
        try:
            request = ordered(request, order)
        except TimelineFull:
            return request
