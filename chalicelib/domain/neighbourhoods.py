"""Tell in which neighbourhood a place lies and whether the city answers for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from chalicelib.domain.catalogue import Catalogue, Neighbourhood
from chalicelib.domain.places import Point, distance_to_outline_m, distances_from, is_within


class Inside(StrEnum):
    """How a point stands to the city's border."""

    INSIDE = "inside"
    BORDER = "border"
    OUTSIDE = "outside"


def neighbourhood_named(catalogue: Catalogue, text: str) -> Neighbourhood | None:
    """Find a neighbourhood by code, name or alias, whatever its accents, case or punctuation."""
    wanted = folded(text)
    for place in catalogue.neighbourhoods.values():
        if wanted in {folded(name) for name in (place.code, place.name, *place.aliases)}:
            return place
    return None


def neighbourhood_at(catalogue: Catalogue, point: Point) -> Neighbourhood | None:
    """Suggest the neighbourhood of a point: by outline where the city gives them, else the nearest."""
    outlined = [n for n in catalogue.neighbourhoods.values() if n.outline]
    for place in outlined:
        if is_within(point, place.outline):
            return place
    candidates = [n for n in catalogue.neighbourhoods.values() if not n.outline]
    distance_to = distances_from(point)
    return min(candidates, key=lambda place: distance_to(place.centre), default=None)


def stands_to_border(catalogue: Catalogue, point: Point) -> Inside:
    """Decide whether a point is in the city, just outside (tolerated), or elsewhere."""
    beyond = _beyond_m(catalogue.neighbourhoods.values(), point)
    if beyond <= 0:
        return Inside.INSIDE
    return Inside.BORDER if beyond <= catalogue.city.border_tolerance_m else Inside.OUTSIDE


def _beyond_m(places: Iterable[Neighbourhood], point: Point) -> float:
    distance_to = distances_from(point)

    def beyond(place: Neighbourhood) -> float:
        if not place.outline:
            return distance_to(place.centre) - place.reach_m
        if is_within(point, place.outline):
            return 0
        return distance_to_outline_m(point, place.outline)

    return min((beyond(place) for place in places), default=float("inf"))


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """Reduce a text to what tells it apart from others: no accents, case, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())
