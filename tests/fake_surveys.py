"""Surveys, reservations for them and resolutions to be judged, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.audits import Audit
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.ports.basics import Page


@dataclass(slots=True)
class FakeSurveys:
    """The `SurveyStore`; `kept` has the records by request and generation.

    `breaks_after` makes it fail once so many writes have succeeded: a process that is killed there.
    """

    kept: dict[tuple[str, int], SurveyRecord] = field(default_factory=dict)
    breaks_after: int | None = None

    def open(self, record: SurveyRecord) -> SurveyRecord:
        self._write()
        return self.kept.setdefault((record.protocol, record.generation), record)

    def save(self, record: SurveyRecord, *, seen: SurveyRecord) -> bool:
        self._write()
        if self.kept.get((record.protocol, record.generation)) != seen:
            return False
        self.kept[record.protocol, record.generation] = record
        return True

    def find(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        return self.kept.get((protocol, generation))

    def of(self, protocol: Protocol) -> list[SurveyRecord]:
        return [self.kept[key] for key in sorted(self.kept) if key[0] == protocol]

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[SurveyRecord]:
        places = {f"{one.protocol}#{one.generation:03d}": one for one in self.kept.values() if one.day == day}
        after = "" if cursor is None else position_of(cursor, 1)[0]
        found = sorted(place for place in places if place > after)
        page = found[:limit]
        return Page(
            items=tuple(places[place] for place in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )

    def _write(self) -> None:
        if self.breaks_after is not None:
            if not self.breaks_after:
                raise Unavailable
            self.breaks_after -= 1


@dataclass(slots=True)
class FakeReservations:
    """The `SurveyReservations`; `kept` tells when and for which survey a contact point was reserved."""

    kept: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def reserve(self, contact_key: str, survey: str, at: datetime, *, not_within: timedelta) -> bool:
        last = self.kept.get(contact_key)
        if last is not None and last[0] > at - not_within and last[1] != survey:
            return False
        self.kept[contact_key] = (at, survey)
        return True

    def release(self, contact_key: str, survey: str) -> None:
        if self.kept.get(contact_key, (None, None))[1] == survey:
            del self.kept[contact_key]


@dataclass(slots=True)
class FakeAuditList:
    """The `AuditList`."""

    kept: dict[str, Audit] = field(default_factory=dict)

    def put(self, audit: Audit) -> None:
        self.kept[_line(audit.protocol, audit.generation, audit.resolved_at)] = audit

    def remove(self, protocol: Protocol, generation: int, resolved_at: datetime) -> None:
        self.kept.pop(_line(protocol, generation, resolved_at), None)

    def page(self, *, limit: int, cursor: str | None = None) -> Page[Audit]:
        after = "" if cursor is None else position_of(cursor, 1)[0]
        found = sorted(line for line in self.kept if line > after)
        page = found[:limit]
        return Page(
            items=tuple(self.kept[line] for line in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )


def _line(protocol: str, generation: int, resolved_at: datetime) -> str:
    return f"{sortable(resolved_at)}#{protocol}#{generation:03d}"
