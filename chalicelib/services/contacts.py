"""Record contacts that open no request, let people follow requests, and find a citizen's requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.access import Principal
from chalicelib.domain.contacts import Contact, Follower, Served, follower_id_of
from chalicelib.domain.errors import Fault, InvalidInput, TransitionNotAllowed
from chalicelib.domain.intake import ReporterDraft, name_faults, time_fault
from chalicelib.domain.people import Channel
from chalicelib.domain.private import seal
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.commands import Command
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.people import ContactLog, ContactPoints, IdentityKeys, PeopleProjection
from chalicelib.services.ports.requests import RequestIndex, RequestStore
from chalicelib.services.refusals import read_protocol, refuse_faulty

LONGEST_NOTE = 1_000
LONGEST_CONTACT_SECONDS = 4 * 60 * 60
MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """What a channel says of a contact: what it was about, how long it took, who answered."""

    channel: Channel
    topic: str | None = None
    served_by: Served = Served.HUMAN
    started_at: datetime | None = None
    duration_seconds: int | None = None
    protocol: str | None = None
    note: str = ""
    reporter: ReporterDraft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerDraft:
    """Who wants to follow a request; without a contact point he is only counted."""

    channel: Channel | None = None
    reporter: ReporterDraft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Everything about contacts and the people behind them."""

    requests: RequestStore
    index: RequestIndex
    log: ContactLog
    people: PeopleProjection
    catalogue: CatalogueSource
    identity: IdentityKeys
    clock: Clock
    randomness: Randomness

    def record(
        self,
        draft: ContactDraft,
        principal: Principal,
        command: Command,
        found: Sequence[Fault] = (),
    ) -> Contact:
        """Record a contact that opens no request; a repeat answers the first one.

        Raises:
            InvalidInput: naming every fault.
            IdempotencyKeyReused: the key came before, with another body.
        """
        now = self.clock.now()
        points = self._points(draft.reporter)
        protocol, wrong = read_protocol(draft.protocol, "protocol") if draft.protocol else (None, [])
        refuse_faulty(found, points.faults, wrong, self._faults(draft, principal, now))
        topic = self.catalogue.current().topics.get(draft.topic or "")
        contact = Contact(
            contact_id=command.digests()["key"],
            at=draft.started_at or now,
            channel=draft.channel,
            served_by=draft.served_by,
            topic=draft.topic,
            secretariat=topic.secretariat if topic else None,
            duration_seconds=draft.duration_seconds,
            protocol=protocol,
            person_key=self.identity.identify(points.points).person_key,
            command=command.digests(),
            private=seal(
                {"note": draft.note, **_reporter_texts(draft.reporter, points)}, self.randomness.seed()
            ),
        )
        recorded = self.log.record(contact)
        command.repeats(recorded.command)
        return recorded

    def follow(
        self,
        protocol: Protocol,
        draft: FollowerDraft,
        principal: Principal,
        command: Command,
        found: Sequence[Fault] = (),
    ) -> tuple[ServiceRequest, bool]:
        """Let somebody follow an open request ("me too"); the second value is False if he already did.

        Followers are items of their own, so a thousand at once touch the request not even once.
        """
        points = self._points(draft.reporter)
        channel = draft.channel or next(iter(principal.channels()))
        refuse_faulty(found, points.faults, name_faults(draft.reporter), _channel_faults(channel, principal))
        request = self.requests.load(protocol)
        if not request.state.is_open:
            raise TransitionNotAllowed("follow", request.state.status)
        identity = self.identity.identify(points.points)
        follower = Follower(
            protocol=protocol,
            follower_id=follower_id_of(protocol, identity.person_key or command.digests()["key"]),
            at=self.clock.now(),
            channel=channel,
            person_key=identity.person_key,
            private=seal(_reporter_texts(draft.reporter, points), self.randomness.seed()),
        )
        return request, self.log.follow(follower)

    def requests_of(self, reporter: ReporterDraft) -> list[ServiceRequest]:
        """Find a citizen's newest requests by any contact point, whichever channel he used before."""
        points = self._points(reporter)
        if points.faults or not points.points:
            raise InvalidInput(*(points.faults or (Fault(path="phone", reason="required"),)))
        person_keys: set[str] = set()
        for key in self.identity.identify(points.points).contact_keys:
            person_keys |= {key, *self.people.person_keys_seen_with(key)}
        protocols = {
            protocol for key in person_keys for protocol in self.index.of_person(key, limit=MOST_FOUND).items
        }
        found = self.index.load_many(sorted(protocols))
        return sorted(found, key=lambda request: request.state.opened_at, reverse=True)[:MOST_FOUND]

    def _points(self, reporter: ReporterDraft | None) -> ContactPoints:
        person = reporter or ReporterDraft()
        return self.identity.normalise(
            cpf=person.cpf, phone=person.phone, email=person.email, path="reporter"
        )

    def _faults(self, draft: ContactDraft, principal: Principal, now: datetime) -> Iterator[Fault]:
        yield from _channel_faults(draft.channel, principal)
        yield from name_faults(draft.reporter)
        if draft.topic is not None and draft.topic not in self.catalogue.current().topics:
            yield Fault(path="topic", reason="unknown_topic")
        if draft.topic is None and draft.protocol is None:
            yield Fault(path="topic", reason="required")
        if draft.duration_seconds is not None and not 0 <= draft.duration_seconds <= LONGEST_CONTACT_SECONDS:
            facts = {"least": 0, "most": LONGEST_CONTACT_SECONDS}
            yield Fault(path="duration_seconds", reason="out_of_range", facts=facts)
        if len(draft.note) > LONGEST_NOTE:
            yield Fault(path="note", reason="too_long", facts={"longest": LONGEST_NOTE})
        if fault := time_fault("started_at", draft.started_at, now):
            yield fault


def _channel_faults(channel: Channel, principal: Principal) -> Iterator[Fault]:
    choices = principal.channels()
    if channel not in choices:
        yield Fault(path="channel", reason="channel_not_yours", facts={"choices": choices})


def _reporter_texts(reporter: ReporterDraft | None, points: ContactPoints) -> dict[str, str]:
    name = {"reporter.name": reporter.name} if reporter else {}
    return name | {f"reporter.{kind}": value for kind, value in points.points.items()}
