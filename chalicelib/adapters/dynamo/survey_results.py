"""Keep what counts of resolutions, the days that must be counted again, and what they came to."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.survey_results import Cell, CountedResolution, DayResults, Tally
from chalicelib.services.ports.survey_results import Mark

RESOLUTIONS, MARKS, DAYS = "resolutions", "survey-marks", "survey-days"
AFTER_ALL = "~"
"""Sorts after every letter and digit."""
_COMPRESSION = 6
_SLOT = "%Y-%m-%dT%H:%M"

_resolutions = msgspec.json.Decoder(CountedResolution)
_counts = msgspec.json.Decoder(tuple[tuple[Cell, dict[str, int]], ...])


class DynamoSurveyResults:
    """The `SurveyResultStore` port: a partition of resolutions per day, one of marks, one of days."""

    def mark(self, marks: Collection[Mark]) -> None:
        """Note that days must be counted again; a second time changes nothing."""
        for mark in marks:
            with translated_failures():
                OperationModel(MARKS, _mark(mark)).save()

    def marks(self, until: datetime, *, limit: int) -> Sequence[Mark]:
        """List the marks of slots up to `until`, the oldest first."""
        last = f"{until.astimezone(UTC):{_SLOT}}#{AFTER_ALL}"
        with translated_failures():
            found = OperationModel.query(MARKS, OperationModel.line <= last, limit=limit)
            return [_marked(model.line) for model in found]

    def unmark(self, marks: Collection[Mark]) -> None:
        """Take marks off; harmless if they were not there."""
        for mark in marks:
            with translated_failures():
                OperationModel(MARKS, _mark(mark)).delete()

    def note(self, resolution: CountedResolution, version: int) -> None:
        """Keep what counts of a resolution by the request's version; that of a newer version stays."""
        line = OperationModel(
            f"{RESOLUTIONS}#{resolution.day.isoformat()}",
            f"{resolution.protocol}#{resolution.generation:03d}",
            document=msgspec.json.encode(resolution).decode(),
            version=version,
        )
        is_newest = OperationModel.version.does_not_exist() | (OperationModel.version <= version)
        happened(lambda: line.save(condition=is_newest))

    def resolutions_of(self, day: date) -> Iterator[CountedResolution]:
        """Read what counts of the resolutions of a day."""
        with translated_failures():
            for model in OperationModel.query(f"{RESOLUTIONS}#{day.isoformat()}", consistent_read=True):
                yield _resolutions.decode(model.document or "")

    def keep(self, day: date, cells: Mapping[Cell, Tally], counted_at: datetime) -> None:
        """Keep what a day came to; a count that began later stays."""
        counts = msgspec.json.encode([(cell, tally.counts) for cell, tally in cells.items()])
        line = OperationModel(
            DAYS, day.isoformat(), at=sortable(counted_at), data=zlib.compress(counts, _COMPRESSION)
        )
        is_newest = OperationModel.at.does_not_exist() | (OperationModel.at <= line.at)
        happened(lambda: line.save(condition=is_newest))

    def between(self, since: date, until: date) -> Iterator[DayResults]:
        """Read what the days came to, both included; days never counted are left out."""
        period = OperationModel.line.between(since.isoformat(), until.isoformat())
        with translated_failures():
            for model in OperationModel.query(DAYS, period):
                counts = _counts.decode(zlib.decompress(model.data or b""))
                cells = {cell: Tally(counts=tally) for cell, tally in counts}
                yield DayResults(day=date.fromisoformat(model.line), cells=cells)


def _mark(mark: Mark) -> str:
    return f"{mark.slot.astimezone(UTC):{_SLOT}}#{mark.day.isoformat()}"


def _marked(line: str) -> Mark:
    slot, _, day = line.partition("#")
    return Mark(slot=datetime.strptime(slot, _SLOT).replace(tzinfo=UTC), day=date.fromisoformat(day))
