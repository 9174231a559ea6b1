"""Routing: the first rule that matches, else the service's organ, else people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.catalogue import Catalogue, Condition, RoutingRule, Secretariat, WorkUnit
from chalicelib.domain.places import Point
from chalicelib.domain.requests import Place
from chalicelib.domain.routing import Route, route_request, route_to
from tests.unit.small_city import CATALOGUE, MONDAY, NORTH

IN_THE_NORTH = Place(point=NORTH, neighbourhood="alto", region=1)
IN_THE_SOUTH = Place(neighbourhood="baixo", region=2)


def a_rule(code: str, secretariat: str | None, unit: str | None = None, **when: Any) -> RoutingRule:
    return RoutingRule(code=code, when=Condition(**when), secretariat=secretariat, unit=unit)


def routed(
    *rules: RoutingRule,
    service: str = "dumping",
    at: datetime = MONDAY,
    place: Place | None = IN_THE_NORTH,
    catalogue: Catalogue = CATALOGUE,
    **attributes: Any,
) -> Route:
    return route_request(replace(catalogue, routing=rules), service, attributes, place, at)


def test_without_rules_a_request_goes_to_the_organ_of_its_service() -> None:
    assert routed() == Route(secretariat="WASTE", unit="waste-north", rule="service", triage=False)


def test_the_first_rule_that_matches_wins() -> None:
    route = routed(
        a_rule("elsewhere", "ROADS", regions=(2,)),
        a_rule("first", "WATER", services=("dumping",)),
        a_rule("second", "ROADS"),
    )

    assert (route.secretariat, route.rule) == ("WATER", "first")


def test_a_rule_may_send_to_triage_on_purpose() -> None:
    assert routed(a_rule("look-first", None)) == Route(
        secretariat="CENTRE", unit=None, rule="look-first", triage=True
    )


def test_a_service_without_an_organ_goes_to_triage() -> None:
    assert routed(service="other") == Route(secretariat="CENTRE", unit=None, rule="no_rule", triage=True)


@pytest.mark.parametrize(
    ("place", "unit"),
    [(IN_THE_NORTH, "waste-north"), (IN_THE_SOUTH, "waste-south"), (None, None), (Place(), None)],
)
def test_the_unit_is_that_of_the_region(place: Place | None, unit: str | None) -> None:
    assert routed(place=place).unit == unit


def test_an_extinct_secretariat_stands_for_its_successor() -> None:
    assert routed(service="fallen-tree").secretariat == "ROADS"
    assert routed(service="fallen-tree", at=datetime(2025, 2, 2, 2, 59, tzinfo=UTC)).secretariat == "PARKS"
    assert routed(service="fallen-tree", at=datetime(2025, 2, 2, 3, 0, tzinfo=UTC)).secretariat == "ROADS"


def test_an_extinct_secretariat_without_a_successor_leaves_the_request_to_people() -> None:
    assert routed(service="lamp") == Route(secretariat="CENTRE", unit=None, rule="no_rule", triage=True)
    assert route_to(CATALOGUE, "LAMPS", None, MONDAY, "returned").triage


def test_successions_are_followed_to_their_end_and_circles_lead_to_nobody() -> None:
    last = MONDAY.date() - timedelta(days=1)

    def ended(code: str, successor: str) -> Secretariat:
        return Secretariat(code=code, name=code, valid_until=last, successor=successor)

    chain = {"A": ended("A", "B"), "B": ended("B", "WASTE"), "C": ended("C", "D"), "D": ended("D", "C")}
    catalogue = replace(CATALOGUE, secretariats={**CATALOGUE.secretariats, **chain})

    assert route_to(catalogue, "A", None, MONDAY, "x").secretariat == "WASTE"
    assert route_to(catalogue, "C", None, MONDAY, "x").triage
    assert route_to(catalogue, "NOBODY", None, MONDAY, "x").triage


def test_an_organ_that_does_not_exist_yet_gets_nothing() -> None:
    later = replace(CATALOGUE.secretariats["WATER"], valid_from=MONDAY.date() + timedelta(days=1))
    catalogue = replace(CATALOGUE, secretariats={**CATALOGUE.secretariats, "WATER": later})

    assert route_to(catalogue, "WATER", None, MONDAY, "x").triage


def test_a_rule_may_name_the_unit() -> None:
    assert routed(a_rule("night", "ROADS", unit="night-shift")).unit == "night-shift"


def test_the_unit_of_an_extinct_secretariat_is_not_looked_for_at_its_successor() -> None:
    assert routed(a_rule("trees", "PARKS", unit="park-crew")) == Route(
        secretariat="ROADS", unit=None, rule="trees", triage=False
    )
    regional = replace(CATALOGUE.secretariats["ROADS"], units=(WorkUnit(code="r1", name="", regions=(1,)),))
    catalogue = replace(CATALOGUE, secretariats={**CATALOGUE.secretariats, "ROADS": regional})
    assert routed(a_rule("trees", "PARKS", unit="park-crew"), catalogue=catalogue).unit == "r1"


def test_a_rule_to_an_extinct_secretariat_without_successor_leaves_the_request_to_people() -> None:
    assert routed(a_rule("old", "LAMPS")) == Route(secretariat="CENTRE", unit=None, rule="old", triage=True)


@pytest.mark.parametrize(
    ("wanted", "answer", "matches"),
    [
        (("rubble",), "rubble", True),
        (("rubble",), "tyres", False),
        (("glass",), ["asbestos", "glass"], True),
        (("glass",), [], False),
        (("true",), True, True),
        (("true",), False, False),
        (("3",), 3, True),
        (("Rubble",), "rubble", True),
        (("none",), None, False),
    ],
)
def test_a_rule_may_ask_for_an_answer(wanted: tuple[str, ...], answer: Any, matches: bool) -> None:
    route = routed(a_rule("asked", "ROADS", attributes={"a": wanted}), a=answer)

    assert (route.rule == "asked") is matches


def test_an_answer_that_was_not_given_matches_nothing() -> None:
    assert routed(a_rule("asked", "ROADS", attributes={"hazards": ("none",)})).rule == "service"


@pytest.mark.parametrize(
    ("condition", "place", "matches"),
    [
        ({"neighbourhoods": ("alto",)}, IN_THE_NORTH, True),
        ({"neighbourhoods": ("alto",)}, IN_THE_SOUTH, False),
        ({"neighbourhoods": ("alto",)}, None, False),
        ({"regions": (1, 2)}, IN_THE_SOUTH, True),
        ({"regions": (1,)}, IN_THE_SOUTH, False),
        ({"regions": (1,)}, None, False),
        ({"services": ("leak",)}, IN_THE_NORTH, False),
        ({"regions": (1,), "services": ("leak",)}, IN_THE_NORTH, False),
    ],
)
def test_every_condition_of_a_rule_must_hold(condition: Any, place: Place | None, matches: bool) -> None:
    assert (routed(a_rule("asked", "ROADS", **condition), place=place).rule == "asked") is matches


@pytest.mark.parametrize(
    ("hours", "local_hour", "matches"),
    [
        ((8, 18), 8, True),
        ((8, 18), 17, True),
        ((8, 18), 18, False),
        ((8, 18), 7, False),
        ((22, 6), 23, True),
        ((22, 6), 0, True),
        ((22, 6), 5, True),
        ((22, 6), 6, False),
        ((22, 6), 21, False),
    ],
)
def test_hours_are_local_and_may_cross_midnight(
    hours: tuple[int, int], local_hour: int, matches: bool
) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=local_hour + 3)

    assert (routed(a_rule("asked", "ROADS", hours=hours), at=at).rule == "asked") is matches


def test_a_point_alone_chooses_no_unit() -> None:
    assert routed(place=Place(point=Point(lat=0, lon=0))).unit is None
