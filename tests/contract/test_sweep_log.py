"""What sweep logs, stuck timers and leases must do, on the fake, on moto and on ministack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.leases import DynamoLeases
from chalicelib.adapters.dynamo.stuck import DynamoStuckTimers
from chalicelib.adapters.dynamo.sweeps import DynamoSweeps
from chalicelib.domain.errors import InvalidInput, NotFound, Unavailable
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.timers import TIMER_SHARDS
from chalicelib.services.ports.timers import (
    Leases,
    Outcome,
    ShardPaged,
    Stuck,
    StuckTimers,
    SweepLog,
    SweepReport,
)
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeClock, FakeLeases, FakeStuck, FakeSweeps
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
RUN = "2026-11-24T14:30Z"
RUNS = [f"2026-11-24T14:{minute:02}Z" for minute in range(10, 50, 5)]
FIRST, SECOND, THIRD = (compose_protocol(NOW.date(), number) for number in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one engine, the clock they know, and what breaks the calls of a real one."""

    log: SweepLog
    stuck: StuckTimers
    leases: Leases
    clock: FakeClock
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    clock = FakeClock()
    if request.param == "fake":
        yield Stores(FakeSweeps(), FakeStuck(), FakeLeases(clock), clock)
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "operations", "sessions"):
        yield Stores(DynamoSweeps(clock=clock), DynamoStuckTimers(), DynamoLeases(clock=clock), clock, proxy)


def test_a_run_that_began_has_found_nothing_yet(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.begin(RUN, NOW + timedelta(minutes=1))

    assert stores.log.report(RUN) == SweepReport(run=RUN, started_at=NOW)
    assert stores.log.open_runs() == [RUN]


def test_an_unknown_run_has_no_report(stores: Stores) -> None:
    with pytest.raises(NotFound):
        stores.log.report(RUN)


def test_a_run_adds_up_once_all_shards_were_paged_and_all_requests_looked_at(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.handed_out(RUN, 3, [FIRST, SECOND])
    for shard in range(TIMER_SHARDS):
        stores.log.shard_paged(RUN, ShardPaged(shard=shard, oldest_at=NOW if shard == 3 else None))
    stores.log.record(RUN, FIRST, Outcome.ACTED)
    assert not stores.log.report(RUN).adds_up

    stores.log.record(RUN, SECOND, Outcome.ALREADY)

    report = stores.log.report(RUN)
    assert report.adds_up
    assert (report.eligible, report.outcomes) == (2, {Outcome.ACTED: 1, Outcome.ALREADY: 1})
    assert [shard.shard for shard in report.shards] == list(range(TIMER_SHARDS))
    assert report.shards[3].oldest_at == NOW


def test_a_request_handed_out_twice_counts_once(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    for page in ([FIRST, SECOND], [FIRST, SECOND], [FIRST, THIRD], [THIRD]):
        stores.log.handed_out(RUN, 3, page)

    assert stores.log.report(RUN).eligible == 3


def test_a_page_of_many_requests_is_kept_whole(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.handed_out(RUN, 3, [compose_protocol(NOW.date(), number) for number in range(1_000)])

    assert stores.log.report(RUN).eligible == 1_000


def test_a_shard_paged_again_keeps_what_it_had_found(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.shard_paged(RUN, nothing := ShardPaged(shard=0, oldest_at=None))
    stores.log.shard_paged(RUN, found := ShardPaged(shard=1, oldest_at=NOW))
    stores.log.shard_paged(RUN, dataclasses.replace(found, oldest_at=None))
    assert stores.log.report(RUN).shards == (nothing, found)

    stores.log.shard_paged(RUN, later := ShardPaged(shard=0, oldest_at=NOW))

    assert stores.log.report(RUN).shards == (later, found)


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        (Outcome.ACTED, Outcome.ALREADY, Outcome.ACTED),
        (Outcome.ALREADY, Outcome.FAILED, Outcome.ALREADY),
        (Outcome.FAILED, Outcome.ACTED, Outcome.ACTED),
        (Outcome.FAILED, Outcome.FAILED, Outcome.FAILED),
    ],
)
def test_only_a_failure_gives_way_to_a_later_outcome(
    stores: Stores, first: Outcome, then: Outcome, kept: Outcome
) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.record(RUN, FIRST, first)
    stores.log.record(RUN, FIRST, then)

    assert stores.log.report(RUN).outcomes == {kept: 1}


def test_a_closed_run_keeps_its_final_figures(stores: Stores) -> None:
    stores.log.begin(RUN, NOW)
    stores.log.handed_out(RUN, 3, [FIRST])
    report = dataclasses.replace(stores.log.report(RUN), closed_at=NOW + timedelta(hours=1))
    stores.log.close(report)
    stores.log.begin(RUN, NOW + timedelta(minutes=1))
    stores.log.record(RUN, FIRST, Outcome.ACTED)

    assert stores.log.report(RUN) == report
    assert stores.log.open_runs() == []


def test_runs_are_listed_the_newest_first_and_the_open_ones_the_oldest_first(stores: Stores) -> None:
    for run in RUNS:
        stores.log.begin(run, NOW)
        stores.log.handed_out(run, 3, [FIRST])
    stores.log.close(dataclasses.replace(stores.log.report(RUNS[1]), closed_at=NOW))

    listed: list[SweepReport] = []
    cursor: str | None = None
    while True:
        page = stores.log.recent(limit=3, cursor=cursor)
        listed += page.items
        if (cursor := page.next) is None:
            break

    assert [report.run for report in listed] == RUNS[::-1]
    assert {report.eligible for report in listed} == {1}
    assert stores.log.open_runs() == [RUNS[0], *RUNS[2:]]


def test_a_false_cursor_of_runs_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        stores.log.recent(limit=3, cursor="no cursor")


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_an_outcome_is_recorded_once_even_if_the_first_answer_is_lost(stores: Stores) -> None:
    assert stores.proxy
    stores.log.begin(RUN, NOW)
    stores.proxy.fail(Fault.LOST_ANSWER)
    stores.log.record(RUN, FIRST, Outcome.ACTED)

    assert stores.log.report(RUN).outcomes == {Outcome.ACTED: 1}


def a_stuck_one(number: int = 1, minutes: int = 0, reason: str = "NothingToDecide") -> Stuck:
    protocol = compose_protocol(NOW.date(), number)
    return Stuck(protocol=protocol, reason=reason, at=NOW + timedelta(minutes=minutes))


def test_what_is_set_aside_is_listed_the_oldest_first(stores: Stores) -> None:
    for stuck in (a_stuck_one(1, 5), a_stuck_one(2, 0), a_stuck_one(3, 2)):
        stores.stuck.put(stuck)

    assert stores.stuck.all() == [a_stuck_one(2, 0), a_stuck_one(3, 2), a_stuck_one(1, 5)]


def test_a_request_is_set_aside_once_for_the_newest_reason(stores: Stores) -> None:
    for stuck in (a_stuck_one(minutes=5, reason="KeyError"), a_stuck_one(minutes=3)):
        stores.stuck.put(stuck)

    assert stores.stuck.all() == [a_stuck_one(minutes=5, reason="KeyError")]


def test_a_request_may_be_tried_again_once(stores: Stores) -> None:
    stores.stuck.put(a_stuck_one())

    assert stores.stuck.remove(FIRST)
    assert not stores.stuck.remove(FIRST)
    assert stores.stuck.all() == []


def test_one_worker_at_a_time_holds_a_lease(stores: Stores) -> None:
    assert stores.leases.acquire("shard#3", "one", 60)
    assert stores.leases.acquire("shard#4", "other", 60)
    assert not stores.leases.acquire("shard#3", "other", 60)

    stores.leases.release("shard#3", "other")
    assert not stores.leases.acquire("shard#3", "other", 60)

    stores.leases.release("shard#3", "one")
    stores.leases.release("shard#3", "one")
    assert stores.leases.acquire("shard#3", "other", 60)


def test_a_lease_is_over_after_its_seconds_unless_it_was_prolonged(stores: Stores) -> None:
    stores.leases.acquire("shard#3", "one", 60)
    stores.clock.advance(seconds=59)
    assert stores.leases.acquire("shard#3", "one", 60)
    stores.clock.advance(seconds=59)
    assert not stores.leases.acquire("shard#3", "other", 60)

    stores.clock.advance(seconds=1)

    assert stores.leases.acquire("shard#3", "other", 60)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_who_takes_a_lease_holds_it_even_if_the_first_answer_is_lost(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(Fault.LOST_ANSWER)

    assert stores.leases.acquire("shard#3", "one", 60)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_of_many_who_ask_at_once_one_holds_the_lease(stores: Stores) -> None:
    with ThreadPoolExecutor(6) as workers:
        taken = list(workers.map(lambda n: stores.leases.acquire("shard#3", f"worker-{n}", 60), range(12)))

    assert taken.count(True) == 1


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        stores.leases.acquire("shard#3", "one", 60)
