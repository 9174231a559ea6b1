"""What the workers' own queues carry, on moto and on ministack; what SQS may answer, by a stub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import ANY, Stubber

from chalicelib.adapters.queues import SqsSecretariatQueues
from chalicelib.adapters.timers_queue import SqsJobs, SqsLooks, SqsQueue
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import compose_protocol
from chalicelib.services.ports.timers import Look, RecountJob, ShardJob
from tests.contract.stores import ON_MINISTACK
from tests.engines import REGION
from tests.fakes import NOW

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
PROTOCOL = compose_protocol(NOW.date(), 1)
RUN = "2026-11-24T14:30Z"


@dataclass(frozen=True, slots=True)
class Opened:
    """A queue of an engine, as ours and as SQS's own."""

    queue: SqsQueue
    client: Any
    url: str

    def bodies(self) -> list[Any]:
        """Take every message that can be received."""
        found: list[Any] = []
        while True:
            messages = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
            if not (taken := messages.get("Messages", [])):
                return found
            found += [json.loads(message["Body"]) for message in taken]

    def depth(self, kind: str) -> int:
        """Ask how many messages are in a state."""
        name = f"ApproximateNumberOfMessages{kind}"
        answer = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return int(answer["Attributes"][name])


@pytest.fixture(params=REAL_ENGINES)
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    engine_url = request.getfixturevalue(request.param).engine_url
    client = boto3.Session("test", "test").client("sqs", region_name=REGION, endpoint_url=engine_url)
    url = client.create_queue(QueueName="contract-work")["QueueUrl"]
    yield Opened(SqsQueue(client=client, name="contract-work"), client, url)
    client.delete_queue(QueueUrl=url)
    client.close()


def test_jobs_carry_what_is_paged(opened: Opened) -> None:
    SqsJobs(queue=opened.queue).send(
        [ShardJob(run=RUN, shard=7), RecountJob(secretariat="DMLU", cause="calendar", cursor="WyJ4Il0")]
    )

    bodies = sorted(opened.bodies(), key=len)
    assert bodies == [
        {"run": RUN, "shard": 7},
        {"secretariat": "DMLU", "cause": "calendar", "cursor": "WyJ4Il0"},
    ]


def test_more_looks_than_one_batch_takes_all_arrive(opened: Opened) -> None:
    protocols = [compose_protocol(NOW.date(), number) for number in range(25)]
    SqsLooks(queue=opened.queue).send([Look(protocol=protocol, run=RUN) for protocol in protocols])
    SqsLooks(queue=opened.queue).send([])

    bodies = sorted(opened.bodies(), key=lambda body: str(body["protocol"]))
    assert bodies == [{"protocol": protocol, "run": RUN} for protocol in sorted(protocols)]


def test_a_delayed_look_is_not_there_yet(opened: Opened) -> None:
    SqsLooks(queue=opened.queue).send([Look(protocol=PROTOCOL)], delay_seconds=900)

    assert opened.bodies() == []
    assert opened.depth("Delayed") == 1


def test_a_depth_tells_what_is_visible_and_what_is_in_flight(opened: Opened) -> None:
    depths = SqsSecretariatQueues(
        client=opened.client, poller=opened.client, queue_name=str, dead_letter_name=str
    )
    SqsLooks(queue=opened.queue).send([Look(protocol=PROTOCOL)] * 3)
    opened.client.receive_message(QueueUrl=opened.url, MaxNumberOfMessages=1)

    assert depths.waiting("contract-work") == (2, 1)
    assert depths.waiting("contract-nothing") is None


@pytest.fixture
def stubbed() -> Iterator[tuple[SqsQueue, Stubber]]:
    """Give a queue whose SQS answers what a test says."""
    client = boto3.client("sqs", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    with Stubber(client) as stubber:
        stubber.add_response("get_queue_url", {"QueueUrl": "https://sqs/q"}, {"QueueName": "work"})
        yield SqsQueue(client=client, name="work"), stubber


def test_a_batch_taken_in_part_is_unavailable(stubbed: tuple[SqsQueue, Stubber]) -> None:
    queue, stubber = stubbed
    failed = [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]
    stubber.add_response("send_message_batch", {"Failed": failed, "Successful": []})

    with pytest.raises(Unavailable):
        SqsLooks(queue=queue).send([Look(protocol=PROTOCOL)] * 2)


def test_the_address_of_a_queue_is_looked_up_once(stubbed: tuple[SqsQueue, Stubber]) -> None:
    queue, stubber = stubbed
    for _ in range(2):
        expected = {"QueueUrl": "https://sqs/q", "Entries": ANY}
        stubber.add_response("send_message_batch", {"Failed": [], "Successful": []}, expected)

    for _ in range(2):
        SqsLooks(queue=queue).send([Look(protocol=PROTOCOL)])

    stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("RequestThrottled", 400, Unavailable),
        ("ThrottlingException", 400, Unavailable),
        ("InternalError", 500, Unavailable),
        ("AccessDenied", 403, ClientError),
        ("AWS.SimpleQueueService.NonExistentQueue", 400, ClientError),
    ],
)
def test_only_what_may_pass_is_unavailable(
    stubbed: tuple[SqsQueue, Stubber], code: str, status: int, expected: type[Exception]
) -> None:
    queue, stubber = stubbed
    stubber.add_client_error("send_message_batch", code, http_status_code=status)

    with pytest.raises(expected):
        SqsLooks(queue=queue).send([Look(protocol=PROTOCOL)])


def test_a_network_that_fails_is_unavailable() -> None:
    class Dead:
        def get_queue_url(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://sqs")

    with pytest.raises(Unavailable):
        SqsLooks(queue=SqsQueue(client=Dead(), name="work")).send([Look(protocol=PROTOCOL)])
