"""What holds for any request at any time: a look leaves nothing due, and looking again changes nothing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.timeline import MOST_ENTRIES, EntryType
from chalicelib.domain.timers import filed_timer, next_timer
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.timers import Outcome
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request
from tests.escalated import an_emergency
from tests.fakes import FakeClock
from tests.sweep_floor import SweepFloor
from tests.unit.small_calendar import once_on
from tests.unit.small_city import CATALOGUE, MONDAY
from tests.unit.test_life import Life

CITY = a_catalogue()
ASKED = (Status.WAITING_CITIZEN, Status.ARCHIVED)
DRAFTS = (a_draft(), a_draft("noise", kind=Kind.COMPLAINT))
EMERGENCIES = (a_draft("shelter"), a_draft(urgency=Urgency.EMERGENCY, kind=Kind.COMPLAINT))
REQUESTS = (
    *(a_request(status, draft=draft) for draft in DRAFTS for status in Status),
    *(a_request(status, draft=draft) for draft in EMERGENCIES for status in Status if status not in ASKED),
)
requests = st.sampled_from(REQUESTS)
passing = st.integers(0, 120 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@settings(deadline=None, max_examples=300)
@given(request=requests, waits=st.lists(passing, min_size=1, max_size=4))
def test_a_look_at_any_time_leaves_nothing_due(request: ServiceRequest, waits: list[timedelta]) -> None:
    now = request.updated_at
    for wait in waits:
        now += wait
        request = attend(request, CITY, now)
        timer = next_timer(request, CITY)
        assert timer is None or timer > now
        assert attend(request, CITY, now) is request


@settings(deadline=None, max_examples=100)
@given(request=requests)
def test_looking_whenever_the_timer_says_so_comes_to_an_end(request: ServiceRequest) -> None:
    looks = 0
    while (timer := next_timer(request, CITY)) is not None:
        request, looks = attend(request, CITY, timer), looks + 1
        assert looks < MOST_ENTRIES

    decided = [entry for entry in request.timeline if entry.type is not EntryType.REASSURED]
    assert len(decided) < 30
    assert decided[-1].at <= OPENED_AT + timedelta(days=400)


@settings(deadline=None, max_examples=60)
@given(lag=st.integers(0, 20 * 60 * 1000))
def test_the_next_push_is_looked_for_as_soon_as_it_is_due_and_no_sooner(lag: int) -> None:
    floor = SweepFloor(clock=FakeClock(OPENED_AT))
    emergency = floor.add(an_emergency())
    floor.follow()
    floor.collect()
    floor.looks.work(lambda look, _: floor.attendance.look(look))

    floor.later(milliseconds=lag)
    floor.follow()

    due_at = next_timer(floor.stored(emergency.protocol), CITY)
    floor.collect()
    (look,) = floor.looks.waiting.values()
    assert due_at is not None
    assert due_at <= look.visible_at < max(due_at, floor.clock.now()) + timedelta(seconds=1)
    floor.clock.time = look.visible_at
    assert floor.attendance.look(look.body).outcome is Outcome.ACTED


def a_calendar(holidays: list[int], first: int, days: int, legal_clocks: bool) -> Catalogue:
    """Publish a calendar with some holidays and a suspension, in days after `MONDAY`."""
    monday = MONDAY.date()
    begins, ends = monday + timedelta(days=first), monday + timedelta(days=first + days)
    flood = Suspension(
        code="cheia", act="Decreto 1", first_day=begins, last_day=ends, legal_clocks=legal_clocks
    )
    rules = CalendarRules(
        holidays=tuple(once_on(monday + timedelta(days=day)) for day in holidays), suspensions=(flood,)
    )
    return dataclasses.replace(CATALOGUE, calendar=rules)


calendars = st.builds(
    a_calendar,
    st.lists(st.integers(0, 60), max_size=3, unique=True),
    st.integers(0, 60),
    st.integers(0, 20),
    st.booleans(),
)


class WatchedLife(Life):
    """Anybody orders anything, calendars come and go, and somebody looks now and then."""

    city = CATALOGUE

    @rule(city=calendars)
    def publish(self, city: Catalogue) -> None:
        self.city = city

    @rule(days=st.integers(1, 40))
    def weeks_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(is_delivered=st.booleans())
    def ask(self, is_delivered: bool) -> None:
        self.order(orders.Ask(question="Qual o número?"), Role.SECRETARIAT)
        if is_delivered:
            self.order(orders.ConfirmDelivery(), Role.SYSTEM)

    @rule(role=st.sampled_from([Role.SECRETARIAT, Role.OMBUDSMAN]))
    def extend(self, role: Role) -> None:
        self.order(orders.Extend(reason="Falta peça"), role)

    @rule()
    def look(self) -> None:
        self.request = attend(self.request, self.city, self.now)
        timer = next_timer(self.request, self.city)
        assert timer is None or timer > self.now
        assert attend(self.request, self.city, self.now) is self.request

    @rule()
    def look_when_the_timer_says_so(self) -> None:
        timer = filed_timer(self.request, self.city)
        if timer is not None:
            self.now = max(self.now, timer)
            self.look()


TestWatchedLife = WatchedLife.TestCase
TestWatchedLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
