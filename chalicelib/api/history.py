"""Show a request as it stood after any of its decisions."""

from __future__ import annotations

import msgspec

from chalicelib.domain.errors import NotFound
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.timeline import fold


def state_after(request: ServiceRequest, seq: int) -> State:
    """Return the state after decision `seq`, folded from the timeline.

    Raises:
        NotFound: the request has no such decision.
    """
    if not 1 <= seq <= request.version:
        raise NotFound("decision", str(seq))
    return msgspec.convert(fold(request.timeline[:seq]), State)
