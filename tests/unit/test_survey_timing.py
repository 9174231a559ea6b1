"""When a resolution is asked about, and when somebody who has long heard nothing gets a word."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.message_kinds import KIND_OF, RULES, Audience
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import SYSTEM, Channel
from chalicelib.domain.reassurance import _TELLING, MOST_REASSURED, reassure_at
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.survey_timing import survey_at
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.timers import next_timer
from chalicelib.domain.told_hours import is_daytime, next_daytime
from chalicelib.domain.transitions import LIVE, Status
from chalicelib.services.acts import CITIZEN
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request, ordered
from tests.unit.small_calendar import once_on

CITY = a_catalogue()
RESOLVED_AT = OPENED_AT + timedelta(hours=2)
"""Noon in Porto Alegre, on the Monday of the opening."""


def resolved(channel: Channel = Channel.WEB) -> ServiceRequest:
    return a_request(Status.RESOLVED, draft=a_draft(channel=channel))


def of_entry(request: ServiceRequest) -> EntryType:
    return request.timeline[-1].type


@pytest.mark.parametrize(
    ("channel", "due_at"),
    [
        *((channel, RESOLVED_AT + timedelta(hours=2)) for channel in ("whatsapp", "sms", "chat")),
        *((channel, RESOLVED_AT + timedelta(hours=24)) for channel in ("web", "app", "email")),
        *((channel, datetime(2026, 11, 24, 13, 0, tzinfo=UTC)) for channel in ("phone", "counter")),
    ],
)
def test_each_channel_is_asked_after_its_own_time(channel: str, due_at: datetime) -> None:
    request = resolved(Channel(channel))

    assert survey_at(request, CITY) == due_at
    assert attend(request, CITY, due_at - timedelta(seconds=1)) is request
    begun = attend(request, CITY, due_at)
    assert (of_entry(begun), begun.state.surveyed_generation) == (EntryType.SURVEY_STARTED, 1)
    assert survey_at(begun, CITY) is None


def test_who_came_before_a_holiday_is_asked_on_the_next_working_day() -> None:
    holiday = once_on(date(2026, 11, 24))
    city = dataclasses.replace(CITY, calendar=CalendarRules(holidays=(holiday,)))

    assert survey_at(resolved(Channel.PHONE), city) == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def test_a_confirmation_leaves_the_survey_standing() -> None:
    confirmed = ordered(resolved(), orders.Confirm(), by=CITIZEN)

    assert confirmed.state.status is Status.CLOSED
    assert next_timer(confirmed, CITY) == RESOLVED_AT + timedelta(hours=24)
    assert of_entry(attend(confirmed, CITY, RESOLVED_AT + timedelta(hours=24))) is EntryType.SURVEY_STARTED


def test_a_reopening_ends_it_and_the_next_resolution_has_its_own() -> None:
    begun = attend(resolved(), CITY, RESOLVED_AT + timedelta(hours=24))
    reopened = ordered(begun, orders.Reopen(reason="Continua lá"))
    again = ordered(
        ordered(reopened, orders.Accept()), orders.Resolve(answer="Feito", photos=("second.jpg",))
    )

    assert survey_at(ordered(resolved(), orders.Reopen(reason="Continua lá")), CITY) is None
    assert survey_at(reopened, CITY) is None
    assert survey_at(again, CITY) == again.updated_at + timedelta(hours=24)
    assert attend(again, CITY, again.updated_at + timedelta(hours=24)).state.surveyed_generation == 2


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.RESOLVED, Status.CLOSED)])
def test_only_what_was_resolved_is_asked_about(status: Status) -> None:
    assert survey_at(a_request(status), CITY) is None


@pytest.mark.parametrize(
    ("moment", "by_day"),
    [
        ("2026-11-24T07:59:00-03:00", "2026-11-24T08:00:00-03:00"),
        ("2026-11-24T08:00:00-03:00", "2026-11-24T08:00:00-03:00"),
        ("2026-11-28T19:59:00-03:00", "2026-11-28T19:59:00-03:00"),
        ("2026-11-28T20:00:00-03:00", "2026-11-29T08:00:00-03:00"),
    ],
)
def test_citizens_are_asked_by_day(moment: str, by_day: str) -> None:
    at, calendar = datetime.fromisoformat(moment), calendar_of(CITY)

    assert next_daytime(calendar, at) == datetime.fromisoformat(by_day)
    assert is_daytime(calendar, at) is (moment == by_day)


def long_term() -> ServiceRequest:
    """Open a request of thirty days that its secretariat accepts within the hour."""
    return a_request(Status.IN_PROGRESS, draft=a_draft("noise"))


TENTH = datetime(2026, 12, 7, 13, 0, tzinfo=UTC)
"""Ten in the morning of the tenth working day after Monday 23 November."""


def test_who_has_heard_nothing_for_ten_working_days_gets_a_word() -> None:
    request = long_term()

    assert reassure_at(request, CITY) == TENTH
    assert attend(request, CITY, TENTH - timedelta(seconds=1)) is request
    told = attend(request, CITY, TENTH)
    assert (of_entry(told), told.state) == (EntryType.REASSURED, request.state)
    assert reassure_at(told, CITY) == TENTH + timedelta(days=14)
    assert attend(told, CITY, TENTH) is told


def test_the_word_is_one_of_the_timers() -> None:
    request = long_term()
    later = attend(request, CITY, TENTH)
    timers = [next_timer(request, CITY)]
    while timers[-1] is not None and timers[-1] < later.updated_at:
        request = attend(request, CITY, timers[-1])
        timers.append(next_timer(request, CITY))

    assert TENTH in timers


def test_whatever_else_told_him_begins_the_time_anew() -> None:
    visit = orders.Schedule(visit_at=TENTH + timedelta(days=30))

    scheduled = ordered(long_term(), visit, at=TENTH - timedelta(days=3))

    assert reassure_at(scheduled, CITY) == datetime(2026, 12, 18, 13, 0, tzinfo=UTC)


def test_a_note_among_clerks_tells_him_nothing_and_a_public_comment_does() -> None:
    note = orders.Comment(comment="Ligar para o fiscal")
    public = orders.Comment(comment="Equipe a caminho", public=True)
    at = TENTH - timedelta(days=3)

    assert reassure_at(ordered(long_term(), note, at=at), CITY) == TENTH
    assert reassure_at(ordered(long_term(), public, at=at), CITY) != TENTH


@pytest.mark.parametrize("status", [one for one in Status if one not in LIVE])
def test_nobody_waits_for_what_is_over(status: Status) -> None:
    assert reassure_at(a_request(status), CITY) is None


def test_the_anonymous_the_unreachable_and_who_is_waited_for_get_none() -> None:
    anonymous = a_request(person_key=None, draft=a_draft(reporter=None))
    unreachable = dataclasses.replace(long_term(), private={})
    asked = a_request(Status.WAITING_CITIZEN)

    assert [reassure_at(one, CITY) for one in (anonymous, unreachable, asked)] == [None] * 3


def test_a_timeline_that_is_full_of_words_takes_no_more() -> None:
    request = long_term()
    while request.version < MOST_REASSURED:
        due_at = reassure_at(request, CITY)
        assert due_at is not None
        request = request.with_decision(EntryType.REASSURED, Act(by=SYSTEM, at=due_at), {})

    assert reassure_at(request, CITY) is None


def test_an_earlier_timer_makes_the_count_unnecessary() -> None:
    request = long_term()

    assert reassure_at(request, CITY, before=OPENED_AT + timedelta(days=10)) is None
    assert reassure_at(request, CITY, before=TENTH + timedelta(days=1)) == TENTH


def test_the_decisions_that_break_the_silence_are_those_of_which_citizens_are_told() -> None:
    told = {
        entry
        for entry, kind in KIND_OF.items()
        if RULES[kind].holds_in & {*LIVE} and RULES[kind].told_to is Audience.CITIZEN
    }

    assert told - {EntryType.ESCALATED} == set(_TELLING)


def test_a_catalogue_without_the_share_of_surveys_asks_everybody() -> None:
    city: Catalogue = CITY
    assert {service.survey_percent for service in city.services.values()} == {100}
