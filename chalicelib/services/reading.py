"""Find requests for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.access import Principal, View, view_of
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import ActorNotAllowed, Fault, InvalidInput, NotFound
from chalicelib.domain.places import Point, cells_around, distance_m
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.request_deadlines import RequestDeadline, explain_request
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from chalicelib.services.access_codes import AccessCodes
from chalicelib.services.ports.basics import CatalogueSource, Clock, Page
from chalicelib.services.ports.people import AttemptLimiter, ContactLog, IdentityKeys
from chalicelib.services.ports.requests import RequestIndex, RequestStore


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """Narrows a secretariat's list; an empty field asks nothing."""

    statuses: frozenset[Status] = frozenset()
    services: frozenset[str] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    neighbourhoods: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    external_number: str | None = None

    def lets_through(self, request: ServiceRequest) -> bool:
        """Tell whether `request` meets every condition."""
        state = request.state
        place = state.place.neighbourhood if state.place else None
        wanted = [
            (self.statuses, state.status),
            (self.services, state.service),
            (self.urgencies, state.urgency),
            (self.neighbourhoods, place),
            (self.units, state.unit),
        ]
        if self.external_number is not None and state.external_number != self.external_number:
            return False
        return all(not allowed or value in allowed for allowed, value in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """An open request of the same service, and how far away it is."""

    request: ServiceRequest
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Show requests: one by its protocol, those near a place, a secretariat's work."""

    requests: RequestStore
    index: RequestIndex
    contacts: ContactLog
    catalogue: CatalogueSource
    identity: IdentityKeys
    attempts: AttemptLimiter
    clock: Clock

    def show(
        self, protocol: Protocol, principal: Principal | None, access_code: str | None
    ) -> tuple[ServiceRequest, View]:
        """Return a request and how much of it the caller may see.

        Raises:
            NotFound: no request has this protocol.
            TooManyAttempts: ten wrong access codes came within the hour.
            ActorNotAllowed: the access code is wrong.
        """
        request = self.requests.load(protocol)
        if access_code is not None:
            AccessCodes(identity=self.identity, attempts=self.attempts).check(protocol, access_code)
        return request, view_of(principal, request, acts_for_citizen=access_code is not None)

    def deadline(
        self, protocol: Protocol, principal: Principal | None, access_code: str | None
    ) -> tuple[ServiceRequest, RequestDeadline]:
        """Return a request and how its dates are counted; of a confidential one only to who may see more.

        Raises:
            NotFound: no request has this protocol.
            TooManyAttempts: ten wrong access codes came within the hour.
            ActorNotAllowed: the access code is wrong, or a stranger asks about a confidential request.
        """
        request, view = self.show(protocol, principal, access_code)
        if view is View.PUBLIC and request.state.confidential:
            raise ActorNotAllowed
        return request, explain_request(request, self.catalogue.current(), self.clock.now())

    def nearby(self, service: str, point: Point, *, found: Sequence[Fault] = ()) -> list[Nearby]:
        """List open requests of a service within its radius, the nearest first; never confidential ones."""
        known = self.catalogue.current().services.get(service)
        if known is None:
            raise InvalidInput(*found, Fault(path="service", reason="unknown_service"))
        if found:
            raise InvalidInput(*found)
        if known.confidential:
            return []
        cells = cells_around(point, known.nearby_radius_m)
        candidates = self.index.load_many(self.index.in_cells(service, cells))
        open_ones = [
            Nearby(request=request, distance_m=round(distance_m(point, place.point)))
            for request in candidates
            if request.state.is_open
            and not request.state.confidential
            and (place := request.state.place) is not None
            and place.point is not None
        ]
        near = [one for one in open_ones if one.distance_m <= known.nearby_radius_m]
        return sorted(near, key=lambda one: one.distance_m)

    def work(
        self, secretariat: str, wanted: WorkFilter, *, limit: int, cursor: str | None = None
    ) -> Page[ServiceRequest]:
        """List a secretariat's open requests, the earliest due first.

        A page holds at most `limit` requests; it may hold fewer and still continue when the
        filter lets few through.
        """
        if secretariat not in self.catalogue.current().secretariats:
            raise NotFound("secretariat", secretariat)
        page = self.index.desk(secretariat, limit=limit, cursor=cursor)
        found = self.index.load_many(page.items)
        return Page(items=tuple(r for r in found if wanted.lets_through(r)), next=page.next)

    def followers(self, protocol: Protocol) -> int:
        """Count who follows a request."""
        return self.contacts.count_followers(protocol)
