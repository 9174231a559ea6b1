"""Decide where a request happens: distances, search cells, neighbourhoods and the city's border."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
CELL_DEGREES = 0.0025
HIGHEST_LATITUDE = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A WGS84 position in decimal degrees."""

    lat: float
    lon: float

    @property
    def is_a_position(self) -> bool:
        """Tell whether the figures lie on the globe; NaN and infinities do not."""
        return -90 <= self.lat <= 90 and -180 <= self.lon <= 180


def distance_m(a: Point, b: Point) -> float:
    """Measure the great-circle distance in metres (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def distances_from(origin: Point) -> Callable[[Point], float]:
    """Measure many distances in metres from one point, on the plane that touches the globe there.

    Ten times cheaper than the great circle, and within 0.5 % of it for 50 km around a city below 60°.
    """
    metres_per_degree = math.radians(EARTH_RADIUS_M)
    east_metres_per_degree = metres_per_degree * math.cos(math.radians(origin.lat))
    lat, lon = origin.lat, origin.lon
    return lambda p: math.hypot((p.lat - lat) * metres_per_degree, (p.lon - lon) * east_metres_per_degree)


def cell_of(point: Point) -> str:
    """Name the 0.0025° search cell (about 280 × 240 m in Porto Alegre) that holds `point`."""
    return f"{_index(point.lat)}:{_index(point.lon)}"


def cells_around(point: Point, radius_m: float) -> list[str]:
    """Name every cell that a circle of `radius_m` around `point` touches, its own first.

    For 250 m in Porto Alegre these are 6 to 12 cells, 9 as a rule. Beyond 85° the parallels are
    taken to be as long as there, so that the answer stays small; no city lies that far.
    """
    reach_lat = math.degrees(radius_m / EARTH_RADIUS_M)
    parallel = math.cos(math.radians(min(abs(point.lat) + reach_lat, HIGHEST_LATITUDE)))
    reach_lon = reach_lat / parallel
    row, column = _index(point.lat), _index(point.lon)
    rows = range(_index(point.lat - reach_lat), _index(point.lat + reach_lat) + 1)
    columns = range(_index(point.lon - reach_lon), _index(point.lon + reach_lon) + 1)
    cells = sorted(
        ((r, c) for r in rows for c in columns), key=lambda cell: abs(cell[0] - row) + abs(cell[1] - column)
    )
    return [f"{r}:{c}" for r, c in cells]


def _index(degrees: float) -> int:
    return math.floor(degrees / CELL_DEGREES)


def is_within(point: Point, outline: Iterable[Sequence[Point]]) -> bool:
    """Tell whether `point` lies in one of the rings (ray casting; a border point may go either way)."""
    return any(_in_ring(point, ring) for ring in outline)


def distance_to_outline_m(point: Point, outline: Iterable[Sequence[Point]]) -> float:
    """Measure how far `point` is from the nearest edge of the rings (flat projection, for a few km)."""
    edges = (edge for ring in outline for edge in zip(ring, (*ring[1:], *ring[:1]), strict=True))
    return min((_distance_to_edge_m(point, a, b) for a, b in edges), default=math.inf)


def _distance_to_edge_m(point: Point, a: Point, b: Point) -> float:
    metres_per_degree = math.radians(EARTH_RADIUS_M)
    across = metres_per_degree * math.cos(math.radians(point.lat))
    ax, ay = (a.lon - point.lon) * across, (a.lat - point.lat) * metres_per_degree
    dx, dy = (b.lon - a.lon) * across, (b.lat - a.lat) * metres_per_degree
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, -(ax * dx + ay * dy) / length)) if length else 0.0
    return math.hypot(ax + along * dx, ay + along * dy)


def _in_ring(point: Point, ring: Sequence[Point]) -> bool:
    inside = False
    for a, b in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        crosses = (a.lat > point.lat) != (b.lat > point.lat)
        if crosses and point.lon < a.lon + (point.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon):
            inside = not inside
    return inside
