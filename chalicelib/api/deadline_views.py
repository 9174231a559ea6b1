"""Shape how a due date is explained to callers."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.api.presenters import named, present_term
from chalicelib.api.views import TermView, View
from chalicelib.domain.explanations import KIND_NAMES, ExplainedDay, Explanation
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.request_deadlines import RequestDeadline
from chalicelib.domain.requests import ServiceRequest


class ExplainedDayView(View, omit_defaults=False):
    """A local day: whether it counted, and what was counted up to its end, in days or full hours."""

    day: date
    kind: str
    kind_name: str
    counted: bool
    count: int
    name: str | None = None
    law: str | None = None


class CountView(View):
    """How a date is counted; `recounted_due_at` only where the calendar now gives another date."""

    due_at: datetime
    counted_from: datetime
    term: TermView
    days: tuple[ExplainedDayView, ...]
    recounted_due_at: datetime | None = None


class DeadlineView(View):
    """When a request is due and why then; `rework` is what binds once it was reopened."""

    protocol: str
    protocol_display: str
    provisional: bool
    resolution: CountView
    rework: CountView | None = None


def present_deadline(request: ServiceRequest, deadline: RequestDeadline, language: str) -> DeadlineView:
    """Present the dates in force beside how they are counted."""
    state, rework = request.state, deadline.rework
    return DeadlineView(
        protocol=request.protocol,
        protocol_display=display_protocol(request.protocol),
        provisional=state.provisional,
        resolution=_count(state.due_at, deadline.resolution, language),
        rework=_count(state.rework_due_at or rework.due_at, rework, language) if rework else None,
    )


def _count(due_at: datetime, explained: Explanation, language: str) -> CountView:
    return CountView(
        due_at=due_at,
        counted_from=explained.opened_at,
        term=present_term(explained.term),
        days=tuple(_day(day, language) for day in explained.days),
        recounted_due_at=explained.due_at if explained.due_at != due_at else None,
    )


def _day(day: ExplainedDay, language: str) -> ExplainedDayView:
    return ExplainedDayView(
        day=day.day,
        kind=day.kind.value,
        kind_name=KIND_NAMES[day.kind][language],
        counted=day.counted,
        count=day.count,
        name=named(day.names, language) if day.names else None,
        law=day.law or None,
    )
