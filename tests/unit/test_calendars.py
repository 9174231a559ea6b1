"""Calendars: which day a rule means, what wins where several do, and what a suspension touches."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import orders
from chalicelib.domain.calendars import Calendar, CalendarRules, DayOff, OccasionKind
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.holidays import Half, HalfDayRule, Level, easter_sunday
from chalicelib.domain.opening import calendar_for
from chalicelib.domain.people import Role
from chalicelib.domain.requests import Place
from chalicelib.domain.suspensions import Subject, Suspension
from tests.unit.small_calendar import TIMEZONE, a_rule, due_day, once_on, suspended
from tests.unit.small_city import CATALOGUE, MONDAY, a_draft, carry_out, opened, working_days

FRIDAY = date(2026, 10, 9)


def calendar(**rules: object) -> Calendar:
    return Calendar(timezone=TIMEZONE, rules=CalendarRules(**rules))  # type: ignore[arg-type]


def a_suspension(**changes: object) -> Suspension:
    whole = Suspension(code="cheia", act="Decreto 1", first_day=date(2026, 3, 3), last_day=date(2026, 3, 13))
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def flooded(*suspensions: Suspension) -> Catalogue:
    rules = CalendarRules(suspensions=suspensions or (a_suspension(),))
    return dataclasses.replace(CATALOGUE, calendar=rules)


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (1818, date(1818, 3, 22)),  # the earliest there is
        (1943, date(1943, 4, 25)),  # the latest there is
        (2000, date(2000, 4, 23)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2028, date(2028, 4, 16)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter_falls_where_the_almanac_has_it(year: int, easter: date) -> None:
    assert easter_sunday(year) == easter


@given(st.integers(1583, 9999))
def test_easter_is_a_sunday_between_the_22nd_of_march_and_the_25th_of_april(year: int) -> None:
    easter = easter_sunday(year)

    assert easter.isoweekday() == 7
    assert (3, 22) <= (easter.month, easter.day) <= (4, 25)


def test_a_rule_holds_from_its_first_year_to_its_last() -> None:
    rule = a_rule(day="05-26", from_year=2024, until_year=2025)

    assert [rule.falls_on(year) for year in range(2023, 2027)] == [
        None,
        date(2024, 5, 26),
        date(2025, 5, 26),
        None,
    ]


def test_a_leap_day_comes_in_leap_years_only() -> None:
    assert a_rule(day="02-29").falls_on(2028) == date(2028, 2, 29)
    assert a_rule(day="02-29").falls_on(2027) is None


def test_an_optional_day_works_until_an_act_says_otherwise_for_its_date() -> None:
    rules = CalendarRules(optional_days=(a_rule("servidor", day="10-28"),))
    off = dataclasses.replace(rules, days_off=(DayOff(day=date(2026, 10, 28), act="Decreto 9"),))
    before, after = (Calendar(timezone=TIMEZONE, rules=one) for one in (rules, off))

    assert [before.is_working_day(date(year, 10, 28)) for year in (2026, 2027)] == [True, True]
    assert [after.is_working_day(date(year, 10, 28)) for year in (2026, 2027)] == [False, True]
    occasion = after.occasion_on(date(2026, 10, 28))
    assert occasion is not None
    assert (occasion.kind, occasion.law) == (OccasionKind.OPTIONAL, "Decreto 9")


def test_a_half_day_counts_as_a_whole_one() -> None:
    half = HalfDayRule(
        code="vespera", names={}, law="Lei", level=Level.MUNICIPAL, easter=-46, works=Half.AFTERNOON
    )

    assert due_day(working_days(1), date(2026, 2, 17), calendar(half_days=(half,))) == date(2026, 2, 18)


def test_a_holiday_outranks_an_optional_day_on_the_same_date() -> None:
    both = calendar(holidays=(a_rule("feriado", day="10-28"),), optional_days=(a_rule("ponto", day="10-28"),))

    occasion = both.occasion_on(date(2026, 10, 28))

    assert occasion is not None
    assert (occasion.names["pt-BR"], occasion.works) == ("feriado", False)


def test_a_calendar_changed_by_replacement_knows_the_new_days() -> None:
    rules = CalendarRules(holidays=(once_on(FRIDAY),))
    before = Calendar(timezone=TIMEZONE, rules=rules)
    assert not before.is_working_day(FRIDAY)

    after = dataclasses.replace(before, rules=dataclasses.replace(rules, holidays=()))

    assert after.is_working_day(FRIDAY)


@pytest.mark.parametrize(
    ("suspension", "subject", "touched"),
    [
        (a_suspension(), Subject(), True),
        (a_suspension(services=("dumping",)), Subject(service="dumping"), True),
        (a_suspension(services=("dumping",)), Subject(service="noise"), False),
        (a_suspension(regions=(1,)), Subject(region=1), True),
        (a_suspension(regions=(1,)), Subject(region=2, neighbourhood="baixo"), False),
        (a_suspension(regions=(1,), neighbourhoods=("baixo",)), Subject(neighbourhood="baixo"), True),
        (a_suspension(neighbourhoods=("baixo",)), Subject(service="dumping"), False),
        (a_suspension(services=("dumping",), regions=(1,)), Subject(service="dumping", region=2), False),
    ],
)
def test_a_suspension_touches_its_services_in_its_area(
    suspension: Suspension, subject: Subject, touched: bool
) -> None:
    assert suspension.touches(subject) is touched


def test_a_suspension_covers_its_first_and_its_last_day() -> None:
    days = [date(2026, 3, day) for day in (2, 3, 13, 14)]

    assert [a_suspension().covers(day) for day in days] == [False, True, True, False]


def test_suspended_days_do_not_count_and_are_working_days_all_the_same() -> None:
    stopped = suspended(date(2026, 3, 3), date(2026, 3, 13))

    assert due_day(working_days(5), MONDAY.date(), stopped) == date(2026, 3, 20)
    assert stopped.is_working_day(date(2026, 3, 3))


def test_a_request_opened_in_a_suspended_area_gets_its_date_after_the_suspension() -> None:
    calm, flood = opened().state, opened(catalogue=flooded(a_suspension(regions=(1,)))).state

    plain = calendar()
    assert plain.local_day(calm.due_at) == date(2026, 3, 9)
    assert plain.local_day(flood.due_at) == date(2026, 3, 20)


def test_no_suspension_stops_an_emergency() -> None:
    tree = opened(a_draft("fallen-tree", attributes={}), catalogue=flooded()).state
    place = Place(neighbourhood="alto", region=1)

    assert tree.due_at == opened(a_draft("fallen-tree", attributes={})).state.due_at
    assert calendar_for(flooded(), "dumping", place, Urgency.EMERGENCY).suspensions == ()
    assert calendar_for(flooded(), "dumping", place, Urgency.URGENT).suspensions == (a_suspension(),)


def test_reclassified_into_a_suspended_service_a_request_is_dated_with_the_suspension() -> None:
    catalogue = flooded(a_suspension(services=("noise",)))
    order = orders.Classify(reason="É barulho", service="noise")

    moved = carry_out(opened(catalogue=catalogue), order, Role.ATTENDANT, catalogue=catalogue)
    calm = carry_out(opened(), order, Role.ATTENDANT)

    plain = calendar()
    assert plain.local_day(calm.state.due_at) == date(2026, 4, 1)
    assert plain.local_day(moved.state.due_at) == date(2026, 4, 13)  # eleven days on is a Sunday
