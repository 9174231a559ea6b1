"""A delay or an emergency always concerns somebody, whoever is away."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.recipients import Recipient, fills, on_call_chain, persons_to_tell, recipients
from chalicelib.domain.requests import State
from chalicelib.domain.transitions import Status
from tests.builders import a_request
from tests.city import a_catalogue
from tests.city_staff import CITY_POSTS, PEOPLE, with_people_away

TODAY = date(2026, 11, 24)
QUEUED: State = a_request().state
NOTICE, ACKNOWLEDGEMENT = EscalationLevel.NOTICE, EscalationLevel.ACKNOWLEDGEMENT
LEVEL_1, LEVEL_2, LEVEL_3 = EscalationLevel.LEVEL_1, EscalationLevel.LEVEL_2, EscalationLevel.LEVEL_3
LEGAL, LEGAL_BREACH = EscalationLevel.LEGAL, EscalationLevel.LEGAL_BREACH
DEPUTY_AND_ABOVE = ("deputy", "direction", "direction-b")


def with_dmlu(unit: str | None = "dmlu-centro") -> State:
    return dataclasses.replace(QUEUED, unit=unit)


def told(level: EscalationLevel, *away: str, state: State = QUEUED) -> list[tuple[str, str]]:
    catalogue = with_people_away(a_catalogue(), TODAY, *away)
    return [(one.post, one.person) for one in recipients(level, state, catalogue, TODAY)]


@pytest.mark.parametrize(
    ("level", "away", "expected"),
    [
        (NOTICE, (), [("DMLU/focal_point", "focal")]),
        (NOTICE, ("focal",), [("DMLU/focal_point", "focal-b")]),
        (NOTICE, ("focal", "focal-b"), [("DMLU/focal_point", "head")]),
        (NOTICE, ("focal", "focal-b", "head"), [("DMLU/focal_point", "deputy")]),
        (NOTICE, ("focal", "focal-b", "head", "deputy"), [("DMLU/focal_point", "direction")]),
        (ACKNOWLEDGEMENT, (), [("DMLU/head", "head")]),
        (ACKNOWLEDGEMENT, ("head",), [("DMLU/head", "deputy")]),
        (ACKNOWLEDGEMENT, ("head", "deputy", "direction"), [("DMLU/head", "direction-b")]),
        (LEVEL_1, (), [("DMLU/focal_point", "focal"), ("DMLU/head", "head")]),
        (LEVEL_1, ("focal", "focal-b"), [("DMLU/focal_point", "head"), ("DMLU/head", "head")]),
        (LEVEL_2, (), [("DMLU/deputy", "deputy")]),
        (LEVEL_2, ("deputy",), [("DMLU/deputy", "direction")]),
        (LEVEL_2, DEPUTY_AND_ABOVE, [("DMLU/deputy", "direction")]),
        (LEVEL_3, (), [("city/direction", "direction")]),
        (LEVEL_3, ("direction",), [("city/direction", "direction-b")]),
        (LEVEL_3, ("direction", "direction-b"), [("city/direction", "direction")]),
        (LEGAL, (), [("city/ombudsman", "ombudsman")]),
        (LEGAL, ("ombudsman",), [("city/ombudsman", "direction")]),
        (LEGAL_BREACH, (), [("city/controller", "controller")]),
        (LEGAL_BREACH, ("controller", "direction"), [("city/controller", "direction-b")]),
    ],
)
def test_each_level_concerns_its_posts_and_whoever_fills_them_today(
    level: EscalationLevel, away: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert told(level, *away) == expected


@pytest.mark.parametrize(
    ("away", "person"), [((), "unit-head"), (("unit-head",), "head"), (("unit-head", "head"), "deputy")]
)
def test_nobody_accepting_concerns_the_head_of_the_unit_first(away: tuple[str, ...], person: str) -> None:
    state = with_dmlu("dmlu-hazards")

    assert told(ACKNOWLEDGEMENT, *away, state=state) == [("DMLU/dmlu-hazards/head", person)]


def test_a_unit_without_a_head_answers_to_that_of_its_secretariat() -> None:
    assert told(ACKNOWLEDGEMENT, state=with_dmlu("dmlu-centro")) == [("DMLU/head", "head")]


@pytest.mark.parametrize(
    ("away", "person"),
    [
        ((), "supervisor"),
        (("supervisor",), "supervisor-b"),
        (("supervisor", "supervisor-b"), "direction"),
    ],
)
def test_what_waits_in_triage_concerns_the_supervisor(away: tuple[str, ...], person: str) -> None:
    triage = a_request(Status.TRIAGE).state

    assert told(ACKNOWLEDGEMENT, *away, state=triage) == [("city/supervisor", person)]


def test_an_extinct_secretariats_delays_concern_its_successor() -> None:
    state = dataclasses.replace(QUEUED, secretariat="FASC", unit="gone")

    assert told(LEVEL_2, state=state) == [("SMGOV/deputy", "direction")]


def test_a_post_that_nobody_was_named_for_falls_to_the_next_one_up() -> None:
    catalogue = a_catalogue(posts={"direction": CITY_POSTS["direction"]})

    assert recipients(LEGAL, QUEUED, catalogue, TODAY) == (
        Recipient(post="city/ombudsman", person="direction"),
    )


def test_a_catalogue_of_before_there_was_staff_concerns_nobody() -> None:
    old = a_catalogue(people={}, posts={})

    assert [recipients(level, QUEUED, old, TODAY) for level in EscalationLevel] == [()] * 7
    assert on_call_chain(QUEUED, old, TODAY) == ()
    assert persons_to_tell(["DMLU/head"], old, TODAY) == {}


@given(away=st.sets(st.sampled_from(sorted(PEOPLE))))
def test_whoever_is_away_somebody_is_told(away: set[str]) -> None:
    catalogue = with_people_away(a_catalogue(), TODAY, *away)
    states = [with_dmlu(unit) for unit in (None, "dmlu-centro", "dmlu-hazards", "gone")]
    states += [dataclasses.replace(QUEUED, secretariat=code) for code in ("SMGOV", "FASC", "NONE")]

    for state in states:
        assert on_call_chain(state, catalogue, TODAY)
        for level in EscalationLevel:
            found = recipients(level, state, catalogue, TODAY)
            assert found
            assert len(set(found)) == len(found)
            assert all(_is_last_or_there(one, catalogue) for one in found)


def _is_last_or_there(recipient: Recipient, catalogue: Catalogue) -> bool:
    return recipient.person == "direction" or not catalogue.people[recipient.person].is_away(TODAY)


def chain(state: State, *away: str) -> list[tuple[str, str]]:
    catalogue = with_people_away(a_catalogue(), TODAY, *away)
    return [(one.post, one.person) for one in on_call_chain(state, catalogue, TODAY)]


def test_an_emergency_calls_the_roster_in_order_and_then_the_duty_manager() -> None:
    assert chain(with_dmlu()) == [
        ("DMLU/on_call", "watch-one"),
        ("DMLU/on_call", "watch-two"),
        ("city/duty_manager", "duty-manager"),
    ]


def test_a_unit_with_a_roster_of_its_own_is_called_first() -> None:
    state = with_dmlu("dmlu-hazards")

    assert chain(state)[0] == ("DMLU/dmlu-hazards/on_call", "unit-watch")
    assert chain(state, "unit-watch")[0] == ("DMLU/on_call", "watch-one")


def test_who_is_away_is_not_called() -> None:
    assert chain(with_dmlu(), "watch-one", "duty-manager") == [
        ("DMLU/on_call", "watch-two"),
        ("city/duty_manager", "direction"),
    ]


@pytest.mark.parametrize(
    ("post", "person"),
    [
        ("DMLU/on_call", "watch-two"),
        ("DMLU/dmlu-hazards/on_call", "unit-watch"),
        ("DMLU/dmlu-centro/head", "head"),
        ("SMGOV/on_call", "duty-manager"),
        ("NONE/focal_point", "direction"),
    ],
)
def test_any_post_is_filled_by_somebody(post: str, person: str) -> None:
    catalogue = with_people_away(a_catalogue(), TODAY, "watch-one")

    assert fills(post, catalogue, TODAY) == Recipient(post=post, person=person)


def test_a_digest_is_one_for_each_person_and_names_every_post_filled() -> None:
    catalogue = with_people_away(a_catalogue(), TODAY, "deputy")
    posts = ["DMLU/head", "DMLU/deputy", "city/direction", "DMLU/head"]

    assert persons_to_tell(posts, catalogue, TODAY) == {
        "head": ("DMLU/head",),
        "direction": ("DMLU/deputy", "city/direction"),
    }


@pytest.mark.parametrize(("day", "away"), [(23, False), (24, True), (25, False)])
def test_an_absence_lasts_from_its_first_to_its_last_day(day: int, away: bool) -> None:
    catalogue = with_people_away(a_catalogue(), TODAY, "head")

    assert catalogue.people["head"].is_away(date(2026, 11, day)) is away
