"""Break a small city in one place, to see what the rules say."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from chalicelib.domain.catalogue import Catalogue, Condition, RoutingRule, Secretariat
from chalicelib.domain.catalogue_rules import faults
from chalicelib.domain.places import Point
from chalicelib.domain.terms import Term, TermUnit
from tests.city import CENTRO, a_catalogue

Change = Callable[[Catalogue], Catalogue]


def valid(**changes: Any) -> Catalogue:
    """The small city with its rules explained."""
    catalogue = a_catalogue()
    routing = tuple(dataclasses.replace(rule, reason="por lei") for rule in catalogue.routing)
    return dataclasses.replace(catalogue, **{"routing": routing, **changes})


def city(**changes: Any) -> Change:
    return lambda c: dataclasses.replace(c, city=dataclasses.replace(c.city, **changes))


def organ(code: str = "DMLU", **changes: Any) -> Change:
    """Change a secretariat, or add one of that code."""

    def change(c: Catalogue) -> Catalogue:
        now = c.secretariats.get(code, Secretariat(code=code, name=code))
        return dataclasses.replace(
            c, secretariats={**c.secretariats, code: dataclasses.replace(now, **changes)}
        )

    return change


def service(which: str = "dumping", **changes: Any) -> Change:
    def change(c: Catalogue) -> Catalogue:
        now = dataclasses.replace(c.services[which], **changes)
        return dataclasses.replace(c, services={**c.services, now.code: now})

    return change


def attribute(**changes: Any) -> Change:
    """Change the first question of the dumping service."""

    def change(c: Catalogue) -> Catalogue:
        first, *others = c.services["dumping"].attributes
        return service(attributes=(dataclasses.replace(first, **changes), *others))(c)

    return change


def topic(**changes: Any) -> Change:
    def change(c: Catalogue) -> Catalogue:
        now = dataclasses.replace(c.topics["iptu"], **changes)
        return dataclasses.replace(c, topics={now.code: now})

    return change


def place(**changes: Any) -> Change:
    def change(c: Catalogue) -> Catalogue:
        now = dataclasses.replace(c.neighbourhoods["centro"], **changes)
        return dataclasses.replace(c, neighbourhoods={**c.neighbourhoods, "centro": now})

    return change


def rule(secretariat: str | None = "DMLU", unit: str | None = None, **when: Any) -> Change:
    """Add a last rule."""
    last = RoutingRule(
        code="last", when=Condition(**when), secretariat=secretariat, unit=unit, reason="por lei"
    )
    return lambda c: dataclasses.replace(c, routing=(*c.routing, last))


def working_days(amount: int, **more: Any) -> Term:
    return Term(amount=amount, unit=TermUnit.WORKING_DAYS, **more)


def hours(amount: int) -> Term:
    return Term(amount=amount, unit=TermUnit.HOURS)


PT = {"pt-BR": "texto"}
TRIANGLE = (CENTRO, Point(lat=-30.0, lon=-51.2), Point(lat=-30.1, lon=-51.1))


def faults_of(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Name the faults as pairs of path and reason."""
    return [(fault.path, fault.reason) for fault in faults(catalogue)]
