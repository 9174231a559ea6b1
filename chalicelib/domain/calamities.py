"""Say what a declared calamity changes: which deadlines stand still, and what becomes more urgent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.catalogue import Catalogue, Service, Urgency
from chalicelib.domain.catalogue_calendar import LONGEST_SUSPENSION
from chalicelib.domain.catalogue_faults import SLUG
from chalicelib.domain.errors import Fault
from chalicelib.domain.neighbourhoods import neighbourhood_named
from chalicelib.domain.opening import terms_under
from chalicelib.domain.suspensions import Suspension

LONGEST_ACT, LONGEST_CODE = 120, 60
DIGEST_LENGTH = 6
ONE_DAY = timedelta(days=1)
URGENCIES = tuple(Urgency)
"""The most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalamityDraft:
    """What an act of the city declares, as somebody types it in.

    `first_day` is the day of the declaration where it is left out. Without `services` every service is
    meant, without `regions` and `neighbourhoods` the whole city. `raises` gives services another
    urgency, and what becomes an emergency its terms, for requests opened within the period.
    """

    code: str
    act: str
    last_day: date
    first_day: date | None = None
    services: tuple[str, ...] = ()
    regions: tuple[int, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    suspends: bool = True
    legal_clocks: bool = False
    raises: Mapping[str, Urgency] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calamity:
    """A declared calamity; `first_day` and `last_day` both belong to it.

    One that ended early keeps its shortened period, so that old dates can still be explained; one
    that was called off before it began ends on the day before its first.
    """

    code: str
    act: str
    first_day: date
    last_day: date
    services: tuple[str, ...] = ()
    regions: tuple[int, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    suspends: bool = True
    legal_clocks: bool = False
    raises: Mapping[str, Urgency] = field(default_factory=dict)
    declared_by: str
    declared_at: datetime
    ended_at: datetime | None = None

    def is_in_force(self, day: date) -> bool:
        """Tell whether `day` belongs to it."""
        return self.first_day <= day <= self.last_day

    def says_the_same_as(self, other: Calamity) -> bool:
        """Tell whether two declarations differ in nothing but who made them and when."""
        made = {name: getattr(other, name) for name in ("declared_by", "declared_at", "ended_at")}
        return replace(self, **made) == other


def declared(draft: CalamityDraft, catalogue: Catalogue, by: str, at: datetime, first_day: date) -> Calamity:
    """Make a checked draft a declaration; `first_day` is that of a draft that names none."""
    places = (neighbourhood_named(catalogue, text) for text in draft.neighbourhoods)
    return Calamity(
        code=draft.code,
        act=draft.act.strip(),
        first_day=draft.first_day or first_day,
        last_day=draft.last_day,
        services=draft.services,
        regions=draft.regions,
        neighbourhoods=tuple(place.code for place in places if place),
        suspends=draft.suspends,
        legal_clocks=draft.legal_clocks,
        raises=draft.raises,
        declared_by=by,
        declared_at=at,
    )


def under(catalogue: Catalogue, calamities: Sequence[Calamity], today: date) -> Catalogue:
    """Give the catalogue as calamities change it, with a version of its own; itself where none does.

    Their days are suspended whenever they lie; services are raised only while a calamity lasts.
    """
    suspensions = tuple(_suspensions(calamities))
    raised = {one.code: one for one in _raised(catalogue, calamities, today)}
    if not suspensions and not raised:
        return catalogue
    urgencies = {code: service.urgency for code, service in raised.items()}
    digest = hashlib.sha256(canonical_json([suspensions, urgencies]).encode()).hexdigest()
    return replace(
        catalogue,
        version=f"{catalogue.version}+{digest[:DIGEST_LENGTH]}",
        services={**catalogue.services, **raised},
        calendar=replace(catalogue.calendar, suspensions=(*catalogue.calendar.suspensions, *suspensions)),
    )


def _suspensions(calamities: Iterable[Calamity]) -> Iterator[Suspension]:
    for one in calamities:
        if one.suspends and one.first_day <= one.last_day:
            yield Suspension(
                code=one.code,
                act=one.act,
                first_day=one.first_day,
                last_day=one.last_day,
                services=one.services,
                regions=one.regions,
                neighbourhoods=one.neighbourhoods,
                legal_clocks=one.legal_clocks,
            )


def _raised(catalogue: Catalogue, calamities: Iterable[Calamity], today: date) -> Iterator[Service]:
    """Go through the services that are more urgent than published, of those that still are."""
    highest: dict[str, Urgency] = {}
    for one in calamities:
        if one.is_in_force(today):
            for code, urgency in one.raises.items():
                highest[code] = min(urgency, highest.get(code, urgency), key=URGENCIES.index)
    for code, urgency in sorted(highest.items()):
        service = catalogue.services.get(code)
        if service is not None and is_higher(urgency, service.urgency):
            term, first_action = terms_under(service, urgency)
            yield replace(service, urgency=urgency, term=term, first_action=first_action)


def is_higher(urgency: Urgency, than: Urgency) -> bool:
    """Tell whether an urgency is a greater one."""
    return URGENCIES.index(urgency) < URGENCIES.index(than)


def calamity_faults(draft: CalamityDraft, catalogue: Catalogue, today: date) -> Iterator[Fault]:
    """Name everything for which a calamity cannot be declared over the published `catalogue`."""
    if not SLUG.fullmatch(draft.code) or len(draft.code) > LONGEST_CODE:
        yield Fault(path="code", reason="malformed", facts={"form": SLUG.pattern, "longest": LONGEST_CODE})
    elif draft.code in {one.code for one in catalogue.calendar.suspensions}:
        yield Fault(path="code", reason="already_declared")
    if not draft.act.strip():
        yield Fault(path="act", reason="required")
    elif len(draft.act) > LONGEST_ACT:
        yield Fault(path="act", reason="too_long", facts={"longest": LONGEST_ACT, "length": len(draft.act)})
    yield from _period_faults(draft.first_day or today, draft.last_day)
    yield from _area_faults(draft, catalogue)
    for position, code in enumerate(draft.services):
        yield from _suspended_faults(f"services.{position}", code, draft, catalogue)
    for code, urgency in draft.raises.items():
        yield from _raised_faults(f"raises.{code}", code, urgency, catalogue)
    if not draft.suspends and not draft.raises:
        yield Fault(path="suspends", reason="changes_nothing")
    if draft.legal_clocks and not draft.suspends:
        yield Fault(path="legal_clocks", reason="changes_nothing")


def _period_faults(first: date, last: date | None) -> Iterator[Fault]:
    if last is None:
        return  # could not be read, which is a fault already
    if last < first:
        yield Fault(path="last_day", reason="before_its_beginning", facts={"first_day": first})
    elif last - first >= LONGEST_SUSPENSION:
        yield Fault(path="last_day", reason="too_far", facts={"most_days": LONGEST_SUSPENSION.days})


def _area_faults(draft: CalamityDraft, catalogue: Catalogue) -> Iterator[Fault]:
    for position, number in enumerate(draft.regions):
        if number not in catalogue.regions:
            yield Fault(path=f"regions.{position}", reason="unknown_region")
    for position, text in enumerate(draft.neighbourhoods):
        if neighbourhood_named(catalogue, text) is None:
            yield Fault(path=f"neighbourhoods.{position}", reason="unknown_neighbourhood")


def _suspended_faults(path: str, code: str, draft: CalamityDraft, catalogue: Catalogue) -> Iterator[Fault]:
    service = catalogue.services.get(code)
    if service is None:
        yield Fault(path=path, reason="unknown_service")
    elif draft.suspends and Urgency.EMERGENCY in (service.urgency, draft.raises.get(code)):
        yield Fault(path=path, reason="never_suspended")


def _raised_faults(path: str, code: str, urgency: Urgency, catalogue: Catalogue) -> Iterator[Fault]:
    service = catalogue.services.get(code)
    if service is None:
        yield Fault(path=path, reason="unknown_service")
    elif not is_higher(urgency, service.urgency):
        yield Fault(path=path, reason="not_higher", facts={"published": service.urgency})


def last_day_ending_on(calamity: Calamity, today: date) -> date:
    """Choose the last day of one that is ended today; it neither grows nor began before it did."""
    return max(calamity.first_day - ONE_DAY, min(today, calamity.last_day))


def end_faults(calamity: Calamity, last_day: date) -> Iterator[Fault]:
    """Refuse an end after the present one, which takes another act, or so early that it means nothing."""
    earliest = calamity.first_day - ONE_DAY
    if not earliest <= last_day <= calamity.last_day:
        facts = {"earliest": earliest, "latest": calamity.last_day}
        yield Fault(path="last_day", reason="out_of_range", facts=facts)
