"""Check the regions and neighbourhoods of a catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.catalogue import Catalogue, Neighbourhood
from chalicelib.domain.catalogue_faults import SLUG, CatalogueFault, code_faults
from chalicelib.domain.neighbourhoods import folded
from chalicelib.domain.places import Point

FEWEST_RING_POINTS = 3


def territory_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """Name every fault of the city's regions and neighbourhoods."""
    for region in catalogue.regions.values():
        if not region.name.strip():
            yield CatalogueFault(path=f"regions.{region.number}.name", reason="is empty")
    for neighbourhood in catalogue.neighbourhoods.values():
        yield from _neighbourhood_faults(catalogue, neighbourhood)
    yield from _namesake_faults(catalogue)


def _neighbourhood_faults(catalogue: Catalogue, place: Neighbourhood) -> Iterator[CatalogueFault]:
    path = f"neighbourhoods.{place.code}"
    yield from code_faults(path, place.code, SLUG)
    if not place.name.strip():
        yield CatalogueFault(path=f"{path}.name", reason="is empty")
    if place.region not in catalogue.regions:
        yield CatalogueFault(path=f"{path}.region", reason=f"region {place.region} is unknown")
    if not _is_on_earth(place.centre):
        yield CatalogueFault(path=f"{path}.centre", reason="is not a position in degrees")
    if place.reach_m <= 0:
        yield CatalogueFault(path=f"{path}.reach_m", reason="is not above zero")
    for number, ring in enumerate(place.outline):
        if len(ring) < FEWEST_RING_POINTS:
            yield CatalogueFault(path=f"{path}.outline.{number}", reason="a ring has at least three points")
        elif not all(_is_on_earth(point) for point in ring):
            yield CatalogueFault(path=f"{path}.outline.{number}", reason="is not all positions in degrees")


def _namesake_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """What a citizen says must name one neighbourhood, whatever accents, case and punctuation."""
    owners: dict[str, str] = {}
    for code, place in catalogue.neighbourhoods.items():
        for name in (code, place.name, *place.aliases):
            owner = owners.setdefault(folded(name), code)
            if owner != code:
                yield CatalogueFault(
                    path=f"neighbourhoods.{code}", reason=f"the name {name!r} is that of {owner} too"
                )


def _is_on_earth(point: Point) -> bool:
    return -90 <= point.lat <= 90 and -180 <= point.lon <= 180
