"""Let requests be late, escalated and alerted, as the timers would decide it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.intake import IntakeDraft, ReporterDraft
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.people import SYSTEM, Channel
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.tellings import Telling, tellings
from chalicelib.domain.timeline import EntryType
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request
from tests.unit.small_calendar import once_on
from tests.unit.small_city import opened

BASE = "https://156.example"
MORNING = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
"""Nine in the morning in Porto Alegre, on the Tuesday after a request of `OPENED_AT` has become due."""
NIGHT = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
HOLIDAY = datetime(2026, 12, 25, 14, 0, tzinfo=UTC)
FORECAST = datetime(2026, 12, 4, 2, 59, 59, tzinfo=UTC)
MARKED = {"phone": "+5551987654321", "email": "marca.unica@example.org"}
MARKED_NAME, MARKED_TEXT = "Fulana Marcada da Silva", "Palavras marcadas da descrição"
PERSONAL = (*MARKED.values(), MARKED_NAME, MARKED_TEXT)
LATE_LEVELS = (EscalationLevel.LEVEL_1, EscalationLevel.LEVEL_2, EscalationLevel.LEVEL_3)


def a_told_request(
    service: str = "dumping",
    contact_points: Mapping[str, str] = MARKED,
    *,
    draft: IntakeDraft | None = None,
    catalogue: Catalogue | None = None,
) -> ServiceRequest:
    """Open a request of a citizen who rang up and can be told things; her data stand out."""
    reporter = ReporterDraft(name=MARKED_NAME, **contact_points)
    given = dataclasses.replace(
        draft or a_draft(service, channel=Channel.PHONE), description=MARKED_TEXT, reporter=reporter
    )
    city = catalogue or a_catalogue()
    return opened(given, contact_points=contact_points, at=OPENED_AT, catalogue=city)


def escalated(
    request: ServiceRequest,
    level: EscalationLevel = EscalationLevel.LEVEL_1,
    *,
    skipped: tuple[EscalationLevel, ...] = (),
    to: tuple[str, ...] = (),
    at: datetime = NIGHT,
    forecast_at: datetime | None = FORECAST,
    justify_by: datetime | None = None,
) -> ServiceRequest:
    """Bring a request to a level."""
    changes = {
        "escalated": (*request.state.escalated, *skipped, level),
        "forecast_at": forecast_at,
        "justify_by": justify_by,
    }
    facts = {"level": level, "skipped": skipped, "to": to, "forecast": forecast_at}
    act = Act(by=SYSTEM, at=max(at, request.updated_at))
    return request.with_decision(EntryType.ESCALATED, act, changes, facts)


def alerted(
    request: ServiceRequest, to: str = "DMLU/on_call", person: str = "watch-one", *, step: int = 1
) -> ServiceRequest:
    """Push somebody on call for a request."""
    at = request.updated_at + timedelta(minutes=1)
    changes = {"alerted_at": at}
    facts = {"step": step, "to": to, "person": person}
    return request.with_decision(EntryType.ALERTED, Act(by=SYSTEM, at=at), changes, facts)


def a_city_that_celebrates() -> Catalogue:
    """Give the small city `HOLIDAY` off."""
    return dataclasses.replace(a_catalogue(), calendar=CalendarRules(holidays=(once_on(HOLIDAY.date()),)))


def told(
    request: ServiceRequest, seq: int | None = None, catalogue: Catalogue | None = None
) -> tuple[Telling, ...]:
    """List what the newest decision, or that named, tells in the morning."""
    city = catalogue or a_catalogue()
    return tellings(request, seq or request.version, city, now=MORNING, base_url=BASE)


def an_emergency(service: str = "dumping", **more: Any) -> ServiceRequest:
    """Open an emergency."""
    return a_request(draft=a_draft(service, urgency=Urgency.EMERGENCY, **more))
