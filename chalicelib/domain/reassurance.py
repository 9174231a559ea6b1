"""Break the silence: whoever has an open request hears of it at least every ten working days."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.escalation import LATE
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import MOST_ENTRIES, RESERVED_FOR_SYSTEM, Entry, EntryType
from chalicelib.domain.told_hours import morning_after
from chalicelib.domain.transitions import Status

SILENCE_DAYS = 10
SHORTEST_SILENCE = timedelta(days=SILENCE_DAYS)
"""Ten working days are never over sooner than this; who has an earlier timer need not count them."""
MOST_REASSURED = MOST_ENTRIES - RESERVED_FOR_SYSTEM
"""A timeline of so many entries takes no further word; what must still be decided has the rest of it."""
_LATE_LEVELS = frozenset(LATE)
_TELLING = frozenset({
    EntryType.OPENED,
    EntryType.ACCEPTED,
    EntryType.SCHEDULED,
    EntryType.ASKED,
    EntryType.REMINDED,
    EntryType.CONTESTED,
    EntryType.REOPENED,
    EntryType.REASSURED,
})  # fmt: skip
"""The decisions on an open request of which the citizen is told."""


def reassure_at(
    request: ServiceRequest, catalogue: Catalogue, *, before: datetime | None = None
) -> datetime | None:
    """Tell when the citizen must hear something again, in the tenth working day's morning.

    None if nobody waits, or he is waited for; also if that cannot be `before` another timer, which is said
    without counting days. A timeline that is full of them ends it.
    """
    state = request.state
    if before is not None and before <= state.opened_at + SHORTEST_SILENCE:
        return None
    if not state.is_open or state.status is Status.WAITING_CITIZEN or state.anonymous:
        return None
    told_at = _last_told_at(request)
    if before is not None and before <= told_at + SHORTEST_SILENCE:
        return None
    if not request.is_reachable or request.version >= MOST_REASSURED:
        return None
    return morning_after(calendar_of(catalogue), told_at, SILENCE_DAYS)


def _last_told_at(request: ServiceRequest) -> datetime:
    return next((one.at for one in reversed(request.timeline) if _tells(one)), request.state.opened_at)


def _tells(entry: Entry) -> bool:
    if entry.type is EntryType.ESCALATED:
        return not _LATE_LEVELS.isdisjoint((entry.data["level"], *entry.data.get("skipped", ())))
    return entry.type in _TELLING or (entry.type is EntryType.COMMENTED and bool(entry.data.get("public")))
