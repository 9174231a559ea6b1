"""Tell requests' lives through the domain's own decisions, with marked personal data in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain import orders
from chalicelib.domain.envelopes import Message, messages_between
from chalicelib.domain.intake import PlaceDraft, ReporterDraft
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from tests.unit.small_city import (
    CATALOGUE,
    MONDAY,
    NORTH,
    PHOTO,
    REJECT,
    RESOLVE,
    a_draft,
    by_the_system,
    carry_out,
    opened,
)

BASE = "https://156.example"
MARKED = {"cpf": "52998224725", "phone": "+5551987654321", "email": "marca.unica@example.org"}
MARKED_NAME = "Fulana Marcada da Silva"


def told(request: ServiceRequest, after: int = 0) -> list[Message]:
    return messages_between(after, request, CATALOGUE, BASE)


def newest(request: ServiceRequest) -> list[Message]:
    return told(request, request.version - 1)


def a_rich_request(service: str = "dumping") -> ServiceRequest:
    attributes = {"material": "rubble", "volume": 3, "plate": "ABC1D23"} if service == "dumping" else {}
    place = PlaceDraft(
        lat=NORTH.lat, lon=NORTH.lon, address="Rua Um, 1", landmark="Em frente à minha casa verde"
    )
    draft = a_draft(
        service,
        place=place,
        attributes=attributes,
        photos=(PHOTO,),
        reporter=ReporterDraft(name=MARKED_NAME, cpf=MARKED["cpf"], phone=MARKED["phone"]),
    )
    return opened(draft, contact_points=MARKED)


def a_long_story() -> ServiceRequest:
    """Carry one request through every entry type that a person's order can write."""
    request = a_rich_request()
    for order, role in (
        (orders.Reprioritise(reason="Escola ao lado", priority=1), Role.ATTENDANT),
        (orders.Accept(note="ok"), Role.SECRETARIAT),
        (orders.Forward(unit="waste-south"), Role.SECRETARIAT),
        (orders.SetExternalNumber(number="SEI 1"), Role.SECRETARIAT),
        (orders.Comment(comment="Vistoriado", public=True), Role.SECRETARIAT),
        (orders.Reiterate(note="De novo"), Role.ATTENDANT),
        (orders.Schedule(visit_at=MONDAY + timedelta(days=20)), Role.SECRETARIAT),
        (orders.Wait(party="CEEE"), Role.SECRETARIAT),
        (orders.Resume(), Role.SECRETARIAT),
        (orders.Ask(question="Qual o número?"), Role.SECRETARIAT),
        (orders.Answer(answer="É o 12", identity_check="CPF e data conferidos"), Role.ATTENDANT),
        (RESOLVE, Role.SECRETARIAT),
        (orders.Reopen(reason="Não foi feito"), Role.ATTENDANT),
        (orders.Return(reason="É da água", proposed="WATER"), Role.SECRETARIAT),
        (orders.Classify(reason="É entulho", service="dumping", secretariat="WASTE"), Role.ATTENDANT),
        (orders.Accept(), Role.SECRETARIAT),
        (REJECT, Role.SECRETARIAT),
        (orders.Erase(legal_basis="LGPD art. 18 VI"), Role.OMBUDSMAN),
    ):
        request = carry_out(request, order, role, after=timedelta(minutes=5))
    return request


def every_entry_type() -> Iterator[ServiceRequest]:
    yield a_long_story()
    yield carry_out(opened(), orders.Merge(into="2606176543212"), Role.ATTENDANT)
    yield carry_out(opened(), orders.Cancel(reason="Já não precisa"), Role.CITIZEN)
    request = opened()
    for entry in EntryType:
        if entry not in (EntryType.OPENED, EntryType.ERASED):
            request = by_the_system(request, entry)
    yield request
