"""What keeps routing rules from being published."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from chalicelib.domain.catalogue import (
    Catalogue,
    Condition,
    RoutingRule,
)
from tests.city import a_catalogue
from tests.unit.broken_city import (
    Change,
    faults_of,
    rule,
    valid,
)

CASES: dict[str, tuple[Change, str, str]] = {
    "rule to an unknown organ": (rule("X"), "routing.last.secretariat", "X is unknown"),
    "rule to an unknown unit": (rule(unit="x"), "routing.last.unit", "DMLU has no unit x"),
    "rule to a unit its heir lacks": (rule("FASC", "x"), "routing.last.unit", "SMGOV has no unit x"),
    "triage has no units": (rule(None, "x"), "routing.last.unit", "has no unit"),
    "rule on an unknown service": (
        rule(services=("x",)),
        "routing.last.when.services",
        "service x is unknown",
    ),
    "rule on a question never asked": (
        rule(attributes={"colour": ("red",)}),
        "routing.last.when.attributes.colour",
        "no service of the rule asks colour",
    ),
    "rule on a question one service lacks": (
        rule(services=("dumping", "noise"), attributes={"material": ("rubble",)}),
        "routing.last.when.attributes.material",
        "service noise does not ask material",
    ),
    "rule on an answer never given": (
        rule(services=("dumping",), attributes={"material": ("gold",)}),
        "routing.last.when.attributes.material",
        "no answer 'gold'",
    ),
    "rule on no answer": (
        rule(services=("dumping",), attributes={"material": ()}),
        "routing.last.when.attributes.material",
        "names no value",
    ),
    "rule on free text": (
        rule(services=("dumping",), attributes={"detail": ("x",)}),
        "routing.last.when.attributes.detail",
        "only lists and yes/no decide",
    ),
    "rule on an unknown neighbourhood": (
        rule(neighbourhoods=("x",)),
        "routing.last.when.neighbourhoods",
        "neighbourhood x is unknown",
    ),
    "rule on an unknown region": (
        rule(regions=(99,)),
        "routing.last.when.regions",
        "region 99 is unknown",
    ),
    "neighbourhood outside the rule's regions": (
        rule(neighbourhoods=("centro",), regions=(8,)),
        "routing.last.when.neighbourhoods",
        "none of the rule's regions",
    ),
    "hours of no day": (rule(hours=(8, 25)), "routing.last.when.hours", "not hours of a day"),
    "hours without length": (rule(hours=(8, 8)), "routing.last.when.hours", "same hour"),
    "rule without reason": (
        lambda c: dataclasses.replace(c, routing=a_catalogue().routing[:1]),
        "routing.asbestos-first.reason",
        "every rule says why",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_names_where_it_is_broken_and_why(case: str) -> None:
    change, path, reason = CASES[case]

    found = faults_of(change(valid()))

    assert [where for where, why in found if where == path and reason in why], found


LATER = {
    "the same": {"services": ("dumping",), "attributes": {"material": ("asbestos",)}},
    "narrower in place": {
        "services": ("dumping",),
        "attributes": {"material": ("asbestos",)},
        "regions": (1,),
        "hours": (8, 18),
    },
    "one service each": {"services": ("other",), "neighbourhoods": ("centro",)},
}


@pytest.mark.parametrize("when", LATER.values(), ids=LATER)
def test_a_rule_that_an_earlier_one_always_beats_is_refused(when: dict[str, Any]) -> None:
    reasons = [reason for _, reason in faults_of(rule(**when)(valid()))]

    assert len(reasons) == 1
    assert "can never match" in reasons[0]


FIRST = {
    "by region, then its neighbourhood": ({"regions": (1,)}, {"neighbourhoods": ("centro",)}),
    "by night, then an hour of it": ({"hours": (22, 6)}, {"hours": (2, 4)}),
    "two services, then one": ({"services": ("noise", "shelter")}, {"services": ("noise",)}),
    "two neighbourhoods, then one": (
        {"neighbourhoods": ("centro", "restinga")},
        {"neighbourhoods": ("restinga",)},
    ),
    "everything, then anything": ({}, {"services": ("noise",)}),
}


def routed(*conditions: dict[str, Any]) -> Catalogue:
    return valid(
        routing=tuple(
            RoutingRule(code=f"r{number}", when=Condition(**when), secretariat="DMLU", reason="por lei")
            for number, when in enumerate(conditions)
        )
    )


@pytest.mark.parametrize(("wide", "narrow"), FIRST.values(), ids=FIRST)
def test_the_narrow_rule_must_come_first(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    assert [path for path, _ in faults_of(routed(wide, narrow))] == ["routing.r1"]
    assert faults_of(routed(narrow, wide)) == []


def test_rules_that_swallow_another_only_together_are_noticed() -> None:
    broken = routed({"services": ("noise",)}, {"services": ("other",)}, {"services": ("noise", "other")})

    assert ["r0, r1" in reason for _, reason in faults_of(broken)] == [True]


def test_a_rule_that_leaves_something_over_swallows_nothing() -> None:
    some = {"services": ("dumping",), "attributes": {"material": ("asbestos",)}}
    more = {"services": ("dumping",), "attributes": {"material": ("asbestos", "rubble")}}

    assert faults_of(routed(some, more)) == []


def test_a_second_rule_of_the_same_code_is_refused() -> None:
    twice = valid()
    twice = dataclasses.replace(twice, routing=(*twice.routing, twice.routing[0]))

    assert "appears more than once" in {reason for _, reason in faults_of(twice)}
