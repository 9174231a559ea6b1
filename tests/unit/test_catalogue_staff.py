"""What is wrong with a city's people, posts, rosters and escalation rules, one rule a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.catalogue import Catalogue, ScreeningQuestion, Service, Urgency, WorkUnit
from chalicelib.domain.levels import EscalationLevel, EscalationRules
from chalicelib.domain.staff import Absence, Assignment
from chalicelib.domain.terms import Basis, Term
from tests.unit.broken_city import PT, Change, faults_of, hours, organ, service, valid, working_days

LEVEL_2, LEVEL_3 = EscalationLevel.LEVEL_2, EscalationLevel.LEVEL_3
BACKWARDS = Absence(first_day=date(2026, 3, 6), last_day=date(2026, 3, 2))
QUESTION = ScreeningQuestion(code="danger", names=PT, urgency=Urgency.EMERGENCY, numbers=("193",))


def person(which: str = "head", **changes: Any) -> Change:
    def change(c: Catalogue) -> Catalogue:
        now = dataclasses.replace(c.people[which], **changes)
        return dataclasses.replace(c, people={**c.people, which: now})

    return change


def post(name: str, holder: str, substitute: str | None = None) -> Change:
    assignment = Assignment(holder=holder, substitute=substitute)
    return lambda c: dataclasses.replace(c, posts={**c.posts, name: assignment})


def without_post(name: str) -> Change:
    return lambda c: dataclasses.replace(c, posts={key: one for key, one in c.posts.items() if key != name})


def unit(**changes: Any) -> Change:
    return organ(units=(WorkUnit(code="dmlu-centro", name="Centro", **changes), *_hazards()))


def _hazards() -> tuple[WorkUnit, ...]:
    return valid().secretariats["DMLU"].units[1:]


def escalation(*default: Term, **services: Mapping[Any, Term]) -> Change:
    return lambda c: dataclasses.replace(c, escalation=EscalationRules(default=default, services=services))


def screening(*questions: ScreeningQuestion, **changes: Any) -> Change:
    return service(screening=questions or (dataclasses.replace(QUESTION, **changes),))


CASES: dict[str, tuple[Change, str, str]] = {
    "code of a name": (person(code="Ana"), "people.Ana", "'Ana' is not a code"),
    "nameless": (person(name=" "), "people.head.name", "is empty"),
    "unreachable": (person(email="", phone=""), "people.head", "neither e-mail nor phone"),
    "no e-mail address": (person(email="chefia"), "people.head.email", "is not an e-mail address"),
    "phone without country": (person(phone="51 3289-0156"), "people.head.phone", "of the form +55"),
    "absence backwards": (person(absences=(BACKWARDS,)), "people.head.absences", "before its first day"),
    "unknown holder": (post("ombudsman", "x"), "posts.ombudsman.holder", "person x is unknown"),
    "unknown substitute": (post("controller", "head", "x"), "posts.controller.substitute", "x is unknown"),
    "his own substitute": (post("controller", "head", "head"), "posts.controller.substitute", "holds the"),
    "no such post": (post("mayor", "head"), "posts.mayor", "is no post; there is controller, direction"),
    "nobody at the top": (without_post("direction"), "posts.direction", "is missing"),
    "no duty manager": (without_post("duty_manager"), "posts.duty_manager", "is missing, and there are"),
    "duty manager without phone": (person("duty-manager", phone=""), "posts.duty_manager", "has no phone"),
    "substitute without phone": (
        lambda c: post("duty_manager", "duty-manager", "head")(person(phone="")(c)),
        "posts.duty_manager",
        "head has no phone",
    ),
    "organ called city": (organ("city"), "secretariats.city", "stands for the city's own posts"),
    "no such post of an organ": (
        organ(posts={"boss": Assignment(holder="head")}),
        "secretariats.DMLU.posts.boss",
        "is no post; there is deputy, focal_point, head",
    ),
    "unknown focal point": (
        organ(posts={"focal_point": Assignment(holder="x")}),
        "secretariats.DMLU.posts.focal_point.holder",
        "person x is unknown",
    ),
    "unknown on call": (organ(on_call=("x",)), "secretariats.DMLU.on_call", "person x is unknown"),
    "on call twice": (organ(on_call=("watch-one",) * 2), "secretariats.DMLU.on_call", "more than once"),
    "on call without phone": (person("watch-one", phone=""), "secretariats.DMLU.on_call", "has no phone"),
    "unknown head of unit": (
        unit(head=Assignment(holder="x")),
        "secretariats.DMLU.units.dmlu-centro.head.holder",
        "person x is unknown",
    ),
    "unknown on call of unit": (
        unit(on_call=("x",)),
        "secretariats.DMLU.units.dmlu-centro.on_call",
        "person x is unknown",
    ),
    "delays of no service": (
        escalation(nothing={LEVEL_2: hours(2)}),
        "escalation.services.nothing",
        "service nothing is unknown",
    ),
    "delay of a level that has none": (
        escalation(dumping={EscalationLevel.NOTICE: hours(2)}),
        "escalation.services.dumping.notice",
        "only level_2 and level_3",
    ),
    "endless delay": (
        escalation(dumping={LEVEL_3: working_days(226)}),
        "escalation.services.dumping.level_3.amount",
        "226 is not between 1 and 225 working days",
    ),
    "delay of too many hours": (escalation(hours(73)), "escalation.default.0.amount", "between 1 and 72"),
    "no delay": (escalation(hours(0)), "escalation.default.0.amount", "0 is not between 1"),
    "published nowhere": (
        escalation(working_days(2, basis=Basis.PUBLISHED)),
        "escalation.default.0.source",
        "names where it is published",
    ),
    "too many levels": (escalation(*(hours(2),) * 3), "escalation.default", "more than level_2 and level_3"),
    "code of a question": (
        screening(code="is-danger"),
        "services.dumping.screening.is-danger",
        "is not a code of the form",
    ),
    "question asked twice": (
        screening(QUESTION, QUESTION),
        "services.dumping.screening.danger",
        "more than once",
    ),
    "question without words": (
        screening(names={}),
        "services.dumping.screening.danger.names",
        "has no pt-BR",
    ),
    "yes that raises nothing": (
        screening(urgency=Urgency.NORMAL),
        "services.dumping.screening.danger.urgency",
        "a yes raises the urgency",
    ),
    "number that nobody dials": (
        screening(numbers=("SAMU",)),
        "services.dumping.screening.danger.numbers",
        "'SAMU' is not a number",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_names_where_it_is_broken_and_why(case: str) -> None:
    change, path, reason = CASES[case]

    found = faults_of(change(valid()))

    assert [where for where, why in found if where == path and reason in why], found
    assert len(found) == 1, found


@pytest.mark.parametrize(
    "change",
    [
        person(phone=""),
        person(email=""),
        unit(head=Assignment(holder="head"), on_call=("watch-two",)),
        escalation(hours(2), working_days(3), dumping={LEVEL_2: working_days(1), LEVEL_3: hours(72)}),
        screening(),
        organ("NEW"),
    ],
)
def test_what_a_city_may_say_of_its_staff(change: Change) -> None:
    assert faults_of(change(valid())) == []


def test_a_city_without_emergencies_needs_no_duty_manager() -> None:
    calm: dict[str, Service] = {
        code: dataclasses.replace(one, urgency=Urgency.URGENT) for code, one in valid().services.items()
    }
    city = without_post("duty_manager")(valid(services=calm))

    assert faults_of(city) == []
    assert [path for path, _ in faults_of(screening()(city))] == ["posts.duty_manager"]
