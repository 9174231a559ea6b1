"""What is decided when somebody looks at a request: one table of situations, one decision each."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.levels import EscalationLevel as Level
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.reassurance import reassure_at
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.timeline import EntryType, fold, is_intact
from chalicelib.domain.timers import next_timer
from chalicelib.domain.transitions import Status
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request, ordered

CITY = a_catalogue()
DUE = datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC)
"""Five working days after Monday 23 November: the end of Monday 30 November."""


def after(request: ServiceRequest, moment: datetime, city: Catalogue = CITY) -> ServiceRequest:
    return attend(request, city, moment)


def newest(request: ServiceRequest) -> tuple[EntryType, Any]:
    return request.timeline[-1].type, request.timeline[-1].data.get("level")


def levels(request: ServiceRequest) -> list[str]:
    return [entry.data["level"] for entry in request.timeline if entry.type is EntryType.ESCALATED]


def flooded(first: date, last: date, **more: Any) -> Catalogue:
    flood = Suspension(code="cheia", act="Decreto 22.647/2024", first_day=first, last_day=last, **more)
    return dataclasses.replace(CITY, version="v2", calendar=CalendarRules(suspensions=(flood,)))


def test_nothing_due_decides_nothing() -> None:
    request = a_request()

    assert after(request, OPENED_AT + timedelta(hours=1)) is request


@pytest.mark.parametrize(
    ("moment", "level", "skipped", "to"),
    [
        (DUE - timedelta(days=4), "acknowledgement", [], ["DMLU/head"]),
        (DUE - timedelta(hours=1), "acknowledgement", ["notice"], ["DMLU/head"]),
        (DUE, "level_1", ["notice", "acknowledgement"], ["DMLU/focal_point", "DMLU/head"]),
        (DUE + timedelta(days=4), "level_2", ["notice", "acknowledgement", "level_1"], ["DMLU/deputy"]),
        (
            DUE + timedelta(days=40),
            "level_3",
            ["notice", "acknowledgement", "level_1", "level_2"],
            ["city/direction"],
        ),
    ],
)
def test_levels_found_due_together_are_one_decision_the_highest(
    moment: datetime, level: str, skipped: list[str], to: list[str]
) -> None:
    escalated = after(a_request(), moment)

    entry = escalated.timeline[-1]
    assert escalated.version == 2
    assert (entry.data["level"], entry.data["skipped"], entry.data["to"]) == (level, skipped, to)
    assert escalated.state.escalated == (*map(Level, skipped), Level(level))
    assert after(escalated, moment) is escalated


def test_a_late_request_gets_a_forecast_beyond_now_and_level_two_asks_for_a_justification() -> None:
    first = after(a_request(Status.IN_PROGRESS), DUE + timedelta(seconds=1))
    second = after(first, DUE + timedelta(days=4))

    assert first.state.forecast_at is not None
    assert first.state.forecast_at > DUE
    assert first.state.justify_by is None
    assert second.state.justify_by == datetime(2026, 12, 8, 2, 59, 59, tzinfo=UTC)


def test_a_justification_is_taken_and_its_time_is_judged() -> None:
    second = after(a_request(Status.IN_PROGRESS), DUE + timedelta(days=4))

    justified = ordered(second, orders.Justify(justification="Caminhão em conserto"))

    assert justified.state.justify_by is None
    assert justified.timeline[-1].data["in_time"] is True


def test_the_whole_climb_folds_to_the_state_and_keeps_its_chain() -> None:
    request = a_request()
    for days in range(60):
        request = after(request, OPENED_AT + timedelta(days=days))

    assert levels(request) == ["acknowledgement", "notice", "level_1", "level_2", "level_3"]
    assert is_intact(request.protocol, request.timeline, request.private)
    assert fold(request.timeline)["escalated"] == list(request.state.escalated)
    assert next_timer(request, CITY) == reassure_at(request, CITY)


def test_after_a_reopening_the_ladder_stands_on_the_rework_date() -> None:
    late = after(a_request(Status.IN_PROGRESS), DUE + timedelta(days=40))
    resolve = orders.Resolve(answer="Recolhido", photos=("00000000000000000000000000000009.jpg.0",))
    reopened = ordered(ordered(late, resolve), orders.Reopen(reason="Continua lá"))

    assert reopened.state.escalated == ()
    assert after(reopened, reopened.updated_at + timedelta(minutes=1)) is reopened
    assert reopened.state.rework_due_at is not None
    again = after(ordered(reopened, orders.Accept()), reopened.state.rework_due_at)
    assert newest(again) == (EntryType.ESCALATED, "level_1")


def test_a_request_is_closed_when_nobody_contests_it_for_ten_working_days() -> None:
    resolved = a_request(Status.RESOLVED)
    resolved = after(resolved, resolved.updated_at + timedelta(days=1))
    timer = next_timer(resolved, CITY)

    assert resolved.timeline[-1].type is EntryType.SURVEY_STARTED
    assert timer == datetime(2026, 12, 8, 2, 59, 59, tzinfo=UTC)
    assert after(resolved, timer - timedelta(seconds=1)) is resolved
    closed = after(resolved, timer)
    assert (closed.state.status, newest(closed)[0]) == (Status.CLOSED, EntryType.CLOSED)


def test_a_third_party_has_two_weeks_and_a_visit_its_day() -> None:
    waiting, scheduled = a_request(Status.WAITING_THIRD_PARTY), a_request(Status.SCHEDULED)
    visit = scheduled.state.scheduled_for
    assert visit is not None

    resumed = after(waiting, waiting.updated_at + timedelta(days=15))
    missed = after(scheduled, visit + timedelta(days=1))

    assert resumed.state.status is missed.state.status is Status.IN_PROGRESS
    assert EntryType.RESUMED in {entry.type for entry in resumed.timeline}
    assert EntryType.VISIT_MISSED in {entry.type for entry in missed.timeline}
    assert (resumed.state.waiting_since, missed.state.scheduled_for) == (None, None)


def test_an_undelivered_question_stops_no_clock() -> None:
    asked = a_request(Status.WAITING_CITIZEN)

    assert newest(after(asked, DUE)) == (EntryType.ESCALATED, "level_1")


def test_while_a_delivered_question_waits_no_level_comes_and_its_days_move_the_date() -> None:
    asked = a_request(Status.WAITING_CITIZEN)
    tuesday = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    delivered = ordered(asked, orders.ConfirmDelivery(), at=tuesday, by=attendant())

    assert after(delivered, DUE) is delivered
    answered = ordered(delivered, orders.Answer(answer="É o 12"), at=tuesday + timedelta(days=3))
    assert answered.state.due_at == DUE + timedelta(days=3)
    assert (answered.state.paused_since, answered.state.asked_at) == (None, None)
    assert after(answered, DUE) is answered
    assert newest(after(answered, DUE + timedelta(days=3))) == (EntryType.ESCALATED, "level_1")


def test_without_an_answer_work_at_a_place_goes_on_and_the_rest_is_archived() -> None:
    at_a_place = a_request(Status.WAITING_CITIZEN)
    draft = a_draft("other", place=None)
    elsewhere = ordered(a_request(draft=draft), orders.Classify(reason="É barulho", service="noise"))
    elsewhere = ordered(ordered(elsewhere, orders.Accept()), orders.Ask(question="Onde?"))

    moment = OPENED_AT + timedelta(days=45)
    assert after(at_a_place, moment).state.status is Status.IN_PROGRESS
    archived = after(elsewhere, moment)
    assert (archived.state.status, newest(archived)[0]) == (Status.ARCHIVED, EntryType.ARCHIVED)
    revived = ordered(archived, orders.Revive(answer="Na praça", identity_check="CPF"), by=attendant())
    assert revived.state.status is Status.IN_PROGRESS


def test_a_suspension_moves_the_date_and_the_entry_names_the_act() -> None:
    request = a_request(Status.IN_PROGRESS)
    city = flooded(date(2026, 11, 24), date(2026, 12, 4))

    moved = after(request, OPENED_AT + timedelta(hours=2), city)

    entry = moved.timeline[-1]
    assert (entry.type, moved.version) == (EntryType.REDATED, request.version + 1)
    assert moved.state.due_at == datetime(2026, 12, 12, 2, 59, 59, tzinfo=UTC)
    assert entry.data["moved"]["due_at"] == ["2026-12-01T02:59:59Z", "2026-12-12T02:59:59Z"]
    assert entry.data["because"] == ["Decreto 22.647/2024"]
    assert after(moved, OPENED_AT + timedelta(hours=3), city) is moved


def test_a_level_that_a_moved_date_puts_off_comes_again() -> None:
    late = after(a_request(Status.IN_PROGRESS), DUE)
    city = flooded(date(2026, 11, 24), date(2026, 12, 4))

    moved = after(late, DUE + timedelta(hours=9), city)

    assert moved.state.escalated == ()
    assert newest(after(moved, datetime(2026, 12, 12, 3, 0, tzinfo=UTC), city)) == (
        EntryType.ESCALATED,
        "level_1",
    )


def test_an_emergency_is_never_suspended() -> None:
    request = a_request(draft=a_draft("shelter"))
    city = flooded(date(2026, 11, 23), date(2026, 12, 4))

    looked_at = after(request, OPENED_AT, city)

    assert EntryType.REDATED not in {entry.type for entry in looked_at.timeline}


def test_the_people_on_call_are_pushed_every_fifteen_minutes_until_somebody_accepts() -> None:
    request, pushed = a_request(draft=a_draft("shelter")), []
    for minute in range(0, 120, 5):
        request = after(request, OPENED_AT + timedelta(minutes=minute))
        if request.timeline[-1].type is EntryType.ALERTED:
            pushed.append((minute, request.timeline[-1].data["step"]))

    steps = {alerts: minute for minute, alerts in reversed(pushed)}
    assert list(steps.items())[-1] == (1, 0)
    assert sorted(steps.values()) == [15 * n for n in range(len(steps))]
    assert request.timeline[-1].data["to"] == "city/duty_manager"
    accepted = ordered(a_request(draft=a_draft("shelter")), orders.Accept())
    assert after(accepted, accepted.updated_at + timedelta(minutes=1)) is accepted


def test_a_complaint_has_the_laws_term_beside_its_own() -> None:
    complaint = a_request(Status.IN_PROGRESS, draft=a_draft(kind=Kind.COMPLAINT))
    assert complaint.state.legal_due_at == datetime(2026, 12, 24, 2, 59, 59, tzinfo=UTC)

    warned = after(complaint, complaint.state.legal_due_at - timedelta(days=5))
    breached = after(warned, complaint.state.legal_due_at)
    extended = ordered(warned, orders.Extend(reason="Perícia"), by=actor(Role.OMBUDSMAN))

    assert "legal" in levels(warned)
    assert newest(breached) == (EntryType.ESCALATED, "legal_breach")
    assert extended.state.legal_due_at == datetime(2027, 1, 23, 2, 59, 59, tzinfo=UTC)
    assert Level.LEGAL not in extended.state.escalated


def test_a_raised_request_is_pushed_from_then_on() -> None:
    raised = ordered(a_request(), orders.Reprioritise(reason="Fio caído", urgency=Urgency.EMERGENCY))

    pushed = after(raised, raised.updated_at)

    assert newest(pushed)[0] is EntryType.ALERTED


def attendant() -> Actor:
    return actor(Role.ATTENDANT)


def actor(role: Role) -> Actor:
    return Actor(role=role, name="somebody")
