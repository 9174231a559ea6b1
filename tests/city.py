"""Describe a city of three secretariats, small enough to know by heart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.domain.catalogue import (
    Attribute,
    AttributeType,
    Catalogue,
    Choice,
    City,
    Condition,
    EvidenceRule,
    Neighbourhood,
    PlaceRule,
    Region,
    RoutingRule,
    Secretariat,
    Service,
    Topic,
    Urgency,
    WorkUnit,
)
from chalicelib.domain.places import Point
from chalicelib.domain.terms import Term, TermUnit
from tests.city_staff import CITY_POSTS, ORGAN_POSTS, PEOPLE, ROSTER, UNIT_HEAD, UNIT_ROSTER

CENTRO = Point(lat=-30.0310, lon=-51.2280)
RESTINGA = Point(lat=-30.1500, lon=-51.1350)


def a_catalogue(**changes: Any) -> Catalogue:
    """Give a city of three secretariats, one of them extinct, with four services and two rules."""
    catalogue = Catalogue(
        version="v1",
        city=City(
            code="porto_alegre",
            name="Porto Alegre",
            timezone="America/Sao_Paulo",
            centre="SMGOV",
            languages=("pt-BR", "en"),
        ),
        secretariats={one.code: one for one in _secretariats()},
        services={one.code: one for one in _services()},
        topics={
            "iptu": Topic(code="iptu", names={"pt-BR": "IPTU"}, category="tax", secretariat="DMLU"),
        },
        regions={1: Region(number=1, name="Centro"), 8: Region(number=8, name="Restinga")},
        neighbourhoods={one.code: one for one in _neighbourhoods()},
        routing=(
            RoutingRule(
                code="asbestos-first",
                when=Condition(services=("dumping",), attributes={"material": ("asbestos",)}),
                secretariat="DMLU",
                unit="dmlu-hazards",
            ),
            RoutingRule(code="lost-is-triage", when=Condition(services=("other",)), secretariat=None),
        ),
        people=PEOPLE,
        posts=CITY_POSTS,
    )
    return dataclasses.replace(catalogue, **changes)


def _secretariats() -> Sequence[Secretariat]:
    return (
        Secretariat(code="SMGOV", name="Secretaria de Governança"),
        Secretariat(
            code="DMLU",
            name="Departamento Municipal de Limpeza Urbana",
            units=(
                WorkUnit(code="dmlu-centro", name="Seção Centro", regions=(1,)),
                WorkUnit(code="dmlu-hazards", name="Resíduos Perigosos", head=UNIT_HEAD, on_call=UNIT_ROSTER),
            ),
            posts=ORGAN_POSTS,
            on_call=ROSTER,
        ),
        Secretariat(
            code="FASC",
            name="Fundação de Assistência Social",
            valid_until=date(2025, 1, 1),
            successor="SMGOV",
        ),
    )


def _services() -> Sequence[Service]:
    materials = tuple(Choice(key=key, names={"pt-BR": key}) for key in ("rubble", "asbestos"))
    return (
        Service(
            code="dumping",
            names={"pt-BR": "Descarte irregular", "en": "Dumping"},
            category="waste",
            secretariat="DMLU",
            term=Term(amount=5, unit=TermUnit.WORKING_DAYS),
            attributes=(
                Attribute(
                    code="material",
                    names={"pt-BR": "Material"},
                    type=AttributeType.SINGLE_VALUE_LIST,
                    required=True,
                    choices=materials,
                ),
                Attribute(code="volume", names={"pt-BR": "Volume"}, type=AttributeType.NUMBER),
                Attribute(code="detail", names={"pt-BR": "Detalhe"}, type=AttributeType.TEXT),
            ),
            alternatives=("SMGOV",),
        ),
        Service(
            code="shelter",
            names={"pt-BR": "Abordagem social"},
            category="social",
            secretariat="FASC",
            term=Term(amount=4, unit=TermUnit.HOURS),
            urgency=Urgency.EMERGENCY,
            evidence=EvidenceRule.REASON_CODE,
            priority=1,
        ),
        Service(
            code="noise",
            names={"pt-BR": "Poluição sonora"},
            category="inspection",
            secretariat="SMGOV",
            term=Term(amount=30, unit=TermUnit.CALENDAR_DAYS),
            evidence=EvidenceRule.REASON_CODE,
            confidential=True,
        ),
        Service(
            code="other",
            names={"pt-BR": "Outros"},
            category="other",
            secretariat=None,
            term=Term(amount=30, unit=TermUnit.CALENDAR_DAYS),
            place=PlaceRule.OPTIONAL,
        ),
    )


def _neighbourhoods() -> Sequence[Neighbourhood]:
    return (
        Neighbourhood(code="centro", name="Centro Histórico", region=1, centre=CENTRO, reach_m=1_500),
        Neighbourhood(code="restinga", name="Restinga", region=8, centre=RESTINGA, reach_m=4_000),
    )
