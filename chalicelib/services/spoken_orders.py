"""Carry out in one write what a citizen tells an attendant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.domain.access import Principal, actor_for
from chalicelib.domain.casework import decide
from chalicelib.domain.orders import Order
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.services.commands import Command, change_request
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.requests import RequestStore

OrdersFor = Callable[[ServiceRequest], Iterable[Order]]
"""Tells what the citizen's words order of a request as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOrders:
    """Give orders for a citizen; he cannot see versions, so they are decided on the fresh request."""

    requests: RequestStore
    catalogue: CatalogueSource
    clock: Clock
    randomness: Randomness

    def carry_out(
        self,
        protocol: Protocol,
        orders_for: OrdersFor,
        principal: Principal,
        channel: Channel,
        command: Command,
    ) -> ServiceRequest:
        """Carry all orders out or none of them; a repeated command answers the request as it stands."""
        request = self.requests.load(protocol)
        if command.was_carried_out_on(request) or not any(True for _ in orders_for(request)):
            return request
        catalogue = self.catalogue.current()

        def decided(fresh: ServiceRequest) -> ServiceRequest:
            for order in orders_for(fresh):
                act = Act(
                    by=actor_for(principal, order.COMMAND, fresh),
                    at=self.clock.now(),
                    channel=channel,
                    seed=self.randomness.seed(),
                    command=command.digests(),
                )
                fresh = decide(fresh, order, catalogue, act)
            return fresh

        return change_request(self.requests, protocol, decided, command=command)
