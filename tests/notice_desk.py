"""A desk from which people are told things, over fakes, and the requests of which it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.letters import Medium
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.digests import Digests
from chalicelib.services.notices import Fate, Notified, Notifying
from chalicelib.services.ports.notices import DecisionNotice, DigestNotice
from tests.builders import a_catalogue, a_draft
from tests.escalated import (
    BASE,
    MORNING,
    a_told_request,
    alerted,
    escalated,
)
from tests.fakes import (
    FakeCatalogue,
    FakeClock,
    FakeContacts,
    FakeDeferred,
    FakeDigestLines,
    FakeNoticeQueue,
    FakeRequests,
    FakeSender,
    FakeSendLog,
)

OPENING = datetime(2026, 12, 1, 11, 30, tzinfo=UTC)
"""Half past eight in Porto Alegre."""
TODAY = MORNING.date()
WATCH = a_catalogue().people["watch-one"]


@dataclass(slots=True)
class Post:
    """A centre that tells people things, over fakes."""

    city: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    store: FakeRequests = field(default_factory=FakeRequests)
    lines: FakeDigestLines = field(default_factory=FakeDigestLines)
    sends: FakeSendLog = field(default_factory=FakeSendLog)
    deferred: FakeDeferred = field(default_factory=FakeDeferred)
    queue: FakeNoticeQueue = field(default_factory=FakeNoticeQueue)
    sms: FakeSender = field(default_factory=FakeSender)
    email: FakeSender = field(default_factory=FakeSender)
    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING))

    @property
    def notifying(self) -> Notifying:
        digests = Digests(
            lines=self.lines,
            index=self.store,
            requests=self.store,
            contacts=FakeContacts(),
            catalogue=self.city,
            sends=self.sends,
            queue=self.queue,
            clock=self.clock,
        )
        return Notifying(
            requests=self.store,
            catalogue=self.city,
            digests=digests,
            senders={Medium.SMS: self.sms, Medium.EMAIL: self.email},
            sends=self.sends,
            deferred=self.deferred,
            queue=self.queue,
            clock=self.clock,
            base_url=BASE,
        )

    def notify(self, request: ServiceRequest, seq: int | None = None) -> Notified:
        """Store a request as it is and tell of its newest decision, or of that named."""
        if request.protocol not in self.store.items:
            self.store.add(request)
        return self.repeat(request, seq)

    def repeat(self, request: ServiceRequest, seq: int | None = None) -> Notified:
        notice = DecisionNotice(protocol=request.protocol, seq=seq or request.version)
        return self.notifying.notify(notice)

    def send_digest(self, person: str = "head") -> Notified:
        return self.notifying.notify(DigestNotice(person=person, day=TODAY))

    def let_hear(self, post: str = "DMLU/head") -> None:
        request = escalated(a_told_request())
        self.store.add(request)
        self.lines.add(post, request.protocol)

    @property
    def messages(self) -> list[str]:
        return [address for address, _ in (*self.sms.sent, *self.email.sent)]


def late() -> ServiceRequest:
    return escalated(a_told_request())


def an_alert() -> ServiceRequest:
    return alerted(a_told_request(draft=a_draft(urgency=Urgency.EMERGENCY)), "DMLU/on_call")


def fates(notified: Notified) -> list[tuple[str, Medium, Fate]]:
    return [(told.to, told.medium, told.fate) for told in notified.told]
