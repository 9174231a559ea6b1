"""Count surveys and resolutions by the day: from the requests' timelines and the surveys, nothing else.

What counts of a resolution follows from the stream, what counts of its survey is read from the survey itself.
A day is marked before either changes, and counted again, whole, a little after: a count can be late, and be
repeated, but neither lose anything nor count it twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.opening import calendar_of
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.survey_results import (
    count_day,
    counted_resolutions,
    matters_to_results,
    tally_of_survey,
)
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.ports.basics import CatalogueSource, Clock, Page
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.survey_results import Mark, SurveyResultStore
from chalicelib.services.ports.surveys import SurveyStore

SLOT = timedelta(minutes=5)
WRITTEN_WITHIN = timedelta(minutes=2)
"""A day is marked right before a write; no function that writes lives longer after that."""
MOST_DAYS = 3
MOST_MARKS = 300
SURVEYS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyProjection:
    """The `ChangeFollower` that notes what counts of resolutions; any other decision costs nothing."""

    results: SurveyResultStore
    catalogue: CatalogueSource
    clock: Clock

    def follow(self, changes: Sequence[Change]) -> None:
        """Note what counts of the resolutions of requests that were resolved, contested or judged.

        Raises:
            Unavailable: the table did not answer; doing all of it again is harmless.
        """
        touched = [
            change.request
            for change in changes
            if any(map(matters_to_results, change.request.timeline[change.before :]))
        ]
        if not touched:
            return
        calendar = calendar_of(self.catalogue.current())
        lines = [(one, request) for request in touched for one in counted_resolutions(request, calendar)]
        now = self.clock.now()
        self.results.mark({mark_of(one.day, now) for one, _ in lines})
        for one, request in lines:
            self.results.note(one, request.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSurveys:
    """The `SurveyStore` whose surveys are counted: before one changes, its day is marked."""

    store: SurveyStore
    results: SurveyResultStore
    clock: Clock

    def open(self, record: SurveyRecord) -> SurveyRecord:
        """Keep a record unless there is one of its request and generation; return what is kept."""
        self._mark(record.day)
        return self.store.open(record)

    def save(self, record: SurveyRecord, *, seen: SurveyRecord) -> bool:
        """Put `record` in the place of `seen`; False if somebody else was faster."""
        if tally_of_survey(record) != tally_of_survey(seen):
            self._mark(record.day)
        return self.store.save(record, seen=seen)

    def find(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        """Return the record of a generation as it is now, or None."""
        return self.store.find(protocol, generation)

    def of(self, protocol: Protocol) -> list[SurveyRecord]:
        """List the records of a request, in order of generations."""
        return self.store.of(protocol)

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[SurveyRecord]:
        """List the records of the resolutions of a local day."""
        return self.store.of_day(day, limit=limit, cursor=cursor)

    def _mark(self, day: date) -> None:
        self.results.mark({mark_of(day, self.clock.now())})


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCounting:
    """Counts the marked days again."""

    results: SurveyResultStore
    surveys: SurveyStore

    def count_marked(self, now: datetime) -> list[date]:
        """Count again the days whose marks are the oldest, a few at a time, and name them.

        Raises:
            Unavailable: a table did not answer; what was not counted stays marked.
        """
        ripe = self.results.marks(now - SLOT - WRITTEN_WITHIN, limit=MOST_MARKS)
        days = list(dict.fromkeys(mark.day for mark in ripe))[:MOST_DAYS]
        for day in days:
            self.count(day, now)
            self.results.unmark([mark for mark in ripe if mark.day == day])
        return days

    def count(self, day: date, now: datetime) -> None:
        """Count a day again, from what is kept of its resolutions and surveys."""
        cells = count_day(self.results.resolutions_of(day), self._surveys_of(day))
        self.results.keep(day, cells, now)

    def _surveys_of(self, day: date) -> Iterator[SurveyRecord]:
        cursor: str | None = None
        while True:
            page = self.surveys.of_day(day, limit=SURVEYS_AT_ONCE, cursor=cursor)
            yield from page.items
            if (cursor := page.next) is None:
                return


def mark_of(day: date, now: datetime) -> Mark:
    """Mark a day as changed now."""
    return Mark(slot=now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % SLOT, day=day)
