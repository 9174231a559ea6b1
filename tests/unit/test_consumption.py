from __future__ import annotations

import base64

import pytest

from chalicelib.domain import orders
from chalicelib.domain.access import Principal
from chalicelib.domain.errors import ActorNotAllowed, InvalidInput, NotFound, ReceiptExpired, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.transitions import Status
from chalicelib.services.consumption import Held, Outcome
from chalicelib.services.receipts import Receipt
from tests.delivery_desk import DMLU, OPERATOR, SMGOV, DeliveryDesk


def take(desk: DeliveryDesk, most: int = 10) -> list[Held]:
    return desk.consumption.receive("DMLU", DMLU, most=most, wait_seconds=0)


def receipts(held: list[Held]) -> list[str]:
    return [one.receipt for one in held]


def reasons(error: InvalidInput) -> list[tuple[str, str]]:
    return [(fault.path, fault.reason) for fault in error.faults]


def test_a_secretariat_receives_its_messages_as_they_were_sent() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    (held,) = take(desk)
    assert held.message == desk.queues.sent[0].event
    assert held.receive_count == 1


def test_an_acknowledged_message_does_not_come_again() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    (outcome,) = desk.consumption.acknowledge("DMLU", DMLU, receipts(take(desk)))
    desk.clock.advance(hours=1)
    assert (outcome.protocol, outcome.seq, outcome.outcome) == (request.protocol, 1, Outcome.DONE)
    assert take(desk) == []


def test_whoever_asks_for_messages_is_known_to_poll_also_when_none_wait() -> None:
    desk = DeliveryDesk()
    assert take(desk) == []
    assert desk.pollings.kept["DMLU"].polled_at == desk.clock.now()


def test_a_refused_call_is_no_poll() -> None:
    desk = DeliveryDesk()
    with pytest.raises(ActorNotAllowed):
        desk.consumption.receive("DMLU", SMGOV, most=10, wait_seconds=0)
    assert desk.pollings.kept == {}


def test_a_poll_that_cannot_be_noted_keeps_no_message_back() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    desk.pollings.is_down = True
    assert len(take(desk)) == 1


def test_a_message_that_is_not_acknowledged_comes_again() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    take(desk)
    desk.clock.advance(minutes=6)
    assert [one.receive_count for one in take(desk)] == [2]


def test_a_message_given_back_comes_again_after_the_delay_and_not_before() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    desk.consumption.give_back("DMLU", DMLU, receipts(take(desk)), delay_seconds=60)
    desk.clock.advance(seconds=59)
    assert take(desk) == []
    desk.clock.advance(seconds=1)
    assert len(take(desk)) == 1


def test_later_messages_of_a_request_wait_behind_one_that_was_given_back() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relays(desk.decides(request, orders.Accept()), request)
    desk.consumption.give_back("DMLU", DMLU, receipts(take(desk, most=1)), delay_seconds=60)
    assert take(desk) == []


def test_a_message_can_be_kept_longer() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    desk.consumption.extend("DMLU", DMLU, receipts(take(desk)), seconds=3_600)
    desk.clock.advance(minutes=59)
    assert take(desk) == []


def test_an_expired_receipt_is_refused() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    held = take(desk)
    desk.clock.advance(minutes=6)
    with pytest.raises(ReceiptExpired):
        desk.consumption.acknowledge("DMLU", DMLU, receipts(held))


def test_of_several_receipts_each_has_its_own_outcome() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    old = take(desk)
    desk.clock.advance(minutes=6)
    fresh = take(desk)
    outcomes = desk.consumption.acknowledge("DMLU", DMLU, receipts(old + fresh))
    assert [one.outcome for one in outcomes] == [Outcome.EXPIRED, Outcome.DONE]


def test_the_receipts_of_another_secretariat_are_refused() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    held = take(desk)
    with pytest.raises(ActorNotAllowed):
        desk.consumption.acknowledge("SMGOV", SMGOV, receipts(held))
    assert desk.queues.dead_letters("DMLU") == []
    assert desk.consumption.acknowledge("DMLU", DMLU, receipts(held))[0].outcome is Outcome.DONE


@pytest.mark.parametrize("stranger", [SMGOV, OPERATOR])
def test_only_its_own_focal_point_works_on_a_queue(stranger: Principal) -> None:
    with pytest.raises(ActorNotAllowed):
        DeliveryDesk().consumption.receive("DMLU", stranger, most=1, wait_seconds=0)


def test_a_secretariat_that_does_not_exist_is_not_found() -> None:
    nobody = Principal(name="x", scopes=frozenset({"focal:NONE"}))
    with pytest.raises(NotFound):
        DeliveryDesk().consumption.receive("NONE", nobody, most=1, wait_seconds=0)


def test_every_figure_out_of_range_is_named() -> None:
    with pytest.raises(InvalidInput) as refusal:
        DeliveryDesk().consumption.receive("DMLU", DMLU, most=11, wait_seconds=-1)
    assert reasons(refusal.value) == [("max", "out_of_range"), ("wait", "out_of_range")]


def test_every_text_that_is_no_receipt_is_named() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    good = receipts(take(desk))
    nested = base64.urlsafe_b64encode(b"[" * 40_000).decode()
    without_handle = Receipt(secretariat="DMLU", protocol=Protocol("1"), seq=1, handle="").token()
    bad = ["x", "é", "e30=", nested, without_handle]
    with pytest.raises(InvalidInput) as refusal:
        desk.consumption.give_back("DMLU", DMLU, [*good, *bad], delay_seconds=50_000)
    assert reasons(refusal.value) == [
        ("delay_seconds", "out_of_range"),
        *((f"receipts.{position}", "malformed") for position in range(1, 6)),
    ]


def test_no_receipts_and_too_many_are_refused() -> None:
    consumption = DeliveryDesk().consumption
    with pytest.raises(InvalidInput, match="receipts: required"):
        consumption.acknowledge("DMLU", DMLU, [])
    with pytest.raises(InvalidInput, match="receipts: too_many"):
        consumption.acknowledge("DMLU", DMLU, ["x"] * 11)


def test_holding_for_more_than_twelve_hours_in_all_is_refused_as_input() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    held = take(desk)
    desk.clock.advance(minutes=1)
    with pytest.raises(InvalidInput, match="seconds: out_of_range"):
        desk.consumption.extend("DMLU", DMLU, receipts(held), seconds=43_200)


def test_a_receipt_reads_back_what_was_written() -> None:
    receipt = Receipt(secretariat="DMLU", protocol=Protocol("2632700000019"), seq=3, handle="AQEB+/=ção")
    assert Receipt.parse(receipt.token()) == receipt


def test_acknowledging_leaves_the_request_as_it_is_where_the_switch_is_off() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.consumption.acknowledge("DMLU", DMLU, receipts(take(desk)))
    assert desk.requests.load(request.protocol).state.status is Status.QUEUED


def test_acknowledging_accepts_where_the_switch_is_on() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    request = desk.delivered()
    desk.consumption.acknowledge("DMLU", DMLU, receipts(take(desk)))
    accepted = desk.requests.load(request.protocol)
    assert accepted.state.status is Status.IN_PROGRESS
    assert accepted.timeline[-1].actor.name == "dmlu-system"


def test_acknowledging_twice_accepts_once() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    request = desk.delivered()
    held = take(desk)
    desk.consumption.acknowledge("DMLU", DMLU, receipts(held))
    with pytest.raises(ReceiptExpired):
        desk.consumption.acknowledge("DMLU", DMLU, receipts(held))
    assert desk.requests.load(request.protocol).version == 2


def test_acknowledging_what_was_accepted_by_hand_is_fine() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    request = desk.delivered()
    desk.decides(request, orders.Accept())
    (outcome,) = desk.consumption.acknowledge("DMLU", DMLU, receipts(take(desk)))
    assert outcome.outcome is Outcome.DONE


def test_acknowledging_a_withdrawal_accepts_nothing() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    request = desk.delivered()
    returned = desk.decides(request, orders.Return(reason="x", proposed="SMGOV"))
    desk.relays(returned, request)
    desk.consumption.acknowledge("DMLU", DMLU, receipts(take(desk)))
    assert desk.requests.load(request.protocol).version == 2


def test_the_receipt_of_an_old_message_does_not_accept_a_reopened_request() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    request = desk.delivered()
    held = take(desk, most=1)
    for order in (
        orders.Accept(),
        orders.Resolve(answer="Feito", photos=("x",)),
        orders.Reopen(reason="Não foi feito"),
    ):
        request = desk.decides(request, order)
    desk.consumption.acknowledge("DMLU", DMLU, receipts(held))
    assert desk.requests.load(request.protocol).state.status is Status.QUEUED


def test_an_acceptance_that_fails_leaves_the_message_in_the_queue() -> None:
    desk = DeliveryDesk()
    desk.let_ack_accept("DMLU")
    desk.delivered()
    held = take(desk)
    desk.requests.is_down = True
    with pytest.raises(Unavailable):
        desk.consumption.acknowledge("DMLU", DMLU, receipts(held))
    desk.requests.is_down = False
    assert desk.consumption.acknowledge("DMLU", DMLU, receipts(held))[0].outcome is Outcome.DONE
