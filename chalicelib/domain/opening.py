"""Open a request: what is frozen at its opening, who gets it and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.attributes import split_answers
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.catalogue import Catalogue, Service, Urgency
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.intake import IntakeDraft, located
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import CONTACT_KEYS, Act, Place, ServiceRequest, State, entry_for
from chalicelib.domain.routing import BORDER, Route, route_request, triage
from chalicelib.domain.suspensions import Subject
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status

ACKNOWLEDGEMENT = Term(amount=1, unit=TermUnit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who reports, reduced to what is not personal: keys derived from his contact points.

    `person_key` is the strongest one (CPF, then phone, then e-mail); None for the anonymous.
    """

    person_key: str | None = None
    contact_keys: tuple[str, ...] = ()


def open_request(
    protocol: Protocol,
    draft: IntakeDraft,
    channel: Channel,
    identity: Identity,
    catalogue: Catalogue,
    act: Act,
) -> ServiceRequest:
    """Open a checked draft: route it, date it and write its first decision.

    `act.texts` already carries the draft's private texts; see `private_texts`.
    """
    service = catalogue.services[draft.service]
    place, at_border = located(draft.place, catalogue)
    answers, _ = split_answers(service, draft.attributes)
    route = (
        triage(catalogue, BORDER)
        if at_border
        else route_request(catalogue, service.code, answers, place, act.at)
    )
    urgency = draft.urgency or service.urgency
    calendar = calendar_for(catalogue, service.code, place, urgency)
    state = State(
        kind=draft.kind or service.kind,
        service=service.code,
        catalogue_version=catalogue.version,
        channel=channel,
        language=draft.language,
        opened_at=act.at,
        received_at=act.at,
        urgency=urgency,
        priority=service.priority,
        confidential=service.confidential,
        anonymous=not identity.contact_keys,
        place=place,
        attributes=answers,
        photos=draft.photos,
        held_since=act.at,
        **assignment(route, service, calendar, act.at),
    )
    changes = {f.name: getattr(state, f.name) for f in fields(State)}
    act = replace(act, texts={**act.texts, CONTACT_KEYS: " ".join(identity.contact_keys)})
    entry, private = entry_for(1, EntryType.OPENED, act, changes, None, previous_hash=protocol)
    return ServiceRequest(protocol=protocol, state=state, timeline=(entry,), private=private)


def private_texts(draft: IntakeDraft, service: Service, contact_points: Mapping[str, str]) -> dict[str, str]:
    """Collect everything of a draft that is personal or written freely, by the name it is kept under."""
    _, answers = split_answers(service, draft.attributes)
    place, reporter = draft.place, draft.reporter
    return {
        "description": draft.description,
        "urgency_reason": draft.urgency_reason,
        "address": place.address if place else "",
        "landmark": place.landmark if place else "",
        "reporter.name": reporter.name if reporter else "",
        **{f"reporter.{kind}": value for kind, value in contact_points.items()},
        **answers,
    }


def assignment(route: Route, service: Service, calendar: Calendar, opened_at: datetime) -> dict[str, Any]:
    """State what a route means: status, holder and the dates counted from the opening."""
    first = service.first_action
    return {
        "status": Status.TRIAGE if route.triage else Status.QUEUED,
        "secretariat": route.secretariat,
        "unit": route.unit,
        "routed_by": route.rule,
        "term": service.term,
        "first_action_term": first,
        "due_at": due_at(service.term, opened_at, calendar),
        "provisional": route.triage,
        "acknowledge_by": due_at(ACKNOWLEDGEMENT, opened_at, calendar),
        "first_action_by": due_at(first, opened_at, calendar) if first else None,
    }


def calendar_of(catalogue: Catalogue) -> Calendar:
    """Take the calendar that the city's deadlines are counted in."""
    return Calendar(timezone=catalogue.city.timezone, rules=catalogue.calendar)


def calendar_for(catalogue: Catalogue, service: str, place: Place | None, urgency: Urgency) -> Calendar:
    """Take the calendar for such a request, with the suspensions that touch it; none stops an emergency."""
    calendar = calendar_of(catalogue)
    if urgency is Urgency.EMERGENCY or not catalogue.calendar.suspensions:
        return calendar
    return calendar.suspended_for(
        Subject(
            service=service,
            neighbourhood=place.neighbourhood if place else None,
            region=place.region if place else None,
        )
    )
