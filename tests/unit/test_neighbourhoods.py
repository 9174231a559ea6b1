"""Neighbourhoods: what the citizen calls them, where they lie, and where the city ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.catalogue import Catalogue, Neighbourhood
from chalicelib.domain.neighbourhoods import (
    Inside,
    neighbourhood_at,
    neighbourhood_named,
    stands_to_border,
)
from chalicelib.domain.places import Point
from tests.unit.small_city import CATALOGUE, NORTH, SOUTH
from tests.unit.test_places import a_square

OUTLINED = Neighbourhood(
    code="quadra", name="Quadra", region=1, centre=SOUTH, reach_m=1, outline=(a_square(-30.1, -51.3, 0.1),)
)


def city_of(*places: Neighbourhood) -> Catalogue:
    return replace(CATALOGUE, neighbourhoods={place.code: place for place in places})


@pytest.mark.parametrize(
    "said", ["Três Figueiras", "tres figueiras", "TRÊS  FIGUEIRAS", "três-figueiras", "3 figueiras", "alto"]
)
def test_a_neighbourhood_is_known_whatever_its_accents_case_or_punctuation(said: str) -> None:
    found = neighbourhood_named(CATALOGUE, said)

    assert found
    assert found.code == "alto"


@pytest.mark.parametrize("said", ["", "--", "Figueiras", "Três Figueiras Norte"])
def test_another_name_is_no_neighbourhood(said: str) -> None:
    assert neighbourhood_named(CATALOGUE, said) is None


def test_without_outlines_the_nearest_centre_is_suggested() -> None:
    near_the_north = neighbourhood_at(CATALOGUE, Point(lat=-30.02, lon=-51.21))

    assert near_the_north
    assert near_the_north.code == "alto"


def test_an_outline_decides_against_a_nearer_centre() -> None:
    catalogue = city_of(CATALOGUE.neighbourhoods["alto"], OUTLINED)
    at_the_edge = neighbourhood_at(catalogue, Point(lat=-30.0001, lon=-51.2001))

    assert at_the_edge is OUTLINED


def test_where_every_neighbourhood_has_an_outline_a_point_outside_has_none() -> None:
    assert neighbourhood_at(city_of(OUTLINED), NORTH) is None


@pytest.mark.parametrize(
    ("metres_beyond", "stands"),
    [
        (-2_000, Inside.INSIDE),
        (-5, Inside.INSIDE),
        (5, Inside.BORDER),
        (495, Inside.BORDER),
        (505, Inside.OUTSIDE),
    ],
)
def test_five_hundred_metres_beyond_the_reach_are_tolerated(metres_beyond: float, stands: Inside) -> None:
    degrees = (2_000 + metres_beyond) / 111_195

    assert stands_to_border(CATALOGUE, Point(lat=NORTH.lat + degrees, lon=NORTH.lon)) is stands


@pytest.mark.parametrize(
    ("lon", "stands"), [(-51.21, Inside.INSIDE), (-51.199, Inside.BORDER), (-51.19, Inside.OUTSIDE)]
)
def test_with_outlines_the_border_runs_along_their_edges(lon: float, stands: Inside) -> None:
    half_way_between_corners = Point(lat=-30.05, lon=lon)

    assert stands_to_border(city_of(OUTLINED), half_way_between_corners) is stands


def test_a_city_without_neighbourhoods_answers_for_nothing() -> None:
    assert stands_to_border(city_of(), NORTH) is Inside.OUTSIDE
