"""Open a request: what is frozen at its opening, who gets it and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.attributes import split_answers
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.catalogue import Catalogue, Kind, Service, Urgency
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.intake import IntakeDraft, located
from chalicelib.domain.paper import PaperProtocol, paper_facts, received_on_paper
from chalicelib.domain.pauses import Pause
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import CONTACT_KEYS, Act, Place, ServiceRequest, State, entry_for
from chalicelib.domain.routing import BORDER, Route, route_request, triage
from chalicelib.domain.screening import effective_urgency
from chalicelib.domain.suspensions import Subject
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status

ACKNOWLEDGEMENT = Term(amount=1, unit=TermUnit.WORKING_DAYS)
EMERGENCY_ATTENDANCE = Term(amount=4, unit=TermUnit.HOURS)
EMERGENCY = Term(amount=24, unit=TermUnit.HOURS)
"""Our proposal, where nothing is published: an emergency is attended in 4 hours and concluded in 24."""
LEGAL_DAYS = 30
STATE_FIELDS = tuple(field.name for field in fields(State))


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
    allocated: PaperProtocol | None = None,
    contests: Protocol | None = None,
) -> ServiceRequest:
    """Open a checked draft: route it, date it and write its first decision.

    `act.texts` already carries the draft's private texts; see `private_texts`. What came on paper, under
    a protocol `allocated` before, is dated from the moment at which the city received it. `contests` is the
    request whose resolution this one says was false.
    """
    service = catalogue.services[draft.service]
    place, at_border = located(draft.place, catalogue)
    answers, _ = split_answers(service, draft.attributes)
    route = (
        triage(catalogue, BORDER)
        if at_border
        else route_request(catalogue, service.code, answers, place, act.at)
    )
    urgency = effective_urgency(service, draft.screening, draft.urgency)
    kind = draft.kind or service.kind
    calendar = calendar_for(catalogue, service.code, place, urgency)
    received_at = received_on_paper(draft.paper, act.at) if draft.paper else act.at
    state = State(
        kind=kind,
        service=service.code,
        catalogue_version=catalogue.version,
        channel=channel,
        language=draft.language,
        opened_at=act.at,
        received_at=received_at,
        urgency=urgency,
        priority=service.priority,
        confidential=service.confidential,
        anonymous=not identity.contact_keys,
        place=place,
        attributes=answers,
        photos=draft.photos,
        held_since=act.at,
        ladder=catalogue.escalation.policy_for(service.code),
        contests=contests,
        legal_due_at=legal_due_at(kind, service.code, place, received_at, catalogue),
        **assignment(route, service, urgency, calendar, since=received_at, held_since=act.at),
    )
    changes = {name: getattr(state, name) for name in STATE_FIELDS}
    act = replace(act, texts={**act.texts, CONTACT_KEYS: " ".join(identity.contact_keys)})
    facts = {"screening": draft.screening} if draft.screening else {}
    if draft.paper and allocated:
        facts = {**facts, **paper_facts(received_at, allocated)}
    entry, private = entry_for(1, EntryType.OPENED, act, changes, facts, previous_hash=protocol)
    return ServiceRequest(protocol=protocol, state=state, timeline=(entry,), private=private)


def private_texts(draft: IntakeDraft, service: Service, contact_points: Mapping[str, str]) -> dict[str, str]:
    """Collect everything of a draft that is personal or written freely, by the name it is kept under."""
    _, answers = split_answers(service, draft.attributes)
    place, reporter = draft.place, draft.reporter
    return {
        "description": draft.description,
        "urgency_reason": draft.urgency_reason,
        "allowed_by": draft.paper.allowed_by if draft.paper else "",
        "address": place.address if place else "",
        "landmark": place.landmark if place else "",
        "reporter.name": reporter.name if reporter else "",
        "reporter.address": reporter.address if reporter else "",
        **{f"reporter.{kind}": value for kind, value in contact_points.items()},
        **answers,
    }


def assignment(
    route: Route,
    service: Service,
    urgency: Urgency,
    calendar: Calendar,
    *,
    since: datetime,
    held_since: datetime,
    pauses: Sequence[Pause] = (),
) -> dict[str, Any]:
    """State what a route means: status, holder and the dates, all counted from `since`.

    Only the acknowledgement counts from `held_since`: nobody can accept what he does not have yet.
    """
    term, first = terms_under(service, urgency)
    return {
        "status": Status.TRIAGE if route.triage else Status.QUEUED,
        "secretariat": route.secretariat,
        "unit": route.unit,
        "routed_by": route.rule,
        "term": term,
        "first_action_term": first,
        "due_at": due_at(term, since, calendar, pauses),
        "provisional": route.triage,
        "acknowledge_by": due_at(acknowledgement_term(urgency), held_since, calendar),
        "first_action_by": due_at(first, since, calendar) if first else None,
    }


def terms_under(service: Service, urgency: Urgency) -> tuple[Term, Term | None]:
    """Choose resolution and first-action term: what becomes an emergency runs by the clock, in a day.

    A service that is an emergency itself, or has a shorter term in hours, keeps its own.
    """
    term = service.term
    is_quick = term.unit is TermUnit.HOURS and term.amount <= EMERGENCY.amount
    if urgency is not Urgency.EMERGENCY or service.urgency is Urgency.EMERGENCY or is_quick:
        return term, service.first_action
    return EMERGENCY, EMERGENCY_ATTENDANCE


def acknowledgement_term(urgency: Urgency) -> Term:
    """Give a secretariat a working day to accept; the clocks of emergencies run day and night."""
    return EMERGENCY if urgency is Urgency.EMERGENCY else ACKNOWLEDGEMENT


def legal_term(*, extended: bool) -> Term:
    """Give the final answer 30 days, extendable once by as many (Lei 13.460/2017, art. 16)."""
    return Term(amount=2 * LEGAL_DAYS if extended else LEGAL_DAYS, unit=TermUnit.CALENDAR_DAYS)


def legal_due_at(
    kind: Kind,
    service: str,
    place: Place | None,
    since: datetime,
    catalogue: Catalogue,
    *,
    extended: bool = False,
) -> datetime | None:
    """Count by when the law demands an answer; a plain service request is no manifestation of Lei 13.460."""
    if kind is Kind.SERVICE_REQUEST:
        return None
    return due_at(legal_term(extended=extended), since, legal_calendar_for(catalogue, service, place))


def calendar_of(catalogue: Catalogue) -> Calendar:
    """Take the calendar that the city's deadlines are counted in."""
    return Calendar(timezone=catalogue.city.timezone, rules=catalogue.calendar)


def calendar_for(catalogue: Catalogue, service: str, place: Place | None, urgency: Urgency) -> Calendar:
    """Take the calendar for such a request, with the suspensions that touch it; none stops an emergency."""
    calendar = calendar_of(catalogue)
    if urgency is Urgency.EMERGENCY or not catalogue.calendar.suspensions:
        return calendar
    return calendar.suspended_for(_subject(service, place))


def legal_calendar_for(catalogue: Catalogue, service: str, place: Place | None) -> Calendar:
    """Take the calendar for a term of the law, which only an act that says so suspends."""
    calendar = calendar_of(catalogue)
    if not any(one.legal_clocks for one in catalogue.calendar.suspensions):
        return calendar
    suspended = calendar.suspended_for(_subject(service, place))
    return replace(suspended, suspensions=tuple(one for one in suspended.suspensions if one.legal_clocks))


def _subject(service: str, place: Place | None) -> Subject:
    return Subject(
        service=service,
        neighbourhood=place.neighbourhood if place else None,
        region=place.region if place else None,
    )
