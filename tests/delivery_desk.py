"""Compose relay, queues, feeds and consumers over fakes, as wiring composes them over AWS."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.adapters.dynamo.stream import StreamChanges
from chalicelib.domain import orders
from chalicelib.domain.access import Principal
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.casework import Casework
from chalicelib.services.changes import Changes
from chalicelib.services.consumption import Consumption
from chalicelib.services.dead_letters import DeadLetters
from chalicelib.services.delivery import Relay, Relayed
from chalicelib.services.dispatch import Dispatch
from chalicelib.services.integrations import Polls
from chalicelib.services.messages import Messages
from chalicelib.services.replay import Replay
from chalicelib.services.undelivered import Undelivered
from tests.builders import a_catalogue, a_request, ordered
from tests.fakes import (
    FakeAudit,
    FakeCatalogue,
    FakeClock,
    FakeContacts,
    FakeDeliveries,
    FakeMedia,
    FakePeople,
    FakePollings,
    FakeQuarantine,
    FakeQueues,
    FakeRequests,
    SeededRandomness,
    an_identity,
)
from tests.stream_records import record_of

BASE = "https://156.example"
CODES = ("DMLU", "SMGOV")
DMLU = Principal(name="dmlu-system", scopes=frozenset({"focal:DMLU"}))
SMGOV = Principal(name="smgov-system", scopes=frozenset({"focal:SMGOV"}))
OPERATOR = Principal(name="ana", scopes=frozenset({"operator"}))


@dataclass(slots=True)
class DeliveryDesk:
    """Everything about delivery, ready to use; requests are written and their records kept."""

    clock: FakeClock = field(default_factory=FakeClock)
    requests: FakeRequests = field(default_factory=FakeRequests)
    log: FakeDeliveries = field(default_factory=FakeDeliveries)
    people: FakePeople = field(default_factory=FakePeople)
    media: FakeMedia = field(default_factory=FakeMedia)
    audit: FakeAudit = field(default_factory=FakeAudit)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    pollings: FakePollings = field(default_factory=FakePollings)
    queues: FakeQueues = field(init=False)
    polls: Polls = field(init=False)

    def __post_init__(self) -> None:
        self.queues = FakeQueues(self.clock, CODES)
        self.polls = Polls(pollings=self.pollings, clock=self.clock)

    @property
    def city(self) -> Catalogue:
        return self.catalogue.current()

    @property
    def messages(self) -> Messages:
        return Messages(catalogue=self.catalogue, base_url=BASE)

    @property
    def relay(self) -> Relay:
        return Relay(
            reader=StreamChanges(),
            messages=self.messages,
            dispatch=Dispatch(queues=self.queues, log=self.log, clock=self.clock),
            log=self.log,
            requests=self.requests,
            people=self.people,
            media=self.media,
            clock=self.clock,
        )

    @property
    def consumption(self) -> Consumption:
        casework = Casework(
            requests=self.requests,
            contacts=FakeContacts(),
            catalogue=self.catalogue,
            media=FakeMedia(),
            identity=an_identity(),
            clock=self.clock,
            randomness=SeededRandomness(),
        )
        return Consumption(
            queues=self.queues,
            requests=self.requests,
            catalogue=self.catalogue,
            casework=casework,
            polls=self.polls,
        )

    @property
    def changes(self) -> Changes:
        return Changes(
            log=self.log,
            index=self.requests,
            requests=self.requests,
            catalogue=self.catalogue,
            messages=self.messages,
            clock=self.clock,
        )

    @property
    def dead_letters(self) -> DeadLetters:
        return DeadLetters(
            queues=self.queues,
            quarantine_store=self.quarantine,
            requests=self.requests,
            catalogue=self.catalogue,
            messages=self.messages,
            audit=self.audit,
            clock=self.clock,
        )

    @property
    def replay(self) -> Replay:
        return Replay(changes=self.changes, queues=self.queues, audit=self.audit, clock=self.clock)

    @property
    def undelivered(self) -> Undelivered:
        return Undelivered(relay=self.relay, log=self.log, audit=self.audit, clock=self.clock)

    def opens(self) -> ServiceRequest:
        """Write a new request, without relaying it."""
        request = a_request()
        self.requests.add(request)
        return request

    def decides(self, request: ServiceRequest, order: orders.Order) -> ServiceRequest:
        """Write the next decision, without relaying it."""
        changed = ordered(request, order, self.city)
        self.requests.save(changed, seen_version=request.version)
        return changed

    def relays(self, request: ServiceRequest, before: ServiceRequest | None = None) -> Relayed:
        """Relay one stream record."""
        return self.relay.relay([record_of(request, before)])

    def delivered(self) -> ServiceRequest:
        """Open a request and bring it to its secretariat's queue."""
        request = self.opens()
        self.relays(request)
        return request

    def let_ack_accept(self, code: str) -> None:
        """Throw the secretariat's switch."""
        secretariats = dict(self.city.secretariats)
        secretariats[code] = dataclasses.replace(secretariats[code], ack_accepts=True)
        self.catalogue.catalogue = dataclasses.replace(self.city, secretariats=secretariats)

    def drain(self, code: str) -> list[tuple[Protocol, int]]:
        """Receive and acknowledge everything that waits in a queue."""
        seen: list[tuple[Protocol, int]] = []
        while received := self.queues.receive(code, most=10, wait_seconds=0):
            for one in received:
                seen.append((Protocol(one.message["subject"]), one.message["data"]["seq"]))
                self.queues.ack(code, one.receipt)
        return seen

    def let_it_die(self, code: str) -> None:
        """Fail to consume everything that waits, until it is dead."""
        for _ in range(11):
            self.queues.receive(code, most=10, wait_seconds=0)
            self.clock.time += timedelta(minutes=6)
