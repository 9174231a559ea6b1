"""Show operators what could not be delivered, and try again at their word."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.access import Principal
from chalicelib.domain.protocols import Protocol
from chalicelib.services.delivery import Relay
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.delivery import DeliveryLog, Parked
from chalicelib.services.ports.operations import AuditTrail, Intervention


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Requests that are parked since a queue was missing or refused a message."""

    relay: Relay
    log: DeliveryLog
    audit: AuditTrail
    clock: Clock

    def show(self) -> list[Parked]:
        """List what is parked, the longest waiting first."""
        return sorted(self.log.parked().values(), key=lambda parked: parked.at)

    def redrive(self, protocol: Protocol, by: Principal) -> Parked | None:
        """Send what waits of a protocol; return what still waits, None if nothing does.

        Raises:
            NotFound: nothing of this protocol is parked.
            Unavailable: a queue or table did not answer.
        """
        self.audit.record(
            Intervention(
                by=by.name, at=self.clock.now(), action="undelivered_redriven", subject=protocol, facts={}
            )
        )
        return self.relay.redrive(protocol)
