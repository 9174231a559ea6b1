"""Name where the results of surveys are kept: what counts of each resolution, marked days, their sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol as Port

from chalicelib.domain.survey_results import Cell, CountedResolution, DayResults, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That a day changed in the minutes that begin at `slot`; none is made later than they last."""

    slot: datetime
    day: date


class SurveyResultStore(Port):
    """Keeps what counts of resolutions, which days must be counted again, and what they came to."""

    def mark(self, marks: Collection[Mark]) -> None:
        """Note that days must be counted again; a second time changes nothing."""
        ...

    def marks(self, until: datetime, *, limit: int) -> Sequence[Mark]:
        """List the marks of slots up to `until`, the oldest first."""
        ...

    def unmark(self, marks: Collection[Mark]) -> None:
        """Take marks off; harmless if they were not there."""
        ...

    def note(self, resolution: CountedResolution, version: int) -> None:
        """Keep what counts of a resolution by the request's version; that of a newer version stays."""
        ...

    def resolutions_of(self, day: date) -> Iterator[CountedResolution]:
        """Read what counts of the resolutions of a day."""
        ...

    def keep(self, day: date, cells: Mapping[Cell, Tally], counted_at: datetime) -> None:
        """Keep what a day came to; a count that began later stays."""
        ...

    def between(self, since: date, until: date) -> Iterator[DayResults]:
        """Read what the days came to, both included; days never counted are left out."""
        ...
