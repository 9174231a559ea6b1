"""What counts of resolutions, marks and days, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.survey_results import Cell, CountedResolution, DayResults, Tally
from chalicelib.services.ports.survey_results import Mark


@dataclass(slots=True)
class FakeSurveyResults:
    """The `SurveyResultStore`; `breaks_after` makes it fail once so many writes have succeeded."""

    marked: set[Mark] = field(default_factory=set)
    resolutions: dict[tuple[str, int], tuple[int, CountedResolution]] = field(default_factory=dict)
    days: dict[date, tuple[datetime, Mapping[Cell, Tally]]] = field(default_factory=dict)
    breaks_after: int | None = None

    def mark(self, marks: Collection[Mark]) -> None:
        self._write()
        self.marked |= set(marks)

    def marks(self, until: datetime, *, limit: int) -> Sequence[Mark]:
        ripe = (mark for mark in self.marked if mark.slot <= until)
        return sorted(ripe, key=lambda mark: (mark.slot, mark.day))[:limit]

    def unmark(self, marks: Collection[Mark]) -> None:
        self._write()
        self.marked -= set(marks)

    def note(self, resolution: CountedResolution, version: int) -> None:
        self._write()
        place = (resolution.protocol, resolution.generation)
        if place not in self.resolutions or self.resolutions[place][0] <= version:
            self.resolutions[place] = (version, resolution)

    def resolutions_of(self, day: date) -> Iterator[CountedResolution]:
        return iter(
            [self.resolutions[place][1] for place in sorted(self.resolutions) if self._day(place) == day]
        )

    def keep(self, day: date, cells: Mapping[Cell, Tally], counted_at: datetime) -> None:
        self._write()
        if day not in self.days or self.days[day][0] <= counted_at:
            self.days[day] = (counted_at, cells)

    def between(self, since: date, until: date) -> Iterator[DayResults]:
        for day in sorted(self.days):
            if since <= day <= until:
                yield DayResults(day=day, cells=self.days[day][1])

    def _day(self, place: tuple[str, int]) -> date:
        return self.resolutions[place][1].day

    def _write(self) -> None:
        if self.breaks_after is not None:
            if not self.breaks_after:
                raise Unavailable
            self.breaks_after -= 1
