"""Name how work ends: what was done or why not, and a team's word for having been there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResolutionReason(StrEnum):
    """What became of a request that the secretariat calls done."""

    DONE = "done"
    ALREADY_SOLVED = "already_solved"
    INFORMATION_GIVEN = "information_given"
    GRANTED = "granted"
    INSPECTED_REGULAR = "inspected_regular"
    INSPECTED_FINED = "inspected_fined"


class RejectionReason(StrEnum):
    """Why the city will not do what was asked."""

    NOT_MUNICIPAL = "not_municipal"
    PLACE_NOT_FOUND = "place_not_found"
    NOT_CONFIRMED = "not_confirmed"
    INSUFFICIENT_INFORMATION = "insufficient_information"
    MEASUREMENT_REFUSED = "measurement_refused"
    NO_LEGAL_BASIS = "no_legal_basis"
    PRIVATE_PROPERTY = "private_property"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTeamRecord:
    """A team's signed record of having been there: who, when and where (WGS84)."""

    team: str
    at: datetime
    lat: float
    lon: float
