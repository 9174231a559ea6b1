"""Work on the FIFO queue of each secretariat and on its dead letters, through SQS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.envelopes import LARGEST_BYTES, Message
from chalicelib.domain.errors import QueueMissing, ReceiptExpired, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.delivery import DeadLetter, HoldTooLong, MessagesRefused, Received

MOST_IN_BATCH = 10
PEEK_SECONDS = 30
"""Long enough to page through the dead letters; if we die meanwhile they come back by themselves."""
_MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_TOO_LONG = "Total VisibilityTimeout"
_LOST = ("ReceiptHandleIsInvalid", "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsSecretariatQueues:
    """The `SecretariatQueues` and `QueueDepths` ports over botocore SQS clients.

    `poller` differs from `client` by a read timeout above the longest wait. `queue_name` and
    `dead_letter_name` turn a secretariat's code into names; addresses are looked up once.
    """

    client: Any
    poller: Any
    queue_name: Callable[[str], str]
    dead_letter_name: Callable[[str], str]
    peek_wait_seconds: int = 1
    _urls: dict[str, str] = field(default_factory=dict, repr=False)

    def exists(self, secretariat: str) -> bool:
        """Tell whether the secretariat has a queue."""
        try:
            self._url(secretariat, self.queue_name)
        except QueueMissing:
            return False
        return True

    def waiting(self, secretariat: str) -> tuple[int, int] | None:
        """Return about how many messages are visible and how many in flight; None without a queue."""
        try:
            url = self._url(secretariat, self.queue_name)
            with _translated(secretariat):
                answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=list(_DEPTHS))
        except QueueMissing:
            return None
        visible, in_flight = (int(answer["Attributes"][name]) for name in _DEPTHS)
        return visible, in_flight

    def send(self, secretariat: str, messages: Sequence[Message]) -> None:
        """Send in batches that never hold two messages of one protocol, and stop at the first failure."""
        url = self._url(secretariat, self.queue_name)
        refused: set[Protocol] = set()
        for batch in _batches(messages):
            fit = [message for message in batch if message.protocol not in refused]
            if fit:
                refused |= self._send_batch(secretariat, url, fit)
        if refused:
            raise MessagesRefused(refused)

    def receive(self, secretariat: str, *, most: int, wait_seconds: int) -> list[Received]:
        """Take up to `most` messages, waiting for the first one."""
        url = self._url(secretariat, self.queue_name)
        with _translated(secretariat):
            answer = self.poller.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=most,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        return [
            Received(
                message=json.loads(one["Body"]),
                receipt=one["ReceiptHandle"],
                receive_count=int(one["Attributes"]["ApproximateReceiveCount"]),
            )
            for one in answer.get("Messages", ())
        ]

    def ack(self, secretariat: str, receipt: str) -> None:
        """Remove a message."""
        url = self._url(secretariat, self.queue_name)
        with _translated(secretariat):
            self.client.delete_message(QueueUrl=url, ReceiptHandle=receipt)

    def hold(self, secretariat: str, receipt: str, seconds: int) -> None:
        """Keep a message hidden for `seconds` from now."""
        url = self._url(secretariat, self.queue_name)
        with _translated(secretariat):
            self.client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )

    def dead_letters(self, secretariat: str, *, most: int = 100) -> list[DeadLetter]:
        """Show dead letters; they are hidden from other readers for the moment of looking."""
        url = self._url(secretariat, self.dead_letter_name)
        held: list[dict[str, Any]] = []
        with _translated(secretariat):
            while len(held) < most and (found := self._peek(url)):
                held += found
            self._release(url, held)
        letters = sorted((_dead_letter(one) for one in held), key=lambda one: (one.protocol, one.seq))
        return letters[:most]

    def remove_dead_letters(self, secretariat: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Delete dead letters; return which were there."""
        wanted, removed = frozenset(message_ids), set[str]()
        url = self._url(secretariat, self.dead_letter_name)
        others: list[dict[str, Any]] = []
        with _translated(secretariat):
            while removed != wanted and (found := self._peek(url)):
                for one in found:
                    if one["MessageId"] in wanted:
                        self.client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
                        removed.add(one["MessageId"])
                    else:
                        others.append(one)
            self._release(url, others)
        return frozenset(removed)

    def _send_batch(self, secretariat: str, url: str, batch: Sequence[Message]) -> set[Protocol]:
        entries = [
            {
                "Id": str(index),
                "MessageBody": message.body,
                "MessageGroupId": message.protocol,
                "MessageDeduplicationId": message.deduplication_id,
            }
            for index, message in enumerate(batch)
        ]
        with _translated(secretariat):
            failed = self.client.send_message_batch(QueueUrl=url, Entries=entries).get("Failed", ())
        if any(not failure["SenderFault"] for failure in failed):
            raise Unavailable
        return {batch[int(failure["Id"])].protocol for failure in failed}

    def _peek(self, url: str) -> list[dict[str, Any]]:
        """Hold the next few dead letters; the short wait makes SQS ask all of its servers."""
        answer = self.poller.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=MOST_IN_BATCH,
            WaitTimeSeconds=self.peek_wait_seconds,
            VisibilityTimeout=PEEK_SECONDS,
            MessageSystemAttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def _release(self, url: str, held: Sequence[dict[str, Any]]) -> None:
        for one in held:
            self.client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=one["ReceiptHandle"], VisibilityTimeout=0
            )

    def _url(self, secretariat: str, name_of: Callable[[str], str]) -> str:
        name = name_of(secretariat)
        if name not in self._urls:
            with _translated(secretariat):
                self._urls[name] = self.client.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[name]


def _batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Cut a sequence where SQS's limits or the order within a protocol ask for it."""
    batch: list[Message] = []
    size = 0
    for message in messages:
        length = len(message.body)
        repeated = any(message.protocol == other.protocol for other in batch)
        if batch and (repeated or len(batch) == MOST_IN_BATCH or size + length > LARGEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _dead_letter(raw: dict[str, Any]) -> DeadLetter:
    attributes, event = raw["Attributes"], json.loads(raw["Body"])
    sent_at = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    return DeadLetter(
        message_id=raw["MessageId"],
        protocol=Protocol(event["subject"]),
        seq=event["data"]["seq"],
        type=event["type"],
        receive_count=int(attributes["ApproximateReceiveCount"]),
        sent_at=sent_at,
        resend=(attributes.get("MessageDeduplicationId", "").split("#") + [""] * 2)[2] or None,
    )


@contextmanager
def _translated(secretariat: str) -> Iterator[None]:
    """Turn what SQS and the network say into the domain's errors."""
    try:
        yield
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in _MISSING:
            raise QueueMissing(secretariat) from error
        if _TOO_LONG in text:
            raise HoldTooLong from error
        if code in _LOST or "receipt handle has expired" in text:
            raise ReceiptExpired from error
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error
