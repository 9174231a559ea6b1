"""Decide whom of the administration a decision tells what right away; the others read the digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.citizen_messages import kind_told, levels_of
from chalicelib.domain.letters import Letter, Medium, alert_letter, breach_letter
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.message_kinds import RULES, Audience, Matter, MessageKind
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.reach import takes_text_messages
from chalicelib.domain.recipients import CONTROLLER, fills
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.staff import Person
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status

CITIZEN, FOLLOWER, THIRD_PARTY = "citizen", "follower", "third_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One message to one address; `to` names the addressee by role or post, in logs and claims.

    `kind` is that of a message to a citizen; the administration is told by letters of its own.
    """

    to: str
    medium: Medium
    matter: Matter
    address: str = field(repr=False)
    letter: Letter = field(repr=False)
    kind: MessageKind | None = None

    @property
    def is_urgent(self) -> bool:
        """Tell whether it goes out by day and night."""
        return self.matter is Matter.URGENT

    @property
    def may_be_repeated(self) -> bool:
        """Tell whether it is sent again when nobody knows whether it was: better twice than never."""
        return self.matter is not Matter.COURTESY


def audiences_of(entry: Entry) -> tuple[Audience, ...]:
    """Name whom a decision may tell anything right away; most tell nobody."""
    kind = kind_told(entry)
    told = {
        Audience.CITIZEN: kind is not None and RULES[kind].told_to is Audience.CITIZEN,
        Audience.THIRD_PARTY: kind is not None and RULES[kind].told_to is Audience.THIRD_PARTY,
        Audience.FOLLOWERS: kind is not None and RULES[kind].tells_followers,
        Audience.STAFF: _tells_staff(entry),
    }
    return tuple(audience for audience, is_told in told.items() if is_told)


def tellings(
    request: ServiceRequest, seq: int, catalogue: Catalogue, *, now: datetime, base_url: str
) -> tuple[Telling, ...]:
    """List what decision `seq` tells the administration right away, as the request stands now.

    The breach of the law's term tells the controller, an alert the person on call. What no longer holds
    tells nobody: an emergency that was accepted, a request that is done.
    """
    entry = request.timeline[seq - 1]
    tell = _TELLERS.get(entry.type)
    return tuple(tell(_Decision(request, entry, catalogue, now, base_url))) if tell else ()


def awaits_somebody(request: ServiceRequest, seq: int) -> bool:
    """Tell whether decision `seq` pushed somebody on call for an emergency that nobody has accepted yet."""
    entry, state = request.timeline[seq - 1], request.state
    is_pending = state.urgency is Urgency.EMERGENCY and state.status in (Status.QUEUED, Status.TRIAGE)
    return entry.type is EntryType.ALERTED and is_pending and entry.at >= state.held_since


def ways_to_tell(person: Person) -> tuple[tuple[Medium, str], ...]:
    """List how a person of the administration is reached: the quickest first, the roomiest last."""
    sms = ((Medium.SMS, person.phone),) if takes_text_messages(person.phone) else ()
    return (*sms, (Medium.EMAIL, person.email)) if person.email else sms


@dataclass(frozen=True, slots=True)
class _Decision:
    """A decision of a request, at the time at which somebody may be told of it."""

    request: ServiceRequest
    entry: Entry
    catalogue: Catalogue
    now: datetime
    base_url: str


def _of_escalation(decision: _Decision) -> Iterator[Telling]:
    if EscalationLevel.LEGAL_BREACH in levels_of(decision.entry) & {*decision.request.state.escalated}:
        yield from _to_controller(decision)


def _to_controller(decision: _Decision) -> Iterator[Telling]:
    if not decision.request.state.is_open:
        return
    today = calendar_of(decision.catalogue).local_day(decision.now)
    controller = fills(CONTROLLER, decision.catalogue, today)
    person = decision.catalogue.people[controller.person] if controller else None
    for medium, address in ways_to_tell(person)[-1:] if person else ():
        letter = breach_letter(decision.request, decision.catalogue, decision.base_url)
        yield Telling(to=CONTROLLER, medium=medium, matter=Matter.LEGAL, address=address, letter=letter)


def _of_alert(decision: _Decision) -> Iterator[Telling]:
    """Push by every medium at once: who is on call at night may see only one of them."""
    data = decision.entry.data
    person = decision.catalogue.people.get(data["person"])
    if person is None or not awaits_somebody(decision.request, decision.entry.seq):
        return
    letter = alert_letter(decision.request, decision.catalogue, decision.base_url)
    for medium, address in ways_to_tell(person):
        yield Telling(to=data["to"], medium=medium, matter=Matter.URGENT, address=address, letter=letter)


def _tells_staff(entry: Entry) -> bool:
    return entry.type is EntryType.ALERTED or EscalationLevel.LEGAL_BREACH in levels_of(entry)


_TELLERS: Mapping[EntryType, Callable[[_Decision], Iterator[Telling]]] = {
    EntryType.ESCALATED: _of_escalation,
    EntryType.ALERTED: _of_alert,
}
