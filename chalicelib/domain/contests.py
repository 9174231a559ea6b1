"""Say until when a result can be contested, and what a follower's own contest asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import ContestTooLate, TransitionNotAllowed
from chalicelib.domain.intake import IntakeDraft, PlaceDraft, ReporterDraft
from chalicelib.domain.request_deadlines import calendar_of_request
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Command
from chalicelib.domain.waiting import window_ends_at


def contestable_until(request: ServiceRequest, catalogue: Catalogue) -> datetime | None:
    """Tell until when the result of a request can be contested; None where there is none."""
    return window_ends_at(request, calendar_of_request(request.state, catalogue))


def refuse_late_contest(request: ServiceRequest, catalogue: Catalogue, now: datetime) -> None:
    """Raise `ContestTooLate` once the ten working days are over, whatever ended the request since."""
    until = contestable_until(request, catalogue)
    if until is not None and now > until:
        raise ContestTooLate


def refuse_own_contest(followed: ServiceRequest, catalogue: Catalogue, now: datetime) -> None:
    """Let a follower contest a result that stands, within the same time as its reporter.

    Raises:
        TransitionNotAllowed: the request he follows has no result.
        ContestTooLate: the time is over.
    """
    if contestable_until(followed, catalogue) is None:
        raise TransitionNotAllowed(Command.CONTEST, followed.state.status)
    refuse_late_contest(followed, catalogue, now)


def own_contest(
    followed: ServiceRequest, reason: str, photos: Sequence[str], contact: Mapping[str, str]
) -> IntakeDraft:
    """Draft a follower's own request: the same service and place, his words, his contact points.

    What the first reporter wrote freely stays his: landmark and text answers are left out, and of a
    confidential request the address too.
    """
    state = followed.state
    return IntakeDraft(
        service=state.service,
        description=reason,
        kind=state.kind,
        language=state.language,
        place=_place(followed),
        attributes=state.attributes,
        reporter=ReporterDraft(**{kind: contact.get(kind, "") for kind in ("name", "cpf", "phone", "email")}),
        photos=tuple(photos),
    )


def _place(followed: ServiceRequest) -> PlaceDraft | None:
    place = followed.state.place
    if place is None:
        return None
    address = None if followed.state.confidential else followed.latest_text("address")
    return PlaceDraft(
        lat=place.point.lat if place.point else None,
        lon=place.point.lon if place.point else None,
        address=address if isinstance(address, str) else "",
        neighbourhood=place.neighbourhood or "",
    )
