"""Say what a calamity has come to among the open requests: moved, still to be moved, received on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.calamities import Calamity
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.request_deadlines import dates_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Counts of open requests; once `to_be_moved` is 0, every date is the one that the calendar gives."""

    open: int
    moved: int
    to_be_moved: int
    waiting: int
    emergencies: int
    on_paper: int


def reconcile(requests: Iterable[ServiceRequest], catalogue: Catalogue, calamity: Calamity) -> Reconciliation:
    """Count what the act of `calamity` moved; `waiting` ones wait for an answer and move when it comes."""
    counts = dict.fromkeys(("open", "moved", "to_be_moved", "waiting", "emergencies", "on_paper"), 0)
    for request in requests:
        state = request.state
        counts["open"] += 1
        counts["moved"] += was_moved_by(request, calamity.act)
        counts["emergencies"] += state.urgency is Urgency.EMERGENCY
        counts["on_paper"] += state.received_at != state.opened_at
        if dates_of(request, catalogue).moved_from(state):
            counts["waiting" if state.paused_since else "to_be_moved"] += 1
    return Reconciliation(**counts)


def was_moved_by(request: ServiceRequest, act: str) -> bool:
    """Tell whether any of its dates was ever moved by this act."""
    redated = (entry for entry in request.timeline if entry.type is EntryType.REDATED)
    return any(act in entry.data["because"] for entry in redated)
