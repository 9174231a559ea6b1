"""Order requests by the risk of breaking their promise: time left, people affected, priority.

    weight      = affected × (6 − priority)          priority 1 is the highest of 1..5
    on time     : 1, (minutes left + 1) ÷ weight     the smaller the earlier
    overdue     : 0, minutes left × weight           minutes left are negative; the smaller the earlier

So what is overdue comes before what is not; among the overdue the work that most people have waited for
longest, among the others that which leaves least time per unit of weight. Minutes are working minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.requests import State
from chalicelib.domain.working_time import working_minutes

LOWEST_PRIORITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRisk:
    """How near a request is to its binding date and how much hangs on it.

    `minutes_left` are negative once it is overdue; `affected` counts the reporter and every follower.
    """

    minutes_left: int
    affected: int
    priority: int

    @property
    def is_overdue(self) -> bool:
        """Tell whether the date has passed."""
        return self.minutes_left < 0

    @property
    def order(self) -> tuple[bool, Fraction]:
        """Give the key by which requests are sorted, the riskiest first."""
        weight = self.affected * (LOWEST_PRIORITY + 1 - self.priority)
        if self.is_overdue:
            return False, Fraction(self.minutes_left * weight)
        return True, Fraction(self.minutes_left + 1, weight)


def minutes_left(state: State, calendar: Calendar, now: datetime) -> int:
    """Count the working minutes to the date that binds; below zero from the moment at which it passed.

    While the citizen is waited for, the count stands where the pause began.
    """
    now, due_at = state.paused_since or now, state.rework_due_at or state.due_at
    if now > due_at:
        return -max(1, working_minutes(calendar, due_at, now))
    return working_minutes(calendar, now, due_at)
