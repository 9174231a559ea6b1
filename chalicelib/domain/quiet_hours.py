"""Keep quiet at night: when, from an instant on, somebody may be told."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.message_kinds import Timing
from chalicelib.domain.told_hours import next_daytime
from chalicelib.domain.working_time import next_working_instant


def tellable_at(timing: Timing, calendar: Calendar, moment: datetime) -> datetime:
    """Tell when, from `moment` on, that may be told: that moment itself if it may be at once."""
    if timing is Timing.AT_ONCE:
        return moment
    if timing is Timing.DAYTIME:
        return next_daytime(calendar, moment)
    return next_working_instant(calendar, moment)
