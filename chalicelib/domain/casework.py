"""Decide what each order does to a request; nothing here reads a clock or a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from chalicelib.domain import deadline_orders, handover, orders
from chalicelib.domain.attendance import left_behind
from chalicelib.domain.catalogue import Catalogue, EvidenceRule
from chalicelib.domain.citizen_orders import identity_faults
from chalicelib.domain.errors import (
    ActorNotAllowed,
    DomainError,
    EvidenceRequired,
    Fault,
    InvalidInput,
    TransitionNotAllowed,
)
from chalicelib.domain.handover import Decision
from chalicelib.domain.intake import time_fault
from chalicelib.domain.judging import is_drawn_for_audit, judge
from chalicelib.domain.order_faults import LONGEST_CODE, order_faults
from chalicelib.domain.outcomes import SignedTeamRecord
from chalicelib.domain.people import Role
from chalicelib.domain.places import Point
from chalicelib.domain.request_deadlines import without_pause
from chalicelib.domain.requests import CONTACT_KEYS, Act, Rejection, Resolution, ServiceRequest, TeamRecord
from chalicelib.domain.transitions import TRANSITIONS, Command, Status, next_status
from chalicelib.domain.waiting import is_result_told

FIRST_ACTIONS = frozenset({Command.SCHEDULE, Command.ASK, Command.WAIT, Command.RESOLVE, Command.REJECT})
"""What a first-action term waits for: accepting a request does nothing about it yet."""
FARTHEST_VISIT = timedelta(days=366)


def decide(request: ServiceRequest, order: orders.Order, catalogue: Catalogue, act: Act) -> ServiceRequest:
    """Carry out `order` on `request` and record it as one decision.

    Raises:
        InvalidInput: a text or code of the order is wrong.
        TransitionNotAllowed, ActorNotAllowed: the status or the actor does not allow it.
        EvidenceRequired, ReturnTooLate, TimelineFull: the order's own rules.
    """
    status, role = request.state.status, act.by.role
    next_status(order.COMMAND, status, role)
    decision = _decision(_settled(request, order, act), order, catalogue, act)
    target = next_status(order.COMMAND, status, role, decision.target)
    changes = {**left_behind(request, target, catalogue, act.at), **decision.changes}
    if target is not status:
        changes["status"] = target
    if order.COMMAND in FIRST_ACTIONS and request.state.first_acted_at is None:
        changes["first_acted_at"] = act.at
    act = dataclasses.replace(act, texts={**act.texts, **order.texts(), **decision.texts})
    decided = request.with_decision(TRANSITIONS[order.COMMAND].entry, act, changes, decision.facts)
    if isinstance(order, orders.Erase):
        kept = {name: text for name, text in decided.private.items() if name not in decision.facts["erased"]}
        return dataclasses.replace(decided, private=kept)
    return decided


def _decision(request: ServiceRequest, order: orders.Order, catalogue: Catalogue, act: Act) -> Decision:
    """Name the faults of the texts together with those that the order's own rules find."""
    faults = (*order_faults(order), *identity_faults(order, act.by.role))
    try:
        decision = _DECISIONS[type(order)](request, order, catalogue, act)
    except InvalidInput as refusal:
        named = {fault.path for fault in faults}
        more = (fault for fault in refusal.faults if fault.path not in named)
        raise InvalidInput(*faults, *more) from None
    except DomainError:
        if not faults:
            raise
    if faults:
        raise InvalidInput(*faults)
    return decision


def _settled(request: ServiceRequest, order: orders.Order, act: Act) -> ServiceRequest:
    """Let an order that ends the waiting for a citizen be decided as if the pause were over already."""
    state = request.state
    waits_on = state.status in TRANSITIONS[order.COMMAND].moves.get(state.status, ())
    if state.status is not Status.WAITING_CITIZEN or waits_on:
        return request
    return dataclasses.replace(request, state=dataclasses.replace(state, **without_pause(state, act.at)))


def _accept(request: ServiceRequest, order: orders.Accept, catalogue: Catalogue, act: Act) -> Decision:
    return Decision(Status.IN_PROGRESS, {"accepted_at": act.at, "acknowledge_by": None})


def _schedule(request: ServiceRequest, order: orders.Schedule, catalogue: Catalogue, act: Act) -> Decision:
    if order.visit_at.tzinfo is None:
        raise InvalidInput(Fault(path="visit_at", reason="time_zone_missing"))
    if order.visit_at <= act.at:
        raise InvalidInput(Fault(path="visit_at", reason="not_in_the_future"))
    if order.visit_at > act.at + FARTHEST_VISIT:
        raise InvalidInput(Fault(path="visit_at", reason="out_of_range"))
    return Decision(Status.SCHEDULED, {"scheduled_for": order.visit_at})


def _resolve(request: ServiceRequest, order: orders.Resolve, catalogue: Catalogue, act: Act) -> Decision:
    service = catalogue.services.get(request.state.service)
    rule = service.evidence if service else EvidenceRule.PHOTO_OR_TEAM_RECORD
    if rule is EvidenceRule.PHOTO_OR_TEAM_RECORD and not (order.photos or order.team_record):
        raise EvidenceRequired(rule)
    if reused := tuple(_reused_photos(order.photos, request)):
        raise InvalidInput(*reused)
    if order.team_record and (faults := tuple(_team_faults(order.team_record, request, act))):
        raise InvalidInput(*faults)
    signed = order.team_record
    resolution = Resolution(
        at=act.at,
        reason=order.reason,
        photos=order.photos,
        team_record=TeamRecord(at=signed.at, lat=signed.lat, lon=signed.lon) if signed else None,
    )
    texts = {"team": signed.team} if signed else {}
    changes = {"resolution": resolution, "drawn_for_audit": is_drawn_for_audit(act.seed)}
    return Decision(Status.RESOLVED, changes, texts=texts)


def _reused_photos(photos: Sequence[str], request: ServiceRequest) -> Iterator[Fault]:
    """A photo that the request quotes already cannot show what was done since."""
    known = set(request.photos_quoted())
    for position, photo in enumerate(photos):
        if photo in known:
            yield Fault(path=f"photos.{position}", reason="already_quoted")


def _team_faults(record: SignedTeamRecord, request: ServiceRequest, act: Act) -> Iterator[Fault]:
    if not record.team.strip():
        yield Fault(path="team_record.team", reason="required")
    if len(record.team) > LONGEST_CODE:
        yield Fault(path="team_record.team", reason="too_long", facts={"longest": LONGEST_CODE})
    if fault := time_fault("team_record.at", record.at, act.at):
        yield fault
    elif record.at < request.state.received_at:
        yield Fault(path="team_record.at", reason="out_of_range")
    if not Point(lat=record.lat, lon=record.lon).is_a_position:
        yield Fault(path="team_record", reason="not_a_position")


def _reject(request: ServiceRequest, order: orders.Reject, catalogue: Catalogue, act: Act) -> Decision:
    """Refuse it; outside triage that is for whoever holds it, not for the centre."""
    if request.state.status is not Status.TRIAGE and act.by.role is not Role.SECRETARIAT:
        raise ActorNotAllowed
    rejection = Rejection(at=act.at, reason=order.reason)
    return Decision(Status.REJECTED, {"rejection": rejection})


def _merge(request: ServiceRequest, order: orders.Merge, catalogue: Catalogue, act: Act) -> Decision:
    if order.into == request.protocol:
        raise InvalidInput(Fault(path="into", reason="same_request"))
    return Decision(Status.DUPLICATE, {"duplicate_of": order.into})


def merge_fault(duplicate: ServiceRequest, into: ServiceRequest) -> Fault | None:
    """Refuse to join a request that nobody works on, or a later one: two could join each other."""
    if into.state.status is Status.DUPLICATE:
        return Fault(path="into", reason="is_a_duplicate")
    if not into.state.is_open:
        return Fault(path="into", reason="is_closed")
    if into.state.opened_at > duplicate.state.opened_at:
        return Fault(path="into", reason="is_later")
    return None


def _confirm_told(
    request: ServiceRequest, order: orders.ConfirmTold, catalogue: Catalogue, act: Act
) -> Decision:
    """Note once that people told the result; the window to contest is the citizen's from then on."""
    if is_result_told(request.state):
        raise TransitionNotAllowed(order.COMMAND, request.state.status)
    return Decision(None, {"result_told_at": act.at}, {"means": order.means})


def _set_number(
    request: ServiceRequest, order: orders.SetExternalNumber, catalogue: Catalogue, act: Act
) -> Decision:
    return Decision(None, {"external_number": order.number.strip()})


def _erase(request: ServiceRequest, order: orders.Erase, catalogue: Catalogue, act: Act) -> Decision:
    unknown = set(order.names) - request.private.keys()
    if unknown:
        raise InvalidInput(Fault(path="names", reason="unknown_text", facts={"names": sorted(unknown)}))
    names = set(order.names) or set(request.private)
    if any(".reporter." in name for name in names):
        names |= {name for name in request.private if name.endswith(f".{CONTACT_KEYS}")}
    return Decision(None, {}, {"erased": sorted(names), "legal_basis": order.legal_basis})


def _plainly(target: Status | None) -> Callable[..., Decision]:
    return lambda request, order, catalogue, act: Decision(target, {})


_DECISIONS: Mapping[type[orders.Order], Callable[..., Decision]] = {
    orders.Accept: _accept,
    orders.Return: handover.return_request,
    orders.Forward: handover.forward_request,
    orders.Schedule: _schedule,
    orders.Ask: deadline_orders.ask,
    orders.ConfirmDelivery: deadline_orders.confirm_delivery,
    orders.ConfirmTold: _confirm_told,
    orders.Answer: deadline_orders.answer,
    orders.Revive: deadline_orders.revive,
    orders.Wait: deadline_orders.wait,
    orders.Extend: deadline_orders.extend,
    orders.Justify: deadline_orders.justify,
    orders.Judge: judge,
    orders.Resume: deadline_orders.resume,
    orders.Confirm: _plainly(Status.CLOSED),
    orders.Contest: handover.contest_request,
    orders.Comment: lambda request, order, catalogue, act: Decision(None, {}, {"public": order.public}),
    orders.Reiterate: _plainly(None),
    orders.Resolve: _resolve,
    orders.Reject: _reject,
    orders.Merge: _merge,
    orders.Reopen: handover.reopen_request,
    orders.Cancel: _plainly(Status.CANCELLED),
    orders.Reprioritise: deadline_orders.reprioritise,
    orders.SetExternalNumber: _set_number,
    orders.Classify: handover.classify_request,
    orders.Erase: _erase,
}
