"""What escalation logs, late lists, digest lines and pollings must do, on the fake, moto and ministack."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from chalicelib.adapters.dynamo.cursors import cursor_of
from chalicelib.adapters.dynamo.digest_lines import DynamoDigestLines
from chalicelib.adapters.dynamo.escalations import KEPT_FOR, DynamoEscalations
from chalicelib.adapters.dynamo.late_list import LATE, DynamoLateList
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.pollings import DynamoPollings
from chalicelib.domain.errors import InvalidInput, Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.oversight import (
    DigestLines,
    EscalationLine,
    EscalationLog,
    LateLine,
    LateList,
    Polling,
    Pollings,
)
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeClock, FakeDigestLines, FakeEscalationLog, FakeLateList, FakePollings
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
FIRST, SECOND, THIRD = (compose_protocol(NOW.date(), number) for number in (1, 2, 3))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one engine, and what breaks the calls of a real one."""

    log: EscalationLog
    late: LateList
    digests: DigestLines
    pollings: Pollings
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeEscalationLog(), FakeLateList(), FakeDigestLines(), FakePollings())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "operations"):
        log = DynamoEscalations(clock=FakeClock())
        yield Stores(log, DynamoLateList(), DynamoDigestLines(), DynamoPollings(), proxy)


def followed(page_at: Callable[[str | None], Page[T]]) -> list[T]:
    found: list[T] = []
    cursor: str | None = None
    while True:
        page = page_at(cursor)
        found += page.items
        if (cursor := page.next) is None:
            return found


def an_escalation(at: datetime = NOW, protocol: Protocol = FIRST, seq: int = 2) -> EscalationLine:
    return EscalationLine(
        at=at,
        protocol=protocol,
        seq=seq,
        level=EscalationLevel.LEVEL_2,
        skipped=(EscalationLevel.NOTICE, EscalationLevel.LEVEL_1),
        secretariat="DMLU",
        unit=None,
        service="dumping",
        urgency="normal",
        due_at=at - timedelta(days=3),
        to=("DMLU/deputy",),
    )


def a_late_line(protocol: Protocol = FIRST, days: int = 30) -> LateLine:
    return LateLine(
        protocol=protocol,
        service="dumping",
        secretariat="DMLU",
        neighbourhood="centro",
        opened_at=NOW - timedelta(days=days + 10),
        due_at=NOW - timedelta(days=days),
    )


def test_escalations_are_read_in_the_order_in_which_they_happened(stores: Stores) -> None:
    lines = [an_escalation(NOW - timedelta(hours=9 * n), seq=9 - n) for n in range(7)]
    stores.log.note(lines)

    since = NOW - timedelta(days=5)
    read = followed(lambda cursor: stores.log.since(since, limit=3, cursor=cursor))

    assert read == lines[::-1]


def test_escalations_are_read_from_the_moment_asked(stores: Stores) -> None:
    before, at = an_escalation(NOW - timedelta(microseconds=1)), an_escalation(NOW)
    stores.log.note([before, at])

    assert stores.log.since(NOW, limit=5).items == (at,)


def test_an_escalation_noted_twice_is_there_once(stores: Stores) -> None:
    stores.log.note([an_escalation(), an_escalation()])
    stores.log.note([an_escalation()])
    stores.log.note([])

    assert stores.log.since(NOW, limit=5).items == (an_escalation(),)


def test_escalations_of_long_ago_begin_where_they_are_still_kept(stores: Stores) -> None:
    line = an_escalation(NOW - KEPT_FOR + timedelta(hours=1))
    stores.log.note([line])

    assert stores.log.since(datetime(2020, 1, 1, tzinfo=UTC), limit=5).items == (line,)


@pytest.mark.parametrize("cursor", ["", "no cursor", "W10", "WyJ4Il0", cursor_of("9999-99-99T")])
def test_a_false_cursor_of_escalations_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        stores.log.since(NOW, limit=5, cursor=cursor)


def test_the_late_list_begins_with_the_longest_due(stores: Stores) -> None:
    for line in (a_late_line(FIRST, 31), a_late_line(SECOND, 90), a_late_line(THIRD, 45)):
        stores.late.put(line)

    read = followed(lambda cursor: stores.late.page(limit=2, cursor=cursor))

    assert [line.protocol for line in read] == [SECOND, THIRD, FIRST]
    assert read[0] == a_late_line(SECOND, 90)


def test_a_request_is_on_the_late_list_once_with_what_was_listed_first(stores: Stores) -> None:
    stores.late.put(a_late_line(days=30))
    stores.late.put(a_late_line(days=29))

    assert stores.late.page(limit=5).items == (a_late_line(days=30),)


def test_what_was_done_is_late_no_more_and_may_be_late_again(stores: Stores) -> None:
    stores.late.put(a_late_line())
    stores.late.remove(FIRST)
    stores.late.remove(FIRST)
    assert stores.late.page(limit=5).items == ()

    stores.late.put(a_late_line(days=2))

    assert stores.late.page(limit=5).items == (a_late_line(days=2),)


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_listing_that_ended_midway_is_made_good_by_its_repetition(stores: Stores) -> None:
    stores.late.put(a_late_line())
    (line,) = OperationModel.query(LATE)
    line.delete()

    stores.late.put(a_late_line())

    assert stores.late.page(limit=5).items == (a_late_line(),)


def test_a_post_hears_of_each_request_once(stores: Stores) -> None:
    for protocol in (SECOND, FIRST, SECOND):
        stores.digests.add("DMLU/head", protocol)
    stores.digests.add("DMLU/focal_point", FIRST)

    assert stores.digests.of("DMLU/head") == [FIRST, SECOND]
    assert stores.digests.posts() == ["DMLU/focal_point", "DMLU/head"]


def test_a_post_without_requests_hears_of_nothing(stores: Stores) -> None:
    stores.digests.add("DMLU/head", FIRST)
    stores.digests.remove("DMLU/head", FIRST)
    stores.digests.remove("DMLU/head", FIRST)
    stores.digests.remove("EPTC/head", FIRST)

    assert stores.digests.of("DMLU/head") == []
    assert stores.digests.posts() == []


def test_the_newest_poll_of_a_secretariat_counts(stores: Stores) -> None:
    for at in (NOW, NOW - timedelta(minutes=1)):
        stores.pollings.polled("DMLU", at)

    assert stores.pollings.all() == {"DMLU": Polling(secretariat="DMLU", polled_at=NOW)}


def test_what_the_watch_notes_leaves_the_poll_alone(stores: Stores) -> None:
    stores.pollings.polled("DMLU", NOW)
    watched = Polling(secretariat="DMLU", idle_since=NOW, alarmed_at=NOW + timedelta(minutes=30))
    stores.pollings.watch(watched)
    stores.pollings.watch(dataclasses.replace(watched, secretariat="EPTC"))

    assert stores.pollings.all() == {
        "DMLU": dataclasses.replace(watched, polled_at=NOW),
        "EPTC": dataclasses.replace(watched, secretariat="EPTC"),
    }


def test_an_alarm_that_is_over_is_forgotten(stores: Stores) -> None:
    stores.pollings.watch(Polling(secretariat="DMLU", idle_since=NOW, alarmed_at=NOW))
    stores.pollings.watch(Polling(secretariat="DMLU", polled_at=NOW))

    assert stores.pollings.all() == {"DMLU": Polling(secretariat="DMLU")}


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        stores.log.since(NOW, limit=1)
