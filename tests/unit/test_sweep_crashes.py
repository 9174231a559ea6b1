"""Crash at every call that tick, pager, attendance and the relay's followers make: the end is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import timer_shard
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.timers import REPORT_CLOSES_AFTER, Outcome, SweepReport
from chalicelib.workers import MOST_RECEIVES
from tests.builders import OPENED_AT, a_draft, a_request
from tests.escalated import MORNING
from tests.sweep_floor import SweepFloor, unwrapped

LONG_AGO = OPENED_AT - timedelta(days=40)
LATE_IN_ONE_SHARD = tuple(
    a_request(number=number)
    for number in range(1_000, 1_060)
    if timer_shard(compose_protocol(OPENED_AT.date(), number)) == 0
)
REQUESTS = (
    *LATE_IN_ONE_SHARD,
    a_request(number=1),
    a_request(number=2, draft=a_draft("other"), opened_at=LONG_AGO),
    a_request(number=3, draft=a_draft("other", kind=Kind.COMPLAINT), opened_at=LONG_AGO),
    a_request(number=4, draft=a_draft(urgency=Urgency.EMERGENCY), opened_at=MORNING),
    a_request(Status.SCHEDULED, number=5),
    a_request(Status.WAITING_CITIZEN, number=6, opened_at=LONG_AGO),
    a_request(Status.RESOLVED, number=7, opened_at=LONG_AGO),
)
FILED_TOO_EARLY = a_request(Status.IN_PROGRESS, number=8, opened_at=MORNING - timedelta(hours=5))
PAUSES_MINUTES = (5, 5, 10, 20, 30, 60)
"""Between one sweep and the next."""


class Crash(BaseException):
    """The process is gone: nothing that handles errors runs any more."""


class Moment(Enum):
    """When, seen from the call that is crashed at."""

    BEFORE = auto()
    HALFWAY = auto()
    AFTER = auto()


@dataclass
class Saboteur:
    """Crashes at the calls whose numbers are in `moments`, each once; `crashed_at` names them.

    `batches` are the numbers of the calls that carry more than one thing, so that half may be done.
    """

    moments: Mapping[int, Moment]
    calls: int = 0
    batches: list[int] = field(default_factory=list)
    crashed_at: list[str] = field(default_factory=list)

    def wrap(self, name: str, port: Any) -> Any:
        return _Port(self, name, port)


@dataclass
class _Port:
    saboteur: Saboteur
    name: str
    port: Any

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            saboteur = self.saboteur
            saboteur.calls += 1
            is_batch = bool(given) and isinstance(given[0], list) and len(given[0]) > 1
            saboteur.batches += [saboteur.calls] * is_batch
            do, moment = getattr(self.port, method), saboteur.moments.get(saboteur.calls)
            if moment is None:
                return do(*given, **named)
            saboteur.crashed_at.append(f"call {saboteur.calls} {moment.name}: {self.name}.{method}")
            if moment is Moment.HALFWAY and is_batch:
                do(given[0][: len(given[0]) // 2], *given[1:], **named)
            if moment is Moment.AFTER:
                do(*given, **named)
            raise Crash

        return call


def lived(saboteur: Saboteur, crashing_ticks: int = len(PAUSES_MINUTES)) -> SweepFloor:
    """Let requests of every kind live for some hours; up to so many ticks the saboteur is at work."""
    floor = SweepFloor(wrap=saboteur.wrap)
    for request in REQUESTS:
        floor.add(request)
    file_too_early(floor, FILED_TOO_EARLY)
    for number, minutes in enumerate(PAUSES_MINUTES, start=1):
        restarting(floor.tick)
        if number == crashing_ticks:
            floor.wrap = unwrapped
        restarting(floor.drain)
        floor.later(minutes=minutes)
    floor.tick()
    floor.drain()
    return floor


def file_too_early(floor: SweepFloor, request: ServiceRequest) -> None:
    """File a request under an instant that a calendar gave which is no longer in force."""
    timer_of, floor.requests.timer_of = floor.requests.timer_of, lambda request: MORNING
    floor.add(request)
    floor.requests.timer_of = timer_of


def restarting(work: Callable[[], object]) -> None:
    """Do something again after each crash, as queues, stream and schedule do."""
    while True:
        try:
            work()
        except Crash:
            continue
        return


PASSING = ("em andamento com", "uma pergunta sobre", "marcou a visita", "foi dada como resolvida")
"""What is told only while it holds: how long that is depends on when the sweep came by."""


def without_links(text: str) -> str:
    """Leave out what names the second in which it was written."""
    return re.sub(r"/c/\S+", "/c/", text)


def outcome(floor: SweepFloor) -> dict[str, Any]:
    """Say what all came to: states, decisions, lists and messages, whenever each was decided or sent."""
    found: dict[str, Any] = {
        "told": sorted(
            (who, letter.subject, without_links(letter.text))
            for _, who, letter in floor.told
            if not any(words in letter.text for words in PASSING)
        ),
        "escalations": sorted(
            (line.protocol, line.seq, line.level, line.skipped, line.to, line.due_at)
            for line in floor.escalations.lines.values()
        ),
        "late": floor.late.listed,
        "digests": floor.post.lines.protocols_by_post,
        "stuck": floor.stuck.aside,
    }
    for protocol in floor.requests.items:
        filed = floor.requests.load_filed(Protocol(protocol))
        request, state = filed.request, filed.request.state
        decisions = [
            (entry.type, {name: fact for name, fact in entry.data.items() if name != "changes"})
            for entry in request.timeline
        ]
        dates = (state.due_at, state.forecast_at, state.justify_by, state.scheduled_for, filed.timer_at)
        found[protocol] = (state.status, state.escalated, dates, decisions)
    return found


def odd_reports(floor: SweepFloor) -> list[SweepReport]:
    """List the runs that were closed though they did not add up, after no less than an hour."""
    closed = floor.log.closed.values()
    odd = [report for report in closed if not report.adds_up]
    assert all(
        report.closed_at and report.closed_at - report.started_at >= REPORT_CLOSES_AFTER for report in odd
    )
    return odd


FROM_TICK_TO_TICK = Saboteur({})
CLEAN = outcome(lived(FROM_TICK_TO_TICK, crashing_ticks=2))


def test_without_a_crash_everything_is_decided_told_and_adds_up() -> None:
    floor = lived(Saboteur({}))

    assert outcome(floor) == CLEAN
    assert odd_reports(floor) == []
    assert len(CLEAN["told"]) == len({*CLEAN["told"]}) > 5
    assert sum(report.outcomes.get(Outcome.ACTED, 0) for report in floor.log.closed.values()) >= len(REQUESTS)


@pytest.mark.parametrize("moment", Moment)
def test_a_crash_at_any_call_from_one_tick_to_the_next_changes_nothing_in_the_end(moment: Moment) -> None:
    numbers = FROM_TICK_TO_TICK.batches if moment is Moment.HALFWAY else range(1, FROM_TICK_TO_TICK.calls + 1)
    for number in numbers:
        saboteur = Saboteur({number: moment})

        floor = lived(saboteur, crashing_ticks=2)

        (crashed_at,) = saboteur.crashed_at
        assert outcome(floor) == CLEAN, crashed_at
        assert len(odd_reports(floor)) <= 1, crashed_at


def test_from_one_tick_to_the_next_there_are_no_more_calls_than_those() -> None:
    saboteur = Saboteur({FROM_TICK_TO_TICK.calls + 1: Moment.BEFORE})

    lived(saboteur, crashing_ticks=2)

    assert saboteur.crashed_at == []
    assert len(FROM_TICK_TO_TICK.batches) >= 5


@settings(deadline=None, max_examples=80)
@given(
    moments=st.dictionaries(
        st.integers(1, 2 * FROM_TICK_TO_TICK.calls),
        st.sampled_from(Moment),
        min_size=2,
        max_size=MOST_RECEIVES - 1,
    )
)
def test_several_crashes_anywhere_change_nothing_in_the_end(moments: dict[int, Moment]) -> None:
    saboteur = Saboteur(moments)

    floor = lived(saboteur)

    assert outcome(floor) == CLEAN, saboteur.crashed_at
    assert len(odd_reports(floor)) <= len(saboteur.crashed_at)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
@pytest.mark.parametrize("call", ["stuck.put", "log.record"])
def test_a_crash_at_setting_a_request_aside_is_made_good_by_the_next_sweep(call: str, moment: Moment) -> None:
    floor = SweepFloor()
    poison = floor.add(a_request())
    floor.requests.stream.clear()
    floor.requests.items[poison.protocol]["document"] = b"no document"
    run = floor.tick()
    floor.jobs.work(lambda job, _: floor.pager.page(job))
    floor.collect()
    _, message = floor.looks.waiting.popitem()
    saboteur = Saboteur({2 + ["stuck.put", "log.record"].index(call): moment})
    floor.wrap = saboteur.wrap

    with pytest.raises(Crash):
        floor.attendance.look(message.body, is_last_try=True)
    floor.wrap = unwrapped
    floor.run(MORNING + timedelta(hours=2), timedelta(minutes=6))

    assert saboteur.crashed_at[0].endswith(call)
    assert [stuck.protocol for stuck in floor.stuck.all()] == [poison.protocol]
    assert {report.run for report in odd_reports(floor)} <= {run}
