"""Decide whom a decision tells what right away; everybody else reads of it in the digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.escalation import LATE, is_late
from chalicelib.domain.letters import Letter, Medium, alert_letter, breach_letter, late_letter
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.recipients import CONTROLLER, fills
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.staff import Person
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status

CITIZEN = "citizen"
_TOLD_LEVELS = {*LATE, EscalationLevel.LEGAL_BREACH}
BRAZIL, MOBILE_LENGTH, FIRST_OF_MOBILE = "+55", len("+5551991234567"), "9"


class Matter(StrEnum):
    """How much a message matters: may it wait for working hours, is it repeated if its fate is unknown."""

    COURTESY = "courtesy"
    LEGAL = "legal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One message to one address; `to` names the addressee by role or post, in logs and claims."""

    to: str
    medium: Medium
    matter: Matter
    address: str = field(repr=False)
    letter: Letter = field(repr=False)

    @property
    def is_urgent(self) -> bool:
        """Tell whether it goes out by day and night."""
        return self.matter is Matter.URGENT

    @property
    def may_be_repeated(self) -> bool:
        """Tell whether it is sent again when nobody knows whether it was: better twice than never."""
        return self.matter is not Matter.COURTESY


def tells_somebody(entry: Entry) -> bool:
    """Tell whether a decision may tell anybody anything right away; most tell nobody."""
    if entry.type is EntryType.ESCALATED:
        return bool(_levels(entry) & _TOLD_LEVELS)
    return entry.type in _TELLERS


def tellings(
    request: ServiceRequest, seq: int, catalogue: Catalogue, *, now: datetime, base_url: str
) -> tuple[Telling, ...]:
    """List what decision `seq` tells right away, as the request stands now.

    A late request tells the citizen, the breach of the law's term the controller, an alert the person on
    call. What no longer holds tells nobody: an emergency that was accepted, a request that is done or has
    got a new date, a level above which another one has come.
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


def takes_text_messages(phone: str) -> bool:
    """Tell whether a number (E.164) can be a mobile; in Brazil those have nine digits, the first a 9."""
    if not phone.startswith(BRAZIL):
        return bool(phone)
    return len(phone) == MOBILE_LENGTH and phone[len("+5551")] == FIRST_OF_MOBILE


@dataclass(frozen=True, slots=True)
class _Decision:
    """A decision of a request, at the time at which somebody may be told of it."""

    request: ServiceRequest
    entry: Entry
    catalogue: Catalogue
    now: datetime
    base_url: str


def _of_escalation(decision: _Decision) -> Iterator[Telling]:
    came = _levels(decision.entry) & {*decision.request.state.escalated}
    if came & {*LATE}:
        yield from _to_citizen(decision)
    if EscalationLevel.LEGAL_BREACH in came:
        yield from _to_controller(decision)


def _to_citizen(decision: _Decision) -> Iterator[Telling]:
    request, entry = decision.request, decision.entry
    later = (one for one in request.timeline[entry.seq :] if one.type is EntryType.ESCALATED)
    if not is_late(request.state, decision.now) or any(_levels(one) & {*LATE} for one in later):
        return
    phone, email = (request.text(1, f"reporter.{kind}") for kind in ("phone", "email"))
    if request.state.anonymous:
        return
    if isinstance(phone, str) and takes_text_messages(phone):
        medium, address = Medium.SMS, phone
    elif isinstance(email, str):
        medium, address = Medium.EMAIL, email
    else:
        return
    letter = late_letter(request, medium, decision.catalogue)
    yield Telling(to=CITIZEN, medium=medium, matter=Matter.COURTESY, address=address, letter=letter)


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


def _levels(entry: Entry) -> set[EscalationLevel]:
    return {EscalationLevel(level) for level in (entry.data["level"], *entry.data.get("skipped", ()))}


_TELLERS: Mapping[EntryType, Callable[[_Decision], Iterator[Telling]]] = {
    EntryType.ESCALATED: _of_escalation,
    EntryType.ALERTED: _of_alert,
}
