"""Work on SQS FIFO queues through the adapter, against moto, and on answers that only AWS gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.queues import SqsSecretariatQueues
from chalicelib.domain import orders
from chalicelib.domain.envelopes import Message, messages_between
from chalicelib.domain.errors import QueueMissing, ReceiptExpired, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports import HoldTooLong, MessagesRefused
from tests.builders import a_catalogue, a_request, ordered

BASE = "https://156.example"
PROTOCOL = Protocol("2632700000019")


def name(code: str) -> str:
    return f"test-secretariat-{code.lower()}.fifo"


def dead_name(code: str) -> str:
    return f"test-secretariat-{code.lower()}-dlq.fifo"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("sqs", region_name="sa-east-1")


@pytest.fixture
def queues(sqs: Any) -> SqsSecretariatQueues:
    """Create DMLU's queues as they are deployed, but with two receives until death."""
    fifo = {
        "FifoQueue": "true",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }
    dead = sqs.create_queue(QueueName=dead_name("DMLU"), Attributes=fifo)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.create_queue(QueueName=name("DMLU"), Attributes={**fifo, "RedrivePolicy": policy})
    return over(sqs)


def over(client: Any) -> SqsSecretariatQueues:
    return SqsSecretariatQueues(
        client=client, poller=client, queue_name=name, dead_letter_name=dead_name, peek_wait_seconds=0
    )


def messages(decisions: int = 1) -> list[Message]:
    request = a_request()
    for _ in range(decisions - 1):
        request = ordered(request, orders.Reiterate())
    return messages_between(0, request, a_catalogue(), BASE)


def take(queues: SqsSecretariatQueues) -> list[tuple[str, int]]:
    """Receive and acknowledge everything."""
    seen: list[tuple[str, int]] = []
    while received := queues.receive("DMLU", most=10, wait_seconds=0):
        for one in received:
            seen.append((one.message["subject"], one.message["data"]["seq"]))
            queues.ack("DMLU", one.receipt)
    return seen


def test_messages_arrive_as_they_were_sent_and_in_order(queues: SqsSecretariatQueues) -> None:
    sent = messages(3)
    queues.send("DMLU", sent)
    assert take(queues) == [(sent[0].protocol, 1), (sent[0].protocol, 2), (sent[0].protocol, 3)]


def test_the_body_of_a_received_message_is_the_event(queues: SqsSecretariatQueues) -> None:
    sent = messages()
    queues.send("DMLU", sent)
    assert queues.receive("DMLU", most=1, wait_seconds=0)[0].message == json.loads(sent[0].body)


def test_more_messages_than_a_batch_takes_are_all_sent(queues: SqsSecretariatQueues) -> None:
    sent = [message for _ in range(25) for message in messages()]
    queues.send("DMLU", sent)
    assert sorted(take(queues)) == sorted((message.protocol, 1) for message in sent)


def test_a_message_sent_twice_arrives_once_and_a_resend_arrives(queues: SqsSecretariatQueues) -> None:
    (message,) = messages()
    queues.send("DMLU", [message])
    queues.send("DMLU", [message, replace(message, resend="r1")])
    assert len(take(queues)) == 2


def test_a_secretariat_without_queue_is_told_apart(queues: SqsSecretariatQueues) -> None:
    assert queues.exists("DMLU")
    assert not queues.exists("SMGOV")
    with pytest.raises(QueueMissing):
        queues.send("SMGOV", messages())


def test_a_message_given_back_at_once_is_received_again(queues: SqsSecretariatQueues) -> None:
    queues.send("DMLU", messages())
    queues.hold("DMLU", queues.receive("DMLU", most=1, wait_seconds=0)[0].receipt, 0)
    assert queues.receive("DMLU", most=1, wait_seconds=0)[0].receive_count == 2


def test_a_receipt_that_never_was_has_expired(queues: SqsSecretariatQueues) -> None:
    for act in (lambda: queues.ack("DMLU", "none"), lambda: queues.hold("DMLU", "none", 5)):
        with pytest.raises(ReceiptExpired):
            act()


def kill(queues: SqsSecretariatQueues) -> None:
    while received := queues.receive("DMLU", most=10, wait_seconds=0):
        for one in received:
            queues.hold("DMLU", one.receipt, 0)


def test_dead_letters_are_shown_in_order_and_stay(queues: SqsSecretariatQueues) -> None:
    sent = [m for _ in range(12) for m in messages()]
    queues.send("DMLU", [replace(m, resend="r1") for m in sent])
    kill(queues)
    letters = queues.dead_letters("DMLU")
    assert [letter.protocol for letter in letters] == sorted(message.protocol for message in sent)
    assert {letter.resend for letter in letters} == {"r1"}
    assert len(queues.dead_letters("DMLU", most=5)) == 5
    assert len(queues.dead_letters("DMLU")) == 12


def test_dead_letters_are_removed_by_name(queues: SqsSecretariatQueues) -> None:
    queues.send("DMLU", [m for _ in range(3) for m in messages()])
    kill(queues)
    first, *_ = queues.dead_letters("DMLU")
    assert queues.remove_dead_letters("DMLU", [first.message_id, "unknown"]) == {first.message_id}
    assert len(queues.dead_letters("DMLU")) == 2
    assert queues.remove_dead_letters("DMLU", []) == frozenset()


@pytest.fixture
def stubbed() -> Iterator[tuple[SqsSecretariatQueues, Stubber]]:
    """Give an adapter whose SQS answers what a test says."""
    client = boto3.client(
        "sqs", region_name="sa-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    with Stubber(client) as stubber:
        stubber.add_response("get_queue_url", {"QueueUrl": "https://sqs/q"})
        yield over(client), stubber


def test_no_later_message_is_sent_when_an_earlier_one_failed(
    stubbed: tuple[SqsSecretariatQueues, Stubber],
) -> None:
    queues, stubber = stubbed
    failed = [{"Id": "0", "SenderFault": False, "Code": "InternalError"}]
    stubber.add_response("send_message_batch", {"Failed": failed, "Successful": []})
    with pytest.raises(Unavailable):
        queues.send("DMLU", messages(2))
    stubber.assert_no_pending_responses()


def test_what_the_queue_refuses_for_good_stops_its_own_protocol_only(
    stubbed: tuple[SqsSecretariatQueues, Stubber],
) -> None:
    queues, stubber = stubbed
    bad, good = messages(2), messages(2)
    failed = [{"Id": "0", "SenderFault": True, "Code": "InvalidMessageContents"}]
    stubber.add_response("send_message_batch", {"Failed": failed, "Successful": []})
    stubber.add_response("send_message_batch", {"Failed": [], "Successful": []})
    with pytest.raises(MessagesRefused) as refusal:
        queues.send("DMLU", [bad[0], good[0], bad[1], good[1]])
    assert refusal.value.protocols == {bad[0].protocol}
    stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "InvalidParameterValue",
            "Value x is invalid. Reason: The receipt handle has expired.",
            ReceiptExpired,
        ),
        ("ReceiptHandleIsInvalid", "The input receipt handle is invalid", ReceiptExpired),
        ("MessageNotInflight", "", ReceiptExpired),
        ("InvalidParameterValue", "Total VisibilityTimeout for the message is beyond the limit", HoldTooLong),
        ("AWS.SimpleQueueService.NonExistentQueue", "", QueueMissing),
        ("RequestThrottled", "", Unavailable),
        ("AccessDenied", "", Unavailable),
    ],
)
def test_every_answer_of_sqs_is_translated(
    stubbed: tuple[SqsSecretariatQueues, Stubber], code: str, text: str, expected: type[Exception]
) -> None:
    queues, stubber = stubbed
    stubber.add_client_error("change_message_visibility", code, text)
    with pytest.raises(expected):
        queues.hold("DMLU", "receipt", 60)


def test_a_network_that_fails_is_unavailable(queues: SqsSecretariatQueues) -> None:
    class Dead:
        def get_queue_url(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://sqs")

    with pytest.raises(Unavailable):
        over(Dead()).exists("DMLU")
