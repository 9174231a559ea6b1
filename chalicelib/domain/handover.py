"""Move a request from one holder to another: return, forward, reopen, classify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain import orders
from chalicelib.domain.attributes import attribute_faults, split_answers
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.catalogue import Catalogue, Service, Urgency
from chalicelib.domain.contests import refuse_late_contest
from chalicelib.domain.deadlines import due_at, rework_term
from chalicelib.domain.errors import Fault, InvalidInput, ReturnTooLate, TriageBinds
from chalicelib.domain.escalation import taken_back
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.opening import acknowledgement_term, assignment, calendar_for, legal_due_at
from chalicelib.domain.people import Role
from chalicelib.domain.requests import Act, Holding, ServiceRequest, State
from chalicelib.domain.routing import Route, route_request, route_to, triage
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.transitions import Status

RETURN_TERM = Term(amount=2, unit=TermUnit.WORKING_DAYS)
MOST_RETURNS = 2
REVIEWED_GENERATION = 3
RETURNED, BOUND, REVIEW, CHOSEN = "returned", "bound_by_triage", "review", "attendant"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an order amounts to: where the request goes, what changes, and what is worth recording."""

    target: Status | None
    changes: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def return_request(request: ServiceRequest, order: orders.Return, catalogue: Catalogue, act: Act) -> Decision:
    """Send it back: once to the secretariat it belongs to, then to triage, which binds."""
    state = request.state
    if state.returns >= MOST_RETURNS:
        raise TriageBinds
    if state.accepted_at and act.at > due_at(RETURN_TERM, state.accepted_at, _calendar(state, catalogue)):
        raise ReturnTooLate
    if order.proposed is not None and order.proposed not in catalogue.secretariats:
        raise InvalidInput(Fault(path="proposed", reason="unknown_secretariat"))
    route = triage(catalogue, BOUND if state.returns else RETURNED)
    if order.proposed and not state.returns and order.proposed in _allowed(catalogue, state.service):
        proposed = route_to(catalogue, order.proposed, state.place, act.at, RETURNED)
        route = proposed if proposed.secretariat != state.secretariat else route
    changes = _moved(request, route, catalogue, act) | {"returns": state.returns + 1}
    return Decision(_landed(route), changes, {"proposed": order.proposed})


def _allowed(catalogue: Catalogue, service: str) -> set[str]:
    known = catalogue.services.get(service)
    return {known.secretariat or "", *known.alternatives} if known else set()


def forward_request(
    request: ServiceRequest, order: orders.Forward, catalogue: Catalogue, act: Act
) -> Decision:
    """Hand it to a unit of the same secretariat."""
    holder = catalogue.secretariats.get(request.state.secretariat)
    units = {unit.code for unit in holder.units} if holder else set()
    if order.unit not in units:
        raise InvalidInput(Fault(path="unit", reason="unknown_unit", facts={"choices": sorted(units)}))
    return Decision(None, {"unit": order.unit, "alerted_at": None})


def reopen_request(request: ServiceRequest, order: orders.Reopen, catalogue: Catalogue, act: Act) -> Decision:
    """Start a new generation with its own rework date; the third goes to the centre's reviewer.

    What was refused in triage returns there: nobody else ever had it. The ladder begins anew with the rework
    date; the law's term was met by the first answer.
    """
    return _taken_up(request, _route_back(request, catalogue, act), catalogue, act)


def contest_request(
    request: ServiceRequest, order: orders.Contest, catalogue: Catalogue, act: Act
) -> Decision:
    """Take up again what the citizen says was not done; a contested refusal goes to the centre's reviewer.

    Raises:
        ContestTooLate: ten working days have passed.
    """
    refuse_late_contest(request, catalogue, act.at)
    was_rejected = request.state.status is Status.REJECTED
    route = triage(catalogue, REVIEW) if was_rejected else _route_back(request, catalogue, act)
    decision = _taken_up(request, route, catalogue, act)
    return replace(decision, facts={**decision.facts, "photos": order.photos})


def _route_back(request: ServiceRequest, catalogue: Catalogue, act: Act) -> Route:
    """Choose who redoes the work: whoever had it, after the second time the centre's reviewer decides."""
    state = request.state
    if state.generation + 1 >= REVIEWED_GENERATION or state.provisional:
        return triage(catalogue, REVIEW)
    return route_to(catalogue, state.secretariat, state.place, act.at, state.routed_by)


def _taken_up(request: ServiceRequest, route: Route, catalogue: Catalogue, act: Act) -> Decision:
    """Begin a new generation in the hands of `route`."""
    state, generation = request.state, request.state.generation + 1
    changes = _moved(request, route, catalogue, act) | {
        "generation": generation,
        **rework_from(act.at, rework_term(state.term), _calendar(state, catalogue)),
        "resolution": None,
        "rejection": None,
        "provisional": state.provisional,
        "escalated": (),
        "justify_by": None,
        "forecast_at": None,
        "legal_due_at": None,
    }
    return Decision(_landed(route), changes, {"generation": generation})


def classify_request(
    request: ServiceRequest, order: orders.Classify, catalogue: Catalogue, act: Act
) -> Decision:
    """Route it anew under another service; the dates count from the original opening."""
    state = request.state
    service = catalogue.services.get(order.service or state.service)
    if service is None:
        raise InvalidInput(Fault(path="service", reason="unknown_service"))
    if order.secretariat is not None and order.secretariat not in catalogue.secretariats:
        raise InvalidInput(Fault(path="secretariat", reason="unknown_secretariat"))
    if wrong := _wrong_answers(service, order.attributes):
        raise InvalidInput(*wrong.values())
    unfit = _wrong_answers(service, state.attributes)
    kept = {code: answer for code, answer in state.attributes.items() if f"attributes.{code}" not in unfit}
    answers, texts = split_answers(service, {**kept, **order.attributes})
    route = (
        route_to(catalogue, order.secretariat, state.place, act.at, CHOSEN)
        if order.secretariat
        else route_request(catalogue, service.code, answers, state.place, act.at)
    )
    changes = {
        **_moved(request, route, catalogue, act),
        **_dated_anew(request, service, route, catalogue, act),
        "service": service.code,
        "attributes": answers,
        "catalogue_version": catalogue.version,
    }
    after = replace(request, state=replace(state, **changes))
    changes |= taken_back(after, catalogue, act.at)
    return Decision(changes.pop("status"), changes, texts=texts)


def _dated_anew(
    request: ServiceRequest, service: Service, route: Route, catalogue: Catalogue, act: Act
) -> dict[str, Any]:
    """Count every date under another service from the opening; an emergency from when it became one."""
    state, inherited = request.state, _inherited(request, service, catalogue, act)
    urgency, kind, place = inherited["urgency"], inherited["kind"], state.place
    is_raised = urgency is Urgency.EMERGENCY is not state.urgency
    counted_from = act.at if is_raised else state.counted_from if urgency is Urgency.EMERGENCY else None
    since = counted_from or state.received_at
    calendar = calendar_for(catalogue, service.code, place, urgency)
    dated = assignment(route, service, urgency, calendar, since=since, held_since=act.at, pauses=state.pauses)
    legal = legal_due_at(
        kind, service.code, place, state.received_at, catalogue, extended=state.legal_extended
    )
    return {
        **dated,
        **inherited,
        "counted_from": counted_from,
        "raised_at": act.at if is_raised else state.raised_at if urgency is Urgency.EMERGENCY else None,
        "extension": 0,
        "ladder": catalogue.escalation.policy_for(service.code),
        "legal_due_at": legal if state.generation == 1 else None,
    }


def _wrong_answers(service: Service, answers: Mapping[str, Any]) -> dict[str, Fault]:
    faults = attribute_faults(service, answers)
    return {fault.path: fault for fault in faults if fault.reason != "required"}


def _inherited(request: ServiceRequest, service: Service, catalogue: Catalogue, act: Act) -> dict[str, Any]:
    """Take from the new service what the old one had set; what people decided or were promised stays."""
    state, before = request.state, catalogue.services.get(request.state.service)
    decided = before is None or state.urgency is not before.urgency or act.by.role is not Role.ATTENDANT
    urgencies = list(Urgency)
    return {
        "kind": service.kind if before and state.kind is before.kind else state.kind,
        "urgency": min(service.urgency, state.urgency, key=urgencies.index) if decided else service.urgency,
        "priority": service.priority if before and state.priority == before.priority else state.priority,
        "confidential": state.confidential or service.confidential,
    }


def _moved(request: ServiceRequest, route: Route, catalogue: Catalogue, act: Act) -> dict[str, Any]:
    """Hand the request to another holder and note how long the one before had it."""
    state, calendar = request.state, _calendar(request.state, catalogue)
    held = Holding(secretariat=state.secretariat, since=state.held_since, until=act.at)
    return {
        "secretariat": route.secretariat,
        "unit": route.unit,
        "routed_by": route.rule,
        "provisional": route.triage,
        "held_since": act.at,
        "holdings": (*state.holdings, held),
        "acknowledge_by": due_at(acknowledgement_term(state.urgency), act.at, calendar),
        "accepted_at": None,
        "alerted_at": None,
        "escalated": tuple(one for one in state.escalated if one is not EscalationLevel.ACKNOWLEDGEMENT),
    }


def rework_from(since: datetime, term: Term, calendar: Calendar) -> dict[str, Any]:
    """Say by when the rework that began at `since` must be done."""
    return {"rework_term": term, "rework_since": since, "rework_due_at": due_at(term, since, calendar)}


def _calendar(state: State, catalogue: Catalogue) -> Calendar:
    return calendar_for(catalogue, state.service, state.place, state.urgency)


def _landed(route: Route) -> Status:
    return Status.TRIAGE if route.triage else Status.QUEUED
