"""What every delivery log must do, on the fake, on moto and on ministack."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.cursors import cursor_of
from chalicelib.adapters.dynamo.deliveries import KEPT_FOR, DynamoDeliveries
from chalicelib.domain.errors import InvalidInput, Unavailable
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.services.ports.delivery import Delivery, DeliveryLog, Parked
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeClock, FakeDeliveries
from tests.faulty_proxy import Fault

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
PROTOCOL = compose_protocol(NOW.date(), 1)


@dataclass(frozen=True, slots=True)
class Logged:
    """A delivery log and the clock it knows."""

    log: DeliveryLog
    clock: FakeClock

    def feed(self, moment: datetime, limit: int = 100, secretariat: str = "DMLU") -> list[Delivery]:
        found: list[Delivery] = []
        cursor: str | None = None
        while True:
            page = self.log.since(secretariat, moment, limit=limit, cursor=cursor)
            assert len(page.items) <= limit
            found += page.items
            if (cursor := page.next) is None:
                return found


@pytest.fixture(params=["fake", *REAL_ENGINES])
def logged(request: pytest.FixtureRequest) -> Iterator[Logged]:
    clock = FakeClock()
    if request.param == "fake":
        yield Logged(FakeDeliveries(), clock)
        return
    with empty_tables(request.getfixturevalue(request.param), "deliveries", "config"):
        yield Logged(DynamoDeliveries(clock=clock), clock)


def a_delivery(at: datetime, number: int = 1, seq: int = 1, secretariat: str = "DMLU") -> Delivery:
    return Delivery(secretariat=secretariat, protocol=compose_protocol(NOW.date(), number), seq=seq, at=at)


def test_the_feed_of_a_secretariat_is_read_in_order_of_sending(logged: Logged) -> None:
    lines = [a_delivery(NOW - timedelta(hours=9 * n), number=n) for n in range(8)]
    logged.log.note([*lines, a_delivery(NOW, secretariat="SMGOV")])

    assert logged.feed(NOW - timedelta(days=5)) == lines[::-1]
    assert logged.feed(NOW - timedelta(days=5), limit=3) == lines[::-1]


def test_the_feed_begins_at_the_moment_asked(logged: Logged) -> None:
    before, at, after = (a_delivery(NOW + timedelta(microseconds=n)) for n in (-1, 0, 1))
    logged.log.note([before, at, after])
    logged.clock.advance(seconds=1)

    assert logged.feed(NOW) == [at, after]


def test_decisions_of_one_instant_keep_their_order(logged: Logged) -> None:
    lines = [a_delivery(NOW, seq=seq) for seq in (2, 9, 10, 100)]
    logged.log.note(lines[::-1])

    assert logged.feed(NOW) == lines


def test_a_line_noted_twice_is_there_once(logged: Logged) -> None:
    line = a_delivery(NOW)
    logged.log.note([line, line])
    logged.log.note([line])

    assert logged.feed(NOW) == [line]


def test_more_lines_than_one_batch_takes_are_all_noted(logged: Logged) -> None:
    lines = [a_delivery(NOW, number=n) for n in range(60)]
    logged.log.note(lines)

    assert logged.feed(NOW, limit=25) == lines
    assert logged.feed(NOW, secretariat="SMGOV") == []


def test_a_batch_of_which_half_is_left_over_is_noted_whole(request: pytest.FixtureRequest) -> None:
    lines = [a_delivery(NOW, number=n) for n in range(20)]
    logged = Logged(DynamoDeliveries(clock=FakeClock()), FakeClock())
    with empty_tables(request.getfixturevalue("moto"), "deliveries") as engine:
        engine.proxy.fail(Fault.HALF_DONE)

        logged.log.note(lines)

        assert logged.feed(NOW) == lines


def test_a_batch_that_is_never_done_is_unavailable(request: pytest.FixtureRequest) -> None:
    with empty_tables(request.getfixturevalue("moto"), "deliveries") as engine:
        engine.proxy.fail(*[Fault.HALF_DONE] * 10)

        with pytest.raises(Unavailable):
            DynamoDeliveries(clock=FakeClock()).note([a_delivery(NOW)])


def test_noting_nothing_is_nothing(logged: Logged) -> None:
    logged.log.note([])

    assert logged.feed(NOW) == []


def test_the_feed_of_long_ago_begins_where_lines_are_still_kept(logged: Logged) -> None:
    line = a_delivery(NOW - KEPT_FOR + timedelta(hours=1))
    logged.log.note([line])

    assert logged.feed(datetime(2020, 1, 1, tzinfo=UTC)) == [line]


@pytest.mark.parametrize("cursor", ["", "no cursor", "W10", "WyJ4Il0", cursor_of("9999-99-99T")])
def test_a_false_cursor_is_refused(logged: Logged, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        logged.log.since("DMLU", NOW, limit=5, cursor=cursor)


def a_parking(first_seq: int, last_seq: int, reason: str = "queue_missing") -> Parked:
    return Parked(protocol=PROTOCOL, first_seq=first_seq, last_seq=last_seq, reason=reason, at=NOW)


def test_parking_covers_every_decision_and_keeps_the_first_reason(logged: Logged) -> None:
    logged.log.park(PROTOCOL, 3, "queue_missing", NOW)
    logged.log.park(PROTOCOL, 5, "behind", NOW + timedelta(minutes=1))
    logged.log.park(PROTOCOL, 4, "behind", NOW + timedelta(minutes=2))
    logged.log.park(PROTOCOL, 2, "behind", NOW + timedelta(minutes=3))

    assert logged.log.parked() == {PROTOCOL: a_parking(2, 5)}


def test_parking_the_same_decision_again_changes_nothing(logged: Logged) -> None:
    for _ in range(2):
        logged.log.park(PROTOCOL, 3, "queue_missing", NOW)

    assert logged.log.parked() == {PROTOCOL: a_parking(3, 3)}


def test_what_was_redriven_is_parked_no_more(logged: Logged) -> None:
    logged.log.park(PROTOCOL, 3, "queue_missing", NOW)

    assert logged.log.unpark(a_parking(3, 3))
    assert logged.log.parked() == {}
    assert not logged.log.unpark(a_parking(3, 3))


def test_what_was_parked_meanwhile_is_not_forgotten(logged: Logged) -> None:
    logged.log.park(PROTOCOL, 3, "queue_missing", NOW)
    logged.log.park(PROTOCOL, 4, "behind", NOW)

    assert not logged.log.unpark(a_parking(3, 3))
    assert logged.log.parked() == {PROTOCOL: a_parking(3, 4)}


@pytest.mark.parametrize("logged", REAL_ENGINES, indirect=True)
def test_decisions_parked_at_once_are_all_covered(logged: Logged) -> None:
    protocol = Protocol(PROTOCOL)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda seq: logged.log.park(protocol, seq, "queue_missing", NOW), range(1, 9)))

    parked = logged.log.parked()[protocol]
    assert (parked.first_seq, parked.last_seq) == (1, 8)
