"""A provider that is down for an hour: nothing is lost, nothing doubled, and each citizen hears in order."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring_messages, wiring_timers, workers
from chalicelib.adapters.timers_queue import SqsNotices, SqsQueue
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from chalicelib.services.followups import Followups
from chalicelib.services.notices import Notifying
from chalicelib.services.ports.delivery import Change
from tests.builders import OPENED_AT, a_catalogue, a_draft, brought_to
from tests.escalated import a_told_request, alerted
from tests.fake_fifo import FakeFifo
from tests.fake_timers import FakeLooks
from tests.notice_desk import WATCH, Post

CITIZENS, BATCH = 12, 5
OUTCOMES = ("registrada", "dada como resolvida", "sera atendida")
"""What a citizen's three requests come to, in that order."""
NOON = OPENED_AT + timedelta(days=1, hours=2)


@dataclasses.dataclass
class Line:
    """From decisions to providers, over a FIFO queue in memory."""

    post: Post
    fifo: FakeFifo
    notices: SqsNotices
    number: int = 0

    def decide(self, citizen: int, status: Status) -> ServiceRequest:
        """Open a request of a citizen, and bring it to a status."""
        self.number += 1
        opened = a_told_request(contact_points={"phone": f"+55519{80000000 + citizen}"})
        key = dataclasses.replace(opened.private["1.contact_keys"], value=f"key-of-citizen-{citizen}")
        mine = dataclasses.replace(
            opened,
            protocol=compose_protocol(OPENED_AT.date(), self.number),
            private={**opened.private, "1.contact_keys": key},
        )
        request = brought_to(mine, status, a_catalogue())
        self.post.store.add(request)
        return request

    def follow(self, request: ServiceRequest) -> None:
        """Let the newest decision be followed."""
        self.followups.follow([Change(before=request.version - 1, request=request)])

    @property
    def followups(self) -> Followups:
        return Followups(
            looks=FakeLooks(), notices=self.notices, catalogue=self.post.city, clock=self.post.clock
        )

    def run(self, **time: float) -> None:
        """Let the function work for some time, a batch after the other."""
        end = self.post.clock.now() + timedelta(**time)
        while self.post.clock.now() < end:
            while records := self.fifo.receive(BATCH):
                answer = workers.tell_people(records)
                self.fifo.settle(records, answer["batchItemFailures"])
            self.post.clock.advance(seconds=30)

    def told(self) -> dict[str, list[str]]:
        """Give what each address got, in order."""
        return texts_of(self.post.sms)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    post = Post()
    post.clock.time = NOON
    fifo = FakeFifo(post.clock, most_receives=workers.MOST_RECEIVES_OF_A_NOTICE)
    notices = SqsNotices(queue=SqsQueue(client=fifo, name="notices.fifo"))

    def notifying() -> Notifying:
        return dataclasses.replace(post.notifying, queue=notices)

    monkeypatch.setattr(wiring_messages, "notifying", notifying)
    monkeypatch.setattr(wiring_timers, "notices", lambda: notices)
    return Line(post, fifo, notices)


def follow_lives_of_all(line: Line) -> list[list[ServiceRequest]]:
    """Let every citizen's three requests be decided on, those of all citizens interleaved."""
    statuses = (Status.QUEUED, Status.RESOLVED, Status.REJECTED)
    lives = [[line.decide(citizen, status) for status in statuses] for citizen in range(CITIZENS)]
    for step in range(3):
        for life in lives:
            line.follow(life[step])
    return lives


@pytest.mark.parametrize("retry_after_seconds", [None, 1, 45, 3600], ids=str)
def test_after_an_outage_everybody_hears_everything_once_and_in_order(
    line: Line, retry_after_seconds: int | None
) -> None:
    line.post.sms.is_down, line.post.sms.retry_after_seconds = True, retry_after_seconds
    lives = follow_lives_of_all(line)

    line.run(hours=1)
    assert line.post.sms.sent == []
    assert line.post.sends.kept == {}
    line.post.sms.is_down = False
    line.run(hours=1)

    assert len(line.told()) == CITIZENS
    for life in lives:
        texts = line.told()[str(life[0].text(1, "reporter.phone"))]
        assert [next(word for word in OUTCOMES if word in text) for text in texts] == list(OUTCOMES)
    assert line.fifo.waiting == line.fifo.dead == []


def test_even_an_outage_of_six_hours_loses_nothing(line: Line) -> None:
    line.post.sms.is_down, line.post.sms.retry_after_seconds = True, 1
    follow_lives_of_all(line)

    line.run(hours=6)
    line.post.sms.is_down = False
    line.run(hours=1)

    assert [len(texts) for texts in line.told().values()] == [3] * CITIZENS
    assert line.fifo.dead == []


def test_who_cannot_be_told_keeps_nobody_else_waiting(line: Line) -> None:
    follow_lives_of_all(line)
    sms: Any = line.post.sms
    line.post.sms = Failing(f"+55519{80000000}", sms)  # type: ignore[assignment]

    line.run(minutes=30)

    assert {len(texts) for texts in texts_of(sms).values()} == {3}
    assert len(texts_of(sms)) == CITIZENS - 1
    assert {message.receives > 1 for message in line.fifo.waiting} == {True}


def test_an_emergency_is_not_held_up_by_a_message_to_its_reporter_that_fails(line: Line) -> None:
    emergency = alerted(a_told_request(draft=a_draft(urgency=Urgency.EMERGENCY)), "DMLU/on_call")
    line.post.store.add(emergency)
    reporters = str(emergency.text(1, "reporter.email"))
    email: Any = line.post.email
    line.post.email = Failing(reporters, email)  # type: ignore[assignment]

    line.followups.follow([Change(before=0, request=emergency)])
    line.run(minutes=1)

    assert [address for address, _ in line.post.sms.sent] == [WATCH.phone]
    assert [address for address, _ in email.sent] == [WATCH.email]
    assert len(line.fifo.waiting) == 1


@dataclasses.dataclass
class Failing:
    """A provider that is down for one address only."""

    address: str
    sender: Any

    def send(self, address: str, letter: Any) -> str:
        if address == self.address:
            raise RuntimeError
        provider_id: str = self.sender.send(address, letter)
        return provider_id


def texts_of(sender: Any) -> dict[str, list[str]]:
    found = defaultdict(list)
    for address, letter in sender.sent:
        found[address].append(letter.text)
    return found
