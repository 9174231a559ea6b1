"""A sweep reads what is due and nothing else, and a flood drains without a second effect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.timeline import EntryType
from chalicelib.services.ports.timers import Outcome
from tests.builders import a_request
from tests.escalated import MORNING
from tests.fakes import FakeClock
from tests.sweep_floor import SweepFloor

DUE, FLOOD = 50, 3_000


def a_floor_with(due: int, open_ones: int) -> tuple[SweepFloor, list[Protocol]]:
    """Open `open_ones` requests of which `due` are due now."""
    floor = SweepFloor(clock=FakeClock(MORNING))
    late = floor.add(a_request())
    young = floor.add(a_request(opened_at=MORNING - timedelta(hours=1)))
    copies = floor.requests.copy(late.protocol, range(1_000_000, 1_000_000 + due - 1))
    floor.requests.copy(young.protocol, range(2_000_000, 2_000_000 + open_ones - due - 1))
    floor.requests.stream.clear()
    return floor, [late.protocol, *copies]


def sweep(floor: SweepFloor) -> tuple[int, int, int]:
    """Sweep once; return the index entries and requests read, and the requests written."""
    requests = floor.requests
    before = (requests.timers_read, requests.reads, requests.writes)
    floor.tick()
    floor.jobs.work(lambda job, _: floor.pager.page(job))
    floor.collect()
    floor.looks.work(lambda look, last: floor.attendance.look(look, is_last_try=last))
    after = (requests.timers_read, requests.reads, requests.writes)
    return after[0] - before[0], after[1] - before[1], after[2] - before[2]


@pytest.mark.parametrize("open_ones", [200, 2_000, 20_000])
def test_a_sweep_reads_what_is_due_however_many_requests_are_open(open_ones: int) -> None:
    floor, due = a_floor_with(DUE, open_ones)

    first = sweep(floor)
    floor.later(minutes=5)
    second = sweep(floor)

    assert len(floor.requests.items) == open_ones
    assert first == (DUE, DUE, DUE)
    assert second == (0, 0, 0)
    assert all(len(floor.entries(protocol)) == 1 for protocol in due)


def test_following_what_a_sweep_decided_reads_no_request() -> None:
    floor, _ = a_floor_with(DUE, 200)
    sweep(floor)
    before = floor.requests.reads

    floor.follow()

    assert floor.requests.reads == before
    assert len(floor.escalations.lines) == DUE


def test_a_flood_drains_without_a_second_effect_though_looks_arrive_twice() -> None:
    floor, due = a_floor_with(FLOOD, FLOOD + 100)
    run = floor.tick()
    floor.jobs.work(lambda job, _: floor.pager.page(job))
    floor.collect()
    looks = [message.body for message in floor.looks.waiting.values()]
    assert len(looks) == FLOOD

    for look in reversed(looks):
        floor.looks.put(look)
    floor.looks.work(lambda look, last: floor.attendance.look(look, is_last_try=last))

    assert [len(floor.entries(protocol)) for protocol in due] == [1] * FLOOD
    assert floor.requests.writes == FLOOD + 2
    assert floor.log.report(run).outcomes == {Outcome.ACTED: FLOOD}
    assert floor.log.report(run).adds_up


def test_sweeps_that_overlap_in_a_flood_decide_once() -> None:
    floor, due = a_floor_with(500, 600)
    runs = []
    for _ in range(3):
        runs.append(floor.tick())
        floor.jobs.work(lambda job, _: floor.pager.page(job))
        floor.later(minutes=5)

    floor.drain()

    assert all(len(floor.entries(protocol, EntryType.ESCALATED)) == 1 for protocol in due)
    reports = [floor.log.report(run) for run in runs]
    assert [(report.eligible, report.adds_up) for report in reports] == [(500, True)] * 3
    assert sum(report.outcomes.get(Outcome.ACTED, 0) for report in reports) == 500
