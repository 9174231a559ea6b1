"""Hand records of the stream and the queues to the workers' functions, as Lambda's pollers do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import wiring, workers
from chalicelib.adapters.aws_json import AwsJsonClient, AwsRefused, AwsService, AwsUnavailable
from chalicelib.adapters.system import SystemClock
from chalicelib.settings import Credentials

STREAMS = AwsService(
    name="dynamodb", target="DynamoDBStreams_20120810", content_type="application/x-amz-json-1.0"
)
STREAM_BATCH = 100
POSITION = "position"
PAUSE_SECONDS = 0.1
QUIET_LOOKS = 3
NO_ANSWER = (AwsUnavailable, AwsRefused, BotoCoreError, ClientError)

Record = Mapping[str, Any]
Answer = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A queue: how many messages its function gets at once, and how many of it run."""

    suffix: str
    work: Callable[[Sequence[Record]], Answer]
    at_once: int
    pollers: int = 1


SOURCES = (
    Source(suffix="jobs", work=workers.page_jobs, at_once=1, pollers=2),
    Source(suffix="looks", work=workers.attend_requests, at_once=10, pollers=2),
    Source(suffix="urgent-looks", work=workers.attend_requests, at_once=10),
    Source(suffix="notices.fifo", work=workers.tell_people, at_once=5, pollers=4),
)


@dataclass(slots=True, kw_only=True)
class Machinery:
    """The pollers of every source; `handled` counts the records that were done, pages apart."""

    directory: Path
    handled: int = 0
    _in_hand: int = 0
    _stream_reads_empty: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _client: Any = None
    _urls: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Poll in threads that end with the process."""
        self._client = wiring.sdk_client("sqs", read_timeout_seconds=20)
        for source in SOURCES:
            name = wiring.settings().resource_name(source.suffix)
            self._urls[source.suffix] = self._client.get_queue_url(QueueName=name)["QueueUrl"]
            for _ in range(source.pollers):
                threading.Thread(target=self._poll, args=(source,), daemon=True).start()
        threading.Thread(target=self._follow_stream, daemon=True).start()

    def settle(self) -> None:
        """Wait until nothing is in the queues, in the stream or in hand."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            handled, reads = self.handled, self._stream_reads_empty
            is_quiet = not self._depth() and not self._in_hand
            time.sleep(PAUSE_SECONDS * 2)
            has_read = self._stream_reads_empty > reads
            quiet = quiet + 1 if is_quiet and has_read and handled == self.handled else 0

    def _depth(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        try:
            return sum(
                int(count)
                for url in self._urls.values()
                for count in self._client.get_queue_attributes(QueueUrl=url, AttributeNames=names)[
                    "Attributes"
                ].values()
            )
        except NO_ANSWER:
            return 1

    def _poll(self, source: Source) -> None:
        while True:
            try:
                self._receive(source)
            except NO_ANSWER:
                time.sleep(PAUSE_SECONDS)

    def _receive(self, source: Source) -> None:
        url = self._urls[source.suffix]
        answer = self._client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=source.at_once, WaitTimeSeconds=1, AttributeNames=["All"]
        )
        messages = answer.get("Messages", [])
        if not messages:
            return
        with self._taken_in_hand():
            failed = source.work([_record(message) for message in messages])["batchItemFailures"]
            kept = {one["itemIdentifier"] for one in failed}
            done = [message for message in messages if message["MessageId"] not in kept]
            if done:
                self._client.delete_message_batch(
                    QueueUrl=url,
                    Entries=[
                        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                        for number, message in enumerate(done)
                    ],
                )
            if source.suffix != "jobs":
                self._count(len(messages))

    def _follow_stream(self) -> None:
        """Relay batch after batch; one that fails is relayed again, and where the reading stands is kept."""
        streams = _stream_client()
        position = self._position(streams)
        while True:
            try:
                page = streams.call("GetRecords", {"ShardIterator": position, "Limit": STREAM_BATCH})
                if page["Records"]:
                    with self._taken_in_hand():
                        workers.relay_changes(page["Records"])
                        self._count(len(page["Records"]))
            except Exception:  # as in AWS the batch comes again
                time.sleep(PAUSE_SECONDS)
                continue
            position = page["NextShardIterator"]
            if page["Records"]:
                new = self.directory / f"{POSITION}.new"
                new.write_text(position)
                new.replace(self.directory / POSITION)
            else:
                self._stream_reads_empty += 1
                time.sleep(PAUSE_SECONDS)

    def _position(self, streams: AwsJsonClient) -> str:
        with suppress(FileNotFoundError):
            return (self.directory / POSITION).read_text()
        table = wiring.settings().resource_name("requests")
        arn = streams.call("ListStreams", {"TableName": table})["Streams"][0]["StreamArn"]
        shards = streams.call("DescribeStream", {"StreamArn": arn})["StreamDescription"]["Shards"]
        wanted = {"StreamArn": arn, "ShardId": shards[0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        return str(streams.call("GetShardIterator", wanted)["ShardIterator"])

    def _taken_in_hand(self) -> _InHand:
        return _InHand(self)

    def _count(self, handled: int) -> None:
        with self._lock:
            self.handled += handled


@dataclass(frozen=True, slots=True)
class _InHand:
    """Notes that a batch is being worked on."""

    machinery: Machinery

    def __enter__(self) -> None:
        with self.machinery._lock:
            self.machinery._in_hand += 1

    def __exit__(self, *_: object) -> None:
        with self.machinery._lock:
            self.machinery._in_hand -= 1


def _record(message: Mapping[str, Any]) -> Record:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
    }


def _stream_client() -> AwsJsonClient:
    stage = wiring.settings()
    return AwsJsonClient(
        service=STREAMS,
        region=stage.region,
        credentials=Credentials.read(),
        clock=SystemClock(),
        endpoint_url=stage.endpoint_url,
        read_timeout_seconds=10,
    )
