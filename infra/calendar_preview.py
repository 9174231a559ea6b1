"""Tell what another calendar would change, before it is published: days, suspensions, open due dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.calendars import Occasion
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.request_deadlines import dates_of
from chalicelib.services.ports.requests import RequestIndex
from infra.open_requests import open_requests


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that is special, or works, differently; None is a day like any other."""

    day: date
    before: Occasion | None
    after: Occasion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDates:
    """How many open requests there are, and how many of them would be due later or earlier."""

    open: int
    later: int
    earlier: int

    @property
    def moved(self) -> int:
        """Count those whose due date would be another."""
        return self.later + self.earlier


def changed_days(before: Catalogue, after: Catalogue, year: int) -> list[ChangedDay]:
    """List the days of a year that the calendars of two catalogues see differently."""
    old, new = (calendar_of(one).special_days(year) for one in (before, after))
    return [
        ChangedDay(day=day, before=old.get(day), after=new.get(day))
        for day in sorted({*old, *new})
        if old.get(day) != new.get(day)
    ]


def changed_suspensions(before: Catalogue, after: Catalogue) -> list[str]:
    """List the codes of suspensions that are new, gone or different."""
    old, new = ({one.code: one for one in c.calendar.suspensions} for c in (before, after))
    return sorted(code for code in {*old, *new} if old.get(code) != new.get(code))


def moved_dates(index: RequestIndex, before: Catalogue, after: Catalogue) -> MovedDates:
    """Count the open requests that would be due at another time; reads each of them once, by desk."""
    counts = {"open": 0, "later": 0, "earlier": 0}
    for request in open_requests(index, before):
        counts["open"] += 1
        old, new = dates_of(request, before).binding, dates_of(request, after).binding
        counts["later"] += new > old
        counts["earlier"] += new < old
    return MovedDates(**counts)
