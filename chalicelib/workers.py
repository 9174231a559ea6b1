"""Turn queue, stream and schedule records into service calls; what fails is raised for its retry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import wiring_delivery
from chalicelib.observability import logger


def relay_changes(records: Sequence[Mapping[str, Any]]) -> None:
    """Deliver a batch of the requests table's stream.

    A transient failure raises: the stream repeats the batch, in halves, and hands it to the failure
    queue in the end. A permanent one is parked and logged for its alarm, and the others go on.
    """
    relayed = wiring_delivery.relay().relay(records)
    for parked in relayed.parked:
        logger.error(
            "request undelivered",
            extra={
                "protocol": parked.protocol,
                "first_seq": parked.first_seq,
                "last_seq": parked.last_seq,
                "reason": parked.reason,
            },
        )
    logger.info("changes relayed", extra={"changes": relayed.changes, "messages": relayed.messages})
