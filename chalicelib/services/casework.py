"""Carry out what secretariats and attendants order, each as one conditional write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import orders
from chalicelib.domain.access import Principal, actor_for
from chalicelib.domain.casework import decide, merge_fault
from chalicelib.domain.contacts import Follower, follower_id_of
from chalicelib.domain.errors import Fault, InvalidInput, NotFound, StaleVersion
from chalicelib.domain.order_faults import order_faults
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.transitions import Status
from chalicelib.services.commands import Command, change_request
from chalicelib.services.photos import upload_faults
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.people import ContactLog, IdentityKeys, MediaStore
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.refusals import read_protocol, refuse_faulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """Change requests at somebody's order."""

    requests: RequestStore
    contacts: ContactLog
    catalogue: CatalogueSource
    media: MediaStore
    identity: IdentityKeys
    clock: Clock
    randomness: Randomness

    def carry_out(
        self,
        protocol: Protocol,
        order: orders.Order,
        principal: Principal,
        command: Command,
        *,
        seen_version: int,
        found: Sequence[Fault] = (),
    ) -> ServiceRequest:
        """Carry out `order` on the version its giver saw; a repeated command answers the present state.

        Raises:
            StaleVersion: somebody else changed the request meanwhile.
            InvalidInput, TransitionNotAllowed, ActorNotAllowed, EvidenceRequired, ReturnTooLate,
            TimelineFull: as the domain decides.
        """
        catalogue = self.catalogue.current()

        def decided(request: ServiceRequest) -> ServiceRequest:
            actor = actor_for(principal, order.COMMAND, request)
            if seen_version != request.version:
                raise StaleVersion(request.version)
            refuse_faulty(found, order_faults(order) if found else ())
            act = Act(by=actor, at=self.clock.now(), seed=self.randomness.seed(), command=command.digests())
            photos = list(upload_faults(self.identity, self.media, getattr(order, "photos", ())))
            try:
                changed = decide(request, _normal(order), catalogue, act)
            except InvalidInput as refusal:
                raise InvalidInput(*photos, *refusal.faults) from None
            refuse_faulty(photos)
            if changed.state.status is Status.DUPLICATE:
                self._attach_reporter(changed, act.at)
            return changed

        return change_request(self.requests, protocol, decided, command=command)

    def _attach_reporter(self, duplicate: ServiceRequest, at: datetime) -> None:
        """Let the reporter of a duplicate follow the request it joins; done before the merge is saved."""
        state = duplicate.state
        target = Protocol(state.duplicate_of or "")
        try:
            into = self.requests.load(target)
        except NotFound as error:
            raise InvalidInput(Fault(path="into", reason="unknown_protocol")) from error
        if fault := merge_fault(duplicate, into):
            raise InvalidInput(fault)
        self.contacts.follow(
            Follower(
                protocol=target,
                follower_id=follower_id_of(target, duplicate.person_key or duplicate.protocol),
                at=at,
                channel=state.channel,
                person_key=duplicate.person_key,
                private={
                    name.partition(".")[2]: text
                    for name, text in duplicate.private.items()
                    if ".reporter." in name
                },
            )
        )


def _normal(order: orders.Order) -> orders.Order:
    if not isinstance(order, orders.Merge):
        return order
    into, faults = read_protocol(order.into, "into")
    refuse_faulty(faults)
    return orders.Merge(into=into, note=order.note)
