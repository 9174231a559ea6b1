from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.dead_letters import next_resend
from chalicelib.services.ports.delivery import FEED_KEPT_FOR, DeadLetter
from tests.delivery_desk import OPERATOR, DeliveryDesk
from tests.fakes import NOW

SINCE, UNTIL = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def a_dead_letter(desk: DeliveryDesk) -> tuple[ServiceRequest, DeadLetter]:
    request = desk.delivered()
    desk.let_it_die("DMLU")
    letters = desk.dead_letters.show("DMLU").letters
    return request, next(one for one in letters if one.protocol == request.protocol)


def test_a_message_that_is_never_acknowledged_becomes_a_dead_letter_shown_without_its_text() -> None:
    desk = DeliveryDesk()
    request, letter = a_dead_letter(desk)
    assert (letter.protocol, letter.seq) == (request.protocol, 1)
    assert letter.receive_count == 10
    assert "Entulho" not in repr(desk.dead_letters.show("DMLU"))


def test_a_redriven_dead_letter_is_derived_again_and_leaves_the_dead() -> None:
    desk = DeliveryDesk()
    request, letter = a_dead_letter(desk)
    desk.dead_letters.redrive("DMLU", letter.message_id, OPERATOR)
    assert desk.queues.sent[-1].deduplication_id == f"{request.protocol}#1#r1"
    assert desk.queues.sent[-1].event == desk.queues.sent[0].event
    assert desk.drain("DMLU") == [(request.protocol, 1)]
    assert desk.dead_letters.show("DMLU").letters == ()


def test_a_letter_that_dies_again_is_redriven_under_another_name() -> None:
    desk = DeliveryDesk()
    _, letter = a_dead_letter(desk)
    desk.dead_letters.redrive("DMLU", letter.message_id, OPERATOR)
    desk.let_it_die("DMLU")
    (again,) = desk.dead_letters.show("DMLU").letters
    desk.dead_letters.redrive("DMLU", again.message_id, OPERATOR)
    assert desk.queues.sent[-1].resend == "r2"


@pytest.mark.parametrize(("before", "after"), [(None, "r1"), ("r1", "r2"), ("r9", "r10"), ("p17", "r1")])
def test_every_death_names_the_next_redrive(before: str | None, after: str) -> None:
    assert next_resend(before) == after


def test_all_dead_letters_are_redriven_in_order_per_protocol() -> None:
    desk = DeliveryDesk()
    request = desk.delivered()
    desk.relays(desk.decides(request, orders.Accept()), request)
    for _ in range(2):
        desk.let_it_die("DMLU")
    assert desk.dead_letters.redrive_all("DMLU", OPERATOR) == 2
    assert desk.drain("DMLU") == [(request.protocol, 1), (request.protocol, 2)]


def test_a_redrive_that_the_queue_refuses_leaves_the_letter_where_it_is() -> None:
    desk = DeliveryDesk()
    request, _ = a_dead_letter(desk)
    desk.queues.refuses.add(request.protocol)
    assert desk.dead_letters.redrive_all("DMLU", OPERATOR) == 0
    assert len(desk.dead_letters.show("DMLU").letters) == 1


def test_a_dead_letter_of_a_request_that_is_gone_stays_for_an_operator() -> None:
    desk = DeliveryDesk()
    request, letter = a_dead_letter(desk)
    del desk.requests.items[request.protocol]
    with pytest.raises(NotFound):
        desk.dead_letters.redrive("DMLU", letter.message_id, OPERATOR)
    assert len(desk.dead_letters.show("DMLU").letters) == 1


def test_a_quarantined_letter_is_left_out_when_all_are_redriven() -> None:
    desk = DeliveryDesk()
    _, letter = a_dead_letter(desk)
    desk.dead_letters.quarantine("DMLU", letter.message_id, OPERATOR)
    assert desk.dead_letters.redrive_all("DMLU", OPERATOR) == 0
    (aside,) = desk.dead_letters.show("DMLU").quarantined
    assert (aside.letter, aside.by) == (letter, "ana")


def test_a_quarantined_letter_can_be_redriven_by_name() -> None:
    desk = DeliveryDesk()
    request, letter = a_dead_letter(desk)
    assert desk.dead_letters.quarantine_all("DMLU", OPERATOR) == 1
    desk.dead_letters.redrive("DMLU", letter.message_id, OPERATOR)
    assert desk.drain("DMLU") == [(request.protocol, 1)]
    assert desk.dead_letters.show("DMLU").quarantined == ()


def test_an_unknown_letter_is_not_found() -> None:
    desk = DeliveryDesk()
    with pytest.raises(NotFound):
        desk.dead_letters.redrive("DMLU", "m0", OPERATOR)
    with pytest.raises(NotFound):
        desk.dead_letters.quarantine("DMLU", "m0", OPERATOR)
    with pytest.raises(NotFound):
        desk.dead_letters.show("NONE")


def test_every_intervention_is_recorded_with_whoever_ordered_it() -> None:
    desk = DeliveryDesk()
    request, letter = a_dead_letter(desk)
    desk.dead_letters.quarantine("DMLU", letter.message_id, OPERATOR)
    desk.dead_letters.redrive("DMLU", letter.message_id, OPERATOR)
    assert [(one.by, one.action, one.subject) for one in desk.audit.interventions] == [
        ("ana", "dead_letter_quarantined", "DMLU"),
        ("ana", "dead_letter_redriven", "DMLU"),
    ]
    assert desk.audit.interventions[0].facts == {"messages": [f"{request.protocol}#1"]}


def test_a_replay_sends_what_was_sent_in_a_period_and_no_more() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    desk.clock.advance(hours=1)
    wanted = desk.delivered()
    desk.clock.advance(hours=1)
    desk.delivered()
    desk.drain("DMLU")
    replayed = desk.replay.replay(
        "DMLU", OPERATOR, since=NOW + timedelta(minutes=30), until=NOW + timedelta(minutes=90)
    )
    assert (replayed.messages, replayed.next) == (1, None)
    assert desk.drain("DMLU") == [(wanted.protocol, 1)]


def test_a_replay_goes_on_page_by_page_under_one_name() -> None:
    desk = DeliveryDesk()
    for _ in range(120):
        desk.delivered()
    first = desk.replay.replay("DMLU", OPERATOR, since=SINCE, until=UNTIL)
    desk.clock.advance(minutes=1)
    rest = desk.replay.replay("DMLU", OPERATOR, since=SINCE, until=UNTIL, cursor=first.next)
    assert (first.messages, rest.messages, rest.next) == (100, 20, None)
    assert len({message.resend for message in desk.queues.sent[120:]}) == 1


def test_a_page_of_a_replay_repeated_at_once_sends_nothing_twice() -> None:
    desk = DeliveryDesk()
    desk.delivered()
    desk.replay.replay("DMLU", OPERATOR, since=SINCE, until=UNTIL)
    desk.replay.replay("DMLU", OPERATOR, since=SINCE, until=UNTIL)
    assert len(desk.queues.sent) == 2


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match="until: out_of_range"):
        DeliveryDesk().replay.replay("DMLU", OPERATOR, since=NOW, until=NOW - timedelta(hours=1))


def test_a_period_that_the_feed_no_longer_reaches_is_refused_rather_than_half_sent() -> None:
    too_old = NOW - FEED_KEPT_FOR - timedelta(days=1)
    with pytest.raises(InvalidInput, match="since: out_of_range"):
        DeliveryDesk().replay.replay("DMLU", OPERATOR, since=too_old, until=NOW)


def test_a_period_without_time_zone_is_refused() -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(InvalidInput, match="since: time_zone_missing"):
        DeliveryDesk().replay.replay("DMLU", OPERATOR, since=naive, until=NOW)
