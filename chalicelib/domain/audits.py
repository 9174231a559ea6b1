"""List the resolutions that the centre must still judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.judging import verdict_kind
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolutions, taken_up_again
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.verdicts import VerdictKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A resolution to be judged, and why; nobody's data."""

    protocol: Protocol
    generation: int
    kind: VerdictKind
    resolved_at: datetime
    secretariat: str
    service: str


def open_audits(request: ServiceRequest) -> Iterator[Audit]:
    """Give the resolutions of a request that await a verdict."""
    for given in resolutions(request):
        if given.awaits_verdict:
            yield Audit(
                protocol=request.protocol,
                generation=given.generation,
                kind=verdict_kind(given),
                resolved_at=given.at,
                secretariat=given.secretariat,
                service=given.service,
            )


def matters_to_audits(entry: Entry) -> bool:
    """Tell whether a decision may put a resolution on the list, or take one off; most do neither."""
    if entry.type is EntryType.RESOLVED:
        return bool(entry.data["changes"].get("drawn_for_audit"))
    return entry.type is EntryType.JUDGED or taken_up_again(entry) is not None
