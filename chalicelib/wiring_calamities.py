"""Compose what an outage or a calamity needs: the switch, and protocols for paper.

Imports late for the same reason as `chalicelib.wiring`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring, wiring_timers

if TYPE_CHECKING:
    from chalicelib.services.calamities import Calamities
    from chalicelib.services.paper_allocation import PaperAllocation
    from chalicelib.services.ports.operations import AuditTrail


@cache
def calamities() -> Calamities:
    """Declare and end calamities."""
    from chalicelib.services.calamities import Calamities

    return Calamities(
        store=wiring.calamity_store(),
        published=wiring.published_catalogue(),
        audit=_audit(),
        jobs=wiring_timers.jobs(),
        clock=wiring.clock(),
    )


@cache
def paper_allocation() -> PaperAllocation:
    """Allocate protocols for paper."""
    from chalicelib.services.paper_allocation import PaperAllocation

    return PaperAllocation(
        paper=wiring.paper_protocols(),
        requests=wiring.requests(),
        catalogue=wiring.catalogue(),
        identity=wiring.identity(),
        audit=_audit(),
        clock=wiring.clock(),
        randomness=wiring.randomness(),
    )


@cache
def _audit() -> AuditTrail:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail

    return DynamoAuditTrail()
