"""Push emergencies to the people on call, one after the other, until somebody accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.recipients import Recipient, on_call_chain
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status

ALERTED_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The next push: the how manieth it is, to whom, and from when on it is due."""

    step: int
    to: Recipient
    at: datetime


def next_alert(request: ServiceRequest, catalogue: Catalogue) -> Alert | None:
    """Choose whom to push next: the roster in order, then the duty manager; None when nobody is left.

    The first push is due on arrival, the next one 15 minutes after the one before; day and night. Who was
    pushed already, for whichever unit, is not pushed again before it arrives anew.
    """
    state = request.state
    if state.urgency is not Urgency.EMERGENCY or state.status not in (Status.QUEUED, Status.TRIAGE):
        return None
    at = state.alerted_at + ALERTED_EVERY if state.alerted_at else state.arrived_at
    pushed = _pushed(request)
    chain = on_call_chain(state, catalogue, calendar_of(catalogue).local_day(at))
    to = next((one for one in chain if one.person not in pushed), None)
    return Alert(step=len(pushed) + 1, to=to, at=at) if to else None


def next_alert_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the next push is due."""
    alert = next_alert(request, catalogue)
    return alert.at if alert else None


def _pushed(request: ServiceRequest) -> set[str]:
    """Name who has been pushed since the request arrived where it is."""
    since = request.state.arrived_at
    alerts = (entry for entry in request.timeline if entry.type is EntryType.ALERTED and entry.at >= since)
    return {entry.data["person"] for entry in alerts}
