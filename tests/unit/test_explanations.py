"""Explanations: one line a day, and always the date that is promised."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendars import Calendar, CalendarRules, DayOff
from chalicelib.domain.deadlines import due_at, explain
from chalicelib.domain.explanations import KIND_NAMES, DayKind, Explanation
from chalicelib.domain.holidays import Half, HalfDayRule, Level
from chalicelib.domain.pauses import Pause
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.terms import Term, TermUnit
from tests.unit.small_calendar import PLAIN, TIMEZONE, ZONE, a_rule, at_ten, once_on, paused_days, suspended
from tests.unit.small_city import calendar_days, hours, working_days

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
TERMS = st.builds(Term, amount=st.integers(1, 225), unit=st.sampled_from(TermUnit))
MOMENTS = st.builds(
    lambda day, minutes: at_ten(day) + timedelta(minutes=minutes), DAYS, st.integers(-600, 839)
)
PAUSES = st.lists(
    st.builds(
        lambda since, length: Pause(since=since, until=since + length),
        MOMENTS,
        st.timedeltas(timedelta(0), timedelta(days=40)),
    ),
    max_size=3,
)
SUSPENSIONS = st.lists(
    st.builds(
        lambda first, length: Suspension(
            code="cheia", act="Decreto 1", first_day=first, last_day=first + timedelta(days=length)
        ),
        DAYS,
        st.integers(0, 60),
    ),
    max_size=2,
).map(tuple)
CALENDARS = st.builds(
    lambda special, off, suspensions: Calendar(
        timezone=TIMEZONE,
        rules=CalendarRules(
            holidays=tuple(map(once_on, special)),
            optional_days=tuple(map(once_on, off)),
            days_off=tuple(DayOff(day=day, act="Decreto 2") for day in sorted(off)[::2]),
        ),
        suspensions=suspensions,
    ),
    st.frozensets(DAYS, max_size=30),
    st.frozensets(DAYS, max_size=30),
    SUSPENSIONS,
)


def kinds(explained: Explanation) -> list[tuple[str, int]]:
    return [(day.kind.value, day.count) for day in explained.days]


@given(TERMS, MOMENTS, CALENDARS, PAUSES)
def test_explanation_and_date_agree(
    term: Term, opened_at: datetime, calendar: Calendar, pauses: list[Pause]
) -> None:
    explained = explain(term, opened_at, calendar, pauses)

    assert explained.due_at == due_at(term, opened_at, calendar, pauses)
    assert explained.days[0].day == calendar.local_day(opened_at)
    assert explained.days[-1].day == calendar.local_day(explained.due_at)


@given(TERMS, MOMENTS, CALENDARS, PAUSES)
def test_every_day_is_explained_and_as_many_count_as_were_promised(
    term: Term, opened_at: datetime, calendar: Calendar, pauses: list[Pause]
) -> None:
    days = explain(term, opened_at, calendar, pauses).days

    assert all(after.day - before.day == timedelta(days=1) for before, after in pairwise(days))
    assert days[-1].count == term.amount
    if term.unit is not TermUnit.HOURS:
        assert sum(day.counted for day in days) == term.amount
        assert calendar.is_working_day(days[-1].day)


def test_each_day_says_what_it_was_and_by_which_law() -> None:
    half = HalfDayRule(
        code="cinzas", names={}, law="Lei", level=Level.MUNICIPAL, day="03-06", works=Half.AFTERNOON
    )
    rules = CalendarRules(
        holidays=(a_rule("padroeira", day="03-03"),),
        optional_days=(a_rule("ponto", day="03-04"), a_rule("folga", day="03-05")),
        days_off=(DayOff(day=date(2026, 3, 5), act="Decreto 2"),),
        half_days=(half,),
    )
    calendar = suspended(date(2026, 3, 9), date(2026, 3, 9), Calendar(timezone=TIMEZONE, rules=rules))

    explained = explain(
        working_days(3), at_ten(date(2026, 3, 2)), calendar, [paused_days(date(2026, 3, 10), 1)]
    )

    assert kinds(explained) == [
        ("opening", 0),
        ("holiday", 0),
        ("optional", 1),
        ("optional", 1),
        ("half", 2),
        ("weekend", 2),
        ("weekend", 2),
        ("suspended", 2),
        ("paused", 2),
        ("counted", 3),
    ]
    laws = [day.law for day in explained.days]
    assert laws[1:5] == ["Lei de padroeira", "Lei de ponto", "Decreto 2", "Lei"]
    assert laws[7] == "Decreto 1"
    assert [day.counted for day in explained.days[2:4]] == [True, False]


def test_calendar_days_count_at_weekends_and_the_last_one_rolls_to_a_working_day() -> None:
    # Monday 2 March and six days: Sunday 8, Monday is a holiday
    calendar = Calendar(timezone=TIMEZONE, rules=CalendarRules(holidays=(a_rule(day="03-09"),)))

    explained = explain(calendar_days(6), at_ten(date(2026, 3, 2)), calendar)

    assert kinds(explained)[5:] == [("counted", 5), ("weekend", 6), ("holiday", 6), ("rolled", 6)]
    assert explained.due_at == calendar.end_of(date(2026, 3, 10))


def test_a_suspension_stops_calendar_days_at_weekends_too() -> None:
    calendar = suspended(date(2026, 3, 6), date(2026, 3, 8))

    explained = explain(calendar_days(5), at_ten(date(2026, 3, 2)), calendar)

    assert [kind for kind, _ in kinds(explained)][4:7] == ["suspended"] * 3
    assert explained.due_at == calendar.end_of(date(2026, 3, 10))


def test_hours_are_told_in_full_hours_a_day() -> None:
    pause = paused_days(date(2026, 3, 3), 1)

    explained = explain(hours(48), at_ten(date(2026, 3, 2)) + timedelta(minutes=20), PLAIN, [pause])

    assert kinds(explained) == [("opening", 13), ("paused", 13), ("counted", 37), ("counted", 48)]
    assert explained.due_at == at_ten(date(2026, 3, 5)) + timedelta(minutes=20)


def test_hours_that_end_at_midnight_end_on_the_day_that_begins() -> None:
    midnight = datetime(2026, 3, 2, tzinfo=ZONE)

    explained = explain(hours(24), midnight, PLAIN)

    assert kinds(explained) == [("opening", 24), ("counted", 24)]
    assert [day.counted for day in explained.days] == [True, False]


@pytest.mark.parametrize("kind", DayKind)
def test_every_kind_of_day_has_a_name_in_both_languages(kind: DayKind) -> None:
    assert KIND_NAMES[kind].keys() == {"pt-BR", "en"}


def test_an_explanation_keeps_what_was_counted_and_from_when() -> None:
    term, opened_at = dataclasses.replace(working_days(1), source="https://carta"), at_ten(date(2026, 3, 2))

    explained = explain(term, opened_at, PLAIN)

    assert (explained.term, explained.opened_at) == (term, opened_at)
