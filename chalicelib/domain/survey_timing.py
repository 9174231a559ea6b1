"""Tell when a resolution is to be followed by its survey: some time after it, as the channel asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Channel
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.told_hours import morning_after
from chalicelib.domain.transitions import Status

QUICK, NEXT_DAY = timedelta(hours=2), timedelta(hours=24)
DELAYS: Mapping[Channel, timedelta] = {
    Channel.WHATSAPP: QUICK,
    Channel.SMS: QUICK,
    Channel.CHAT: QUICK,
    Channel.WEB: NEXT_DAY,
    Channel.APP: NEXT_DAY,
    Channel.EMAIL: NEXT_DAY,
}
"""Our proposal; who telephoned or came to the counter is asked on the morning of the next working day."""


def survey_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the survey of the resolution in force is due; None if there is none, or it was begun.

    A confirmation closes the request and leaves its survey standing; a reopening ends it.
    """
    state = request.state
    if state.status not in (Status.RESOLVED, Status.CLOSED) or state.resolution is None:
        return None
    if state.surveyed_generation >= state.generation:
        return None
    delay = DELAYS.get(state.channel)
    if delay is None:
        return morning_after(calendar_of(catalogue), state.resolution.at, 1)
    return state.resolution.at + delay
