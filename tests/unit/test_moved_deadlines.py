"""What happens to dates, levels and pushes when a request changes hands or becomes an emergency."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.alerts import next_alert
from chalicelib.domain.attendance import attend
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import TransitionNotAllowed
from chalicelib.domain.levels import EscalationLevel as Level
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.transitions import Status
from tests.builders import OPENED_AT, PHOTO, a_catalogue, a_draft, a_request, ordered
from tests.city_staff import with_people_away

CITY = a_catalogue()
A_DAY = timedelta(hours=24)
ATTENDANT = Actor(role=Role.ATTENDANT, name="somebody")
RAISE = orders.Reprioritise(reason="Fio caído", urgency=Urgency.EMERGENCY)
LOWER = orders.Reprioritise(reason="Era só um cabo", urgency=Urgency.NORMAL)


def late(status: Status = Status.IN_PROGRESS) -> ServiceRequest:
    return attend(a_request(status), CITY, OPENED_AT + timedelta(days=8))


def test_a_second_holder_who_does_not_accept_is_escalated_too() -> None:
    unaccepted = attend(a_request(), CITY, OPENED_AT + timedelta(days=2))
    assert Level.ACKNOWLEDGEMENT in unaccepted.state.escalated

    returned = ordered(unaccepted, orders.Return(reason="Não é conosco", proposed="SMGOV"))
    assert returned.state.acknowledge_by is not None
    again = attend(returned, CITY, returned.state.acknowledge_by)

    assert again.timeline[-1].data["level"] == "acknowledgement"
    assert again.timeline[-1].data["to"] == ["SMGOV/head"]


def test_other_levels_do_not_come_twice_because_a_request_changed_hands() -> None:
    returned = ordered(late(Status.QUEUED), orders.Return(reason="Não é conosco", proposed="SMGOV"))

    assert Level.LEVEL_1 in returned.state.escalated


@pytest.mark.parametrize(
    "status",
    [Status.IN_PROGRESS, Status.SCHEDULED, Status.WAITING_CITIZEN, Status.WAITING_THIRD_PARTY],
)
def test_what_becomes_an_emergency_must_be_accepted_anew_and_is_pushed(status: Status) -> None:
    raised = ordered(a_request(status), RAISE)

    assert raised.state.status is Status.QUEUED
    assert (raised.state.accepted_at, raised.state.scheduled_for, raised.state.asked_at) == (None, None, None)
    assert raised.state.acknowledge_by == raised.updated_at + A_DAY
    alert = next_alert(raised, CITY)
    assert alert is not None
    assert alert.at == raised.updated_at
    assert attend(raised, CITY, raised.updated_at).version == raised.version + 1


def test_an_emergency_waits_for_no_citizen() -> None:
    asked = a_request(Status.WAITING_CITIZEN)
    raised = ordered(asked, RAISE)

    with pytest.raises(TransitionNotAllowed):
        ordered(raised, orders.ConfirmDelivery(), by=ATTENDANT)


def test_the_days_of_a_question_survive_a_time_as_emergency() -> None:
    asked = a_request(Status.WAITING_CITIZEN)
    delivered = ordered(asked, orders.ConfirmDelivery(), at=OPENED_AT + timedelta(days=1), by=ATTENDANT)

    raised = ordered(delivered, RAISE, at=OPENED_AT + timedelta(days=3))
    lowered = ordered(raised, LOWER, at=OPENED_AT + timedelta(days=3, hours=1))

    assert lowered.state.due_at == asked.state.due_at + timedelta(days=2)


def test_an_extension_rests_while_a_request_is_an_emergency_and_is_granted_once() -> None:
    extended = ordered(a_request(Status.IN_PROGRESS), orders.Extend(reason="Falta peça", amount=2))

    raised = ordered(extended, RAISE)
    lowered = ordered(raised, LOWER)

    assert raised.state.due_at == raised.updated_at + A_DAY
    assert (lowered.state.due_at, lowered.state.extension) == (extended.state.due_at, 2)


def test_the_rework_of_an_emergency_runs_by_the_clock_and_the_first_promise_stays() -> None:
    resolved = a_request(Status.RESOLVED)
    reopened = ordered(resolved, orders.Reopen(reason="Continua lá"))

    raised = ordered(reopened, RAISE)
    lowered = ordered(raised, LOWER)

    assert raised.state.rework_due_at == raised.updated_at + A_DAY
    assert raised.state.due_at == reopened.state.due_at
    assert lowered.state.rework_due_at == reopened.state.rework_due_at
    assert attend(raised, CITY, raised.updated_at).state.rework_due_at == raised.state.rework_due_at


def test_a_request_that_is_found_to_be_an_emergency_counts_from_then() -> None:
    old = a_request(opened_at=OPENED_AT - timedelta(days=20))

    found = ordered(old, orders.Classify(reason="Pessoa ao relento", service="shelter"), at=OPENED_AT)

    assert found.state.due_at == OPENED_AT + timedelta(hours=4)
    assert Level.LEVEL_1 not in attend(found, CITY, OPENED_AT + timedelta(minutes=1)).state.escalated


def test_nobody_on_call_is_left_out_because_somebody_went_off_duty() -> None:
    pushed = attend(a_request(draft=a_draft("dumping", urgency=Urgency.EMERGENCY)), CITY, OPENED_AT)
    first = pushed.timeline[-1].data["person"]
    city = with_people_away(CITY, OPENED_AT.date(), first)

    following = next_alert(pushed, city)

    assert following is not None
    assert following.to.person not in {first, CITY.posts["duty_manager"].holder}


def test_a_unit_that_gets_an_emergency_is_pushed_before_the_duty_manager() -> None:
    pushed = attend(a_request(draft=a_draft("dumping", urgency=Urgency.EMERGENCY)), CITY, OPENED_AT)

    forwarded = ordered(pushed, orders.Forward(unit="dmlu-hazards"))

    alert = next_alert(forwarded, CITY)
    assert alert is not None
    assert (alert.to.post, alert.at) == ("DMLU/dmlu-hazards/on_call", forwarded.state.held_since)


def test_what_was_told_of_a_lateness_that_a_suspension_takes_back_is_taken_back_too() -> None:
    at_level_2 = attend(late(), CITY, OPENED_AT + timedelta(days=12))
    assert at_level_2.state.justify_by is not None
    flood = Suspension(
        code="cheia", act="Decreto 1", first_day=date(2026, 11, 24), last_day=date(2026, 12, 31)
    )
    city = dataclasses.replace(CITY, version="v2", calendar=CalendarRules(suspensions=(flood,)))

    moved = attend(at_level_2, city, OPENED_AT + timedelta(days=13))

    assert (moved.state.escalated, moved.state.forecast_at, moved.state.justify_by) == ((), None, None)


def test_the_first_action_of_a_secretariat_is_noted_once() -> None:
    accepted = a_request(Status.IN_PROGRESS)
    assert accepted.state.first_acted_at is None

    waiting = ordered(accepted, orders.Wait(party="CEEE"))
    resolved = ordered(waiting, orders.Resolve(answer="Feito", photos=(PHOTO,)))

    assert resolved.state.first_acted_at == waiting.updated_at
