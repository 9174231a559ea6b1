"""Choose who executes a request: ordered rules, then the service's own organ, else triage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue, Condition, RoutingRule, Secretariat
from chalicelib.domain.requests import Place

NO_RULE = "no_rule"
BY_SERVICE = "service"
BORDER = "border"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a request goes, and by which rule; in triage the city's centre holds it."""

    secretariat: str
    unit: str | None
    rule: str
    triage: bool


def route_request(
    catalogue: Catalogue, service: str, attributes: Mapping[str, Any], place: Place | None, at: datetime
) -> Route:
    """Send a request to the first rule that matches, to its service's organ, or to triage."""
    local = at.astimezone(ZoneInfo(catalogue.city.timezone))
    for rule in catalogue.routing:
        if _matches(rule.when, service, attributes, place, local.hour):
            return _follow(catalogue, rule, place, local)
    executor = catalogue.executor_of(catalogue.services[service].secretariat, local.date())
    return _assigned(executor, place, BY_SERVICE) if executor else triage(catalogue)


def triage(catalogue: Catalogue, rule: str = NO_RULE) -> Route:
    """Leave the decision to the attendants of the centre."""
    return Route(secretariat=catalogue.city.centre, unit=None, rule=rule, triage=True)


def route_to(catalogue: Catalogue, code: str, place: Place | None, at: datetime, rule: str) -> Route:
    """Send a request to the organ that somebody named, or to who took over its duties."""
    day = at.astimezone(ZoneInfo(catalogue.city.timezone)).date()
    executor = catalogue.executor_of(code, day)
    return _assigned(executor, place, rule) if executor else triage(catalogue)


def _follow(catalogue: Catalogue, rule: RoutingRule, place: Place | None, local: datetime) -> Route:
    executor = catalogue.executor_of(rule.secretariat, local.date())
    if executor is None:
        return triage(catalogue, rule.code)
    if rule.unit in {unit.code for unit in executor.units}:
        return Route(secretariat=executor.code, unit=rule.unit, rule=rule.code, triage=False)
    return _assigned(executor, place, rule.code)


def _assigned(executor: Secretariat, place: Place | None, rule: str) -> Route:
    region = place.region if place else None
    units = (unit.code for unit in executor.units if region in unit.regions)
    return Route(secretariat=executor.code, unit=next(units, None), rule=rule, triage=False)


def _matches(
    when: Condition, service: str, attributes: Mapping[str, Any], place: Place | None, hour: int
) -> bool:
    return (
        (not when.services or service in when.services)
        and all(_answers(attributes.get(code), wanted) for code, wanted in when.attributes.items())
        and (not when.neighbourhoods or (place is not None and place.neighbourhood in when.neighbourhoods))
        and (not when.regions or (place is not None and place.region in when.regions))
        and (when.hours is None or _is_between(hour, *when.hours))
    )


def _answers(value: Any, wanted: tuple[str, ...]) -> bool:
    if value is None:
        return False
    values = value if isinstance(value, list | tuple) else (value,)
    return not {str(one).lower() for one in values}.isdisjoint(one.lower() for one in wanted)


def _is_between(hour: int, first: int, last: int) -> bool:
    return first <= hour < last if first < last else hour >= first or hour < last
