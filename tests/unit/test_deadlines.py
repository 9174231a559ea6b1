"""Deadlines: counted as the law does, shown on the right day, and never earlier for a holiday more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.deadlines import Calendar, due_at, nth_working_day, rework_term
from chalicelib.domain.terms import Term, TermUnit
from tests.unit.small_city import calendar_days, hours, working_days

CITY = Calendar(timezone="America/Sao_Paulo")
ZONE = ZoneInfo("America/Sao_Paulo")

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
minutes_of_a_day = st.integers(0, 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes))
moments = st.builds(
    lambda day, passed: datetime.combine(day, datetime.min.time(), UTC) + passed, days, minutes_of_a_day
)
day_terms = st.builds(
    Term, amount=st.integers(1, 225), unit=st.sampled_from([TermUnit.WORKING_DAYS, TermUnit.CALENDAR_DAYS])
)
terms = day_terms | st.builds(hours, st.integers(1, 72))
holidays = st.frozensets(days, max_size=40)


def due_day(term: Term, opened_on: date, calendar: Calendar = CITY) -> date:
    opened_at = datetime.combine(opened_on, datetime.min.time(), ZONE) + timedelta(hours=10)
    return due_at(term, opened_at, calendar).astimezone(ZONE).date()


@pytest.mark.parametrize(
    ("opened_on", "term", "due"),
    [
        # Amsterdam Signalen, test_deadlines
        (date(2021, 2, 15), working_days(1), date(2021, 2, 16)),
        (date(2021, 2, 19), working_days(1), date(2021, 2, 22)),
        (date(2021, 2, 20), working_days(1), date(2021, 2, 22)),
        (date(2021, 2, 19), working_days(3), date(2021, 2, 24)),
        (date(2021, 2, 19), working_days(11), date(2021, 3, 8)),
        (date(2021, 2, 21), calendar_days(3), date(2021, 2, 24)),
        # Código Civil art. 132 § 1: a term that ends on a day without work ends on the next with it
        (date(2026, 1, 29), calendar_days(2), date(2026, 2, 2)),
        (date(2026, 1, 30), calendar_days(30), date(2026, 3, 2)),
        (date(2024, 2, 1), calendar_days(28), date(2024, 2, 29)),
        (date(2026, 12, 31), working_days(1), date(2027, 1, 1)),
    ],
)
def test_terms_end_on_the_days_that_other_systems_and_the_law_say(
    opened_on: date, term: Term, due: date
) -> None:
    assert due_day(term, opened_on) == due


def test_holidays_are_not_counted() -> None:
    # FixMyStreet, t/workingdays.t
    calendar = Calendar(timezone=CITY.timezone, holidays=frozenset({date(2020, 9, 15), date(2020, 9, 21)}))

    assert due_day(working_days(1), date(2020, 9, 19), calendar) == date(2020, 9, 22)


def test_a_term_ends_with_the_last_second_of_its_day_in_the_city() -> None:
    opened_at = datetime(2026, 1, 30, 13, tzinfo=UTC)

    due = due_at(working_days(1), opened_at, CITY)

    assert due == datetime(2026, 2, 3, 2, 59, 59, tzinfo=UTC)
    assert due.astimezone(ZONE).date() == date(2026, 2, 2)


def test_the_opening_day_is_the_local_one() -> None:
    late_on_thursday_in_the_city = datetime(2026, 1, 30, 2, 30, tzinfo=UTC)

    assert due_at(working_days(1), late_on_thursday_in_the_city, CITY) == datetime(
        2026, 1, 31, 2, 59, 59, tzinfo=UTC
    )


def test_hours_run_through_night_and_weekend() -> None:
    saturday_night = datetime(2026, 1, 31, 23, tzinfo=UTC)

    assert due_at(hours(48), saturday_night, CITY) == saturday_night + timedelta(hours=48)


def test_a_day_without_midnight_still_ends() -> None:
    # On 4 November 2018 summer time began at midnight, and the day at one o'clock.
    due = due_at(calendar_days(2), datetime(2018, 10, 31, 12, tzinfo=UTC), CITY)

    assert due.astimezone(ZONE).date() == date(2018, 11, 2)
    assert CITY.end_of(date(2018, 11, 3)) == datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC)


@given(moments, day_terms)
def test_a_day_term_ends_on_a_working_day_after_the_opening_day(opened_at: datetime, term: Term) -> None:
    last = CITY.local_day(due_at(term, opened_at, CITY))

    assert CITY.is_working_day(last)
    assert last > CITY.local_day(opened_at)


@given(moments, terms, holidays, days)
def test_one_holiday_more_never_makes_a_date_earlier(
    opened_at: datetime, term: Term, known: frozenset[date], more: date
) -> None:
    before = Calendar(timezone=CITY.timezone, holidays=known)
    after = Calendar(timezone=CITY.timezone, holidays=known | {more})

    assert due_at(term, opened_at, after) >= due_at(term, opened_at, before)


@given(moments, terms, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_opening_later_never_makes_a_date_earlier(opened_at: datetime, term: Term, later: timedelta) -> None:
    assert due_at(term, opened_at + later, CITY) >= due_at(term, opened_at, CITY)


@given(days, st.integers(1, 225), holidays)
def test_as_many_working_days_as_promised_lie_between_opening_and_end(
    opened_on: date, amount: int, known: frozenset[date]
) -> None:
    calendar = Calendar(timezone=CITY.timezone, holidays=known)

    last = nth_working_day(opened_on, amount, calendar)

    between = (opened_on + timedelta(days=n) for n in range(1, (last - opened_on).days + 1))
    assert sum(calendar.is_working_day(day) for day in between) == amount


@given(terms)
def test_rework_never_gets_more_than_the_term_nor_than_ten_working_days(term: Term) -> None:
    rework = rework_term(term)

    assert 1 <= rework.amount <= max(1, term.amount)
    if term.unit is TermUnit.HOURS:
        assert rework.unit is TermUnit.HOURS
    else:
        assert rework.unit is TermUnit.WORKING_DAYS
        assert rework.amount <= 10


@given(st.integers(1, 224), st.sampled_from(TermUnit))
def test_a_longer_term_never_gets_less_rework(amount: int, unit: TermUnit) -> None:
    shorter, longer = Term(amount=amount, unit=unit), Term(amount=amount + 1, unit=unit)

    assert rework_term(longer).amount >= rework_term(shorter).amount
