"""What went wrong in the field elsewhere: requests that nobody escalated, people told twice or at night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.reassurance import reassure_at
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.working_time import is_working_time
from chalicelib.services import attendance
from chalicelib.services.ports.requests import Filed
from chalicelib.services.ports.timers import Look, Outcome
from chalicelib.workers import MOST_RECEIVES
from tests.builders import OPENED_AT, PHOTO, a_catalogue, a_draft, a_request, ordered
from tests.escalated import MORNING
from tests.fakes import FakeClock
from tests.sweep_floor import SweepFloor

SIX_HOURS = timedelta(hours=6)
FRIDAY_EVENING = datetime.fromisoformat("2026-11-27T20:00:00-03:00")


def a_complaint() -> ServiceRequest:
    return a_request(draft=a_draft("other", kind=Kind.COMPLAINT))


def in_triage() -> ServiceRequest:
    return a_request(draft=a_draft("other"))


def a_young_floor() -> SweepFloor:
    return SweepFloor(clock=FakeClock(OPENED_AT))


def test_the_oldest_of_a_thousand_open_requests_is_escalated_in_the_first_sweep() -> None:
    floor = SweepFloor()
    oldest = floor.add(a_request(opened_at=OPENED_AT - timedelta(days=60)))
    young = floor.add(a_request(opened_at=MORNING - timedelta(hours=1)))
    floor.requests.copy(young.protocol, range(1_000_000, 1_000_998))

    run = floor.tick()
    floor.drain()

    assert floor.levels(oldest.protocol)[-1] == "level_3"
    assert floor.log.report(run).outcomes == {Outcome.ACTED: 1}


def test_a_comment_moves_no_date_no_timer_and_no_level() -> None:
    floor = SweepFloor()
    request = floor.add(a_request())
    floor.run(MORNING + timedelta(hours=1))
    before, timer = floor.stored(request.protocol).state, floor.requests.load_filed(request.protocol).timer_at

    for _ in range(5):
        floor.order(request.protocol, orders.Comment(comment="Ainda lá"))
        floor.order(request.protocol, orders.Reiterate(note="De novo"))
        floor.run(floor.clock.now() + timedelta(minutes=10))

    filed = floor.requests.load_filed(request.protocol)
    assert (filed.request.state, filed.timer_at) == (before, timer)


def test_a_comment_does_not_put_off_what_is_due() -> None:
    floor = SweepFloor()
    request = floor.add(a_request())
    before = floor.requests.load_filed(request.protocol).timer_at

    floor.order(request.protocol, orders.Comment(comment="Ainda lá"))

    assert floor.requests.load_filed(request.protocol).timer_at == before


def test_an_unassigned_request_escalates_to_the_supervisor_first() -> None:
    floor = a_young_floor()
    request = floor.add(in_triage())

    floor.run(OPENED_AT + timedelta(days=100), SIX_HOURS)

    to = [entry.data["to"] for entry in floor.entries(request.protocol)]
    assert request.state.status is Status.TRIAGE
    assert to[0] == ["city/supervisor"]
    assert floor.levels(request.protocol) == ["acknowledgement", "notice", "level_1", "level_2", "level_3"]


def test_every_level_comes_once_and_in_order_over_a_whole_life() -> None:
    floor = a_young_floor()
    request = floor.add(a_request())

    floor.run(OPENED_AT + timedelta(days=90), timedelta(hours=1))

    entries = floor.entries(request.protocol)
    assert floor.levels(request.protocol) == ["acknowledgement", "notice", "level_1", "level_2", "level_3"]
    assert all(entry.data["skipped"] == [] for entry in entries)
    assert [entry.at for entry in entries] == sorted({entry.at for entry in entries})
    timer_at = floor.requests.load_filed(request.protocol).timer_at
    assert timer_at == reassure_at(floor.requests.load(request.protocol), a_catalogue())


def test_a_complaint_reaches_the_levels_of_the_law_as_well() -> None:
    floor = a_young_floor()
    request = floor.add(a_complaint())

    floor.run(OPENED_AT + timedelta(days=120), SIX_HOURS)

    levels = floor.levels(request.protocol)
    assert sorted(levels) == sorted(EscalationLevel)
    assert levels.index("legal") < levels.index("legal_breach")
    assert [letter.subject for _, who, letter in floor.told if who == "controller@example.org"]


def test_levels_that_come_together_after_an_outage_are_one_entry_and_one_message() -> None:
    floor = SweepFloor(clock=FakeClock(MORNING + timedelta(weeks=8)))
    request = floor.add(a_request())

    floor.run(floor.clock.now() + timedelta(minutes=30))

    (entry,) = floor.entries(request.protocol)
    assert entry.data["level"] == "level_3"
    assert entry.data["skipped"] == ["notice", "acknowledgement", "level_1", "level_2"]
    late = [(who, letter) for _, who, letter in floor.told if "atrasada" in letter.text]
    assert [who for who, _ in late] == ["+5551991234567"]


def test_after_a_reopening_only_the_rework_is_due() -> None:
    floor = SweepFloor(clock=FakeClock(OPENED_AT + timedelta(days=28)))
    request = floor.add(ordered(a_complaint(), orders.Classify(reason="Descarte", service="dumping")))
    floor.order(request.protocol, orders.Accept())
    floor.run(floor.clock.now() + timedelta(hours=1))
    floor.order(request.protocol, orders.Resolve(answer="Recolhido", photos=(PHOTO,)))
    floor.order(request.protocol, orders.Reopen(reason="Não foi feito"))
    reopened = floor.stored(request.protocol)
    assert "level_3" in floor.levels(request.protocol)
    assert reopened.state.rework_due_at is not None

    floor.run(reopened.state.rework_due_at, SIX_HOURS)
    before_it_is_due = floor.stored(request.protocol).state.escalated
    floor.run(OPENED_AT + timedelta(days=90), SIX_HOURS)

    assert set(before_it_is_due) <= {EscalationLevel.NOTICE, EscalationLevel.ACKNOWLEDGEMENT}
    assert sorted(floor.stored(request.protocol).state.escalated) == sorted(
        set(EscalationLevel) - {EscalationLevel.LEGAL, EscalationLevel.LEGAL_BREACH}
    )


@dataclass
class Interleaved:
    """The table, under a worker that is overtaken by `other` between its reading and its writing."""

    table: Any
    other: Callable[[], object]

    def load_filed(self, protocol: Any) -> Filed:
        filed: Filed = self.table.load_filed(protocol)
        other, self.other = self.other, lambda: None
        other()
        return filed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table, name)


def test_two_sweeps_at_once_escalate_once_and_neither_fails() -> None:
    floor = SweepFloor()
    request = floor.add(a_request())
    second = floor.attendance
    outcomes = []

    def overtake() -> None:
        outcomes.append(second.look(Look(protocol=request.protocol, run="second")).outcome)

    floor.wrap = lambda name, port: Interleaved(port, overtake) if name == "requests" else port
    outcomes.append(floor.attendance.look(Look(protocol=request.protocol, run="first")).outcome)

    assert outcomes == [Outcome.ACTED, Outcome.ALREADY]
    assert len(floor.entries(request.protocol)) == 1
    assert floor.stuck.all() == []


def test_nobody_is_told_at_night_or_on_a_weekend_except_of_emergencies() -> None:
    floor = a_young_floor()
    for request in (a_request(), a_complaint(), in_triage()):
        floor.add(request)
    floor.run(FRIDAY_EVENING, timedelta(hours=1))
    emergency = floor.add(a_request(opened_at=FRIDAY_EVENING, draft=a_draft(urgency=Urgency.EMERGENCY)))

    floor.run(OPENED_AT + timedelta(days=45), timedelta(hours=1))

    calendar = calendar_of(floor.catalogue.current())
    by_night = [
        (at, who, letter)
        for at, who, letter in floor.told
        if not is_working_time(calendar, at) and "registrada" not in letter.text
    ]
    alerts = floor.entries(emergency.protocol, EntryType.ALERTED)
    told = {who for _, who, _ in by_night}
    assert len(alerts) == 3
    assert told == {
        way
        for entry in alerts
        for person in [floor.catalogue.current().people[entry.data["person"]]]
        for way in (person.phone, person.email)
    }
    assert len(by_night) == 2 * len(alerts)
    assert any(who == "+5551991234567" for _, who, _ in floor.told)


def test_an_emergency_is_pushed_on_arrival_and_every_quarter_of_an_hour_without_a_sweep() -> None:
    floor = SweepFloor(clock=FakeClock(FRIDAY_EVENING))
    emergency = floor.add(a_request(opened_at=FRIDAY_EVENING, draft=a_draft(urgency=Urgency.EMERGENCY)))

    for _ in range(4):
        floor.drain()
        floor.later(minutes=15)

    alerts = floor.entries(emergency.protocol, EntryType.ALERTED)
    assert [entry.at - FRIDAY_EVENING for entry in alerts] == [timedelta(minutes=m) for m in (0, 15, 30)]


def undecodable(floor: SweepFloor, poison: ServiceRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.requests.items[poison.protocol]["document"] = b"no document"


def undecidable(floor: SweepFloor, poison: ServiceRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: ServiceRequest, *rest: Any) -> ServiceRequest:
        assert request.protocol != poison.protocol
        return attend(request, *rest)

    monkeypatch.setattr(attendance, "attend", fail)


@pytest.mark.parametrize("spoil", [undecodable, undecidable])
def test_a_request_that_cannot_be_attended_holds_up_no_other(
    spoil: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = SweepFloor()
    poison = floor.add(a_request())
    others = floor.requests.copy(poison.protocol, range(1_000_000, 1_000_060))
    floor.follow()
    spoil(floor, poison, monkeypatch)

    run = floor.tick()
    floor.drain()
    assert all(floor.levels(protocol) for protocol in others)
    for _ in range(MOST_RECEIVES):
        floor.later(minutes=6)
        floor.drain()

    assert floor.log.report(run).outcomes == {Outcome.ACTED: 60, Outcome.FAILED: 1}
    assert floor.log.report(run).adds_up
    assert [stuck.protocol for stuck in floor.stuck.all()] == [poison.protocol]
    assert floor.looks.dead == [Look(protocol=poison.protocol, run=run)]


def test_what_is_set_aside_is_not_handed_out_by_the_next_sweep() -> None:
    floor = SweepFloor()
    poison = floor.add(a_request())
    floor.follow()
    floor.requests.items[poison.protocol]["document"] = b"no document"
    floor.run(MORNING + timedelta(hours=1), timedelta(minutes=6))
    assert floor.stuck.all()

    run = floor.tick()
    floor.drain()

    assert floor.log.report(run).eligible == 0


def test_a_request_refused_in_triage_is_closed_when_its_window_is_over() -> None:
    floor = a_young_floor()
    request = floor.add(in_triage())
    refuse = orders.Reject(answer="É do Estado", reason=RejectionReason.NOT_MUNICIPAL, legal_basis="CF")
    refused = ordered(request, refuse, by=Actor(role=Role.ATTENDANT, name="ana"))
    floor.requests.save(refused, seen_version=request.version)

    floor.run(OPENED_AT + timedelta(days=20), SIX_HOURS)

    assert floor.stored(request.protocol).state.status is Status.CLOSED
    assert floor.stuck.all() == []


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DUPLICATE])
def test_a_late_look_at_a_request_that_is_done_finds_nothing(status: Status) -> None:
    floor = SweepFloor()
    request = floor.add(a_request(status))

    assert floor.attendance.look(Look(protocol=request.protocol)).outcome is Outcome.ALREADY
