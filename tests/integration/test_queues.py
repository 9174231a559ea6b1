"""Answer the queues' adapter as only AWS does: partial failures and every error code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from chalicelib.adapters.queues import SqsSecretariatQueues
from chalicelib.domain import orders
from chalicelib.domain.envelopes import Message, messages_between
from chalicelib.domain.errors import QueueMissing, ReceiptExpired, Unavailable
from chalicelib.services.ports.delivery import HoldTooLong, MessagesRefused
from tests.builders import a_catalogue, a_request, ordered


def over(client: Any) -> SqsSecretariatQueues:
    return SqsSecretariatQueues(
        client=client, poller=client, queue_name=str.lower, dead_letter_name=str.upper
    )


def messages(decisions: int) -> list[Message]:
    request = a_request()
    for _ in range(decisions - 1):
        request = ordered(request, orders.Reiterate())
    return messages_between(0, request, a_catalogue(), "https://156.example")


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


def test_a_network_that_fails_is_unavailable() -> None:
    class Dead:
        def get_queue_url(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://sqs")

    with pytest.raises(Unavailable):
        over(Dead()).exists("DMLU")
