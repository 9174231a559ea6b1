"""Count the working time of a city: the office hours of its working days, on its own clock.

Suspensions stop deadlines, not people, so they change nothing here.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.calendars import ONE_DAY, Calendar


def is_working_time(calendar: Calendar, moment: datetime) -> bool:
    """Tell whether the city's people are at work; at the minute of closing they no longer are."""
    local = _local(calendar, moment)
    opens, closes = _span(calendar, local.date())
    return opens <= _minute(local) < closes


def next_working_instant(calendar: Calendar, moment: datetime) -> datetime:
    """Tell when people are at work from `moment` on: that moment itself, or the next opening in UTC."""
    if is_working_time(calendar, moment):
        return moment
    local = _local(calendar, moment)
    opens, _ = _span(calendar, local.date())
    day = local.date() if _minute(local) < opens else local.date() + ONE_DAY
    while not calendar.is_working_day(day):
        day += ONE_DAY
    opens, _ = _span(calendar, day)
    return _instant(calendar, day, opens)


def working_minutes(calendar: Calendar, since: datetime, until: datetime) -> int:
    """Count the minutes of working time between two instants; none where `until` is not the later."""
    if until <= since:
        return 0
    first, last = _local(calendar, since), _local(calendar, until)
    whole_days = minutes_of_days(calendar, first.date(), last.date())
    return whole_days + _passed(calendar, last) - _passed(calendar, first)


def minutes_of_days(calendar: Calendar, first: date, until: date) -> int:
    """Count the working minutes of the days from `first` on and before `until`."""
    years = range(first.year, until.year)
    between = sum(calendar.rules.year(year).minutes[-1] for year in years)
    return between + _minutes_before(calendar, until) - _minutes_before(calendar, first)


def after_working_minutes(calendar: Calendar, first: date, minutes: int) -> datetime:
    """Tell when so many working minutes, at least one, have passed from the day `first` on, in UTC."""
    year, left = first.year, minutes + _minutes_before(calendar, first)
    while left > (before := calendar.rules.year(year).minutes)[-1]:
        left -= before[-1]
        year += 1
    days = bisect_left(before, left) - 1
    day = date(year, 1, 1) + timedelta(days=days)
    opens, _ = _span(calendar, day)
    return _instant(calendar, day, opens + left - before[days])


def _minutes_before(calendar: Calendar, day: date) -> int:
    return calendar.rules.year(day.year).minutes[(day - date(day.year, 1, 1)).days]


def _passed(calendar: Calendar, local: datetime) -> int:
    """Count the working minutes of a local day that are over."""
    opens, closes = _span(calendar, local.date())
    return min(max(_minute(local), opens), closes) - opens


def _span(calendar: Calendar, day: date) -> tuple[int, int]:
    """Tell the minutes of `day` at which work begins and ends; on a day without work it ends at once."""
    if not calendar.is_working_day(day):
        return 0, 0
    occasion = calendar.occasion_on(day)
    return calendar.rules.office_hours.span(occasion.half if occasion else None)


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(calendar.timezone))


def _instant(calendar: Calendar, day: date, minute: int) -> datetime:
    hour, past = divmod(minute, 60)
    zone = ZoneInfo(calendar.timezone)
    return datetime(day.year, day.month, day.day, hour, past, tzinfo=zone).astimezone(UTC)
