"""The risk of breach: time left, people affected and priority decide what comes first."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.breach_risk import BreachRisk, minutes_left
from chalicelib.domain.opening import calendar_of
from tests.builders import a_catalogue, a_request

CALENDAR = calendar_of(a_catalogue())
DUE = datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC)
"""The end of a Monday in Porto Alegre."""
DAY = 570
risks = st.builds(
    BreachRisk,
    minutes_left=st.integers(-50_000, 50_000),
    affected=st.integers(1, 5_000),
    priority=st.integers(1, 5),
)


def a_risk(minutes: int, affected: int = 1, priority: int = 3) -> BreachRisk:
    return BreachRisk(minutes_left=minutes, affected=affected, priority=priority)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a_risk(60), a_risk(120)),
        (a_risk(0), a_risk(1)),
        (a_risk(-1, priority=5), a_risk(0, affected=4_000, priority=1)),
        (a_risk(-120), a_risk(-60)),
        (a_risk(600, affected=20), a_risk(120)),
        (a_risk(-60, affected=20), a_risk(-600)),
        (a_risk(600, priority=1), a_risk(500, priority=5)),
        (a_risk(0, priority=1), a_risk(0, priority=2)),
        (a_risk(0, affected=2), a_risk(0)),
        (a_risk(-60, priority=1), a_risk(-60, priority=5)),
    ],
)
def test_what_is_riskier_comes_first(first: BreachRisk, second: BreachRisk) -> None:
    assert first.order < second.order


@given(risks, st.integers(1, 5_000))
def test_less_time_is_always_riskier(risk: BreachRisk, minutes: int) -> None:
    later = dataclasses.replace(risk, minutes_left=risk.minutes_left + minutes)

    assert risk.order < later.order


@given(risks, st.integers(1, 100))
def test_more_people_are_always_riskier(risk: BreachRisk, people: int) -> None:
    assert dataclasses.replace(risk, affected=risk.affected + people).order < risk.order


@given(risks.filter(lambda risk: risk.priority > 1))
def test_a_higher_priority_is_always_riskier(risk: BreachRisk) -> None:
    assert dataclasses.replace(risk, priority=risk.priority - 1).order < risk.order


@given(risks, risks)
def test_what_is_overdue_comes_before_everything_else(one: BreachRisk, other: BreachRisk) -> None:
    if one.is_overdue and not other.is_overdue:
        assert one.order < other.order


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        (DUE - timedelta(days=1), DAY),
        (DUE - timedelta(hours=9), 181),
        (DUE, 0),
        (DUE + timedelta(seconds=1), -1),
        (DUE + timedelta(hours=11), -149),
        (DUE + timedelta(days=7), -5 * DAY),
    ],
)
def test_time_left_is_working_time_and_negative_from_the_moment_it_is_over(
    now: datetime, minutes: int
) -> None:
    state = dataclasses.replace(a_request().state, due_at=DUE)

    assert minutes_left(state, CALENDAR, now) == minutes


def test_the_date_of_a_rework_binds() -> None:
    state = dataclasses.replace(a_request().state, due_at=DUE, rework_due_at=DUE + timedelta(days=1))

    assert minutes_left(state, CALENDAR, DUE) == DAY


def test_time_stands_still_while_the_citizen_is_waited_for() -> None:
    state = dataclasses.replace(a_request().state, due_at=DUE, paused_since=DUE - timedelta(days=1))

    assert minutes_left(state, CALENDAR, DUE + timedelta(days=30)) == DAY
