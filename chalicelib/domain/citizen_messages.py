"""Decide whether a decision still tells the citizen something, and with which facts it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.escalation import LATE, is_late
from chalicelib.domain.letters import local_moment, service_name
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.message_kinds import KIND_OF, RULES, Audience, MessageKind
from chalicelib.domain.message_words import DAY_FORMATS, reason_words, status_words
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import REVIVED_WITHIN, wait_ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What a message to a citizen is made of; links and code only he gets.

    `more` are placeholders that the request does not know, such as when a survey expires.
    """

    request: ServiceRequest
    seq: int
    catalogue: Catalogue
    language: str
    link: str = field(repr=False)
    preferences_link: str = field(default="", repr=False)
    access_code: str = field(default="", repr=False)
    more: Mapping[str, str] = field(default_factory=dict)


def kind_told(entry: Entry) -> MessageKind | None:
    """Name what a decision tells the citizen, or a third party with an address, if anything.

    Of the levels only those of lateness.
    """
    kind = KIND_OF.get(entry.type)
    if kind is MessageKind.THIRD_PARTY_QUESTION and "party_email" not in entry.text_names:
        return None
    return None if kind is MessageKind.LATE and not levels_of(entry) & {*LATE} else kind


def tells_still(
    request: ServiceRequest, seq: int, now: datetime, audience: Audience = Audience.CITIZEN
) -> MessageKind | None:
    """Name what decision `seq` tells its audience as the request stands now; None if nothing any more.

    What has been overtaken is not told: a visit that was moved, a question that was answered, a level above
    which another came, an outcome that is contested already. Of a result that the reporter has confirmed
    followers are told all the same: they may see it otherwise.
    """
    entry = request.timeline[seq - 1]
    kind = kind_told(entry)
    if kind is None or request.state.status not in _holds_in(kind, audience):
        return None
    if any(kind_told(one) is kind for one in request.timeline[seq:]):
        return None
    if kind is MessageKind.LATE:
        came = levels_of(entry) & {*request.state.escalated} & {*LATE}
        return kind if came and is_late(request.state, now) else None
    return kind


def _holds_in(kind: MessageKind, audience: Audience) -> frozenset[Status]:
    holds_in = RULES[kind].holds_in
    is_followers = audience in (Audience.FOLLOWER, Audience.FOLLOWERS)
    return holds_in | {Status.CLOSED} if is_followers and kind is MessageKind.RESOLVED else holds_in


def levels_of(entry: Entry) -> set[EscalationLevel]:
    """Name the levels that came with a decision, the skipped ones too."""
    if entry.type is not EntryType.ESCALATED:
        return set()
    return {EscalationLevel(level) for level in (entry.data["level"], *entry.data.get("skipped", ()))}


def link_number(kind: MessageKind, request: ServiceRequest, seq: int) -> int:
    """Say which decision or generation a link is about: the newest question, else the generation."""
    if RULES[kind].link is LinkPurpose.QUESTION:
        return newest_question(request) or seq
    return seq if RULES[kind].link is LinkPurpose.THIRD_PARTY else request.state.generation


def newest_question(request: ServiceRequest) -> int | None:
    """Find the newest question to the citizen; only its link is valid."""
    asked = (entry.seq for entry in reversed(request.timeline) if entry.type is EntryType.ASKED)
    return next(asked, None)


def message_values(kind: MessageKind, facts: MessageFacts) -> dict[str, str]:
    """Give every placeholder of a kind its value; what does not apply is empty."""
    return {
        name: facts.more[name] if name in facts.more else _VALUES[name](facts)
        for name in sorted(RULES[kind].placeholders)
    }


def _moment(facts: MessageFacts, moment: datetime | None) -> str:
    day = DAY_FORMATS[facts.language]
    return local_moment(moment, facts.catalogue, day) if moment is not None else ""


def _service(facts: MessageFacts) -> str:
    state = facts.request.state
    return "" if state.confidential else service_name(state, facts.catalogue, facts.language)


def _secretariat(facts: MessageFacts) -> str:
    code = facts.request.state.secretariat
    known = facts.catalogue.secretariats.get(code)
    return known.name if known else code


def _free_text(name: str) -> Callable[[MessageFacts], str]:
    """Read what people wrote; nothing of a confidential request leaves the system in words."""

    def read(facts: MessageFacts) -> str:
        text = None if facts.request.state.confidential else facts.request.latest_text(name)
        return text if isinstance(text, str) else ""

    return read


def _of_decision(name: str) -> Callable[[MessageFacts], str]:
    def read(facts: MessageFacts) -> str:
        text = None if facts.request.state.confidential else facts.request.text(facts.seq, name)
        return text if isinstance(text, str) else ""

    return read


def _reason(facts: MessageFacts) -> str:
    rejection = facts.request.state.rejection
    return reason_words(rejection.reason, facts.language) if rejection else ""


def _other(facts: MessageFacts) -> str:
    other = facts.request.state.duplicate_of
    return display_protocol(Protocol(other)) if other else ""


def _waits_until(facts: MessageFacts) -> str:
    return _moment(facts, wait_ends_at(facts.request, facts.catalogue))


def _state(facts: MessageFacts) -> Any:
    return facts.request.state


_VALUES: Mapping[str, Callable[[MessageFacts], str]] = {
    "city": lambda facts: facts.catalogue.city.name,
    "protocol": lambda facts: display_protocol(facts.request.protocol),
    "service": _service,
    "link": lambda facts: facts.link,
    "preferences": lambda facts: facts.preferences_link,
    "access_code": lambda facts: facts.access_code,
    "secretariat": _secretariat,
    "organ": lambda facts: facts.request.state.secretariat,
    "received": lambda facts: _moment(facts, facts.request.state.received_at),
    "due": lambda facts: _moment(facts, _state(facts).rework_due_at or _state(facts).due_at),
    "when": lambda facts: _moment(facts, facts.request.state.scheduled_for),
    "forecast": lambda facts: _moment(facts, facts.request.state.forecast_at),
    "question": _free_text("question"),
    "answer": _of_decision("answer"),
    "legal_basis": _of_decision("legal_basis"),
    "note": _of_decision("note"),
    "reason": _reason,
    "answer_by": _waits_until,
    "contest_by": _waits_until,
    "revive_by": lambda facts: _moment(facts, facts.request.updated_at + REVIVED_WITHIN),
    "other": _other,
    "status": lambda facts: status_words(facts.request.state.status, facts.language),
    "expires_on": lambda facts: "",
}
