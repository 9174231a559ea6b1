"""Say from when to when the people of a city work on a working day, and on half of one."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.holidays import Half

NOON = "12:00"
"""Where half days part, on the city's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """The hours of a working day, `opens <= t < closes`, as `HH:MM` on the city's clock.

    The hours of a city that states none are our proposal; no city published them.
    """

    opens: str = "08:30"
    closes: str = "18:00"

    def span(self, half: Half | None = None) -> tuple[int, int]:
        """Tell the minute of the day at which work begins and the one at which it ends."""
        opens = NOON if half is Half.AFTERNOON else self.opens
        closes = NOON if half is Half.MORNING else self.closes
        return _minute_of(opens), _minute_of(closes)


def _minute_of(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
