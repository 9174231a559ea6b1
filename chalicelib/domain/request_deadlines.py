"""Count the dates of a request: promised, of the rework, first action, acknowledgement, and the law's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.deadlines import due_at, explain
from chalicelib.domain.explanations import Explanation
from chalicelib.domain.opening import (
    acknowledgement_term,
    calendar_for,
    legal_calendar_for,
    legal_due_at,
    legal_term,
)
from chalicelib.domain.pauses import Pause
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.terms import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The dates of a request under a calendar, by the names that the state has for them."""

    due_at: datetime
    rework_due_at: datetime | None
    first_action_by: datetime | None
    acknowledge_by: datetime | None
    legal_due_at: datetime | None

    @property
    def binding(self) -> datetime:
        """Give the date that binds: that of the rework once reopened."""
        return self.rework_due_at or self.due_at

    def moved_from(self, state: State) -> dict[str, datetime | None]:
        """Name those that differ from the dates in force."""
        mine = {name: getattr(self, name) for name in DATES}
        return {name: moment for name, moment in mine.items() if moment != getattr(state, name)}


DATES = tuple(one.name for one in fields(Dates))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeadline:
    """How a request's dates are counted in the calendar of a catalogue.

    They may differ from the dates in force where the calendar changed after these were set.
    """

    resolution: Explanation
    rework: Explanation | None = None
    first_action: Explanation | None = None
    acknowledgement: Explanation | None = None
    legal: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingTerm:
    """The term that binds now, from when it counts and when it ends; the ladder stands on it."""

    term: Term
    since: datetime
    due_at: datetime


def calendar_of_request(state: State, catalogue: Catalogue) -> Calendar:
    """Take the calendar that the request's own terms are counted in."""
    return calendar_for(catalogue, state.service, state.place, state.urgency)


def resolution_term(state: State) -> Term:
    """Give the promised term with what it was extended by; while it is an emergency, an extension rests."""
    if not state.extension or state.urgency is Urgency.EMERGENCY:
        return state.term
    return replace(state.term, amount=state.term.amount + state.extension)


def binding_term(request: ServiceRequest) -> BindingTerm:
    """Tell which term drives the ladder: the rework's once reopened, else the promised one."""
    state = request.state
    if state.rework_due_at is not None and state.rework_term is not None:
        since = state.rework_since or state.held_since
        return BindingTerm(term=state.rework_term, since=since, due_at=state.rework_due_at)
    return BindingTerm(term=resolution_term(state), since=state.began_at, due_at=state.due_at)


def dates_of(request: ServiceRequest, catalogue: Catalogue) -> Dates:
    """Count the dates of a request anew, from where each of its terms began; one that is not set stays so."""
    state, calendar = request.state, calendar_of_request(request.state, catalogue)
    rework, pauses = state.rework_term, state.pauses
    first, since = state.first_action_term, state.began_at
    acknowledge = acknowledgement_term(state.urgency) if state.acknowledge_by else None
    legal = legal_due_at(
        state.kind, state.service, state.place, state.received_at, catalogue, extended=state.legal_extended
    )
    return Dates(
        due_at=due_at(resolution_term(state), since, calendar, pauses),
        rework_due_at=due_at(rework, state.rework_since or since, calendar, pauses) if rework else None,
        first_action_by=due_at(first, since, calendar) if first else None,
        acknowledge_by=due_at(acknowledge, state.arrived_at, calendar) if acknowledge else None,
        legal_due_at=legal if state.legal_due_at else None,
    )


def explain_request(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> RequestDeadline:
    """Explain every date of a request day by day; a pause that lasts is shown up to `now`."""
    state, calendar = request.state, calendar_of_request(request.state, catalogue)
    pauses = pauses_until(state, now)
    rework, first = state.rework_term, state.first_action_term
    legal_calendar = legal_calendar_for(catalogue, state.service, state.place)
    return RequestDeadline(
        resolution=explain(resolution_term(state), state.began_at, calendar, pauses),
        rework=explain(rework, state.rework_since or state.began_at, calendar, pauses) if rework else None,
        first_action=explain(first, state.began_at, calendar) if first else None,
        acknowledgement=explain(acknowledgement_term(state.urgency), state.arrived_at, calendar)
        if state.acknowledge_by
        else None,
        legal=explain(legal_term(extended=state.legal_extended), state.received_at, legal_calendar)
        if state.legal_due_at
        else None,
    )


def pauses_until(state: State, now: datetime) -> tuple[Pause, ...]:
    """List the pauses, the one that still lasts as if it ended now."""
    if state.paused_since is None:
        return state.pauses
    return (*state.pauses, Pause(since=state.paused_since, until=max(now, state.paused_since)))


def without_pause(state: State, now: datetime) -> Mapping[str, Any]:
    """Say what changes when a question no longer holds the deadline up: the pause ends, if it had begun."""
    return {"pauses": pauses_until(state, now), "paused_since": None, "asked_at": None}
