"""Laws of the ladder, for every term, opening, calendar, suspension and pause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.levels import LadderPolicy
from chalicelib.domain.pauses import Pause
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.working_time import minutes_of_days, working_minutes
from tests.unit.small_calendar import TIMEZONE, ZONE, with_holidays
from tests.unit.small_city import calendar_days
from tests.unit.test_ladder import DAY_TERMS, PORTO_ALEGRE, TERMS, instants, local

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
terms = st.sampled_from(TERMS)
policies = st.none() | st.builds(LadderPolicy, level_2=st.none() | terms, level_3=st.none() | terms)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[Calendar, list[Pause]]:
    """Porto Alegre with some suspensions, and some pauses."""
    suspensions = tuple(
        Suspension(
            code=f"s{first}", act="Decreto 1", first_day=first, last_day=first + timedelta(days=length)
        )
        for first, length in draw(st.lists(st.tuples(days, st.integers(0, 90)), max_size=3))
    )
    pauses = [
        Pause(since=since, until=since + length)
        for since, length in draw(
            st.lists(st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=40))), max_size=3)
        )
    ]
    return (
        Calendar(timezone=TIMEZONE, rules=PORTO_ALEGRE.rules, suspensions=suspensions),
        pauses,
    )


@given(terms, moments, stretches(), policies)
def test_levels_ascend_whatever_stops_them(
    term: Term, since: datetime, stopped: tuple[Calendar, list[Pause]], policy: LadderPolicy | None
) -> None:
    found = instants(term, since, *stopped, policy)

    assert since < found[0]
    assert all(lower < upper for lower, upper in pairwise(found))


@given(st.sampled_from(DAY_TERMS), moments, stretches())
def test_four_fifths_of_the_minutes_of_days_that_run_lie_before_the_notice(
    term: Term, since: datetime, stopped: tuple[Calendar, list[Pause]]
) -> None:
    calendar, pauses = stopped

    notice, due, *_ = instants(term, since, calendar, pauses)

    first, last = calendar.local_day(since), calendar.local_day(due)
    after_opening = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    running = [day for day in after_opening if runs(day, calendar, pauses)]
    passed = sum(
        working_minutes(calendar, calendar.start_of(day), min(notice, calendar.end_of(day)))
        for day in running
    )
    total = sum(minutes_of_days(calendar, day, day + ONE_DAY) for day in running)
    assert passed == total * 4 // 5


def runs(day: date, calendar: Calendar, pauses: Sequence[Pause]) -> bool:
    is_paused = any(calendar.local_day(one.since) <= day < calendar.local_day(one.until) for one in pauses)
    return not is_paused and not any(one.covers(day) for one in calendar.suspensions)


@given(terms, moments, st.frozensets(days, max_size=20), days)
def test_one_holiday_more_never_makes_a_level_earlier(
    term: Term, since: datetime, known: frozenset[date], more: date
) -> None:
    before = instants(term, since, with_holidays(known))
    after = instants(term, since, with_holidays(known | {more}))

    assert all(now >= was for was, now in zip(before[1:], after[1:], strict=True))


@given(terms, moments, st.frozensets(days, max_size=20), days, st.booleans())
@example(calendar_days(30), local("2026-03-02T10:00"), frozenset(), date(2026, 3, 25), False)
def test_one_holiday_more_before_the_notice_never_makes_it_earlier(
    term: Term, since: datetime, known: frozenset[date], near: date, is_near: bool
) -> None:
    before = instants(term, since, with_holidays(known))
    more = since.date() + timedelta(days=near.day) if is_near else near
    if term.unit is TermUnit.CALENDAR_DAYS:
        more = min(more, before[0].astimezone(ZONE).date() - timedelta(days=1))

    assert instants(term, since, with_holidays(known | {more}))[0] >= before[0]
