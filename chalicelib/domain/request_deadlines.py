"""Explain the dates of a request: the promised one and, once reopened, that of the rework."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines import due_at, explain, rework_term
from chalicelib.domain.explanations import Explanation
from chalicelib.domain.opening import calendar_for
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.terms import Term, TermUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeadline:
    """How a request's dates are counted in the calendar of a catalogue.

    They may differ from the dates in force where the calendar changed after these were set.
    """

    resolution: Explanation
    rework: Explanation | None = None


def explain_request(request: ServiceRequest, catalogue: Catalogue) -> RequestDeadline:
    """Count a request's dates anew, from its original opening and its last reopening."""
    state = request.state
    calendar = calendar_for(catalogue, state.service, state.place, state.urgency)
    resolution = explain(state.term, state.opened_at, calendar)
    if (reopened := _last_reopening(request)) is None:
        return RequestDeadline(resolution=resolution)
    since, term = reopened
    return RequestDeadline(resolution=resolution, rework=explain(rework_term(term), since, calendar))


def dates_of(request: ServiceRequest, catalogue: Catalogue) -> tuple[datetime, ...]:
    """Count the same dates as `explain_request` without explaining them: the promised one, the rework's."""
    state = request.state
    calendar = calendar_for(catalogue, state.service, state.place, state.urgency)
    promised = due_at(state.term, state.opened_at, calendar)
    if (reopened := _last_reopening(request)) is None:
        return (promised,)
    since, term = reopened
    return promised, due_at(rework_term(term), since, calendar)


def _last_reopening(request: ServiceRequest) -> tuple[datetime, Term] | None:
    """Find when the rework in force began and the term that the request had then."""
    found: tuple[datetime, Term] | None = None
    term = request.state.term
    for entry in request.timeline:
        changes = entry.data.get("changes", {})
        if "term" in changes:
            term = Term(amount=changes["term"]["amount"], unit=TermUnit(changes["term"]["unit"]))
        if "rework_due_at" in changes:
            found = (entry.at, term) if changes["rework_due_at"] else None
    return found
