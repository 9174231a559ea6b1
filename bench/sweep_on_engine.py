"""Sweep requests on the embedded engine, through the adapters that the functions use, in threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from bench.calls import Call, items_read
from bench.due import CITY, calm_items, due_items
from bench.stage import Stage, stage_with
from bench.sweep_in_memory import CALM_SHARE
from bench.sweeping import Repeating, Swept, attend_batch, count_escalations
from chalicelib.adapters.dynamo.leases import DynamoLeases
from chalicelib.adapters.dynamo.request_items import Item
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import DynamoRequestIndex, PynamoRequestTable
from chalicelib.adapters.dynamo.stuck import DynamoStuckTimers
from chalicelib.adapters.dynamo.sweeps import DynamoSweeps
from chalicelib.adapters.timers_queue import MOST_IN_BATCH, SqsJobs, SqsLooks
from chalicelib.domain.protocols import Protocol
from chalicelib.services.attendance import Attendance
from chalicelib.services.ports.timers import ShardJob
from chalicelib.services.sweep import Pager, Sweep
from tests.fakes import FakeCatalogue, FakeClock, timer_in_a_small_city

PAGERS, ATTENDANTS = 2, 4

_jobs = msgspec.json.Decoder(ShardJob)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptOnEngine:
    """What the sweep came to, the calls it took, and the items as they were stored before."""

    swept: Swept
    calls: Sequence[Call]
    stored: dict[str, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """The three functions of a sweep, wired to the engine as `wiring_timers` wires them to AWS."""

    sweep: Sweep
    pager: Pager
    attendance: Attendance

    def page(self, bodies: list[str]) -> None:
        """Do jobs, as the page function gets them."""
        for body in bodies:
            self.pager.page(_jobs.decode(body))

    def attend(self, bodies: list[str]) -> None:
        """Look at requests, as the attend function gets them."""
        attend_batch(self.attendance, bodies)


def sweep_on_engine(due: int) -> SweptOnEngine:
    """Sweep that many due requests among a fifth more."""
    items = chain(due_items(due), calm_items(due // CALM_SHARE, besides=due))
    stored = {item["protocol"]: item for item in items}
    with stage_with(stored.values()) as stage:
        functions = _functions(stage)
        began = time.perf_counter()
        functions.sweep.begin()
        _work(stage, functions)
        (report,) = functions.sweep.close_finished()
        seconds = time.perf_counter() - began
        calls = list(stage.recorder.calls)
        requests = DynamoRequestIndex().load_many([Protocol(protocol) for protocol in stored])
    swept = Swept(
        due=due,
        stored=len(requests),
        seconds=seconds,
        timers_read=items_read(calls, "timers"),
        looks=_looks_sent(calls),
        escalations=count_escalations(requests),
        report=report,
    )
    return SweptOnEngine(swept=swept, calls=calls, stored=stored)


def _work(stage: Stage, functions: Functions) -> None:
    """Consume both queues until every shard is paged and every look was taken."""
    jobs, looks, all_paged = stage.queues["jobs"], stage.queues["looks"], threading.Event()
    with ThreadPoolExecutor(PAGERS + ATTENDANTS) as threads:
        paging = [
            threads.submit(jobs.consume, functions.page, at_once=1, no_more_come=lambda: True)
            for _ in range(PAGERS)
        ]
        attending = [
            threads.submit(
                looks.consume, functions.attend, at_once=MOST_IN_BATCH, no_more_come=all_paged.is_set
            )
            for _ in range(ATTENDANTS)
        ]
        try:
            for done in as_completed(paging):
                done.result()
        finally:
            all_paged.set()
        for done in as_completed(attending):
            done.result()


def _functions(stage: Stage) -> Functions:
    clock, stuck = FakeClock(), DynamoStuckTimers()
    log, index = DynamoSweeps(clock=clock), DynamoRequestIndex()
    jobs = SqsJobs(queue=stage.queues["jobs"].ours)
    return Functions(
        sweep=Sweep(jobs=jobs, log=log, clock=clock),
        pager=Pager(
            timers=index,
            index=index,
            looks=Repeating(queue=SqsLooks(queue=stage.queues["looks"].ours)),
            jobs=jobs,
            leases=DynamoLeases(clock=clock),
            log=log,
            stuck=stuck,
            clock=clock,
        ),
        attendance=Attendance(
            requests=StoredRequests(table=PynamoRequestTable(), timer_of=timer_in_a_small_city),
            catalogue=FakeCatalogue(CITY),
            log=log,
            stuck=stuck,
            clock=clock,
        ),
    )


def _looks_sent(calls: Sequence[Call]) -> int:
    """Count the looks that were sent: those for a run name their protocol."""
    sent: list[dict[str, Any]] = []
    for call in calls:
        if call.operation == "SendMessageBatch":
            sent += msgspec.json.decode(call.body)["Entries"]
    return sum("protocol" in entry["MessageBody"] for entry in sent)
