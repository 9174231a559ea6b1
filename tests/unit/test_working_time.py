"""Working time: office hours on working days, half of them on half days, in the city's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendars import Calendar, CalendarRules
from chalicelib.domain.holidays import Half, HalfDayRule, Level
from chalicelib.domain.office_hours import OfficeHours
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.working_time import (
    after_working_minutes,
    is_working_time,
    minutes_of_days,
    next_working_instant,
    working_minutes,
)
from infra.catalogue_source import load_city
from tests.unit.small_calendar import PLAIN, TIMEZONE, ZONE, once_on, suspended

PORTO_ALEGRE = calendar_of(load_city("porto_alegre", date(2026, 3, 2)))
WHOLE_DAY = 570
"""The minutes from 08:30 to 18:00."""


def local(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2026-03-02T08:29:59", False),
        ("2026-03-02T08:30:00", True),
        ("2026-03-02T17:59:59", True),
        ("2026-03-02T18:00:00", False),
        ("2026-03-07T10:00:00", False),  # a Saturday
        ("2026-04-03T10:00:00", False),  # Good Friday
        ("2026-02-17T10:00:00", True),  # Carnival is an optional day, so a working one
        ("2026-02-18T11:59:59", False),  # Ash Wednesday works in the afternoon
        ("2026-02-18T12:00:00", True),
        ("2026-12-24T11:59:59", True),  # Christmas Eve works in the morning
        ("2026-12-24T12:00:00", False),
    ],
)
def test_the_city_is_at_work_in_its_office_hours(moment: str, works: bool) -> None:
    assert is_working_time(PORTO_ALEGRE, local(moment)) is works


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02T07:00", "2026-03-02T08:30"),
        ("2026-03-02T10:17", "2026-03-02T10:17"),
        ("2026-03-02T18:00", "2026-03-03T08:30"),
        ("2026-03-06T20:00", "2026-03-09T08:30"),
        ("2026-04-02T18:30", "2026-04-06T08:30"),  # over Good Friday and a weekend
        ("2026-02-17T19:00", "2026-02-18T12:00"),  # Ash Wednesday
        ("2026-12-24T12:00", "2026-12-28T08:30"),  # from Christmas Eve over Christmas and a weekend
        ("2026-12-31T15:00", "2027-01-04T08:30"),
    ],
)
def test_who_may_not_be_told_now_is_told_at_the_next_opening(moment: str, opening: str) -> None:
    assert next_working_instant(PORTO_ALEGRE, local(moment)) == local(opening)


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00", 0),
        ("2026-03-02T10:00", "2026-03-02T09:00", 0),
        ("2026-03-02T10:00", "2026-03-02T11:30", 90),
        ("2026-03-02T00:00", "2026-03-03T00:00", WHOLE_DAY),
        ("2026-03-02T17:00", "2026-03-03T09:00", 60 + 30),
        ("2026-03-06T17:00", "2026-03-09T09:00", 60 + 30),
        ("2026-03-07T08:00", "2026-03-08T20:00", 0),
        ("2026-04-02T17:00", "2026-04-06T09:00", 60 + 30),
        ("2026-02-18T00:00", "2026-02-19T00:00", 360),
        ("2026-12-24T11:00", "2026-12-28T09:00", 60 + 30),
        ("2026-12-30T17:00", "2027-01-04T09:00", 60 + 210 + 30),
    ],
)
def test_minutes_outside_the_office_hours_do_not_count(since: str, until: str, minutes: int) -> None:
    assert working_minutes(PORTO_ALEGRE, local(since), local(until)) == minutes


def test_office_hours_are_those_of_the_citys_clock() -> None:
    assert is_working_time(PLAIN, datetime(2026, 3, 2, 11, 30, tzinfo=UTC))
    assert next_working_instant(PLAIN, datetime(2026, 3, 3, 2, tzinfo=UTC)) == datetime(
        2026, 3, 3, 11, 30, tzinfo=UTC
    )


def test_a_city_may_keep_other_hours() -> None:
    early = Calendar(
        timezone=TIMEZONE, rules=CalendarRules(office_hours=OfficeHours(opens="07:00", closes="13:00"))
    )

    assert working_minutes(early, local("2026-03-02T00:00"), local("2026-03-03T00:00")) == 360
    assert next_working_instant(early, local("2026-03-02T13:00")) == local("2026-03-03T07:00")


def test_people_are_at_work_on_suspended_days() -> None:
    assert is_working_time(suspended(date(2026, 3, 2), date(2026, 3, 6)), local("2026-03-04T10:00"))


def test_minutes_are_counted_over_several_years() -> None:
    until = date(2029, 1, 1)
    days = (date(2025, 7, 1) + timedelta(days=n) for n in range((until - date(2025, 7, 1)).days))

    assert minutes_of_days(PLAIN, date(2025, 7, 1), until) == WHOLE_DAY * sum(map(PLAIN.is_working_day, days))


@pytest.mark.parametrize(
    ("minutes", "moment"),
    [
        (1, "2026-12-23T08:31"),
        (WHOLE_DAY, "2026-12-23T18:00"),
        (WHOLE_DAY + 1, "2026-12-24T08:31"),
        (WHOLE_DAY + 210, "2026-12-24T12:00"),
        (WHOLE_DAY + 210 + 1, "2026-12-28T08:31"),
        (4 * WHOLE_DAY + 2 * 210, "2026-12-31T12:00"),
        (4 * WHOLE_DAY + 2 * 210 + 1, "2027-01-04T08:31"),
    ],
)
def test_working_minutes_pass_over_nights_holidays_and_the_turn_of_the_year(
    minutes: int, moment: str
) -> None:
    assert after_working_minutes(PORTO_ALEGRE, date(2026, 12, 23), minutes) == local(moment)


days = st.dates(date(2025, 12, 1), date(2027, 2, 28))
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 28), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.builds(
    lambda opens, closes: OfficeHours(
        opens=f"{opens // 60:02}:{opens % 60:02}", closes=f"{closes // 60:02}:{closes % 60:02}"
    ),
    st.integers(0, 719),
    st.integers(721, 1439),
)


def half_on(day: date, half: Half) -> HalfDayRule:
    return HalfDayRule(
        code=f"h{day:%Y%m%d}",
        names={"pt-BR": "meio"},
        law="Lei 1",
        level=Level.MUNICIPAL,
        day=f"{day:%m-%d}",
        works=half,
    )


calendars = st.builds(
    lambda closed, halves, hours: Calendar(
        timezone=TIMEZONE,
        rules=CalendarRules(
            holidays=tuple(map(once_on, closed)),
            half_days=tuple(half_on(day, half) for day, half in halves.items()),
            office_hours=hours,
        ),
    ),
    st.frozensets(days, max_size=8),
    st.dictionaries(days, st.sampled_from(Half), max_size=8),
    clocks,
)


@given(calendars, moments, moments, moments)
def test_the_minutes_of_two_adjoining_stretches_add_up(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    first, middle, last = sorted((one, two, three))

    apart = working_minutes(calendar, first, middle) + working_minutes(calendar, middle, last)

    assert working_minutes(calendar, first, last) == apart


@given(calendars, moments)
def test_the_next_working_instant_is_the_first_of_all(calendar: Calendar, moment: datetime) -> None:
    found = next_working_instant(calendar, moment)

    assert is_working_time(calendar, found)
    assert found >= moment
    assert working_minutes(calendar, moment, found) == 0
    assert found == moment or not is_working_time(calendar, found - timedelta(seconds=1))


@given(calendars, days, st.integers(1, 20_000))
def test_when_minutes_have_passed_so_many_lie_behind(calendar: Calendar, first: date, minutes: int) -> None:
    found, begins = after_working_minutes(calendar, first, minutes), calendar.start_of(first)

    assert working_minutes(calendar, begins, found) == minutes
    assert working_minutes(calendar, begins, found - timedelta(minutes=1)) == minutes - 1
