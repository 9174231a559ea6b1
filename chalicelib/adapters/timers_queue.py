"""Hand jobs, looks and notices to the workers' own queues, through SQS; messages carry ids only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_json import TRANSIENT_CODES
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.notices import Notice
from chalicelib.services.ports.timers import Look, RecountJob, ShardJob

MOST_IN_BATCH = 10
SERVER_ERROR = 500
THROTTLED = frozenset({"RequestThrottled", "OverLimit", "KmsThrottled"})
"""What SQS says instead of `Throttling`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsQueue:
    """A standard queue of this stage; its address is looked up once."""

    client: Any
    name: str
    _urls: list[str] = field(default_factory=list, repr=False)

    def send(self, bodies: Sequence[Any], delay_seconds: int) -> None:
        """Send values as JSON, ten at a time.

        Raises:
            Unavailable: some may be sent; sending all of them again is what "at least once" allows.
        """
        for start in range(0, len(bodies), MOST_IN_BATCH):
            entries = [
                {"Id": str(index), "MessageBody": _json(body), "DelaySeconds": delay_seconds}
                for index, body in enumerate(bodies[start : start + MOST_IN_BATCH])
            ]
            if self._call("send_message_batch", QueueUrl=self._url(), Entries=entries).get("Failed"):
                raise Unavailable

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
    """The `NoticeQueue` port."""

    queue: SqsQueue

    def send(self, notices: Sequence[Notice]) -> None:
        """Hand notices over, at least once each."""
        self.queue.send(notices, 0)


def _json(body: Any) -> str:
    return msgspec.json.encode(body).decode()
