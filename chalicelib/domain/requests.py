"""Hold a citizen's request: its state, the decisions that led there, and its private texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.canonical import plain
from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.levels import EscalationLevel, LadderPolicy
from chalicelib.domain.pauses import Pause
from chalicelib.domain.people import Actor, Channel
from chalicelib.domain.places import Point
from chalicelib.domain.private import Erased, Private, seal
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.terms import Term
from chalicelib.domain.timeline import Entry, EntryType, chained
from chalicelib.domain.timeline_limits import refuse_overflow
from chalicelib.domain.transitions import LIVE, Status
from chalicelib.domain.verdicts import Verdict

CONTACT_KEYS = "contact_keys"
"""The private text that holds the reporter's keys: pseudonyms are personal data too (LGPD art. 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it happens; the address and landmark themselves are private texts.

    `suggested` says that nobody named the neighbourhood: it is the one of the nearest centre.
    """

    point: Point | None = None
    neighbourhood: str | None = None
    region: int | None = None
    suggested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A stretch of time in which a secretariat had the request, so lateness is attributed fairly."""

    secretariat: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRecord:
    """A team's record of having been there; which team it was is a private text."""

    at: datetime
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the secretariat says it did; provisional until confirmed or the window closes."""

    at: datetime
    reason: str | None = None
    photos: tuple[str, ...] = ()
    team_record: TeamRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why the request will not be done; the answer and its legal basis are private texts."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything the decisions so far amount to; equal to the fold of the timeline.

    `counted_from` is where the term begins if not when the request was received (an emergency declared
    later), `extension` how many of its units it was extended by. `pauses` are over; one that lasts began at
    `paused_since`, when the question of `asked_at` had reached the citizen. `escalated` are the levels that
    came in this generation. `raised_at` is when it became an emergency, if it was not opened as one, and
    `alerted_at` when somebody on call was pushed last. `rework_term` and `rework_since` are what the rework's
    date is counted by. `result_told_at` is when people told the citizen a result. `contests` is the protocol
    whose resolution this request says was false.
    """

    kind: Kind
    service: str
    catalogue_version: str
    channel: Channel
    language: str
    opened_at: datetime
    received_at: datetime
    urgency: Urgency
    priority: int
    confidential: bool
    anonymous: bool
    place: Place | None
    attributes: Mapping[str, Any]
    photos: tuple[str, ...]
    status: Status
    secretariat: str
    unit: str | None
    routed_by: str
    held_since: datetime
    term: Term
    first_action_term: Term | None
    due_at: datetime
    provisional: bool
    acknowledge_by: datetime | None
    first_action_by: datetime | None
    holdings: tuple[Holding, ...] = ()
    accepted_at: datetime | None = None
    generation: int = 1
    returns: int = 0
    questions: int = 0
    rework_due_at: datetime | None = None
    scheduled_for: datetime | None = None
    external_number: str | None = None
    duplicate_of: str | None = None
    resolution: Resolution | None = None
    rejection: Rejection | None = None
    counted_from: datetime | None = None
    ladder: LadderPolicy | None = None
    extension: int = 0
    pauses: tuple[Pause, ...] = ()
    asked_at: datetime | None = None
    paused_since: datetime | None = None
    legal_due_at: datetime | None = None
    legal_extended: bool = False
    escalated: tuple[EscalationLevel, ...] = ()
    justify_by: datetime | None = None
    forecast_at: datetime | None = None
    raised_at: datetime | None = None
    rework_term: Term | None = None
    rework_since: datetime | None = None
    first_acted_at: datetime | None = None
    alerted_at: datetime | None = None
    waiting_since: datetime | None = None
    result_told_at: datetime | None = None
    surveyed_generation: int = 0
    drawn_for_audit: bool = False
    contests: str | None = None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do something."""
        return self.status in LIVE

    @property
    def began_at(self) -> datetime:
        """Tell where the term in force begins to be counted."""
        return self.counted_from or self.received_at

    @property
    def arrived_at(self) -> datetime:
        """Tell since when its holder has it as what it is: with him, and an emergency if it is one."""
        return max(self.held_since, self.raised_at or self.held_since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One person's or machine's act: who, when, on which channel, and what it carries.

    `texts` become private; `seed` is 16 random bytes for their salts; `command` are the digests
    of idempotency key and body that let a repeat be recognised.
    """

    by: Actor
    at: datetime
    channel: Channel | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    seed: bytes = b""
    command: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """A request with its history; `version` counts the decisions recorded so far."""

    protocol: Protocol
    state: State
    timeline: tuple[Entry, ...]
    private: Mapping[str, Private]

    @property
    def contact_keys(self) -> tuple[str, ...]:
        """The keys of the reporter's contact points, the strongest first; none once they are erased."""
        keys = self.latest_text(CONTACT_KEYS)
        return tuple(keys.split()) if isinstance(keys, str) else ()

    @property
    def person_key(self) -> str | None:
        """The key under which the reporter's requests are found; None for the anonymous and the erased."""
        return next(iter(self.contact_keys), None)

    def photos_quoted(self, after: int = 0) -> tuple[str, ...]:
        """List the photos that decisions above `after` quote: the citizen's, his answers', the evidence."""
        quoted: list[str] = []
        for entry in self.timeline[after:]:
            changes = entry.data.get("changes", {})
            for source in (entry.data, changes, changes.get("resolution") or {}):
                quoted += source.get("photos", ())
        return tuple(dict.fromkeys(quoted))

    @property
    def is_reachable(self) -> bool:
        """Tell whether there is still a phone or e-mail by which the reporter can be asked."""
        return any(f"1.reporter.{kind}" in self.private for kind in ("phone", "email"))

    @property
    def version(self) -> int:
        """The sequence number of the newest decision."""
        return self.timeline[-1].seq

    @property
    def updated_at(self) -> datetime:
        """When the newest decision was taken."""
        return self.timeline[-1].at

    def text(self, seq: int, name: str) -> str | Erased | None:
        """Read the private text that decision `seq` carried under `name`."""
        path = f"{seq}.{name}"
        if path in self.private:
            return self.private[path].value
        known = path in self.timeline[seq - 1].data.get("texts", {})
        return Erased.ERASED if known else None

    def latest_text(self, name: str) -> str | Erased | None:
        """Read the newest private text of that name, whichever decision carried it."""
        for entry in reversed(self.timeline):
            if (found := self.text(entry.seq, name)) is not None:
                return found
        return None

    def with_decision(
        self,
        entry_type: EntryType,
        act: Act,
        changes: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
    ) -> ServiceRequest:
        """Record one decision: the only way in which a request changes.

        Raises:
            TimelineFull: people have written as much as they may; the system's reserve is kept.
        """
        entry, sealed = entry_for(self.version + 1, entry_type, act, changes, facts, self.timeline[-1].hash)
        private = {**self.private, **sealed}
        refuse_overflow((*self.timeline, entry), private)
        return ServiceRequest(
            protocol=self.protocol,
            state=dataclasses.replace(self.state, **changes),
            timeline=(*self.timeline, entry),
            private=private,
        )


def entry_for(
    seq: int,
    entry_type: EntryType,
    act: Act,
    changes: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    previous_hash: str,
) -> tuple[Entry, dict[str, Private]]:
    """Write a chained entry and seal the texts that it commits to."""
    sealed = {f"{seq}.{name}": value for name, value in seal(act.texts, act.seed).items()}
    data: dict[str, Any] = plain(facts or {})
    if changes:
        data["changes"] = plain(changes)
    if sealed:
        data["texts"] = {name: value.digest for name, value in sealed.items()}
    if act.command:
        data["command"] = dict(act.command)
    entry = Entry(seq=seq, at=act.at, type=entry_type, actor=act.by, channel=act.channel, data=data)
    return dataclasses.replace(entry, hash=chained(entry, previous_hash)), sealed
