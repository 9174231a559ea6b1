"""Tell when each level of escalation comes, for any term; every level is later than the one below it.

Levels above the first are counted like terms, from the due date on: what is suspended or paused stops
them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.deadlines import ONE_HOUR, after_running, due_at, running_days
from chalicelib.domain.levels import EscalationLevel, LadderPolicy
from chalicelib.domain.pauses import Pause
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.working_time import after_working_minutes, minutes_of_days

FEWEST_DAYS_TO_LEVEL_2, MOST_DAYS_TO_LEVEL_2 = 2, 10
LEVEL_2_TO_3 = Term(amount=3, unit=TermUnit.WORKING_DAYS)
MOST_TO_LEVEL_3 = Term(amount=30, unit=TermUnit.CALENDAR_DAYS)
DESIGN = LadderPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """The instant at which a level of escalation comes."""

    level: EscalationLevel
    at: datetime


def rungs(
    term: Term,
    since: datetime,
    due: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    policy: LadderPolicy | None = None,
) -> Iterator[Rung]:
    """Give the notice and levels 1 to 3 of a term that began at `since` and ends at `due`, one by one.

    What is not asked for is not computed. Their order rests on `since` being before `due`, and on terms
    of at least one.
    """
    chosen, ends = policy or DESIGN, partial(due_at, calendar=calendar, pauses=pauses)
    yield Rung(level=EscalationLevel.NOTICE, at=_notice(term, since, due, calendar, pauses))
    yield Rung(level=EscalationLevel.LEVEL_1, at=due)
    second = ends(chosen.level_2, due) if chosen.level_2 else _level_2(term, due, calendar, pauses)
    yield Rung(level=EscalationLevel.LEVEL_2, at=second)
    third = ends(chosen.level_3, second) if chosen.level_3 else _level_3(term, due, second, calendar, pauses)
    yield Rung(level=EscalationLevel.LEVEL_3, at=third)


def _notice(
    term: Term, since: datetime, due: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> datetime:
    """Tell when 80 % of a term's time has run.

    A date may stand for a moment that the calendar in force no longer gives, until it is counted anew.
    Where 80 % by that calendar would not come before it, they are taken by the clock.
    """
    if term.unit is TermUnit.HOURS:
        at = after_running(term.amount * ONE_HOUR * 4 / 5, since, calendar, pauses)
    else:
        at = _notice_of_days(since, due, calendar, pauses)
    return at if at < due else since + (due - since) * 4 / 5


def _notice_of_days(since: datetime, due: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    """Tell when 80 % of the working time after the opening day has passed; `due` if there is none."""
    first, last = calendar.local_day(since) + ONE_DAY, calendar.local_day(due)
    minutes = [
        (begins, minutes_of_days(calendar, begins, ends + ONE_DAY))
        for begins, ends in running_days(first, last, calendar, pauses)
    ]
    left = max(1, sum(passing for _, passing in minutes) * 4 // 5)
    for begins, passing in minutes:
        if left <= passing:
            return after_working_minutes(calendar, begins, left)
        left -= passing
    return due


def _level_2(term: Term, due: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    """Wait half of the term: of hours by the clock, of days in working days, rounded up and in bounds."""
    if term.unit is TermUnit.HOURS:
        return after_running(term.amount * ONE_HOUR / 2, due, calendar, pauses)
    half = (term.amount + 1) // 2
    days = min(max(half, FEWEST_DAYS_TO_LEVEL_2), MOST_DAYS_TO_LEVEL_2)
    return due_at(Term(amount=days, unit=TermUnit.WORKING_DAYS), due, calendar, pauses)


def _level_3(
    term: Term, due: datetime, second: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> datetime:
    """Wait twice the term, of days no longer than 30; and always some time after level 2.

    Of hours that time is one and a half of the term: what remains of twice, where level 2 came at half.
    """
    twice = due_at(Term(amount=2 * term.amount, unit=term.unit), due, calendar, pauses)
    if term.unit is TermUnit.HOURS:
        return max(twice, after_running(term.amount * ONE_HOUR * 3 / 2, second, calendar, pauses))
    longest = due_at(MOST_TO_LEVEL_3, due, calendar, pauses)
    return max(due_at(LEVEL_2_TO_3, second, calendar, pauses), min(twice, longest))
