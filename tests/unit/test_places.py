"""Distances, search cells and outlines."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.places import (
    CELL_DEGREES,
    EARTH_RADIUS_M,
    Point,
    cell_of,
    cells_around,
    distance_m,
    distance_to_outline_m,
    distances_from,
    is_within,
)

PORTO_ALEGRE = Point(lat=-30.0331, lon=-51.23)
in_the_city = st.builds(Point, lat=st.floats(-30.27, -29.93), lon=st.floats(-51.31, -51.01))
anywhere = st.builds(Point, lat=st.floats(-84, 84), lon=st.floats(-179, 179))


def towards(start: Point, bearing: float, metres: float) -> Point:
    """Walk on a sphere; written apart from what is tested (direct geodesic problem)."""
    angle, lat = metres / EARTH_RADIUS_M, math.radians(start.lat)
    end = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing))
    turned = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(end)
    )
    return Point(lat=math.degrees(end), lon=start.lon + math.degrees(turned))


@pytest.mark.parametrize(
    ("a", "b", "kilometres"),
    [
        (Point(lat=0, lon=0), Point(lat=0, lon=1), 111.195),
        (Point(lat=0, lon=0), Point(lat=1, lon=0), 111.195),
        (Point(lat=-30, lon=-51), Point(lat=-30, lon=-52), 96.297),
        (PORTO_ALEGRE, Point(lat=-23.5505, lon=-46.6333), 853),  # São Paulo
        (Point(lat=52.2296756, lon=21.0122287), Point(lat=52.406374, lon=16.9251681), 278.459),
        (Point(lat=0, lon=0), Point(lat=0, lon=180), 20_015.1),
    ],
)
def test_distances_are_those_of_known_pairs(a: Point, b: Point, kilometres: float) -> None:
    assert distance_m(a, b) / 1000 == pytest.approx(kilometres, rel=1e-3)


@given(anywhere, anywhere, anywhere)
def test_distance_is_a_metric(a: Point, b: Point, c: Point) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 0.01


@given(in_the_city, st.floats(0, 2 * math.pi), st.floats(0, 1))
@example(Point(lat=-30.03, lon=-51.2300001), math.pi / 2, 1.0)
def test_every_point_of_the_circle_lies_in_a_searched_cell(
    centre: Point, bearing: float, fraction: float
) -> None:
    for radius_m in (50, 250, 1_000):
        reached = towards(centre, bearing, radius_m * fraction)
        assert cell_of(reached) in cells_around(centre, radius_m)


@given(anywhere, st.floats(0, 2 * math.pi))
def test_the_circle_is_covered_in_any_city_of_the_world(centre: Point, bearing: float) -> None:
    assert cell_of(towards(centre, bearing, 249.9)) in cells_around(centre, 250)


@given(in_the_city)
def test_the_default_radius_reads_its_own_cell_first_and_about_eight_neighbours(point: Point) -> None:
    cells = cells_around(point, 250)

    assert cells[0] == cell_of(point)
    assert len(cells) == len(set(cells))
    assert 6 <= len(cells) <= 12


def test_on_average_a_search_reads_nine_cells() -> None:
    steps = [index / 20 * CELL_DEGREES for index in range(20)]
    sizes = [
        len(cells_around(Point(lat=-30.03 + lat, lon=-51.23 + lon), 250)) for lat in steps for lon in steps
    ]

    assert sum(sizes) / len(sizes) == pytest.approx(9, abs=0.7)


@pytest.mark.parametrize("lat", [-90.0, 90.0, 89.9999999])
def test_a_search_at_a_pole_stays_small(lat: float) -> None:
    assert len(cells_around(Point(lat=lat, lon=0), 250)) < 100


def test_neighbouring_points_on_both_sides_of_an_edge_are_in_neighbouring_cells() -> None:
    assert cell_of(Point(lat=-30.0001, lon=-51.2301)) == "-12001:-20493"
    assert cell_of(Point(lat=-29.9999, lon=-51.2301)) == "-12000:-20493"


@pytest.mark.parametrize(
    ("point", "is_one"),
    [
        (Point(lat=-30, lon=-51), True),
        (Point(lat=90, lon=180), True),
        (Point(lat=90.1, lon=0), False),
        (Point(lat=0, lon=-180.1), False),
        (Point(lat=math.nan, lon=0), False),
        (Point(lat=0, lon=math.inf), False),
    ],
)
def test_only_figures_on_the_globe_are_a_position(point: Point, is_one: bool) -> None:
    assert point.is_a_position is is_one


def a_square(south: float, west: float, size: float) -> tuple[Point, ...]:
    north, east = south + size, west + size
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return tuple(Point(lat=lat, lon=lon) for lat, lon in corners)


SQUARE = a_square(-30.1, -51.3, 0.1)


@given(st.floats(-30.25, -29.85), st.floats(-51.45, -51.05))
def test_a_point_is_in_a_square_exactly_between_its_sides(lat: float, lon: float) -> None:
    inside = -30.1 < lat < -30.0 and -51.3 < lon < -51.2
    on_a_side = min(abs(lat + 30.1), abs(lat + 30.0), abs(lon + 51.3), abs(lon + 51.2)) < 1e-9

    assert on_a_side or is_within(Point(lat=lat, lon=lon), [SQUARE]) is inside


def test_an_outline_may_have_several_parts_and_bays() -> None:
    island = a_square(-30.3, -51.3, 0.01)
    u_shape = tuple(
        Point(lat=lat, lon=lon)
        for lat, lon in [(0, 0), (0, 3), (3, 3), (3, 2), (1, 2), (1, 1), (3, 1), (3, 0)]
    )

    assert is_within(Point(lat=-30.295, lon=-51.295), [SQUARE, island])
    assert is_within(Point(lat=2, lon=0.5), [u_shape])
    assert not is_within(Point(lat=2, lon=1.5), [u_shape])
    assert not is_within(Point(lat=0, lon=0), [])


def test_the_distance_to_an_outline_is_that_to_its_nearest_edge_and_not_to_a_corner() -> None:
    beside_the_middle = Point(lat=-30.05, lon=-51.199)

    assert distance_to_outline_m(beside_the_middle, [SQUARE]) == pytest.approx(96.3, abs=0.1)
    assert distance_to_outline_m(Point(lat=-30.05, lon=-51.199), [(Point(lat=-30.05, lon=-51.2),)]) == (
        pytest.approx(96.3, abs=0.1)
    )
    assert distance_to_outline_m(beside_the_middle, []) == math.inf


@given(st.floats(-30.12, -29.98), st.floats(-51.32, -51.18))
def test_no_edge_is_farther_than_the_nearest_corner(lat: float, lon: float) -> None:
    point = Point(lat=lat, lon=lon)

    assert (
        distance_to_outline_m(point, [SQUARE]) <= min(distance_m(point, corner) for corner in SQUARE) * 1.001
    )


@given(
    lat=st.floats(-60, 60), lon=st.floats(-170, 170), north=st.floats(-0.3, 0.3), east=st.floats(-0.3, 0.3)
)
def test_distances_on_the_plane_are_those_of_the_globe_for_the_size_of_a_city(
    lat: float, lon: float, north: float, east: float
) -> None:
    here, there = Point(lat=lat, lon=lon), Point(lat=lat + north, lon=lon + east)

    assert distances_from(here)(there) == pytest.approx(distance_m(here, there), rel=0.01, abs=1)
