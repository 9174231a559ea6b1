"""Build a small city and requests in any status, through the domain's own decisions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.domain import orders
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.casework import decide
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.intake import IntakeDraft, PlaceDraft, ReporterDraft
from chalicelib.domain.opening import Identity, open_request, private_texts
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.people import SYSTEM, Actor, Channel, Role
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.city import CENTRO, RESTINGA, a_catalogue

__all__ = [
    "CENTRO",
    "OPENED_AT",
    "PERSON_KEY",
    "PHONE",
    "PHOTO",
    "RESTINGA",
    "a_catalogue",
    "a_draft",
    "a_request",
    "brought_to",
    "ordered",
]

OPENED_AT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""Ten in the morning in Porto Alegre, on a Monday."""
PHONE = "+5551991234567"
PERSON_KEY = "0123456789abcdef0123456789abcdef"
PHOTO = "00000000000000000000000000000001.jpg.0123456789abcdef"
_numbers = count(1)


def a_draft(service: str = "dumping", **changes: Any) -> IntakeDraft:
    """Give a complete draft that the small city's intake accepts on the web channel."""
    draft = IntakeDraft(
        service=service,
        description="Entulho na calçada há três dias",
        channel=Channel.WEB,
        place=PlaceDraft(lat=CENTRO.lat, lon=CENTRO.lon, address="Rua da Praia, 156"),
        attributes={"material": "rubble"} if service == "dumping" else {},
        reporter=ReporterDraft(name="Maria da Silva", phone="(51) 99123-4567"),
    )
    return dataclasses.replace(draft, **changes)


def a_request(
    status: Status = Status.QUEUED,
    *,
    draft: IntakeDraft | None = None,
    number: int | None = None,
    opened_at: datetime = OPENED_AT,
    person_key: str | None = PERSON_KEY,
    command: Mapping[str, str] | None = None,
    catalogue: Catalogue | None = None,
) -> ServiceRequest:
    """Open a request and bring it to `status` by the orders that lead there.

    Every call gives a protocol of its own unless `number` says which. TRIAGE is reached through
    a return, so that its holder is the centre.
    """
    draft, city = draft or a_draft(), catalogue or a_catalogue()
    texts = private_texts(draft, city.services[draft.service], {"phone": PHONE} if person_key else {})
    act = Act(
        by=Actor(role=Role.CHANNEL, name="portal"),
        at=opened_at,
        channel=draft.channel,
        texts=texts,
        seed=bytes(16),
        command=command,
    )
    identity = Identity(person_key=person_key, contact_keys=(person_key,) if person_key else ())
    day = Calendar(timezone=city.city.timezone).local_day(opened_at)
    protocol = compose_protocol(day, next(_numbers) if number is None else number)
    request = open_request(protocol, draft, draft.channel or Channel.WEB, identity, city, act)
    return brought_to(request, status, city)


def brought_to(request: ServiceRequest, status: Status, catalogue: Catalogue) -> ServiceRequest:
    """Bring a freshly queued request to `status`."""
    for order in _WAYS.get(status, ()):
        request = ordered(request, order, catalogue)
    if (step := _STEPS_OF_THE_SYSTEM.get(status)) is not None:
        source, entry = step
        request = brought_to(request, source, catalogue)
        request = request.with_decision(entry, _act(SYSTEM, request), {"status": status})
    return request


def ordered(
    request: ServiceRequest, order: orders.Order, catalogue: Catalogue | None = None, **act: Any
) -> ServiceRequest:
    """Carry out an order an hour after the last decision, by whoever gives such orders."""
    role = _ROLES.get(type(order), Role.SECRETARIAT)
    actor = Actor(role=role, name="clerk", secretariat=request.state.secretariat)
    given = dataclasses.replace(_act(actor, request), **act)
    return decide(request, order, catalogue or a_catalogue(), given)


def _act(actor: Actor, request: ServiceRequest) -> Act:
    seed = request.version.to_bytes(16, "big")
    return Act(by=actor, at=request.updated_at + timedelta(hours=1), seed=seed)


_ROLES: Mapping[type[orders.Order], Role] = {
    orders.Cancel: Role.CITIZEN,
    orders.Revive: Role.CITIZEN,
    orders.Confirm: Role.CITIZEN,
    orders.Contest: Role.CITIZEN,
    orders.Classify: Role.ATTENDANT,
    orders.Merge: Role.ATTENDANT,
    orders.Reiterate: Role.CITIZEN,
    orders.Reopen: Role.REVIEWER,
    orders.Reprioritise: Role.ATTENDANT,
    orders.Answer: Role.CITIZEN,
    orders.Erase: Role.OMBUDSMAN,
}
_WAYS: Mapping[Status, Sequence[orders.Order]] = {
    Status.TRIAGE: (orders.Return(reason="Não é conosco"),),
    Status.IN_PROGRESS: (orders.Accept(),),
    Status.SCHEDULED: (orders.Accept(), orders.Schedule(visit_at=OPENED_AT + timedelta(days=7))),
    Status.WAITING_CITIZEN: (orders.Accept(), orders.Ask(question="Qual o número da casa?")),
    Status.WAITING_THIRD_PARTY: (orders.Accept(), orders.Wait(party="CEEE Equatorial")),
    Status.RESOLVED: (orders.Accept(), orders.Resolve(answer="Recolhido", photos=(PHOTO,))),
    Status.REJECTED: (
        orders.Accept(),
        orders.Reject(
            answer="Área particular",
            reason=RejectionReason.PRIVATE_PROPERTY,
            legal_basis="LC 728/2014",
        ),
    ),
    Status.DUPLICATE: (orders.Merge(into=compose_protocol(OPENED_AT.date(), 9_999_999)),),
    Status.CANCELLED: (orders.Cancel(reason="Já foi resolvido"),),
}
_STEPS_OF_THE_SYSTEM: Mapping[Status, tuple[Status, EntryType]] = {
    Status.CLOSED: (Status.RESOLVED, EntryType.CLOSED),
    Status.ARCHIVED: (Status.WAITING_CITIZEN, EntryType.ARCHIVED),
}
