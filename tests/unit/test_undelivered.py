from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import NotFound
from chalicelib.domain.protocols import Protocol
from chalicelib.services.dispatch import QUEUE_MISSING
from chalicelib.services.ports.delivery import Parked
from tests.delivery_desk import OPERATOR, DeliveryDesk
from tests.fakes import FakeDeliveries, FakeQueues
from tests.stream_records import record_of


def a_parked_request(desk: DeliveryDesk) -> Protocol:
    """Open a request whose secretariat has no queue yet, accept it, and give the queue."""
    queues, desk.queues = desk.queues, FakeQueues(desk.clock)
    request = desk.opens()
    accepted = desk.decides(request, orders.Accept())
    desk.relay.relay([record_of(request), record_of(accepted, request)])
    desk.queues = queues
    return request.protocol


def test_later_decisions_of_a_parked_request_wait_behind_it() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    accepted = desk.requests.load(protocol)
    relayed = desk.relays(desk.decides(accepted, orders.SetExternalNumber(number="1")), accepted)
    assert [(p.first_seq, p.last_seq) for p in relayed.parked] == [(1, 3)]
    assert desk.queues.sent == []


def test_a_redrive_sends_everything_parked_in_order() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    assert desk.undelivered.redrive(protocol, OPERATOR) is None
    assert desk.drain("DMLU") == [(protocol, 1), (protocol, 2)]
    assert desk.undelivered.show() == []


def test_a_redrive_is_recorded_with_whoever_asked_for_it() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    desk.undelivered.redrive(protocol, OPERATOR)
    entry = desk.audit.interventions[0]
    assert (entry.by, entry.action, entry.subject) == ("ana", "undelivered_redriven", protocol)


def test_a_redrive_while_the_queue_is_still_missing_leaves_the_request_parked() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    desk.queues = FakeQueues(desk.clock)
    waiting = desk.undelivered.redrive(protocol, OPERATOR)
    assert waiting is not None
    assert (waiting.first_seq, waiting.reason) == (1, QUEUE_MISSING)


def test_a_redrive_of_what_is_not_parked_is_not_found() -> None:
    desk = DeliveryDesk()
    with pytest.raises(NotFound):
        desk.undelivered.redrive(desk.opens().protocol, OPERATOR)


def test_a_decision_taken_during_a_redrive_arrives_after_what_was_parked() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    accepted = desk.requests.load(protocol)
    log = Interrupted(lines=desk.log.lines, parkings=desk.log.parkings)
    log.before_unparking = lambda: desk.relays(
        desk.decides(accepted, orders.SetExternalNumber(number="1")), accepted
    )
    desk.log = log
    assert desk.undelivered.redrive(protocol, OPERATOR) is None
    arrived = desk.drain("DMLU")
    assert [seq for _, seq in arrived] == [1, 2, 3]
    assert desk.log.parkings == {}


class Interrupted(FakeDeliveries):
    """A log that lets something happen right before the first unparking."""

    before_unparking: Callable[[], object] | None = None

    def unpark(self, parked: Parked) -> bool:
        happens, self.before_unparking = self.before_unparking, None
        if happens:
            happens()
        return super().unpark(parked)


def test_a_decision_that_finds_its_request_just_redriven_is_not_left_behind() -> None:
    desk = DeliveryDesk()
    protocol = a_parked_request(desk)
    accepted = desk.requests.load(protocol)
    numbered = desk.decides(accepted, orders.SetExternalNumber(number="1"))
    log = ReadThenFreed(lines=desk.log.lines, parkings=desk.log.parkings)
    log.after_reading = lambda: desk.undelivered.redrive(protocol, OPERATOR)
    desk.log = log
    relayed = desk.relays(numbered, accepted)
    assert [seq for _, seq in desk.drain("DMLU")] == [1, 2, 3]
    assert relayed.parked == ()


class ReadThenFreed(FakeDeliveries):
    """A log in which something happens right after the first reading of what is parked."""

    after_reading: Callable[[], object] | None = None

    def parked(self) -> Mapping[Protocol, Parked]:
        found = super().parked()
        happens, self.after_reading = self.after_reading, None
        if happens:
            happens()
        return found


def test_a_retried_batch_of_a_parked_request_keeps_the_first_reason() -> None:
    desk = DeliveryDesk()
    desk.queues = FakeQueues(desk.clock)
    record = record_of(desk.opens())
    desk.relay.relay([record])
    relayed = desk.relay.relay([record])
    assert [p.reason for p in relayed.parked] == [QUEUE_MISSING]
