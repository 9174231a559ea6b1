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


class PauseView(View):
    """A stretch in which the deadline stood still; without `until` it still does."""

    since: datetime
    until: datetime | None = None


class DeadlineView(View):
    """When a request is due and why then; `rework` is what binds once it was reopened.

    `legal` is the term of Lei 13.460 for the final answer, which runs beside the promised one. `extended_by`
    are units of the promised term; `forecast_at` is what a late request is expected by now.
    """

    protocol: str
    protocol_display: str
    provisional: bool
    resolution: CountView
    rework: CountView | None = None
    first_action: CountView | None = None
    first_acted_at: datetime | None = None
    acknowledgement: CountView | None = None
    legal: CountView | None = None
    extended_by: int = 0
    pauses: tuple[PauseView, ...] = ()
    forecast_at: datetime | None = None


def present_deadline(request: ServiceRequest, deadline: RequestDeadline, language: str) -> DeadlineView:
    """Present the dates in force beside how they are counted."""
    state = request.state
    pauses = [PauseView(since=pause.since, until=pause.until) for pause in state.pauses]
    if state.paused_since is not None:
        pauses.append(PauseView(since=state.paused_since))
    return DeadlineView(
        protocol=request.protocol,
        protocol_display=display_protocol(request.protocol),
        provisional=state.provisional,
        resolution=_count(state.due_at, deadline.resolution, language),
        rework=_optional(state.rework_due_at, deadline.rework, language),
        first_action=_optional(state.first_action_by, deadline.first_action, language),
        first_acted_at=state.first_acted_at,
        acknowledgement=_optional(state.acknowledge_by, deadline.acknowledgement, language),
        legal=_optional(state.legal_due_at, deadline.legal, language),
        extended_by=state.extension,
        pauses=tuple(pauses),
        forecast_at=state.forecast_at,
    )


def _optional(due_at: datetime | None, explained: Explanation | None, language: str) -> CountView | None:
    return _count(due_at or explained.due_at, explained, language) if explained else None


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
