"""Tellings: whom a decision tells what right away."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.letters import Medium
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import Act
from chalicelib.domain.staff import Person
from chalicelib.domain.tellings import (
    CITIZEN,
    Matter,
    awaits_somebody,
    takes_text_messages,
    tells_somebody,
)
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.builders import a_catalogue, a_draft, a_request, ordered
from tests.city_staff import with_people_away
from tests.escalated import (
    BASE,
    LATE_LEVELS,
    MARKED,
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


def test_a_citizen_whose_request_is_late_gets_a_text_message_with_a_new_forecast() -> None:
    request = escalated(a_told_request())

    (telling,) = told(request)

    assert (telling.to, telling.medium, telling.address) == (CITIZEN, Medium.SMS, MARKED["phone"])
    assert telling.letter.text == (
        f"156 Porto Alegre: a solicitação {display_protocol(request.protocol)} (Descarte irregular) "
        "está atrasada. Nova previsão: 03/12/2026. Pedimos desculpas."
    )
    assert (telling.matter, telling.is_urgent, telling.may_be_repeated) == (Matter.COURTESY, False, False)


@pytest.mark.parametrize("level", EscalationLevel)
def test_only_lateness_and_the_breach_of_the_law_tell_anybody_right_away(level: EscalationLevel) -> None:
    to = {CITIZEN} if level in LATE_LEVELS else set()
    to |= {"city/controller"} if level is LEVELS.LEGAL_BREACH else set()
    request = escalated(a_told_request(), level)

    assert {telling.to for telling in told(request)} == to
    assert tells_somebody(request.timeline[-1]) is bool(to)


def test_a_citizen_is_told_of_lateness_that_came_together_with_something_higher() -> None:
    request = escalated(a_told_request(), LEVELS.LEGAL_BREACH, skipped=(LEVELS.LEVEL_1,))

    assert [telling.to for telling in told(request)] == [CITIZEN, "city/controller"]


def test_other_decisions_tell_nobody_right_away() -> None:
    request = a_request(Status.RESOLVED)

    assert [told(request, entry.seq) for entry in request.timeline] == [()] * request.version
    assert not any(tells_somebody(entry) for entry in request.timeline)


@pytest.mark.parametrize(
    ("points", "medium"),
    [
        (MARKED, Medium.SMS),
        ({"email": MARKED["email"]}, Medium.EMAIL),
        ({**MARKED, "phone": "+555132893000"}, Medium.EMAIL),
        ({"phone": "+555132893000"}, None),
        ({"cpf": "52998224725"}, None),
        ({}, None),
    ],
    ids=["phone and e-mail", "e-mail", "landline and e-mail", "landline", "only a CPF", "anonymous"],
)
def test_a_citizen_is_told_by_what_he_left(points: dict[str, str], medium: Medium | None) -> None:
    found = told(escalated(a_told_request(contact_points=points)))

    assert [telling.medium for telling in found] == ([medium] if medium else [])
    assert [telling.address for telling in found] == ([points[_POINT[medium]]] if medium else [])


_POINT = {Medium.SMS: "phone", Medium.EMAIL: "email"}


def test_a_citizen_who_had_his_data_erased_is_told_nothing() -> None:
    request = escalated(a_told_request())

    erased = ordered(request, orders.Erase(legal_basis="LGPD"), at=MORNING)

    assert told(erased, request.version) == ()


def test_what_is_done_meanwhile_is_no_longer_late() -> None:
    request = escalated(a_told_request())
    done = ordered(request, orders.Cancel(reason="Já foi feito"))

    assert told(done, request.version) == ()


def test_what_got_a_new_date_meanwhile_is_no_longer_late() -> None:
    request = escalated(a_told_request())
    act = Act(by=SYSTEM, at=MORNING)
    moved = request.with_decision(EntryType.REDATED, act, {"due_at": MORNING + timedelta(days=9)})

    assert told(moved, request.version) == ()


def test_a_level_that_a_new_generation_left_behind_tells_nobody() -> None:
    request = escalated(a_told_request())
    again = request.with_decision(EntryType.REOPENED, Act(by=SYSTEM, at=MORNING), {"escalated": ()})

    assert told(again, request.version) == ()


def test_of_two_levels_that_came_in_one_night_only_the_higher_is_told() -> None:
    first = escalated(a_told_request())
    second = escalated(first, LEVELS.LEVEL_2)

    assert told(second, first.version) == ()
    assert [telling.to for telling in told(second)] == [CITIZEN]


def test_a_legal_level_above_does_not_silence_lateness() -> None:
    first = escalated(a_told_request())

    assert [telling.to for telling in told(escalated(first, LEVELS.LEGAL), first.version)] == [CITIZEN]


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


@pytest.mark.parametrize(
    ("phone", "can"),
    [
        ("+5551991234567", True),
        ("+555132893000", False),
        ("+5551391234567", False),
        ("+598991234567", True),
        ("", False),
    ],
)
def test_landlines_of_brazil_take_no_text_messages(phone: str, can: bool) -> None:
    assert takes_text_messages(phone) is can
