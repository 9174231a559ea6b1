"""Sweep requests kept in memory: what deciding and encoding cost without any network."""

from __future__ import annotations

import time

import msgspec

from bench.due import CITY, calm_items, due_items
from bench.sweeping import Repeating, Swept, attend_batch, count_escalations
from chalicelib.adapters.timers_queue import MOST_IN_BATCH
from chalicelib.domain.protocols import Protocol
from chalicelib.services.attendance import Attendance
from chalicelib.services.sweep import Pager, Sweep
from tests.fakes import (
    FakeCatalogue,
    FakeClock,
    FakeJobs,
    FakeLeases,
    FakeLooks,
    FakeRequests,
    FakeStuck,
    FakeSweeps,
)

CALM_SHARE = 5


def sweep_in_memory(due: int) -> Swept:
    """Sweep that many due requests among a fifth more, in one process and one thread."""
    requests, clock, log, stuck = _stored(due), FakeClock(), FakeSweeps(), FakeStuck()
    looks, jobs = FakeLooks(), FakeJobs()
    sweep = Sweep(jobs=jobs, log=log, clock=clock)
    pager = Pager(
        timers=requests,
        index=requests,
        looks=Repeating(queue=looks),
        jobs=jobs,
        leases=FakeLeases(clock=clock),
        log=log,
        stuck=stuck,
        clock=clock,
    )
    attendance = Attendance(
        requests=requests, catalogue=FakeCatalogue(CITY), log=log, stuck=stuck, clock=clock
    )
    began = time.perf_counter()
    sweep.begin()
    for job in jobs.jobs:
        pager.page(job)
    for start in range(0, len(looks.sent), MOST_IN_BATCH):
        batch = looks.sent[start : start + MOST_IN_BATCH]
        attend_batch(attendance, [msgspec.json.encode(look) for look, _ in batch])
    (report,) = sweep.close_finished()
    seconds = time.perf_counter() - began
    return Swept(
        due=due,
        stored=len(requests.items),
        seconds=seconds,
        timers_read=requests.timers_read,
        looks=len(looks.sent),
        escalations=count_escalations(requests.load(Protocol(protocol)) for protocol in requests.items),
        report=report,
    )


def _stored(due: int) -> FakeRequests:
    requests = FakeRequests()
    for items in (due_items(due), calm_items(due // CALM_SHARE, besides=due)):
        for item in items:
            requests._put(item)
    return requests
