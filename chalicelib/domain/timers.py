"""Tell when somebody must look at a request next, and under which shard that is filed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.alerts import next_alert_at
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.escalation import next_level_at
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.reassurance import reassure_at
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.survey_timing import survey_at
from chalicelib.domain.timeline_limits import TALK
from chalicelib.domain.waiting import remind_at, wait_ends_at

TIMER_SHARDS = 16


def next_timer(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Return the next instant at which the request needs attention; None once nobody has to act.

    Those are: the next level of the ladder, the next push to somebody on call, the end of a wait (for the
    citizen, a third party, an announced visit), a reminder of a question, the end of the window in which work
    can be contested, the survey of a resolution, and a word to a citizen who has long heard nothing.
    """
    earliest = min(_moments(request, catalogue), default=None)
    return reassure_at(request, catalogue, before=earliest) or earliest


def filed_timer(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Return the instant to file the request under: a timer that is due already is due since it was made so.

    So how long the oldest due timer has waited says how late the sweep is, and a comment changes nothing.
    """
    timer = next_timer(request, catalogue)
    if timer is None:
        return None
    return max(timer, next(entry.at for entry in reversed(request.timeline) if entry.type not in TALK))


def binding_due_at(state: State) -> datetime:
    """Return the date that binds now: that of the rework once reopened, else the original one."""
    return state.rework_due_at or state.due_at


def timer_shard(protocol: Protocol) -> int:
    """Spread protocols evenly over the shards, so that no index key carries all timers."""
    return zlib.crc32(protocol.encode()) % TIMER_SHARDS


def _moments(request: ServiceRequest, catalogue: Catalogue) -> Iterator[datetime]:
    for moment_of in (wait_ends_at, remind_at, next_alert_at, next_level_at, survey_at):
        if (moment := moment_of(request, catalogue)) is not None:
            yield moment
