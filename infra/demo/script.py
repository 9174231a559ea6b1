"""Write the demo's two hundred calls: services, neighbourhoods and channels mixed as the bulletins say.

Channel shares follow the centre's mix after its first years (phone 68 %, the rest digital); organ
shares follow the weekly bulletins of 2022 to 2024 (DMAE 40 to 50 %, EPTC 15, DMLU 10, health 10).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.catalogue import (
    Attribute,
    AttributeType,
    Catalogue,
    IdentityField,
    Kind,
    Neighbourhood,
    PlaceRule,
    Service,
)

CHANNEL_SHARES = {"phone": 68, "whatsapp": 15, "app": 9, "web": 6, "email": 2}
ORGAN_SHARES = {"DMAE": 44, "EPTC": 15, "DMLU": 12, "SMSUrb": 13, "SMS": 8, "SMSEG": 3, "GCA": 3, "SMAMUS": 2}
KEY_BY_CHANNEL = {"phone": "attendant", "whatsapp": "whatsapp", "app": "app", "web": "web", "email": "email"}
DANGER = 0.1
"""How often a caller says that there is danger, where he is asked."""
STREETS = (
    "Rua da Praia",
    "Av. Ipiranga",
    "Av. Protásio Alves",
    "Rua Voluntários da Pátria",
    "Av. Bento Gonçalves",
)
PEOPLE = (
    ("Maria Demonstração", "529.982.247-25", "(51) 99876-5432"),
    ("João Exemplo", "111.444.777-35", "51 3289-0156"),
    ("Ana Teste", "390.533.447-05", "+55 51 98765-4321"),
)
REMARKS = (
    "Está assim há vários dias e ninguém apareceu.",
    "Os vizinhos também já ligaram.",
    "Fica bem na frente da escola.",
    "Piorou depois da chuva de ontem.",
    "Peço retorno por telefone.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCall:
    """One POST to the intake; `belongs_to` names the secretariat of what was filed under a wrong service."""

    key: str
    body: Mapping[str, Any]
    belongs_to: str | None = None


def demo_calls(catalogue: Catalogue, count: int, rng: random.Random) -> Iterator[DemoCall]:
    """Write `count` calls, a tenth of them refused or misrouted on purpose."""
    services = [s for s in catalogue.services.values() if s.secretariat and s.kind is not Kind.REPORT]
    weights = [_weight(service, services) for service in services]
    for number in range(count):
        service = rng.choices(services, weights)[0]
        call = _plain(service, catalogue, rng)
        if number % 20 == 7:
            yield _refused(call, number // 20, rng)
        elif number % 20 == 13:
            yield _misrouted(call, service, services, rng)
        else:
            yield call


def _weight(service: Service, services: list[Service]) -> float:
    siblings = sum(1 for one in services if one.secretariat == service.secretariat)
    return ORGAN_SHARES.get(service.secretariat or "", 1) / siblings


def _plain(service: Service, catalogue: Catalogue, rng: random.Random) -> DemoCall:
    channel = rng.choices([*CHANNEL_SHARES], [*CHANNEL_SHARES.values()])[0]
    name = service.names["pt-BR"]
    body: dict[str, Any] = {
        "service": service.code,
        "channel": channel,
        "description": f"{name}. {rng.choice(REMARKS)}",
        "attributes": {a.code: _answer(a, rng) for a in service.attributes if a.required},
    }
    if service.place is not PlaceRule.NONE:
        body["place"] = _place(rng.choice([*catalogue.neighbourhoods.values()]), rng)
    if service.screening:
        body["screening"] = {question.code: rng.random() < DANGER for question in service.screening}
    if not service.anonymous or service.identification or rng.random() < 0.8:
        body["reporter"] = _reporter(service, rng)
    return DemoCall(key=KEY_BY_CHANNEL[channel], body=body)


def _place(neighbourhood: Neighbourhood, rng: random.Random) -> dict[str, Any]:
    spread = min(neighbourhood.reach_m, 800) / 111_000 / 2
    return {
        "lat": round(neighbourhood.centre.lat + rng.uniform(-spread, spread), 6),
        "lon": round(neighbourhood.centre.lon + rng.uniform(-spread, spread), 6),
        "address": f"{rng.choice(STREETS)}, {rng.randint(10, 3000)}",
        "neighbourhood": neighbourhood.name,
    }


def _reporter(service: Service, rng: random.Random) -> dict[str, str]:
    name, cpf, phone = rng.choice(PEOPLE)
    reporter = {"name": name, "phone": phone}
    if IdentityField.CPF in service.identification or rng.random() < 0.3:
        reporter["cpf"] = cpf
    if IdentityField.EMAIL in service.identification:
        reporter["email"] = "demonstracao@example.com"
    return reporter


def _answer(attribute: Attribute, rng: random.Random) -> Any:
    answers: dict[AttributeType, Any] = {
        AttributeType.STRING: "não sei informar",
        AttributeType.TEXT: "não sei informar",
        AttributeType.NUMBER: rng.randint(1, 9),
        AttributeType.DATETIME: "2026-01-30T10:00:00-03:00",
        AttributeType.BOOLEAN: rng.random() < 0.5,
    }
    if attribute.choices:
        key = rng.choice(attribute.choices).key
        return [key] if attribute.type is AttributeType.MULTI_VALUE_LIST else key
    return answers[attribute.type]


def _misrouted(call: DemoCall, filed_as: Service, services: list[Service], rng: random.Random) -> DemoCall:
    """File under one service what another secretariat's service is for, as happens on the phone."""
    meant = rng.choice([one for one in services if one.secretariat != filed_as.secretariat])
    body = {**call.body, "description": f"{meant.names['pt-BR']}. {rng.choice(REMARKS)}"}
    return DemoCall(key=call.key, body=body, belongs_to=meant.secretariat)


def _refused(call: DemoCall, which: int, rng: random.Random) -> DemoCall:
    """Spoil a call in one of the ways in which real ones are spoilt."""
    spoilt: tuple[dict[str, Any], ...] = (
        {"service": "servico-que-nao-existe"},
        {"reporter": {"name": "Maria", "cpf": "529.982.247-26", "phone": "99876-5432"}},
        {"place": {"lat": -23.55, "lon": -46.63, "address": "Av. Paulista, São Paulo"}},
        {"description": "x" * 4_001},
        {"attributes": {"pergunta-que-ninguem-fez": "sim"}},
        {"kind": "report"},
        {"prioridade": "máxima"},
    )
    return DemoCall(key=call.key, body={**call.body, **spoilt[which % len(spoilt)]})
