from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import Unavailable
from chalicelib.services.delivery import UNREADABLE
from chalicelib.services.dispatch import QUEUE_MISSING, REFUSED, TOO_LARGE
from chalicelib.services.ports.delivery import Delivery
from tests.builders import PERSON_KEY, PHOTO, a_draft, a_request
from tests.delivery_desk import DeliveryDesk
from tests.fakes import FakeDeliveries, FakeQueues
from tests.stream_records import record_of, removal_of

RETURN = orders.Return(reason="Não é conosco", proposed="SMGOV")


def seqs(messages: Sequence[Message]) -> list[tuple[str, int]]:
    return [(message.secretariat, message.seq) for message in messages]


def test_an_opened_request_reaches_the_queue_of_its_secretariat() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    assert desk.drain("DMLU") == [(request.protocol, 1)]


def test_a_record_relayed_twice_sends_the_same_message_once() -> None:
    desk = DeliveryDesk()
    record = record_of(desk.opens())
    desk.relay.relay([record])
    desk.relay.relay([record])
    assert len(desk.queues.sent) == 1


def test_a_record_relayed_an_hour_later_sends_the_very_same_message() -> None:
    desk = DeliveryDesk()
    record = record_of(desk.opens())
    desk.relay.relay([record])
    desk.clock.advance(hours=1)
    desk.relay.relay([record])
    first, second = desk.queues.sent
    assert first == second


def test_decisions_of_one_batch_arrive_in_order_per_protocol() -> None:
    desk = DeliveryDesk()
    one, other = desk.opens(), desk.opens()
    accepted = desk.decides(one, orders.Accept())
    numbered = desk.decides(accepted, orders.SetExternalNumber(number="SEI 1"))
    desk.relay.relay(
        [record_of(one), record_of(other), record_of(accepted, one), record_of(numbered, accepted)]
    )
    arrived = desk.drain("DMLU")
    assert [seq for protocol, seq in arrived if protocol == one.protocol] == [1, 2, 3]
    assert (other.protocol, 1) in arrived


def test_a_record_that_carries_several_decisions_tells_each() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    numbered = desk.decides(desk.decides(request, orders.Accept()), orders.SetExternalNumber(number="1"))
    desk.relays(numbered, request)
    assert seqs(desk.queues.sent) == [("DMLU", 2), ("DMLU", 3)]


def test_a_return_is_told_to_the_new_holder_and_withdrawn_from_the_old() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relays(desk.decides(request, RETURN), request)
    assert seqs(desk.queues.sent[1:]) == [("DMLU", 2), ("SMGOV", 2)]
    assert desk.queues.sent[1].event["type"] == "central156.request.withdrawn.v1"


def test_a_removed_item_and_a_write_without_decision_send_nothing() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    relayed = desk.relay.relay([removal_of(request), record_of(request, request)])
    assert (relayed.messages, relayed.parked) == (0, ())


def test_the_reporter_is_projected_when_his_request_opens() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    assert desk.people.person_keys_seen_with(PERSON_KEY) == {PERSON_KEY}


def test_what_was_sent_stands_in_the_change_feed() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    assert {(d.secretariat, d.protocol, d.seq) for d in desk.log.lines} == {("DMLU", request.protocol, 1)}


def test_a_queue_that_does_not_answer_raises_for_a_retry_after_the_others_are_served() -> None:
    desk = DeliveryDesk()
    stuck, moved = desk.opens(), desk.opens()
    returned = desk.decides(moved, orders.Return(reason="x", proposed="SMGOV"))
    desk.queues.down.add("DMLU")
    elsewhere = a_request(draft=a_draft("noise"))
    desk.requests.add(elsewhere)
    with pytest.raises(Unavailable):
        desk.relay.relay([record_of(stuck), record_of(elsewhere), record_of(returned, moved)])
    assert [(m.secretariat, m.protocol) for m in desk.queues.sent] == [
        ("SMGOV", elsewhere.protocol),
        ("SMGOV", returned.protocol),
    ]
    assert desk.log.parkings == {}


def test_no_later_decision_is_sent_while_an_earlier_one_failed() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    accepted = desk.decides(request, orders.Accept())
    queues = FailsOnce(desk.clock, ("DMLU", "SMGOV"))
    desk.queues = queues
    with pytest.raises(Unavailable):
        desk.relay.relay([record_of(request), record_of(accepted, request)])
    assert queues.sent == []
    desk.relay.relay([record_of(request), record_of(accepted, request)])
    assert seqs(queues.sent) == [("DMLU", 1), ("DMLU", 2)]


class FailsOnce(FakeQueues):
    """Queues whose first call is not answered."""

    failed = False

    def send(self, secretariat: str, messages: Sequence[Message]) -> None:
        if not self.failed:
            self.failed = True
            raise Unavailable
        super().send(secretariat, messages)


def test_a_feed_that_cannot_be_written_raises_for_a_retry() -> None:
    desk = DeliveryDesk()
    desk.log = NotesNothing()
    with pytest.raises(Unavailable):
        desk.relays(desk.opens())


class NotesNothing(FakeDeliveries):
    """A log whose feed does not answer."""

    def note(self, deliveries: Sequence[Delivery]) -> None:
        raise Unavailable


def test_a_request_without_queue_is_parked_and_the_others_go_on() -> None:
    desk = DeliveryDesk()
    desk.queues = FakeQueues(desk.clock, ("SMGOV",))
    lost, fine = desk.opens(), a_request(draft=a_draft("noise"))
    relayed = desk.relay.relay([record_of(lost), record_of(fine)])
    assert [(p.protocol, p.first_seq, p.reason) for p in relayed.parked] == [
        (lost.protocol, 1, QUEUE_MISSING)
    ]
    assert desk.drain("SMGOV") == [(fine.protocol, 1)]


def test_a_former_holder_without_a_queue_keeps_nothing_from_the_present_one() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.queues = FakeQueues(desk.clock, ("SMGOV",))
    relayed = desk.relays(desk.decides(request, RETURN), request)
    assert relayed.parked == ()
    assert desk.drain("SMGOV") == [(request.protocol, 2)]


def test_a_message_that_the_queue_refuses_parks_its_request() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    desk.queues.refuses.add(request.protocol)
    assert [p.reason for p in desk.relays(request).parked] == [REFUSED]


def test_a_message_too_large_for_any_queue_parks_its_request() -> None:
    desk = DeliveryDesk()
    huge = a_request(draft=a_draft(description="x" * 250_000))
    fine = desk.opens()
    relayed = desk.relay.relay([record_of(huge), record_of(fine)])
    assert [(p.protocol, p.reason) for p in relayed.parked] == [(huge.protocol, TOO_LARGE)]
    assert desk.drain("DMLU") == [(fine.protocol, 1)]


def test_a_record_that_cannot_be_decoded_parks_its_request_and_holds_nothing_up() -> None:
    desk = DeliveryDesk()
    broken, fine = desk.opens(), desk.opens()
    record = record_of(broken)
    record["dynamodb"]["NewImage"]["document"] = {"B": "b2YgYW5vdGhlciByZWxlYXNl"}
    relayed = desk.relay.relay([record, record_of(fine)])
    assert [(p.protocol, p.first_seq, p.reason) for p in relayed.parked] == [(broken.protocol, 1, UNREADABLE)]
    assert desk.drain("DMLU") == [(fine.protocol, 1)]


def test_photos_that_a_decision_quotes_are_kept_and_no_others() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    accepted = desk.decides(request, orders.Accept())
    desk.relay.relay([record_of(request), record_of(accepted, request)])
    assert desk.media.kept == set()
    resolved = desk.decides(accepted, orders.Resolve(answer="Feito", photos=(PHOTO,)))
    desk.relay.relay([record_of(resolved, accepted)])
    assert desk.media.kept == {PHOTO}


def test_relaying_since_a_moment_sends_the_decisions_taken_after_it() -> None:
    desk = DeliveryDesk()
    old = desk.opens()
    recent = desk.decides(old, orders.Accept())
    untouched = desk.opens()
    sent = desk.relay.relay_since(old.updated_at + timedelta(minutes=30), [recent, untouched])
    assert sent == 1
    assert seqs(desk.queues.sent) == [("DMLU", 2)]


def test_relaying_since_a_moment_reaches_back_for_decisions_still_being_written_then() -> None:
    desk = DeliveryDesk()
    request = desk.opens()
    assert desk.relay.relay_since(request.updated_at + timedelta(seconds=30), [request]) == 1


def test_relaying_again_sends_the_same_messages_as_the_stream_did() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relay.relay_since(request.updated_at, [request])
    desk.clock.advance(minutes=6)
    desk.relay.relay_since(request.updated_at, [request])
    first, again = desk.queues.sent
    assert dataclasses.asdict(first) == dataclasses.asdict(again)
