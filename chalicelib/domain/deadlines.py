"""Turn a promised term into the instant at which it ends, in the city's own calendar.

Counted as Brazilian law does (Código Civil art. 132): the opening day excluded, the last one included;
days end at local midnight, hours run by the clock. A term in calendar days that ends on a day without
work ends on the next with it. Suspended and paused days count for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.calendars import ONE_DAY, Calendar
from chalicelib.domain.explanations import DayKind, ExplainedDay, Explanation
from chalicelib.domain.pauses import Pause
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.terms import Term, TermUnit

ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Stop:
    """Days, both included, on which a deadline does not run, and the suspension; None is a pause."""

    first: date
    last: date
    suspension: Suspension | None


def due_at(term: Term, opened_at: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> datetime:
    """Compute when `term` ends for something that began at `opened_at`."""
    if term.unit is TermUnit.HOURS:
        return after_running(term.amount * ONE_HOUR, opened_at, calendar, pauses)
    stops = _stops(calendar, pauses) if pauses or calendar.suspensions else ()
    # Calendar days that nothing stops need not be looked at one by one, but for the last.
    counted = term.amount - 1 if term.unit is TermUnit.CALENDAR_DAYS and not stops else 0
    after = calendar.local_day(opened_at) + counted * ONE_DAY
    *_, (last, _) = _walk(term, after, calendar, stops, counted)
    return calendar.end_of(last)


def after_running(
    length: timedelta, since: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """Tell when so much time has run by the clock since `since`, where terms in hours run."""
    *_, (_, until) = _running(length, since, calendar, pauses)
    return until


def running_days(
    first: date, last: date, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Iterator[tuple[date, date]]:
    """Give, in order, the stretches from `first` to `last`, both included, whose days nothing stops."""
    stops = _stops(calendar, pauses) if pauses or calendar.suspensions else ()
    for stop in sorted(stops, key=lambda one: one.first):
        before = min(last, stop.first - ONE_DAY)
        if first <= before:
            yield first, before
        first = max(first, stop.last + ONE_DAY)
    if first <= last:
        yield first, last


def explain(term: Term, opened_at: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Explanation:
    """Tell how `due_at` comes to its answer, with one line per local day from opening to end."""
    hours = term.unit is TermUnit.HOURS
    days = tuple((_explained_hours if hours else _explained_days)(term, opened_at, calendar, pauses))
    due = due_at(term, opened_at, calendar, pauses) if hours else calendar.end_of(days[-1].day)
    return Explanation(term=term, opened_at=opened_at, days=days, due_at=due)


def rework_term(term: Term) -> Term:
    """Allow a reopened request a quarter of its term, 1 to 10 working days; half of an hour term."""
    if term.unit is TermUnit.HOURS:
        return Term(amount=max(1, term.amount // 2), unit=TermUnit.HOURS)
    return Term(amount=min(10, max(1, round(term.amount / 4))), unit=TermUnit.WORKING_DAYS)


def _walk(
    term: Term, day: date, calendar: Calendar, stops: Sequence[_Stop], count: int = 0
) -> Iterator[tuple[date, int]]:
    """Go through the days after `day` to the last of a term, with how many are counted by each."""
    amount, counts_all = term.amount, term.unit is TermUnit.CALENDAR_DAYS
    is_working_day = calendar.is_working_day
    works = False
    while count < amount or not works:
        day += ONE_DAY
        runs = not stops or _stop_on(day, stops) is None
        works = runs and is_working_day(day)
        if count < amount:
            count += runs if counts_all else works
        yield day, count


def _stops(calendar: Calendar, pauses: Iterable[Pause]) -> tuple[_Stop, ...]:
    suspended = (_Stop(one.first_day, one.last_day, one) for one in calendar.suspensions)
    paused = (
        _Stop(calendar.local_day(one.since), calendar.local_day(one.until) - ONE_DAY, None) for one in pauses
    )
    return (*suspended, *paused)


def _stop_on(day: date, stops: Iterable[_Stop]) -> _Stop | None:
    return next((stop for stop in stops if stop.first <= day <= stop.last), None)


def _explained_days(
    term: Term, opened_at: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[ExplainedDay]:
    opened_on, stops = calendar.local_day(opened_at), _stops(calendar, pauses)
    yield ExplainedDay(day=opened_on, kind=DayKind.OPENING, counted=False, count=0)
    before = 0
    for day, count in _walk(term, opened_on, calendar, stops):
        counted, stop = count > before, _stop_on(day, stops)
        is_plain = counted and (count < term.amount or calendar.is_working_day(day))
        if term.unit is TermUnit.CALENDAR_DAYS and is_plain:
            yield ExplainedDay(day=day, kind=DayKind.COUNTED, counted=True, count=count)
        elif stop is not None and (term.unit is TermUnit.CALENDAR_DAYS or calendar.is_working_day(day)):
            yield _stopped(day, stop, count)
        else:
            yield _ordinary(day, calendar, counted, count)
        before = count


def _stopped(day: date, stop: _Stop, count: int) -> ExplainedDay:
    kind = DayKind.PAUSED if stop.suspension is None else DayKind.SUSPENDED
    act = stop.suspension.act if stop.suspension else ""
    return ExplainedDay(day=day, kind=kind, counted=False, count=count, law=act)


def _ordinary(day: date, calendar: Calendar, counted: bool, count: int) -> ExplainedDay:
    """Explain a day by what the calendar says of it; a working one that does not count was rolled to."""
    occasion, works = calendar.occasion_on(day), calendar.is_working_day(day)
    if works and not counted:
        return ExplainedDay(day=day, kind=DayKind.ROLLED, counted=False, count=count)
    if occasion is not None and (works or not occasion.works):
        kind = DayKind(occasion.kind.value)
        return ExplainedDay(
            day=day, kind=kind, counted=counted, count=count, names=occasion.names, law=occasion.law
        )
    kind = DayKind.COUNTED if works else DayKind.WEEKEND
    return ExplainedDay(day=day, kind=kind, counted=counted, count=count)


def _running(
    length: timedelta, opened_at: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """Go through the stretches in which a term in hours runs, until it ran for `length`."""
    left, now = length, opened_at
    if pauses or calendar.suspensions:
        for since, until in _stretches(calendar, pauses):
            if since - now >= left:
                break
            if since > now:
                yield now, since
                left -= since - now
            now = max(now, until)
    yield now, now + left


def _stretches(calendar: Calendar, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    suspended = [
        (calendar.start_of(one.first_day), calendar.start_of(one.last_day + ONE_DAY))
        for one in calendar.suspensions
    ]
    return sorted([*suspended, *((one.since, one.until) for one in pauses if one.since < one.until)])


def _explained_hours(
    term: Term, opened_at: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[ExplainedDay]:
    running = list(_running(term.amount * ONE_HOUR, opened_at, calendar, pauses))
    stops = _stops(calendar, pauses)
    day, last, passed = calendar.local_day(opened_at), calendar.local_day(running[-1][1]), timedelta()
    while day <= last:
        start, end = calendar.start_of(day), calendar.start_of(day + ONE_DAY)
        ran = sum(
            (max(min(until, end) - max(since, start), timedelta()) for since, until in running), timedelta()
        )
        passed += ran
        stop = None if ran else _stop_on(day, stops)
        count = passed // ONE_HOUR
        if day == calendar.local_day(opened_at):
            yield ExplainedDay(day=day, kind=DayKind.OPENING, counted=bool(ran), count=count)
        elif stop is not None:
            yield _stopped(day, stop, count)
        else:
            yield ExplainedDay(day=day, kind=DayKind.COUNTED, counted=bool(ran), count=count)
        day += ONE_DAY
