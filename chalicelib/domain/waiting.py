"""End what waits, and remind of it: a question, a third party, an announced visit, a window to contest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.pauses import Pause
from chalicelib.domain.reach import is_told_by_people
from chalicelib.domain.request_deadlines import calendar_of_request
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.told_hours import morning_after
from chalicelib.domain.transitions import Command, Status

MOST_PAUSED_DAYS = 20
REMINDED_AFTER = (10, 17)
"""Working days after which a citizen is reminded of a question that waits for him."""
THIRD_PARTY_ANSWERS_WITHIN = Term(amount=14, unit=TermUnit.CALENDAR_DAYS)
CONTEST_WINDOW = Term(amount=10, unit=TermUnit.WORKING_DAYS)
UNTOLD_WINDOW = Term(amount=20, unit=TermUnit.WORKING_DAYS)
"""What whom only people can tell has while nobody has reached him: calls, and a letter, take their days."""
REVIVED_WITHIN = timedelta(days=30)


def wait_ends_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the request stops waiting in its present status; None where it does not wait."""
    ends_at = _ENDS.get(request.state.status)
    return ends_at(request, calendar_of_request(request.state, catalogue)) if ends_at else None


def remind_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the citizen must be reminded of the question that waits for him next, in a morning.

    None where nothing waits or it ends before. Reminders that were missed together are one.
    """
    if request.state.status is not Status.WAITING_CITIZEN:
        return None
    calendar, since = calendar_of_request(request.state, catalogue), _waits_since(request.state)
    mornings = (morning_after(calendar, since, days) for days in REMINDED_AFTER)
    last = _last_reminded_at(request)
    next_at = next((at for at in mornings if last is None or at > last), None)
    return next_at if next_at is not None and next_at < _answer_ends(request, calendar) else None


def command_at_end(state: State) -> Command:
    """Tell what happens when the wait is over: work at a place goes on unanswered, the rest is archived.

    Raises:
        KeyError: the request does not wait.
    """
    if state.status is Status.WAITING_CITIZEN and state.place is None:
        return Command.ARCHIVE
    return _COMMANDS[state.status]


def is_result_told(state: State) -> bool:
    """Tell whether people have told the citizen the result that stands."""
    ended = state.resolution or state.rejection
    return bool(ended and state.result_told_at and state.result_told_at >= ended.at)


def window_ends_at(request: ServiceRequest, calendar: Calendar) -> datetime | None:
    """Tell until when the result that stands can be contested: from the contact on, if people told it."""
    ended = request.state.resolution or request.state.rejection
    if ended is None:
        return None
    if is_result_told(request.state):
        return due_at(CONTEST_WINDOW, request.state.result_told_at or ended.at, calendar)
    return due_at(UNTOLD_WINDOW if is_told_by_people(request) else CONTEST_WINDOW, ended.at, calendar)


def paused_days(pauses: tuple[Pause, ...], calendar: Calendar) -> int:
    """Count the working days that questions have held the deadline up so far."""
    days = 0
    for pause in pauses:
        day, end = calendar.local_day(pause.since), calendar.local_day(pause.until)
        while day < end:
            days += calendar.is_working_day(day)
            day += ONE_DAY
    return days


def _answer_ends(request: ServiceRequest, calendar: Calendar) -> datetime:
    """Let all questions together wait 20 working days, this one from its delivery or else from its asking."""
    state = request.state
    left = MOST_PAUSED_DAYS - paused_days(state.pauses, calendar)
    return due_at(Term(amount=max(1, left), unit=TermUnit.WORKING_DAYS), _waits_since(state), calendar)


def _waits_since(state: State) -> datetime:
    return state.paused_since or state.asked_at or state.held_since


def _last_reminded_at(request: ServiceRequest) -> datetime | None:
    """Tell when the newest question was last reminded of."""
    for entry in reversed(request.timeline):
        if entry.type is EntryType.REMINDED:
            return entry.at
        if entry.type is EntryType.ASKED:
            return None
    return None


def _party_ends(request: ServiceRequest, calendar: Calendar) -> datetime:
    since = request.state.waiting_since or request.state.held_since
    return due_at(THIRD_PARTY_ANSWERS_WITHIN, since, calendar)


def _visit_ends(request: ServiceRequest, calendar: Calendar) -> datetime | None:
    visit_at = request.state.scheduled_for
    return calendar.end_of(calendar.local_day(visit_at)) if visit_at else None


_ENDS: Mapping[Status, Callable[[ServiceRequest, Calendar], datetime | None]] = {
    Status.WAITING_CITIZEN: _answer_ends,
    Status.WAITING_THIRD_PARTY: _party_ends,
    Status.SCHEDULED: _visit_ends,
    Status.RESOLVED: window_ends_at,
    Status.REJECTED: window_ends_at,
}
_COMMANDS: Mapping[Status, Command] = {
    Status.WAITING_CITIZEN: Command.CONTINUE,
    Status.WAITING_THIRD_PARTY: Command.RESUME,
    Status.SCHEDULED: Command.MISS_VISIT,
    Status.RESOLVED: Command.CLOSE,
    Status.REJECTED: Command.CLOSE,
}
