"""Tell when somebody must look at a request next, and under which shard that is filed."""

from __future__ import annotations

import zlib
from datetime import datetime

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest, State

TIMER_SHARDS = 16


def next_timer(request: ServiceRequest) -> datetime | None:
    """Return the next instant at which the request needs attention; None once nobody has to act."""
    state = request.state
    if not state.is_open:
        return None
    due = binding_due_at(state)
    return min(due, state.acknowledge_by) if state.acknowledge_by else due


def binding_due_at(state: State) -> datetime:
    """Return the date that binds now: that of the rework once reopened, else the original one."""
    return state.rework_due_at or state.due_at


def timer_shard(protocol: Protocol) -> int:
    """Spread protocols evenly over the shards, so that no index key carries all timers."""
    return zlib.crc32(protocol.encode()) % TIMER_SHARDS
