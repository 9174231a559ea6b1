"""Set up what a sweep needs on the embedded engine: tables with requests, queues, and clients to both."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from botocore.session import get_session

from bench.calls import Recorder
from chalicelib.adapters.dynamo.models import MODELS_BY_SUFFIX, bind
from chalicelib.adapters.dynamo.request_items import Item
from chalicelib.adapters.dynamo.wire import to_wire
from chalicelib.adapters.timers_queue import SqsQueue
from chalicelib.settings import resource_name
from tests.engines import REGION, TEMPLATE, client_of, create_tables, ministack_server

STAGE = "bench"
TABLES = ("requests", "operations", "sessions")
QUEUES = {"jobs": "JobsQueue", "looks": "LooksQueue"}
MOST_IN_BATCH_WRITE = 25
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue as its producers have it, and as Lambda's poller consumes it."""

    ours: SqsQueue
    client: Any
    url: str

    def consume(
        self, work: Callable[[list[str]], None], *, at_once: int, no_more_come: Callable[[], bool]
    ) -> None:
        """Receive, work and delete until the queue is empty and nobody sends to it any more."""
        while True:
            is_over = no_more_come()
            answer = self.client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=at_once, WaitTimeSeconds=1
            )
            if messages := answer.get("Messages"):
                work([message["Body"] for message in messages])
                self.client.delete_message_batch(
                    QueueUrl=self.url,
                    Entries=[
                        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                        for number, message in enumerate(messages)
                    ],
                )
            elif is_over:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The queues by suffix, and the recorder of every call of the SDK; the models are bound to the tables."""

    queues: dict[str, Queue]
    recorder: Recorder


@contextmanager
def stage_with(items: Iterable[Item]) -> Iterator[Stage]:
    """Start an engine with the tables and queues of the template, and store requests in it."""
    with tempfile.TemporaryDirectory() as directory, ministack_server(Path(directory)) as url:
        create_tables(url, STAGE, *TABLES)
        _store(url, items)
        recorder = Recorder()
        _bind_models(url, recorder)
        yield Stage(queues=_queues(url, recorder), recorder=recorder)


def _store(url: str, items: Iterable[Item]) -> None:
    table, left = resource_name(STAGE, "requests"), iter(items)
    with client_of(url, read_timeout_seconds=10) as client:
        while batch := list(islice(left, MOST_IN_BATCH_WRITE)):
            puts = [{"PutRequest": {"Item": to_wire(item)}} for item in batch]
            client.call("BatchWriteItem", {"RequestItems": {table: puts}})


def _bind_models(url: str, recorder: Recorder) -> None:
    bind(lambda suffix: resource_name(STAGE, suffix), region=REGION, endpoint_url=url)
    for suffix in TABLES:
        model = MODELS_BY_SUFFIX[suffix]
        model.Meta.aws_access_key_id = model.Meta.aws_secret_access_key = "test"  # noqa: S105
        recorder.watch(model._get_connection().connection.client)


def _queues(url: str, recorder: Recorder) -> dict[str, Queue]:
    client = get_session().create_client("sqs", REGION, endpoint_url=url, **KEYS)
    resources = json.loads(TEMPLATE.read_text())["Resources"]
    found = {}
    for suffix, logical_id in QUEUES.items():
        visible_again = str(resources[logical_id]["Properties"]["VisibilityTimeout"])
        name = resource_name(STAGE, suffix)
        created = client.create_queue(QueueName=name, Attributes={"VisibilityTimeout": visible_again})
        found[suffix] = Queue(ours=SqsQueue(client=client, name=name), client=client, url=created["QueueUrl"])
    recorder.watch(client)
    return found
