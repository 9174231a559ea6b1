"""Change a request at the order of somebody who holds a proof and no key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain import orders
from chalicelib.domain.casework import decide
from chalicelib.domain.contests import refuse_late_contest
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.order_faults import order_faults
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.services.commands import Command, change_request
from chalicelib.services.photos import upload_faults
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.people import IdentityKeys, MediaStore
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.refusals import refuse_faulty

CITIZEN = Actor(role=Role.CITIZEN, name="citizen")
THIRD_PARTY = Actor(role=Role.THIRD_PARTY, name="third party")
"""Who acts is known by his proof alone, so these names are nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Carries out orders each as one conditional write; whoever gives them has been let in before."""

    requests: RequestStore
    catalogue: CatalogueSource
    identity: IdentityKeys
    media: MediaStore
    clock: Clock
    randomness: Randomness

    def carry_out(
        self,
        protocol: Protocol,
        order_for: Callable[[ServiceRequest], orders.Order],
        by: Actor,
        command: Command | None,
        *,
        channel: Channel | None = Channel.WEB,
        found: Sequence[Fault] = (),
    ) -> ServiceRequest:
        """Carry out what `order_for` chooses for the request as it is; it is asked again if it changed.

        Raises:
            InvalidInput, TransitionNotAllowed, ActorNotAllowed, ContestTooLate, AnswerTooLate, TimelineFull:
            as the domain decides; and whatever `order_for` raises.
        """

        def decided(request: ServiceRequest) -> ServiceRequest:
            return self._decided(request, order_for(request), by, command, channel, found)

        return change_request(self.requests, protocol, decided, command=command)

    def _decided(
        self,
        request: ServiceRequest,
        order: orders.Order,
        by: Actor,
        command: Command | None,
        channel: Channel | None,
        found: Sequence[Fault],
    ) -> ServiceRequest:
        catalogue, now = self.catalogue.current(), self.clock.now()
        refuse_faulty(found, order_faults(order) if found else ())
        if isinstance(order, orders.Contest):
            refuse_late_contest(request, catalogue, now)
        digests = command.digests() if command else None
        act = Act(by=by, at=now, channel=channel, seed=self.randomness.seed(), command=digests)
        photos = list(upload_faults(self.identity, self.media, getattr(order, "photos", ())))
        try:
            changed = decide(request, order, catalogue, act)
        except InvalidInput as refusal:
            raise InvalidInput(*photos, *refusal.faults) from None
        refuse_faulty(photos)
        return changed
