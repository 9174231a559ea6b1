"""Name where surveys are kept, and what keeps a citizen from being asked too often."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol as Port

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.ports.basics import Page


class SurveyStore(Port):
    """Keeps one record per resolution; every write is conditional."""

    def open(self, record: SurveyRecord) -> SurveyRecord:
        """Keep a record unless there is one of its request and generation; return what is kept."""
        ...

    def save(self, record: SurveyRecord, *, seen: SurveyRecord) -> bool:
        """Put `record` in the place of `seen`; False if somebody else was faster."""
        ...

    def find(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        """Return the record of a generation as it is now, or None."""
        ...

    def of(self, protocol: Protocol) -> list[SurveyRecord]:
        """List the records of a request, in order of generations."""
        ...

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[SurveyRecord]:
        """List the records of the resolutions of a local day."""
        ...


class SurveyReservations(Port):
    """Sees to it that a citizen is asked once in a while only; a `survey` goes by request and generation."""

    def reserve(self, contact_key: str, survey: str, at: datetime, *, not_within: timedelta) -> bool:
        """Reserve a contact point for a survey; False if another one had it too short a time ago."""
        ...

    def release(self, contact_key: str, survey: str) -> None:
        """Give a reservation back; that of another survey is left alone."""
        ...
