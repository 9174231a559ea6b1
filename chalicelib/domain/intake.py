"""Check what a channel wants to open, as a whole: every fault is named at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.attributes import attribute_faults
from chalicelib.domain.catalogue import Catalogue, IdentityField, Kind, PlaceRule, Service, Urgency
from chalicelib.domain.errors import Fault
from chalicelib.domain.neighbourhoods import Inside, neighbourhood_at, neighbourhood_named, stands_to_border
from chalicelib.domain.people import Channel
from chalicelib.domain.places import Point
from chalicelib.domain.requests import Place
from chalicelib.domain.screening import screening_faults

LONGEST_DESCRIPTION = 4_000
LONGEST_ADDRESS = 300
LONGEST_NAME = 120
MOST_PHOTOS = 5
FUTURE_TOLERANCE = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    """A place as the citizen says it; an address, a point or a landmark will do.

    A neighbourhood helps to choose the unit, but alone it leads nobody there.
    """

    lat: float | None = None
    lon: float | None = None
    address: str = ""
    landmark: str = ""
    neighbourhood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterDraft:
    """Who reports, as far as he says; `address` is where a letter finds him."""

    name: str = ""
    cpf: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDraft:
    """What was written on paper while the system was out: its protocol, when it came, who let it in."""

    protocol: str
    received_at: datetime
    allowed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeDraft:
    """What a channel sends to open a request; no `reporter` means an anonymous one.

    `contests` is the protocol of a request whose result, too old to be contested, this one says was false.
    """

    service: str
    description: str = ""
    kind: Kind | None = None
    channel: Channel | None = None
    language: str = "pt-BR"
    place: PlaceDraft | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    screening: Mapping[str, bool] = field(default_factory=dict)
    reporter: ReporterDraft | None = None
    photos: tuple[str, ...] = ()
    urgency: Urgency | None = None
    urgency_reason: str = ""
    paper: PaperDraft | None = None
    contests: str = ""


def intake_faults(draft: IntakeDraft, catalogue: Catalogue) -> Iterator[Fault]:
    """Name everything that keeps `draft` from being opened under `catalogue`."""
    yield from name_faults(draft.reporter)
    yield from _length_faults(draft)
    if draft.language not in catalogue.city.languages:
        yield Fault(path="language", reason="not_in_list", facts={"choices": catalogue.city.languages})
    service = catalogue.services.get(draft.service)
    if service is None:
        yield Fault(path="service", reason="unknown_service")
    else:
        yield from attribute_faults(service, draft.attributes)
        yield from screening_faults(service, draft.screening)
        yield from _identity_faults(service, draft.reporter)
    yield from _place_faults(service, draft.place, catalogue)


def located(draft: PlaceDraft | None, catalogue: Catalogue) -> tuple[Place | None, bool]:
    """Resolve a checked place; what the citizen says of the neighbourhood wins over the nearest centre.

    The second value tells whether the point lies just outside the city, so that people must look.
    """
    if draft is None:
        return None, False
    point = _point(draft)
    said = neighbourhood_named(catalogue, draft.neighbourhood) if draft.neighbourhood else None
    found = said or (neighbourhood_at(catalogue, point) if point else None)
    at_border = point is not None and stands_to_border(catalogue, point) is Inside.BORDER
    place = Place(
        point=point,
        neighbourhood=found.code if found else None,
        region=found.region if found else None,
        suggested=said is None and found is not None,
    )
    return place, at_border


def name_faults(reporter: ReporterDraft | None) -> Iterator[Fault]:
    """Refuse a name that is none for its length."""
    length = len(reporter.name) if reporter else 0
    if length > LONGEST_NAME:
        yield Fault(
            path="reporter.name", reason="too_long", facts={"longest": LONGEST_NAME, "length": length}
        )


def _length_faults(draft: IntakeDraft) -> Iterator[Fault]:
    limits = [
        ("description", draft.description, LONGEST_DESCRIPTION),
        ("urgency_reason", draft.urgency_reason, LONGEST_ADDRESS),
    ]
    if draft.place:
        limits += [
            ("place.address", draft.place.address, LONGEST_ADDRESS),
            ("place.landmark", draft.place.landmark, LONGEST_ADDRESS),
        ]
    if draft.reporter:
        limits.append(("reporter.address", draft.reporter.address, LONGEST_ADDRESS))
    for path, text, longest in limits:
        if len(text) > longest:
            yield Fault(path=path, reason="too_long", facts={"longest": longest, "length": len(text)})
    if len(draft.photos) > MOST_PHOTOS:
        yield Fault(path="photos", reason="too_many", facts={"most": MOST_PHOTOS})


def _identity_faults(service: Service, reporter: ReporterDraft | None) -> Iterator[Fault]:
    said = reporter or ReporterDraft()
    given = {name for name in ("name", "cpf", "phone", "email") if getattr(said, name).strip()}
    if not given & {"cpf", "phone", "email"} and not service.anonymous:
        yield Fault(path="reporter", reason="anonymous_not_allowed")
        return
    if not given and service.identification:
        yield Fault(path="reporter", reason="anonymous_not_allowed")
        return
    for wanted in service.identification:
        reachable = wanted is IdentityField.CONTACT and given & {"phone", "email"}
        if wanted.value not in given and not reachable:
            yield Fault(path=f"reporter.{wanted.value}", reason="required")


def _place_faults(service: Service | None, draft: PlaceDraft | None, catalogue: Catalogue) -> Iterator[Fault]:
    rule = service.place if service else PlaceRule.OPTIONAL
    said = draft is not None and (_point(draft) or draft.address.strip() or draft.landmark.strip())
    if rule is PlaceRule.REQUIRED and not said:
        yield Fault(path="place", reason="required")
    if draft is None:
        return
    if draft.neighbourhood and neighbourhood_named(catalogue, draft.neighbourhood) is None:
        yield Fault(path="place.neighbourhood", reason="unknown_neighbourhood")
    yield from _point_faults(draft, catalogue)


def _point_faults(draft: PlaceDraft, catalogue: Catalogue) -> Iterator[Fault]:
    if (draft.lat is None) != (draft.lon is None):
        yield Fault(path="place.lon" if draft.lon is None else "place.lat", reason="required")
        return
    point = _point(draft)
    if point is None:
        return
    if not point.is_a_position:
        yield Fault(path="place", reason="not_a_position")
    elif stands_to_border(catalogue, point) is Inside.OUTSIDE:
        yield Fault(path="place", reason="outside_the_city", facts={"city": catalogue.city.name})


def _point(draft: PlaceDraft) -> Point | None:
    if draft.lat is None or draft.lon is None:
        return None
    return Point(lat=draft.lat, lon=draft.lon)


def time_fault(path: str, moment: datetime | None, now: datetime) -> Fault | None:
    """Refuse a moment without time zone, in the future, or before there was a 156."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        return Fault(path=path, reason="time_zone_missing")
    if moment > now + FUTURE_TOLERANCE:
        return Fault(path=path, reason="in_the_future")
    if moment < EARLIEST:
        return Fault(path=path, reason="out_of_range", facts={"earliest": EARLIEST.date().isoformat()})
    return None
