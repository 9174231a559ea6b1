"""Hand jobs, looks and notices to the workers' own queues, through SQS; messages carry ids only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_json import TRANSIENT_CODES
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.notices import Queued
from chalicelib.services.ports.timers import Look, RecountJob, ShardJob

MOST_IN_BATCH = 10
SERVER_ERROR = 500
THROTTLED = frozenset({"RequestThrottled", "OverLimit", "KmsThrottled"})
"""What SQS says instead of `Throttling`."""
NOT_IN_HAND = frozenset({
    "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", "ReceiptHandleIsInvalid",
    "InvalidParameterValue",
})  # fmt: skip
"""How SQS says that a receipt no longer holds its message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsQueue:
    """A queue of this stage; its address is looked up once."""

    client: Any
    name: str
    _urls: list[str] = field(default_factory=list, repr=False)

    def send(self, bodies: Sequence[Any], delay_seconds: int) -> None:
        """Send values as JSON.

        Raises:
            Unavailable: some may be sent; sending all of them again is what "at least once" allows.
        """
        self.send_entries([{"MessageBody": _json(body), "DelaySeconds": delay_seconds} for body in bodies])

    def send_entries(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Send messages as SQS wants them described, ten at a time; raises as `send` does."""
        for start in range(0, len(messages), MOST_IN_BATCH):
            entries = [
                {"Id": str(index), **message}
                for index, message in enumerate(messages[start : start + MOST_IN_BATCH])
            ]
            if self._call("send_message_batch", QueueUrl=self._url(), Entries=entries).get("Failed"):
                raise Unavailable

    def hide(self, receipt: str, seconds: int) -> None:
        """Let a received message come again only after so long; one that is gone stays so."""
        try:
            self._call(
                "change_message_visibility",
                QueueUrl=self._url(),
                ReceiptHandle=receipt,
                VisibilityTimeout=seconds,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in NOT_IN_HAND:
                raise

    def _url(self) -> str:
        if not self._urls:
            self._urls.append(self._call("get_queue_url", QueueName=self.name)["QueueUrl"])
        return self._urls[0]

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Call SQS; a queue that is missing or forbidden is a defect, and passes as it is."""
        try:
            answer: dict[str, Any] = getattr(self.client, operation)(**arguments)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if error.response["Error"]["Code"] in TRANSIENT_CODES | THROTTLED or status >= SERVER_ERROR:
                raise Unavailable from error
            raise
        except BotoCoreError as error:
            raise Unavailable from error
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsJobs:
    """The `JobQueue` port."""

    queue: SqsQueue

    def send(self, jobs: Sequence[ShardJob | RecountJob], *, delay_seconds: int = 0) -> None:
        """Hand jobs over, at least once each."""
        self.queue.send(jobs, delay_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsLooks:
    """The `LookQueue` port."""

    queue: SqsQueue

    def send(self, looks: Sequence[Look], *, delay_seconds: int = 0) -> None:
        """Hand looks over, at least once each."""
        self.queue.send(looks, delay_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsNotices:
    """The `NoticeQueue` port over a FIFO queue: one group per citizen, told in order."""

    queue: SqsQueue

    def send(self, notices: Sequence[Queued]) -> None:
        """Hand notices over, at least once each; the same one within five minutes only once."""
        self.queue.send_entries([
            {
                "MessageBody": _json(_told_by(notice)),
                "MessageGroupId": notice.order or notice.identity,
                "MessageDeduplicationId": notice.identity,
            }
            for notice in notices
        ])  # fmt: skip

    def hold(self, receipt: str, seconds: int) -> None:
        """Let a notice that could not be told come again only after so long; harmless if it is gone."""
        self.queue.hide(receipt, seconds)


def _told_by(notice: Queued) -> dict[str, Any]:
    """Leave out what is no part of a notice: in whose order it is told, and whether it had to wait."""
    facts = msgspec.to_builtins(notice)
    return {name: value for name, value in facts.items() if value is not None and name not in _OF_THE_QUEUE}


def _json(body: Any) -> str:
    return msgspec.json.encode(body).decode()


_OF_THE_QUEUE = frozenset({"order", "waited_until"})
