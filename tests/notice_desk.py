"""A desk from which people are told things, over fakes, and the requests of which it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.adapters.templates import SandboxedRenderer
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.letters import Medium
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.citizen_notices import CitizenNotices
from chalicelib.services.digests import Digests
from chalicelib.services.followups import notices_of
from chalicelib.services.notices import Notified, Notifying
from chalicelib.services.ports.notices import DecisionNotice, DigestNotice
from chalicelib.services.sending import Fate, Sending
from chalicelib.services.waiting_notices import WaitingNotices
from tests.builders import a_catalogue, a_draft
from tests.escalated import (
    BASE,
    MORNING,
    a_told_request,
    alerted,
    escalated,
)
from tests.fake_access import some_links
from tests.fake_callbacks import FakeCallbacks
from tests.fake_messages import FakePreferences, FakeTemplates
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
    an_identity,
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
    contacts: FakeContacts = field(default_factory=FakeContacts)
    callbacks: FakeCallbacks = field(default_factory=FakeCallbacks)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    templates: FakeTemplates = field(default_factory=FakeTemplates)
    sends: FakeSendLog = field(default_factory=FakeSendLog)
    deferred: FakeDeferred = field(default_factory=FakeDeferred)
    queue: FakeNoticeQueue = field(default_factory=FakeNoticeQueue)
    sms: FakeSender = field(default_factory=FakeSender)
    email: FakeSender = field(default_factory=FakeSender)
    whatsapp: FakeSender | None = None
    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING))

    @property
    def sending(self) -> Sending:
        media = {Medium.SMS: self.sms, Medium.EMAIL: self.email, Medium.WHATSAPP: self.whatsapp}
        senders = {medium: sender for medium, sender in media.items() if sender is not None}
        return Sending(senders=senders, sends=self.sends)

    @property
    def citizens(self) -> CitizenNotices:
        return CitizenNotices(
            sending=self.sending,
            templates=self.templates,
            renderer=SandboxedRenderer(),
            links=some_links(),
            identity=an_identity(),
            preferences=self.preferences,
            contacts=self.contacts,
            callbacks=self.callbacks,
            catalogue=self.city,
            clock=self.clock,
            base_url=BASE,
        )

    @property
    def waiting(self) -> WaitingNotices:
        return WaitingNotices(deferred=self.deferred, queue=self.queue)

    @property
    def notifying(self) -> Notifying:
        digests = Digests(
            lines=self.lines,
            index=self.store,
            requests=self.store,
            contacts=self.contacts,
            catalogue=self.city,
            sends=self.sends,
            queue=self.queue,
            clock=self.clock,
        )
        return Notifying(
            requests=self.store,
            catalogue=self.city,
            digests=digests,
            citizens=self.citizens,
            sending=self.sending,
            deferred=self.deferred,
            queue=self.queue,
            clock=self.clock,
            base_url=BASE,
        )

    def notify(self, request: ServiceRequest, seq: int | None = None) -> Notified:
        """Store a request as it is and tell everybody of its newest decision, or of that named."""
        if request.protocol not in self.store.items:
            self.store.add(request)
        return self.repeat(request, seq)

    def repeat(self, request: ServiceRequest, seq: int | None = None) -> Notified:
        entry = request.timeline[(seq or request.version) - 1]
        found = [self.notifying.notify(notice) for notice in notices_of(request, entry)]
        return Notified(
            told=tuple(told for one in found for told in one.told),
            deferred_until=next((one.deferred_until for one in found if one.deferred_until), None),
            reached_nobody=any(one.reached_nobody for one in found),
            to_be_called=any(one.to_be_called for one in found),
            fanned_out=sum(one.fanned_out for one in found),
        )

    def queued(self) -> list[DecisionNotice]:
        """List the notices of decisions that were queued."""
        return [notice for notice in self.queue.notices if isinstance(notice, DecisionNotice)]

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
