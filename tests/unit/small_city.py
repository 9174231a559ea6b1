"""A city small enough to know by heart, and requests of it in every status."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.casework import decide
from chalicelib.domain.catalogue import (
    Attribute,
    AttributeType,
    Catalogue,
    Choice,
    City,
    EvidenceRule,
    IdentityField,
    Neighbourhood,
    PlaceRule,
    Region,
    Secretariat,
    Service,
    Urgency,
    WorkUnit,
)
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.intake import IntakeDraft, PlaceDraft
from chalicelib.domain.opening import Identity, open_request, private_texts
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.people import SYSTEM, Actor, Channel, Role
from chalicelib.domain.places import Point
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.city_staff import CITY_POSTS, PEOPLE

MONDAY = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""Ten in the morning in Porto Alegre, on the Monday when all requests of these tests are opened."""

NORTH = Point(lat=-30.00, lon=-51.20)
SOUTH = Point(lat=-30.10, lon=-51.20)
SEED = bytes([*range(15), 6])
"""Draws every resolution for an audit."""
PHONE = "+5551999990000"
PHOTO, PHOTO_AFTER = "0123456789abcdef", "fedcba9876543210"
ALIASES = ("3 Figueiras",)


def working_days(amount: int) -> Term:
    return Term(amount=amount, unit=TermUnit.WORKING_DAYS)


def calendar_days(amount: int) -> Term:
    return Term(amount=amount, unit=TermUnit.CALENDAR_DAYS)


def hours(amount: int) -> Term:
    return Term(amount=amount, unit=TermUnit.HOURS)


def an_attribute(code: str, kind: AttributeType, *choices: str, required: bool = False) -> Attribute:
    listed = tuple(Choice(key=key, names={"pt-BR": key}) for key in choices)
    return Attribute(code=code, names={"pt-BR": code}, type=kind, required=required, choices=listed)


def a_service(code: str, secretariat: str | None, term: Term, **more: Any) -> Service:
    return Service(
        code=code, names={"pt-BR": code}, category="city", secretariat=secretariat, term=term, **more
    )


SECRETARIATS = (
    Secretariat(code="CENTRE", name="Central do Cidadão"),
    Secretariat(
        code="WASTE",
        name="Limpeza Urbana",
        units=(
            WorkUnit(code="waste-north", name="Norte", regions=(1,)),
            WorkUnit(code="waste-south", name="Sul", regions=(2,)),
        ),
    ),
    Secretariat(code="WATER", name="Água e Esgotos"),
    Secretariat(code="ROADS", name="Obras", units=(WorkUnit(code="night-shift", name="Plantão"),)),
    Secretariat(code="PARKS", name="Parques", valid_until=date(2025, 2, 2), successor="ROADS"),
    Secretariat(code="LAMPS", name="Iluminação", valid_until=date(2025, 2, 2)),
)
DUMPING = a_service(
    "dumping",
    "WASTE",
    working_days(5),
    alternatives=("WATER",),
    first_action=working_days(1),
    attributes=(
        an_attribute("material", AttributeType.SINGLE_VALUE_LIST, "rubble", "tyres", required=True),
        an_attribute("hazards", AttributeType.MULTI_VALUE_LIST, "glass", "asbestos", "none"),
        an_attribute("volume", AttributeType.NUMBER),
        an_attribute("blocking", AttributeType.BOOLEAN),
        an_attribute("since", AttributeType.DATETIME),
        an_attribute("plate", AttributeType.STRING),
        an_attribute("detail", AttributeType.TEXT),
    ),
)
SERVICES = (
    DUMPING,
    a_service("leak", "WATER", hours(48), urgency=Urgency.URGENT, priority=2),
    a_service("fallen-tree", "PARKS", hours(24), urgency=Urgency.EMERGENCY, priority=1),
    a_service("lamp", "LAMPS", hours(48)),
    a_service("noise", "ROADS", calendar_days(30), confidential=True, evidence=EvidenceRule.REASON_CODE),
    a_service(
        "card",
        "CENTRE",
        calendar_days(10),
        anonymous=False,
        place=PlaceRule.NONE,
        evidence=EvidenceRule.REASON_CODE,
        identification=(IdentityField.NAME, IdentityField.CONTACT),
    ),
    a_service("other", None, calendar_days(30), place=PlaceRule.OPTIONAL),
)
CATALOGUE = Catalogue(
    version="v1",
    city=City(
        code="vila", name="Vila", timezone="America/Sao_Paulo", centre="CENTRE", languages=("pt-BR", "en")
    ),
    secretariats={one.code: one for one in SECRETARIATS},
    services={one.code: one for one in SERVICES},
    topics={},
    regions={1: Region(number=1, name="Norte"), 2: Region(number=2, name="Sul")},
    neighbourhoods={
        "alto": Neighbourhood(
            code="alto", name="Três Figueiras", region=1, centre=NORTH, reach_m=2_000, aliases=ALIASES
        ),
        "baixo": Neighbourhood(code="baixo", name="Restinga", region=2, centre=SOUTH, reach_m=2_000),
    },
    routing=(),
    people=PEOPLE,
    posts=CITY_POSTS,
)


def actor(role: Role, secretariat: str | None = None) -> Actor:
    return Actor(role=role, name=f"a-{role.value}", secretariat=secretariat)


def act_of(role: Role, at: datetime = MONDAY, **more: Any) -> Act:
    return Act(by=SYSTEM if role is Role.SYSTEM else actor(role), at=at, seed=SEED, **more)


def a_draft(service: str = "dumping", **more: Any) -> IntakeDraft:
    given: dict[str, Any] = {
        "description": "Entulho na calçada",
        "place": PlaceDraft(lat=NORTH.lat, lon=NORTH.lon, address="Rua Um, 1"),
        "attributes": {"material": "rubble"} if service == "dumping" else {},
    }
    return IntakeDraft(service=service, **{**given, **more})


def opened(
    draft: IntakeDraft | None = None,
    *,
    contact_points: Mapping[str, str] | None = None,
    at: datetime = MONDAY,
    catalogue: Catalogue = CATALOGUE,
) -> ServiceRequest:
    """Open a request as the intake does; without `contact_points` its reporter left a phone number."""
    draft = draft or a_draft()
    points = {"phone": PHONE} if contact_points is None else contact_points
    keys = tuple(f"key-of-{kind}" for kind in points)
    identity = Identity(person_key=keys[0] if keys else None, contact_keys=keys)
    texts = private_texts(draft, catalogue.services[draft.service], points)
    channel = draft.channel or Channel.WEB
    act = Act(by=actor(Role.CHANNEL), at=at, channel=channel, texts=texts, seed=SEED)
    return open_request(compose_protocol(at.date(), 1234567), draft, channel, identity, catalogue, act)


def carry_out(
    request: ServiceRequest,
    order: orders.Order,
    role: Role = Role.SECRETARIAT,
    *,
    after: timedelta = timedelta(hours=1),
    catalogue: Catalogue = CATALOGUE,
) -> ServiceRequest:
    """Give an order some time after the newest decision."""
    return decide(request, order, catalogue, act_of(role, request.updated_at + after))


def refused(
    request: ServiceRequest, order: orders.Order, role: Role = Role.SECRETARIAT
) -> list[tuple[str, str]]:
    """Give an order that breaks rules and return its faults."""
    with pytest.raises(InvalidInput) as error:
        carry_out(request, order, role)
    return [(fault.path, fault.reason) for fault in error.value.faults]


def by_the_system(request: ServiceRequest, entry: EntryType, **changes: Any) -> ServiceRequest:
    act = act_of(Role.SYSTEM, request.updated_at + timedelta(minutes=1))
    return request.with_decision(entry, act, changes)


RESOLVE = orders.Resolve(answer="Recolhido", photos=(PHOTO_AFTER,))
REJECT = orders.Reject(
    answer="Área particular", reason=RejectionReason.PRIVATE_PROPERTY, legal_basis="LC 12/1975"
)
CHECKED = "CPF e nome da mãe conferidos"
"""How an attendant of these tests made sure who the citizen is."""
SAMPLES: Mapping[type[orders.Order], orders.Order] = {
    type(order): order
    for order in (
        orders.Accept(),
        orders.Return(reason="Não é nosso", proposed="WATER"),
        orders.Forward(unit="waste-south"),
        orders.Schedule(visit_at=MONDAY + timedelta(days=20)),
        orders.Ask(question="Qual o número?"),
        orders.ConfirmDelivery(),
        orders.ConfirmTold(),
        orders.Answer(answer="É o 12", identity_check=CHECKED),
        orders.Revive(answer="É o 12", identity_check=CHECKED),
        orders.Confirm(note="Ficou bom", identity_check=CHECKED),
        orders.Contest(reason="Continua lá", identity_check=CHECKED),
        orders.Extend(reason="Falta peça"),
        orders.Justify(justification="Equipe reduzida"),
        orders.Judge(is_false=True),
        orders.Wait(party="CEEE"),
        orders.Resume(answer="Poste trocado"),
        orders.Comment(comment="Ainda lá"),
        orders.Reiterate(note="De novo"),
        RESOLVE,
        REJECT,
        orders.Merge(into="2606176543212"),
        orders.Reopen(reason="Não foi feito"),
        orders.Cancel(reason="Já não precisa", identity_check=CHECKED),
        orders.Reprioritise(reason="Escola ao lado", urgency=Urgency.EMERGENCY),
        orders.SetExternalNumber(number="SEI 23.0.000084813-1"),
        orders.Classify(reason="É vazamento", service="leak"),
        orders.Erase(legal_basis="LGPD art. 18 VI"),
    )
}
"""One order of each kind that would be carried out on `a_request` where the table allows it."""

_WAYS: Mapping[Status, tuple[orders.Order, ...]] = {
    Status.QUEUED: (),
    Status.IN_PROGRESS: (orders.Accept(),),
    Status.SCHEDULED: (orders.Accept(), SAMPLES[orders.Schedule]),
    Status.WAITING_CITIZEN: (orders.Accept(), SAMPLES[orders.Ask]),
    Status.WAITING_THIRD_PARTY: (orders.Accept(), SAMPLES[orders.Wait]),
    Status.RESOLVED: (orders.Accept(), RESOLVE),
    Status.REJECTED: (orders.Accept(), REJECT),
    Status.DUPLICATE: (SAMPLES[orders.Merge],),
}


def a_request(status: Status = Status.QUEUED, **opening: Any) -> ServiceRequest:
    """Open a request and lead it to `status` by the orders that lead there."""
    if status is Status.TRIAGE:
        return carry_out(opened(**opening), orders.Return(reason="Não é nosso"))
    if status is Status.CANCELLED:
        return carry_out(opened(**opening), SAMPLES[orders.Cancel], Role.CITIZEN)
    if status is Status.CLOSED:
        return by_the_system(a_request(Status.RESOLVED, **opening), EntryType.CLOSED, status=status)
    if status is Status.ARCHIVED:
        return by_the_system(a_request(Status.WAITING_CITIZEN, **opening), EntryType.ARCHIVED, status=status)
    request = opened(**opening)
    for order in _WAYS[status]:
        request = carry_out(request, order)
    return request


def with_services(*services: Service) -> Catalogue:
    """The same city with some services changed."""
    changed = {service.code: service for service in services}
    return dataclasses.replace(CATALOGUE, services={**CATALOGUE.services, **changed})
