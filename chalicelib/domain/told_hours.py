"""Say at what times of day citizens are told what is not urgent, and asked."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.domain.calendars import ONE_DAY, Calendar

BEGINS, ENDS = time(8), time(20)
MORNING = time(10)


def is_daytime(calendar: Calendar, moment: datetime) -> bool:
    """Tell whether it is between eight in the morning and eight in the evening in the city."""
    return BEGINS <= moment.astimezone(ZoneInfo(calendar.timezone)).time() < ENDS


def next_daytime(calendar: Calendar, moment: datetime) -> datetime:
    """Tell when it is daytime from `moment` on: that moment itself, or the next eight o'clock in UTC."""
    if is_daytime(calendar, moment):
        return moment
    local = moment.astimezone(ZoneInfo(calendar.timezone))
    day = local.date() if local.time() < BEGINS else local.date() + ONE_DAY
    return datetime.combine(day, BEGINS, local.tzinfo).astimezone(UTC)


def morning_after(calendar: Calendar, moment: datetime, working_days: int) -> datetime:
    """Tell when it is ten in the morning of the n-th working day after the local day of `moment`, in UTC."""
    day = calendar.local_day(moment)
    while working_days:
        day += ONE_DAY
        working_days -= calendar.is_working_day(day)
    return datetime.combine(day, MORNING, ZoneInfo(calendar.timezone)).astimezone(UTC)
