"""Deadlines: counted as the law does, shown on the right day, and never earlier for a holiday more."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.deadlines import due_at, rework_term
from chalicelib.domain.pauses import Pause
from chalicelib.domain.terms import Term, TermUnit
from tests.unit.small_calendar import PLAIN, ZONE, at_ten, due_day, paused_days, suspended, with_holidays
from tests.unit.small_city import calendar_days, hours, working_days

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


CASES = list(csv.DictReader(Path(__file__).with_name("deadline_cases.csv").read_text("utf-8").splitlines()))
CALENDARS = {
    "Mon-Fri, no holidays": PLAIN,
    "Mon-Fri, holidays 2020-09-15 and 2020-09-21": with_holidays([date(2020, 9, 15), date(2020, 9, 21)]),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['opened_on']} {case['amount']}")
def test_terms_end_on_the_days_that_other_systems_say(case: dict[str, str]) -> None:
    term = Term(amount=int(case["amount"]), unit=TermUnit(case["unit"]))

    due = due_day(term, date.fromisoformat(case["opened_on"]), CALENDARS[case["calendar"]])

    assert due.isoformat() == case["due_date"], case["source"]


@pytest.mark.parametrize(
    ("opened_on", "term", "due"),
    [
        # Código Civil art. 132 § 1: a term that ends on a day without work ends on the next with it
        (date(2026, 1, 29), calendar_days(2), date(2026, 2, 2)),
        (date(2026, 1, 30), calendar_days(30), date(2026, 3, 2)),
        (date(2024, 2, 1), calendar_days(28), date(2024, 2, 29)),
        (date(2026, 12, 31), working_days(1), date(2027, 1, 1)),
    ],
)
def test_terms_end_on_the_days_that_the_law_says(opened_on: date, term: Term, due: date) -> None:
    assert due_day(term, opened_on) == due


def test_a_term_ends_with_the_last_second_of_its_day_in_the_city() -> None:
    opened_at = datetime(2026, 1, 30, 13, tzinfo=UTC)

    due = due_at(working_days(1), opened_at, PLAIN)

    assert due == datetime(2026, 2, 3, 2, 59, 59, tzinfo=UTC)
    assert due.astimezone(ZONE).date() == date(2026, 2, 2)


def test_the_opening_day_is_the_local_one() -> None:
    late_on_thursday_in_the_city = datetime(2026, 1, 30, 2, 30, tzinfo=UTC)

    assert due_at(working_days(1), late_on_thursday_in_the_city, PLAIN) == datetime(
        2026, 1, 31, 2, 59, 59, tzinfo=UTC
    )


def test_hours_run_through_night_and_weekend() -> None:
    saturday_night = datetime(2026, 1, 31, 23, tzinfo=UTC)

    assert due_at(hours(48), saturday_night, PLAIN) == saturday_night + timedelta(hours=48)


def test_a_day_without_midnight_still_ends() -> None:
    # On 4 November 2018 summer time began at midnight, and the day at one o'clock.
    due = due_at(calendar_days(2), datetime(2018, 10, 31, 12, tzinfo=UTC), PLAIN)

    assert due.astimezone(ZONE).date() == date(2018, 11, 2)
    assert PLAIN.end_of(date(2018, 11, 3)) == datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC)


@given(moments, day_terms)
def test_a_day_term_ends_on_a_working_day_after_the_opening_day(opened_at: datetime, term: Term) -> None:
    last = PLAIN.local_day(due_at(term, opened_at, PLAIN))

    assert PLAIN.is_working_day(last)
    assert last > PLAIN.local_day(opened_at)


@given(moments, terms, holidays, days)
def test_one_holiday_more_never_makes_a_date_earlier(
    opened_at: datetime, term: Term, known: frozenset[date], more: date
) -> None:
    before, after = with_holidays(known), with_holidays(known | {more})

    assert due_at(term, opened_at, after) >= due_at(term, opened_at, before)


@given(moments, terms, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_opening_later_never_makes_a_date_earlier(opened_at: datetime, term: Term, later: timedelta) -> None:
    assert due_at(term, opened_at + later, PLAIN) >= due_at(term, opened_at, PLAIN)


@given(moments, terms, holidays)
def test_a_longer_term_never_ends_earlier(opened_at: datetime, term: Term, known: frozenset[date]) -> None:
    calendar, longer = with_holidays(known), Term(amount=term.amount + 1, unit=term.unit)

    assert due_at(longer, opened_at, calendar) >= due_at(term, opened_at, calendar)


@given(days, st.integers(1, 225), holidays)
def test_as_many_working_days_as_promised_lie_between_opening_and_end(
    opened_on: date, amount: int, known: frozenset[date]
) -> None:
    calendar = with_holidays(known)

    last = due_day(working_days(amount), opened_on, calendar)

    between = (opened_on + timedelta(days=n) for n in range(1, (last - opened_on).days + 1))
    assert sum(calendar.is_working_day(day) for day in between) == amount


@given(days, st.integers(1, 120), st.integers(1, 40), st.integers(0, 119), holidays)
def test_pausing_so_many_working_days_moves_the_date_by_as_many(
    opened_on: date, amount: int, paused: int, before: int, known: frozenset[date]
) -> None:
    calendar = with_holidays(known)
    first = due_day(working_days(1 + before % amount), opened_on, calendar)
    after_last = due_day(working_days(paused), first, calendar)
    pause = paused_days(first, (after_last - first).days)

    moved = due_day(working_days(amount), opened_on, calendar, pause)

    assert moved == due_day(working_days(amount + paused), opened_on, calendar)


@given(days, st.integers(1, 120), st.integers(1, 40), st.integers(0, 119))
def test_pausing_calendar_days_moves_the_count_by_as_many(
    opened_on: date, amount: int, paused: int, before: int
) -> None:
    pause = paused_days(opened_on + timedelta(days=1 + before % amount), paused)

    moved = due_day(calendar_days(amount), opened_on, PLAIN, pause)

    assert moved == due_day(calendar_days(amount + paused), opened_on)


@given(days, day_terms, st.integers(0, 200), st.integers(1, 60))
def test_a_suspension_does_to_a_date_what_a_pause_of_the_same_days_does(
    opened_on: date, term: Term, after: int, length: int
) -> None:
    first = opened_on + timedelta(days=after)
    calendar = suspended(first, first + timedelta(days=length - 1))

    assert due_day(term, opened_on, calendar) == due_day(term, opened_on, PLAIN, paused_days(first, length))


def test_what_is_asked_and_answered_on_one_day_pauses_no_day() -> None:
    opened_at = at_ten(date(2026, 3, 2))
    pause = Pause(since=opened_at + timedelta(days=1), until=opened_at + timedelta(days=1, hours=3))

    assert due_at(working_days(5), opened_at, PLAIN, [pause]) == due_at(working_days(5), opened_at, PLAIN)


def test_a_term_in_hours_stands_still_while_it_is_paused() -> None:
    opened_at = at_ten(date(2026, 3, 2))
    pauses = [
        Pause(since=opened_at + timedelta(hours=1), until=opened_at + timedelta(hours=4)),
        Pause(since=opened_at + timedelta(hours=3), until=opened_at + timedelta(hours=6)),
        Pause(since=opened_at + timedelta(hours=90), until=opened_at + timedelta(hours=99)),
    ]

    assert due_at(hours(48), opened_at, PLAIN, pauses) == opened_at + timedelta(hours=53)


def test_a_term_in_hours_stands_still_on_suspended_days() -> None:
    calendar = suspended(date(2026, 3, 3), date(2026, 3, 4))

    assert due_at(hours(48), at_ten(date(2026, 3, 2)), calendar) == at_ten(date(2026, 3, 6))


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
