"""Say how long a service may take: an amount of working days, calendar days or hours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TermUnit(StrEnum):
    """How a term is counted; hours run by the clock, night and weekend included."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"


class Basis(StrEnum):
    """Where a figure of the catalogue comes from."""

    PUBLISHED = "published"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A promised duration, with its origin: the city's own publication or our proposal."""

    amount: int
    unit: TermUnit
    basis: Basis = Basis.PROPOSAL
    source: str = ""
