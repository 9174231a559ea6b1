"""Tellings: whom a decision tells what right away."""

from __future__ import annotations

import dataclasses

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.letters import Medium
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.message_kinds import Audience, Matter
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.staff import Person
from chalicelib.domain.tellings import audiences_of, awaits_somebody
from chalicelib.domain.transitions import Status
from tests.builders import a_catalogue, a_draft, a_request, ordered
from tests.city_staff import with_people_away
from tests.escalated import (
    BASE,
    LATE_LEVELS,
    MORNING,
    a_told_request,
    alerted,
    an_emergency,
    escalated,
    told,
)

LEVELS = EscalationLevel


def with_person(person: Person) -> Catalogue:
    city = a_catalogue()
    return dataclasses.replace(city, people={**city.people, person.code: person})


@pytest.mark.parametrize("level", EscalationLevel)
def test_lateness_is_told_to_the_citizen_and_the_breach_of_the_law_to_the_controller(
    level: EscalationLevel,
) -> None:
    request = escalated(a_told_request(), level)

    assert [telling.to for telling in told(request)] == (
        ["city/controller"] if level is LEVELS.LEGAL_BREACH else []
    )
    assert audiences_of(request.timeline[-1]) == (
        (Audience.CITIZEN,)
        if level in LATE_LEVELS
        else (Audience.STAFF,)
        if level is LEVELS.LEGAL_BREACH
        else ()
    )


def test_lateness_that_came_together_with_a_breach_is_told_to_both() -> None:
    request = escalated(a_told_request(), LEVELS.LEGAL_BREACH, skipped=(LEVELS.LEVEL_1,))

    assert audiences_of(request.timeline[-1]) == (Audience.CITIZEN, Audience.STAFF)


def test_what_concerns_the_citizen_alone_is_not_pushed_to_the_administration() -> None:
    request = a_request(Status.RESOLVED)

    assert [told(request, entry.seq) for entry in request.timeline] == [()] * request.version
    assert [audiences_of(entry) for entry in request.timeline] == [
        (Audience.CITIZEN,),
        (Audience.CITIZEN,),
        (Audience.CITIZEN, Audience.FOLLOWERS),
    ]


def test_the_controller_learns_of_a_breach_of_the_law_by_e_mail() -> None:
    complaint = a_told_request(draft=a_draft(kind=Kind.COMPLAINT))

    (telling,) = told(escalated(complaint, LEVELS.LEGAL_BREACH))

    assert (telling.to, telling.medium, telling.matter) == ("city/controller", Medium.EMAIL, Matter.LEGAL)
    assert telling.address == "controller@example.org"
    assert "Lei 13.460" in telling.letter.text
    assert telling.may_be_repeated
    assert not telling.is_urgent


def test_who_stands_in_for_the_controller_is_told_in_his_place() -> None:
    city = with_people_away(a_catalogue(), MORNING.date(), "controller")

    (telling,) = told(escalated(a_told_request(), LEVELS.LEGAL_BREACH), catalogue=city)

    assert (telling.to, telling.address) == ("city/controller", "direction@example.org")


def test_a_breach_that_was_answered_meanwhile_alarms_nobody() -> None:
    request = escalated(a_told_request(), LEVELS.LEGAL_BREACH)

    assert told(ordered(request, orders.Cancel(reason="Desistiu")), request.version) == ()


def test_an_alert_goes_to_the_person_on_call_by_every_medium() -> None:
    request = alerted(an_emergency())

    found = told(request)

    assert [(one.to, one.medium) for one in found] == [
        ("DMLU/on_call", Medium.SMS),
        ("DMLU/on_call", Medium.EMAIL),
    ]
    assert all(one.is_urgent and one.may_be_repeated for one in found)
    text = found[0].letter.text
    assert text.startswith(f"URGENTE 156 {display_protocol(request.protocol)}: Descarte irregular.")
    assert "Rua da Praia, 156, Centro Histórico" in text
    assert text.endswith(f"aceitando no sistema: {BASE}/v1/requests/{request.protocol}")


@pytest.mark.parametrize(
    "order",
    [
        orders.Accept(),
        orders.Cancel(reason="Engano"),
        orders.Return(reason="Não é conosco", proposed="SMGOV"),
        orders.Reprioritise(reason="Não há risco", urgency=Urgency.NORMAL),
    ],
    ids=lambda order: order.COMMAND.value,
)
def test_an_alert_that_is_no_longer_needed_wakes_nobody(order: orders.Order) -> None:
    request = alerted(an_emergency())
    after = ordered(request, order)

    assert told(after, request.version) == ()
    assert awaits_somebody(request, request.version)
    assert not awaits_somebody(after, request.version)


@pytest.mark.parametrize(
    ("person", "media"),
    [
        (Person(code="watch-one", name="A", email="a@example.org"), [Medium.EMAIL]),
        (Person(code="watch-one", name="A", phone="+5551988887777"), [Medium.SMS]),
        (Person(code="watch-one", name="A"), []),
    ],
    ids=["e-mail", "phone", "neither"],
)
def test_a_person_on_call_is_told_by_what_the_city_knows_of_him(person: Person, media: list[Medium]) -> None:
    request = alerted(an_emergency())

    assert [one.medium for one in told(request, catalogue=with_person(person))] == media
    assert awaits_somebody(request, request.version)


def test_somebody_the_city_no_longer_knows_cannot_be_told() -> None:
    assert told(alerted(an_emergency(), person="nobody")) == ()
