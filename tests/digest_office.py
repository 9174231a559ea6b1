"""An office whose people wait for their digests, over fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.contacts import Follower
from chalicelib.domain.letters import Letter
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.digests import Digests
from tests.builders import a_catalogue, a_draft, a_request
from tests.city_staff import with_people_away
from tests.escalated import (
    MORNING,
    NIGHT,
    escalated,
)
from tests.fakes import (
    FakeCatalogue,
    FakeClock,
    FakeContacts,
    FakeDigestLines,
    FakeNoticeQueue,
    FakeRequests,
    FakeSendLog,
)

TODAY = MORNING.date()
LEVELS = EscalationLevel
FOCAL, HEAD, DEPUTY = "DMLU/focal_point", "DMLU/head", "DMLU/deputy"


@dataclass(slots=True)
class Office:
    """A centre whose people of the ladder wait for their digests."""

    city: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    store: FakeRequests = field(default_factory=FakeRequests)
    lines: FakeDigestLines = field(default_factory=FakeDigestLines)
    contacts: FakeContacts = field(default_factory=FakeContacts)
    sends: FakeSendLog = field(default_factory=FakeSendLog)
    queue: FakeNoticeQueue = field(default_factory=FakeNoticeQueue)
    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING))

    @property
    def digests(self) -> Digests:
        return Digests(
            lines=self.lines,
            index=self.store,
            requests=self.store,
            contacts=self.contacts,
            catalogue=self.city,
            sends=self.sends,
            queue=self.queue,
            clock=self.clock,
        )

    def concern(self, request: ServiceRequest, *posts: str) -> Protocol:
        """Keep a request and let the holders of posts hear of it."""
        self.store.add(request)
        for post in posts:
            self.lines.add(post, request.protocol)
        return request.protocol

    def letter(self, person: str, day: date = TODAY) -> Letter:
        letter = self.digests.compile(person, day)
        assert letter is not None
        return letter

    def send_away(self, *people: str) -> None:
        assert self.city.catalogue is not None
        self.city.catalogue = with_people_away(self.city.catalogue, TODAY, *people)

    def follow(self, protocol: Protocol, times: int) -> None:
        for number in range(times):
            one = Follower(protocol=protocol, follower_id=str(number), at=NIGHT, channel=Channel.WEB)
            self.contacts.follow(one)


def late(level: EscalationLevel = LEVELS.LEVEL_1, *, service: str = "dumping") -> ServiceRequest:
    return escalated(a_request(draft=a_draft(service)), level)


def protocols_in(letter: Letter) -> list[str]:
    return [line.split(" | ")[0][2:] for line in letter.text.splitlines() if line.startswith("- ")]


def shown(*protocols: Protocol) -> list[str]:
    return [display_protocol(protocol) for protocol in protocols]
