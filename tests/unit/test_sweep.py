"""Sweep, page and look: the use cases of the timers, each by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest

from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.office_hours import OfficeHours
from chalicelib.domain.protocols import Protocol, compose_protocol, day_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import TIMER_SHARDS, timer_shard
from chalicelib.domain.transitions import Status
from chalicelib.services import attendance
from chalicelib.services.attendance import NothingToDecide
from chalicelib.services.ports.timers import Look, Outcome, RecountJob, ShardJob, Stuck
from chalicelib.services.sweep import (
    LEASE_SECONDS,
    PAGE,
    PAGES_OF_A_RECOUNT,
    TRIED_AGAIN_AFTER,
    WAITS_AT_MOST,
    Paged,
)
from tests.builders import OPENED_AT, a_catalogue, a_request
from tests.escalated import MORNING
from tests.fakes import FakeClock
from tests.sweep_floor import SweepFloor

RUN = "2026-12-01T12:00Z"
OTHER_RUN = "2026-12-01T11:55Z"


def a_floor_with_a_due_request() -> tuple[SweepFloor, ServiceRequest]:
    floor = SweepFloor()
    return floor, floor.add(a_request())


def many_in_one_shard(floor: SweepFloor, protocol: Protocol, amount: int) -> list[Protocol]:
    """File copies of a request, all in its shard."""
    day, shard = day_of(protocol), timer_shard(protocol)
    numbers = (n for n in count(1_000_000) if timer_shard(compose_protocol(day, n)) == shard)
    return floor.requests.copy(protocol, [next(numbers) for _ in range(amount)])


def job_for(protocol: Protocol, run: str = RUN) -> ShardJob:
    return ShardJob(run=run, shard=timer_shard(protocol))


def timer_of(floor: SweepFloor, request: ServiceRequest) -> datetime:
    filed = floor.requests.load_filed(request.protocol)
    assert filed.timer_at is not None
    return filed.timer_at


def looks_of(floor: SweepFloor) -> list[Look]:
    floor.collect()
    return [message.body for message in floor.looks.waiting.values()]


def test_a_tick_sends_a_job_for_every_shard() -> None:
    floor = SweepFloor()

    run = floor.tick()

    jobs = [message.body for message in floor.jobs.waiting.values()]
    assert jobs == [ShardJob(run=run, shard=shard) for shard in range(TIMER_SHARDS)]


def test_ticks_within_five_minutes_are_the_same_run() -> None:
    floor = SweepFloor()

    runs = [floor.tick()]
    floor.later(minutes=4, seconds=59)
    runs.append(floor.tick())
    floor.later(seconds=1)
    runs.append(floor.tick())

    assert runs[0] == runs[1] < runs[2]
    assert floor.log.begun[runs[0]] == MORNING


def test_a_shard_with_more_than_a_page_due_is_paged_to_its_end() -> None:
    floor, request = a_floor_with_a_due_request()
    protocols = many_in_one_shard(floor, request.protocol, 2 * PAGE + 1)

    paged = floor.pager.page(job_for(request.protocol))

    assert paged.handed_out == 2 * PAGE + 2
    assert {look.protocol for look in looks_of(floor)} == {request.protocol, *protocols}
    assert {look.run for look in looks_of(floor)} == {RUN}


def test_paging_stops_at_what_is_due() -> None:
    floor, request = a_floor_with_a_due_request()
    later = floor.add(a_request(opened_at=MORNING - timedelta(hours=1)))
    many_in_one_shard(floor, later.protocol, 20)

    paged = [floor.pager.page(ShardJob(run=RUN, shard=shard)) for shard in range(TIMER_SHARDS)]

    assert sum(one.handed_out for one in paged) == floor.requests.timers_read == 1
    assert [look.protocol for look in looks_of(floor)] == [request.protocol]


def test_a_shard_that_another_run_holds_is_left_alone_and_counts_as_paged() -> None:
    floor, request = a_floor_with_a_due_request()
    job = job_for(request.protocol)
    floor.leases.acquire(f"shard#{job.shard}", OTHER_RUN, LEASE_SECONDS)
    run = floor.tick()

    floor.drain()

    assert floor.entries(request.protocol) == []
    assert floor.log.report(run).adds_up
    floor.later(seconds=LEASE_SECONDS)
    floor.tick()
    floor.drain()
    assert len(floor.entries(request.protocol)) == 1


def test_the_same_run_takes_its_shard_again_after_a_crash() -> None:
    floor, request = a_floor_with_a_due_request()
    job = job_for(request.protocol)
    floor.leases.acquire(f"shard#{job.shard}", RUN, LEASE_SECONDS)

    assert floor.pager.page(job).handed_out == 1


def test_a_run_adds_up_and_is_closed_at_the_next_tick() -> None:
    floor, _ = a_floor_with_a_due_request()
    run = floor.tick()
    floor.drain()

    floor.later(minutes=5)
    floor.tick()

    (report,) = floor.reports
    assert (report.run, report.eligible, report.outcomes) == (run, 1, {Outcome.ACTED: 1})
    assert report.adds_up
    assert report.closed_at == floor.clock.now()


def test_a_run_is_closed_after_an_hour_though_an_outcome_is_missing() -> None:
    floor, _ = a_floor_with_a_due_request()
    run = floor.tick()
    floor.jobs.work(lambda job, _: floor.pager.page(job))

    floor.later(minutes=59)
    floor.tick()
    assert floor.reports == []
    floor.later(minutes=1)
    floor.tick()

    report = next(report for report in floor.reports if report.run == run)
    assert (report.eligible, report.recorded, report.adds_up) == (1, 0, False)


def test_a_run_of_which_a_shard_was_never_paged_does_not_add_up() -> None:
    floor = SweepFloor()
    run = floor.tick()
    floor.jobs.waiting.popitem()

    floor.drain()

    assert not floor.log.report(run).adds_up


@pytest.mark.parametrize(("longer", "is_late"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_a_timer_that_waited_for_more_than_a_quarter_of_an_hour_is_told(
    longer: timedelta, is_late: bool
) -> None:
    floor, request = a_floor_with_a_due_request()
    floor.clock.time = timer_of(floor, request) + WAITS_AT_MOST + longer

    paged = floor.pager.page(job_for(request.protocol))

    assert paged.waited == WAITS_AT_MOST + longer
    assert paged.is_late is is_late


def test_a_stuck_request_is_left_out_for_a_day_and_then_tried_again() -> None:
    floor, request = a_floor_with_a_due_request()
    job = job_for(request.protocol)
    floor.stuck.put(Stuck(protocol=request.protocol, reason="DecodeError", at=MORNING))

    floor.clock.advance(seconds=TRIED_AGAIN_AFTER.total_seconds() - 1)
    assert floor.pager.page(job) == Paged(handed_out=0)
    floor.clock.advance(seconds=1)
    assert floor.pager.page(job).handed_out == 1
    assert floor.stuck.all() == []


def test_a_stuck_request_that_an_operator_lets_go_is_swept_at_once() -> None:
    floor, request = a_floor_with_a_due_request()
    floor.stuck.put(Stuck(protocol=request.protocol, reason="DecodeError", at=MORNING))
    floor.stuck.remove(request.protocol)

    assert floor.pager.page(job_for(request.protocol)).handed_out == 1


def test_a_look_that_fails_comes_back_and_is_done_then() -> None:
    floor, request = a_floor_with_a_due_request()
    run = floor.tick()
    floor.requests.is_down = True
    floor.looks.put(Look(protocol=request.protocol, run=run))
    floor.looks.work(lambda look, last: floor.attendance.look(look, is_last_try=last))
    floor.requests.is_down = False
    assert floor.log.report(run).recorded == 0

    floor.later(minutes=6)
    floor.drain()

    assert floor.log.report(run).outcomes == {Outcome.ACTED: 1}
    assert floor.stuck.all() == []


def test_a_look_that_no_table_answered_is_failed_for_its_run_and_found_again_by_the_next() -> None:
    floor, request = a_floor_with_a_due_request()
    floor.requests.is_down = True

    with pytest.raises(Unavailable):
        floor.attendance.look(Look(protocol=request.protocol, run=RUN), is_last_try=True)

    assert floor.log.outcomes[RUN] == {request.protocol: Outcome.FAILED}
    assert floor.stuck.all() == []


def test_a_request_that_is_gone_is_nothing_to_do() -> None:
    floor, gone = SweepFloor(), a_request().protocol

    assert floor.attendance.look(Look(protocol=gone, run=RUN)).outcome is Outcome.ALREADY
    assert floor.log.outcomes[RUN] == {gone: Outcome.ALREADY}


def test_a_look_for_no_run_is_recorded_for_none() -> None:
    floor, request = a_floor_with_a_due_request()

    assert floor.attendance.look(Look(protocol=request.protocol)).outcome is Outcome.ACTED
    assert floor.log.outcomes == {}


def test_a_timer_that_the_calendar_moved_is_filed_anew_without_a_decision() -> None:
    floor = SweepFloor()
    accepted = floor.add(a_request(Status.IN_PROGRESS))
    floor.clock.time = notice_at = timer_of(floor, accepted)
    until_eight = CalendarRules(office_hours=OfficeHours(closes="20:00"))
    floor.catalogue.catalogue = a_catalogue(calendar=until_eight)

    looked = floor.attendance.look(Look(protocol=accepted.protocol, run=RUN))

    assert looked.outcome is Outcome.ALREADY
    assert floor.stored(accepted.protocol) == accepted
    assert timer_of(floor, accepted) == notice_at + timedelta(hours=2)
    assert floor.pager.page(job_for(accepted.protocol)).handed_out == 0


def test_a_timer_about_which_nothing_can_ever_be_decided_is_a_defect_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor, request = a_floor_with_a_due_request()
    monkeypatch.setattr(attendance, "attend", lambda request, catalogue, now: request)

    with pytest.raises(NothingToDecide):
        floor.attendance.look(Look(protocol=request.protocol, run=RUN))


def test_a_recount_hands_out_every_open_request_of_a_secretariat() -> None:
    floor = SweepFloor(clock=FakeClock(OPENED_AT))
    ours = floor.add(a_request())
    copies = floor.requests.copy(ours.protocol, range(2_000_000, 2_000_000 + PAGE))
    floor.add(a_request(Status.CANCELLED))
    floor.add(a_request(Status.TRIAGE))

    paged = floor.pager.page(RecountJob(secretariat="DMLU", cause="v2"))

    assert paged.handed_out == PAGE + 1
    assert set(looks_of(floor)) == {Look(protocol=one) for one in (ours.protocol, *copies)}
    assert not floor.jobs.waiting


def test_a_recount_of_a_full_desk_goes_on_in_a_new_job() -> None:
    floor = SweepFloor(clock=FakeClock(OPENED_AT))
    ours = floor.add(a_request())
    open_ones = PAGE * PAGES_OF_A_RECOUNT + 3
    floor.requests.copy(ours.protocol, range(2_000_000, 2_000_000 + open_ones - 1))

    first = floor.pager.page(RecountJob(secretariat="DMLU", cause="v2"))
    floor.collect()
    (rest,) = [message.body for message in floor.jobs.waiting.values()]
    second = floor.pager.page(rest)

    assert (first.handed_out, second.handed_out) == (PAGE * PAGES_OF_A_RECOUNT, 3)
    assert isinstance(rest, RecountJob)
    assert rest.cause == "v2"
    assert len({look.protocol for look in looks_of(floor)}) == open_ones
