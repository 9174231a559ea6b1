"""What logs of sends and deferred notices must do, on the fake, on moto and on ministack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.contacts import DynamoContactLog
from chalicelib.adapters.dynamo.deferred import DynamoDeferred
from chalicelib.adapters.dynamo.sends import DynamoSendLog
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.protocols import compose_protocol
from chalicelib.services.ports.notices import (
    Audience,
    DecisionNotice,
    Deferred,
    Receipt,
    Send,
    SendLog,
    SendStatus,
    SurveyNotice,
)
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeDeferred, FakeSendLog
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
PROTOCOL = compose_protocol(NOW.date(), 1)
LATER = NOW + timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one engine, and what breaks the calls of a real one."""

    sends: SendLog
    deferred: Deferred
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeSendLog(), FakeDeferred())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "contacts", "operations"):
        yield Stores(DynamoSendLog(), DynamoDeferred(), proxy)


def a_send(name: str = "2#citizen#sms", at: datetime = NOW) -> Send:
    return Send(subject=PROTOCOL, name=name, to="citizen", medium=Medium.SMS, at=at)


def sent(send: Send) -> Send:
    return dataclasses.replace(send, status=SendStatus.SENT, provider_id="provider-1")


def test_a_send_is_claimed_once(stores: Stores) -> None:
    claims = [
        stores.sends.claim(a_send()),
        stores.sends.claim(a_send()),
        stores.sends.claim(a_send(at=LATER)),
    ]

    assert claims == [True, False, False]
    assert stores.sends.of(PROTOCOL) == [a_send()]


def test_sends_about_a_subject_are_listed_by_name_and_are_no_followers(stores: Stores) -> None:
    for name in ("3#citizen#sms", "2#DMLU/head#email", "2#citizen#sms"):
        stores.sends.claim(a_send(name))

    names = [send.name for send in stores.sends.of(PROTOCOL)]

    assert names == ["2#DMLU/head#email", "2#citizen#sms", "3#citizen#sms"]
    assert stores.sends.of("digest#2026-11-24") == []


def test_what_became_of_a_send_is_kept(stores: Stores) -> None:
    stores.sends.claim(a_send())
    stores.sends.mark(sent(a_send()))
    stores.sends.mark(sent(a_send()))

    assert stores.sends.of(PROTOCOL) == [sent(a_send())]
    assert not stores.sends.claim(a_send(at=LATER))


def test_a_claim_given_back_may_be_taken_again(stores: Stores) -> None:
    stores.sends.claim(a_send())
    stores.sends.release(a_send())
    stores.sends.release(a_send())

    assert stores.sends.claim(a_send(at=LATER))
    assert stores.sends.of(PROTOCOL) == [a_send(at=LATER)]


def test_a_claim_of_another_is_neither_marked_nor_given_back(stores: Stores) -> None:
    stores.sends.claim(a_send(at=LATER))

    stores.sends.release(a_send())
    stores.sends.mark(sent(a_send()))

    assert stores.sends.of(PROTOCOL) == [a_send(at=LATER)]


def test_what_was_sent_is_not_given_back(stores: Stores) -> None:
    stores.sends.claim(a_send())
    stores.sends.mark(sent(a_send()))

    stores.sends.release(a_send())

    assert stores.sends.of(PROTOCOL) == [sent(a_send())]


def test_an_email_is_found_by_the_id_that_its_provider_gave_it(stores: Stores) -> None:
    mail = dataclasses.replace(
        a_send("2#citizen#email"), medium=Medium.EMAIL, kind=MessageKind.QUESTION, seq=2
    )
    stores.sends.claim(mail)
    stores.sends.mark(sent(mail))
    assert stores.sends.by_provider_id("provider-1") == sent(mail)

    delivered = dataclasses.replace(sent(mail), receipt=Receipt.DELIVERED, receipt_at=LATER)
    stores.sends.mark(delivered)

    assert stores.sends.by_provider_id("provider-1") == delivered
    assert stores.sends.of(PROTOCOL) == [delivered]
    assert stores.sends.by_provider_id("provider-2") is None


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_who_claims_is_told_so_even_if_the_first_answer_is_lost(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(Fault.LOST_ANSWER)

    assert stores.sends.claim(a_send())
    assert not stores.sends.claim(a_send())


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_of_many_who_claim_at_once_one_wins(stores: Stores) -> None:
    with ThreadPoolExecutor(6) as workers:
        claims = list(workers.map(lambda _: stores.sends.claim(a_send()), range(12)))

    assert sorted(claims) == [False] * 11 + [True]


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_sends_stand_beside_followers_without_being_any(stores: Stores) -> None:
    stores.sends.claim(a_send())

    assert DynamoContactLog().count_followers(PROTOCOL) == 0


def a_notice(seq: int = 2) -> DecisionNotice:
    return DecisionNotice(protocol=PROTOCOL, seq=seq, audience=Audience.CITIZEN, order="citizen-one")


def test_what_waited_for_the_morning_is_due_then_the_oldest_first(stores: Stores) -> None:
    morning = NOW + timedelta(hours=14)
    waits = [(morning, 3), (morning - timedelta(hours=1), 4), (morning + timedelta(microseconds=1), 5)]
    for not_before, seq in waits:
        stores.deferred.put(a_notice(seq), not_before)

    assert stores.deferred.due(NOW, limit=10) == []
    assert stores.deferred.due(morning, limit=10) == [
        (morning - timedelta(hours=1), a_notice(4)),
        (morning, a_notice(3)),
    ]
    assert len(stores.deferred.due(morning, limit=1)) == 1


def test_a_deferred_notice_is_there_once_until_it_is_removed(stores: Stores) -> None:
    for _ in range(2):
        stores.deferred.put(a_notice(), NOW)
    assert stores.deferred.due(NOW, limit=10) == [(NOW, a_notice())]

    stores.deferred.remove(a_notice(), NOW)
    stores.deferred.remove(a_notice(), NOW)

    assert stores.deferred.due(LATER, limit=10) == []


def test_notices_of_one_decision_wait_side_by_side_and_keep_their_order(stores: Stores) -> None:
    follower = DecisionNotice(
        protocol=PROTOCOL, seq=2, audience=Audience.FOLLOWER, follower="f" * 32, order="citizen-two"
    )
    survey = SurveyNotice(protocol=PROTOCOL, generation=1, order="citizen-one")
    for notice in (a_notice(10), follower, survey, a_notice(2)):
        stores.deferred.put(notice, NOW)

    due = [notice for _, notice in stores.deferred.due(NOW, limit=10)]

    assert [notice.seq for notice in due if isinstance(notice, DecisionNotice)] == [2, 2, 10]
    assert {(type(notice), notice.order) for notice in due} == {
        (DecisionNotice, "citizen-one"),
        (DecisionNotice, "citizen-two"),
        (SurveyNotice, "citizen-one"),
    }
    assert {notice.waited_until for notice in due} == {NOW}
    for notice in due:
        stores.deferred.remove(notice, NOW)
    assert stores.deferred.due(NOW, limit=10) == []


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        stores.sends.claim(a_send())
