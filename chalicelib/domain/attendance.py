"""Take every decision that is due on a request: what the sweep finds is decided here, and only here.

Late, repeated and concurrent looks are harmless: what was decided is in the state, and not due again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.alerts import next_alert
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.escalation import escalations_due, taken_back
from chalicelib.domain.explanations import DayKind
from chalicelib.domain.people import SYSTEM, Role
from chalicelib.domain.reassurance import reassure_at
from chalicelib.domain.request_deadlines import DATES, dates_of, explain_request, without_pause
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.survey_timing import survey_at
from chalicelib.domain.transitions import LIVE, TRANSITIONS, Command, Status, next_status
from chalicelib.domain.waiting import command_at_end, remind_at, wait_ends_at


def attend(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    """Decide all that is due at `now`, in order; the very same request if nothing is.

    First the dates are counted in the calendar in force, then waits end or are reminded of, people on call
    are pushed, the ladder is climbed, a survey begins, and who has long heard nothing gets a word.
    """
    for step in _STEPS:
        request = step(request, catalogue, now)
    return request


def recounted(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    """Count the dates anew and say what changes: dates, and which levels of the ladder still hold."""
    moved: dict[str, Any] = dates_of(request, catalogue).moved_from(request.state)
    if not moved:
        return {}
    state = dataclasses.replace(request.state, **moved)
    return moved | taken_back(dataclasses.replace(request, state=state), catalogue, now)


def left_behind(
    request: ServiceRequest, target: Status, catalogue: Catalogue, now: datetime
) -> dict[str, Any]:
    """Say what ends with a status: an announced visit, a third party's time, a pause that moves the dates."""
    state = request.state
    if target is state.status:
        return {}
    changes: dict[str, Any] = {}
    if state.scheduled_for is not None:
        changes["scheduled_for"] = None
    if state.waiting_since is not None:
        changes["waiting_since"] = None
    if state.status is Status.WAITING_CITIZEN:
        changes |= without_pause(state, now)
        if target in LIVE:
            settled = dataclasses.replace(state, **changes)
            changes |= recounted(dataclasses.replace(request, state=settled), catalogue, now)
    return changes


def _recount(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    """Move the dates where the calendar, a suspension or a calamity moved them, and say by which act."""
    if not request.state.is_open or request.state.paused_since is not None:
        return request
    changes = recounted(request, catalogue, now)
    if not changes:
        return request
    moved = {name: [getattr(request.state, name), changes[name]] for name in changes if name in DATES}
    facts = {"moved": moved, "calendar": catalogue.version, "because": _acts(request, catalogue, now)}
    return _decided(request, Command.REDATE, now, changes, facts)


def _end_wait(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    ends_at = wait_ends_at(request, catalogue)
    if ends_at is None or ends_at > now:
        return request
    command = command_at_end(request.state)
    target = next_status(command, request.state.status, Role.SYSTEM)
    return _decided(request, command, now, left_behind(request, target, catalogue, now))


def _remind(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    due_at = remind_at(request, catalogue)
    if due_at is None or due_at > now:
        return request
    return _decided(request, Command.REMIND, now, {})


def _alert(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    alert = next_alert(request, catalogue)
    if alert is None or alert.at > now:
        return request
    facts = {"step": alert.step, "to": alert.to.post, "person": alert.to.person}
    return _decided(request, Command.ALERT, now, {"alerted_at": now}, facts)


def _escalate(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    for due in escalations_due(request, catalogue, now):
        changes: dict[str, Any] = {"escalated": (*request.state.escalated, *due.skipped, due.level)}
        if due.forecast_at is not None:
            changes["forecast_at"] = due.forecast_at
        if due.justify_by is not None:
            changes["justify_by"] = due.justify_by
        facts = {
            "level": due.level,
            "skipped": due.skipped,
            "to": [one.post for one in due.to],
            "forecast": due.forecast_at,
        }
        request = _decided(request, Command.ESCALATE, now, changes, facts)
    return request


def _start_survey(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    due_at = survey_at(request, catalogue)
    if due_at is None or due_at > now:
        return request
    changes = {"surveyed_generation": request.state.generation}
    return _decided(request, Command.START_SURVEY, now, changes)


def _reassure(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> ServiceRequest:
    due_at = reassure_at(request, catalogue)
    if due_at is None or due_at > now:
        return request
    return _decided(request, Command.REASSURE, now, {})


def _decided(
    request: ServiceRequest,
    command: Command,
    now: datetime,
    changes: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> ServiceRequest:
    status = request.state.status
    target = next_status(command, status, Role.SYSTEM)
    moved = {} if target is status else {"status": target}
    act = Act(by=SYSTEM, at=now)
    return request.with_decision(TRANSITIONS[command].entry, act, {**changes, **moved}, facts)


def _acts(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> Sequence[str]:
    """List the acts that suspend days of the request's terms in the calendar in force."""
    explained = explain_request(request, catalogue, now)
    terms = (getattr(explained, one.name) for one in dataclasses.fields(explained))
    days = [day for term in terms if term is not None for day in term.days]
    return list(dict.fromkeys(day.law for day in days if day.kind is DayKind.SUSPENDED))


_STEPS: Sequence[Callable[[ServiceRequest, Catalogue, datetime], ServiceRequest]] = (
    _recount,
    _end_wait,
    _remind,
    _alert,
    _escalate,
    _start_survey,
    _reassure,
)
