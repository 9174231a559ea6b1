"""Decide which levels of delay a request has reached, whom they concern, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.ladder import Rung, rungs
from chalicelib.domain.levels import RANKS, EscalationLevel
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.recipients import Recipient, recipients
from chalicelib.domain.request_deadlines import binding_term, calendar_of_request
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.terms import Term, TermUnit

LEGAL_NOTICE = timedelta(days=5)
JUSTIFICATION = Term(amount=1, unit=TermUnit.WORKING_DAYS)
LAST_FORECAST = Term(amount=30, unit=TermUnit.CALENDAR_DAYS)
LATE = (EscalationLevel.LEVEL_1, EscalationLevel.LEVEL_2, EscalationLevel.LEVEL_3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A level that has come, those below it that came with it, whom it concerns, and a new forecast."""

    level: EscalationLevel
    skipped: tuple[EscalationLevel, ...]
    to: tuple[Recipient, ...]
    forecast_at: datetime | None = None
    justify_by: datetime | None = None


def escalations_due(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> Iterator[Escalation]:
    """Name what is due at `now`: the highest level of the ladder and of the law, the lower as skipped."""
    state, acknowledge_at = request.state, _acknowledgement_at(request.state)
    reached = list(_reached(_ladder(request, catalogue), state, now))
    if acknowledge_at is not None and acknowledge_at <= now:
        reached.append(EscalationLevel.ACKNOWLEDGEMENT)
    for levels in (reached, list(_reached(_legal(state), state, now))):
        if levels:
            yield _escalation(levels, request, catalogue, now)


def next_level_at(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell when the next level comes that has not come yet; None once there is none."""
    state = request.state
    if not state.is_open:
        return None
    coming = (rung.at for rung in _ladder(request, catalogue) if rung.level not in state.escalated)
    moments = [moment for moment in (next(coming, None), _acknowledgement_at(state)) if moment is not None]
    moments += [rung.at for rung in _legal(state) if rung.level not in state.escalated]
    return min(moments, default=None)


def standing(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> tuple[EscalationLevel, ...]:
    """Keep, of the levels that came, those that still hold: what a moved date puts off comes again."""
    state = request.state
    pending = {rung.level for rung in (*_ladder(request, catalogue), *_legal(state)) if rung.at > now}
    return tuple(level for level in state.escalated if level not in pending)


def taken_back(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    """Say what changes where dates moved: levels that lie ahead again, and what was told because of them."""
    state, escalated = request.state, standing(request, catalogue, now)
    if escalated == state.escalated:
        return {}
    changes: dict[str, Any] = {"escalated": escalated}
    if state.forecast_at is not None and not {*LATE} & {*escalated}:
        changes["forecast_at"] = None
    if state.justify_by is not None and EscalationLevel.LEVEL_2 not in escalated:
        changes["justify_by"] = None
    return changes


def is_late(state: State, now: datetime) -> bool:
    """Tell whether the date that binds has passed while somebody still has to act."""
    return state.is_open and state.paused_since is None and now > (state.rework_due_at or state.due_at)


def _ladder(request: ServiceRequest, catalogue: Catalogue) -> Iterator[Rung]:
    """Give the rungs in order; while the citizen is waited for, none comes."""
    state = request.state
    if not state.is_open or state.paused_since is not None:
        return iter(())
    binding = binding_term(request)
    calendar = calendar_of_request(state, catalogue)
    return rungs(binding.term, binding.since, binding.due_at, calendar, state.pauses, state.ladder)


def _acknowledgement_at(state: State) -> datetime | None:
    """The acknowledgement has a clock of its own, beside the ladder's."""
    if not state.is_open or EscalationLevel.ACKNOWLEDGEMENT in state.escalated:
        return None
    return state.acknowledge_by


def _legal(state: State) -> tuple[Rung, ...]:
    if not state.is_open or state.legal_due_at is None:
        return ()
    warned_at = state.legal_due_at - LEGAL_NOTICE
    return (
        Rung(level=EscalationLevel.LEGAL, at=warned_at),
        Rung(level=EscalationLevel.LEGAL_BREACH, at=state.legal_due_at),
    )


def _reached(ladder: Iterable[Rung], state: State, now: datetime) -> Iterator[EscalationLevel]:
    """Go up to the first rung that lies ahead and name those that are new."""
    for rung in ladder:
        if rung.at > now:
            break
        if rung.level not in state.escalated:
            yield rung.level


def _escalation(
    levels: list[EscalationLevel], request: ServiceRequest, catalogue: Catalogue, now: datetime
) -> Escalation:
    state = request.state
    *skipped, level = sorted(levels, key=RANKS.__getitem__)
    calendar = calendar_of_request(state, catalogue)
    today = calendar_of(catalogue).local_day(now)
    return Escalation(
        level=level,
        skipped=tuple(skipped),
        to=recipients(level, state, catalogue, today),
        forecast_at=_forecast(level, request, catalogue, now) if level in LATE else None,
        justify_by=due_at(JUSTIFICATION, now, calendar) if level is EscalationLevel.LEVEL_2 else None,
    )


def _forecast(
    level: EscalationLevel, request: ServiceRequest, catalogue: Catalogue, now: datetime
) -> datetime:
    """Expect the work by the next level, which is when more is done about it; after the last in 30 days."""
    calendar = calendar_of_request(request.state, catalogue)
    above = (rung.at for rung in _ladder(request, catalogue) if RANKS[rung.level] > RANKS[level])
    return next(above, None) or due_at(LAST_FORECAST, now, calendar)
