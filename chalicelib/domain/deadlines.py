"""Turn a promised term into the instant at which it ends, in the city's own calendar.

Counted as Brazilian law does (Código Civil art. 132): the opening day excluded, the last one
included; days end at local midnight, hours run by the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.terms import Term, TermUnit

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days on which the city works, in its time zone."""

    timezone: str
    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` counts as a working day (dia útil)."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def local_day(self, moment: datetime) -> date:
        """Tell which day it is in the city at `moment`."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def end_of(self, day: date) -> datetime:
        """Tell the last second of the local `day`, in UTC; shown in local time it is still that day."""
        midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.timezone))
        return midnight.astimezone(UTC) - timedelta(seconds=1)


def due_at(term: Term, opened_at: datetime, calendar: Calendar) -> datetime:
    """Compute when `term` ends for something that began at `opened_at`."""
    if term.unit is TermUnit.HOURS:
        return opened_at + timedelta(hours=term.amount)
    opened_on = calendar.local_day(opened_at)
    if term.unit is TermUnit.WORKING_DAYS:
        return calendar.end_of(nth_working_day(opened_on, term.amount, calendar))
    last = opened_on + timedelta(days=term.amount)
    if not calendar.is_working_day(last):
        last = nth_working_day(last, 1, calendar)
    return calendar.end_of(last)


def nth_working_day(after: date, count: int, calendar: Calendar) -> date:
    """Find the `count`-th working day after `after`."""
    day = after
    while count > 0:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


def rework_term(term: Term) -> Term:
    """Allow a reopened request a quarter of its term, 1 to 10 working days; half of an hour term."""
    if term.unit is TermUnit.HOURS:
        return Term(amount=max(1, term.amount // 2), unit=TermUnit.HOURS)
    return Term(amount=min(10, max(1, round(term.amount / 4))), unit=TermUnit.WORKING_DAYS)
