"""Look at the secretariats' queues of a stage: which exist, and how much waits in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.settings import dead_letter_suffix, queue_suffix
from infra.target import Target

_MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_DEPTH = "ApproximateNumberOfMessages"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretariatQueueNames:
    """The `DeployedQueues` of a stage, found by their names."""

    target: Target
    client: Any

    @classmethod
    def of(cls, target: Target) -> SecretariatQueueNames:
        """Look in a stage."""
        return cls(target=target, client=target.client("sqs"))

    def missing(self, secretariats: Iterable[str]) -> list[str]:
        """List the secretariats without their queue or its dead-letter queue."""
        return [
            code
            for code in secretariats
            if self._url(queue_suffix(code)) is None or self._url(dead_letter_suffix(code)) is None
        ]

    def waiting(self, suffix: str) -> int | None:
        """Count roughly what waits in a queue; None if there is no such queue."""
        url = self._url(suffix)
        if url is None:
            return None
        answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=[_DEPTH])
        return int(answer["Attributes"][_DEPTH])

    def _url(self, suffix: str) -> str | None:
        try:
            return str(self.client.get_queue_url(QueueName=self.target.resource_name(suffix))["QueueUrl"])
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
