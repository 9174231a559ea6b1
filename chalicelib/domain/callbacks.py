"""Decide when to call a citizen who has no digital channel, and what becomes of a call's outcome.

Three calls at most, each in another part of the day, on working days; then a letter where a postal
address is known, else the citizen is told at a counter. The first two calls in which he asks for another
hour are none of the three. Hours, gaps and numbers are our proposal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.errors import CallbackEnded, CallNotDue
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest

MOST_CALLS = 3
MOST_WISHES = 2
"""How often a citizen may ask for another hour without its counting as a call in vain."""
CALLS_APART = timedelta(hours=2)
"""Two calls on either side of noon would find the same empty house."""


class DayPart(StrEnum):
    """A part of the day in which people may be called; the hours are those of the city's clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS: Mapping[DayPart, tuple[int, int]] = {
    DayPart.MORNING: (8, 12),
    DayPart.AFTERNOON: (12, 18),
    DayPart.EVENING: (18, 20),
}
"""The hour at which a part begins, and the one before which it ends."""


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    CALL_LATER = "call_later"


class Way(StrEnum):
    """How the citizen is to be told now."""

    CALL = "call"
    LETTER = "letter"
    COUNTER = "counter"


class Ending(StrEnum):
    """How a task ended; what was told already otherwise is `withdrawn`."""

    REACHED = "reached"
    REFUSED = "refused"
    POSTED = "posted"
    HANDED_OVER = "handed_over"
    UNREACHED = "unreached"
    WITHDRAWN = "withdrawn"


WITHOUT_LETTER = frozenset({"survey", "survey_reminder", "reassured"})
"""What is not worth a letter; after three calls in vain nobody is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call: when, what came of it, which attendant made it, and for when the citizen asked another.

    `command` are the digests by which a repeated recording is recognised.
    """

    at: datetime
    outcome: CallOutcome
    by: str
    call_again_at: datetime | None = None
    command: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTask:
    """Something that a citizen must be told by people; ids and instants only, nothing of him.

    `kind` is the kind of the message, `seq` the decision that it is about, `generation` that of a survey.
    It waits for `not_before`; after the calls, `way` says whether for a letter or at a counter.
    """

    task_id: str
    protocol: Protocol
    seq: int | None
    generation: int | None
    kind: str
    not_before: datetime
    created_at: datetime
    attempts: tuple[Attempt, ...] = ()
    way: Way = Way.CALL
    ending: Ending | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to be told."""
        return self.ending is None

    def ended(self, ending: Ending, at: datetime, by: str) -> CallbackTask:
        """Give the task as it is when it is over."""
        return replace(self, ending=ending, ended_at=at, ended_by=by)


def callback_task(
    protocol: Protocol,
    kind: str,
    *,
    seq: int | None = None,
    generation: int | None = None,
    now: datetime,
    calendar: Calendar,
    way: Way = Way.CALL,
) -> CallbackTask:
    """Begin to tell a citizen; the id follows from what he is told, so that it is begun once."""
    about = f"g{generation}" if generation is not None else f"{seq}"
    return CallbackTask(
        task_id=f"{protocol}-{kind}-{about}",
        protocol=protocol,
        seq=seq,
        generation=generation,
        kind=kind,
        not_before=_next_instant(now, frozenset(DayPart), calendar) if way is Way.CALL else now,
        created_at=now,
        way=way,
    )


def way_to_tell(request: ServiceRequest, unusable: Collection[str] = ()) -> Way:
    """Choose how people first try to tell the reporter: by telephone, by letter, or at a counter.

    `unusable` are kinds of contact points, such as `phone`, of which it is known that they do not work.
    """
    if "phone" not in unusable and isinstance(request.latest_text("reporter.phone"), str):
        return Way.CALL
    return Way.LETTER if has_address(request) else Way.COUNTER


def has_address(request: ServiceRequest) -> bool:
    """Tell whether a letter would find the reporter."""
    return isinstance(request.latest_text("reporter.address"), str)


def may_be_called(task: CallbackTask, now: datetime, calendar: Calendar) -> bool:
    """Tell whether this is a time to call: due, a working day, in a part of the day not yet tried."""
    is_due = task.is_open and task.way is Way.CALL and task.not_before <= now
    return is_due and part_of(now, calendar) in _parts_left(task, calendar)


def after_call(
    task: CallbackTask, attempt: Attempt, calendar: Calendar, *, has_address: bool
) -> CallbackTask:
    """Decide what follows from a call: the next one, a letter or the counter, or the end.

    Whoever rings back himself is heard at any hour, and while a letter waits for him; a call in vain counts
    only at a time for calls.

    Raises:
        CallbackEnded: there was nobody to call any more, and what had to be told was not told.
        CallNotDue: it is no time to call, and nobody was spoken to.
    """
    ending = _ENDINGS.get(attempt.outcome)
    if ending is None and task.way is not Way.CALL:
        raise CallbackEnded
    if attempt.outcome in _IN_VAIN and not may_be_called(task, attempt.at, calendar):
        earliest = max(attempt.at, task.not_before)
        raise CallNotDue(_next_instant(earliest, _parts_left(task, calendar), calendar))
    called = replace(task, attempts=(*task.attempts, attempt))
    if ending is not None:
        return called.ended(ending, attempt.at, attempt.by)
    if attempt.outcome is CallOutcome.WRONG_NUMBER or len(_counted(called)) >= MOST_CALLS:
        return _without_calls(called, attempt, has_address=has_address)
    return replace(called, not_before=next_attempt(called, calendar))


def next_attempt(task: CallbackTask, calendar: Calendar) -> datetime:
    """Tell when to call again after the last attempt: in a part of the day not yet tried, or as asked."""
    last = task.attempts[-1]
    return _next_instant(last.call_again_at or last.at + CALLS_APART, _parts_left(task, calendar), calendar)


def part_of(moment: datetime, calendar: Calendar) -> DayPart | None:
    """Tell in which part of a working day `moment` is; None where nobody may be called."""
    local = moment.astimezone(ZoneInfo(calendar.timezone))
    if not calendar.is_working_day(local.date()):
        return None
    return next((part for part, (begin, end) in HOURS.items() if begin <= local.hour < end), None)


def _parts_left(task: CallbackTask, calendar: Calendar) -> frozenset[DayPart]:
    """Give the parts of the day not yet tried; the hour for which the citizen asked is always his."""
    tried = {part for one in _counted(task) if (part := part_of(one.at, calendar))}
    last = task.attempts[-1] if task.attempts else None
    wished = part_of(last.call_again_at, calendar) if last and last.call_again_at else None
    return frozenset(part for part in DayPart if part not in tried or part is wished)


def _counted(task: CallbackTask) -> list[Attempt]:
    """List the calls that count: all but the first two in which the citizen asked for another hour."""
    counted, wishes = list[Attempt](), 0
    for attempt in task.attempts:
        wishes += attempt.outcome is CallOutcome.CALL_LATER
        if attempt.outcome is not CallOutcome.CALL_LATER or wishes > MOST_WISHES:
            counted.append(attempt)
    return counted


def _next_instant(moment: datetime, parts: frozenset[DayPart], calendar: Calendar) -> datetime:
    """Find the first instant from `moment` on in one of the parts, of which one is left while calls are.

    Raises:
        ValueError: no part is given, so that there is no such instant.
    """
    if not parts:
        raise ValueError("no part of the day is left for a call")
    if part_of(moment, calendar) in parts:
        return moment
    return next(begin for begin in _begins(moment, parts, calendar) if begin >= moment)


def _begins(moment: datetime, parts: frozenset[DayPart], calendar: Calendar) -> Iterator[datetime]:
    zone, day = ZoneInfo(calendar.timezone), calendar.local_day(moment)
    while True:
        if calendar.is_working_day(day):
            hours = (begin for part, (begin, _) in HOURS.items() if part in parts)
            yield from (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in hours)
        day += ONE_DAY


def _without_calls(task: CallbackTask, last: Attempt, *, has_address: bool) -> CallbackTask:
    if task.kind in WITHOUT_LETTER:
        return task.ended(Ending.UNREACHED, last.at, last.by)
    return replace(task, way=Way.LETTER if has_address else Way.COUNTER, not_before=last.at)


_IN_VAIN = frozenset({CallOutcome.NO_ANSWER, CallOutcome.BUSY})
_ENDINGS: Mapping[CallOutcome, Ending] = {
    CallOutcome.REACHED: Ending.REACHED,
    CallOutcome.REFUSED: Ending.REFUSED,
}
