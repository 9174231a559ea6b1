"""Every delay and every emergency of Porto Alegre concerns somebody, on any day."""

from __future__ import annotations

import dataclasses
import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.recipients import on_call_chain, recipients
from chalicelib.domain.requests import State
from infra.catalogue_source import load_city
from infra.demo.script import demo_calls
from infra.publication import PeopleAreStandIns, refuse_stand_ins
from tests.builders import a_request
from tests.city_staff import with_people_away

TODAY = date(2026, 3, 2)
CATALOGUE: Catalogue = load_city("porto_alegre", TODAY)
IN_FORCE = [code for code, organ in CATALOGUE.secretariats.items() if organ.in_force(TODAY)]
STATE: State = a_request().state
SCREENED = [service for service in CATALOGUE.services.values() if service.screening]


def held_by(code: str, unit: str | None = None) -> State:
    return dataclasses.replace(STATE, secretariat=code, unit=unit)


@pytest.mark.parametrize("code", IN_FORCE)
def test_every_organ_in_force_has_its_own_people(code: str) -> None:
    organ = CATALOGUE.secretariats[code]

    assert set(organ.posts) == {"focal_point", "head", "deputy"}
    for level in (EscalationLevel.NOTICE, EscalationLevel.LEVEL_1, EscalationLevel.LEVEL_2):
        for one in recipients(level, held_by(code), CATALOGUE, TODAY):
            assert one.person.startswith(f"{code.lower()}-")


@given(
    code=st.sampled_from(sorted(CATALOGUE.secretariats)),
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    away=st.sets(st.sampled_from(sorted(CATALOGUE.people)), max_size=40),
)
def test_every_level_of_every_organ_concerns_somebody_on_any_day(
    code: str, day: date, away: set[str]
) -> None:
    catalogue = with_people_away(CATALOGUE, day, *away)

    assert all(recipients(level, held_by(code), catalogue, day) for level in EscalationLevel)
    chain = on_call_chain(held_by(code), catalogue, day)
    assert all(catalogue.people[one.person].phone for one in chain)
    assert chain


def test_who_executes_emergencies_has_a_roster() -> None:
    emergencies = [one for one in CATALOGUE.services.values() if one.urgency is Urgency.EMERGENCY]
    executors = [CATALOGUE.executor_of(one.secretariat, TODAY) for one in (*emergencies, *SCREENED)]

    assert all(organ is not None and len(organ.on_call) > 1 for organ in executors)


def test_the_lighting_team_is_called_before_its_secretariat() -> None:
    called = on_call_chain(held_by("SMSUrb", "CIP"), CATALOGUE, TODAY)

    assert called[0].person == "cip-plantao"


def test_people_are_stand_ins_that_production_refuses() -> None:
    assert {person.email.partition("@")[2] for person in CATALOGUE.people.values()} == {"example.org"}
    numbers = [person.phone for person in CATALOGUE.people.values()]
    assert all(number.startswith("+5551900000") for number in numbers)
    assert len(set(numbers)) == len(numbers)
    with pytest.raises(PeopleAreStandIns):
        refuse_stand_ins(CATALOGUE, "prod")


def test_a_yes_to_danger_is_an_emergency_with_numbers_to_call_and_marked_as_ours() -> None:
    assert len(SCREENED) >= 5
    for service in SCREENED:
        assert "screening" in service.proposals
        for question in service.screening:
            assert question.urgency is Urgency.EMERGENCY
            assert question.numbers
            assert question.names.keys() == {"pt-BR", "en"}


def test_the_demo_answers_what_it_is_asked_about_danger() -> None:
    calls = list(demo_calls(CATALOGUE, 400, random.Random(156)))  # noqa: S311 - a demo, not a secret

    asked = {service.code: {one.code for one in service.screening} for service in SCREENED}
    screened = [call.body for call in calls if call.body["service"] in asked]
    assert screened
    assert all(set(body["screening"]) == asked[body["service"]] for body in screened)


def test_an_extinct_organs_delays_concern_its_successor() -> None:
    (deputy,) = recipients(EscalationLevel.LEVEL_2, held_by("FASC"), CATALOGUE, TODAY)

    assert (deputy.post, deputy.person) == ("SMAS/deputy", "smas-adjunto")
    day_before = date(2025, 2, 2) - timedelta(days=1)
    assert recipients(EscalationLevel.LEVEL_2, held_by("FASC"), CATALOGUE, day_before)
