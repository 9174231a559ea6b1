"""What the queue of notices carries and in which order, on moto and on ministack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.adapters.timers_queue import SqsNotices, SqsQueue
from chalicelib.domain.protocols import compose_protocol
from chalicelib.services.ports.notices import Audience, DecisionNotice, DigestNotice
from tests.contract.stores import ON_MINISTACK
from tests.engines import REGION
from tests.fakes import NOW

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
NAME = "contract-notices.fifo"
FIFO = {
    "FifoQueue": "true",
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "messageGroup",
    "FifoThroughputLimit": "perMessageGroupId",
    "VisibilityTimeout": "360",
}
PROTOCOL = compose_protocol(NOW.date(), 1)


@dataclass(frozen=True, slots=True)
class Opened:
    """The queue of an engine, as ours and as SQS's own."""

    notices: SqsNotices
    client: Any
    url: str

    def receive(self, most: int = 10) -> list[dict[str, Any]]:
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=most, MessageSystemAttributeNames=["All"]
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def delete(self, message: dict[str, Any]) -> None:
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture(params=REAL_ENGINES)
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    engine_url = request.getfixturevalue(request.param).engine_url
    client = boto3.Session("test", "test").client("sqs", region_name=REGION, endpoint_url=engine_url)
    url = client.create_queue(QueueName=NAME, Attributes=FIFO)["QueueUrl"]
    yield Opened(SqsNotices(queue=SqsQueue(client=client, name=NAME)), client, url)
    client.delete_queue(QueueUrl=url)
    client.close()


def a_notice(seq: int, order: str = "citizen-one", **more: Any) -> DecisionNotice:
    return DecisionNotice(
        protocol=PROTOCOL, seq=seq, **{"audience": Audience.CITIZEN, "order": order, **more}
    )


def body(message: dict[str, Any]) -> Any:
    return json.loads(message["Body"])


def test_notices_carry_ids_and_nothing_of_anybody(opened: Opened) -> None:
    follower = a_notice(3, audience=Audience.FOLLOWER, follower="f" * 32, waited_until=NOW)
    opened.notices.send([a_notice(3), follower, DigestNotice(person="dmlu-head", day=date(2026, 11, 24))])

    bodies = sorted((body(message) for message in opened.receive()), key=str)
    assert bodies == [
        {"person": "dmlu-head", "day": "2026-11-24"},
        {"protocol": PROTOCOL, "seq": 3, "audience": "citizen"},
        {"protocol": PROTOCOL, "seq": 3, "audience": "follower", "follower": "f" * 32},
    ]


def test_what_one_citizen_is_told_comes_in_order_and_a_repeat_comes_once(opened: Opened) -> None:
    notices = [a_notice(seq) for seq in range(1, 25)]
    opened.notices.send(notices)
    opened.notices.send(notices[:3])

    seqs: list[int] = []
    while messages := opened.receive():
        seqs += [body(message)["seq"] for message in messages]
        for message in messages:
            opened.delete(message)

    assert seqs == list(range(1, 25))


def test_a_notice_that_had_to_wait_is_not_taken_for_its_first(opened: Opened) -> None:
    opened.notices.send([a_notice(1)])
    opened.notices.send([replace(a_notice(1), waited_until=NOW + timedelta(minutes=2))])

    assert len(opened.receive()) == 2


def test_a_notice_that_could_not_be_told_holds_back_its_citizen_alone(opened: Opened) -> None:
    opened.notices.send([a_notice(1), a_notice(2), a_notice(1, "citizen-two", audience=Audience.STAFF)])
    (first,) = opened.receive(1)
    opened.notices.hold(first["ReceiptHandle"], 300)

    others = opened.receive()

    assert [message["Attributes"]["MessageGroupId"] for message in others] == ["citizen-two"]


def test_a_notice_comes_again_when_it_is_told_to(opened: Opened) -> None:
    opened.notices.send([a_notice(1)])
    (first,) = opened.receive()
    opened.notices.hold(first["ReceiptHandle"], 0)

    (again,) = opened.receive()

    assert again["MessageId"] == first["MessageId"]


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "MessageNotInflight", "InvalidParameterValue"])
def test_holding_what_is_gone_is_harmless(code: str) -> None:
    notices, stubber = stubbed()
    stubber.add_client_error("change_message_visibility", code, http_status_code=400)

    with stubber:
        notices.hold("gone", 60)


def test_what_forbids_holding_is_a_defect() -> None:
    notices, stubber = stubbed()
    stubber.add_client_error("change_message_visibility", "AccessDenied", http_status_code=403)

    with stubber, pytest.raises(ClientError):
        notices.hold("mine", 60)


def stubbed() -> tuple[SqsNotices, Stubber]:
    client = boto3.client("sqs", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    stubber = Stubber(client)
    stubber.add_response("get_queue_url", {"QueueUrl": "https://sqs/q"}, {"QueueName": NAME})
    return SqsNotices(queue=SqsQueue(client=client, name=NAME)), stubber
