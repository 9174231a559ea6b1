"""Calendars small enough to count in one's head."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendars import Calendar, CalendarRules
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.holidays import DayRule, Level
from chalicelib.domain.pauses import Pause
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.terms import Term

TIMEZONE = "America/Sao_Paulo"
ZONE = ZoneInfo(TIMEZONE)
PLAIN = Calendar(timezone=TIMEZONE)


def a_rule(code: str = "festa", **when: Any) -> DayRule:
    return DayRule(code=code, names={"pt-BR": code}, law=f"Lei de {code}", level=Level.MUNICIPAL, **when)


def once_on(day: date) -> DayRule:
    """A day of one year only."""
    return a_rule(f"d{day:%Y%m%d}", day=f"{day:%m-%d}", from_year=day.year, until_year=day.year)


def with_holidays(days: Iterable[date]) -> Calendar:
    return Calendar(timezone=TIMEZONE, rules=CalendarRules(holidays=tuple(map(once_on, days))))


def suspended(first: date, last: date, calendar: Calendar = PLAIN) -> Calendar:
    suspension = Suspension(code="cheia", act="Decreto 1", first_day=first, last_day=last)
    return Calendar(timezone=TIMEZONE, rules=calendar.rules, suspensions=(suspension,))


def paused_days(first: date, days: int) -> Pause:
    """A pause of whole local days."""
    since = datetime.combine(first, datetime.min.time(), ZONE)
    until = datetime.combine(first + timedelta(days=days), datetime.min.time(), ZONE)
    return Pause(since=since, until=until)


def at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)


def due_day(term: Term, opened_on: date, calendar: Calendar = PLAIN, *pauses: Pause) -> date:
    return due_at(term, at_ten(opened_on), calendar, pauses).astimezone(ZONE).date()
