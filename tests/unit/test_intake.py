"""Intake: everything that is wrong with a draft, said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.catalogue import IdentityField, PlaceRule
from chalicelib.domain.intake import (
    FUTURE_TOLERANCE,
    IntakeDraft,
    PlaceDraft,
    ReporterDraft,
    intake_faults,
    located,
    time_fault,
)
from chalicelib.domain.places import Point
from chalicelib.domain.requests import Place
from tests.unit.small_city import CATALOGUE, DUMPING, NORTH, PHOTO, SOUTH, a_draft, with_services

FAR_AWAY = PlaceDraft(lat=-31.0, lon=-51.2)
JUST_OUTSIDE = PlaceDraft(lat=NORTH.lat + 2_200 / 111_195, lon=NORTH.lon)


def faults_of(draft: IntakeDraft, catalogue: Any = CATALOGUE) -> list[tuple[str, str]]:
    return [(fault.path, fault.reason) for fault in intake_faults(draft, catalogue)]


def test_a_good_draft_has_no_fault() -> None:
    assert faults_of(a_draft()) == []


def test_every_fault_is_named_at_once() -> None:
    draft = a_draft(
        description="x" * 4_001,
        urgency_reason="x" * 301,
        language="xx",
        attributes={"material": "gold", "colour": "red"},
        place=PlaceDraft(lat=-31.0, lon=-51.2, address="x" * 301, landmark="x" * 301, neighbourhood="Nada"),
        reporter=ReporterDraft(name="x" * 121, address="x" * 301),
        photos=(PHOTO,) * 6,
    )

    assert faults_of(draft) == [
        ("reporter.name", "too_long"),
        ("description", "too_long"),
        ("urgency_reason", "too_long"),
        ("place.address", "too_long"),
        ("place.landmark", "too_long"),
        ("reporter.address", "too_long"),
        ("photos", "too_many"),
        ("language", "not_in_list"),
        ("attributes.colour", "unknown_attribute"),
        ("attributes.material", "not_in_list"),
        ("place.neighbourhood", "unknown_neighbourhood"),
        ("place", "outside_the_city"),
    ]


def test_an_unknown_service_hides_no_other_fault() -> None:
    draft = a_draft("nothing", description="x" * 4_001, place=FAR_AWAY)

    assert faults_of(draft) == [
        ("description", "too_long"),
        ("service", "unknown_service"),
        ("place", "outside_the_city"),
    ]


def test_a_description_of_four_thousand_characters_is_just_right() -> None:
    assert faults_of(a_draft(description="ç" * 4_000)) == []


@pytest.mark.parametrize(
    "place",
    [
        None,
        PlaceDraft(),
        PlaceDraft(neighbourhood="Restinga"),
        PlaceDraft(address="  ", landmark="\n"),
    ],
)
def test_a_service_at_a_place_needs_a_point_an_address_or_a_landmark(place: PlaceDraft | None) -> None:
    assert faults_of(a_draft(place=place)) == [("place", "required")]


@pytest.mark.parametrize(
    "place",
    [
        PlaceDraft(lat=NORTH.lat, lon=NORTH.lon),
        PlaceDraft(address="Rua Um, 1"),
        PlaceDraft(landmark="Atrás do ginásio"),
        JUST_OUTSIDE,
    ],
)
def test_each_of_them_is_enough_also_just_outside_the_city(place: PlaceDraft) -> None:
    assert faults_of(a_draft(place=place)) == []


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        (PlaceDraft(lat=-30.0, address="x"), ("place.lon", "required")),
        (PlaceDraft(lon=-51.2, address="x"), ("place.lat", "required")),
        (PlaceDraft(lat=-95.0, lon=0.0), ("place", "not_a_position")),
        (PlaceDraft(lat=float("nan"), lon=-51.2), ("place", "not_a_position")),
        (FAR_AWAY, ("place", "outside_the_city")),
        (PlaceDraft(lat=0.0, lon=0.0), ("place", "outside_the_city")),
    ],
)
def test_a_wrong_position_is_refused_with_its_reason(place: PlaceDraft, fault: tuple[str, str]) -> None:
    assert faults_of(a_draft(place=place)) == [fault]


@pytest.mark.parametrize("rule", [PlaceRule.OPTIONAL, PlaceRule.NONE])
def test_other_services_need_no_place(rule: PlaceRule) -> None:
    assert faults_of(a_draft(place=None), with_services(replace(DUMPING, place=rule))) == []


NAME = IdentityField.NAME


@pytest.mark.parametrize(
    ("anonymous", "identification", "reporter", "faults"),
    [
        (True, (), None, []),
        (True, (), ReporterDraft(name="Ana"), []),
        (False, (), None, [("reporter", "anonymous_not_allowed")]),
        (False, (), ReporterDraft(), [("reporter", "anonymous_not_allowed")]),
        (False, (), ReporterDraft(name="Ana"), [("reporter", "anonymous_not_allowed")]),
        (False, (), ReporterDraft(phone="   "), [("reporter", "anonymous_not_allowed")]),
        (False, (), ReporterDraft(email="ana@exemplo.br"), []),
        (True, (NAME,), None, [("reporter", "anonymous_not_allowed")]),
        (True, (NAME,), ReporterDraft(phone="51999990000"), [("reporter.name", "required")]),
        (True, (IdentityField.CPF,), ReporterDraft(name="Ana"), [("reporter.cpf", "required")]),
        (False, (IdentityField.CONTACT,), ReporterDraft(phone="51999990000"), []),
        (False, (IdentityField.CONTACT,), ReporterDraft(email="ana@exemplo.br"), []),
        (
            False,
            (NAME, IdentityField.CONTACT),
            ReporterDraft(cpf="52998224725"),
            [("reporter.name", "required"), ("reporter.contact", "required")],
        ),
    ],
)
def test_a_service_says_who_must_be_known(
    anonymous: bool, identification: Any, reporter: ReporterDraft | None, faults: list[tuple[str, str]]
) -> None:
    service = replace(DUMPING, anonymous=anonymous, identification=identification)

    assert faults_of(a_draft(reporter=reporter), with_services(service)) == faults


@pytest.mark.parametrize(
    ("draft", "place", "at_border"),
    [
        (None, None, False),
        (PlaceDraft(address="Rua Um"), Place(), False),
        (
            PlaceDraft(lat=SOUTH.lat, lon=SOUTH.lon),
            Place(point=SOUTH, neighbourhood="baixo", region=2, suggested=True),
            False,
        ),
        (PlaceDraft(neighbourhood="Restinga"), Place(neighbourhood="baixo", region=2), False),
        (
            PlaceDraft(lat=NORTH.lat, lon=NORTH.lon, neighbourhood="restinga"),
            Place(point=NORTH, neighbourhood="baixo", region=2),
            False,
        ),
        (
            JUST_OUTSIDE,
            Place(
                point=Point(lat=JUST_OUTSIDE.lat or 0, lon=NORTH.lon),
                neighbourhood="alto",
                region=1,
                suggested=True,
            ),
            True,
        ),
    ],
)
def test_what_the_citizen_says_of_the_neighbourhood_wins_over_the_nearest(
    draft: PlaceDraft | None, place: Place | None, at_border: bool
) -> None:
    assert located(draft, CATALOGUE) == (place, at_border)


def test_a_moment_in_the_future_is_refused_but_for_clocks_that_are_a_little_fast() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)

    assert time_fault("at", None, now) is None
    assert time_fault("at", now + FUTURE_TOLERANCE, now) is None
    late = time_fault("at", now + FUTURE_TOLERANCE + timedelta(seconds=1), now)
    assert late
    assert (late.path, late.reason) == ("at", "in_the_future")


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (datetime(2026, 3, 1), "time_zone_missing"),  # noqa: DTZ001
        (datetime(1999, 12, 31, tzinfo=UTC), "out_of_range"),
        (datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "out_of_range"),
    ],
)
def test_a_moment_without_time_zone_or_of_long_ago_is_refused(moment: datetime, reason: str) -> None:
    fault = time_fault("at", moment, datetime(2026, 3, 2, tzinfo=UTC))
    assert fault
    assert fault.reason == reason


def test_a_refused_text_says_how_long_it_may_be() -> None:
    facts: Mapping[str, Any] = next(iter(intake_faults(a_draft(description="x" * 4_001), CATALOGUE))).facts

    assert facts == {"longest": 4_000, "length": 4_001}
