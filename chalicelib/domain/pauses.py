"""Say when a deadline stood still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch `since <= t < until` in which a deadline does not run.

    Of a term in days it stops the local days from that of `since` to the one before that of `until`;
    what ends on the day on which it began stops none.
    """

    since: datetime
    until: datetime
