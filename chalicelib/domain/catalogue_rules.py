"""Find everything that keeps a catalogue from being published, at once."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.domain.catalogue import Catalogue, Topic
from chalicelib.domain.catalogue_calendar import calendar_faults
from chalicelib.domain.catalogue_faults import (
    FIRST_LANGUAGE,
    SLUG,
    CatalogueFault,
    code_faults,
    keyword_faults,
    name_faults,
    repeated,
)
from chalicelib.domain.catalogue_routing import routing_faults
from chalicelib.domain.catalogue_secretariats import secretariat_faults
from chalicelib.domain.catalogue_services import service_faults
from chalicelib.domain.catalogue_staff import staff_faults
from chalicelib.domain.catalogue_territory import territory_faults


def faults(catalogue: Catalogue) -> tuple[CatalogueFault, ...]:
    """Name every fault of a catalogue; none means that it may be published."""
    return tuple(_faults(catalogue))


def _faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    yield from _city_faults(catalogue)
    for secretariat in catalogue.secretariats.values():
        yield from secretariat_faults(catalogue, secretariat)
    for service in catalogue.services.values():
        yield from service_faults(catalogue, service)
    for topic in catalogue.topics.values():
        yield from _topic_faults(catalogue, topic)
    yield from _published_name_faults(catalogue)
    yield from territory_faults(catalogue)
    yield from routing_faults(catalogue)
    yield from calendar_faults(catalogue)
    yield from staff_faults(catalogue)


def _city_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    city = catalogue.city
    centre = catalogue.secretariats.get(city.centre)
    if centre is None:
        yield CatalogueFault(path="city.centre", reason=f"secretariat {city.centre} is unknown")
    elif centre.valid_until is not None:
        yield CatalogueFault(path="city.centre", reason=f"{city.centre} ends on {centre.valid_until}")
    try:
        ZoneInfo(city.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield CatalogueFault(path="city.timezone", reason=f"{city.timezone!r} is not a time zone")
    if FIRST_LANGUAGE not in city.languages:
        yield CatalogueFault(path="city.languages", reason=f"{FIRST_LANGUAGE} is missing")
    if city.border_tolerance_m < 0:
        yield CatalogueFault(path="city.border_tolerance_m", reason="is negative")


def _topic_faults(catalogue: Catalogue, topic: Topic) -> Iterator[CatalogueFault]:
    path = f"topics.{topic.code}"
    yield from code_faults(path, topic.code, SLUG)
    yield from name_faults(f"{path}.names", topic.names)
    yield from keyword_faults(f"{path}.keywords", topic.keywords)
    if topic.code in catalogue.services:
        yield CatalogueFault(path=path, reason="a service has the same code")
    if topic.secretariat is not None and topic.secretariat not in catalogue.secretariats:
        yield CatalogueFault(path=f"{path}.secretariat", reason=f"secretariat {topic.secretariat} is unknown")


def _published_name_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """A name under which the city publishes something stands for one service or topic, never two."""
    claims = [
        (name, f"{section}.{code}")
        for section, entries in (("services", catalogue.services), ("topics", catalogue.topics))
        for code, entry in entries.items()
        for name in sorted({*entry.merges, entry.names.get(FIRST_LANGUAGE, "")} - {""})
    ]
    twice = set(repeated(name for name, _ in claims))
    first_claims: dict[str, str] = {}
    for name, path in claims:
        first = first_claims.setdefault(name, path)
        if name in twice and first != path:
            yield CatalogueFault(path=path, reason=f"the name {name!r} stands for {first} already")
