"""Porto Alegre's days: 82 deadlines counted apart from this code, and another library's calendar."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendars import OccasionKind
from chalicelib.domain.holidays import Half
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue_source import load_city
from tests.unit.small_calendar import due_day
from tests.unit.small_city import working_days

CATALOGUE = load_city("porto_alegre", date(2026, 3, 2))
CALENDAR = calendar_of(CATALOGUE)
RULES = CATALOGUE.calendar
CASES = list(
    csv.DictReader(Path(__file__).with_name("porto_alegre_deadlines.csv").read_text("utf-8").splitlines())
)
YEARS = range(2024, 2041)
MUNICIPAL = {"navegantes", "corpus-christi"}
"""Holidays that the library does not know: it has those of the country and of the states."""


def oracle(years: range = YEARS) -> holidays.HolidayBase:
    """The library's Rio Grande do Sul, with the city's own days."""
    state = holidays.country_holidays("BR", subdiv="RS", years=years)
    for year in years:
        state[date(year, 2, 2)] = "Navegantes"
    optional = holidays.country_holidays("BR", years=years, categories=("optional",))
    for day in optional.get_named("Corpus Christi"):
        state[day] = "Corpus Christi"
    return state


ORACLE = oracle()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert {case["opened_on"][:4] for case in CASES} == {"2026", "2027", "2028"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['opened_on']} {case['why']}")
def test_a_deadline_of_porto_alegre_ends_where_a_count_by_hand_ends(case: dict[str, str]) -> None:
    term = Term(amount=int(case["amount"]), unit=TermUnit(case["unit"]))

    due = due_day(term, date.fromisoformat(case["opened_on"]), CALENDAR)

    assert due.isoformat() == case["due_date"], case["why"]


@pytest.mark.parametrize("year", YEARS)
def test_national_and_state_holidays_are_those_that_the_library_knows(year: int) -> None:
    known = {rule.falls_on(year) for rule in RULES.holidays if rule.code not in MUNICIPAL}

    assert known == set(holidays.country_holidays("BR", subdiv="RS", years=year))


@pytest.mark.parametrize("year", YEARS)
def test_optional_and_half_days_and_corpus_christi_fall_where_the_library_has_them(year: int) -> None:
    optional = set(holidays.country_holidays("BR", years=year, categories=("optional",)))
    corpus_christi = [rule for rule in RULES.holidays if rule.code == "corpus-christi"]
    rules = [*RULES.optional_days, *RULES.half_days, *corpus_christi]

    assert {rule.falls_on(year) for rule in rules} == optional


@given(st.dates(date(2024, 1, 1), date(2036, 12, 31)), st.integers(1, 225))
def test_working_days_are_counted_as_the_library_counts_them(opened_on: date, amount: int) -> None:
    assert due_day(working_days(amount), opened_on, CALENDAR) == ORACLE.get_nth_working_day(opened_on, amount)


def test_the_black_awareness_day_is_a_holiday_since_2024_only() -> None:
    assert CALENDAR.is_working_day(date(2023, 11, 20))
    assert not CALENDAR.is_working_day(date(2024, 11, 20))


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2026, 2, 18), Half.AFTERNOON),
        (date(2026, 12, 24), Half.MORNING),
        (date(2028, 3, 1), Half.AFTERNOON),
    ],
)
def test_a_half_day_is_a_working_day_and_says_which_half(day: date, half: Half) -> None:
    occasion = CALENDAR.occasion_on(day)

    assert CALENDAR.is_working_day(day)
    assert occasion is not None
    assert (occasion.kind, occasion.half) == (OccasionKind.HALF, half)


def test_every_day_names_its_law_and_where_that_was_read() -> None:
    for rule in (*RULES.holidays, *RULES.optional_days, *RULES.half_days):
        assert rule.law, rule.code
        assert rule.sources, rule.code
        assert all(source.startswith("http") for source in rule.sources), rule.code
        assert rule.names.keys() == {"pt-BR", "en"}, rule.code


def test_no_year_has_fewer_than_two_hundred_and_forty_working_days() -> None:
    for year in YEARS:
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        assert sum(map(CALENDAR.is_working_day, days)) >= 240
