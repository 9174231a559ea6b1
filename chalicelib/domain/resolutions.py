"""Tell from the timeline which resolutions a request had: who gave them, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType

_TAKEN_UP_AGAIN = frozenset({EntryType.CONTESTED, EntryType.REOPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenResolution:
    """The resolution of a generation: when, by whom, for which service.

    `is_drawn` says that the centre audits it, `is_contested` that the work was taken up again, `is_judged`
    that the centre has said whether it was false.
    """

    generation: int
    at: datetime
    secretariat: str
    service: str
    is_drawn: bool
    is_contested: bool = False
    is_judged: bool = False

    @property
    def awaits_verdict(self) -> bool:
        """Tell whether the centre still has to judge it."""
        return (self.is_drawn or self.is_contested) and not self.is_judged


def resolutions(request: ServiceRequest) -> tuple[GivenResolution, ...]:
    """List the resolutions of a request, one at most per generation, in order."""
    judged = {verdict.generation for verdict in request.state.verdicts}
    return tuple(
        replace(given, is_judged=True) if given.generation in judged else given for given in _given(request)
    )


def resolution_of(request: ServiceRequest, generation: int) -> GivenResolution | None:
    """Find the resolution of a generation; None if it was never resolved."""
    return next((one for one in resolutions(request) if one.generation == generation), None)


def taken_up_again(entry: Entry) -> int | None:
    """Tell which generation a decision put an end to; None if it is no contest or reopening."""
    if entry.type not in _TAKEN_UP_AGAIN:
        return None
    generation: int = entry.data["changes"]["generation"]
    return generation - 1


def _given(request: ServiceRequest) -> Iterator[GivenResolution]:
    facts: dict[str, Any] = {}
    pending: GivenResolution | None = None
    for entry in request.timeline:
        if pending is not None and taken_up_again(entry) == pending.generation:
            yield replace(pending, is_contested=True)
            pending = None
        facts |= entry.data.get("changes", {})
        if entry.type is EntryType.RESOLVED:
            pending = _resolution(entry, facts)
    if pending is not None:
        yield pending


def _resolution(entry: Entry, facts: dict[str, Any]) -> GivenResolution:
    return GivenResolution(
        generation=facts.get("generation", 1),
        at=entry.at,
        secretariat=facts["secretariat"],
        service=facts["service"],
        is_drawn=entry.data["changes"].get("drawn_for_audit", False),
    )
