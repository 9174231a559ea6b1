"""Say who works for the city, who is away when, and who holds which post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which a person is away, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the administration who can be told something: by e-mail, by phone (E.164), or both.

    `code` is a slug, better that of a function (`dmlu-ponto-focal`) than a name: timelines keep it.
    """

    code: str
    name: str
    email: str = ""
    phone: str = ""
    absences: tuple[Absence, ...] = ()

    def is_away(self, day: date) -> bool:
        """Tell whether the person is absent on `day`."""
        return any(absence.first_day <= day <= absence.last_day for absence in self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who holds a post, and who stands in while the holder is away; both by code."""

    holder: str
    substitute: str | None = None
