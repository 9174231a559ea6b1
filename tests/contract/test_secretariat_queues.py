"""What every set of secretariats' queues must do, on the fake, on moto and on ministack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import boto3
import pytest

from chalicelib.adapters.queues import SqsSecretariatQueues
from chalicelib.domain import orders
from chalicelib.domain.envelopes import Message, messages_between
from chalicelib.domain.errors import QueueMissing, ReceiptExpired
from chalicelib.services.ports.delivery import SecretariatQueues
from tests.builders import a_catalogue, a_request, ordered
from tests.contract.stores import ON_MINISTACK
from tests.engines import REGION
from tests.fakes import FakeClock, FakeQueues

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
BASE = "https://156.example"
FIFO = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}


def name(code: str) -> str:
    return f"contract-secretariat-{code.lower()}.fifo"


def dead_name(code: str) -> str:
    return f"contract-secretariat-{code.lower()}-dlq.fifo"


@pytest.fixture(params=["fake", *REAL_ENGINES])
def queues(request: pytest.FixtureRequest) -> Iterator[SecretariatQueues]:
    """Give DMLU its queues as they are deployed, but with two receives until death."""
    if request.param == "fake":
        yield FakeQueues(FakeClock(), ("DMLU",))
        return
    url = request.getfixturevalue(request.param).engine_url
    client = boto3.Session("test", "test").client("sqs", region_name=REGION, endpoint_url=url)
    dead = client.create_queue(QueueName=dead_name("DMLU"), Attributes=FIFO)["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    alive = client.create_queue(QueueName=name("DMLU"), Attributes={**FIFO, "RedrivePolicy": policy})[
        "QueueUrl"
    ]
    yield SqsSecretariatQueues(
        client=client, poller=client, queue_name=name, dead_letter_name=dead_name, peek_wait_seconds=0
    )
    for address in (alive, dead):
        client.delete_queue(QueueUrl=address)
    client.close()


def messages(decisions: int = 1) -> list[Message]:
    request = a_request()
    for _ in range(decisions - 1):
        request = ordered(request, orders.Reiterate())
    return messages_between(0, request, a_catalogue(), BASE)


def take(queues: SecretariatQueues) -> list[tuple[str, int]]:
    """Receive and acknowledge everything."""
    seen: list[tuple[str, int]] = []
    while received := queues.receive("DMLU", most=10, wait_seconds=0):
        for one in received:
            seen.append((one.message["subject"], one.message["data"]["seq"]))
            queues.ack("DMLU", one.receipt)
    return seen


def test_messages_arrive_as_they_were_sent_and_in_order(queues: SecretariatQueues) -> None:
    sent = messages(3)
    queues.send("DMLU", sent)
    assert take(queues) == [(sent[0].protocol, 1), (sent[0].protocol, 2), (sent[0].protocol, 3)]


def test_the_body_of_a_received_message_is_the_event(queues: SecretariatQueues) -> None:
    sent = messages()
    queues.send("DMLU", sent)
    assert queues.receive("DMLU", most=1, wait_seconds=0)[0].message == json.loads(sent[0].body)


def test_more_messages_than_a_batch_takes_are_all_sent(queues: SecretariatQueues) -> None:
    sent = [message for _ in range(25) for message in messages()]
    queues.send("DMLU", sent)
    assert sorted(take(queues)) == sorted((message.protocol, 1) for message in sent)


def test_a_message_sent_twice_arrives_once_and_a_resend_arrives(queues: SecretariatQueues) -> None:
    (message,) = messages()
    queues.send("DMLU", [message])
    queues.send("DMLU", [message, replace(message, resend="r1")])
    assert len(take(queues)) == 2


def test_a_secretariat_without_queue_is_told_apart(queues: SecretariatQueues) -> None:
    assert queues.exists("DMLU")
    assert not queues.exists("SMGOV")
    with pytest.raises(QueueMissing):
        queues.send("SMGOV", messages())


def test_a_message_given_back_at_once_is_received_again(queues: SecretariatQueues) -> None:
    queues.send("DMLU", messages())
    queues.hold("DMLU", queues.receive("DMLU", most=1, wait_seconds=0)[0].receipt, 0)
    assert queues.receive("DMLU", most=1, wait_seconds=0)[0].receive_count == 2


@pytest.mark.parametrize("act", [
    lambda queues: queues.ack("DMLU", "none"),
    lambda queues: queues.hold("DMLU", "none", 5),
])  # fmt: skip
def test_a_receipt_that_never_was_has_expired(
    queues: SecretariatQueues, act: Callable[[SecretariatQueues], None]
) -> None:
    with pytest.raises(ReceiptExpired):
        act(queues)


def kill(queues: SecretariatQueues) -> None:
    while received := queues.receive("DMLU", most=10, wait_seconds=0):
        for one in received:
            queues.hold("DMLU", one.receipt, 0)


def test_dead_letters_are_shown_in_order_and_stay(queues: SecretariatQueues) -> None:
    sent = [m for _ in range(12) for m in messages()]
    queues.send("DMLU", [replace(m, resend="r1") for m in sent])
    kill(queues)
    letters = queues.dead_letters("DMLU")
    assert [letter.protocol for letter in letters] == sorted(message.protocol for message in sent)
    assert {letter.resend for letter in letters} == {"r1"}
    assert len(queues.dead_letters("DMLU", most=5)) == 5
    assert len(queues.dead_letters("DMLU")) == 12


def test_dead_letters_are_removed_by_name(queues: SecretariatQueues) -> None:
    queues.send("DMLU", [m for _ in range(3) for m in messages()])
    kill(queues)
    first, *_ = queues.dead_letters("DMLU")
    assert queues.remove_dead_letters("DMLU", [first.message_id, "unknown"]) == {first.message_id}
    assert len(queues.dead_letters("DMLU")) == 2
    assert queues.remove_dead_letters("DMLU", []) == frozenset()
