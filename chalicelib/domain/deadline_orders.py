"""Decide the orders that stop, move or answer for a deadline: ask, wait, extend, justify, reprioritise."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from chalicelib.domain import orders
from chalicelib.domain.asked import archived_at, may_be_revived
from chalicelib.domain.attendance import recounted
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.deadlines import rework_term
from chalicelib.domain.errors import (
    ActorNotAllowed,
    AnswerTooLate,
    CitizenCannotBeAsked,
    ExtensionNotAllowed,
    Fault,
    InvalidInput,
    TransitionNotAllowed,
)
from chalicelib.domain.handover import Decision, rework_from
from chalicelib.domain.opening import terms_under
from chalicelib.domain.pauses import Pause
from chalicelib.domain.people import Role
from chalicelib.domain.request_deadlines import calendar_of_request, without_pause
from chalicelib.domain.requests import Act, ServiceRequest, State
from chalicelib.domain.terms import Term
from chalicelib.domain.transitions import SENT, Status
from chalicelib.domain.waiting import MOST_PAUSED_DAYS, paused_days

MOST_QUESTIONS = 2
AN_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def ask(request: ServiceRequest, order: orders.Ask, catalogue: Catalogue, act: Act) -> Decision:
    """Ask the citizen; the deadline stands still once the question has provably reached him."""
    state = request.state
    used = paused_days(state.pauses, calendar_of_request(state, catalogue))
    askable = request.is_reachable and state.urgency is not Urgency.EMERGENCY and used < MOST_PAUSED_DAYS
    if not askable or state.questions >= MOST_QUESTIONS:
        raise CitizenCannotBeAsked
    return Decision(Status.WAITING_CITIZEN, {"questions": state.questions + 1, "asked_at": act.at})


def confirm_delivery(
    request: ServiceRequest, order: orders.ConfirmDelivery, catalogue: Catalogue, act: Act
) -> Decision:
    """Note that the question has reached the citizen; from now on the deadline stands still."""
    if request.state.paused_since is not None or request.state.urgency is Urgency.EMERGENCY:
        raise TransitionNotAllowed(order.COMMAND, request.state.status)
    return Decision(None, {"paused_since": act.at}, {"means": order.means})


def answer(request: ServiceRequest, order: orders.Answer, catalogue: Catalogue, act: Act) -> Decision:
    """Take the citizen's answer; the work goes on and so does the deadline."""
    return Decision(Status.IN_PROGRESS, {}, {"photos": order.photos})


def wait(request: ServiceRequest, order: orders.Wait, catalogue: Catalogue, act: Act) -> Decision:
    """Wait for a third party while the deadline runs; whoever is written to must be asked something."""
    faults = []
    if order.party_email.strip() and not AN_EMAIL.fullmatch(order.party_email.strip()):
        faults.append(Fault(path="party_email", reason="invalid_email"))
    if order.party_email.strip() and not order.note.strip():
        faults.append(Fault(path="note", reason="required"))
    if faults:
        raise InvalidInput(*faults)
    return Decision(Status.WAITING_THIRD_PARTY, {"waiting_since": act.at})


def resume(request: ServiceRequest, order: orders.Resume, catalogue: Catalogue, act: Act) -> Decision:
    """Go on with the work, and with what the third party answered."""
    if act.by.role is Role.THIRD_PARTY and not order.answer.strip():
        raise InvalidInput(Fault(path="answer", reason="required"))
    return Decision(Status.IN_PROGRESS, {}, {"photos": order.photos} if order.photos else {})


def extend(request: ServiceRequest, order: orders.Extend, catalogue: Catalogue, act: Act) -> Decision:
    """Extend once, before it ends: the secretariat its term, the ombudsman the law's 30 days."""
    if act.by.role is Role.OMBUDSMAN:
        return _extend_legal(request, catalogue, act)
    state = request.state
    if rule := _why_not_extended(state, act):
        raise ExtensionNotAllowed(rule)
    amount = state.term.amount if order.amount is None else order.amount
    if not 1 <= amount <= state.term.amount:
        facts = {"least": 1, "most": state.term.amount}
        raise InvalidInput(Fault(path="amount", reason="out_of_range", facts=facts))
    return _extended(request, {"extension": amount}, catalogue, act)


def justify(request: ServiceRequest, order: orders.Justify, catalogue: Catalogue, act: Act) -> Decision:
    """Take the written justification that level 2 asks for."""
    justify_by = request.state.justify_by
    return Decision(None, {"justify_by": None}, {"in_time": justify_by is None or act.at <= justify_by})


def revive(request: ServiceRequest, order: orders.Revive, catalogue: Catalogue, act: Act) -> Decision:
    """Take a late answer: within 30 days it brings back what was archived, its deadline paused meanwhile."""
    if not may_be_revived(request, act.at):
        raise AnswerTooLate
    pauses = (*request.state.pauses, Pause(since=archived_at(request), until=act.at))
    revived = {"pauses": pauses, "status": Status.IN_PROGRESS}
    changes = {"pauses": pauses, **_dates_with(request, revived, catalogue, act)}
    return Decision(Status.IN_PROGRESS, changes, {"photos": order.photos} if order.photos else {})


def reprioritise(
    request: ServiceRequest, order: orders.Reprioritise, catalogue: Catalogue, act: Act
) -> Decision:
    """Change urgency or priority; only attendants lower an emergency.

    What becomes one runs by the clock from then on, and somebody on call must accept it anew: who had it
    had accepted something else.
    """
    levels, state = list(Urgency), request.state
    if order.priority is not None and not 1 <= order.priority <= 5:
        raise InvalidInput(Fault(path="priority", reason="out_of_range", facts={"least": 1, "most": 5}))
    if order.urgency is None and order.priority is None:
        raise InvalidInput(Fault(path="urgency", reason="required"))
    urgency = order.urgency or state.urgency
    if levels.index(urgency) > levels.index(state.urgency) and act.by.role is not Role.ATTENDANT:
        raise ActorNotAllowed
    changes: dict[str, Any] = {"urgency": urgency, "priority": order.priority or state.priority}
    if Urgency.EMERGENCY not in {urgency, state.urgency} or urgency is state.urgency:
        return Decision(None, changes)
    changes |= _clocks_under(urgency, request, catalogue, act)
    changes |= _dates_with(request, changes, catalogue, act)
    is_taken_up_anew = urgency is Urgency.EMERGENCY and state.status in SENT
    return Decision(Status.QUEUED if is_taken_up_anew else None, changes)


def _clocks_under(
    urgency: Urgency, request: ServiceRequest, catalogue: Catalogue, act: Act
) -> dict[str, Any]:
    """Choose the terms of what becomes, or no longer is, an emergency, and from when they count."""
    state, service = request.state, catalogue.services.get(request.state.service)
    is_raised = urgency is Urgency.EMERGENCY
    changes: dict[str, Any] = {"raised_at": act.at if is_raised else None, "alerted_at": None}
    if is_raised:
        changes |= {"accepted_at": None, "acknowledge_by": act.at, **without_pause(state, act.at)}
    if service is None:
        return changes
    term, first = terms_under(service, urgency)
    if state.rework_term is not None:
        return changes | _rework_under(urgency, request, term, catalogue, act)
    counted_from = act.at if is_raised and term != state.term else None
    return changes | {"term": term, "first_action_term": first, "counted_from": counted_from}


def _rework_under(
    urgency: Urgency, request: ServiceRequest, term: Term, catalogue: Catalogue, act: Act
) -> dict[str, Any]:
    """Let an emergency's rework run by its clock; afterwards it counts from the reopening again."""
    state = dataclasses.replace(request.state, urgency=urgency)
    calendar = calendar_of_request(state, catalogue)
    if urgency is Urgency.EMERGENCY:
        return rework_from(act.at, term, calendar)
    reopened_at = next(e.at for e in reversed(request.timeline) if e.data.get("generation", 1) > 1)
    return rework_from(reopened_at, rework_term(state.term), calendar)


def _why_not_extended(state: State, act: Act) -> str | None:
    if state.extension:
        return "once"
    if state.urgency is Urgency.EMERGENCY:
        return "emergency"
    if state.rework_due_at is not None:
        return "rework"
    return "too_late" if act.at > state.due_at else None


def _extend_legal(request: ServiceRequest, catalogue: Catalogue, act: Act) -> Decision:
    state = request.state
    if state.legal_due_at is None:
        raise ExtensionNotAllowed("no_legal_term")
    if state.legal_extended:
        raise ExtensionNotAllowed("once")
    if act.at > state.legal_due_at:
        raise ExtensionNotAllowed("too_late")
    return _extended(request, {"legal_extended": True}, catalogue, act)


def _extended(request: ServiceRequest, changes: dict[str, Any], catalogue: Catalogue, act: Act) -> Decision:
    return Decision(None, {**changes, **_dates_with(request, changes, catalogue, act)}, {"extended": changes})


def _dates_with(
    request: ServiceRequest, changes: dict[str, Any], catalogue: Catalogue, act: Act
) -> dict[str, Any]:
    """Count the dates anew under changes that are about to be recorded."""
    state = dataclasses.replace(request.state, **changes)
    return recounted(dataclasses.replace(request, state=state), catalogue, act.at)
