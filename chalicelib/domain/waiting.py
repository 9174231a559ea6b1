"""End what waits: a question without answer, a third party, a visit that nobody made, a window to contest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.pauses import Pause
from chalicelib.domain.request_deadlines import calendar_of_request
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.transitions import Command, Status

MOST_PAUSED_DAYS = 20
THIRD_PARTY_ANSWERS_WITHIN = Term(amount=14, unit=TermUnit.CALENDAR_DAYS)
CONTEST_WINDOW = Term(amount=10, unit=TermUnit.WORKING_DAYS)
REVIVED_WITHIN = timedelta(days=30)


def wait_ends_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the request stops waiting in its present status; None where it does not wait."""
    ends_at = _ENDS.get(request.state.status)
    return ends_at(request.state, calendar_of_request(request.state, catalogue)) if ends_at else None


def command_at_end(state: State) -> Command:
    """Tell what happens when the wait is over: work at a place goes on unanswered, the rest is archived.

    Raises:
        KeyError: the request does not wait.
    """
    if state.status is Status.WAITING_CITIZEN and state.place is None:
        return Command.ARCHIVE
    return _COMMANDS[state.status]


def paused_days(pauses: tuple[Pause, ...], calendar: Calendar) -> int:
    """Count the working days that questions have held the deadline up so far."""
    days = 0
    for pause in pauses:
        day, end = calendar.local_day(pause.since), calendar.local_day(pause.until)
        while day < end:
            days += calendar.is_working_day(day)
            day += ONE_DAY
    return days


def _answer_ends(state: State, calendar: Calendar) -> datetime:
    """Let all questions together wait 20 working days, this one from its delivery or else from its asking."""
    left = MOST_PAUSED_DAYS - paused_days(state.pauses, calendar)
    since = state.paused_since or state.asked_at or state.held_since
    return due_at(Term(amount=max(1, left), unit=TermUnit.WORKING_DAYS), since, calendar)


def _party_ends(state: State, calendar: Calendar) -> datetime:
    return due_at(THIRD_PARTY_ANSWERS_WITHIN, state.waiting_since or state.held_since, calendar)


def _visit_ends(state: State, calendar: Calendar) -> datetime | None:
    return calendar.end_of(calendar.local_day(state.scheduled_for)) if state.scheduled_for else None


def _window_ends(state: State, calendar: Calendar) -> datetime | None:
    ended = state.resolution or state.rejection
    return due_at(CONTEST_WINDOW, ended.at, calendar) if ended else None


_ENDS: Mapping[Status, Callable[[State, Calendar], Any]] = {
    Status.WAITING_CITIZEN: _answer_ends,
    Status.WAITING_THIRD_PARTY: _party_ends,
    Status.SCHEDULED: _visit_ends,
    Status.RESOLVED: _window_ends,
    Status.REJECTED: _window_ends,
}
_COMMANDS: Mapping[Status, Command] = {
    Status.WAITING_CITIZEN: Command.CONTINUE,
    Status.WAITING_THIRD_PARTY: Command.RESUME,
    Status.SCHEDULED: Command.MISS_VISIT,
    Status.RESOLVED: Command.CLOSE,
    Status.REJECTED: Command.CLOSE,
}
