"""Say where and when a legal act stops deadlines, as after a calamity; emergencies never stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a deadline is about, as far as suspensions ask; a code that is not known is None."""

    service: str | None = None
    neighbourhood: str | None = None
    region: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Days on which no deadline runs, by which act, for which services and where.

    `first_day` and `last_day` are both suspended. Without `services` every service is meant, and
    without `regions` and `neighbourhoods` the whole city. The terms of the law (Lei 13.460) stop only where
    the act says so, `legal_clocks`.
    """

    code: str
    act: str
    first_day: date
    last_day: date
    services: tuple[str, ...] = ()
    regions: tuple[int, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    source: str = ""
    legal_clocks: bool = False

    def touches(self, subject: Subject) -> bool:
        """Tell whether deadlines of `subject` stop; what is not known to lie in the area does not."""
        if self.services and subject.service not in self.services:
            return False
        if not self.regions and not self.neighbourhoods:
            return True
        return subject.region in self.regions or subject.neighbourhood in self.neighbourhoods

    def covers(self, day: date) -> bool:
        """Tell whether `day` is suspended."""
        return self.first_day <= day <= self.last_day
