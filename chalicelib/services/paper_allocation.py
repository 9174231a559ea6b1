"""Allocate protocols for paper before an outage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.paper import PaperProtocol, allocation_faults
from chalicelib.domain.protocols import Protocol, compose_protocol, paper_number
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.operations import AuditTrail, Intervention
from chalicelib.services.ports.paper import PaperProtocols
from chalicelib.services.ports.people import IdentityKeys
from chalicelib.services.ports.requests import ProtocolTaken, RequestStore
from chalicelib.services.refusals import refuse_faulty

MOST_ATTEMPTS = 50
BATCH_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperBatch:
    """Protocols that were allocated together."""

    batch: str
    day: date
    protocols: tuple[Protocol, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAllocation:
    """Allocate protocols that can be written on forms while nothing else works."""

    paper: PaperProtocols
    requests: RequestStore
    catalogue: CatalogueSource
    identity: IdentityKeys
    audit: AuditTrail
    clock: Clock
    randomness: Randomness

    def allocate(self, count: int, day: date, by: str) -> PaperBatch:
        """Allocate `count` protocols of `day`, for what is received on that day or later.

        Their numbers are as unpredictable as all others, in a range that no other request uses.

        Raises:
            InvalidInput: naming every fault; nothing is allocated.
            Unavailable: a table did not answer; what was allocated so far is lost, and harms nobody.
        """
        now = self.clock.now()
        today = calendar_of(self.catalogue.current()).local_day(now)
        refuse_faulty(tuple(allocation_faults(count, day, by, today)))
        batch = f"{day.isoformat()}-{self.randomness.seed().hex()[-BATCH_DIGITS:]}"
        self.audit.record(
            Intervention(
                by=by,
                at=now,
                action="paper_protocols_allocated",
                subject=batch,
                facts={"count": count, "day": day.isoformat()},
            )
        )
        protocols = tuple(self._one(batch, number, day, by, now) for number in range(count))
        return PaperBatch(batch=batch, day=day, protocols=protocols)

    def access_code(self, protocol: Protocol) -> str:
        """Derive the code with which a citizen will be able to act on his protocol."""
        return self.identity.access_code(protocol)

    def _one(self, batch: str, position: int, day: date, by: str, at: datetime) -> Protocol:
        for attempt in range(MOST_ATTEMPTS):
            number = self.identity.number("paper", f"{batch}/{position}", attempt)
            protocol = compose_protocol(day, paper_number(number))
            if self._is_used(protocol):
                continue
            try:
                self.paper.add(PaperProtocol(protocol=protocol, batch=batch, day=day, by=by, at=at))
            except ProtocolTaken:
                continue
            return protocol
        raise Unavailable

    def _is_used(self, protocol: Protocol) -> bool:
        """Tell whether a request has it: one opened before that range was kept for paper."""
        try:
            self.requests.load(protocol)
        except NotFound:
            return False
        return True
